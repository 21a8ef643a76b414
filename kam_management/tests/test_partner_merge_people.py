"""Merging contacts keeps what is known of people: two stakeholders who are one become one, and nothing is lost."""
from datetime import timedelta
from itertools import product

from odoo.tests import tagged

from .test_kam_stakeholder import StakeholderCommon
from .test_partner_merge_programme import MergeCommon


@tagged('post_install', '-at_install')
class TestPartnerMergePeople(StakeholderCommon, MergeCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.double = cls._partner('Nuria G.', parent_id=cls.logistics.id, is_company=False)

    def test_two_of_one_account_become_one(self):
        """What the one lacks the other gives; what both say in words is kept; contradictions are written down."""
        source = self._stakeholder(
            self.double, power='high', support='champion', relationship='3', interests="Fewer suppliers",
            role_ids=[(4, self._role('decider').id)], counterpart_ids=[(4, self.user_colleague.id)],
            individual_interests="Sails", confidentiality='team')
        below = self._stakeholder(self.luis, reports_to_id=source.id)
        source.message_post(body="She called")
        source.write({'next_step': "Lunch", 'next_step_date': self.today})
        source.change_ids.sudo().filtered(lambda row: row.aspect == 'power').date = self.today - timedelta(days=3)
        kept = self._stakeholder(
            self.nuria, support='neutral', interests="No stops", role_ids=[(4, self.buyer_role.id)],
            individual_interests="Reads", individual_note="Vegetarian")
        self._merge(self.double, self.nuria)
        self.assertFalse(source.exists())
        self.assertEqual((kept.contact_id, kept.power, kept.support, kept.relationship),
                         (self.nuria, 'high', 'neutral', '3'))
        self.assertEqual(kept.interests, "No stops\nFewer suppliers")
        self.assertEqual(sorted(kept.role_ids.mapped('code')), ['buyer', 'decider'])
        self.assertEqual((kept.counterpart_ids, below.reports_to_id), (self.user_colleague, kept))
        self.assertEqual((kept.confidentiality, kept.next_step), ('team', "Lunch"))
        self.assertEqual((kept.individual_interests, kept.individual_note), ("Reads\nSails", "Vegetarian"))
        self.assertEqual(kept.person_ids.contact_id, self.nuria)
        chatter = self._chatter(kept)
        self.assertIn("She called", chatter)
        self.assertIn("Support: Champions us", chatter)
        self.assertIn((self.today - timedelta(days=3), 'high'),
                      [(row.date, row.value_after) for row in kept.change_ids])

    def test_every_combination(self):
        """Present, left, archived or none, on either side: one remains if there was any, present before the rest."""
        kinds = ('none', 'present', 'left', 'archived')
        for number, (first, second) in enumerate(product(kinds, repeat=2)):
            with self.subTest(source=first, destination=second):
                people = [self._partner(f'{side} {number}', parent_id=self.iberia.id, is_company=False)
                          for side in ('Source', 'Destination')]
                for person, kind in zip(people, (first, second), strict=True):
                    if kind != 'none':
                        stakeholder = self._stakeholder(person, interests=person.name)
                        if kind == 'left':
                            stakeholder.action_leave()
                        elif kind == 'archived':
                            stakeholder.action_archive()
                self._merge(*people)
                rows = self.env['kam.stakeholder'].with_context(active_test=False).search(
                    [('contact_id', '=', people[1].id)])
                self.assertEqual(len(rows), {first, second} != {'none'} and 1 or 0)
                for person, kind in zip(('Source', 'Destination'), (first, second), strict=True):
                    if kind != 'none':
                        self.assertIn(f'{person} {number}', rows.interests)
                if 'present' in (first, second):
                    self.assertEqual((rows.state, rows.active), ('present', True))

    def test_contacts_of_two_customers(self):
        """Of the two accounts one has her now; at the other she has left, and what is known stays there."""
        elsewhere = self._partner('Nuria at Solo', parent_id=self.solo.id, is_company=False)
        there, here = self._stakeholder(elsewhere, power='low'), self._stakeholder(self.nuria, power='high')
        self._merge(elsewhere, self.nuria)
        self.assertEqual((here.state, here.power, here.partner_id), ('present', 'high', self.iberia))
        self.assertEqual((there.state, there.power, there.partner_id, there.contact_id),
                         ('left', 'low', self.solo, self.nuria))

    def test_accounts_merged(self):
        """Whoever was a stakeholder of both is one of the one that stays."""
        moved = self._stakeholder(self.nuria, power='high')
        self.nuria.parent_id = self.solo
        there = self._stakeholder(self.nuria, interests="New job")
        luis = self._stakeholder(self.luis)
        self._merge(self.solo, self.iberia)
        rows = self.env['kam.stakeholder'].search([('partner_id', '=', self.iberia.id)])
        self.assertEqual(rows, (luis | there).sorted(lambda row: rows.ids.index(row.id)))
        self.assertFalse(moved.exists())
        self.assertEqual((there.power, there.interests, there.state), ('high', "New job", 'present'))
        self.assertEqual(luis.state, 'present')

    def test_by_whoever_may_merge(self):
        source, kept = self._stakeholder(self.double, user=self.user_user), self._stakeholder(self.nuria)
        source.confidentiality = 'manager'
        self._merge(self.double, self.nuria, self.user_sales)
        self.assertEqual((source.exists().ids, kept.confidentiality), ([], 'manager'))
