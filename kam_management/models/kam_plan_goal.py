"""What the customer wants, what we want of it, and what each needs from the other; by year where there is one."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError

WHOSE = [
    ('customer', "The customer"),
    ('us', "Us"),
    ('both', "Both"),
]
KINDS = [
    ('goal', "Goal"),
    ('challenge', "Challenge"),
    ('concern', "Concern"),
    ('need', "Need"),
]


class KamPlanGoal(models.Model):
    _name = 'kam.plan.goal'
    _description = "Goal, challenge, concern or need"
    _inherit = ['kam.plan.row.mixin', 'kam.unknown.mixin']
    _order = 'whose, year, sequence, id'

    sequence = fields.Integer(default=10)
    name = fields.Char("What", required=True)
    whose = fields.Selection(WHOSE, required=True, default='customer')
    kind = fields.Selection(KINDS, required=True, default='goal')
    year = fields.Char(size=4, help="By which year. Our own goals: one line per year, for three years.")
    contact_id = fields.Many2one(
        'res.partner', "Told by", index='btree_not_null', ondelete='set null', help="Who at the customer said so.")
    note = fields.Text()

    @api.constrains('year', 'whose', 'kind')
    def _check_year(self):
        for goal in self.filtered('year'):
            if not (goal.year.isascii() and goal.year.isdigit() and 2000 <= int(goal.year) <= 2100):
                raise ValidationError(self.env._(
                    "“%(year)s” is no year: write four digits, such as 2028.", year=goal.year))
            start = goal.plan_id.date_start.year
            if goal.whose == 'us' and goal.kind == 'goal' and not start <= int(goal.year) <= start + 3:
                raise ValidationError(self.env._(
                    "Our goals are set for the three years from the start of the plan: choose a year from %(first)s "
                    "to %(last)s.", first=start, last=start + 3))
