"""What a computation needs of the past: opinions, and the scores it is compared with."""
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.tables import EXPLAINED

WEEK = timedelta(days=7)
# History is kept daily for this long, then only the last day of each month.
DAILY_DAYS = 90


class KamSync(models.AbstractModel):
    _inherit = 'kam.sync'

    @api.model
    def _pull_opinions(self, run, accounts):
        """Opinions on the accounts of the universe, whose table is given."""
        assessment = self.env['kam.assessment'].with_context(allowed_company_ids=run.company_id.ids)
        query = assessment._search(Domain([('company_id', '=', run.company_id.id), ('date', '<=', run.as_of)]))
        alias = assessment._table
        account = self._of_accounts(run, assessment, query, accounts)
        content = query.select(
            SQL("%s AS account_id", account),
            *(SQL("%s AS %s", assessment._field_to_sql(alias, field, query), SQL.identifier(name))
              for field, name in (('factor_id', 'factor_id'), ('user_id', 'rater_id'), ('value', 'value'),
                                  ('date', 'date'), ('id', 'opinion_id'))))
        return self._create_pull_table(run, 'opinion', 1001, content)

    @api.model
    def _pull_history(self, run):
        """The last day before ``as_of`` and the last one at least a week before it, of each account that has them."""
        history = self.env['kam.score.history'].with_context(allowed_company_ids=run.company_id.ids)
        history.check_access('read')
        parts = [
            self._history_query(history, run, reference, before)
            for reference, before in (('run', run.as_of), ('week', run.as_of - WEEK + timedelta(days=1)),
                                      *((f'days_{days}', run.as_of - timedelta(days=days - 1))
                                        for days in self._drop_days(run)))
        ]
        return self._create_pull_table(run, 'history', 1002, SQL(" UNION ALL ").join(
            SQL("(%s)", part) for part in parts))

    @api.model
    def _drop_days(self, run):
        """Over how many days rules watch for a drop of what the history tells, besides a week."""
        days = {rule.get('window_days') for rule in self._config(run).get('rules', ())
                if rule['condition'] == 'drop' and rule['subject'] in ('score', 'component')}
        return sorted(days - {None, WEEK.days})

    @api.model
    def _history_query(self, history, run, reference, before):
        domain = Domain([('company_id', '=', run.company_id.id), ('as_of', '<', before)])
        if run.account_id:
            domain &= Domain('partner_id', '=', run.account_id.id)
        query = history._search(domain)
        if query.is_empty():
            # Nothing may be read: the section has its columns and no row.
            query = history.sudo()._search(Domain([('id', '=', 0)]), bypass_access=True)
        alias = SQL.identifier(history._table)
        query.add_join('LEFT JOIN', 'run', 'kam_sync_run', SQL("run.id = %s.run_id", alias))
        scores = [SQL("%s.%s", alias, SQL.identifier(name)) for name in EXPLAINED]
        query.order = SQL("%s.partner_id, %s.as_of DESC", alias, alias)
        return query.select(
            SQL("DISTINCT ON (%s.partner_id) %s.partner_id AS account_id", alias, alias),
            SQL("%s AS reference", reference),
            SQL("%s.as_of", alias), SQL("run.config_hash"), SQL("%s AS codes", self._factor_codes()),
            SQL("%s.explanation::text AS explanation", alias), *scores)

    @api.model
    def _thin_history(self):
        """Keep every day for 90 days, then the last day of each month that has one."""
        limit = fields.Date.today() - timedelta(days=DAILY_DAYS)
        limit -= relativedelta(day=1)  # whole months, so that the last day of one is not lost half-way
        self.env.cr.execute(SQL(
            """
            DELETE FROM kam_score_history history
             WHERE as_of < %s AND EXISTS (
                SELECT FROM kam_score_history later
                 WHERE later.partner_id = history.partner_id AND later.company_id = history.company_id
                   AND later.as_of > history.as_of
                   AND date_trunc('month', later.as_of) = date_trunc('month', history.as_of))
            """, limit))
        self.env['kam.score.history'].invalidate_model()
