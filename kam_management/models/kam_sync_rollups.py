"""Satisfaction and relationship as the worker rolled them up: checked as sets, and put in place row by changed row.

A worker of before stages none of these tables: what stands there then stays as it is.
"""
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..tools.tables import STAGE

# Columns of the staged tables that say what a row is of.
SUBJECT = {'scope', 'subject_id', 'account_id', 'touchpoint_id', 'stakeholder_id'}
# Flags that may be unknown: to the ORM an empty Boolean is a no, so the model keeps them in words.
WORDED = {'is_single_thread': SQL("CASE is_single_thread WHEN TRUE THEN 'yes' WHEN FALSE THEN 'no' END")}


class Rollup(NamedTuple):
    """Where a table of roll-ups goes.

    ``identity`` says what each of its columns is in a staged row; ``key`` are those that make a row unique within its
    company; ``subject`` is how a refused row names what it is about.
    """
    model: str
    identity: dict
    key: str
    subject: SQL

    def figures(self, table):
        """The columns that are compared and written."""
        return [column.name for column in STAGE[table] if column.name not in SUBJECT]


ROLLUPS = {
    'satisfaction': Rollup(
        'kam.satisfaction.score', {
            'key': SQL("concat_ws('/', scope, COALESCE(account_id, 0),"
                       " CASE scope WHEN 'contact' THEN subject_id ELSE 0 END,"
                       " CASE scope WHEN 'tier' THEN subject_id ELSE 0 END, COALESCE(touchpoint_id, 0))"),
            'scope': SQL("scope"), 'partner_id': SQL("account_id"), 'touchpoint_id': SQL("touchpoint_id"),
            'contact_id': SQL("CASE scope WHEN 'contact' THEN subject_id END"),
            'tier_id': SQL("CASE scope WHEN 'tier' THEN subject_id END"),
        }, 'key', SQL("COALESCE(contact_id, tier_id, partner_id, 0)")),
    'person': Rollup(
        'kam.stakeholder.score', {'stakeholder_id': SQL("stakeholder_id")}, 'stakeholder_id', SQL("stakeholder_id")),
    'relationship': Rollup(
        'kam.relationship.score', {'partner_id': SQL("account_id")}, 'partner_id', SQL("partner_id")),
}


