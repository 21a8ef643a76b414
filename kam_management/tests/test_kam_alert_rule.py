"""Alert rules: what they may say, who changes them, and whether anybody acts on their alerts."""
from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .alert_common import AlertCommon


@tagged('post_install', '-at_install')
class TestKamAlertRule(AlertCommon):

    def test_shipped(self):
        """Every rule of the methodology, as data, in working order."""
        rules = self.env['kam.alert.rule'].search([])
        self.assertLessEqual({
            'health_drop', 'contact_overdue', 'few_people', 'role_empty', 'supporter_left', 'order_rate',
            'order_silence', 'nps_detractor', 'trust_down', 'objective_behind', 'date_near', 'concentration_one',
            'concentration_five', 'opinions_old', 'signal', 'sales_behind_target', 'plan_b_missing', 'results_stale',
        }, set(rules.mapped('code')))
        for rule in rules:
            self.assertFalse(rule._find_problem(), rule.code)
            self.assertEqual(rule.state, 'ready', rule.code)
        self.assertEqual({rule.code for rule in rules if rule.watched_by == 'odoo'},
                         {'plan_b_missing', 'results_stale'})

    def test_thresholds(self):
        drop, people = self._rule('health_drop'), self._rule('few_people')
        for rule, values, sentence in (
            (drop, {'red': 10}, "rises: red must not lie below amber"),
            (drop, {'clear': 20}, "must not lie above it"),
            (drop, {'window_days': False}, "within how many days"),
            (drop, {'window_days': 0}, "from 1 to 730"),
            (drop, {'amber': False, 'red': False}, "from which number on"),
            (people, {'red': 4}, "falls: red must not lie above amber"),
            (people, {'clear': 2}, "must not lie below it"),
            (people, {'escalate_days': 0}, "from 1 to 365"),
            (self._rule('date_near'), {'ahead_days': False}, "how many days ahead"),
        ):
            with self.subTest(values=values), self._refused(ValidationError, sentence):
                rule.with_user(self.user_admin).write(values)

    def test_own_rules(self):
        rules = self.env['kam.alert.rule'].with_user(self.user_admin)
        rules.create({'code': 'low_health', 'name': "Low health", 'subject': 'score', 'condition': 'below',
                      'score': 'health', 'amber': 60, 'red': 40, 'clear': 65})
        for values, sentence in (
            ({'subject': 'order', 'condition': 'rate'}, "watch a KPI, a score"),
            ({'subject': 'score', 'condition': 'below', 'amber': 5}, "say which one is watched"),
            ({'subject': 'kpi', 'condition': 'overdue', 'amber': 5}, "can't wait for"),
            ({'subject': 'kpi', 'condition': 'below'}, "from which number on"),
            ({'subject': 'date', 'condition': 'overdue', 'date_kind': 'buying_step'}, "would never alert"),
            ({'code': 'Two Words', 'subject': 'kpi', 'condition': 'status_red'}, "only small letters"),
        ):
            with self.subTest(values=values), self._refused(ValidationError, sentence):
                rules.create({'code': 'mine', 'name': "Mine", **values})
        with self._refused(UserError, "The code of a rule stays"):
            self._rule('few_people').with_user(self.user_admin).code = 'other'

    def test_who_changes_them(self):
        rule = self._rule('few_people')
        rule.with_user(self.user_admin).amber = 2
        for user in (self.user_user, self.user_manager):
            self.assertEqual(rule.with_user(user).amber, 2)
            with self.assertRaises(AccessError):
                rule.with_user(user).amber = 1
        self._alert()
        with self._refused(UserError, "has raised alerts"):
            rule.with_user(self.user_admin).unlink()

    def test_state(self):
        kpi = self.env['kam.kpi'].create({
            'code': 'things', 'name': "Things", 'model_name': 'crm.lead', 'partner_path': 'partner_id',
            'aggregate': 'count', 'active': False})
        rule = self.env['kam.alert.rule'].create({
            'code': 'few_things', 'name': "Few things", 'subject': 'kpi', 'condition': 'below', 'amber': 3,
            'kpi_id': kpi.id})
        self.assertEqual(rule.state, 'kpi_archived')
        self.assertIn("“Things” is archived", rule.state_note)
        rule.active = False
        self.assertEqual(rule.state, 'off')

    def test_acted_on(self):
        """Of four heads of the last year, one was acknowledged, one put off, one acted on: three of four."""
        rule = self._rule('few_people').with_user(self.user_user)
        self.assertIs(rule.acted_share, False)
        heads = [self._alert(partner=partner) for partner in (self.iberia, self.solo, self.other, self.group)]
        heads[0].with_user(self.user_user).action_acknowledge()
        heads[1].with_user(self.user_user)._snooze(self.today + timedelta(days=3), "Later")
        self.env['kam.action'].with_user(self.user_colleague).create({
            'name': "Call", 'partner_id': self.other.id, 'alert_id': heads[2].id})
        # neither a folded one counts nor, of the last year, one of two years ago
        self._alert(partner=self.france, parent_id=heads[0].id)
        self._alert(partner=self.logistics, days=700)
        rule.invalidate_recordset()
        self.assertEqual((rule.opened_count, rule.acted_share), (4, 0.75))
        self.assertEqual(rule.open_count, 5)
        self.assertIs(self._rule('trust_down').acted_share, False)
