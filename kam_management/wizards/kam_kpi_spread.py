"""Spread a target: what accounts are to reach in a year or a quarter, divided among its months.

By last year's season, evenly, or month by month as an account plan says. Of a KPI whose months don't add up, every
month gets the number as it is. Months that are over are set only when one says so.
"""
from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date
from odoo.tools.misc import clean_context

from ..tools.fields import UnknownFloat
from ..tools.season import divide, season

PERIODS = [
    ('year', "Whole year"), ('1', "First quarter"), ('4', "Second quarter"), ('7', "Third quarter"),
    ('10', "Fourth quarter"),
]
# To what the months of a unit are rounded; amounts to the currency.
STEPS = {'count': '1', 'days': '0.1', 'percent': '0.0001'}
# Names of accounts in a sentence; of more, how many.
NAMED = 5


class KamKpiSpread(models.TransientModel):
    _name = 'kam.kpi.spread'
    _description = "Spread a target"
    _inherit = ['kam.unknown.mixin']

    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company)
    currency_id = fields.Many2one(related='company_id.currency_id')
    partner_ids = fields.Many2many(
        'res.partner', string="Accounts", required=True, help="Each of them gets the target.")
    kpi_id = fields.Many2one(
        'kam.kpi', "KPI", required=True, default=lambda self: self.env['kam.kpi.target']._revenue_kpi())
    unit = fields.Selection(related='kpi_id.unit')
    is_additive = fields.Boolean(related='kpi_id.is_additive')
    plan_id = fields.Many2one('kam.plan', "Plan", readonly=True)
    year = fields.Char(size=4, required=True, default=lambda self: str(self.env.company._kam_today().year))
    period = fields.Selection(PERIODS, required=True, default='year')
    target = UnknownFloat("Target of each account", help="Of the whole period. Empty leaves the targets as they are.")
    budget = UnknownFloat("Budget of each account", help="Of the whole period. Empty leaves the budgets as they are.")
    how = fields.Selection(
        [('season', "By last year's season"), ('even', "Evenly")], "Divided", required=True, default='season')
    as_planned = fields.Boolean("Month by month, as in the plan")
    also_over = fields.Boolean("Also months that are over")
    even_without_season = fields.Boolean("Evenly where last year is unknown")

    without_season_ids = fields.Many2many(
        'res.partner', 'kam_kpi_spread_without_season_rel', string="Last year unknown",
        compute='_compute_without_season_ids')
    months_over = fields.Char("Months that are over", compute='_compute_months')
    months_set = fields.Integer("Months that have a target", compute='_compute_months')

    # ------------------------------------------------------------------ computes
    @api.depends('partner_ids', 'kpi_id', 'year', 'period', 'how', 'as_planned')
    def _compute_without_season_ids(self):
        for wizard in self:
            accounts = wizard.partner_ids._origin
            wanted = wizard._is_by_season() and wizard._months()
            seasons = wizard._seasons() if wanted else {}
            wizard.without_season_ids = accounts.filtered(
                lambda account, wanted=wanted, seasons=seasons: wanted and not seasons[account])

    @api.depends('partner_ids', 'kpi_id', 'company_id', 'year', 'period')
    def _compute_months(self):
        for wizard in self:
            over = wizard._over()
            names = [format_date(self.env, month, date_format='MMMM') for month in over]
            wizard.months_over = ", ".join(names) or False
            wizard.months_set = len(wizard._present())

    # ------------------------------------------------------------------ what is divided
    def _months(self):
        """First days of the months of the period; none when the year is no year."""
        year = self.year or ''
        if not (year.isascii() and year.isdigit() and 2000 <= int(year) <= 2100):
            return []
        first = 1 if self.period == 'year' else int(self.period)
        start = fields.Date.to_date(f'{year}-{first:02d}-01')
        return [start + relativedelta(months=ahead) for ahead in range(12 if self.period == 'year' else 3)]

    def _over(self):
        present = self.company_id._kam_today().replace(day=1)
        return [month for month in self._months() if month < present]

    def _present(self):
        """Targets of these accounts that stand in these months already."""
        return self.env['kam.kpi.target'].search([
            ('partner_id', 'in', self.partner_ids._origin.ids), ('company_id', '=', self.company_id.id),
            ('kpi_id', '=', self.kpi_id.id), ('period_start', 'in', self._months())])

    def _is_by_season(self):
        return self.how == 'season' and self.is_additive and not self.as_planned

    def _seasons(self):
        """``{account: shares}`` by the same months a year before; False where that is unknown."""
        before = [month - relativedelta(years=1) for month in self._months()]
        accounts = self.partner_ids._origin
        values = {(row.partner_id, row.period_start): row.value for row in self.env['kam.kpi.value'].search([
            ('partner_id', 'in', accounts.ids), ('company_id', '=', self.company_id.id),
            ('kpi_id', '=', self.kpi_id.id), ('grain', '=', 'month'), ('period_start', 'in', before)])}
        return {account: season([values.get((account, month), False) for month in before]) for account in accounts}

    def _step(self):
        if self.unit == 'amount':
            return str(self.currency_id.rounding)
        return STEPS.get(self.unit, '0.01')

    def _divided(self, total, shares):
        """One number per month, `False` where nothing is said."""
        months = self._months()
        if total is False:
            return [False] * len(months)
        if not self.is_additive:
            return [total] * len(months)
        return divide(total, shares or [1] * len(months), self._step())

    def _of_plan(self):
        """``{name: number per month}`` as the plan says; months that it is silent about stay as they are."""
        rows = {row.month: row for row in self.plan_id.target_ids if row.year == self.year and row.month != '00'}
        return {name: [rows[key][name] if key in rows else False for key in (
            f'{month.month:02d}' for month in self._months())] for name in ('target', 'budget')}

    def _rows(self):
        """``{(account, month): {'target': …, 'budget': …}}`` of what is to be set."""
        seasons = self._seasons() if self._is_by_season() else {}
        rows = {}
        for account in self.partner_ids:
            numbers = self._of_plan() if self.as_planned else {
                name: self._divided(self[name], seasons.get(account)) for name in ('target', 'budget')}
            for place, month in enumerate(self._months()):
                said = {name: parts[place] for name, parts in numbers.items() if parts[place] is not False}
                if said:
                    rows[account, month] = said
        return rows

    # ------------------------------------------------------------------ setting
    def action_spread(self):
        self.ensure_one()
        self._check()
        rows = self._rows()
        over = set(self._over())
        present = {(row.partner_id, row.period_start): row for row in self._present()}
        news = []
        for (account, month), vals in rows.items():
            vals = {**vals, 'is_late': True} if month in over else vals
            if (account, month) in present:
                present[account, month].write(vals)
            else:
                news.append({**vals, 'partner_id': account.id, 'company_id': self.company_id.id,
                             'kpi_id': self.kpi_id.id, 'period_start': month})
        # Without the wizard's own defaults: its target of the year is none of a month.
        self.env['kam.kpi.target'].with_context(clean_context(self.env.context)).create(news)
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification',
            'params': {
                'type': 'success', 'next': {'type': 'ir.actions.act_window_close'},
                'message': self.env._(
                    "Months set: %(count)s. Lights change with the next refresh.", count=len(rows)),
            },
        }

    def _check(self):
        if not self._months():
            raise UserError(self.env._("“%(year)s” is no year: write four digits, such as 2028.", year=self.year))
        if not self.as_planned and self.target is False and self.budget is False:
            raise UserError(self.env._("Write a target or a budget to divide."))
        if self.as_planned and not self._rows():
            raise UserError(self.env._(
                "The plan has no targets by month in %(year)s. Divide its target of the year instead.",
                year=self.year))
        if self.months_over and not self.also_over:
            raise UserError(self.env._(
                "These months of %(year)s are over: %(months)s. Choose a later period, or tick “Also months that are "
                "over”.", year=self.year, months=self.months_over))
        if self.without_season_ids and not self.even_without_season:
            raise UserError(self.env._(
                "Last year's months are not all known for %(accounts)s, so there is no season to follow. Divide "
                "evenly, or tick “Evenly where last year is unknown”.", accounts=self._named(self.without_season_ids)))

    def _named(self, accounts):
        names = ", ".join(accounts[:NAMED].mapped('display_name'))
        more = len(accounts) - NAMED
        return names if more <= 0 else self.env._("%(names)s and %(count)s more", names=names, count=more)
