"""What values of KPIs are compared with: targets and budgets, what was recorded before, and the comparison set."""
from collections import defaultdict
from datetime import date

from dateutil.relativedelta import relativedelta
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

# Months of values: those before that of the run, and that one.
MONTHS_BEFORE = 24


class KamSync(models.AbstractModel):
    _inherit = 'kam.sync'

    @api.model
    def _horizon(self, run):
        """The first day of the months that values are kept up to date of."""
        return run.as_of - relativedelta(months=MONTHS_BEFORE) + relativedelta(day=1)

    # ------------------------------------------------------------------ what was recorded
    @api.model
    def _pull_recorded(self, run, members):
        """What states came to in periods that are over: nothing can compute that again."""
        states = [kpi['id'] for kpi in self._config(run)['kpis'] if not kpi.get('dated')]
        value = self.env['kam.kpi.value'].with_context(allowed_company_ids=run.company_id.ids)
        value.check_access('read')
        query = value._search(Domain([
            ('company_id', '=', run.company_id.id), ('partner_id', 'in', members), ('kpi_id', 'in', states),
            ('grain', 'in', ('month', 'quarter', 'year')), ('period_end', '>=', self._horizon(run)),
            ('period_end', '<', run.as_of), ('value', '!=', False)]))
        alias = value._table
        return self._create_pull_table(run, 'recorded', 1018, self._nothing_or(query, value).select(*(
            SQL("%s AS %s", value._field_to_sql(alias, field, query), SQL.identifier(name)) for field, name in (
                ('partner_id', 'account_id'), ('kpi_id', 'kpi_id'), ('grain', 'grain'),
                ('period_start', 'period_start'), ('value', 'value')))))

    @api.model
    def _nothing_or(self, query, model):
        """The query; when its domain holds for nothing, one that has columns and no row."""
        return model.sudo()._search(Domain('id', '=', 0), bypass_access=True) if query.is_empty() else query

    # ------------------------------------------------------------------ targets
    @api.model
    def _pull_targets(self, run, members):
        """Targets by month of members: their own, and those of their plans for years in which they have none."""
        first, end = self._horizon(run), date(run.as_of.year, 12, 31)
        targets = self.env['kam.kpi.target'].with_context(allowed_company_ids=run.company_id.ids).search_read([
            ('company_id', '=', run.company_id.id), ('partner_id', 'in', members), ('period_start', '>=', first),
            ('period_start', '<=', end)], ['partner_id', 'kpi_id', 'period_start', 'target', 'budget'],
            order='partner_id, kpi_id, period_start', load='')
        rows = [(row['partner_id'], row['kpi_id'], row['period_start'], row['target'], row['budget'])
                for row in targets]
        revenue = self._config(run)['sources'].get('revenue')
        if revenue:
            own = {(account, day.year) for account, kpi, day, *_numbers in rows if kpi == revenue}
            rows += [row for row in self._plan_targets(run, revenue, set(members))
                     if (row[0], row[2].year) not in own and first <= row[2] <= end]
        columns = zip(*([None if number is False else number for number in row] for row in rows),
                      strict=True) if rows else ((), (), (), (), ())
        return self._create_pull_table(run, 'target', 1019, SQL(
            "SELECT * FROM unnest(%s::int[], %s::int[], %s::date[], %s::float8[], %s::float8[])"
            " AS target (account_id, kpi_id, period_start, target, budget)", *map(list, columns)))

    @api.model
    def _plan_targets(self, run, kpi, members):
        """``[(account, kpi, month, target, budget)]`` of the active plans that are for one account alone."""
        # In sudo: of targets of plans the service user gets these figures and no word. Rules would say no more than is
        # asked here: the company of the run, which is one of its own; confidentiality hides nothing from scores.
        env = self.sudo().with_context(allowed_company_ids=run.company_id.ids).env
        plans = env['kam.plan'].search([
            ('company_id', '=', run.company_id.id), ('state', '=', 'active'), ('partner_id', 'in', list(members))])
        alone = plans.filtered(lambda plan: not plan.partner_ids - plan.partner_id)
        found = defaultdict(lambda: [False, False])
        for row in env['kam.plan.target'].search([('plan_id', 'in', alone.ids)], order='id'):
            months = range(1, 13) if row.month == '00' else [int(row.month)]
            for month in months:
                place = found[row.plan_id.partner_id.id, date(int(row.year), month, 1)]
                for index, number in enumerate((row.target, row.budget)):
                    if number is not False:
                        place[index] = (place[index] or 0.0) + number / len(months)
        return [(account, kpi, month, *numbers) for (account, month), numbers in sorted(found.items())]

    # ------------------------------------------------------------------ for a run of one account
    @api.model
    def _pull_peers(self, run):
        """What the scores of one account are compared with: the comparison set of the last run, and its place there."""
        if not run.account_id:
            return []
        score = self.env['kam.score'].with_context(allowed_company_ids=run.company_id.ids)
        score.check_access('read')
        query = score._search(Domain([('company_id', '=', run.company_id.id), ('is_compared', '=', True)]))
        alias = score._table
        query.add_join('LEFT JOIN', 'run', 'kam_sync_run', SQL("run.id = %s", SQL.identifier(alias, 'run_id')))
        query.order = SQL("%s", SQL.identifier(alias, 'partner_id'))
        peers = query.select(
            SQL("%s AS account_id", SQL.identifier(alias, 'partner_id')), SQL("%s AS codes", self._factor_codes()),
            SQL("%s::text AS explanation", SQL.identifier(alias, 'explanation')))
        place = score._search(Domain([
            ('company_id', '=', run.company_id.id), ('partner_id', '=', run.account_id.id)]))
        names = ('rank', 'share', 'cumulative_share', 'pareto_class', 'margin_class')
        standing = place.select(
            SQL("%s AS account_id", SQL.identifier(alias, 'partner_id')),
            SQL("COALESCE(%s, FALSE)::int AS is_compared", SQL.identifier(alias, 'is_compared')),
            *(SQL("%s AS %s", SQL.identifier(alias, name), SQL.identifier(name)) for name in names))
        return [self._create_pull_table(run, 'peer', 1020, peers),
                self._create_pull_table(run, 'standing', 1021, standing)]

    @api.model
    def _factor_codes(self):
        """The codes of the factors of the run that is joined as ``run``, in the order of every explanation."""
        return SQL(
            "(SELECT string_agg(factor.value ->> 'code', ' ' ORDER BY factor.ordinality)"
            " FROM jsonb_array_elements(run.config -> 'factors') WITH ORDINALITY AS factor)")
