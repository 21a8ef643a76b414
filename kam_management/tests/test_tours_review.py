"""A review with 40 changes, held and closed in a browser, at a desk and on a phone."""
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
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
        self._many_changes(39)
        self._gone()
        self.env.flush_all()
        self.start_tour(f'/odoo/res.partner/{self.iberia.id}', 'kam_review', login=self.user_user.login)
        self.env.invalidate_all()
        review = self.env['kam.review'].search([('partner_id', '=', self.iberia.id)]) - last
        self.assertEqual(review.state, 'closed')
        self.assertEqual({name: (row.state, row.target) for name, row in goals.items()}, {
            "Keep it": ('running', 100), "Change it": ('running', 80), "Drop it": ('cancelled', 100)})
        self.assertEqual(review.decision_ids.action_id.mapped('name'), ["Ask for the forecast"])
        self.assertEqual(len(review.changes['first']) + len(review.changes['more']), 40)
        return review

    def _gone(self):
        """Marc, who backed us, has left since the last review."""
        marc = self._partner('Marc', parent_id=self.iberia.id, is_company=False)
        person = self.env['kam.stakeholder'].with_user(self.user_user).create({'contact_id': marc.id})
        self.env.flush_all()
        self.env.cr.execute("UPDATE kam_stakeholder SET create_date = create_date - interval '200 days' WHERE id = %s",
                            [person.id])
        person.change_ids.sudo().unlink()
        person.write({'power': 'high', 'support': 'champion'})
        person.change_ids.sudo().unlink()
        person.action_leave()


@tagged('post_install', '-at_install')
class TestReviewTour(ReviewTour):

    def test_hold(self):
        review = self._hold()
        self.assertEqual(review.decision_ids.owner_id, self.user_contributor)
        self.assertEqual(review.next_date, date(self.today.year + 2, 5, 1))


@tagged('post_install', '-at_install')
class TestReviewTourPhone(ReviewTour):
    browser_size = '420x900'
    touch_enabled = True

    def test_hold(self):
        review = self._hold()
        self.assertEqual(review.decision_ids.owner_id, self.user_user)
        self.assertEqual(review.next_date, self.today + relativedelta(months=6))
