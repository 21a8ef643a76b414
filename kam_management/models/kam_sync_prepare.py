"""Aggregating every source in the database, and handing it out page by page.

The statements are built by the ORM as the service user, so its access rights and record rules hold; what is read in
sudo (wallets, targets, dates and signals of plans, objectives, reviews, actions) says so where it is read. Each section
becomes unlogged tables of the run's own (``kam_pull_RUN_N``): aggregated once, read by pages from there. A table is
made by ``CREATE TABLE AS``, which PostgreSQL may run in parallel where it may not run an ``INSERT``.
"""
import io

from odoo import api, models
from odoo.tools import SQL

from ..tools.tables import PULL
from ..tools.wire import pack, plain
from .kam_sync import PAGE_ROWS

# So many rows come with one answer beyond which the next page is a call of its own: each call costs a roundtrip.
BUNDLE_ROWS = 5000


class KamSync(models.AbstractModel):
    _inherit = 'kam.sync'

    # ------------------------------------------------------------------ public
    @api.model
    def prepare(self, run, token):
        """Aggregate every source into the run's own tables, in one transaction; asked again, it answers the same."""
        self._guard()
        run = self._run(run, token, lock=True)
        self._check_account(run)
        if not run.manifest:
            # What a source says becomes an answer: a dry run writes nothing, and reads the answers that are there.
            if not run.dry_run:
                self._collect_answers(run)
            # What the sources say is read as one snapshot; pending writes of this transaction belong to it.
            self.env.flush_all()
            # Room for one pass over the customers in memory; PostgreSQL's default is for many small statements, and a
            # plan compiled for this machine costs more than it saves on statements of a second.
            self.env.cr.execute("SET LOCAL work_mem = '128MB'; SET LOCAL jit = off")
            kpis = self.env['kam.kpi'].browse(
                kpi['id'] for kpi in self._config(run)['kpis']
                if kpi['available'] and kpi.get('kind', 'source') == 'source')
            troubles = {}
            facts, members = self._pull_facts(run, kpis, troubles)
            accounts = self._pull_accounts(run, facts, members)
            tables = [
                accounts, *facts, self._pull_opinions(run, accounts), self._pull_history(run),
                self._pull_investments(run, accounts), self._pull_wallet(run, accounts),
                self._pull_answers(run, accounts), self._pull_requests(run, accounts),
                self._pull_people(run, accounts), self._pull_seats(run, accounts), self._pull_threads(run, accounts),
                self._pull_assessments(run, accounts), self._pull_objectives(run, accounts),
                *self._pull_figures(run, accounts, kpis, troubles), *self._pull_watched(run, accounts, troubles),
                *self._pull_peers(run)]
            self._number(tables)
            if not run.dry_run:
                self._tell_trouble(run, kpis, troubles)
            unavailable = [{'id': kpi, 'reason': reason} for kpi, reason in sorted(troubles.items())]
            run.write({'manifest': {'tables': tables, 'unavailable': unavailable},
                       'sources': len(kpis) - len(unavailable)})
        sections = [
            {
                'name': name, 'columns': list(columns),
                'rows': sum(table['rows'] for table in run.manifest['tables'] if table['section'] == name),
            }
            for name, columns in PULL.items()
        ]
        return {'sections': sections, 'rows': sum(section['rows'] for section in sections),
                'unavailable': run.manifest.get('unavailable', [])}

    @api.model
    def _config(self, run):
        """The frozen configuration of a run, to be read and not changed: the ORM would copy it each time."""
        configs = self.env.cr.cache.setdefault('kam_sync_config', {})
        if run.id not in configs:
            configs[run.id] = run.config
        return configs[run.id]

    @api.model
    def _check_account(self, run):
        """A run of one account without it would look like one of all."""
        if run.kind == 'account' and not run.account_id:
            raise self._refuse('unknown_account', self.env._(
                "The account that run %(run)s was about has been deleted.", run=run.id))

    @api.model
    def _pull_figures(self, run, accounts, kpis, troubles):
        """What values of KPIs are made of, of the members: key accounts and candidates."""
        members = self._accounts_that(accounts, SQL("is_key = 1 OR is_candidate = 1"))
        debt = self.env['kam.kpi'].browse(self._config(run)['sources'].get('debt')) & kpis
        return [
            *self._pull_cells(run, kpis, members, troubles), self._pull_recorded(run, members),
            self._pull_targets(run, members), *self._pull_debt(run, debt, members, troubles)]

    @api.model
    def _pull_watched(self, run, accounts, troubles):
        """What alerts are about, of the key accounts."""
        watched = self._accounts_that(accounts, SQL("is_key = 1 AND is_active = 1"))
        revenue = self.env['kam.kpi'].browse(self._config(run)['sources'].get('revenue'))
        return [
            *self._pull_rhythm(run, revenue, watched, troubles), self._pull_departures(run, watched),
            self._pull_dues(run, watched), self._pull_signals(run, watched), self._pull_alerts(run)]

    @api.model
    def _accounts_that(self, accounts, condition):
        """The accounts of the universe of which a condition holds: few, so that statements may name them."""
        return [account for (account,) in self.env.execute_query(SQL(
            "SELECT account_id FROM %s WHERE %s ORDER BY 1", SQL.identifier(accounts['table']), condition))]

    @api.model
    def pull(self, run, token, after, limit):
        """One page of what was prepared, by key, and small ones behind it; it may be asked for again."""
        self._guard()
        run = self._run(run, token)
        if not run.manifest:
            raise self._refuse('wrong_state', self.env._("Prepare run %(run)s before pulling from it.", run=run.id))
        if not isinstance(after, int) or not isinstance(limit, int) or after < 0 or limit < 1:
            raise self._refuse('bad_argument', self.env._(
                "A page starts after a whole number from 0 and holds at least one row."))
        tables = run.manifest['tables']
        page, following = self._page(tables, after, limit), []
        last, left = page, min(limit, BUNDLE_ROWS) - page['rows']
        while not last['done'] and left > 0:
            last = self._page(tables, last['after'], left)
            following.append(last)
            left -= last['rows']
        return plain({**page, 'following': following})

    @api.model
    def _page(self, tables, after, limit):
        table = next((table for table in tables if table['before'] + table['rows'] > after), None)
        if not table:
            return {'section': '', 'columns': [], 'rows': 0, 'after': after, 'done': True, **pack(b'')}
        skip = max(after - table['before'], 0)
        rows = min(limit, PAGE_ROWS, table['rows'] - skip)
        columns = PULL[table['section']]
        csv_bytes = self._copy_out(SQL(
            "SELECT %s FROM %s WHERE seq BETWEEN %s AND %s ORDER BY seq",
            SQL(", ").join(map(SQL.identifier, columns)), SQL.identifier(table['table']), skip + 1, skip + rows))
        after = table['before'] + skip + rows
        return {
            'section': table['section'], 'columns': columns, 'rows': rows, 'after': after,
            'done': after == sum(table['rows'] for table in tables), **pack(csv_bytes),
        }

    @api.model
    def _copy_out(self, query):
        buffer = io.BytesIO()
        statement = self.env.cr.mogrify(query).decode()
        self.env.cr.copy_expert(f"COPY ({statement}) TO STDOUT WITH (FORMAT csv, HEADER)", buffer)
        return buffer.getvalue()

    # ------------------------------------------------------------------ the run's own tables
    @api.model
    def _create_pull_table(self, run, section, number, query, kept=(), log=True):
        """Make ``kam_pull_RUN_NUMBER`` of ``query``, its rows numbered from 1 on; return its entry.

        :param kept: columns that publishing will need as they are now, and the worker does not
        :param log: whether a statement that fails is told in the log of the database
        """
        name = f'kam_pull_{run.id}_{number}'
        columns = SQL(", ").join(map(SQL.identifier, (*PULL[section], *kept)))
        self.env.flush_query(query)
        self.env.cr.execute(SQL(
            "CREATE UNLOGGED TABLE %s AS SELECT row_number() OVER () AS seq, %s FROM (%s) AS content",
            SQL.identifier(name), columns, query), log_exceptions=log)
        rows = self.env.cr.rowcount
        # Rows lie in the order of their numbers: a BRIN index costs nothing to make and a page reads one range.
        self.env.cr.execute(SQL(
            "CREATE INDEX ON %s USING brin (seq) WITH (pages_per_range = 16)", SQL.identifier(name)))
        return {'table': name, 'section': section, 'rows': rows}

    @api.model
    def _number(self, tables):
        """Give each table the number of rows that come before its own: the key that pages are read by."""
        before = 0
        for table in tables:
            table['before'] = before
            before += table['rows']

    @api.model
    def _drop_tables(self, run):
        """Drop what a run pulled and staged; running twice changes nothing."""
        self.env.cr.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ %s AND pg_table_is_visible(oid)",
            [f'^kam_(pull|stage)_{run.id}_'])
        for (name,) in self.env.cr.fetchall():
            self.env.cr.execute(SQL("DROP TABLE %s", SQL.identifier(name)))

    # ------------------------------------------------------------------ accounts
    @api.model
    def _pull_accounts(self, run, fact_tables, members):
        """The universe: accounts with a document in an active source, flagged ones and candidates.

        Of a run of one account it is that account. A key account of another company is a customer like any other: it
        is in the universe, where shares and comparisons need it, and is no key account here.
        """
        partner, query = self._customers(run)
        alias = partner._table
        flagged = partner._field_to_sql(alias, 'is_key_account', query)
        decided = partner._field_to_sql(alias, 'kam_company_id', query)
        own = SQL("COALESCE(%s AND (%s IS NULL OR %s = %s), FALSE)", flagged, decided, decided, run.company_id.id)
        candidates = self._candidate_ids(run)
        members = [
            *members, *(SQL("SELECT account_id FROM %s", SQL.identifier(table['table'])) for table in fact_tables),
            SQL("SELECT unnest(%s::int[])", candidates),
        ]
        if run.account_id:
            query.add_where(SQL("%s = %s", SQL.identifier(alias, 'id'), run.account_id.id))
        else:
            query.add_where(SQL("(%s OR %s IN (%s))", flagged, SQL.identifier(alias, 'id'),
                                SQL(" UNION ALL ").join(SQL("(%s)", each) for each in members)))
        content = query.select(
            SQL("%s AS account_id", SQL.identifier(alias, 'id')),
            SQL("%s::int AS is_key", own),
            SQL("(%s = ANY(%s::int[]))::int AS is_candidate", SQL.identifier(alias, 'id'), candidates),
            SQL("%s::int AS is_active", partner._field_to_sql(alias, 'active', query)),
            SQL("%s AS manager_id", partner._field_to_sql(alias, 'kam_manager_id', query)),
            SQL("%s AS tier_id", partner._field_to_sql(alias, 'kam_tier_id', query)),
            SQL("(%s != 'company')::int AS is_confidential",
                partner._field_to_sql(alias, 'kam_confidentiality', query)),
            SQL("CASE WHEN %s THEN %s END AS key_since", own,
                partner._field_to_sql(alias, 'kam_key_since', query)),
        )
        table = self._create_pull_table(run, 'account', 1, content)
        self.env.cr.execute(SQL("CREATE INDEX ON %s (account_id)", SQL.identifier(table['table'])))
        # All that follows is read by these accounts: PostgreSQL would guess that there are 200.
        self.env.cr.execute(SQL("ANALYZE %s (account_id)", SQL.identifier(table['table'])))
        return table

    @api.model
    def _narrow(self, run, query, account):
        """Of a run of one account, only what is of that account, so that nobody else's is read."""
        if run.account_id:
            query.add_where(SQL("%s = %s", account, run.account_id.id))

    @api.model
    def _candidate_ids(self, run):
        """Accounts whose entry as a key account of this company waits for a decision."""
        nominations = self.env['kam.nomination'].with_context(allowed_company_ids=run.company_id.ids).search([
            ('company_id', '=', run.company_id.id), ('kind', '=', 'entry'), ('state', 'in', ('candidate', 'proposed'))])
        return nominations.partner_id.ids
