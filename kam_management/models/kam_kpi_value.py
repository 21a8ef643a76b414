"""What each KPI of an account came to, period by period, as the worker computed it.

Written by SQL in `kam.sync` alone: nobody has the right to write here through the ORM, and no method does. A value that
could not be computed is unknown (NULL) and its `reason` says why; it is never 0.
"""
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.fields import UnknownFloat
from .kam_score import BANDS

GRAINS = [
    ('month', "Month"), ('quarter', "Quarter"), ('year', "Year"), ('rolling', "Last 12 months"),
    ('since', "Since it became a key account"),
]

# How a period is named; the others by their days.
FORMATS = {'month': 'MMM y', 'quarter': 'QQQ y', 'year': 'y'}


class KamKpiValue(models.Model):
    _name = 'kam.kpi.value'
    _description = "Value of a KPI"
    _inherit = ['kam.account.mixin', 'kam.unknown.mixin']
    _log_access = False  # machine-written: the run says who and when
    _order = 'period_start desc, partner_id, kpi_id, id'
    _rec_name = 'kpi_id'
    _rec_names_search = ['partner_id', 'kpi_id']

    # Few indexes: 50,000 rows may change in a refresh, and the unique constraint begins with the partner.
    partner_id = fields.Many2one('res.partner', "Account", required=True, readonly=True, ondelete='cascade')
    company_id = fields.Many2one('res.company', required=True, readonly=True, ondelete='cascade')
    currency_id = fields.Many2one(related='company_id.currency_id')
    kpi_id = fields.Many2one('kam.kpi', "KPI", required=True, readonly=True, index=True, ondelete='cascade')
    # Of the KPI and the partner, which whoever reads the value may read; not stored, so that no edit waits for us.
    area = fields.Selection(related='kpi_id.area')
    unit = fields.Selection(related='kpi_id.unit')
    kam_manager_id = fields.Many2one(related='partner_id.kam_manager_id')
    grain = fields.Selection(GRAINS, "Length of the period", required=True, readonly=True)
    period_start = fields.Date("From", required=True, readonly=True)
    period_end = fields.Date("To", required=True, readonly=True)
    value = UnknownFloat(readonly=True, help="In the unit of the KPI; a percentage is between 0 and 1.")
    target = UnknownFloat(readonly=True, help="Of the whole period.")
    target_to_date = UnknownFloat(
        "Target to date", readonly=True,
        help="What should have been reached by the day of the refresh, by working days. Only where months add up.")
    budget = UnknownFloat(readonly=True, help="What the company's budget counts on; apart from the target.")
    pace = UnknownFloat(readonly=True, help="The value compared with the target to date: 1 is exactly on target.")
    status = fields.Selection(BANDS, "Light", readonly=True, help="Empty where there is no target to compare with yet.")
    previous = UnknownFloat(
        "Before", readonly=True, help="In the same period of the year before, or in the one before.")
    trend = UnknownFloat("Trend", readonly=True, help="Against the value before.")
    reason = fields.Char("Reason (code)", readonly=True, help="Why the value is unknown, in a word of the worker.")
    marks = fields.Char(readonly=True, help="What to know of the value, in words of the worker.")
    period = fields.Char("Period in words", compute='_compute_period')
    is_current = fields.Boolean("Current period", readonly=True)
    is_followed = fields.Boolean(
        "Followed", compute='_compute_is_followed', search='_search_is_followed',
        help="Whether the tier of the account, or the account itself, asks for this KPI.")
    run_id = fields.Many2one('kam.sync.run', "Run", readonly=True, index='btree_not_null', ondelete='set null',
                             help="The run that last changed this row.")

    _period_unique = models.Constraint(
        'UNIQUE(partner_id, company_id, kpi_id, grain, period_start)',
        "A KPI of an account has one value per company and period.")

    @api.depends('partner_id', 'kpi_id', 'grain', 'period_start', 'period_end')
    @api.depends_context('lang')
    def _compute_display_name(self):
        for row in self:
            row.display_name = " · ".join(filter(None, (
                row.partner_id.display_name, row.kpi_id.display_name, row.period_start and row._period_words())))

    @api.depends('grain', 'period_start', 'period_end')
    @api.depends_context('lang')
    def _compute_period(self):
        for row in self:
            row.period = row.period_start and row._period_words()

    @api.depends('partner_id.kam_kpi_ids', 'kpi_id')
    def _compute_is_followed(self):
        for row in self:
            row.is_followed = row.kpi_id in row.partner_id.kam_kpi_ids

    @api.model
    def _search_is_followed(self, operator, value):
        followed = defaultdict(self.env['res.partner'].browse)
        for [partner] in self._read_group([], ['partner_id']):  # key accounts and candidates only have values
            followed[partner.kam_kpi_ids] |= partner
        return self._kam_flag(operator, value, Domain.OR(
            Domain('partner_id', 'in', partners.ids) & Domain('kpi_id', 'in', kpis.ids)
            for kpis, partners in followed.items()))

    def _period_words(self):
        """The period as one would say it, such as “Nov 2026” or “Q4 2026”."""
        self.ensure_one()
        if self.grain in FORMATS:
            return format_date(self.env, self.period_start, date_format=FORMATS[self.grain])
        return self.env._("%(start)s to %(end)s", start=format_date(self.env, self.period_start),
                          end=format_date(self.env, self.period_end))
