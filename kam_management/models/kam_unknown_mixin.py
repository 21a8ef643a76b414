"""Sorting for models whose numbers may be unknown."""
from odoo import api, models
from odoo.tools import SQL

from ..tools.fields import UnknownFloat, UnknownInteger


class KamUnknownMixin(models.AbstractModel):
    """Puts the unknown last whichever way a list is sorted: PostgreSQL puts NULL first when descending."""

    _name = 'kam.unknown.mixin'
    _description = "Numbers that may be unknown"

    @api.model
    def _is_unknown_field(self, name):
        return isinstance(self._fields.get(name), (UnknownFloat, UnknownInteger))

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if self._is_unknown_field(field_name):
            nulls = SQL("NULLS LAST")
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    def _read_group_orderby(self, order, groupby_terms, query):
        return super()._read_group_orderby(self._unknown_last(order), groupby_terms, query)

    @api.model
    def _sorted_order_to_function(self, order):
        return super()._sorted_order_to_function(self._unknown_last(order))

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
