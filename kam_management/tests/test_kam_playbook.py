"""Playbooks: prepared beforehand, used with one click, and told later whether they worked."""
from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .alert_common import AlertCommon


class PlaybookCommon(AlertCommon):

    @classmethod
    def _playbook(cls, user=None, **values):
        return cls.env['kam.playbook'].with_user(user or cls.user_manager).create({
            'name': "Meet them again", 'rule_ids': [Command.set(cls._rule('few_people').ids)],
            'step_ids': [
                Command.create({'name': "Call the buyer", 'days_after': 1}),
                Command.create({'name': "Ask our sponsor", 'days_after': 7, 'owner_role': 'sponsor'}),
            ], **values})


@tagged('post_install', '-at_install')
class TestKamPlaybook(PlaybookCommon):

    def test_one_click(self):
        self._join(self.sponsor, 'sponsor')
        self.env['kam.playbook'].search([]).active = False
        playbook, alert = self._playbook(), self._alert()
        self._follow()
        mine = alert.with_user(self.user_user)
        self.assertEqual(mine.playbook_id, playbook)
        action = mine.action_use_playbook()
        run = self.env['kam.playbook.run'].browse(action['res_id'])
        self.assertEqual((run.playbook_id, run.alert_id, run.partner_id, run.user_id, run.outcome),
                         (playbook, alert, self.iberia, self.user_user, False))
        self.assertEqual(
            [(row.name, row.owner_id, row.date, row.alert_id) for row in run.action_ids],
            [("Call the buyer", self.user_user, self.today + timedelta(days=1), alert),
             ("Ask our sponsor", self.sponsor, self.today + timedelta(days=7), alert)])
        self.assertEqual(alert.state, 'acknowledged')
        self.assertFalse(mine.playbook_id)
        with self._refused(UserError, "was used for this alert on"):
            playbook.with_user(self.user_user)._use(mine)

    def test_owner_of_a_step(self):
        """Who has the role; without anybody who could open the action, whoever uses the playbook."""
        self._join(self.user_sales, 'deputy')
        step = self._playbook().step_ids[0]
        step.owner_role = 'deputy'
        alert = self._alert().with_user(self.user_manager)
        self.assertEqual(step.with_user(self.user_manager)._find_owner(alert), self.user_manager)
        step.owner_role = 'manager'
        self.assertEqual(step.with_user(self.user_manager)._find_owner(alert), self.user_user)

    def test_what_fits(self):
        self.env['kam.playbook'].search([]).active = False
        self.iberia.sudo().with_context(active_test=False)
        general = self._playbook(name="General", rule_ids=False)
        of_rule = self._playbook(name="Rule")
        of_tier = self._playbook(name="Tier", tier_ids=[Command.set(self.strategic.ids)])
        own = self._playbook(name="Own", partner_id=self.iberia.id, user=self.user_user)
        self._playbook(name="Other rule", rule_ids=[Command.set(self._rule('trust_down').ids)])
        self._playbook(name="Other account", partner_id=self.other.id)
        self._playbook(name="No steps", step_ids=False)
        alert = self._alert().with_user(self.user_user)
        self.assertEqual(alert.playbook_ids, own | of_rule | general)
        self.assertEqual(alert.playbook_id, own)
        self.assertNotIn(of_tier, alert.playbook_ids)
        with self._refused(UserError, "is not meant for this alert"):
            of_tier.with_user(self.user_user)._use(alert)

    def test_nobody_uses_it_for_strangers(self):
        playbook, alert = self._playbook(), self._alert()
        with self.assertRaises(AccessError):
            playbook.with_user(self.user_colleague)._use(alert.with_user(self.user_colleague))

    def test_who_writes_which(self):
        general = self._playbook()
        with self.assertRaises(AccessError):
            general.with_user(self.user_user).name = "Mine"
        with self.assertRaises(AccessError):
            general.with_user(self.user_user).step_ids[0].name = "Mine"
        with self.assertRaises(AccessError):
            self._playbook(user=self.user_user)
        own = self._playbook(user=self.user_user, partner_id=self.iberia.id)
        own.step_ids[0].name = "Call the decider"
        self.assertEqual(own.company_id, self.company)
        self.assertFalse(self.env['kam.playbook'].with_user(self.user_colleague).search([('id', '=', own.id)]))
        self.assertFalse(
            self.env['kam.playbook.step'].with_user(self.user_colleague).search([('playbook_id', '=', own.id)]))
        self.assertTrue(
            self.env['kam.playbook.step'].with_user(self.user_colleague).search([('playbook_id', '=', general.id)]))

    def test_own_one_stays_own(self):
        """By leaving the account out one would write for everybody."""
        own = self._playbook(user=self.user_user, partner_id=self.iberia.id)
        mine, general = own.with_user(self.user_user), self._playbook()
        for account in (self.env['res.partner'], self.other):
            with self.assertRaises(AccessError):
                mine.partner_id = account
        with self.assertRaises(AccessError):
            mine.step_ids[0].playbook_id = general
        own.with_user(self.user_manager).partner_id = False
        self.assertFalse(own.partner_id)

    def test_what_was_done_stays(self):
        playbook, alert = self._playbook(), self._alert()
        playbook.with_user(self.user_user)._use(alert.with_user(self.user_user))
        run = alert.playbook_run_ids.with_user(self.user_user)
        for values in ({'date': self.today - timedelta(days=9)}, {'user_id': self.user_manager.id},
                       {'outcome': 'worked', 'alert_id': False}, {'was_asked': True}):
            with self._refused(UserError, "What was done stays as it is"):
                run.write(values)
        run.write({'outcome': 'worked', 'note': "They came back"})
        self.assertEqual((run.outcome, run.note, run.alert_id), ('worked', "They came back", alert))

    def test_two_clicks_at_once(self):
        """The second one does not see the first one's run, and is stopped by the database."""
        playbook, alert = self._playbook(), self._alert()
        playbook.with_user(self.user_user)._use(alert.with_user(self.user_user))
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            alert.playbook_run_ids.sudo().copy()

    def test_request_needs_a_function(self):
        with self._refused(ValidationError, "say of which one"):
            self._playbook(step_ids=[Command.create({
                'name': "Ask logistics", 'kind_id': self.env.ref('kam_management.action_kind_request').id})])

    def test_outcome_is_asked_for(self):
        playbook, alert = self._playbook(), self._alert()
        playbook.with_user(self.user_user)._use(alert.with_user(self.user_user))
        run = alert.playbook_run_ids
        self._follow()
        self.assertFalse(self._asked(run))
        alert._close('cleared')
        self._follow()
        self.assertEqual(self._asked(run), {self.user_user: ["Did the playbook work?"]})
        self._follow()
        self.assertEqual(len(self._asked(run)[self.user_user]), 1)
        run.with_user(self.user_user).write({'outcome': 'worked', 'note': "They had missed us"})
        self.assertFalse(self._asked(run))
        self._follow()
        self.assertFalse(self._asked(run))

    def test_what_works(self):
        """Of four uses, one worked, one partly, one did not, one nobody knows: (1 + ½) of 3 is half."""
        playbook = self._playbook()
        self.assertIs(playbook.worked_share, False)
        for partner, outcome in ((self.iberia, 'worked'), (self.solo, 'partly'), (self.other, 'failed'),
                                 (self.group, False)):
            self.env['kam.playbook.run'].sudo().create({
                'playbook_id': playbook.id, 'partner_id': partner.id, 'company_id': self.company.id,
                'user_id': self.user_manager.id, 'outcome': outcome})
        self.assertEqual((playbook.used_count, playbook.outcome_count, playbook.worked_share), (4, 3, 0.5))
        with self._refused(UserError, "was used, which would be lost"):
            playbook.unlink()


