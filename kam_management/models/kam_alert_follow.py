"""Who is asked to look after an alert: an activity of its owner, and of the sponsor when nobody reacts.

A cron keeps the activities in step with what the worker published: many at once, without a mail each. Run twice, it
changes nothing.
"""
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .kam_alert_odoo import QUIETLY
from .kam_alert_steps import FOLLOW

READERS = 'kam_management.group_kam_user'
MANAGERS = 'kam_management.group_kam_manager'
# Days in which the owner is to react.
DAYS = {'red': 0, 'amber': 3, 'info': 7}
BATCH = 500


class KamAlert(models.Model):
    _inherit = 'kam.alert'

    followed_on = fields.Datetime(readonly=True, copy=False, export_string_translation=False)

    @api.model
    def _cron_follow(self):
        """Every few minutes: what is over asks nobody, what is new asks its owner, what waits too long the sponsor."""
        alerts = self.with_context(**QUIETLY, mail_activity_quick_update=True)
        alerts._reopen_due()
        alerts._drop_activities()
        new = alerts.search(alerts._new_domain())
        cron = self.env['ir.cron']
        for start in range(0, len(new), BATCH):
            new[start:start + BATCH]._ask_owners()
            if self.env.context.get('cron_id'):
                cron._commit_progress(BATCH, remaining=max(0, len(new) - start - BATCH))
        alerts._escalate()
        alerts.env['kam.playbook.run']._ask_outcomes()

    @api.model
    def _new_domain(self):
        return (Domain('state', '=', 'open') & Domain('parent_id', '=', False) & Domain('followed_on', '=', False)
                & Domain('company_id.active', '=', True))

    @api.model
    def _drop_activities(self):
        """Nobody is asked for what is over, or folded under another alert, which asks for both."""
        kind = self.env.ref(FOLLOW)
        waiting = self.env['mail.activity'].search([
            ('res_model', '=', self._name), ('automated', '=', True), ('activity_type_id', '=', kind.id)])
        over = self.browse(set(waiting.mapped('res_id'))).exists().filtered(
            lambda row: row.state == 'closed' or row.parent_id)
        waiting.filtered(lambda row: row.res_id in over._ids or not row.res_id).unlink()
        # One that stands alone again, unanswered, asks again.
        over.filtered(lambda row: row.state == 'open').write({'followed_on': False})

    def _ask_owners(self):
        """An activity for whoever looks after each of these alerts."""
        owners = self._find_owners()
        # What got graver may still ask for what it was before.
        self._finish_activities()
        self._ask({alert: owners.get(alert.id) for alert in self}, self._word_summary)
        by_owner = {}
        for alert in self.filtered(lambda row: not row.user_id):
            by_owner.setdefault(owners.get(alert.id), []).append(alert.id)
        for user, ids in by_owner.items():
            if user:
                self.browse(ids).write({'user_id': user.id})
        self.write({'followed_on': fields.Datetime.now()})

    def _ask(self, users, words):
        """One activity per alert, for ``{alert: user}``, of what `words` says."""
        kind, model = self.env.ref(FOLLOW).id, self.env['ir.model']._get_id(self._name)
        rows = []
        for alert in self:
            user = users.get(alert)
            if user:
                rows.append({
                    'activity_type_id': kind, 'automated': True, 'res_model_id': model, 'res_id': alert.id,
                    'user_id': user.id, 'summary': words(alert.with_context(lang=user.lang)),
                    'date_deadline': alert.company_id._kam_today() + timedelta(days=DAYS[alert.severity])})
        return self.env['mail.activity'].create(rows)

    @api.model
    def _word_summary(self, alert):
        return alert.rule_id.name

    # ------------------------------------------------------------------ escalation
    @api.model
    def _escalate(self):
        """Nobody has reacted within the days of the rule since the owner was asked: the sponsor is asked, once."""
        rules = self.env['kam.alert.rule'].with_context(active_test=False).search([('escalate_days', '!=', False)])
        now = fields.Datetime.now()
        late = self.search(
            Domain('state', '=', 'open') & Domain('parent_id', '=', False) & Domain('escalated_on', '=', False)
            & Domain('reacted_on', '=', False)
            & Domain.OR(
                Domain('rule_id', '=', rule.id)
                & Domain('followed_on', '<=', now - timedelta(days=rule.escalate_days)) for rule in rules))
        for start in range(0, len(late), BATCH):
            batch = late[start:start + BATCH]
            owners = batch._find_owners(escalated=True)
            # Whoever was asked already is not asked again.
            users = {alert: owners[alert.id] for alert in batch
                     if alert.id in owners and owners[alert.id] != alert.user_id}
            batch._ask(users, self._word_escalation)
            batch.write({'escalated_on': now})

    @api.model
    def _word_escalation(self, alert):
        return alert.env._("Nobody has reacted: %(alert)s", alert=alert.rule_id.name)

    # ------------------------------------------------------------------ who
    def _find_owners(self, escalated=False):
        """``{alert id: user}``: by the role that the rule names, of those who may open the alert."""
        today = self.env.company._kam_today()
        teams = {}
        members = self.env['kam.team.member'].search_fetch(
            Domain('partner_id', 'in', self.partner_id.ids) & Domain('role', 'in', ('deputy', 'sponsor'))
            & self.env['kam.team.member']._current_domain(today), ['partner_id', 'company_id', 'user_id', 'role'])
        for member in members:
            teams.setdefault((member.partner_id.id, member.company_id.id, member.role), []).append(member.user_id)
        programme = self._find_programme()
        candidates = members.user_id | self.partner_id.kam_manager_id | self.partner_id.user_id
        candidates = candidates.union(*programme.values())
        # In one question; archived people and those without a role of Key Accounts could not open it.
        able = self.env['res.users'].search([
            ('id', 'in', candidates.ids), ('share', '=', False),
            ('all_group_ids', 'in', self.env.ref(READERS).ids)])
        able.fetch(['company_ids', 'lang'])
        owners = {}
        for alert in self:
            for user in alert._name_owners(teams, programme[alert.company_id.id], escalated):
                if user in able and alert.company_id in user.company_ids:
                    owners[alert.id] = user
                    break
        return owners

    def _name_owners(self, teams, programme, escalated):
        """Who might look after it, best first, as far as the account's confidentiality lets them in."""
        self.ensure_one()
        account = self.partner_id
        if not account:
            return programme
        manager = [account.kam_manager_id] if account.kam_manager_id else []
        if not account.is_key_account and account.user_id:
            manager.append(account.user_id)
        level = account.kam_confidentiality
        if level == 'manager':
            return [] if escalated else manager
        role = 'sponsor' if escalated else self.rule_id.owner_role
        named = teams.get((account.id, self.company_id.id, role), [])
        if role == 'programme' and level == 'company':
            named = list(programme)
        if escalated:
            return [*named, *(programme if level == 'company' else [])]
        salesperson = [account.user_id] if account.user_id and level == 'company' and not manager else []
        return [*named, *manager, *salesperson, *(programme if level == 'company' else [])]

    def _find_programme(self):
        """``{company id: users}``: who is asked where no account says who, by the settings or by their role."""
        managers = self.env['res.users'].search(
            [('all_group_ids', 'in', self.env.ref(MANAGERS).ids), ('share', '=', False)], order='id')
        managers.fetch(['company_ids'])
        found = {}
        for company in self.company_id:
            chosen = company.kam_settings_id.alert_user_id
            found[company.id] = chosen | managers.filtered(
                lambda user, company=company: company in user.company_ids and not user._is_superuser())
        return found


class KamSettings(models.Model):
    _inherit = 'kam.settings'

    alert_user_id = fields.Many2one(
        'res.users', "Alerts without an owner go to", ondelete='set null', tracking=True,
        domain=[('share', '=', False)],
        help="Who is asked to look after alerts of the company as a whole, of accounts without anybody, and of those "
             "that nobody reacts to where there is no sponsor. Empty: the first Key Accounts manager.")

    @api.constrains('alert_user_id')
    def _check_alert_user_id(self):
        self.alert_user_id._kam_refuse_strangers(MANAGERS)
