"""Targets of managers and teams, beside the sum over their accounts."""
from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .kpi_common import KpiCommon

YEAR = 2040


@tagged('post_install', '-at_install')
class TestKamKpiTeamTarget(KpiCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team = cls.env['crm.team'].create({'name': "North", 'company_id': cls.company.id})
        cls.env['crm.team.member'].create({'crm_team_id': cls.team.id, 'user_id': cls.user_user.id})
        cls.second = cls._partner('Sur SA', is_key_account=True, kam_manager_id=cls.user_user.id)
        cls.theirs = cls._partner('Este SA', is_key_account=True, kam_manager_id=cls.user_colleague.id)
        for partner, month, target in (
                (cls.iberia, 1, 100), (cls.iberia, 2, 50), (cls.second, 1, 30), (cls.theirs, 1, 1000)):
            cls._target(cls.sales, target, date(YEAR, month, 1), partner=partner)
        # neither of this year nor of this KPI
        cls._target(cls.sales, 7, date(YEAR + 1, 1, 1))
        cls._target(cls.visits, 9, date(YEAR, 1, 1))

    def _of(self, **values):
        return self.env['kam.kpi.team.target'].create({
            'kpi_id': self.sales.id, 'period_start': date(YEAR, 5, 12), 'target': 200, **values})

    def test_a_manager_and_a_team(self):
        of_manager = self._of(user_id=self.user_user.id)
        of_team = self._of(team_id=self.team.id, grain='month', period_start=date(YEAR, 1, 31), target=100)
        self.assertEqual(of_manager.period_start, date(YEAR, 1, 1))
        self.assertEqual((of_manager.accounts_target, of_manager.difference), (180, -20))
        self.assertEqual(of_team.period_start, date(YEAR, 1, 1))
        self.assertEqual((of_team.accounts_target, of_team.difference), (130, 30))
        nobody = self._of(user_id=self.user_manager.id)
        self.assertIs(nobody.accounts_target, False)
        self.assertIs(nobody.difference, False)

    def test_only_what_the_reader_sees(self):
        row = self._of(user_id=self.user_user.id)
        self.second.kam_confidentiality = 'manager'
        self.env.invalidate_all()
        self.assertEqual(row.with_user(self.user_manager).accounts_target, 150)
        self.assertEqual(row.with_user(self.user_user).accounts_target, 180)

    def test_refused(self):
        with self._refused(ValidationError, "choose one of the two"):
            self._of(user_id=self.user_user.id, team_id=self.team.id)
        with self._refused(ValidationError, "choose one of the two"):
            self._of()
        with self._refused(ValidationError, "don't add up over accounts"):
            self._of(user_id=self.user_user.id, kpi_id=self.rate.id)

    def test_one_query_for_all(self):
        rows = self._of(user_id=self.user_user.id) | self._of(user_id=self.user_colleague.id) | self._of(
            team_id=self.team.id)
        self.env.flush_all()
        for some in (rows[0], rows):
            self.env.invalidate_all()
            some.mapped('target')
            self.assertLessEqual(self._count(lambda some=some: some.mapped('accounts_target')), 6)
        self.assertEqual(rows.mapped('accounts_target'), [180, 1000, 180])

    def _count(self, look):
        start = self.cr.sql_log_count
        look()
        return self.cr.sql_log_count - start

    def test_report(self):
        self._of(user_id=self.user_user.id, target=240)
        self._of(team_id=self.team.id, grain='month', period_start=date(YEAR, 1, 1), target=100)
        self.env.flush_all()
        report = self.env['kam.kpi.target.report'].with_user(self.user_manager)
        year = [('kpi_id', '=', self.sales.id), ('period_start', '>=', f'{YEAR}-01-01'),
                ('period_start', '<=', f'{YEAR}-12-31')]
        measures = ['accounts_target:sum', 'team_target:sum', 'difference:sum']
        by_manager = {group[0]: group[1:] for group in report._read_group(
            [*year, ('level', '=', 'manager')], ['user_id'], measures)}
        self.assertEqual(by_manager[self.user_user], (180, 240, -60))
        self.assertEqual(by_manager[self.user_colleague], (1000, False, 1000))
        # a twelfth of the year's target in each month
        [january] = report._read_group(
            [*year, ('level', '=', 'manager'), ('user_id', '=', self.user_user.id),
             ('period_start', '<', f'{YEAR}-02-01')],
            [], measures)
        self.assertEqual(january, (130, 20, 110))
        by_team = {group[0]: group[1:] for group in report._read_group(
            [*year, ('level', '=', 'team')], ['team_id'], measures)}
        self.assertEqual(by_team[self.team], (180, 100, 80))
        # confidential accounts are left out of who may not see them, as anywhere
        self.second.kam_confidentiality = 'manager'
        self.env.flush_all()
        [(_user, sum_of_accounts)] = report._read_group(
            [*year, ('level', '=', 'manager'), ('user_id', '=', self.user_user.id)], ['user_id'],
            ['accounts_target:sum'])
        self.assertEqual(sum_of_accounts, 150)
