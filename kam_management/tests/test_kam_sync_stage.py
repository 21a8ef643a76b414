from datetime import datetime

from odoo.tests import tagged

from .sync_common import SyncCase, holds_none, packed


@tagged('post_install', '-at_install')
class TestKamSyncStage(SyncCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for partner in (cls.big, cls.small, cls.quiet):
            cls.win(partner, 10, datetime(2026, 7, 1))
        cls.run_answer = cls.prepared()

    def row(self, partner, revenue=10):
        return (partner.id, 0, 1, 0, revenue)

    def reasons(self, answer):
        return [(refusal['line'], refusal['reason']) for refusal in answer['refused']]

    def test_good_rows_go_in(self):
        answer = self.stage(self.run_answer, [self.row(self.big), self.row(self.small, None)])
        self.assertEqual(answer, {'rows': 2, 'accepted': 2, 'refused': []})

    def test_a_bad_row_is_refused_by_itself(self):
        """Nine kinds of bad rows around one that is good."""
        header = 'account_id margin_estimated documents is_compared revenue attractiveness pareto_class explanation'
        good = (self.big.id, 0, 1, 0, 10, 50, 'A', '{"parts":[]}')
        bad = [
            (self.small.id, 0, 1, 0, 10, 101, 'A', None), (self.small.id, 0, 1, 0, 'NaN', 50, 'A', None),
            (self.small.id, 0, 1, 0, 'Infinity', 50, 'A', None), (self.small.id, 0, None, 0, 1, 50, 'A', None),
            (self.small.id, 0, -1, 0, 1, 50, 'A', None), (self.small.id, 0, 1, 0, 1, 50, 'D', None),
            (self.small.id, 0, 1, 0, 1, 50, 'A', '[1]'), (999999999, 0, 1, 0, 1, 50, 'A', None), good,
        ]
        answer = self.stage(self.run_answer, [good, *bad], header)
        self.assertEqual(answer['accepted'], 1)
        self.assertEqual([line for line, _reason in self.reasons(answer)], list(range(2, 11)))
        for word, (_line, reason) in zip(
                ('between 0 and 100', 'finite', 'finite', 'missing', 'count', 'A, B, C', 'JSON', 'pulled', 'twice'),
                self.reasons(answer), strict=True):
            self.assertIn(word, reason)
        self.assertEqual(answer['refused'][0]['reference'], str(self.small.id))

    def test_values_that_are_no_values_of_their_type(self):
        """COPY would refuse the whole batch; the rows that are right still go in, and the order of lines is kept."""
        header = 'account_id margin_estimated documents is_compared revenue last_document explanation'
        rows = [
            (self.big.id, 0, 1, 0, 10, '2026-07-01', '{"a": 1}'),
            ('x', 0, 1, 0, 10, None, None), (self.small.id, 0, 1, 0, 'ten', None, None),
            (self.small.id, 0, 1, 0, 1, '2026-02-30', None), (self.small.id, 0, 1, 0, 1, None, '{a}'),
            (self.small.id, 0, 1, 2, 1, None, None), (2 ** 31, 0, 1, 0, 1, None, None),
            (self.quiet.id, 0, 1, 0, -3.5, None, None),
        ]
        answer = self.stage(self.run_answer, rows, header)
        self.assertEqual(answer['accepted'], 2)
        self.assertEqual([line for line, _reason in self.reasons(answer)], [2, 3, 4, 5, 6, 7])
        self.assertIn('“ten” is no finite number', self.reasons(answer)[1][1])
        # the next batch counts its own lines, and still knows the accounts of the first
        answer = self.stage(self.run_answer, [self.row(self.small), self.row(self.quiet)], batch=2)
        self.assertEqual(self.reasons(answer), [(2, "this account is there twice")])

    def test_the_same_batch_again(self):
        first = self.stage(self.run_answer, [self.row(self.big), (999999999, 0, 1, 0, 1)])
        self.assertEqual(self.stage(self.run_answer, [self.row(self.big), (999999999, 0, 1, 0, 1)]), first)
        self.assertFalse(holds_none(first))
        self.assertEqual(
            self.env['kam.sync.refusal'].search_count([('run_id', '=', self.run_answer['run'])]), 1)

    def test_the_same_batch_with_other_content(self):
        self.stage(self.run_answer, [self.row(self.big)])
        self.assertRefused('batch_conflict', self.stage, self.run_answer, [self.row(self.big, 11)])

    def test_a_damaged_batch(self):
        good = packed(self.SCORE, self.row(self.big))
        for damage in ({'sha256': '0' * 64}, {'data': 'no base64!'}, {'data': good['data'][:40]}, {'rows': 2}):
            with self.subTest(damage=damage):
                self.assertRefused('checksum', self.sync.stage, self.run_answer['run'], self.run_answer['token'],
                                   'score', 1, {**good, **damage})

    def test_tables_and_columns_that_are_not_in_the_contract(self):
        self.assertRefused('unknown_table', self.stage, self.run_answer, [self.row(self.big)], table='res_users')
        self.assertRefused('unknown_column', self.stage, self.run_answer, [(1, 2)], 'account_id line')
        self.assertRefused('unknown_column', self.stage, self.run_answer, [(1, 0)], 'account_id margin_estimated')
        for rows in (None, [], {'data': 'x'}, {'data': 'x', 'rows': '1', 'sha256': 'y'}):
            self.assertRefused('bad_argument', self.sync.stage, self.run_answer['run'], self.run_answer['token'],
                               'score', 1, rows)
        self.assertRefused('bad_argument', self.stage, self.run_answer, [self.row(self.big)], batch=0)

    def test_the_number_of_statements_does_not_grow(self):
        def count(batch, rows):
            before = self.env.cr.sql_log_count
            self.stage(self.run_answer, rows, batch=batch)
            return self.env.cr.sql_log_count - before
        count(1, [self.row(self.big)])
        few = count(2, [(999999990, 0, 1, 0, 1)])
        many = count(3, [(999990000 + n, 0, 1, 0, 1) for n in range(300)])
        self.assertEqual(many, few)
