from odoo import api, models


class KamScore(models.Model):
    _inherit = 'kam.score'

    @api.model
    def action_refresh_all(self, *_ids):
        """“Refresh all”, where the scores are listed."""
        return self.env['kam.sync.run'].action_refresh_all()
