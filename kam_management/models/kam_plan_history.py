"""The history of the accounts of a plan, prefilled: opportunities won and lost, and orders where there are any.

Read with the reader's rights: whoever may not read opportunities or orders sees none here.
"""
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount

MOST = 20
# Among so many the latest are looked for; an account with more has them in the CRM's own lists.
LOADED = 1000
YEARS = 6


class KamPlan(models.Model):
    _inherit = 'kam.plan'

    won_lead_ids = fields.Many2many(
        'crm.lead', string="Won", compute='_compute_history', context={'active_test': False})
    # Lost opportunities are archived.
    lost_lead_ids = fields.Many2many(
        'crm.lead', string="Lost", compute='_compute_history', context={'active_test': False})
    history_html = fields.Html("Business so far", compute='_compute_history', sanitize=False)

    @api.depends('partner_id', 'partner_ids', 'company_id')
    @api.depends_context('uid', 'lang')
    def _compute_history(self):
        accounts = {plan: (plan.partner_id | plan.partner_ids)._origin for plan in self}
        every = self.env['res.partner'].union(*accounts.values())
        leads = self._history_leads(every)
        figures = self._history_figures(every)
        for plan, own in accounts.items():
            mine = leads.filtered(lambda lead, own=own, plan=plan: (
                lead.partner_id.kam_account_id in own and lead.company_id in (plan.company_id, lead.company_id[:0])))
            plan.won_lead_ids = mine.filtered(lambda lead: lead.won_status == 'won')[:MOST]
            plan.lost_lead_ids = mine.filtered(lambda lead: lead.won_status == 'lost')[:MOST]
            plan.history_html = plan._render_history(figures, own)

    @api.model
    def _history_leads(self, accounts):
        """Won and lost opportunities of these accounts, the latest first."""
        leads = self.env['crm.lead'].with_context(active_test=False)
        if not accounts or not leads.has_access('read'):
            return leads
        return leads.search(
            [('partner_id.kam_account_id', 'in', accounts.ids), ('type', '=', 'opportunity'),
             ('won_status', 'in', ('won', 'lost'))],
            order='date_closed desc, id desc', limit=LOADED)

    @api.model
    def _history_figures(self, accounts):
        """``{(account, company): {year: {what: (number, amount)}}}``, from as many statements however many accounts."""
        figures = defaultdict(lambda: defaultdict(dict))
        # Amounts in the company's currency: orders by the rate that they keep.
        sources = [
            ('won', 'crm.lead', 'date_closed', 'expected_revenue', False, [('won_status', '=', 'won')]),
            ('lost', 'crm.lead', 'date_closed', 'expected_revenue', False, [('won_status', '=', 'lost')]),
            ('orders', 'sale.order', 'date_order', 'amount_untaxed', 'currency_rate', [('state', '=', 'sale')]),
        ]
        for what, model, date, amount, rate, domain in sources:
            if not accounts or model not in self.env or not self.env[model].has_access('read'):
                continue
            rows = self.env[model].with_context(active_test=False)._read_group(
                Domain(domain) & Domain('partner_id.kam_account_id', 'in', accounts.ids) & Domain(date, '!=', False),
                ['partner_id', 'company_id', f'{date}:year', *([rate] if rate else [])],
                ['__count', f'{amount}:sum'])
            for partner, company, year, *rates, count, total in rows:
                years = figures[partner.kam_account_id, company.id]
                number, sum_ = years[year.year].get(what, (0, 0.0))
                # An order without a rate is not worth as much in another currency: the sum is unknown.
                known = sum_ is not False and (not rate or rates[0])
                total = sum_ + total / (rates[0] if rate else 1) if known else False
                years[year.year][what] = (number + count, total)
        return figures

    def _render_history(self, figures, accounts):
        """Figures per year as a small table, the latest year first."""
        self.ensure_one()
        years = defaultdict(dict)
        for account in accounts:
            for company in {self.company_id.id, False}:
                for year, found in figures.get((account, company), {}).items():
                    for what, (count, total) in found.items():
                        number, sum_ = years[year].get(what, (0, 0.0))
                        known = sum_ is not False and total is not False
                        years[year][what] = (number + count, known and sum_ + total)
        return self.env['ir.qweb']._render('kam_management.plan_history', {
            'years': sorted(years.items(), reverse=True)[:YEARS], 'money': self._format_amount,
            'orders': 'sale.order' in self.env and self.env['sale.order'].has_access('read')})

    def _format_amount(self, amount):
        if amount is False:
            return self.env._("unknown")
        return format_amount(self.env, amount, self.currency_id, trailing_zeroes=False)
