"""Odoo's ratings, as they are asked for, given, changed and reset in the real app, and what becomes of them."""
from datetime import timedelta
from unittest import SkipTest

from odoo.tests import tagged

from .test_kam_satisfaction_source import SourceCommon


@tagged('post_install', '-at_install')
class TestSatisfactionRating(SourceCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if 'rating.rating' not in cls.env:
            raise SkipTest("rating is not installed in this database")
        cls.ratings = cls.env.ref('kam_management.satisfaction_source_ratings')
        cls.ratings.active = True
        cls._define_back(cls.ratings)
        cls.env['rating.rating'].search([]).unlink()
        for model in ('response', 'request', 'refusal', 'mark'):
            cls.env[f'kam.satisfaction.{model}'].with_context(active_test=False).search(
                [('source_id', '=', cls.ratings.id)]).unlink()
        # What is rated: any document with a chatter. Its customer is who rates.
        cls.ticket = cls._partner('Ticket 12')

    def _asked(self, person, days=5):
        token = self.ticket._rating_get_access_token(partner=person)
        rating = self.env['rating.rating'].search([('access_token', '=', token)])
        self.env.flush_all()
        self.env.cr.execute("UPDATE rating_rating SET create_date = create_date - %s * interval '1 day' WHERE id = %s",
                            (days, rating.id))
        self.env.invalidate_all()
        return rating

    def test_ready_where_it_is_installed(self):
        self.assertEqual((self.ratings.state, self.ratings.kind, self.ratings.shipped), ('available', 'csat', True))
        self.assertEqual((self.ratings.scale_min, self.ratings.scale_max), (1, 5))
        self.assertFalse(self.ratings.failure)

    def test_asked_and_answered(self):
        """Asked, it is no answer: Odoo notes 0 there. Rated, it is one; rated again, it follows; reset, it goes."""
        rating = self._asked(self.luis)
        self.assertFalse(self._collected(self.ratings))
        request = self.requests.search([('source_id', '=', self.ratings.id)])
        self.assertEqual((request.contact_id, request.partner_id, request.date, request.answered_on),
                         (self.luis, self.iberia, self.today - timedelta(days=5), False))
        self.ticket.rating_apply(4, token=rating.access_token, feedback="Friendly, a bit late")
        answer = self._collected(self.ratings)
        self.assertEqual((answer.kind, answer.value, answer.contact_id, answer.partner_id, answer.organisation_id),
                         ('csat', 4, self.luis, self.iberia, self.logistics))
        self.assertEqual((answer.date, answer.comment, request.answered_on),
                         (self.today, "Friendly, a bit late", self.today))
        rating.write({'rating': 2, 'feedback': "And it broke"})
        self._collected(self.ratings)
        self.assertEqual((answer.value, answer.comment), (2, "And it broke"))
        rating.reset()
        self._collected(self.ratings)
        self.assertEqual((answer.active, request.answered_on), (False, False))
        self.ticket.rating_apply(5, token=rating.access_token)
        self._collected(self.ratings)
        self.assertEqual((answer.active, answer.value, answer.comment), (True, 5, False))
        self.assertFalse(self._reasons(self.ratings))

    def test_a_comment_with_stars_was_not_asked_for(self):
        portal = self.env['res.users'].create({
            'name': "Luis", 'login': 'luis_portal', 'partner_id': self.luis.id,
            'group_ids': [(6, 0, self.env.ref('base.group_portal').ids)]})
        self.ticket.with_user(portal).sudo().message_post(body="Good", rating_value=5, message_type='comment')
        self.assertEqual(self._collected(self.ratings).value, 5)
        self.assertFalse(self.requests.search([('source_id', '=', self.ratings.id)]))

    def test_colleagues_and_halves(self):
        """A colleague who rates, a rating by nobody, and half a star that another program brought in."""
        reasons = {}
        for person, rate, reason in ((self.user_colleague.partner_id, 5, 'ours'), (self.buyer, 3.5, 'not_whole')):
            rating = self._asked(person)
            self.ticket.rating_apply(rate, token=rating.access_token)
            reasons[rating.id] = reason
        nobody = self.env['rating.rating'].create({
            'res_model_id': self.env['ir.model']._get_id('res.partner'), 'res_id': self.ticket.id, 'rating': 4,
            'consumed': True})
        self.assertFalse(self._collected(self.ratings))
        self.assertEqual(self._reasons(self.ratings), {**reasons, nobody.id: 'no_contact'})

    def test_the_document_is_deleted(self):
        """Odoo deletes its ratings with it. It was said, and it was asked."""
        rating = self._asked(self.luis)
        self.ticket.rating_apply(4, token=rating.access_token)
        answer = self._collected(self.ratings)
        self.ticket.unlink()
        self.assertFalse(rating.exists())
        self._collected(self.ratings, full=True)
        self.assertTrue(answer.exists().active)
        self.assertTrue(self.requests.search([('source_id', '=', self.ratings.id)]).active)
