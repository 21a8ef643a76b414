"""The wallet: the category lines of active plans, and what we sold in the product categories that they name."""
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.windows import windows
from .kam_plan_category import PRODUCT_CATEGORY

# The lines of the documents that revenue is read from, by the role of its KPI: where the document, its day, and the
# amount in the company's currency stand. An order has a rate of its own; an invoice line stands in that currency too.
LINES = {
    'revenue_invoices': {
        'model': 'account.move.line', 'document': 'move_id', 'date': 'invoice_date', 'amount': 'balance', 'sign': -1,
        'domain': [('parent_state', '=', 'posted'), ('display_type', '=', 'product'),
                   ('move_id.move_type', 'in', ('out_invoice', 'out_refund'))]},
    'revenue_orders': {
        'model': 'sale.order.line', 'document': 'order_id', 'date': 'order_id.date_order', 'amount': 'price_subtotal',
        'sign': 1, 'rate': 'currency_rate',
        'domain': [('state', '=', 'sale'), ('display_type', '=', False)]},
}
WAY_TO_CATEGORY = 'product_id.product_tmpl_id.categ_id'
# What the rows of the section are made of, in this order, with the types of PostgreSQL.
LINE = {
    'account_id': 'int4', 'line_id': 'int4', 'is_own': 'bool', 'is_named': 'bool', 'typed': 'float8',
    'spend': 'float8', 'our_rank': 'int4', 'suppliers': 'int4', 'potential_date': 'date',
    'potential_confidence': 'varchar'}
# Of the estimate behind the spend: shown beside it, and nothing is computed from it.
ESTIMATE = ('potential_date', 'potential_confidence')


