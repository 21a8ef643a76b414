"""Values of KPIs: who reads them, and the board of an account."""
from datetime import date

from dateutil.relativedelta import relativedelta
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .kpi_common import KpiCommon


@tagged('post_install', '-at_install')
class TestKamKpiValue(KpiCommon):

    def test_nobody_writes(self):
        row = self._value(self.sales, 5)
        for user in (self.user_user, self.user_manager, self.user_admin, self.user_service):
            with self.assertRaises(AccessError):
                row.with_user(user).value = 6
            with self.assertRaises(AccessError):
                row.with_user(user).unlink()

    def test_readers(self):
        """Of a key account its team, of any other customer its salesperson; not of other companies."""
        mine, customer = self._value(self.sales, 5), self._value(self.sales, 6, partner=self.solo)
        others = self._value(self.sales, 7, partner=self.other)
        foreign = self._value(self.visits, 8, company_id=self.company_2.id)
        rows = mine | customer | others | foreign
        for user, seen in (
                (self.user_user, mine | customer), (self.user_colleague, others),
                (self.user_manager, mine | customer | others), (self.user_service, mine | customer | others)):
            company = self.company.ids
            found = self.env['kam.kpi.value'].with_user(user).with_context(allowed_company_ids=company).search(
                [('id', 'in', rows.ids)])
            self.assertEqual(set(found.ids), set(seen.ids), user.name)
        for user in (self.user_sales, self.user_contributor, self.user_system):
            with self.assertRaises(AccessError):
                self.env['kam.kpi.value'].with_user(user).search([])
        self.iberia.kam_confidentiality = 'manager'
        self.assertFalse(self.env['kam.kpi.value'].with_user(self.user_manager).search([('id', '=', mine.id)]))

    def test_words(self):
        row = self._value(self.sales, False, date(2026, 10, 1), 'quarter', reason='no_rate')
        self.assertEqual(row.period, "Q4 2026")
        self.assertEqual(row.why, "An amount is in a currency without a rate.")
        row.reason = 'a_word_of_tomorrow'
        self.assertEqual(row.why, "It could not be computed.")
        known = self._value(self.visits, 0, marks='portfolio_win_rate of_tomorrow')
        self.assertFalse(known.why)
        self.assertIn("Of all key accounts", known.note)

    def test_followed(self):
        """What the tier asks for, plus what the account adds, without what it leaves out; for whoever reads it."""
        own = self._kpi('t_own', "Own of the tests", 'sales', aggregate='count', date_field='create_date')
        rows = {kpi: self._value(kpi, 5) for kpi in (self.sales, self.visits, self.rate, own)}
        rows['other account'] = self._value(own, 5, partner=self.other)
        self.iberia.kam_kpi_added_ids, self.iberia.kam_kpi_removed_ids = own, self.rate
        self.visits.active = False
        values = self.env['kam.kpi.value'].with_user(self.user_user)
        mine = values.search([('partner_id', '=', self.iberia.id)])
        wanted = (rows[self.sales] | rows[own]).with_user(self.user_user)
        self.assertEqual(mine.filtered('is_followed'), wanted & mine)
        self.assertEqual(set(values.search([('is_followed', '=', True)]).ids) & set(mine.ids), set(wanted.ids))
        self.assertEqual(set(values.search([('is_followed', '=', False)]).ids) & set(mine.ids),
                         {rows[self.visits].id, rows[self.rate].id})
        self.assertNotIn(rows['other account'], self.env['kam.kpi.value'].search([('is_followed', '=', True)]))

    def test_unknown_is_found(self):
        zero, unknown = self._value(self.sales, 0), self._value(self.visits, False)
        rows = self.env['kam.kpi.value'].search([('id', 'in', (zero | unknown).ids), ('value', '=', False)])
        self.assertEqual(rows, unknown)


