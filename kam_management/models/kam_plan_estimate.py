"""What a category of a customer's wallet was thought to be worth, on a day. Old estimates stay."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.fields import UnknownFloat

CONFIDENCES = [
    ('low', "Low"),
    ('medium', "Medium"),
    ('high', "High"),
]


class KamPlanEstimate(models.Model):
    _name = 'kam.plan.estimate'
    _description = "Estimate of purchase potential"
    _inherit = ['kam.plan.row.mixin', 'kam.unknown.mixin']
    _order = 'date desc, id desc'
    _rec_name = 'date'

    category_id = fields.Many2one('kam.plan.category', "Category", required=True, index=True, ondelete='cascade')
    plan_id = fields.Many2one(compute='_compute_plan_id', store=True, precompute=True, readonly=False)
    currency_id = fields.Many2one(related='plan_id.currency_id')
    date = fields.Date(required=True, default=lambda self: self.env.company._kam_today())
    amount = UnknownFloat("Potential", required=True, aggregator='sum', help="Of a year.")
    source = fields.Char(help="What it rests on.")
    confidence = fields.Selection(CONFIDENCES, required=True, default='low')
    user_id = fields.Many2one(
        'res.users', "Estimated by", default=lambda self: self.env.user, index='btree_not_null', ondelete='set null')

    @api.depends('category_id')
    def _compute_plan_id(self):
        for row in self:
            row.plan_id = row.category_id.plan_id

    @api.constrains('category_id', 'plan_id')
    def _check_plan(self):
        for row in self:
            if row.plan_id != row.category_id.plan_id:
                raise ValidationError(self.env._("An estimate belongs to the plan of its category: choose that one."))

    @api.constrains('amount', 'date')
    def _check_estimate(self):
        today = self.env.company._kam_today()
        for row in self:
            if row.amount is False or row.amount < 0:
                raise ValidationError(self.env._("A potential is a positive amount: correct it, or delete the line."))
            if row.date > today:
                raise ValidationError(self.env._("An estimate can't be of a day to come: correct its date."))
