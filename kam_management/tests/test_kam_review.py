"""Account reviews: opened on the account, closed once, with decisions, objectives and the next date."""
from datetime import timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .review_common import ReviewCommon


@tagged('post_install', '-at_install')
class TestReview(ReviewCommon):

    def _line(self, review, objective):
        return review.objective_ids.filtered(lambda row: row.objective_id == objective)

    # ------------------------------------------------------------------ opening
    def test_opened_on_the_account(self):
        objective = self._running("Grow")
        plan = self._plan()
        plan.action_activate()
        action = self.iberia.with_user(self.user_user).action_kam_review()
        review = self.env['kam.review'].with_user(self.user_user).browse(action['res_id'])
        self.assertEqual((review.state, review.date, review.user_id, review.participant_ids, review.plan_id),
                         ('open', self.today, self.user_user, self.user_user, plan))
        self.assertEqual(review.objective_ids.objective_id, objective)
        self.assertEqual(review.next_date, self.today + relativedelta(months=6))
        self.assertEqual(self.iberia.with_user(self.user_user).kam_review_id, review)
        again = self.luis.with_user(self.user_user).action_kam_review()
        self.assertEqual(again['res_id'], review.id, "of whichever contact of the account")
        late = self._running("Grow more", date_start=self.today)
        self.iberia.with_user(self.user_user).action_kam_review()
        self.assertEqual(review.objective_ids.objective_id, objective | late)

    def test_the_cadence_of_the_tier(self):
        self.iberia.kam_tier_id = self.strategic
        self.strategic.review_months = 3
        self.assertEqual(self._review().next_date, self.today + relativedelta(months=3))

    def test_two_open_ones_are_refused(self):
        self._review()
        with self._refused(UserError, "Nordwind Iberia has an open review already, led by User. Close that one first"):
            self._review(self.user_colleague)
        self._review(self.user_manager, partner=self.solo)

    def test_bad_input(self):
        with self._refused(ValidationError, "yet to come. Open it on the day itself"):
            self._review(date=self.today + timedelta(1))
        review = self._review()
        with self._refused(ValidationError, "The next review comes after this one"):
            review.next_date = self.today
        with self._refused(ValidationError, "Choose the account instead"):
            self._review(self.user_manager, partner=self.luis)
        with self._refused(UserError, "closed with its button"):
            review.state = 'closed'
        with self._refused(UserError, "closed with its button"):
            review.with_context(kam_step=True).write({'state': 'closed'})
        with self._refused(UserError, "closed with its button"):
            self._review(partner=self.solo, state='closed')
        with self._refused(UserError, "closed with its button"):
            self.env['kam.review'].with_user(self.user_user).with_context(default_state='closed').create(
                {'partner_id': self.solo.id})
        with self._refused(UserError, "is not copied"):
            review.copy()
        with self._refused(ValidationError, "is due before the review"):
            review.decision_ids = [Command.create({'name': "Call", 'date_due': self.today - timedelta(1)})]
        with self._refused(ValidationError, "is one of Nordwind Iberia"):
            self._review(partner=self.solo).objective_ids = [
                Command.create({'objective_id': self._running("Of the other").id})]

    # ------------------------------------------------------------------ closing
    def test_closed_with_what_was_decided(self):
        kept, changed, dropped = (self._running(name) for name in ("Kept", "Changed", "Dropped"))
        review = self._review()
        with self._refused(UserError, "Say what becomes of"):
            review.action_close()
        self._line(review, kept).decision = 'keep'
        line = self._line(review, changed)
        line.decision = 'change'
        self._line(review, dropped).decision = 'drop'
        with self._refused(UserError, "“Changed” is to change: give its new deadline, its new target or both"):
            review.action_close()
        line.write({'new_deadline': self.today + timedelta(days=300), 'new_target': 120})
        with self._refused(UserError, "Say why “Dropped” is dropped"):
            review.action_close()
        self._line(review, dropped).reason = "The customer has stopped it"
        review.decision_ids = [Command.create(
            {'name': "Ask for the forecast", 'owner_id': self.user_contributor.id,
             'date_due': self.today + timedelta(days=9)})]
        review.action_close()
        self.assertEqual((review.state, review.closed_by_id), ('closed', self.user_user))
        self.assertEqual((kept.state, changed.state, dropped.state), ('running', 'running', 'cancelled'))
        self.assertEqual((changed.date_deadline, changed.target, changed.owner_agreed),
                         (self.today + timedelta(days=300), 120, False))
        self.assertIn("The customer has stopped it", self._chatter(dropped))
        action = review.decision_ids.action_id
        self.assertEqual((action.name, action.owner_id, action.date, action.partner_id, action.state),
                         ("Ask for the forecast", self.user_contributor, self.today + timedelta(days=9), self.iberia,
                          'planned'))

    def test_closing_twice_changes_nothing(self):
        review = self._review()
        review.decision_ids = [Command.create({'name': "Call"})]
        review.action_close()
        closed = review.date_closed
        review.action_close()
        self.assertEqual(review.date_closed, closed)
        self.assertEqual(self.env['kam.action'].search_count([('partner_id', '=', self.iberia.id)]), 1)
        self.assertEqual(len(self._activities()), 1)

    def test_it_ends_with_decisions(self):
        """Or with a word on why there is none; what becomes of an objective is a decision."""
        review = self._review(note=False)
        with self._refused(UserError, "Nothing was decided on .*Nordwind Iberia. Add a decision"):
            review.action_close()
        self.assertEqual(review.state, 'open')
        review.decision_ids = [Command.create({'name': "Call"})]
        review.action_close()
        self._running("Grow")
        review = self._review(note=False)
        review.objective_ids.decision = 'keep'
        with self._refused(UserError, "Nothing was decided"):
            review.action_close()
        review.objective_ids.write({'decision': 'drop', 'reason': "Too much"})
        review.action_close()

    def test_it_ends_with_the_next_date(self):
        """Emptied before or after it is closed, the cadence says when: the account never drops out."""
        review = self._review(next_date=False)
        review.action_close()
        due = self.today + relativedelta(months=6)
        self.assertEqual((review.next_date, self._activities().date_deadline), (due, due))
        review.next_date = False
        self.assertEqual(self._activities().date_deadline, due)
        self.env['kam.review']._cron_remind()
        self.assertEqual(self._activities().date_deadline, due)
        self.assertEqual(self.iberia.with_user(self.user_user).kam_review_date, due)

    def test_what_cannot_be_done_leaves_the_review_open(self):
        plan = self._plan()
        plan.action_activate()
        objective = self._running("Grow", date_start=self.today)
        review = self._review()
        self._line(review, objective).write({'decision': 'change', 'new_deadline': '2060-01-01'})
        with self._refused(UserError, "it reaches beyond the plan"):
            review.action_close()
        review.invalidate_recordset()
        self.assertEqual((review.state, objective.date_deadline), ('open', self.today + timedelta(days=200)))

    def test_keep_the_others(self):
        objectives = [self._running(f"Objective {number}") for number in range(3)]
        review = self._review()
        self._line(review, objectives[0]).write({'decision': 'drop', 'reason': "Too much"})
        self.assertEqual(review.undecided_count, 2)
        review.action_keep_rest()
        self.assertEqual(review.objective_ids.mapped('decision'), ['drop', 'keep', 'keep'])

    def test_what_ended_meanwhile_asks_for_nothing(self):
        objective = self._running("Grow")
        review = self._review()
        objective.action_achieve()
        review.action_close()
        self.assertEqual((review.state, objective.state), ('closed', 'achieved'))

    def test_closed_stays_as_it_was(self):
        self._running("Grow")
        review = self._held(0)
        for write in (
            lambda: review.write({'note': "Later"}), lambda: review.objective_ids.write({'decision': 'drop'}),
            lambda: review.write({'decision_ids': [Command.create({'name': "Later"})]}),
            lambda: review.objective_ids.unlink(), review.action_keep_rest,
        ):
            with self._refused(UserError, "is closed and stays as it was"):
                write()
        with self._refused(UserError, "stays on record"):
            review.with_user(self.user_manager).unlink()
        with self._refused(UserError, "would be lost"):
            self._held_of(self.solo).partner_id.unlink()
        review.next_date = self.today + timedelta(days=30)
        self.assertEqual(self._activities().date_deadline, self.today + timedelta(days=30))

    def _held_of(self, partner):
        review = self._review(self.user_user, partner=partner)
        review.action_close()
        return review

    def test_by_the_form(self):
        self._running("Grow")
        review = self._review()
        with Form(review) as form:
            with form.decision_ids.new() as line:
                line.name = "Call the buyer"
            form.note = "They open a plant"
        decision = review.decision_ids
        self.assertEqual((decision.owner_id, decision.date_due), (self.user_user, self.today + timedelta(days=14)))

    # ------------------------------------------------------------------ who
    def test_readers_and_writers(self):
        objective = self._running("Grow")
        review = self._review()
        review.decision_ids = [Command.create({'name': "Call"})]
        for user, level, expected in (
            (self.user_user, 'company', True), (self.user_colleague, 'company', True),
            (self.user_manager, 'company', True), (self.nobody, 'company', False),
            (self.user_contributor, 'company', False), (self.user_manager, 'team', False),
            (self.user_colleague, 'team', True), (self.user_colleague, 'manager', False),
        ):
            with self.subTest(user=user.name, level=level):
                self.iberia.kam_confidentiality = level
                self.env.invalidate_all()
                for record in (review, review.objective_ids, review.decision_ids):
                    model = self.env[record._name].with_user(user)
                    if user == self.user_contributor:
                        self.assertFalse(model.has_access('read'))
                        continue
                    self.assertEqual(bool(model.search([('id', 'in', record.ids)])), expected)
        self.iberia.kam_confidentiality = 'company'
        review.confidentiality = 'manager'
        self.assertFalse(self.env['kam.review.decision'].with_user(self.user_colleague).search(
            [('review_id', '=', review.id)]))
        self.assertTrue(objective)

    def test_an_objective_that_the_reader_may_not_see(self):
        """Its line tells nothing but that there is one, and whoever closes the review decides nothing on it."""
        secret = self._running("Buy the rival", confidentiality='manager')
        review = self._review()
        mine = review.with_user(self.user_colleague)
        self.assertEqual(mine.objective_ids.facts, {'hidden': True, 'name': "An objective"})
        self.assertEqual(review.objective_ids.facts['name'], "Buy the rival")
        with self.assertRaises(AccessError):
            mine.objective_ids = [Command.create({'objective_id': secret.id})]
        mine.action_close()
        self.assertEqual((review.state, secret.state), ('closed', 'running'))

    def test_a_team_member_closes_what_the_manager_is_asked_for(self):
        self.env['kam.review']._cron_remind()
        self._review(self.user_colleague).action_close()
        activity = self._activities()
        self.assertEqual((activity.user_id, activity.date_deadline),
                         (self.user_user, self.today + relativedelta(months=6)))

    # ------------------------------------------------------------------ when
    def _activities(self, account=None):
        return self.env['kam.review']._activities_of([('res_id', '=', (account or self.iberia).id)])

    def test_one_activity_when_due(self):
        reviews = self.env['kam.review']
        self.iberia.kam_tier_id = self.key
        self.iberia.kam_key_since = self.today - relativedelta(months=1)
        due = self.iberia.kam_key_since + relativedelta(months=self.key.review_months)
        for _time in range(2):
            reviews._cron_remind()
            activity = self._activities()
            self.assertEqual((len(activity), activity.user_id, activity.date_deadline, activity.res_model),
                             (1, self.user_user, due, 'res.partner'))
        self.assertFalse(self._activities(self.solo), "no key account")
        review = self._review()
        review.action_close()
        after = self._activities()
        self.assertEqual((len(after), after.date_deadline), (1, review.next_date))
        self.assertFalse(activity.exists().filtered('active'), "the one that asked for it is done")

    def test_overdue_stays_overdue(self):
        self._held(200, next_in=180)
        self.env['kam.review']._cron_remind()
        activity = self._activities()
        self.assertEqual(activity.date_deadline, self.today, "nobody is asked for something in the past")
        activity.date_deadline = self.today - timedelta(days=5)
        self.env['kam.review']._cron_remind()
        self.assertEqual(activity.date_deadline, self.today - timedelta(days=5))
        activity.action_feedback()
        self.env['kam.review']._cron_remind()
        self.assertEqual(len(self._activities()), 1, "ticked off without a review: it is still due")

    def test_the_activity_says_what_it_is(self):
        self.env['res.lang']._activate_lang('es_ES')
        self.env['ir.module.module']._load_module_terms(['kam_management'], ['es_ES'])
        self.user_user.lang = 'es_ES'
        self.env['kam.review']._cron_remind()
        activity = self._activities()
        self.assertEqual(activity.summary, self.env(context={'lang': 'es_ES'})._("Account review"))
        activity.summary = False
        self.env['kam.review']._cron_remind()
        self.assertEqual(self._activities(), activity)
        self.assertTrue(activity.summary)

    def test_a_tier_that_is_reviewed_more_often(self):
        """What was planned for later comes sooner; what is sooner anyway, and a longer cadence, move nothing."""
        self.iberia.kam_tier_id = self.key
        self.key.review_months = 12
        review = self._review()
        review.action_close()
        self.assertEqual(self._activities().date_deadline, self.today + relativedelta(months=12))
        self.key.with_user(self.user_admin).review_months = 3
        self.assertEqual((review.next_date, self._activities().date_deadline),
                         (self.today + relativedelta(months=3),) * 2)
        review.next_date = self.today + timedelta(days=10)
        self.key.with_user(self.user_admin).review_months = 1
        self.key.with_user(self.user_admin).review_months = 24
        self.assertEqual(self._activities().date_deadline, self.today + timedelta(days=10))
        review.next_date = self.today + relativedelta(months=24)
        self.strategic.review_months = 2
        self.iberia.kam_tier_id = self.strategic
        self.assertEqual((review.next_date, self._activities().date_deadline),
                         (self.today + relativedelta(months=2),) * 2)

    def test_a_shorter_cadence(self):
        """Whatever shortens it extends one method."""
        partners = self.env.registry['res.partner']
        with patch.object(partners, '_kam_review_months', lambda self: 1):
            self.assertEqual(self._review().next_date, self.today + relativedelta(months=1))

    def test_the_manager_leaves(self):
        self.env['kam.team.member'].search([('user_id', '=', self.user_colleague.id)]).role = 'deputy'
        review = self._review()
        self.env['kam.review']._cron_remind()
        self.user_user.active = False
        self.env['kam.review']._cron_remind()
        self.assertEqual(self._activities().user_id, self.user_colleague)
        handover = self.env['kam.handover'].with_user(self.user_manager).create({
            'partner_ids': [Command.set(self.iberia.ids)], 'user_id': self.user_manager.id})
        handover.action_confirm()
        self.assertEqual(review.user_id, self.user_manager)
        self.assertEqual(self._activities().user_id, self.user_manager)
        review.with_user(self.user_colleague).action_close()

    def test_the_account_leaves_the_programme(self):
        self.env['kam.review']._cron_remind()
        self.assertTrue(self._activities())
        self.iberia.is_key_account = False
        self.env['kam.review']._cron_remind()
        self.assertFalse(self._activities())

    # ------------------------------------------------------------------ merging
    def test_merged_accounts_go_on_with_one_open_review(self):
        other = self._partner('Nordwind Sur', kam_manager_id=self.user_user.id, is_key_account=True)
        self.env['kam.review']._cron_remind()
        kept = self._review(note="Here")
        doubled = self._review(partner=other, note="There")
        doubled.decision_ids = [Command.create({'name': "Call"})]
        old = self._held_of(self._partner('Nordwind Norte', user_id=self.user_user.id))
        self.env['base.partner.merge.automatic.wizard'].with_user(self.user_system).sudo()._merge(
            [self.iberia.id, other.id, old.partner_id.id], self.iberia)
        self.env.invalidate_all()
        self.assertEqual(self.env['kam.review'].search([('partner_id', '=', self.iberia.id)]), kept | old)
        self.assertEqual((kept.decision_ids.name, kept.note), ("Call", "Here\nThere"))
        self.assertEqual(doubled.active, False)
        self.assertEqual(len(self._activities()), 1)
        kept.action_close()
        self.assertEqual(kept.decision_ids.action_id.partner_id, self.iberia)
