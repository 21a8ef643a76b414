from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .sync_common import SyncCase, holds_none

METHODS = {
    'handshake': (), 'status': (1,), 'next': (), 'begin': ('full', 1, '2026-11-01'), 'renew': (1, 1),
    'prepare': (1, 1), 'pull': (1, 1, 0, 10), 'stage': (1, 1, 'score', 1, {}), 'publish': (1, 1, {}),
    'abandon': (1, 1, ''), 'results': (1,), 'explain': (1,),
}


@tagged('post_install', '-at_install')
class TestKamSyncLease(SyncCase):

    def test_only_the_service_group_enters(self):
        """An abstract model has no access rights: each method refuses by itself, the administrator too."""
        for login, groups in (('clerk', 'base.group_user'), ('boss', 'kam_management.group_kam_manager'),
                              ('root', 'base.group_system,kam_management.group_kam_admin')):
            user = new_test_user(self.env, f'not-the-worker-{login}', groups=groups)
            for name, args in METHODS.items():
                with self.subTest(groups=groups, method=name), self.assertRaises(AccessError):
                    getattr(self.env['kam.sync'].with_user(user), name)(*args)

    def test_the_methods_above_are_all_there_are(self):
        """A new public method must come with its guard, and with its line in METHODS."""
        from odoo.models import BaseModel
        public = {
            name for name in dir(type(self.env['kam.sync']))
            if not name.startswith('_') and not hasattr(BaseModel, name)
            and callable(getattr(type(self.env['kam.sync']), name))
            and getattr(type(self.env['kam.sync']), name).__module__.startswith('odoo.addons.kam_management')
        }
        self.assertEqual(public, set(METHODS))

    def test_handshake_says_who_is_there(self):
        answer = self.sync.handshake()
        self.assertEqual(answer['protocol'], 1)
        self.assertEqual(answer['missing_rights'], [])
        self.assertEqual([c['id'] for c in answer['companies']], self.company.ids)
        self.assertEqual(answer['companies'][0]['tz'], 'Europe/Madrid')
        self.assertFalse(holds_none(answer))

    def test_handshake_names_a_missing_right(self):
        self.env['ir.model.access'].search([
            ('model_id.model', '=', 'crm.lead'),
            ('group_id', '=', self.env.ref('kam_management.group_kam_service').id)]).unlink()
        self.assertTrue(any('crm.lead' in sentence for sentence in self.sync.handshake()['missing_rights']))
        # better no new scores than customers who seem to have bought nothing
        self.assertIn('crm.lead', self.assertRefused('missing_rights', self.begin))

    def test_a_held_lease_names_its_holder(self):
        run = self.begin(owner='host-a:1')
        sentence = self.assertRefused('lease_held', self.begin, owner='host-b:2')
        self.assertIn('host-a:1', sentence)
        self.assertIn(str(run['run']), sentence)

    def test_begin_again_after_a_lost_answer(self):
        """The same caller gets the same run: its first answer was dropped on the way."""
        first = self.begin(owner='host-a:1#n')
        again = self.begin(owner='host-a:1#n')
        self.assertEqual((again['run'], again['token'], again['config_hash']),
                         (first['run'], first['token'], first['config_hash']))

    def test_an_expired_lease_changes_hands(self):
        old = self.prepared(owner='host-a:1')
        self.expire()
        new = self.begin(owner='host-b:2')
        self.assertEqual(new['token'], old['token'] + 1)
        self.assertRefused('stale_token', self.sync.renew, old['run'], old['token'])
        self.assertRefused('stale_token', self.sync.pull, old['run'], old['token'], 0, 10)
        self.assertRefused('stale_token', self.stage, old, [(self.big.id, 0, 1, 0, 10)])
        self.assertEqual(self.sync.results(old['run'])['state'], 'abandoned')
        self.assertEqual(self.tables_of(old), [])
        self.sync.renew(new['run'], new['token'])

    def test_an_expired_lease_that_nobody_took_still_holds(self):
        """A worker that was slow loses nothing while nobody wants its place."""
        self.big.is_key_account = True
        run = self.prepared()
        self.expire()
        self.assertTrue(self.sync.pull(run['run'], run['token'], 0, 10)['rows'])
        held = self.env['kam.sync.lease']._held(self.company)
        self.assertFalse(held[4], "the call has extended the lease")

    def test_a_wrong_token_changes_nothing(self):
        run = self.prepared()
        self.assertRefused('stale_token', self.sync.abandon, run['run'], run['token'] + 1, 'x')
        self.assertEqual(self.sync.results(run['run'])['state'], 'running')

    def test_abandon_twice(self):
        run = self.prepared()
        for _attempt in range(2):
            self.assertEqual(self.sync.abandon(run['run'], run['token'], "enough")['state'], 'abandoned')
        self.assertEqual(self.sync.results(run['run'])['reason'], "enough")
        self.assertEqual(self.tables_of(run), [])
        self.begin(owner='next')

    def test_the_cron_cleans_expired_runs(self):
        run = self.prepared()
        self.expire()
        self.env['kam.sync']._gc_runs()
        self.assertEqual(self.sync.results(run['run'])['state'], 'abandoned')
        self.assertEqual(self.tables_of(run), [])
        self.assertRefused('stale_token', self.sync.renew, run['run'], run['token'])

    def test_arguments_that_make_no_sense(self):
        other = self.env['res.company'].create({'name': "Not ours to refresh"})
        for kind, company, as_of in (
                ('preview', self.company.id, str(self.today)), ('full', other.id, str(self.today)),
                ('full', 'x', str(self.today)), ('full', self.company.id, 'yesterday'), ('full', self.company.id, None),
                ('full', self.company.id, str(self.today + timedelta(days=2)))):
            with self.subTest(kind=kind, company=company, as_of=as_of):
                self.assertRefused('bad_argument', self.sync.begin, kind, company, as_of)
        for number in (0, -1, 'x', 2 ** 31, None):
            with self.subTest(run=number):
                self.assertRefused('bad_argument', self.sync.results, number)
        run = self.prepared()
        for after, limit in ((-1, 10), (0, 0), ('x', 10), (0, None)):
            with self.subTest(after=after, limit=limit):
                self.assertRefused('bad_argument', self.sync.pull, run['run'], run['token'], after, limit)

    def test_order_of_the_steps(self):
        run = self.begin()
        self.assertRefused('wrong_state', self.sync.pull, run['run'], run['token'], 0, 10)
        self.assertRefused('wrong_state', self.stage, run, [(self.big.id, 0, 1, 0, 10)])

    def expire(self):
        self.env.cr.execute("UPDATE kam_sync_lease SET expires = expires - interval '1 hour'")
        self.env.invalidate_all()
