"""Merging contacts folds what is known twice: the same day and the same way of being in touch are one contact."""
from odoo import api, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = 'base.partner.merge.automatic.wizard'

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # Before the rows move: where one of them breaks the unique rule, the wizard deletes all.
        self._kam_fold_contacts(src_partners | dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _kam_fold_contacts(self, partners):
        """Of contacts with these people on one day in one way keep one: with words, by hand, the oldest.

        It keeps the words of all of them, counts if any of them did, and goes both ways if they went each way.
        """
        contacts = self.env['kam.stakeholder.contact']
        contacts.flush_model()
        # By SQL, as the merge itself does: whoever merges contacts need not see what is known of them.
        self.env.cr.execute(SQL(
            """
            WITH ranked AS (
                SELECT id,
                       row_number() OVER (PARTITION BY company_id, date, channel
                                          ORDER BY name IS NULL, source != 'hand', id) AS place,
                       count(*) OVER same AS number,
                       bool_or(active) OVER same AS active,
                       string_agg(name, '; ') OVER same AS words,
                       min(direction) OVER same != max(direction) OVER same AS both_ways
                  FROM kam_stakeholder_contact
                 WHERE contact_id = ANY(%s)
                WINDOW same AS (PARTITION BY company_id, date, channel)
            ), dropped AS (
                DELETE FROM kam_stakeholder_contact AS contact USING ranked
                 WHERE ranked.id = contact.id AND ranked.place > 1
            )
            UPDATE kam_stakeholder_contact AS contact
               SET active = ranked.active,
                   name = ranked.words,
                   direction = CASE WHEN ranked.both_ways THEN 'both' ELSE direction END
              FROM ranked
             WHERE ranked.id = contact.id AND ranked.place = 1 AND ranked.number > 1
            """,
            partners.ids))
        contacts.invalidate_model()
