from datetime import datetime, timedelta

from odoo.tests import tagged

from .sync_common import SyncCase, holds_none, packed

WITH_SCORE = SyncCase.SCORE + ' rank attractiveness explanation movement'
EXPLANATION = '{"parts": [], "known": {}}'


@tagged('post_install', '-at_install')
class TestKamSyncPublish(SyncCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.week_ago = cls.today - timedelta(days=7)
        for partner in (cls.big, cls.small, cls.quiet):
            cls.win(partner, 10, datetime(2026, 7, 1))
        cls.rows = [(cls.big.id, 0, 1, 0, 100), (cls.small.id, 0, 1, 0, 10), (cls.quiet.id, 0, 0, 0, 0)]

    def test_publish(self):
        run = self.prepared()
        answer = self.publish(run, self.rows)
        self.assertEqual(answer['state'], 'published')
        self.assertEqual((answer['accounts'], answer['inserted'], answer['changed']), (3, 3, 3))
        self.assertFalse(holds_none(answer))
        score = self.score_of(self.big)
        self.assertEqual((score.revenue, score.as_of, score.run_id.id), (100, self.today, run['run']))
        self.assertIs(score.attractiveness, False, "unknown stays unknown")
        self.assertEqual(self.tables_of(run), [])
        self.assertEqual(self.publish_again(run)['changed'], 3, "asked again, it answers the same")

    def publish_again(self, run):
        return self.sync.publish(run['run'], run['token'], {})

    def test_running_twice_changes_nothing(self):
        self.publish(self.prepared(), self.rows)
        second = self.publish(self.prepared(), self.rows)
        self.assertEqual((second['changed'], second['unchanged']), (0, 3))

    def test_only_rows_that_changed(self):
        first = self.prepared()
        self.publish(first, self.rows)
        second = self.prepared()
        answer = self.publish(second, [(self.big.id, 0, 1, 0, 101), *self.rows[1:]])
        self.assertEqual((answer['updated'], answer['unchanged'], answer['removed']), (1, 2, 0))
        self.assertEqual(self.score_of(self.big).run_id.id, second['run'])
        self.assertEqual(self.score_of(self.small).run_id.id, first['run'])
        self.assertEqual([mover['account'] for mover in answer['movers']], [self.big.id])
        self.assertEqual((answer['movers'][0]['revenue_before'], answer['movers'][0]['revenue']), (100, 101))

    def test_from_unknown_to_zero_is_a_change(self):
        self.publish(self.prepared(), [(self.big.id, 0, 1, 0, None)])
        self.assertIs(self.score_of(self.big).revenue, False)
        self.assertEqual(self.publish(self.prepared(), [(self.big.id, 0, 1, 0, 0)])['updated'], 1)
        score = self.score_of(self.big)
        self.assertEqual(score.revenue, 0)
        self.assertIsNot(score.revenue, False)

    def test_accounts_that_left_the_universe(self):
        self.publish(self.prepared(), self.rows)
        self.leave(self.quiet)
        answer = self.publish(self.prepared(), self.rows[:2])
        self.assertEqual(answer['removed'], 1)
        self.assertFalse(self.score_of(self.quiet))

    def leave(self, partner):
        """Take the one document of a customer away: it is none any more."""
        self.env['crm.lead'].search([('partner_id', '=', partner.id)]).unlink()
        self.env.flush_all()

    def test_a_refused_row_keeps_the_score_that_was_there(self):
        self.publish(self.prepared(), self.rows)
        answer = self.publish(self.prepared(), [(self.big.id, 0, 1, 0, 1e20), *self.rows[1:]])
        self.assertEqual((answer['state'], answer['refused'], answer['removed']), ('partial', 1, 0))
        self.assertEqual(self.score_of(self.big).revenue, 100)

    def test_the_second_run_of_a_day_takes_history_back(self):
        explained = (self.big.id, 0, 1, 1, 90, 2, 40, EXPLANATION, None)
        self.publish(self.prepared(), [explained], WITH_SCORE)
        self.publish(self.prepared(), [(*explained[:6], None, None, None)], WITH_SCORE)
        self.assertFalse(self.env['kam.score.history'].search([('partner_id', '=', self.big.id)]))

    def test_other_companies_are_left_alone(self):
        other = self.env['res.company'].create({'name': "Other"})
        self.service.company_ids += other
        self.publish(self.prepared(), self.rows)
        run = self.sync.begin('full', other.id, str(self.today), {'owner': 'test'})
        self.sync.prepare(run['run'], run['token'])
        self.publish(run, [])
        self.assertTrue(self.score_of(self.big))

    def test_a_lost_batch_is_not_published_around(self):
        run = self.prepared()
        self.stage(run, self.rows[:1])
        self.stage(run, [(3, 0, 0, 0)], self.PORTFOLIO, table='portfolio')
        totals = {'tables': {'score': {'rows': 3, 'batches': 2}, 'portfolio': {'rows': 1, 'batches': 1}}}
        self.assertRefused('totals_mismatch', self.sync.publish, run['run'], run['token'], totals)
        self.assertRefused('totals_mismatch', self.sync.publish, run['run'], run['token'], {})
        self.assertFalse(self.score_of(self.big))

    def test_refused_rows_make_the_run_partial(self):
        run = self.prepared()
        answer = self.publish(run, [*self.rows, (999999999, 0, 1, 0, 5)])
        self.assertEqual((answer['state'], answer['refused'], answer['accounts']), ('partial', 1, 3))
        self.assertEqual(answer['refusals'][0]['reference'], '999999999')
        self.assertTrue(self.score_of(self.big))

    def test_a_customer_deleted_in_between(self):
        gone = self.env['res.partner'].create({'name': "Gone"})
        self.win(gone, 1, datetime(2026, 7, 1)).with_context(active_test=False)
        run = self.prepared()
        self.stage(run, [*self.rows, (gone.id, 0, 1, 0, 5)])
        self.stage(run, [(3, 0, 0, 0)], self.PORTFOLIO, table='portfolio')
        self.env['crm.lead'].search([('partner_id', '=', gone.id)]).unlink()
        gone.unlink()
        answer = self.sync.publish(run['run'], run['token'], {'tables': {
            'score': {'rows': 4, 'batches': 1}, 'portfolio': {'rows': 1, 'batches': 1}}})
        self.assertEqual((answer['state'], answer['accounts'], answer['refused']), ('partial', 3, 1))

    def test_dry_run_shows_the_same_and_writes_nothing(self):
        self.publish(self.prepared(), self.rows)
        self.leave(self.quiet)
        run = self.prepared(dry_run=True)
        answer = self.publish(run, [(self.big.id, 0, 1, 0, 50), self.rows[1], (999999999, 0, 1, 0, 5)])
        self.assertEqual((answer['updated'], answer['removed'], answer['unchanged']), (1, 1, 1))
        self.assertEqual((answer['state'], len(answer['movers'])), ('abandoned', 1))
        self.assertEqual(len(answer['refusals']), 1)
        self.assertEqual(self.publish_again(run), answer, "its answer may have been lost")
        self.assertEqual(self.score_of(self.big).revenue, 100)
        self.assertTrue(self.score_of(self.quiet))
        self.assertEqual(self.tables_of(run), [])
        self.assertFalse(self.env['kam.sync.lease']._held(self.company))
        self.begin()
        self.assertFalse(self.env['kam.sync.run'].browse(run['run']).exists(), "the next run clears it away")

    def test_history_and_the_state_before(self):
        """A week ago, then today twice: the state before today stays that of a week ago."""
        self.publish(self.prepared(as_of=self.week_ago), [(self.big.id, 0, 1, 1, 90, 2, 40, EXPLANATION, None),
                                                     (self.small.id, 0, 1, 0, 10, 1, None, None, None)], WITH_SCORE)
        for revenue in (95, 100):
            self.publish(self.prepared(), [(self.big.id, 0, 1, 1, revenue, 1, 60, EXPLANATION, None),
                                           (self.small.id, 0, 1, 0, 10, 2, None, None, None)], WITH_SCORE)
        score = self.score_of(self.big)
        self.assertEqual((score.previous_as_of, score.previous_revenue, score.previous_rank), (self.week_ago, 90, 2))
        history = self.env['kam.score.history'].search([('partner_id', 'in', (self.big | self.small).ids)])
        self.assertEqual(history.mapped(lambda row: (row.partner_id, row.as_of, row.attractiveness)),
                         [(self.big, self.today, 60), (self.big, self.week_ago, 40)])
        run = self.prepared()
        references = {row['reference']: row['as_of'] for row in self.pull(run)['history']
                      if int(row['account_id']) == self.big.id}
        self.assertEqual(references, {'run': str(self.week_ago), 'week': str(self.week_ago)})

    def test_an_earlier_day_writes_history_only(self):
        self.publish(self.prepared(), [(self.big.id, 0, 1, 1, 100, 1, 60, EXPLANATION, None)], WITH_SCORE)
        answer = self.publish(self.prepared(as_of=self.week_ago),
                              [(self.big.id, 0, 1, 1, 1, 9, 10, EXPLANATION, None)], WITH_SCORE)
        self.assertTrue(answer['history_only'])
        self.assertEqual(self.score_of(self.big).revenue, 100)
        self.assertEqual(self.env['kam.score.history'].search_count([('partner_id', '=', self.big.id)]), 2)
        self.assertEqual(self.env['kam.sync.run']._last_published(self.company).as_of, self.today)

    def test_a_change_of_settings_is_marked(self):
        self.publish(self.prepared(), self.rows)
        second = self.publish(self.prepared(), self.rows)
        self.company.kam_settings_id.refresh_hours = 48  # no score depends on it
        unmarked = self.publish(self.prepared(), self.rows)
        self.assertFalse(self.env['kam.sync.run'].browse(unmarked['run']).settings_changed)
        self.company.kam_settings_id.quadrant_cut = 61
        third = self.publish(self.prepared(), self.rows)
        runs = self.env['kam.sync.run'].browse([second['run'], third['run']])
        self.assertEqual(runs.mapped('settings_changed'), [False, True])

    def test_the_portfolio_of_a_day_is_replaced(self):
        self.publish(self.prepared(), self.rows)
        self.publish(self.prepared(), self.rows, portfolio=(7, 1, 0, 0))
        rows = self.env['kam.portfolio'].search([('company_id', '=', self.company.id), ('as_of', '=', self.today)])
        self.assertEqual((len(rows), rows.accounts), (1, 7))
        self.assertIs(rows.hhi, False)

    def test_history_is_thinned_to_month_ends(self):
        self.big.is_key_account = True  # in the universe of every day, whatever its documents
        for days in (400, 399, 398, 5, 4):
            day = self.today - timedelta(days=days)
            self.publish(self.prepared(as_of=day), [(self.big.id, 0, 1, 1, days, 1, 60, EXPLANATION, None)], WITH_SCORE)
        self.env['kam.sync']._thin_history()
        kept = self.env['kam.score.history'].search([('partner_id', '=', self.big.id)]).mapped('as_of')
        old = [self.today - timedelta(days=days) for days in (398, 399, 400)]
        expected = {max(day for day in old if day.month == month) for month in {day.month for day in old}}
        self.assertEqual(set(kept), expected | {self.today - timedelta(days=days) for days in (5, 4)})

    def test_the_number_of_statements_does_not_grow(self):
        def count(rows):
            run = self.prepared()
            self.stage(run, rows)
            self.stage(run, [(3, 0, 0, 0)], self.PORTFOLIO, table='portfolio')
            before = self.env.cr.sql_log_count
            self.sync.publish(run['run'], run['token'], {'tables': {
                'score': {'rows': len(rows), 'batches': 1}, 'portfolio': {'rows': 1, 'batches': 1}}})
            return self.env.cr.sql_log_count - before
        many = self.env['res.partner'].create([{'name': f"Customer {n}", 'is_key_account': True} for n in range(40)])
        count(self.rows)
        few = count([(self.big.id, 0, 1, 0, 1), *self.rows[1:]])
        self.assertEqual(count([*self.rows, *((partner.id, 0, 1, 0, 4) for partner in many)]), few)

    def test_a_repeated_batch_number_in_another_run(self):
        """Batches are counted per run: the next run may use the same numbers."""
        self.publish(self.prepared(), self.rows)
        answer = self.sync.stage(*self.prepared_ids(), 'score', 1, packed(self.SCORE, *self.rows[:1]))
        self.assertEqual(answer['accepted'], 1)

    def prepared_ids(self):
        run = self.prepared()
        return run['run'], run['token']
