"""Of answers that were collected: from which source, what was given there, and the way back."""
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.fields import UnknownFloat


class KamSatisfactionResponse(models.Model):
    _inherit = 'kam.satisfaction.response'

    source_id = fields.Many2one(
        'kam.satisfaction.source', "Source", readonly=True, copy=False, index='btree_not_null', ondelete='set null')
    origin_value = UnknownFloat(
        "As given", readonly=True, copy=False, aggregator=None,
        help="The number at the origin. A moment of truth keeps there what it was judged by.")
    origin_comment = fields.Char(
        readonly=True, copy=False, export_string_translation=False,
        help="Which words were taken over, as a checksum: what people change here is not overwritten.")

    def action_open_origin(self):
        """The record that it comes from, opened with the reader's rights."""
        self.ensure_one()
        return self._action_origin(self.origin_model, self.origin_id)

    @api.model
    def _action_origin(self, model, number):
        if model not in self.env or not self.env[model].browse(number).exists():
            raise UserError(self.env._(
                "The record that it comes from is gone, or the app that keeps it was uninstalled. The answer was "
                "given, so it stays."))
        self.env[model].browse(number).check_access('read')
        return {'type': 'ir.actions.act_window', 'res_model': model, 'res_id': number, 'views': [(False, 'form')]}
