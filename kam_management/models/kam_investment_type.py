"""What one invests in when a customer is a key account: people, training, sponsorship, product, technology, channel."""
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class KamInvestmentType(models.Model):
    _name = 'kam.investment.type'
    _description = "Investment type"
    _inherit = ['kam.catalogue.mixin']

    description = fields.Text(translate=True, help="What investments of this type are, in a sentence or two.")
    life = fields.Integer(
        "Usual life in months", required=True, default=12, help="The life that a new investment of this type gets.")

    @api.constrains('life')
    def _check_life(self):
        for kind in self:
            if not 1 <= kind.life <= 120:
                raise ValidationError(self.env._(
                    "Choose a usual life of 1 to 120 months for “%(type)s”.", type=kind.name))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # Investments that the reader may not see, and archived ones, count too.
        investments = self.env['kam.investment'].sudo().with_context(active_test=False)
        used = investments.search([('type_id', 'in', self.ids)], limit=1).type_id
        if used:
            raise UserError(self.env._(
                "Investments are of the type “%(type)s”: archive it instead. It can't be chosen any longer then, and "
                "the investments keep it.", type=used.name))
