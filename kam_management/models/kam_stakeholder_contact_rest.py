"""Recorded contacts that lost their origin: whatever else tells of them keeps them, and what nothing tells of goes.

Several traces fold into one contact, which names one of them. When that one is undone, cancelled, deleted or bounced,
the others have long been read: so all sources are asked again, for these people and these days alone.
"""
from datetime import datetime, time, timedelta

from odoo import api, models
from odoo.tools import SQL

# A moment is of another day elsewhere.
AROUND = timedelta(days=2)


class KamStakeholderContact(models.Model):
    _inherit = 'kam.stakeholder.contact'

    @api.model
    def _kam_rest(self, lost, now, first):
        """Give these contacts another origin, or delete them.

        :param lost: ids of contacts
        """
        if not lost:
            return
        self.env.cr.execute(SQL(
            "SELECT array_agg(DISTINCT contact_id), min(date), max(date) FROM kam_stakeholder_contact"
            " WHERE id = ANY(%s)", lost))
        people, start, stop = self.env.cr.fetchone()
        if not start:
            return
        self.env.cr.execute(SQL(
            """
            WITH lost AS MATERIALIZED (
                SELECT id, contact_id, date, channel FROM kam_stakeholder_contact WHERE id = ANY(%(lost)s)
            ), trace AS MATERIALIZED (
                SELECT * FROM (%(traces)s) AS every WHERE every.person = ANY(%(people)s)
            ), placed AS (%(placed)s), kept AS (
                SELECT lost.id,
                       CASE WHEN min(direction) = max(direction) THEN min(direction) ELSE 'both' END AS direction,
                       (array_agg(source ORDER BY source, origin))[1] AS source,
                       (array_agg(model ORDER BY source, origin))[1] AS model,
                       (array_agg(origin ORDER BY source, origin))[1] AS origin,
                       (array_agg(colleague ORDER BY source, origin) FILTER (WHERE colleague IS NOT NULL))[1]
                           AS colleague
                  FROM lost
                  JOIN placed ON placed.contact = lost.contact_id AND placed.on_day = lost.date
                             AND placed.channel = lost.channel
                 GROUP BY lost.id
            ), saved AS (
                UPDATE kam_stakeholder_contact AS known
                   SET source = kept.source, origin_model = kept.model, origin_id = kept.origin,
                       user_id = kept.colleague, direction = kept.direction, write_date = now() AT TIME ZONE 'UTC'
                  FROM kept WHERE known.id = kept.id
            )
            DELETE FROM kam_stakeholder_contact AS gone
             WHERE gone.id IN (SELECT id FROM lost) AND gone.id NOT IN (SELECT id FROM kept)
            """,
            lost=lost, people=people, placed=self._kam_placed(),
            traces=self._kam_every_trace(
                people, now, first, datetime.combine(start, time()) - AROUND, datetime.combine(stop, time()) + AROUND)))
        self.invalidate_model()

    @api.model
    def _kam_every_trace(self, people, now, first, start, stop):
        """The traces of all sources that may be of these people between two moments, each with its source, as SQL."""
        self.env.cr.execute(SQL(
            "SELECT min(id) - 1, max(id) FROM mail_message WHERE date BETWEEN %s AND %s", start, stop))
        before, last = self.env.cr.fetchone()
        sources = {
            'meeting': self._kam_meetings(now, start, SQL(
                "SELECT event_id FROM calendar_attendee WHERE partner_id = ANY(%s)", people)),
            'activity': self._kam_activities(first, start),
            'action': self._kam_actions(start, SQL(
                "SELECT action_id FROM kam_action_res_partner_rel WHERE partner_id = ANY(%s)", people)),
            'email': self._kam_messages(before or 0, last or 0, start),
        }
        return SQL(" UNION ALL ").join(
            SQL("SELECT %s::varchar AS source, one.* FROM (%s) AS one", source, traces)
            for source, traces in sources.items())
