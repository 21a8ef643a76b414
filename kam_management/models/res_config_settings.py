"""Key Accounts in Odoo's Settings: the company's settings and weights, saved through the company."""
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.fields import UnknownFloat
from .kam_score_factor import DIMENSIONS
from .kam_settings import POSTPONED


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    kam_settings_id = fields.Many2one(related='company_id.kam_settings_id')
    kam_change_reason = fields.Char(
        "Reason for the change", help="Kept in the history together with what is changed in this save.")
    kam_revenue_source = fields.Selection(related='company_id.kam_settings_id.revenue_source', readonly=False)
    kam_revenue_source_in_use = fields.Char(related='company_id.kam_settings_id.revenue_source_in_use')
    kam_window_months = fields.Integer(related='company_id.kam_settings_id.window_months', readonly=False)
    kam_default_margin = UnknownFloat(related='company_id.kam_settings_id.default_margin', readonly=False)
    kam_refresh_hours = fields.Integer(related='company_id.kam_settings_id.refresh_hours', readonly=False)
    kam_quadrant_cut = fields.Float(related='company_id.kam_settings_id.quadrant_cut', readonly=False)
    kam_pareto_a = fields.Float(related='company_id.kam_settings_id.pareto_a', readonly=False)
    kam_pareto_b = fields.Float(related='company_id.kam_settings_id.pareto_b', readonly=False)
    kam_capacity = fields.Integer(related='company_id.kam_settings_id.capacity', readonly=False)
    kam_manager_capacity = fields.Integer(related='company_id.kam_settings_id.manager_capacity', readonly=False)
    kam_willingness_gate = fields.Float(related='company_id.kam_settings_id.willingness_gate', readonly=False)
    kam_opinion_half_life = fields.Integer(
        related='company_id.kam_settings_id.opinion_half_life', readonly=False)
    kam_opinion_max_age = fields.Integer(related='company_id.kam_settings_id.opinion_max_age', readonly=False)
    kam_answer_half_life = fields.Integer(
        related='company_id.kam_settings_id.answer_half_life', readonly=False)
    kam_contact_cadence = fields.Integer(related='company_id.kam_settings_id.contact_cadence', readonly=False)
    kam_pace_amber = fields.Float(related='company_id.kam_settings_id.pace_amber', readonly=False)
    kam_pace_red = fields.Float(related='company_id.kam_settings_id.pace_red', readonly=False)
    kam_pace_quiet = fields.Float(related='company_id.kam_settings_id.pace_quiet', readonly=False)
    kam_few_deals = fields.Integer(related='company_id.kam_settings_id.few_deals', readonly=False)
    kam_alerts_per_day = fields.Integer(related='company_id.kam_settings_id.alerts_per_day', readonly=False)
    kam_dependence_sales = fields.Float(related='company_id.kam_settings_id.dependence_sales', readonly=False)
    kam_dependence_wallet = fields.Float(
        related='company_id.kam_settings_id.dependence_wallet', readonly=False)
    kam_dependence_quality = fields.Float(
        related='company_id.kam_settings_id.dependence_quality', readonly=False)
    kam_concentration_one_warning = fields.Float(
        related='company_id.kam_settings_id.concentration_one_warning', readonly=False)
    kam_concentration_one_critical = fields.Float(
        related='company_id.kam_settings_id.concentration_one_critical', readonly=False)
    kam_concentration_one_extreme = fields.Float(
        related='company_id.kam_settings_id.concentration_one_extreme', readonly=False)
    kam_concentration_five_warning = fields.Float(
        related='company_id.kam_settings_id.concentration_five_warning', readonly=False)
    kam_concentration_five_critical = fields.Float(
        related='company_id.kam_settings_id.concentration_five_critical', readonly=False)
    kam_time_trust = fields.Float(related='company_id.kam_settings_id.time_trust', readonly=False)
    kam_time_needs = fields.Float(related='company_id.kam_settings_id.time_needs', readonly=False)
    kam_time_presentation = fields.Float(
        related='company_id.kam_settings_id.time_presentation', readonly=False)
    kam_time_closing = fields.Float(related='company_id.kam_settings_id.time_closing', readonly=False)
    kam_stage_cooperative = fields.Float(related='company_id.kam_settings_id.stage_cooperative', readonly=False)
    kam_stage_interdependent = fields.Float(
        related='company_id.kam_settings_id.stage_interdependent', readonly=False)
    kam_stage_integrated = fields.Float(related='company_id.kam_settings_id.stage_integrated', readonly=False)
    kam_attractiveness_weight_ids = fields.One2many(
        related='company_id.kam_settings_id.attractiveness_weight_ids', readonly=False)
    kam_position_weight_ids = fields.One2many(
        related='company_id.kam_settings_id.position_weight_ids', readonly=False)
    kam_willingness_weight_ids = fields.One2many(
        related='company_id.kam_settings_id.willingness_weight_ids', readonly=False)
    kam_financial_value_weight_ids = fields.One2many(
        related='company_id.kam_settings_id.financial_value_weight_ids', readonly=False)
    kam_health_weight_ids = fields.One2many(
        related='company_id.kam_settings_id.health_weight_ids', readonly=False)

    @api.onchange('kam_attractiveness_weight_ids', 'kam_position_weight_ids', 'kam_willingness_weight_ids',
                  'kam_financial_value_weight_ids', 'kam_health_weight_ids')
    def _onchange_kam_weights(self):
        """While one weight is edited, the shares of all show what they will be."""
        for weights in (self.kam_attractiveness_weight_ids, self.kam_position_weight_ids,
                        self.kam_willingness_weight_ids, self.kam_financial_value_weight_ids,
                        self.kam_health_weight_ids):
            weights._set_share(sum(weights.mapped('weight')))

    @api.model_create_multi
    def create(self, vals_list):
        settings = self.browse()
        for vals in vals_list:
            vals, weights, postponed = self._kam_take_weights(vals)
            created = super(ResConfigSettings, postponed).create([vals])
            created._kam_write_weights(weights)
            settings += created.with_env(self.env)
        settings._kam_check()
        return settings

    def write(self, vals):
        vals, weights, postponed = self._kam_take_weights(vals, self[:1].kam_change_reason)
        result = super(ResConfigSettings, postponed).write(vals)
        postponed._kam_write_weights(weights)
        self._kam_check()
        return result

    def _kam_take_weights(self, vals, reason=''):
        """Split off the changes of weights; the rest is saved with the checks put off.

        Related fields are written one by one, so checks wait until all that one save changes is in place. Weights are
        written directly: the inverse of a related list would delete the rows that a caller doesn't mention.
        """
        vals = dict(vals)
        weights = [
            Command.update(command[1], {'weight': command[2]['weight']})
            for dimension, _label in DIMENSIONS
            for command in vals.pop(f'kam_{dimension}_weight_ids', None) or []
            if command[0] == Command.UPDATE and 'weight' in command[2]]
        reason = vals.get('kam_change_reason') or reason or ''
        return vals, weights, self.with_context(kam_check=POSTPONED, kam_change_reason=reason)

    def _kam_write_weights(self, weights):
        if weights:
            self.company_id.kam_settings_id.write({'weight_ids': weights})

    def _kam_check(self):
        self.company_id.kam_settings_id._check_all()

    def action_kam_restore_defaults(self):
        self.ensure_one()
        if not self.kam_settings_id:
            raise UserError(self.env._("This company has no Key Accounts settings: update the addon."))
        return self.kam_settings_id.with_context(
            kam_change_reason=self.kam_change_reason).action_restore_defaults()

    def action_kam_history(self):
        """Open the settings with their history."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Key Accounts settings"),
            'res_model': 'kam.settings',
            'res_id': self.kam_settings_id.id,
            'views': [(False, 'form')],
        }
