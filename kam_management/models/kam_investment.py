"""Investments in an account: what is asked for, what is approved, what is made, and what it brings.

What is made costs over its life: by day, from the first to the last. The worker takes the part that falls into the
revenue window from the net customer margin. Steps and what they require stand in `kam_investment_steps.py`.
"""
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_date

from ..tools.fields import UnknownFloat
from ..tools.spread import cost_of_month, last_day

STATES = [
    ('requested', "Requested"),
    ('approved', "Approved"),
    ('made', "Made"),
    ('refused', "Refused"),
]
LIFE = (1, 120)
PEOPLE = 'kam_management.group_kam_user'
DECIDERS = 'kam_management.group_kam_manager'


class KamInvestment(models.Model):
    _name = 'kam.investment'
    _description = "Investment in an account"
    _inherit = ['kam.work.mixin', 'kam.steps.mixin']
    _order = 'date_requested desc, id desc'
    _rec_names_search = ['name', 'partner_id']
    _kam_owners = ('user_id', 'approver_id', 'owner_id')

    name = fields.Char("Investment", required=True, tracking=True, help="What is to be invested in.")
    type_id = fields.Many2one(
        'kam.investment.type', "Type", required=True, index=True, ondelete='restrict', tracking=True)
    state = fields.Selection(
        STATES, required=True, default='requested', readonly=True, tracking=True, index=True, copy=False,
        group_expand='_order_states')

    user_id = fields.Many2one(
        'res.users', "Asked for by", required=True, index=True, ondelete='restrict', tracking=True, copy=False,
        default=lambda self: self.env.user, domain=[('share', '=', False)])
    date_requested = fields.Date(
        "Asked for on", required=True, default=lambda self: self.env.company._kam_today(), copy=False)
    approver_id = fields.Many2one(
        'res.users', "To be decided by", index='btree_not_null', ondelete='restrict', tracking=True,
        domain=lambda self: [('all_group_ids', 'in', self.env.ref(DECIDERS).ids)],
        help="A Key Accounts manager. Without one, any of them decides.")
    decided_by_id = fields.Many2one(
        'res.users', "Decided by", readonly=True, ondelete='restrict', index='btree_not_null', copy=False)
    date_decided = fields.Date("Decided on", readonly=True, copy=False)
    # The worker reads what it cost and when, and no word of why.
    decision_note = fields.Text("Note on the decision", copy=False, groups=PEOPLE, help="A refusal needs one.")
    owner_id = fields.Many2one(
        'res.users', "Responsible", required=True, index=True, ondelete='restrict', tracking=True,
        default=lambda self: self.env.user,
        domain=lambda self: [('all_group_ids', 'in', self.env.ref(PEOPLE).ids)],
        help="Who sees to it and says what came of it. Moves along when the account is handed over.")

    reason = fields.Text("Why", groups=PEOPLE, help="What it is for, and what happens without it.")
    amount = UnknownFloat(required=True, aggregator='sum', tracking=True, help="What it costs over its whole life.")
    life = fields.Integer(
        "Life in months", required=True, compute='_compute_life', store=True, readonly=False, precompute=True,
        aggregator='avg', tracking=True, help="How long it serves the account: its cost is spread over these months.")
    date_start = fields.Date(
        "In use from", tracking=True, copy=False, help="The first day of its life. Today when it is made, unless you "
                                                       "say otherwise.")
    date_end = fields.Date("In use until", compute='_compute_date_end', store=True)
    monthly_cost = UnknownFloat(
        "Cost of a month", compute='_compute_monthly_cost', store=True, aggregator='sum',
        help="The amount, divided by the months of its life.")
    cost_to_date = UnknownFloat(
        "Cost so far", compute='_compute_cost_to_date', aggregator='sum',
        help="Of what was made: the part of the amount whose days have passed.")
    expected_return = UnknownFloat(
        "Expected return", aggregator='sum', tracking=True, help="The margin that it shall bring over its life.")
    obtained_return = UnknownFloat(
        "Obtained return", aggregator='sum', tracking=True, copy=False, help="The margin that it has brought so far.")
    date_return = fields.Date(
        "Return as of", compute='_compute_date_return', store=True, readonly=False, precompute=True, copy=False)
    result = fields.Text(copy=False, groups=PEOPLE, help="What came of it, beside the money.")

    # ------------------------------------------------------------------ computes
    @api.depends('type_id')
    def _compute_life(self):
        for investment in self:
            if not investment.life or not investment._origin:
                investment.life = investment.type_id.life or 12

    @api.depends('date_start', 'life')
    def _compute_date_end(self):
        for investment in self:
            investment.date_end = last_day(investment.date_start, investment.life)

    @api.depends('amount', 'life')
    def _compute_monthly_cost(self):
        for investment in self:
            investment.monthly_cost = cost_of_month(investment.amount, investment.life)

    @api.depends('amount', 'date_start', 'date_end', 'state')
    def _compute_cost_to_date(self):
        """The database spreads the cost, for one investment as for a pivot of all."""
        costs = {investment.id: cost for investment, cost in self.sudo().with_context(active_test=False)._read_group(
            [('id', 'in', self._origin.ids)], ['id'], ['cost_to_date:sum'])} if self._origin else {}
        for investment in self:
            investment.cost_to_date = costs.get(investment._origin.id, False)

    def _read_group_select(self, aggregate_spec, query):
        name, _colon, function = aggregate_spec.partition(':')
        if name != 'cost_to_date':
            return super()._read_group_select(aggregate_spec, query)
        return SQL("%s(%s)", SQL.identifier(function), self._cost_to_date_to_sql(query))

    @api.model
    def _cost_to_date_to_sql(self, query):
        """The part of the amount whose days have passed; nothing of what was not made."""
        amount, start, end, state = (
            self._field_to_sql(self._table, name, query) for name in ('amount', 'date_start', 'date_end', 'state'))
        return SQL(
            "CASE WHEN %(state)s = 'made' THEN %(amount)s * LEAST(GREATEST(%(today)s::date - %(start)s + 1, 0),"
            " %(end)s - %(start)s + 1) / (%(end)s - %(start)s + 1) ELSE 0 END",
            state=state, amount=amount, start=start, end=end, today=self.env.company._kam_today())

    @api.depends('obtained_return')
    def _compute_date_return(self):
        today = self.env.company._kam_today()
        for investment in self:
            investment.date_return = investment.obtained_return is not False and today

    @api.model
    def _order_states(self, states, domain):
        """Columns in the order in which an investment goes through them, and none for what was not asked for."""
        return [state for state, _label in STATES if state in states]

    # ------------------------------------------------------------------ checks
    @api.constrains('date_start', 'date_requested', 'date_return', 'state')
    def _check_dates(self):
        today = self.env.company._kam_today()
        for investment in self:
            if investment.state == 'made' and (not investment.date_start or investment.date_start > today):
                raise ValidationError(self.env._(
                    "“%(investment)s” can't have been made on a day to come. Correct “In use from”, or mark it as made "
                    "later.", investment=investment.name))
            if investment.date_requested > today:
                raise ValidationError(self.env._(
                    "“%(investment)s” was asked for on %(date)s, which is yet to come. Choose today or a day before.",
                    investment=investment.name, date=format_date(self.env, investment.date_requested)))
            if investment.date_return and investment.date_return > today:
                raise ValidationError(self.env._(
                    "A return is what was obtained by a day that has passed: correct the date of “%(investment)s”.",
                    investment=investment.name))

    @api.constrains('amount', 'life')
    def _check_cost(self):
        for investment in self:
            if investment.amount is False or investment.amount <= 0:
                raise ValidationError(self.env._(
                    "An investment costs something: give “%(investment)s” an amount above zero.",
                    investment=investment.name))
            if not LIFE[0] <= investment.life <= LIFE[1]:
                raise ValidationError(self.env._(
                    "“%(investment)s” would live %(life)s months. Choose a life of %(least)s to %(most)s months.",
                    investment=investment.name, life=investment.life, least=LIFE[0], most=LIFE[1]))

    @api.constrains('expected_return', 'obtained_return', 'state')
    def _check_returns(self):
        for investment in self:
            if investment.expected_return is not False and investment.expected_return < 0:
                raise ValidationError(self.env._(
                    "The expected return of “%(investment)s” is a positive amount; leave it empty while unknown.",
                    investment=investment.name))
            if investment.obtained_return is not False and investment.state != 'made':
                raise ValidationError(self.env._(
                    "“%(investment)s” has not been made: it can't have brought anything yet.",
                    investment=investment.name))

    @api.constrains('approver_id')
    def _check_approver_id(self):
        for investment in self:
            # Other people's groups are readable to administrators only.
            if investment.approver_id and not investment.approver_id.sudo().has_group(DECIDERS):
                raise ValidationError(self.env._(
                    "%(user)s doesn't decide on investments. Choose a Key Accounts manager.",
                    user=investment.approver_id.name))

    @api.constrains('user_id', 'owner_id')
    def _check_people(self):
        self.user_id._kam_refuse_strangers()
        self.owner_id._kam_refuse_strangers(PEOPLE)
