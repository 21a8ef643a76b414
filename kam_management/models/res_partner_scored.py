"""Whether figures are computed of an account at all: it does business with us, is a key account, or may become one."""
from odoo import models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = 'res.partner'

    def _kam_is_scored(self):
        """Whether the account has a score in the current company, or gets one with the next refresh."""
        self.ensure_one()
        # In sudo: only yes or no is told, and documents may be nobody's business.
        account = (self.kam_account_id or self).sudo()
        company = self.env.company
        if account.is_key_account or account.env['kam.score'].search_count(
                [('partner_id', '=', account.id), ('company_id', '=', company.id)], limit=1):
            return True
        if account.env['kam.nomination'].search_count([
                ('partner_id', '=', account.id), ('company_id', '=', company.id), ('kind', '=', 'entry'),
                ('state', 'in', ('candidate', 'proposed'))], limit=1):
            return True
        return any(account._kam_has_document(kpi) for kpi in account.env['kam.kpi'].search([('kind', '=', 'source')])
                   if kpi.state == 'available')

    def _kam_has_document(self, kpi):
        """Whether a source has a document of this account in the current company, whatever its age."""
        domain = Domain(kpi._parsed_domain()) & Domain(f'{kpi.partner_path}.kam_account_id', '=', self.id)
        if kpi.company_field:
            domain &= Domain(kpi.company_field, 'in', [self.env.company.id, False])
        documents = self.env[kpi.model_name].with_context(
            active_test=not kpi.include_archived, allowed_company_ids=self.env.company.ids)
        return bool(documents.search_count(domain, limit=1))
