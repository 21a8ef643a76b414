"""Merging contacts keeps their reviews; of two open ones in a company, one goes on with what both hold."""
from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = 'base.partner.merge.automatic.wizard'

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # Before the rows move: two open reviews of one account would break the rule that there is one.
        joined = self._kam_join_reviews(src_partners, dst_partner)
        result = super()._update_foreign_keys(src_partners, dst_partner)
        for row, review in joined:
            row.review_id = review
        return result

    @api.model
    def _update_values(self, src_partners, dst_partner):
        result = super()._update_values(src_partners, dst_partner)
        # The activities of the contacts have moved along too: one is enough. In sudo: they are the managers'.
        self.env.invalidate_all()
        self.env['kam.review'].sudo()._remind(dst_partner.sudo())
        return result

    @api.model
    def _kam_join_reviews(self, src_partners, dst_partner):
        """Close all open reviews of these accounts but one per company; return what that one takes over."""
        # Whoever merges contacts need not see reviews; nothing of them may be lost for it.
        reviews = self.env['kam.review'].sudo().search(
            [('partner_id', 'in', (src_partners | dst_partner).ids), ('state', '=', 'open')])
        joined = []
        for company in reviews.company_id:
            doubled = reviews.filtered(lambda row, company=company: row.company_id == company).sorted(
                lambda row: (row.partner_id != dst_partner, -row.id))
            kept = doubled[:1]
            for other in doubled[1:]:
                joined += [(row, kept) for row in (*other.decision_ids, *other.objective_ids)]
                kept.participant_ids |= other.participant_ids
                if other.note:
                    kept.note = "\n".join(filter(None, [kept.note, other.note]))
                other.active = False
                other._message_log(body=self.env._("Merged: another review of this account goes on."))
        self.env.flush_all()
        return joined
