"""SMART objectives with an account: what is to be reached, how one will see it, by whom, why and by when.

An objective starts once each of its five letters holds, and they go on holding while it runs
(`kam_objective_smart.py`). Check-ins say how far it is; `tools/pace.py` says whether that is far enough.
"""
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.fields import UnknownFloat
from ..tools.pace import AT_RISK, OFF_TRACK, REACHED, elapsed_of, health_of, pace_of, progress_of

# Goals and needs of the plans that are not closed, of the same account and company.
GOAL_DOMAIN = (
    "[('plan_id.state', '!=', 'closed'), ('plan_id.company_id', '=', company_id), "
    "'|', ('plan_id.partner_id', '=', partner_id), ('plan_id.partner_ids', '=', partner_id)]")

STATES = [
    ('draft', "Draft"),
    ('running', "Running"),
    ('achieved', "Achieved"),
    ('missed', "Missed"),
    ('cancelled', "Cancelled"),
]
HEALTH = [
    ('on_track', "On track"),
    ('at_risk', "At risk"),
    ('off_track', "Off track"),
]
CONTRIBUTORS = 'kam_management.group_kam_contributor'
# What was agreed on: it stays as it was once the plan is closed.
AGREED = ('name', 'partner_id', 'company_id', 'kpi_id', 'unit', 'baseline', 'target', 'resources', 'strategy_id',
          'goal_id', 'goal', 'need', 'date_start', 'date_deadline', 'plan_id')


