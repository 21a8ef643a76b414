"""What reads the records of any installed model: which model, which records, and the way to the customer.

The model is a name and no relation: where its app is not installed, the source is shown as unavailable, and that is no
error. What exactly may be read is each model's to say (`_find_definition_obstacle`).

Reading a model of one's choice reads past the rights that its app gives. That is why only system administrators may
activate a source of their own making, or change what an active one reads: it would otherwise read payroll. Those that
the addon ships were chosen with care, and Key Accounts administrators may archive them and take them back.
"""
import ast

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools.fields import is_unknown


class KamRecordSourceMixin(models.AbstractModel):
    _name = 'kam.record.source.mixin'
    _description = "Reads the records of any model"
    _inherit = ['mail.thread']

    # What it reads: changing one of these is for system administrators.
    _kam_definition = ('model_name', 'domain', 'partner_path', 'company_field')

    active = fields.Boolean(
        default=lambda self: self.env.su or self.env.user.has_group('base.group_system'), tracking=True)
    shipped = fields.Boolean(readonly=True, copy=False, help="Comes with the addon.")
    model_name = fields.Char(
        "Model", required=True, tracking=True, help="Technical name of the model that is read, such as sale.order.")
    domain = fields.Char(
        required=True, default='[]', tracking=True, help="Which records count, as a domain of constants.")
    partner_path = fields.Char(
        "Path to the customer", required=True, default='partner_id', tracking=True,
        help="Field, or fields with dots between, that lead to a contact.")
    company_field = fields.Char("Company", tracking=True)
    state = fields.Selection(
        [('available', "Available"), ('unavailable', "Unavailable")], compute='_compute_state')
    state_reason = fields.Char("Why it is unavailable", compute='_compute_state')

    # -- is it there? ----------------------------------------------------------------------------------------------
    @api.depends(lambda self: self._kam_definition)
    @api.depends_context('lang')
    def _compute_state(self):
        for source in self:
            reason = source._find_obstacle()
            source.state_reason = reason
            source.state = 'unavailable' if reason else 'available'

    def _find_obstacle(self):
        """A sentence on why this source can't be read now, or False."""
        self.ensure_one()
        model = self.env.get(self.model_name or '')
        if model is None:
            return self.env._("The app that brings %(model)s is not installed.", model=self.model_name or '')
        if model._abstract or model._transient:
            return self.env._("%(model)s keeps no records.", model=self.model_name)
        return self._find_definition_obstacle(model)

    def _find_definition_obstacle(self, model):
        """What is wrong with the rest of the definition, or False. Models of ours add theirs."""
        return self._find_path_obstacle(model) or self._find_domain_obstacle(model, self.domain)

    def _find_path_obstacle(self, model):
        model, obstacle = self._follow(model, (self.partner_path or '').split('.'))
        if not obstacle and model._name != 'res.partner':
            return self.env._("The path %(path)s leads to %(model)s, not to a contact.",
                              path=self.partner_path, model=model._name)
        return obstacle

    def _follow(self, model, names):
        """``(model, obstacle)``: the model that fields lead to, one after the other, and what is in the way."""
        for name in names:
            field = model._fields.get(name)
            if not field:
                return model, self.env._("%(model)s has no field %(field)s.", model=model._name, field=name)
            if field.type != 'many2one' or not field.store:
                return model, self.env._(
                    "%(field)s of %(model)s leads to no single record.", model=model._name, field=name)
            model = self.env[field.comodel_name]
        return model, False

    def _find_column_obstacle(self, model, name, types, comodel=None):
        """Why a field is no stored column of one of these types, or False."""
        field = model._fields.get(name)
        if not field:
            return self.env._("%(model)s has no field %(field)s.", model=model._name, field=name)
        if field.type not in types or (comodel and field.comodel_name != comodel):
            return self.env._("%(field)s of %(model)s is of the wrong type for this.", model=model._name, field=name)
        if not field.store or not field.column_type:
            return self.env._("%(field)s of %(model)s is not stored, so it can't be added up.",
                              model=model._name, field=name)
        return False

    def _find_domain_obstacle(self, model, text):
        try:
            domain = Domain(self._parse_domain(text))
            domain.validate(model.sudo())  # only its form is checked, nothing is read
        except Exception as error:  # a domain can be wrong in many ways, each of them only worth a word
            return self.env._("The domain can't be used: %(error)s", error=error)
        if any('any' in condition.operator for condition in domain.iter_conditions()):
            return self.env._("The domain can't be used: write a path with dots instead of “any”.")
        return False

    @api.model
    def _parse_domain(self, text):
        """A domain as a list. Only constants: it is never evaluated as Python."""
        return ast.literal_eval((text or '[]').strip())

    def _parsed_domain(self):
        self.ensure_one()
        return self._parse_domain(self.domain)

    # -- checks ----------------------------------------------------------------------------------------------------
    @api.constrains('domain')
    def _check_domain(self):
        for source in self:
            source._refuse_bad_domain(source.domain)

    def _refuse_bad_domain(self, text):
        try:
            parsed = self._parse_domain(text)
            Domain(parsed)
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            parsed = None
        if not isinstance(parsed, list):
            raise ValidationError(self.env._(
                "The domain of “%(kpi)s” must be a list of conditions made of constants, such as "
                "[('state', '=', 'sale')].", kpi=self.display_name))

    # -- writing ---------------------------------------------------------------------------------------------------
    def _is_system(self):
        return self.env.su or self.env.user.has_group('base.group_system')

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any('shipped' in vals for vals in vals_list):
            self._refuse_definition()
        sources = super().create(vals_list)
        if not self._is_system() and sources.filtered(
                lambda source: source.shipped or (source.active and source._reads_records())):
            self._refuse_definition()
        return sources

    def write(self, vals):
        if not self._is_system() and any(source._needs_system(vals) for source in self):
            self._refuse_definition()
        if 'shipped' in vals and not self.env.su:
            self._refuse_definition()
        return super().write(vals)

    def _reads_records(self):
        """Whether it opens a model at all."""
        return True

    def _needs_system(self, vals):
        """Whether `vals` change what is read."""
        self.ensure_one()
        activated = bool(vals.get('active')) and not self.active
        return (self._redefines(vals) and (self.active or self.shipped)) or (activated and not self.shipped)

    def _redefines(self, vals):
        """Whether `vals` hold another definition than the present one."""
        self.ensure_one()
        for name in self._kam_definition:
            if name in vals:
                before = self._fields[name].convert_to_write(self[name], self)
                if is_unknown(vals[name]) != is_unknown(before):
                    return True
                if not is_unknown(before) and vals[name] != before:
                    return True
        return False

    def _refuse_definition(self):
        """Say that this is for system administrators; each model in its own words."""
        raise NotImplementedError
