"""Dated decisions on who is a key account: in, from tier to tier, and out again.

The only way to the flag and the tier of an account. What was known that day (the scores, the reason, the evidence)
stays on the decision.
"""
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.fields import UnknownFloat, UnknownInteger
from .kam_score import BANDS, PARETO, QUADRANTS

STATES = [
    ('candidate', "Candidate"),
    ('proposed', "Proposed"),
    ('accepted', "Accepted"),
    ('declined', "Declined"),
]
KINDS = [
    ('entry', "Becomes a key account"),
    ('tier', "Changes tier or manager"),
    ('exit', "Is no longer a key account"),
]
OPEN = ('candidate', 'proposed')
USERS = 'kam_management.group_kam_user'
# Copied from the account's scores when it is proposed and again when it is decided.
FROZEN = (
    'revenue', 'growth', 'share', 'rank', 'pareto_class', 'attractiveness', 'position', 'willingness',
    'strategic_value', 'financial_value', 'quadrant', 'health', 'health_band')
# What people enter; after the decision it stays as it was.
ENTERED = (
    'partner_id', 'company_id', 'kind', 'tier_id', 'manager_id', 'reason', 'evidence', 'exception_reason',
    'decision_note', 'user_id')
# What only the steps of a nomination write.
STEPPED = (
    'state', 'open_slot', 'date_proposed', 'decided_by_id', 'date_decided', 'previous_tier_id', 'previous_manager_id',
    'scored_as_of', *FROZEN)


