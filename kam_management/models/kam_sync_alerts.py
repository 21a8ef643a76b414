"""Alerts as the worker changed them: checked as a set, opened, brought up to date and closed.

Only what the machine knows is written. Who looks after an alert, who acknowledged or snoozed it, is people's own; but
one that got graver is open again, because what they answered was less.
"""
from odoo import api, models
from odoo.tools import SQL

from ..tools.alert import ASK_ANEW, GRAVITY

# What a subject is the number of, by the word of its rule, or by the kind of date that the rule watches.
SUBJECTS = {
    'person': 'kam_stakeholder', 'answer': 'kam_stakeholder', 'role': 'kam_stakeholder_role',
    'objective': 'kam_objective', 'signal': 'kam_plan_signal',
}
DATES = {
    'buying_step': 'kam_plan_buying_step', 'commitment': 'kam_plan_commitment', 'review': 'kam_review',
    'objective': 'kam_objective', 'action': 'kam_action', 'plan_end': 'kam_plan',
}
# What is written of an alert that is open.
KEPT = ('severity', 'value', 'threshold', 'since', 'facts')
SAME = SQL(
    "alert.rule_id = staged.rule_id AND COALESCE(alert.partner_id, 0) = COALESCE(staged.account_id, 0)"
    " AND COALESCE(alert.subject, '') = COALESCE(staged.subject, '')")


