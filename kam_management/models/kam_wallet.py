"""The wallet as the worker computed it: our sales, the customer's spend, share and white space per category.

Written by `kam.sync` alone, one row per category line of an active plan. What people enter stands on the line itself
(`kam.plan.category`); rows of a plan that was closed since stay as they were.
"""
from odoo import api, fields, models

from ..tools.fields import UnknownFloat
from .kam_plan_category import BASES
from .kam_plan_estimate import CONFIDENCES


class KamWallet(models.Model):
    _name = 'kam.wallet'
    _description = "Wallet of an account"
    _inherit = ['kam.plan.row.mixin', 'kam.estimate.mixin', 'kam.unknown.mixin']
    _order = 'white_space desc, id'
    _rec_name = 'category_id'
    _log_access = False

    category_id = fields.Many2one(
        'kam.plan.category', "Category", required=True, readonly=True, index=True, ondelete='cascade')
    # In sudo: which plan and account a line belongs to is known to whoever sees the line.
    plan_id = fields.Many2one(related='category_id.plan_id', store=True, related_sudo=True, precompute=True)
    partner_id = fields.Many2one(
        'res.partner', "Account", related='plan_id.partner_id', store=True, index=True, related_sudo=True,
        precompute=True)
    covered_ids = fields.Many2many(
        related='plan_id.partner_ids', string="Also covers", help="Sales and potential are those of all of them.")
    currency_id = fields.Many2one(related='company_id.currency_id')
    plan_state = fields.Selection(related='plan_id.state', string="State of the plan")
    as_of = fields.Date("As of", required=True, readonly=True)
    run_id = fields.Many2one('kam.sync.run', "Refresh", readonly=True, ondelete='set null', index='btree_not_null')
    sales = UnknownFloat("Our sales", readonly=True, aggregator='sum', help="Of the revenue window.")
    spend = UnknownFloat("Potential", readonly=True, aggregator='sum', help="What the customer buys of it in a year.")
    # Of the estimate that the refresh found: the plan may have a newer one by now.
    potential_date = fields.Date("Estimated on", readonly=True)
    potential_confidence = fields.Selection(CONFIDENCES, "Confidence", readonly=True)
    share = UnknownFloat("Share of wallet", readonly=True, aggregator=None, help="From 0 to 1.")
    white_space = UnknownFloat(
        "White space", readonly=True, aggregator='sum', help="What the customer buys from others.")
    is_over = fields.Boolean(
        "Estimate under our own sales", readonly=True,
        help="The customer can't buy less of it in all than from us: estimate it again.")
    basis = fields.Selection(BASES, "Share from", readonly=True)

    _category_unique = models.Constraint('UNIQUE(category_id)', "A category has one computed wallet.")

    @api.depends('category_id')
    def _compute_display_name(self):
        for wallet in self:
            wallet.display_name = wallet.category_id.display_name

    def action_open_plan(self):
        """Where its figures are entered, and the other categories stand beside it."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'res_model': 'kam.plan', 'res_id': self.plan_id.id,
            'views': [(False, 'form')],
        }
