"""The account's actions, and the people who take part in them."""
from odoo import api, fields, models

USERS = 'kam_management.group_kam_user'


class ResPartner(models.Model):
    _inherit = 'res.partner'

    kam_action_ids = fields.One2many('kam.action', 'partner_id', "Actions", groups=USERS)
    kam_action_count = fields.Integer("Open actions", compute='_compute_kam_action_count', groups=USERS)

    @api.depends('kam_action_ids.state')
    def _compute_kam_action_count(self):
        counts = dict(self.env['kam.action']._read_group(
            [('partner_id', 'in', self.ids), ('state', '=', 'planned')], ['partner_id'], ['__count']))
        for partner in self:
            partner.kam_action_count = counts.get(partner._origin, 0)

    @api.model
    def _kam_kept_for(self):
        return [*super()._kam_kept_for(), (
            'kam.action', ['partner_id', 'contact_ids', 'confirmed_by_id'], [], self.env._(
                "%(contact)s takes part in actions with an account, which would be lost. Archive the contact, or merge "
                "it into the one that goes on; to erase a person who asks for it, an administrator deletes the contact "
                "in the Privacy Lookup."))]

    def action_kam_actions(self):
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_action_action'),
            'domain': [('partner_id', '=', self.id)], 'context': {'default_partner_id': self.id},
        }
