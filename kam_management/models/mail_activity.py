"""Ticking off the activity of an action does the action: people see one thing to do, not two."""
from odoo import models


class MailActivity(models.Model):
    _inherit = 'mail.activity'

    def _action_done(self, feedback=False, attachment_ids=None):
        ids = [activity.res_id for activity in self if activity.res_model == 'kam.action' and activity.automated]
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        for action in self.env['kam.action'].browse(ids).exists():
            if action.state == 'planned':
                action.write({'state': 'done', 'result': action.result or feedback})
        return result
