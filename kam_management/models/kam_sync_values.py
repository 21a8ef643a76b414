"""Values of KPIs as the worker computed them: checked as a set, and put in place row by changed row.

What was recorded of a state in a period that is over nobody can compute again, so it stays.
"""
from odoo import api, models
from odoo.tools import SQL

from ..tools.tables import STAGE

KEY = ('account_id', 'kpi_id', 'grain', 'period_start')
FIGURES = tuple(column.name for column in STAGE['kpi_value'] if column.name not in KEY)
CALENDAR = ('month', 'quarter', 'year')


class KamSync(models.AbstractModel):
    _inherit = 'kam.sync'

    # ------------------------------------------------------------------ checking
    @api.model
    def _remove_bad_kpi_values(self, run, stage, before):
        """Rows of accounts that are no members, of KPIs that are not configured, of no period, and second rows."""
        table = 'kpi_value'
        member = SQL(
            "SELECT FROM %s AS account WHERE account.account_id = staged.account_id"
            " AND (account.is_key = 1 OR account.is_candidate = 1)", self._universe(run))
        refused = self._remove_strangers(
            stage, table, before, SQL("NOT EXISTS (%s)", member),
            self.env._("this account is neither a key account nor a candidate among those that were pulled"))
        refused += self._remove_strangers(
            stage, table, before, SQL("NOT kpi_id = ANY(%s::int[])", [kpi['id'] for kpi in self._config(run)['kpis']]),
            self.env._("this KPI is not in the configuration of the run"))
        refused += self._remove_strangers(
            stage, table, before, self._is_no_period(run), self.env._("this period does not exist, or is not due yet"))
        refused += self._remove_strangers(
            stage, table, before, SQL("value IS NULL AND NOT is_current"),
            self.env._("only of current periods is it told that a value is unknown"))
        return refused + self._remove_doubles(
            stage, table, before, KEY, self.env._("this value is there twice"))

    @api.model
    def _is_no_period(self, run):
        """The condition that a staged row is of no period of its grain, or of one that the run knows nothing of."""
        return SQL(
            """
            period_end < period_start OR period_start > %(as_of)s OR CASE
                WHEN grain IN %(calendar)s THEN
                    period_start != date_trunc(grain, period_start::timestamp)::date
                    OR period_end != (date_trunc(grain, period_start::timestamp)
                                      + (CASE grain WHEN 'quarter' THEN '3 month' ELSE '1 ' || grain END)::interval
                                     )::date - 1
                    OR is_current IS DISTINCT FROM (period_end >= %(as_of)s)
                ELSE FALSE END
            """, as_of=run.as_of, calendar=CALENDAR)

    # ------------------------------------------------------------------ putting in place
    @api.model
    def _write_kpi_values(self, run):
        """Write what changed, remove what is gone; return the counts of rows."""
        self._refuse_vanished(
            run, 'kpi_value',
            SQL("%s AND %s", self._is_there('res_partner', 'account_id'), self._is_there('kam_kpi', 'kpi_id')),
            self.env._("what this is about was deleted while it was computed"))
        stage = SQL.identifier(self._stage_table(run, 'kpi_value'))
        self.env.cr.execute(SQL("SELECT count(*) FROM %s", stage))
        rows = self.env.cr.fetchone()[0]
        inserted, updated = self._write_changed_values(run, stage)
        removed, over = self._remove_gone_values(run, stage)
        self.env['kam.kpi.value'].invalidate_model()
        return {'inserted': inserted, 'updated': updated + over, 'removed': removed,
                'unchanged': rows - inserted - updated}

    @api.model
    def _write_changed_values(self, run, stage):
        names = SQL(", ").join(map(SQL.identifier, FIGURES))
        staged, there, new = (
            SQL(", ").join(SQL.identifier(source, name) for name in FIGURES)
            for source in ('staged', 'there', 'excluded'))
        self.env.cr.execute(SQL(
            """
            WITH written AS (
                INSERT INTO kam_kpi_value (partner_id, company_id, kpi_id, grain, period_start, run_id, %(names)s)
                SELECT staged.account_id, %(company)s, staged.kpi_id, staged.grain, staged.period_start, %(run)s,
                       %(staged)s
                  FROM %(stage)s AS staged
                  LEFT JOIN kam_kpi_value AS there
                    ON there.company_id = %(company)s AND there.partner_id = staged.account_id
                   AND there.kpi_id = staged.kpi_id AND there.grain = staged.grain
                   AND there.period_start = staged.period_start
                 WHERE there.id IS NULL OR (%(there)s) IS DISTINCT FROM (%(staged)s)
                ON CONFLICT (partner_id, company_id, kpi_id, grain, period_start) DO UPDATE
                   SET (%(names)s) = ROW(%(new)s), run_id = EXCLUDED.run_id
                RETURNING (xmax = 0) AS is_new)
            SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM written
            """, names=names, staged=staged, there=there, new=new, stage=stage, company=run.company_id.id, run=run.id))
        return self.env.cr.fetchone()

    @api.model
    def _remove_gone_values(self, run, stage):
        """Remove what is not staged any more and close the periods that are over; return how many of each.

        Without a staged row there stay: periods of before the horizon, states of periods that are over, whatever
        KPIs said that could not be read this time, and the first year of a key account that was nominated before the
        horizon: nobody computes it again. A row that was refused keeps what its account had.
        """
        one = SQL("AND there.partner_id = %s", run.account_id.id) if run.account_id else SQL("")
        unstaged = SQL(
            """
            there.company_id = %(company)s %(one)s
                AND NOT EXISTS (SELECT FROM %(stage)s AS staged
                                 WHERE staged.account_id = there.partner_id AND staged.kpi_id = there.kpi_id
                                   AND staged.grain = there.grain AND staged.period_start = there.period_start)
                AND NOT EXISTS (SELECT FROM kam_sync_refusal AS refusal
                                 WHERE refusal.run_id = %(run)s AND refusal.table_name = 'kpi_value'
                                   AND refusal.reference = there.partner_id::text)
            """, company=run.company_id.id, one=one, stage=stage, run=run.id)
        dated, unread = self._dated_kpis(run)
        self.env.cr.execute(SQL(
            """
            DELETE FROM kam_kpi_value AS there WHERE %(unstaged)s AND (
                NOT EXISTS (SELECT FROM %(universe)s AS account WHERE account.account_id = there.partner_id
                               AND (account.is_key = 1 OR account.is_candidate = 1))
                OR NOT there.kpi_id = ANY(%(unread)s::int[]) AND (
                    there.grain NOT IN %(calendar)s AND NOT %(first_year)s
                    OR there.period_end >= %(as_of)s OR there.value IS NULL
                    OR there.kpi_id = ANY(%(dated)s::int[]) AND there.period_start >= %(horizon)s))
            """, unstaged=unstaged, universe=self._universe(run), unread=unread, dated=dated, calendar=CALENDAR,
            as_of=run.as_of, horizon=self._horizon(run),
            first_year=self._is_first_year(run)))
        removed = self.env.cr.rowcount
        self.env.cr.execute(SQL(
            """
            UPDATE kam_kpi_value AS there SET is_current = FALSE, run_id = %s
             WHERE there.is_current AND there.grain IN %s AND there.period_end < %s AND %s
            """, run.id, CALENDAR, run.as_of, unstaged))
        return removed, self.env.cr.rowcount

    @api.model
    def _is_first_year(self, run):
        """The condition that a row is of the first year of a nomination that still stands, from before the horizon.

        It begins with the first whole month, as the worker has it.
        """
        return SQL(
            """
            (there.grain = 'since' AND there.value IS NOT NULL AND there.period_start < %s
             AND EXISTS (SELECT FROM %s AS account WHERE account.account_id = there.partner_id
                            AND there.period_start
                                = (date_trunc('month', account.key_since - interval '1 day')
                                   + interval '1 month')::date))
            """, self._horizon(run), self._universe(run))

    @api.model
    def _dated_kpis(self, run):
        """``(KPIs that have a date, KPIs that could not be read)``, by id; archived ones among the former."""
        # In sudo: which KPIs there are, archived ones too, is no secret of this door.
        kpis = self.env['kam.kpi'].sudo().with_context(active_test=False).search([])
        unread = {row['id'] for row in run.manifest.get('unavailable', ())}
        unread |= {kpi['id'] for kpi in self._config(run)['kpis'] if not kpi['available']}
        return kpis.filtered('dated').ids, sorted(unread)
