"""Every source and formula that ships, over a small written-out book of records: values worked out by hand."""
from datetime import date, datetime
from unittest import SkipTest

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..tools.formula import names
from ..tools.kpi import FIGURES
from .test_kam_kpi import KpiCommon

AS_OF = date(2026, 11, 20)


class ShippedCommon(KpiCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.kam_settings_id.window_months = 12

    def setUp(self):
        super().setUp()
        self.patch(type(self.company), '_kam_today', lambda company: AS_OF)

    @classmethod
    def _at(cls, record, **columns):
        """Set columns past the ORM, which would say now."""
        cls.env.flush_all()
        cls.env.cr.execute(SQL("UPDATE %s SET %s WHERE id = %s", SQL.identifier(record._table), SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), value) for name, value in columns.items()), record.id))
        cls.env.invalidate_all()
        return record

    def _values(self, *codes, partner=None):
        """``{code: (last 12 months, the 12 before)}`` of an account, by the statements and the rights of the worker."""
        partner = (partner or self.iberia).with_user(self.user_service)
        kpis = self.kpis.with_user(self.user_service)
        run = kpis._trial_run()
        known, by_code = {}, kpis._kpis_by_code()
        found = {}
        for code in codes:
            self.assertEqual((by_code[code].state_reason, by_code[code].shipped), (False, True), code)
            cells = by_code[code]._trial_values(run, partner, known, by_code)
            found[code] = tuple(cells[partner.id, window][0] for window in ('now', 'before'))
        return found


