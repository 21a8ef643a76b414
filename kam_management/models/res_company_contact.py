"""A company whose people were in touch with customers, or asked them, is not deleted with that."""
from odoo import api, models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    _inherit = 'res.company'

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_touch(self):
        for model in ('kam.stakeholder.contact', 'kam.satisfaction.response', 'kam.satisfaction.request'):
            # In sudo: also what whoever deletes companies may not see; only the company is named.
            used = self.env[model].sudo().with_context(active_test=False).search(
                [('company_id', 'in', self.ids)], limit=1)
            if used:
                raise UserError(self.env._(
                    "%(company)s has contacts with people of its accounts or answers of theirs, which would be lost. "
                    "Archive the company instead.", company=used.company_id.name))
