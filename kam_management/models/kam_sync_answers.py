"""What customers answered and were asked, as the worker rolls it up: figures and days, no word and no name."""
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.windows import windows


class KamSync(models.AbstractModel):
    _inherit = 'kam.sync'

    @api.model
    def _collect_answers(self, run):
        """Take over what surveys and ratings have been answered since they were last collected."""
        # In sudo: what was answered in surveys and ratings is collected whatever KPIs let the service user read of
        # them; it gets the answers made of them.
        self.env['kam.satisfaction.source'].sudo()._collect(run.company_id)

    @api.model
    def _pull_answers(self, run, accounts):
        """Every answer of the company up to the day, in accounts of the universe.

        The weight of a person is that of the stakeholder of that account. A person who is none any longer keeps the one
        they had, so that deleting somebody changes no figure.
        """
        response = self.env['kam.satisfaction.response'].with_context(allowed_company_ids=run.company_id.ids)
        response.check_access('read')
        query = response._search(Domain([
            ('company_id', '=', run.company_id.id), ('date', '<=', run.as_of), ('value', '!=', False),
            ('scale_min', '!=', False), ('scale_max', '!=', False)]))
        alias = response._table
        account = response._field_to_sql(alias, 'partner_id', query)
        self._narrow(run, query, account)
        query.add_where(SQL("%s IN (SELECT account_id FROM %s)", account, SQL.identifier(accounts['table'])))
        rows = query.select(*(
            SQL("%s AS %s", response._field_to_sql(alias, field, query), SQL.identifier(name))
            for field, name in (
                ('partner_id', 'account_id'), ('id', 'answer_id'), ('contact_id', 'contact_id'),
                ('former_contact', 'former_contact'), ('former_power', 'former_power'), ('kind', 'kind'),
                ('value', 'value'), ('scale_min', 'scale_min'), ('scale_max', 'scale_max'), ('good_end', 'good_end'),
                ('date', 'date'), ('touchpoint_id', 'touchpoint_id'))))
        content = SQL(
            """
            SELECT answer.account_id, answer.answer_id, COALESCE(answer.contact_id, answer.former_contact) AS person,
                   (answer.contact_id IS NOT NULL)::int AS is_named,
                   CASE WHEN stakeholder.contact_id IS NOT NULL THEN stakeholder.power ELSE answer.former_power
                    END AS power,
                   answer.kind, answer.value, answer.scale_min, answer.scale_max,
                   (answer.good_end = 'low')::int AS low_is_good, answer.date, answer.touchpoint_id
              FROM (%s) AS answer
              LEFT JOIN (%s) AS stakeholder
                ON stakeholder.account_id = answer.account_id AND stakeholder.contact_id = answer.contact_id
            """, rows, self._powers(run))
        return self._create_pull_table(run, 'answer', 1005, content)

    @api.model
    def _powers(self, run):
        """The power of each person in each account, also of those who have left since.

        Somebody may be a stakeholder of an account and of one that has become part of it: who is present comes first.
        """
        stakeholder = self.env['kam.stakeholder'].with_context(
            allowed_company_ids=run.company_id.ids, active_test=False)
        stakeholder.check_access('read')
        query = stakeholder._search(Domain('company_id', '=', run.company_id.id))
        alias = stakeholder._table
        account = stakeholder._read_group_groupby(alias, 'partner_id.kam_account_id', query)
        self._narrow(run, query, account)
        contact, power, state, active, number = (
            stakeholder._field_to_sql(alias, name, query) for name in ('contact_id', 'power', 'state', 'active', 'id'))
        query.order = SQL("%s, %s, %s = 'present' DESC, %s DESC, %s", account, contact, state, active, number)
        return query.select(
            SQL("DISTINCT ON (%s, %s) %s AS account_id", account, contact, account), SQL("%s AS contact_id", contact),
            SQL("%s AS power", power))

    @api.model
    def _pull_requests(self, run, accounts):
        """Who was asked in the revenue window, per account and person, and how many of that were answered."""
        bounds = windows(run.as_of, self._config(run)['settings']['window_months'])
        request = self.env['kam.satisfaction.request'].with_context(allowed_company_ids=run.company_id.ids)
        request.check_access('read')
        query = request._search(Domain([
            ('company_id', '=', run.company_id.id), ('date', '>=', bounds.middle), ('date', '<', bounds.end)]))
        alias = request._table
        account, contact, former, answered = (
            request._field_to_sql(alias, name, query)
            for name in ('partner_id', 'contact_id', 'former_contact', 'answered_on'))
        self._narrow(run, query, account)
        query.add_where(SQL("%s IN (SELECT account_id FROM %s)", account, SQL.identifier(accounts['table'])))
        person = SQL("COALESCE(%s, %s)", contact, former)
        query.groupby = SQL("%s, %s", account, person)
        content = query.select(
            SQL("%s AS account_id", account), SQL("%s AS person", person),
            SQL("bool_or(%s IS NOT NULL)::int AS is_named", contact), SQL("count(*) AS asked"),
            SQL("count(*) FILTER (WHERE %s <= %s) AS answered", answered, run.as_of))
        return self._create_pull_table(run, 'request', 1006, content)
