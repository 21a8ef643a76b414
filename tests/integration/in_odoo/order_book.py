"""A small order book, written out: what happened with the key account Alba Foods in one month and in the same month of
the year before. Run inside Odoo's shell, where `env` is; `test_order_book.py` works every key figure out of it by hand.

All of it lies around the 10th of the month before this one, so that it stands in the last 12 months whatever the day.
"""
# ruff: noqa: F821
import datetime

from dateutil.relativedelta import relativedelta
from odoo import fields

env = env(user=env.ref('base.user_admin'))
today = fields.Date.today()
MONTH = today.replace(day=1) - relativedelta(months=1)
YEAR_BEFORE = MONTH - relativedelta(years=1)


def day(number, month=MONTH):
    return month.replace(day=number)


def noon(number, month=MONTH):
    return datetime.datetime.combine(day(number, month), datetime.time(12))


def stamp(record, **columns):
    """Dates that Odoo sets itself are those of the book."""
    env.flush_all()
    assert record
    names = ', '.join(f'{name} = %s' for name in columns)
    env.cr.execute(f'UPDATE {record._table} SET {names} WHERE id IN %s', [*columns.values(), tuple(record.ids)])
    env.invalidate_all()


company = env.company
# Of a year that has just begun there is a light, too: the book is the same on every day.
company.kam_settings_id.write({'revenue_source': 'orders', 'pace_quiet': 0})
product = env['product.product'].create({
    'name': "Pallet", 'type': 'consu', 'list_price': 1.0, 'standard_price': 60.0, 'taxes_id': [(5, 0, 0)]})
alba, brisa = env['res.partner'].create([
    {'name': "Alba Foods", 'is_company': True}, {'name': "Brisa Retail", 'is_company': True}])
decider, buyer = env['res.partner'].create([
    {'name': "Diego", 'parent_id': alba.id}, {'name': "Berta", 'parent_id': alba.id}])
tier = env['kam.tier'].search([('code', '=', 'key')])
for account in (alba, brisa):
    nomination = env['kam.nomination'].create({
        'partner_id': account.id, 'tier_id': tier.id, 'reason': "As agreed.", 'manager_id': env.uid})
    nomination.action_propose()
    nomination.action_accept()

# ---------------------------------------------------------------------------------------------------- orders
for amount, when in ((1000, noon(10)), (500, noon(12)), (300, noon(20)),
                     (600, noon(10, YEAR_BEFORE)), (400, noon(12, YEAR_BEFORE))):
    order = env['sale.order'].create({
        'partner_id': alba.id,
        'order_line': [(0, 0, {'product_id': product.id, 'product_uom_qty': 1, 'price_unit': amount})]})
    order.action_confirm()
    stamp(order, date_order=when)

# two of them delivered, one after the day that was promised: two days late, and one day early; one came back
outgoing = env['stock.picking.type'].search([('code', '=', 'outgoing')], limit=1)
incoming = env['stock.picking.type'].search([('code', '=', 'incoming')], limit=1)
pickings = env['stock.picking'].create([
    {'partner_id': alba.id, 'picking_type_id': kind.id, 'location_id': source.id, 'location_dest_id': target.id}
    for kind, source, target in (
        (outgoing, outgoing.default_location_src_id, env.ref('stock.stock_location_customers')),
        (outgoing, outgoing.default_location_src_id, env.ref('stock.stock_location_customers')),
        (incoming, env.ref('stock.stock_location_customers'), incoming.default_location_dest_id))])
late, early, returned = pickings
stamp(late, state='done', date_done=noon(22), date_deadline=noon(20), has_deadline_issue=True)
stamp(early, state='done', date_done=noon(11), date_deadline=noon(12), has_deadline_issue=False)
stamp(returned, state='done', date_done=noon(25), return_id=early.id)

# ---------------------------------------------------------------------------------------------------- invoices
income = env['account.account'].search([('account_type', '=', 'income')], limit=1)


def invoice(kind, amount, when, due):
    move = env['account.move'].create({
        'move_type': kind, 'partner_id': alba.id, 'invoice_date': when, 'invoice_date_due': due,
        'invoice_payment_term_id': False, 'invoice_line_ids': [(0, 0, {
            'name': "Pallets", 'quantity': 1, 'price_unit': amount, 'account_id': income.id, 'tax_ids': [(5, 0, 0)]})]})
    move.invoice_date_due = due
    move.action_post()
    return move


invoice('out_invoice', 900, day(10), day(20))  # not paid
invoice('out_refund', 100, day(12), day(12))
paid = invoice('out_invoice', 400, day(10, YEAR_BEFORE), day(12, YEAR_BEFORE))
receivable = paid.line_ids.filtered(lambda line: line.account_id.account_type == 'asset_receivable')
bank = env['account.account'].search([('account_type', '=', 'asset_cash')], limit=1)
# paid in the month of the book, eight days after it was due: the due date is put there
stamp(receivable, date_maturity=day(2))
payment = env['account.move'].create({'move_type': 'entry', 'date': day(10), 'line_ids': [
    (0, 0, {'account_id': bank.id, 'debit': 400.0, 'partner_id': alba.id}),
    (0, 0, {'account_id': receivable.account_id.id, 'credit': 400.0, 'partner_id': alba.id})]})
