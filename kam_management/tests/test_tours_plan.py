"""From nothing to an active plan, in a browser."""
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL

from .test_kam_plan import PlanCommon


@tagged('post_install', '-at_install')
class TestPlanTours(HttpCase, PlanCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.flush_all()
        # as an accepted nomination leaves it
        cls.env.cr.execute(SQL(
            "UPDATE res_partner SET kam_tier_id = %s WHERE id = %s",
            cls.env.ref('kam_management.tier_key').id, cls.iberia.id))
        cls.env.invalidate_all()
        cls._partner('Nuria', parent_id=cls.iberia.id, is_company=False)
        cls._lead("Boxes", 1500).action_set_won()
        cls._lead("Lids", 800).action_set_lost()
        cls.user_user.password = cls.user_user.login

    @classmethod
    def _lead(cls, name, amount):
        return cls.env['crm.lead'].create({
            'name': name, 'type': 'opportunity', 'partner_id': cls.logistics.id, 'expected_revenue': amount,
            'user_id': cls.user_user.id, 'company_id': cls.company.id})

    def test_from_nothing_to_an_active_plan(self):
        """A key account that has bought before: with 40 fields at most its plan runs, and nothing is missing."""
        self.start_tour(
            f'/odoo/action-kam_management.res_partner_action_key_accounts/{self.iberia.id}', 'kam_plan',
            login=self.user_user.login, timeout=150)
        plan = self.env['kam.plan'].search([('partner_id', '=', self.iberia.id)])
        self.assertEqual((plan.state, plan.owner_id), ('active', self.user_user))
        self.assertEqual((plan.missing, plan.progress), ("", 1.0))
        self.assertEqual(len(plan.priority_ids), 3)
        self.assertEqual(
            [(row.state, row.owner_id, row.owner_agreed, row.is_overdue) for row in plan.objective_ids],
            3 * [('running', self.user_user, True, False)])
        self.assertFalse([mark for row in plan.objective_ids for mark in row.smart if mark['missing']])
        self.assertEqual(
            [(row.name, row.kind_id.code, row.contact_ids.mapped('name'), row.owner_id, row.state)
             for row in plan.action_ids.sorted('date')],
            [("See the line with their buyer", 'visit', ["Luis"], self.user_user, 'planned'),
             ("Price for two years", 'offer', ["Nuria"], self.user_user, 'planned'),
             ("Our management meets theirs", 'sponsor', ["Nuria"], self.user_user, 'planned')])
        self.assertTrue(all(row.hat_id and row.phase and row.effort for row in plan.action_ids), "the kind fills in")
        self.assertFalse(plan.action_ids.filtered('is_late'))

    def test_more_than_the_tier_asks_for(self):
        plan = self._plan()
        self.start_tour(f'/odoo/key-accounts-plans/{plan.id}', 'kam_plan_more', login=self.user_user.login)
        self.assertEqual(plan.category_ids.white_space, 600.0)
        self.assertTrue(plan.business_date)
        self.assertTrue(plan.show_more)
