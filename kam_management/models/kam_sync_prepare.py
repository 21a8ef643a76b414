"""Aggregating every source in the database, and handing it out page by page.

The statements are built by the ORM as the service user, so its access rights and record rules hold. Each section
becomes unlogged tables of the run's own (``kam_pull_RUN_N``): aggregated once, read by pages from there. A table is
made by ``CREATE TABLE AS``, which PostgreSQL may run in parallel where it may not run an ``INSERT``.
"""
import io
from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.tables import PULL
from ..tools.windows import windows
from ..tools.wire import pack, plain
from .kam_sync import PAGE_ROWS


class KamSync(models.AbstractModel):
    _inherit = 'kam.sync'

    # ------------------------------------------------------------------ public
    @api.model
    def prepare(self, run, token):
        """Aggregate every source into the run's own tables, in one transaction; asked again, it answers the same."""
        self._guard()
        run = self._run(run, token, lock=True)
        if not run.manifest:
            # What the sources say is read as one snapshot; pending writes of this transaction belong to it.
            self.env.flush_all()
            facts = self._pull_facts(run)
            tables = self._pull_accounts(run, facts) + facts + self._pull_opinions(run) + self._pull_history(run)
            self._number(tables)
            run.write({'manifest': {'tables': tables}, 'sources': sum(len(table['kpis']) for table in facts)})
        sections = [
            {
                'name': name, 'columns': list(columns),
                'rows': sum(table['rows'] for table in run.manifest['tables'] if table['section'] == name),
            }
            for name, columns in PULL.items()
        ]
        return {'sections': sections, 'rows': sum(section['rows'] for section in sections)}

    @api.model
    def pull(self, run, token, after, limit):
        """One page of what was prepared, by key; it may be asked for again."""
        self._guard()
        run = self._run(run, token)
        if not run.manifest:
            raise self._refuse('wrong_state', self.env._("Prepare run %(run)s before pulling from it.", run=run.id))
        if not isinstance(after, int) or not isinstance(limit, int) or after < 0 or limit < 1:
            raise self._refuse('bad_argument', self.env._(
                "A page starts after a whole number from 0 and holds at least one row."))
        tables = run.manifest['tables']
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
        return plain({
            'section': table['section'], 'columns': columns, 'rows': rows, 'after': after,
            'done': after == sum(table['rows'] for table in tables), **pack(csv_bytes),
        })

    @api.model
    def _copy_out(self, query):
        buffer = io.BytesIO()
        statement = self.env.cr.mogrify(query).decode()
        self.env.cr.copy_expert(f"COPY ({statement}) TO STDOUT WITH (FORMAT csv, HEADER)", buffer)
        return buffer.getvalue()

    # ------------------------------------------------------------------ the run's own tables
    @api.model
    def _create_pull_table(self, run, section, number, query):
        """Make ``kam_pull_RUN_NUMBER`` of ``query``, its rows numbered from 1 on; return its entry."""
        name = f'kam_pull_{run.id}_{number}'
        columns = SQL(", ").join(map(SQL.identifier, PULL[section]))
        self.env.flush_query(query)
        self.env.cr.execute(SQL(
            "CREATE UNLOGGED TABLE %s AS SELECT row_number() OVER () AS seq, %s FROM (%s) AS content",
            SQL.identifier(name), columns, query))
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

    # ------------------------------------------------------------------ facts
    @api.model
    def _pull_facts(self, run):
        """One table per scan; KPIs that differ only in what they measure share a scan."""
        kpis = self.env['kam.kpi'].browse(
            kpi['id'] for kpi in run.config['kpis'] if kpi['available'])
        scans = defaultdict(lambda: self.env['kam.kpi'])
        for kpi in kpis:
            scans[kpi.model_name, kpi.domain, kpi.partner_path, kpi.date_field, kpi.company_field,
                  kpi.include_archived] |= kpi
        excluded = self._excluded_partners()
        tables = []
        # A plan compiled for this machine costs more than it saves on statements of a second.
        self.env.cr.execute("SET LOCAL jit = off")
        for number, scan in enumerate(scans.values(), start=2):
            query = self._scan_query(run, scan, excluded)
            if query is not None:
                tables.append({**self._create_pull_table(run, 'fact', number, query), 'kpis': scan.ids})
        return tables

    @api.model
    def _excluded_partners(self):
        """Partners that are no customers: those of our own companies and of internal users."""
        # Neither the list of companies nor that of users is open to the service user; only ids leave this method.
        companies = self.env['res.company'].sudo().with_context(active_test=False).search([]).partner_id
        users = self.env['res.users'].sudo().with_context(active_test=False).search([('share', '=', False)])
        return sorted((companies | users.partner_id).ids)

    @api.model
    def _scan_query(self, run, kpis, excluded):
        """Rows of the section ``fact`` for KPIs that read the same documents."""
        kpi = kpis[0]
        company = run.company_id
        model = self.env[kpi.model_name].with_context(
            allowed_company_ids=company.ids, active_test=not kpi.include_archived)
        query = model._search(Domain(kpi._parsed_domain()))
        if query.is_empty():
            return None
        alias = model._table
        account = model._read_group_groupby(alias, f'{kpi.partner_path}.kam_account_id', query)
        query.add_where(SQL("%s IS NOT NULL", account))
        self._add_company(query, model, alias, kpi, company)
        day, period = self._add_period(query, model, alias, kpi, run)
        measures = [self._measure(model, alias, query, each, company) for each in kpis]
        inner = query.select(
            SQL("%s AS account_id", account),
            SQL("%s AS period", period),
            SQL("count(*) AS documents"),
            SQL("%s AS first_date", day(SQL("min"))),
            SQL("%s AS last_date", day(SQL("max"))),
            *(SQL("%s AS %s", value, SQL.identifier(f'value_{each.id}'))
              for each, (value, _unknown) in zip(kpis, measures, strict=True)),
            *(SQL("%s AS %s", unknown, SQL.identifier(f'unknown_{each.id}'))
              for each, (_value, unknown) in zip(kpis, measures, strict=True)),
        )
        grouped = SQL("%s GROUP BY 1, 2", inner)
        return self._pivot(grouped, kpis, excluded)

    @api.model
    def _add_company(self, query, model, alias, kpi, company):
        """Documents of the company; one without a company counts for its partner's, else for all."""
        partner_company = model._read_group_groupby(alias, f'{kpi.partner_path}.company_id', query)
        of_partner = SQL("(%s IS NULL OR %s = %s)", partner_company, partner_company, company.id)
        if not kpi.company_field:
            query.add_where(of_partner)
            return
        column = model._field_to_sql(alias, kpi.company_field, query)
        if model._fields[kpi.company_field].required:
            query.add_where(SQL("%s = %s", column, company.id))
        else:
            query.add_where(SQL("(%s = %s OR (%s IS NULL AND %s))", column, company.id, column, of_partner))

    @api.model
    def _add_period(self, query, model, alias, kpi, run):
        """Which window a document falls in: 0 now, 1 before, 2 older; later ones don't count.

        :return: a function from an aggregate (min, max) to the day it gives in the company's time zone, and the window
        """
        if not kpi.date_field:
            return (lambda aggregate: SQL("NULL::date")), SQL("0")
        field = model._fields[kpi.date_field]
        column = model._field_to_sql(alias, kpi.date_field, query)
        timezone = run.config['company']['tz']
        bounds = windows(run.as_of, run.config['settings']['window_months'],
                         timezone if field.type == 'datetime' else None)
        query.add_where(SQL("%s < %s", column, bounds.end))
        period = SQL("CASE WHEN %s >= %s THEN 0 WHEN %s >= %s THEN 1 ELSE 2 END",
                     column, bounds.middle, column, bounds.start)
        if field.type == 'datetime':
            return (lambda aggregate: SQL(
                "timezone(%s, timezone('UTC', %s(%s)))::date", timezone, aggregate, column)), period
        return (lambda aggregate: SQL("%s(%s)", aggregate, column)), period

    @api.model
    def _measure(self, model, alias, query, kpi, company):
        """``(aggregate, count of documents whose amount is unknown)`` of a KPI, as SQL."""
        if kpi.aggregate == 'count':
            return SQL("count(*)::float8"), SQL("0")
        value = model._field_to_sql(alias, kpi.measure, query)
        unknown = []
        if kpi.rate_field:
            rate = model._field_to_sql(alias, kpi.rate_field, query)
            value = SQL("%s / NULLIF(%s, 0)", value, rate)
            unknown.append(SQL("%s IS NULL OR %s = 0", rate, rate))
        unrated = self._unrated_currencies(company) if kpi.currency_field else []
        if unrated:
            currency = model._field_to_sql(alias, kpi.currency_field, query)
            unknown.append(SQL("%s = ANY(%s)", currency, unrated))
        aggregate = SQL.identifier(kpi.aggregate)
        counted = SQL("count(*) FILTER (WHERE %s)", SQL(" OR ").join(unknown)) if unknown else SQL("0")
        return SQL("%s(%s)::float8", aggregate, value), counted

    @api.model
    def _unrated_currencies(self, company):
        """Currencies whose amounts can't be told in the company's: Odoo would take them one for one.

        When the company's own currency has rates, the one currency without any is the base that the others are quoted
        in, and needs none.
        """
        self.env.cr.execute(SQL(
            """
            SELECT currency.id, currency.active, EXISTS (
                SELECT FROM res_currency_rate rate
                 WHERE rate.currency_id = currency.id AND (rate.company_id IS NULL OR rate.company_id = %s))
              FROM res_currency currency
            """, company.root_id.id))
        rows = self.env.cr.fetchall()
        own = company.currency_id.id
        unrated = [currency for currency, _active, rated in rows if not rated and currency != own]
        if any(rated for currency, _active, rated in rows if currency == own):
            active = [currency for currency, active, rated in rows if active and not rated]
            if len(active) == 1:
                unrated = [currency for currency in unrated if currency not in active]
        return sorted(unrated)

    @api.model
    def _pivot(self, grouped, kpis, excluded):
        """From one row per account and window to one row per account and KPI."""
        per_kpi = []
        for kpi in kpis:
            # A sum or count over no documents is a known 0; an average of nothing is unknown.
            empty = SQL("0") if kpi.aggregate in ('sum', 'count') else SQL("NULL")
            row = [SQL("%s", kpi.id)]
            for period in (0, 1):
                value = SQL("max(%s) FILTER (WHERE period = %s)", SQL.identifier(f'value_{kpi.id}'), period)
                unknown = SQL("max(%s) FILTER (WHERE period = %s)", SQL.identifier(f'unknown_{kpi.id}'), period)
                row += [
                    SQL("COALESCE(%s, %s)", value, empty),
                    SQL("COALESCE(max(documents) FILTER (WHERE period = %s), 0)", period),
                    SQL("COALESCE(%s, 0)", unknown),
                ]
            per_kpi.append(row)
        shared = SQL("account_id, sum(documents) AS documents, min(first_date) AS first_date, "
                     "max(last_date) AS last_date")
        names = ('kpi_id', 'value_now', 'documents_now', 'unknown_now', 'value_before', 'documents_before',
                 'unknown_before')
        columns = SQL(", ").join(
            SQL("%s AS %s", expression, SQL.identifier(f'{name}_{index}'))
            for index, row in enumerate(per_kpi) for name, expression in zip(names, row, strict=True))
        values = SQL(", ").join(
            SQL("(%s)", SQL(", ").join(SQL.identifier(f'{name}_{index}') for name in names))
            for index in range(len(per_kpi)))
        return SQL(
            """
            SELECT wide.account_id, kpi.*, wide.documents, wide.first_date, wide.last_date
              FROM (SELECT %(shared)s, %(columns)s FROM (%(grouped)s) AS grouped
                     WHERE account_id <> ALL(%(excluded)s) GROUP BY account_id) AS wide,
                   LATERAL (VALUES %(values)s) AS kpi (%(names)s)
            """,
            shared=shared, columns=columns, grouped=grouped, excluded=excluded, values=values,
            names=SQL(", ").join(map(SQL.identifier, names)))

    # ------------------------------------------------------------------ accounts, opinions, history
    @api.model
    def _pull_accounts(self, run, fact_tables):
        """The universe: accounts with a document in an active source, flagged ones and candidates."""
        partner = self.env['res.partner'].with_context(
            allowed_company_ids=run.company_id.ids, active_test=False)
        query = partner._search(Domain('id', 'not in', self._excluded_partners()))
        alias = partner._table
        flagged = partner._field_to_sql(alias, 'is_key_account', query)
        candidates = self._candidate_ids(run)
        company = partner._field_to_sql(alias, 'company_id', query)
        members = [
            SQL("SELECT account_id FROM %s", SQL.identifier(table['table'])) for table in fact_tables
        ] + [SQL("SELECT unnest(%s::int[])", candidates)]
        query.add_where(SQL("((%s AND (%s IS NULL OR %s = %s)) OR %s IN (%s))",
                            flagged, company, company, run.company_id.id,
                            SQL.identifier(alias, 'id'), SQL(" UNION ").join(members)))
        content = query.select(
            SQL("%s AS account_id", SQL.identifier(alias, 'id')),
            SQL("COALESCE(%s, FALSE)::int AS is_key", flagged),
            SQL("(%s = ANY(%s::int[]))::int AS is_candidate", SQL.identifier(alias, 'id'), candidates),
            SQL("%s::int AS is_active", partner._field_to_sql(alias, 'active', query)),
            SQL("%s AS manager_id", partner._field_to_sql(alias, 'kam_manager_id', query)),
        )
        table = self._create_pull_table(run, 'account', 1, content)
        self.env.cr.execute(SQL("CREATE INDEX ON %s (account_id)", SQL.identifier(table['table'])))
        return [table]

    @api.model
    def _candidate_ids(self, run):
        """Accounts proposed as key accounts; nominations fill this list."""
        return []
