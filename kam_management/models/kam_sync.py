"""The only door between the addon and the worker; see docs/developers/contract.md.

An abstract model has no access rights of its own, so every public method asks :meth:`KamSync._guard` first. What the
worker reads is read with the service user's own rights, but for what it may not open: wallets, targets, dates and
signals of plans, objectives and reviews, of which it gets figures, dates and numbers of records and no word (the list
is in docs/admin/service-user.md). What this door writes for it (runs, staging, scores) nobody may write through the
ORM, hence the ``sudo()`` on bookkeeping and SQL on the rest.
"""
from odoo import api, fields, models, release
from odoo.exceptions import AccessError, UserError
from odoo.modules.module import get_manifest

from ..tools.wire import plain
from .kam_sync_run import DONE

PROTOCOL = 1
PAGE_ROWS = 200_000
SERVICE_GROUP = 'kam_management.group_kam_service'
KINDS_SERVED = ('full', 'account')
# Longest sentence of a worker that is kept (a reason, a holder's name).
TEXT_LIMIT = 500


class KamSync(models.AbstractModel):
    _name = 'kam.sync'
    _description = "Contract with the worker"

    # ------------------------------------------------------------------ guards
    @api.model
    def _guard(self):
        if not self.env.user.has_group(SERVICE_GROUP):
            raise AccessError(self.env._(
                "Only a user of the group “Key Accounts: service” may refresh the scores. "
                "Add %(user)s to it, or let the worker log in as its own user.", user=self.env.user.name))

    @api.model
    def _refuse(self, code, sentence):
        """A refusal that a program tells by its code and a person reads as a sentence."""
        return UserError(f"[{code}] {sentence}")  # pylint: disable=missing-gettext

    @api.model
    def _company(self, company):
        """The company with that id, if the service user works for it; queries then see this company only."""
        found = self.env.user.company_ids.filtered(lambda c: c.id == company)
        if not found:
            raise self._refuse('bad_argument', self.env._(
                "There is no company %(company)s among those of the service user.", company=company))
        return found.with_context(allowed_company_ids=found.ids)

    @api.model
    def _run(self, run, token, lock=False):
        """The running run that holds its lease under ``token``, in sudo (nobody may write a run through the ORM)."""
        record = self._find_run(run)
        if record.state != 'running' or not self.env['kam.sync.lease'].sudo()._hold(record, token, lock=lock):
            raise self._refuse('stale_token', self.env._(
                "Run %(run)s is %(state)s or another one has taken its place: start a new run.",
                run=record.id, state=dict(record._fields['state']._description_selection(self.env))[record.state]))
        return record

    @api.model
    def _find_run(self, run):
        # Any run of the service user's companies may be asked for; runs are written by this door only, hence sudo.
        record = self.env['kam.sync.run'].sudo().browse(run if isinstance(run, int) else 0).exists()
        if not record or record.company_id not in self.env.user.company_ids:
            raise self._refuse('bad_argument', self.env._("There is no run %(run)s.", run=run))
        return record.with_context(allowed_company_ids=record.company_id.ids)

    # ------------------------------------------------------------------ reading
    @api.model
    def handshake(self):
        """Who answers here, for which companies, and what is missing before a run can succeed."""
        self._guard()
        companies = [
            {
                'id': company.id,
                'name': company.name,
                'currency': company.currency_id.name,
                'tz': self._timezone(company),
                'published': self.env['kam.sync.run']._last_published(company).as_of or None,
            }
            for company in self.env.user.company_ids
        ]
        return plain({
            'protocol': PROTOCOL,
            'addon': get_manifest('kam_management')['version'],
            'odoo': release.version,
            'database': self.env.cr.dbname,
            'server_time': fields.Datetime.now(),
            'companies': companies,
            'missing_rights': self._missing_rights(),
            'key_days': self._key_days(),
            'page_rows': PAGE_ROWS,
        })

    @api.model
    def status(self, company):
        """The lease, the last run and the last published one of a company, and whether its scores are stale."""
        self._guard()
        company = self._company(company)
        runs = self.env['kam.sync.run']
        last = runs.search([('company_id', '=', company.id)], limit=1)
        published = runs._last_published(company)
        # The lease is bookkeeping of this door, with no access right for anyone.
        held = self.env['kam.sync.lease'].sudo()._held(company)
        refresh_hours = company.kam_settings_id.refresh_hours
        return plain({
            'company': company.id,
            'lease': held and {'run': held[0], 'owner': held[1], 'expires': held[3], 'expired': held[4]} or None,
            'last': self._results(last) if last else None,
            'published': self._results(published) if published else None,
            'stale': not self._is_fresh(published, refresh_hours),
            'refresh_hours': refresh_hours,
            'queued': runs.search_count([('company_id', '=', company.id), ('state', '=', 'queued')]),
            # when a worker last asked for work: bookkeeping as well
            'asked': self.env['kam.sync.queue'].sudo()._last_asked(company) or None,
        })

    @api.model
    def results(self, run):
        self._guard()
        return plain(self._results(self._find_run(run)))

    @api.model
    def _results(self, run):
        """What a run came to, as a dictionary that may hold ``None``."""
        answer = {
            'run': run.id, 'kind': run.kind, 'company': run.company_id.id, 'as_of': run.as_of, 'state': run.state,
            'account': run.account_id.id or None, 'attempt': run.attempt or None,
            'config_hash': run.config_hash or None, 'owner': run.owner or None, 'reason': run.reason or None,
            'date_start': run.date_start or None, 'date_end': run.date_end or None,
            'dry_run': run.dry_run, 'history_only': run.history_only,
        }
        for name in ('accounts', 'sources', 'changed', 'inserted', 'updated', 'removed', 'unchanged', 'refused',
                     'alerts_opened', 'alerts_closed', 'seconds'):
            answer[name] = run[name]
        answer['phases'] = run.phases or {}
        answer['movers'] = (run.answer or {}).get('movers', [])
        answer['top'] = (run.answer or {}).get('top', [])
        answer['rollups'] = (run.answer or {}).get('rollups', {})
        # Refusals are written by this door only; whoever may ask for a run may read why its rows were refused.
        refusals = self.env['kam.sync.refusal'].sudo().search([('run_id', '=', run.id)], limit=100)
        answer['refusals'] = [
            {'table': r.table_name, 'batch': r.batch, 'line': r.line, 'reference': r.reference or None,
             'reason': r.reason}
            for r in refusals
        ]
        return answer

    # ------------------------------------------------------------------ life of a run
    @api.model
    def begin(self, kind, company, as_of, request=None):
        """Take the lease of a company and freeze the configuration of a run.

        :param kind: ``full``, or ``account`` for one account
        :param company: id of a company of the service user
        :param as_of: the day that is computed, ``YYYY-MM-DD``, today at the latest; a request from the queue is
            computed for today, whatever the day on which it was made
        :param request: ``owner`` (names the caller), ``dry_run``, ``queued`` (the run that ``next`` answered, which
            becomes this one), ``account`` (number or name, for a run of one account); all optional
        :raises UserError: ``lease_held`` with the holder's name, ``not_queued``, ``unknown_account``, ``wrong_state``,
            ``bad_argument``, ``missing_rights``
        """
        self._guard()
        company = self._company(company)
        as_of = self._check_begin(kind, as_of, company)
        request = request or {}
        owner = str(request.get('owner') or self.env.user.login)[:TEXT_LIMIT]
        # The lease and the run are this door's bookkeeping, which nobody may write through the ORM.
        leases = self.env['kam.sync.lease'].sudo()
        token = leases._take(company, owner)
        if not token:
            return plain(self._begin_again(company, kind, as_of, owner, request))
        self._clean_up(company)
        missing = self._missing_rights()
        if missing:
            # Without a source its customers would look as if they had bought nothing: better no new scores than those.
            raise self._refuse('missing_rights', " ".join(missing))
        queued = self._requested(request, kind, company)
        as_of = self._today(company) if queued else as_of
        config = self._freeze(company, as_of)
        if kind == 'account':
            config |= self._freeze_portfolio(company)
        values = {
            'kind': kind, 'state': 'running', 'company_id': company.id, 'as_of': as_of, 'user_id': self.env.uid,
            'account_id': self._requested_account(request, queued, kind, company).id,
            'owner': owner, 'token': token, 'dry_run': not queued and bool(request.get('dry_run')), 'config': config,
            'config_hash': self._hash(config), 'date_start': fields.Datetime.now(),
        }
        if queued:
            queued.write(values)
        run = queued or queued.create(values)
        leases._bind(company, token, run)
        return plain(self._begun(run))

    @api.model
    def _check_begin(self, kind, as_of, company):
        if kind not in KINDS_SERVED:
            raise self._refuse('bad_argument', self.env._(
                "Runs of kind “%(kind)s” are not served by this version; ask for “full” or “account”.", kind=kind))
        try:
            as_of = fields.Date.to_date(as_of)
        except (TypeError, ValueError):
            as_of = None
        today = self._today(company)
        if not as_of or as_of > today:
            raise self._refuse('bad_argument', self.env._(
                "The day to compute is written YYYY-MM-DD and is %(today)s at the latest.", today=today))
        return as_of

    @api.model
    def _begin_again(self, company, kind, as_of, owner, request):
        """The lease is held: by this very caller, whose answer was lost, or by another, who is named."""
        run_id, holder, token, expires, _expired = self.env['kam.sync.lease'].sudo()._held(company)
        run = self.env['kam.sync.run'].sudo().browse(run_id)
        queued = request.get('queued')
        is_same = (holder, run.kind, run.token) == (owner, kind, token) and (
            run.id == queued if queued else run.as_of == as_of)
        if is_same and not run.manifest:
            return self._begun(run)
        raise self._refuse('lease_held', self.env._(
            "Run %(run)s by %(holder)s is refreshing %(company)s; its lease lasts until %(expires)s UTC unless it is "
            "renewed. Wait for it, or end that program.",
            run=run_id, holder=holder, company=company.name, expires=fields.Datetime.to_string(expires)))

    @api.model
    def _begun(self, run):
        _run, _owner, token, expires, _expired = self.env['kam.sync.lease'].sudo()._held(run.company_id)
        return {
            'run': run.id, 'token': token, 'expires': expires.replace(microsecond=0),
            'lease_seconds': self.env['kam.sync.lease']._seconds(), 'as_of': run.as_of,
            'config': run.config, 'config_hash': run.config_hash, 'kind': run.kind,
            'account': run.account_id.id or None,
        }

    @api.model
    def renew(self, run, token):
        """Extend the lease of a run that takes its time between two calls."""
        self._guard()
        run = self._run(run, token)
        self.env['kam.sync.lease'].sudo()._hold(run, token, renew=True)
        return plain({'expires': self.env['kam.sync.lease'].sudo()._held(run.company_id)[3].replace(microsecond=0)})

    @api.model
    def abandon(self, run, token, reason):
        """End a run without publishing; asked again, it answers the same."""
        self._guard()
        record = self._find_run(run)
        if record.state in ('abandoned', 'failed') and record.token == token:
            return {'run': record.id, 'state': record.state}
        record = self._run(run, token, lock=True)
        return self._end_without_result(record, str(reason or '')[:TEXT_LIMIT])

    @api.model
    def _end_without_result(self, run, reason):
        """Mark a run abandoned and drop what it had pulled and staged."""
        self.env['kam.sync.lease'].sudo()._release(run)
        self._drop_tables(run)
        run.write({'state': 'abandoned', 'reason': reason, 'date_end': fields.Datetime.now()})
        self._queue_again(run, reason)
        return {'run': run.id, 'state': run.state}

    @api.model
    def _clean_up(self, company=None):
        """Abandon the runs whose lease has expired (of one company, or of all)."""
        # Runs and leases are this door's bookkeeping, which nobody may write through the ORM.
        for run in self.env['kam.sync.lease'].sudo()._expired_runs():
            if not company or run.company_id == company:
                self._end_without_result(run, self._expired_reason())
        dry = [('dry_run', '=', True), ('state', '!=', 'running')]
        self.env['kam.sync.run'].sudo().search(dry + ([('company_id', '=', company.id)] if company else [])).unlink()

    @api.autovacuum
    def _gc_runs(self):
        """Daily: abandon runs that nobody continues, and thin the history out."""
        self._clean_up()
        self._thin_history()

    @api.model
    def _last_as_of(self, company):
        """The latest day published for ``company``, or ``False``."""
        run = self.env['kam.sync.run'].sudo().search(
            [('company_id', '=', company.id), ('state', 'in', DONE), ('kind', '=', 'full')],
            order='as_of desc', limit=1)
        return run.as_of
