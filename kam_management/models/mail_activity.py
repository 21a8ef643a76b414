"""The activity of an action is the action: done, moved to another day or given to somebody else, it takes it along.

People see one thing to do, not two.
"""
from odoo import models

from .kam_action_steps import TODO


class MailActivity(models.Model):
    _inherit = 'mail.activity'

    def write(self, vals):
        result = super().write(vals)
        if 'date_deadline' in vals or 'user_id' in vals:
            # As whoever moves it: who may not change what was asked of them may not put it off either.
            for action, activity in self._kam_actions(self.env['kam.action']):
                moved = {'date': activity.date_deadline, 'owner_id': activity.user_id.id}
                for names in action._kam_changing({name: value for name, value in moved.items() if value}):
                    action.write({name: moved[name] for name in names})
        return result

    def _action_done(self, feedback=False, attachment_ids=None):
        # In sudo: people finish their activities also where they can't open the action any longer.
        actions = self._kam_actions(self.env['kam.action'].sudo())
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        for action, _activity in actions:
            if action.exists():
                action.write({'state': 'done', 'result': action.result or feedback})
        return result

    def _kam_actions(self, actions):
        """``[(action, its activity)]`` of those of these activities that are the action's own, while it is planned."""
        todo = self.env.ref(TODO, False)
        found = {activity.res_id: activity for activity in self
                 if activity.res_model == 'kam.action' and activity.automated and activity.activity_type_id == todo}
        # In sudo, to ask for their state: whose activity it is need not be able to open them.
        planned = self.env['kam.action'].sudo().browse(found).exists().filtered(lambda row: row.state == 'planned')
        return [(actions.browse(action.id), found[action.id]) for action in planned]
