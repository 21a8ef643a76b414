"""The people of an account who matter: who they are in its decisions, what moves them, and where we stand with them.

Four things make one: contact, role, power and support; the function is guessed from the job title. What becomes of a
person (leaves, returns, moves) is in `kam_stakeholder_steps.py`, dated changes in `kam_stakeholder_change.py`, and what
is known of somebody as an individual in `kam_stakeholder_person.py`, for the account team alone.
"""
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..tools.fields import Scale, UnknownFloat, UnknownInteger
from ..tools.job_titles import guess_function
from ..tools.scales import gap_of
from .kam_naming_mixin import ERASING

POWERS = [('low', "Low"), ('medium', "Medium"), ('high', "High")]
SUPPORTS = [
    ('opponent', "Against us"),
    ('sceptic', "Sceptical"),
    ('neutral', "Neutral"),
    ('supporter', "In favour"),
    ('champion', "Champions us"),
]
RELATIONSHIPS = [
    ('0', "No relation yet"),
    ('1', "Knows us"),
    ('2', "Works with us"),
    ('3', "Trusts us"),
    ('4', "Plans with us"),
]
USERS = 'kam_management.group_kam_user'
STATES = [('present', "Present"), ('left', "Has left")]


class KamStakeholder(models.Model):
    _name = 'kam.stakeholder'
    _description = "Stakeholder"
    _inherit = ['mail.thread', 'mail.activity.mixin', 'kam.confidential.mixin', 'kam.unknown.mixin']
    # Account by account, who weighs most first; who has left last.
    _order = 'partner_id, state desc, power desc, contact_id, id'
    _rec_name = 'contact_id'
    _rec_names_search = ['contact_id', 'partner_id']
    _parent_name = 'reports_to_id'
    _check_company_auto = True
    _mail_post_access = 'read'

    # restrict on both: what is known of people is not lost with a contact; see res_partner_stakeholder.py
    partner_id = fields.Many2one(
        'res.partner', "Account", required=True, index=True, ondelete='restrict', check_company=True, tracking=True,
        compute='_compute_partner_id', store=True, readonly=False, precompute=True)
    contact_id = fields.Many2one(
        'res.partner', "Person", required=True, index=True, ondelete='restrict', check_company=True, tracking=True,
        # Whoever opens an empty form starts with the person: the account follows.
        domain="partner_id and [('kam_account_id', '=', partner_id), ('is_company', '=', False)]"
               " or [('is_company', '=', False), ('parent_id', '!=', False), ('user_ids', '=', False)]")
    company_id = fields.Many2one(
        'res.company', required=True, index=True, ondelete='restrict', default=lambda self: self.env.company)
    active = fields.Boolean(default=True)
    job_title = fields.Char(related='contact_id.function', string="Job title")
    email = fields.Char(related='contact_id.email')
    phone = fields.Char(related='contact_id.phone')
    function_id = fields.Many2one(
        'kam.function', "Function", compute='_compute_function_id', store=True, readonly=False, precompute=True,
        index='btree_not_null', ondelete='restrict',
        help="Guessed from the job title; choose another one if it is not.")

    # who they are when the customer decides
    role_ids = fields.Many2many(
        'kam.stakeholder.role', 'kam_stakeholder_role_rel', 'stakeholder_id', 'role_id', "Roles",
        help="What they do when this customer buys; one person may play several.")
    power = Scale(
        POWERS, tracking=True, index=True, help="How much their word weighs there. Empty: we don't know.")
    support = Scale(
        SUPPORTS, tracking=True, index=True, help="Where they stand towards us. Empty: we don't know.")
    cadence_days = UnknownInteger(
        "Contact every (days)", compute='_compute_cadence_days', store=True,
        help="The shortest rhythm that their roles ask for.")
    reports_to_id = fields.Many2one(
        'kam.stakeholder', "Reports to", index='btree_not_null', ondelete='set null', check_company=True,
        domain="[('partner_id', '=', partner_id), ('company_id', '=', company_id), ('id', '!=', id)]")
    report_ids = fields.One2many('kam.stakeholder', 'reports_to_id', "Reports")

    # what moves them in their job; the worker reads roles, power and support, and no word of it
    interests = fields.Text(
        "What they want in their job", groups=USERS,
        help="Results, projects and worries of theirs.")
    measured_by = fields.Text(
        "How they are measured", groups=USERS, help="Figures and results that their own boss looks at.")
    recognised_for = fields.Text("Recognised for what", groups=USERS, help="What they want to be known for.")
    recognised_by = fields.Text("Recognised by whom", groups=USERS, help="Whose opinion counts for them.")
    recognised_how = fields.Text(
        "Recognised how", groups=USERS, help="A word in front of the boss, an article, a thank you?")
    best_reached = fields.Text("How best to reach them", groups=USERS, help="By which channel, when, through whom.")

    # where we stand
    relationship = Scale(
        RELATIONSHIPS, "Relationship today", tracking=True, index=True, help="Empty: not assessed.")
    relationship_target = Scale(
        RELATIONSHIPS[1:], "Relationship wanted", tracking=True, help="As far as it is worth going with this person.")
    gap = UnknownFloat(
        "Still to go", compute='_compute_gap', store=True,
        help="Which part of the way to the relationship wanted is still to go, from 0 to 1.")
    counterpart_ids = fields.Many2many(
        'res.users', 'kam_stakeholder_counterpart_rel', 'stakeholder_id', 'user_id', "Our people",
        domain=[('share', '=', False)], ondelete='restrict',
        help="Who of us knows this person: colleagues of the account team, or any other. To be named here lets nobody "
             "read what is said of the person.")
    counterpart_function_ids = fields.Many2many(
        'kam.function', string="Our functions", compute='_compute_counterpart_function_ids',
        help="The functions of our people, as in the account team.")

    # A Constraint and no UniqueIndex: the wizard that merges contacts knows only the former.
    _person_unique = models.Constraint(
        'UNIQUE(partner_id, contact_id, company_id)',
        "This person is a stakeholder of this account already: change that one.")

    # ------------------------------------------------------------------ computes
    @api.depends('contact_id')
    def _compute_partner_id(self):
        for stakeholder in self:
            if not stakeholder.partner_id:
                stakeholder.partner_id = stakeholder.contact_id.kam_account_id

    @api.depends('contact_id.function')
    def _compute_function_id(self):
        functions = {
            function.code: function for function in self.env['kam.function'].search([('code', '!=', False)])}
        for stakeholder in self:
            # what people chose stays
            if not stakeholder.function_id:
                stakeholder.function_id = functions.get(guess_function(stakeholder.contact_id.function))

    @api.depends('role_ids.cadence_days')
    def _compute_cadence_days(self):
        for stakeholder in self:
            days = [role.cadence_days for role in stakeholder.role_ids if role.cadence_days is not False]
            stakeholder.cadence_days = min(days) if days else False

    @api.depends('relationship', 'relationship_target')
    def _compute_gap(self):
        for stakeholder in self:
            gap = gap_of(stakeholder.relationship, stakeholder.relationship_target)
            stakeholder.gap = False if gap is None else gap

    @api.depends('counterpart_ids', 'partner_id.kam_member_ids.function_id', 'partner_id.kam_member_ids.date_to')
    @api.depends_context('company', 'uid')
    def _compute_counterpart_function_ids(self):
        functions = self.partner_id._kam_functions_of(self.counterpart_ids)
        for stakeholder in self:
            account = stakeholder.partner_id._origin.id
            stakeholder.counterpart_function_ids = self.env['kam.function'].union(*(
                functions[account, user.id] for user in stakeholder.counterpart_ids._origin if account))

    @api.depends('contact_id.name')
    @api.depends_context('uid')
    def _compute_display_name(self):
        # Odoo tells the name of whatever a record points at, in sudo; this one may be confidential.
        readable = set(self.sudo(False)._filtered_access('read')._ids)
        for stakeholder in self:
            shown = not stakeholder._origin or stakeholder.id in readable
            stakeholder.display_name = stakeholder.contact_id.name if shown else self.env._("Confidential")

    # ------------------------------------------------------------------ checks
    @api.constrains('partner_id', 'contact_id')
    def _check_contact_id(self):
        self.partner_id._kam_require_account()
        # In sudo: people may belong to a company of the group that the writer doesn't enter; names only.
        for stakeholder in self.sudo():
            person, account = stakeholder.contact_id, stakeholder.partner_id
            if not (person.name or '').strip():
                raise ValidationError(self.env._(
                    "A contact of %(account)s has no name. Give it one, then make it a stakeholder.",
                    account=account.display_name))
            if person.is_company:
                raise ValidationError(self.env._(
                    "%(contact)s is a company. Choose the person who decides or works there.",
                    contact=person.display_name))
            if person.user_ids.filtered(lambda user: not user.share):
                raise ValidationError(self.env._(
                    "%(person)s is a colleague who works in this database. Colleagues belong to the account team.",
                    person=person.name))
            if person.kam_account_id != account:
                raise ValidationError(self.env._(
                    "%(person)s is not one of the people of %(account)s. Choose somebody of this customer, or move "
                    "the contact there first.", person=person.display_name, account=account.display_name))

    @api.constrains('reports_to_id', 'partner_id', 'company_id')
    def _check_reports_to_id(self):
        if self._has_cycle('reports_to_id'):
            raise ValidationError(self.env._(
                "Somebody would report to themselves, over the others. Choose another boss."))
        # In sudo: a boss or a report whom the writer may not read counts too; only the account is named.
        for stakeholder in self.sudo().with_context(active_test=False):
            around = stakeholder.reports_to_id | stakeholder.report_ids
            if any(other.partner_id != stakeholder.partner_id for other in around):
                raise ValidationError(self.env._(
                    "Whom somebody reports to is one of the stakeholders of the same account: choose one of "
                    "%(account)s.", account=stakeholder.partner_id.display_name))

    @api.constrains('counterpart_ids')
    def _check_counterpart_ids(self):
        # Other people's account types are readable to administrators only.
        for user in self.counterpart_ids.sudo():
            if user.share:
                raise ValidationError(self.env._(
                    "%(user)s is not an employee. Choose a colleague who works in this database.", user=user.name))

    @api.model
    def _refuse_twice(self, vals_list):
        """Before the database does, with a sentence that says who it is and what to do."""
        defaults = self.default_get(['contact_id', 'company_id'])
        keys = [(vals.get('partner_id'), vals.get('contact_id', defaults.get('contact_id')),
                 vals.get('company_id', defaults.get('company_id'))) for vals in vals_list]
        # In sudo: those that the writer may not see count too; only who is being added is named.
        there = {
            (row.partner_id.id, row.contact_id.id, row.company_id.id): row
            for row in self.sudo().with_context(active_test=False).search(
                [('contact_id', 'in', [contact for _account, contact, _company in keys if contact])])}
        for key in keys:
            if key in there:
                self._refuse_doubled(self.env['res.partner'].browse(key[1]), there[key])
            there[key] = self.browse()

    @api.model
    def _refuse_doubled(self, contact, stakeholder):
        if stakeholder and not stakeholder.active:
            raise ValidationError(self.env._(
                "%(person)s is a stakeholder of this account already, and archived: restore that one instead.",
                person=contact.name))
        if stakeholder and stakeholder.state == 'left':
            raise ValidationError(self.env._(
                "%(person)s was a stakeholder of this account and left: use “Is back” there instead.",
                person=contact.name))
        raise ValidationError(self.env._(
            "%(person)s is a stakeholder of this account already: change that one instead of adding another.",
            person=contact.name))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_led(self):
        if self.env.context.get('kam_erasing') is ERASING:
            return  # a request to be forgotten does not wait for an organigram
        for stakeholder in self.with_context(active_test=False):
            if stakeholder.report_ids - self:
                raise UserError(self.env._(
                    "Others report to %(person)s. Say first whom they report to, or mark %(person)s as left.",
                    person=stakeholder.contact_id.name))

    # ------------------------------------------------------------------ searches
    @api.model
    def _search_display_name(self, operator, value):
        # By the person's own name: `complete_name` would find everybody by the name of their company. Whoever looks for
        # the account finds its people, too; an import, which asks for the exact name, means the person.
        names = Domain('contact_id.name', operator, value)
        if operator in ('ilike', 'like'):
            names |= Domain('partner_id.name', operator, value)
        return names
