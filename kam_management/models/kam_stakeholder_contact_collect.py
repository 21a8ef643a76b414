"""What Odoo records by itself: contacts in meetings that took place, e-mails, done activities and done actions.

A cron reads what has happened since the last time (`_kam_collect`). Nothing hangs in the sending of a mail or the
saving of a meeting, so nothing of this can slow or stop them, and what was imported or done while the cron stood still
is found as well. Running it twice changes nothing.

Each source is one statement. It lists *traces* (who, when, how, from what), folds those of one person, day and channel,
writes what is missing, and names what an origin no longer supports. That is taken back in the end, unless another
trace tells of it (`kam_stakeholder_contact_rest.py`). Past the ORM: a first run reads a year, and record rules have
nothing to say to what Odoo does itself.
"""
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

# What is older than this when contacts are first recorded is left where it is.
REACH = timedelta(days=400)
# What changed may be committed later than it was written, and clocks differ.
OVERLAP = timedelta(days=1)
# Messages are read in slices, and the last ones again: they may have been sent, or committed, since.
SLICE = 20000
AGAIN = 10000
# Meetings that ended within so many days are looked at again, whatever changed: their attendees answer, or are merged.
RECENT = timedelta(days=30)
# Actions in which people of both sides meet.
MET = ('visit', 'sponsor', 'negotiation', 'event', 'cocreation', 'training')
# What is written there belongs to the meeting itself, or is a conversation among colleagues.
NOT_MAIL = ('calendar.event', 'discuss.channel', 'mail.activity')

# E-mails that did not arrive. Those that wait to be sent count; they are taken back if they fail.
FAILED = ('bounce', 'exception', 'canceled')