class KamSync(models.AbstractModel):
    _inherit = 'kam.sync'

    # ------------------------------------------------------------------ checking
    @api.model
    def _remove_bad_alerts(self, run, stage, before):
        """Changes of alerts that were not pulled, new ones of rules or accounts that are not watched, and doubles."""
        table = 'alert'
        pulled = SQL(
            "SELECT FROM %s AS alert WHERE alert.is_open = 1 AND alert.rule_id = staged.rule_id"
            " AND COALESCE(alert.account_id, 0) = COALESCE(staged.account_id, 0)"
            " AND COALESCE(alert.subject, '') = COALESCE(staged.subject, '')", self._pulled(run, 'alert'))
        refused = self._remove_strangers(
            stage, table, before, SQL("change != 'open' AND NOT EXISTS (%s)", pulled),
            self.env._("there was no such open alert when alerts were pulled"))
        rules = [rule['id'] for rule in self._config(run).get('rules', ())]
        refused += self._remove_strangers(
            stage, table, before, SQL("change = 'open' AND NOT rule_id = ANY(%s::int[])", rules),
            self.env._("this rule is not among those that the worker watches"))
        watched = SQL("SELECT FROM %s AS account WHERE account.account_id = staged.account_id"
                      " AND account.is_key = 1 AND account.is_active = 1", self._universe(run))
        company = SQL("account_id IS NULL") if run.account_id else SQL("FALSE")
        refused += self._remove_strangers(
            stage, table, before,
            SQL("change = 'open' AND (account_id IS NOT NULL AND NOT EXISTS (%s) OR %s)", watched, company),
            self.env._("this account is no active key account among those that were pulled"))
        return refused + self._remove_doubles(
            stage, table, before, ('rule_id', 'account_id', 'subject'), self.env._("this alert is there twice"))

    # ------------------------------------------------------------------ putting in place
    @api.model
    def _write_alerts(self, run):
        """Open, keep and close; return how many opened and how many closed."""
        self.env['kam.alert'].flush_model()
        self._refuse_vanished_alerts(run)
        stage = SQL.identifier(self._stage_table(run, 'alert'))
        closed = self._close_staged(run, stage) + self._close_unwatched(run)
        opened = self._open_staged(run, stage)
        self._keep_staged(run, stage)
        self._fold_staged(run, stage)
        self.env['kam.alert'].invalidate_model()
        return {'alerts_opened': opened, 'alerts_closed': closed}

    @api.model
    def _refuse_vanished_alerts(self, run):
        """New alerts of a rule, an account or a record that is gone since; what is open already may still be closed."""
        rule = SQL("SELECT FROM kam_alert_rule AS rule WHERE rule.id = staged.rule_id")
        partner = SQL("SELECT FROM res_partner AS partner WHERE partner.id = staged.account_id")
        self._refuse_vanished(
            run, 'alert', SQL("EXISTS (%s) AND (account_id IS NULL OR EXISTS (%s))", rule, partner),
            self.env._("what this alert is about was deleted while it was computed"))
        self._refuse_vanished(run, 'alert', SQL(
            """
            change != 'open'
            OR EXISTS (%s AND rule.active AND rule.watched_by = 'worker') AND (account_id IS NULL OR EXISTS (
                    %s AND partner.active AND partner.is_key_account
                       AND COALESCE(partner.kam_company_id, %s) = %s)) AND NOT (%s)
            """, rule, partner, run.company_id.id, run.company_id.id, self._has_lost_subject()),
            self.env._("its rule was switched off, or what it is about is gone, since it was computed"))

    @api.model
    def _has_lost_subject(self):
        """The condition that a staged alert is about a record that is not there."""
        places = [(SQL("rule.subject = %s", word), table) for word, table in SUBJECTS.items()]
        places += [(SQL("rule.subject = 'date' AND rule.date_kind = %s", kind), table) for kind, table in DATES.items()]
        number = SQL(r"CASE WHEN staged.subject ~ '^\d{1,9}$' THEN staged.subject::int END")
        gone = SQL(" ").join(
            SQL("WHEN %s THEN NOT EXISTS (SELECT FROM %s AS record WHERE record.id = %s)",
                which, SQL.identifier(table), number)
            for which, table in places)
        return SQL(
            "COALESCE(%s IS NOT NULL AND (SELECT CASE %s ELSE FALSE END FROM kam_alert_rule AS rule"
            " WHERE rule.id = staged.rule_id), FALSE)", number, gone)

    @api.model
    def _close_staged(self, run, stage):
        self.env.cr.execute(SQL(
            """
            UPDATE kam_alert AS alert
               SET %s, close_reason = COALESCE(staged.reason, 'cleared')
              FROM %s AS staged
             WHERE staged.change = 'close' AND alert.company_id = %s AND alert.state != 'closed' AND %s
            """, self._closing(run), stage, run.company_id.id, SAME))
        return self.env.cr.rowcount

    @api.model
    def _closing(self, run):
        return SQL("state = 'closed', date_closed = %s, run_id = %s, write_uid = %s, write_date = now()"
                   " AT TIME ZONE 'UTC'", run.as_of, run.id, self.env.uid)

    @api.model
    def _close_unwatched(self, run):
        """Close what nobody answers for: alerts of rules that are off, and of accounts that are watched no longer."""
        one = SQL("AND alert.partner_id = %s", run.account_id.id) if run.account_id else SQL("")
        is_off = SQL("NOT rule.active")
        self.env.cr.execute(SQL(
            """
            UPDATE kam_alert AS alert SET %(closing)s,
                   close_reason = CASE WHEN %(is_off)s THEN 'rule_off' ELSE 'gone' END
              FROM kam_alert_rule AS rule
             WHERE rule.id = alert.rule_id AND rule.watched_by = 'worker' AND alert.company_id = %(company)s
               AND alert.state != 'closed' %(one)s
               AND (%(is_off)s OR alert.partner_id IS NOT NULL AND NOT EXISTS (
                    SELECT FROM %(universe)s AS account WHERE account.account_id = alert.partner_id
                       AND account.is_key = 1 AND account.is_active = 1))
            """, closing=self._closing(run), is_off=is_off, company=run.company_id.id, one=one,
            universe=self._universe(run)))
        return self.env.cr.rowcount

    @api.model
    def _open_staged(self, run, stage):
        """Open what is not open yet; an alert that is open already is kept instead."""
        columns = SQL(", ").join(map(SQL.identifier, KEPT))
        self.env.cr.execute(SQL(
            """
            INSERT INTO kam_alert (rule_id, partner_id, company_id, subject, state, date_opened, run_id,
                                   create_uid, write_uid, create_date, write_date, %(columns)s)
            SELECT staged.rule_id, staged.account_id, %(company)s, staged.subject, 'open', %(as_of)s, %(run)s,
                   %(user)s, %(user)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC', %(columns)s
              FROM %(stage)s AS staged
             WHERE staged.change = 'open' AND NOT EXISTS (
                SELECT FROM kam_alert AS alert
                 WHERE alert.company_id = %(company)s AND alert.state != 'closed' AND %(same)s)
             ORDER BY staged.line
            """, columns=columns, company=run.company_id.id, as_of=run.as_of, run=run.id, user=self.env.uid,
            stage=stage, same=SAME))
        return self.env.cr.rowcount

    @api.model
    def _keep_staged(self, run, stage):
        """Bring what is open up to date, where anything changed; what got graver is open and asks its owner anew.

        That a value is unknown now takes nothing from what was told: it is noted beside that.
        """
        facts = SQL("CASE WHEN staged.facts - 'unknown' = '{}' AND staged.facts != '{}'"
                    " THEN COALESCE(alert.facts, '{}') || staged.facts ELSE staged.facts END")
        there = SQL(", ").join(SQL.identifier('alert', name) for name in KEPT)
        told = SQL(", ").join(facts if name == 'facts' else SQL.identifier('staged', name) for name in KEPT)
        graver = SQL("array_position(%s, staged.severity) > array_position(%s, alert.severity)", GRAVITY, GRAVITY)
        anew = SQL(", ").join(
            SQL("%(name)s = CASE WHEN %(graver)s THEN %(value)s ELSE alert.%(name)s END",
                name=SQL.identifier(name), graver=graver, value=value or SQL("NULL"))
            for name, value in ASK_ANEW.items())
        self.env.cr.execute(SQL(
            """
            UPDATE kam_alert AS alert
               SET (%(columns)s) = ROW(%(staged)s), %(anew)s, run_id = %(run)s, write_uid = %(user)s,
                   write_date = now() AT TIME ZONE 'UTC'
              FROM %(stage)s AS staged
             WHERE staged.change != 'close' AND alert.company_id = %(company)s AND alert.state != 'closed' AND %(same)s
               AND (%(there)s) IS DISTINCT FROM (%(staged)s)
            """, columns=SQL(", ").join(map(SQL.identifier, KEPT)), run=run.id, user=self.env.uid, stage=stage,
            company=run.company_id.id, same=SAME, anew=anew, staged=told, there=there))

    @api.model
    def _fold_staged(self, run, stage):
        """Hang each alert under the head of its account and cause, or let it stand alone again."""
        self.env.cr.execute(SQL(
            """
            WITH mine AS (
                SELECT alert.id, alert.rule_id, alert.partner_id, alert.parent_id, staged.parent_rule_id
                  FROM %(stage)s AS staged
                  JOIN kam_alert AS alert
                    ON alert.company_id = %(company)s AND alert.state != 'closed' AND %(same)s
                 WHERE staged.change != 'close'),
            head AS (
                SELECT rule_id, partner_id, min(id) AS id FROM mine WHERE parent_rule_id IS NULL GROUP BY 1, 2)
            UPDATE kam_alert AS alert SET parent_id = head.id
              FROM mine
              LEFT JOIN head ON head.rule_id = mine.parent_rule_id
                            AND COALESCE(head.partner_id, 0) = COALESCE(mine.partner_id, 0)
             WHERE alert.id = mine.id AND mine.parent_id IS DISTINCT FROM head.id
            """, stage=stage, company=run.company_id.id, same=SAME))
