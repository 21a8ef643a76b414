"""What people read of a score besides the numbers."""
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .common import KamCommon


@tagged('post_install', '-at_install')
class TestScore(KamCommon):

    def test_named_after_its_account(self):
        score = self._score(self.iberia).with_user(self.user_user)
        self.assertEqual(score.display_name, self.iberia.display_name)
        found = score.search([('display_name', 'ilike', 'Nordwind Ib')])
        self.assertEqual(found, score)
        self.assertEqual(score.name_search('Iberia')[0][0], score.id)

    def test_largest_first_and_unranked_last(self):
        third, unranked, first = (
            self._score(partner, rank=rank)
            for partner, rank in ((self.solo, 3), (self.other, False), (self.iberia, 1)))
        found = self.env['kam.score'].search([('id', 'in', (third | unranked | first).ids)])
        self.assertEqual(found.ids, [first.id, third.id, unranked.id])

    def test_of_the_partner(self):
        """Read, sorted, grouped and found through the partner, without being stored."""
        mine, other = self._score(self.solo), self._score(self.other)
        score = self._score(self.iberia).with_user(self.user_manager)
        ids = (mine | other | score).ids
        self.assertTrue(score.is_key_account)
        self.assertEqual(score.kam_manager_id, self.user_user)
        self.assertEqual(score.search([('id', 'in', ids), ('is_key_account', '=', True)]), score)
        self.assertEqual(score.search([('id', 'in', ids)], order='salesperson_id, id', limit=1).sudo(), other)
        groups = score.formatted_read_group([('id', 'in', ids)], ['kam_manager_id'], ['__count'])
        self.assertEqual({group['kam_manager_id'] and group['kam_manager_id'][0]: group['__count'] for group in groups},
                         {self.user_user.id: 1, False: 2})
        self.solo.write({'is_key_account': True, 'kam_manager_id': self.user_manager.id})
        self.assertTrue(mine.with_user(self.user_manager).is_key_account)

    @mute_logger('odoo.sql_db')
    def test_one_row_per_account_and_company(self):
        self._score(self.solo)
        self._score(self.solo, self.company_2)
        with self.assertRaises(UniqueViolation):
            self._score(self.solo)
        self._history(self.solo, '2026-11-20')
        self._history(self.solo, '2026-11-21')
        with self.assertRaises(UniqueViolation):
            self._history(self.solo, '2026-11-20')

    def test_goes_with_its_account(self):
        score, history = self._score(self.solo), self._history(self.solo, '2026-11-20')
        self.solo.unlink()
        self.assertFalse(score.exists() or history.exists())

    def test_age_comes_from_the_last_published_run(self):
        """A row that did not change for weeks is as fresh as the refresh that confirmed it."""
        score = self._score(self.solo).with_user(self.user_user)
        self.assertIs(score.age_days, False)
        self.assertTrue(score.is_stale)
        now, today = fields.Datetime.now(), fields.Date.context_today(score)
        run = self.env['kam.sync.run'].create({
            'company_id': self.company.id, 'as_of': today - timedelta(days=2), 'state': 'published',
            'date_end': now - timedelta(hours=50)})
        score.invalidate_recordset()
        self.assertEqual((score.age_days, score.freshness_date, score.is_stale), (2, run.as_of, True))
        run.write({'as_of': today, 'date_end': now})
        score.invalidate_recordset()
        self.assertEqual((score.age_days, score.is_stale), (0, False))

    def test_explanation_is_json(self):
        score = self._score(self.solo, explanation={'parts': ['no_data'], 'known': {'attractiveness': 0.7}})
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT pg_typeof(explanation)::text, explanation -> 'parts' ->> 0 FROM kam_score WHERE id = %s",
            [score.id])
        self.assertEqual(self.env.cr.fetchone(), ('jsonb', 'no_data'))
