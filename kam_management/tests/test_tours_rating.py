"""Rating an account in a browser, at a desk and on a phone."""
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo.tests import HttpCase, tagged

from .rating_common import SheetCase


class RatingTour(HttpCase, SheetCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_user.password = cls.user_user.login
        cls._refreshed(
            cls.iberia, {'attractiveness': 0.7, 'position': 0.4},
            {'customer_knowledge': [6.5, str(cls.today - timedelta(9)), 61.1, 61.1, 2, 3.0]})
        cls._ago(cls.iberia, cls.user_user, 'customer_knowledge', 5, days=24)
        cls._ago(cls.iberia, cls.user_manager, 'customer_knowledge', 8, days=9)
        cls._opinion(cls.iberia, cls.user_user, value=6, date=cls.today - relativedelta(months=20))

    def _rate(self):
        self.start_tour(f'/odoo/res.partner/{self.iberia.id}', 'kam_rating_sheet', login=self.user_user.login)
        given = self.env['kam.assessment'].search([('partner_id', '=', self.iberia.id), ('date', '=', self.today)])
        self.assertEqual(
            {(opinion.factor_id.code, opinion.value, opinion.comment, opinion.user_id) for opinion in given}, {
                ('image', 8, "They recommended us", self.user_user), ('customer_knowledge', 5, False, self.user_user)})


@tagged('post_install', '-at_install')
class TestRatingTour(RatingTour):

    def test_rate(self):
        self._rate()

    def test_too_old(self):
        self.start_tour('/odoo/key-accounts-opinions', 'kam_opinions_too_old', login=self.user_user.login)


@tagged('post_install', '-at_install')
class TestRatingTourPhone(RatingTour):
    browser_size = '420x900'
    touch_enabled = True

    def test_rate(self):
        self._rate()
