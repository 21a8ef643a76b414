"""What becomes of the accounts of someone who leaves."""
from odoo import models


class ResUsers(models.Model):
    _inherit = 'res.users'

    def write(self, vals):
        leaving = self.filtered('active') if vals.get('active') is False else self.browse()
        result = super().write(vals)
        if leaving:
            leaving._kam_leave()
        return result

    def _kam_leave(self):
        """End these people's places in account teams, and ask a colleague to hand their accounts over.

        The accounts keep their manager until then: who looked after them is not forgotten, and none is left to nobody
        without being asked for.
        """
        # Whoever archives a user need not be in sales.
        members = self.env['kam.team.member'].sudo().search([('user_id', 'in', self.ids), ('is_current', '=', True)])
        members.filtered(lambda member: member.role != 'manager')._end(self.env.company._kam_today())
        accounts = self.env['res.partner'].sudo().search([('kam_manager_id', 'in', self.ids)])
        for account in accounts:
            heir = account._kam_find_heir()
            if heir:
                account.activity_schedule(
                    'mail.mail_activity_data_todo', user_id=heir.id,
                    summary=self.env._("Hand over: %(manager)s has left", manager=account.kam_manager_id.name))


class ResPartner(models.Model):
    _inherit = 'res.partner'

    def _kam_find_heir(self):
        """Who shall see to it that the account gets a new manager: its deputy, its sponsor, or who accepted it."""
        self.ensure_one()
        members = self.kam_member_ids.filtered('is_current')
        for role in ('deputy', 'sponsor'):
            person = members.filtered(lambda member, role=role: member.role == role and member.user_id.active).user_id
            if person:
                return person[0]
        decisions = self.kam_nomination_ids.filtered(lambda row: row.state == 'accepted' and row.decided_by_id.active)
        return decisions.sorted('date_decided')[-1:].decided_by_id
