"""Business functions of both sides: what our team members do, and what the customer's people do."""
from odoo import models


class KamFunction(models.Model):
    _name = 'kam.function'
    _description = "Business function"
    _inherit = ['kam.catalogue.mixin']
