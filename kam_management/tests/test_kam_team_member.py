"""Who works for an account: joining, leaving, handing over, and what a manager can carry."""
from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import KamCommon


class TeamCommon(KamCommon):

    def _join(self, partner, person, acting=None, **values):
        return self.env['kam.team.member'].with_user(acting or self.user_manager).create({
            'partner_id': partner.id, 'user_id': person.id, **values})

    def _team(self, partner):
        """Who is in the team today: {login: role}."""
        members = partner.kam_member_ids.filtered('is_current')
        return {member.user_id.login.removeprefix('kam_'): member.role for member in members}


@tagged('post_install', '-at_install')
class TestTeam(TeamCommon):

    def test_the_manager_s_row_follows_the_account(self):
        self.assertEqual(self._team(self.iberia), {'user': 'manager'})
        self.iberia.with_user(self.user_manager).kam_manager_id = self.user_colleague
        self.assertEqual(self._team(self.iberia), {'colleague': 'manager'})
        self.iberia.with_user(self.user_manager).kam_manager_id = False
        self.assertEqual(self._team(self.iberia), {})

    def test_who_was_a_manager_stays_in_the_history(self):
        row = self.iberia.kam_member_ids
        self.env.cr.execute("UPDATE kam_team_member SET date_from = date_from - 400 WHERE id = %s", [row.id])
        row.invalidate_recordset()
        self.iberia.kam_manager_id = self.user_colleague
        self.assertEqual(row.date_to, self.today - timedelta(days=1))
        self.assertFalse(row.is_current)
        self.assertEqual(row.tenure, "13 months")

    def test_a_deputy_becomes_the_manager(self):
        deputy = self._join(self.iberia, self.user_colleague, role='deputy', date_from=self.today - timedelta(days=40))
        self.iberia.kam_manager_id = self.user_colleague
        self.assertEqual(self._team(self.iberia), {'colleague': 'manager'})
        self.assertEqual(deputy.date_to, self.today - timedelta(days=1))

    def test_the_account_s_manager_builds_the_team(self):
        """Not of other accounts, and nobody without the rights."""
        self._join(self.iberia, self.user_contributor, self.user_user, role='member')
        self.assertEqual(self._team(self.iberia), {'user': 'manager', 'contributor': 'member'})
        for person in (self.user_colleague, self.user_contributor, self.user_sales):
            with self.assertRaises(AccessError):
                self._join(self.iberia, self.user_colleague, person)

    def test_refused(self):
        portal = self.env['res.users'].create({
            'name': "Portal", 'login': 'kam_portal', 'group_ids': [(6, 0, self.env.ref('base.group_portal').ids)]})
        self._join(self.iberia, self.user_colleague, role='deputy')
        yesterday = self.today - timedelta(days=1)
        for exception, sentence, partner, person, values in (
            (ValidationError, "Portal is not an employee", self.iberia, portal, {}),
            (ValidationError, "is in the team of .* already", self.iberia, self.user_colleague,
             {'date_from': yesterday}),
            (ValidationError, "can't leave the team before joining", self.iberia, self.user_sales,
             {'date_to': yesterday}),
            (ValidationError, "belongs to the account", self.logistics, self.user_sales, {}),
            (UserError, "use “Hand over”", self.iberia, self.user_sales, {'role': 'manager'}),
        ):
            with self.subTest(sentence), self._refused(exception, sentence):
                self._join(partner, person, **values)
        manager_row = self.iberia.kam_member_ids.filtered(lambda row: row.role == 'manager')
        for values in ({'role': 'member'}, {'date_to': self.today}, {'user_id': self.user_sales.id}):
            with self._refused(UserError, "use “Hand over”"):
                manager_row.with_user(self.user_manager).write(values)
        with self._refused(UserError, "use “Hand over”"):
            manager_row.with_user(self.user_manager).unlink()

    def test_leaves_and_comes_back(self):
        first = self._join(self.iberia, self.user_colleague, date_from=self.today - timedelta(days=90))
        first.date_to = self.today - timedelta(days=30)
        again = self._join(self.iberia, self.user_colleague)
        self.assertEqual((first.is_current, again.is_current), (False, True))
        self.assertEqual(self.env['kam.team.member'].search(
            [('user_id', '=', self.user_colleague.id), ('is_current', '=', True)]), again)

    def test_who_has_no_role_in_key_accounts_is_marked(self):
        self.assertFalse(self._join(self.iberia, self.user_sales).has_role)
        self.assertTrue(self._join(self.iberia, self.user_contributor).has_role)

    def test_someone_leaves(self):
        """Places end, the account keeps its manager until it is handed over, and a colleague is asked to do so."""
        deputy = self._join(self.iberia, self.user_colleague, role='deputy')
        other = self._join(self.iberia, self.user_contributor)
        (self.user_user | self.user_contributor).active = False
        self.assertEqual(other.date_to, self.today)
        self.assertEqual(self.iberia.kam_manager_id, self.user_user)
        self.assertEqual(self.iberia.activity_ids.user_id, deputy.user_id)
        self.assertIn("User has left", self.iberia.activity_ids.summary)
        found = self.env['res.partner'].with_user(self.user_manager).search(
            [('is_key_account', '=', True), ('kam_manager_id.active', '=', False)])
        self.assertIn(self.iberia, found)

    def test_someone_leaves_an_account_without_a_deputy(self):
        decision = self.iberia.kam_nomination_ids
        decision._stepping().decided_by_id = self.user_manager
        self.user_user.active = False
        self.assertEqual(self.iberia.activity_ids.user_id, self.user_manager)


