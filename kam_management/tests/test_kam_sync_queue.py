from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .sync_common import SyncCase, holds_none


@tagged('post_install', '-at_install')
class TestKamSyncQueue(SyncCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.execute("DELETE FROM kam_sync_queue")
        cls.runs = cls.env['kam.sync.run']
        cls.manager = new_test_user(cls.env, 'refreshes-all', groups='kam_management.group_kam_manager')
        cls.user = new_test_user(cls.env, 'refreshes-own', groups='kam_management.group_kam_user')
        cls.other = new_test_user(cls.env, 'refreshes-none', groups='kam_management.group_kam_user')
        cls.big.write({'is_key_account': True, 'kam_manager_id': cls.user.id, 'kam_company_id': cls.company.id})

    @classmethod
    def ask(cls, kind='full', account=None):
        return cls.runs.sudo()._queue(kind, cls.company, account)[0]

    @classmethod
    def take(cls, queued, owner='watch', kind=None, **values):
        return cls.sync.begin(kind or queued.kind, cls.company.id, str(cls.today),
                              {'owner': owner, 'queued': queued.id, **values})

    def publish_all(self):
        """Scores of a first full run, which account runs are compared with."""
        run = self.prepared()
        return self.publish(run, [(self.big.id, 0, 1, 0, 100)], portfolio=(1, 1, 0, 0))

    def expire(self):
        self.env.cr.execute("UPDATE kam_sync_lease SET expires = expires - interval '1 hour'")
        self.env.invalidate_all()

    # ------------------------------------------------------------------ taking
    def test_an_empty_queue_answers_nothing(self):
        self.assertEqual(self.sync.next(), {})

    def test_the_oldest_request_is_next_and_stays_until_it_is_begun(self):
        self.publish_all()
        first, second = self.ask('account', self.big), self.ask()
        answer = self.sync.next()
        self.assertEqual(answer, {
            'run': first.id, 'kind': 'account', 'company': self.company.id, 'account': self.big.id,
            'as_of': str(self.company._kam_today()), 'attempt': 1})
        self.assertFalse(holds_none(answer))
        self.assertEqual(self.sync.next()['run'], first.id)
        run = self.take(first)
        self.assertEqual((run['run'], run['kind'], run['account']), (first.id, 'account', self.big.id))
        self.assertEqual((first.state, first.owner), ('running', 'watch'))
        self.assertEqual(self.sync.next(), {}, "the company is held: what waits there would be refused")
        self.sync.abandon(run['run'], run['token'], '')
        self.assertEqual(self.sync.next()['run'], second.id)

    def test_begun_twice_by_the_same_worker_is_the_same_run(self):
        queued = self.ask()
        first = self.take(queued, 'host:1:word')
        again = self.take(queued, 'host:1:word')
        self.assertEqual((again['run'], again['token']), (first['run'], first['token']))

    def test_a_second_worker_gets_nothing_and_the_first_keeps_it(self):
        queued = self.ask()
        self.take(queued, 'host:1:word')
        self.assertRefused('lease_held', self.take, queued, 'host:2:word')
        self.assertEqual(queued.owner, 'host:1:word')

    def test_while_another_run_holds_the_lease_it_stays_queued(self):
        self.begin(owner='by hand')
        queued = self.ask()
        self.assertRefused('lease_held', self.take, queued)
        self.assertEqual(queued.state, 'queued')

    def test_what_has_been_served_is_not_begun_again(self):
        queued = self.ask()
        run = self.take(queued)
        self.sync.prepare(run['run'], run['token'])
        self.publish(run, [(self.big.id, 0, 1, 0, 100)])
        self.assertEqual(queued.state, 'published')
        self.assertRefused('not_queued', self.take, queued)
        self.assertFalse(self.env['kam.sync.lease']._held(self.company), "the refusal took no lease")

    def test_a_request_is_begun_as_what_it_is(self):
        queued = self.ask()
        for kind, number in (('account', queued.id), ('full', 0), ('full', 'x'), ('full', queued.id + 1000)):
            with self.subTest(kind=kind, number=number):
                self.assertRefused('not_queued', self.sync.begin, kind, self.company.id, str(self.today),
                                   {'queued': number})
        self.assertEqual(queued.state, 'queued')

    def test_a_request_of_another_company_is_not_served(self):
        company = self.env['res.company'].create({'name': "Not ours to refresh"})
        self.runs.sudo()._queue('full', company)
        self.assertEqual(self.sync.next(), {})
        self.assertRefused('bad_argument', self.sync.next, company.id)

    def test_what_was_asked_yesterday_is_computed_for_today(self):
        queued = self.ask()
        queued.as_of = self.company._kam_today() - timedelta(days=1)
        self.assertEqual(self.sync.next()['as_of'], str(self.company._kam_today()))
        run = self.sync.begin('full', self.company.id, str(queued.as_of), {'queued': queued.id})
        self.assertEqual(run['as_of'], str(self.company._kam_today()))

    # ------------------------------------------------------------------ requests that can't be begun
    def test_a_request_that_cannot_be_begun_lets_others_pass(self):
        """Each refusal is an attempt; after the third it has failed and says why."""
        other = self.env['res.company'].create({'name': "Other"})
        self.service.company_ids |= other
        bad = self.ask('account', self.big)  # nothing was computed for it yet
        good = self.runs.sudo()._queue('full', other)[0]
        self.assertEqual(self.sync.next()['run'], bad.id)
        reason = self.assertRefused('wrong_state', self.take, bad)
        told = {'run': bad.id, 'reason': reason}
        self.assertEqual(self.sync.next(None, told)['run'], good.id, "behind the others")
        self.assertEqual(self.sync.next(None, told)['run'], good.id)
        again = self.runs.search([('state', '=', 'queued'), ('company_id', '=', self.company.id)])
        self.assertEqual((bad.state, bad.reason, again.attempt, again.previous_id), ('abandoned', reason, 2, bad))
        run = self.sync.begin('full', other.id, str(self.today), {'queued': good.id})
        self.sync.abandon(run['run'], run['token'], '')
        self.assertEqual(self.sync.next()['run'], again.id)
        last = self.sync.next(self.company.id, {'run': again.id, 'reason': reason})['run']
        self.assertEqual(self.sync.next(self.company.id, {'run': last, 'reason': reason}), {})
        last = self.runs.browse(last)
        self.assertEqual((last.attempt, last.state, last.reason),
                         (3, 'failed', f"Given up after 3 attempts. The last one: {reason}"))

    def test_what_was_refused_is_told_of_a_request_of_ours(self):
        other = self.env['res.company'].create({'name': "Not ours to refresh"})
        theirs = self.runs.sudo()._queue('full', other)[0]
        taken = self.ask()
        self.take(taken)
        for run in (theirs, taken):
            self.sync.next(None, {'run': run.id, 'reason': 'no'})
        self.assertEqual((theirs.state, taken.state), ('queued', 'running'))
        for bad in ('x', {'run': 'x'}, {'reason': 'no'}, {'run': True}, {'run': 2 ** 31}):
            self.assertRefused('bad_argument', self.sync.next, None, bad)

    # ------------------------------------------------------------------ workers that die
    def test_the_request_of_a_worker_that_died_is_served_again(self):
        self.publish_all()
        queued = self.ask('account', self.big)
        queued.requested_by_id = self.user
        self.take(queued)
        self.expire()
        answer = self.sync.next()
        self.assertEqual((queued.state, answer['attempt']), ('abandoned', 2))
        again = self.runs.browse(answer['run'])
        self.assertEqual((again.previous_id, again.account_id, again.requested_by_id, again.kind),
                         (queued, self.big, self.user, 'account'))
        self.assertEqual(self.runs.search_count([('state', '=', 'queued')]), 1)
        self.assertEqual(self.sync.next(), answer, "asked again, nothing more happens")

    def test_after_the_third_attempt_it_has_failed_and_says_why(self):
        first = self.ask()
        for attempt in (1, 2, 3):
            queued = self.runs.browse(self.sync.next()['run'])
            self.assertEqual(queued.attempt, attempt)
            run = self.take(queued)
            ended = self.sync.abandon(run['run'], run['token'], "out of memory")
        self.assertEqual(ended['state'], 'failed')
        self.assertEqual(self.sync.abandon(run['run'], run['token'], "again"), ended)
        self.assertEqual(queued.reason, "Given up after 3 attempts. The last one: out of memory")
        self.assertEqual((queued.previous_id.previous_id, first.state), (first, 'abandoned'))
        self.assertEqual(self.sync.next(), {})

    def test_the_request_of_a_worker_that_gave_up_is_not_doubled(self):
        """Somebody asked again meanwhile: one request is enough for both."""
        run = self.take(self.ask())
        other = self.ask()
        self.sync.abandon(run['run'], run['token'], 'interrupted')
        self.assertEqual(self.runs.search([('state', '=', 'queued')]), other)

    def test_a_slow_run_that_nobody_waits_for_may_still_come_back(self):
        run = self.prepared(owner='by hand')
        self.expire()
        self.assertEqual(self.sync.next(), {})
        self.assertTrue(self.sync.renew(run['run'], run['token']))
        self.expire()
        self.ask()
        self.assertTrue(self.sync.next()['run'])
        self.assertEqual(self.sync.results(run['run'])['state'], 'abandoned')

    def test_a_run_by_hand_is_not_queued_when_it_is_abandoned(self):
        run = self.begin()
        self.sync.abandon(run['run'], run['token'], '')
        self.assertEqual(self.sync.next(), {})

    def test_an_account_that_is_deleted_meanwhile_ends_its_request(self):
        queued = self.ask('account', self.quiet)
        self.quiet.unlink()
        self.env.invalidate_all()
        self.assertEqual(self.sync.next(), {})
        self.assertEqual((queued.state, queued.reason), ('failed', "The account was deleted before its turn came."))

    # ------------------------------------------------------------------ runs of one account
    def test_a_run_of_one_account_by_number_and_by_name(self):
        self.publish_all()
        contact = self.env['res.partner'].create({'name': "Buyer", 'parent_id': self.big.id})
        for account in (self.big.id, "Big Retail", contact.id):
            with self.subTest(account=account):
                run = self.sync.begin('account', self.company.id, str(self.today), {'account': account})
                self.assertEqual(run['account'], self.big.id)
                self.assertEqual(self.sync.results(run['run'])['account'], self.big.id)
                self.sync.abandon(run['run'], run['token'], '')
        for account in ("Nobody at all", 0, -1, None, True, 2 ** 31, ''):
            with self.subTest(account=account):
                self.assertRefused('unknown_account', self.sync.begin, 'account', self.company.id, str(self.today),
                                   {'account': account})

    def test_one_account_waits_for_the_first_run_of_all(self):
        self.assertRefused('wrong_state', self.sync.begin, 'account', self.company.id, str(self.today),
                           {'account': self.big.id})

    # ------------------------------------------------------------------ asking
    def test_refresh_now_queues_an_account_once(self):
        self.publish_all()
        self.sync.next()  # a worker is there
        told = self.big.with_user(self.user).action_kam_refresh()['params']
        self.assertEqual((told['type'], told['sticky']), ('success', False))
        self.assertEqual(told['message'], "Big Retail is in the queue: its figures are computed anew in a moment.")
        again = self.big.with_user(self.manager).action_kam_refresh()['params']
        self.assertEqual((again['type'], again['message']), ('info', "Big Retail is already in the queue."))
        queued = self.runs.search([('state', '=', 'queued')])
        self.assertEqual((queued.account_id, queued.kind, queued.requested_by_id), (self.big, 'account', self.user))

    def test_refresh_now_says_that_no_worker_is_there(self):
        self.publish_all()
        told = self.big.with_user(self.user).action_kam_refresh()['params']
        self.assertEqual((told['type'], told['sticky']), ('warning', True))
        self.assertIn("But no worker has asked for work so far.", told['message'])
        self.env.cr.execute(
            "UPDATE kam_sync_queue SET asked = now() AT TIME ZONE 'UTC' - interval '301 seconds'")
        self.env.invalidate_all()
        told = self.big.with_user(self.user).action_kam_refresh()['params']
        self.assertIn("Big Retail is already in the queue. But no worker has asked for work lately: the last one did "
                      "on ", told['message'])

    def test_a_worker_that_is_busy_is_there(self):
        self.publish_all()
        self.begin()
        told = self.big.with_user(self.user).action_kam_refresh()['params']
        self.assertEqual(told['type'], 'success')

    def test_a_contact_asks_for_its_account(self):
        self.publish_all()
        contact = self.env['res.partner'].create({'name': "Buyer", 'parent_id': self.big.id})
        contact.with_user(self.user).action_kam_refresh()
        self.assertEqual(self.runs.search([('state', '=', 'queued')]).account_id, self.big)

    def test_who_may_not_see_an_account_does_not_refresh_it(self):
        self.publish_all()
        contributor = new_test_user(self.env, 'refreshes-nothing', groups='kam_management.group_kam_contributor')
        for user in (self.other, contributor):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.big.with_user(user).action_kam_refresh()
        self.big.kam_confidentiality = 'manager'
        self.big.with_user(self.user).action_kam_refresh()
        with self.assertRaises(AccessError):
            self.big.with_user(self.manager).action_kam_refresh()
        with self.assertRaises(AccessError):
            self.runs.with_user(self.user).action_refresh_all()
        self.assertEqual(self.runs.search_count([('state', '=', 'queued')]), 1)

    def test_before_the_first_run_the_button_says_what_to_do(self):
        with self.assertRaisesRegex(UserError, "Refresh all"):
            self.big.with_user(self.user).action_kam_refresh()

    def test_managers_refresh_all(self):
        told = self.env['kam.score'].with_user(self.manager).action_refresh_all()['params']
        self.assertIn(f"All accounts of {self.company.name} are in the queue.", told['message'])
        told = self.runs.with_user(self.manager).action_refresh_all()['params']
        self.assertIn("already in the queue", told['message'])
        self.assertEqual(self.runs.search([('state', '=', 'queued')]).kind, 'full')

    # ------------------------------------------------------------------ who is there
    def test_asking_is_noted_at_most_once_a_minute(self):
        self.sync.next()
        first = self.env['kam.sync.queue']._last_asked(self.company)
        self.assertAlmostEqual(first, fields.Datetime.now(), delta=timedelta(minutes=2))
        self.env.cr.execute("SELECT xmin FROM kam_sync_queue")
        before = self.env.cr.fetchall()
        self.env.cr.execute("UPDATE kam_sync_queue SET asked = asked - interval '50 seconds'")
        self.env.cr.execute("SELECT asked FROM kam_sync_queue")
        noted = self.env.cr.fetchall()
        self.sync.next()
        self.env.cr.execute("SELECT asked FROM kam_sync_queue")
        self.assertEqual(self.env.cr.fetchall(), noted)
        self.assertEqual(len(before), 1)
        self.env.cr.execute("UPDATE kam_sync_queue SET asked = asked - interval '11 seconds'")
        self.sync.next()
        self.env.cr.execute("SELECT asked > now() AT TIME ZONE 'UTC' - interval '30 seconds' FROM kam_sync_queue")
        self.assertEqual(self.env.cr.fetchall(), [(True,)])

    def test_status_tells_of_the_queue(self):
        self.assertNotIn('asked', self.sync.status(self.company.id))
        self.ask()
        self.sync.next()
        answer = self.sync.status(self.company.id)
        self.assertEqual(answer['queued'], 1)
        self.assertIn('asked', answer)

    def test_runs_of_one_account_do_not_make_results_fresh(self):
        published = self.publish_all()
        self.runs.browse(published['run']).date_end = fields.Datetime.now() - timedelta(days=3)
        self.runs.sudo().create({
            'kind': 'account', 'state': 'published', 'company_id': self.company.id, 'as_of': self.today,
            'account_id': self.big.id, 'date_end': fields.Datetime.now()})
        self.assertTrue(self.sync.status(self.company.id)['stale'])
