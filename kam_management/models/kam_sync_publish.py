"""Putting a run's results into place in one transaction: readers see the old run or the new one, never a mixture."""
from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.tables import STAGE, STAGE_NEEDED, score_columns
from ..tools.wire import plain

MOVERS = 10


class _DryRun(Exception):
    """Ends the savepoint of a dry run, so that nothing stays written."""


class KamSync(models.AbstractModel):
    _inherit = 'kam.sync'

    @api.model
    def publish(self, run, token, totals):
        """Put all that was staged into place, writing only rows that changed; asked again, it answers the same.

        :param totals: ``{"tables": {name: {"rows", "batches"}}, "phases": {name: seconds}}``
        :raises UserError: ``totals_mismatch`` when a batch is missing, ``stale_token``
        """
        self._guard()
        record = self._find_run(run)
        if record.token == token and record.answer:
            return plain(self._results(record))
        record = self._run(run, token, lock=True)
        self._check_account(record)
        self._check_totals(record, totals)
        if record.dry_run:
            return plain(self._try_publish(record, totals))
        counts = self._put_in_place(record)
        self._finish(record, totals, counts)
        self._drop_tables(record)
        self.env['kam.sync.lease'].sudo()._release(record)  # bookkeeping of this door
        self._watch_staleness(record.company_id)
        return plain(self._results(record))

    @api.model
    def _check_totals(self, run, totals):
        """Refuse to publish around a batch that was lost on the way."""
        said = {
            name: (table.get('rows'), table.get('batches'))
            for name, table in ((totals or {}).get('tables') or {}).items()
        }
        batches = self.env['kam.sync.batch'].sudo()._read_group(  # bookkeeping of this door
            [('run_id', '=', run.id)], ['table_name'], ['rows:sum', '__count'])
        found = {name: (rows, count) for name, rows, count in batches}
        if said != found or not set(found) >= STAGE_NEEDED[run.kind]:
            raise self._refuse('totals_mismatch', self.env._(
                "What was staged differs from what the worker sent (rows, batches): %(found)s here, %(said)s there. "
                "Nothing was published: start a new run.", found=found, said=said))
        self._check_kept(run)

    @api.model
    def _check_kept(self, run):
        """Refuse to publish what a crash of PostgreSQL has emptied: it empties unlogged tables when it recovers.

        All of them at once, so that one tells of the others; without this, nothing staged would pass for nothing left.
        """
        rows = sum(table['rows'] for table in run.manifest['tables'] if table['section'] == 'account')
        self.env.cr.execute(SQL("SELECT EXISTS (SELECT FROM %s)", self._universe(run)))
        if rows and not self.env.cr.fetchone()[0]:
            raise self._refuse('lost_rows', self.env._(
                "PostgreSQL was restarted by force and has lost what run %(run)s had read and staged. Nothing was "
                "published: start a new run.", run=run.id))

    @api.model
    def _try_publish(self, run, totals):
        """What publishing would do: the same statements, rolled back."""
        try:
            with self.env.cr.savepoint():
                self._finish(run, totals, self._put_in_place(run))
                self.env.flush_all()
                found = run.read([
                    'accounts', 'changed', 'inserted', 'updated', 'removed', 'unchanged', 'refused', 'history_only',
                    'alerts_opened', 'alerts_closed', 'answer', 'seconds', 'phases'], load='')[0]
                refused = self.env['kam.sync.refusal'].sudo().search([  # of this run, as above
                    ('run_id', '=', run.id), ('batch', '=', 0)]).copy_data()
                raise _DryRun
        except _DryRun:
            self.env.invalidate_all(flush=False)
        # What it found stays on the run, for a caller whose answer was lost, until the next run begins.
        found.pop('id')
        run.write(found)
        self.env['kam.sync.refusal'].sudo().create(refused)
        self._end_without_result(run, self.env._("Dry run: nothing was written."))
        return self._results(run)

    @api.model
    def _finish(self, run, totals, counts):
        now = fields.Datetime.now()
        refused = self.env['kam.sync.refusal'].sudo().search_count([('run_id', '=', run.id)])
        previous = self.env['kam.sync.run'].sudo()._last_published(run.company_id)
        phases = {
            str(name)[:40]: round(float(seconds), 3) for name, seconds in ((totals or {}).get('phases') or {}).items()
        }
        run.write({
            'state': 'partial' if refused else 'published', 'refused': refused, 'date_end': now, 'phases': phases,
            # Odoo's clock ticks in seconds; a short run is told by what its phases took.
            'seconds': max((now - run.date_start).total_seconds(), sum(phases.values())),
            'answer': counts.pop('answer'),
            'settings_changed': bool(previous) and previous.config_hash != run.config_hash, **counts,
        })

    # ------------------------------------------------------------------ statements
    @api.model
    def _put_in_place(self, run):
        """Write scores, history and portfolio; return the counts of rows for the run."""
        last = self._last_as_of(run.company_id)
        history_only = bool(last and run.as_of < last)
        stage = SQL.identifier(f'kam_stage_{run.id}_score')
        self._refuse_vanished(run, 'score', self._is_there('res_partner', 'account_id'), self.env._(
            "this partner was deleted while its scores were computed"))
        self.env.cr.execute(SQL("SELECT count(*) FROM %s", stage))
        accounts = self.env.cr.fetchone()[0]
        history = self._write_history(run, stage)
        if run.kind != 'account':
            self._write_portfolio(run)
        rollups, alerts = {}, {}
        if history_only:
            counts = {'inserted': history, 'updated': 0, 'removed': 0, 'unchanged': accounts - history}
            movers = []
        else:
            movers = self._movers(run, stage)
            counts = self._write_scores(run, stage, accounts)
            self._write_wallet(run)
            rollups = self._write_rollups(run)
            staged = self._staged_tables(run)
            if 'kpi_value' in staged:
                rollups['kpi_value'] = self._write_kpi_values(run)
            if 'alert' in staged:
                alerts = self._write_alerts(run)
        self.env['kam.score'].invalidate_model()
        self.env['kam.score.history'].invalidate_model()
        self.env['kam.portfolio'].invalidate_model()
        return {
            **counts, **alerts, 'accounts': accounts, 'history_only': history_only,
            'changed': counts['inserted'] + counts['updated'] + counts['removed'],
            'answer': {'movers': movers, 'top': self._top(stage), 'rollups': rollups},
        }

    @api.model
    def _refuse_vanished(self, run, table, is_there, reason):
        """What was deleted since it was pulled: its rows are refused, the others go in."""
        self.env.cr.execute(SQL(
            """
            WITH gone AS (
                DELETE FROM %(stage)s staged WHERE NOT (%(is_there)s) RETURNING line, %(reference)s AS subject)
            INSERT INTO kam_sync_refusal (run_id, table_name, batch, line, reference, reason)
            SELECT %(run)s, %(table)s, 0, line, subject, %(reason)s FROM gone
            """, stage=SQL.identifier(f'kam_stage_{run.id}_{table}'), is_there=is_there, run=run.id, table=table,
            reference=self._reference(table), reason=reason))
        self.env['kam.sync.refusal'].invalidate_model()

    @api.model
    def _is_there(self, table, column):
        """The condition that what a column of a staged row names has not been deleted."""
        return SQL("EXISTS (SELECT FROM %s WHERE id = %s)", SQL.identifier(table), SQL.identifier('staged', column))

    @api.model
    def _write_scores(self, run, stage, accounts):
        names = score_columns()
        columns = SQL(", ").join(map(SQL.identifier, names))
        staged = SQL(", ").join(SQL.identifier('staged', name) for name in names)
        old = SQL(", ").join(SQL.identifier('kam_score', name) for name in names)
        new = SQL(", ").join(SQL.identifier('excluded', name) for name in names)
        previous = ('as_of', 'revenue', 'rank', 'pareto_class')
        self.env.cr.execute(SQL(
            """
            WITH written AS (
                INSERT INTO kam_score (partner_id, company_id, as_of, run_id, %(columns)s)
                SELECT staged.account_id, %(company)s, %(as_of)s, %(run)s, %(staged)s FROM %(stage)s staged
                ON CONFLICT (partner_id, company_id) DO UPDATE
                   SET (%(columns)s) = ROW(%(new)s), as_of = EXCLUDED.as_of, run_id = EXCLUDED.run_id, %(previous)s
                 WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
                RETURNING (xmax = 0) AS is_new)
            SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM written
            """,
            columns=columns, staged=staged, old=old, new=new, company=run.company_id.id, as_of=run.as_of, run=run.id,
            stage=stage,
            # The state before this day stays: a second run of the same day replaces what the first one wrote.
            previous=SQL(", ").join(
                SQL("%(to)s = CASE WHEN kam_score.as_of < EXCLUDED.as_of THEN %(now)s ELSE %(before)s END",
                    to=SQL.identifier(f'previous_{name}'), now=SQL.identifier('kam_score', name),
                    before=SQL.identifier('kam_score', f'previous_{name}'))
                for name in previous),
        ))
        inserted, updated = self.env.cr.fetchone()
        self.env.cr.execute(SQL(
            """
            DELETE FROM kam_score score WHERE company_id = %s %s
               AND NOT EXISTS (SELECT FROM %s account WHERE account.account_id = score.partner_id)
            """, run.company_id.id, self._only_of(run), self._universe(run)))
        return {'inserted': inserted, 'updated': updated, 'removed': self.env.cr.rowcount,
                'unchanged': accounts - inserted - updated}

    @api.model
    def _only_of(self, run):
        """Of a run of one account: a condition on ``partner_id``, so that nobody else's rows are touched."""
        return SQL("AND partner_id = %s", run.account_id.id) if run.account_id else SQL("")

    @api.model
    def _staged_tables(self, run):
        return {name for (name,) in self.env['kam.sync.batch'].sudo()._read_group(  # bookkeeping of this door
            [('run_id', '=', run.id)], ['table_name'])}

    @api.model
    def _universe(self, run):
        """The table of the accounts that were pulled. One whose row was refused is among them: it keeps its score."""
        return self._pulled(run, 'account')

    @api.model
    def _pulled(self, run, section):
        """The table of what was pulled of a section that has one."""
        return SQL.identifier(next(t['table'] for t in run.manifest['tables'] if t['section'] == section))

    @api.model
    def _write_history(self, run, stage):
        """One row a day for each account that has an explanation: key accounts, candidates and the compared.

        What an earlier run of the same day wrote of accounts that have none now is taken back.
        """
        self.env.cr.execute(SQL(
            """
            DELETE FROM kam_score_history history WHERE company_id = %s AND as_of = %s %s AND (
                EXISTS (SELECT FROM %s staged WHERE staged.account_id = partner_id AND staged.explanation IS NULL)
                OR NOT EXISTS (SELECT FROM %s account WHERE account.account_id = partner_id))
            """, run.company_id.id, run.as_of, self._only_of(run), stage, self._universe(run)))
        history = self.env['kam.score.history']
        names = [name for name in score_columns() if name in history._fields]
        columns = SQL(", ").join(map(SQL.identifier, names))
        new = SQL(", ").join(SQL.identifier('excluded', name) for name in names)
        self.env.cr.execute(SQL(
            """
            INSERT INTO kam_score_history (partner_id, company_id, as_of, run_id, %(columns)s)
            SELECT account_id, %(company)s, %(as_of)s, %(run)s, %(columns)s FROM %(stage)s
             WHERE explanation IS NOT NULL
            ON CONFLICT (partner_id, company_id, as_of) DO UPDATE
               SET (%(columns)s) = ROW(%(new)s), run_id = EXCLUDED.run_id
             WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
            """,
            columns=columns, new=new, company=run.company_id.id, as_of=run.as_of, run=run.id, stage=stage,
            old=SQL(", ").join(SQL.identifier('kam_score_history', name) for name in names)))
        return self.env.cr.rowcount

    @api.model
    def _write_portfolio(self, run):
        names = [column.name for column in STAGE['portfolio']]
        columns = SQL(", ").join(map(SQL.identifier, names))
        new = SQL(", ").join(SQL.identifier('excluded', name) for name in names)
        self.env.cr.execute(SQL(
            """
            INSERT INTO kam_portfolio (company_id, as_of, run_id, %(columns)s)
            SELECT %(company)s, %(as_of)s, %(run)s, %(columns)s FROM %(stage)s ORDER BY line LIMIT 1
            ON CONFLICT (company_id, as_of) DO UPDATE
               SET (%(columns)s) = ROW(%(new)s), run_id = EXCLUDED.run_id
             WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
            """,
            columns=columns, new=new, company=run.company_id.id, as_of=run.as_of, run=run.id,
            stage=SQL.identifier(f'kam_stage_{run.id}_portfolio'),
            old=SQL(", ").join(SQL.identifier('kam_portfolio', name) for name in names)))

    # ------------------------------------------------------------------ what to tell
    @api.model
    def _movers(self, run, stage):
        """The accounts that moved most: by their scores first, then by revenue."""
        moved = SQL(" + ").join(
            SQL("COALESCE(abs(staged.%(name)s - score.%(name)s), 0)", name=SQL.identifier(name))
            for name in ('attractiveness', 'position', 'willingness', 'health'))
        names = ('rank', 'revenue', 'pareto_class', 'attractiveness', 'position', 'health')
        rows = self.env.execute_query_dict(SQL(
            """
            SELECT staged.account_id AS account, partner.name, %(pairs)s, %(moved)s AS moved
              FROM %(stage)s staged
              JOIN kam_score score ON score.partner_id = staged.account_id AND score.company_id = %(company)s
              JOIN res_partner partner ON partner.id = staged.account_id
             WHERE %(moved)s > 0 OR staged.revenue IS DISTINCT FROM score.revenue
             ORDER BY moved DESC, abs(COALESCE(staged.revenue, 0) - COALESCE(score.revenue, 0)) DESC, staged.account_id
             LIMIT %(limit)s
            """,
            moved=moved, stage=stage, company=run.company_id.id, limit=MOVERS,
            pairs=SQL(", ").join(
                SQL("score.%(name)s AS %(before)s, staged.%(name)s AS %(name)s", name=SQL.identifier(name),
                    before=SQL.identifier(f'{name}_before'))
                for name in names)))
        return plain(rows)

    @api.model
    def _top(self, stage):
        """The largest accounts with their scores, for the table that the worker prints."""
        rows = self.env.execute_query_dict(SQL(
            """
            SELECT staged.account_id AS account, partner.name, staged.rank, staged.revenue, staged.share,
                   staged.pareto_class, staged.attractiveness, staged.position, staged.willingness, staged.quadrant,
                   staged.health, staged.health_band
              FROM %s staged JOIN res_partner partner ON partner.id = staged.account_id
             ORDER BY staged.rank NULLS LAST, staged.account_id LIMIT %s
            """, stage, MOVERS))
        return plain(rows)
