"""Answers of accounts that no figures are computed of: told among what does not count, after each refresh.

The universe of a refresh are accounts with a document, key accounts and candidates. Answers alone don't make one: who
was only asked is not compared with who buys.
"""
from odoo import api, models
from odoo.tools import SQL


class KamSync(models.AbstractModel):
    _inherit = 'kam.sync'

    @api.model
    def _write_rollups(self, run):
        self._tell_unscored(run)
        return super()._write_rollups(run)

    @api.model
    def _tell_unscored(self, run):
        """Say of each answer that was left out of this run why, and take back what no longer holds."""
        known = {
            'company': run.company_id.id, 'as_of': run.as_of, 'model': 'kam.satisfaction.response',
            'universe': self._universe(run), 'user': self.env.uid}
        left_out = SQL(
            """
            response.company_id = %(company)s AND response.active AND response.date <= %(as_of)s
               AND response.partner_id IS NOT NULL
               AND NOT EXISTS (SELECT FROM %(universe)s AS account WHERE account.account_id = response.partner_id)
            """, **known)
        self.env['kam.satisfaction.response'].flush_model()
        self.env['kam.satisfaction.refusal'].flush_model()
        self.env.cr.execute(SQL(
            """
            DELETE FROM kam_satisfaction_refusal refusal
             WHERE company_id = %(company)s AND reason = 'not_scored' AND NOT EXISTS (
                   SELECT FROM kam_satisfaction_response response
                    WHERE response.id = refusal.origin_id AND %(left_out)s)
            """, left_out=left_out, **known))
        self.env.cr.execute(SQL(
            """
            INSERT INTO kam_satisfaction_refusal (
                   source_id, company_id, origin_model, origin_id, reason, date, value, contact_id, partner_id,
                   withdrew, create_uid, write_uid, create_date, write_date)
            SELECT response.source_id, %(company)s, %(model)s, response.id, 'not_scored', response.date,
                   CASE WHEN response.contact_id IS NOT NULL THEN response.value END, response.contact_id,
                   response.partner_id, FALSE, %(user)s, %(user)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
              FROM kam_satisfaction_response response
             WHERE %(left_out)s AND NOT EXISTS (
                   SELECT FROM kam_satisfaction_refusal refusal
                    WHERE refusal.origin_model = %(model)s AND refusal.origin_id = response.id
                      AND refusal.reason = 'not_scored')
            """, left_out=left_out, **known))
        self.env['kam.satisfaction.refusal'].invalidate_model()
