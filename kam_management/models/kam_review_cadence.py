"""When an account is to be reviewed: an activity of its manager, kept in step by a cron and by closing a review."""
from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

USERS = 'kam_management.group_kam_user'
REVIEW = 'kam_management.activity_type_review'
# For accounts without a tier.
MONTHS = 6


class ResPartner(models.Model):
    _inherit = 'res.partner'

    kam_review_ids = fields.One2many('kam.review', 'partner_id', "Reviews", groups=USERS)
    kam_review_id = fields.Many2one('kam.review', "Open review", compute='_compute_kam_review', groups=USERS)
    kam_review_date = fields.Date(
        "Next review", compute='_compute_kam_review', groups=USERS,
        help="By the last review, or by the cadence of the tier where there was none yet.")

    @api.depends('kam_review_ids.state', 'kam_review_ids.next_date', 'is_key_account', 'kam_tier_id')
    @api.depends_context('company', 'uid')
    def _compute_kam_review(self):
        """As far as the reader may see the reviews."""
        company = self.env.company
        reviews = self.env['kam.review'].search(
            [('partner_id', 'in', self._origin.ids), ('company_id', '=', company.id)], order='date_closed, id')
        found = {review.partner_id.id: review for review in reviews if review.state == 'open'}
        latest = {review.partner_id.id: review for review in reviews if review.state == 'closed'}
        for partner in self:
            partner.kam_review_id = found.get(partner._origin.id)
            last = latest.get(partner._origin.id)
            if last:
                partner.kam_review_date = last._kam_due()
            else:
                partner.kam_review_date = partner.is_key_account and partner._kam_first_review()

    def write(self, vals):
        if 'kam_tier_id' not in vals:
            return super().write(vals)
        before = {partner: partner._kam_review_months() for partner in self}
        result = super().write(vals)
        sooner = self.filtered(
            lambda partner: partner.is_key_account and partner._kam_review_months() < before[partner])
        if sooner:
            # In sudo: who decides on tiers need not write reviews.
            self.env['kam.review'].sudo()._bring_forward(sooner.sudo())
        return result

    # ------------------------------------------------------------------ cadence
    def _kam_review_months(self):
        """Months between two reviews of the account: the tier says so. Whatever shortens the cadence extends this."""
        return self.kam_tier_id.review_months or MONTHS

    def _kam_first_review(self):
        """When an account that was never reviewed is due: a cadence after it became a key account."""
        self.ensure_one()
        since = self.kam_key_since or self.env.company._kam_today()
        return since + relativedelta(months=self._kam_review_months())

    def _kam_find_reviewer(self):
        """Who is asked for the review: the manager; while the account has none who works here, who looks after that."""
        manager = self.kam_manager_id
        return manager if manager.active and not manager.share else self._kam_find_heir()

    def action_kam_review(self):
        """The open review of the account, or a new one."""
        self.ensure_one()
        account = self.kam_account_id or self
        reviews = self.env['kam.review']
        review = reviews.search(
            [('partner_id', '=', account.id), ('company_id', '=', self.env.company.id), ('state', '=', 'open')],
            limit=1)
        if review:
            review._follow_objectives()
        else:
            review = reviews.create({'partner_id': account.id})
        return {'type': 'ir.actions.act_window', 'res_model': 'kam.review', 'res_id': review.id,
                'views': [(False, 'form')], 'name': self.env._("Review")}

    def action_kam_reviews(self):
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_review_action'),
            'domain': [('partner_id', '=', self.id)], 'context': {},
        }

    @api.ondelete(at_uninstall=False)
    def _unlink_except_reviewed(self):
        # In sudo: also what whoever deletes contacts may not see; only the contact is named.
        reviewed = self.env['kam.review'].sudo().with_context(active_test=False).search(
            [('partner_id', 'in', self.ids)], limit=1)
        if reviewed:
            raise UserError(self.env._(
                "%(account)s was reviewed, which would be lost. Archive the contact, or merge it into the one that "
                "goes on.", account=reviewed.partner_id.display_name))


