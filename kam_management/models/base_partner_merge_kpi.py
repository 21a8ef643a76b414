"""Merging contacts: of two values or targets of one KPI and month that of the account that stays is kept."""
from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = 'base.partner.merge.automatic.wizard'

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # Before the rows move, as with the scores: the wizard would else delete all of them.
        self._kam_drop_duplicates(
            'kam.kpi.value', ['company_id', 'kpi_id', 'grain', 'period_start'], src_partners, dst_partner)
        self._kam_drop_duplicates(
            'kam.kpi.target', ['company_id', 'kpi_id', 'period_start'], src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)
