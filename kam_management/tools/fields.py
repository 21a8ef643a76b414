"""Numbers that may be unknown.

Odoo's `Float` reads NULL as 0, so a search for small numbers finds the unknown, and an average counts it. These
types keep NULL apart from zero in the column, in the cache, in searches, in exports and over RPC, where an unknown
number is read as `False`:

    ('health', '<', 50)      never finds an unknown health
    ('health', '=', False)   finds exactly the unknown ones
    ('health', '=', 0)       finds exactly the zeros

In Python, test with `is False`: zero is falsy too. Models with such fields inherit `kam.unknown.mixin`, which sorts
the unknown last in both directions.
"""
import sys

from odoo import fields
from odoo.fields import Domain

# The hook by which a type of field has its say in a domain has no public name; addons may not import odoo.orm.
field_type_optimization = sys.modules[Domain.__module__].field_type_optimization


def is_unknown(value):
    """Whether a value, in any of the ORM's formats, stands for "unknown". Zero does not."""
    return value is None or value is False or value == ""


class _Unknown:
    """What both types share; goes before Odoo's own field class."""

    falsy_value = None

    def convert_to_column(self, value, record, values=None, validate=True):
        return None if is_unknown(value) else super().convert_to_column(value, record, values, validate)

    def convert_to_cache(self, value, record, validate=True):
        return None if is_unknown(value) else super().convert_to_cache(value, record, validate)

    def convert_to_record(self, value, record):
        return False if value is None else value

    def convert_to_read(self, value, record, use_display_name=True):
        return False if is_unknown(value) else super().convert_to_read(value, record, use_display_name)

    def convert_to_export(self, value, record):
        return "" if is_unknown(value) else value

    def convert_to_display_name(self, value, record):
        return False if is_unknown(value) else str(value)

    def filter_function(self, records, field_expr, operator, value):
        if operator != "in":
            return super().filter_function(records, field_expr, operator, value)
        # Python holds 0 and False for equal: the two questions are asked apart
        getter = self.expression_getter(field_expr)
        unknown = any(is_unknown(item) for item in value)
        known = {item for item in value if not is_unknown(item)}

        def matches(record):
            found = getter(record)
            return unknown if found is False else found in known
        return matches


class UnknownFloat(_Unknown, fields.Float):
    """A float that may be unknown. The average is the aggregate that makes sense for most scores."""

    aggregator = "avg"


class UnknownInteger(_Unknown, fields.Integer):
    """An integer that may be unknown, such as a rank."""

    aggregator = "min"


@field_type_optimization(["float", "integer"])
def _zero_is_not_unknown(condition, model):
    """Take a zero out of a set of values before sets are merged: {0} ∪ {False} is one element for Python."""
    if condition.operator not in ("in", "not in") or not isinstance(condition._field(model), _Unknown):
        return condition
    others = [value for value in condition.value if is_unknown(value) or value != 0]
    if len(others) == len(condition.value):
        return condition
    name = condition.field_expr
    positive = Domain(name, ">=", 0) & Domain(name, "<=", 0)
    if others:
        positive |= Domain(name, "in", others)
    return positive if condition.operator == "in" else ~positive


class Scale(fields.Selection):
    """A choice of one step of a scale, named from the lowest on.

    Models with such fields inherit `kam.unknown.mixin`, which sorts them by their steps and not by the letters of their
    keys ("high", "low", "medium"), and those where nobody chose last.
    """


class OptionalReference(fields.Reference):
    """A reference to a model of an app that may be uninstalled: what led there reads as empty then."""

    def convert_to_cache(self, value, record, validate=True):
        if isinstance(value, str) and value.split(",")[0] not in record.env:
            return None
        return super().convert_to_cache(value, record, validate)

    def convert_to_record(self, value, record):
        # what stands in the column goes to the cache as it is
        if value and value.split(",")[0] not in record.env:
            return None
        return super().convert_to_record(value, record)
