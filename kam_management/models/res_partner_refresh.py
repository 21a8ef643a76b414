"""“Refresh now” on one account."""
from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = 'res.partner'

    def action_kam_refresh(self):
        """Ask the worker for new figures of this account; told in words what becomes of it."""
        self.ensure_one()
        account = self.kam_account_id or self
        company = self.env.company
        account._kam_check_refresh()
        # Whether there are figures to compare with is no secret; runs are for managers, hence sudo.
        runs = self.env['kam.sync.run'].sudo()
        if not runs._last_published(company):
            raise UserError(self.env._(
                "Nothing has been computed for %(company)s yet. A Key Accounts manager starts with “Refresh all” under "
                "Reporting › Refreshes.", company=company.name))
        _run, is_new = runs._queue('account', company, account)
        return self.env['kam.sync.run']._tell_queued(
            company, is_new,
            queued=self.env._("%(account)s is in the queue: its figures are computed anew in a moment.",
                              account=account.name),
            waiting=self.env._("%(account)s is already in the queue.", account=account.name))

    def _kam_check_refresh(self):
        """Who may read the scores of an account may have them refreshed."""
        user = self.env.user
        partner = self.env['res.partner']
        readable = ~partner._kam_hidden_domain()
        if not user.has_group('kam_management.group_kam_manager'):
            readable &= partner._kam_own_domain()
        # The condition asks of the reader; in sudo because record rules may hide the account itself.
        found = self.sudo().with_context(active_test=False).search_count(Domain('id', '=', self.id) & readable)
        if not user.has_group('kam_management.group_kam_user') or not found:
            raise AccessError(self.env._(
                "You may not see the figures of %(account)s, so you can't have them refreshed either. Ask its manager.",
                account=self.sudo().name))
