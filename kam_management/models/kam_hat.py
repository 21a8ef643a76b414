"""The hats that a key account manager wears: seller, conductor, strategist, innovator."""
from odoo import fields, models


class KamHat(models.Model):
    _name = 'kam.hat'
    _description = "Hat of a key account manager"
    _inherit = ['kam.catalogue.mixin']

    description = fields.Char(translate=True)
    color = fields.Integer()
