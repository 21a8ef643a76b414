"""Merging contacts: their alerts, uses of playbooks and overridden health go on; what would stand twice stands once."""
from odoo import api, models

from .kam_alert_odoo import QUIETLY


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = 'base.partner.merge.automatic.wizard'

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # Before the rows move: two open alerts of one rule, or two overrides at a time, would break the rule that
        # there is one. In sudo: whoever merges contacts need not see them; nothing of them may be lost for it.
        both = (src_partners | dst_partner).ids
        env = self.sudo().with_context(**QUIETLY).env
        kept = set()
        alerts = env['kam.alert'].search([('partner_id', 'in', both), ('state', '!=', 'closed')], order='id')
        for alert in alerts.sorted(lambda row: (row.partner_id != dst_partner, row.id)):
            key = alert.rule_id, alert.company_id, alert.subject or ''
            if key in kept:
                alert._close('gone')
            kept.add(key)
        companies = set()
        overrides = env['kam.health.override'].search([('partner_id', 'in', both)], order='id')
        for override in overrides.sorted(lambda row: (row.partner_id != dst_partner, row.id)):
            if override.is_current and override.company_id in companies:
                override.active = False
            elif override.is_current:
                companies.add(override.company_id)
        self.env.flush_all()
        return super()._update_foreign_keys(src_partners, dst_partner)
