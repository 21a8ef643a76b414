"""Who becomes a key account, of which tier, and who leaves: decided, dated, with what was known that day."""
from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .common import KamCommon


class NominationCommon(KamCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.settings = cls.company.kam_settings_id
        # What the database holds already counts too.
        cls.taken = cls.env['res.partner'].search_count(
            [('is_key_account', '=', True), ('kam_company_id', '=', cls.company.id)])

    def _nominate(self, partner, user=None, **values):
        return self.env['kam.nomination'].with_user(user or self.user_manager).create({
            'partner_id': partner.id, 'tier_id': self.key.id, **values})

    def _accepted(self, partner, **values):
        nomination = self._nominate(partner, reason="Opens a market.", **values)
        nomination.action_propose()
        nomination.action_accept()
        return nomination


@tagged('post_install', '-at_install')
class TestNomination(NominationCommon):

    def test_from_candidate_to_key_account(self):
        """A user proposes a customer of theirs, a manager accepts; what was known stays on it."""
        self._score(self.solo, revenue=120_000.0, rank=4, pareto_class='A', growth=12.5, willingness=55.0,
                    attractiveness=70.0, quadrant='invest')
        nomination = self._nominate(self.solo, self.user_user, reason="Opens the north.")
        self.assertEqual((nomination.state, nomination.kind, nomination.manager_id),
                         ('candidate', 'entry', self.user_user))
        nomination.action_propose()
        self.assertEqual(nomination.state, 'proposed')
        self.assertIn("class A, rank 4", nomination.evidence)
        with self._refused(AccessError, "Only Key Accounts managers decide"):
            nomination.action_accept()
        self.assertFalse(self.solo.is_key_account)
        nomination.with_user(self.user_manager).action_accept()
        self.assertEqual(
            (self.solo.is_key_account, self.solo.kam_tier_id, self.solo.kam_manager_id, self.solo.kam_company_id),
            (True, self.key, self.user_user, self.company))
        self.assertTrue(self.solo.kam_key_since)
        self.assertEqual((nomination.decided_by_id, nomination.willingness), (self.user_manager, 55.0))
        # A later refresh changes nothing of what was known.
        self.solo.kam_score_id.sudo().willingness = 5.0
        self.assertEqual(nomination.willingness, 55.0)

    def test_declined(self):
        nomination = self._nominate(self.solo)
        nomination.action_propose()
        nomination.action_decline()
        self.assertEqual((nomination.state, self.solo.is_key_account), ('declined', False))
        self.assertTrue(self._nominate(self.solo), "it may be proposed again")

    def test_withdrawn(self):
        nomination = self._nominate(self.solo, self.user_user)
        nomination.action_propose()
        nomination.action_withdraw()
        self.assertEqual(nomination.state, 'candidate')

    def test_another_tier_and_out_again(self):
        """Promotion, demotion and exit are nominations too, with the tier before on them."""
        self._accepted(self.solo, manager_id=self.user_colleague.id)
        promotion = self._accepted(self.solo, tier_id=self.strategic.id)
        self.assertEqual((promotion.kind, promotion.previous_tier_id, self.solo.kam_tier_id),
                         ('tier', self.key, self.strategic))
        since = self.solo.kam_key_since
        demotion = self._accepted(self.solo)
        self.assertEqual((demotion.previous_tier_id, self.solo.kam_tier_id), (self.strategic, self.key))
        self.assertEqual(self.solo.kam_key_since, since)
        gone = self._accepted(self.solo, kind='exit', tier_id=False)
        self.assertEqual((gone.previous_tier_id, gone.previous_manager_id), (self.key, self.user_colleague))
        self.assertFalse(self.solo.is_key_account or self.solo.kam_tier_id or self.solo.kam_manager_id
                         or self.solo.kam_company_id or self.solo.kam_key_since)
        self.assertFalse(self.solo.kam_member_ids.filtered('is_current'), "its team has ended")
        self.assertEqual(self.solo.kam_nomination_ids.mapped('state'), ['accepted'] * 4)

    def test_over_the_company_s_capacity(self):
        self.settings.capacity = self.taken
        nomination = self._nominate(self.solo)
        nomination.action_propose()
        with self._refused(UserError, f"key account number {self.taken + 1}; the company can look after {self.taken}"):
            nomination.action_accept()
        self.assertFalse(self.solo.is_key_account)
        nomination.reason = "It replaces another one next month."
        nomination.action_accept()
        self.assertTrue(self.solo.is_key_account)

    def test_over_the_manager_s_capacity(self):
        self.settings.manager_capacity = 1
        self._score(self.solo, willingness=80.0)
        nomination = self._nominate(self.solo, manager_id=self.user_user.id)  # manages Nordwind Iberia already
        nomination.action_propose()
        with self._refused(UserError, "User would manage 2 key accounts; the capacity is 1"):
            nomination.action_accept()
        self.env['kam.manager'].search([('user_id', '=', self.user_user.id)]).capacity = 2
        nomination.action_accept()
        self.assertEqual(self.solo.kam_manager_id, self.user_user)

    def test_over_the_tier_s_capacity(self):
        self._score(self.solo, willingness=80.0)
        taken = self.strategic.partner_count
        self.strategic.capacity = taken + 1
        self._accepted(self.other, tier_id=self.strategic.id)
        nomination = self._nominate(self.solo, tier_id=self.strategic.id)
        nomination.action_propose()
        with self._refused(UserError, f"number {taken + 2} of the tier “Strategic”, which has room for {taken + 1}"):
            nomination.action_accept()
        self.strategic.capacity = False
        nomination.action_accept()

    def test_archived_accounts_leave_the_capacity(self):
        self.settings.capacity = self.taken
        self.iberia.action_archive()
        self._score(self.solo, willingness=80.0)
        nomination = self._nominate(self.solo)
        nomination.action_propose()
        nomination.action_accept()

    def test_capacity_is_counted_by_the_accepting_company(self):
        self.user_manager.company_ids |= self.company_2
        self.settings.capacity = self.taken
        there = self.env(user=self.user_manager, context={'allowed_company_ids': self.company_2.ids})
        nomination = there['kam.nomination'].create({'partner_id': self.solo.id, 'tier_id': self.key.id, 'reason': "x"})
        self.assertEqual(nomination._find_over_capacity(), [])
        nomination.action_propose()
        nomination.action_accept()
        self.assertEqual(self.solo.kam_company_id, self.company_2)
        with self._refused(ValidationError, "is a key account of Second Company, which decides on it"):
            self._nominate(self.solo, tier_id=self.strategic.id)

    def test_willingness_is_a_gate(self):
        """Under 40, or unknown, it asks for a reason; at 40 it does not."""
        for willingness, sentence in (
                (False, "willing to invest with us is unknown"), (39.9, "is 39.9 of 100, below 40"), (40.0, None)):
            with self.subTest(willingness=willingness):
                customer = self._partner("Customer", user_id=self.user_user.id)
                self._score(customer, willingness=willingness)
                nomination = self._nominate(customer)
                nomination.action_propose()
                self.assertEqual(bool(nomination.exceptions), bool(sentence))
                if sentence:
                    with self._refused(UserError, sentence):
                        nomination.action_accept()
                else:
                    nomination.action_accept()

    def test_the_screen_asks_for_the_reason_of_an_exception(self):
        nomination = self._nominate(self.solo, reason="Opens the north.")
        nomination.action_propose()
        action = nomination.action_open_accept()
        self.assertEqual(action['res_model'], 'kam.nomination.decision')
        dialog = Form(self.env['kam.nomination.decision'].with_user(self.user_manager).with_context(action['context']))
        dialog.reason = "Willing enough, says their director."
        dialog.save().action_confirm()
        self.assertEqual((nomination.state, nomination.exception_reason),
                         ('accepted', "Willing enough, says their director."))

    def test_whoever_decides_is_asked(self):
        self._accepted(self.other)
        nomination = self._nominate(self.solo, self.user_user)
        self.assertEqual(nomination.approver_id, self.user_manager, "who decided last")
        nomination.action_propose()
        self.assertEqual(nomination.activity_ids.user_id, self.user_manager)
        nomination.with_user(self.user_manager).action_decline()
        self.assertFalse(nomination.activity_ids)
        self.assertEqual(self._nominate(self.solo).approver_id, self.user_manager)

    def test_candidates_from_the_scores(self):
        scores = self._score(self.solo, pareto_class='A') | self._score(self.other, pareto_class='A') | self._score(
            self.iberia, pareto_class='A')
        action = scores.with_user(self.user_manager).action_nominate()
        found = self.env['kam.nomination'].search(action['domain'])
        self.assertEqual(found.partner_id, self.solo | self.other, "a key account is no candidate")
        self.assertEqual(set(found.mapped('state')), {'candidate'})
        scores.with_user(self.user_manager).action_nominate()
        self.assertEqual(self.env['kam.nomination'].search_count([('partner_id', '=', self.solo.id)]), 1)
        self.assertEqual(scores[0].nomination_state, "Candidate")


@tagged('post_install', '-at_install')
class TestNominationRefusals(NominationCommon):
    """Bad input: refused with a sentence that says what to do."""

    def test_who_can_be_nominated(self):
        theirs = self._partner("Theirs", company_id=self.company_2.id)
        self.old.parent_id = False
        for partner, sentence in (
            (self.claire, "Claire is a contact of Nordwind France. Nominate the company"),
            (theirs, "Theirs is a customer of Second Company only. Nominate it there"),
            (self.old, "Iberia Old is archived. Restore it before"),
        ):
            with self.subTest(partner.name), self._refused(ValidationError, sentence):
                self._nominate(partner)
        for partner, sentence in (
            (self.company.partner_id, "one of our own companies"), (self.user_sales.partner_id, "a colleague")):
            nomination = self._nominate(partner)
            with self._refused(ValidationError, sentence):
                nomination.action_propose()

    def test_one_open_nomination(self):
        self._nominate(self.solo)
        with mute_logger('odoo.sql_db'), self.assertRaises(UniqueViolation) as caught, self.env.cr.savepoint():
            self._nominate(self.solo)
        # What Odoo makes of it for people.
        told = self.env['kam.nomination']._sql_error_to_message(caught.exception)
        self.assertIn("has an open nomination already: accept or decline that one first", told)

    def test_archived_between_proposal_and_decision(self):
        nomination = self._nominate(self.solo, reason="x")
        nomination.action_propose()
        self.solo.action_archive()
        with self._refused(UserError, "is archived. Restore it"):
            nomination.action_accept()

    def test_a_manager_who_is_no_employee_or_has_left(self):
        portal = self.env['res.users'].create({
            'name': "Portal", 'login': 'kam_portal', 'group_ids': [(6, 0, self.env.ref('base.group_portal').ids)]})
        with self._refused(ValidationError, "Portal is not an employee"):
            self._nominate(self.solo, manager_id=portal.id)
        nomination = self._nominate(self.solo, manager_id=self.user_colleague.id, reason="x")
        nomination.action_propose()
        self.user_colleague.active = False
        with self._refused(ValidationError, "Colleague has left. Choose another"):
            nomination.action_accept()

    def test_steps_can_t_be_written(self):
        nomination = self._nominate(self.solo)
        for values in ({'state': 'accepted'}, {'decided_by_id': self.user_manager.id}, {'willingness': 99.0}):
            with self._refused(UserError, "moves on by its steps"):
                nomination.write(values)
        with self._refused(UserError, "moves on by its steps"):
            self._nominate(self.other, state='accepted')
        with self._refused(UserError, "moves on by its steps"):
            nomination.with_context(kam_step=True).write({'state': 'accepted'})
        with self._refused(UserError, "is “Candidate”: that step comes from “Proposed”"):
            nomination.action_accept()

    def test_what_was_decided_stays(self):
        nomination = self._accepted(self.solo)
        with self._refused(UserError, "was decided on .* and stays as it is"):
            nomination.reason = "Another reason"
        with self._refused(UserError, "stays on record"):
            nomination.unlink()

    def test_in_one_s_own_name_and_of_one_s_own_customers(self):
        with self._refused(AccessError, "in one's own name"):
            self._nominate(self.solo, self.user_user, user_id=self.user_manager.id)
        with self.assertRaises(AccessError):
            self._nominate(self.other, self.user_user)

    def test_a_tier_is_needed_and_in_use(self):
        nomination = self._nominate(self.solo, tier_id=False)
        with self._refused(UserError, "Choose the tier"):
            nomination.action_propose()
        old = self.env['kam.tier'].create({'name': "Old", 'active': False})
        with self._refused(ValidationError, "no longer in use"):
            nomination.tier_id = old

    def test_no_change_is_no_decision(self):
        self._accepted(self.solo)
        nomination = self._nominate(self.solo)
        with self._refused(UserError, "of the tier “Key” already"):
            nomination.action_propose()

    def test_entry_of_a_key_account_and_exit_of_another_customer(self):
        with self._refused(ValidationError, "is a key account already"):
            self._nominate(self.iberia, kind='entry')
        with self._refused(ValidationError, "is not a key account. Propose that it becomes one"):
            self._nominate(self.solo, kind='tier')

    def test_overtaken_by_the_system(self):
        nomination = self._nominate(self.solo)
        nomination.action_propose()
        self.solo.is_key_account = True
        self.assertEqual(nomination.state, 'declined')


@tagged('post_install', '-at_install')
class TestTier(NominationCommon):

    def test_deleted_or_archived_while_in_use(self):
        self._accepted(self.solo)
        admin_key = self.key.with_user(self.user_admin)
        with self._refused(UserError, "archive it instead"):
            admin_key.unlink()
        with self._refused(UserError, "is of the tier “Key”. Nominate its accounts for another tier"):
            admin_key.action_archive()
        self._accepted(self.solo, kind='exit', tier_id=False)
        with self._refused(UserError, "archive it instead"):
            admin_key.unlink()

    def test_unused_goes(self):
        self.env['kam.tier'].with_user(self.user_admin).create({'name': "Try"}).unlink()

    def test_numbers_that_make_no_sense(self):
        for values, sentence in (
            ({'capacity': 0}, "must be 1 or more; leave it empty"), ({'review_months': 0}, "every 1 to 60 months")):
            with self._refused(ValidationError, sentence):
                self.key.with_user(self.user_admin).write(values)
        self.key.with_user(self.user_admin).capacity = False
        self.assertIs(self.key.capacity, False, "no limit is not a limit of 0")

    def test_what_the_tier_asks_of_the_team(self):
        self._accepted(self.solo, tier_id=self.strategic.id, manager_id=self.user_user.id)
        self.assertEqual(self.solo.kam_team_gap, "deputy, executive sponsor")
        self.env['kam.team.member'].with_user(self.user_user).create({
            'partner_id': self.solo.id, 'user_id': self.user_colleague.id, 'role': 'deputy'})
        self.assertEqual(self.solo.kam_team_gap, "executive sponsor")


@tagged('post_install', '-at_install')
class TestNominationEdges(NominationCommon):

    def test_each_one_accepted_takes_capacity_from_the_next(self):
        self.settings.capacity = self.taken + 1
        for customer in (self.solo, self.other):
            self._score(customer, willingness=80.0)
        nominations = self._nominate(self.solo) | self._nominate(self.other)
        nominations.action_propose()
        with self._refused(UserError, f"key account number {self.taken + 2}"):
            nominations.action_accept()

    def test_an_open_one_is_not_archived(self):
        nomination = self._nominate(self.solo)
        with self._refused(UserError, "can't be archived: accept or decline it first"):
            nomination.action_archive()
        nomination.action_decline()
        nomination.action_archive()

    def test_the_system_takes_an_account_out(self):
        """The same as by a decision: no manager, no team, today or later."""
        tomorrow = fields.Date.add(self.company._kam_today(), days=1)
        self._accepted(self.solo, manager_id=self.user_user.id)
        self.env['kam.team.member'].create({
            'partner_id': self.solo.id, 'user_id': self.user_colleague.id, 'date_from': tomorrow})
        self.solo.is_key_account = False
        self.assertFalse(self.solo.kam_manager_id)
        self.assertFalse(self.solo.kam_member_ids.filtered(lambda member: not member.date_to))

    def test_whoever_is_asked_can_read_it(self):
        lead = self._user('lead', 'kam_management.group_kam_manager')
        nomination = self._nominate(self.solo, confidentiality='manager')
        with self.assertRaises(AccessError):
            nomination.with_user(lead).read(['reason'])
        nomination.approver_id = lead
        self.assertTrue(nomination.with_user(lead).read(['reason']))

    def test_a_subsidiary_is_nominated_by_itself(self):
        action = self.logistics.with_user(self.user_manager).action_kam_nominate()
        self.assertEqual(action['context']['default_partner_id'], self.logistics.id)
        waiting = self._nominate(self.logistics)
        self.assertEqual(self.logistics.with_user(self.user_manager).action_kam_nominate()['res_id'], waiting.id)

    def test_candidates_are_compared_by_the_next_refresh(self):
        run = self.env['kam.sync.run'].sudo().new({'company_id': self.company.id})
        sync = self.env['kam.sync'].with_user(self.user_service)
        self.assertNotIn(self.solo.id, sync._candidate_ids(run))
        nomination = self._nominate(self.solo)
        self.assertIn(self.solo.id, sync._candidate_ids(run))
        nomination.action_decline()
        self.assertNotIn(self.solo.id, sync._candidate_ids(run))
