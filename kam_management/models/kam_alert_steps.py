"""What people do with an alert: acknowledge it, put it off until a day, take it over, act on it.

Whoever may read an alert may answer it. The fields are read-only to everybody, so that nobody writes what the machine
said; these steps check who asks and then write in sudo.
"""
from odoo import api, fields, models
from odoo.exceptions import UserError

from .kam_alert_odoo import QUIETLY

FOLLOW = 'kam_management.activity_type_alert'


class KamAlert(models.Model):
    _inherit = 'kam.alert'

    reacted_on = fields.Datetime(
        "First reaction on", readonly=True, copy=False,
        help="When somebody acknowledged it, put it off or acted on it for the first time.")

    # ------------------------------------------------------------------ steps
    def action_acknowledge(self):
        """I have seen it and look after it."""
        alerts = self._answerable()
        waiting = alerts.filtered(lambda row: row.state in ('open', 'snoozed'))
        waiting._react({
            'state': 'acknowledged', 'acknowledged_by': self.env.uid, 'acknowledged_on': fields.Datetime.now(),
            'snoozed_until': False})
        waiting._finish_activities()

    def action_reopen(self):
        """It is to be looked at again."""
        alerts = self._answerable().filtered(lambda row: row.state in ('acknowledged', 'snoozed'))
        alerts._wake()

    def action_take(self):
        """I look after it from now on."""
        self._answerable().write({'user_id': self.env.uid})

    def action_snooze(self):
        """Ask until when, and why."""
        self._answerable()
        return {
            'type': 'ir.actions.act_window', 'res_model': 'kam.alert.snooze', 'name': self.env._("Snooze"),
            'views': [(False, 'form')], 'target': 'new', 'context': {'default_alert_ids': self.ids},
        }

    def _snooze(self, until, reason):
        """Put these alerts off until a day; on that day they are open again."""
        alerts = self._answerable()
        alerts._react({'state': 'snoozed', 'snoozed_until': until, 'snooze_reason': reason})
        alerts._find_activities().write({'date_deadline': until})

    def action_plan_action(self):
        """A new action of the account, made for this alert."""
        self.ensure_one()
        self.check_access('read')
        if not self.partner_id:
            raise UserError(self.env._("This alert is about the company as a whole: plan the action on an account."))
        return {
            'type': 'ir.actions.act_window', 'res_model': 'kam.action', 'views': [(False, 'form')],
            'name': self.env._("Action"), 'context': {
                'default_partner_id': self.partner_id.id, 'default_company_id': self.company_id.id,
                'default_alert_id': self.id},
        }

    def action_open_account(self):
        self.ensure_one()
        return {'type': 'ir.actions.act_window', 'res_model': 'res.partner', 'res_id': self.partner_id.id,
                'views': [(False, 'form')]}

    def action_open_rule(self):
        self.ensure_one()
        return {'type': 'ir.actions.act_window', 'res_model': 'kam.alert.rule', 'res_id': self.rule_id.id,
                'views': [(False, 'form')]}

    # ------------------------------------------------------------------ what stands behind them
    def _answerable(self):
        """These alerts, in sudo, once it is clear that the reader may answer them."""
        self.check_access('read')
        if not self.env.user.has_group('kam_management.group_kam_user') and not self.env.su:
            raise UserError(self.env._("Ask whoever looks after the account to answer this alert."))
        closed = self.filtered(lambda row: row.state == 'closed')
        if closed:
            raise UserError(self.env._(
                "“%(alert)s” is closed: there is nothing to do any more.", alert=closed[0].display_name))
        # In sudo, having checked: nobody writes on alerts but these steps.
        return self.sudo()

    def _react(self, values=None):
        """Note that somebody did something about these alerts, beside what they did."""
        new = self.filtered(lambda row: not row.reacted_on)
        if new:
            new.write({'reacted_on': fields.Datetime.now()})
        if values:
            self.write(values)

    def _wake(self):
        """Open again what was put off or acknowledged; its owner is asked again."""
        self._find_activities().unlink()
        self.write({'state': 'open', 'snoozed_until': False, 'followed_on': False})

    @api.model
    def _reopen_due(self):
        """What was put off until today or before is open again."""
        for company in self.env['res.company'].search([]):
            self.with_context(**QUIETLY).search([
                ('company_id', '=', company.id), ('state', '=', 'snoozed'),
                ('snoozed_until', '<=', company._kam_today())])._wake()

    def _find_activities(self):
        """The activities that were made for these alerts."""
        # In sudo: they may be anybody's.
        return self.env['mail.activity'].sudo().search([
            ('res_model', '=', self._name), ('res_id', 'in', self.ids), ('automated', '=', True),
            ('activity_type_id', '=', self.env.ref(FOLLOW).id)])

    def _finish_activities(self):
        """Nobody has to be asked any more."""
        self._find_activities().unlink()


class KamAction(models.Model):
    _inherit = 'kam.action'

    _kam_links = ('plan_id', 'objective_id', 'goal_id', 'strategy_id', 'alert_id')

    alert_id = fields.Many2one(
        'kam.alert', "For the alert", index='btree_not_null', ondelete='set null', copy=False,
        groups='kam_management.group_kam_user', domain="[('partner_id', '=', partner_id)]")
    playbook_run_id = fields.Many2one(
        'kam.playbook.run', "From the playbook", readonly=True, index='btree_not_null', ondelete='set null',
        copy=False, groups='kam_management.group_kam_user')

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        # In sudo: that something is done is noted on alerts, which nobody writes.
        actions.sudo().alert_id._react()
        return actions

    def write(self, vals):
        result = super().write(vals)
        if vals.get('alert_id'):
            # In sudo, as above.
            self.sudo().alert_id._react()
        return result


class MailActivity(models.Model):
    _inherit = 'mail.activity'

    def _action_done(self, feedback=False, attachment_ids=None):
        kind = self.env.ref(FOLLOW, False)
        done = self.filtered(
            lambda row: row.automated and row.activity_type_id == kind and row.res_model == 'kam.alert')
        # In sudo: people finish their activities also where they can't open the alert any longer.
        alerts = self.env['kam.alert'].sudo().browse(done.mapped('res_id')).exists()
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        alerts.filtered(lambda row: row.state in ('open', 'snoozed')).action_acknowledge()
        return result