@tagged('post_install', '-at_install')
class TestShippedOpportunities(ShippedCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        won = cls.env['crm.stage'].search([('is_won', '=', True)], limit=1)
        for amount, identified, qualified, closed, values in (
                # won after 20 days, asked for by the customer
                (1000, '2026-03-01', '2026-03-05', '2026-03-21', {'stage_id': won.id, 'kam_asked_by_customer': True}),
                # won after 10 days
                (3000, '2026-06-01', '2026-06-02', '2026-06-11', {'stage_id': won.id}),
                # lost: archived
                (500, '2026-05-01', '2026-05-09', '2026-05-30', {'active': False, 'probability': 0}),
                # open and qualified, and open and not qualified
                (700, '2026-10-01', '2026-10-10', None, {}),
                (90, '2026-11-01', None, None, {'kam_asked_by_customer': True}),
                # of the year before: won after 5 days
                (200, '2025-02-01', '2025-02-03', '2025-02-06', {'stage_id': won.id})):
            lead = cls.env['crm.lead'].create({
                'name': "Deal", 'type': 'opportunity', 'partner_id': cls.luis.id, 'expected_revenue': amount,
                'company_id': cls.company.id, **values})
            cls._at(lead, create_date=identified, kam_date_identified=identified, kam_date_qualified=qualified,
                    date_closed=closed)

    def test_opportunities_by_hand(self):
        self.assertEqual(self._values(
            'opportunities_identified_count', 'opportunities_identified', 'opportunities_qualified_count',
            'opportunities_qualified', 'opportunities_won_count', 'opportunities_won', 'opportunities_lost',
            'opportunities_open', 'opportunities_open_qualified_count', 'opportunities_open_qualified', 'sales_cycle',
            'new_demands_count', 'new_demands'), {
            'opportunities_identified_count': (5, 1), 'opportunities_identified': (5290, 200),
            'opportunities_qualified_count': (4, 1), 'opportunities_qualified': (5200, 200),
            'opportunities_won_count': (2, 1), 'opportunities_won': (4000, 200),
            'opportunities_lost': (1, 0), 'opportunities_open': (790, 0),
            'opportunities_open_qualified_count': (1, None), 'opportunities_open_qualified': (700, None),
            'sales_cycle': (15, 5), 'new_demands_count': (2, 0), 'new_demands': (1090, 0),
        })

    def test_formulas_by_hand(self):
        # the win rate is the worker's: without it the velocity is unknown
        self.assertEqual(self._values('qualification_rate', 'average_deal', 'sales_velocity'), {
            'qualification_rate': (0.8, 1), 'average_deal': (2000, 200), 'sales_velocity': (None, None)})

    def test_an_account_without_any(self):
        self.assertEqual(self._values('opportunities_won_count', 'sales_cycle', 'average_deal', partner=self.other), {
            'opportunities_won_count': (0, 0), 'sales_cycle': (None, None), 'average_deal': (None, None)})


@tagged('post_install', '-at_install')
class TestShippedWork(ShippedCommon):
    """Sources over our own records, also of an account that is confidential."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.iberia.kam_confidentiality = 'manager'

    def _action(self, kind, day, done=None, **values):
        return self.env['kam.action'].create({
            'name': "Bake", 'partner_id': self.iberia.id, 'company_id': self.company.id, 'owner_id': self.user_user.id,
            'kind_id': self.env.ref(f'kam_management.action_kind_{kind}').id, 'date': day, 'confidentiality': 'manager',
            'function_id': self.env.ref('kam_management.function_purchasing').id,
            **({'state': 'done', 'date_done': done} if done else {}), **values})

    def test_actions_by_hand(self):
        self._action('visit', '2026-03-10', '2026-03-10', result="They like it")
        self._action('visit', '2026-03-10', '2026-03-09')  # no result
        self._action('visit', '2026-03-10', '2026-03-11', result="Too late")
        self._action('visit', '2026-12-10')  # not due yet
        self._action('visit', '2026-03-10', state='cancelled')
        self._action('request', '2026-04-01', '2026-04-01', result="Answered")
        self._action('request', '2026-04-01', '2026-05-01')
        self._action('request', '2026-04-01')
        self._action('insight', '2026-05-01', '2026-05-02', answer='accepted')
        self._action('insight', '2026-05-01', '2026-05-02', answer='backed', result="Grew")
        self._action('insight', '2026-05-01', '2026-05-02', answer='declined')
        self._action('insight', '2026-05-01', '2026-05-02')
        self._action('insight', '2026-05-01', answer='accepted')  # not offered so far
        self.assertEqual(self._values(
            'actions_due', 'actions_on_time_count', 'requests_due', 'requests_on_time_count', 'insights_offered',
            'insights_accepted', 'actions_on_time', 'requests_on_time', 'insights_accepted_rate'), {
            'actions_due': (11, 0), 'actions_on_time_count': (2, 0), 'requests_due': (3, 0),
            'requests_on_time_count': (1, 0), 'insights_offered': (4, 0), 'insights_accepted': (2, 0),
            'actions_on_time': (2 / 11, None), 'requests_on_time': (1 / 3, None),
            'insights_accepted_rate': (0.5, None)})

    def test_an_action_is_on_time_on_its_day(self):
        action = self._action('visit', '2026-03-10', '2026-03-10')
        self.assertTrue(action.is_on_time)
        action.date_done = '2026-03-11'
        self.assertFalse(action.is_on_time)
        self.assertFalse(self._action('visit', '2026-03-10').is_on_time)

    def test_people_by_hand(self):
        people = self.env['res.partner'].create([
            {'name': name, 'parent_id': self.iberia.id} for name in ("Ana", "Bea", "Carl")])
        stakeholders = self.env['kam.stakeholder'].create([
            {'contact_id': person.id, 'company_id': self.company.id} for person in people])
        for stakeholder, day in zip(stakeholders, ('2026-02-01', '2026-03-01', '2025-03-01'), strict=True):
            self._at(stakeholder, create_date=day)
        stakeholders[1].active = False
        changes = self.env['kam.stakeholder.change'].sudo()
        changes.search([('stakeholder_id', 'in', stakeholders.ids)]).unlink()
        levels = list(dict(self.env['kam.stakeholder']._fields['relationship'].selection))
        for stakeholder, day, aspect, before, after in (
                (stakeholders[0], '2026-02-10', 'relationship', levels[0], levels[1]),
                (stakeholders[0], '2026-03-10', 'relationship', levels[1], levels[0]),
                (stakeholders[1], '2026-03-11', 'relationship', False, levels[2]),
                (stakeholders[2], '2025-03-10', 'relationship', levels[0], levels[2]),
                (stakeholders[2], '2026-03-12', 'support', 'neutral', 'supporter')):
            changes.create({'stakeholder_id': stakeholder.id, 'date': day, 'aspect': aspect, 'value_before': before,
                            'value_after': after})
        self.assertEqual(self._values('new_contacts', 'strengthened_ties'), {
            'new_contacts': (2, 1), 'strengthened_ties': (1, 1)})

    def test_the_forecast_of_demand_by_hand(self):
        plan = self.env['kam.plan'].create({
            'partner_id': self.iberia.id, 'company_id': self.company.id, 'date_start': '2026-01-01',
            'date_end': '2027-06-30', 'confidentiality': 'manager'})
        category = self.env['kam.plan.category'].create({'plan_id': plan.id, 'name': "Bread"})
        for month, amount in (('2026-03-01', 100), ('2026-04-01', 50), ('2026-05-01', False), ('2026-12-01', 7)):
            self.env['kam.plan.forecast'].create({
                'plan_id': plan.id, 'category_id': category.id, 'month': month, 'amount': amount})
        self.assertEqual(self._values('demand_forecast'), {'demand_forecast': (0, 0)}, "a draft promises nothing")
        self._at(plan, state='active')
        self.assertEqual(self._values('demand_forecast'), {'demand_forecast': (150, 0)})


@tagged('post_install', '-at_install')
class TestShippedSales(ShippedCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if 'sale.order' not in cls.env or 'account.move' not in cls.env:
            raise SkipTest("sale is not installed in this database")
        cls.product = cls.env['product.product'].create({'name': "Bread", 'type': 'service'})
        for amount, day in ((100, '2026-03-02'), (300, '2026-04-02'), (50, '2025-04-02')):
            order = cls.env['sale.order'].create({
                'partner_id': cls.iberia.id, 'company_id': cls.company.id, 'order_line': [Command.create({
                    'product_id': cls.product.id, 'product_uom_qty': 1, 'price_unit': amount,
                    'tax_ids': [Command.clear()]})]})
            order.action_confirm()
            order.date_order = datetime.fromisoformat(f'{day} 10:00')

    def test_orders_by_hand(self):
        self.assertEqual(self._values('orders_revenue', 'orders_count', 'average_order'), {
            'orders_revenue': (400, 50), 'orders_count': (2, 1), 'average_order': (200, 50)})

    def test_forecast_accuracy_by_hand(self):
        """500 foreseen and 400 ordered: a quarter of the orders away. Unknown where nothing was foreseen."""
        plan = self.env['kam.plan'].create({
            'partner_id': self.iberia.id, 'company_id': self.company.id, 'date_start': '2026-01-01',
            'date_end': '2027-06-30'})
        category = self.env['kam.plan.category'].create({'plan_id': plan.id, 'name': "Bread"})
        row = self.env['kam.plan.forecast'].create({
            'plan_id': plan.id, 'category_id': category.id, 'month': '2026-03-01', 'amount': 500})
        self._at(plan, state='active')
        self.assertEqual(self._values('forecast_accuracy'), {'forecast_accuracy': (0.75, None)})
        row.amount = 2000
        self.assertEqual(self._values('forecast_accuracy'), {'forecast_accuracy': (0, None)})


@tagged('post_install', '-at_install')
class TestShippedInvoices(ShippedCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if 'account.move' not in cls.env:
            raise SkipTest("account is not installed in this database")
        if not cls.env['account.journal'].search_count([('company_id', '=', cls.company.id), ('type', '=', 'sale')]):
            cls.env['account.chart.template'].try_loading('generic_coa', company=cls.company, install_demo=False)

    def _invoice(self, kind, amount, day, due, paid=None):
        invoice = self.env['account.move'].create({
            'move_type': kind, 'partner_id': self.iberia.id, 'company_id': self.company.id, 'invoice_date': day,
            'date': day, 'invoice_date_due': due, 'invoice_line_ids': [Command.create({
                'name': "Bread", 'quantity': 1, 'price_unit': amount, 'tax_ids': [Command.clear()]})]})
        invoice.action_post()
        if paid:
            self.env['account.payment.register'].with_context(
                active_model='account.move', active_ids=invoice.ids).create({'payment_date': paid})._create_payments()
        return invoice

    def test_invoices_by_hand(self):
        self._invoice('out_invoice', 1000, '2026-03-01', '2026-03-31', paid='2026-04-10')  # 10 days late
        self._invoice('out_invoice', 600, '2026-05-01', '2026-05-31', paid='2026-05-29')  # 2 days early
        self._invoice('out_invoice', 250, '2026-07-01', '2026-07-31')  # not paid
        self._invoice('out_invoice', 70, '2026-11-10', '2026-12-10')  # not due
        credit = self._invoice('out_refund', 120, '2026-06-01', '2026-06-30')
        other = self._invoice('out_invoice', 120, '2026-05-20', '2026-06-20')
        lines = (credit | other).line_ids.filtered(lambda line: line.display_type == 'payment_term')
        lines.reconcile()  # made good, not paid
        self.assertEqual(self._values(
            'invoices_revenue', 'credit_notes_count', 'credit_notes_amount', 'returns', 'return_rate',
            'invoices_unpaid', 'payment_delay'), {
            'invoices_revenue': (1920, 0), 'credit_notes_count': (1, 0), 'credit_notes_amount': (-120, 0),
            'returns': (120, 0), 'return_rate': (120 / 2040, None), 'invoices_unpaid': (250, 0),
            'payment_delay': (4, None)})


@tagged('post_install', '-at_install')
class TestShippedDeliveries(ShippedCommon):

    def _picking(self, kind, done, deadline, late, **values):
        picking_type = self.env['stock.picking.type'].search([
            ('code', '=', kind), ('company_id', '=', self.company.id)], limit=1)
        picking = self.env['stock.picking'].create({
            'partner_id': self.luis.id, 'picking_type_id': picking_type.id,
            'location_id': self.env.ref('stock.stock_location_stock').id,
            'location_dest_id': self.env.ref('stock.stock_location_customers').id, **values})
        return self._at(picking, state='done', date_done=done, date_deadline=deadline, has_deadline_issue=late)

    def test_by_hand_where_stock_is_installed(self):
        codes = ('deliveries_count', 'deliveries_on_time_count', 'delivery_delay', 'returns_count')
        if 'stock.picking' not in self.env:
            for code in codes:
                self.assertEqual(self.env.ref(f'kam_management.kpi_{code}').state_reason,
                                 "The app that brings stock.picking is not installed.")
            self.assertIn("which is unavailable", self.env.ref('kam_management.kpi_service_level').state_reason)
            return
        first = self._picking('outgoing', '2026-03-10 12:00', '2026-03-12 12:00', False)
        self._picking('outgoing', '2026-04-10 12:00', '2026-04-06 12:00', True)
        self._picking('outgoing', '2026-05-10 12:00', '2026-05-06 12:00', True)
        self._picking('outgoing', '2026-06-10 12:00', None, False)
        self._picking('incoming', '2026-03-20 12:00', None, False, return_id=first.id)
        self._picking('incoming', '2026-03-21 12:00', None, False)
        self.assertEqual(self._values(*codes, 'service_level'), {
            'deliveries_count': (4, 0), 'deliveries_on_time_count': (2, 0), 'delivery_delay': (2, None),
            'returns_count': (1, 0), 'service_level': (0.5, None)})


@tagged('post_install', '-at_install')
class TestShippedSet(ShippedCommon):

    def test_all_is_told(self):
        """Each has an area, a unit, a direction and a description; nothing is named that isn't there."""
        shipped = self.kpis.with_context(active_test=False).search([('shipped', '=', True)])
        by_code = {kpi.code: kpi for kpi in shipped}
        self.assertEqual(len(by_code), len(shipped))
        for kpi in shipped:
            self.assertTrue(kpi.active and kpi.area and kpi.unit and kpi.description, kpi.code)
            if kpi.kind == 'formula':
                self.assertTrue(set(names(kpi.tree)) <= set(by_code), kpi.code)
        self.assertEqual({kpi.figure for kpi in shipped if kpi.kind == 'figure'}, {name for name, _label in FIGURES})
        self.assertEqual(set(shipped.mapped('area')), {name for name, _label in self.kpis._fields['area'].selection})
        down = {kpi.code for kpi in shipped if kpi.low_is_good}
        self.assertTrue({'overdue_amount', 'payment_delay', 'cost_to_serve', 'returns'} <= down)
        self.assertFalse({'nps', 'win_rate', 'growth', 'service_level'} & down)

    def test_parts_that_the_worker_asks_for(self):
        roles = {kpi.role: kpi.code for kpi in self.kpis.search([('role', '!=', False)]) if kpi.role != 'cost_driver'}
        self.assertEqual({role: roles.get(role) for role in ('won', 'lost', 'open_qualified', 'debt')}, {
            'won': 'opportunities_won_count', 'lost': 'opportunities_lost',
            'open_qualified': 'opportunities_open_qualified', 'debt': 'invoices_unpaid'})
        debt = self.env.ref('kam_management.kpi_invoices_unpaid')
        self.assertEqual((debt.date_field, debt.dated), ('invoice_date_due', True))

    def test_sets_of_the_tiers(self):
        self.assertIn('service_level', self.strategic.kpi_ids.mapped('code'))
        self.assertIn('sales_attainment', self.key.kpi_ids.mapped('code'))
        self.assertLess(self.key.kpi_ids, self.strategic.kpi_ids | self.key.kpi_ids)
