"""What people do with an action: its activity, its meeting, and the ways that lead on from it."""
from odoo import api, fields, models

TODO = 'mail.mail_activity_data_todo'


class KamAction(models.Model):
    _inherit = 'kam.action'

    meeting_ids = fields.One2many('calendar.event', 'kam_action_id', "Meetings")
    meeting_count = fields.Integer("Number of meetings", compute='_compute_meeting_count')

    @api.depends('meeting_ids')
    def _compute_meeting_count(self):
        counts = dict(self.env['calendar.event']._read_group(
            [('kam_action_id', 'in', self.ids)], ['kam_action_id'], ['__count']))
        for action in self:
            action.meeting_count = counts.get(action._origin, 0)

    # ------------------------------------------------------------------ the owner's activity
    def _follow_activities(self):
        """Keep one activity of the owner's, on the day, while an action is planned."""
        # Many at once, as by an import, without a mail each.
        actions = self.with_context(mail_activity_quick_update=len(self) > 1) if len(self) > 1 else self
        # In sudo: whoever plans for somebody, or closes in their stead, need not be allowed to touch their activities.
        waiting = self.env['mail.activity'].sudo().search([
            ('res_model', '=', self._name), ('res_id', 'in', self.ids), ('automated', '=', True),
            ('activity_type_id', '=', self.env.ref(TODO).id)])
        by_action = {activity.res_id: activity for activity in waiting}
        for action in actions:
            activity = by_action.get(action.id)
            if action.state != 'planned' or not action.active:
                if activity and action.state == 'done':
                    activity.action_feedback(feedback=action.result or False)
                elif activity:
                    activity.unlink()
                continue
            values = {'user_id': action.owner_id.id, 'date_deadline': action.date, 'summary': action.name}
            if not activity:
                action.sudo().activity_schedule(TODO, **values)
                continue
            changed = {
                name: value for name, value in values.items()
                if (activity[name].id if name == 'user_id' else activity[name]) != value}
            if changed:
                activity.write(changed)

    # ------------------------------------------------------------------ steps
    def action_done(self):
        self.filtered(lambda action: action.state == 'planned').write({'state': 'done'})

    def action_cancel(self):
        self.filtered(lambda action: action.state == 'planned').write({'state': 'cancelled'})

    def action_reset(self):
        self.write({'state': 'planned'})

    def action_schedule_meeting(self):
        """The calendar, with a meeting of these people ready to be put into it."""
        self.ensure_one()
        told = self.confidentiality == 'company' and self.partner_id.kam_confidentiality == 'company'
        return {
            **self.env['ir.actions.actions']._for_xml_id('calendar.action_calendar_event'),
            'domain': [], 'context': {
                'default_kam_action_id': self.id,
                # More people read calendars than actions: the words of a confidential one stay here.
                'default_name': self.name if told else self.partner_id.name,
                'default_partner_ids': (self.contact_ids | self.owner_id.partner_id | self.env.user.partner_id).ids,
                'initial_date': self.date, 'default_mode': 'week',
            },
        }

    def action_open_meetings(self):
        self.ensure_one()
        return {
            **self.action_schedule_meeting(), 'domain': [('kam_action_id', '=', self.id)],
            'views': [(False, 'list'), (False, 'form')], 'name': self.env._("Meetings"),
        }
