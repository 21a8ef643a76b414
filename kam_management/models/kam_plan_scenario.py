"""What could go wrong with an account, how likely it is, and what we would do: prepared beforehand."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.fields import UnknownFloat, UnknownInteger


class KamPlanScenario(models.Model):
    _name = 'kam.plan.scenario'
    _description = "Scenario of an account"
    _inherit = ['kam.plan.row.mixin', 'kam.said.mixin', 'kam.unknown.mixin']
    _order = 'expected_loss desc, id'

    name = fields.Char("Scenario", required=True)
    likelihood = UnknownInteger("Likelihood %", aggregator='avg', help="From 0 to 100, over the time of the plan.")
    revenue_at_risk = UnknownFloat("Revenue at risk", aggregator='sum', help="Sales of a year that would be lost.")
    expected_loss = UnknownFloat(
        "Expected loss", compute='_compute_expected_loss', store=True, aggregator='sum',
        help="Revenue at risk × likelihood. Unknown where one of them is.")
    currency_id = fields.Many2one(related='plan_id.currency_id')
    trigger = fields.Text("What would announce it", help="By what we would notice that it begins.")
    actions = fields.Text("Prepared actions", help="What we would do, and who.")
    owner_id = fields.Many2one(
        'res.users', "Owner", index='btree_not_null', ondelete='set null', domain=[('share', '=', False)])
    state = fields.Selection(
        [('watched', "Watched"), ('happening', "Happening"), ('over', "Over")], required=True, default='watched',
        copy=True)

    @api.depends('likelihood', 'revenue_at_risk')
    def _compute_expected_loss(self):
        for scenario in self:
            known = scenario.likelihood is not False and scenario.revenue_at_risk is not False
            scenario.expected_loss = known and scenario.revenue_at_risk * scenario.likelihood / 100

    @api.depends('name')
    @api.depends_context('uid')
    def _compute_display_name(self):
        # Odoo tells the name of whatever a signal points at, in sudo; this one's plan may be confidential.
        readable = set(self.sudo(False)._filtered_access('read')._ids)
        for scenario in self:
            shown = not scenario._origin or scenario.id in readable
            scenario.display_name = scenario.name if shown else self.env._("A scenario")

    @api.constrains('plan_id')
    def _check_signals(self):
        """A scenario that moves to another plan leaves no signal behind."""
        # In sudo: signals that the writer doesn't see announce it too.
        self.env['kam.plan.signal'].sudo().search([('scenario_id', 'in', self.ids)])._check_scenario()

    @api.constrains('likelihood', 'revenue_at_risk')
    def _check_numbers(self):
        for scenario in self:
            if scenario.likelihood is not False and not 0 <= scenario.likelihood <= 100:
                raise ValidationError(self.env._(
                    "“%(scenario)s”: a likelihood is between 0 and 100%%. Leave it empty while nobody knows.",
                    scenario=scenario.name))
            if scenario.revenue_at_risk is not False and scenario.revenue_at_risk < 0:
                raise ValidationError(self.env._(
                    "“%(scenario)s”: write the revenue at risk as a positive amount.", scenario=scenario.name))
