"""Who may write the scores of a company, and until when.

Session-level advisory locks do not survive from one RPC call to the next (each may be another connection), so the
lease is a row per company: holder, expiry, and a fencing token that grows by one each time the lease changes hands.
"""
from odoo import api, fields, models
from odoo.tools import SQL

DEFAULT_SECONDS = 120


class KamSyncLease(models.Model):
    _name = 'kam.sync.lease'
    _description = "Lease of a refresh"
    _log_access = False

    company_id = fields.Many2one('res.company', required=True, ondelete='cascade')
    run_id = fields.Many2one('kam.sync.run', ondelete='set null')
    owner = fields.Char()
    token = fields.Integer(required=True, default=0)
    expires = fields.Datetime()

    _company_unique = models.Constraint('UNIQUE(company_id)', "A company has one lease.")

    @api.model
    def _seconds(self):
        # The service user may not read system parameters; this one number is no secret.
        value = self.env['ir.config_parameter'].sudo().get_param('kam_management.lease_seconds')
        return int(value) if value and value.isdigit() and int(value) else DEFAULT_SECONDS

    @api.model
    def _take(self, company, owner):
        """Take the lease of ``company`` if it is free or has expired; return its new token, or 0 when it is held.

        One statement: of several that race, the others wait for the row, fail to serialize, and see it held when
        Odoo repeats them.
        """
        rows = self.env.execute_query(SQL(
            """
            INSERT INTO kam_sync_lease (company_id, owner, token, expires)
            VALUES (%(company)s, %(owner)s, 1,
                    (clock_timestamp() AT TIME ZONE 'UTC') + %(seconds)s * interval '1 second')
            ON CONFLICT (company_id) DO UPDATE
               SET owner = EXCLUDED.owner, token = kam_sync_lease.token + 1, expires = EXCLUDED.expires, run_id = NULL
             WHERE kam_sync_lease.run_id IS NULL
                OR kam_sync_lease.expires < (clock_timestamp() AT TIME ZONE 'UTC')
            RETURNING token
            """,
            company=company.id, owner=owner, seconds=self._seconds(),
        ))
        self.invalidate_model()
        return rows[0][0] if rows else 0

    @api.model
    def _held(self, company):
        """``(run_id, owner, token, expires, expired)`` of the lease that is held, or ``None``."""
        rows = self.env.execute_query(SQL(
            """
            SELECT run_id, owner, token, expires, expires < (clock_timestamp() AT TIME ZONE 'UTC')
              FROM kam_sync_lease WHERE company_id = %s AND run_id IS NOT NULL
            """, company.id))
        return rows[0] if rows else None

    @api.model
    def _bind(self, company, token, run):
        self.env.execute_query(SQL(
            "UPDATE kam_sync_lease SET run_id = %s WHERE company_id = %s AND token = %s RETURNING id",
            run.id, company.id, token))
        self.invalidate_model()

    @api.model
    def _hold(self, run, token, renew=False, lock=False):
        """Whether ``run`` holds its company's lease under ``token``; extends it once half of it is spent.

        :param renew: extend it in any case
        :param lock: keep others from taking it over until this transaction ends
        """
        rows = self.env.execute_query(SQL(
            """
            SELECT expires < (clock_timestamp() AT TIME ZONE 'UTC') + %(half)s * interval '1 second'
              FROM kam_sync_lease
             WHERE company_id = %(company)s AND run_id = %(run)s AND token = %(token)s %(lock)s
            """,
            half=self._seconds() / 2, company=run.company_id.id, run=run.id, token=token,
            lock=SQL("FOR UPDATE") if lock else SQL(""),
        ))
        if rows and (renew or rows[0][0]):
            self.env.execute_query(SQL(
                """
                UPDATE kam_sync_lease
                   SET expires = (clock_timestamp() AT TIME ZONE 'UTC') + %s * interval '1 second'
                 WHERE run_id = %s RETURNING id
                """, self._seconds(), run.id))
            self.invalidate_model()
        return bool(rows)

    @api.model
    def _release(self, run):
        """Give the lease of ``run`` back; its token stays, so that the next one is higher."""
        self.env.execute_query(SQL(
            "UPDATE kam_sync_lease SET run_id = NULL, owner = NULL WHERE run_id = %s RETURNING id", run.id))
        self.invalidate_model()

    @api.model
    def _expired_runs(self):
        """Runs still marked as running whose lease has expired or was taken over by another."""
        self.env['kam.sync.run'].flush_model(['state'])
        rows = self.env.execute_query(SQL(
            """
            SELECT run.id FROM kam_sync_run run
             WHERE run.state = 'running' AND NOT EXISTS (
                SELECT FROM kam_sync_lease lease
                 WHERE lease.run_id = run.id AND lease.expires >= (clock_timestamp() AT TIME ZONE 'UTC'))
            """))
        return self.env['kam.sync.run'].browse(row[0] for row in rows)
