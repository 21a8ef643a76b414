"""What alerts are about, on its way to the worker: who left, which dates come near, what was raised, what is open."""
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

# Supporters that left are told for so many days at least, alerts that closed too, and dates so many days ahead.
DAYS, AHEAD = 90, 400
SUPPORTERS = ('supporter', 'champion')


class KamSync(models.AbstractModel):
    _inherit = 'kam.sync'

    @api.model
    def _days_of(self, run, name, **conditions):
        """The largest of these days among the rules of the run, 90 at least."""
        return max([DAYS, *(rule.get(name) or 0 for rule in self._config(run).get('rules', ())
                            if all(rule.get(key) == value for key, value in conditions.items()))])

    @api.model
    def _pull_departures(self, run, accounts):
        """Who was for us, or our champion, and left lately."""
        stakeholder = self.env['kam.stakeholder'].with_context(
            allowed_company_ids=run.company_id.ids, active_test=False)
        stakeholder.check_access('read')
        since = run.as_of - timedelta(days=self._days_of(run, 'window_days', subject='person', condition='gone'))
        query = stakeholder._search(Domain([
            ('company_id', '=', run.company_id.id), ('state', '=', 'left'), ('date_left', '>', since),
            ('date_left', '<=', run.as_of), '|', ('support', 'in', SUPPORTERS), ('role_ids.code', '=', 'champion')]))
        account = stakeholder._read_group_groupby(stakeholder._table, 'partner_id.kam_account_id', query)
        query.add_where(SQL("%s = ANY(%s::int[])", account, accounts))
        return self._create_pull_table(run, 'departure', 1014, query.select(
            SQL("%s AS account_id", account),
            SQL("%s AS stakeholder_id", stakeholder._field_to_sql(stakeholder._table, 'id', query)),
            SQL("%s AS date", stakeholder._field_to_sql(stakeholder._table, 'date_left', query))))

    # ------------------------------------------------------------------ dates
    @api.model
    def _pull_dues(self, run, accounts):
        """Dates that are open: those that are past, and those of the next 400 days."""
        rows = self._due_rows(run, set(accounts))
        columns = zip(*rows, strict=True) if rows else ((), (), (), ())
        return self._create_pull_table(run, 'due', 1015, SQL(
            "SELECT * FROM unnest(%s::int[], %s::varchar[], %s::int[], %s::date[])"
            " AS due (account_id, kind, record_id, date)", *map(list, columns)))

    @api.model
    def _due_rows(self, run, accounts):
        """``[(account, kind, record, date)]`` of these accounts."""
        # In sudo: plans, reviews and objectives the service user may not open; of them it gets these dates and no
        # word. Actions it may read for as long as a KPI does, which these dates don't depend on. Rules would say no
        # more than is asked here: the company of the run, which is one of its own; confidentiality hides nothing from
        # alerts, which only those read who may.
        env = self.sudo().with_context(allowed_company_ids=run.company_id.ids).env
        here = Domain('company_id', '=', run.company_id.id)
        last = run.as_of + timedelta(days=AHEAD)
        plans = {plan.id: account for plan, account in self._watched_plans(env, run, accounts)}
        of_accounts = Domain('partner_id.kam_account_id', 'in', list(accounts))
        of_plans = Domain('plan_id', 'in', list(plans))
        kinds = {
            'buying_step': env['kam.plan.buying.step'].search(
                of_plans & Domain('date', '>=', run.as_of) & Domain('date', '<=', last), order='id'),
            'commitment': env['kam.plan.commitment'].search(
                of_plans & Domain('date_due', '<=', last) & Domain('date_done', '=', False), order='id'),
            'objective': env['kam.objective'].search(
                here & of_accounts & Domain('state', '=', 'running') & Domain('date_deadline', '<=', last),
                order='id'),
            'action': env['kam.action'].search(
                here & of_accounts & Domain('state', '=', 'planned') & Domain('date', '<=', last), order='id'),
        }
        dates = {'commitment': 'date_due', 'objective': 'date_deadline'}
        rows = []
        for kind, records in kinds.items():
            for record in records:
                account = plans.get(record.plan_id.id) if kind in ('buying_step', 'commitment') else (
                    record.partner_id.kam_account_id.id)
                if account in accounts:
                    rows.append((account, kind, record.id, record[dates.get(kind, 'date')]))
        rows += [(account, 'plan_end', plan, date) for plan, date, account in (
            (plan, env['kam.plan'].browse(plan).date_end, account) for plan, account in plans.items())
            if date and date <= last]
        return rows + self._review_rows(env, run, accounts, last)

    @api.model
    def _review_rows(self, env, run, accounts, last):
        """The day on which each account that was reviewed is to be reviewed again."""
        reviews = env['kam.review'].search(
            Domain('company_id', '=', run.company_id.id) & Domain('partner_id', 'in', list(accounts)),
            order='date_closed, id')
        latest = {review.partner_id.id: review for review in reviews if review.state == 'closed'}
        return [(account, 'review', review.id, review._kam_due()) for account, review in latest.items()
                if review._kam_due() <= last]

    @api.model
    def _watched_plans(self, env, run, accounts):
        """``(plan, account)`` of each active plan: its own account, or the first other one that is watched."""
        if not accounts:
            return
        plans = env['kam.plan'].search(
            Domain('company_id', '=', run.company_id.id) & Domain('state', '=', 'active')
            & (Domain('partner_id.kam_account_id', 'in', list(accounts))
               | Domain('partner_ids.kam_account_id', 'in', list(accounts))), order='id')
        # A run of one account reads this one's plans, and leaves to another account what counts for that.
        watched = accounts if not run.account_id else set(
            (plans.partner_id | plans.partner_ids).kam_account_id.filtered(
                lambda account: account.is_key_account and account.active
                and account.kam_company_id in (run.company_id, env['res.company'])).ids)
        for plan in plans:
            own = plan.partner_id.kam_account_id.id
            others = sorted(set(plan.partner_ids.kam_account_id.ids) & watched)
            account = own if own in watched else others[0] if others else None
            if account in accounts:
                yield plan, account

    # ------------------------------------------------------------------ signals
    @api.model
    def _pull_signals(self, run, accounts):
        """What somebody saw and raised, and nobody made anything of yet."""
        # In sudo, as above: a day and a number.
        env = self.sudo().with_context(allowed_company_ids=run.company_id.ids).env
        plans = {plan.id: account for plan, account in self._watched_plans(env, run, set(accounts))}
        signals = env['kam.plan.signal'].search([
            ('plan_id', 'in', list(plans)), ('date', '<=', run.as_of), *env['kam.plan.signal']._raised_domain(),
        ], order='id')
        rows = [(plans[signal.plan_id.id], signal.id, signal.date) for signal in signals]
        columns = zip(*rows, strict=True) if rows else ((), (), ())
        return self._create_pull_table(run, 'signal', 1016, SQL(
            "SELECT * FROM unnest(%s::int[], %s::int[], %s::date[]) AS signal (account_id, signal_id, date)",
            *map(list, columns)))

    # ------------------------------------------------------------------ alerts
    @api.model
    def _pull_alerts(self, run):
        """Alerts of the rules that the worker watches: open ones, and those of which a new one may have to wait.

        One on a concentration waits until that has grown since the last one closed, however long ago that was.
        """
        alert = self.env['kam.alert'].with_context(allowed_company_ids=run.company_id.ids)
        alert.check_access('read')
        since = run.as_of - timedelta(days=self._days_of(run, 'cool_down_days'))
        domain = Domain([
            ('company_id', '=', run.company_id.id), ('rule_id.watched_by', '=', 'worker'),
            '|', '|', '|', ('state', '!=', 'closed'), ('date_closed', '>=', since), ('date_opened', '>=', since),
            ('id', 'in', self._last_of_bands(run, alert))])
        if run.account_id:
            domain &= Domain('partner_id', '=', run.account_id.id)
        query = alert._search(domain)
        alias = alert._table
        parent = query.make_alias(alias, 'folded_under')
        query.add_join('LEFT JOIN', parent, alias, SQL(
            "%s = %s", SQL.identifier(parent, 'id'), alert._field_to_sql(alias, 'parent_id', query)))
        state = alert._field_to_sql(alias, 'state', query)
        query.order = SQL("%s", alert._field_to_sql(alias, 'id', query))
        return self._create_pull_table(run, 'alert', 1017, query.select(
            SQL("(%s != 'closed')::int AS is_open", state),
            SQL("%s AS parent_rule_id", SQL.identifier(parent, 'rule_id')),
            *(SQL("%s AS %s", alert._field_to_sql(alias, field, query), SQL.identifier(name))
              for field, name in (
                  ('id', 'alert_id'), ('rule_id', 'rule_id'), ('partner_id', 'account_id'), ('subject', 'subject'),
                  ('date_opened', 'opened'), ('date_closed', 'closed'), ('severity', 'severity'), ('value', 'value'),
                  ('threshold', 'threshold')))))

    @api.model
    def _last_of_bands(self, run, alerts):
        """The last closed alert of each rule on a band of the settings, and of each thing that it is about."""
        closed = alerts.search([
            ('company_id', '=', run.company_id.id), ('rule_id.watched_by', '=', 'worker'),
            ('rule_id.condition', '=', 'band'), ('state', '=', 'closed')], order='date_closed, id')
        return list({(row.rule_id.id, row.partner_id.id, row.subject): row.id for row in closed}.values())
