"""Opportunities of a person who is to be forgotten: they go on as those of the organisation where the person works."""
from odoo import api, models


class CrmLead(models.Model):
    _name = 'crm.lead'
    _inherit = ['crm.lead', 'kam.naming.mixin']

    @api.model
    def _kam_people_fields(self):
        return ['partner_id']

    @api.model
    def _kam_naming(self, people):
        # Those of private persons are nobody else's: they stay with Odoo, which leaves them without a customer.
        return super()._kam_naming(people.filtered(lambda person: person._kam_organisation() != person))

    def _kam_stays(self, people):
        account = self.partner_id.kam_account_id
        return bool(account) and account not in people

    def _kam_unname(self, people):
        """Also of opportunities of the organisation itself that have the person's name and addresses."""
        # In sudo: also what whoever erases may not see.
        for lead in self.sudo().with_context(tracking_disable=True):
            organisation = lead.partner_id
            if organisation in people:
                organisation = organisation._kam_organisation()
            lead.write({
                'partner_id': organisation.id, 'contact_name': False, 'function': False,
                'email_from': organisation.email, 'phone': organisation.phone})
