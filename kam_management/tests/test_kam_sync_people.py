"""People of accounts on their way to the worker: contacts counted once, roles that a tier asks for, who of us."""
from datetime import date, timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .sync_common import SyncCase

AS_OF = date(2026, 7, 31)


class PeopleCase(SyncCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tier = cls.env['kam.tier'].create({'name': "Regional"})
        cls.big.write({'is_key_account': True, 'kam_tier_id': cls.tier.id})
        cls.rep = new_test_user(cls.env, 'rep', groups='kam_management.group_kam_user')
        cls.nuria = cls._person("Nuria", cls.big)
        cls.buyer, cls.decider = (
            cls.env.ref(f'kam_management.stakeholder_role_{code}') for code in ('buyer', 'decider'))
        cls.stakeholder = cls._stakeholder(cls.nuria)

    @classmethod
    def _person(cls, name, parent):
        return cls.env['res.partner'].create({'name': name, 'parent_id': parent.id})

    @classmethod
    def _stakeholder(cls, person, account=None, **values):
        return cls.env['kam.stakeholder'].create({
            'partner_id': (account or cls.big).id, 'contact_id': person.id, 'company_id': cls.company.id, **values})

    @classmethod
    def _contact(cls, days_ago, person=None, channel='call', direction='both', **values):
        return cls.env['kam.stakeholder.contact'].create({
            'contact_id': (person or cls.nuria).id, 'date': AS_OF - timedelta(days=days_ago), 'channel': channel,
            'direction': direction, 'user_id': cls.rep.id, **values})

    def pulled(self, section='person', as_of=AS_OF):
        return self.section(section, self.big, self.small, as_of=as_of)


@tagged('post_install', '-at_install')
class TestKamSyncPeople(PeopleCase):

    def _figures(self):
        [row] = [row for row in self.pulled() if int(row['stakeholder_id']) == self.stakeholder.id]
        return row['last_contact'], row['contact_days'], row['is_two_way']

    def test_a_person_as_known(self):
        management = self.env['kam.function'].search([], limit=1)
        self.stakeholder.write({
            'function_id': management.id, 'power': 'high', 'relationship': '0', 'relationship_target': '4',
            'role_ids': [Command.set((self.buyer | self.decider).ids)]})
        unknown = self._stakeholder(self._person("Luis", self.big))
        rows = {int(row['stakeholder_id']): row for row in self.pulled()}
        self.assertEqual(rows[self.stakeholder.id], {
            'account_id': str(self.big.id), 'stakeholder_id': str(self.stakeholder.id),
            'function_id': str(management.id), 'power': 'high', 'cadence_days': '30', 'current': '0', 'target': '4',
            'last_contact': '', 'contact_days': '0', 'is_two_way': '0', 'contact_id': str(self.nuria.id),
            'roles': 'buyer decider'})
        self.assertEqual((rows[unknown.id]['roles'], rows[unknown.id]['contact_id']), ('', str(unknown.contact_id.id)))
        self.assertEqual([rows[unknown.id][name] for name in (
            'function_id', 'power', 'cadence_days', 'current', 'target')], [''] * 5)

    def test_who_is_there(self):
        """Present, of the company, in accounts of the universe; also of confidential ones."""
        other = self.env['res.company'].create({'name': "Other"})
        self.service.company_ids |= other
        luis = self._person("Luis", self.big)
        gone = self._stakeholder(luis)
        gone.action_leave()
        self._stakeholder(self._person("Pau", self.big), active=False)
        self._stakeholder(luis, company_id=other.id)
        self._stakeholder(self._person("Eva", self.small), self.small)  # no customer of ours
        self.big.kam_confidentiality = self.stakeholder.confidentiality = 'manager'
        self.assertEqual([int(row['stakeholder_id']) for row in self.pulled()], [self.stakeholder.id])

    def test_days_with_a_contact(self):
        """The 90 days up to the day: the 90th before it is out. Two contacts of a day are one day."""
        self._contact(0)
        self._contact(0, channel='email', direction='out')
        self._contact(89)
        self.assertEqual(self._figures(), ('2026-07-31', '2', '1'))
        self._contact(90, channel='email')
        self._contact(-1)  # after the day
        self._contact(3, active=False)  # there was none
        self.assertEqual(self._figures(), ('2026-07-31', '2', '1'))
        self._contact(88)
        self.assertEqual(self._figures(), ('2026-07-31', '3', '1'))

    def test_an_old_contact_is_the_last_one_and_none_of_the_window(self):
        self._contact(400)
        self.assertEqual(self._figures(), ('2025-06-26', '0', '0'))

    def test_both_ways(self):
        self._contact(10, channel='email', direction='out')
        self.assertEqual(self._figures()[2], '0', "we wrote, and they did not")
        self._contact(200, channel='email', direction='in')
        self.assertEqual(self._figures()[2], '0', "that was long ago")
        self._contact(20, channel='email', direction='in')
        self.assertEqual(self._figures()[2], '1')

    def test_contacts_stay_where_they_happened(self):
        """Somebody who came from another customer brings no contacts along."""
        self._contact(5)
        self.nuria.parent_id = self.small
        self.win(self.small, 10.0, AS_OF)
        now = self._stakeholder(self.nuria, self.small)
        rows = {int(row['stakeholder_id']): row for row in self.pulled()}
        self.assertEqual(set(rows), {now.id}, "she has left the other one")
        self.assertEqual(rows[now.id]['contact_days'], '0')
        self._contact(1)
        rows = {int(row['stakeholder_id']): row for row in self.pulled()}
        self.assertEqual((rows[now.id]['contact_days'], rows[now.id]['last_contact']), ('1', '2026-07-30'))

    # ------------------------------------------------------------------ of us
    def test_how_many_of_us(self):
        colleague = new_test_user(self.env, 'other', groups='kam_management.group_kam_user')
        luis = self._person("Luis", self.big)
        self.assertFalse(self.pulled('thread'))
        self._contact(1)
        self._contact(2)
        self._contact(3, luis, user_id=colleague.id)
        self._contact(4, user_id=False)
        self._contact(91, user_id=self.env.ref('base.user_admin').id)
        self.assertEqual(self.pulled('thread'), [{'account_id': str(self.big.id), 'colleagues': '2'}])

    # ------------------------------------------------------------------ roles
    def test_the_roles_that_a_tier_requires(self):
        self.assertFalse(self.pulled('seat'), "it requires none")
        self.tier.role_ids = self.buyer | self.decider
        self.stakeholder.role_ids = self.buyer
        luis = self._stakeholder(self._person("Luis", self.big), role_ids=[Command.set(self.buyer.ids)])
        self._stakeholder(self._person("Pau", self.big), role_ids=[Command.set(self.decider.ids)]).action_leave()

        def seats():
            return {int(row['role_id']): int(row['people']) for row in self.pulled('seat')}
        self.assertEqual(seats(), {self.buyer.id: 2, self.decider.id: 0})
        luis.role_ids |= self.decider
        self.assertEqual(seats(), {self.buyer.id: 2, self.decider.id: 1})
        self.decider.active = False
        self.assertEqual(set(seats()), {self.buyer.id}, "nobody asks for that role any longer")

    def test_the_tier_of_an_account(self):
        rows = {int(row['account_id']): row['tier_id'] for row in self.pulled('account')}
        self.assertEqual(rows, {self.big.id: str(self.tier.id)})

    # ------------------------------------------------------------------ rights and speed
    def test_the_service_user_reads_no_word(self):
        contact = self._contact(1, name="She wants a discount")
        self.stakeholder.write({'interests': "Her career", 'best_reached': "After lunch"})
        for record, name in ((contact, 'name'), (contact, 'subject'), (self.stakeholder, 'interests'),
                             (self.stakeholder, 'best_reached')):
            with self.subTest(name), self.assertRaises(AccessError):
                record.with_user(self.service).read([name])
        self.assertEqual(self._figures()[1], '1')

    def test_many_people_take_no_more_queries(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self.pulled()
            return self.cr.sql_log_count - start
        self._contact(1)
        count()
        few = count()
        for number in range(25):
            person = self._person(f"Number {number}", self.big)
            self._stakeholder(person)
            self._contact(number, person)
        self.assertLessEqual(count(), few)
