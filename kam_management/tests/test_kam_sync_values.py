"""Values of KPIs on their way back: checked as a set, written where they changed, kept where nobody can tell again."""
from datetime import date, timedelta

from odoo.tests import tagged
from odoo.tools import mute_logger

from .figure_common import AS_OF, FigureCase

VALUE = 'account_id kpi_id grain period_start period_end value is_current target status reason'
NOTHING = {'inserted': 0, 'updated': 0, 'removed': 0, 'unchanged': 0}


class ValueCase(FigureCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.state = cls.kpi('test_state')
        cls.dated = cls.kpi('test_dated', date_field='date_closed')
        cls.values = cls.env['kam.kpi.value']
        cls.win(cls.quiet, 10, AS_OF)

    # Rows, of which one value tells them apart.
    def month(self, value, kpi=None, start=None, account=None, reason=None):
        start = start or date(2026, 7, 1)
        end = (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return ((account or self.big).id, (kpi or self.dated).id, 'month', start, end, value,
                int(end >= AS_OF), None, None, reason)

    def rolling(self, value, start=date(2025, 8, 1), kpi=None):
        return (self.big.id, (kpi or self.dated).id, 'rolling', start, AS_OF, value, 1, 5.0, 'green', None)

    def send(self, run, rows, account=None):
        """Stage these values with a score of each account; return the totals and why rows were refused."""
        accounts = [account] if account else [self.big, self.small]
        self.stage(run, [(each.id, 0, 0, 1, 5.0) for each in accounts])
        totals = {'score': {'rows': len(accounts), 'batches': 1}}
        if not account:
            self.stage(run, [(1, 1, 1, 0)], self.PORTFOLIO, table='portfolio')
            totals['portfolio'] = {'rows': 1, 'batches': 1}
        if rows is None:
            return {'tables': totals}, []
        answer = self.stage(run, rows, VALUE, table='kpi_value')
        totals['kpi_value'] = {'rows': len(rows), 'batches': 1}
        return {'tables': totals}, [row['reason'] for row in answer['refused']]

    def put(self, rows, as_of=AS_OF, request=None):
        self.env.flush_all()
        run = self.prepared(as_of=as_of, **(request or {}))
        totals, refused = self.send(run, rows)
        return self.sync.publish(run['run'], run['token'], totals), refused

    def shown(self):
        self.env.invalidate_all()
        return {(row.partner_id.name, row.kpi_id.code.removeprefix('test_'), row.grain, str(row.period_start)[:7]):
                row.value for row in self.values.search([])}


@tagged('post_install', '-at_install')
class TestKamSyncValues(ValueCase):

    def test_everything_in_its_place(self):
        result, refused = self.put([self.month(3.5), self.rolling(9.0), self.month(None, self.state, reason='no_rate')])
        self.assertEqual((refused, result['rollups']['kpi_value']), ([], {**NOTHING, 'inserted': 3}))
        row = self.values.search([('grain', '=', 'rolling')])
        self.assertEqual(
            (row.partner_id, row.company_id, row.kpi_id, str(row.period_start), row.period_end, row.value, row.target,
             row.status, row.pace, row.is_current, row.run_id.id),
            (self.big, self.company, self.dated, '2025-08-01', AS_OF, 9.0, 5.0, 'green', False, True, result['run']))
        unknown = self.values.search([('kpi_id', '=', self.state.id)])
        self.assertEqual((unknown.value, unknown.reason), (False, 'no_rate'))

    def test_twice_changes_nothing(self):
        rows = [self.month(3.5), self.rolling(9.0), self.month(None, self.state, reason='no_rate')]
        first, _refused = self.put(rows)
        second, _refused = self.put(rows)
        self.assertEqual(second['rollups']['kpi_value'], {**NOTHING, 'unchanged': 3})
        self.assertEqual(self.values.search([]).run_id.ids, [first['run']])

    def test_only_what_changed_is_written(self):
        self.put([self.month(3.5), self.rolling(9.0)])
        result, _refused = self.put([self.month(4.0), self.rolling(9.0)])
        self.assertEqual(result['rollups']['kpi_value'], {**NOTHING, 'updated': 1, 'unchanged': 1})
        self.assertEqual(self.values.search([('run_id', '=', result['run'])]).mapped('value'), [4.0])

    def test_what_is_computed_again_goes_when_it_is_not_there(self):
        """The window moves on; a month of the horizon has no documents any more; one before it is left alone."""
        june, before = date(2026, 6, 1), date(2024, 6, 1)
        self.put([self.month(1.0), self.month(2.0, start=june), self.rolling(9.0)])
        self.values.sudo().create({
            'partner_id': self.big.id, 'company_id': self.company.id, 'kpi_id': self.dated.id, 'grain': 'month',
            'period_start': before, 'period_end': '2024-06-30', 'value': 5.0})
        result, _refused = self.put([self.rolling(9.0, date(2025, 8, 2))])
        self.assertEqual(result['rollups']['kpi_value'], {**NOTHING, 'inserted': 1, 'removed': 3})
        self.assertEqual(self.shown(), {('Big Retail', 'dated', 'month', '2024-06'): 5.0,
                                        ('Big Retail', 'dated', 'rolling', '2025-08'): 9.0})

    def test_the_first_year_of_a_key_account_stays_when_it_is_out_of_reach(self):
        """Since May 2024, which is before the horizon of July 2024: no run tells it again."""
        self.big.kam_key_since = '2024-05-10'

        def since(start, end, account, value=5.0):
            return self.values.sudo().create({
                'partner_id': account.id, 'company_id': self.company.id, 'kpi_id': self.dated.id, 'grain': 'since',
                'period_start': start, 'period_end': end, 'value': value, 'previous': 4.0})

        stays = since('2024-06-01', '2025-05-31', self.big)
        since('2024-05-01', '2025-04-30', self.big)  # of another nomination
        since('2024-06-01', '2025-05-31', self.small)
        self.put([self.month(1.0)])
        self.assertEqual(self.values.search([('grain', '=', 'since')]), stays)
        self.assertEqual((stays.value, stays.previous), (5.0, 4.0))
        self.big.kam_key_since = '2024-06-01'
        self.put([self.month(1.0)])
        self.assertTrue(stays.exists(), "the first of a month begins with itself")
        self.big.kam_key_since = '2024-06-02'
        self.put([self.month(1.0)])
        self.assertFalse(stays.exists())

    def test_what_was_recorded_of_a_state_stays(self):
        """July's is over in August: it stays, and is current no more. What was unknown in July is no record."""
        self.put([self.month(7.0, self.state), self.month(3.0, account=self.small, kpi=self.state),
                  self.month(None, self.revenue, reason='no_rate')])
        august = (self.big.id, self.state.id, 'month', '2026-08-01', '2026-08-31', 8.0, 1, None, None, None)
        result, refused = self.put([august], as_of=date(2026, 8, 1))
        self.assertEqual((refused, result['rollups']['kpi_value']),
                         ([], {**NOTHING, 'inserted': 1, 'updated': 2, 'removed': 1}))
        self.assertEqual(self.shown(), {
            ('Big Retail', 'state', 'month', '2026-07'): 7.0, ('Small Bakery', 'state', 'month', '2026-07'): 3.0,
            ('Big Retail', 'state', 'month', '2026-08'): 8.0})
        self.assertEqual(self.values.search([('is_current', '=', True)]).mapped('value'), [8.0])
        again, _refused = self.put([august], as_of=date(2026, 8, 1))
        self.assertEqual(again['rollups']['kpi_value'], {**NOTHING, 'unchanged': 1})

    def test_who_is_no_member_any_more(self):
        self.put([self.month(7.0, self.state), self.month(1.0, account=self.small)])
        self.env['kam.nomination'].search([('partner_id', '=', self.small.id)]).unlink()
        self.put([self.month(7.0, self.state)])
        self.assertEqual(self.shown(), {('Big Retail', 'state', 'month', '2026-07'): 7.0})

    def test_a_kpi_that_could_not_be_read_keeps_its_past(self):
        june = date(2026, 6, 1)
        self.put([self.month(2.0, start=june), self.month(1.0)])
        self.env.flush_all()
        run = self.begin(as_of=AS_OF)
        self.env.cr.execute("UPDATE kam_kpi SET date_field = 'nowhere' WHERE id = %s", [self.dated.id])
        self.env.invalidate_all()
        with mute_logger('odoo.addons.kam_management.models.kam_sync_cells'):
            self.sync.prepare(run['run'], run['token'])
        totals, _refused = self.send(run, [self.month(None, reason='unavailable')])
        self.sync.publish(run['run'], run['token'], totals)
        self.assertEqual(self.shown(), {('Big Retail', 'dated', 'month', '2026-06'): 2.0,
                                        ('Big Retail', 'dated', 'month', '2026-07'): False})

    def test_a_worker_of_before_leaves_it_out(self):
        self.put([self.month(3.5)])
        result, _refused = self.put(None)
        self.assertEqual(result['rollups'], {})
        self.assertEqual(list(self.shown().values()), [3.5])

    def test_a_dry_run_and_an_earlier_day_write_nothing(self):
        self.put([self.month(3.5)])
        dry, _refused = self.put([self.month(9.0)], request={'dry_run': True})
        self.assertEqual(dry['rollups']['kpi_value'], {**NOTHING, 'updated': 1})
        june = (self.big.id, self.dated.id, 'month', '2026-06-01', '2026-06-30', 9.0, 1, None, None, None)
        early, refused = self.put([june], as_of=date(2026, 6, 30))
        self.assertEqual((refused, early['history_only'], early['rollups']), ([], True, {}))
        self.assertEqual(list(self.shown().values()), [3.5])

    def test_refused_by_themselves(self):
        """Each bad row with its reason; the good one goes in, and what stood of that account stays."""
        self.put([self.month(1.0), self.rolling(9.0)])
        big, kpi = self.big.id, self.dated.id
        missing = self.env['kam.kpi'].search([], order='id desc', limit=1).id + 1
        bad = [
            self.month(1.0, account=self.quiet),
            (big, missing, 'month', '2026-07-01', '2026-07-31', 1.0, 1, None, None, None),
            (big, kpi, 'month', '2026-07-02', '2026-07-31', 1.0, 1, None, None, None),
            (big, kpi, 'quarter', '2026-07-01', '2026-07-31', 1.0, 1, None, None, None),
            (big, kpi, 'year', '2026-01-01', '2026-12-31', 1.0, 0, None, None, None),  # holds the day
            (big, kpi, 'month', '2026-08-01', '2026-08-31', 1.0, 1, None, None, None),  # not begun yet
            self.month(None, start=date(2026, 6, 1), reason='no_rate'),
            (big, kpi, 'decade', '2026-07-01', '2026-07-31', 1.0, 1, None, None, None),
            self.month(2.0), self.month(3.0)]
        result, refused = self.put([*bad, (big, kpi, 'quarter', '2026-07-01', '2026-09-30', 4.0, 1, None, None, None),
                                    (big, kpi, 'year', '2025-01-01', '2025-12-31', 6.0, 0, None, None, None)])
        self.assertEqual(len(refused), 9)
        for words in ("neither a key account", "not in the configuration", "only of current", "is none of month",
                      "is there twice"):
            self.assertEqual(len([reason for reason in refused if words in reason]), 1, words)
        self.assertEqual(len([reason for reason in refused if "does not exist" in reason]), 4)
        self.assertEqual(result['state'], 'partial')
        self.assertEqual(self.shown(), {
            ('Big Retail', 'dated', 'month', '2026-07'): 2.0, ('Big Retail', 'dated', 'rolling', '2025-08'): 9.0,
            ('Big Retail', 'dated', 'quarter', '2026-07'): 4.0, ('Big Retail', 'dated', 'year', '2025-01'): 6.0})

    def test_a_kpi_that_was_deleted_meanwhile(self):
        self.env.flush_all()
        run = self.prepared(as_of=AS_OF)
        totals, _refused = self.send(run, [self.month(7.0, self.state), self.month(1.0)])
        self.state.unlink()
        self.env.flush_all()
        result = self.sync.publish(run['run'], run['token'], totals)
        self.assertEqual([(row['table'], row['reference']) for row in result['refusals']],
                         [('kpi_value', str(self.big.id))])
        self.assertEqual(self.shown(), {('Big Retail', 'dated', 'month', '2026-07'): 1.0})

    def test_another_company_keeps_its_own(self):
        other = self.env['res.company'].create({'name': "Other"})
        theirs = self.values.sudo().create({
            'partner_id': self.big.id, 'company_id': other.id, 'kpi_id': self.dated.id, 'grain': 'month',
            'period_start': '2026-07-01', 'period_end': '2026-07-31', 'value': 4.0, 'is_current': True})
        self.put([self.month(3.5)])
        self.put([])
        self.assertEqual(self.values.search([]), theirs)
        self.assertTrue(theirs.is_current)


@tagged('post_install', '-at_install')
class TestKamSyncOneAccount(ValueCase):
    """A run of one account reads and writes what is of that account, and leaves the others as they are."""

    def one(self, rows, account=None, as_of=AS_OF):
        self.env.flush_all()
        account = account or self.big
        run = self.sync.begin('account', self.company.id, str(as_of), {'owner': 'test', 'account': account.id})
        self.sync.prepare(run['run'], run['token'])
        pulled = self.pull(run)
        totals, refused = self.send(run, rows, account)
        return self.sync.publish(run['run'], run['token'], totals), pulled, refused

    def test_only_its_own_rows_are_pulled(self):
        shop = self.env['res.partner'].create({'name': "Shop", 'parent_id': self.big.id})
        for partner in (self.big, shop, self.small, self.quiet):
            self.win(partner, 10, AS_OF)
        explanation = '{"parts": []}'
        run = self.prepared(as_of=AS_OF - timedelta(days=1))
        self.stage(run, [(self.big.id, 0, 1, 1, 5.0, 2, 0.25, 'B', None),
                         (self.small.id, 0, 1, 1, 9.0, 1, 0.75, 'A', explanation)],
                   self.SCORE + ' rank share pareto_class explanation')
        self.stage(run, [(1, 1, 1, 0)], self.PORTFOLIO, table='portfolio')
        self.sync.publish(run['run'], run['token'], {'tables': {
            'score': {'rows': 2, 'batches': 1}, 'portfolio': {'rows': 1, 'batches': 1}}})
        _result, pulled, _refused = self.one([])
        peers, standing = pulled.pop('peer'), pulled.pop('standing')
        others = {row['account_id'] for rows in pulled.values() for row in rows} - {str(self.big.id)}
        self.assertFalse(others)
        facts = {int(row['kpi_id']): row for row in pulled['fact']}
        self.assertEqual(float(facts[self.revenue.id]['value_now']), 20.0, "its shop is part of it")
        self.assertEqual({int(row['account_id']): row['explanation'] for row in peers},
                         {self.big.id: '', self.small.id: explanation})
        self.assertIn('gross_margin', peers[0]['codes'])
        self.assertEqual(standing, [{
            'account_id': str(self.big.id), 'rank': '2', 'share': '0.25', 'cumulative_share': '', 'pareto_class': 'B',
            'margin_class': '', 'is_compared': '1'}])

    def test_only_its_own_rows_are_written(self):
        self.put([self.month(1.0), self.month(2.0, account=self.small), self.rolling(9.0)])
        scores = self.env['kam.score'].search_count([])
        portfolio = self.env['kam.portfolio'].search([]).read()
        result, _pulled, refused = self.one([
            self.month(3.0), self.rolling(9.0), self.month(5.0, account=self.small)])
        self.assertEqual(len(refused), 1)
        self.assertEqual(result['rollups']['kpi_value'], {**NOTHING, 'updated': 1, 'unchanged': 1})
        self.assertEqual(self.shown(), {
            ('Big Retail', 'dated', 'month', '2026-07'): 3.0, ('Big Retail', 'dated', 'rolling', '2025-08'): 9.0,
            ('Small Bakery', 'dated', 'month', '2026-07'): 2.0})
        result, _pulled, _refused = self.one([self.month(3.0)])
        self.assertEqual(result['rollups']['kpi_value'], {**NOTHING, 'removed': 1, 'unchanged': 1})
        self.assertIn(('Small Bakery', 'dated', 'month', '2026-07'), self.shown())
        self.assertEqual((self.env['kam.score'].search_count([]), self.env['kam.portfolio'].search([]).read()),
                         (scores, portfolio))

    def test_history_of_others_stays(self):
        history = self.env['kam.score.history'].sudo().create({
            'partner_id': self.small.id, 'company_id': self.company.id, 'as_of': AS_OF, 'health': 50})
        self.put([], as_of=AS_OF - timedelta(days=1))
        self.one([])
        self.assertTrue(history.exists())

    def test_an_account_that_was_deleted_meanwhile(self):
        self.put([])
        gone = self.env['res.partner'].create({'name': "Gone", 'is_company': True})
        self.win(gone, 10, AS_OF).partner_id = False
        self.env.flush_all()
        run = self.sync.begin('account', self.company.id, str(AS_OF), {'owner': 'test', 'account': gone.id})
        gone.unlink()
        self.env.flush_all()
        self.assertRefused('unknown_account', self.sync.prepare, run['run'], run['token'])
