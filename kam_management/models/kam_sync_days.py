"""Days between two dates as what a source measures."""
from odoo import api, models
from odoo.tools import SQL


class KamSync(models.AbstractModel):
    _inherit = 'kam.sync'

    @api.model
    def _measure(self, model, query, kpi, company):
        """With `measure_start`, the days from that date to the measure; a record without one of them has none."""
        if not kpi.measure_start or kpi.aggregate == 'count':
            return super()._measure(model, query, kpi, company)
        return SQL("%s(%s)", SQL.identifier(kpi.aggregate), self._days_between(model, query, kpi, company)), ()

    @api.model
    def _days_between(self, model, query, kpi, company):
        """Whole days, counted in the company's time zone where a date has a time."""
        *way, start = kpi.measure_start.split('.')
        alias, start_model = model._table, model
        if way:
            field = model._fields[way[0]]
            start_model = model.env[field.comodel_name]
            # only the one column of the record that is led to is read, and that the worker may was checked
            alias = query.left_join(model._table, way[0], start_model._table, 'id', way[0])
        first = self._day_of(start_model, alias, start, query, company)
        last = self._day_of(model, model._table, kpi.measure, query, company)
        return SQL("(%s - %s)", last, first)

    @api.model
    def _day_of(self, model, alias, name, query, company):
        column = model._field_to_sql(alias, name, query)
        if model._fields[name].type != 'datetime':
            return column
        return SQL("timezone(%s, timezone('UTC', %s))::date", self._timezone(company), column)
