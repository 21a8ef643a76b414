"""Roles that people of the customer play when it buys: a tier says which of them must be known."""
from odoo import fields, models


class KamStakeholderRole(models.Model):
    _name = 'kam.stakeholder.role'
    _description = "Role in the buying decision"
    _order = 'sequence, name, id'

    name = fields.Char(required=True, translate=True)
    code = fields.Char(copy=False, help="Technical name, such as decider.")
    description = fields.Char(translate=True)
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)

    _code_unique = models.Constraint('UNIQUE(code)', "Another role has this code already.")
