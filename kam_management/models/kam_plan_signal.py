"""Observations that announce a change, dated: each may raise an alert, become an opportunity or a scenario."""
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class KamPlanSignal(models.Model):
    _name = 'kam.plan.signal'
    _description = "Signal"
    _inherit = ['kam.plan.row.mixin']
    _order = 'date desc, id desc'
    _kam_named = ('lead_id',)

    name = fields.Char("Observation", required=True)
    date = fields.Date("Observed on", required=True, default=lambda self: self.env.company._kam_today())
    user_id = fields.Many2one(
        'res.users', "Observed by", default=lambda self: self.env.user, index='btree_not_null', ondelete='set null')
    consequence = fields.Text("What may follow")
    lead_id = fields.Many2one(
        'crm.lead', "Opportunity", index='btree_not_null', ondelete='set null', copy=False,
        domain="[('kam_account_id', 'in', account_ids)]")
    scenario_id = fields.Many2one(
        'kam.plan.scenario', "Scenario", index='btree_not_null', ondelete='set null', copy=False,
        domain="[('plan_id', '=', plan_id)]")
    is_raised = fields.Boolean(
        "Alert", copy=False,
        help="Somebody raised an alert on it. The alert is over once the signal has become an opportunity or a "
             "scenario, or when this is taken back.")

    @api.model
    def _raised_domain(self):
        """Signals that somebody raised and that aren't dealt with."""
        return Domain([('is_raised', '=', True), ('lead_id', '=', False), ('scenario_id', '=', False)])

    def action_raise_alert(self):
        """With the next refresh, whoever looks after the account has an alert on it."""
        for signal in self:
            if signal.lead_id or signal.scenario_id:
                raise UserError(self.env._(
                    "“%(signal)s” has become an opportunity or a scenario already, where it is dealt with.",
                    signal=signal.name))
        self.is_raised = True

    def action_take_back_alert(self):
        self.is_raised = False

    @api.constrains('scenario_id', 'plan_id')
    def _check_scenario(self):
        # In sudo: a scenario of another plan may be hidden from whoever names it, and is not named here.
        for signal in self.sudo():
            if signal.scenario_id and signal.scenario_id.plan_id != signal.plan_id:
                raise ValidationError(self.env._(
                    "“%(signal)s”: that scenario belongs to another plan. Choose a scenario of this plan, or none.",
                    signal=signal.name))

    def action_make_lead(self):
        """What was observed becomes an opportunity of the account."""
        self.ensure_one()
        if self.lead_id:
            raise UserError(self.env._("This signal has become an opportunity already: open that one."))
        plan = self.plan_id
        # More people read opportunities than plans: the words of a confidential one stay there.
        levels = {plan.confidentiality, *(plan.partner_id | plan.sudo().partner_ids).mapped('kam_confidentiality')}
        told = levels == {'company'}
        lead = self.env['crm.lead'].create({
            'name': self.name if told else plan.partner_id.name, 'type': 'opportunity',
            'partner_id': plan.partner_id.id, 'company_id': self.company_id.id, 'user_id': self.env.uid,
            'description': told and self.consequence})
        self.lead_id = lead
        return {
            'type': 'ir.actions.act_window', 'res_model': 'crm.lead', 'res_id': lead.id, 'views': [(False, 'form')],
        }

    def action_make_scenario(self):
        """What was observed becomes a scenario to prepare for."""
        self.ensure_one()
        if self.scenario_id:
            raise UserError(self.env._("This signal has become a scenario already: open that one."))
        self.scenario_id = self.env['kam.plan.scenario'].create({
            'plan_id': self.plan_id.id, 'name': self.name, 'trigger': self.consequence, 'owner_id': self.env.uid})
        return {
            'type': 'ir.actions.act_window', 'res_model': 'kam.plan.scenario', 'res_id': self.scenario_id.id,
            'views': [(False, 'form')], 'target': 'new',
        }
