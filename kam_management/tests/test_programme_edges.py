"""Ways in and out of the programme that are easily overlooked, each as the person who takes it."""
from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .test_kam_nomination import NominationCommon
from .test_kam_team_member import TeamCommon


@tagged('post_install', '-at_install')
class TestWaysOut(NominationCommon):

    def test_no_account_gets_stuck(self):
        """An archived key account, and one that has become a contact, can still leave."""
        for values in ({'active': False}, {'is_company': False, 'parent_id': self.group.id}):
            with self.subTest(values), self.env.cr.savepoint() as savepoint:
                self._accepted(self.solo, manager_id=self.user_user.id)
                self.solo.write(values)
                self._accepted(self.solo, kind='exit', tier_id=False)
                self.assertFalse(self.solo.is_key_account)
                savepoint.rollback()

    def test_the_company_of_a_key_account(self):
        self._accepted(self.solo)
        with self._refused(ValidationError, "Propose there that it leaves"):
            self.solo.with_user(self.user_system).sudo().company_id = self.company_2

    def test_another_company_decides(self):
        """A manager of a company that did not accept the account changes nothing of it."""
        self._accepted(self.solo, manager_id=self.user_user.id)
        there = self._user('there', 'kam_management.group_kam_manager', 'base.group_partner_manager',
                           companies=self.company_2)
        solo = self.solo.with_user(there)
        for values in ({'kam_manager_id': there.id}, {'kam_confidentiality': 'manager'}):
            with self._refused(AccessError, "decides on this key account"):
                solo.write(values)
        with self._refused(AccessError, "decides on this key account"):
            self.env['kam.handover'].with_user(there).create({
                'partner_ids': [(6, 0, solo.ids)], 'user_id': there.id}).action_confirm()

    def test_a_tier_without_the_flag(self):
        with self._refused(ValidationError, "is not a key account, so it has no tier"):
            self.solo.kam_tier_id = self.key

    def test_candidates_of_two_companies(self):
        """Each becomes a candidate in the company of its scores; one that can't does not stop the others."""
        self.user_manager.company_ids |= self.company_2
        both = {'allowed_company_ids': (self.company | self.company_2).ids}
        own = self._score(self.solo)
        scores = own | self._score(self.other, self.company_2) | self._score(self.claire)
        action = scores.with_user(self.user_manager).with_context(**both).action_nominate()
        found = self.env['kam.nomination'].with_context(**both).search(action['domain'])
        self.assertEqual({(row.partner_id, row.company_id) for row in found},
                         {(self.solo, self.company), (self.other, self.company_2)})

    def test_whoever_decided_last_is_asked(self):
        """Also by those who may not read that decision."""
        self._accepted(self.other)
        nomination = self._nominate(self.solo, self.user_user)
        nomination.action_propose()
        self.assertEqual(nomination.activity_ids.user_id, self.user_manager)
        with self._refused(ValidationError, "can't decide on nominations"):
            nomination.with_user(self.user_manager).approver_id = self.user_contributor

    def test_what_was_proposed_is_not_swapped(self):
        nomination = self._nominate(self.solo, self.user_user)
        nomination.action_propose()
        with self._refused(UserError, "waits for a decision on what was proposed"):
            nomination.tier_id = self.strategic
        by_manager = self._nominate(self.other)
        by_manager.action_propose()
        self.other.user_id = self.user_user
        with self._refused(AccessError, "Only Key Accounts managers decide"):
            by_manager.with_user(self.user_user).action_withdraw()

    def test_somebody_else_s_customer(self):
        with self._refused(AccessError, "is not among your customers. Ask a Key Accounts manager to propose it"):
            self._nominate(self.other, self.user_user)

    def test_nobody_would_see_it(self):
        nomination = self._nominate(self.solo, self.user_user, confidentiality='manager', approver_id=False)
        self.env['kam.nomination'].search([])._stepping().write({'decided_by_id': False})
        with self._refused(UserError, "Choose who shall decide on it"):
            nomination.action_propose()

    def test_what_is_known_stays_when_the_decider_sees_less(self):
        self._score(self.solo, revenue=5000.0, willingness=60.0)
        self.solo.write({'kam_confidentiality': 'manager'})
        nomination = self._nominate(self.solo, self.user_user, approver_id=self.user_manager.id)
        nomination.action_propose()
        decided = nomination.with_user(self.user_manager)
        self.assertFalse(decided.exceptions)
        decided.action_accept()
        self.assertEqual((nomination.revenue, nomination.willingness), (5000.0, 60.0))


@tagged('post_install', '-at_install')
class TestPeopleWhoGo(TeamCommon):

    def test_archived_by_a_client_that_sends_0(self):
        member = self._join(self.iberia, self.user_contributor)
        planned = self._join(self.solo, self.user_contributor, date_from=self.today + timedelta(days=9))
        self.user_contributor.write({'active': 0})
        self.assertEqual(member.date_to, self.today)
        self.assertFalse(planned.exists())

    def test_who_becomes_a_portal_user(self):
        member = self._join(self.iberia, self.user_contributor)
        self.user_contributor.group_ids = self.env.ref('base.group_portal')
        self.assertEqual(member.date_to, self.today)

    def test_nobody_who_has_left_takes_over(self):
        self.user_colleague.active = False
        with self._refused(ValidationError, "doesn't work in this database"):
            self.iberia.with_user(self.user_manager).kam_manager_id = self.user_colleague

    def test_deleting_a_user(self):
        with self._refused(UserError, "is part of the history of key accounts. Archive the user instead"):
            self.user_user.unlink()

    def test_taking_over_keeps_function_and_task(self):
        function = self.env.ref('kam_management.function_sales')
        self._join(self.iberia, self.user_colleague, role='deputy', function_id=function.id, note="Knows them well",
                   date_from=self.today - timedelta(days=30))
        later = self._join(self.iberia, self.user_colleague.copy({'login': 'kam_other', 'name': "Other"}),
                           date_from=self.today + timedelta(days=30))
        self.iberia.kam_manager_id = self.user_colleague
        row = self.iberia.kam_member_ids.filtered(lambda member: member.role == 'manager' and member.is_current)
        self.assertEqual((row.function_id, row.note), (function, "Knows them well"))
        self.iberia.kam_manager_id = later.user_id
        self.assertFalse(later.exists(), "a place that was to begin later is moot")

    def test_the_reason_of_a_confidential_handover(self):
        """Kept with the new manager's place, and not in the contact's history."""
        self.iberia.kam_confidentiality = 'team'
        self.env['kam.handover'].with_user(self.user_manager).create({
            'partner_ids': [(6, 0, self.iberia.ids)], 'user_id': self.user_colleague.id,
            'reason': "Secret"}).action_confirm()
        row = self.iberia.kam_member_ids.filtered(lambda member: member.role == 'manager' and member.is_current)
        self.assertEqual(row.handover_reason, "Secret")
        self.assertNotIn("Secret", self._chatter(self.iberia))

    def test_one_message_however_much_moves(self):
        self.env['crm.lead'].create([
            {'name': f"Deal {number}", 'type': 'opportunity', 'partner_id': self.iberia.id,
             'user_id': self.user_user.id} for number in range(10)])
        before = self.env['mail.notification'].search_count([])
        self.env['kam.handover'].with_user(self.user_manager).create({
            'partner_ids': [(6, 0, self.iberia.ids)], 'user_id': self.user_colleague.id}).action_confirm()
        self._flush_tracking()
        self.assertLessEqual(self.env['mail.notification'].search_count([]) - before, 2)
