"""From the records of a source to answers, requests, and what does not count.

Per source and company one pass: its rows go into a temporary table, where each meets its contact, its account and what
was taken of it before; statements over that table do the rest. Past the ORM: a first pass may find a hundred thousands
of answers. A pass reads what changed since the last one; once a day, after a change of the source, and when somebody
asks for it, it reads everything. Running it twice changes nothing.

| the record | what becomes of it |
| --- | --- |
| is new and fits | an answer, with the kind and the scale of the source as they are today |
| is new and does not fit | a refusal with its reason, for as long as it holds |
| changed after it was taken | what changed is judged anew; if it fits, the answer follows |
| changed so that it does not fit, or is no answer any longer | the answer is archived, and the refusal says so |
| fits again | the answer counts again |
| was deleted, with its survey or its app | the answer stays: it was given |
| its answer was archived by hand | it stays archived |

Passes of one company wait for nothing: the later one leaves it to the other.
"""
import logging
from datetime import timedelta

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from psycopg2 import Error
from psycopg2.errors import SerializationFailure

from .kam_satisfaction_response import OWN_SCALE

_logger = logging.getLogger(__name__)
# What changed may be committed later than it was written, and clocks differ.
OVERLAP = timedelta(days=1)
FULL = timedelta(days=1)
# First key of the locks that keep two passes of a company apart; the second is the company.
LOCK = 19_051_105


