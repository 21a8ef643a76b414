"""What people could do around the steps and rules, by RPC: refused, each as that user."""
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import KamCommon


@tagged('post_install', '-at_install')
class TestGuards(KamCommon):

    def test_a_decision_can_t_be_forged_by_defaults(self):
        nominations = self.env['kam.nomination'].with_user(self.user_user)
        for defaults in ({'default_state': 'accepted'}, {'default_decided_by_id': self.user_manager.id},
                         {'default_date_decided': '2026-01-01 10:00:00'}, {'default_willingness': 90.0}):
            with self.subTest(defaults), self._refused(UserError, "moves on by its steps"):
                nominations.with_context(**defaults).create({'partner_id': self.solo.id})
        with self._refused(AccessError, "in one's own name"):
            nominations.with_context(default_user_id=self.user_manager.id).create({'partner_id': self.solo.id})

    def test_the_slot_of_an_open_nomination_is_not_written(self):
        nomination = self.env['kam.nomination'].with_user(self.user_user).create({'partner_id': self.solo.id})
        with self._refused(UserError, "moves on by its steps"):
            nomination.open_slot = False

    def test_the_note_of_a_decision_stays(self):
        nomination = self.env['kam.nomination'].with_user(self.user_user).create({'partner_id': self.solo.id})
        nomination.with_user(self.user_manager).action_decline()
        with self._refused(UserError, "stays as it is"):
            nomination.decision_note = "Accepted, really"

    def test_nothing_moves_to_a_company_that_one_may_not_enter(self):
        driver = self.env['kam.cost.driver'].with_user(self.user_admin).create({
            'kpi_id': self.env.ref('kam_management.kpi_credit_notes_count').id, 'unit_cost': 1.0})
        with self.assertRaises(AccessError):
            driver.company_id = self.company_2
        here = self.env['kam.manager'].search([('user_id', '=', self.user_user.id)])
        there = self.env['kam.manager'].create({'user_id': self.user_user.id, 'company_id': self.company_2.id})
        line = here.competence_ids[0]
        there.competence_ids.unlink()
        with self.assertRaises(AccessError):
            line.with_user(self.user_manager).manager_id = there

    def test_nobody_shut_out_becomes_the_salesperson(self):
        self.solo.write({'user_id': self.user_colleague.id, 'kam_confidentiality': 'manager'})
        with self._refused(AccessError, "is confidential"):
            self.solo.with_user(self.user_user).user_id = self.user_user
        self.solo.with_user(self.user_colleague).user_id = self.user_user
        self.assertEqual(self.solo.user_id, self.user_user)

    def test_archived_accounts_stay_closed(self):
        self.iberia.write({'kam_confidentiality': 'team', 'active': False})
        with self._refused(AccessError, "is confidential"):
            self.env['kam.team.member'].with_user(self.user_manager).create({
                'partner_id': self.iberia.id, 'user_id': self.user_manager.id})

    def test_a_sheet_of_a_confidential_account(self):
        self.iberia.kam_confidentiality = 'team'
        with self._refused(AccessError, "is confidential"):
            self.env['kam.rating.sheet'].with_user(self.user_colleague)._open(self.iberia)

    def test_what_a_confidential_team_lacks_is_not_told(self):
        self.iberia.kam_tier_id = self.strategic
        self.assertIn("deputy", self.iberia.with_user(self.user_contributor).kam_team_gap)
        self.iberia.kam_confidentiality = 'team'
        self.assertFalse(self.iberia.with_user(self.user_contributor).kam_team_gap)
        self.assertIn("deputy", self.iberia.with_user(self.user_user).kam_team_gap)

    def test_a_contributor_reads_tiers(self):
        self.assertTrue(self.key.with_user(self.user_contributor).read())
