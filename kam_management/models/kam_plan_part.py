"""Parts of an account plan: a tier says which of them it requires."""
from odoo import fields, models


class KamPlanPart(models.Model):
    _name = 'kam.plan.part'
    _description = "Part of the account plan"
    _inherit = ['kam.catalogue.mixin']

    description = fields.Char(translate=True)
