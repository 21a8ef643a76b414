"""Ticking off the activity of an action does the action: people see one thing to do, not two."""
from odoo import models

from .kam_action_steps import TODO


class MailActivity(models.Model):
    _inherit = 'mail.activity'

    def _action_done(self, feedback=False, attachment_ids=None):
        todo = self.env.ref(TODO, False)
        ids = [activity.res_id for activity in self
               if activity.res_model == 'kam.action' and activity.automated and activity.activity_type_id == todo]
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        # In sudo: people finish their activities also where they can't open the action any longer.
        for action in self.env['kam.action'].sudo().browse(ids).exists():
            if action.state == 'planned':
                action.write({'state': 'done', 'result': action.result or feedback})
        return result
