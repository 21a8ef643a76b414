"""Objectives: the five letters, the steps, check-ins and what they say, and who may see them."""
import doctest
from datetime import date, timedelta

from lxml import etree
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..models import kam_dafo_strategy
from ..tools import pace
from .dafo_common import DafoCommon

# What takes each letter away, and what the refusal says.
MISSING = {
    's': ({'owner_id': False}, "Specific: .*owner"),
    'm': ({'unit': False, 'target': False}, "Measurable: .*KPI"),
    'a': ({'resources': False}, "Achievable: .*resources"),
    'r': ({'goal': False}, "Relevant: .*strategy"),
    't': ({'date_deadline': False}, "Time-bound: .*deadline"),
}


@tagged('post_install', '-at_install')
class TestKamObjective(DafoCommon):

    def _checkin(self, objective, value, user=None, **values):
        return self.env['kam.objective.checkin'].with_user(user or self.user_user).create({
            'objective_id': objective.id, 'value': value, **values})

    # ------------------------------------------------------------------ letters
    def test_each_letter(self):
        for letter, (values, sentence) in MISSING.items():
            with self.subTest(letter=letter):
                objective = self._objective()
                # whoever owns it agrees to it as it is now
                objective.write(values if letter == 's' else {**values, 'owner_agreed': True})
                missing = [mark['letter'] for mark in objective.smart if mark['missing']]
                self.assertEqual(missing, ['s', 'a'] if letter == 's' else [letter])
                with self._refused(UserError, sentence):
                    objective.action_start()
                self.assertEqual(objective.state, 'draft')
        objective = self._objective()
        objective.action_start()
        self.assertEqual(objective.state, 'running')

    def test_marks_fill_while_editing(self):
        form = Form(self.env['kam.objective'].with_user(self.user_user))

        def holding():
            return ''.join(mark['letter'] for mark in form.smart if not mark['missing'])
        form.name = "Half of its trays are ours"
        self.assertEqual(holding(), 's', "the owner is oneself to start with")
        form.partner_id = self.iberia
        form.unit = '%'
        form.baseline = 0
        form.target = 50
        self.assertEqual(holding(), 'sm', "zero is a number")
        form.resources = "An engineer"
        self.assertEqual(holding(), 'sma', "one agrees with oneself")
        form.need = "A second source"
        form.date_deadline = self.today + timedelta(days=90)
        self.assertEqual(holding(), 'smart')
        form.owner_id = self.user_colleague
        self.assertEqual(holding(), 'smrt', "a new owner is asked anew")

    def test_kpi_and_strategy_do_too(self):
        kpi = self.env['kam.kpi'].search([], limit=1)
        strategy = self._strategy(self._card(self.us, 'strength'), self._card(self.customer, 'opportunity'))
        objective = self._objective(
            unit=False, baseline=False, target=False, kpi_id=kpi.id, goal=False, strategy_id=strategy.id)
        with self._refused(UserError, "Measurable: say where the KPI starts"):
            objective.action_start()
        objective.write({'baseline': 20, 'target': 50, 'owner_agreed': True})
        objective.action_start()
        self.assertEqual(objective.state, 'running')

    def test_inside_the_plan(self):
        plan = self._plan(date_start=self.today, date_end=self.today + timedelta(days=500))
        objective = self._objective(plan_id=plan.id)
        with self._refused(UserError, "beyond the plan"):
            objective.action_start()
        objective.date_start = self.today
        objective.action_start()
        with self._refused(ValidationError, "is running. Time-bound"):
            objective.date_deadline = self.today + timedelta(days=501)

    def test_objectives_per_year(self):
        plan = self._plan(date_start=date(2026, 7, 1), date_end=date(2028, 12, 31))
        for day in (date(2026, 12, 1), date(2027, 5, 1), date(2027, 9, 1)):
            self._objective(plan_id=plan.id, date_start=date(2026, 8, 1), date_deadline=day)
        years = self.env['kam.objective'].with_user(self.user_user)._read_group(
            [('plan_id', '=', plan.id)], ['date_deadline:year'], ['__count'])
        self.assertEqual([(day.year, count) for day, count in years], [(2026, 1), (2027, 2)])
        calendar = etree.fromstring(self.env['kam.objective'].get_view(view_type='calendar')['arch'])
        self.assertEqual((calendar.get('date_start'), calendar.get('mode')), ('date_deadline', 'year'))

    def test_owner_agrees_for_themselves(self):
        objective = self._objective(owner_id=self.user_contributor.id, owner_agreed=False)
        with self._refused(UserError, "Only Contributor"):
            objective.owner_agreed = True
        with self._refused(UserError, "Ask them"):
            objective.action_start()
        owned = objective.with_user(self.user_contributor)
        with self.assertRaises(AccessError):
            owned.name = "Less"
        owned.action_agree()
        objective.action_start()
        # somebody takes over what runs
        objective.owner_id = self.user_colleague
        self.assertFalse(objective.owner_agreed)
        self.assertEqual(objective.state, 'running')

    def test_whoever_owns_it_can_open_it(self):
        """People of any function may own an objective, once they are in Key Accounts at all."""
        objective = self._objective()
        refusal = "Sales couldn't open it. Ask an administrator to give them the role “Contributor: .* Settings › Users"
        with self._refused(ValidationError, refusal):
            objective.owner_id = self.user_sales
        with self._refused(ValidationError, refusal):
            self.env['kam.handover'].with_user(self.user_manager).create({
                'partner_ids': [Command.set(self.iberia.ids)], 'user_id': self.user_sales.id}).action_confirm()
        self.assertEqual(self.iberia.kam_manager_id, self.user_user)
        self.user_sales.group_ids |= self.env.ref('kam_management.group_kam_contributor')
        objective.owner_id = self.user_sales
        self.assertEqual(objective.with_user(self.user_sales).name, "Half of its trays are ours")

    def test_who_starts_their_own_agrees(self):
        objective = self._objective(owner_agreed=False)
        self.assertFalse(objective.owner_agreed)
        theirs = objective.with_user(self.user_manager)
        self.assertEqual([mark['letter'] for mark in theirs.smart if mark['missing']], ['a'])
        with self._refused(UserError, "has not agreed yet"):
            theirs.action_start()
        objective.action_start()
        self.assertEqual((objective.state, objective.owner_agreed), ('running', True))

    def test_what_was_agreed_changes(self):
        """Whoever agreed did so to these numbers and this deadline."""
        kpi = self.env['kam.kpi'].search([], limit=1)
        objective = self._objective(owner_id=self.user_contributor.id, owner_agreed=False)
        owned = objective.with_user(self.user_contributor)
        for values in ({'target': 60}, {'unit': "EUR"}, {'kpi_id': kpi.id}, {'baseline': 10}, {'resources': "Two"},
                       {'date_deadline': self.today + timedelta(days=40)}):
            owned.action_agree()
            self.assertTrue(objective.owner_agreed)
            objective.write(values)
            self.assertFalse(objective.owner_agreed, values)
            with self._refused(UserError, "has not agreed yet"):
                objective.action_start()
        owned.action_agree()
        objective.action_start()
        objective.target = 65
        self.assertEqual((objective.state, objective.owner_agreed), ('running', False))
        owned.action_agree()
        objective.action_reset()
        self.assertFalse(objective.owner_agreed)
        mine = self._objective()
        mine.write({'target': 60, 'owner_agreed': True})
        self.assertTrue(mine.owner_agreed, "the owner says so to these very numbers")

    def test_what_is_written_again_is_no_change(self):
        """As by an import of the same file: who agreed goes on agreeing, and what has ended is not refused."""
        kpi = self.env['kam.kpi'].search([], limit=1)
        objective = self._objective(kpi_id=kpi.id, baseline=0)
        other = self._objective(owner_agreed=True, target=60)
        self.env.flush_all()
        self.user_user.group_ids |= self.env.ref('base.group_allow_export')
        names = ['id', 'name', 'owner_id', 'kpi_id', 'unit', 'baseline', 'target', 'resources', 'date_deadline',
                 'confidentiality']
        rows = [[str(value) for value in row] for row in objective.export_data(names)['datas']]

        def load(row):
            self.env.flush_all()
            result = self.env['kam.objective'].with_user(self.user_user).load(names, [row])
            self.assertEqual((result['messages'], result['ids']), ([], objective.ids))
            self.env.flush_all()
        load(rows[0])
        self.assertTrue(objective.owner_agreed)
        objective.action_start()
        load(rows[0])
        self.assertEqual((objective.owner_agreed, objective.state), (True, 'running'))
        objective.write({name: objective[name] for name in ('unit', 'baseline', 'target', 'resources')} | {
            'owner_id': objective.owner_id.id, 'kpi_id': kpi.id, 'date_deadline': str(objective.date_deadline)})
        (objective | other).write({'target': 60.0})
        self.assertEqual((objective.owner_agreed, other.owner_agreed), (False, True), "only what changed is asked anew")
        load(rows[0][:6] + ['70'] + rows[0][7:])
        self.assertEqual((objective.target, objective.owner_agreed), (70, False))
        objective.action_miss()
        load(rows[0][:6] + ['70'] + rows[0][7:])
        result = self.env['kam.objective'].with_user(self.user_user).load(names, rows)
        self.assertIn("has ended and stays as it was", result['messages'][0]['message'])

    def test_zero_is_another_number_than_none(self):
        objective = self._objective(baseline=0)
        objective.baseline = False
        self.assertEqual((objective.baseline, objective.owner_agreed), (False, False))
        with self.assertRaises(AccessError):  # also what changes nothing is for those who may
            objective.with_user(self.user_contributor).write({'name': objective.name})

    def test_bad_input(self):
        with self._refused(ValidationError, "needs a unit"):
            self._objective(unit=False)
        with self._refused(ValidationError, "nothing to reach"):
            self._objective(target=20)
        with self._refused(ValidationError, "before its start"):
            self._objective(date_deadline=self.today - timedelta(days=51))
        with self._refused(ValidationError, "a plan of"):
            self._objective(plan_id=self._plan(self.solo).id)

    # ------------------------------------------------------------------ steps
    def test_steps(self):
        objective = self._objective()
        for values in ({'state': 'running'}, {'state': 'achieved'}):
            with self._refused(UserError, "by its buttons"):
                objective.with_context(kam_step=True).write(values)
        with self._refused(UserError, "by its buttons"):
            self._objective(state='running')
        # refused by whichever guard comes first: a draft's letters, or its steps
        with self._refused(UserError, "by its buttons|is running. Measurable"):
            self.env['kam.objective'].with_user(self.user_user).with_context(default_state='running').create(
                {'name': "Else", 'partner_id': self.iberia.id})
        with self._refused(UserError, "Start it first"):
            objective.action_achieve()
        objective.action_start()
        with self._refused(UserError, "started already"):
            objective.action_start()
        with self._refused(UserError, "Only a draft"):
            objective.unlink()
        objective.action_achieve()
        self.assertEqual((objective.state, objective.date_closed), ('achieved', self.today))
        with self._refused(UserError, "stays as it was"):
            objective.target = 30
        objective.action_reset()
        objective.unlink()

    # ------------------------------------------------------------------ check-ins
    def test_progress_and_health(self):
        objective = self._objective()
        with self._refused(ValidationError, "Start it first"):
            self._checkin(objective, 30)
        objective.action_start()
        self.assertEqual((objective.progress, objective.health, objective.elapsed), (False, False, 50))
        for value, progress, health in ((35, 50, 'on_track'), (32, 40, 'at_risk'), (27.5, 25, 'off_track'),
                                        (10, -100 / 3, 'off_track'), (60, 400 / 3, 'on_track')):
            self._checkin(objective, value)
            self.assertAlmostEqual(objective.progress, progress)
            self.assertEqual(objective.health, health)
            for name, _label in objective._fields['health'].selection:
                found = objective.search([('health', '=', name), ('id', '=', objective.id)])
                self.assertEqual(bool(found), name == health, (value, name))
            self.assertFalse(objective.search([('health', '=', False), ('id', '=', objective.id)]))
        self._checkin(objective, 21, date=self.today - timedelta(days=3))
        self.assertEqual(objective.value, 60, "the latest date counts")
        with self._refused(ValidationError, "yet to come"):
            self._checkin(objective, 60, date=self.today + timedelta(days=1))

    def test_overdue_and_short_of_the_target(self):
        objective = self._objective(date_deadline=self.today - timedelta(days=1))
        objective.action_start()
        for value, health in ((49, 'off_track'), (50, 'on_track')):
            self._checkin(objective, value)
            self.assertEqual(objective.health, health)
            for name, _label in objective._fields['health'].selection:
                found = objective.search([('health', '=', name), ('id', '=', objective.id)])
                self.assertEqual(bool(found), name == health, (value, name))

    def test_thresholds(self):
        for module in (pace, kam_dafo_strategy):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted)
            self.assertFalse(result.failed)

    def test_target_below(self):
        objective = self._objective(baseline=12, target=6, unit="complaints")
        objective.action_start()
        self._checkin(objective, 9)
        self.assertEqual((objective.progress, objective.pace, objective.health), (50, 0, 'on_track'))

    def test_unknown_without_a_checkin(self):
        objective = self._objective()
        self.assertIn(objective, objective.search([('health', '=', False)]))
        objective.action_start()
        self.assertIn(objective, objective.search([('health', '=', False)]))
        self.assertNotIn(objective, objective.search([('health', '!=', False)]))

    # ------------------------------------------------------------------ who sees what
    def test_readers(self):
        objective = self._objective(user=self.user_manager, owner_id=self.user_manager.id)
        for role, seen in (('user', True), ('colleague', False), ('contributor', False), ('sales', False),
                           ('manager', True), ('admin', True)):
            found = self.env['kam.objective'].with_user(getattr(self, f'user_{role}'))
            if role == 'sales':
                self.assertFalse(found.has_access('read'))
                continue
            self.assertEqual(bool(found.search([('id', '=', objective.id)])), seen, role)
        objective.owner_id = self.user_contributor
        self.assertTrue(objective.with_user(self.user_contributor).has_access('read'))
        objective.with_user(self.user_contributor).action_agree()
        objective.action_start()
        action = objective.with_user(self.user_contributor).action_check_in()
        with Form(self.env['kam.objective.checkin'].with_user(self.user_contributor).with_context(
                **action['context'])) as form:
            form.value = 30
        self.assertEqual(objective.with_user(self.user_contributor).progress, 100 / 3)
        with self.assertRaises(AccessError):
            self._checkin(objective, 30, user=self.user_colleague)

    def test_query_counts(self):
        counts = []
        for number in (5, 500):
            partner = self._partner(f"Many {number}", user_id=self.user_user.id)
            objectives = self.env['kam.objective'].with_user(self.user_user).create([{
                'name': f"Objective {index}", 'partner_id': partner.id, 'unit': '%', 'baseline': 0, 'target': 50,
            } for index in range(number)])
            names = ('display_name', 'health', 'smart', 'progress', 'is_overdue', 'lead_count')
            counts.append(self._count_queries(
                lambda objectives=objectives, partner=partner, names=names: objectives.search(
                    [('partner_id', '=', partner.id)]).web_read({name: {} for name in names})))
        self.assertLessEqual(counts[1], counts[0])
