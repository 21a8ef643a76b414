"""The statements that aggregate the documents of a source, built by the ORM with the service user's rights."""
import ast
from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.tables import PULL
from ..tools.windows import windows

PERIODS = ((0, 'now'), (1, 'before'))


class KamSync(models.AbstractModel):
    _inherit = 'kam.sync'

    @api.model
    def _pull_facts(self, run, kpis):
        """One table per scan: KPIs that read the same model by the same path and date share a pass over it.

        :return: the entries of the tables, and statements for the accounts that have a document in a source which no
            score is computed from: it only says who is a customer
        """
        used = self._used_kpis(run.config)
        customers = self._customers(run)[1].subselect()
        scans = defaultdict(lambda: self.env['kam.kpi'])
        for kpi in kpis:
            scans[kpi.model_name, kpi.partner_path, kpi.date_field, kpi.company_field, kpi.include_archived] |= kpi
        tables, members = [], []
        for number, scan in enumerate(scans.values(), start=2):
            measured = scan.filtered(lambda kpi: kpi.id in used)
            seen = set(measured.mapped('domain'))
            others = scan.filtered(lambda kpi, seen=seen: kpi.domain not in seen)
            source = measured and self._open_source(run, measured)
            if source:
                grouped = self._group_documents(run, measured, *source)
                tables.append(self._create_pull_table(run, 'fact', number, self._pivot(grouped, measured, customers)))
            source = others and self._open_source(run, others)
            if source:
                _model, query, account, _day, _period = source
                members.append(SQL("%s GROUP BY 1", query.select(SQL("%s AS account_id", account))))
        return tables, members

    @api.model
    def _used_kpis(self, config):
        """The KPIs that a score of this configuration is computed from."""
        used = {kpi for part, kpi in config['sources'].items() if part != 'pipeline'}
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
    def _open_source(self, run, kpis):
        """The documents that KPIs of one scan read, with the service user's rights, up to the day of the run.

        :return: model, query, account, function to the day, window (see :meth:`_add_period`); ``None`` when no document
            may be read
        """
        kpi = kpis[0]
        model = self.env[kpi.model_name].with_context(
            allowed_company_ids=run.company_id.ids, active_test=not kpi.include_archived)
        query = model._search(Domain.OR(Domain(each._parsed_domain()) for each in kpis))
        if query.is_empty():
            return None
        alias = model._table
        account = model._read_group_groupby(alias, f'{kpi.partner_path}.kam_account_id', query)
        query.add_where(SQL("%s IS NOT NULL", account))
        self._add_company(query, model, alias, kpi, run.company_id)
        day, period = self._add_period(query, model, alias, kpi, run)
        return model, query, account, day, period

    @api.model
    def _group_documents(self, run, kpis, model, query, account, day, period):
        """One row per account and window: how many documents, from when to when, and each KPI's value."""
        columns = [SQL("%s AS account_id", account), SQL("%s AS period", period)]
        domains = kpis.mapped('domain')
        conditions = self._conditions(model, query, domains)
        for domain, condition in conditions.items():
            index, only = domains.index(domain), self._only(*condition)
            columns += [
                SQL("count(*) %s AS %s", only, SQL.identifier(f'documents_{index}')),
                SQL("%s AS %s", day(SQL("min"), only), SQL.identifier(f'first_date_{index}')),
                SQL("%s AS %s", day(SQL("max"), only), SQL.identifier(f'last_date_{index}')),
            ]
        for kpi in kpis:
            value, unknown = self._measure(model, query, kpi, run.company_id)
            only = self._only(*conditions[kpi.domain])
            columns.append(SQL("(%s %s)::float8 AS %s", value, only, SQL.identifier(f'value_{kpi.id}')))
            if self._unknown_column(kpis, kpi) == f'unknown_{kpi.id}':
                count = SQL("count(*) %s", self._only(*conditions[kpi.domain], *unknown)) if unknown else SQL("0")
                columns.append(SQL("%s AS %s", count, SQL.identifier(f'unknown_{kpi.id}')))
        return SQL("%s GROUP BY 1, 2", query.select(*columns))

    @api.model
    def _conditions(self, model, query, domains):
        """Per domain, the conditions that tell its documents from those of the other domains in one scan."""
        if len(set(domains)) == 1:
            return {domains[0]: ()}
        return {
            domain: (Domain(ast.literal_eval(domain)).optimize_full(model)._to_sql(model, model._table, query),)
            for domain in dict.fromkeys(domains)
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
    def _add_period(self, query, model, alias, kpi, run):
        """Which window a document falls in: 0 now, 1 before, 2 older; later ones don't count.

        :return: a function from an aggregate (min, max) and its filter to the day that gives in the company's time
            zone, and the window
        """
        if not kpi.date_field:
            return (lambda aggregate, only: SQL("NULL::date")), SQL("0")
        field = model._fields[kpi.date_field]
        column = model._field_to_sql(alias, kpi.date_field, query)
        timezone = run.config['company']['tz']
        bounds = windows(run.as_of, run.config['settings']['window_months'],
                         timezone if field.type == 'datetime' else None)
        query.add_where(SQL("%s < %s", column, bounds.end))
        period = SQL("CASE WHEN %s >= %s THEN 0 WHEN %s >= %s THEN 1 ELSE 2 END",
                     column, bounds.middle, column, bounds.start)
        if field.type == 'datetime':
            return (lambda aggregate, only: SQL(
                "timezone(%s, timezone('UTC', %s(%s) %s))::date", timezone, aggregate, column, only)), period
        return (lambda aggregate, only: SQL("%s(%s) %s", aggregate, column, only)), period

    @api.model
    def _measure(self, model, query, kpi, company):
        """``(aggregate, conditions under which the amount of a document is unknown)`` of a KPI, as SQL."""
        if kpi.aggregate == 'count':
            return SQL("count(*)"), ()
        alias = model._table
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
        return SQL("%s(%s)", SQL.identifier(kpi.aggregate), value), (SQL(" OR ").join(unknown),) if unknown else ()

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
    def _pivot(self, grouped, kpis, customers):
        """From one row per account and window to one row per account and KPI."""
        columns, rows = [], []
        domains = kpis.mapped('domain')
        for kpi in kpis:
            index = domains.index(kpi.domain)
            row = [SQL("%s", kpi.id)]
            # A sum or count over no documents is a known 0; an average of nothing is unknown.
            empty = SQL("0") if kpi.aggregate in ('sum', 'count') else SQL("NULL")
            for period, name in PERIODS:
                columns.append(SQL(
                    "COALESCE(max(%s) FILTER (WHERE period = %s), %s) AS %s",
                    SQL.identifier(f'value_{kpi.id}'), period, empty, SQL.identifier(f'value_{kpi.id}_{name}')))
                row += [SQL.identifier(f'value_{kpi.id}_{name}'), SQL.identifier(f'documents_{index}_{name}'),
                        SQL.identifier(f'{self._unknown_column(kpis, kpi)}_{name}')]
            row += [SQL.identifier(f'{name}_{index}') for name in ('documents', 'first_date', 'last_date')]
            rows.append(SQL("(%s)", SQL(", ").join(row)))
        shared = [f'documents_{domains.index(domain)}' for domain in dict.fromkeys(domains)]
        for column in (*shared, *dict.fromkeys(self._unknown_column(kpis, kpi) for kpi in kpis)):
            columns += [
                SQL("COALESCE(max(%s) FILTER (WHERE period = %s), 0) AS %s",
                    SQL.identifier(column), period, SQL.identifier(f'{column}_{name}'))
                for period, name in PERIODS
            ]
        for index in dict.fromkeys(map(domains.index, domains)):
            columns += [
                SQL("%(aggregate)s(%(column)s) AS %(column)s", aggregate=SQL(aggregate), column=SQL.identifier(column))
                for aggregate, column in (
                    ('sum', f'documents_{index}'), ('min', f'first_date_{index}'), ('max', f'last_date_{index}'))
            ]
        return SQL(
            """
            SELECT wide.account_id, kpi.*
              FROM (SELECT account_id, %(columns)s
                      FROM (%(grouped)s) AS grouped WHERE account_id IN %(customers)s GROUP BY account_id) AS wide,
                   LATERAL (VALUES %(rows)s) AS kpi (%(names)s)
             WHERE kpi.documents > 0
            """,
            columns=SQL(", ").join(columns), grouped=grouped, customers=customers, rows=SQL(", ").join(rows),
            names=SQL(", ").join(map(SQL.identifier, PULL['fact'][1:])))
