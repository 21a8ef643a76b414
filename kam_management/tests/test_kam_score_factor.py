"""Factors: what makes sense as one, and what an upgrade leaves alone."""
import doctest

from odoo.addons.kam_management.tools import steps
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import BaseCase, tagged
from odoo.tools import convert_file, mute_logger
from psycopg2.errors import UniqueViolation

from .common import KamCommon


@tagged('post_install', '-at_install')
class TestFactor(KamCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.factors = cls.env['kam.score.factor'].with_user(cls.user_admin)

    def _factor(self, **values):
        return self.factors.create({
            'code': 'new_factor', 'name': "New factor", 'dimension': 'attractiveness', 'source': 'measure',
            'measure': 'growth', 'low': 0, 'high': 10, **values})

    def test_new_factor_has_its_weight_everywhere(self):
        factor = self._factor(default_weight=5)
        weights = factor.sudo().weight_ids
        companies = self.env['res.company'].with_context(active_test=False).search([])
        self.assertEqual(weights.company_id, companies)
        self.assertEqual(set(weights.mapped('weight')), {5})

    def test_refused(self):
        kpi = self.env.ref('kam_management.kpi_orders_revenue')
        for values, sentence in (
            ({'code': 'New Factor'}, "can't be a code"),
            ({'measure': False}, "Choose the measure"),
            ({'source': 'kpi'}, "Choose the KPI"),
            ({'source': 'component'}, "health is made of its own components"),
            ({'dimension': 'health'}, "health is made of its own components"),
            ({'dimension': 'health', 'source': 'component'}, "“new_factor” is no component of health"),
            ({'high': False}, "needs a lower and an upper bound"),
            ({'low': False, 'high': False, 'method': 'bounds'}, "needs a lower and an upper bound"),
            ({'low': 10, 'high': 10}, "must be below the upper one"),
            ({'low': 20}, "must be below the upper one"),
            ({'method': 'steps', 'steps': "0: 0"}, "needs at least two steps"),
            ({'method': 'steps', 'steps': "0: 0\n10: 120"}, "“10: 120” is no step"),
            ({'method': 'steps', 'steps': "10: 0\n5: 100"}, "“5: 100” is no step"),
            ({'default_weight': -1}, "can't be negative"),
        ):
            with self.subTest(values), self._refused(ValidationError, sentence):
                self._factor(**values)
        self._factor(source='kpi', kpi_id=kpi.id)

    def test_unknown_bounds_stay_unknown(self):
        factor = self._factor(low=False, high=False)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertIs(factor.low, False)
        self.assertIs(factor.high, False)

    def test_steps(self):
        factor = self._factor(method='steps', steps="0: 0\n60: 50\n105,5: 100")
        self.assertEqual(factor._parsed_steps(), [[0, 0], [60, 50], [105.5, 100]])

    @mute_logger('odoo.sql_db')
    def test_code_is_unique(self):
        with self.assertRaises(UniqueViolation):
            self._factor(code='image')
            self.env.flush_all()

    def test_opinions_are_anchored(self):
        """A salesperson must know what a 4 is."""
        for factor in self.factors.search([('source', '=', 'opinion')]):
            self.assertTrue(factor.anchor_1 and factor.anchor_4 and factor.anchor_7 and factor.anchor_10, factor.code)

    def test_only_administrators(self):
        for user in (self.user_user, self.user_manager):
            with self.assertRaises(AccessError):
                self.factors.with_user(user).search([], limit=1).name = "Mine"

    def test_upgrade_leaves_changes_alone(self):
        factor = self.env.ref('kam_management.factor_image').with_user(self.user_admin)
        factor.write({'default_weight': 77, 'name': "Our image"})
        weight = self.company.kam_weight_ids.filtered(lambda row: row.factor_id.code == 'image')
        weight.weight = 12
        kpi = self.env.ref('kam_management.kpi_opportunities_won')
        kpi.domain = "[('type', '=', 'opportunity'), ('won_status', '=', 'won'), ('expected_revenue', '>', 0)]"
        kpi.active = False
        capacity = self.company.kam_settings_id
        capacity.capacity = 9
        for name in ('kam_score_factor_data.xml', 'kam_kpi_data.xml', 'kam_company_data.xml'):
            convert_file(self.env, 'kam_management', f'data/{name}', {}, mode='update')
        self.env.invalidate_all()
        self.assertEqual((factor.default_weight, factor.name), (77, "Our image"))
        self.assertEqual(weight.weight, 12)
        self.assertIn('expected_revenue', kpi.domain)
        self.assertFalse(kpi.active)
        self.assertEqual(capacity.capacity, 9)


@tagged('post_install', '-at_install')
class TestTools(BaseCase):

    def test_worked_examples(self):
        result = doctest.testmod(steps)
        self.assertGreater(result.attempted, 0)
        self.assertEqual(result.failed, 0)
