"""What is done for an account: what, who and when; and what it brought, to the customer and to us.

The kind of an action prefills its hat, its sales phase and its effort. Its owner may be of any function: owners see
their actions, do them and say what came of them, whosever account it is.
"""
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.fields import UnknownFloat
from .kam_action_kind import NEGOTIATION, PHASES, REQUEST
from .kam_naming_mixin import ERASING
from .kam_objective import CONTRIBUTORS

STATES = [
    ('planned', "Planned"),
    ('done', "Done"),
    ('cancelled', "Cancelled"),
]
ANSWERS = [
    ('backed', "Backs it"),
    ('accepted', "Accepted"),
    ('declined', "Declined"),
]
# What may still be written of an action in a closed plan: planned ones end or move on, the others stay as they were.
ENDS = (
    'plan_id', 'state', 'date_done', 'owner_id', 'confidentiality', 'result', 'lessons', 'answer', 'answer_note',
    'conceded', 'gained')
STAYS = ('owner_id', 'confidentiality')
CONFIRMED = ('value_customer_obtained', 'value_note')
# What owners of other functions may write on their actions: that it is done and what came of it, not what is asked.
OWNERS_PART = (
    'state', 'date_done', 'effort', 'result', 'lessons', 'answer', 'answer_note', 'conceded', 'gained', 'value_note',
    'value_customer_obtained', 'value_us_obtained', 'confirmed_by_id', 'date_confirmed')
FREE_PREFIXES = ('message_', 'activity_', 'website_message_', 'my_activity_')
USERS = 'kam_management.group_kam_user'
PERSON_DOMAIN = "[('kam_account_id', '=', partner_id), ('is_company', '=', False)]"


