"""Stakeholders: four things make one, what is refused, and what becomes of them when people leave, move and return."""
import doctest
from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..models.kam_naming_mixin import ERASING
from ..tools import job_titles, scales
from .common import KamCommon


class StakeholderCommon(KamCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nuria = cls._partner('Nuria', parent_id=cls.iberia.id, is_company=False, function="Purchasing director")
        cls.buyer_role = cls._role('buyer')

    @classmethod
    def _role(cls, code):
        return cls.env.ref(f'kam_management.stakeholder_role_{code}')

    @classmethod
    def _function(cls, code):
        return cls.env.ref(f'kam_management.function_{code}')

    @classmethod
    def _stakeholder(cls, contact, user=None, **values):
        return cls.env['kam.stakeholder'].with_user(user or cls.user_user).create({
            'contact_id': contact.id, **values})

    def _questions(self, record):
        """What the account's manager is asked about people, on the account or on a confidential one of them."""
        self.env.invalidate_all()
        return record.sudo().activity_ids.filtered(
            lambda row: row.activity_type_id == self.env.ref('kam_management.activity_type_follow'))

    @classmethod
    def _changes(cls, stakeholder):
        return [(row.aspect, row.value_before, row.value_after, row.step)
                for row in stakeholder.change_ids.sorted('id')]


@tagged('post_install', '-at_install')
class TestStakeholder(StakeholderCommon):

    # ------------------------------------------------------------------ four things make one
    def test_four_things_make_one(self):
        form = Form(self.env['kam.stakeholder'].with_user(self.user_user).with_context(
            default_partner_id=self.iberia.id))
        form.contact_id = self.nuria
        form.role_ids.add(self.buyer_role)
        form.power = 'high'
        form.support = 'sceptic'
        stakeholder = form.save()
        self.assertEqual(stakeholder.function_id, self._function('purchasing'))
        self.assertEqual((stakeholder.company_id, stakeholder.state), (self.company, 'present'))
        self.assertEqual((stakeholder.display_name, stakeholder.cadence_days), ("Nuria", 30))
        self.assertEqual(self.iberia.with_user(self.user_user).kam_stakeholder_count, 1)

    def test_what_is_unknown_stays_unknown(self):
        stakeholder = self._stakeholder(self.luis)
        self.assertEqual([stakeholder[name] for name in (
            'power', 'support', 'relationship', 'relationship_target', 'gap', 'cadence_days')], [False] * 6)
        self.assertFalse(stakeholder.function_id)
        self.assertEqual(stakeholder.partner_id, self.iberia, "the account follows from the person")
        stakeholders = self.env['kam.stakeholder'].with_user(self.user_user)
        self.assertNotIn(stakeholder, stakeholders.search([('gap', '<', 1)]))
        self.luis.function = "Jefe de logística"
        self.assertEqual(stakeholder.function_id, self._function('logistics'), "guessed once there is a title")
        self.luis.function = "Buyer"
        self.assertEqual(stakeholder.function_id, self._function('logistics'), "and then it stays")

    def test_in_the_order_of_a_salesperson(self):
        """Account by account, who weighs most first, the unknown last; whoever has left after those who are there."""
        people = {}
        for account, name, power in (
                (self.solo, "Zoe", 'high'), (self.iberia, "Abel", 'low'), (self.iberia, "Bea", False),
                (self.iberia, "Carl", 'high'), (self.iberia, "Dora", 'medium'), (self.iberia, "Ernst", 'high')):
            person = self._partner(name, parent_id=account.id, is_company=False)
            people[name] = self._stakeholder(person, user=self.user_manager, power=power)
        people["Ernst"].action_leave()
        everybody = self.env['kam.stakeholder'].union(*people.values())
        expected = ["Carl", "Dora", "Abel", "Bea", "Ernst", "Zoe"]
        found = everybody.search([('id', 'in', everybody.ids)])
        self.assertEqual(found.mapped('contact_id.name'), expected)
        self.assertEqual(everybody.sorted().mapped('contact_id.name'), expected, "in memory too")
        # A click on the head of a column, and groups: by the steps of the scale.
        for order, first, last in (('power, id', "Abel", "Bea"), ('power desc, id', "Zoe", "Bea")):
            names = everybody.search([('id', 'in', everybody.ids)], order=order).mapped('contact_id.name')
            self.assertEqual((names[0], names[-1]), (first, last), order)
        self.assertEqual(
            [power for power, _count in everybody._read_group(
                [('id', 'in', everybody.ids)], ['power'], ['__count'])],
            ['low', 'medium', 'high', False])
        self.assertEqual(
            [(account, power) for account, power in everybody._read_group(
                [('id', 'in', everybody.ids)], ['partner_id', 'power'], order='partner_id desc, power desc')],
            [(self.solo, 'high'), (self.iberia, 'high'), (self.iberia, 'medium'), (self.iberia, 'low'),
             (self.iberia, False)])

    def test_an_empty_form_begins_with_the_person(self):
        """From the menu: the account follows, and whoever is in its team writes at once what the team alone reads."""
        form = Form(self.env['kam.stakeholder'].with_user(self.user_user))
        form.contact_id = self.nuria
        self.assertEqual(form.partner_id, self.iberia)
        self.assertTrue(form.is_in_team)
        form.individual_interests = "Sails"
        self.assertEqual(form.save().person_ids.interests, "Sails")

    def test_functions_and_scales(self):
        for module in (job_titles, scales):
            self.assertFalse(doctest.testmod(module).failed)
        codes = set(self.env['kam.function'].search([]).mapped('code'))
        self.assertLessEqual({code for code, _words in job_titles.KEYWORDS}, codes)
        for title, code in (
                ("Responsable de categoría", 'category'), ("Managing director", 'management'),
                ("Sustainability manager", 'sustainability'), ("Compradora", 'purchasing'),
                ("Plant manager", 'operations'), ("R&D manager", 'development'), ("Propietaria", 'management'),
                ("Directora financiera", 'finance'), ("Quality manager", 'quality'), ("Marketing manager", 'marketing'),
                ("Sales and key account manager", 'sales'), ("Chief happiness officer", None)):
            self.assertEqual(job_titles.guess_function(title), code, title)

    def test_gap(self):
        stakeholder = self._stakeholder(self.nuria, relationship='1', relationship_target='4')
        self.assertEqual(stakeholder.gap, 0.75)
        stakeholder.relationship = '4'
        self.assertEqual(stakeholder.gap, 0.0)
        self.assertIsNot(stakeholder.gap, False)
        stakeholder.relationship = False
        self.assertIs(stakeholder.gap, False)

    def test_both_functions(self):
        self.env['kam.team.member'].create({
            'partner_id': self.iberia.id, 'user_id': self.user_contributor.id,
            'function_id': self._function('logistics').id})
        stakeholder = self._stakeholder(
            self.luis, counterpart_ids=[(6, 0, [self.user_contributor.id, self.user_colleague.id])])
        self.assertEqual(stakeholder.counterpart_function_ids, self._function('logistics'))
        with Form(self.env['kam.stakeholder'].with_user(self.user_user).browse(stakeholder.id)) as form:
            form.counterpart_ids.add(self.user_manager)

    # ------------------------------------------------------------------ bad input
    def test_bad_input(self):
        self._stakeholder(self.nuria)
        company = self._partner('Iberia Baking', parent_id=self.iberia.id)
        nameless = self.env['res.partner'].create({'parent_id': self.iberia.id, 'type': 'delivery'})
        self.user_colleague.partner_id.parent_id = self.iberia
        for contact, values, sentence in (
                (self.nuria, {}, "Nuria is a stakeholder of this account already: change that one"),
                (self.claire, {'partner_id': self.iberia.id}, "Claire is not one of the people of .*Nordwind Iberia"),
                (self.luis, {'partner_id': self.logistics.id}, "Choose the account instead"),
                (company, {}, "is a company. Choose the person"),
                (nameless, {}, "has no name. Give it one"),
                (self.user_colleague.partner_id, {}, "is a colleague who works in this database")):
            with self._refused(ValidationError, sentence):
                self._stakeholder(contact, **values)
        luis = self._stakeholder(self.luis)
        for name, value, sentence in (
                ('counterpart_ids', [(4, self._user('portal', 'base.group_portal').id)], "is not an employee"),):
            with self._refused(ValidationError, sentence):
                luis.sudo().write({name: value})
        with self._refused(UserError, "once"):
            luis.copy()

    def test_twice_names_what_to_do(self):
        stakeholder = self._stakeholder(self.nuria)
        stakeholder.action_leave()
        with self._refused(ValidationError, "was a stakeholder of this account and left: use “Is back”"):
            self._stakeholder(self.nuria)
        stakeholder.action_archive()
        with self._refused(ValidationError, "archived: restore that one"):
            self._stakeholder(self.nuria)

    def test_reporting_lines(self):
        boss = self._stakeholder(self.nuria)
        below = self._stakeholder(self.luis, reports_to_id=boss.id)
        with self._refused(ValidationError, "report to themselves"):
            boss.reports_to_id = below
        stranger = self._stakeholder(self.claire, user=self.user_manager)
        with self._refused(ValidationError, "one of the stakeholders of the same account"):
            stranger.reports_to_id = boss.with_user(self.user_manager)
        with self._refused(UserError, "Others report to Nuria"):
            boss.with_user(self.user_manager).unlink()
        boss.with_user(self.user_manager).with_context(kam_erasing=ERASING).unlink()  # as the privacy lookup does
        self.assertFalse(below.reports_to_id)

    def test_import(self):
        """Of four rows two are good; the bad ones come back with their reasons."""
        self.luis.email = 'luis@example.com'
        header = ['id', 'contact_id', 'partner_id', 'role_ids', 'power', 'support']
        account, stakeholders = self.iberia.display_name, self.env['kam.stakeholder'].with_user(self.user_user)
        good = [['x.nuria', self.nuria.display_name, account, "Buyer,Decider", "High", "In favour"],
                ['x.luis', self.luis.display_name, account, "", "", ""]]
        for row, sentence in (
                (['x.claire', self.claire.display_name, account, "", "", ""], "is not one of the people"),
                (['x.again', self.nuria.display_name, account, "", "", ""], "already: change that one"),
                (['x.none', "", account, "", "", ""], "Missing required|Person|required")):
            with mute_logger('odoo.sql_db'):
                result = stakeholders.load(header, [*good, row])
            self.assertFalse(result['ids'])
            self.assertRegex(result['messages'][0]['message'], sentence)
        ids = stakeholders.load(header, good)['ids']
        self.assertEqual(stakeholders.load(header, good)['ids'], ids, "twice changes nothing")
        nuria, luis = stakeholders.browse(ids)
        self.assertEqual((sorted(nuria.role_ids.mapped('code')), nuria.power, nuria.support),
                         (['buyer', 'decider'], 'high', 'supporter'))
        self.assertEqual((luis.power, luis.support), (False, False))

    # ------------------------------------------------------------------ changes
    def test_changes_are_dated(self):
        stakeholder = self._stakeholder(self.nuria, relationship='1')
        self.assertEqual(self._changes(stakeholder), [('relationship', False, '1', False)])
        stakeholder.relationship = '3'
        stakeholder.support = 'neutral'
        self.assertEqual(self._changes(stakeholder), [
            ('relationship', False, '3', False), ('support', False, 'neutral', False)], "a day is one change")
        stakeholder.change_ids.sudo().date = self.today - timedelta(days=9)
        stakeholder.relationship = '4'
        self.assertEqual(self._changes(stakeholder)[-1], ('relationship', '3', '4', 1))
        stakeholder.relationship = '3'
        self.assertEqual(len(stakeholder.change_ids), 2, "back to where it was is no change")
        with self.assertRaises(AccessError):
            stakeholder.change_ids[0].with_user(self.user_manager).write({'value_after': '0'})
        self.assertEqual(
            stakeholder.with_user(self.user_user).change_ids[-1].after_label, "Trusts us")

    # ------------------------------------------------------------------ the next step
    def test_our_side_of_a_person_reads_no_more_for_it(self):
        """Contributors and users of other accounts are named, show in the grid, and read what they read before."""
        stakeholder = self._stakeholder(self.nuria, power='high', counterpart_ids=[
            (4, user.id) for user in (self.user_contributor, self.user_colleague)])
        for user in (self.user_contributor, self.user_colleague):
            with self.assertRaises(AccessError):
                stakeholder.with_user(user).read(['power'])
        self.assertFalse(self.env['kam.stakeholder'].with_user(self.user_colleague).search(
            [('counterpart_ids', '=', self.user_colleague.id), ('id', '=', stakeholder.id)]))
        cells = self.iberia.with_user(self.user_user).get_kam_people()['cells']
        self.assertEqual({row['user'] for cell in cells.values() for row in cell}, {"Contributor", "Colleague"})
        self.env['kam.team.member'].create({'partner_id': self.iberia.id, 'user_id': self.user_colleague.id})
        self.assertEqual(stakeholder.with_user(self.user_colleague).power, 'high', "of the team, they do")

    def test_the_next_step_is_an_activity(self):
        stakeholder = self._stakeholder(self.nuria)
        with Form(stakeholder) as form:
            form.next_step = "Lunch in Burgos"
            form.next_step_date = self.today + timedelta(days=5)
        activity = stakeholder.activity_ids
        self.assertEqual((activity.summary, activity.user_id, activity.date_deadline),
                         ("Lunch in Burgos", self.user_user, self.today + timedelta(days=5)))
        stakeholder.next_step = "Lunch in Madrid"
        self.assertEqual(stakeholder.next_step_user_id, self.user_user, "told at once")
        self.assertEqual((stakeholder.activity_ids, activity.summary), (activity, "Lunch in Madrid"))
        activity.action_feedback(feedback="Pleasant")
        stakeholder.invalidate_recordset()
        self.assertFalse(stakeholder.next_step or stakeholder.next_step_date or stakeholder.next_step_user_id)
        with self._refused(UserError, "Say what the next step with Nuria is"):
            stakeholder.next_step_date = self.today

    def test_a_new_person_with_a_next_step(self):
        form = Form(self.env['kam.stakeholder'].with_user(self.user_user).with_context(
            default_partner_id=self.iberia.id))
        form.contact_id = self.nuria
        form.next_step = "Lunch in Burgos"
        stakeholder = form.save()
        self.assertEqual((stakeholder.activity_ids.summary, stakeholder.next_step_user_id, stakeholder.next_step_date),
                         ("Lunch in Burgos", self.user_user, self.today))

    def test_a_colleague_s_next_step_is_theirs(self):
        """One clears what is one's own or what one asked for; what a colleague planned for themselves stays."""
        self.env['kam.team.member'].create({'partner_id': self.iberia.id, 'user_id': self.user_colleague.id})
        stakeholder = self._stakeholder(self.nuria)
        theirs = stakeholder.with_user(self.user_colleague)
        theirs.next_step = "Lunch in Burgos"
        nothing = dict.fromkeys(['next_step', 'next_step_date', 'next_step_user_id'], False)
        with self._refused(UserError, "The next step with Nuria is in the hands of Colleague"):
            stakeholder.write(nothing)
        self.assertTrue(stakeholder.activity_ids)
        theirs.write(nothing)
        self.assertFalse(stakeholder.activity_ids)
        stakeholder.write({'next_step': "Call", 'next_step_user_id': self.user_colleague.id})
        stakeholder.write(nothing)
        self.assertFalse(stakeholder.activity_ids, "asked for by whoever clears it")

    # ------------------------------------------------------------------ leaving and returning
    def test_leaves_and_returns(self):
        stakeholder = self._stakeholder(self.nuria, power='high', interests="No stops of the line")
        stakeholder.action_leave()
        self.assertEqual((stakeholder.state, stakeholder.date_left), ('left', self.today))
        self.assertRegex(self._chatter(self.iberia), r"Nuria</a> has left\.")
        question = self._questions(self.iberia)
        self.assertEqual((question.summary, question.user_id), ("Somebody has left: who follows?", self.user_user))
        self.assertFalse(stakeholder.activity_ids or stakeholder.next_step, "no next step with the person")
        self.assertEqual(self.iberia.with_user(self.user_user).kam_stakeholder_count, 0)
        stakeholder.action_leave()
        self.assertEqual(self._questions(self.iberia), question, "twice changes nothing")
        self.assertEqual(self._chatter(self.iberia).count(" has left."), 1)
        stakeholder.action_return()
        self.assertFalse(question.exists())
        self.assertEqual((stakeholder.state, stakeholder.date_left, stakeholder.interests),
                         ('present', False, "No stops of the line"))

    def test_a_confidential_one_leaves_without_a_word(self):
        stakeholder = self._stakeholder(self.nuria, confidentiality='team')
        stakeholder.action_leave()
        self.assertNotIn("has left", self._chatter(self.iberia))
        self.assertFalse(self._questions(self.iberia))
        self.assertEqual(self._questions(stakeholder).user_id, self.user_user, "it is asked where it is read")
        self.assertFalse(stakeholder.next_step)
        stakeholder.action_return()
        self.assertFalse(self._questions(stakeholder))

    def test_sixty_leave_at_once(self):
        """One question, however many; in the language of whoever is asked, who finds them in the list."""
        self.env['res.lang']._activate_lang('es_ES')
        self.user_user.lang = 'es_ES'
        people = self.env['res.partner'].create([
            {'name': f'Person {number}', 'parent_id': self.logistics.id} for number in range(60)])
        stakeholders = self.env['kam.stakeholder'].with_user(self.user_user).create(
            [{'contact_id': person.id} for person in people])
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.cr.sql_log_count
        self.logistics.with_user(self.user_sales).parent_id = self.solo
        self.env.flush_all()
        self.assertLess(self.cr.sql_log_count - start, 120)
        self.assertEqual(set(stakeholders.mapped('state')), {'left'})
        question = self._questions(self.iberia)
        words = self.env(context={'lang': 'es_ES'})._("%(number)s people have left: who follows?", number=60)
        self.assertEqual((question.summary, question.user_id), (words, self.user_user))
        self.assertEqual(self._chatter(self.iberia).count(" have left."), 1)
        self.assertEqual(self.env['kam.stakeholder'].with_user(self.user_user).search(
            [('question', '!=', False), ('partner_id', '=', self.iberia.id)]), stakeholders)
        question.with_user(self.user_user).action_feedback()
        self.assertFalse(any(stakeholders.mapped('question')), "answered")
        luis = self._stakeholder(self._partner('Rosa', parent_id=self.iberia.id, is_company=False))
        luis.action_leave()
        self.assertEqual(luis.sudo().search_count([('question', '!=', False), ('partner_id', '=', self.iberia.id)]), 1)

    def test_the_contact_is_there_again(self):
        """Restored or moved back: the manager is asked, nobody returns by themselves."""
        nuria, luis = self._stakeholder(self.nuria), self._stakeholder(self.luis)
        self.nuria.with_user(self.user_sales).action_archive()
        self.luis.with_user(self.user_sales).parent_id = self.solo
        self.assertEqual(self._questions(self.iberia).summary, "2 people have left: who follows?")
        self.nuria.with_user(self.user_sales).action_unarchive()
        self.assertEqual((nuria.state, nuria.question), ('left', 'back'))
        self.luis.with_user(self.user_sales).parent_id = self.logistics
        question = self._questions(self.iberia)
        self.assertEqual((question.summary, question.user_id), ("2 people who had left may be back", self.user_user))
        (nuria | luis).action_return()
        self.assertFalse(self._questions(self.iberia))
        nuria.action_leave()
        self._questions(self.iberia).action_feedback()
        self.nuria.with_user(self.user_sales).parent_id = self.logistics
        self.assertFalse(self._questions(self.iberia), "moved inside the account: they have left as before")

    def test_who_is_erased_is_asked_about_no_longer(self):
        stakeholder = self._stakeholder(self.nuria)
        stakeholder.action_leave()
        stakeholder.sudo().unlink()
        self.assertFalse(self._questions(self.iberia))

    def test_moves_to_another_customer(self):
        """Nothing moves by itself: the old record stays readable, and a click makes one there."""
        stakeholder = self._stakeholder(
            self.nuria, support='champion', interests="Punctuality", best_reached="By phone")
        self.nuria.with_user(self.user_sales).write({'parent_id': self.solo.id})
        self.assertEqual((stakeholder.state, stakeholder.partner_id, stakeholder.support),
                         ('left', self.iberia, 'champion'))
        self.assertEqual(stakeholder.now_at_id, self.solo)
        with self._refused(UserError, "belongs to Solo Shop. Move the contact back"):
            stakeholder.action_return()
        context = stakeholder.action_follow()['context']
        form = Form(self.env['kam.stakeholder'].with_user(self.user_user).with_context(**context))
        there = form.save()
        self.assertEqual((there.partner_id, there.contact_id, there.interests, there.support),
                         (self.solo, self.nuria, "Punctuality", False))
        self.assertEqual(stakeholder.action_follow()['res_id'], there.id)
        self.nuria.parent_id = self.iberia
        self.assertEqual((there.state, stakeholder.state), ('left', 'left'))
        stakeholder.action_return()
        self.assertEqual(stakeholder.state, 'present')

    def test_moves_inside_the_account(self):
        stakeholder = self._stakeholder(self.luis)
        self.luis.parent_id = self.iberia
        self.assertEqual((stakeholder.state, stakeholder.now_at_id.id), ('present', False))

    def test_a_company_is_sold_with_its_people(self):
        stakeholder = self._stakeholder(self.luis)
        self.logistics.parent_id = self.solo
        self.assertEqual((stakeholder.state, stakeholder.now_at_id), ('left', self.solo))

    def test_a_subsidiary_becomes_a_key_account(self):
        """Its people have not left the group; they are offered there."""
        stakeholder = self._stakeholder(self.claire, user=self.user_manager)
        self.france.is_key_account = True
        self.assertEqual((stakeholder.state, stakeholder.now_at_id), ('present', self.france))
        stakeholder.power = 'low'

    def test_archived_and_deleted(self):
        stakeholder = self._stakeholder(self.nuria)
        with self._refused(UserError, "is a stakeholder or an account with stakeholders"):
            self.nuria.with_user(self.user_system).unlink()
        self.nuria.action_archive()
        self.assertEqual(stakeholder.state, 'left')
        stakeholder.action_return()
        self.assertTrue(self.nuria.active)
        stakeholder.with_user(self.user_manager).unlink()
        self.nuria.unlink()

    def test_users_and_companies_stay(self):
        self._stakeholder(self.nuria, counterpart_ids=[(4, self.user_sales.id)])
        with self._refused(UserError, "Sales knows people of key accounts"):
            self.user_sales.unlink()

    # ------------------------------------------------------------------ queries
    def test_constant_queries(self):
        """Five people or fifty: the list asks the same number of questions."""
        def count(number):
            people = self.env['res.partner'].create([
                {'name': f'Person {index}', 'parent_id': self.iberia.id, 'function': "Buyer"}
                for index in range(number)])
            self.env['kam.stakeholder'].create([
                {'contact_id': person.id, 'role_ids': [(4, self.buyer_role.id)], 'relationship': '1',
                 'relationship_target': '3', 'counterpart_ids': [(4, self.user_user.id)]} for person in people])
            self.env.flush_all()
            self.env.invalidate_all()
            stakeholders = self.env['kam.stakeholder'].with_user(self.user_user)
            names = {name: {} for name in (
                'display_name', 'job_title', 'role_ids', 'power', 'support', 'gap', 'counterpart_function_ids',
                'next_step', 'now_at_id', 'individual_interests', 'is_in_team')}
            self.user_user.read(['tz'])
            start = self.cr.sql_log_count
            stakeholders.web_search_read([], names)
            return self.cr.sql_log_count - start

        count(1)
        self.assertEqual(count(5), count(500))


@tagged('post_install', '-at_install')
class TestStakeholderAccess(StakeholderCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stakeholder = cls._stakeholder(cls.nuria, individual_interests="Sails with her daughters")
        cls.person = cls.stakeholder.person_ids

    def _sees(self, user):
        people = self.env['kam.stakeholder.person'].with_user(user)
        return bool(people.search([('id', '=', self.person.id)]))

    def test_for_the_account_team_alone(self):
        """Whatever the account: managers of all accounts read the stakeholder, and nothing of the individual."""
        self.assertEqual(self.person.interests, "Sails with her daughters")
        for user, sees in ((self.user_user, True), (self.user_manager, False), (self.user_admin, False),
                           (self.user_colleague, False)):
            self.assertEqual(self._sees(user), sees, user.login)
        record = self.stakeholder.with_user(self.user_manager)
        self.assertEqual((record.individual_interests, record.is_in_team, record.display_name),
                         (False, False, "Nuria"))
        with self._refused(AccessError, "for the account team alone"):
            self._stakeholder(self.luis, user=self.user_manager).individual_note = "Plays chess"
        self.env['kam.team.member'].create({'partner_id': self.iberia.id, 'user_id': self.user_manager.id})
        self.assertTrue(self._sees(self.user_manager))
        self.env.invalidate_all()
        self.assertEqual(record.individual_interests, "Sails with her daughters")

    def test_left_out_of_exports(self):
        for model, names in (('kam.stakeholder', ('person_ids', 'individual_interests', 'individual_note')),
                             ('kam.stakeholder.person', ('interests', 'note'))):
            described = self.env[model].with_user(self.user_user).fields_get(names, ['exportable'])
            self.assertEqual([described[name]['exportable'] for name in names], [False] * len(names))
        self.assertNotIn("daughters", self._chatter(self.stakeholder))

    def test_erased_on_request(self):
        stakeholder = self.stakeholder.with_user(self.user_user)
        stakeholder.action_erase_individual()
        self.assertFalse(self.person.exists())
        self.assertFalse(stakeholder.individual_interests)

    def test_confidential(self):
        self.env['kam.team.member'].create({'partner_id': self.iberia.id, 'user_id': self.user_colleague.id})
        stakeholders = self.env['kam.stakeholder'].with_user(self.user_colleague)
        self.assertIn(self.stakeholder, stakeholders.search([]))
        self.stakeholder.confidentiality = 'manager'
        self.assertNotIn(self.stakeholder, stakeholders.search([]))
        self.assertFalse(self._sees(self.user_colleague))
        self.assertFalse(self.env['kam.stakeholder.change'].with_user(self.user_colleague).search(
            [('stakeholder_id', '=', self.stakeholder.id)]))
        luis = self._stakeholder(self.luis, reports_to_id=self.stakeholder.id)
        self.env.invalidate_all()
        self.assertEqual(luis.with_user(self.user_colleague).reports_to_id.display_name, "Confidential")

    def test_nobody_gets_into_a_hidden_account(self):
        self.iberia.kam_confidentiality = 'manager'
        with self._refused(AccessError, "is confidential"):
            self._stakeholder(self.luis, user=self.user_colleague)

    def test_the_plan_counts_them(self):
        self.iberia.kam_tier_id = self.key
        plan = self.env['kam.plan'].with_user(self.user_user).create({'partner_id': self.iberia.id})
        self.assertIn("People who matter", plan.missing)
        self.stakeholder.role_ids = self.buyer_role
        self.env.invalidate_all()
        self.assertNotIn("People who matter", plan.missing)
