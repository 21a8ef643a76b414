from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_datetime

DONE = ('published', 'partial')


class KamSyncRun(models.Model):
    """One computation of the scores of a company: what it was asked, what it was configured with, how it ended.

    Written by ``kam.sync`` alone; people read it.
    """
    _name = 'kam.sync.run'
    _description = "Key account refresh"
    _order = 'id desc'
    _rec_name = 'name'

    name = fields.Char(compute='_compute_name')
    kind = fields.Selection(
        [('full', "All accounts"), ('account', "One account"), ('preview', "Preview")],
        required=True, readonly=True, default='full')
    state = fields.Selection(
        [
            ('queued', "Queued"),
            ('running', "Running"),
            ('published', "Published"),
            ('partial', "Published, rows refused"),
            ('failed', "Failed"),
            ('abandoned', "Abandoned"),
        ],
        required=True, readonly=True, default='running', index=True)
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True, ondelete='cascade')
    # A deleted account leaves its runs behind, told as ended: a request that vanishes would look as if it was served.
    account_id = fields.Many2one(
        'res.partner', "Account", readonly=True, index='btree_not_null', ondelete='set null',
        help="The one account that this run is about; empty when it is about all of them.")
    as_of = fields.Date("As of", required=True, readonly=True)
    user_id = fields.Many2one('res.users', "Run by", readonly=True)
    requested_by_id = fields.Many2one('res.users', "Asked for by", readonly=True)
    attempt = fields.Integer(
        readonly=True, help="Which attempt at serving a request from the queue this is; 0 if nobody had asked for it.")
    previous_id = fields.Many2one(
        'kam.sync.run', "Attempt before", readonly=True, ondelete='set null', index='btree_not_null',
        help="The run that ended without a result, and whose request this one serves.")
    owner = fields.Char("Program", readonly=True, help="Which program, on which machine, computed this run.")
    token = fields.Integer("Fencing token", readonly=True)
    dry_run = fields.Boolean(readonly=True)
    config = fields.Json("Frozen configuration", readonly=True)
    config_hash = fields.Char("Configuration", readonly=True)
    manifest = fields.Json(readonly=True)
    # It names accounts with their scores, for the worker; people read of it what they may see (`movers_html`).
    answer = fields.Json(readonly=True, groups='kam_management.group_kam_service')
    phases = fields.Json("Seconds per phase", readonly=True)
    date_start = fields.Datetime("Started", readonly=True)
    date_end = fields.Datetime("Ended", readonly=True)
    seconds = fields.Float(readonly=True)
    accounts = fields.Integer(readonly=True)
    sources = fields.Integer(readonly=True)
    changed = fields.Integer("Changed rows", readonly=True)
    inserted = fields.Integer("New rows", readonly=True)
    updated = fields.Integer("Updated rows", readonly=True)
    removed = fields.Integer("Removed rows", readonly=True)
    unchanged = fields.Integer("Unchanged rows", readonly=True)
    refused = fields.Integer("Rows refused", readonly=True)
    alerts_opened = fields.Integer(readonly=True)
    alerts_closed = fields.Integer(readonly=True)
    reason = fields.Char("Why it ended", readonly=True)
    settings_changed = fields.Boolean(
        readonly=True, help="Settings, weights or KPIs differ from those of the run published before this one.")
    refusal_ids = fields.One2many('kam.sync.refusal', 'run_id', "Refused rows", readonly=True)
    history_only = fields.Boolean(
        readonly=True, help="Computed for a day before the latest published one: it wrote history, not scores.")

    @api.depends('company_id', 'account_id')
    def _compute_name(self):
        for run in self:
            run.name = self.env._("Refresh %(number)s, %(company)s", number=run.id or '', company=run.company_id.name)
            if run.account_id:
                run.name = self.env._("Refresh %(number)s, %(account)s", number=run.id or '',
                                      account=run.account_id.display_name)

    @api.model
    def _last_published(self, company):
        """The run whose scores are shown in ``company``: the last one that wrote scores (empty when there is none)."""
        return self.search(
            [('company_id', '=', company.id), ('state', 'in', DONE), ('history_only', '=', False),
             ('kind', '=', 'full')], limit=1)

    @api.model
    def _last_published_of(self, account, company):
        """The run that the values of ``account`` are of: the last one of all accounts, or of it alone if later."""
        return self.search([
            ('company_id', '=', company.id), ('state', 'in', DONE), ('history_only', '=', False),
            '|', ('kind', '=', 'full'), '&', ('kind', '=', 'account'), ('account_id', '=', account.id),
        ], order='as_of desc, id desc', limit=1)

    # ------------------------------------------------------------------ requests
    @api.model
    def _queue(self, kind, company, account=None, values=None):
        """Ask for a refresh; return the queued run and whether it is new.

        What is waiting already is not queued again. Nobody may write a run through the ORM: the caller has checked
        who asks, and is in sudo.
        """
        account_id = account.id if account else False
        self.env['kam.sync.queue']._one_at_a_time(company)
        waiting = self.search([
            ('state', '=', 'queued'), ('kind', '=', kind), ('company_id', '=', company.id),
            ('account_id', '=', account_id)], limit=1)
        if waiting:
            return waiting, False
        return self.create({
            'kind': kind, 'state': 'queued', 'company_id': company.id, 'account_id': account_id, 'attempt': 1,
            'as_of': company._kam_today(), 'requested_by_id': self.env.uid, **(values or {}),
        }), True

    @api.model
    def action_refresh_all(self, *_ids):
        """Ask the worker for new figures of all accounts of the companies that the reader is in."""
        if not self.env.user.has_group('kam_management.group_kam_manager'):
            raise AccessError(self.env._("Only Key Accounts managers have all accounts refreshed."))
        companies = self.env.companies.sorted('id')
        # Nobody writes a run through the ORM; who asks has just been checked.
        queued = [self.sudo()._queue('full', company)[1] for company in companies]
        names = ", ".join(companies.mapped('name'))
        return self._tell_queued(
            companies[:1], any(queued),
            queued=self.env._("All accounts of %(companies)s are in the queue.", companies=names),
            waiting=self.env._("All accounts of %(companies)s are already in the queue.", companies=names))

    def _end_unserved(self, reason):
        """Requests that nobody can serve any more have failed, and say why."""
        if self:
            self.write({'state': 'failed', 'reason': reason, 'date_end': fields.Datetime.now()})

    @api.model
    def _tell_queued(self, company, is_new, queued, waiting):
        """What the reader is told who asked for a refresh.

        :param queued: the sentence for a request that is new
        :param waiting: the sentence for one that was waiting already
        """
        # When a worker last asked is no secret; the queue is bookkeeping without rights for anyone.
        queue = self.env['kam.sync.queue'].sudo()
        sentences = [queued if is_new else waiting]
        is_served = queue._is_served(company)
        if not is_served:
            asked = queue._last_asked(company)
            sentences.append(self.env._(
                "But no worker has asked for work lately: the last one did on %(time)s. It waits until “kam-sync "
                "watch” runs again; tell your administrator.", time=format_datetime(self.env, asked),
            ) if asked else self.env._(
                "But no worker has asked for work so far. It waits until “kam-sync watch” runs; tell your "
                "administrator."))
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification',
            'params': {
                'type': 'warning' if not is_served else 'success' if is_new else 'info', 'sticky': not is_served,
                'message': " ".join(sentences), 'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'},
            },
        }
