"""Accepting against the odds, or declining: the decision and its reason in one step."""
from odoo import api, fields, models
from odoo.exceptions import UserError


class KamNominationDecision(models.TransientModel):
    _name = 'kam.nomination.decision'
    _description = "Decision on a nomination"

    nomination_id = fields.Many2one('kam.nomination', required=True, ondelete='cascade')
    decision = fields.Selection([('accept', "Accept"), ('decline', "Decline")], required=True)
    exceptions = fields.Text(compute='_compute_exceptions')
    reason = fields.Text(required=True)

    @api.depends('nomination_id')
    def _compute_exceptions(self):
        self._check_readable()
        for dialog in self:
            dialog.exceptions = dialog.nomination_id.exceptions

    @api.model_create_multi
    def create(self, vals_list):
        dialogs = super().create(vals_list)
        dialogs._check_readable()
        return dialogs

    def write(self, vals):
        result = super().write(vals)
        self._check_readable()
        return result

    def _check_readable(self):
        """Whoever may not read a nomination learns nothing of it by deciding on it. Not a constraint: Odoo runs those
        as the system."""
        self.nomination_id.check_access('read')

    def action_confirm(self):
        self.ensure_one()
        reason = (self.reason or '').strip()
        if not reason:
            raise UserError(self.env._("Give a reason: it stays on the decision, for whoever asks later."))
        if self.decision == 'accept':
            self.nomination_id.exception_reason = reason
            self.nomination_id.action_accept()
        else:
            self.nomination_id.decision_note = reason
            self.nomination_id.action_decline()
        return {'type': 'ir.actions.act_window_close'}
