"""The account's investments."""
from odoo import api, fields, models

USERS = 'kam_management.group_kam_user'


class ResPartner(models.Model):
    _inherit = 'res.partner'

    kam_investment_ids = fields.One2many('kam.investment', 'partner_id', "Investments", groups=USERS)
    kam_investment_count = fields.Integer(
        "Number of investments", compute='_compute_kam_investment_count', groups=USERS)

    @api.depends('kam_investment_ids')
    def _compute_kam_investment_count(self):
        counts = dict(self.env['kam.investment']._read_group(
            [('partner_id', 'in', self.ids)], ['partner_id'], ['__count']))
        for partner in self:
            partner.kam_investment_count = counts.get(partner._origin, 0)

    @api.model
    def _kam_kept_for(self):
        return [*super()._kam_kept_for(), ('kam.investment', ['partner_id'], [], self.env._(
            "%(account)s has investments, which would be lost. Archive the contact, or merge it into the one that goes "
            "on."))]

    def action_kam_investments(self):
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_investment_action'),
            'domain': [('partner_id', '=', self.id)],
            'context': {'default_partner_id': self.id, 'search_default_not_refused': 1},
        }
