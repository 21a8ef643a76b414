"""A review with 40 changes, held and closed in a browser, at a desk and on a phone."""
from datetime import timedelta

from odoo.tests import HttpCase, tagged

from .review_common import ReviewCommon


class ReviewTour(HttpCase, ReviewCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_user.password = cls.user_user.login

    def _hold(self):
        last = self._held(90)
        goals = {name: self._running(name, date_start=self.today - timedelta(days=200))
                 for name in ("Keep it", "Change it", "Drop it")}
        self._many_changes(40)
        self.env.flush_all()
        self.start_tour(f'/odoo/res.partner/{self.iberia.id}', 'kam_review', login=self.user_user.login)
        self.env.invalidate_all()
        review = self.env['kam.review'].search([('partner_id', '=', self.iberia.id)]) - last
        self.assertEqual(review.state, 'closed')
        self.assertEqual({name: (row.state, row.target) for name, row in goals.items()}, {
            "Keep it": ('running', 100), "Change it": ('running', 80), "Drop it": ('cancelled', 100)})
        self.assertEqual(review.decision_ids.action_id.mapped('name'), ["Ask for the forecast"])
        self.assertEqual(len(review.changes['first']) + len(review.changes['more']), 40)


@tagged('post_install', '-at_install')
class TestReviewTour(ReviewTour):

    def test_hold(self):
        self._hold()


@tagged('post_install', '-at_install')
class TestReviewTourPhone(ReviewTour):
    browser_size = '420x900'
    touch_enabled = True

    def test_hold(self):
        self._hold()
