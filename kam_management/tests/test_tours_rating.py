"""Rating an account, and the relation with it, in a browser, at a desk and on a phone."""
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo.tests import HttpCase, tagged

from .rating_common import SheetCase
from .test_kam_relationship import RelationCommon


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


class RelationTour(HttpCase, RelationCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_colleague.password = cls.user_colleague.login
        cls._say(cls.user_user, 5, trust=9)

    def _rate(self):
        """Somebody else of the team rates: then there is a mean, and the next stage is nearer."""
        relation = self._relation(stage='basic', target_stage='cooperative')
        self.start_tour(
            f'/odoo/key-accounts-relations/{relation.id}', 'kam_relationship_sheet', login=self.user_colleague.login)
        said = self.env['kam.relationship.assessment'].search([
            ('partner_id', '=', self.iberia.id), ('user_id', '=', self.user_colleague.id)])
        self.assertEqual((said.date, said.trust, said.effective_communication, said.conflict, said.comment),
                         (self.today, 6, 4, False, "They told us first"))


@tagged('post_install', '-at_install')
class TestRelationTour(RelationTour):

    def test_rate(self):
        self._rate()


@tagged('post_install', '-at_install')
class TestRelationTourPhone(RelationTour):
    browser_size = '420x900'
    touch_enabled = True

    def test_rate(self):
        self._rate()
