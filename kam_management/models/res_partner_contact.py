"""The account and its people: when we were last in touch, what they answered, and what becomes of it."""
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.defaults import CONTACT_WINDOW

USERS = 'kam_management.group_kam_user'


class ResPartner(models.Model):
    _inherit = 'res.partner'

    kam_last_contact = fields.Date("Last contact", compute='_compute_kam_contacts', groups=USERS)
    kam_contact_count = fields.Integer(
        "Contacts of 90 days", compute='_compute_kam_contacts', groups=USERS)
    kam_response_count = fields.Integer("Answers", compute='_compute_kam_response_count', groups=USERS)

    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_kam_contacts(self):
        """Of a person: with them. Of an account: with all of its people. As far as the reader may see it."""
        since = fields.Date.subtract(self.env.company._kam_today(), days=CONTACT_WINDOW)
        last, count = {}, {}
        for field in ('contact_id', 'partner_id'):
            for partner, date in self.env['kam.stakeholder.contact']._read_group(
                    [(field, 'in', self.ids)], [field], ['date:max']):
                last[partner.id] = max(date, last.get(partner.id, date))
            for partner, number in self.env['kam.stakeholder.contact']._read_group(
                    [(field, 'in', self.ids), ('date', '>', since)], [field], ['__count']):
                count[partner.id] = max(number, count.get(partner.id, 0))
        for partner in self:
            partner.kam_last_contact = last.get(partner._origin.id, False)
            partner.kam_contact_count = count.get(partner._origin.id, 0)

    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_kam_response_count(self):
        counts = {}
        for field in ('contact_id', 'partner_id'):
            for partner, number in self.env['kam.satisfaction.response']._read_group(
                    [(field, 'in', self.ids)], [field], ['__count']):
                counts[partner.id] = max(number, counts.get(partner.id, 0))
        for partner in self:
            partner.kam_response_count = counts.get(partner._origin.id, 0)

    def _kam_organisation(self):
        """Where a person works: the customer or subsidiary above them; themselves where there is none."""
        self and self.ensure_one()
        # In sudo: which account a contact belongs to is no secret to whoever may name the contact.
        person = self.sudo()
        return (person if person.is_key_account or person.is_company else person.parent_id or person).sudo(False)

    # ------------------------------------------------------------------ who goes
    @api.ondelete(at_uninstall=False)
    def _unlink_except_answered(self):
        """An organisation whose people were in touch or have answered stays known, also one that is an individual."""
        # As Odoo's privacy lookup deletes: who asks to be forgotten is, with what counts for nobody else.
        companies = self.filtered('is_company') if self.env.su else self
        # In sudo: also what whoever deletes contacts may not see; only the account is named.
        used = self.env['kam.satisfaction.response'].sudo().with_context(active_test=False).search(
            [('organisation_id', 'in', companies.ids)], limit=1).organisation_id
        used = used or self.env['kam.satisfaction.request'].sudo().with_context(active_test=False).search(
            [('organisation_id', 'in', companies.ids)], limit=1).organisation_id
        used = used or self.env['kam.stakeholder.contact'].sudo().with_context(active_test=False).search(
            [('organisation_id', 'in', companies.ids), ('source', '=', 'hand')], limit=1).organisation_id
        if used:
            raise UserError(self.env._(
                "%(account)s has contacts or answers of its people, which would be lost. Archive it, or merge it into "
                "the one that goes on.", account=used.display_name))

    def unlink(self):
        # Also of what has been made a company since it answered.
        for model in ('kam.stakeholder.contact', 'kam.satisfaction.response', 'kam.satisfaction.request'):
            self.env[model]._kam_naming(self)._kam_unname(self)
        return super().unlink()

    # ------------------------------------------------------------------ ways
    def action_kam_log_contact(self):
        """The quick log, for these people, or for the people of an account."""
        return self.env['kam.contact.log']._open(self)

    def action_kam_contacts(self):
        self.ensure_one()
        field = 'contact_id' if not self.is_company and self.kam_account_id != self else 'partner_id'
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_stakeholder_contact_action'),
            'domain': [(field, '=', self.id)], 'context': {f'default_{field}': self.id},
        }

    def action_kam_responses(self):
        self.ensure_one()
        field = 'contact_id' if not self.is_company and self.kam_account_id != self else 'partner_id'
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_satisfaction_response_action'),
            'domain': [(field, '=', self.id)], 'context': {f'default_{field}': self.id},
        }