class KamStakeholderContact(models.Model):
    _inherit = 'kam.stakeholder.contact'

    @api.model
    def _kam_collect(self):
        """Record the contacts since the last time. Called by the cron."""
        mark = self.env['kam.contact.mark'].sudo()._get()
        now = fields.Datetime.now()
        first = now - REACH
        since = mark.date - OVERLAP if mark.date else first
        self.env.flush_all()
        meetings, actions = self._kam_meetings_seen(since, now), self._kam_actions_seen(since)
        lost = self._kam_put('meeting', self._kam_meetings(now, first, meetings), meetings)
        self._kam_put('activity', self._kam_activities(since, first))
        lost += self._kam_put('action', self._kam_actions(first, actions), actions)
        lost += self._kam_bounced(now)
        self._kam_rest(lost, now, first)
        self._kam_collect_messages(mark, first)
        mark.date = now

    @api.model
    def _kam_collect_messages(self, mark, first):
        """In slices, each kept: a first run over many messages goes on where it was stopped."""
        self.env.cr.execute(SQL("SELECT max(id) FROM mail_message"))
        last = self.env.cr.fetchone()[0] or 0
        if mark.message_id:
            start = max(mark.message_id - AGAIN, 0)
        else:
            self.env.cr.execute(SQL("SELECT min(id) - 1 FROM mail_message WHERE date >= %s", first))
            start = self.env.cr.fetchone()[0] or 0
        while start < last:
            stop = min(start + SLICE, last)
            self._kam_put('email', self._kam_messages(start, stop, first))
            start = mark.message_id = stop
            if self.env.context.get('ir_cron_progress_id'):
                self.env['ir.cron']._commit_progress(1, remaining=-(-(last - stop) // SLICE))

    # ------------------------------------------------------------------ writing
    @api.model
    def _kam_put(self, source, traces, seen=None):
        """Write the traces of a source, once per person, day and channel.

        :param SQL traces: rows of person, moment (UTC) or day, channel, direction, model, id, user, company
        :param SQL seen: ids of the origins that were looked at
        :return: ids of the contacts that these origins do not support any longer
        """
        seen = seen or SQL("SELECT NULL::integer AS id WHERE FALSE")
        self.env.cr.execute(SQL(
            """
            WITH trace AS MATERIALIZED (%(traces)s), placed AS (%(placed)s), folded AS (
                SELECT contact, our_company, on_day, channel, min(organisation) AS organisation,
                       min(account) AS account,
                       CASE WHEN min(direction) = max(direction) THEN min(direction) ELSE 'both' END AS direction,
                       (array_agg(model ORDER BY origin))[1] AS model, min(origin) AS origin,
                       (array_agg(colleague ORDER BY origin) FILTER (WHERE colleague IS NOT NULL))[1] AS colleague
                  FROM placed
                 GROUP BY contact, our_company, on_day, channel
            ), put AS (
                INSERT INTO kam_stakeholder_contact AS known (
                       contact_id, organisation_id, partner_id, company_id, date, channel, direction, source,
                       origin_model, origin_id, user_id, active, create_uid, write_uid, create_date, write_date)
                SELECT contact, organisation, account, our_company, on_day, channel, direction, %(source)s, model,
                       origin, colleague, TRUE, %(system)s, %(system)s, now() AT TIME ZONE 'UTC',
                       now() AT TIME ZONE 'UTC'
                  FROM folded
                 ORDER BY on_day, contact
                ON CONFLICT (contact_id, company_id, date, channel) DO UPDATE
                   SET direction = 'both', write_date = excluded.write_date
                 WHERE known.source != 'hand' AND known.direction != 'both' AND known.direction != excluded.direction
            )
            SELECT contact.id
              FROM kam_stakeholder_contact contact
              JOIN (%(seen)s) AS seen ON seen.id = contact.origin_id
             WHERE contact.source = %(source)s AND contact.contact_id IS NOT NULL
               AND NOT EXISTS (SELECT FROM folded
                                WHERE folded.contact = contact.contact_id AND folded.on_day = contact.date
                                  AND folded.channel = contact.channel)
            """,
            traces=traces, placed=self._kam_placed(), seen=seen, source=source, system=SUPERUSER_ID))
        lost = [number for (number,) in self.env.cr.fetchall()]
        self.invalidate_model()
        return lost

    @api.model
    def _kam_placed(self):
        """The rows of `trace` with the account and the day that they count for, as SQL."""
        return SQL(
            """
                SELECT person.id AS contact, trace.*, person.kam_account_id AS account,
                       CASE WHEN person.is_key_account THEN person.id
                            ELSE COALESCE(person.parent_id, person.id) END AS organisation,
                       company.id AS our_company,
                       COALESCE(trace.day, (trace.moment AT TIME ZONE 'UTC'
                                            AT TIME ZONE COALESCE(ours.tz, 'UTC'))::date) AS on_day
                  FROM trace
                  JOIN res_partner person ON person.id = trace.person
                  JOIN res_company company ON company.id = COALESCE(
                       person.company_id, trace.company, (SELECT min(id) FROM res_company WHERE active))
                  JOIN res_partner ours ON ours.id = company.partner_id
                 WHERE %(is_person)s
            """, is_person=self._kam_is_person())

    @api.model
    def _kam_is_person(self):
        """Somebody with a name, who works at a customer: no company, no address, nobody of ours."""
        return SQL("""
            person.is_company IS NOT TRUE AND trim(person.name) != '' AND COALESCE(person.type, 'contact') = 'contact'
            AND person.kam_account_id IS NOT NULL AND (person.parent_id IS NOT NULL OR person.is_key_account)
            AND NOT EXISTS (SELECT FROM res_users colleague
                             WHERE colleague.partner_id = person.id AND colleague.share IS NOT TRUE)
            AND NOT EXISTS (SELECT FROM res_company own
                             WHERE own.partner_id IN (person.parent_id, person.kam_account_id,
                                                      person.commercial_partner_id))
        """)

    # ------------------------------------------------------------------ meetings
    @api.model
    def _kam_meetings(self, now, first, seen):
        """People of customers who did not decline a meeting that has ended and in which somebody of us took part."""
        return SQL(
            """
            SELECT attendee.partner_id AS person, event.start AS moment,
                   CASE WHEN event.allday THEN event.start_date END AS day,
                   'meeting'::varchar AS channel, 'both'::varchar AS direction,
                   'calendar.event'::varchar AS model, event.id AS origin,
                   ours.id AS colleague, ours.company_id AS company
              FROM calendar_event event
              JOIN calendar_attendee attendee
                ON attendee.event_id = event.id AND attendee.state IS DISTINCT FROM 'declined'
              JOIN LATERAL (
                       SELECT organiser.id, organiser.company_id, 0 AS place
                         FROM res_users organiser
                        WHERE organiser.id = event.user_id AND organiser.share IS NOT TRUE
                          AND NOT EXISTS (SELECT FROM calendar_attendee own
                                           WHERE own.event_id = event.id AND own.partner_id = organiser.partner_id
                                             AND own.state = 'declined')
                    UNION ALL
                       SELECT colleague.id, colleague.company_id, 1
                         FROM calendar_attendee own
                         JOIN res_users colleague ON colleague.partner_id = own.partner_id
                        WHERE own.event_id = event.id AND own.state IS DISTINCT FROM 'declined'
                          AND colleague.share IS NOT TRUE
                     ORDER BY place, id LIMIT 1
                   ) AS ours ON TRUE
             WHERE event.active AND event.stop <= %(now)s AND event.stop > %(first)s
               AND event.id IN (%(seen)s)
            """,
            now=now, first=first, seen=seen)

    @api.model
    def _kam_meetings_seen(self, since, now):
        """Meetings that have ended, or changed, since; and those that somebody deleted."""
        recent = min(since, now - RECENT)
        return SQL(
            """
            SELECT id FROM calendar_event WHERE stop > %(recent)s OR write_date > %(since)s
             UNION
            SELECT event_id FROM calendar_attendee WHERE write_date > %(since)s
             UNION
            SELECT deleted.origin_id FROM kam_stakeholder_contact deleted
             WHERE deleted.source = 'meeting' AND deleted.date > %(recent)s
               AND NOT EXISTS (SELECT FROM calendar_event event WHERE event.id = deleted.origin_id)
            """,
            recent=recent, since=since)

    # ------------------------------------------------------------------ e-mails
    @api.model
    def _kam_messages(self, start, stop, first):
        """What a person of ours wrote to people of customers, and what these wrote.

        Outgoing: those to whom it was sent as an e-mail, unless it failed. Only what somebody typed: mailings, notices
        and automatic answers are of other types, and notes are internal.
        """
        return SQL(
            """
            WITH message AS MATERIALIZED (
                SELECT message.id, message.date, message.author_id, message.record_company_id, message.parent_id,
                       (SELECT min(author.id) FROM res_users author
                         WHERE author.partner_id = message.author_id AND author.share IS NOT TRUE) AS writer
                  FROM mail_message message
                 WHERE message.id > %(start)s AND message.id <= %(stop)s
                   AND message.date > %(first)s AND message.author_id IS NOT NULL
                   AND message.message_type IN ('comment', 'email') AND message.is_internal IS NOT TRUE
                   AND COALESCE(message.model, '') != ALL(%(not_mail)s)
            ), sent AS (
                SELECT message.id, notice.res_partner_id AS person
                  FROM message
                  JOIN mail_notification notice ON notice.mail_message_id = message.id
                 WHERE notice.notification_type = 'email'
                   AND notice.notification_status NOT IN %(failed)s
                UNION
                SELECT message.id, recipient.res_partner_id
                  FROM message
                  JOIN mail_message_res_partner_rel recipient ON recipient.mail_message_id = message.id
                 WHERE NOT EXISTS (SELECT FROM mail_notification notice
                                    WHERE notice.mail_message_id = message.id
                                      AND notice.res_partner_id = recipient.res_partner_id)
            )
            SELECT sent.person, message.date AS moment, NULL::date AS day, 'email'::varchar AS channel,
                   'out'::varchar AS direction, 'mail.message'::varchar AS model, message.id AS origin,
                   message.writer AS colleague, COALESCE(message.record_company_id, writer.company_id) AS company
              FROM message
              JOIN sent ON sent.id = message.id
              JOIN res_users writer ON writer.id = message.writer
             WHERE message.writer != %(system)s
            UNION ALL
            SELECT message.author_id, message.date, NULL, 'email', 'in', 'mail.message', message.id,
                   (SELECT min(answered.id) FROM mail_message parent
                      JOIN res_users answered ON answered.partner_id = parent.author_id
                     WHERE parent.id = message.parent_id AND answered.share IS NOT TRUE
                       AND answered.id != %(system)s),
                   message.record_company_id
              FROM message
             WHERE message.writer IS NULL
            """,
            start=start, stop=stop, first=first, not_mail=list(NOT_MAIL), failed=FAILED,
            system=SUPERUSER_ID)

    @api.model
    def _kam_bounced(self, now):
        """Ids of contacts by a mail of the last days of which it turned out later that it never arrived."""
        self.env.cr.execute(SQL(
            """
            SELECT contact.id FROM kam_stakeholder_contact contact, mail_notification notice
             WHERE contact.source = 'email' AND contact.direction = 'out' AND contact.origin_model = 'mail.message'
               AND contact.date > %(recent)s
               AND notice.mail_message_id = contact.origin_id AND notice.res_partner_id = contact.contact_id
               AND notice.notification_status IN %(failed)s
            """, recent=(now - RECENT).date(), failed=FAILED))
        return [number for (number,) in self.env.cr.fetchall()]

    # ------------------------------------------------------------------ activities and actions
    @api.model
    def _kam_activities(self, since, first):
        """Done calls, meetings and e-mails on a person, or on a record of one; none that has its meeting."""
        email = self.env.ref('mail.mail_activity_data_email', False)
        self.env.cr.execute(SQL(
            "SELECT DISTINCT res_model FROM mail_activity WHERE active IS NOT TRUE AND write_date > %s", since))
        links = [self._kam_people_of(model) for (model,) in self.env.cr.fetchall()]
        links = [link for link in links if link] or [SQL("SELECT NULL::varchar, NULL::integer, NULL::integer")]
        return SQL(
            """
            SELECT linked.person, NULL::timestamp AS moment, activity.date_done AS day,
                   CASE kind.category WHEN 'phonecall' THEN 'call' WHEN 'meeting' THEN 'meeting'
                                      ELSE 'email' END::varchar AS channel,
                   CASE WHEN kind.category IN ('phonecall', 'meeting') THEN 'both' ELSE 'out' END::varchar
                       AS direction,
                   'mail.activity'::varchar AS model, activity.id AS origin, colleague.id AS colleague,
                   colleague.company_id AS company
              FROM mail_activity activity
              JOIN mail_activity_type kind ON kind.id = activity.activity_type_id
              JOIN (%(links)s) AS linked(model, id, person)
                ON linked.model = activity.res_model AND linked.id = activity.res_id
              LEFT JOIN res_users colleague ON colleague.id = COALESCE(activity.user_id, activity.write_uid)
             WHERE activity.active IS NOT TRUE AND activity.calendar_event_id IS NULL
               AND activity.write_date > %(since)s AND activity.date_done > %(first)s
               AND (kind.category IN ('phonecall', 'meeting') OR kind.id = %(email)s)
            """,
            links=SQL(" UNION ALL ").join(links), since=since, first=first.date(), email=email.id if email else 0)

    @api.model
    def _kam_people_of(self, name):
        """Which people the records of a model belong to, as SQL; None for models that name nobody."""
        model = self.env.get(name)
        if name == 'res.partner':
            return SQL("SELECT 'res.partner'::varchar, id, id FROM res_partner")
        if name == 'kam.action':
            return SQL("SELECT 'kam.action'::varchar, action_id, partner_id FROM kam_action_res_partner_rel")
        field = model is not None and model._fields.get('partner_id')
        if name in NOT_MAIL or not field or not field.store or not model._auto or field.comodel_name != 'res.partner':
            return None
        return SQL("SELECT %s::varchar, id, partner_id FROM %s WHERE partner_id IS NOT NULL", name,
                   SQL.identifier(model._table))

    @api.model
    def _kam_actions(self, first, seen):
        """People of done actions in which one meets. Of confidential ones it is not told that they took place."""
        return SQL(
            """
            SELECT people.partner_id AS person, NULL::timestamp AS moment, action.date_done AS day,
                   'meeting'::varchar AS channel, 'both'::varchar AS direction, 'kam.action'::varchar AS model,
                   action.id AS origin, action.owner_id AS colleague, action.company_id AS company
              FROM kam_action action
              JOIN kam_action_kind kind ON kind.id = action.kind_id
              JOIN kam_action_res_partner_rel people ON people.action_id = action.id
             WHERE action.state = 'done' AND action.active AND action.confidentiality = 'company'
               AND kind.code = ANY(%(met)s) AND action.date_done > %(first)s
               AND action.id IN (%(seen)s)
            """,
            met=list(MET), first=first.date(), seen=seen)

    @api.model
    def _kam_actions_seen(self, since):
        return SQL("SELECT id FROM kam_action WHERE write_date > %s", since)