class KamSatisfactionSource(models.Model):
    _inherit = 'kam.satisfaction.source'

    @api.model
    def _collect_all(self):
        """Collect for every company, each kept by itself. Called by the cron."""
        companies = self.env['res.company'].search([])
        in_cron = bool(self.env.context.get('ir_cron_progress_id'))
        for number, company in enumerate(companies, start=1):
            try:
                self._collect(company)
            except SerializationFailure:
                # A run collected the same at this moment: what is left comes with the next pass.
                if not in_cron:
                    raise
                self.env.cr.rollback()
            if in_cron:
                self.env['ir.cron']._commit_progress(1, remaining=len(companies) - number)

    @api.model
    def _collect(self, company, full=False):
        """Take over, for a company, what the active sources have to say.

        A source that can't be read says so and does not keep the others from being read.

        :param bool full: read everything, not only what changed since the last time
        :return: how many answers were added or changed; False when somebody else is collecting
        """
        # In sudo: the worker's user and the cron need no right on what is read. System administrators said what that
        # is (see `_refuse_definition`), and who may read what came of it is said by the rules of the answers.
        sources = self.sudo().with_context(active_test=True, allowed_company_ids=company.ids)
        self.env.cr.execute(SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK, company.id))
        if not self.env.cr.fetchone()[0]:
            return False
        self.env.flush_all()
        # Room for sorting a first pass in memory; a plan compiled for this machine costs more than it saves.
        self.env.cr.execute("SET LOCAL work_mem = '64MB'; SET LOCAL jit = off")
        number = 0
        for source in self.sudo() or sources.search([('company_id', 'in', [False, company.id])]):
            if source.active and source.state == 'available':
                number += source.with_env(sources.env)._collect_safely(company, full)
        return number

    def _collect_safely(self, company, full):
        try:
            with self.env.cr.savepoint():
                number = self._collect_source(company, full)
                if self.failure:
                    self.failure = False
                return number
        except SerializationFailure:
            raise
        except (Error, ValueError, UserError) as error:
            # E.g. a domain on a field that can't be searched: a mistake of one source, told there.
            _logger.warning("The source of answers %s can't be read: %s", self.display_name, error)
            self.env.invalidate_all(flush=False)
            self.failure = str(error).strip().splitlines()[0]
            return 0

    def _collect_source(self, company, full=False):
        mark = self._mark(company)
        now = self.env.cr.now()
        full = (full or not mark.full_date or mark.full_date <= self.defined_on or now - mark.full_date >= FULL)
        since = None if full else mark.date - OVERLAP
        # Answers follow their records, not the definition: what changed before it was defined anew stays as it was.
        changed_after = mark.date and max(mark.date - OVERLAP, self.defined_on)
        self._fill_found(company, since, changed_after)
        if changed_after:
            self._add_withdrawn(company, changed_after)
        number = self._put_answers(company) + self._put_changes()
        self._put_refusals(company, full)
        self.env.cr.execute("DROP TABLE kam_found")
        self._collect_requests(company, since, changed_after)
        mark.write({'date': now, **({'full_date': now} if full else {})})
        self.env['kam.satisfaction.response'].invalidate_model()
        self.env['kam.satisfaction.refusal'].invalidate_model()
        self.env['kam.satisfaction.request'].invalidate_model()
        return number

    def _mark(self, company):
        marks = self.env['kam.satisfaction.mark']
        values = {'source_id': self.id, 'company_id': company.id}
        return marks.search([(name, '=', value) for name, value in values.items()]) or marks.create(values)

    # ------------------------------------------------------------------ whose
    def _placed(self, rows, company):
        """Rows of contacts with the person, the organisation and the account that each stands for, in a company.

        A named person is who answered. Of a company, or of an address without a name, only the organisation is known.
        """
        own = self.env['kam.sync'].sudo()._excluded_partners()
        return SQL(
            """
            SELECT found.*, organisation.id AS organisation, account.id AS account,
                   CASE WHEN partner.is_company IS NOT TRUE AND trim(partner.name) != '' THEN partner.id END AS person,
                   (ARRAY[partner.id, partner.commercial_partner_id, organisation.id, account.id]
                    && %(own)s::int[]) AS ours
              FROM (%(rows)s) AS found
              LEFT JOIN res_partner partner ON partner.id = found.partner
              LEFT JOIN res_partner organisation ON organisation.id = CASE
                        WHEN partner.is_company OR partner.is_key_account THEN partner.id
                        ELSE COALESCE(partner.parent_id, partner.id) END
              LEFT JOIN res_partner account ON account.id = organisation.kam_account_id
             WHERE COALESCE(found.company, %(default)s, partner.company_id, organisation.company_id,
                            account.kam_company_id, account.company_id,
                            (SELECT min(id) FROM res_company WHERE active)) = %(company)s
            """,
            rows=rows, own=own, company=company.id,
            default=SQL("%s", self.company_id.id) if self.company_id else SQL("NULL::integer"))

    # ------------------------------------------------------------------ what was found
    def _fill_found(self, company, since, changed_after):
        """Lay out what is new or changed in a table of its own, each record with its answer and its reason."""
        # Another app may add to the rows and reasons; columns of the source go in as constants.
        placed = self._placed(self._answer_rows(company, since, changed_after), company)
        moment = self.kind == 'moment'
        value = SQL("CASE WHEN found.given >= %s THEN 1 ELSE 0 END", self.favourable_from) if moment \
            else SQL("found.given")
        self.env.cr.execute(SQL(
            """
            CREATE TEMPORARY TABLE kam_found ON COMMIT DROP AS
            WITH met AS (
                SELECT found.*, %(value)s AS value, response.id AS response,
                       response.source_id IS NOT NULL AND response.source_id != %(source)s AS taken,
                       COALESCE(response.source_id = %(source)s, FALSE) AS mine,
                       response.id IS NULL OR found.given IS DISTINCT FROM
                           COALESCE(response.origin_value, response.value::float8) AS value_changed,
                       response.id IS NULL OR found.day IS DISTINCT FROM response.date AS day_changed,
                       response.id IS NULL OR (found.partner IS NOT NULL AND (
                           found.person IS DISTINCT FROM response.contact_id
                           OR found.person IS NULL AND found.organisation != response.organisation_id)) AS who_changed,
                       response.id IS NULL OR md5(found.words) IS DISTINCT FROM response.origin_comment
                           AS words_changed,
                       CASE WHEN %(own_scale)s THEN COALESCE(response.scale_min::float8, %(scale_min)s)
                            ELSE %(scale_min)s END AS lowest,
                       CASE WHEN %(own_scale)s THEN COALESCE(response.scale_max::float8, %(scale_max)s)
                            ELSE %(scale_max)s END AS highest
                  FROM (%(placed)s) AS found
                  LEFT JOIN kam_satisfaction_response response
                    ON response.origin_model = %(model)s AND response.origin_id = found.origin_id
                 WHERE response.id IS NULL OR response.source_id IS NULL OR response.source_id != %(source)s
                    OR (found.fresh AND response.kind = %(kind)s)
            )
            SELECT met.*, CASE
                       WHEN taken THEN 'taken'
                       WHEN response IS NOT NULL AND NOT mine THEN NULL
                       WHEN refused IS NOT NULL AND (value_changed OR response IS NULL) THEN refused
                       WHEN value_changed AND given IS NULL THEN 'no_value'
                       WHEN value_changed AND NOT given BETWEEN lowest AND highest THEN 'out_of_scale'
                       WHEN value_changed AND %(whole)s AND given != round(given) THEN 'not_whole'
                       WHEN day_changed AND day IS NULL THEN 'no_date'
                       WHEN day_changed AND day > %(today)s THEN 'future'
                       WHEN who_changed AND partner IS NULL THEN 'no_contact'
                       WHEN who_changed AND ours THEN 'ours'
                       WHEN who_changed AND account IS NULL THEN 'no_account'
                   END::varchar AS reason
              FROM met
            """,
            placed=placed, value=value, source=self.id, model=self.model_name, kind=self.kind,
            own_scale=self.kind == OWN_SCALE, whole=self.kind in ('nps', 'csat'), scale_min=self.scale_min,
            scale_max=self.scale_max, today=company._kam_today()))

    def _add_withdrawn(self, company, changed_after):
        """Answers whose record is still there, changed, and is no answer any longer.

        Not those of somebody who was deleted: their record lost them too, and what they said still counts.
        """
        self.env.cr.execute(SQL(
            """
            INSERT INTO kam_found (
                   origin_id, response, mine, taken, fresh, day, given, partner, person, account, reason)
            SELECT origin_id, id, TRUE, FALSE, TRUE, date, origin_value, contact_id, contact_id, partner_id, 'withdrawn'
              FROM kam_satisfaction_response
             WHERE source_id = %(source)s AND company_id = %(company)s AND origin_model = %(model)s AND active
               AND former_contact IS NULL AND origin_id IN %(changed)s AND origin_id NOT IN %(answers)s
            """,
            source=self.id, company=company.id, model=self.model_name, answers=self._answer_ids(),
            changed=self._changed_ids(self.model_name, changed_after)))

    # ------------------------------------------------------------------ writing: answers
    def _put_answers(self, company):
        """New answers, and those that lost their source, as when it was deleted and made anew.

        Nobody is noted as their creator: that is two foreign keys less to check, of the eight that take most of the
        time of a first pass.
        """
        moment = self.kind == 'moment'
        self.env.cr.execute(SQL(
            """
            INSERT INTO kam_satisfaction_response (
                   contact_id, organisation_id, partner_id, company_id, date, kind, value, scale_min, scale_max,
                   good_end, touchpoint_id, comment, origin_comment, origin_model, origin_id, origin_value, source_id,
                   active, create_date, write_date)
            SELECT person, organisation, account, %(company)s, day, %(kind)s, value, %(scale_min)s, %(scale_max)s,
                   %(good_end)s, %(touchpoint)s, words, md5(words), %(model)s, origin_id, given, %(source)s, TRUE,
                   now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
              FROM kam_found
             WHERE response IS NULL AND reason IS NULL
             ORDER BY day, origin_id
            ON CONFLICT (origin_model, origin_id) DO NOTHING
            """,
            company=company.id, kind=self.kind, scale_min=0 if moment else self.scale_min,
            scale_max=1 if moment else self.scale_max, good_end=self.good_end, touchpoint=self.touchpoint_id.id or None,
            model=self.model_name, source=self.id))
        number = self.env.cr.rowcount
        self.env.cr.execute(SQL(
            """
            UPDATE kam_satisfaction_response response
               SET source_id = %(source)s, origin_value = COALESCE(origin_value, found.given)
              FROM kam_found found WHERE response.id = found.response AND response.source_id IS NULL
            """, source=self.id))
        return number

    def _put_changes(self):
        """What changed where it was given, and what counts again. People's archiving and their words stay."""
        self.env.cr.execute(SQL(
            """
            UPDATE kam_satisfaction_response response
               SET value = CASE WHEN value_changed THEN found.value ELSE response.value END,
                   origin_value = CASE WHEN value_changed THEN found.given ELSE response.origin_value END,
                   date = CASE WHEN day_changed THEN found.day ELSE response.date END,
                   contact_id = CASE WHEN who_changed THEN found.person ELSE response.contact_id END,
                   organisation_id = CASE WHEN who_changed THEN found.organisation ELSE response.organisation_id END,
                   partner_id = CASE WHEN who_changed THEN found.account ELSE response.partner_id END,
                   comment = CASE WHEN words_changed AND partner IS NOT NULL THEN words ELSE response.comment END,
                   origin_comment = CASE WHEN words_changed AND partner IS NOT NULL THEN md5(words)
                                         ELSE response.origin_comment END,
                   active = response.active OR COALESCE(refusal.withdrew, FALSE),
                   write_uid = %(system)s, write_date = now() AT TIME ZONE 'UTC'
              FROM kam_found found
              LEFT JOIN kam_satisfaction_refusal refusal
                ON refusal.source_id = %(source)s AND refusal.origin_model = %(model)s
               AND refusal.origin_id = found.origin_id
             WHERE response.id = found.response AND mine AND found.reason IS NULL
               AND (value_changed OR day_changed OR who_changed OR words_changed AND partner IS NOT NULL
                    OR refusal.withdrew)
            """, source=self.id, model=self.model_name, system=SUPERUSER_ID))
        return self.env.cr.rowcount

    # ------------------------------------------------------------------ writing: what does not count
    def _put_refusals(self, company, full):
        """Say of each record why it does not count; archive what counted before; drop reasons that are gone.

        The number is kept beside a person's name only: of anybody else it would tell an anonymous answer.
        """
        known = {'source': self.id, 'model': self.model_name, 'company': company.id, 'system': SUPERUSER_ID}
        self.env.cr.execute(SQL(
            """
            INSERT INTO kam_satisfaction_refusal AS known (
                   source_id, company_id, origin_model, origin_id, reason, date, value, contact_id, partner_id,
                   withdrew, create_uid, write_uid, create_date, write_date)
            SELECT %(source)s, %(company)s, %(model)s, found.origin_id, reason, day,
                   CASE WHEN person IS NOT NULL THEN given END, partner, account, mine,
                   %(system)s, %(system)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
              FROM kam_found found
              LEFT JOIN kam_satisfaction_response response ON response.id = found.response
             WHERE reason IS NOT NULL AND (NOT mine OR response.active)
            ON CONFLICT (source_id, origin_model, origin_id) DO UPDATE
               SET reason = excluded.reason, date = excluded.date, value = excluded.value,
                   contact_id = excluded.contact_id, partner_id = excluded.partner_id,
                   company_id = excluded.company_id, withdrew = known.withdrew OR excluded.withdrew,
                   write_date = excluded.write_date
             WHERE (known.reason, known.date, known.value, known.contact_id, known.partner_id, known.company_id)
                   IS DISTINCT FROM (excluded.reason, excluded.date, excluded.value, excluded.contact_id,
                                     excluded.partner_id, excluded.company_id)
                OR excluded.withdrew AND NOT known.withdrew
            """, **known))
        self.env.cr.execute(SQL(
            """
            UPDATE kam_satisfaction_response response
               SET active = FALSE, write_uid = %(system)s, write_date = now() AT TIME ZONE 'UTC'
              FROM kam_found found
             WHERE response.id = found.response AND mine AND reason IS NOT NULL AND response.active
            """, **known))
        # Of a full pass everything that is not found any longer goes too: deleted, or left out by the source of today.
        self.env.cr.execute(SQL(
            """
            DELETE FROM kam_satisfaction_refusal refusal
             WHERE source_id = %(source)s AND company_id = %(company)s AND reason NOT IN ('archived', 'not_scored')
               AND (%(full)s AND NOT withdrew AND NOT EXISTS (
                        SELECT FROM kam_found found
                         WHERE found.origin_id = refusal.origin_id AND found.reason IS NOT NULL
                           AND refusal.origin_model = %(model)s)
                    OR origin_model = %(model)s AND EXISTS (
                        SELECT FROM kam_found found WHERE found.origin_id = refusal.origin_id AND found.reason IS NULL))
            """, full=full, **known))

    # ------------------------------------------------------------------ writing: requests
    def _collect_requests(self, company, since, changed_after):
        """Who was asked, and who of them answered. Written by Odoo alone, so it follows the records.

        Where a source is archived, the next one of the same records takes its requests over.
        """
        rows = self._request_rows(company, since)
        if rows is None:
            return
        known = {'source': self.id, 'model': self._request_model(), 'company': company.id, 'system': SUPERUSER_ID,
                 'today': company._kam_today()}
        self.env.cr.execute(SQL(
            """
            CREATE TEMPORARY TABLE kam_asked ON COMMIT DROP AS
            SELECT * FROM (%(placed)s) AS placed
             WHERE account IS NOT NULL AND ours IS NOT TRUE AND day <= %(today)s
            """, placed=self._placed(rows, company), **known))
        self.env.cr.execute(SQL(
            """
            INSERT INTO kam_satisfaction_request AS known (
                   contact_id, organisation_id, partner_id, company_id, date, answered_on, source_id, origin_model,
                   origin_id, active, create_date, write_date)
            SELECT person, organisation, account, %(company)s, day, answered_on, %(source)s, %(model)s, origin_id, TRUE,
                   now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
              FROM kam_asked
             ORDER BY day, origin_id
            ON CONFLICT (origin_model, origin_id) DO UPDATE
               SET date = excluded.date, answered_on = excluded.answered_on, active = TRUE,
                   source_id = excluded.source_id, write_date = excluded.write_date
             WHERE (known.source_id IS NULL OR known.source_id = excluded.source_id OR NOT EXISTS (
                        SELECT FROM kam_satisfaction_source other WHERE other.id = known.source_id AND other.active))
               AND (known.date, known.answered_on, known.active, known.source_id) IS DISTINCT FROM
                   (excluded.date, excluded.answered_on, TRUE, excluded.source_id)
            """, **known))
        self.env.cr.execute(SQL(
            """
            UPDATE kam_satisfaction_request request
               SET contact_id = person, organisation_id = organisation, partner_id = account
              FROM kam_asked asked
             WHERE request.origin_model = %(model)s AND request.origin_id = asked.origin_id
               AND request.source_id = %(source)s AND person IS DISTINCT FROM request.contact_id
               AND request.former_contact IS NULL
            """, **known))
        if changed_after:
            self.env.cr.execute(SQL(
                """
                UPDATE kam_satisfaction_request request
                   SET active = FALSE, write_uid = %(system)s, write_date = now() AT TIME ZONE 'UTC'
                 WHERE source_id = %(source)s AND company_id = %(company)s AND origin_model = %(model)s AND active
                   AND origin_id IN %(changed)s AND origin_id NOT IN (SELECT origin_id FROM kam_asked)
                   AND former_contact IS NULL
                """, changed=self._changed_ids(self._request_model(), changed_after), **known))
        self.env.cr.execute("DROP TABLE kam_asked")

    # ------------------------------------------------------------------ by hand
    def action_collect(self):
        """Read everything again now, for the companies that the reader is in."""
        self.check_access('write')
        waiting = self.filtered(lambda source: not source.active)[:1]
        if waiting:
            raise UserError(self.env._("Activate “%(name)s” first: an archived source is not read.",
                                       name=waiting.name))
        number = sum(self._collect(company, full=True) for company in self.env.companies)
        failed = self.filtered('failure')[:1]
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification',
            'params': {
                'type': 'danger' if failed else 'success',
                'message': failed.failure or self.env._("%(number)s answers are new or changed.", number=number),
                'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'},
            },
        }