class KamSync(models.AbstractModel):
    _inherit = 'kam.sync'

    # ------------------------------------------------------------------ checking
    @api.model
    def _remove_bad_people(self, run, stage, before):
        """Rows of stakeholders who were not pulled with that account, and second rows of one."""
        known = SQL(
            "SELECT FROM %s AS person WHERE person.stakeholder_id = staged.stakeholder_id"
            " AND person.account_id = staged.account_id", self._pulled(run, 'person'))
        return self._remove_strangers(
            stage, 'person', before, SQL("NOT EXISTS (%s)", known),
            self.env._("this stakeholder is not among those that were pulled")
        ) + self._remove_doubles(
            stage, 'person', before, ('stakeholder_id',), self.env._("this stakeholder is there twice"))

    @api.model
    def _remove_bad_subjects(self, run, stage, before):
        """Rows of persons, accounts, tiers and touchpoints that were not pulled, and second rows of one."""
        reason = self.env._("what this satisfaction is of is not among what was pulled")
        refused = []
        for is_stranger in self._stranger_conditions(run):
            refused += self._remove_strangers(stage, 'satisfaction', before, is_stranger, reason)
        return refused + self._remove_doubles(
            stage, 'satisfaction', before, ('scope', 'subject_id', 'account_id', 'touchpoint_id'),
            self.env._("this satisfaction is there twice"))

    @api.model
    def _stranger_conditions(self, run):
        """One condition per kind of subject, so that PostgreSQL compares each as a set."""
        asked = SQL(" UNION ALL ").join(
            SQL("SELECT account_id, person FROM %s WHERE is_named = 1", self._pulled(run, section))
            for section in ('answer', 'request'))
        return (
            SQL("""
                CASE scope WHEN 'contact' THEN account_id IS NULL OR touchpoint_id IS NOT NULL
                           WHEN 'account' THEN account_id IS DISTINCT FROM subject_id
                           WHEN 'tier' THEN account_id IS NOT NULL
                           ELSE account_id IS NOT NULL OR subject_id != 0 END"""),
            # What is above accounts is made of all of them.
            SQL("%s AND scope IN ('tier', 'portfolio')", bool(run.account_id)),
            SQL("scope = 'contact' AND NOT EXISTS (SELECT FROM (%s) AS asked"
                " WHERE asked.account_id = staged.account_id AND asked.person = staged.subject_id)", asked),
            SQL("scope = 'account' AND NOT EXISTS (SELECT FROM %s AS account"
                " WHERE account.account_id = staged.account_id)", self._universe(run)),
            SQL("scope = 'tier' AND NOT EXISTS (SELECT FROM %s AS account WHERE account.tier_id = staged.subject_id)",
                self._universe(run)),
            SQL("touchpoint_id IS NOT NULL AND NOT EXISTS (SELECT FROM %s AS answer"
                " WHERE answer.touchpoint_id = staged.touchpoint_id)", self._pulled(run, 'answer')),
        )

    # ------------------------------------------------------------------ putting in place
    @api.model
    def _write_rollups(self, run):
        """Put what was staged in place; return ``{table: counts of rows}`` of the tables that the worker knows."""
        staged = self._staged_tables(run)
        return {table: self._write_rollup(run, table) for table in ROLLUPS if table in staged}

    @api.model
    def _write_rollup(self, run, table):
        self._refuse_vanished(run, table, self._is_known(table), self.env._(
            "what this is about was deleted while it was computed"))
        stage = SQL.identifier(self._stage_table(run, table))
        rollup = ROLLUPS[table]
        self.env.cr.execute(SQL("SELECT count(*) FROM %s", stage))
        rows = self.env.cr.fetchone()[0]
        inserted, updated = self._write_changed(run, rollup, table, stage)
        removed = self._remove_gone(run, rollup, table, stage)
        self.env[rollup.model].invalidate_model()
        return {'inserted': inserted, 'updated': updated, 'removed': removed, 'unchanged': rows - inserted - updated}

    @api.model
    def _is_known(self, table):
        """The condition that nothing which a staged row names has been deleted."""
        if table == 'person':
            return self._is_there('kam_stakeholder', 'stakeholder_id')
        if table == 'relationship':
            return self._is_there('res_partner', 'account_id')
        return SQL(
            """
            (account_id IS NULL OR %s) AND (touchpoint_id IS NULL OR %s)
                AND CASE scope WHEN 'contact' THEN %s WHEN 'tier' THEN %s ELSE TRUE END
            """, self._is_there('res_partner', 'account_id'), self._is_there('kam_touchpoint', 'touchpoint_id'),
            self._is_there('res_partner', 'subject_id'), self._is_there('kam_tier', 'subject_id'))

    @api.model
    def _staged_rows(self, rollup, table, stage):
        """The staged rows with the columns of the model."""
        return SQL(
            "SELECT %s, %s FROM %s",
            SQL(", ").join(SQL("%s AS %s", source, SQL.identifier(name))
                           for name, source in rollup.identity.items()),
            SQL(", ").join(SQL("%s AS %s", WORDED.get(name, SQL.identifier(name)), SQL.identifier(name))
                           for name in rollup.figures(table)), stage)

    @api.model
    def _write_changed(self, run, rollup, table, stage):
        """Write the rows that are new or differ; return how many of each."""
        target = self.env[rollup.model]._table
        names = rollup.figures(table)
        self.env.cr.execute(SQL(
            """
            WITH written AS (
                INSERT INTO %(target)s (company_id, run_id, as_of, %(identity)s, %(figures)s)
                SELECT %(company)s, %(run)s, %(as_of)s, %(staged_identity)s, %(staged)s
                  FROM (%(rows)s) AS staged
                  LEFT JOIN %(target)s AS there
                    ON there.company_id = %(company)s AND there.%(key)s = staged.%(key)s
                 WHERE there.id IS NULL OR (%(there)s) IS DISTINCT FROM (%(staged)s)
                ON CONFLICT (company_id, %(key)s) DO UPDATE
                   SET (%(figures)s) = ROW(%(new)s), as_of = EXCLUDED.as_of, run_id = EXCLUDED.run_id
                RETURNING (xmax = 0) AS is_new)
            SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM written
            """,
            target=SQL.identifier(target), company=run.company_id.id, run=run.id, as_of=run.as_of,
            rows=self._staged_rows(rollup, table, stage), key=SQL.identifier(rollup.key),
            identity=SQL(", ").join(map(SQL.identifier, rollup.identity)),
            staged_identity=SQL(", ").join(SQL.identifier('staged', name) for name in rollup.identity),
            figures=SQL(", ").join(map(SQL.identifier, names)),
            **{alias: SQL(", ").join(SQL.identifier(source, name) for name in names)
               for alias, source in (('staged', 'staged'), ('there', 'there'), ('new', 'excluded'))}))
        return self.env.cr.fetchone()

    @api.model
    def _remove_gone(self, run, rollup, table, stage):
        """Remove the rows of subjects that have none any more. One whose row was refused keeps what it had."""
        self.env.cr.execute(SQL(
            """
            DELETE FROM %(target)s AS there WHERE company_id = %(company)s %(one)s
               AND NOT EXISTS (SELECT FROM (%(rows)s) AS staged WHERE staged.%(key)s = there.%(key)s)
               AND NOT EXISTS (SELECT FROM kam_sync_refusal AS refusal
                                WHERE refusal.run_id = %(run)s AND refusal.table_name = %(table)s
                                  AND refusal.reference = (%(subject)s)::text)
            """,
            target=SQL.identifier(self.env[rollup.model]._table), company=run.company_id.id, run=run.id, table=table,
            rows=self._staged_rows(rollup, table, stage), key=SQL.identifier(rollup.key), subject=rollup.subject,
            one=self._rollups_of(run, table)))
        return self.env.cr.rowcount

    @api.model
    def _rollups_of(self, run, table):
        """Of a run of one account, the rows that are its own: those of people belong to it through the stakeholder."""
        if not run.account_id:
            return SQL("")
        if table == 'person':
            return SQL("AND stakeholder_id IN (SELECT stakeholder.id FROM kam_stakeholder AS stakeholder"
                       " JOIN res_partner AS partner ON partner.id = stakeholder.partner_id"
                       " WHERE partner.kam_account_id = %s)", run.account_id.id)
        return SQL("AND partner_id = %s", run.account_id.id)
