"""Merging accounts in every combination of flagged, scored, nominated and with a team leaves one consistent account."""
from datetime import timedelta
from functools import lru_cache
from itertools import product

from odoo.addons.base.wizard import base_partner_merge
from odoo.tests import tagged

from .common import KamCommon

KINDS = ('flagged', 'scored', 'nominated', 'team')


class MergeCommon(KamCommon):

    def _merge(self, sources, destination, user=None):
        wizard = self.env['base.partner.merge.automatic.wizard'].with_user(user or self.user_sales)
        wizard._merge((sources | destination).ids, destination.with_user(user or self.user_sales), extra_checks=False)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(sources.exists())

    def _account(self, name, kinds, manager, deputy, tier):
        account = self._partner(name)
        if 'flagged' in kinds:
            account.write({'is_key_account': True, 'kam_tier_id': tier.id, 'kam_manager_id': manager.id})
        if 'scored' in kinds:
            self._score(account, revenue=1.0)
            self._history(account, '2026-11-01', revenue=1.0)
        if 'nominated' in kinds:
            other = self.key if tier == self.strategic else self.strategic
            self.env['kam.nomination'].with_user(self.user_manager).create({
                'partner_id': account.id, 'tier_id': other.id, 'approver_id': False}).action_propose()
        if 'team' in kinds:
            self.env['kam.team.member'].create({
                'partner_id': account.id, 'user_id': deputy.id, 'role': 'deputy'})
        return account

    def _people(self, *accounts):
        return {row.user_id for account in accounts for row in account.kam_member_ids if row.is_current}

    def _assert_consistent(self, account, flagged, people, decisions):
        self.assertEqual(account.is_key_account, flagged)
        self.assertEqual(account.kam_account_id, account)
        self.assertEqual((bool(account.kam_tier_id), bool(account.kam_company_id), bool(account.kam_key_since)),
                         (flagged,) * 3)
        current = account.kam_member_ids.filtered('is_current')
        managers = current.filtered(lambda row: row.role == 'manager')
        self.assertEqual(managers.user_id, account.kam_manager_id)
        self.assertLessEqual(len(managers), 1)
        self.assertEqual(len(current), len(current.user_id), "one place a person")
        self.assertEqual(set(current.user_id), people, "nobody drops out of the team")
        waiting = account.kam_nomination_ids.filtered(lambda row: row.state in ('candidate', 'proposed'))
        self.assertLessEqual(len(waiting), 1)
        self.assertTrue(all((row.kind == 'entry') != flagged for row in waiting))
        self.assertLessEqual(decisions, set(account.kam_nomination_ids.ids), "no decision is lost")
        for model in ('kam.score', 'kam.score.history'):
            self.assertLessEqual(self.env[model].search_count([('partner_id', '=', account.id)]), 1)


