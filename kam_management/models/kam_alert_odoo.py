"""Alerts that Odoo itself watches: no worker is needed to open or close them."""
from odoo import api, models
from odoo.fields import Domain

from ..tools.alert import ASK_ANEW, GRAVITY

# The machine's own writes tell nobody and log no creation.
QUIETLY = {'mail_create_nolog': True, 'mail_create_nosubscribe': True, 'tracking_disable': True,
           'mail_notrack': True}


class KamAlert(models.Model):
    _inherit = 'kam.alert'

    @api.model
    def _open_by_odoo(
            self, rule_code, company, account=None, subject='', facts=None, severity=None, value=False,
            threshold=False):
        """Open an alert, or bring the one that is open up to date. Run twice, it changes nothing.

        :param account: the account that it is about; none: the company as a whole
        :param facts: a dict of numbers, dates, ids and words, of which the sentence is made
        :return: the alert; empty if the rule is off, or rests after the last one closed
        """
        # In sudo: whoever's doing it follows from may write no alerts, nor may anybody else by hand.
        alerts = self.sudo().with_context(**QUIETLY)
        rule = alerts.env['kam.alert.rule'].search([('code', '=', rule_code)], limit=1)
        if not rule or (account and rule.tier_ids and account.kam_tier_id not in rule.tier_ids):
            return alerts.browse()
        values = {
            'severity': severity or rule.severity, 'facts': facts or False, 'value': value, 'threshold': threshold}
        alert = alerts._find_open(rule, company, account, subject)
        if alert:
            changed = {name: given for name, given in values.items() if (alert[name] or given) and alert[name] != given}
            if changed:
                graver = GRAVITY.index(values['severity']) > GRAVITY.index(alert.severity)
                alert.write({**changed, **(ASK_ANEW if graver else {})})
            return alert
        today = company._kam_today()
        if rule._is_resting(company, account, subject, values['severity'], today):
            return alerts.browse()
        return alerts.create({
            **values, 'rule_id': rule.id, 'company_id': company.id, 'partner_id': account.id if account else False,
            'subject': subject, 'state': 'open', 'since': today, 'date_opened': today})

    @api.model
    def _close_by_odoo(self, rule_code, company, account=None, subject='', reason='cleared'):
        """Close what `_open_by_odoo` opened. Without one open, nothing happens.

        :param reason: a key of `CLOSE_REASONS`
        :return: the alert that was closed, or empty
        """
        # In sudo, as for opening; a rule that was archived meanwhile has its alerts closed, too.
        alerts = self.sudo().with_context(**QUIETLY)
        rule = alerts.env['kam.alert.rule'].with_context(active_test=False).search([('code', '=', rule_code)], limit=1)
        alert = alerts._find_open(rule, company, account, subject) if rule else alerts.browse()
        alert._close(reason)
        return alert

    @api.model
    def _find_open(self, rule, company, account, subject):
        subjects = [subject] if subject else [False, '']
        return self.search(
            Domain('rule_id', '=', rule.id) & Domain('company_id', '=', company.id) & Domain('state', '!=', 'closed')
            & Domain('partner_id', '=', account.id if account else False) & Domain('subject', 'in', subjects), limit=1)

    def _close(self, reason):
        """What people wrote stays; only that it is over is added."""
        for alert in self.filtered(lambda row: row.state != 'closed'):
            alert.write({
                'state': 'closed', 'close_reason': reason, 'date_closed': alert.company_id._kam_today()})


class KamAlertRule(models.Model):
    _inherit = 'kam.alert.rule'

    def _is_resting(self, company, account, subject, severity, today):
        """Whether the last such alert closed too recently for a new one that is no graver."""
        self.ensure_one()
        if not self.cool_down_days:
            return False
        last = self.env['kam.alert'].search(
            Domain('rule_id', '=', self.id) & Domain('company_id', '=', company.id) & Domain('state', '=', 'closed')
            & Domain('partner_id', '=', account.id if account else False)
            & Domain('subject', 'in', [subject] if subject else [False, '']),
            order='date_closed desc, id desc', limit=1)
        steps = self.env['kam.alert']._fields['severity'].get_values(self.env)
        return bool(
            last and (today - last.date_closed).days < self.cool_down_days
            and steps.index(severity) <= steps.index(last.severity))
