"""Merging contacts keeps their flag, their scores and every opinion."""
from odoo import api, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = 'base.partner.merge.automatic.wizard'

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # The wizard moves all rows of a table or, when one of them breaks a unique rule, deletes them all. So the
        # rows that would break it go first, one by one, and the others survive.
        self._kam_drop_duplicates('kam.score', ['company_id'], src_partners, dst_partner)
        self._kam_drop_duplicates('kam.score.history', ['company_id', 'as_of'], src_partners, dst_partner)
        self._kam_drop_duplicates(
            'kam.assessment', ['factor_id', 'user_id', 'date', 'company_id'], src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _kam_drop_duplicates(self, model_name, key, src_partners, dst_partner):
        """Of rows that say the same thing of the merged partners keep one: the destination's, else the newest."""
        model = self.env[model_name]
        model.flush_model()
        self.env.cr.execute(SQL(
            """
            DELETE FROM %(table)s AS duplicate USING (
                SELECT id, row_number() OVER (
                           PARTITION BY %(key)s ORDER BY partner_id = %(destination)s DESC, id DESC) AS place
                  FROM %(table)s
                 WHERE partner_id IN %(partners)s
            ) AS ranked
            WHERE ranked.id = duplicate.id AND ranked.place > 1
            """,
            table=SQL.identifier(model._table),
            key=SQL(", ").join(SQL.identifier(name) for name in key),
            destination=dst_partner.id,
            partners=tuple((src_partners | dst_partner).ids),
        ))
        model.invalidate_model()

    @api.model
    def _update_values(self, src_partners, dst_partner):
        result = super()._update_values(src_partners, dst_partner)
        # Children were moved below the destination by SQL, unseen by the ORM. In sudo: whoever merges need not see
        # our fields.
        family = self.env['res.partner'].sudo().with_context(active_test=False).search(
            [('id', 'child_of', dst_partner.ids)])
        self.env.add_to_compute(family._fields['kam_account_id'], family)
        return result
