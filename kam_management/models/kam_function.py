"""Business functions of both sides: what our team members do, and what the customer's people do."""
from odoo import fields, models


class KamFunction(models.Model):
    _name = 'kam.function'
    _description = "Business function"
    _order = 'sequence, name, id'

    name = fields.Char(required=True, translate=True)
    code = fields.Char(copy=False, help="Technical name, such as logistics.")
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint('UNIQUE(code)', "Another function has this code already.")
