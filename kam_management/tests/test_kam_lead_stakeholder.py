"""The people of a deal: their part in it, what becomes of it when deals merge or change hands, and who reads it."""
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .test_kam_stakeholder import StakeholderCommon


@tagged('post_install', '-at_install')
class TestLeadStakeholder(StakeholderCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls._stakeholder(cls.nuria, support='sceptic', role_ids=[(4, cls.buyer_role.id)])
        cls.planner = cls._stakeholder(cls.luis)
        cls.lead = cls._lead("Trays")

    @classmethod
    def _lead(cls, name, **values):
        return cls.env['crm.lead'].create({
            'name': name, 'type': 'opportunity', 'partner_id': cls.iberia.id, 'user_id': cls.user_user.id, **values})

    @classmethod
    def _row(cls, lead, stakeholder, **values):
        return cls.env['kam.lead.stakeholder'].with_user(cls.user_user).create({
            'lead_id': lead.id, 'stakeholder_id': stakeholder.id, **values})

    def test_their_part_in_this_deal(self):
        """It starts with what they are usually, and may be another one here without changing that."""
        with Form(self.lead.with_user(self.user_user)) as form, form.kam_stakeholder_ids.new() as line:
            line.stakeholder_id = self.buyer
        row = self.lead.kam_stakeholder_ids
        self.assertEqual((row.role_ids, row.support), (self.buyer_role, 'sceptic'))
        row.write({'support': 'champion', 'role_ids': [(6, 0, self._role('decider').ids)]})
        self.assertEqual((self.buyer.support, self.buyer.role_ids), ('sceptic', self.buyer_role))
        self.assertEqual(self.buyer.lead_count, 1)
        self.assertFalse(self._row(self.lead, self.planner).support)

    def test_bad_input(self):
        stranger = self._stakeholder(self.claire, user=self.user_manager)
        with self._refused(ValidationError, "Claire is a stakeholder of Nordwind Group, and the customer .* Nordwind"):
            self.env['kam.lead.stakeholder'].with_user(self.user_manager).create({
                'lead_id': self.lead.id, 'stakeholder_id': stranger.id})

    def test_another_customer(self):
        """Who took part stays readable, marked, until somebody takes them off."""
        row = self._row(self.lead, self.buyer)
        self.lead.partner_id = self.solo
        self.assertTrue(row.is_elsewhere)
        row.note = "Was against it"
        self.lead.partner_id = self.logistics
        self.assertFalse(row.is_elsewhere)

    def test_merged_deals_keep_their_people(self):
        other = self._lead("Boxes", probability=10)
        self._row(self.lead, self.buyer, support='neutral', note="Price")
        doubled = self._row(other, self.buyer, support='champion', note="Dates",
                            role_ids=[(6, 0, self._role('decider').ids)])
        moved = self._row(other, self.planner)
        result = (self.lead | other).with_user(self.user_user).merge_opportunity(auto_unlink=True)
        rows = result.kam_stakeholder_ids
        self.assertEqual(rows.stakeholder_id, self.buyer | self.planner)
        buyer = rows.filtered(lambda row: row.stakeholder_id == self.buyer)
        self.assertEqual(sorted(buyer.role_ids.mapped('code')), ['buyer', 'decider'])
        self.assertEqual(set(buyer.note.split("; ")), {"Price", "Dates"})
        self.assertTrue(moved.exists() or doubled.exists())

    def test_merged_people_on_one_deal(self):
        double = self._partner('Nuria G.', parent_id=self.iberia.id, is_company=False)
        source = self._stakeholder(double)
        self._row(self.lead, self.buyer)
        self._row(self.lead, source, support='champion', role_ids=[(6, 0, self._role('decider').ids)])
        wizard = self.env['base.partner.merge.automatic.wizard']
        wizard._merge((double | self.nuria).ids, self.nuria, extra_checks=False)
        self.env.invalidate_all()
        row = self.lead.kam_stakeholder_ids
        self.assertEqual((row.stakeholder_id, row.support), (self.buyer, 'sceptic'))
        self.assertEqual(sorted(row.role_ids.mapped('code')), ['buyer', 'decider'])

    def test_who_reads_them(self):
        """Whoever sees both: the deal and the person."""
        row = self._row(self.lead, self.buyer)
        rows = {user: self.env['kam.lead.stakeholder'].with_user(user).search([]) for user in (
            self.user_user, self.user_manager, self.user_colleague)}
        self.assertEqual([row in rows[user] for user in rows], [True, True, False])
        self.env['kam.team.member'].create({'partner_id': self.iberia.id, 'user_id': self.user_colleague.id})
        mine = self.env['kam.lead.stakeholder'].with_user(self.user_colleague)
        self.assertNotIn(row, mine.search([]), "a deal of somebody else")
        self.lead.user_id = self.user_colleague
        self.assertIn(row, mine.search([]))
        self.buyer.confidentiality = 'manager'
        self.assertNotIn(row, mine.search([]))
