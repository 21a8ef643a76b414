"""A contact with a person of the customer on a day: by whom of us, how, and which way it went.

One person, one day, one way of being in touch: one contact, however many traces it left in Odoo. What is recorded from
calendars, e-mails, activities and actions is told in `kam_stakeholder_contact_collect.py`, and why in
docs/decisions/2026-11-22-one-contact-however-many-traces.md.

A recorded contact keeps no words: what it was about is looked up where it came from, with the reader's rights.
"""
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import format_date

USERS = 'kam_management.group_kam_user'
CHANNELS = [
    ('meeting', "Meeting"),
    ('call', "Call"),
    ('email', "E-mail"),
    ('other', "Other"),
]
DIRECTIONS = [
    ('both', "Both ways"),
    ('in', "From them"),
    ('out', "From us"),
]
SOURCES = [
    ('meeting', "Calendar"),
    ('email', "E-mail"),
    ('activity', "Activity"),
    ('action', "Action"),
    ('hand', "By hand"),
]
# What people may write on a contact that Odoo recorded: that it was none.
OF_RECORDED = ('active',)
# Where the words of an origin stand: the first of these fields that has any.
WORDS = {
    'calendar.event': ('display_name',),
    'mail.message': ('subject', 'record_name'),
    'mail.activity': ('summary', 'res_name'),
    'kam.action': ('name',),
}


class KamStakeholderContact(models.Model):
    _name = 'kam.stakeholder.contact'
    _description = "Contact with a person of an account"
    _inherit = ['kam.person.mixin']
    _order = 'date desc, id desc'
    _rec_names_search = ['contact_id', 'partner_id', 'name']
    _kam_owners = ('user_id',)
    _kam_words = ('name',)

    user_id = fields.Many2one(
        'res.users', "Who of us", index='btree_not_null', ondelete='set null', default=lambda self: self.env.user,
        domain=[('share', '=', False)])
    channel = fields.Selection(CHANNELS, "How", required=True, default='meeting', index=True)
    direction = fields.Selection(
        DIRECTIONS, required=True, default='both',
        help="Meetings and calls go both ways. E-mails of a day go both ways when each side wrote.")
    name = fields.Char("In a line", groups=USERS, help="What it was about. Of recorded contacts Odoo looks it up.")
    subject = fields.Char("About", compute='_compute_subject', groups=USERS)
    source = fields.Selection(SOURCES, "Known from", required=True, default='hand', readonly=True, index=True)
    origin_model = fields.Char("Origin: model", readonly=True, export_string_translation=False)
    origin_id = fields.Many2oneReference(
        "Origin: record", model_field='origin_model', readonly=True, export_string_translation=False)

    # A Constraint and no UniqueIndex: the wizard that merges contacts knows only the former.
    _contact_unique = models.Constraint(
        'UNIQUE(contact_id, company_id, date, channel)',
        "This contact is on record already: one person, one day, one way of being in touch. Change the one that is "
        "there, or choose another day.")
    # What the score of a relation asks: the days of a person, and of an account.
    _person_day_idx = models.Index("(partner_id, date)")

    # ------------------------------------------------------------------ computes
    @api.depends('name', 'origin_model', 'origin_id')
    @api.depends_context('uid', 'lang')
    def _compute_subject(self):
        """What was typed; else what stands at the origin, where the reader may see it: never in sudo."""
        words = {}
        for model in {row.origin_model for row in self} & set(WORDS):
            numbers = [row.origin_id for row in self if row.origin_model == model and not row.name]
            origins = self.env[model].sudo(False).with_context(active_test=False).search([('id', 'in', numbers)])
            for origin in origins:
                found = (origin[field] for field in WORDS[model])
                words[model, origin.id] = next((text for text in found if text), False)
        for row in self:
            row.subject = row.name or words.get((row.origin_model, row.origin_id), False)

    @api.depends('contact_id', 'partner_id', 'date')
    @api.depends_context('lang')
    def _compute_display_name(self):
        for row in self:
            who = row.contact_id.name or row.partner_id.name
            row.display_name = who and row.date and self.env._(
                "%(who)s, %(date)s", who=who, date=format_date(self.env, row.date))

    # ------------------------------------------------------------------ checks
    @api.constrains('user_id')
    def _check_user_id(self):
        # Other people's account types are readable to administrators only.
        stranger = self.sudo().user_id.filtered('share')[:1]
        if stranger:
            raise ValidationError(self.env._(
                "%(user)s is not an employee. Choose a colleague who works in this database.", user=stranger.name))

    # ------------------------------------------------------------------ writing
    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # What is recorded from elsewhere is recorded by Odoo; people write by hand.
            vals_list = [{**vals, 'source': 'hand'} for vals in vals_list]
        contacts = super().create(vals_list)
        if any(not contact.contact_id for contact in contacts):
            raise ValidationError(self.env._("Say which person of the customer you were in touch with."))
        return contacts

    def write(self, vals):
        if not self.env.su:
            self._refuse_recorded(vals)
        return super().write(vals)

    def _refuse_recorded(self, vals):
        if any(contact.source != 'hand' for contact in self) and any(name not in OF_RECORDED for name in vals):
            raise AccessError(self.env._(
                "This contact was recorded by Odoo. Change the meeting, the e-mail or the activity that it comes from; "
                "archive it if there was no contact."))
        if 'source' in vals or 'origin_model' in vals or 'origin_id' in vals:
            raise AccessError(self.env._("Where a contact is known from is noted by Odoo alone."))

    # ------------------------------------------------------------------ ways
    def action_open_origin(self):
        """The record that it comes from, opened with the reader's rights."""
        self.ensure_one()
        model, number = self.origin_model, self.origin_id
        if model == 'mail.message':
            message = self.env[model].search([('id', '=', number)])
            model, number = message.model, message.res_id
        elif model == 'mail.activity':
            activity = self.env[model].with_context(active_test=False).search([('id', '=', number)])
            model, number = activity.res_model, activity.res_id
        if not model or model not in self.env or not self.env[model].browse(number).exists():
            return self.action_open_account()
        return {'type': 'ir.actions.act_window', 'res_model': model, 'res_id': number, 'views': [(False, 'form')]}
