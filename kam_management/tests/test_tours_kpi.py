"""KPIs and targets in a browser: a target is spread and found again, the board says what it knows; on a phone too."""
from odoo.tests import HttpCase, tagged

from .kpi_common import KpiCommon


class KpiTours(HttpCase, KpiCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_user.password = cls.user_user.login
        year = cls.today.replace(month=1, day=1)
        cls._value(cls.sales, 900, target=1000, target_to_date=1000, pace=0.9, status='amber')
        cls._value(cls.sales, 700, cls.last_month)
        cls._value(cls.sales, 9000, year, 'year', previous=10000, trend=-1000)
        cls._value(cls.rate, False, reason='division_by_zero')
        cls._value(cls.sales, 120, year, 'since', previous=100, trend=20)

    def _tour(self, path, name):
        self.start_tour(path, name, login=self.user_user.login)


@tagged('post_install', '-at_install')
class TestKpiTour(KpiTours):

    def test_board(self):
        self._tour(f'/odoo/res.partner/{self.iberia.id}', 'kam_kpi_board')

    def test_targets(self):
        self._tour(f'/odoo/res.partner/{self.iberia.id}', 'kam_kpi_targets')
        rows = self.env['kam.kpi.target'].search([
            ('partner_id', '=', self.iberia.id), ('kpi_id', '=', self.sales.id)], order='period_start')
        # 2040 evenly, and its first month by hand
        self.assertEqual(rows.mapped('target'), [150] + [100] * 11)


@tagged('post_install', '-at_install')
class TestKpiPhone(KpiTours):
    browser_size = '420x900'
    touch_enabled = True

    def test_board_on_a_phone(self):
        self._tour(f'/odoo/res.partner/{self.iberia.id}', 'kam_kpi_board')
