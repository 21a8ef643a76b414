"""A number that may be unknown is never read, found, sorted, averaged or exported as zero."""
from odoo.fields import Domain
from odoo.tests import tagged

from .common import KamCommon


@tagged('post_install', '-at_install')
class TestUnknownFields(KamCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.zero = cls._score(cls.solo, health=0, rank=2, share=0.0)
        cls.unknown = cls._score(cls.other)
        cls.half = cls._score(cls.iberia, health=50, rank=1, share=0.25)
        cls.scores = cls.zero | cls.unknown | cls.half

    def _found(self, *conditions):
        """What a domain finds, in the database and in memory: both must say the same."""
        domain = Domain(list(conditions))
        found = self.env['kam.score'].search(domain & Domain('id', 'in', self.scores.ids))
        self.assertEqual(found, self.scores.filtered_domain(domain).sorted(), domain)
        return found

    def test_stored_as_null_and_read_as_false(self):
        self.env.flush_all()
        self.env.invalidate_all()
        self.env.cr.execute("SELECT health, rank, share FROM kam_score WHERE id = %s", [self.unknown.id])
        self.assertEqual(self.env.cr.fetchone(), (None, None, None))
        self.assertIs(self.unknown.health, False)
        self.assertIs(self.unknown.rank, False)
        self.assertEqual(self.unknown.read(['health', 'rank']),
                         [{'id': self.unknown.id, 'health': False, 'rank': False}])
        self.assertIs(type(self.zero.health), float)
        self.assertIs(type(self.zero.rank), int)
        self.assertEqual(self.zero.read(['health'])[0]['health'], 0.0)

    def test_columns(self):
        self.env.cr.execute("""
            SELECT column_name, data_type FROM information_schema.columns
             WHERE table_name = 'kam_score' AND column_name IN ('health', 'revenue', 'rank')""")
        self.assertEqual(dict(self.env.cr.fetchall()), {
            'health': 'double precision', 'revenue': 'double precision', 'rank': 'integer'})

    def test_set_and_unset(self):
        score = self.half
        for value, expected in ((0, 0.0), (False, False), (12.5, 12.5), (None, False), ('', False)):
            score.health = value
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertIs(type(score.health), type(expected))
            self.assertEqual(score.health, expected)

    def test_small_numbers_do_not_find_the_unknown(self):
        self.assertEqual(self._found(('health', '<', 50)), self.zero)
        self.assertEqual(self._found(('health', '<=', 0)), self.zero)
        self.assertEqual(self._found(('health', '>', -1)), self.zero | self.half)
        self.assertEqual(self._found(('rank', '<', 5)), self.half | self.zero)

    def test_zero_and_unknown_are_told_apart(self):
        self.assertEqual(self._found(('health', '=', 0)), self.zero)
        self.assertEqual(self._found(('health', '=', False)), self.unknown)
        self.assertEqual(self._found(('health', '!=', False)), self.zero | self.half)
        self.assertEqual(self._found(('health', '!=', 0)), self.half | self.unknown)
        self.assertEqual(self._found(('health', 'in', [0, 50])), self.zero | self.half)
        self.assertEqual(self._found(('health', 'not in', [0, 50])), self.unknown)
        self.assertEqual(self._found(('rank', 'in', [False, 1])), self.half | self.unknown)

    def test_zero_and_unknown_combined(self):
        """Odoo merges conditions on one field into one set, where 0 and False would be the same element."""
        self.assertEqual(self._found('|', ('health', '=', 0), ('health', '=', False)), self.zero | self.unknown)
        self.assertEqual(self._found(('health', '=', 0), ('health', '!=', False)), self.zero)
        self.assertEqual(self._found('!', ('health', '<', 50)), self.half | self.unknown)

    def test_unknown_is_sorted_last_both_ways(self):
        rows = self.env['kam.score'].browse(self.scores.ids)
        for order, expected in (
            ('health', self.zero + self.half + self.unknown),
            ('health desc', self.half + self.zero + self.unknown),
            ('health DESC, id', self.half + self.zero + self.unknown),
            ('rank desc', self.zero + self.half + self.unknown),
        ):
            self.assertEqual(rows.search([('id', 'in', rows.ids)], order=order).ids, expected.ids, order)
            self.assertEqual(rows.sorted(order).ids, expected.ids, order)

    def test_aggregates_ignore_the_unknown(self):
        [(average, least, most, known, rows)] = self.env['kam.score']._read_group(
            [('id', 'in', self.scores.ids)],
            aggregates=['health:avg', 'health:min', 'health:max', 'health:count', '__count'])
        self.assertEqual((average, least, most, known, rows), (25.0, 0.0, 50.0, 2, 3))
        [(average, revenue)] = self.env['kam.score']._read_group(
            [('id', '=', self.unknown.id)], aggregates=['health:avg', 'revenue:sum'])
        self.assertIs(average, False)
        self.assertIs(revenue, False)

    def test_grouping(self):
        """Zero and unknown are groups of their own, and each group's domain finds its rows."""
        groups = self.env['kam.score'].formatted_read_group(
            [('id', 'in', self.scores.ids)], groupby=['health'], aggregates=['__count', 'share:sum'],
            order='health desc')
        self.assertEqual([(group['health'], group['__count']) for group in groups], [(50.0, 1), (0.0, 1), (False, 1)])
        self.assertIs(groups[2]['health'], False)
        self.assertIs(groups[2]['share:sum'], False)
        for group, expected in zip(groups, (self.half, self.zero, self.unknown), strict=True):
            found = self.env['kam.score'].search(
                Domain(group['__extra_domain']) & Domain('id', 'in', self.scores.ids))
            self.assertEqual(found, expected)

    def test_groups_sorted_by_an_aggregate(self):
        groups = self.env['kam.score']._read_group(
            [('id', 'in', self.scores.ids)], ['partner_id'], ['health:avg'], order='health:avg desc')
        self.assertEqual([average for _partner, average in groups], [50.0, 0.0, False])

    def test_export_is_empty(self):
        rows = (self.zero + self.unknown).export_data(['health', 'rank'])['datas']
        self.assertEqual(rows, [[0.0, 2], ['', '']])

    def test_copied_and_defaulted_as_unknown(self):
        new = self.env['kam.score'].new({'partner_id': self.solo.id})
        self.assertIs(new.health, False)
        values = self.unknown.copy_data()[0]
        self.assertIs(values['health'], False)
        self.assertEqual(self.zero.copy_data()[0]['health'], 0.0)

    def test_kept_through_a_related_field(self):
        """Settings reach the default margin through the company."""
        settings = self.company.kam_settings_id
        for value in (False, 0.0, 32.5):
            settings.default_margin = value
            wizard = self.env['res.config.settings'].create({})
            self.assertEqual(wizard.kam_default_margin, value)
            self.assertIs(type(wizard.kam_default_margin), type(value))
        self.env['res.config.settings'].create({'kam_default_margin': False})
        self.assertIs(settings.default_margin, False)
        self.env['res.config.settings'].create({'kam_default_margin': 0})
        self.assertEqual(settings.default_margin, 0.0)
        self.assertIsNot(settings.default_margin, False)
