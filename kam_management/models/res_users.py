"""What becomes of the accounts of someone who leaves."""
from odoo import api, models
from odoo.exceptions import UserError, ValidationError


class ResUsers(models.Model):
    _inherit = 'res.users'

    def write(self, vals):
        watched = 'active' in vals or any(name.startswith(('group', 'role', 'share')) for name in vals)
        working = self.filtered(lambda user: user.active and not user.share) if watched else self.browse()
        result = super().write(vals)
        leaving = working.filtered(lambda user: not user.active or user.share)
        if leaving:
            leaving._kam_leave()
        return result

    def _kam_refuse_strangers(self, group=None):
        """Raise unless these people work in this database and, where one is given, are of this group.

        What somebody owns they must be able to open.
        """
        # Other people's account types and groups are readable to administrators only.
        for user in self.sudo():
            if user.share:
                raise ValidationError(self.env._(
                    "%(user)s is not an employee. Choose a colleague who works in this database.", user=user.name))
            # The system itself opens everything.
            if group and not user._is_superuser() and not user.has_group(group):
                raise ValidationError(self.env._(
                    "%(user)s couldn't open it. Ask an administrator to give them the role “%(role)s” of Key Accounts "
                    "in Settings › Users, or choose another colleague.",
                    user=user.name, role=self.env.ref(group).sudo().name))

    def _kam_leave(self):
        """End these people's places in account teams, and ask a colleague to hand their accounts over.

        The accounts keep their manager until then: who looked after them is not forgotten, and none is left to nobody
        without being asked for.
        """
        # Whoever archives a user need not be in sales.
        today = self.env.company._kam_today()
        members = self.env['kam.team.member'].sudo().search([
            ('user_id', 'in', self.ids), ('role', '!=', 'manager'),
            '|', ('date_to', '=', False), ('date_to', '>', today)])
        members._end(today)
        accounts = self.env['res.partner'].sudo().search([('kam_manager_id', 'in', self.ids)])
        for account in accounts:
            heir = account._kam_find_heir()
            if heir:
                account.activity_schedule(
                    'mail.mail_activity_data_todo', user_id=heir.id,
                    summary=self.env._("Hand over: %(manager)s has left", manager=account.kam_manager_id.name))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_the_programme(self):
        # Whoever deletes a user need not be in sales.
        member = self.env['kam.team.member'].sudo().search([('user_id', 'in', self.ids)], limit=1)
        nomination = self.env['kam.nomination'].sudo().with_context(active_test=False).search(
            ['|', ('user_id', 'in', self.ids), ('decided_by_id', 'in', self.ids)], limit=1)
        if member or nomination:
            raise UserError(self.env._(
                "%(user)s is part of the history of key accounts. Archive the user instead.",
                user=(member.user_id or (nomination.user_id | nomination.decided_by_id) & self)[:1].name))


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
