"""Whose account a partner is, and from whom its confidentiality hides it: the conditions that all rules share."""
from odoo import api, fields, models
from odoo.fields import Domain

from .kam_account_mixin import LEVELS
from .res_partner import KAM_READERS


class ResPartner(models.Model):
    _inherit = 'res.partner'

    kam_confidentiality = fields.Selection(
        LEVELS, "Confidentiality", required=True, default='company', tracking=True, copy=False, groups=KAM_READERS,
        help="Who may read what Key Accounts knows of this account: scores, opinions, plans. The contact itself stays "
             "visible as ever.")

    # few of many are restricted
    _kam_restricted_idx = models.Index("(id) WHERE kam_confidentiality IN ('team', 'manager')")

    @api.model
    def _kam_managed_domain(self):
        """Accounts that the reader manages; of a customer that is no key account, its salesperson stands for that."""
        salesperson = (
            Domain('is_key_account', '=', False) & Domain('kam_manager_id', '=', False)
            & Domain('user_id', '=', self.env.uid))
        return Domain('kam_manager_id', '=', self.env.uid) | salesperson

    @api.model
    def _kam_team_domain(self):
        """Accounts whose team the reader belongs to today, managers included."""
        # Rights follow from the team, also for readers who may not read its rows: hence sudo.
        today = self.env.company._kam_today()
        member = self.env['kam.team.member'].sudo()._search(
            Domain('user_id', '=', self.env.uid) & self.env['kam.team.member']._current_domain(today))
        return self._kam_managed_domain() | Domain('id', 'in', member.subselect('partner_id'))

    @api.model
    def _kam_own_domain(self):
        """Accounts that the reader looks after: in the team of a key account, salesperson of another customer."""
        return self._kam_team_domain() | (
            Domain('is_key_account', '=', False) & Domain('user_id', '=', self.env.uid))

    @api.model
    def _kam_hidden_domain(self):
        """Accounts whose confidentiality shuts the reader out."""
        if self._kam_sees_all():
            return Domain.FALSE
        return (
            (Domain('kam_confidentiality', '=', 'team') & ~self._kam_team_domain())
            | (Domain('kam_confidentiality', '=', 'manager') & ~self._kam_managed_domain())
        )

    @api.model
    def _kam_sees_all(self):
        """The worker computes the scores of all accounts, whatever people may see of them."""
        return self.env.user.has_group('kam_management.group_kam_service')
