"""Roles that people of the customer play when it buys: a tier says which of them must be known."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.fields import UnknownInteger


class KamStakeholderRole(models.Model):
    _name = 'kam.stakeholder.role'
    _description = "Role in the buying decision"
    _inherit = ['kam.catalogue.mixin', 'kam.unknown.mixin']

    description = fields.Char(translate=True)
    cadence_days = UnknownInteger(
        "Contact every (days)", help="How many days may pass between two contacts with whoever plays this role. "
                                     "Empty: this role asks for no rhythm of its own.")

    @api.constrains('cadence_days')
    def _check_cadence_days(self):
        for role in self:
            if role.cadence_days is not False and not 1 <= role.cadence_days <= 730:
                raise ValidationError(self.env._(
                    "“%(role)s”: write how many days may pass between two contacts, from 1 to 730, or leave it empty.",
                    role=role.name))
