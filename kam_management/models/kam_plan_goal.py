"""What the customer wants, what we want of it, and what each needs from the other; by year where there is one."""
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

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
    _inherit = ['kam.plan.row.mixin', 'kam.said.mixin', 'kam.unknown.mixin']
    _order = 'whose, year, sequence, id'
    _kam_named = ('contact_id',)
    _kam_named_by = ('plan_id', 'whose')

    sequence = fields.Integer(default=10)
    name = fields.Char("What", required=True)
    whose = fields.Selection(WHOSE, required=True, default='customer')
    kind = fields.Selection(KINDS, required=True, default='goal')
    year = fields.Char(size=4, help="By which year. Our own goals: one line per year, for three years.")
    contact_id = fields.Many2one(
        'res.partner', "Told by", index='btree_not_null', ondelete='set null',
        domain="['|', ('kam_account_id', 'in', account_ids), ('partner_share', '=', False)]",
        help="Who at the customer said so; of what is ours, a colleague may have.")
    note = fields.Text()
    objective_ids = fields.One2many('kam.objective', 'goal_id', "Objectives")
    objective_count = fields.Integer("Objectives for it", compute='_compute_objective_count')

    # ------------------------------------------------------------------ computes
    @api.depends('objective_ids')
    @api.depends_context('uid')
    def _compute_objective_count(self):
        counts = dict(self.env['kam.objective']._read_group(
            [('goal_id', 'in', self._origin.ids)], ['goal_id'], ['__count']))
        for goal in self:
            goal.objective_count = counts.get(goal._origin, 0)

    @api.depends('name')
    @api.depends_context('uid')
    def _compute_display_name(self):
        # Odoo tells the name of whatever an objective points at, in sudo; this one's plan may be confidential.
        readable = set(self.sudo(False)._filtered_access('read')._ids)
        for goal in self:
            shown = not goal._origin or goal.id in readable
            goal.display_name = goal.name if shown else self.env._("A goal or need")

    # ------------------------------------------------------------------ checks
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

    @api.constrains('plan_id')
    def _check_objectives(self):
        """A goal that moves to a plan of another account leaves no objective behind."""
        # In sudo: objectives that the writer doesn't see serve it too.
        self.sudo().with_context(active_test=False).objective_ids._check_same_account()

    def _is_ours(self, name):
        return self.whose != 'customer' and not self[name].partner_share

    # ------------------------------------------------------------------ writing
    @api.ondelete(at_uninstall=False)
    def _unlink_except_served(self):
        self._refuse_served()

    def _refuse_served(self):
        """Raise if an objective serves one of these: what it is for would be lost with them."""
        # In sudo: an objective that the reader may not see holds on to its goal too, and its name is not told.
        for goal in self.sudo().with_context(active_test=False):
            if goal.objective_ids:
                raise UserError(self.env._(
                    "An objective serves “%(goal)s”. Choose another goal there first, or keep this one.",
                    goal=goal.name))

    # ------------------------------------------------------------------ actions
    def action_open_objectives(self):
        """The objectives that serve it; a new one serves it too."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_objective_action'),
            'domain': [('goal_id', '=', self.id)],
            'context': {
                'default_partner_id': self.plan_id.partner_id.id, 'default_company_id': self.company_id.id,
                'default_plan_id': self.plan_id.id, 'default_goal_id': self.id},
        }
