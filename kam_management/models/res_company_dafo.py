"""A company whose people have analysed and planned is not deleted with all that."""
from odoo import api, models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    _inherit = 'res.company'

    @api.ondelete(at_uninstall=False)
    def _unlink_except_analysed(self):
        for model in ('kam.plan', 'kam.dafo', 'kam.dafo.strategy', 'kam.objective', 'kam.action'):
            # In sudo: also what whoever deletes companies may not see; only the company is named.
            used = self.env[model].sudo().with_context(active_test=False).search(
                [('company_id', 'in', self.ids)], limit=1)
            if used:
                raise UserError(self.env._(
                    "%(company)s has plans, analyses, objectives or actions of its accounts, which would be lost. "
                    "Archive the company instead.", company=used.company_id.name))
