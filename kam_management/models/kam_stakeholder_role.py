"""Roles that people of the customer play when it buys: a tier says which of them must be known."""
from odoo import fields, models


class KamStakeholderRole(models.Model):
    _name = 'kam.stakeholder.role'
    _description = "Role in the buying decision"
    _inherit = ['kam.catalogue.mixin']

    description = fields.Char(translate=True)
