"""The values of source KPIs by month and in both windows, of the members alone: key accounts and candidates.

Members are few and documents are many: each statement names the members, so that PostgreSQL reads their documents only.
"""
import logging
from collections import defaultdict

from dateutil.relativedelta import relativedelta
from odoo import api, models
from odoo.tools import SQL
from psycopg2 import OperationalError

from ..tools.tables import PULL
from ..tools.windows import first_moment, windows
from .kam_sync_clock import CELL_MONTHS

_logger = logging.getLogger(__name__)
# Numbers of tables in a run: `kam_pull_RUN_N`.
CELLS, DEBT, RHYTHM = 2000, 1012, 1013
EVER, BEFORE, NOW = 0, 1, 2


class KamSync(models.AbstractModel):
    _inherit = 'kam.sync'

    @api.model
    def _pull_cells(self, run, kpis, members, troubles):
        """One table per scan: KPIs that read the same model by the same path and date share a pass over it.

        :param troubles: takes the KPIs that can't be read, with the reason
        """
        scans = defaultdict(lambda: self.env['kam.kpi'])
        for kpi in kpis:
            key = kpi.model_name, kpi.partner_path, kpi.date_field, kpi.company_field, kpi.include_archived
            scans[key] |= kpi
        tables = []

        def read(scan):
            query = self._cell_rows(run, scan, members)
            if query:
                tables.append(self._create_pull_table(run, 'cell', CELLS + len(tables), query, log=False))

        for scan in scans.values():
            self._try_kpis(run, scan, read, troubles)
        return tables

    # ------------------------------------------------------------------ definitions that fail
    @api.model
    def _try_kpis(self, run, kpis, read, troubles):
        """Call ``read(kpis)``; if that fails, with each of them alone. Those that fail then are told in ``troubles``.

        A definition can be wrong in ways that only its statement tells: an app that went, a column that is of another
        type. The others must not suffer.
        """
        try:
            with self.env.cr.savepoint(flush=False):
                read(kpis)
        except OperationalError:
            raise  # of the database (a lock, a lost connection): Odoo tries again
        except Exception as error:  # pylint: disable=broad-except
            if len(kpis) > 1:
                for kpi in kpis:
                    self._try_kpis(run, kpi, read, troubles)
                return
            reason = (str(error).strip() or type(error).__name__).splitlines()[0][:200]
            _logger.warning("KPI %s can't be read in run %s: %s", kpis.code, run.id, reason)
            troubles[kpis.id] = reason

    @api.model
    def _tell_trouble(self, run, kpis, troubles):
        """Say on each definition whether it could be read."""
        # The service user defines nothing: that it could not be read is all that it says of a definition.
        for kpi in kpis.sudo():
            trouble = kpi.id in troubles and self.env._(
                "On %(date)s it could not be read: %(reason)s", date=run.as_of, reason=troubles[kpi.id])
            if (kpi.trouble or False) != trouble:
                kpi.trouble = trouble

    # ------------------------------------------------------------------ statements
    @api.model
    def _member_documents(self, run, kpis, members, until=True):
        """The documents of these accounts, as `_open_source` finds them; ``None`` when none may be read."""
        source = members and self._open_source(run, kpis, until)
        if not source:
            return None
        source[1].add_where(SQL("%s = ANY(%s::int[])", source[2], members))
        return source

    @api.model
    def _cell_rows(self, run, kpis, members):
        """The rows of KPIs of one scan, from one pass over the documents; ``None`` without any."""
        source = self._member_documents(run, kpis, members)
        if not source:
            return None
        model, query, account = source
        month, window = SQL("NULL::date"), SQL("%s", NOW)
        if kpis[0].date_field:
            month, window = self._add_periods(run, model, query, kpis[0])
        columns = [SQL("%s AS account_id", account), SQL("%s AS month", month), SQL("%s AS in_window", window)]
        conditions = self._conditions(run, model, query, kpis)
        for kpi in kpis:
            columns += self._cell_columns(run, model, query, kpi, conditions[kpi.domain])
        wide = SQL("%s GROUP BY 1, 2, 3", query.select(*columns))
        return self._cells_by_grain(run, model, kpis, wide)

    @api.model
    def _add_periods(self, run, model, query, kpi):
        """Restrict the query to the periods that are told; return the SQL of month and window of a document."""
        bounds = self._windows(run, kpi, model)
        first = self._first_month(run)
        if model._fields[kpi.date_field].type == 'datetime':
            first = first_moment(first, self._config(run)['company']['tz'])
        column = model._field_to_sql(model._table, kpi.date_field, query)
        query.add_where(SQL("%s >= %s", column, min(first, bounds.start)))
        month = SQL("date_trunc('month', %s::timestamp)::date",
                    self._local_day(model, query, kpi.date_field, run.company_id))
        return month, SQL(
            "CASE WHEN %s >= %s THEN %s WHEN %s >= %s THEN %s ELSE %s END",
            column, bounds.middle, NOW, column, bounds.start, BEFORE, EVER)

    @api.model
    def _first_month(self, run):
        return run.as_of - relativedelta(months=CELL_MONTHS - 1) + relativedelta(day=1)

    @api.model
    def _cell_columns(self, run, model, query, kpi, condition):
        """What is computed of one KPI in a group of documents; numbers without rounding, to be added up later."""
        count = SQL("count(*) %s", self._only(*condition))
        value, counted, unknown = count, count, SQL("0::bigint")
        if kpi.aggregate != 'count':
            amount, unknown_if = self._amount(model, query, kpi, run.company_id)
            way = 'sum' if kpi.aggregate == 'avg' else kpi.aggregate
            value = SQL("%s(%s) %s", SQL.identifier(way), amount, self._only(*condition))
            if kpi.aggregate == 'avg':
                counted = SQL("count(%s) %s", amount, self._only(*condition))
            if unknown_if:
                unknown = SQL("count(*) %s", self._only(*condition, *unknown_if))
        return [
            SQL("(%s)%s AS %s", each, cast, SQL.identifier(f'{name}_{kpi.id}'))
            for name, each, cast in (('value', value, SQL("::numeric")), ('counted', counted, SQL("")),
                                     ('documents', count, SQL("")), ('unknown', unknown, SQL("")))]

    @api.model
    def _cells_by_grain(self, run, model, kpis, wide):
        """From one row per account, month and window to the rows of the section."""
        rows = SQL(", ").join(
            SQL("(%s, %s)", kpi.id, SQL(", ").join(
                SQL.identifier(f'{name}_{kpi.id}') for name in ('value', 'counted', 'documents', 'unknown')))
            for kpi in kpis)
        # A sum over nothing is a known 0; of numbers that are not there, the smallest is unknown.
        value = SQL(
            "CASE WHEN kpi_id = ANY(%s::int[]) THEN min(value) WHEN kpi_id = ANY(%s::int[]) THEN max(value)"
            " ELSE COALESCE(sum(value), 0) END",
            *(kpis.filtered(lambda kpi, way=way: kpi.aggregate == way).ids for way in ('min', 'max')))
        if kpis[0].date_field:
            bounds = windows(run.as_of, self._config(run)['settings']['window_months'])
            grains = [
                (SQL("'month'"), SQL("month"), SQL("month >= %s", self._first_month(run))),
                (SQL("'rolling'"), SQL("CASE in_window WHEN %s THEN %s::date ELSE %s::date END",
                                       NOW, bounds.middle, bounds.start), SQL("in_window != %s", EVER))]
        else:
            grains = [(SQL("'state'"), SQL("%s::date", run.as_of), SQL("TRUE"))]
        parts = SQL(" UNION ALL ").join(
            SQL("""
                SELECT account_id, kpi_id, %s AS grain, %s AS period_start, (%s)::float8 AS value,
                       sum(counted) AS counted, sum(documents) AS documents, sum(unknown) AS unknown
                  FROM cell WHERE documents > 0 AND %s GROUP BY 1, 2, 3, 4""", grain, start, value, condition)
            for grain, start, condition in grains)
        return SQL(
            """
            WITH cell AS MATERIALIZED (
                SELECT wide.account_id, wide.month, wide.in_window, kpi.* FROM (%s) AS wide,
                       LATERAL (VALUES %s) AS kpi (kpi_id, value, counted, documents, unknown))
            SELECT %s FROM (%s) AS cells ORDER BY 2, 1, 3, 4
            """, wide, rows, SQL(", ").join(map(SQL.identifier, PULL['cell'])), parts)

    # ------------------------------------------------------------------ what is owed
    @api.model
    def _pull_debt(self, run, kpi, members, troubles):
        """What members have not paid, by the day on which it was due; also what will be due."""
        tables = []

        def read(kpi):
            source = self._member_documents(run, kpi, members, until=False)
            if not source:
                return
            model, query, account = source
            due = self._local_day(model, query, kpi.date_field, run.company_id)
            query.add_where(SQL("%s IS NOT NULL", due))
            amount, unknown = self._amount(model, query, kpi, run.company_id)
            missing = SQL("count(*) %s", self._only(*unknown)) if unknown else SQL("0")
            tables.append(self._create_pull_table(run, 'debt', DEBT, SQL(
                "%s GROUP BY 1, 2 ORDER BY 1, 2", query.select(
                    SQL("%s AS account_id", account), SQL("%s AS due", due),
                    SQL("COALESCE(sum(%s), 0)::float8 AS amount", amount), SQL("%s AS unknown", missing)))))

        if kpi and kpi.date_field and kpi.measure:
            self._try_kpis(run, kpi, read, troubles)
        return tables

    # ------------------------------------------------------------------ the rhythm of orders
    @api.model
    def _pull_rhythm(self, run, kpi, accounts, troubles):
        """On how many days a key account ordered lately, and its longest pause of the last year.

        A credit note is no order: of days, those count on which a document says something else than less than nothing.
        """
        tables = []

        def read(kpi):
            source = self._member_documents(run, kpi, accounts)
            if not source:
                return
            model, query, account = source
            day = self._local_day(model, query, kpi.date_field, run.company_id)
            if kpi.aggregate != 'count':
                amount, _unknown = self._amount(model, query, kpi, run.company_id)
                query.add_where(SQL("COALESCE(%s, 0) >= 0", amount))
            days = SQL("%s GROUP BY 1, 2", query.select(SQL("%s AS account_id", account), SQL("%s AS day", day)))
            tables.append(self._create_pull_table(run, 'rhythm', RHYTHM, SQL(
                """
                SELECT account_id, count(*) FILTER (WHERE day > %(as_of)s::date - 60) AS days_60,
                       count(*) FILTER (WHERE day > %(as_of)s::date - 180) AS days_180,
                       count(*) FILTER (WHERE day > %(as_of)s::date - 365) AS days_365,
                       max(gap) FILTER (WHERE day > %(as_of)s::date - 365) AS longest_gap,
                       max(day) AS last_date, min(day) AS first_date
                  FROM (SELECT account_id, day, day - lag(day) OVER (PARTITION BY account_id ORDER BY day) AS gap
                          FROM (%(days)s) AS ordered) AS paused
                 GROUP BY 1 ORDER BY 1
                """, as_of=run.as_of, days=days)))

        if kpi and kpi.date_field:
            self._try_kpis(run, kpi, read, troubles)
        return tables