@tagged('post_install', '-at_install')
class TestKpiBoard(KpiCommon):

    def _board(self, user=None, partner=None, **values):
        return (partner or self.iberia).with_user(user or self.user_user).get_kam_kpi_board(**values)

    def _cards(self, board):
        return {card['name']: card for area in board['areas'] for card in area['cards']}

    def test_board(self):
        self._value(self.sales, 900, target=1000, target_to_date=950, pace=900 / 950, status='amber', budget=800)
        self._value(self.sales, 700, self.last_month)
        self._value(self.rate, False, reason='division_by_zero')
        # more than a year ago: not in the line
        self._value(self.sales, 1, self.this_month - relativedelta(months=12))
        board = self._board()
        self.assertEqual(board['state'], 'known')
        self.assertTrue(board['may_set'])
        # areas in their order, and no empty ones
        self.assertEqual([area['area'] for area in board['areas']], ['opportunities', 'sales', 'relationships'])
        cards = self._cards(board)
        sales = cards["Sales of the tests"]
        self.assertEqual((sales['value'], sales['target'], sales['status'], sales['budget'], sales['unit']),
                         (900, 1000, 'amber', 800, 'amount'))
        self.assertEqual([point['value'] for point in sales['points']], [False] * 10 + [700, 900])
        rate = cards["Rate of the tests"]
        self.assertIs(rate['value'], False)
        self.assertEqual(rate['why'], "There is nothing to divide by in this period.")
        # a KPI without a row is no zero either
        visits = cards["Visits of the tests"]
        self.assertIs(visits['value'], False)
        self.assertIn("next refresh", visits['why'])
        self.assertIs(board['since'], False)
        # nothing was published yet: the rows of the tests come of no run
        if not self.env['kam.sync.run']._last_published(self.company):
            self.assertIs(board['as_of'], False)

    def test_as_of(self):
        """The day of the last refresh of all accounts, or of this one if it was refreshed since; no other's."""
        runs = self.env['kam.sync.run'].sudo()
        runs.search([]).write({'state': 'failed'})
        common = {'company_id': self.company.id, 'state': 'published'}
        self._value(self.sales, 900)
        runs.create({**common, 'kind': 'full', 'as_of': '2026-03-01'})
        self.assertEqual(self._board()['as_of'], "03/01/2026")
        runs.create({**common, 'kind': 'account', 'account_id': self.other.id, 'as_of': '2026-03-04'})
        runs.create({**common, 'kind': 'account', 'account_id': self.iberia.id, 'as_of': '2026-03-05',
                     'state': 'failed'})
        self.assertEqual(self._board()['as_of'], "03/01/2026")
        runs.create({**common, 'kind': 'account', 'account_id': self.iberia.id, 'as_of': '2026-03-03'})
        self.assertEqual(self._board()['as_of'], "03/03/2026")
        runs.create({**common, 'kind': 'full', 'as_of': '2026-03-09'})
        self.assertEqual(self._board()['as_of'], "03/09/2026")

    def test_grain(self):
        start = self.today.replace(month=1, day=1)
        self._value(self.sales, 900)
        self._value(self.sales, 9000, start, 'year', previous=8000, trend=1000)
        sales = self._cards(self._board(grain='year'))["Sales of the tests"]
        self.assertEqual((sales['value'], sales['previous'], sales['trend'], sales['period']),
                         (9000, 8000, 1000, str(start.year)))
        # the line is always by month
        self.assertEqual(sales['points'][-1]['value'], 900)
        with self.assertRaises(ValueError):
            self._board(grain='century')

    def test_since(self):
        self._value(self.sales, 120, date(2026, 3, 1), 'since', period_end=date(2026, 8, 31), previous=100, trend=20)
        board = self._board()
        self.assertEqual([(line['name'], line['value'], line['previous'], line['trend'])
                          for line in board['since']['lines']], [("Sales of the tests", 120, 100, 20)])
        self.assertEqual(board['since']['period'], "03/01/2026 to 08/31/2026")

    def test_states(self):
        self.assertEqual(self._board()['state'], 'waiting')
        self.assertEqual(self._board(self.user_colleague)['state'], 'hidden')
        self.key.kpi_ids = [Command.clear()]
        self.assertEqual(self._board()['state'], 'none')

    def test_another_reader(self):
        self._value(self.sales, 900)
        self.assertEqual(self._board(self.user_colleague)['state'], 'hidden')
        self.assertNotIn('900', str(self._board(self.user_colleague)))
        self.iberia.kam_confidentiality = 'manager'
        self.assertEqual(self._board(self.user_manager)['state'], 'hidden')
        self.assertEqual(self._board(self.user_user)['state'], 'known')
        with self.assertRaises(AccessError):
            self._board(self.user_contributor)

    def test_candidate(self):
        """A candidate has the KPIs of the tier that it is nominated for."""
        self.env['kam.nomination'].create({'partner_id': self.solo.id, 'tier_id': self.key.id})
        self._value(self.sales, 5, partner=self.solo)
        cards = self._cards(self._board(partner=self.solo))
        self.assertEqual(cards["Sales of the tests"]['value'], 5)

    def test_queries(self):
        """As many for 40 KPIs of a year as for 5."""
        counts = []
        kpis = self.env['kam.kpi'].union(*(
            self._kpi(f't_many_{number}', f"KPI {number}", 'sales', unit='count', aggregate='count',
                      date_field='create_date') for number in range(40)))
        for number in (5, 40):
            self.key.kpi_ids = [Command.set(kpis[:number].ids)]
            for kpi in kpis[:number]:
                for back in range(3):
                    start = self.this_month - relativedelta(months=back + (0 if number == 5 else 3))
                    self._value(kpi, back, start)
            self._board()
            self.env.flush_all()
            self.env.invalidate_all()
            self.user_user.read(['tz', 'company_id'])
            start = self.cr.sql_log_count
            board = self._board()
            counts.append(self.cr.sql_log_count - start)
            self.assertEqual(len(self._cards(board)), number)
        self.assertLessEqual(counts[1], counts[0])
        self.assertLessEqual(counts[0], 12)
