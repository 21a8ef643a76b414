"""The statements that aggregate the documents of a source, built by the ORM with the service user's rights."""
from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.tables import PULL
from ..tools.windows import windows
from .kam_sync import SERVICE_GROUP

PERIODS = ('now', 'before')
# Parts whose documents are pulled as facts; those of the others are pulled in sections of their own.
SCORED_PARTS = ('revenue', 'margin', 'margin_base')


class KamSync(models.AbstractModel):
    _inherit = 'kam.sync'

    @api.model
    def _pull_facts(self, run, kpis, troubles):
        """One table per scan: KPIs that read the same model by the same path and date share a pass over it.

        :param troubles: takes the KPIs that can't be read, with the reason
        :return: the entries of the tables, and statements for the accounts that have a document in a source which no
            score is computed from: it only says who is a customer
        """
        used = self._used_kpis(self._config(run))
        measured, others = defaultdict(lambda: self.env['kam.kpi']), defaultdict(lambda: self.env['kam.kpi'])
        known = {self._documents_read(kpi) for kpi in kpis if kpi.id in used}
        for kpi in kpis:
            if kpi.id in used:
                measured[*self._way_read(kpi), kpi.date_field] |= kpi
            elif kpi.finds_customers and not kpi._is_ours() and self._documents_read(kpi) not in known:
                # What we write down ourselves is no document of a customer's; and a KPI that looks again at documents
                # of others finds nobody more, for a pass over all of them.
                others[self._way_read(kpi)] |= kpi
        customers = self._customers(run)[1].subselect()
        tables, sources, failed = [], [], {}

        def read(scan):
            source = self._open_source(run, scan)
            if source:
                content = self._fact_rows(self._group_documents(run, scan, *source), scan, customers)
                tables.append(self._create_pull_table(run, 'fact', 2 + len(tables), content, log=False))

        def look(scan):
            source = self._open_source(run, scan)
            if source:
                statement = source[1].select(SQL("%s AS account_id", source[2]))
                # What is wrong with it would be wrong with the universe, of which it becomes a part.
                self.env.cr.execute(SQL("EXPLAIN %s", statement), log_exceptions=False)
                sources.append(statement)

        for scan in measured.values():
            self._try_kpis(run, scan, read, failed)
        if failed:
            raise self._refuse_unread(failed)
        # Of one account nobody asks whether it is a customer.
        for scan in others.values() if not run.account_id else ():
            self._try_kpis(run, scan, look, troubles)
        return tables, sources

    @api.model
    def _way_read(self, kpi):
        """What KPIs have in common that can share a pass: of what they read, and how it is reached."""
        return kpi.model_name, kpi.partner_path, kpi.company_field, kpi.include_archived

    @api.model
    def _documents_read(self, kpi):
        """What says which documents a KPI reads: the way, their date, and which of them."""
        return *self._way_read(kpi), kpi.date_field, (kpi.domain or '').strip()

    @api.model
    def _refuse_unread(self, failed):
        """A KPI that scores are computed from can't be read: better no new scores than wrong ones."""
        return self._refuse('missing_rights', " ".join(
            self.env._("The KPI “%(kpi)s”, which scores are computed from, can't be read: %(reason)s",
                       kpi=self.env['kam.kpi'].browse(kpi).name, reason=reason)
            for kpi, reason in sorted(failed.items())))

    @api.model
    def _used_kpis(self, config):
        """The KPIs that a score of this configuration is computed from."""
        used = {kpi for part, kpi in config['sources'].items() if part in SCORED_PARTS}
        used |= {driver['kpi_id'] for driver in config['cost_drivers']}
        return used | {factor['kpi_id'] for factor in config['factors'] if factor['source'] == 'kpi'}

    @api.model
    def _customers(self, run):
        """Partners that may be an account of the company: ``(model, query)`` with the service user's rights.

        A document whose account belongs to another company is left out with it: nobody here could read its scores.
        """
        partner = self.env['res.partner'].with_context(allowed_company_ids=run.company_id.ids, active_test=False)
        query = partner._search(Domain('id', 'not in', self._excluded_partners()))
        company = partner._field_to_sql(partner._table, 'company_id', query)
        query.add_where(SQL("(%s IS NULL OR %s = %s)", company, company, run.company_id.id))
        return partner, query

    @api.model
    def _excluded_partners(self):
        """Partners that are no customers: those of our own companies and of internal users."""
        # Neither the list of companies nor that of users is open to the service user; only ids leave this method.
        companies = self.env['res.company'].sudo().with_context(active_test=False).search([]).partner_id
        users = self.env['res.users'].sudo().with_context(active_test=False).search([('share', '=', False)])
        return sorted((companies | users.partner_id).ids)

    @api.model
    def _open_source(self, run, kpis, until=True):
        """The documents that KPIs of one scan read, with the service user's rights, up to the day of the run.

        :param until: leave documents of later days out
        :return: model, query and the SQL of the account; ``None`` when no document may be read
        """
        kpi = kpis[0]
        model = self.env[kpi.model_name].with_context(
            allowed_company_ids=run.company_id.ids, active_test=not kpi.include_archived)
        if kpi._is_ours() and self.env.user.has_group(SERVICE_GROUP):
            # In sudo: what people write down here leaves Odoo as numbers, and no word of it. The company of the run is
            # asked for below, and confidentiality hides nothing from figures.
            model = model.sudo()
        query = model._search(Domain.OR(self._kpi_domain(run, each, model, until) for each in kpis))
        if query.is_empty():
            return None
        account = model._read_group_groupby(model._table, f'{kpi.partner_path}.kam_account_id', query)
        query.add_where(SQL("%s IS NOT NULL", account))
        self._add_company(query, model, model._table, kpi, run.company_id)
        if run.account_id:
            query.add_where(SQL("%s = %s", account, run.account_id.id))
        return model, query, account

    @api.model
    def _kpi_domain(self, run, kpi, model, until=True):
        """The documents of a KPI up to the day of the run.

        Odoo leaves archived records out of a whole search or not at all, so each of several domains says it.
        """
        domain = Domain(kpi._parsed_domain())
        active = model._active_name
        if active and not kpi.include_archived and all(c.field_expr != active for c in domain.iter_conditions()):
            domain &= Domain(active, '=', True)
        if kpi.date_field and until:
            domain &= Domain(kpi.date_field, '<', self._windows(run, kpi, model).end)
        return domain

    @api.model
    def _windows(self, run, kpi, model):
        is_time = model._fields[kpi.date_field].type == 'datetime'
        return windows(run.as_of, self._config(run)['settings']['window_months'],
                       self._config(run)['company']['tz'] if is_time else None)

    @api.model
    def _group_documents(self, run, kpis, model, query, account):
        """One row per account, with the values of every KPI in both windows.

        Grouping by the account alone, with filters for the windows, lets PostgreSQL share the work among processes;
        grouping by account and window does not.
        """
        columns = [SQL("%s AS account_id", account)]
        conditions = self._conditions(run, model, query, kpis)
        periods = self._periods(run, model, query, kpis[0])
        for index, condition in enumerate(conditions.values()):
            day = self._day(run, model, query, kpis[0], self._only(*condition))
            columns += [
                SQL("count(*) %s AS %s", self._only(*condition), SQL.identifier(f'documents_{index}')),
                SQL("%s AS %s", day(SQL("min")), SQL.identifier(f'first_date_{index}')),
                SQL("%s AS %s", day(SQL("max")), SQL.identifier(f'last_date_{index}')),
                *(SQL("count(*) %s AS %s", self._only(*condition, *period), SQL.identifier(f'documents_{index}_{name}'))
                  for name, period in periods.items()),
            ]
        for kpi in kpis:
            value, unknown = self._measure(model, query, kpi, run.company_id)
            for name, period in periods.items():
                documents = (*conditions[kpi.domain], *period)
                columns.append(SQL("(%s %s)::float8 AS %s", value, self._only(*documents),
                                   SQL.identifier(f'value_{kpi.id}_{name}')))
                if self._unknown_column(kpis, kpi) == f'unknown_{kpi.id}':
                    count = SQL("count(*) %s", self._only(*documents, *unknown)) if unknown else SQL("0")
                    columns.append(SQL("%s AS %s", count, SQL.identifier(f'unknown_{kpi.id}_{name}')))
        return SQL("%s GROUP BY 1", query.select(*columns))

    @api.model
    def _conditions(self, run, model, query, kpis):
        """Per domain, the conditions that tell its documents from those of the other domains in one scan."""
        by_domain = {kpi.domain: kpi for kpi in kpis}
        if len(by_domain) == 1:
            return dict.fromkeys(by_domain, ())
        return {
            domain: (self._kpi_domain(run, kpi, model).optimize_full(model)._to_sql(model, model._table, query),)
            for domain, kpi in by_domain.items()
        }

    @api.model
    def _only(self, *conditions):
        if not conditions:
            return SQL("")
        return SQL("FILTER (WHERE %s)", SQL(" AND ").join(SQL("(%s)", condition) for condition in conditions))

    @api.model
    def _unknown_column(self, kpis, kpi):
        """Name of the count of unknown amounts: amounts that are converted alike are unknown together."""
        def way(each):
            return each.aggregate == 'count', each.domain, each.currency_field, each.rate_field
        return f'unknown_{next(each.id for each in kpis if way(each) == way(kpi))}'

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
    def _periods(self, run, model, query, kpi):
        """The conditions of each window; a source without a date counts whole, as now."""
        if not kpi.date_field:
            return {'now': (), 'before': (SQL("FALSE"),)}
        bounds = self._windows(run, kpi, model)
        column = model._field_to_sql(model._table, kpi.date_field, query)
        return {
            'now': (SQL("%s >= %s", column, bounds.middle),),
            'before': (SQL("%s >= %s AND %s < %s", column, bounds.start, column, bounds.middle),),
        }

    @api.model
    def _day(self, run, model, query, kpi, only):
        """A function from an aggregate (min, max) to the day that it gives in the company's time zone."""
        if not kpi.date_field:
            return lambda aggregate: SQL("NULL::date")
        column = model._field_to_sql(model._table, kpi.date_field, query)
        if model._fields[kpi.date_field].type == 'datetime':
            return lambda aggregate: SQL("timezone(%s, timezone('UTC', %s(%s) %s))::date",
                                         self._config(run)['company']['tz'], aggregate, column, only)
        return lambda aggregate: SQL("%s(%s) %s", aggregate, column, only)

    @api.model
    def _measure(self, model, query, kpi, company):
        """``(aggregate, conditions under which the amount of a document is unknown)`` of a KPI, as SQL."""
        if kpi.aggregate == 'count':
            return SQL("count(*)"), ()
        value, unknown = self._amount(model, query, kpi, company)
        return SQL("%s(%s)", SQL.identifier(kpi.aggregate), value), unknown

    @api.model
    def _amount(self, model, query, kpi, company):
        """``(number, conditions under which it is unknown)`` of one document of a KPI that measures, as SQL."""
        alias = model._table
        if kpi.measure_start:
            until, since = (self._local_day(model, query, path, company) for path in (kpi.measure, kpi.measure_start))
            return SQL("(%s - %s)", until, since), ()
        value = model._field_to_sql(alias, kpi.measure, query)
        unknown = []
        if kpi.rate_field:
            rate = model._field_to_sql(alias, kpi.rate_field, query)
            unknown.append(SQL("%s IS NULL OR %s = 0", rate, rate))
        if kpi.currency_field:
            currency = model._field_to_sql(alias, kpi.currency_field, query)
            own = company.currency_id.id
            unknown.append(SQL("%s = ANY(%s::int[])", currency, self._unrated_currencies(company)))
            # Most documents are in the company's currency: they need no rate, and dividing numerics is slow.
            unknown = [SQL("%s IS DISTINCT FROM %s AND (%s)", currency, own, SQL(" OR ").join(unknown))]
            if kpi.rate_field:
                value = SQL("CASE WHEN %s = %s THEN %s ELSE %s / NULLIF(%s, 0) END", currency, own, value, value, rate)
        elif kpi.rate_field:
            value = SQL("%s / NULLIF(%s, 0)", value, rate)
        return value, (SQL(" OR ").join(unknown),) if unknown else ()

    @api.model
    def _local_day(self, model, query, path, company):
        """The day in a date or time, of a document or of a record that it leads to, in the company's time zone."""
        here = model.with_context(tz=self._timezone(company))
        return SQL("(%s)::date", here._read_group_groupby(model._table, f'{path}:day', query))

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
    def _fact_rows(self, grouped, kpis, customers):
        """From one row per account to one row per account and KPI, for the customers of the company."""
        rows = []
        domains = list(dict.fromkeys(kpis.mapped('domain')))
        for kpi in kpis:
            index = domains.index(kpi.domain)
            row = [SQL("%s", kpi.id)]
            # A sum or count over no documents is a known 0; an average of nothing is unknown.
            empty = SQL("0") if kpi.aggregate in ('sum', 'count') else SQL("NULL")
            for name in PERIODS:
                row += [
                    SQL("COALESCE(%s, %s)", SQL.identifier(f'value_{kpi.id}_{name}'), empty),
                    SQL.identifier(f'documents_{index}_{name}'),
                    SQL.identifier(f'{self._unknown_column(kpis, kpi)}_{name}'),
                ]
            row += [SQL.identifier(f'{name}_{index}') for name in ('documents', 'first_date', 'last_date')]
            rows.append(SQL("(%s)", SQL(", ").join(row)))
        return SQL(
            """
            SELECT wide.account_id, kpi.* FROM (%(grouped)s) AS wide, LATERAL (VALUES %(rows)s) AS kpi (%(names)s)
             WHERE kpi.documents > 0 AND wide.account_id IN %(customers)s
            """,
            grouped=grouped, customers=customers, rows=SQL(", ").join(rows),
            names=SQL(", ").join(map(SQL.identifier, PULL['fact'][1:])))
