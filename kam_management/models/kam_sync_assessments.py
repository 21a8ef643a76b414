"""What people think of the relation with accounts, on its way to the worker: ratings, raters and days."""
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.aspects import ASPECTS, INVERTED


class KamSync(models.AbstractModel):
    _inherit = 'kam.sync'

    @api.model
    def _pull_assessments(self, run, accounts):
        """One row per aspect that somebody rated up to the day, of accounts of the universe."""
        assessment = self.env['kam.relationship.assessment'].with_context(allowed_company_ids=run.company_id.ids)
        assessment.check_access('read')
        query = assessment._search(Domain([('company_id', '=', run.company_id.id), ('date', '<=', run.as_of)]))
        alias = assessment._table
        account = self._of_accounts(run, assessment, query, accounts)
        rated = [
            SQL("(%s, %s, %s)", aspect, int(aspect in INVERTED), assessment._field_to_sql(alias, aspect, query))
            for aspect in ASPECTS]
        query.add_join('JOIN', 'rated', SQL("LATERAL (VALUES %s)", SQL(", ").join(rated)), SQL("TRUE"))
        query.add_where(SQL("rated.column3 IS NOT NULL"))
        content = query.select(
            SQL("%s AS account_id", account), SQL("rated.column1 AS aspect"), SQL("rated.column2 AS is_inverted"),
            SQL("rated.column3 AS value"),
            *(SQL("%s AS %s", assessment._field_to_sql(alias, field, query), SQL.identifier(name))
              for field, name in (('user_id', 'rater_id'), ('date', 'date'), ('id', 'assessment_id'))))
        return self._create_pull_table(run, 'assessment', 1010, content)
