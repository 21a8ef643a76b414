"""Map and grid: what they show, bow-tie or diamond, what is missing, and what the chosen form asks of the trust."""
import doctest
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..tools import interaction
from .test_kam_stakeholder import StakeholderCommon


@tagged('post_install', '-at_install')
class TestPeople(StakeholderCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.luis.function = "Logistics manager"
        cls.quality = cls._partner('Eva', parent_id=cls.iberia.id, is_company=False, function="Quality manager")
        cls.stakeholders = cls._stakeholder(cls.nuria, counterpart_ids=[(4, cls.user_user.id)], power='high',
                                            support='neutral', role_ids=[(4, cls.buyer_role.id)])
        cls.stakeholders |= cls._stakeholder(cls.luis) | cls._stakeholder(cls.quality)

    def _people(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.iberia.with_user(user or self.user_user).get_kam_people()

    def _join(self, user, code, **values):
        return self.env['kam.team.member'].create({
            'partner_id': self.iberia.id, 'user_id': user.id, 'function_id': self._function(code).id, **values})

    def test_from_bow_tie_to_diamond(self):
        """The manager and the buyer; then logistics meets logistics, then quality meets quality."""
        _nuria, luis, eva = self.stakeholders
        people = self._people()
        self.assertEqual((people['form'], people['pairs'], people['pairs_needed']), ('bow_tie', 1, 3))
        self.assertEqual([(side['name'], side['people']) for side in people['ours']], [("Sales", ["User"])])
        self.assertEqual([side['name'] for side in people['theirs']],
                         ["Purchasing", "Logistics and supply chain", "Quality"])
        sales, buying = self._function('sales').id, self._function('purchasing').id
        self.assertEqual([(tie['user'], tie['person']) for tie in people['cells'][f'{sales}:{buying}']],
                         [("User", "Nuria")])
        self._join(self.user_contributor, 'logistics')
        luis.counterpart_ids = self.user_contributor | self.user_user
        self.assertEqual(self._people()['pairs'], 2)
        self._join(self.user_colleague, 'quality')
        eva.counterpart_ids = self.user_colleague
        self.assertEqual((self._people()['form'], self._people()['pairs']), ('diamond', 3))
        self.user_colleague.active = False
        self.assertEqual(self._people()['form'], 'bow_tie', "who is gone knows nobody there any longer")

    def test_doctests(self):
        self.assertFalse(doctest.testmod(interaction).failed)

    def test_nobody_knows_anybody(self):
        self.stakeholders.counterpart_ids = False
        people = self._people()
        self.assertEqual((people['form'], people['pairs'], people['cells']), (False, 0, {}))

    def test_what_the_tier_asks_for(self):
        self.iberia.kam_tier_id = self.strategic
        self.strategic.function_ids = self._function('finance') | self._function('quality')
        people = self._people()
        required = {side['name']: (side['required'], side['people']) for side in people['theirs']}
        self.assertEqual(required["Finance"], (True, []))
        self.assertEqual(required["Quality"], (True, ["Eva"]))
        self.assertIn("Decider", people['missing_roles'])
        self.assertNotIn("Buyer", people['missing_roles'])

    def test_functions_of_those_outside_the_team(self):
        """Somebody who knows people there without being in the team has the function of another team, or none."""
        self.env['kam.team.member'].create({
            'partner_id': self.solo.id, 'user_id': self.user_sales.id, 'function_id': self._function('it').id})
        self.stakeholders[1].counterpart_ids = self.user_sales | self.user_colleague
        ours = {side['name']: side['people'] for side in self._people()['ours']}
        self.assertEqual((ours["Information technology"], ours["Function unknown"]), (["Sales"], ["Colleague"]))

    def test_who_has_left_is_not_shown(self):
        self.stakeholders[0].action_leave()
        self.assertEqual({person['name'] for person in self._people()['people']}, {"Luis", "Eva"})

    def test_with_the_rights_of_the_reader(self):
        self.stakeholders[2].confidentiality = 'manager'
        self.env['kam.team.member'].create({'partner_id': self.iberia.id, 'user_id': self.user_colleague.id})
        names = {person['name'] for person in self._people(self.user_colleague)['people']}
        self.assertEqual(names, {"Nuria", "Luis"})
        self.assertNotIn("Eva", str(self._people(self.user_colleague)))
        self.iberia.kam_confidentiality = 'manager'
        self.assertFalse(self._people(self.user_manager)['people'])
        with self.assertRaises(AccessError):
            self._people(self.user_contributor)

    def test_a_hidden_account_tells_nothing(self):
        """No colleague with their function, no function or role that its tier asks for, nothing of the trust."""
        self.iberia.kam_tier_id = self.strategic
        self.strategic.function_ids = self._function('finance')
        self._join(self.user_contributor, 'logistics')
        self.iberia.kam_confidentiality = 'manager'
        people = self._people(self.user_colleague)
        self.assertEqual(
            [people[name] for name in ('people', 'ours', 'theirs', 'cells', 'missing_roles', 'form', 'trust_gap')],
            [[], [], [], {}, [], False, False])
        self.assertIn("Contributor", str(self._people()))

    def test_the_team_is_told_to_those_who_read_it(self):
        self._join(self.user_contributor, 'logistics')
        self.assertFalse(self.env['kam.team.member'].with_user(self.user_colleague).search(
            [('partner_id', '=', self.iberia.id)]))
        self.assertFalse(self._people(self.user_colleague)['ours'])

    def test_constant_queries(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            self.user_user.read(['tz'])
            start = self.cr.sql_log_count
            self.iberia.with_user(self.user_user).get_kam_people()
            return self.cr.sql_log_count - start

        def add(number):
            people = self.env['res.partner'].create([
                {'name': f'Person {index}', 'parent_id': self.iberia.id, 'function': "Buyer"}
                for index in range(number)])
            self.env['kam.stakeholder'].create([
                {'contact_id': person.id, 'role_ids': [(4, self.buyer_role.id)], 'power': 'low', 'support': 'neutral',
                 'counterpart_ids': [(4, self.user_user.id)]} for person in people])

        count()
        add(2)
        few = count()
        add(495)
        self.assertEqual(count(), few)
        self.assertEqual(len(self._people()['people']), 500)

    # ------------------------------------------------------------------ the chosen form
    def test_the_form_that_was_chosen(self):
        view = 'kam_management.res_partner_view_form_people'
        with Form(self.iberia.with_user(self.user_user), view) as form:
            form.kam_interaction_form = 'diamond'
            form.kam_interaction_reason = "Their plants decide"
        self.env.invalidate_all()
        for user, form, reason in (
                (self.user_user, 'diamond', "Their plants decide"),
                (self.user_manager, 'diamond', "Their plants decide")):
            account = self.iberia.with_user(user)
            self.assertEqual((account.kam_interaction_form, account.kam_interaction_reason), (form, reason))
        with self._refused(AccessError, "Ask its manager"):
            self.iberia.with_user(self.user_colleague).kam_interaction_form = 'bow_tie'
        self.iberia.kam_confidentiality = 'manager'
        self.env.invalidate_all()
        stranger = self.iberia.with_user(self.user_manager)
        self.assertEqual((stranger.kam_interaction_form, stranger.kam_interaction_reason), (False, False))
        for name in ('kam_form_chosen', 'kam_form_why'):
            with self.assertRaises(AccessError):
                self.iberia.with_user(self.user_admin).read([name])

    def test_merged_accounts_keep_the_chosen_form(self):
        self.other.write({'kam_form_chosen': 'bow_tie', 'kam_form_why': "One buyer"})
        wizard = self.env['base.partner.merge.automatic.wizard']
        wizard._merge((self.other | self.iberia).ids, self.iberia, extra_checks=False)
        self.assertEqual((self.iberia.kam_form_chosen, self.iberia.kam_form_why), ('bow_tie', "One buyer"))

    def test_not_assessed_is_not_too_little(self):
        for days, trust, gap in ((0, False, 'unknown'), (2, 3, 'low'), (1, 8, False)):
            if trust:
                self.env['kam.relationship.assessment'].with_user(self.user_manager).create({
                    'partner_id': self.iberia.id, 'date': self.today - timedelta(days), 'trust': trust})
            self.assertEqual(self._people()['trust_gap'], gap)
