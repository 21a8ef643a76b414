"""Short lists that administrators keep and other records choose from: functions, roles, parts, types, competences."""
from odoo import fields, models


class KamCatalogueMixin(models.AbstractModel):
    _name = 'kam.catalogue.mixin'
    _description = "Entry of a list that administrators keep"
    _order = 'sequence, name, id'

    name = fields.Char(required=True, translate=True)
    code = fields.Char(copy=False, help="Technical name by which imports and other systems know it. May be empty.")
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint('UNIQUE(code)', "Another entry of this list has this code already.")
