"""Spreading a target: by last year's season, evenly, as in the plan; worked out by hand."""
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tests.common import TransactionCase

from ..tools.season import divide, season
from .kpi_common import KpiCommon

# Of a year long ahead, so that none of its months is over.
YEAR = 2040


@tagged('post_install', '-at_install')
class TestDivide(TransactionCase):

    def test_by_hand(self):
        # running sums of 100 in thirds: 33.33, 66.67, 100
        self.assertEqual(divide(100, [1, 1, 1], '0.01'), [33.33, 33.34, 33.33])
        self.assertEqual(divide(10, [1, 2, 2], '1'), [2, 4, 4])
        # yen: 1/3 of 1000 is 333.33, 2/3 is 666.67
        self.assertEqual(divide(1000, [5, 5, 5], '1'), [333, 334, 333])
        self.assertEqual(divide(0, [1, 1], '0.01'), [0, 0])
        self.assertEqual(divide(5, [0, 1], '0.01'), [0, 5])

    def test_parts_add_up(self):
        for total in (0.01, 1, 99.99, 123456.78, 1e9):
            for shares in ([1] * 12, [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8], [0.1, 0.2, 0.7], [0, 0, 1e-6]):
                parts = divide(total, shares, '0.01')
                self.assertEqual(round(sum(parts), 2), total, (total, shares))
                self.assertTrue(all(part >= 0 for part in parts))

    def test_no_shares(self):
        self.assertEqual(divide(5, [], '0.01'), [])
        for shares in ([0, 0], [1, -1, 3]):
            with self.assertRaises(ValueError):
                divide(5, shares, '0.01')

    def test_season(self):
        self.assertEqual(season([1, 0, 3]), [1, 0, 3])
        self.assertFalse(season([1, False, 3]))
        self.assertFalse(season([0, 0]))
        self.assertFalse(season([2, -1]))


