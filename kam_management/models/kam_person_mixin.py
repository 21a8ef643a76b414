"""What is known of a person of an account on a day: a contact with them, an answer that they gave.

It is history, so it stays where it happened. A row remembers the organisation that the person worked at then
(`organisation_id`) and counts for the account of that organisation, whatever becomes of the person:

* The person moves to another customer: the row stays with the customer they came from.
* The organisation is merged, moves to another group, or becomes a key account: the row follows it.
* The person is deleted, as when they ask to be forgotten: the row loses them and its words, and still counts. That of
  an individual who is a customer themselves counts for nobody else: it goes with them, and they are archived instead
  unless they are erased on request.
"""
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

PERSON_DOMAIN = (
    "partner_id and [('kam_account_id', '=', partner_id), ('is_company', '=', False)]"
    " or [('is_company', '=', False)]")
PARTNERS = ('contact_id', 'partner_id', 'organisation_id')


class KamPersonMixin(models.AbstractModel):
    _name = 'kam.person.mixin'
    _description = "Of a person of an account, on a day"
    _inherit = ['kam.account.mixin', 'kam.naming.mixin']
    _kam_place = ('company_id', 'organisation_id', 'contact_id')
    # Fields with words about a person, which go when the person does.
    _kam_words = ()

    contact_id = fields.Many2one(
        'res.partner', "Person", index='btree_not_null', ondelete='set null', domain=PERSON_DOMAIN)
    organisation_id = fields.Many2one(
        'res.partner', "Worked at", compute='_compute_organisation_id', store=True, readonly=False, precompute=True,
        required=True, index=True, ondelete='cascade',
        help="Where the person worked then. It stays when they move on, and says which account it counts for.")
    partner_id = fields.Many2one(
        'res.partner', "Account", compute='_compute_partner_id', store=True, readonly=False, precompute=True,
        index=True, ondelete='set null')
    company_id = fields.Many2one(
        'res.company', required=True, index=True, ondelete='restrict', default=lambda self: self.env.company)
    date = fields.Date(required=True, index=True, default=lambda self: self.env.company._kam_today())
    active = fields.Boolean(default=True)

    # ------------------------------------------------------------------ computes
    # Not of the person's company: where they work today is not where they worked then.
    @api.depends('contact_id')
    def _compute_organisation_id(self):
        for row in self:
            row.organisation_id = row.contact_id._kam_organisation() or row.organisation_id or row.partner_id

    @api.depends('organisation_id.kam_account_id')
    def _compute_partner_id(self):
        for row in self:
            row.partner_id = row.organisation_id.kam_account_id or row.partner_id

    # ------------------------------------------------------------------ checks
    @api.constrains('contact_id')
    def _check_contact_id(self):
        # In sudo: other people's account types are readable to administrators only.
        for person in self.sudo().contact_id:
            if person.is_company:
                raise ValidationError(self.env._(
                    "%(contact)s is a company. Choose one of its people.", contact=person.display_name))
            if not (person.name or '').strip():
                raise ValidationError(self.env._(
                    "The contact at %(account)s has no name. Give it one first, so that everybody knows who it is.",
                    account=person.kam_account_id.display_name))
            if person.user_ids.filtered(lambda user: not user.share):
                raise ValidationError(self.env._(
                    "%(contact)s is a colleague who works in this database. Choose somebody of the customer.",
                    contact=person.name))

    @api.constrains('date')
    def _check_date(self):
        for row in self:
            if row.date > row.company_id._kam_today():
                raise ValidationError(self.env._(
                    "%(date)s is yet to come. Choose today or a day before.", date=format_date(self.env, row.date)))

    # ------------------------------------------------------------------ writing
    @api.model_create_multi
    def create(self, vals_list):
        # Of many rows all people are read at once.
        people = [vals[name] for vals in vals_list for name in PARTNERS if vals.get(name)]
        vals_list = [self._kam_place_values(vals, people) for vals in vals_list]
        if not self.env.su:
            self._refuse_hidden([vals['organisation_id'] for vals in vals_list])
        return super().create(vals_list)

    def write(self, vals):
        if vals.get('partner_id') and not vals.get('organisation_id'):
            vals = self._kam_replace_values(vals)
        if not self.env.su and vals.get('contact_id'):
            self._refuse_hidden(self._kam_person(vals['contact_id'])._kam_organisation().ids)
        return super().write(vals)

    @api.model
    def _kam_person(self, number, others=()):
        return self.env['res.partner'].browse(number).with_prefetch([*others, number] if number else ())

    @api.model
    def _kam_place_values(self, vals, others=()):
        """`vals` with the organisation that a new row stands at: the person's, else the account that was given."""
        defaults = self.default_get(['contact_id', 'partner_id'])
        person, account, organisation = (
            self._kam_person(vals.get(name, defaults.get(name)), others) for name in PARTNERS)
        day = fields.Date.to_date(vals.get('date')) or self.env.company._kam_today()
        organisation = organisation or self._kam_former_place(person, account, day) or (
            person._kam_organisation() or account)
        if not organisation:
            raise ValidationError(self.env._("Say which person or which account it is about."))
        self._kam_check_account(person, organisation, account)
        return {**{name: value for name, value in vals.items() if name != 'partner_id'},
                'contact_id': person.id, 'organisation_id': organisation.id}

    def _kam_replace_values(self, vals):
        """`vals` with the organisation for the account in it, as far as the rows do not stand there already."""
        account = self._kam_person(vals['partner_id'])
        rest = {name: value for name, value in vals.items() if name != 'partner_id'}
        for row in self:
            person = self._kam_person(vals['contact_id']) if 'contact_id' in vals else row.contact_id
            if person:
                there = person._kam_organisation() if 'contact_id' in vals else row.organisation_id
                former = there.kam_account_id != account.kam_account_id and self._kam_former_place(
                    person, account, fields.Date.to_date(vals.get('date')) or row.date)
                if former:
                    there, rest['organisation_id'] = former, former.id
                self._kam_check_account(person, there, account)
        if not any(vals.get('contact_id', row.contact_id) for row in self):
            rest['organisation_id'] = account.id
        return rest

    @api.model
    def _kam_check_account(self, person, organisation, account):
        if person and account and account.kam_account_id != organisation.kam_account_id:
            raise ValidationError(self.env._(
                "%(person)s is not one of the people of %(account)s. Choose somebody of this customer; of somebody who "
                "has left it, a day until then.", person=person.display_name, account=account.display_name))

    @api.model
    def _kam_former_place(self, person, account, day):
        """Where a person worked on a day at an account that they have left since; none where nothing tells of it."""
        account = account.kam_account_id or account
        if not person or not account or person.kam_account_id == account:
            return self.env['res.partner']
        # In sudo: what tells of it may be hidden from the writer, and only that they worked there follows.
        known = self.sudo().with_context(active_test=False).env
        there = [('contact_id', '=', person.id), ('partner_id', '=', account.id)]
        for name in ('kam.stakeholder.contact', 'kam.satisfaction.response'):
            row = known[name].search([*there, ('date', '>=', day)], order='date, id', limit=1)
            if row:
                return row.organisation_id.with_env(self.env)
        left = known['kam.stakeholder'].search_count(
            [*there, ('state', '=', 'left'), ('date_left', '>=', day)], limit=1)
        return account if left else self.env['res.partner']

    # ------------------------------------------------------------------ forgetting
    @api.model
    def _kam_people_fields(self):
        return ['contact_id']

    def _kam_unname(self, people):
        """What is left names nobody, and has no words."""
        # In sudo: also rows that whoever deletes contacts may not see.
        self.sudo().filtered(lambda row: row.contact_id in people).write(
            {**dict.fromkeys(self._kam_words, False), 'contact_id': False})

    # ------------------------------------------------------------------ ways
    def action_open_account(self):
        self.ensure_one()
        return {'type': 'ir.actions.act_window', 'res_model': 'res.partner', 'res_id': self.partner_id.id,
                'views': [(False, 'form')]}
