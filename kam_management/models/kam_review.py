"""The account review: what changed since the last one, what becomes of each objective, and what is decided.

A review is open while it is held, and closed once: then its decisions are actions, its objectives are kept, changed or
dropped, the next one is planned, and what it showed stays on record (`snapshot`: what and how much, never a name, so
that whoever reads it later sees of it what they may read). An account has one open review per company.
"""
from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import format_date

STATES = [
    ('open', "Under review"),
    ('closed', "Review closed"),
]
# What may still be written on a closed review.
FREE = ('confidentiality', 'active', 'next_date', 'user_id')
FREE_PREFIXES = ('message_', 'activity_', 'website_message_', 'my_activity_')
# Only an object of this module opens the way past the guard on `state`: no context that comes from outside does.
STEP = object()


class KamReview(models.Model):
    _name = 'kam.review'
    _description = "Account review"
    _inherit = ['kam.work.mixin']
    _order = 'date desc, id desc'
    _rec_names_search = ['partner_id']
    _kam_owners = ('create_uid', 'user_id')

    plan_id = fields.Many2one(compute='_compute_plan_id', store=True, readonly=False, precompute=True)
    state = fields.Selection(
        STATES, required=True, default='open', readonly=True, tracking=True, index=True, copy=False)
    # NULL unless it is open, so that the constraint below lets any number of closed ones stand.
    open_slot = fields.Char(compute='_compute_open_slot', store=True, export_string_translation=False)
    date = fields.Date(
        "Held on", required=True, tracking=True, copy=False, default=lambda self: self.env.company._kam_today())
    user_id = fields.Many2one(
        'res.users', "Led by", index=True, ondelete='restrict', tracking=True, domain=[('share', '=', False)],
        compute='_compute_user_id', store=True, readonly=False, precompute=True,
        help="The account's manager to start with.")
    participant_ids = fields.Many2many(
        'res.users', 'kam_review_res_users_rel', 'review_id', 'user_id', "Who takes part",
        domain=[('share', '=', False)], default=lambda self: self.env.user)
    previous_id = fields.Many2one(
        'kam.review', "The review before", compute='_compute_since', store=True, precompute=True,
        index='btree_not_null', ondelete='set null')
    since = fields.Datetime(
        "What changed since", compute='_compute_since', store=True, precompute=True,
        help="The moment at which the review before was closed; without one, as far back as the cadence of the tier.")
    objective_ids = fields.One2many('kam.review.objective', 'review_id', "Objectives")
    decision_ids = fields.One2many('kam.review.decision', 'review_id', "Decisions")
    undecided_count = fields.Integer("Objectives to decide on", compute='_compute_undecided_count')
    note = fields.Text("Notes")
    next_date = fields.Date(
        "Next review", tracking=True, copy=False, compute='_compute_next_date', store=True, readonly=False,
        precompute=True, help="By the cadence of the tier, unless you say otherwise.")
    date_closed = fields.Datetime("Closed on", readonly=True, copy=False)
    closed_by_id = fields.Many2one('res.users', "Closed by", readonly=True, copy=False, ondelete='restrict')
    kam_tier_id = fields.Many2one(related='partner_id.kam_tier_id')

    # A Constraint and no UniqueIndex: the wizard that merges contacts knows only the former.
    _open_unique = models.Constraint(
        'UNIQUE(partner_id, company_id, open_slot)',
        "This account has an open review already: close that one first.")

    # ------------------------------------------------------------------ computes
    @api.depends('partner_id', 'company_id')
    def _compute_plan_id(self):
        running = self.env['kam.plan']._find_running(self.partner_id)
        for review in self:
            if not review._origin:
                review.plan_id = running.get((review.partner_id._origin.id, review.company_id._origin.id))
            else:
                review.plan_id = review.plan_id

    @api.depends('state', 'active')
    def _compute_open_slot(self):
        for review in self:
            review.open_slot = 'open' if review.state == 'open' and review.active else False

    @api.depends('partner_id')
    def _compute_user_id(self):
        for review in self:
            if not review.user_id or not review._origin:
                # Whoever has left leads none.
                review.user_id = review.partner_id.kam_manager_id.filtered('active') or self.env.user

    @api.depends('partner_id', 'company_id')
    def _compute_since(self):
        """From the last review on, whoever may read that one; without one, from a cadence ago on."""
        latest = self._find_latest(self.partner_id)
        for review in self:
            # Only its moment is told. Once it stands, it stays.
            if review._origin and review.since:
                review.previous_id, review.since = review.previous_id, review.since
                continue
            previous = latest.get((review.partner_id._origin.id, review.company_id._origin.id), self.browse())
            review.previous_id = previous
            months = review.partner_id._kam_review_months()
            review.since = previous.date_closed or fields.Datetime.now() - relativedelta(months=months)

    @api.model
    def _find_latest(self, partners):
        """``{(account id, company id): the review that was closed last}``, in sudo."""
        # What a review starts from and when the next one is due don't depend on who asks.
        closed = self.sudo().search_fetch(
            [('partner_id', 'in', partners._origin.ids), ('state', '=', 'closed'), ('date_closed', '!=', False)],
            ['partner_id', 'company_id', 'date_closed', 'next_date'], order='date_closed, id')
        return {(review.partner_id.id, review.company_id.id): review for review in closed}

    @api.depends('date', 'partner_id')
    def _compute_next_date(self):
        for review in self:
            if review.state == 'closed':
                review.next_date = review.next_date
            else:
                review.next_date = review.date and review.date + relativedelta(
                    months=review.partner_id._kam_review_months())

    @api.depends('objective_ids.decision')
    def _compute_undecided_count(self):
        for review in self:
            review.undecided_count = len(review.objective_ids.filtered(lambda row: not row.decision))

    @api.depends('partner_id', 'date')
    @api.depends_context('lang')
    def _compute_display_name(self):
        super()._compute_display_name()
        hidden = self.env._("Confidential")
        for review in self:
            if review.partner_id and review.display_name != hidden:
                review.display_name = " · ".join(filter(None, [
                    review.partner_id.display_name, review.date and format_date(self.env, review.date)]))

    # ------------------------------------------------------------------ checks
    @api.constrains('date')
    def _check_date(self):
        today = self.env.company._kam_today()
        for review in self:
            if review.date > today:
                raise ValidationError(self.env._(
                    "A review can't have been held on %(date)s, which is yet to come. Open it on the day itself; when "
                    "it is due is the date “Next review” of the one before.", date=format_date(self.env, review.date)))

    @api.constrains('date', 'next_date')
    def _check_next_date(self):
        for review in self:
            if review.next_date and review.next_date <= review.date:
                raise ValidationError(self.env._(
                    "The next review comes after this one, which is held on %(date)s. Choose a later day.",
                    date=format_date(self.env, review.date)))

    @api.constrains('user_id', 'participant_ids')
    def _check_people(self):
        self.user_id._kam_refuse_strangers('kam_management.group_kam_user')
        self.participant_ids._kam_refuse_strangers()

    def _refuse_second(self, vals_list):
        """Raise, with a sentence, before the database does."""
        for vals in vals_list:
            company = vals.get('company_id') or self.env.company.id
            # An open review that whoever opens one may not see stands in the way too; the account alone is named.
            other = vals.get('state', 'open') == 'open' and self.sudo().search(
                [('partner_id', '=', vals.get('partner_id')), ('company_id', '=', company), ('open_slot', '=', 'open')],
                limit=1)
            if other:
                raise UserError(self.env._(
                    "%(account)s has an open review already, led by %(user)s. Close that one first.",
                    account=other.partner_id.display_name, user=other.user_id.name))

    # ------------------------------------------------------------------ writing
    @api.model_create_multi
    def create(self, vals_list):
        default = self.default_get(['state', 'partner_id'])
        if not self._is_stepping() and any(
                vals.get('state', default.get('state')) != 'open' for vals in vals_list):
            raise self._refuse_step()
        self._refuse_second([{**default, **vals} for vals in vals_list])
        reviews = super().create(vals_list)
        reviews._follow_objectives()
        return reviews

    def write(self, vals):
        if any(name in vals for name in ('state', 'date_closed', 'closed_by_id')) and not self._is_stepping():
            raise self._refuse_step()
        if not self._is_stepping() and any(
                name not in FREE and not name.startswith(FREE_PREFIXES) for name in vals):
            self._refuse_closed()
        result = super().write(vals)
        if 'next_date' in vals or 'active' in vals:
            self._follow_activities()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        if any(review.state == 'closed' for review in self):
            raise UserError(self.env._("A closed review stays on record: archive it instead of deleting it."))

    def copy_data(self, default=None):
        raise UserError(self.env._("A review tells of one day and is not copied. Open a new one on the account."))

    def _is_stepping(self):
        return self.env.context.get('kam_step') is STEP

    def _stepping(self):
        return self.with_context(kam_step=STEP)

    def _refuse_step(self):
        return UserError(self.env._("A review is opened on its account, and closed with its button."))

    def _refuse_closed(self):
        """Raise if one of these reviews is closed: it stays as it was."""
        # What is closed must be refused to whoever may not even read the review.
        closed = self.sudo().filtered(lambda review: review.state == 'closed')
        if closed:
            raise UserError(self.env._(
                "The review of %(account)s on %(date)s is closed and stays as it was. Open a new one.",
                account=closed[0].partner_id.display_name, date=format_date(self.env, closed[0].date)))

    def _follow_objectives(self):
        """A line for each objective of the account that runs, as far as whoever reviews may see it."""
        reviews = self.filtered(lambda review: review.state == 'open')
        running = self.env['kam.objective'].search(
            [('partner_id', 'in', reviews.partner_id.ids), ('state', '=', 'running')])
        for review in reviews:
            own = running.filtered(
                lambda row, review=review: row.partner_id == review.partner_id
                and row.company_id == review.company_id)
            # In sudo: whoever may not see an objective has no line for it, so a line may be there unseen.
            missing = own - review.sudo().objective_ids.objective_id.with_env(self.env)
            if missing:
                review.objective_ids = [Command.create({'objective_id': row.id}) for row in missing]