@tagged('post_install', '-at_install')
class TestHandover(TeamCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.logistics.user_id = cls.user_user
        cls.lead, cls.won, cls.theirs = cls.env['crm.lead'].create([
            {'name': name, 'type': 'opportunity', 'partner_id': cls.luis.id, 'user_id': user.id}
            for name, user in (("Open", cls.user_user), ("Won", cls.user_user), ("Theirs", cls.user_colleague))])
        cls.won.action_set_won()
        cls.activity = cls.iberia.activity_schedule('mail.mail_activity_data_todo', user_id=cls.user_user.id)
        cls.on_lead = cls.lead.activity_schedule('mail.mail_activity_data_todo', user_id=cls.user_user.id)

    def _hand_over(self, partners, to, **values):
        wizard = Form(self.env['kam.handover'].with_user(self.user_manager).with_context(
            default_partner_ids=[(6, 0, partners.ids)]))
        wizard.user_id = to
        for name, value in values.items():
            setattr(wizard, name, value)
        return wizard.save()

    def test_one_step_moves_what_is_open(self):
        handover = self._hand_over(self.iberia, self.user_colleague, reason="New region")
        self.assertEqual(
            (handover.customer_count, handover.opportunity_count, handover.activity_count, handover.nomination_count),
            (1, 1, 2, 0))
        handover.action_confirm()
        self.assertEqual(self._team(self.iberia), {'colleague': 'manager', 'user': 'member'})
        self.assertEqual(
            (self.logistics.user_id, self.lead.user_id, self.activity.user_id, self.on_lead.user_id),
            (self.user_colleague,) * 4)
        self.assertEqual((self.won.user_id, self.theirs.user_id), (self.user_user, self.user_colleague))
        self.assertIn("Handed over from User to Colleague", self._chatter(self.iberia))
        self.assertIn("New region", self._chatter(self.iberia))

    def test_the_customer_s_people(self):
        """Next steps with people and on the open review move, and the new manager is to know whom the other knows;
        also those whom whoever hands over may not read."""
        mine = self.env['kam.stakeholder'].with_user(self.user_user)
        luis = mine.create({'contact_id': self.luis.id, 'counterpart_ids': [(4, self.user_user.id)],
                            'next_step': "Lunch", 'confidentiality': 'manager'})
        rosa = mine.create({'contact_id': self._partner('Rosa', parent_id=self.iberia.id, is_company=False).id,
                            'next_step': "Visit", 'next_step_user_id': self.user_contributor.id})
        review = self.env['kam.review'].with_user(self.user_user).create({'partner_id': self.iberia.id})
        on_review = review.activity_schedule('mail.mail_activity_data_todo', user_id=self.user_user.id)
        handover = self._hand_over(self.iberia, self.user_colleague)
        self.assertEqual((handover.activity_count, handover.people_count), (4, 1))
        handover.action_confirm()
        self.env.invalidate_all()
        self.assertEqual((luis.next_step_user_id, on_review.user_id, rosa.next_step_user_id),
                         (self.user_colleague, self.user_colleague, self.user_contributor))
        self.assertEqual(luis.sudo().counterpart_ids, self.user_user | self.user_colleague)
        self.assertFalse(rosa.counterpart_ids)

    def test_people_stay_whose_they_were(self):
        luis = self.env['kam.stakeholder'].with_user(self.user_user).create(
            {'contact_id': self.luis.id, 'counterpart_ids': [(4, self.user_user.id)], 'next_step': "Lunch"})
        self._hand_over(self.iberia, self.user_colleague, move_people=False, move_activities=False).action_confirm()
        self.assertEqual((luis.counterpart_ids, luis.next_step_user_id), (self.user_user, self.user_user))

    def test_only_what_is_chosen(self):
        self._hand_over(self.iberia, self.user_colleague, move_opportunities=False, move_activities=False,
                        move_salesperson=False, stays_as='none').action_confirm()
        self.assertEqual(self._team(self.iberia), {'colleague': 'manager'})
        self.assertEqual((self.lead.user_id, self.activity.user_id, self.logistics.user_id), (self.user_user,) * 3)

    def test_who_hands_over_stays_as_the_deputy(self):
        self._hand_over(self.iberia, self.user_colleague, stays_as='deputy').action_confirm()
        self.assertEqual(self._team(self.iberia), {'colleague': 'manager', 'user': 'deputy'})

    def test_beyond_the_new_manager_s_capacity(self):
        self.company.kam_settings_id.manager_capacity = 1
        self.solo.write({'is_key_account': True, 'kam_manager_id': self.user_colleague.id})
        handover = self._hand_over(self.iberia, self.user_colleague)
        with self._refused(UserError, "Colleague would manage 2 key accounts; the capacity is 1"):
            handover.action_confirm()
        handover.reason = "Until March"
        handover.action_confirm()
        self.assertEqual(self.iberia.kam_manager_id, self.user_colleague)

    def test_refused(self):
        with self.assertRaises(AccessError):
            self.env['kam.handover'].with_user(self.user_user).create({
                'partner_ids': [(6, 0, self.iberia.ids)], 'user_id': self.user_colleague.id})
        with self._refused(UserError, "manages these accounts already"):
            self._hand_over(self.iberia, self.user_user).action_confirm()

    def test_of_someone_who_has_left(self):
        self.user_user.active = False
        self._hand_over(self.iberia, self.user_colleague).action_confirm()
        self.assertEqual(self._team(self.iberia), {'colleague': 'manager'})
        self.assertEqual(self.lead.user_id, self.user_colleague)


@tagged('post_install', '-at_install')
class TestManagers(TeamCommon):

    def test_whoever_gets_an_account_is_on_the_list(self):
        profile = self.env['kam.manager'].search([('user_id', '=', self.user_user.id)])
        self.assertEqual((len(profile), profile.account_count, profile.effective_capacity), (1, 1, 10))
        self.assertEqual(profile.competence_ids.competence_id, self.env['kam.competence'].search([]))
        self.assertEqual(set(profile.competence_ids.mapped('gap')), {False}, "not assessed is not a gap of 0")
        self.assertEqual(profile.member_ids.partner_id, self.iberia)

    def test_needed_and_present(self):
        profile = self.env['kam.manager'].search([('user_id', '=', self.user_user.id)]).with_user(self.user_manager)
        negotiation = profile.competence_ids.filtered(lambda line: line.competence_id.code == 'negotiation')
        figures = profile.competence_ids.filtered(lambda line: line.competence_id.code == 'finance')
        negotiation.present, figures.present = '1', '4'
        self.assertEqual((negotiation.gap, figures.gap), (2, 0))
        self.assertEqual(profile.missing, negotiation.competence_id.name)
        self.assertEqual(negotiation.date_assessed, self.today)
        self.assertEqual(profile.unassessed_count, len(profile.competence_ids) - 2)

    def test_between_the_person_and_who_leads(self):
        profile = self.env['kam.manager'].search([('user_id', '=', self.user_user.id)])
        self.assertTrue(profile.with_user(self.user_user).read(['capacity']))
        self.assertTrue(profile.competence_ids.with_user(self.user_user).read(['present']))
        for operation in (
                lambda: profile.with_user(self.user_colleague).read(['capacity']),
                lambda: profile.competence_ids.with_user(self.user_colleague).read(['present']),
                lambda: profile.with_user(self.user_user).write({'capacity': 99}),
                lambda: profile.competence_ids.with_user(self.user_user).write({'present': '4'})):
            with self.assertRaises(AccessError):
                operation()

    def test_beyond_capacity(self):
        profile = self.env['kam.manager'].search([('user_id', '=', self.user_user.id)])
        profile.capacity = 0
        self.assertTrue(profile.is_over_capacity)
        self.assertIn(profile, self.env['kam.manager'].search([('is_over_capacity', '=', True)]))
        profile.capacity = False
        self.assertEqual((profile.effective_capacity, profile.is_over_capacity), (10, False))
        with self._refused(ValidationError, "can't be negative"):
            profile.capacity = -1

    def test_accounts_cost_the_same_whatever_their_number(self):
        def queries(partners):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            partners.with_user(self.user_manager).mapped('kam_team_gap')
            self.env['kam.manager'].with_user(self.user_manager).search([]).mapped('account_count')
            return self.cr.sql_log_count - before

        few, many = (self.env['res.partner'].create([
            {'name': f"Account {number}", 'is_company': True, 'is_key_account': True,
             'kam_manager_id': self.user_colleague.id} for number in range(size)]) for size in (5, 30))
        queries(few)  # rights and rules are cached from here on
        self.assertEqual(queries(few), queries(many))
