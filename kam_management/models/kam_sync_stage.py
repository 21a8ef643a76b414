"""Taking the worker's rows in: loaded by ``COPY``, checked as a set, bad ones refused by themselves."""
import csv
import io
import json
from datetime import date

from odoo import api, models
from odoo.tools import SQL
from psycopg2 import errors

from ..tools.tables import STAGE, STAGE_KEY
from ..tools.wire import WireError, plain, unpack


def _parse_json(text):
    if '\\u0000' in text:
        raise ValueError("PostgreSQL keeps no zero character")
    return json.loads(text)


PARSERS = {'date': date.fromisoformat, 'jsonb': _parse_json}


class KamSync(models.AbstractModel):
    _inherit = 'kam.sync'

    @api.model
    def stage(self, run, token, table, batch, rows):
        """Put one batch of rows into the run's staging table.

        :param rows: ``{"data": gzip CSV in base64, "rows": how many, "sha256": of the CSV}``
        :return: how many came in, and line, reference and reason of each that was refused
        :raises UserError: ``unknown_table``, ``unknown_column``, ``checksum``, ``batch_conflict``, ``wrong_state``
        """
        self._guard()
        run = self._run(run, token, lock=True)
        self._check_stage(run, table, batch, rows)
        # Batches are bookkeeping of this door, which nobody may touch through the ORM.
        batches = self.env['kam.sync.batch'].sudo()
        known = batches.search([('run_id', '=', run.id), ('table_name', '=', table), ('batch', '=', batch)])
        if known:
            if known.sha256 != rows['sha256']:
                raise self._refuse('batch_conflict', self.env._(
                    "Batch %(batch)s of %(table)s is already staged with another content: start a new run.",
                    batch=batch, table=table))
            return known.answer
        try:
            csv_bytes = unpack(rows['data'], rows['sha256'])
        except WireError as error:
            raise self._refuse('checksum', self.env._(
                "Batch %(batch)s of %(table)s can't be read: %(reason)s. Send it again.",
                batch=batch, table=table, reason=error)) from error
        answer = self._load(run, table, batch, rows, csv_bytes)
        batches.create({
            'run_id': run.id, 'table_name': table, 'batch': batch, 'rows': answer['rows'], 'sha256': rows['sha256'],
            'answer': answer,
        })
        return answer

    @api.model
    def _check_stage(self, run, table, batch, rows):
        if table not in STAGE:
            raise self._refuse('unknown_table', self.env._(
                "There is no table %(table)s to stage into; there are %(tables)s.",
                table=table, tables=", ".join(STAGE)))
        if not run.manifest:
            raise self._refuse('wrong_state', self.env._("Prepare run %(run)s before staging its results.", run=run.id))
        if not isinstance(batch, int) or batch < 1 or not isinstance(rows, dict) or not (
                isinstance(rows.get('data'), str) and isinstance(rows.get('sha256'), str)
                and isinstance(rows.get('rows'), int)):
            raise self._refuse('bad_argument', self.env._(
                "A batch has a number from 1 on, and rows as {data, rows, sha256}."))

    # ------------------------------------------------------------------ loading
    @api.model
    def _load(self, run, table, batch, rows, csv_bytes):
        columns = self._header(table, csv_bytes)
        # Each batch is compared with all that was pulled and staged before it: as in `prepare`, in memory.
        self.env.cr.execute("SET LOCAL work_mem = '128MB'; SET LOCAL jit = off")
        stage = self._stage_table(run, table)
        before = self._last_line(stage)
        refused = []
        try:
            with self.env.cr.savepoint(flush=False):
                self._copy_in(stage, columns, csv_bytes)
                after = self.env.cr.rowcount + before
        except (errors.DataError, errors.IntegrityError):
            # Some row is no row of this table: take all as text and find out which.
            after, refused = self._copy_in_as_text(stage, table, columns, csv_bytes, before)
        if after - before != rows['rows']:
            raise self._refuse('checksum', self.env._(
                "Batch %(batch)s of %(table)s holds %(found)s rows where %(said)s were announced.",
                batch=batch, table=table, found=after - before, said=rows['rows']))
        refused += self._remove_bad_rows(run, stage, table, columns, before)
        refused.sort()
        self._keep_refusals(run, table, batch, refused)
        return plain({
            'rows': rows['rows'], 'accepted': rows['rows'] - len(refused),
            'refused': [{'line': line, 'reference': reference, 'reason': reason}
                        for line, reference, reason in refused],
        })

    @api.model
    def _keep_refusals(self, run, table, batch, refused):
        if refused:
            lines, references, reasons = map(list, zip(*refused, strict=True))
            self.env.cr.execute(SQL(
                """
                INSERT INTO kam_sync_refusal (run_id, table_name, batch, line, reference, reason)
                SELECT %s, %s, %s, refused.* FROM unnest(%s::int[], %s::text[], %s::text[]) AS refused
                """, run.id, table, batch, lines, references, reasons))
            self.env['kam.sync.refusal'].invalidate_model()

    @api.model
    def _header(self, table, csv_bytes):
        """The columns of a CSV, each known to the table and none that is required left out."""
        line = csv_bytes.split(b'\n', 1)[0].decode('utf-8', 'replace').rstrip('\r')
        names = next(csv.reader([line]), [])
        known = {column.name: column for column in STAGE[table]}
        unknown = [name for name in names if name not in known]
        missing = [column.name for column in STAGE[table] if column.required and column.name not in names]
        if unknown or missing or len(set(names)) != len(names):
            raise self._refuse('unknown_column', self.env._(
                "The columns of %(table)s differ from the contract: unknown %(unknown)s, missing %(missing)s. "
                "Bring worker and addon to the same version.",
                table=table, unknown=", ".join(unknown) or '–', missing=", ".join(missing) or '–'))
        return [known[name] for name in names]

    @api.model
    def _stage_table(self, run, table):
        """Name of the run's staging table, made when it is first needed."""
        name = f'kam_stage_{run.id}_{table}'
        columns = SQL(", ").join(
            SQL("%s %s", SQL.identifier(column.name), SQL.identifier(column.type.sql_type)) for column in STAGE[table])
        self.env.cr.execute(SQL(
            "CREATE UNLOGGED TABLE IF NOT EXISTS %s (line serial, %s)", SQL.identifier(name), columns))
        return name

    @api.model
    def _last_line(self, stage):
        """The last line in a staging table; the next row gets the one after it, whatever was rolled back before."""
        self.env.cr.execute(SQL("SELECT COALESCE(max(line), 0) FROM %s", SQL.identifier(stage)))
        last = self.env.cr.fetchone()[0]
        self.env.cr.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'line'), %s, %s)", [stage, max(last, 1), last > 0])
        return last

    @api.model
    def _copy_in(self, name, columns, csv_bytes):
        statement = SQL(
            "COPY %s (%s) FROM STDIN WITH (FORMAT csv, HEADER)", SQL.identifier(name),
            SQL(", ").join(SQL.identifier(column.name) for column in columns))
        self.env.cr.copy_expert(self.env.cr.mogrify(statement).decode(), io.BytesIO(csv_bytes))

    @api.model
    def _copy_in_as_text(self, stage, table, columns, csv_bytes, before):
        """Load the rows whose every value can be read as its type; return the last line and the refused rows."""
        text = SQL.identifier('kam_stage_text')
        self.env.cr.execute(SQL(
            "CREATE TEMPORARY TABLE %s (line serial, %s) ON COMMIT DROP", text,
            SQL(", ").join(SQL("%s text", SQL.identifier(column.name)) for column in columns)))
        try:
            with self.env.cr.savepoint(flush=False):
                self._copy_in('kam_stage_text', columns, csv_bytes)
                count = self.env.cr.rowcount
        except errors.DataError as error:
            raise self._refuse('checksum', self.env._(
                "The rows of %(table)s are no CSV: %(reason)s", table=table,
                reason=str(error).splitlines()[0])) from error
        refused = self._remove_unreadable(text, table, columns)
        self.env.cr.execute(SQL(
            "INSERT INTO %s (line, %s) SELECT line + %s, %s FROM %s",
            SQL.identifier(stage), SQL(", ").join(SQL.identifier(column.name) for column in columns), before,
            SQL(", ").join(
                SQL("%s::%s", SQL.identifier(column.name), SQL.identifier(column.type.sql_type)) for column in columns),
            text))
        self.env.cr.execute(SQL("DROP TABLE %s", text))
        return before + count, refused

    @api.model
    def _remove_unreadable(self, text, table, columns):
        """Take the rows out whose text can't be cast to the types of their columns."""
        refused = []
        for column in columns:
            condition = SQL("%s !~ %s", SQL.identifier(column.name), column.type.pattern)
            if column.type.sql_type in PARSERS:
                # A pattern can't tell a day that no calendar has, or a bracket that is not closed.
                condition = SQL("(%s OR line = ANY(%s))", condition, self._unparsable(text, column))
            self.env.cr.execute(SQL(
                "DELETE FROM %s AS staged WHERE %s RETURNING line, %s, %s", text, condition,
                self._reference(table) if STAGE_KEY[table] in [c.name for c in columns] else SQL("NULL"),
                SQL.identifier(column.name)))
            refused += [
                (line, reference or '', self._reason(column, value))
                for line, reference, value in self.env.cr.fetchall()
            ]
        return refused

    @api.model
    def _unparsable(self, text, column):
        self.env.cr.execute(SQL(
            "SELECT line, %(column)s FROM %(text)s WHERE %(column)s IS NOT NULL",
            column=SQL.identifier(column.name), text=text))
        lines = []
        for line, value in self.env.cr.fetchall():
            try:
                PARSERS[column.type.sql_type](value)
            except ValueError:
                lines.append(line)
        return lines

    # ------------------------------------------------------------------ checking
    @api.model
    def _reference(self, table):
        key = STAGE_KEY[table]
        return SQL("staged.%s::text", SQL.identifier(key)) if key else SQL("NULL::text")

    @api.model
    def _reason(self, column, value):
        if value is None:
            return self.env._("%(column)s is missing", column=column.name)
        rule = self.env._(column.type.rule)  # pylint: disable=gettext-variable
        return self.env._("%(column)s: “%(value)s” %(rule)s", column=column.name, value=str(value)[:80], rule=rule)

    @api.model
    def _remove_bad_rows(self, run, stage, table, columns, before):
        """Take the rows of the new batch that break a rule out again, each with its first reason."""
        refused = self._remove_bad_values(stage, table, columns, before)
        if table in ('score', 'relationship'):
            refused += self._remove_bad_accounts(run, stage, table, before)
        elif table == 'wallet':
            refused += self._remove_bad_lines(run, stage, before)
        elif table == 'person':
            refused += self._remove_bad_people(run, stage, before)
        elif table == 'satisfaction':
            refused += self._remove_bad_subjects(run, stage, before)
        elif table == 'kpi_value':
            refused += self._remove_bad_kpi_values(run, stage, before)
        elif table == 'alert':
            refused += self._remove_bad_alerts(run, stage, before)
        return refused

    @api.model
    def _remove_bad_values(self, stage, table, columns, before):
        broken = [(column, condition) for column in columns if (condition := self._broken(column))]
        which = SQL(" ").join(
            SQL("WHEN %s THEN %s", condition, index) for index, (_column, condition) in enumerate(broken))
        value = SQL(" ").join(
            SQL("WHEN %s THEN %s::text", condition, SQL.identifier('staged', column.name))
            for column, condition in broken)
        self.env.cr.execute(SQL(
            "DELETE FROM %s AS staged WHERE line > %s AND (%s) RETURNING line - %s, %s, CASE %s END, CASE %s END",
            SQL.identifier(stage), before, SQL(" OR ").join(condition for _column, condition in broken), before,
            self._reference(table), which, value))
        return [
            (line, reference or '', self._reason(broken[index][0], value))
            for line, reference, index, value in self.env.cr.fetchall()
        ]

    @api.model
    def _broken(self, column):
        """The condition that a staged value breaks the rules of its column, or ``None`` when it has none."""
        value = SQL.identifier('staged', column.name)
        conditions = []
        if column.required:
            conditions.append(SQL("%s IS NULL", value))
        if column.type.check:
            # The check holds for what is known; it stays NULL, and so refuses nothing, for what is not.
            check = column.type.check.replace('{}', '%s')
            conditions.append(SQL("NOT (%s)", SQL(check, *[value] * column.type.check.count('{}'))))
        elif column.type.sql_type == 'varchar':
            conditions.append(SQL("%s !~ %s", value, column.type.pattern))
        return SQL("(%s)", SQL(" OR ").join(conditions)) if conditions else None

    @api.model
    def _remove_bad_accounts(self, run, stage, table, before):
        """Rows of accounts that were not pulled, and second rows of an account."""
        known = SQL("SELECT FROM %s AS account WHERE account.account_id = staged.account_id", self._universe(run))
        return self._remove_strangers(
            stage, table, before, SQL("NOT EXISTS (%s)", known),
            self.env._("this account is not among those that were pulled")
        ) + self._remove_doubles(stage, table, before, ('account_id',), self.env._("this account is there twice"))

    @api.model
    def _remove_strangers(self, stage, table, before, is_stranger, reason):
        """Rows of the new batch that are about something that was not pulled."""
        self.env.cr.execute(SQL(
            "DELETE FROM %s AS staged WHERE line > %s AND (%s) RETURNING staged.line - %s, %s",
            SQL.identifier(stage), before, is_stranger, before, self._reference(table)))
        return [(line, reference, reason) for line, reference in self.env.cr.fetchall()]

    @api.model
    def _remove_doubles(self, stage, table, before, key, reason):
        """Rows of the new batch that are about what a row before them is about; the first one stays."""
        same = SQL(" AND ").join(
            # Nothing is the same as nothing here, and a comparison of numbers can be hashed.
            SQL("COALESCE(%s, 0) = COALESCE(%s, 0)" if name.endswith('_id') else
                "COALESCE(%s, '') = COALESCE(%s, '')" if name == 'subject' else "%s = %s",
                SQL.identifier('first', name), SQL.identifier('staged', name))
            for name in key)
        self.env.cr.execute(SQL(
            """
            DELETE FROM %(stage)s AS staged WHERE line > %(before)s
               AND EXISTS (SELECT FROM %(stage)s AS first WHERE %(same)s AND first.line < staged.line)
            RETURNING staged.line - %(before)s, %(reference)s
            """, stage=SQL.identifier(stage), before=before, same=same, reference=self._reference(table)))
        return [(line, reference, reason) for line, reference in self.env.cr.fetchall()]