class KamObjective(models.Model):
    _name = 'kam.objective'
    _description = "Objective with an account"
    _inherit = ['kam.work.mixin', 'kam.said.mixin', 'kam.steps.mixin']
    _order = 'date_deadline, id'
    _rec_names_search = ['name', 'partner_id']
    _kam_owners = ('create_uid', 'owner_id')

    name = fields.Char("Objective", required=True, tracking=True, help="What is to be reached.")
    plan_id = fields.Many2one(
        compute='_compute_plan_id', store=True, readonly=False, precompute=True,
        help="The plan that runs, unless you say otherwise.")
    state = fields.Selection(
        STATES, required=True, default='draft', readonly=True, tracking=True, index=True, copy=False,
        group_expand='_order_states')

    # S
    owner_id = fields.Many2one(
        'res.users', "Owner", index=True, ondelete='restrict', tracking=True, default=lambda self: self.env.user,
        domain=lambda self: [('all_group_ids', 'in', self.env.ref(CONTRIBUTORS).ids)],
        help="Who answers for it. People of other functions see the objectives that they own.")
    # M
    kpi_id = fields.Many2one('kam.kpi', "KPI", index='btree_not_null', ondelete='restrict')
    unit = fields.Char(help="What is counted: %, EUR, pallets, visits…")
    baseline = UnknownFloat("Where it starts", aggregator=None, help="The value when the objective was set.")
    target = UnknownFloat("Where it shall be", aggregator=None, tracking=True)
    # A
    resources = fields.Text(help="What it takes, and that it is there: people, budget, stock, time.")
    owner_agreed = fields.Boolean(
        "Owner agrees", compute='_compute_owner_agreed', store=True, readonly=False, tracking=True, copy=False,
        help="The owner says so, and nobody for them; starting an objective of one's own says it too. Asked anew when "
             "the owner, the numbers, the resources or the deadline change.")
    # R
    strategy_id = fields.Many2one(
        'kam.dafo.strategy', "Strategy", index='btree_not_null', ondelete='restrict', check_company=True,
        domain="[('partner_id', '=', partner_id), ('company_id', '=', company_id)]",
        help="The strategy of the cross analysis that it carries out.")
    # Asked politely before, by the goal.
    goal_id = fields.Many2one(
        'kam.plan.goal', "Goal or need", index='btree_not_null', ondelete='restrict', check_company=True,
        domain=GOAL_DOMAIN, help="What it is for: a goal, challenge, concern or need that stands in the account plan.")
    goal = fields.Char("Goal in words", help="A goal of the customer's, or of ours with the customer.")
    need = fields.Char("Need in words", help="What the customer, or we, can't do without.")
    # T
    date_start = fields.Date("Start", default=lambda self: self.env.company._kam_today(), tracking=True)
    date_deadline = fields.Date("Deadline", index=True, tracking=True)
    date_closed = fields.Date("Ended on", readonly=True, copy=False)

    checkin_ids = fields.One2many('kam.objective.checkin', 'objective_id', "Check-ins", copy=False)
    checkin_date = fields.Date("Last check-in", compute='_compute_progress', store=True)
    value = UnknownFloat("Latest value", compute='_compute_progress', store=True, aggregator=None)
    progress = UnknownFloat(
        "Progress", compute='_compute_progress', store=True,
        help="Of the way from where it starts to where it shall be, in percent.")
    elapsed = UnknownFloat("Time passed", compute='_compute_health', help="Of the time between start and deadline.")
    pace = UnknownFloat(
        compute='_compute_health', help="Points of progress ahead of the time that has passed; negative when behind.")
    health = fields.Selection(
        HEALTH, compute='_compute_health', search='_search_health',
        help="Progress against the time that has passed: at risk from 10 points behind, off track from 25, or "
             "overdue and short of the target. Unknown without a check-in.")
    is_overdue = fields.Boolean("Overdue", compute='_compute_health', search='_search_is_overdue')
    is_mine = fields.Boolean(compute='_compute_is_mine', export_string_translation=False)
    lead_ids = fields.One2many('crm.lead', 'kam_objective_id', "Opportunities")
    lead_count = fields.Integer("Number of opportunities", compute='_compute_lead_count')

    # ------------------------------------------------------------------ computes
    @api.depends('partner_id', 'company_id')
    def _compute_plan_id(self):
        """A new objective belongs to the plan that runs, where its writer may see that."""
        new = self.filtered(lambda objective: not objective._origin)
        running = self.env['kam.plan']._find_running(new.partner_id)
        for objective in self:
            if objective in new:
                objective.plan_id = running.get((objective.partner_id._origin.id, objective.company_id._origin.id))
            else:
                objective.plan_id = objective.plan_id

    @api.depends('owner_id', 'kpi_id', 'unit', 'baseline', 'target', 'resources', 'date_deadline')
    def _compute_owner_agreed(self):
        self.owner_agreed = False

    @api.depends('checkin_ids.value', 'checkin_ids.date', 'baseline', 'target')
    def _compute_progress(self):
        for objective in self:
            latest = objective.checkin_ids.sorted(lambda row: (row.date, row.id or 0), reverse=True)[:1]
            objective.checkin_date = latest.date
            objective.value = latest.value if latest else False
            objective.progress = progress_of(objective.value, objective.baseline, objective.target)

    @api.depends('state', 'progress', 'date_start', 'date_deadline')
    def _compute_health(self):
        today = self.env.company._kam_today()
        for objective in self:
            elapsed = elapsed_of(objective.date_start, objective.date_deadline, today)
            running = objective.state == 'running'
            objective.elapsed = elapsed
            objective.pace = pace_of(objective.progress, elapsed)
            objective.is_overdue = bool(running and objective.date_deadline and objective.date_deadline < today)
            objective.health = running and health_of(objective.progress, elapsed, objective.is_overdue)

    @api.depends('owner_id')
    @api.depends_context('uid')
    def _compute_is_mine(self):
        for objective in self:
            objective.is_mine = objective.owner_id == self.env.user

    @api.depends('lead_ids')
    def _compute_lead_count(self):
        # People of other functions need not read opportunities: then there are none for them.
        leads = self.env['crm.lead'].with_context(active_test=False)
        counts = {}
        if leads.has_access('read') and leads._has_field_access(leads._fields['kam_objective_id'], 'read'):
            counts = dict(leads._read_group([('kam_objective_id', 'in', self.ids)], ['kam_objective_id'], ['__count']))
        for objective in self:
            objective.lead_count = counts.get(objective._origin, 0)

    @api.depends('name')
    @api.depends_context('uid')
    def _compute_display_name(self):
        # Odoo tells the name of whatever an opportunity points at, in sudo; this one may be confidential.
        readable = set(self.sudo(False)._filtered_access('read')._ids)
        for objective in self:
            shown = not objective._origin or objective.id in readable
            objective.display_name = objective.name if shown else self.env._("An objective")

    # ------------------------------------------------------------------ searches
    @api.model
    def _order_states(self, states, domain):
        """Columns in the order in which an objective goes through them, and none for what was not asked for."""
        return [state for state, _label in STATES if state in states]

    @api.model
    def _search_health(self, operator, value):
        if operator != 'in':
            return NotImplemented
        bands = {
            'on_track': (None, AT_RISK), 'at_risk': (AT_RISK, OFF_TRACK),
            'off_track': (OFF_TRACK, None)}
        domains = [self._behind_domain(*bands[item]) for item in value if item in bands]
        if False in value:
            known = Domain('state', '=', 'running') & Domain('progress', '!=', False)
            known &= Domain('date_start', '!=', False) & Domain('date_deadline', '!=', False)
            domains.append(~known)
        return Domain.OR(domains)

    @api.model
    def _behind_domain(self, least, under):
        """Running objectives whose progress is from `least` to under `under` points behind the time; None: no limit.

        Short of the target after the deadline counts as far behind as can be.
        """
        today = self.env.company._kam_today()

        def to_sql(model, alias, query):
            start, deadline, progress = (
                model._field_to_sql(alias, name, query) for name in ('date_start', 'date_deadline', 'progress'))
            elapsed = SQL(
                "CASE WHEN %(deadline)s <= %(start)s THEN CASE WHEN %(today)s >= %(deadline)s THEN 100.0 ELSE 0.0 END "
                "ELSE 100.0 * LEAST(GREATEST((%(today)s - %(start)s)::numeric / (%(deadline)s - %(start)s), 0), 1) END",
                start=start, deadline=deadline, today=SQL("%s::date", today))
            behind = SQL(
                "CASE WHEN %(deadline)s < %(today)s AND %(progress)s < %(reached)s AND %(start)s IS NOT NULL "
                "THEN GREATEST(%(off)s, %(elapsed)s - %(progress)s) ELSE %(elapsed)s - %(progress)s END",
                deadline=deadline, start=start, progress=progress, today=SQL("%s::date", today), reached=REACHED,
                off=OFF_TRACK, elapsed=SQL("(%s)", elapsed))
            behind = SQL("(%s)", behind)
            limits = [SQL("%s IS NOT NULL", behind)]
            if least is not None:
                limits.append(SQL("%s >= %s", behind, least))
            if under is not None:
                limits.append(SQL("%s < %s", behind, under))
            return SQL("(%s)", SQL(" AND ").join(limits))

        return Domain('state', '=', 'running') & Domain.custom(to_sql=to_sql)

    @api.model
    def _search_is_overdue(self, operator, value):
        overdue = Domain('state', '=', 'running') & Domain('date_deadline', '<', self.env.company._kam_today())
        return self._kam_flag(operator, value, overdue)

    # ------------------------------------------------------------------ writing
    @api.model
    def _kam_said_fields(self):
        return set(AGREED) - set(self._kam_unsaid)

    @api.model_create_multi
    def create(self, vals_list):
        # Also by a default that comes from the context.
        default = self.default_get(['state']).get('state', 'draft')
        if not self._is_stepping() and any(vals.get('state', default) != 'draft' for vals in vals_list):
            raise self._refuse_step()
        objectives = super().create(vals_list)
        objectives.plan_id._refuse_closed()
        objectives.filtered('owner_agreed')._check_may_agree()
        return objectives

    def write(self, vals):
        if ('state' in vals or 'date_closed' in vals) and not self._is_stepping():
            raise self._refuse_step()
        ended = self.filtered(lambda row: row.state not in ('draft', 'running'))
        if ended and not self._is_stepping() and any(name in vals for name in self._smart_fields()):
            raise UserError(self.env._(
                "“%(objective)s” has ended and stays as it was. Set it back to draft, or make a new one.",
                objective=ended[0].name))
        if any(name in vals for name in AGREED):
            # What goes on may leave a closed plan, for the one that runs now or for none.
            staying = self if 'plan_id' not in vals else self.filtered(lambda row: row.plan_id.id == vals['plan_id'])
            staying.plan_id._refuse_closed()
        result = super().write(vals)
        if 'plan_id' in vals:
            self.plan_id._refuse_closed()
        if vals.get('owner_agreed'):
            self._check_may_agree()
        return result

    def copy_data(self, default=None):
        # A closed plan takes no further objective: the copy belongs to the plan that runs.
        return [
            {name: value for name, value in vals.items() if name != 'plan_id'}
            if objective.plan_id.sudo().state == 'closed' and 'plan_id' not in (default or {}) else vals
            for objective, vals in zip(self, super().copy_data(default), strict=True)]

    def _check_may_agree(self):
        """Nobody agrees in the name of somebody else."""
        if self.env.su:
            return
        for objective in self:
            if objective.owner_id != self.env.user:
                raise UserError(self.env._(
                    "Only %(owner)s can say that they agree. Save it without, and ask them.",
                    owner=objective.owner_id.name or self.env._("the owner")))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(objective.state != 'draft' for objective in self):
            raise UserError(self.env._(
                "Only a draft can be deleted: what was tried and what came of it stays on record. Cancel or archive "
                "it."))
        self.plan_id._refuse_closed()

    def _refuse_step(self):
        return UserError(self.env._(
            "An objective moves on by its buttons: start it, then say whether it was achieved, missed or cancelled."))

    # ------------------------------------------------------------------ steps
    def action_start(self):
        """From draft to running, once each of the five letters holds; refused with the sentence of the first that
        doesn't. Whoever starts an objective of their own agrees to it by that."""
        for objective in self:
            if objective.state != 'draft':
                raise UserError(self.env._("“%(objective)s” has started already.", objective=objective.name))
            problem = objective._find_smart_problem()
            if problem:
                raise UserError(problem)
        mine = self.filtered(lambda row: row.owner_id == self.env.user and not row.owner_agreed)
        mine._stepping().write({'state': 'running', 'owner_agreed': True})
        (self - mine)._stepping().write({'state': 'running'})

    def action_agree(self):
        """The owner agrees. Whoever owns an objective need not be allowed to change it: hence sudo, after the check."""
        self._check_may_agree()
        self.check_access('read')
        self.sudo().write({'owner_agreed': True})

    def action_achieve(self):
        self._end('achieved')

    def action_miss(self):
        self._end('missed')

    def action_cancel(self):
        self._end('cancelled', ('draft', 'running'))

    def _end(self, state, before=('running',)):
        if any(objective.state not in before for objective in self):
            raise UserError(self.env._("Only an objective that runs can end. Start it first."))
        self._stepping().write({'state': state, 'date_closed': self.env.company._kam_today()})

    def action_check_in(self):
        """A check-in of today: the way for owners who may not change the objective itself."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Check in"), 'res_model': 'kam.objective.checkin',
            'views': [(False, 'form')], 'target': 'new', 'context': {'default_objective_id': self.id},
        }

    def action_reset(self):
        """Back to draft: its letters are asked for anew."""
        self._stepping().write({'state': 'draft', 'date_closed': False, 'owner_agreed': False})

    # ------------------------------------------------------------------ ways
    def action_create_opportunity(self):
        """An opportunity of the account that points back here."""
        self.ensure_one()
        return self.env['crm.lead']._kam_open_from(
            self, kam_objective_id=self.id, kam_strategy_id=self.strategy_id.id)

    def action_open_opportunities(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Opportunities"), 'res_model': 'crm.lead',
            'views': [(False, 'list'), (False, 'kanban'), (self.env.ref('crm.crm_lead_view_form').id, 'form')],
            'domain': [('kam_objective_id', '=', self.id)],
            'context': {'default_type': 'opportunity', 'default_partner_id': self.partner_id.id,
                        'default_kam_objective_id': self.id, 'active_test': False},
        }

    def action_open_strategy(self):
        self.ensure_one()
        return {'type': 'ir.actions.act_window', 'res_model': 'kam.dafo.strategy', 'res_id': self.strategy_id.id,
                'views': [(False, 'form')]}