class KamSync(models.AbstractModel):
    _inherit = 'kam.sync'

    @api.model
    def _wallet_kpi(self, company, settings, by_role, revenue, as_of):
        """The KPI whose documents tell what was sold of a product category: that of the revenue if its documents have
        lines, else the best that has documents lately; none if no such app is installed."""
        if revenue and revenue.role in LINES:
            return revenue
        for role in LINES:
            kpi = by_role.get(role)
            if kpi and self._has_documents(kpi, company, as_of, settings.window_months):
                return kpi
        return None

    @api.model
    def _pull_wallet(self, run, accounts):
        """One row per category line of an active plan and account that the plan is for.

        White space is a sum of the whole plan, so it is counted at one account: the plan's own, or, where that one is
        not in the universe and has no score, the first of the others.
        """
        rows, named = self._wallet_lines(run)
        sold = self._wallet_sales(run, rows, named)
        columns = zip(*rows, strict=True) if rows else [()] * len(LINE)
        content = SQL(
            """
            SELECT line.account_id, line.line_id, line.counted_at,
                   line.is_named::int AS is_named,
                   CASE WHEN line.is_named AND %(known)s THEN COALESCE(sold.sales, 0) END AS sales,
                   COALESCE(sold.unknown, 0) AS unknown, line.typed, line.spend, line.our_rank, line.suppliers,
                   line.potential_date, line.potential_confidence
              FROM (SELECT line.*, first_value(line.account_id) OVER (
                               PARTITION BY line.line_id ORDER BY line.is_own DESC, line.account_id) AS counted_at
                      FROM unnest(%(columns)s) AS line (%(names)s)
                     WHERE line.account_id IN (SELECT account_id FROM %(accounts)s %(scored)s)) AS line
              LEFT JOIN (%(sold)s) AS sold ON sold.account_id = line.account_id AND sold.line_id = line.line_id
             WHERE line.account_id IN (SELECT account_id FROM %(accounts)s)
            """, scored=self._also_scored(run),
            known=sold is not None, sold=sold or self._nothing_sold(), accounts=SQL.identifier(accounts['table']),
            names=SQL(", ").join(map(SQL.identifier, LINE)),
            columns=SQL(", ").join(
                SQL("%s::%s[]", list(column), SQL.identifier(kind))
                for kind, column in zip(LINE.values(), columns, strict=True)))
        return self._create_pull_table(run, 'wallet', 1004, content, kept=ESTIMATE)

    @api.model
    def _also_scored(self, run):
        """Of a run of one account, where white space is counted depends on the others that have a score."""
        if not run.account_id:
            return SQL("")
        return SQL("UNION ALL SELECT partner_id FROM kam_score WHERE company_id = %s", run.company_id.id)

    @api.model
    def _nothing_sold(self):
        return SQL("SELECT 0 AS account_id, 0 AS line_id, 0::float8 AS sales, 0 AS unknown WHERE FALSE")

    @api.model
    def _wallet_lines(self, run):
        """The lines as rows of the section without what was sold, and ``{line: product category}``."""
        # In sudo: of wallets of plans the service user gets these figures and no word. Rules would say no more than is
        # asked here: the company of the run, which is one of its own; confidentiality hides nothing from scores.
        env = self.sudo().with_context(allowed_company_ids=run.company_id.ids).env
        plans = env['kam.plan'].search([('company_id', '=', run.company_id.id), ('state', '=', 'active')])
        lines = env['kam.plan.category'].search([('plan_id', 'in', plans.ids)]).read(
            ['plan_id', 'product_category', 'our_sales', 'potential', 'our_rank', 'supplier_count', *ESTIMATE],
            load='')
        accounts = {
            plan.id: [(account.id, account == plan.partner_id.kam_account_id)
                      for account in (plan.partner_id | plan.partner_ids).kam_account_id.sorted('id')]
            for plan in plans}
        there = env['kam.plan.category']._product_category_ids(
            {line['product_category'] for line in lines if line['product_category']})
        named = {line['id']: there[line['product_category']] for line in lines if line['product_category'] in there}
        rows = []
        for line in lines:
            known = [None if line[name] is False else line[name]
                     for name in ('our_sales', 'potential', 'our_rank', 'supplier_count', *ESTIMATE)]
            rows += [(account, line['id'], is_own, line['id'] in named, *known)
                     for account, is_own in accounts[line['plan_id']]]
        return rows, named

    @api.model
    def _wallet_sales(self, run, rows, named):
        """Sales of the window per account and line that names a category, or ``None`` when no source can tell.

        Categories below the one that is named count too.
        """
        kpi = self.env['kam.kpi'].browse(self._config(run)['sources'].get('wallet'))
        if not kpi or not named:
            return None
        below = self._categories_below(run, named)
        wanted = [(account, line, category) for account, line, _is_own, is_named, *_rest in rows
                  if is_named and run.account_id.id in (False, account) for category in below[line]]
        if not wanted:
            return None
        accounts, lines, categories = map(list, zip(*wanted, strict=True))
        documents = self._wallet_documents(run, LINES[kpi.role], sorted(set(accounts)), sorted(set(categories)))
        if documents is None:
            return None
        # Summed up before they meet the lines of plans: many plans may name the same category.
        return SQL(
            """
            SELECT wanted.account_id, wanted.line_id, sum(sold.sales) AS sales, sum(sold.unknown)::int AS unknown
              FROM (SELECT account_id, category_id, sum(amount) AS sales,
                           count(*) FILTER (WHERE is_unknown) AS unknown
                      FROM (%s) AS document GROUP BY 1, 2) AS sold
              JOIN unnest(%s::int[], %s::int[], %s::int[]) AS wanted (account_id, line_id, category_id)
                ON wanted.account_id = sold.account_id AND wanted.category_id = sold.category_id
             GROUP BY 1, 2
            """, documents, accounts, lines, categories)

    @api.model
    def _categories_below(self, run, named):
        """``{line: its category and all those below it}``."""
        category = self.env[PRODUCT_CATEGORY].with_context(allowed_company_ids=run.company_id.ids)
        tops = set(named.values())
        below = {top: [] for top in tops}
        for row in category.search([('id', 'child_of', sorted(tops))], order='id'):
            for top in tops.intersection(int(number) for number in row.parent_path.split('/') if number):
                below[top].append(row.id)
        return {line: below[top] for line, top in named.items()}

    @api.model
    def _wallet_documents(self, run, lines, accounts, categories):
        """The document lines of the window in these accounts and categories, with the service user's rights."""
        company = run.company_id
        model = self.env[lines['model']].with_context(allowed_company_ids=company.ids)
        day = model._fields[lines['date']] if '.' not in lines['date'] else model.env[
            model._fields[lines['document']].comodel_name]._fields[lines['date'].split('.')[1]]
        bounds = windows(run.as_of, self._config(run)['settings']['window_months'],
                         self._config(run)['company']['tz'] if day.type == 'datetime' else None)
        query = model._search(
            Domain(lines['domain']) & Domain('company_id', '=', company.id)
            & Domain(lines['date'], '>=', bounds.middle) & Domain(lines['date'], '<', bounds.end))
        if query.is_empty():
            return None
        alias = model._table
        account = model._read_group_groupby(alias, f"{lines['document']}.partner_id.kam_account_id", query)
        category = model._read_group_groupby(alias, WAY_TO_CATEGORY, query)
        query.add_where(SQL("%s = ANY(%s::int[])", account, accounts))
        query.add_where(SQL("%s = ANY(%s::int[])", category, categories))
        amount, unknown = self._wallet_amount(model, query, lines, company)
        return query.select(
            SQL("%s AS account_id", account), SQL("%s AS category_id", category), SQL("%s AS amount", amount),
            SQL("%s AS is_unknown", unknown))

    @api.model
    def _wallet_amount(self, model, query, lines, company):
        """The amount of a document line in the company's currency, and whether it is unknown for want of a rate."""
        alias = model._table
        amount = SQL("%s * %s", lines['sign'], model._field_to_sql(alias, lines['amount'], query))
        currency = model._field_to_sql(alias, 'currency_id', query)
        unknown = SQL("%s = ANY(%s::int[])", currency, self._unrated_currencies(company))
        if 'rate' in lines:
            rate = model._read_group_groupby(alias, f"{lines['document']}.{lines['rate']}", query)
            own = SQL("%s = %s", currency, company.currency_id.id)
            amount = SQL("CASE WHEN %s THEN %s ELSE %s / NULLIF(%s, 0) END", own, amount, amount, rate)
            unknown = SQL("%s OR %s IS NULL OR %s = 0", unknown, rate, rate)
        return amount, SQL(
            "COALESCE(%s IS DISTINCT FROM %s AND (%s), FALSE)", currency, company.currency_id.id, unknown)

    # ------------------------------------------------------------------ putting it in place
    @api.model
    def _write_wallet(self, run):
        """One row per line of an active plan. Rows of plans that were closed since stay as they were."""
        stage = SQL.identifier(self._stage_table(run, 'wallet'))
        names = ('sales', 'spend', 'share', 'white_space', 'is_over', 'basis', 'plan_id', 'partner_id', 'as_of',
                 *ESTIMATE)
        self.env.cr.execute(SQL(
            """
            INSERT INTO kam_wallet (category_id, company_id, run_id, %(columns)s)
            SELECT staged.line_id, %(company)s, %(run)s, staged.sales, staged.spend, staged.share, staged.white_space,
                   staged.is_over, staged.basis, plan.id, plan.partner_id, %(as_of)s, %(estimate)s
              FROM %(stage)s staged
              JOIN kam_plan_category line ON line.id = staged.line_id
              JOIN kam_plan plan ON plan.id = line.plan_id
              JOIN (SELECT DISTINCT line_id, %(estimate)s FROM %(pulled)s AS pulled) AS pulled
                ON pulled.line_id = staged.line_id
            ON CONFLICT (category_id) DO UPDATE
               SET (%(columns)s) = ROW(%(new)s), run_id = EXCLUDED.run_id, company_id = EXCLUDED.company_id
             WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
            """,
            columns=SQL(", ").join(map(SQL.identifier, names)),
            new=SQL(", ").join(SQL.identifier('excluded', name) for name in names),
            old=SQL(", ").join(SQL.identifier('kam_wallet', name) for name in names),
            estimate=SQL(", ").join(SQL.identifier('pulled', name) for name in ESTIMATE),
            pulled=self._pulled(run, 'wallet'), company=run.company_id.id, run=run.id, as_of=run.as_of, stage=stage))
        self.env['kam.wallet'].invalidate_model()
        self.env['kam.plan.category'].invalidate_model()

    @api.model
    def _remove_bad_lines(self, run, stage, before):
        """Rows of category lines that were not pulled, and second rows of a line."""
        is_stranger = SQL("line_id NOT IN (SELECT line_id FROM %s)", self._pulled(run, 'wallet'))
        return self._remove_strangers(
            stage, 'wallet', before, is_stranger, self.env._("this category is not among those that were pulled")
        ) + self._remove_doubles(stage, 'wallet', before, ('line_id',), self.env._("this category is there twice"))