@tagged('post_install', '-at_install')
class TestPlanB(PlaybookCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['kam.score'].sudo().search([('share', '>=', 0.15)]).unlink()
        cls.score = cls._score(cls.iberia, share=0.55)
        cls.iberia.kam_company_id = cls.company

    def _missing(self):
        self.env['kam.alert'].sudo()._cron_plan_b()
        self.env.invalidate_all()
        return self.alerts.search([('rule_id.code', '=', 'plan_b_missing'), ('state', '!=', 'closed')])

    def test_a_key_account_of_another_company(self):
        """Whatever its share here: its plan B is theirs."""
        alert = self._missing()
        self.assertEqual(alert.company_id, self.company)
        self.iberia.kam_company_id = self.company_2
        self.assertFalse(self._missing())
        self.assertEqual(alert.close_reason, 'gone')
        self._score(self.iberia, self.company_2, share=0.6)
        self.assertEqual(self._missing().company_id, self.company_2)

    def test_opens_and_closes(self):
        alert = self._missing()
        self.assertEqual((alert.partner_id, alert.value, alert.threshold), (self.iberia, 0.55, 0.5))
        self.assertEqual(self._missing(), alert)
        self.assertEqual(self.iberia.with_user(self.user_user).kam_plan_b, 'missing')
        # a playbook of its own that nobody calls prepared is none
        playbook = self._playbook(user=self.user_user, partner_id=self.iberia.id)
        self.assertEqual(self._missing(), alert)
        playbook.action_prepared()
        self.assertFalse(self._missing())
        self.assertEqual(alert.close_reason, 'cleared')
        self.assertEqual(self.iberia.with_user(self.user_user).kam_plan_b, 'prepared')
        playbook.action_not_prepared()
        self.assertEqual(self._missing().partner_id, self.iberia)
        self.score.share = 0.49
        self.assertFalse(self._missing())

    def test_general_is_none(self):
        self._playbook().action_prepared()
        self.assertTrue(self._missing())

    def test_of_its_tier(self):
        self.iberia.sudo().write({'kam_tier_id': self.strategic.id})
        self._playbook(tier_ids=[Command.set(self.strategic.ids)]).action_prepared()
        self.assertFalse(self._missing())

    def test_no_key_account_any_more(self):
        alert = self._missing()
        self.env.cr.execute("UPDATE res_partner SET is_key_account = FALSE WHERE id = %s", [self.iberia.id])
        self.env.invalidate_all()
        self.assertFalse(self._missing())
        self.assertEqual(alert.close_reason, 'gone')

    def test_prepared_is_said_by_a_button(self):
        playbook = self._playbook(user=self.user_user, partner_id=self.iberia.id)
        with self._refused(UserError, "is said with its button"):
            playbook.prepared_on = self.today
        empty = self._playbook(user=self.user_user, partner_id=self.iberia.id, step_ids=False)
        with self._refused(UserError, "has no steps yet"):
            empty.action_prepared()

    def test_cadence_is_halved(self):
        """Reviewed every six months without a tier: every three while we depend on it."""
        self.assertEqual(self.iberia._kam_review_months(), 3)
        self.score.share = 0.2
        self.env.invalidate_all()
        self.assertEqual(self.iberia._kam_review_months(), 6)

    def test_people_are_met_twice_as_often(self):
        run = self.env['kam.sync.run'].create({'company_id': self.company.id, 'as_of': self.today})
        critical = self.env['kam.sync']._critical_accounts(run)
        self.assertIn(self.iberia.id, critical)
        self.score.share = 0.2
        self.assertNotIn(self.iberia.id, self.env['kam.sync']._critical_accounts(run))

    def test_review_comes_sooner(self):
        review = self.env['kam.review'].with_user(self.user_user).create({
            'partner_id': self.iberia.id, 'note': "All stays as it is"})
        review.action_close()
        review.next_date = self.today + timedelta(days=300)
        self.assertLessEqual(review._kam_due(), self.today + timedelta(days=93))
        self.score.share = 0.2
        self.env.invalidate_all()
        self.assertEqual(review._kam_due(), self.today + timedelta(days=300))


@tagged('post_install', '-at_install')
class TestSignalRaised(PlaybookCommon):

    def test_raise_and_take_back(self):
        plan = self.env['kam.plan'].with_user(self.user_user).create({
            'partner_id': self.iberia.id, 'date_start': self.today, 'date_end': self.today + timedelta(days=500)})
        signals = self.env['kam.plan.signal'].with_user(self.user_user)
        signal = signals.create({'plan_id': plan.id, 'name': "They look for a second supplier"})

        def raised():
            return signals.search(signals._raised_domain()) & signal

        self.assertFalse(raised())
        signal.action_raise_alert()
        self.assertTrue(raised())
        signal.action_take_back_alert()
        self.assertFalse(raised())
        signal.action_raise_alert()
        signal.action_make_scenario()
        self.assertFalse(raised())
        other = signals.create({'plan_id': plan.id, 'name': "A new plant", 'scenario_id': signal.scenario_id.id})
        with self._refused(UserError, "has become an opportunity or a scenario"):
            other.action_raise_alert()
