"""What hangs on the plan, as its form shows it."""
from odoo import api, fields, models

from ..tools.fields import UnknownFloat
from ..tools.wallet import wallet_share


class KamPlan(models.Model):
    _inherit = 'kam.plan'

    priority_ids = fields.One2many('kam.plan.priority', 'plan_id', "Priorities")
    goal_ids = fields.One2many('kam.plan.goal', 'plan_id', "All goals and needs")
    our_goal_ids = fields.One2many(
        'kam.plan.goal', 'plan_id', "Our goals", domain=[('whose', '=', 'us'), ('kind', '!=', 'need')])
    customer_goal_ids = fields.One2many(
        'kam.plan.goal', 'plan_id', "Goals, challenges and concerns of the customer",
        domain=[('whose', '!=', 'us'), ('kind', '!=', 'need')])
    need_ids = fields.One2many(
        'kam.plan.goal', 'plan_id', "Needs of both parties", domain=[('kind', '=', 'need')])
    lesson_ids = fields.One2many('kam.plan.lesson', 'plan_id', "Lessons")
    buying_step_ids = fields.One2many('kam.plan.buying.step', 'plan_id', "Buying process")
    scenario_ids = fields.One2many('kam.plan.scenario', 'plan_id', "Scenarios")
    signal_ids = fields.One2many('kam.plan.signal', 'plan_id', "Signals")
    commitment_ids = fields.One2many('kam.plan.commitment', 'plan_id', "Commitments")
    target_ids = fields.One2many('kam.plan.target', 'plan_id', "Sales targets and budget")
    forecast_ids = fields.One2many('kam.plan.forecast', 'plan_id', "Demand forecast")
    competitor_ids = fields.One2many('kam.plan.competitor', 'plan_id', "Competitors")
    category_ids = fields.One2many('kam.plan.category', 'plan_id', "Wallet")

    wallet_share = UnknownFloat("Share of wallet", compute='_compute_wallet')
    wallet_coverage = UnknownFloat("Categories known", compute='_compute_wallet')

    @api.depends('category_ids.sales', 'category_ids.potential')
    def _compute_wallet(self):
        for plan in self:
            plan.wallet_share, plan.wallet_coverage = wallet_share(
                [(line.sales, line.potential) for line in plan.category_ids])
