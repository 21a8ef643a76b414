"""Using a playbook on an alert: one click makes dated actions with owners."""
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from .kam_objective import CONTRIBUTORS


class KamAlert(models.Model):
    _inherit = 'kam.alert'

    playbook_ids = fields.Many2many(
        'kam.playbook', string="Playbooks that fit", compute='_compute_playbook_ids',
        help="Those for the account itself first, then for its tier, then the general ones.")
    playbook_id = fields.Many2one('kam.playbook', "Playbook", compute='_compute_playbook_ids')
    playbook_run_ids = fields.One2many('kam.playbook.run', 'alert_id', "Playbooks used")
    action_ids = fields.One2many('kam.action', 'alert_id', "Actions")

    @api.depends('rule_id.playbook_ids', 'partner_id.kam_tier_id')
    @api.depends_context('uid', 'company')
    def _compute_playbook_ids(self):
        """As far as the reader may see them."""
        playbooks = self.env['kam.playbook'].search([('step_ids', '!=', False)])
        for alert in self:
            fitting = playbooks.filtered(lambda row, alert=alert: alert.partner_id and row._fits(alert))
            alert.playbook_ids = fitting.sorted(
                lambda row, alert=alert: (
                    not row.partner_id, alert.rule_id not in row.rule_ids, not row.tier_ids, row.sequence, row.id))
            alert.playbook_id = (alert.playbook_ids - alert.sudo().playbook_run_ids.playbook_id)[:1]

    def action_use_playbook(self):
        """The one that fits best."""
        self.ensure_one()
        if not self.playbook_id:
            raise UserError(self.env._(
                "No playbook fits this alert. Write one in Key Accounts › Alerts › Playbooks, or plan an action."))
        return self.playbook_id._use(self)


class KamPlaybook(models.Model):
    _inherit = 'kam.playbook'

    def _fits(self, alert):
        self.ensure_one()
        return ((not self.rule_ids or alert.rule_id in self.rule_ids)
                and (not self.tier_ids or alert.partner_id.kam_tier_id in self.tier_ids)
                and (not self.partner_id or self.partner_id == alert.partner_id)
                and (not self.company_id or self.company_id == alert.company_id))

    def action_use(self):
        """From the list of playbooks on an alert."""
        self.ensure_one()
        alert = self.env['kam.alert'].browse(self.env.context.get('kam_alert_id')).exists()
        if not alert:
            raise UserError(self.env._("Open the alert, and use the playbook there."))
        return self._use(alert)

    def _use(self, alert):
        """Make the actions of this playbook for an alert, and the run that tells later what they brought."""
        self.ensure_one()
        alert.ensure_one()
        self.check_access('read')
        alert._answerable()
        account = alert.partner_id
        if not account or not self._fits(alert):
            raise UserError(self.env._(
                "“%(playbook)s” is not meant for this alert. Choose another one, or plan an action.",
                playbook=self.name))
        if not self.step_ids:
            raise UserError(self.env._(
                "“%(playbook)s” has no steps yet: add what is done, and by whom.", playbook=self.name))
        # In sudo, having checked: runs are made here and nowhere else. Also uses that the reader may not see count.
        runs = self.env['kam.playbook.run'].sudo()
        used = runs.search([('alert_id', '=', alert.id), ('playbook_id', '=', self.id)], limit=1)
        if used:
            raise UserError(self.env._(
                "“%(playbook)s” was used for this alert on %(date)s, by %(user)s. Its actions stand below.",
                playbook=self.name, date=format_date(self.env, used.date), user=used.user_id.name))
        run = runs.create({
            'playbook_id': self.id, 'alert_id': alert.id, 'partner_id': account.id,
            'company_id': alert.company_id.id, 'user_id': self.env.uid, 'date': alert.company_id._kam_today()})
        # As whoever uses it: actions are made by who may make them.
        self.env['kam.action'].create([step._action_values(alert, run) for step in self.step_ids])
        alert.action_acknowledge()
        return {
            'type': 'ir.actions.act_window', 'res_model': 'kam.playbook.run', 'res_id': run.id,
            'name': self.name, 'views': [(False, 'form')],
        }


class KamPlaybookStep(models.Model):
    _inherit = 'kam.playbook.step'

    def _action_values(self, alert, run):
        self.ensure_one()
        return {
            'name': self.name, 'partner_id': alert.partner_id.id, 'company_id': alert.company_id.id,
            'owner_id': self._find_owner(alert).id, 'date': run.date + timedelta(days=self.days_after),
            'kind_id': self.kind_id.id, 'function_id': self.function_id.id, 'offer': self.offer,
            'alert_id': alert.id, 'playbook_run_id': run.id,
        }

    def _find_owner(self, alert):
        """Who has the role of the step at the account today; else whoever uses the playbook."""
        account, role = alert.partner_id, self.owner_role
        user = self.env['res.users']
        if role == 'manager':
            user = account.kam_manager_id
        elif role != 'user':
            today = alert.company_id._kam_today()
            # In sudo: who is in the team is asked, whoever may read its rows.
            user = self.env['kam.team.member'].sudo().search(
                Domain('partner_id', '=', account.id) & Domain('company_id', '=', alert.company_id.id)
                & Domain('role', '=', role) & self.env['kam.team.member']._current_domain(today), limit=1).user_id
        # Other people's groups are readable to administrators only.
        able = user.sudo()
        if able and able.active and not able.share and able.has_group(CONTRIBUTORS):
            return user
        return self.env.user
