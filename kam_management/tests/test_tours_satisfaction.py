"""The tab Satisfaction in a browser: empty, with figures, from a moment to its answers; at a desk and on a phone."""
from odoo.tests import HttpCase, tagged

from .rollup_common import RollupCommon


class SatisfactionTours(HttpCase, RollupCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_user.password = cls.user_user.login

    def _fill(self):
        self._known()
        self._rollup(touchpoint_id=self.delivery.id, satisfaction=20.0, answers=3, people=2)
        self._response(value=10, comment="They answer the same day")
        self._response(self.luis, kind='moment', value=0, touchpoint_id=self.delivery.id, comment="A day late")

    def _tour(self, name):
        self.start_tour(f'/odoo/res.partner/{self.iberia.id}', name, login=self.user_user.login)


@tagged('post_install', '-at_install')
class TestSatisfactionTour(SatisfactionTours):

    def test_from_nothing(self):
        self._tour('kam_satisfaction_empty')
        response = self.responses.search([('partner_id', '=', self.iberia.id)])
        self.assertEqual((response.kind, response.value, response.contact_id), ('nps', 9, self.buyer))

    def test_what_they_say(self):
        self._fill()
        self._tour('kam_satisfaction')


@tagged('post_install', '-at_install')
class TestSatisfactionPhone(SatisfactionTours):
    browser_size = '420x900'
    touch_enabled = True

    def test_what_they_say_on_a_phone(self):
        self._fill()
        self._tour('kam_satisfaction')
