"""What the past taught us about an account: what happened, how it was solved, what we do differently."""
from odoo import fields, models


class KamPlanLesson(models.Model):
    _name = 'kam.plan.lesson'
    _description = "Lesson of an account's history"
    _inherit = ['kam.plan.row.mixin', 'kam.said.mixin']
    _order = 'date desc, id desc'
    _kam_named = ('lead_id',)

    name = fields.Char("What happened", required=True)
    date = fields.Date("When", default=lambda self: self.env.company._kam_today())
    lead_id = fields.Many2one(
        'crm.lead', "Opportunity", index='btree_not_null', ondelete='set null',
        domain="[('kam_account_id', 'in', account_ids)]",
        help="The opportunity that was won or lost.")
    problem = fields.Text()
    solution = fields.Text()
    lesson = fields.Text(help="What we do differently since, or will do.")
