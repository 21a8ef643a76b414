"""Accounts that we depend on: they need a plan B of their own, and are looked at twice as often.

From which share of the sales on is set in Settings ("One account: critical"). Odoo watches it: no worker is needed to
see that the plan B is missing.
"""
from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.fields import NO_ACCESS, Domain

RULE = 'plan_b_missing'


class ResPartner(models.Model):
    _inherit = 'res.partner'

    # One yes or no on the account's share of the sales, which not everybody may know: for our own code alone.
    kam_is_critical = fields.Boolean(
        compute='_compute_kam_is_critical', compute_sudo=True, groups=NO_ACCESS, export_string_translation=False)

    @api.depends_context('company')
    def _compute_kam_is_critical(self):
        critical = self._kam_find_critical(self.kam_company_id | self.env.company)
        for partner in self:
            company = partner.kam_company_id or self.env.company
            partner.kam_is_critical = (partner._origin.id, company.id) in critical

    @api.model
    def _kam_find_critical(self, companies):
        """``{(account id, company id): its share of the sales}`` of the key accounts that we depend on.

        A company is told of its own key accounts, and of those that no company has decided on.
        """
        # In sudo: a cadence is the same whoever asks for it.
        scores = self.env['kam.score'].sudo()
        domain = Domain.OR(
            Domain('company_id', '=', company.id)
            & Domain('share', '>=', company.sudo().kam_settings_id.concentration_one_critical / 100)
            & Domain('partner_id.kam_company_id', 'in', [company.id, False])
            for company in companies)
        found = scores.search_fetch(
            domain & Domain('partner_id.is_key_account', '=', True) & Domain('partner_id.active', '=', True),
            ['partner_id', 'company_id', 'share'])
        return {(score.partner_id.id, score.company_id.id): score.share for score in found}

    def _kam_review_months(self):
        months = super()._kam_review_months()
        # In sudo: only the cadence follows from it.
        return max(1, months // 2) if self._origin.sudo().kam_is_critical else months

    def _kam_has_plan_b(self, company):
        """Whether a playbook for this account, or for its tier, is prepared."""
        self.ensure_one()
        # In sudo: that there is one is asked, whoever may read it.
        return bool(self.env['kam.playbook'].sudo().search_count(self._kam_plan_b_domain(company), limit=1))

    def _kam_plan_b_domain(self, company):
        own = Domain('partner_id', '=', self.id)
        if self.kam_tier_id:
            own |= Domain('partner_id', '=', False) & Domain('tier_ids', 'in', self.kam_tier_id.ids)
        return Domain('is_prepared', '=', True) & Domain('company_id', 'in', [company.id, False]) & own


class KamReview(models.Model):
    _inherit = 'kam.review'

    def _kam_due(self):
        """Of an account that we depend on, no later than half the cadence of its tier, whatever was agreed on."""
        due = super()._kam_due()
        account = self.partner_id
        # In sudo: only the day follows from it.
        if account.sudo().kam_is_critical:
            return min(due, self.date + relativedelta(months=account._kam_review_months()))
        return due


class KamAlert(models.Model):
    _inherit = 'kam.alert'

    @api.model
    def _cron_plan_b(self):
        """Open an alert for each account that needs a plan B and has none; close those that are over."""
        companies = self.env['res.company'].search([])
        critical = self.env['res.partner']._kam_find_critical(companies)
        accounts = self.env['res.partner'].browse({account for account, _company in critical})
        missing = {}
        for (account_id, company_id), share in critical.items():
            account, company = accounts.browse(account_id), companies.browse(company_id)
            if not account._kam_has_plan_b(company):
                missing[account, company] = share
        for (account, company), share in missing.items():
            self._open_by_odoo(
                RULE, company, account, value=share,
                threshold=company.kam_settings_id.concentration_one_critical / 100)
        for alert in self.search([('rule_id.code', '=', RULE), ('state', '!=', 'closed')]):
            account = alert.partner_id
            if (account, alert.company_id) not in missing:
                company = account.kam_company_id or alert.company_id
                gone = not account.is_key_account or not account.active or company != alert.company_id
                self._close_by_odoo(RULE, alert.company_id, account, reason='gone' if gone else 'cleared')
