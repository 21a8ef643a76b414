"""The customer's journey: the moments in which it meets us, in their order, and which of them are moments of truth."""
from odoo import api, fields, models
from odoo.exceptions import UserError


class KamTouchpoint(models.Model):
    _name = 'kam.touchpoint'
    _description = "Touchpoint of the customer's journey"
    _inherit = ['kam.catalogue.mixin']

    description = fields.Char(translate=True)
    is_moment_of_truth = fields.Boolean(
        "Moment of truth", help="A moment in which the customer decides what it thinks of us.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # Answers that the reader may not see count too.
        used = self.env['kam.satisfaction.response'].sudo().with_context(active_test=False).search(
            [('touchpoint_id', 'in', self.ids)], limit=1)
        if used:
            raise UserError(self.env._(
                "There are answers on “%(touchpoint)s”: archive it instead. It can't be chosen any longer then, and "
                "the answers keep it.", touchpoint=used.touchpoint_id.name))
        # Sources are read by few.
        asked = self.env['kam.satisfaction.source'].sudo().with_context(active_test=False).search(
            [('touchpoint_id', 'in', self.ids)], limit=1)
        if asked:
            raise UserError(self.env._(
                "The source of answers “%(name)s” asks about “%(touchpoint)s”: choose another touchpoint there, or "
                "archive this one.", name=asked.name, touchpoint=asked.touchpoint_id.name))
