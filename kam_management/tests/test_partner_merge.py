"""Merging contacts is a supported operation: nothing crashes, no flag and no opinion is lost."""
from odoo.tests import tagged

from .common import KamCommon


@tagged('post_install', '-at_install')
class TestPartnerMerge(KamCommon):

    def _merge(self, source, destination, user=None):
        user = user or self.env.user
        wizard = self.env['base.partner.merge.automatic.wizard'].with_user(user)
        wizard._merge((source | destination).ids, destination.with_user(user), extra_checks=False)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(source.exists())

    def test_both_scored(self):
        """The destination keeps its own row; the days that only the other has are moved."""
        self._score(self.solo, revenue=1)
        kept = self._score(self.other, revenue=2)
        self._history(self.solo, '2026-11-01', revenue=1)
        self._history(self.solo, '2026-11-02', revenue=1)
        self._history(self.other, '2026-11-02', revenue=2)
        self._merge(self.solo, self.other)
        self.assertEqual(self.env['kam.score'].search([('partner_id', '=', self.other.id)]), kept)
        rows = self.env['kam.score.history'].search([('partner_id', '=', self.other.id)], order='as_of')
        self.assertEqual([(str(row.as_of), row.revenue) for row in rows], [('2026-11-01', 1), ('2026-11-02', 2)])

    def test_only_the_source_scored(self):
        moved = self._score(self.solo, revenue=1)
        self._merge(self.solo, self.other)
        self.assertEqual(moved.partner_id, self.other)

    def test_scored_in_two_companies(self):
        self._score(self.solo, revenue=1)
        self._score(self.solo, self.company_2, revenue=3)
        self._score(self.other, revenue=2)
        self._merge(self.solo, self.other)
        rows = self.env['kam.score'].search([('partner_id', '=', self.other.id)])
        self.assertEqual({row.company_id: row.revenue for row in rows}, {self.company: 2, self.company_2: 3})

    def test_opinions_survive(self):
        """One clash on a day must not cost the others."""
        self._opinion(self.solo, self.user_user, value=3, date='2026-01-10')
        self._opinion(self.solo, self.user_user, value=4, date='2026-02-10')
        self._opinion(self.solo, self.user_colleague, value=9, date='2026-02-10')
        self._opinion(self.other, self.user_user, value=8, date='2026-02-10')
        self._merge(self.solo, self.other)
        opinions = self.env['kam.assessment'].search([('partner_id', '=', self.other.id)], order='date, value')
        self.assertEqual([(str(row.date), row.value) for row in opinions],
                         [('2026-01-10', 3), ('2026-02-10', 8), ('2026-02-10', 9)])

    def test_flag_is_carried_over(self):
        """By whoever may merge, even someone who can neither see nor set it."""
        for user in (self.user_sales, self.user_user, self.user_manager):
            source = self._partner('Source', is_key_account=True, kam_manager_id=self.user_colleague.id)
            destination = self._partner('Destination')
            below = self._partner('Below', parent_id=source.id)
            self._merge(source, destination, user)
            self.assertTrue(destination.is_key_account)
            self.assertEqual(destination.kam_manager_id, self.user_colleague)
            self.assertEqual(below.kam_account_id, destination)

    def test_two_flagged(self):
        self.solo.is_key_account = True
        self.solo.kam_manager_id = self.user_colleague
        self._merge(self.solo, self.iberia, self.user_user)
        self.assertTrue(self.iberia.is_key_account)
        self.assertEqual(self.iberia.kam_manager_id, self.user_user, "the destination keeps its own manager")

    def test_children_follow_to_the_other_account(self):
        """The wizard moves children by SQL, which the ORM does not see."""
        home = self._partner('Home')
        source = self._partner('Source', parent_id=home.id)
        child = self._partner('Child', parent_id=source.id)
        archived = self._partner('Archived child', parent_id=child.id, active=False)
        self._merge(source, self.logistics)
        self.assertEqual(self.logistics.kam_account_id, self.iberia)
        self.assertEqual(child.kam_account_id, self.iberia)
        self.assertEqual(archived.kam_account_id, self.iberia)

    def test_destination_moves_to_the_source_s_parent(self):
        child = self._partner('Child', parent_id=self.solo.id)
        source = self._partner('Source', parent_id=self.iberia.id)
        self._merge(source, self.solo)
        self.assertEqual(self.solo.parent_id, self.iberia)
        self.assertEqual(child.kam_account_id, self.iberia)
