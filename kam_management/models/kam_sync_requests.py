"""Requests for a refresh: asked for by people in Odoo, taken by exactly one worker, never lost and never doubled.

A request is a run in state ``queued``. ``begin`` turns it into the running one, under the company's lease. If the
worker dies or gives up, or if it can't even be begun, that run ends as abandoned and its request stands in the queue
again, behind the others, three times in all.
"""
from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.wire import plain
from .kam_sync import TEXT_LIMIT

# How often a request is tried before it counts as failed.
ATTEMPTS = 3


class KamSync(models.AbstractModel):
    _inherit = 'kam.sync'

    @api.model
    def next(self, company=None, refused=None):
        """The oldest request that nobody holds up, of the companies of this user or of one of them.

        An empty answer when there is none. Whoever asks is remembered as being there.

        :param refused: ``{'run', 'reason'}``: the request that was answered before and that ``begin`` refused. That was
            an attempt: it goes to the end of the queue, and has failed after the third. One that stands in the queue no
            longer is passed over, so that the call may be made again.
        :raises UserError: ``bad_argument``
        """
        self._guard()
        companies = self.env.user.company_ids if company is None else self._company(company)
        # Queue, leases and runs are this door's bookkeeping, which nobody may write through the ORM.
        self.env['kam.sync.queue'].sudo()._note_asked(companies)
        self._clean_queue(companies)
        if refused:
            self._note_refused(companies, refused)
        run = self._oldest_request(companies)
        if not run:
            return {}
        return plain({
            'run': run.id, 'kind': run.kind, 'company': run.company_id.id, 'account': run.account_id.id or None,
            'as_of': self._today(run.company_id), 'attempt': run.attempt,
        })

    @api.model
    def _today(self, company):
        return fields.Date.context_today(self.with_context(tz=self._timezone(company)))

    @api.model
    def _oldest_request(self, companies):
        """The first request of a company whose lease is free, or has expired."""
        runs = self.env['kam.sync.run'].sudo()
        runs.flush_model(['state', 'company_id'])
        rows = self.env.execute_query(SQL(
            """
            SELECT run.id FROM kam_sync_run run
             WHERE run.state = 'queued' AND run.company_id = ANY(%s) AND NOT EXISTS (
                SELECT FROM kam_sync_lease lease
                 WHERE lease.company_id = run.company_id AND lease.run_id IS NOT NULL
                   AND lease.expires >= (clock_timestamp() AT TIME ZONE 'UTC'))
             ORDER BY run.id LIMIT 1
            """, companies.ids))
        return runs.browse(row[0] for row in rows)

    @api.model
    def _clean_queue(self, companies):
        """Put back what a worker that is gone had taken, and end what nobody can serve any more."""
        runs = self.env['kam.sync.run'].sudo()
        waiting = {company for (company,) in runs._read_group(
            [('state', '=', 'queued'), ('company_id', 'in', companies.ids)], ['company_id'])}
        for run in self.env['kam.sync.lease'].sudo()._expired_runs():
            # A slow worker that nobody is waiting for may still come back, as long as it had no request.
            if run.company_id in companies and (run.attempt or run.company_id in waiting):
                self._end_without_result(run, self._expired_reason())
        runs.search([
            ('state', '=', 'queued'), ('kind', '=', 'account'), ('account_id', '=', False),
            ('company_id', 'in', companies.ids),
        ])._end_unserved(self.env._("The account was deleted before its turn came."))

    @api.model
    def _note_refused(self, companies, refused):
        """A request that could not even be begun has had an attempt: others must not wait behind it for ever."""
        number = refused.get('run') if isinstance(refused, dict) else None
        if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 2 ** 31:
            raise self._refuse('bad_argument', self.env._(
                "A request that was refused is told by the number of its run and the reason."))
        runs = self.env['kam.sync.run'].sudo()  # bookkeeping of this door
        runs.flush_model(['state', 'company_id'])
        rows = self.env.execute_query(SQL(
            "SELECT id FROM kam_sync_run WHERE id = %s AND state = 'queued' AND company_id = ANY(%s) FOR UPDATE",
            number, companies.ids))
        run = runs.browse(row[0] for row in rows)
        if run:
            reason = str(refused.get('reason') or '')[:TEXT_LIMIT]
            run.write({'state': 'abandoned', 'reason': reason, 'date_end': fields.Datetime.now()})
            self._queue_again(run, reason)

    @api.model
    def _expired_reason(self):
        return self.env._("Its lease expired: the worker did not come back.")

    # ------------------------------------------------------------------ begin
    @api.model
    def _requested(self, request, kind, company):
        """The queued run that a ``begin`` is for, locked, or an empty set when it is for none.

        :raises UserError: ``not_queued`` when somebody else has taken it, or it has ended
        """
        runs = self.env['kam.sync.run'].sudo()  # bookkeeping of this door
        number = request.get('queued')
        if number is None:
            return runs
        runs.flush_model(['state'])
        rows = self.env.execute_query(SQL(
            """
            SELECT id FROM kam_sync_run
             WHERE id = %s AND company_id = %s AND kind = %s AND state = 'queued' FOR UPDATE
            """, number if isinstance(number, int) and 0 < number < 2 ** 31 else 0, company.id, kind))
        run = runs.browse(row[0] for row in rows)
        if not run:
            raise self._refuse('not_queued', self.env._(
                "Run %(run)s is not in the queue of %(company)s any more: ask for the next one.",
                run=number, company=company.name))
        return run

    @api.model
    def _requested_account(self, request, queued, kind, company):
        """The account that a run of kind ``account`` is about; nothing for the other kinds."""
        partners = self.env['res.partner']
        if kind != 'account':
            return partners
        if not self.env['kam.sync.run'].sudo()._last_published(company):
            raise self._refuse('wrong_state', self.env._(
                "Nothing has been computed for %(company)s yet, so that one account can't be compared with the others: "
                "refresh all accounts first.", company=company.name))
        if queued:
            return self._top_of(queued.account_id)
        return self._find_account(request.get('account'), company)

    @api.model
    def _find_account(self, account, company):
        """An account given by number, or by the name under which it has scores."""
        if isinstance(account, int) and not isinstance(account, bool) and 0 < account < 2 ** 31:
            found = self.env['res.partner'].browse(account).exists()
            if found:
                return self._top_of(found)
        elif isinstance(account, str) and account.strip():
            scores = self.env['kam.score'].with_context(allowed_company_ids=company.ids)
            return self._find_score(account.strip(), scores).partner_id
        raise self._refuse('unknown_account', self.env._(
            "There is no account %(account)s: give the number or the name of a customer.", account=account or ''))

    @api.model
    def _top_of(self, partner):
        # What a contact counts for may be another company of its group; only its number is used.
        return partner.sudo().kam_account_id or partner

    # ------------------------------------------------------------------ the end
    @api.model
    def _queue_again(self, run, reason):
        """Put the request of a run that ended without a result back; after the third time, it has failed."""
        if not run.attempt:
            return
        if run.attempt >= ATTEMPTS:
            run.write({'state': 'failed', 'reason': self.env._(
                "Given up after %(attempts)s attempts. The last one: %(reason)s", attempts=run.attempt, reason=reason)})
            return
        if run.kind == 'account' and not run.account_id:
            return  # its account is gone; nobody waits for it
        run._queue(run.kind, run.company_id, run.account_id, {
            'attempt': run.attempt + 1, 'previous_id': run.id, 'requested_by_id': run.requested_by_id.id})
