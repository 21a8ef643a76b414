"""Anonymous answers are shown from five up, and what a deleted person answered stays one person's without a name."""
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .test_kam_satisfaction_response import ResponseCommon


@tagged('post_install', '-at_install')
class TestSatisfactionAnonymous(ResponseCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deputy = cls._user('answers_deputy', 'kam_management.group_kam_user')
        cls.env['kam.team.member'].create({'partner_id': cls.iberia.id, 'user_id': cls.deputy.id})
        people = cls.user_user | cls.user_colleague | cls.user_manager | cls.user_admin | cls.deputy
        people.write({'group_ids': [Command.link(cls.env.ref('base.group_allow_export').id)]})
        cls.mine = cls.responses.with_user(cls.user_user)
        cls.of_iberia = [('partner_id', '=', cls.iberia.id), ('comment', 'like', 'Said')]

    def _say(self, number=1, user=None, **values):
        """So many anonymous answers of an account, entered by somebody of its team who reads nothing here."""
        return self.responses.with_user(user or self.deputy).create([
            {'partner_id': self.iberia.id, 'kind': 'nps', 'value': 3 + place, 'comment': f"Said {place}", **values}
            for place in range(number)])

    def _seen(self, user=None):
        """What somebody learns of the answers, by every way that Odoo has of telling it."""
        rows = self.responses.with_user(user or self.user_user)
        found = rows.search(self.of_iberia)
        grouped = rows._read_group(self.of_iberia, ['kind'], ['__count', 'value:avg'])
        web = rows.web_read_group(self.of_iberia, ['kind'], ['value:avg'])['groups']
        counts = {
            len(found), rows.search_count(self.of_iberia), sum(row[1] for row in grouped),
            sum(group['__count'] for group in web), len(found.export_data(['value'])['datas']),
            len(rows.web_search_read(self.of_iberia, {'comment': {}})['records']),
            len(rows.name_search('', self.of_iberia, limit=100))}
        self.assertEqual(len(counts), 1, counts)
        return counts.pop()

    # ------------------------------------------------------------------ from five up
    def test_four_are_nobodys_to_read_and_five_are(self):
        four = self._say(4)
        for user in (self.user_user, self.user_manager, self.user_admin, self.env.ref('base.user_admin')):
            self.assertEqual(self._seen(user), 0, user.login)
            with self.assertRaises(AccessError):
                four.with_user(user).read(['value'])
        self.assertFalse(four.with_user(self.user_user)[0].has_access('write'))
        self._say()
        self.env.invalidate_all()
        for user in (self.user_user, self.user_manager):
            self.assertEqual(self._seen(user), 5, user.login)
            self.assertTrue(four[0].with_user(user).has_access('read'))
        self.assertEqual(self._seen(self.user_colleague), 0, "it is no account of theirs")

    def test_each_account_and_company_has_its_own_five(self):
        self._say(3)
        self.responses.with_user(self.user_manager).create([
            {'partner_id': self.solo.id, 'kind': 'nps', 'value': 3} for _place in range(5)])
        self.responses.sudo().create([
            {'partner_id': self.iberia.id, 'kind': 'nps', 'value': 3, 'company_id': self.company_2.id}
            for _place in range(5)])
        self.assertEqual(self._seen(), 0)
        self.assertEqual(self.mine.search_count([('partner_id', '=', self.solo.id)]), 5)

    def test_an_archived_one_is_none_of_five(self):
        answers = self._say(5)
        self.assertEqual(self._seen(), 5)
        answers[0].sudo().active = False
        self.assertEqual(self._seen(), 0)

    def test_named_answers_make_no_five(self):
        self._say(4)
        named = self._response(user=self.user_user, comment="Said by Nuria")
        self.assertEqual(self.mine.search(self.of_iberia), named)
        self.assertEqual(self.mine.search(self.of_iberia + [('is_anonymous', '=', True)]), self.mine)
        self.assertEqual(self.mine.search(self.of_iberia + [('is_anonymous', '=', False)]), named)

    def test_the_worker_reads_all(self):
        answers = self._say(2)
        worker = self.responses.with_user(self.user_service)
        self.assertEqual(worker.search([('id', 'in', answers.ids)]), answers.with_user(self.user_service))

    # ------------------------------------------------------------------ whoever entered one
    def test_whoever_entered_one_reads_and_corrects_it(self):
        specification = {'value': {}, 'comment': {}, 'is_anonymous': {}, 'partner_id': {'fields': {'display_name': {}}}}
        [saved] = self.mine.web_save(
            {'partner_id': self.iberia.id, 'kind': 'csat', 'value': 2, 'comment': "Said once"}, specification)
        self.assertEqual((saved['value'], saved['comment'], saved['is_anonymous']), (2, "Said once", True))
        row = self.mine.browse(saved['id'])
        self.env.invalidate_all()
        self.assertEqual(row.web_read(specification)[0]['value'], 2)
        row.value = 3
        self.assertEqual((self._seen(), self._seen(self.deputy), self._seen(self.user_manager)), (1, 0, 0))
        row.active = False
        self.assertEqual(self._seen(), 0, "it is archived")
        row.active = True
        header = ['partner_id/.id', 'kind', 'value', 'origin_ref', 'comment']
        loaded = self.mine.load(header, [[str(self.iberia.id), "NPS", "4", "s-1", "Said in a file"]])
        self.assertFalse(loaded['messages'])
        self.assertEqual((self._seen(), self._seen(self.deputy)), (2, 0))

    def test_four_of_ones_own_open_nobody_elses(self):
        """Whoever enters four to read the fifth reads their four; for others there are five."""
        said = self._say(user=self.deputy)
        mine = self._say(4, user=self.user_user)
        self.assertEqual(self.mine.search(self.of_iberia).sorted('id'), mine.sorted('id'))
        with self.assertRaises(AccessError):
            said.with_user(self.user_user).read(['value'])
        self.assertEqual((self._seen(self.deputy), self._seen(self.user_manager)), (1, 5))
        self._say(3)
        self.assertEqual((self._seen(), self._seen(self.deputy)), (4, 4))
        self._say(1, user=self.user_manager)
        self.assertEqual((self._seen(), self._seen(self.deputy)), (9, 9))

    def test_what_was_collected_is_nobodys_own(self):
        """Whoever collects by hand did not say it, and knows nothing of it."""
        rows = self._say(1, user=self.user_user).sudo()
        rows.write({'origin_model': 'res.partner', 'origin_id': self.buyer.id})
        self.assertEqual(self._seen(), 0)
        self._say(4)
        self.assertEqual(self._seen(), 5, "it is one of five")

    def test_a_sentence_for_others(self):
        row = self._say()
        for attempt in (lambda mine: mine.check_access('read'), lambda mine: mine.write({'value': 1}),
                        lambda mine: mine.write({'active': False})):
            with self._refused(AccessError, "whoever entered one may open, correct or archive it"):
                attempt(row.with_user(self.user_user))
        with self._refused(AccessError, "whoever entered one may open, correct or archive it"):
            row.with_user(self.user_manager).unlink()
        # Of an account that is not theirs, or that is hidden, Odoo says what it always says.
        self.iberia.kam_confidentiality = 'manager'
        with self.assertRaises(AccessError) as refused:
            row.with_user(self.user_manager).write({'value': 1})
        self.assertNotIn("five", str(refused.exception))
        # And nobody who may not delete at all is told that five would do.
        with self.assertRaises(AccessError) as refused:
            row.with_user(self.user_user).unlink()
        self.assertNotIn("five", str(refused.exception))

    def test_whoever_saves_one_without_its_name_sees_it_once(self):
        specification = {'value': {}}
        named = self._response(user=self.deputy).with_user(self.user_user)
        [saved] = named.web_save({'contact_id': False, 'partner_id': self.iberia.id}, specification)
        self.assertEqual(saved['value'], 9)
        self.env.invalidate_all()
        # Not by what a program may send along, nor as what comes next.
        with self.assertRaises(AccessError):
            named.with_context(kam_entered=True).web_read(specification)
        other = self._response(user=self.user_user)
        with self.assertRaises(AccessError):
            other.web_save({'value': 8}, specification, next_id=named.id)

    def test_a_name_that_is_taken_off_hides_the_answer(self):
        named = self._response(user=self.deputy)
        self.assertIn(named.with_user(self.user_user), self.mine.search([]))
        named.web_save({'contact_id': False, 'partner_id': self.iberia.id}, {'value': {}})
        self.assertNotIn(named.with_user(self.user_user), self.mine.search([]))

    def test_nobody_claims_by_hand_that_there_was_a_person(self):
        with self.assertRaises(AccessError):
            self._say(former_contact=7)
        with self.assertRaises(AccessError):
            self._response(user=self.user_user).write({'former_power': 'high'})

    # ------------------------------------------------------------------ who is deleted
    def test_a_deleted_person_stays_one_person(self):
        number = self.luis.id
        said = self._response(self.luis, comment="Said by Luis") | self._response(self.luis, kind='csat', value=2)
        self.luis.unlink()
        self.env.invalidate_all()
        self.assertEqual(said.sudo().mapped('former_contact'), [number, number])
        self.assertFalse(any(said.sudo().mapped('comment')))
        self.assertEqual(self.mine.browse(said.ids).mapped('is_anonymous'), [False, False], "it is somebody's")
        self.assertEqual(said.with_user(self.user_user).mapped('value'), [9, 2])
        with self.assertRaises(AccessError):
            said.with_user(self.user_user).read(['former_contact'])

    def test_a_stakeholder_that_goes_leaves_the_power(self):
        """Who is erased goes as a stakeholder first: their answers weigh on as they did."""
        stakeholder = self.env['kam.stakeholder'].create({
            'partner_id': self.iberia.id, 'contact_id': self.buyer.id, 'power': 'high'})
        said = self._response().sudo()
        elsewhere = self._response(self.claire, user=self.user_manager).sudo()
        stakeholder.unlink()
        self.assertEqual((said.former_power, elsewhere.former_power), ('high', False))
        self.buyer.unlink()
        self.assertEqual((said.former_power, bool(said.former_contact)), ('high', True))

    def test_a_person_whose_contact_was_made_a_company(self):
        said = self._response(self.luis).sudo()
        number = self.luis.id
        self.luis.is_company = True
        self.luis.unlink()
        self.assertEqual(said.former_contact, number)
