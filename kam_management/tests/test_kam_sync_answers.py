"""What customers answered on its way to the worker: whose, how heavy, of which company and until when; and no word."""
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .sync_common import SyncCase

AS_OF = date(2026, 7, 31)


@tagged('post_install', '-at_install')
class TestKamSyncAnswers(SyncCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.big.is_key_account = True
        cls.delivery = cls.env.ref('kam_management.touchpoint_delivery')
        cls.branch = cls.env['res.partner'].create({'name': "Branch", 'is_company': True, 'parent_id': cls.big.id})
        cls.nuria, cls.luis = cls.env['res.partner'].create([
            {'name': name, 'parent_id': parent.id} for name, parent in (("Nuria", cls.big), ("Luis", cls.branch))])

    def _answer(self, contact=None, **values):
        return self.env['kam.satisfaction.response'].create({
            'contact_id': contact and contact.id, 'kind': 'nps', 'value': 9, 'date': AS_OF, **values})

    def pulled(self, as_of=AS_OF):
        return {int(row['answer_id']): row for row in self.section('answer', self.big, self.small, as_of=as_of)}

    def test_an_answer_as_it_was_given(self):
        said = self._answer(
            self.luis, kind='ces', value=2.5, scale_min=0, scale_max=10, good_end='low', touchpoint_id=self.delivery.id,
            comment="Never again")
        self.assertEqual(self.pulled(), {said.id: {
            'account_id': str(self.big.id), 'answer_id': str(said.id), 'person': str(self.luis.id), 'is_named': '1',
            'power': '', 'kind': 'ces', 'value': '2.50', 'scale_min': '0', 'scale_max': '10', 'low_is_good': '1',
            'date': '2026-07-31', 'touchpoint_id': str(self.delivery.id)}})

    def test_which_answers_count(self):
        """Those of the company, until the day, in accounts of the universe, that nobody archived."""
        other = self.env['res.company'].create({'name': "Other"})
        self.service.company_ids |= other
        stranger = self.env['res.partner'].create({'name': "Stranger", 'is_company': True})
        good = self._answer(self.nuria) | self._answer(self.nuria, date=AS_OF - timedelta(days=2000))
        self._answer(self.nuria, date=AS_OF + timedelta(days=1))
        self._answer(self.nuria, active=False)
        self._answer(self.nuria, company_id=other.id)
        self._answer(partner_id=self.small.id)  # no customer, no key account: not of the universe
        self._answer(partner_id=stranger.id)
        self.assertEqual(set(self.pulled()), set(good.ids))
        self.win(self.small, 10.0, AS_OF)
        self.assertEqual(len(self.pulled()), 3, "now it is a customer")

    def test_anonymous_and_confidential_ones_count_all_the_same(self):
        self.big.kam_confidentiality = 'manager'
        said = self._answer(partner_id=self.big.id, value=0)
        row = self.pulled()[said.id]
        self.assertEqual((row['person'], row['is_named'], row['power'], row['value']), ('', '0', '', '0.00'))

    # ------------------------------------------------------------------ how heavy
    def test_the_power_of_the_stakeholder_of_that_account(self):
        stakeholder = self.env['kam.stakeholder'].create({
            'partner_id': self.big.id, 'contact_id': self.nuria.id, 'power': 'high'})
        said = self._answer(self.nuria)
        self.assertEqual(self.pulled()[said.id]['power'], 'high')
        stakeholder.action_leave()
        self.assertEqual(self.pulled()[said.id]['power'], 'high', "they left, and said it then")
        stakeholder.power = False
        self.assertEqual(self.pulled()[said.id]['power'], '')

    def test_a_person_who_is_twice_a_stakeholder_answers_once(self):
        """Of an account and of one that has become part of it: who is present tells the power."""
        self.branch.is_key_account = True
        before = self.env['kam.stakeholder'].create({
            'partner_id': self.branch.id, 'contact_id': self.luis.id, 'power': 'high'})
        self.branch.is_key_account = False
        self.env['kam.stakeholder'].create({'partner_id': self.big.id, 'contact_id': self.luis.id, 'power': 'medium'})
        said = self._answer(self.luis)
        rows = self.pulled()
        self.assertEqual({number: row['power'] for number, row in rows.items()}, {said.id: 'high'}, "known first")
        before.action_leave()
        self.assertEqual(self.pulled()[said.id]['power'], 'medium')

    def test_deleting_a_person_changes_no_figure(self):
        """Exactly the same rows before and after, but that nobody is named."""
        stakeholder = self.env['kam.stakeholder'].create({
            'partner_id': self.big.id, 'contact_id': self.nuria.id, 'power': 'high'})
        self._answer(self.nuria)
        self._answer(self.nuria, kind='csat', value=2, touchpoint_id=self.delivery.id)
        self._answer(self.luis)
        before = self.pulled()
        stakeholder.unlink()
        self.assertEqual(self.pulled(), before)
        nuria = str(self.nuria.id)
        self.nuria.unlink()
        after = self.pulled()
        for row in before.values():
            row['is_named'] = '0' if row['person'] == nuria else row['is_named']
        self.assertEqual(after, before)

    def test_merged_people_answer_as_one(self):
        first, second = self._answer(self.nuria), self._answer(self.luis, kind='csat', value=4)
        self.env['base.partner.merge.automatic.wizard']._merge(
            (self.nuria | self.luis).ids, self.luis, extra_checks=False)
        rows = self.pulled()
        self.assertEqual({rows[row.id]['person'] for row in (first, second)}, {str(self.luis.id)})

    # ------------------------------------------------------------------ rights and speed
    def test_the_service_user_reads_no_word(self):
        said = self._answer(self.nuria, comment="Never again").with_user(self.service)
        self.assertEqual(said.read(['value'])[0]['value'], 9)
        with self.assertRaises(AccessError):
            said.read(['comment'])
        with self.assertRaises(AccessError):
            said.search([('comment', 'ilike', 'again')])
        with self.assertRaises(AccessError):
            said.value = 1

    def test_many_answers_take_no_more_queries(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self.pulled()
            return self.cr.sql_log_count - start
        self._answer(self.nuria)
        count()
        few = count()
        for day in range(40):
            self._answer(self.nuria, date=AS_OF - timedelta(days=day))
        self.assertLessEqual(count(), few)

    # ------------------------------------------------------------------ requests
    def _ask(self, number, contact=None, **values):
        return self.env['kam.satisfaction.request'].create({
            'contact_id': contact and contact.id, 'date': AS_OF - timedelta(days=10), 'origin_model': 'crm.lead',
            'origin_id': number, **values})

    def test_who_was_asked_and_who_answered(self):
        """Per account and person, in the revenue window; what is answered after the day is not answered yet."""
        self._ask(1, self.nuria, answered_on=AS_OF)
        self._ask(2, self.nuria, answered_on=AS_OF + timedelta(days=1))
        self._ask(3, self.nuria, date=AS_OF - timedelta(days=400), answered_on=AS_OF)
        self._ask(4, self.luis)
        self._ask(5, partner_id=self.big.id)
        # the window's last day, the first, and those beside it
        window = AS_OF - relativedelta(months=12)
        pepe = self.env['res.partner'].create({'name': "Pepe", 'parent_id': self.big.id})
        for number, day in ((7, AS_OF), (8, AS_OF + timedelta(days=1)), (9, window + timedelta(days=1)), (10, window)):
            self._ask(number, pepe, date=day)
        gone = self.env['res.partner'].create({'name': "Rosa", 'parent_id': self.big.id})
        self._ask(6, gone, answered_on=AS_OF)
        self.env.flush_all()
        number = gone.id
        gone.unlink()
        rows = {row['person']: (row['account_id'], row['is_named'], row['asked'], row['answered'])
                for row in self.section('request', self.big, self.small, as_of=AS_OF)}
        big = str(self.big.id)
        self.assertEqual(rows, {
            str(self.nuria.id): (big, '1', '2', '1'), str(self.luis.id): (big, '1', '1', '0'),
            str(pepe.id): (big, '1', '2', '0'),
            '': (big, '0', '1', '0'), str(number): (big, '0', '1', '1')})
