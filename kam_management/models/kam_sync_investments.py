"""What was invested in accounts: the amount of each investment that was made, and the life that it is spread over."""
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.windows import windows


class KamSync(models.AbstractModel):
    _inherit = 'kam.sync'

    @api.model
    def _pull_investments(self, run, accounts):
        """Investments that were made and whose life touches the window, in accounts of the universe.

        Archived ones too: what was spent was spent.
        """
        investment = self.env['kam.investment'].with_context(
            allowed_company_ids=run.company_id.ids, active_test=False)
        bounds = windows(run.as_of, self._config(run)['settings']['window_months'])
        query = investment._search(Domain([
            ('company_id', '=', run.company_id.id), ('state', '=', 'made'), ('date_start', '<', bounds.end),
            ('date_end', '>=', bounds.middle)]))
        alias = investment._table
        account = self._of_accounts(run, investment, query, accounts)
        content = query.select(
            SQL("%s AS account_id", account),
            *(SQL("%s AS %s", investment._field_to_sql(alias, field, query), SQL.identifier(name))
              for field, name in (('id', 'investment_id'), ('amount', 'amount'), ('date_start', 'date_start'),
                                  ('date_end', 'date_end'))))
        return self._create_pull_table(run, 'investment', 1003, content)
