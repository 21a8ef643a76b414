"""A negotiation and its result, and the value report, in a browser."""
from odoo.tests import HttpCase, tagged

from .test_kam_action import ActionCommon


@tagged('post_install', '-at_install')
class TestActionTours(HttpCase, ActionCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_user.password = cls.user_user.login

    def test_a_negotiation_and_its_result(self):
        self.start_tour('/odoo/key-accounts-actions', 'kam_negotiation', login=self.user_user.login)
        action = self.env['kam.action'].search([('name', '=', "Agreement for the trays")])
        self.assertEqual((action.state, action.date_done, action.result), ('done', self.today, "Signed"))
        self.assertEqual((action.phase, action.effort, action.value_us_expected), ('closing', 8, 50000))
        self.assertEqual((action.conceded, action.gained), ("Ten days of stock", "Two years"))

    def test_value_report(self):
        plan = self._plan(self.iberia)
        plan.action_activate()
        self.iberia.lang = 'en_US'
        self._action(name="Pallets reused", value_customer_expected=9000, value_customer_obtained=12000,
                     value_us_obtained=2500, confirmed_by_id=self.buyer.id).action_done()
        self._action(name="Faster line", value_customer_expected=5000)
        self.start_tour(f'/odoo/key-accounts-plans/{plan.id}', 'kam_value_report', login=self.user_user.login)
