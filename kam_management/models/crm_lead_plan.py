"""Opportunities that account plans name: what they taught us, and whose they are."""
from odoo import fields, models
from odoo.exceptions import UserError, ValidationError


class CrmLead(models.Model):
    _inherit = 'crm.lead'

    _kam_way_to_account = 'partner_id.kam_account_id'

    def _kam_refuse_outsiders(self, accounts):
        """Raise if one of these opportunities is of none of these accounts."""
        # In sudo: it may be hidden from whoever works on the plan. Only accounts are told.
        for lead in self.sudo():
            if lead.partner_id.kam_account_id not in accounts:
                raise ValidationError(self.env._(
                    "The opportunity is one of another customer. Choose an opportunity of %(account)s, or none.",
                    account=", ".join(accounts.mapped('display_name'))))

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
