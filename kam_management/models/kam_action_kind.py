"""Kinds of action, and what each is prefilled with. The codes of those that ship are what the product goes by."""
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.fields import UnknownFloat

# The phases of selling. How the time between them is spent moves from closing to trust.
PHASES = [
    ('trust', "Building trust"),
    ('needs', "Understanding needs"),
    ('presentation', "Presenting"),
    ('closing', "Closing"),
]
NEGOTIATION = 'negotiation'
REQUEST = 'request'


class KamActionKind(models.Model):
    _name = 'kam.action.kind'
    _description = "Kind of action"
    _inherit = ['kam.catalogue.mixin', 'kam.unknown.mixin']

    description = fields.Char(translate=True)
    hat_id = fields.Many2one('kam.hat', "Hat", ondelete='restrict', index='btree_not_null')
    phase = fields.Selection(PHASES, "Sales phase")
    effort = UnknownFloat("Effort (hours)", help="What such an action usually takes, with its preparation.")
    is_shared = fields.Boolean(
        "Told to the customer", default=True,
        help="Whether actions of this kind stand in the customer's version of the value report, unless said otherwise.")

    @api.constrains('effort')
    def _check_effort(self):
        for kind in self:
            if kind.effort is not False and not 0 <= kind.effort <= 1000:
                raise ValidationError(self.env._(
                    "“%(kind)s”: an effort is between 0 and 1,000 hours, or empty while unknown.", kind=kind.name))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # Actions that the reader may not see count too.
        used = self.env['kam.action'].sudo().with_context(active_test=False).search(
            [('kind_id', 'in', self.ids)], limit=1)
        if used:
            raise UserError(self.env._(
                "There are actions of the kind “%(kind)s”: archive it instead. It can't be chosen any longer then, and "
                "the actions keep it.", kind=used.kind_id.name))