@tagged('post_install', '-at_install')
class TestMergeProgramme(MergeCommon):

    def test_every_combination(self):
        # 256 merges: without chatter, which another test looks at
        self.env = self.env(context={**self.env.context, 'tracking_disable': True, 'mail_create_nolog': True})
        subsets = [tuple(kind for kind, given in zip(KINDS, chosen, strict=True) if given)
                   for chosen in product((False, True), repeat=len(KINDS))]
        # Which columns a table has, the wizard asks the database for each table anew, a hundred times a merge.
        self.patch(base_partner_merge, 'table_columns', lru_cache(None)(base_partner_merge.table_columns))
        # Made once each: what a merge did is undone after it.
        destinations = {kinds: self._account('Destination', kinds, self.user_user, self.user_contributor, self.key)
                        for kinds in subsets}
        sources = {kinds: self._account('Source', kinds, self.user_colleague, self.user_sales, self.strategic)
                   for kinds in subsets}
        for ours, theirs in product(subsets, repeat=2):
            with self.subTest(destination=ours, source=theirs), self.env.cr.savepoint() as savepoint:
                destination, source = destinations[ours], sources[theirs]
                people = self._people(destination, source)
                decisions = set((destination | source).kam_nomination_ids.ids)
                self._merge(source, destination)
                self._assert_consistent(
                    destination, 'flagged' in ours or 'flagged' in theirs, people, decisions)
                savepoint.rollback()

    def test_two_key_accounts_make_a_nomination(self):
        """The destination keeps its tier and its manager until somebody decides; the other one stays in the team."""
        destination = self._account('Destination', ('flagged',), self.user_user, self.user_sales, self.key)
        source = self._account('Source', ('flagged',), self.user_colleague, self.user_sales, self.strategic)
        self._merge(source, destination)
        self.assertEqual((destination.kam_tier_id, destination.kam_manager_id), (self.key, self.user_user))
        waiting = destination.kam_nomination_ids.filtered(lambda row: row.state == 'proposed')
        self.assertEqual((waiting.kind, waiting.tier_id, waiting.manager_id), ('tier', self.strategic, self.user_user))
        self.assertIn("Source (tier Strategic, manager Colleague)", waiting.reason)
        roles = {row.user_id: row.role for row in destination.kam_member_ids.filtered('is_current')}
        self.assertEqual(roles, {self.user_user: 'manager', self.user_colleague: 'member'})
        waiting.with_user(self.user_manager).action_accept()
        self.assertEqual(destination.kam_tier_id, self.strategic)

    def test_the_flag_brings_all_that_belongs_to_it(self):
        source = self._account('Source', ('flagged',), self.user_colleague, self.user_sales, self.strategic)
        source.kam_confidentiality = 'team'
        destination = self._partner('Destination')
        self._merge(source, destination)
        self.assertEqual(
            (destination.is_key_account, destination.kam_tier_id, destination.kam_manager_id,
             destination.kam_company_id, destination.kam_confidentiality),
            (True, self.strategic, self.user_colleague, self.company, 'team'))

    def test_a_tier_that_the_destination_lacks(self):
        destination = self._partner('Destination', is_key_account=True)
        source = self._account('Source', ('flagged',), self.user_colleague, self.user_sales, self.key)
        self._merge(source, destination)
        self.assertEqual((destination.kam_tier_id, destination.kam_manager_id), (self.key, self.user_colleague))

    def test_three_at_once(self):
        accounts = [
            self._account(manager.name, KINDS, manager, deputy, self.key) for manager, deputy in (
                (self.user_user, self.user_sales), (self.user_colleague, self.user_contributor),
                (self.user_manager, self.user_admin))]
        people = self._people(*accounts)
        decisions = {row for account in accounts for row in account.kam_nomination_ids.ids}
        self._merge(accounts[1] | accounts[2], accounts[0])
        self._assert_consistent(accounts[0], True, people, decisions)

    def test_times_in_the_team_become_one(self):
        def join(partner, begin, end, role):
            return self.env['kam.team.member'].create({
                'partner_id': partner.id, 'user_id': self.user_contributor.id, 'role': role,
                'date_from': self.today - timedelta(days=begin),
                'date_to': end is not None and self.today - timedelta(days=end)})

        for ours, theirs, expected in (
            # destination (begin, end, role)  source                     what remains
            ((90, 60, 'member'), (80, 30, 'deputy'), [(90, 30, 'deputy')]),
            ((90, None, 'deputy'), (20, None, 'member'), [(90, None, 'deputy')]),
            ((90, 60, 'member'), (30, None, 'member'), [(90, 60, 'member'), (30, None, 'member')]),
            ((20, None, 'member'), (90, 10, 'sponsor'), [(90, None, 'sponsor')]),
        ):
            with self.subTest(ours=ours, theirs=theirs), self.env.cr.savepoint() as savepoint:
                destination, source = self._partner('Destination'), self._partner('Source')
                join(destination, *ours)
                join(source, *theirs)
                self._merge(source, destination)
                rows = self.env['kam.team.member'].search([('partner_id', '=', destination.id)], order='date_from')
                self.assertEqual(
                    [((self.today - row.date_from).days, (self.today - row.date_to).days if row.date_to else None,
                      row.role) for row in rows], expected)
                savepoint.rollback()

    def test_what_a_merge_proposes_can_be_accepted(self):
        """Also when nothing changes by it: tier and manager are confirmed."""
        destination = self._account('Destination', ('flagged',), self.user_user, self.user_sales, self.key)
        source = self._account('Source', ('flagged',), self.user_user, self.user_sales, self.key)
        self._merge(source, destination)
        waiting = destination.kam_nomination_ids.filtered(lambda row: row.state == 'proposed')
        waiting.with_user(self.user_manager).action_accept()
        self.assertEqual(waiting.state, 'accepted')

    def test_two_key_accounts_into_a_plain_contact(self):
        """The first gives the flag; the other one is proposed, the most demanding tier first, and nobody drops out."""
        destination = self._partner('Destination')
        first = self._account('First', ('flagged',), self.user_user, self.user_sales, self.key)
        second = self._account('Second', ('flagged',), self.user_colleague, self.user_sales, self.strategic)
        self._merge(first | second, destination)
        waiting = destination.kam_nomination_ids.filtered(lambda row: row.state == 'proposed')
        self.assertEqual((destination.is_key_account, waiting.tier_id), (True, self.strategic))
        self.assertIn("tier Strategic", waiting.reason)
        self.assertEqual(self._people(destination), {self.user_user, self.user_colleague})

    def test_three_key_accounts(self):
        accounts = [self._account(name, ('flagged',), manager, self.user_sales, tier) for name, manager, tier in (
            ('Destination', self.user_user, self.key), ('A', self.user_colleague, self.key),
            ('B', self.user_manager, self.strategic))]
        self._merge(accounts[1] | accounts[2], accounts[0])
        waiting = accounts[0].kam_nomination_ids.filtered(lambda row: row.state == 'proposed')
        self.assertEqual(waiting.tier_id, self.strategic)
        for told in ("A (tier Key, manager Colleague)", "B (tier Strategic, manager Manager)"):
            self.assertIn(told, waiting.reason)

    def test_a_manager_who_has_left_and_an_archived_account(self):
        for archived in (False, True):
            with self.subTest(archived=archived), self.env.cr.savepoint() as savepoint:
                destination = self._account('Destination', ('flagged',), self.user_user, self.user_sales, self.key)
                source = self._account('Source', ('flagged',), self.user_colleague, self.user_sales, self.key)
                self.user_user.active = False
                destination.active = not archived
                self._merge(source, destination)
                waiting = destination.kam_nomination_ids.filtered(lambda row: row.state == 'proposed')
                self.assertEqual((destination.kam_manager_id, waiting.manager_id.id), (self.user_user, False))
                savepoint.rollback()

    def test_the_nomination_that_fits_goes_on(self):
        """A candidate merged with a key account whose tier change is proposed: the tier change goes on."""
        destination = self._account('Destination', ('nominated',), self.user_user, self.user_sales, self.key)
        source = self._account('Source', ('flagged', 'nominated'), self.user_colleague, self.user_sales, self.key)
        self._merge(source, destination)
        waiting = destination.kam_nomination_ids.filtered(lambda row: row.state == 'proposed')
        self.assertEqual((waiting.kind, waiting.tier_id), ('tier', self.strategic))

    def test_three_times_in_the_team(self):
        """What bridges two times of a person joins them."""
        destination, source = self._partner('Destination'), self._partner('Source')
        for partner, begin, end in ((destination, 90, 60), (destination, 40, None), (source, 70, 20)):
            self.env['kam.team.member'].create({
                'partner_id': partner.id, 'user_id': self.user_contributor.id,
                'date_from': self.today - timedelta(days=begin),
                'date_to': end is not None and self.today - timedelta(days=end)})
        self._merge(source, destination)
        row = destination.kam_member_ids
        self.assertEqual((len(row), (self.today - row.date_from).days, row.date_to), (1, 90, False))