@tagged('post_install', '-at_install')
class TestKamKpiSpread(KpiCommon):

    def _spread(self, user=None, partners=None, **values):
        return self.env['kam.kpi.spread'].with_user(user or self.user_user).create({
            'partner_ids': (partners or self.iberia).ids, 'kpi_id': self.sales.id, 'year': str(YEAR), **values})

    def _season(self, partner, numbers, first=1):
        for place, number in enumerate(numbers):
            self._value(self.sales, number, date(YEAR - 1, first + place, 1), partner=partner)

    def _months(self, name='target', partner=None, kpi=None):
        rows = self.env['kam.kpi.target'].search([
            ('partner_id', '=', (partner or self.iberia).id), ('kpi_id', '=', (kpi or self.sales).id)])
        return {row.period_start.month: row[name] for row in rows if row.period_start.year == YEAR}

    def test_evenly(self):
        self._spread(how='even', target=1000, budget=120).action_spread()
        # 1000 / 12 = 83.333…: running sums 83.33, 166.67, 250, …
        self.assertEqual(self._months(), {
            1: 83.33, 2: 83.34, 3: 83.33, 4: 83.33, 5: 83.34, 6: 83.33, 7: 83.33, 8: 83.34, 9: 83.33, 10: 83.33,
            11: 83.34, 12: 83.33})
        self.assertEqual(set(self._months('budget').values()), {10})

    def test_by_season(self):
        """A quarter by what the same months came to: 100, 300 and nothing."""
        self._season(self.iberia, (100, 300, 0), first=4)
        wizard = self._spread(period='4', target=2000.02)
        self.assertFalse(wizard.without_season_ids)
        wizard.action_spread()
        # 2000.02 × ¼ = 500.005, rounded 500.01; the rest is 1500.01
        self.assertEqual(self._months(), {4: 500.01, 5: 1500.01, 6: 0})
        self.assertEqual(self._months('budget'), {4: False, 5: False, 6: False})

    def test_season_unknown(self):
        """One account has a season, of the other a month is unknown: said, and divided evenly if one says so."""
        self._season(self.iberia, (1, 1, 2), first=1)
        self._season(self.solo, (1, False, 2), first=1)
        wizard = self._spread(partners=self.iberia | self.solo, period='1', target=400)
        self.assertEqual(wizard.without_season_ids, self.solo)
        with self._refused(UserError, "Solo Shop, so there is no season"):
            wizard.action_spread()
        wizard.even_without_season = True
        wizard.action_spread()
        self.assertEqual(self._months(), {1: 100, 2: 100, 3: 200})
        self.assertEqual(self._months(partner=self.solo), {1: 133.33, 2: 133.34, 3: 133.33})

    def test_months_that_do_not_add_up(self):
        self._spread(kpi_id=self.rate.id, period='10', target=0.4).action_spread()
        self.assertEqual(self._months(kpi=self.rate), {10: 0.4, 11: 0.4, 12: 0.4})

    def test_whole_numbers(self):
        self._spread(kpi_id=self.visits.id, period='1', how='even', target=10).action_spread()
        self.assertEqual(self._months(kpi=self.visits), {1: 3, 2: 4, 3: 3})

    def test_again(self):
        """What stands there is replaced; what is not said stays."""
        self._spread(how='even', period='1', target=300, budget=30).action_spread()
        again = self._spread(how='even', period='1', target=600)
        self.assertEqual(again.months_set, 3)
        again.action_spread()
        self.assertEqual(self._months(), {1: 200, 2: 200, 3: 200})
        self.assertEqual(self._months('budget'), {1: 10, 2: 10, 3: 10})

    def test_months_that_are_over(self):
        year = str(self.today.year - 1)
        wizard = self._spread(year=year, period='10', how='even', target=300)
        self.assertEqual(wizard.months_over, "October, November, December")
        with self._refused(UserError, "are over: October, November, December"):
            wizard.action_spread()
        wizard.also_over = True
        wizard.action_spread()
        rows = self.env['kam.kpi.target'].search([('partner_id', '=', self.iberia.id), ('is_late', '=', True)])
        self.assertEqual(rows.mapped('target'), [100, 100, 100])

    def test_nothing_to_divide(self):
        with self._refused(UserError, "Write a target or a budget"):
            self._spread().action_spread()
        with self._refused(UserError, "is no year"):
            self._spread(year='26', target=1).action_spread()

    def test_not_ones_own(self):
        wizard = self._spread(self.user_colleague, how='even', target=100)
        with self.assertRaises(AccessError):
            wizard.action_spread()

    def test_from_a_plan(self):
        """By month as it says them; what the plan is silent about stays as it is."""
        plan = self.env['kam.plan'].create({'partner_id': self.iberia.id, 'target_ids': [
            (0, 0, {'year': str(YEAR), 'month': '02', 'target': 200, 'budget': 20}),
            (0, 0, {'year': str(YEAR), 'month': '03', 'target': 300})]})
        self._target(self.sales, 111, date(YEAR, 1, 1))
        action = plan.with_user(self.user_user).action_take_over_targets()
        form = Form(self.env['kam.kpi.spread'].with_user(self.user_user).with_context(action['context']))
        self.assertEqual(form.year, str(YEAR))
        self.assertEqual(form.partner_ids.ids, self.iberia.ids)
        self.assertTrue(form.as_planned)
        form.kpi_id = self.sales
        form.save().action_spread()
        self.assertEqual(self._months(), {1: 111, 2: 200, 3: 300})
        self.assertEqual(self._months('budget'), {1: False, 2: 20, 3: False})

    def test_from_a_plan_by_year(self):
        plan = self.env['kam.plan'].create({'partner_id': self.iberia.id, 'target_ids': [
            (0, 0, {'year': str(YEAR), 'target': 1200})]})
        context = plan.with_user(self.user_user).action_take_over_targets()['context']
        self.assertFalse(context['default_as_planned'])
        self.assertEqual(context['default_target'], 1200)
        self.assertIs(context['default_budget'], False)
        plan.target_ids.unlink()
        with self._refused(UserError, "no sales targets yet"):
            plan.action_take_over_targets()

    def test_revenue_is_offered(self):
        """The KPI that revenue is read from, also to who may not read its records."""
        settings = self.company.kam_settings_id
        settings.revenue_source = 'opportunities'
        wizard = self.env['kam.kpi.spread'].with_user(self.user_user).new({})
        self.assertEqual(wizard.kpi_id.role, 'revenue_opportunities')
