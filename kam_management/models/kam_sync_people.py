"""The people of accounts on their way to the worker: how lately we were in touch, and which roles somebody plays."""
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class KamSync(models.AbstractModel):
    _inherit = 'kam.sync'

    @api.model
    def _pull_people(self, run, accounts):
        """One row per stakeholder who is present, with the contacts at that account."""
        stakeholder = self._present(run)
        query = stakeholder._search(self._present_domain(run))
        alias = stakeholder._table
        account = self._of_accounts(run, stakeholder, query, accounts)
        rows = query.select(SQL("%s AS account_id", account), *(
            SQL("%s AS %s", stakeholder._field_to_sql(alias, field, query), SQL.identifier(name))
            for field, name in (
                ('id', 'stakeholder_id'), ('contact_id', 'contact_id'), ('function_id', 'function_id'),
                ('power', 'power'), ('cadence_days', 'cadence_days'), ('relationship', 'current'),
                ('relationship_target', 'target'))))
        content = SQL(
            """
            SELECT person.account_id, person.stakeholder_id, person.function_id, person.power,
                   CASE WHEN person.account_id = ANY(%s::int[]) THEN greatest(1, COALESCE(person.cadence_days, %s) / 2)
                        ELSE person.cadence_days END AS cadence_days,
                   person.current::int AS current, person.target::int AS target, contact.last_contact,
                   COALESCE(contact.contact_days, 0) AS contact_days,
                   COALESCE(contact.is_two_way, FALSE)::int AS is_two_way, person.contact_id, played.roles
              FROM (%s) AS person
              LEFT JOIN (%s) AS contact
                ON contact.account_id = person.account_id AND contact.contact_id = person.contact_id
              LEFT JOIN (%s) AS played ON played.stakeholder_id = person.stakeholder_id
            """, self._critical_accounts(run), run.config['settings']['contact_cadence'], rows,
            self._contacts_by_person(run), self._roles_by_person(run))
        return self._create_pull_table(run, 'person', 1007, content)

    @api.model
    def _critical_accounts(self, run):
        """Accounts that we depend on, by the scores as they are published: their people are met twice as often."""
        critical = self.env['res.partner']._kam_find_critical(run.company_id)
        return [account_id for account_id, _company_id in critical]

    @api.model
    def _roles_by_person(self, run):
        """The codes of the roles that each stakeholder who is present plays, joined by spaces."""
        stakeholder = self._present(run)
        query = stakeholder._search(self._present_domain(run))
        roles = stakeholder._fields['role_ids']
        self._narrow(run, query, stakeholder._read_group_groupby(
            stakeholder._table, 'partner_id.kam_account_id', query))
        played = query.join(stakeholder._table, 'id', roles.relation, roles.column1, 'role_ids')
        role = query.join(played, roles.column2, 'kam_stakeholder_role', 'id', 'role')
        number, code = SQL.identifier(stakeholder._table, 'id'), SQL.identifier(role, 'code')
        query.groupby = number
        return query.select(
            SQL("%s AS stakeholder_id", number), SQL("string_agg(%s, ' ' ORDER BY %s) AS roles", code, code))

    @api.model
    def _present(self, run):
        stakeholder = self.env['kam.stakeholder'].with_context(allowed_company_ids=run.company_id.ids)
        stakeholder.check_access('read')
        return stakeholder

    @api.model
    def _present_domain(self, run):
        return Domain([('company_id', '=', run.company_id.id), ('state', '=', 'present')])

    @api.model
    def _of_accounts(self, run, model, query, accounts):
        """The account that the rows of a query count for, of those in the universe."""
        account = model._read_group_groupby(model._table, 'partner_id.kam_account_id', query)
        self._narrow(run, query, account)
        query.add_where(SQL("%s IN (SELECT account_id FROM %s)", account, SQL.identifier(accounts['table'])))
        return account

    # ------------------------------------------------------------------ contacts
    @api.model
    def _contacts_query(self, run, domain):
        """The contacts of the company up to the day: model and query."""
        contact = self.env['kam.stakeholder.contact'].with_context(allowed_company_ids=run.company_id.ids)
        contact.check_access('read')
        query = contact._search(Domain([('company_id', '=', run.company_id.id), ('date', '<=', run.as_of)]) & domain)
        self._narrow(run, query, contact._field_to_sql(contact._table, 'partner_id', query))
        return contact, query

    @api.model
    def _window_start(self, run):
        """Contacts after this day are of the contact window."""
        return run.as_of - timedelta(days=self._config(run)['settings']['contact_window'])

    @api.model
    def _contacts_by_person(self, run):
        """Last contact, days with one in the window, and whether both sides were in touch in it: one pass over all."""
        contact, query = self._contacts_query(run, Domain('contact_id', '!=', False))
        alias = contact._table
        account, person, date, direction = (
            contact._field_to_sql(alias, name, query) for name in ('partner_id', 'contact_id', 'date', 'direction'))
        query.groupby = SQL("%s, %s", account, person)
        recent = SQL("FILTER (WHERE %s > %s)", date, self._window_start(run))
        return query.select(
            SQL("%s AS account_id", account), SQL("%s AS contact_id", person), SQL("max(%s) AS last_contact", date),
            SQL("count(DISTINCT %s) %s AS contact_days", date, recent),
            SQL("bool_or(%(way)s = 'both') %(recent)s OR (bool_or(%(way)s = 'in') %(recent)s"
                " AND bool_or(%(way)s = 'out') %(recent)s) AS is_two_way", way=direction, recent=recent))

    @api.model
    def _pull_threads(self, run, accounts):
        """How many of us were in touch with anybody of the account, in the contact window."""
        contact, query = self._contacts_query(
            run, Domain('user_id', '!=', False) & Domain('date', '>', self._window_start(run)))
        alias = contact._table
        account = contact._field_to_sql(alias, 'partner_id', query)
        query.add_where(SQL("%s IN (SELECT account_id FROM %s)", account, SQL.identifier(accounts['table'])))
        query.groupby = account
        content = query.select(
            SQL("%s AS account_id", account),
            SQL("count(DISTINCT %s) AS colleagues", contact._field_to_sql(alias, 'user_id', query)))
        return self._create_pull_table(run, 'thread', 1009, content)

    # ------------------------------------------------------------------ roles
    @api.model
    def _pull_seats(self, run, accounts):
        """The roles that the tier of each key account requires, and how many people play them."""
        # Roles that were archived are asked for no longer; a tier that has accounts is not archived.
        required = [(tier.id, role.id) for tier in self.env['kam.tier'].search([]) for role in tier.role_ids]
        stakeholder = self._present(run)
        query = stakeholder._search(self._present_domain(run))
        account = self._of_accounts(run, stakeholder, query, accounts)
        roles = stakeholder._fields['role_ids']
        played = query.join(stakeholder._table, 'id', roles.relation, roles.column1, 'role_ids')
        role = SQL.identifier(played, roles.column2)
        query.groupby = SQL("%s, %s", account, role)
        content = SQL(
            """
            SELECT account.account_id, required.role_id, COALESCE(played.people, 0) AS people
              FROM %s AS account
              JOIN unnest(%s::int[], %s::int[]) AS required (tier_id, role_id) ON required.tier_id = account.tier_id
              LEFT JOIN (%s) AS played
                ON played.account_id = account.account_id AND played.role_id = required.role_id
             WHERE account.is_key = 1
            """,
            SQL.identifier(accounts['table']), [tier for tier, _role in required], [role for _tier, role in required],
            query.select(SQL("%s AS account_id", account), SQL("%s AS role_id", role), SQL("count(*) AS people")))
        return self._create_pull_table(run, 'seat', 1008, content)
