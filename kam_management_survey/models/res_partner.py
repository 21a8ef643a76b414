"""The account and its people: asking them how we are doing."""
from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

MANAGERS = 'kam_management.group_kam_manager'


class ResPartner(models.Model):
    _inherit = 'res.partner'

    def action_kam_ask(self):
        """Ask the stakeholders of an account; from contacts: these people of it."""
        people = self.filtered(lambda partner: not partner.is_company and not partner.is_key_account)
        account = self.kam_account_id
        if len(account) != 1:
            raise UserError(self.env._("Choose people of one account: each account is asked by itself."))
        return self.env['kam.survey.send']._open(account, people)

    def _kam_satisfaction_ways(self):
        ways = super()._kam_satisfaction_ways()
        if self.kam_account_id.is_key_account and self.env.user.has_group('kam_management.group_kam_user'):
            ways.append({'method': 'action_kam_ask', 'label': self.env._("Ask for opinions")})
        return ways

    def _kam_check_may_ask(self):
        """Raise unless this is a key account, and the reader looks after it."""
        self.ensure_one()
        if not self.is_key_account:
            raise UserError(self.env._(
                "%(account)s is no key account. Surveys are sent to the people of key accounts: propose it as one "
                "first.", account=self.display_name))
        self.env['kam.stakeholder']._refuse_hidden(self.ids)
        # In sudo: the condition asks of the reader, who may see less of the contact than of the account.
        own = self.env.user.has_group(MANAGERS) or self.sudo().search_count(
            Domain('id', '=', self.id) & self._kam_own_domain())
        if not own:
            raise AccessError(self.env._(
                "Only those who look after %(account)s ask its people. Ask its manager to send the survey, or to let "
                "you into the team.", account=self.display_name))
