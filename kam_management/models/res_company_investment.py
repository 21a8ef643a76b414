"""A company whose people have invested in accounts is not deleted with that."""
from odoo import api, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    @api.model
    def _kam_kept_for(self):
        return [*super()._kam_kept_for(), ('kam.investment', ['company_id'], [], self.env._(
            "%(company)s has investments in its accounts, which would be lost. Archive the company instead."))]
