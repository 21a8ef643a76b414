"""Whether a key figure can be computed now, and if not, why: told on its definition, whatever is wrong with it.

A broken definition never stops a run. What is wrong with it says `state`; what went wrong although nothing seemed to
be, while a run read it, says `failure`. A KPI that failed is tried again with the next run.
"""
import logging

from odoo import api, fields, models, tools
from odoo.fields import Domain

from .kam_kpi import DEFINITION, SERVICE_GROUP

_logger = logging.getLogger(__name__)
NUMBERS = ('integer', 'float', 'monetary')
DAYS = ('date', 'datetime')


class KamKpi(models.Model):
    _inherit = 'kam.kpi'

    failure = fields.Char(
        "Could not be read", readonly=True, copy=False,
        help="What went wrong when a refresh read it the last time. It is tried again with every refresh.")

    # -- is it there? ----------------------------------------------------------------------------------------------
    @api.depends(*DEFINITION, 'figure', 'formula', 'code')
    @api.depends_context('lang')
    def _compute_state(self):
        super()._compute_state()

    def _find_obstacle(self):
        """A sentence on why there is no value, or False. Never an error: one bad definition is no other's matter."""
        self.ensure_one()
        try:
            if self.kind == 'source':
                return super()._find_obstacle() if self.model_name else self.env._("Choose the model that is read.")
            return self._find_figure_obstacle() if self.kind == 'figure' else self._find_formula_obstacle()
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            return self.env._("The definition can't be used: %(error)s", error=error)

    def _find_figure_obstacle(self):
        return not self.figure and self.env._("Choose the figure that it shows.")

    def _find_definition_obstacle(self, model):
        return (self._find_shape_obstacle(model) or self._find_right_obstacle()
                or self._find_columns_right_obstacle(model) or self._find_ways_obstacle(model))

    def _find_shape_obstacle(self, model):
        """What is wrong with the definition whoever reads by it, or False."""
        if not self.partner_path:
            return self.env._("Choose the path from its records to the customer.")
        return (self._find_path_obstacle(model) or self._find_field_obstacle(model)
                or self._find_days_obstacle(model) or self._find_domain_obstacle(model, self.domain))

    def _find_ways_obstacle(self, model):
        """What the worker's user may not read on the ways that the path and the domain take, or False."""
        conditions = Domain(self._parsed_domain()).iter_conditions()
        ways = [self.partner_path, *(condition.field_expr for condition in conditions)]
        if self.measure_start:
            ways.append(self.measure_start)
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
            if not model._name.startswith('kam.') and not self._may_service_read(model._name):
                return self.env._("The worker's user may not read %(model)s, which the way to the customer or the "
                                  "domain leads through.", model=model._name)
        return False

    def _read_columns(self):
        """What is read of each record: ``(field, types, model that it leads to)``."""
        columns = [
            (self.date_field, DAYS, None), (self.company_field, ('many2one',), 'res.company'),
            (self.currency_field, ('many2one',), 'res.currency'), (self.rate_field, ('float',), None)]
        if self.aggregate != 'count':
            columns.append((self.measure, DAYS if self.measure_start else NUMBERS, None))
        return [column for column in columns if column[0]]

    def _find_field_obstacle(self, model):
        if self.aggregate != 'count' and not self.measure:
            return self.env._("Name the number that it reads, or let it count records.")
        obstacles = (self._find_column_obstacle(model, *column) for column in self._read_columns())
        return next(filter(None, obstacles), False)

    def _find_columns_right_obstacle(self, model):
        """The column that the worker's user may not read, or False."""
        obstacles = (self._find_way_obstacle(model, name) for name, _types, _comodel in self._read_columns())
        return next(filter(None, obstacles), False)

    def _find_days_obstacle(self, model):
        """Why days can't be counted from `measure_start` on: a date of the record, or of the one that it leads to."""
        if not self.measure_start or self.aggregate == 'count':
            return False
        *way, name = self.measure_start.split('.')
        if len(way) > 1:
            return self.env._("%(path)s leads over more than one record: days are counted from a date of the record, "
                              "or of one that it leads to.", path=self.measure_start)
        model, obstacle = self._follow(model, way)
        return obstacle or self._find_column_obstacle(model, name, DAYS)

    def _find_right_obstacle(self):
        if not self._is_ours() and not self._may_service_read(self.model_name):
            return self.env._("The worker's user may not read %(model)s. A system administrator activates this KPI.",
                              model=self.model_name)
        return False

    @api.model
    def _may_service_read(self, model_name):
        return model_name in self._service_models()

    @api.model
    @tools.ormcache()
    def _service_models(self):
        """Names of the models that the worker's user may read. Odoo empties this cache when a right changes."""
        # Rights are system administrators' to read; whether one is missing is everyone's to know.
        rights = self.env['ir.model.access'].sudo().search([
            ('perm_read', '=', True), ('group_id', 'in', [False, self.env.ref(SERVICE_GROUP).id])])
        return frozenset(rights.model_id.mapped('model'))

    # -- in a run --------------------------------------------------------------------------------------------------
    def _set_failure(self, text):
        """Say why a run could not read these KPIs; False when it could."""
        changed = self.filtered(lambda kpi: (kpi.failure or False) != text)
        if changed:
            # The worker's user writes nothing but results; what went wrong with a definition is one.
            changed.sudo().with_context(tracking_disable=True).write({'failure': text})
