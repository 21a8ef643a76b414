from odoo import api, fields, models

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

    @api.depends('company_id', 'as_of')
    def _compute_name(self):
        for run in self:
            run.name = self.env._("Refresh %(number)s, %(company)s", number=run.id or '', company=run.company_id.name)

    @api.model
    def _last_published(self, company):
        """The run whose scores are shown in ``company``: the last one that wrote scores (empty when there is none)."""
        return self.search(
            [('company_id', '=', company.id), ('state', 'in', DONE), ('history_only', '=', False),
             ('kind', '=', 'full')], limit=1)
