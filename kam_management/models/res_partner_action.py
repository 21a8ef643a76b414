"""The account's actions, and the people who take part in them."""
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

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

    @api.ondelete(at_uninstall=False)
    def _unlink_except_acted(self):
        # In sudo: also what whoever deletes contacts may not see; only the contact is named.
        used = self.env['kam.action'].sudo().with_context(active_test=False).search(
            Domain('partner_id', 'in', self.ids) | Domain('contact_ids', 'in', self.ids)
            | Domain('confirmed_by_id', 'in', self.ids), limit=1)
        if used:
            partner = (used.partner_id | used.contact_ids | used.confirmed_by_id) & self
            raise UserError(self.env._(
                "%(contact)s takes part in actions with an account, which would be lost. Archive the contact, or merge "
                "it into the one that goes on.", contact=partner[0].display_name))

    def action_kam_actions(self):
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_action_action'),
            'domain': [('partner_id', '=', self.id)], 'context': {'default_partner_id': self.id},
        }
