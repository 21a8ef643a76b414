"""Merging contacts moves their analyses, strategies and objectives along.

A competitor that turns out to be the customer goes on as a name.
"""
from odoo import api, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = 'base.partner.merge.automatic.wizard'

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # Before the rows move: afterwards account and competitor would be the same contact.
        self._kam_unlink_competitors(src_partners | dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _kam_unlink_competitors(self, partners):
        """Of analyses of one of these as a competitor of another one the name stays, and the link goes."""
        dafos = self.env['kam.dafo']
        dafos.flush_model(['competitor_id', 'partner_id'])
        # By SQL, as the merge itself does: whoever merges contacts need not see analyses, and nothing is to be checked.
        self.env.cr.execute(SQL(
            "UPDATE kam_dafo SET competitor_id = NULL WHERE competitor_id = ANY(%s) AND partner_id = ANY(%s)",
            partners.ids, partners.ids))
        dafos.invalidate_model(['competitor_id'])
