"""Sorting for models whose numbers, or steps on a scale, may be unknown."""
from odoo import api, models
from odoo.tools import SQL

from ..tools.fields import Scale, UnknownFloat, UnknownInteger


class KamUnknownMixin(models.AbstractModel):
    """Puts the unknown last whichever way a list is sorted: PostgreSQL puts NULL first when descending."""

    _name = 'kam.unknown.mixin'
    _description = "Numbers and steps that may be unknown"

    @api.model
    def _is_unknown_field(self, name):
        return isinstance(self._fields.get(name), (UnknownFloat, UnknownInteger))

    @api.model
    def _is_scale(self, name):
        return isinstance(self._fields.get(name), Scale)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if self._is_scale(field_name):
            column = self._field_to_sql(alias, field_name, query)
            query._order_groupby.append(column)
            return self._step_order(field_name, column, direction)
        if self._is_unknown_field(field_name):
            nulls = SQL("NULLS LAST")
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    @api.model
    def _step_order(self, name, column, direction):
        steps = self._fields[name].get_values(self.env)
        return SQL("array_position(%s, %s::text) %s NULLS LAST", steps, column, direction)

    def _read_group_orderby(self, order, groupby_terms, query):
        terms = [term for term in (order or '').split(',') if term.strip()] or list(groupby_terms)
        if not any(self._is_scale(term.split()[0]) for term in terms):
            return super()._read_group_orderby(self._unknown_last(order), groupby_terms, query)
        parts = []
        for term in terms:
            name, direction = term.split()[0], SQL("DESC") if 'desc' in term.lower().split() else SQL("ASC")
            if self._is_scale(name) and name in groupby_terms:
                parts.append(self._step_order(name, groupby_terms[name], direction))
            else:
                parts.append(super()._read_group_orderby(self._unknown_last(term), groupby_terms, query))
        return SQL(", ").join(part for part in parts if part)

    @api.model
    def _sorted_order_to_function(self, order):
        parts = [
            self._step_function(*term.split()[:2]) if self._is_scale(term.split()[0])
            else super(KamUnknownMixin, self)._sorted_order_to_function(term)
            for term in self._unknown_last(order).split(',')]
        return lambda record: tuple(part(record) for part in parts)

    @api.model
    def _step_function(self, name, direction='ASC'):
        steps = self._fields[name].get_values(self.env)
        if direction.upper() == 'DESC':
            steps.reverse()
        return lambda record: steps.index(record[name]) if record[name] else len(steps)

    @api.model
    def _unknown_last(self, order):
        """Add NULLS LAST to the terms of `order` that are, or aggregate, a number that may be unknown."""
        terms = []
        for term in (order or '').split(','):
            words = term.split()
            if words and self._is_unknown_field(words[0].split(':')[0]):
                direction = 'DESC' if 'desc' in term.lower().split() else 'ASC'
                term = f"{words[0]} {direction} NULLS LAST"
            terms.append(term)
        return ','.join(terms)
