"""The scores of the assessed accounts, day by day. Written by SQL in `kam.sync` alone."""
from odoo import api, fields, models


class KamScoreHistory(models.Model):
    _name = 'kam.score.history'
    _description = "Scores of an account, by day"
    _inherit = ['kam.score.fields']
    _log_access = False
    _order = 'as_of desc, id desc'
    _rec_names_search = ['partner_id']

    is_key_account = fields.Boolean(related='partner_id.is_key_account')
    kam_manager_id = fields.Many2one(related='partner_id.kam_manager_id')

    _partner_company_day_unique = models.Constraint(
        'UNIQUE(partner_id, company_id, as_of)', "An account has one row of history per company and day.")

    @api.depends('partner_id.display_name', 'as_of')
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.partner_id.display_name}, {row.as_of}"
