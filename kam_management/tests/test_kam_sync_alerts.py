"""Alerts on their way back: opened once, kept, closed with a reason; what people did with them stays theirs."""
from datetime import timedelta

from odoo.tests import new_test_user, tagged

from .figure_common import AS_OF, FigureCase

ALERT = 'rule_id account_id subject change severity value threshold since facts parent_rule_id reason'
FACTS = '{"days": 40, "longest": 21}'


class AlertCase(FigureCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rules = {rule.code: rule for rule in cls.env['kam.alert.rule'].search([])}
        cls.silence, cls.drop, cls.role = rules['order_silence'], rules['health_drop'], rules['role_empty']
        cls.objective, cls.concentration = rules['objective_behind'], rules['concentration_one']
        cls.alerts = cls.env['kam.alert']
        cls.win(cls.quiet, 10, AS_OF)

    def row(self, change, rule=None, severity='red', account=None, subject=None, value=40.0, reason=None, parent=None):
        account = self.big if account is None else account
        return ((rule or self.silence).id, account.id or None, subject, change, severity, value, 21.0, '2026-07-30',
                FACTS, parent and parent.id, reason)

    def send(self, run, rows):
        self.stage(run, [(self.big.id, 0, 0, 1, 5.0)])
        self.stage(run, [(1, 1, 1, 0)], self.PORTFOLIO, table='portfolio')
        answer = self.stage(run, rows, ALERT, table='alert')
        counts = {'score': 1, 'portfolio': 1, 'alert': len(rows)}
        return ({'tables': {name: {'rows': count, 'batches': 1} for name, count in counts.items()}},
                [row['reason'] for row in answer['refused']])

    def put(self, *rows, as_of=AS_OF, meanwhile=None, **request):
        """A run that stages these changes: what publish answered, and why rows were refused."""
        self.env.flush_all()
        run = self.prepared(as_of=as_of, **request)
        totals, refused = self.send(run, rows)
        if meanwhile:
            meanwhile()
            self.env.flush_all()
        result = self.sync.publish(run['run'], run['token'], totals)
        self.env.invalidate_all()
        return result, refused

    def counts(self, result):
        return result['alerts_opened'], result['alerts_closed']


@tagged('post_install', '-at_install')
class TestKamSyncAlerts(AlertCase):

    def test_opened_kept_and_closed(self):
        result, refused = self.put(self.row('open'))
        self.assertEqual((self.counts(result), refused), ((1, 0), []))
        alert = self.alerts.search([])
        self.assertEqual(
            (alert.rule_id, alert.partner_id, alert.company_id, alert.state, alert.severity, alert.value,
             alert.threshold, str(alert.since), alert.facts, alert.date_opened, alert.run_id.id, alert.create_uid),
            (self.silence, self.big, self.company, 'open', 'red', 40.0, 21.0, '2026-07-30',
             {'days': 40, 'longest': 21}, AS_OF, result['run'], self.service))
        later = AS_OF + timedelta(days=1)
        kept, _refused = self.put(self.row('keep', severity='amber', value=41.0), as_of=later)
        self.assertEqual((self.counts(kept), alert.severity, alert.value, alert.date_opened, alert.run_id.id),
                         ((0, 0), 'amber', 41.0, AS_OF, kept['run']))
        self.put(self.row('keep', severity='amber', value=41.0), as_of=later)
        self.assertEqual(alert.run_id.id, kept['run'], "nothing changed, nothing written")
        closed, _refused = self.put(self.row('close', reason='cleared'), as_of=later)
        self.assertEqual((self.counts(closed), alert.state, alert.close_reason, alert.date_closed),
                         ((0, 1), 'closed', 'cleared', later))
        again, _refused = self.put(self.row('open'), as_of=later)
        self.assertEqual((self.counts(again), self.alerts.search_count([])), ((1, 0), 2))

    def test_what_was_told_stays_when_nothing_is_known(self):
        """Only that it is unknown now is added, until it is known again."""
        def told(facts):
            row = list(self.row('keep' if self.alerts.search([]) else 'open'))
            row[8] = facts
            self.put(tuple(row))
            return self.alerts.search([]).facts

        told(FACTS)
        unknown = {'days': 40, 'longest': 21, 'unknown': 'no_data'}
        self.assertEqual(told('{"unknown": "no_data"}'), unknown)
        self.assertEqual(told('{"unknown": "no_data"}'), unknown)
        self.assertEqual(told('{"days": 41}'), {'days': 41})
        self.assertEqual(told('{"unknown": "no_data", "days": 42}'), {'unknown': 'no_data', 'days': 42})

    def test_a_key_account_of_another_company_raises_nothing_here(self):
        """Nor what became one while the run was computed; what is open here is over."""
        other = self.env['res.company'].create({'name': "Other"})
        self.big.kam_company_id = self.company
        self.put(self.row('open'))
        moved = self.small
        moved.write({'is_key_account': True, 'kam_company_id': self.company.id})
        result, refused = self.put(
            self.row('open', account=moved), meanwhile=lambda: moved.write({'kam_company_id': other.id}))
        self.assertEqual((self.counts(result), refused), ((0, 0), []))
        self.big.kam_company_id = other
        result, refused = self.put(self.row('open', self.drop))
        self.assertEqual(self.counts(result), (0, 1))
        self.assertIn("no active key account", refused[0])
        self.assertEqual(self.alerts.search([]).close_reason, 'gone')

    def test_opening_twice_opens_once(self):
        self.put(self.row('open'))
        result, refused = self.put(self.row('open', value=50.0))
        self.assertEqual((self.counts(result), refused, self.alerts.search([]).mapped('value')), ((0, 0), [], [50.0]))

    def test_what_people_did_stays(self):
        self.put(self.row('open'))
        manager = new_test_user(self.env, 'km', groups='kam_management.group_kam_manager')
        alert = self.alerts.search([]).sudo()
        alert.write({'state': 'snoozed', 'user_id': manager.id, 'acknowledged_by': manager.id,
                     'snoozed_until': '2026-09-01', 'snooze_reason': "Holidays"})
        self.put(self.row('keep', value=50.0))
        self.assertEqual((alert.value, alert.state, alert.user_id), (50.0, 'snoozed', manager))
        self.put(self.row('close', reason='gone'))
        self.assertEqual((alert.state, alert.close_reason, alert.user_id, alert.acknowledged_by, alert.snooze_reason,
                          str(alert.snoozed_until)),
                         ('closed', 'gone', manager, manager, "Holidays", '2026-09-01'))

    def test_graver_is_open_again(self):
        """Amber was answered, not red; less, or the same again, leaves what was answered alone."""
        self.put(self.row('open', severity='amber'))
        alert = self.alerts.search([]).sudo()
        said = {'state': 'snoozed', 'acknowledged_by': self.env.uid, 'snoozed_until': '2026-09-01',
                'snooze_reason': "Holidays", 'followed_on': '2026-08-01', 'reacted_on': '2026-08-01',
                'escalated_on': '2026-08-01'}
        alert.write(said)
        self.put(self.row('keep', severity='info', value=39.0))
        self.assertEqual((alert.severity, alert.state, bool(alert.reacted_on)), ('info', 'snoozed', True))
        self.put(self.row('keep', severity='red', value=50.0))
        self.assertEqual(
            (alert.severity, alert.state, alert.snoozed_until, alert.followed_on, alert.reacted_on, alert.escalated_on,
             alert.snooze_reason, alert.acknowledged_by.id),
            ('red', 'open', False, False, False, False, "Holidays", self.env.uid))

    def test_subjects_and_the_company_stand_apart(self):
        roles = self.env['kam.stakeholder.role'].search([], limit=2).ids
        none = self.env['res.partner']
        result, refused = self.put(
            *(self.row('open', self.role, 'amber', subject=str(role)) for role in roles),
            self.row('open', self.concentration, account=none))
        self.assertEqual((self.counts(result), refused), ((3, 0), []))
        self.assertEqual(self.alerts.search([('partner_id', '=', False)]).rule_id, self.concentration)
        result, _refused = self.put(self.row('close', self.role, subject=str(roles[0])))
        self.assertEqual((self.counts(result), self.alerts.search([
            ('state', '=', 'open'), ('rule_id', '=', self.role.id)]).mapped('subject')), ((0, 1), [str(roles[1])]))

    def test_folded_under_the_head(self):
        self.put(self.row('open'), self.row('open', self.drop, 'amber', parent=self.silence))
        head, child = (self.alerts.search([('rule_id', '=', rule.id)]) for rule in (self.silence, self.drop))
        self.assertEqual((child.parent_id, head.parent_id), (head, self.alerts))
        self.put(self.row('close'), self.row('keep', self.drop, 'amber'))
        self.assertEqual((child.parent_id, child.state), (self.alerts, 'open'))

    def test_what_is_not_answered_stays_unless_nobody_watches(self):
        """An account that is none any more and a rule that is off: both are closed, and the reason is told."""
        self.small.is_key_account = True
        self.put(self.row('open'), self.row('open', account=self.small), self.row('open', self.drop))
        result, _refused = self.put()
        self.assertEqual(self.counts(result), (0, 0))
        self.small.is_key_account = False
        self.drop.active = False
        result, _refused = self.put()
        self.assertEqual(self.counts(result), (0, 2))
        self.assertEqual({(row.partner_id.name, row.rule_id.code): (row.state, row.close_reason)
                          for row in self.alerts.with_context(active_test=False).search([])}, {
            ('Big Retail', 'order_silence'): ('open', False), ('Small Bakery', 'order_silence'): ('closed', 'gone'),
            ('Big Retail', 'health_drop'): ('closed', 'rule_off')})

    def test_alerts_of_odoo_are_left_alone(self):
        rule = self.env['kam.alert.rule'].search([('watched_by', '=', 'odoo')], limit=1)
        alert = self.alerts.sudo().create({
            'rule_id': rule.id, 'company_id': self.company.id, 'partner_id': self.quiet.id, 'date_opened': AS_OF})
        _result, refused = self.put(self.row('close', rule, account=self.quiet), self.row('open', rule))
        self.assertEqual((len(refused), alert.state), (2, 'open'))

    def test_refused_by_themselves(self):
        odd = self.env['kam.alert.rule'].search([], order='id desc', limit=1).id + 1
        _result, refused = self.put(
            self.row('open'), self.row('open'), self.row('open', account=self.quiet),
            self.row('open', account=self.small),
            (odd, self.big.id, None, 'open', 'red', 1.0, None, None, None, None, None),
            self.row('keep', self.drop), self.row('close', self.drop), self.row('shut', self.drop),
            self.row('open', self.drop, 'awful'), self.row('open', self.drop, subject="a b"),
            self.row('close', self.drop, reason='tired'))
        for words, times in (("twice", 1), ("no active key account", 2), ("not among those that the worker", 1),
                             ("no such open alert", 2), ("is none of open", 1), ("is none of info", 1),
                             ("is no short name", 1), ("is none of cleared", 1)):
            self.assertEqual(len([reason for reason in refused if words in reason]), times, words)
        self.assertEqual(len(self.alerts.search([])), 1)

    def test_what_vanished_meanwhile(self):
        """A rule that was switched off, an account that is none any more, a subject that was deleted."""
        objective = self.env['kam.objective'].create({
            'name': "Grow", 'partner_id': self.big.id, 'company_id': self.company.id})
        self.small.is_key_account = True

        def vanish():
            objective.unlink()
            self.drop.active = False
            self.small.is_key_account = False
        result, refused = self.put(
            self.row('open'), self.row('open', self.drop), self.row('open', account=self.small),
            self.row('open', self.objective, subject=str(objective.id)), meanwhile=vanish)
        self.assertEqual((refused, self.counts(result), result['state']), ([], (1, 0), 'partial'))
        self.assertEqual(len([row for row in result['refusals'] if "is gone" in row['reason']]), 3)
        self.assertEqual(self.alerts.search([]).rule_id, self.silence)

    def test_a_dry_run_and_an_earlier_day(self):
        self.put(self.row('open'))
        dry, _refused = self.put(self.row('close'), self.row('open', self.drop), dry_run=True)
        self.assertEqual(self.counts(dry), (1, 1))
        early, _refused = self.put(self.row('close'), as_of=AS_OF - timedelta(days=1))
        self.assertEqual((early['history_only'], self.counts(early)), (True, (0, 0)))
        self.assertEqual(self.alerts.search([]).mapped('state'), ['open'])

    def test_one_account(self):
        """A run of one account changes its alerts alone, and none of the company."""
        self.small.is_key_account = True
        none = self.env['res.partner']
        self.put(self.row('open', account=self.small), self.row('open'),
                 self.row('open', self.concentration, account=none))
        self.small.is_key_account = False
        self.env.flush_all()
        run = self.sync.begin('account', self.company.id, str(AS_OF), {'owner': 'test', 'account': self.big.id})
        self.sync.prepare(run['run'], run['token'])
        self.assertEqual({row['account_id'] for row in self.pull(run)['alert']}, {str(self.big.id)})
        self.stage(run, [(self.big.id, 0, 0, 1, 5.0)])
        rows = [self.row('close'), self.row('open', self.drop), self.row('open', self.drop, account=none),
                self.row('close', account=self.small), self.row('close', self.concentration, account=none)]
        answer = self.stage(run, rows, ALERT, table='alert')
        self.assertEqual(len(answer['refused']), 3)
        result = self.sync.publish(run['run'], run['token'], {'tables': {
            'score': {'rows': 1, 'batches': 1}, 'alert': {'rows': 5, 'batches': 1}}})
        self.assertEqual(self.counts(result), (1, 1))
        self.assertEqual(set(self.alerts.search([('state', '=', 'open')]).mapped(
            lambda row: (row.partner_id, row.rule_id))), {
                (self.small, self.silence), (none, self.concentration), (self.big, self.drop)})

    def test_ten_thousand_at_once(self):
        """As many statements as for one."""
        def statements(*rows):
            self.env.flush_all()
            run = self.prepared(as_of=AS_OF)
            totals, refused = self.send(run, rows)
            self.assertFalse(refused)
            before = self.env.cr.sql_log_count
            result = self.sync.publish(run['run'], run['token'], totals)
            return self.env.cr.sql_log_count - before, self.counts(result)
        one, _counts = statements(self.row('open', subject='x1'))
        many, counts = statements(*(self.row('open', subject=f'x{number}') for number in range(10_000)))
        self.assertEqual((many, counts), (one, (9_999, 0)))
        closed, counts = statements(*(self.row('close', subject=f'x{number}') for number in range(10_000)))
        self.assertEqual((closed, counts), (one, (0, 10_000)))

    def test_the_service_user_writes_nothing_by_hand(self):
        self.put(self.row('open'))
        alert = self.alerts.with_user(self.service).search([])
        self.assertEqual(alert.severity, 'red')
        for model, values in (('kam.alert', {'severity': 'info'}), ('kam.alert.rule', {'amber': 1.0})):
            self.assertFalse(self.env[model].with_user(self.service).has_access('write'), model)
            self.assertFalse(self.env[model].with_user(self.service).has_access('create'), values)
        self.assertFalse(self.env['kam.kpi.value'].with_user(self.service).has_access('write'))
        self.assertFalse(self.env['kam.kpi'].with_user(self.service).has_access('write'))
