"""An account's open alerts, its plan B, and the way to both."""
from odoo import api, fields, models

USERS = 'kam_management.group_kam_user'


class ResPartner(models.Model):
    _inherit = 'res.partner'

    kam_alert_ids = fields.One2many('kam.alert', 'partner_id', "Alerts", groups=USERS)
    kam_open_alert_ids = fields.Many2many(
        'kam.alert', string="Open alerts", compute='_compute_kam_open_alerts', groups=USERS)
    kam_alert_count = fields.Integer("Number of open alerts", compute='_compute_kam_open_alerts', groups=USERS)
    kam_alert_severity = fields.Selection(
        [('info', "Note"), ('amber', "Amber"), ('red', "Red")], "Gravest alert", compute='_compute_kam_open_alerts',
        groups=USERS)
    kam_plan_b = fields.Selection(
        [('missing', "Missing"), ('prepared', "Prepared")], "Plan B", compute='_compute_kam_plan_b', groups=USERS,
        help="Required of an account that makes a large part of our sales; see Settings. Empty: not required, or its "
             "share of the sales is not yours to see.")

    @api.depends('kam_alert_ids.state', 'kam_alert_ids.parent_id', 'kam_alert_ids.severity')
    @api.depends_context('company', 'uid')
    def _compute_kam_open_alerts(self):
        """Those that stand on their own; the folded ones are behind them. As far as the reader may see them."""
        alerts = self.env['kam.alert'].search([
            ('partner_id', 'in', self._origin.ids), ('company_id', '=', self.env.company.id),
            ('state', 'in', ('open', 'acknowledged')), ('parent_id', '=', False)])
        by_account = alerts.grouped('partner_id')
        for partner in self:
            own = by_account.get(partner._origin, alerts.browse())
            partner.kam_open_alert_ids = own
            partner.kam_alert_count = len(own)
            # The gravest first, as they are sorted.
            partner.kam_alert_severity = own[:1].severity

    @api.depends('kam_score_id', 'is_key_account', 'kam_tier_id')
    @api.depends_context('company', 'uid')
    def _compute_kam_plan_b(self):
        company = self.env.company
        for partner in self:
            # Only of a score that the reader may see.
            score = partner.kam_score_id
            # In sudo: who may see the share may know that it is large.
            if not score or not partner.is_key_account or not partner._origin.sudo().kam_is_critical:
                partner.kam_plan_b = False
            else:
                partner.kam_plan_b = 'prepared' if partner._origin._kam_has_plan_b(company) else 'missing'

    def action_kam_alerts(self):
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_alert_action'),
            'domain': [('partner_id', '=', self.id)],
            'context': {'search_default_open': 1, 'search_default_heads': 1},
        }

    def action_kam_playbooks(self):
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_playbook_action'),
            'domain': ['|', ('partner_id', '=', self.id), '&', ('partner_id', '=', False),
                       '|', ('tier_ids', '=', False), ('tier_ids', 'in', self.kam_tier_id.ids)],
            'context': {'default_partner_id': self.id},
        }
