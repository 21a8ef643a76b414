"""What an account is to reach in a month, KPI by KPI, and what the budget counts on.

Months are the only periods in which targets are set. Of a KPI that adds up, those of a quarter or a year are the sum of
its months; of any other the latest month that has one counts. Written by people; the worker only reads it. Who changed
one, from what to what, stands in its own chatter: an account's is read by people who may not see its targets.
"""
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ..tools.fields import UnknownFloat, is_unknown

# Units in which there is nothing below zero. Others, such as growth or NPS, may well be negative.
POSITIVE_UNITS = ('amount', 'count', 'days')

# What may not change any more once the month is over.
SET_AHEAD = ('target', 'budget', 'period_start', 'kpi_id', 'partner_id', 'company_id', 'is_late')


def is_never_negative(kpi):
    """Whether a KPI knows nothing below zero, by its unit."""
    return kpi.unit in POSITIVE_UNITS


class KamKpiTarget(models.Model):
    _name = 'kam.kpi.target'
    _description = "Target of an account"
    _inherit = ['mail.thread', 'kam.account.mixin', 'kam.unknown.mixin']
    _order = 'period_start desc, partner_id, kpi_id, id'
    _rec_names_search = ['partner_id', 'kpi_id']

    partner_id = fields.Many2one('res.partner', "Account", required=True, ondelete='cascade')
    company_id = fields.Many2one(
        'res.company', required=True, index=True, ondelete='cascade', default=lambda self: self.env.company)
    currency_id = fields.Many2one(related='company_id.currency_id')
    kpi_id = fields.Many2one('kam.kpi', "KPI", required=True, index=True, ondelete='cascade')
    area = fields.Selection(related='kpi_id.area')
    unit = fields.Selection(related='kpi_id.unit')
    is_additive = fields.Boolean(related='kpi_id.is_additive')
    kam_manager_id = fields.Many2one(related='partner_id.kam_manager_id')
    period_start = fields.Date(
        "Month", required=True, default=lambda self: self.env.company._kam_today().replace(day=1),
        help="Any day of the month; the first is kept.")
    target = UnknownFloat(
        aggregator='sum', tracking=True,
        help="What we set out to reach, in the unit of the KPI; a percentage is between 0 and 1.")
    budget = UnknownFloat(
        aggregator='sum', tracking=True, help="What the company's budget counts on; apart from the target.")
    is_late = fields.Boolean(
        "Set afterwards", tracking=True,
        help="Tick it to set or change a target of a month that is over. It stays visible that it was set with the "
             "result at hand.")

    _period_unique = models.Constraint(
        'UNIQUE(partner_id, company_id, kpi_id, period_start)',
        "This account has a target of this KPI for that month already: change that one.")

    @api.depends('partner_id', 'kpi_id', 'period_start')
    @api.depends_context('lang')
    def _compute_display_name(self):
        for row in self:
            row.display_name = " · ".join(filter(None, (
                row.partner_id.display_name, row.kpi_id.display_name, row._month_name())))

    def _month_name(self):
        return self.period_start and format_date(self.env, self.period_start, date_format='MMMM y')

    # ------------------------------------------------------------------ checks
    @api.constrains('target', 'budget', 'kpi_id')
    def _check_numbers(self):
        for row in self:
            if is_never_negative(row.kpi_id) and any(
                    value is not False and value < 0 for value in (row.target, row.budget)):
                raise ValidationError(self.env._(
                    "%(target)s: “%(kpi)s” is never below zero. Write a positive number, or leave empty what is not "
                    "known yet.", target=row.display_name, kpi=row.kpi_id.name))

    def _refuse_months_over(self):
        """People set targets ahead, or say that they did not. No constraint: Odoo checks those in sudo."""
        if self.env.su:
            return
        for row in self:
            if not row.is_late and row.period_start < row.company_id._kam_today().replace(day=1):
                raise ValidationError(self.env._(
                    "%(target)s: that month is over. Choose a later month, or tick “Set afterwards” to set its target "
                    "all the same.", target=row.display_name))

    # ------------------------------------------------------------------ writing
    @api.model_create_multi
    def create(self, vals_list):
        # A spreadsheet brings thousands: whoever made a row stands on it, so no message says it, and nobody follows it.
        quiet = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        rows = super(KamKpiTarget, quiet).create([self._with_first_of_month(vals) for vals in vals_list])
        rows = rows.with_env(self.env)
        rows._refuse_months_over()
        return rows

    def write(self, vals):
        result = super().write(self._with_first_of_month(vals))
        # `is_late` is what allows it; what has nothing to do with numbers and months is free.
        if any(name in vals for name in SET_AHEAD):
            self._refuse_months_over()
        return result

    @api.model
    def _with_first_of_month(self, vals):
        if is_unknown(vals.get('period_start')):
            return vals
        return {**vals, 'period_start': fields.Date.to_date(vals['period_start']).replace(day=1)}

    def _message_track(self, fields_iter, initial_values_dict):
        """As in Odoo, with the messages of all rows made at once: an import changes thousands."""
        if len(self) < 2:
            return super()._message_track(fields_iter, initial_values_dict)
        described = self.fields_get(fields_iter, attributes=('string', 'type', 'selection', 'currency_field'))
        tracking = {row.id: row._mail_track(described, initial_values_dict[row.id]) for row in self.exists()}
        changed = self.browse([row_id for row_id, (changes, _values) in tracking.items() if changes])
        messages = changed._message_log_batch({})
        # In sudo, as Odoo writes them itself: whoever changes a row makes its messages without a right to write any.
        self.env['mail.tracking.value'].sudo().create([
            {**values, 'mail_message_id': message.id}
            for message in messages for _create, _id, values in tracking[message.res_id][1]])
        return tracking

    @api.model
    def _revenue_kpi(self):
        """The KPI that revenue is read from in the current company; none when nothing can play that part."""
        company = self.env.company
        # In sudo: who sets targets need not be allowed to read invoices; only which KPI it is follows from them.
        sources = self.env['kam.sync'].sudo()._freeze_sources(
            company, company.sudo().kam_settings_id, self.env['kam.kpi'].sudo().search([('kind', '=', 'source')]),
            company._kam_today())
        return self.env['kam.kpi'].browse(sources.get('revenue'))
