"""Key figures that are read from any installed Odoo model.

A KPI names the model, which records, the way to the customer, the date and what to measure. The model is a name and
no relation: a KPI whose app is not installed is shown as unavailable, and is no error.

A source that is active lets the worker's user read its model (see `kam_kpi_access`). That is why only system
administrators may activate one of their own making, or change what an active one reads: configuring a KPI would
otherwise read payroll.
"""
import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from ..tools.kpi import AREAS, FIGURES, GRAINS, KINDS, ROLES, UNITS

SERVICE_GROUP = 'kam_management.group_kam_service'
CODE = re.compile(r'[a-z][a-z0-9_]*')
# What a KPI reads: changing one of these changes what the worker's user may see.
DEFINITION = ('kind', 'model_name', 'domain', 'partner_path', 'date_field', 'company_field', 'currency_field',
              'rate_field', 'measure', 'measure_start', 'aggregate', 'include_archived')


class KamKpi(models.Model):
    _name = 'kam.kpi'
    _description = "Key figure"
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

    _code_unique = models.Constraint('UNIQUE(code)', "Another KPI has this code already.")

    # -- is it there? ----------------------------------------------------------------------------------------------
    def _find_definition_obstacle(self, model):
        return (self._find_path_obstacle(model) or self._find_field_obstacle(model)
                or self._find_domain_obstacle(model, self.domain) or self._find_right_obstacle()
                or self._find_ways_obstacle(model))

    def _find_ways_obstacle(self, model):
        """What the worker's user may not read on the ways that the path and the domain take, or False."""
        conditions = Domain(self._parsed_domain()).iter_conditions()
        ways = [self.partner_path, *(condition.field_expr for condition in conditions)]
        return next(filter(None, (self._find_way_obstacle(model, way) for way in ways)), False)

    def _find_way_obstacle(self, model, path):
        """What the worker's user may not read on the way along a dotted path, or False."""
        for name in path.split('.'):
            field = model._fields.get(name)
            if not field:
                return False
            if field.groups and SERVICE_GROUP not in field.groups:
                return self.env._("The worker's user may not read %(field)s of %(model)s.",
                                  model=model._name, field=name)
            if not field.relational:
                return False
            model = self.env[field.comodel_name]
            if not self._may_service_read(model._name):
                return self.env._("The worker's user may not read %(model)s, which the way to the customer or the "
                                  "domain leads through.", model=model._name)
        return False

    def _find_field_obstacle(self, model):
        wanted = [
            (self.date_field, ('date', 'datetime'), None), (self.company_field, ('many2one',), 'res.company'),
            (self.currency_field, ('many2one',), 'res.currency'), (self.rate_field, ('float',), None)]
        if self.aggregate != 'count':
            wanted.append((self.measure, ('integer', 'float', 'monetary'), None))
        for name, types, comodel in wanted:
            if not name:
                continue
            obstacle = self._find_column_obstacle(model, name, types, comodel)
            if obstacle:
                return obstacle
            field = model._fields[name]
            if field.groups and SERVICE_GROUP not in field.groups:
                return self.env._("The worker's user may not read %(field)s of %(model)s.",
                                  model=model._name, field=name)
        return False

    def _find_right_obstacle(self):
        if not self._may_service_read(self.model_name):
            return self.env._("The worker's user may not read %(model)s. A system administrator activates this KPI.",
                              model=self.model_name)
        return False

    @api.model
    def _may_service_read(self, model_name):
        # Rights are system administrators' to read; whether one is missing is everyone's to know.
        return bool(self.env['ir.model.access'].sudo().search_count([
            ('model_id.model', '=', model_name), ('perm_read', '=', True),
            ('group_id', 'in', [False, self.env.ref(SERVICE_GROUP).id])], limit=1))

    # -- checks ----------------------------------------------------------------------------------------------------
    @api.constrains('code', 'aggregate', 'measure', 'kind')
    def _check_definition(self):
        for kpi in self:
            if not CODE.fullmatch(kpi.code):
                raise ValidationError(self.env._(
                    "“%(code)s” can't be a code: use small letters, digits and underscores, a letter first.",
                    code=kpi.code))
            if kpi.kind == 'source' and kpi.aggregate != 'count' and not kpi.measure:
                raise ValidationError(self.env._(
                    "Name the number that “%(kpi)s” reads, or let it count records.", kpi=kpi.name))

    @api.constrains('role', 'active')
    def _check_role(self):
        for kpi in self:
            if not kpi.active or not kpi.role or kpi.role == 'cost_driver':
                continue
            other = self.search([('role', '=', kpi.role), ('id', '!=', kpi.id)], limit=1)
            if other:
                raise ValidationError(self.env._(
                    "“%(other)s” is “%(role)s” already: archive it or take that role from it first.",
                    other=other.name, role=dict(self._fields['role']._description_selection(self.env))[kpi.role]))

    # -- writing ---------------------------------------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        kpis = super().create(vals_list)
        kpis.filtered('active')._grant_source_rights()
        return kpis

    def write(self, vals):
        models_before = self._source_models()
        result = super().write(vals)
        if any(name in vals for name in ('active', 'role', *DEFINITION)):
            self.filtered('active')._grant_source_rights()
            self._revoke_source_rights(models_before)
        return result

    def unlink(self):
        models_before = self._source_models()
        result = super().unlink()
        self._revoke_source_rights(models_before)
        return result

    def _refuse_definition(self):
        raise AccessError(self.env._(
            "Only system administrators may activate a KPI of your own or change what an active or shipped one reads, "
            "because it opens records to the worker. Save it archived and ask one of them to activate it."))
