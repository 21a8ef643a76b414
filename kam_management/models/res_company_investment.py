"""A company whose people have invested in accounts is not deleted with that."""
from odoo import api, models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    _inherit = 'res.company'

    @api.ondelete(at_uninstall=False)
    def _unlink_except_invested(self):
        # In sudo: also what whoever deletes companies may not see; only the company is named.
        used = self.env['kam.investment'].sudo().with_context(active_test=False).search(
            [('company_id', 'in', self.ids)], limit=1)
        if used:
            raise UserError(self.env._(
                "%(company)s has investments in its accounts, which would be lost. Archive the company instead.",
                company=used.company_id.name))
