"""Parts of an account plan: a tier says which of them it requires."""
from odoo import fields, models


class KamPlanPart(models.Model):
    _name = 'kam.plan.part'
    _description = "Part of the account plan"
    _order = 'sequence, name, id'

    name = fields.Char(required=True, translate=True)
    code = fields.Char(copy=False, help="Technical name, such as priorities.")
    description = fields.Char(translate=True)
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint('UNIQUE(code)', "Another part has this code already.")
