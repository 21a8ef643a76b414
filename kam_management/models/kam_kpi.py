"""Key figures that are read from any installed Odoo model.

A KPI names the model, which records, the way to the customer, the date and what to measure. The model is a name and
no relation: a KPI whose app is not installed is shown as unavailable, and is no error.

A source that is active lets the worker's user read its model (see `kam_kpi_access`). That is why only system
administrators may activate one of their own making, or change what an active one reads: configuring a KPI would
otherwise read payroll.
"""
import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools.formula import FUNCTIONS
from ..tools.kpi import AREAS, FIGURES, GRAINS, KINDS, ROLES, UNITS

SERVICE_GROUP = 'kam_management.group_kam_service'
CODE = re.compile(r'[a-z][a-z0-9_]*')
# What a KPI reads: changing one of these changes what the worker's user may see.
DEFINITION = ('kind', 'model_name', 'domain', 'partner_path', 'date_field', 'company_field', 'currency_field',
              'rate_field', 'measure', 'measure_start', 'aggregate', 'include_archived')
# What hangs on a KPI and goes with it when the addon is uninstalled.
KEPT_OF_KPI = ('kam.kpi.target', 'kam.kpi.team.target', 'kam.kpi.value')


class KamKpi(models.Model):
    _name = 'kam.kpi'
    _description = "KPI"
    _inherit = ['kam.record.source.mixin']
    _order = 'sequence, id'
    _kam_definition = DEFINITION

    code = fields.Char(required=True, copy=False, tracking=True, help="Technical name, such as orders_revenue.")
    name = fields.Char(required=True, translate=True)
    description = fields.Text(translate=True)
    sequence = fields.Integer(default=100)
    active = fields.Boolean(
        help="Activating a KPI lets the worker read its model; only system administrators may do that for a KPI that "
             "is not shipped.")
    kind = fields.Selection(
        KINDS, required=True, default='source', tracking=True,
        help="A source reads the records of an app. A figure is one that the worker computes anyhow. A formula is "
             "computed from other KPIs.")
    area = fields.Selection(AREAS, required=True, default='sales')
    role = fields.Selection(
        ROLES, tracking=True, help="The part that it plays in the scores. One active KPI plays each part; there may be "
                                   "many cost drivers.")
    figure = fields.Selection(FIGURES, tracking=True, help="Which of the figures that the worker computes it shows.")
    formula = fields.Char(
        tracking=True, help="Codes of other KPIs and numbers with + − × ÷, min, max and parentheses, such as "
                            "orders_revenue / orders_count.")
    tree = fields.Json(
        compute='_compute_tree', export_string_translation=False, help="The formula as the worker reads it.")
    unit = fields.Selection(UNITS, required=True, default='number', help="How its value is shown.")
    low_is_good = fields.Boolean("Lower is better", help="For delays, returns, costs: less is better.")
    dated = fields.Boolean(
        "Has a date", compute='_compute_dated',
        help="It has a value in every period. Without a date, only the value of today is known.")
    is_additive = fields.Boolean(
        "Months add up", compute='_compute_is_additive', store=True, readonly=False,
        help="The values of the months of a year add up to the year's: so do amounts and numbers of records, but no "
             "rates and averages.")
    model_name = fields.Char(required=False)
    model_choice = fields.Selection(
        '_list_models', "Records of", compute='_compute_model_choice', readonly=False,
        help="What is read: any model of an installed app.")
    partner_path = fields.Char(required=False)
    date_field = fields.Char("Date", tracking=True, help="Without one, records count whatever their age.")
    company_field = fields.Char(
        help="Without one, a record counts for its customer's company, else for all.")
    currency_field = fields.Char(
        "Currency", tracking=True,
        help="An amount in a currency that has no rate is unknown. Leave it empty when every amount is in the "
             "company's currency.")
    rate_field = fields.Char(
        "Rate", tracking=True, help="Rate stored on the record, by which an amount is divided to get the company's "
                                    "currency.")
    measure = fields.Char(tracking=True, help="The number that is read; none for a count.")
    measure_start = fields.Char(
        "Days since", tracking=True,
        help="A date, of the record or of one that it leads to: then the measure is a date too, and what is read are "
             "the days from the first to the second.")
    aggregate = fields.Selection(
        [('sum', "Sum"), ('count', "Count"), ('avg', "Average"), ('min', "Minimum"), ('max', "Maximum")],
        required=True, default='sum', tracking=True)
    grain = fields.Selection(
        GRAINS, "Period", required=True, default='month', help="Length of the periods that it is shown by.")
    include_archived = fields.Boolean(tracking=True, help="Archived records count too; a lost opportunity is one.")

    finds_customers = fields.Boolean(
        "Says who is a customer", default=True, tracking=True,
        help="Whoever has a record in it is a customer whose scores are computed. Of the KPIs that come with the "
             "addon, those that look again at documents which another one reads already don't say it.")

    _code_unique = models.Constraint('UNIQUE(code)', "Another KPI has this code already.")

    # -- checks ----------------------------------------------------------------------------------------------------
    @api.constrains('code', 'aggregate', 'measure', 'kind', 'figure', 'model_name', 'partner_path')
    def _check_definition(self):
        for kpi in self:
            if not CODE.fullmatch(kpi.code):
                raise ValidationError(self.env._(
                    "“%(code)s” can't be a code: use small letters, digits and underscores, a letter first.",
                    code=kpi.code))
            if kpi.code in FUNCTIONS:
                raise ValidationError(self.env._(
                    "“%(code)s” can't be a code: in a formula it means something already.", code=kpi.code))
            if kpi.kind == 'figure' and not kpi.figure:
                raise ValidationError(self.env._("Choose the figure that “%(kpi)s” shows.", kpi=kpi.name))
            if kpi.kind == 'source' and not (kpi.model_name and kpi.partner_path):
                raise ValidationError(self.env._(
                    "Choose the model that “%(kpi)s” reads, and the path from its records to the customer.",
                    kpi=kpi.name))
            if kpi.kind == 'source' and kpi.aggregate != 'count' and not kpi.measure:
                raise ValidationError(self.env._(
                    "Name the number that “%(kpi)s” reads, or let it count records.", kpi=kpi.name))

    @api.constrains('role', 'active', 'kind')
    def _check_role(self):
        for kpi in self:
            if kpi.role and kpi.kind != 'source':
                raise ValidationError(self.env._(
                    "“%(kpi)s” can't play a part in the scores: only a source can. Empty its role.", kpi=kpi.name))
            if not kpi.active or not kpi.role or kpi.role == 'cost_driver':
                continue
            other = self.search([('role', '=', kpi.role), ('id', '!=', kpi.id)], limit=1)
            if other:
                raise ValidationError(self.env._(
                    "“%(other)s” is “%(role)s” already: archive it or take that role from it first.",
                    other=other.name, role=dict(self._fields['role']._description_selection(self.env))[kpi.role]))

    # -- the model, chosen from those that are installed -----------------------------------------------------------
    @api.model
    def _list_models(self):
        # The list of models is for administrators of rights; which apps are installed is no secret.
        rows = self.env['ir.model'].sudo().search_fetch([('transient', '=', False)], ['model', 'name'])
        kept = [row for row in rows if row.model in self.env and not self.env[row.model]._abstract]
        return sorted(((row.model, f'{row.name} ({row.model})') for row in kept), key=lambda choice: choice[1].lower())

    @api.depends('model_name')
    def _compute_model_choice(self):
        for kpi in self:
            model = self.env.get(kpi.model_name or '')
            kpi.model_choice = model is not None and not model._abstract and not model._transient and kpi.model_name

    @api.onchange('model_choice')
    def _onchange_model_choice(self):
        if not self.model_choice or self.model_choice == self.model_name:
            return
        self.model_name = self.model_choice
        model = self.env[self.model_name]
        # what named fields of the other model
        for name in ('date_field', 'measure', 'measure_start', 'currency_field', 'rate_field'):
            if (self[name] or '').split('.')[0] not in model._fields:
                self[name] = False
        self.domain = '[]'
        self.partner_path = 'partner_id' if 'partner_id' in model._fields else False
        self.company_field = 'company_id' if 'company_id' in model._fields else False

    # -- writing ---------------------------------------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        kpis = super().create(vals_list)
        kpis.filtered('active')._grant_source_rights()
        self._forget_states()
        return kpis

    def write(self, vals):
        models_before = self._source_models()
        result = super().write(vals)
        if any(name in vals for name in ('active', 'role', *DEFINITION)):
            self.filtered('active')._grant_source_rights()
            self._revoke_source_rights(models_before)
        self._forget_states()
        return result

    def unlink(self):
        models_before = self._source_models()
        result = super().unlink()
        self._revoke_source_rights(models_before)
        self._forget_states()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_filled(self):
        """Targets, budgets and values would silently go with it."""
        for kpi in self:
            # Those of accounts that the reader may not see count too.
            if any(self.env[name].sudo().search_count([('kpi_id', '=', kpi.id)], limit=1) for name in KEPT_OF_KPI):
                raise UserError(self.env._(
                    "“%(kpi)s” has targets or values, which would be lost: archive it instead. It is not computed or "
                    "offered any longer then, and what there is stays readable.", kpi=kpi.name))

    @api.model
    def _forget_states(self):
        """Whether a KPI is available may hang on another one."""
        self.env['kam.kpi'].invalidate_model(['state', 'state_reason', 'dated', 'tree'])

    def _reads_records(self):
        return self.kind == 'source'

    def _needs_system(self, vals):
        # Formulas and figures show what is computed already: they open no records.
        return 'source' in (self.kind, vals.get('kind')) and super()._needs_system(vals)

    def _refuse_definition(self):
        raise AccessError(self.env._(
            "Only system administrators may activate a KPI of your own or change what an active or shipped one reads, "
            "because it opens records to the worker. Save it archived and ask one of them to activate it."))
