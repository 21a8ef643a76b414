"""Where an opportunity comes from: the strategy of a cross analysis, or the objective, that asked for it."""
from odoo import api, fields, models

USERS = 'kam_management.group_kam_user'


class CrmLead(models.Model):
    _inherit = 'crm.lead'

    # No copy: another opportunity came from wherever its author says. Restrict is asked politely before, by the
    # strategy.
    kam_strategy_id = fields.Many2one(
        'kam.dafo.strategy', "From the strategy", index='btree_not_null', ondelete='set null', copy=False, groups=USERS,
        domain="[('partner_id', '=', kam_account_id)]", help="The strategy of the cross analysis that it came from.")

    kam_objective_id = fields.Many2one(
        'kam.objective', "For the objective", index='btree_not_null', ondelete='set null', copy=False, groups=USERS,
        domain="[('partner_id', '=', kam_account_id)]", help="The objective that it serves.")

    def _merge_get_fields(self):
        return [*super()._merge_get_fields(), 'kam_strategy_id', 'kam_objective_id']

    @api.model
    def _kam_open_from(self, origin, **values):
        """Make an opportunity of the account that `origin`, a strategy or an objective, belongs to, and open it."""
        account = origin.partner_id
        # More people read opportunities than strategies: the words of a confidential one stay there.
        told = origin._kam_level() == 'company' and account.kam_confidentiality == 'company'
        lead = self.create({
            'type': 'opportunity', 'name': origin.name if told else account.name, 'partner_id': account.id,
            'user_id': self.env.uid, 'company_id': origin.company_id.id, **values})
        return {'type': 'ir.actions.act_window', 'res_model': 'crm.lead', 'res_id': lead.id,
                'views': [(self.env.ref('crm.crm_lead_view_form').id, 'form')]}

    def action_open_kam_strategy(self):
        """Back to where it came from."""
        self.ensure_one()
        return {'type': 'ir.actions.act_window', 'res_model': 'kam.dafo.strategy', 'res_id': self.kam_strategy_id.id,
                'views': [(False, 'form')]}

    def action_open_kam_objective(self):
        self.ensure_one()
        return {'type': 'ir.actions.act_window', 'res_model': 'kam.objective', 'res_id': self.kam_objective_id.id,
                'views': [(False, 'form')]}
