from odoo import api, fields, models
from odoo.tools import SQL

# A worker that serves the queue asks every few seconds; one that has not for so long is taken for gone.
LATELY = 300  # seconds
# Asking is noted at most this often: polling should not write.
NOTED_EVERY = 60  # seconds


class KamSyncQueue(models.Model):
    """Per company: when a worker last asked for work, and a row that two requests at once have to wait for.

    A row of its own beside the lease: asking for work must not get in the way of a run that renews its lease.
    """
    _name = 'kam.sync.queue'
    _description = "Queue of refreshes"
    _log_access = False

    company_id = fields.Many2one('res.company', required=True, ondelete='cascade')
    asked = fields.Datetime("A worker last asked", readonly=True)
    requests = fields.Integer(readonly=True)

    _company_unique = models.Constraint('UNIQUE(company_id)', "A company has one queue.")

    @api.model
    def _note_asked(self, companies):
        """A worker asks for work of ``companies``; written at most once a minute."""
        self.env.execute_query(SQL(
            """
            INSERT INTO kam_sync_queue (company_id, asked, requests)
            SELECT company, clock_timestamp() AT TIME ZONE 'UTC', 0 FROM unnest(%(companies)s) AS company
             WHERE NOT EXISTS (
                SELECT FROM kam_sync_queue known
                 WHERE known.company_id = company
                   AND known.asked > (clock_timestamp() AT TIME ZONE 'UTC') - %(every)s * interval '1 second')
             ORDER BY company
            ON CONFLICT (company_id) DO UPDATE SET asked = EXCLUDED.asked
            RETURNING id
            """, companies=companies.ids, every=NOTED_EVERY))
        self.invalidate_model()

    @api.model
    def _one_at_a_time(self, company):
        """Of two requests in one moment the second waits here, fails to serialize, and sees the first when Odoo
        repeats it: nothing is queued twice."""
        self.env.execute_query(SQL(
            """
            INSERT INTO kam_sync_queue (company_id, requests) VALUES (%s, 1)
            ON CONFLICT (company_id) DO UPDATE SET requests = COALESCE(kam_sync_queue.requests, 0) + 1
            RETURNING id
            """, company.id))
        self.invalidate_model()

    @api.model
    def _last_asked(self, company):
        """When a worker last asked for work of ``company`` (UTC), or ``False``."""
        return self.search([('company_id', '=', company.id)]).asked

    @api.model
    def _is_served(self, company):
        """Whether a worker is there: it asked for work lately, or is at work in this moment."""
        rows = self.env.execute_query(SQL(
            """
            SELECT EXISTS (
                SELECT FROM kam_sync_queue
                 WHERE company_id = %(company)s
                   AND asked > (clock_timestamp() AT TIME ZONE 'UTC') - %(lately)s * interval '1 second')
                OR EXISTS (
                SELECT FROM kam_sync_lease
                 WHERE company_id = %(company)s AND run_id IS NOT NULL
                   AND expires >= (clock_timestamp() AT TIME ZONE 'UTC'))
            """, company=company.id, lately=LATELY))
        return rows[0][0]
