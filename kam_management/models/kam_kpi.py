"""Key figures that are read from any installed Odoo model.

A KPI names the model, which records, the way to the customer, the date and what to measure. The model is a name and
no relation: a KPI whose app is not installed is shown as unavailable, and is no error.

A source that is active lets the worker's user read its model (see `kam_kpi_access`). That is why only system
administrators may activate one of their own making, or change what an active one reads: configuring a KPI would
otherwise read payroll.
"""
import ast
import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

SERVICE_GROUP = 'kam_management.group_kam_service'
CODE = re.compile(r'[a-z][a-z0-9_]*')
AREAS = [
    ('opportunities', "Opportunities"), ('sales', "Sales"), ('relationships', "Relationships"),
    ('satisfaction', "Satisfaction"), ('alerts', "Alerts"), ('supply', "Supply"), ('finance', "Finance"),
]
ROLES = [
    ('revenue_invoices', "Revenue: invoices"), ('revenue_orders', "Revenue: orders"),
    ('revenue_opportunities', "Revenue: won opportunities"), ('margin', "Margin"),
    ('margin_base', "Revenue that the margin is read from"), ('pipeline', "Pipeline"),
    ('cost_driver', "Cost driver"),
]
# What a KPI reads: changing one of these changes what the worker's user may see.
DEFINITION = ('kind', 'model_name', 'domain', 'partner_path', 'date_field', 'company_field', 'currency_field',
              'rate_field', 'measure', 'aggregate', 'include_archived')


