"""From nothing to an active plan, in a browser."""
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL

from .test_kam_plan import PlanCommon


@tagged('post_install', '-at_install')
class TestPlanTours(HttpCase, PlanCommon):

    def test_from_nothing_to_an_active_plan(self):
        self.env.flush_all()
        # as an accepted nomination leaves it
        self.env.cr.execute(SQL(
            "UPDATE res_partner SET kam_tier_id = %s WHERE id = %s",
            self.env.ref('kam_management.tier_key').id, self.iberia.id))
        self.env.invalidate_all()
        lead = self.env['crm.lead'].create({
            'name': "Boxes", 'type': 'opportunity', 'partner_id': self.logistics.id, 'expected_revenue': 1500.0,
            'user_id': self.user_user.id, 'company_id': self.company.id})
        lead.action_set_won()
        self.user_user.password = self.user_user.login
        self.start_tour(
            f'/odoo/action-kam_management.res_partner_action_key_accounts/{self.iberia.id}', 'kam_plan',
            login=self.user_user.login)
        plan = self.env['kam.plan'].search([('partner_id', '=', self.iberia.id)])
        self.assertEqual((plan.state, plan.owner_id), ('active', self.user_user))
        self.assertEqual(plan.priority_ids.mapped('name'), ["Win the trays", "Renew the agreement"])
        self.assertEqual(plan.category_ids.white_space, 600.0)
        self.assertTrue(plan.business_date)
