"""Somebody asks to be forgotten: what is known of them goes, what was done with their company stays without the name.

Odoo's privacy lookup finds the records and deletes the contact (`wizards/privacy_lookup_wizard.py`). Deleted in any
other way, people whom something is said of are kept: see `kam_kept_mixin.py` and `res_partner_stakeholder.py`.
"""
from lxml import etree, html
from odoo import models
from odoo.fields import Domain

from .kam_naming_mixin import ERASING


class ResPartner(models.Model):
    _inherit = 'res.partner'

    def unlink(self):
        if self.env.context.get('kam_erasing') is ERASING:
            self.filtered(lambda partner: not partner.is_company)._kam_erase()
        return super().unlink()

    def _kam_erase(self):
        """Take these people out of everything of ours: stakeholders go with all that is known of them."""
        if not self:
            return
        self._kam_erase_history()
        for model in sorted(self.pool.descendants(['kam.naming.mixin'], '_inherit')):
            if not self.env[model]._abstract:
                self.env[model]._kam_naming(self)._kam_unname(self)
        self._kam_find_stakeholders().with_context(kam_erasing=ERASING).unlink()

    def _kam_find_stakeholders(self):
        # In sudo: also those that whoever erases may not see; nothing of them is told.
        return self.env['kam.stakeholder'].sudo().with_context(active_test=False).search(
            [('contact_id', 'in', self.ids)])

    def _kam_erase_history(self):
        """Their names in what Odoo wrote into histories by itself: values that changed, and links to them."""
        # In sudo: histories belong to records that whoever erases may not see.
        named = Domain.OR(
            Domain('field_id.model', '=', model) & Domain('field_id.name', '=', name)
            for model in self.pool.descendants(['kam.naming.mixin'], '_inherit')
            for name in self.env[model]._kam_people_fields())
        # Opportunities track the addresses themselves.
        words = [word for person in self for word in (person.name, person.email, person.phone) if word]
        for when in ('old', 'new'):
            told = (named & Domain(f'{when}_value_integer', 'in', self.ids)
                    | Domain('field_id.model', '=', 'crm.lead') & Domain(f'{when}_value_char', 'in', words))
            self.env['mail.tracking.value'].sudo().search(told).write(
                {f'{when}_value_integer': False, f'{when}_value_char': False})
        accounts = (self.sudo().kam_account_id | self._kam_find_stakeholders().partner_id).ids
        for person in self:
            for message in self.env['mail.message'].sudo().search([
                    ('model', '=', self._name), ('res_id', 'in', accounts),
                    ('body', 'like', f'data-oe-id="{person.id}"')]):
                message.body = person._kam_unlinked(message.body)

    def _kam_unlinked(self, body):
        """`body` without the links to this contact and the name in them."""
        content = html.fragment_fromstring(body, create_parent='div')
        for link in content.xpath('//a[@data-oe-model="res.partner"][@data-oe-id=$number]', number=str(self.id)):
            for child in list(link):
                link.remove(child)
            link.text = self.env._("Somebody")
            link.drop_tag()
        return etree.tostring(content, encoding='unicode', method='html').removeprefix('<div>').removesuffix('</div>')
