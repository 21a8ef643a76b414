"""What a manager or a sales team is to reach in a KPI, beside what its accounts are to reach.

The two are set apart: the sum over the accounts shows whether the team's target is covered. Only KPIs that add up have
one; a team has no sum of satisfactions.
"""
from collections import defaultdict

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ..tools.fields import UnknownFloat
from .kam_kpi_target import is_never_negative


class KamKpiTeamTarget(models.Model):
    _name = 'kam.kpi.team.target'
    _description = "Target of a team"
    _inherit = ['kam.placed.mixin', 'kam.unknown.mixin']
    _order = 'period_start desc, kpi_id, id'

    company_id = fields.Many2one(
        'res.company', required=True, index=True, ondelete='cascade', default=lambda self: self.env.company)
    currency_id = fields.Many2one(related='company_id.currency_id')
    kpi_id = fields.Many2one(
        'kam.kpi', "KPI", required=True, index=True, ondelete='cascade', domain=[('is_additive', '=', True)])
    unit = fields.Selection(related='kpi_id.unit')
    user_id = fields.Many2one(
        'res.users', "Manager", index='btree_not_null', ondelete='cascade',
        domain=lambda self: [('all_group_ids', 'in', self.env.ref('kam_management.group_kam_user').ids)],
        help="Whose key accounts are to reach it together.")
    team_id = fields.Many2one(
        'crm.team', "Sales team", index='btree_not_null', ondelete='cascade', check_company=True,
        help="The accounts of its members are to reach it together.")
    grain = fields.Selection([('month', "Month"), ('year', "Year")], "For a", required=True, default='year')
    period_start = fields.Date(
        "From", required=True, default=lambda self: self.env.company._kam_today().replace(month=1, day=1),
        help="Any day of the month or the year; the first is kept.")
    target = UnknownFloat("Team's target", aggregator='sum', required=True)

    # Equal NULLs are no double for UNIQUE: one constraint for each of the two.
    _user_period_unique = models.Constraint(
        'UNIQUE(company_id, kpi_id, user_id, period_start, grain)',
        "This manager has a target of this KPI for that period already: change that one.")
    _team_period_unique = models.Constraint(
        'UNIQUE(company_id, kpi_id, team_id, period_start, grain)',
        "This team has a target of this KPI for that period already: change that one.")
    # Of the accounts that the reader may see: the sum over others would tell of them.
    accounts_target = UnknownFloat(
        "Sum of its accounts", compute='_compute_accounts_target', help="Of the targets of the accounts that you see.")
    difference = UnknownFloat(
        compute='_compute_accounts_target',
        help="Sum of its accounts, less the team's target: what is negative is covered by no account yet.")

    @api.depends('kpi_id', 'user_id', 'team_id', 'grain', 'period_start')
    @api.depends_context('lang')
    def _compute_display_name(self):
        for row in self:
            whose = row.team_id.display_name or row.user_id.display_name
            row.display_name = " · ".join(filter(None, (
                whose, row.kpi_id.display_name, row.period_start and row._period_name())))

    def _period_name(self):
        return format_date(self.env, self.period_start, date_format='y' if self.grain == 'year' else 'MMMM y')

    @api.depends('company_id', 'kpi_id', 'user_id', 'team_id', 'grain', 'period_start', 'target')
    @api.depends_context('uid')
    def _compute_accounts_target(self):
        """One query for all: by month first, then added up for whoever's period they lie in."""
        sums = self._sums_of_accounts()
        for row in self:
            whose = row.team_id or row.user_id
            months = [(row.company_id, row.kpi_id, whose, month) for month in row._months()]
            known = [sums[key] for key in months if key in sums]
            row.accounts_target = sum(known) if known else False
            row.difference = row.accounts_target - row.target if known and row.target is not False else False

    def _months(self):
        if not self.period_start:
            return []
        months = range(12 if self.grain == 'year' else 1)
        return [self.period_start + relativedelta(months=ahead) for ahead in months]

    def _sums_of_accounts(self):
        """``{(company, KPI, manager or team, month): target}`` of accounts that the reader may see."""
        months = [month for row in self for month in row._months()]
        if not months:
            return {}
        groups = self.env['kam.kpi.target']._read_group(
            [('company_id', 'in', self.company_id.ids), ('kpi_id', 'in', self.kpi_id.ids), ('target', '!=', False),
             ('period_start', '>=', min(months)), ('period_start', '<=', max(months))],
            ['company_id', 'kpi_id', 'partner_id', 'period_start:month'], ['target:sum'])
        sums = defaultdict(float)
        for company, kpi, partner, month, target in groups:
            # Whose account it is, is no secret of theirs to who may see its targets.
            manager = partner.sudo().kam_manager_id
            for whose in filter(None, (manager, manager.sale_team_id)):
                sums[company, kpi, whose.sudo(False), month] += target
        return sums

    # ------------------------------------------------------------------ checks
    @api.constrains('user_id', 'team_id', 'kpi_id')
    def _check_whose(self):
        for row in self:
            if bool(row.user_id) == bool(row.team_id):
                raise ValidationError(self.env._(
                    "A target is a manager's or a sales team's: choose one of the two."))

    @api.constrains('kpi_id', 'target')
    def _check_target(self):
        for row in self:
            if not row.kpi_id.is_additive:
                raise ValidationError(self.env._(
                    "The values of “%(kpi)s” don't add up over accounts, so a team has no target of it. Set targets "
                    "for its accounts.", kpi=row.kpi_id.name))
            if row.target is not False and row.target < 0 and is_never_negative(row.kpi_id):
                raise ValidationError(self.env._("The target of a team is a positive number."))

    # ------------------------------------------------------------------ writing
    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._put_on_first_day()
        return rows

    def write(self, vals):
        result = super().write(vals)
        if 'period_start' in vals or 'grain' in vals:
            self._put_on_first_day()
        return result

    def _put_on_first_day(self):
        for row in self:
            first = row.period_start.replace(day=1, **({'month': 1} if row.grain == 'year' else {}))
            if row.period_start != first:
                row.period_start = first
