"""A company whose people have analysed and planned is not deleted with all that."""
from odoo import api, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    @api.model
    def _kam_kept_for(self):
        sentence = self.env._(
            "%(company)s has plans, analyses, objectives or actions of its accounts, which would be lost. Archive the "
            "company instead.")
        return [*super()._kam_kept_for(), *(
            (model, ['company_id'], [], sentence)
            for model in ('kam.plan', 'kam.dafo', 'kam.dafo.strategy', 'kam.objective', 'kam.action'))]
