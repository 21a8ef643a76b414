"""Taking an answer of others out of the figures is told; so is what was said by customers who are not scored."""
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_kam_satisfaction_response import ResponseCommon


@tagged('post_install', '-at_install')
class TestSatisfactionArchived(ResponseCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deputy = cls._user('answers_deputy', 'kam_management.group_kam_user')
        cls.env['kam.team.member'].create({'partner_id': cls.iberia.id, 'user_id': cls.deputy.id})
        cls.refusals = cls.env['kam.satisfaction.refusal']
        cls.day = cls.today - timedelta(days=3)
        cls.collected = cls._response(
            value=0, date=cls.day, comment="Never again").sudo()
        cls.collected.write({'origin_model': 'res.partner', 'origin_id': cls.buyer.id})

    def _told(self):
        self.env.flush_all()
        return self.refusals.search([('reason', '=', 'archived'), ('partner_id', '=', self.iberia.id)])

    def test_of_a_source(self):
        self._flush_tracking()
        self.collected.with_user(self.user_user).action_archive()
        told = self._told()
        self.assertEqual(
            (told.archived_by, told.date, told.contact_id, told.origin_model, told.origin_id, told.value),
            (self.user_user, self.day, self.buyer, 'kam.satisfaction.response', self.collected.id, 0.0))
        note = self.iberia.message_ids[:1]
        self.assertEqual(note.author_id, self.user_user.partner_id)
        self.assertIn("Archived, and counts no longer: NPS of", note.body)
        for secret in ("Never again", "Nuria"):
            self.assertNotIn(secret, note.body)
        self.assertEqual(told.with_user(self.user_admin).action_open_origin()['res_id'], self.collected.id)
        self.collected.with_user(self.user_user).active = False
        self.assertEqual(self._told(), told, "nothing new")

    def test_taken_back(self):
        self.collected.with_user(self.user_user).active = False
        self.collected.with_user(self.user_manager).action_unarchive()
        self.assertFalse(self._told())
        self.assertIn("Restored, and counts again: NPS of", self.iberia.message_ids[:1].body)
        self.collected.with_user(self.user_manager).active = False
        self.assertEqual(self._told().archived_by, self.user_manager)
        self.collected.with_user(self.user_manager).unlink()
        self.assertFalse(self._told(), "nothing is left to count")

    def test_of_a_colleague_and_of_oneself(self):
        theirs = self._response(user=self.deputy)
        mine = self._response(self.luis, user=self.user_user)
        before = len(self.iberia.message_ids)
        (theirs | mine).with_user(self.user_user).active = False
        self.assertEqual(self._told().origin_id, theirs.id, "one's own is corrected, not hushed up")
        self.assertEqual(len(self.iberia.message_ids), before + 1)
        theirs.sudo().active = True
        theirs.with_user(self.deputy).active = False
        self.assertEqual(len(self.iberia.message_ids), before + 1)

    def test_only_who_manages_the_account(self):
        with self._refused(AccessError, "Only the manager of Nordwind"):
            self.collected.with_user(self.deputy).active = False
        self.assertTrue(self.collected.active)
        self.collected.with_user(self.deputy).comment = "They called again"
        self._response(user=self.deputy).active = False
        self.assertFalse(self._told())

    def test_an_anonymous_one_tells_no_number(self):
        self._response(False, partner_id=self.iberia.id, user=self.deputy)
        rows = self.responses.with_user(self.deputy).create(
            [{'partner_id': self.iberia.id, 'kind': 'csat', 'value': 1} for _place in range(5)])
        rows[0].with_user(self.user_user).active = False
        told = self._told()
        self.assertEqual((told.value, told.contact_id.id, told.partner_id), (False, False, self.iberia))

    def test_confidential(self):
        """Whoever the account shuts out is told nothing here either."""
        self.collected.with_user(self.user_user).active = False
        self.iberia.kam_confidentiality = 'manager'
        self.assertFalse(self._told().with_user(self.user_admin).search([('reason', '=', 'archived')]))

    def test_a_deleted_person_leaves_no_number(self):
        answer = self._response(self.luis, user=self.deputy)
        answer.with_user(self.user_user).active = False
        self.assertEqual(self._told().value, 9)
        self.luis.unlink()
        self.env.invalidate_all()
        told = self._told()
        self.assertEqual((told.contact_id.id, told.value), (False, False))


@tagged('post_install', '-at_install')
class TestSatisfactionCounting(ResponseCommon):

    def _said(self, contact, days, **values):
        return self._response(contact, date=self.today - timedelta(days=days), **values)

    def test_the_latest_counts(self):
        first, second = self._said(self.buyer, 9), self._said(self.buyer, 2)
        same_day = self._said(self.buyer, 2, value=3)
        other_kind = self._said(self.buyer, 20, kind='csat', value=4)
        other_moment = self._said(self.buyer, 20, touchpoint_id=self.delivery.id)
        other_person = self._said(self.luis, 30)
        rows = (first | second | same_day | other_kind | other_moment | other_person).with_user(self.user_user)
        counting = same_day | other_kind | other_moment | other_person
        self.assertEqual(rows.filtered('is_counting'), counting)
        found = self.responses.with_user(self.user_user).search([('id', 'in', rows.ids), ('is_counting', '=', True)])
        self.assertEqual(found.sorted('id'), counting.sorted('id'))
        followed = self.responses.with_user(self.user_user).search(
            [('id', 'in', rows.ids), ('is_counting', '=', False)])
        self.assertEqual(followed.sorted('id'), (first | second).sorted('id'))
        self.assertEqual((first.standing, same_day.standing), ("Followed by a later answer", "Counts"))
        same_day.active = False
        self.env.invalidate_all()
        self.assertEqual((same_day.standing, second.standing), ("Archived", "Counts"))

    def test_elsewhere_and_of_nobody(self):
        at_iberia = self._said(self.buyer, 9)
        self.responses.sudo().create({
            'contact_id': self.buyer.id, 'kind': 'nps', 'value': 1, 'company_id': self.company_2.id})
        anonymous = self.responses.with_user(self.user_user).create(
            [{'partner_id': self.iberia.id, 'kind': 'nps', 'value': value} for value in range(5)])
        self.assertTrue(all((at_iberia | anonymous).mapped('is_counting')))

    def test_a_deleted_person_is_one_person_still(self):
        rows = self._said(self.luis, 9) | self._said(self.luis, 2)
        self.luis.unlink()
        self.env.invalidate_all()
        self.assertEqual(rows.mapped('is_counting'), [False, True])

    def test_five_or_five_hundred(self):
        def queries(number):
            people = self.env['res.partner'].create([
                {'name': f'Q{place}', 'parent_id': self.iberia.id} for place in range(number)])
            rows = self.responses.with_user(self.user_user).create([
                {'contact_id': person.id, 'kind': 'nps', 'value': 9} for person in people])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows.read(['standing', 'is_counting'])
            return self.env.cr.sql_log_count - before
        queries(3)
        self.assertEqual(queries(500), queries(5))


@tagged('post_install', '-at_install')
class TestScored(ResponseCommon):

    def test_who_is_scored(self):
        customer = self._partner('Asked only')
        self.assertFalse(customer._kam_is_scored())
        nomination = self.env['kam.nomination'].create({
            'partner_id': customer.id, 'tier_id': self.env['kam.tier'].search([], limit=1).id, 'reason': "It grows"})
        self.assertTrue(customer._kam_is_scored(), "a candidate")
        nomination.unlink()
        self.assertFalse(customer._kam_is_scored())
        lead = self.env['crm.lead'].create({
            'name': "Trays", 'partner_id': customer.id, 'type': 'opportunity', 'expected_revenue': 9,
            'company_id': self.company.id})
        lead.action_set_won()
        person = self._partner('Ana', parent_id=customer.id, is_company=False)
        self.assertTrue(person._kam_is_scored(), "an opportunity of the account")
        self.assertFalse(customer.with_company(self.company_2)._kam_is_scored())
        self.assertTrue(self.iberia._kam_is_scored(), "a key account")
        other = self._partner('Scored')
        self._score(other)
        self.assertTrue(other.with_user(self.user_user)._kam_is_scored())
