"""Targets: what may be set, by whom and for when; what a spreadsheet brings; what merging keeps."""
from collections import defaultdict

from dateutil.relativedelta import relativedelta
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .kpi_common import KpiCommon


@tagged('post_install', '-at_install')
class TestKamKpiTarget(KpiCommon):

    def test_month_begins_on_its_first_day(self):
        row = self._target(self.sales, 100, self.next_month.replace(day=17))
        self.assertEqual(row.period_start, self.next_month)
        row.period_start = self.this_month.replace(day=9)
        self.assertEqual(row.period_start, self.this_month)

    def test_unknown_is_not_zero(self):
        row = self._target(self.sales, False, budget=0)
        self.assertIs(row.target, False)
        self.assertEqual(row.budget, 0)

    def test_one_per_month(self):
        self._target(self.sales, 100)
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError), self.cr.savepoint():
            self._target(self.sales, 200, self.this_month.replace(day=20))

    def test_below_zero(self):
        """An amount is never below zero; a percentage, such as growth, may be."""
        with self._refused(ValidationError, "never below zero"):
            self._target(self.sales, -1)
        self.assertEqual(self._target(self.rate, -0.1).target, -0.1)

    def test_month_that_is_over(self):
        mine = self.env['kam.kpi.target'].with_user(self.user_user)
        values = {'partner_id': self.iberia.id, 'kpi_id': self.sales.id, 'period_start': self.last_month, 'target': 5}
        with self._refused(ValidationError, "that month is over"):
            mine.create(values)
        late = mine.create({**values, 'is_late': True})
        late.target = 6
        self.assertEqual(late.target, 6)
        # one that was set in time, and whose month is over since
        in_time = self._target(self.visits, 3, self.last_month)
        with self._refused(ValidationError, "that month is over"):
            in_time.with_user(self.user_user).target = 4

    def test_roles(self):
        values = {'partner_id': self.iberia.id, 'kpi_id': self.sales.id, 'period_start': self.next_month, 'target': 5}
        for user in (self.user_sales, self.user_contributor, self.user_colleague, self.user_service):
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.env['kam.kpi.target'].with_user(user).create(values)
        # whoever is in the team sets targets too
        self.env['kam.team.member'].create({'partner_id': self.iberia.id, 'user_id': self.user_colleague.id})
        row = self.env['kam.kpi.target'].with_user(self.user_colleague).create(values)
        self.assertEqual(row.with_user(self.user_manager).target, 5)
        self.assertEqual(row.with_user(self.user_service).read(['target'])[0]['target'], 5)

    def test_kpi_with_targets_stays(self):
        row = self._target(self.sales, 5)
        administrator = self.env['kam.kpi'].with_user(self.user_admin)
        with self._refused(UserError, "archive it instead"):
            administrator.browse(self.sales.id).unlink()
        self._value(self.visits, 3)
        with self._refused(UserError, "archive it instead"):
            administrator.browse(self.visits.id).unlink()
        row.unlink()
        administrator.browse(self.sales.id).unlink()
        self.assertFalse(self.sales.exists())

    def test_who_changed_it(self):
        """From what to what, and by whom; unknown is told apart from zero. The account's chatter stays silent."""
        rows = self.env['kam.kpi.target'].with_user(self.user_user).create([
            {'partner_id': self.iberia.id, 'kpi_id': self.sales.id, 'period_start': month, 'target': 100}
            for month in (self.this_month, self.next_month)])
        self._flush_tracking()
        self.assertFalse(rows.message_ids, "what is imported makes no messages")
        self.assertFalse(rows.message_follower_ids)
        before = self.iberia.message_ids
        rows[0].with_user(self.user_user).write({'target': 120.5, 'budget': 90})
        self._flush_tracking()
        self.assertFalse(rows[1].message_ids)
        self.assertEqual(rows[0].message_ids.author_id, self.user_user.partner_id)
        changes = {change.field_id.name: (change.old_value_float, change.new_value_float)
                   for change in rows[0].sudo().message_ids.tracking_value_ids}
        self.assertEqual(changes, {'target': (100, 120.5), 'budget': (0, 90)})
        self.assertEqual(self.iberia.message_ids, before)
        # many at once, as an import does
        rows[0].with_user(self.user_user).target = 121
        rows[1].with_user(self.user_user).target = False
        self.assertIn("Target: 120.5 → 121", self._chatter(rows[0]))
        self.assertIn("Target: 100.0 → ", self._chatter(rows[1]))
        self.assertEqual(rows[1].message_ids.author_id, self.user_user.partner_id)

    def test_confidential(self):
        row = self._target(self.sales, 5)
        self.iberia.kam_confidentiality = 'manager'
        with self.assertRaises(AccessError):
            row.with_user(self.user_manager).read(['target'])
        self.assertTrue(row.with_user(self.user_user).read(['target']))

    def test_import(self):
        """A spreadsheet of two good rows and two bad ones: nothing is kept, and each bad row is named."""
        targets = self.env['kam.kpi.target'].with_user(self.user_user)
        month = str(self.next_month)
        after = str(self.next_month + relativedelta(months=1))
        header = ['partner_id/.id', 'kpi_id', 'period_start', 'target', 'budget']
        good = [[str(self.iberia.id), "Sales of the tests", month, '1000.5', ''],
                [str(self.iberia.id), "Sales of the tests", after, '', '900']]
        with mute_logger('odoo.sql_db'):
            result = targets.load(header, [
                *good, [str(self.iberia.id), "Sales of the tests", str(self.last_month), '10', ''],
                [str(self.iberia.id), "No such KPI", month, '10', '']])
        self.assertFalse(result['ids'])
        said = defaultdict(str)
        for message in result['messages']:
            said[message['record']] += message['message']
        self.assertEqual(set(said), {2, 3})
        self.assertIn("that month is over", said[2])
        self.assertIn("No such KPI", said[3])

        result = targets.load(header, good)
        self.assertEqual(result['messages'], [])
        rows = targets.browse(result['ids']).sorted('period_start')
        self.assertEqual([(row.period_start, row.target, row.budget) for row in rows], [
            (self.next_month, 1000.5, False), (self.next_month + relativedelta(months=1), False, 900.0)])

    def test_merge(self):
        """The account that stays keeps its own target of a month and gets those of other months."""
        self._target(self.sales, 100)
        self._target(self.sales, 50, partner=self.solo)
        self._target(self.sales, 70, self.next_month, partner=self.solo)
        self._value(self.sales, 10)
        self._value(self.sales, 20, partner=self.solo)
        self._value(self.sales, 30, self.last_month, partner=self.solo)
        self.env['base.partner.merge.automatic.wizard'].create({})._merge(
            (self.iberia | self.solo).ids, self.iberia, extra_checks=False)
        rows = self.env['kam.kpi.target'].search([('partner_id', '=', self.iberia.id), ('kpi_id', '=', self.sales.id)])
        self.assertEqual(rows.sorted('period_start').mapped('target'), [100, 70])
        values = self.env['kam.kpi.value'].search([
            ('partner_id', '=', self.iberia.id), ('kpi_id', '=', self.sales.id)])
        self.assertEqual(values.sorted('period_start').mapped('value'), [30, 10])


@tagged('post_install', '-at_install')
class TestKamCapitalCost(KpiCommon):

    def test_rate(self):
        cost = self.env['kam.capital.cost'].with_user(self.user_admin).create({'rate': 6.5, 'date_from': '2026-01-01'})
        self.assertEqual(cost.company_id, self.company)
        for rate in (-1, 101):
            with self._refused(ValidationError, "between 0 and 100"), self.cr.savepoint():
                cost.rate = rate
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError), self.cr.savepoint():
            cost.copy()
