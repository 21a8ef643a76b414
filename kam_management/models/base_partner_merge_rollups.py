"""Merging contacts: what the worker computed of those that go, goes with them; the next refresh computes anew."""
from odoo import api, models
from odoo.fields import Domain


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = 'base.partner.merge.automatic.wizard'

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # Before the rows move: a second row of one subject would break the rule that there is one. In sudo: nobody may
        # write these rows by hand, nor need whoever merges contacts see them.
        env = self.sudo().env
        of_sources = Domain('partner_id', 'in', src_partners.ids)
        env['kam.relationship.score'].search(of_sources).unlink()
        env['kam.satisfaction.score'].search(of_sources | Domain('contact_id', 'in', src_partners.ids)).unlink()
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _kam_join(self, kept, others):
        # As above, of people who turn out to be one.
        self.env['kam.stakeholder.score'].sudo().search([('stakeholder_id', 'in', others.ids)]).unlink()
        return super()._kam_join(kept, others)
