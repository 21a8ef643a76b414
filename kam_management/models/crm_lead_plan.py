"""From an opportunity that was won or lost to what it taught us."""
from odoo import fields, models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    _inherit = 'crm.lead'

    def action_kam_lesson(self):
        """From the history of a plan: what this opportunity taught us."""
        self.ensure_one()
        plan = self.env['kam.plan'].browse(self.env.context.get('kam_plan_id'))
        if not plan.exists():
            raise UserError(self.env._("Save the plan first, then write the lesson."))
        return {
            'type': 'ir.actions.act_window', 'res_model': 'kam.plan.lesson', 'views': [(False, 'form')],
            'target': 'new', 'name': self.env._("Lesson"),
            'context': {
                'default_plan_id': plan.id, 'default_lead_id': self.id, 'default_name': self.name,
                'default_date': fields.Date.to_string(self.date_closed) if self.date_closed else False},
        }
