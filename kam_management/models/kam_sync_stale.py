"""Results that are too old are told by Odoo itself: it needs no worker, whose absence is the very reason."""
from datetime import timedelta

from odoo import api, fields, models

RULE = 'results_stale'


class KamSync(models.AbstractModel):
    _inherit = 'kam.sync'

    @api.model
    def _cron_watch_staleness(self):
        """Hourly: open or close the alert on stale results of each company that has key accounts."""
        # A cron has no user's companies: it looks at all of them.
        companies = self.env['res.company'].sudo().search([])
        for company in companies.filtered('kam_settings_id'):
            self._watch_staleness(company)

    @api.model
    def _watch_staleness(self, company):
        """Bring the alert of one company up to date."""
        alerts = self.env['kam.alert']
        # Runs are for managers and settings of their company; the alert is Odoo's own.
        published = self.env['kam.sync.run'].sudo()._last_published(company)
        hours = company.sudo().kam_settings_id.refresh_hours
        if not self._has_key_accounts(company) or self._is_fresh(published, hours):
            alerts._close_by_odoo(RULE, company)
            return
        alerts._open_by_odoo(RULE, company, facts={
            'hours': hours,
            **({'as_of': fields.Date.to_string(published.as_of),
                'published': fields.Datetime.to_string(published.date_end)} if published else {}),
        })

    @api.model
    def _is_fresh(self, published, hours):
        return bool(published) and published.date_end >= fields.Datetime.now() - timedelta(hours=hours)

    @api.model
    def _has_key_accounts(self, company):
        """Whether anyone misses figures in a company: it has key accounts, or had them scored."""
        # Only yes or no is told.
        return bool(self.env['res.partner'].sudo().search_count([
            ('is_key_account', '=', True), ('kam_company_id', 'in', [company.id, False]),
            ('company_id', 'in', [company.id, False])], limit=1))
