"""The quick log: with whom, one line, what next. Made for a phone, after a visit, in the car park.

At once it makes a contact per person, the done action and, where there is a next step, the planned action with its
activity. The words stand on the actions, as confidential as those; the contacts point there.
"""
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL, format_date

from ..models.kam_action import CONTRIBUTORS
from ..models.kam_stakeholder_contact import CHANNELS

# The kind of the done action, by how one was in touch.
KINDS = {'meeting': 'kam_management.action_kind_visit'}
OTHER = 'kam_management.action_kind_other'
# Days until the next step, unless said otherwise.
NEXT = 7
# People of an account whom the log offers to tick; the others are searched for.
OFFERED = 8


class KamContactLog(models.TransientModel):
    _name = 'kam.contact.log'
    _description = "Log a contact"

    partner_id = fields.Many2one(
        'res.partner', "Account", compute='_compute_partner_id', store=True, readonly=False,
        domain=[('is_key_account', '=', True)])
    contact_ids = fields.Many2many(
        'res.partner', string="With whom",
        domain="partner_id and [('kam_account_id', '=', partner_id), ('is_company', '=', False)]"
               " or [('is_company', '=', False), ('parent_id', '!=', False), ('user_ids', '=', False)]")
    offered_ids = fields.Many2many(
        'res.partner', 'kam_contact_log_offered_rel', string="People", compute='_compute_offered_ids')
    channel = fields.Selection(CHANNELS, "How", required=True, default='meeting')
    name = fields.Text("What happened")
    date = fields.Date("When", required=True, default=lambda self: self.env.company._kam_today())
    next_name = fields.Char("Next step")
    next_date = fields.Date(
        "By when", default=lambda self: self.env.company._kam_today() + timedelta(days=NEXT))
    next_owner_id = fields.Many2one(
        'res.users', "Who", default=lambda self: self.env.user,
        domain=lambda self: [('all_group_ids', 'in', self.env.ref(CONTRIBUTORS).ids)])
    is_logged = fields.Boolean(readonly=True, export_string_translation=False)

    @api.depends('contact_ids')
    def _compute_partner_id(self):
        for log in self:
            log.partner_id = log.contact_ids[:1].kam_account_id or log.partner_id

    @api.depends('partner_id')
    def _compute_offered_ids(self):
        """Those with whom there was contact last, then by name. Before there is an account: one's own last ones."""
        contacts = self.env['kam.stakeholder.contact']
        for log in self:
            account = log.partner_id._origin
            whose = [('contact_id.kam_account_id', '=', account.id)] if account else [('user_id', '=', self.env.uid)]
            known = contacts._read_group(
                [*whose, ('contact_id.active', '=', True)], ['contact_id'], order='date:max desc', limit=OFFERED)
            people = self.env['res.partner'].concat(*(person for person, in known))
            people |= account and self.env['res.partner'].search(
                [('kam_account_id', '=', account.id), ('is_company', '=', False), ('type', '=', 'contact'),
                 ('name', '!=', False), ('id', 'not in', people.ids)], order='name', limit=OFFERED - len(people))
            log.offered_ids = people

    @api.onchange('partner_id')
    def _onchange_partner_id(self):
        if self.partner_id:
            self.contact_ids = self.contact_ids.filtered(lambda person: person.kam_account_id == self.partner_id)

    # ------------------------------------------------------------------ opening and saving
    @api.model
    def _open(self, partners):
        """A new log for people, or for the people of an account, in a window of its own."""
        people = partners.filtered(lambda partner: not partner.is_company and partner.parent_id)
        account = (people or partners).kam_account_id
        self.env['kam.stakeholder.contact']._refuse_hidden(partners.ids)
        self._refuse_several(partners)
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_contact_log_action'),
            'name': self.env._("Log a contact: %(account)s", account=account.name),
            'context': {'default_partner_id': account.id, 'default_contact_ids': people.ids,
                        # Of one account: the names of its people are enough.
                        'partner_display_name_hide_company': True, 'dialog_size': 'medium'},
        }

    def action_log(self):
        """Everything at once; called again, as by a double click, nothing more."""
        self.ensure_one()
        # Whoever comes second waits here for the first, and finds it logged.
        self.env.cr.execute(SQL("SELECT FROM kam_contact_log WHERE id = %s FOR UPDATE", self.id))
        self.invalidate_recordset(['is_logged'])
        if not self.is_logged:
            self._check()
            self._log()
            self.is_logged = True
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification',
            'params': {'type': 'success', 'message': self._sentence(),
                       'next': {'type': 'ir.actions.act_window_close'}},
        }

    @api.model
    def _refuse_several(self, partners):
        if len(partners.kam_account_id) > 1:
            raise UserError(self.env._(
                "%(people)s belong to different accounts. Log what happened with each account by itself.",
                people=", ".join(partners.mapped('display_name'))))

    def _check(self):
        today = self.env.company._kam_today()
        if not self.contact_ids:
            raise UserError(self.env._("Say with whom you were in touch: choose one person or several."))
        self._refuse_several(self.contact_ids)
        if not (self.name or '').strip():
            raise UserError(self.env._("Write in a line what happened: without it nobody knows later."))
        if self.date > today:
            raise UserError(self.env._(
                "%(date)s is yet to come. Log a contact once it has taken place; plan it as an action or a meeting "
                "until then.", date=format_date(self.env, self.date)))
        if (self.next_name or '').strip() and (not self.next_date or self.next_date < today):
            raise UserError(self.env._("Choose for the next step a day from today on."))

    def _log(self):
        people, line = self.contact_ids, " ".join(self.name.split())
        account = people.kam_account_id
        kind = self.env.ref(KINDS.get(self.channel, OTHER), False) or self.env.ref(OTHER)
        common = {'partner_id': account.id, 'contact_ids': [Command.set(people.ids)]}
        actions = self.env['kam.action']
        action = actions.create({
            **common, 'name': line[:120], 'result': self.name.strip(), 'kind_id': kind.id, 'owner_id': self.env.uid,
            'date': self.date, 'state': 'done', 'date_done': self.date})
        self._log_contacts(people, action)
        if (self.next_name or '').strip():
            actions.create({
                **common, 'name': self.next_name.strip(), 'owner_id': (self.next_owner_id or self.env.user).id,
                'date': self.next_date})

    def _log_contacts(self, people, action):
        """A contact per person, where that day and that way are not on record yet."""
        contacts = self.env['kam.stakeholder.contact']
        # In sudo: what Odoo recorded may be hidden from whoever logs, and would be there twice.
        there = contacts.sudo().with_context(active_test=False).search([
            ('contact_id', 'in', people.ids), ('company_id', '=', self.env.company.id), ('date', '=', self.date),
            ('channel', '=', self.channel)])
        there.filtered(lambda contact: not contact.active).active = True
        made = contacts.create([{
            'contact_id': person.id, 'date': self.date, 'channel': self.channel,
            'direction': 'out' if self.channel == 'email' else 'both',
        } for person in people - there.contact_id])
        # In sudo: where a contact is known from is noted by Odoo alone.
        made.sudo().write({'origin_model': action._name, 'origin_id': action.id})

    def _sentence(self):
        if (self.next_name or '').strip():
            return self.env._("Logged. The next step is planned for %(date)s.",
                              date=format_date(self.env, self.next_date))
        return self.env._("Logged.")