class KamKpi(models.Model):
    _name = 'kam.kpi'
    _description = "Key figure"
    _inherit = ['mail.thread']
    _order = 'sequence, id'

    code = fields.Char(required=True, copy=False, tracking=True, help="Technical name, such as orders_revenue.")
    name = fields.Char(required=True, translate=True)
    description = fields.Text(translate=True)
    sequence = fields.Integer(default=100)
    active = fields.Boolean(
        default=lambda self: self.env.su or self.env.user.has_group('base.group_system'), tracking=True,
        help="Activating a KPI lets the worker read its model; only system administrators may do that for a KPI that "
             "is not shipped.")
    shipped = fields.Boolean(readonly=True, copy=False, help="Comes with the addon.")
    kind = fields.Selection([('source', "Source")], required=True, default='source')
    area = fields.Selection(AREAS, required=True, default='sales')
    role = fields.Selection(
        ROLES, tracking=True, help="The part that it plays in the scores. One active KPI plays each part; there may be "
                                   "many cost drivers.")
    model_name = fields.Char(
        "Model", required=True, tracking=True, help="Technical name of the model that is read, such as sale.order.")
    domain = fields.Char(
        required=True, default='[]', tracking=True, help="Which records count, as a domain of constants.")
    partner_path = fields.Char(
        "Path to the customer", required=True, default='partner_id', tracking=True,
        help="Field, or fields with dots between, that lead to a contact.")
    date_field = fields.Char("Date", tracking=True, help="Without one, records count whatever their age.")
    company_field = fields.Char(
        "Company", tracking=True, help="Without one, a record counts for its customer's company, else for all.")
    currency_field = fields.Char(
        "Currency", tracking=True,
        help="An amount in a currency that has no rate is unknown. Leave it empty when every amount is in the "
             "company's currency.")
    rate_field = fields.Char(
        "Rate", tracking=True, help="Rate stored on the record, by which an amount is divided to get the company's "
                                    "currency.")
    measure = fields.Char(tracking=True, help="The number that is read; none for a count.")
    aggregate = fields.Selection(
        [('sum', "Sum"), ('count', "Count"), ('avg', "Average"), ('min', "Minimum"), ('max', "Maximum")],
        required=True, default='sum', tracking=True)
    grain = fields.Selection(
        [('day', "Day"), ('week', "Week"), ('month', "Month"), ('quarter', "Quarter"), ('year', "Year")],
        required=True, default='month', help="Length of the periods that it is shown by.")
    include_archived = fields.Boolean(tracking=True, help="Archived records count too; a lost opportunity is one.")
    state = fields.Selection(
        [('available', "Available"), ('unavailable', "Unavailable")], compute='_compute_state')
    state_reason = fields.Char("Why it is unavailable", compute='_compute_state')

    _code_unique = models.Constraint('UNIQUE(code)', "Another KPI has this code already.")

    # -- is it there? ----------------------------------------------------------------------------------------------
    @api.depends(*DEFINITION)
    @api.depends_context('lang')
    def _compute_state(self):
        for kpi in self:
            reason = kpi._find_obstacle()
            kpi.state_reason = reason
            kpi.state = 'unavailable' if reason else 'available'

    def _find_obstacle(self):
        """A sentence on why this source can't be read now, or False."""
        self.ensure_one()
        model = self.env.get(self.model_name or '')
        if model is None:
            return self.env._("The app that brings %(model)s is not installed.", model=self.model_name or '')
        if model._abstract or model._transient:
            return self.env._("%(model)s keeps no records.", model=self.model_name)
        return (self._find_path_obstacle(model) or self._find_field_obstacle(model)
                or self._find_domain_obstacle(model) or self._find_right_obstacle()
                or self._find_ways_obstacle(model))

    def _find_path_obstacle(self, model):
        for name in (self.partner_path or '').split('.'):
            field = model._fields.get(name)
            if not field:
                return self.env._("%(model)s has no field %(field)s.", model=model._name, field=name)
            if field.type != 'many2one' or not field.store:
                return self.env._("%(field)s of %(model)s leads to no single record.", model=model._name, field=name)
            model = self.env[field.comodel_name]
        if model._name != 'res.partner':
            return self.env._("The path %(path)s leads to %(model)s, not to a contact.",
                              path=self.partner_path, model=model._name)
        return False

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
            field = model._fields.get(name)
            if not field:
                return self.env._("%(model)s has no field %(field)s.", model=model._name, field=name)
            if field.type not in types or (comodel and field.comodel_name != comodel):
                return self.env._("%(field)s of %(model)s is of the wrong type for this.",
                                  model=model._name, field=name)
            if not field.store or not field.column_type:
                return self.env._("%(field)s of %(model)s is not stored, so it can't be added up.",
                                  model=model._name, field=name)
            if field.groups and SERVICE_GROUP not in field.groups:
                return self.env._("The worker's user may not read %(field)s of %(model)s.",
                                  model=model._name, field=name)
        return False

    def _find_domain_obstacle(self, model):
        try:
            domain = Domain(self._parsed_domain())
            domain.validate(model.sudo())  # only its form is checked, nothing is read
        except Exception as error:  # a domain can be wrong in many ways, each of them only worth a word
            return self.env._("The domain can't be used: %(error)s", error=error)
        if any('any' in condition.operator for condition in domain.iter_conditions()):
            return self.env._("The domain can't be used: write a path with dots instead of “any”.")
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

    def _parsed_domain(self):
        """The domain as a list. Only constants: it is never evaluated as Python."""
        self.ensure_one()
        return ast.literal_eval((self.domain or '[]').strip())

    # -- checks ----------------------------------------------------------------------------------------------------
    @api.constrains('code', 'domain', 'aggregate', 'measure', 'kind')
    def _check_definition(self):
        for kpi in self:
            if not CODE.fullmatch(kpi.code):
                raise ValidationError(self.env._(
                    "“%(code)s” can't be a code: use small letters, digits and underscores, a letter first.",
                    code=kpi.code))
            try:
                parsed = kpi._parsed_domain()
                Domain(parsed)
            except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
                parsed = None
            if not isinstance(parsed, list):
                raise ValidationError(self.env._(
                    "The domain of “%(kpi)s” must be a list of conditions made of constants, such as "
                    "[('state', '=', 'sale')].", kpi=kpi.name))
            if kpi.aggregate != 'count' and not kpi.measure:
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
    def _is_system(self):
        return self.env.su or self.env.user.has_group('base.group_system')

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any('shipped' in vals for vals in vals_list):
            self._refuse_definition()
        kpis = super().create(vals_list)
        if not self._is_system() and (kpis.filtered('active') or kpis.filtered('shipped')):
            self._refuse_definition()
        kpis.filtered('active')._grant_source_rights()
        return kpis

    def write(self, vals):
        if not self._is_system() and any(kpi._needs_system(vals) for kpi in self):
            self._refuse_definition()
        if 'shipped' in vals and not self.env.su:
            self._refuse_definition()
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

    def _needs_system(self, vals):
        """Whether `vals` change what the worker may read."""
        self.ensure_one()
        changed = any(name in vals and (vals[name] or False) != (self[name] or False) for name in DEFINITION)
        activated = bool(vals.get('active')) and not self.active
        return (changed and (self.active or self.shipped)) or (activated and not self.shipped)

    def _refuse_definition(self):
        raise AccessError(self.env._(
            "Only system administrators may activate a KPI of your own or change what an active or shipped one reads, "
            "because it opens records to the worker. Save it archived and ask one of them to activate it."))