class KamTier(models.Model):
    _inherit = 'kam.tier'

    def write(self, vals):
        before = {tier: tier.review_months for tier in self}
        result = super().write(vals)
        sooner = self.filtered(lambda tier: tier.review_months < before[tier])
        if sooner:
            # In sudo: accounts that whoever sets up tiers may not see are reviewed by them, too.
            accounts = self.env['res.partner'].sudo()
            self.env['kam.review'].sudo()._bring_forward(accounts.search([('kam_tier_id', 'in', sooner.ids)]))
        return result


class KamReview(models.Model):
    _inherit = 'kam.review'

    def _kam_due(self):
        """When the next one is due: the day that was agreed on, without one a cadence after this one."""
        self.ensure_one()
        return self.next_date or self.date + relativedelta(months=self.partner_id._kam_review_months())

    @api.model
    def _bring_forward(self, accounts):
        """The cadence of these accounts is shorter now: what was planned for later than it says comes sooner."""
        latest = self._find_latest(accounts).values()
        for review in [*latest, *self.search([('partner_id', 'in', accounts.ids), ('state', '=', 'open')])]:
            day = review.date + relativedelta(months=review.partner_id._kam_review_months())
            if review.next_date and review.next_date > day:
                review.next_date = day
        self._remind(accounts)

    @api.model
    def _cron_remind(self):
        """Every day: one activity per key account that looks after it, on the day when its review is due."""
        accounts = self.env['res.partner'].search([('is_key_account', '=', True)])
        self._remind(accounts)
        stale = self._activities_of(Domain('res_id', 'not in', accounts.ids))
        stale.unlink()

    def _follow_activities(self):
        # In sudo: the activities are the managers', whoever reviews or moves a date.
        self.sudo()._remind(self.sudo().partner_id)

    def _find_activities(self):
        return self._activities_of(Domain('res_id', 'in', self.partner_id.ids))

    @api.model
    def _activities_of(self, domain):
        return self.env['mail.activity'].search(
            Domain(domain) & Domain('res_model', '=', 'res.partner') & Domain('automated', '=', True)
            & Domain('activity_type_id', '=', self.env.ref(REVIEW).id), order='id')

    @api.model
    def _remind(self, accounts):
        """Make, move or take away the one activity of each account. Run twice, it changes nothing."""
        today = self.env.company._kam_today()
        latest = self._find_latest(accounts)
        activities = {}
        for activity in self._activities_of(Domain('res_id', 'in', accounts.ids)):
            activities.setdefault(activity.res_id, self.env['mail.activity'])
            activities[activity.res_id] |= activity
        # Many at once, without a mail each.
        for account in accounts.with_context(mail_activity_quick_update=True):
            present = activities.get(account.id, self.env['mail.activity'])
            company = account.kam_company_id or self.env.company
            last = latest.get((account.id, company.id))
            user = account._kam_find_reviewer() if account.is_key_account and account.active else False
            due = last._kam_due() if last else account._kam_first_review()
            if not user or not due:
                present.unlink()
                continue
            present[1:].unlink()
            present = present[:1]
            # In words of whoever is asked: the type alone is not shown everywhere.
            words = account.with_context(lang=user.lang).env._("Account review")
            if not present:
                # Nobody is asked for something in the past.
                account.activity_schedule(REVIEW, user_id=user.id, date_deadline=max(due, today), summary=words)
                continue
            # One that is overdue stays so; it moves when another day was agreed on.
            day = due if due > today else min(present.date_deadline, today)
            changed = {} if present.user_id == user else {'user_id': user.id, 'summary': words}
            if not present.summary:
                changed['summary'] = words
            if present.date_deadline != day:
                changed['date_deadline'] = day
            if changed:
                present.write(changed)