payment.action_post()
(receivable + payment.line_ids.filtered('credit')).reconcile()

# ---------------------------------------------------------------------------------------------------- opportunities
won_stage = env['crm.stage'].search([('is_won', '=', True)], limit=1)


def deal(name, amount, partner=alba, qualified=True, end=None, closed=None, **values):
    lead = env['crm.lead'].create({
        'name': name, 'type': 'opportunity', 'partner_id': partner.id, 'expected_revenue': amount, **values})
    if end == 'won':
        lead.action_set_won()
    elif end == 'lost':
        lead.action_set_lost()
    stamp(lead, create_date=noon(1), kam_date_identified=day(1), kam_date_qualified=day(3) if qualified else None,
          date_closed=closed and noon(closed), date_open=noon(1))


deal("Renewal", 200, end='won', closed=10)
deal("Extension", 300, end='won', closed=14, kam_asked_by_customer=True)
deal("Trial", 100, qualified=False, end='lost', closed=12)
deal("New site", 400)
for number in range(3):
    deal(f"Shelf {number}", 50, brisa, end='won', closed=10)
deal("Counter", 50, brisa, end='lost', closed=10)

# ---------------------------------------------------------------------------------------------------- work
def kind(code):
    return env['kam.action.kind'].search([('code', '=', code)]).id


actions = env['kam.action'].create([
    {'name': name, 'partner_id': alba.id, 'kind_id': kind(code), 'date': day(10),
     'function_id': code == 'request' and env['kam.function'].search([], limit=1).id}
    for name, code in (("Price list", 'request'), ("Samples", 'request'), ("Trends", 'insight'), ("Waste", 'insight'))])
prices, samples, trends, waste = actions
prices.write({'state': 'done', 'date_done': day(9), 'result': "Sent."})
trends.write({'state': 'done', 'date_done': day(10), 'result': "They will try it.", 'answer': 'accepted'})
waste.write({'state': 'done', 'date_done': day(10)})

# ---------------------------------------------------------------------------------------------------- people
people = env['kam.stakeholder'].create([
    {'partner_id': alba.id, 'contact_id': decider.id, 'relationship': '1', 'relationship_target': '3',
     'role_ids': [(6, 0, env.ref('kam_management.stakeholder_role_decider').ids)]},
    {'partner_id': alba.id, 'contact_id': buyer.id}])
# known since the 5th; what changes on a day is told once
stamp(env['kam.stakeholder.change'].search([('stakeholder_id', 'in', people.ids)]), date=day(5))
people[0].relationship = '2'
env['kam.stakeholder.contact'].create({
    'partner_id': alba.id, 'contact_id': decider.id, 'date': today, 'direction': 'both', 'channel': 'meeting'})
env['kam.satisfaction.response'].create([
    {'partner_id': alba.id, 'contact_id': person.id, 'kind': kind_, 'value': value, 'date': today}
    for person, kind_, value in ((decider, 'nps', 10), (buyer, 'nps', 6), (decider, 'csat', 5), (buyer, 'csat', 2),
                                 (decider, 'ces', 6), (decider, 'moment', 1))])

# ---------------------------------------------------------------------------------------------------- plan and targets
plan = env['kam.plan'].create({
    'partner_id': alba.id, 'date_start': YEAR_BEFORE, 'date_end': MONTH + relativedelta(months=18)})
category = env['kam.plan.category'].create({
    'plan_id': plan.id, 'name': "Pallets", 'our_sales': 900, 'potential': 3600, 'potential_date': today})
env['kam.plan.forecast'].create({
    'plan_id': plan.id, 'category_id': category.id, 'month': MONTH, 'amount': 2000})
plan.action_activate()
revenue = env['kam.kpi'].search([('code', '=', 'orders_revenue')])
env['kam.kpi.target'].create({
    'partner_id': alba.id, 'kpi_id': revenue.id, 'period_start': MONTH, 'target': 2000, 'budget': 1500,
    'is_late': True})
drivers = {kpi.code: kpi for kpi in env['kam.kpi'].search([('role', '=', 'cost_driver')])}
env['kam.cost.driver'].create([
    {'kpi_id': drivers[code].id, 'unit_cost': cost, 'date_from': YEAR_BEFORE}
    for code, cost in (('orders_count', 20), ('credit_notes_count', 30))])
env['kam.capital.cost'].create({'rate': 10, 'date_from': YEAR_BEFORE})
result = {'alba': alba.id, 'brisa': brisa.id, 'month': str(MONTH)}