class KamNomination(models.Model):
    _name = 'kam.nomination'
    _description = "Key account nomination"
    _inherit = ['mail.thread', 'mail.activity.mixin', 'kam.confidential.mixin', 'kam.unknown.mixin', 'kam.steps.mixin']
    _order = 'id desc'
    _rec_names_search = ['partner_id']
    _check_company_auto = True
    # Whoever is asked to decide must be able to read it, whatever its level.
    _kam_owners = ('user_id', 'approver_id')
    _mail_post_access = 'read'

    partner_id = fields.Many2one(
        'res.partner', "Account", required=True, index=True, ondelete='cascade', check_company=True, tracking=True)
    company_id = fields.Many2one(
        'res.company', required=True, index=True, ondelete='cascade', default=lambda self: self.env.company,
        help="The company that decides and whose capacity the account takes.")
    currency_id = fields.Many2one(related='company_id.currency_id')
    kind = fields.Selection(
        KINDS, "Decision", compute='_compute_kind', store=True, readonly=False, required=True, precompute=True,
        tracking=True)
    tier_id = fields.Many2one(
        'kam.tier', "Tier", index=True, ondelete='restrict', tracking=True, compute='_compute_tier_id', store=True,
        readonly=False, precompute=True)
    manager_id = fields.Many2one(
        'res.users', "Key account manager", ondelete='restrict', tracking=True, domain=[('share', '=', False)],
        compute='_compute_manager_id', store=True, readonly=False, precompute=True,
        help="Who will answer for the whole relation.")
    # The worker reads who is a candidate, and no word of why.
    reason = fields.Text(groups=USERS, help="Why: what the account is to us, or why it no longer is.")
    evidence = fields.Html(groups=USERS, help="What the proposal rests on: figures, plans, what the customer said.")
    exception_reason = fields.Text(
        "Reason for the exception", groups=USERS,
        help="Why it is accepted all the same, beyond the capacity or with a customer that may not invest with us.")
    decision_note = fields.Text("Note on the decision", groups=USERS)
    state = fields.Selection(STATES, required=True, default='candidate', readonly=True, tracking=True, index=True)
    # NULL as soon as it is decided, so that the constraint below lets any number of decisions stand.
    open_slot = fields.Char(compute='_compute_open_slot', store=True, export_string_translation=False)
    user_id = fields.Many2one(
        'res.users', "Proposed by", required=True, default=lambda self: self.env.user, ondelete='restrict')
    approver_id = fields.Many2one(
        'res.users', "To be decided by", ondelete='set null', default=lambda self: self._default_approver_id(),
        domain=lambda self: [('all_group_ids', 'in', self.env.ref('kam_management.group_kam_manager').ids)])
    date_proposed = fields.Datetime("Proposed on", readonly=True)
    decided_by_id = fields.Many2one('res.users', "Decided by", readonly=True, ondelete='restrict')
    date_decided = fields.Datetime("Decided on", readonly=True)
    previous_tier_id = fields.Many2one('kam.tier', "Tier before", readonly=True, ondelete='restrict')
    previous_manager_id = fields.Many2one('res.users', "Manager before", readonly=True, ondelete='restrict')
    active = fields.Boolean(default=True)

    scored_as_of = fields.Date("Scores of", readonly=True)
    revenue = UnknownFloat(readonly=True, aggregator='sum')
    growth = UnknownFloat("Growth %", readonly=True)
    share = UnknownFloat("Share of sales", readonly=True, aggregator='sum', help="From 0 to 1.")
    rank = UnknownInteger(readonly=True)
    pareto_class = fields.Selection(PARETO, "Class", readonly=True)
    attractiveness = UnknownFloat(readonly=True)
    position = UnknownFloat("Competitive position", readonly=True)
    willingness = UnknownFloat("Willingness to co-invest", readonly=True)
    strategic_value = UnknownFloat("Strategic value", readonly=True)
    financial_value = UnknownFloat("Financial value", readonly=True)
    quadrant = fields.Selection(QUADRANTS, readonly=True)
    health = UnknownFloat(readonly=True)
    health_band = fields.Selection(BANDS, "Health band", readonly=True)

    # A Constraint and no UniqueIndex: the wizard that merges contacts knows only the former.
    _open_unique = models.Constraint(
        'UNIQUE(partner_id, company_id, open_slot)',
        "This account has an open nomination already: accept or decline that one first.")

    # ------------------------------------------------------------------ computes
    @api.depends('partner_id')
    def _compute_kind(self):
        for nomination in self:
            if nomination.kind != 'exit' or not nomination.partner_id.is_key_account:
                nomination.kind = 'tier' if nomination.partner_id.is_key_account else 'entry'

    @api.depends('partner_id', 'kind')
    def _compute_tier_id(self):
        for nomination in self:
            if nomination.kind == 'exit':
                nomination.tier_id = False
            elif not nomination.tier_id:
                nomination.tier_id = nomination.partner_id.kam_tier_id

    @api.depends('partner_id', 'kind')
    def _compute_manager_id(self):
        for nomination in self:
            account = nomination.partner_id
            if nomination.kind == 'exit':
                nomination.manager_id = False
            elif not nomination.manager_id:
                salesperson = account.user_id
                # Groups of other people are readable to administrators only; here it decides a default.
                if salesperson and not salesperson.sudo().has_group('kam_management.group_kam_user'):
                    salesperson = salesperson.browse()
                nomination.manager_id = account.kam_manager_id or salesperson

    @api.depends('state')
    def _compute_open_slot(self):
        for nomination in self:
            nomination.open_slot = 'open' if nomination.state in OPEN else False

    @api.depends('partner_id', 'kind', 'tier_id')
    @api.depends_context('lang')
    def _compute_display_name(self):
        kinds = dict(self._fields['kind']._description_selection(self.env))
        for nomination in self:
            account = nomination.partner_id.display_name
            aim = kinds.get(nomination.kind) if nomination.kind == 'exit' else nomination.tier_id.name
            nomination.display_name = f"{account} → {aim}" if account and aim else account or False

    @api.model
    def _default_approver_id(self):
        return self._find_approver(self.env.company)

    @api.model
    def _find_approver(self, company):
        """Whoever decided last in this company."""
        # Also for those who may not read that decision: only the person is told.
        last = self.sudo().search([
            ('company_id', '=', company.id), ('decided_by_id', '!=', False)], order='date_decided desc', limit=1)
        # Groups of other people are readable to administrators only; here they decide a default.
        return last.decided_by_id.filtered(
            lambda user: user.active and user.has_group('kam_management.group_kam_manager')).with_env(self.env)

    # ------------------------------------------------------------------ checks
    @api.constrains('partner_id', 'company_id')
    def _check_partner_id(self):
        # What was decided stays on record, whatever became of the account; a merge takes the account as it is.
        for nomination in self.filtered(lambda row: row.state in OPEN and not row._is_stepping()):
            problem = nomination._find_partner_problem()
            if problem:
                raise ValidationError(problem)

    def _find_partner_problem(self):
        """A sentence on why this partner can't be nominated here, or None."""
        self.ensure_one()
        partner = self.partner_id
        name = partner.display_name
        if partner.is_key_account and partner.kam_company_id and partner.kam_company_id != self.company_id:
            # The name of a company is no secret to whoever sees its customer.
            return self.env._(
                "%(partner)s is a key account of %(company)s, which decides on it. Nominate it there.",
                partner=name, company=partner.kam_company_id.sudo().name)
        if self.kind == 'exit':
            return None  # whatever became of it, it must be able to leave
        if partner.parent_id and not partner.is_company:
            return self.env._(
                "%(partner)s is a contact of %(company)s. Nominate the company.",
                partner=partner.name, company=partner.parent_id.display_name)
        if partner.company_id and partner.company_id != self.company_id:
            return self.env._(
                "%(partner)s is a customer of %(company)s only. Nominate it there.",
                partner=name, company=partner.company_id.sudo().name)
        if not partner.active:
            return self.env._("%(partner)s is archived. Restore it before you nominate it.", partner=name)
        return None

    @api.constrains('manager_id', 'user_id', 'approver_id')
    def _check_people(self):
        for nomination in self:
            approver = nomination.approver_id
            if approver and nomination.state in OPEN and not approver.sudo().has_group(
                    'kam_management.group_kam_manager'):
                raise ValidationError(self.env._(
                    "%(user)s can't decide on nominations. Choose a Key Accounts manager.", user=approver.name))
            # Other people's account types are readable to administrators only.
            if nomination.manager_id.sudo().share:
                raise ValidationError(self.env._(
                    "%(user)s is not an employee. Choose a colleague who works in this database as key account "
                    "manager.",
                    user=nomination.manager_id.name))
            if nomination.manager_id and not nomination.manager_id.sudo().active and nomination.state in OPEN:
                raise ValidationError(self.env._(
                    "%(user)s has left. Choose another key account manager.", user=nomination.manager_id.name))

    @api.constrains('kind', 'partner_id', 'tier_id')
    def _check_kind(self):
        for nomination in self:
            if nomination.state not in OPEN:
                continue
            flagged = nomination.partner_id.is_key_account
            if nomination.kind == 'entry' and flagged:
                raise ValidationError(self.env._(
                    "%(partner)s is a key account already. Propose another tier for it, or that it leaves.",
                    partner=nomination.partner_id.display_name))
            if nomination.kind != 'entry' and not flagged:
                raise ValidationError(self.env._(
                    "%(partner)s is not a key account. Propose that it becomes one.",
                    partner=nomination.partner_id.display_name))
            if nomination.tier_id and not nomination.tier_id.active:
                raise ValidationError(self.env._(
                    "The tier “%(tier)s” is no longer in use. Choose another one.", tier=nomination.tier_id.name))

    # ------------------------------------------------------------------ writing
    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_others(vals_list)
        nominations = super().create(vals_list)
        if not self._is_stepping():
            # After the fact, so that defaults (context, ir.default) are guarded too.
            for nomination in nominations:
                if nomination.state != 'candidate' or any(
                        nomination[name] for name in STEPPED if name not in ('state', 'open_slot')):
                    raise self._refuse_step()
                if not self.env.su and nomination.user_id != self.env.user:
                    raise AccessError(self.env._("A nomination is proposed in one's own name."))
        nominations._freeze_scores()
        return nominations

    def write(self, vals):
        if not self._is_stepping():
            if any(name in vals for name in STEPPED):
                raise self._refuse_step()
            decided = self.filtered(lambda nomination: nomination.state not in OPEN)
            if decided and any(name in vals for name in ENTERED):
                raise UserError(self.env._(
                    "%(nomination)s was decided on %(date)s and stays as it is. Make a new nomination to change it.",
                    nomination=decided[0].display_name, date=format_date(self.env, decided[0].date_decided)))
            proposed = self.filtered(lambda nomination: nomination.state == 'proposed')
            if proposed and any(name in vals for name in ENTERED) and not self.env.su and (
                    not self.env.user.has_group('kam_management.group_kam_manager')):
                raise UserError(self.env._(
                    "%(nomination)s waits for a decision on what was proposed. Take it back to candidate to change it.",
                    nomination=proposed[0].display_name))
            if not self.env.su and 'user_id' in vals and any(row.user_id.id != vals['user_id'] for row in self):
                raise AccessError(self.env._("A nomination stays that of the person who proposed it."))
            if 'active' in vals and not vals['active'] and any(row.state in OPEN for row in self):
                raise UserError(self.env._("An open nomination can't be archived: accept or decline it first."))
            if 'partner_id' in vals and any(row.state != 'candidate' for row in self):
                raise UserError(self.env._(
                    "Another account is another nomination: decline this one and make a new one."))
        result = super().write(vals)
        if 'partner_id' in vals or 'company_id' in vals:
            self._freeze_scores()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if any(nomination.state != 'candidate' for nomination in self):
            raise UserError(self.env._("What was proposed or decided stays on record."))

    @api.model
    def _refuse_others(self, vals_list):
        """Users propose customers of their own; said in a sentence, before Odoo's rules refuse it in theirs."""
        if self.env.su or self.env.user.has_group('kam_management.group_kam_manager'):
            return
        default = self.default_get(['partner_id']).get('partner_id')
        partners = self.env['res.partner'].browse(
            {vals.get('partner_id', default) for vals in vals_list} - {None, False})
        own = partners.search(Domain('id', 'in', partners.ids) & partners._kam_own_domain())
        for partner in (partners - own).filtered('active'):
            raise AccessError(self.env._(
                "%(partner)s is not among your customers. Ask a Key Accounts manager to propose it.",
                partner=partner.display_name))

    def _refuse_step(self):
        return UserError(self.env._(
            "A nomination moves on by its steps: propose it, then accept or decline it."))

    def _freeze_scores(self):
        """Keep the scores of today on these nominations, as far as whoever acts may see them."""
        for nomination in self:
            score = self.env['kam.score'].search([
                ('partner_id', '=', nomination.partner_id.id), ('company_id', '=', nomination.company_id.id)])
            if not score and any(nomination[name] is not False for name in FROZEN):
                continue  # whoever decides may see less than whoever proposed: what is known stays
            values = {name: score[name] for name in FROZEN}
            nomination._stepping().write({**values, 'scored_as_of': score.freshness_date})