class KamAction(models.Model):
    _name = 'kam.action'
    _description = "Action with an account"
    _inherit = ['kam.work.mixin', 'kam.said.mixin', 'kam.naming.mixin']
    _order = 'date, id'
    _rec_names_search = ['name', 'partner_id']
    _kam_owners = ('create_uid', 'owner_id')

    name = fields.Char("What", required=True, tracking=True)
    owner_id = fields.Many2one(
        'res.users', "Who", required=True, index=True, ondelete='restrict', tracking=True,
        default=lambda self: self.env.user,
        domain=lambda self: [('all_group_ids', 'in', self.env.ref(CONTRIBUTORS).ids)],
        help="Who does it. People of other functions see the actions that they own.")
    date = fields.Date(
        "When", required=True, index=True, tracking=True, default=lambda self: self.env.company._kam_today())
    plan_id = fields.Many2one(
        compute='_compute_plan_id', store=True, readonly=False, precompute=True,
        # As whoever plans: what they may not read is not linked.
        compute_sudo=False,
        help="The plan that it belongs to: the account's active one to start with.")
    objective_id = fields.Many2one(
        'kam.objective', "For the objective", index='btree_not_null', ondelete='set null', check_company=True,
        domain="[('partner_id', '=', partner_id), ('company_id', '=', company_id)]")
    lead_id = fields.Many2one(
        'crm.lead', "Opportunity", index='btree_not_null', ondelete='set null', groups=USERS,
        domain="[('kam_account_id', '=', partner_id)]")

    kind_id = fields.Many2one(
        'kam.action.kind', "Kind", required=True, index=True, ondelete='restrict',
        default=lambda self: self.env.ref('kam_management.action_kind_other', False))
    kind_code = fields.Char(related='kind_id.code')
    hat_id = fields.Many2one(
        'kam.hat', "Hat", compute='_compute_prefilled', store=True, readonly=False, precompute=True,
        ondelete='restrict', index='btree_not_null', help="As what you do it. Prefilled by the kind.")
    phase = fields.Selection(
        PHASES, "Sales phase", compute='_compute_prefilled', store=True, readonly=False, precompute=True,
        help="Prefilled by the kind.")
    effort = UnknownFloat(
        "Effort (hours)", compute='_compute_prefilled', store=True, readonly=False, precompute=True, aggregator='sum',
        help="Hours that it takes, with its preparation. Prefilled by the kind.")
    function_id = fields.Many2one(
        'kam.function', "Asked of", ondelete='restrict', index='btree_not_null',
        help="The function of our company that something is asked of.")
    contact_ids = fields.Many2many(
        'res.partner', 'kam_action_res_partner_rel', 'action_id', 'partner_id', "People", domain=PERSON_DOMAIN,
        help="The customer's people whom it is done with or for.")
    offer = fields.Text(help="What is offered, and what makes it hard to refuse for these people.")

    state = fields.Selection(
        STATES, required=True, default='planned', tracking=True, index=True, copy=False, group_expand=True)
    date_done = fields.Date(
        "Done on", compute='_compute_date_done', store=True, readonly=False, copy=False, tracking=True)
    is_late = fields.Boolean("Late", compute='_compute_is_late', search='_search_is_late')
    is_mine = fields.Boolean(compute='_compute_is_mine', export_string_translation=False)
    may_plan = fields.Boolean(compute='_compute_may_plan', export_string_translation=False)

    # Of a negotiation.
    approach = fields.Text(help="How it is led: what we want, what we can give, where we stop.")
    conceded = fields.Text("What we gave", copy=False)
    gained = fields.Text("What we obtained", copy=False)

    # What came of it.
    answer = fields.Selection(ANSWERS, "The customer's answer", copy=False, tracking=True)
    answer_note = fields.Text("In the customer's words", copy=False)
    result = fields.Text(copy=False)
    lessons = fields.Text(copy=False, help="What we do differently next time.")

    # Value, in a sum of money where there is one, else in words.
    value_customer_expected = UnknownFloat(
        "Promised to the customer", aggregator='sum', help="What the customer is to gain by it.")
    value_customer_obtained = UnknownFloat(
        "Obtained by the customer", aggregator='sum', copy=False, tracking=True)
    value_us_expected = UnknownFloat("Expected for us", aggregator='sum')
    value_us_obtained = UnknownFloat("Obtained by us", aggregator='sum', copy=False, tracking=True)
    value_note = fields.Text("Value in words", help="What the customer gains by it, where no sum says it.")
    confirmed_by_id = fields.Many2one(
        'res.partner', "Confirmed by", ondelete='restrict', index='btree_not_null', copy=False, domain=PERSON_DOMAIN,
        tracking=True, help="Who of the customer says that this was obtained.")
    date_confirmed = fields.Date(
        "Confirmed on", compute='_compute_date_confirmed', store=True, readonly=False, copy=False)
    is_shared = fields.Boolean(
        "Told to the customer", compute='_compute_is_shared', store=True, readonly=False, precompute=True,
        help="Stands in the customer's version of the value report. Never if it is confidential.")
    # Somebody chose otherwise than the kind does: what they chose stays when the kind changes.
    is_shared_by_hand = fields.Boolean(export_string_translation=False)

    # ------------------------------------------------------------------ computes
    @api.depends('partner_id', 'company_id')
    def _compute_plan_id(self):
        plans = self.env['kam.plan'].search(
            Domain('state', '=', 'active')
            & (Domain('partner_id', 'in', self.partner_id.ids) | Domain('partner_ids', 'in', self.partner_id.ids)))
        for action in self:
            account = action.partner_id._origin
            if account not in action.plan_id.partner_id | action.plan_id.partner_ids:
                action.plan_id = plans.filtered(
                    lambda plan, action=action, account=account: plan.company_id == action.company_id._origin
                    and account in plan.partner_id | plan.partner_ids)[:1]

    @api.depends('kind_id')
    def _compute_prefilled(self):
        for action in self:
            kind = action.kind_id
            action.hat_id, action.phase, action.effort = kind.hat_id, kind.phase, bool(kind) and kind.effort

    @api.depends('state')
    def _compute_date_done(self):
        today = self.env.company._kam_today()
        for action in self:
            action.date_done = action.state == 'done' and (action.date_done or today)

    @api.depends('state', 'date')
    def _compute_is_late(self):
        today = self.env.company._kam_today()
        for action in self:
            action.is_late = bool(action.state == 'planned' and action.date and action.date < today)

    @api.model
    def _search_is_late(self, operator, value):
        late = Domain('state', '=', 'planned') & Domain('date', '<', self.env.company._kam_today())
        return self._kam_flag(operator, value, late)

    @api.depends('owner_id')
    @api.depends_context('uid')
    def _compute_is_mine(self):
        for action in self:
            action.is_mine = action.owner_id == self.env.user

    @api.depends_context('uid')
    def _compute_may_plan(self):
        """Whether the reader may change what is asked: owners of other functions say what came of it."""
        self.may_plan = self._may_plan()

    @api.depends('confirmed_by_id')
    def _compute_date_confirmed(self):
        today = self.env.company._kam_today()
        for action in self:
            action.date_confirmed = bool(action.confirmed_by_id) and today

    @api.depends('kind_id')
    def _compute_is_shared(self):
        for action in self:
            action.is_shared = action.is_shared if action.is_shared_by_hand else action.kind_id.is_shared

    @api.onchange('is_shared')
    def _note_sharing(self):
        for action in self:
            by_hand = action.is_shared != action.kind_id.is_shared
            if action.is_shared_by_hand != by_hand:
                action.is_shared_by_hand = by_hand

    # ------------------------------------------------------------------ checks
    @api.constrains('partner_id', 'objective_id')
    def _check_objective_id(self):
        for action in self:
            account, objective = action.partner_id, action.objective_id
            if objective and objective.partner_id != account:
                raise ValidationError(self.env._(
                    "The objective is one of %(other)s. Choose an objective of %(account)s, or none.",
                    other=objective.partner_id.display_name, account=account.display_name))

    @api.constrains('partner_id', 'contact_ids', 'confirmed_by_id')
    def _check_people(self):
        for action in self:
            (action.contact_ids | action.confirmed_by_id)._kam_refuse_outsiders(action.partner_id)

    @api.constrains('partner_id', 'lead_id')
    def _check_lead_id(self):
        for action in self:
            action.lead_id._kam_refuse_outsiders(action.partner_id)

    @api.constrains('owner_id')
    def _check_owner_id(self):
        self.owner_id._kam_refuse_strangers(CONTRIBUTORS)

    @api.constrains('kind_id', 'function_id')
    def _check_function_id(self):
        for action in self:
            if action.kind_code == REQUEST and not action.function_id:
                raise ValidationError(self.env._(
                    "“%(action)s” asks something of a function: say of which one.", action=action.name))

    @api.constrains('state', 'kind_id', 'result', 'date_done')
    def _check_done(self):
        today = self.env.company._kam_today()
        for action in self.filtered(lambda row: row.state == 'done'):
            if action.date_done and action.date_done > today:
                raise ValidationError(self.env._(
                    "“%(action)s” can't have been done on %(date)s, which is yet to come. Choose today or a day "
                    "before.", action=action.name, date=format_date(self.env, action.date_done)))
            if action.kind_code == NEGOTIATION and not (action.result or '').strip():
                raise ValidationError(self.env._(
                    "“%(action)s” is a negotiation: write its result before you close it.", action=action.name))

    @api.constrains('confirmed_by_id', 'value_customer_obtained', 'value_note')
    def _check_confirmed(self):
        for action in self:
            if action.confirmed_by_id and action.value_customer_obtained is False and not (
                    action.value_note or '').strip():
                raise ValidationError(self.env._(
                    "Say what %(person)s confirmed: the value that the customer obtained, as a sum or in words.",
                    person=action.confirmed_by_id.name))

    @api.constrains('effort')
    def _check_effort(self):
        for action in self:
            if action.effort is not False and not 0 <= action.effort <= 1000:
                raise ValidationError(self.env._(
                    "“%(action)s”: an effort is between 0 and 1,000 hours, or empty while unknown.",
                    action=action.name))

    # ------------------------------------------------------------------ writing
    @api.model
    def _kam_said_fields(self):
        return {'name', 'date', 'objective_id', 'kind_id', 'offer', 'approach', 'value_customer_expected',
                'value_us_expected', *OWNERS_PART} - {'effort'}

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        actions._note_sharing()
        actions.plan_id._refuse_closed()
        actions._follow_activities()
        return actions

    def write(self, vals):
        if not self._may_plan():
            self._refuse_beyond_owners_part(vals)
        self._refuse_closed_plan(vals)
        changed = self.filtered(lambda action: (action.confirmed_by_id or action.date_confirmed) and any(
            name in vals and action._is_other(name, vals[name]) for name in CONFIRMED))
        result = super().write(vals)
        if vals.get('plan_id'):
            self.plan_id._refuse_closed()
        if changed and 'confirmed_by_id' not in vals:
            # What was confirmed is another value now: somebody has to say so again.
            super(KamAction, changed).write({'confirmed_by_id': False, 'date_confirmed': False})
        elif changed and 'date_confirmed' not in vals:
            changed._compute_date_confirmed()
        if 'is_shared' in vals:
            self._note_sharing()
        if any(name in vals for name in ('state', 'owner_id', 'date', 'name', 'active')):
            self._follow_activities()
        return result

    @api.model
    def _may_plan(self):
        return self.env.su or self.env.user.has_group(USERS)

    def _refuse_closed_plan(self, vals):
        """What was done in a closed plan stays as it was; what is planned there ends, or goes on in another one."""
        if self.env.context.get('kam_erasing') is ERASING:
            return
        for action in self:
            may = ENDS if action.state == 'planned' else STAYS
            if any(name not in may and not name.startswith(FREE_PREFIXES) for name in vals):
                action.plan_id._refuse_closed()

    def _refuse_beyond_owners_part(self, vals):
        asked = [name for name in vals if name not in OWNERS_PART and not name.startswith(FREE_PREFIXES)]
        if asked:
            raise AccessError(self.env._(
                "You can say that it is done and what came of it. Ask whoever planned it to change “%(field)s”.",
                field=self._fields[asked[0]]._description_string(self.env) if asked[0] in self._fields else asked[0]))

    # ------------------------------------------------------------------ forgetting
    @api.model
    def _kam_people_fields(self):
        return ['contact_ids', 'confirmed_by_id']

    def _kam_unchanged(self, values):
        # It was confirmed, whoever did so.
        confirmed = {'date_confirmed': self.date_confirmed} if 'confirmed_by_id' in values else {}
        return {**super()._kam_unchanged(values), **confirmed}

    @api.ondelete(at_uninstall=False)
    def _unlink_except_planned(self):
        if any(action.state != 'planned' for action in self):
            raise UserError(self.env._(
                "What was done or cancelled stays on record: archive it instead of deleting it."))
        self.plan_id._refuse_closed()
