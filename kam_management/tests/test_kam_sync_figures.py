"""What key figures and alerts are configured with, and what else of the past and the plans goes to the worker."""
from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .figure_common import AS_OF, FigureCase


@tagged('post_install', '-at_install')
class TestKamSyncFigureConfig(FigureCase):

    def test_kpis_as_the_worker_needs_them(self):
        source = self.kpi('test_source', aggregate='sum', measure='expected_revenue', date_field='date_closed',
                          unit='amount', low_is_good=True)
        formula = self.env['kam.kpi'].create({
            'code': 'test_formula', 'name': "Half", 'kind': 'formula', 'formula': "test_source / 2", 'unit': 'amount',
            'active': True})
        figure = self.env['kam.kpi'].search([('figure', '=', 'nps')], limit=1) or self.env['kam.kpi'].create({
            'code': 'test_figure', 'name': "NPS", 'kind': 'figure', 'figure': 'nps', 'active': True})
        kpis = {row['id']: row for row in self.pulled()['config']['kpis']}
        self.assertEqual({name: kpis[source.id][name] for name in (
            'kind', 'unit', 'aggregate', 'dated', 'is_additive', 'low_is_good', 'available', 'followed')}, {
            'kind': 'source', 'unit': 'amount', 'aggregate': 'sum', 'dated': True, 'is_additive': True,
            'low_is_good': True, 'available': True, 'followed': True})
        self.assertEqual((kpis[formula.id]['tree'], kpis[formula.id]['dated']),
                         (['/', ['name', 'test_source'], ['number', 2.0]], True))
        self.assertNotIn('aggregate', kpis[formula.id])
        self.assertEqual((kpis[figure.id]['figure'], kpis[figure.id]['dated']), ('nps', False))

    def test_settings_and_the_cost_of_capital_of_the_day(self):
        self.env['kam.capital.cost'].create([
            {'company_id': self.company.id, 'rate': rate, 'date_from': day}
            for rate, day in ((4.0, '2025-01-01'), (6.5, '2026-07-31'), (9.0, '2026-08-01'))])
        settings = self.pulled()['config']['settings']
        self.assertEqual({name: settings[name] for name in (
            'pace_amber', 'pace_red', 'pace_quiet', 'few_deals', 'alerts_per_day', 'cost_of_capital')}, {
            'pace_amber': 95, 'pace_red': 85, 'pace_quiet': 20, 'few_deals': 5, 'alerts_per_day': 3,
            'cost_of_capital': 6.5})
        self.assertNotIn('cost_of_capital', self.pulled(as_of=date(2024, 12, 31))['config']['settings'])

    def test_the_clock_of_the_company(self):
        """Whole days off of everybody: not those of one person, of a morning, of another company, or too far away."""
        calendar = self.env['resource.calendar'].create({
            'name': "Four days", 'tz': 'Europe/Madrid', 'company_id': self.company.id, 'attendance_ids': [
                Command.clear(), *(Command.create({
                    'name': "Day", 'dayofweek': str(day), 'hour_from': 8, 'hour_to': 16, 'day_period': 'morning'})
                    for day in (0, 1, 2, 4))]})
        self.company.resource_calendar_id = calendar
        self.env['resource.calendar.leaves'].search([('resource_id', '=', False)]).unlink()
        leave = {'company_id': self.company.id, 'calendar_id': calendar.id}
        person = self.env['resource.resource'].create({'name': "Ana", 'calendar_id': calendar.id})
        self.env['resource.calendar.leaves'].create([
            {**leave, 'date_from': '2026-12-24 23:00', 'date_to': '2026-12-25 22:59:59'},  # 25 December of Madrid
            {**leave, 'date_from': '2026-04-02 22:00', 'date_to': '2026-04-06 22:00', 'calendar_id': False},  # 3 to 6
            {**leave, 'date_from': '2026-05-01 06:00', 'date_to': '2026-05-01 10:00'},  # a morning
            {**leave, 'date_from': '2026-05-03 22:00', 'date_to': '2026-05-04 22:00', 'resource_id': person.id},
            {**leave, 'date_from': '2026-05-04 22:00', 'date_to': '2026-05-05 22:00', 'time_type': 'other'},
            {**leave, 'date_from': '2022-05-04 22:00', 'date_to': '2022-05-05 22:00'},
            {**leave, 'date_from': '2027-08-04 22:00', 'date_to': '2027-08-05 22:00'}])
        self.assertEqual(self.pulled()['config']['clock'], {
            'weekdays': [0, 1, 2, 4],
            'holidays': ['2026-04-03', '2026-04-04', '2026-04-05', '2026-04-06', '2026-12-25']})

    def test_rules_that_the_worker_watches(self):
        rules = self.env['kam.alert.rule']
        drop = rules.search([('code', '=', 'health_drop')])
        drop.tier_ids = self.env['kam.tier'].search([], limit=1)
        off = rules.search([('code', '=', 'order_rate')])
        off.active = False
        frozen = {row['id']: row for row in self.pulled()['config']['rules']}
        self.assertEqual(frozen[drop.id], {
            'id': drop.id, 'code': 'health_drop', 'subject': 'score', 'condition': 'drop', 'score': 'health',
            'amber': 15.0, 'red': 25.0, 'clear': 10.0, 'window_days': 7, 'severity': 'amber', 'family': 'concern',
            'cause': 'health', 'cool_down_days': 0, 'priority': 10, 'tier_ids': drop.tier_ids.ids})
        self.assertNotIn(off.id, frozen)
        watched = rules.search([('watched_by', '=', 'odoo')])
        self.assertTrue(watched)
        self.assertFalse(set(watched.ids) & set(frozen))

    def test_what_names_the_scores(self):
        """Nothing that only key figures and alerts depend on marks the trend of scores."""
        self.win(self.big, 10, datetime(2026, 7, 1, 12))

        def again():
            self.env.flush_all()
            run = self.begin(as_of=AS_OF)
            self.sync.abandon(run['run'], run['token'], '')
            return run['config_hash']

        self.env['kam.kpi'].search([('role', '=', 'debt')]).role = False
        name = again()
        settings = self.company.kam_settings_id
        for field, value in (('pace_amber', 90), ('pace_red', 50), ('pace_quiet', 5), ('few_deals', 9),
                             ('alerts_per_day', 1)):
            settings[field] = value
            self.assertEqual(again(), name, field)
        self.kpi('test_new')
        self.revenue.write({'name': "Sold", 'unit': 'number', 'low_is_good': True})
        self.env['kam.alert.rule'].search([('code', '=', 'health_drop')]).amber = 12
        self.company.resource_calendar_id = False
        self.assertEqual(again(), name, "KPIs, rules and the calendar")
        cost = self.env['kam.capital.cost'].create(
            {'company_id': self.company.id, 'rate': 5, 'date_from': '2025-01-01'})
        self.assertEqual(again(), name, "nobody tells what is owed")
        self.kpi('test_debt', role='debt', aggregate='sum', measure='expected_revenue', date_field='date_deadline')
        owed = again()
        self.assertNotEqual(owed, name, "debts cost, and lower the net margin")
        cost.rate = 6
        self.assertNotEqual(again(), owed)


@tagged('post_install', '-at_install')
class TestKamSyncFigures(FigureCase):

    def value(self, kpi, start, end, value, grain='month', partner=None):
        self.env['kam.kpi.value'].sudo().create({
            'partner_id': (partner or self.big).id, 'company_id': self.company.id, 'kpi_id': kpi.id, 'grain': grain,
            'period_start': start, 'period_end': end, 'value': value})

    def target(self, kpi, start, target=False, budget=False, partner=None):
        self.env['kam.kpi.target'].create({
            'partner_id': (partner or self.big).id, 'company_id': self.company.id, 'kpi_id': kpi.id,
            'period_start': start, 'target': target, 'budget': budget})

    def targets(self, kpi=None, as_of=AS_OF):
        def number(text):
            return float(text) if text else None
        return {(int(row['account_id']), row['period_start']): (number(row['target']), number(row['budget']))
                for row in self.pulled('target', as_of=as_of)['target']
                if int(row['kpi_id']) == (kpi or self.revenue).id}

    # ------------------------------------------------------------------ recorded
    def test_what_was_recorded_of_states(self):
        """Of periods that are over on 31 July 2026, as far back as July 2024."""
        state = self.kpi('test_state')
        self.value(state, '2026-06-01', '2026-06-30', 7.0)
        self.value(state, '2026-04-01', '2026-06-30', 6.0, 'quarter')
        self.value(state, '2024-07-01', '2024-07-31', 2.0)
        self.value(state, '2024-06-01', '2024-06-30', 1.0)  # too long ago
        self.value(state, '2026-07-01', '2026-07-31', 9.0)  # not over before the day
        self.value(state, '2026-05-01', '2026-05-31', False)
        self.value(state, '2025-07-01', '2026-06-30', 3.0, 'rolling')
        self.value(state, '2026-06-01', '2026-06-30', 7.0, partner=self.quiet)  # no member
        self.value(self.revenue, '2026-06-01', '2026-06-30', 7.0)  # computed anew
        rows = self.pulled('recorded')['recorded']
        self.assertEqual(
            {(row['grain'], row['period_start'], float(row['value'])) for row in rows},
            {('month', '2026-06-01', 7.0), ('quarter', '2026-04-01', 6.0), ('month', '2024-07-01', 2.0)})
        self.assertEqual({(int(row['account_id']), int(row['kpi_id'])) for row in rows}, {(self.big.id, state.id)})

    # ------------------------------------------------------------------ targets
    def test_targets_of_members(self):
        """From two years back to the end of this year."""
        for start, target, budget in (
                ('2024-07-01', 1.0, False), ('2026-12-01', 2.0, 3.0), ('2024-06-01', 9.0, False),
                ('2027-01-01', 9.0, False), ('2026-05-01', False, 0.0)):
            self.target(self.revenue, start, target, budget)
        self.target(self.revenue, '2026-05-01', 4.0, partner=self.small)
        self.target(self.revenue, '2026-05-01', 4.0, partner=self.quiet)
        self.assertEqual(self.targets(), {
            (self.big.id, '2024-07-01'): (1.0, None), (self.big.id, '2026-12-01'): (2.0, 3.0),
            (self.big.id, '2026-05-01'): (None, 0.0), (self.small.id, '2026-05-01'): (4.0, None)})

    def plan(self, *rows, **values):
        plan = self.env['kam.plan'].create({
            'partner_id': self.big.id, 'company_id': self.company.id, 'date_start': '2025-01-01',
            'date_end': '2026-12-31', 'state': 'active', **values})
        self.env['kam.plan.target'].create([
            {'plan_id': plan.id, 'year': year, 'month': month, 'target': target, 'budget': budget}
            for year, month, target, budget in rows])
        return plan

    def test_targets_of_plans(self):
        """A year is twelve equal parts, months are as they are; a year with targets of its own is not asked for."""
        self.win(self.big, 10, datetime(2026, 7, 1, 12))
        self.plan(('2024', '00', 120.0, False), ('2025', '03', 50.0, 40.0), ('2026', '00', 240.0, 60.0))
        self.target(self.revenue, '2026-02-01', 7.0)
        targets = self.targets()
        self.assertEqual(targets.pop((self.big.id, '2025-03-01')), (50.0, 40.0))
        self.assertEqual(targets.pop((self.big.id, '2026-02-01')), (7.0, None))
        self.assertEqual(targets, {(self.big.id, f'2024-{month:02}-01'): (10.0, None) for month in range(7, 13)})

    def test_a_plan_of_several_accounts_says_nothing_of_one(self):
        self.win(self.big, 10, datetime(2026, 7, 1, 12))
        self.plan(('2026', '00', 240.0, 60.0), partner_ids=[Command.set(self.small.ids)])
        self.assertEqual(self.targets(), {})

    # ------------------------------------------------------------------ for alerts
    def person(self, name, **values):
        contact = self.env['res.partner'].create({'name': name, 'parent_id': self.big.id})
        return self.env['kam.stakeholder'].create({
            'partner_id': self.big.id, 'contact_id': contact.id, 'company_id': self.company.id, **values})

    def test_who_left(self):
        champion = self.env.ref('kam_management.stakeholder_role_champion')
        left = {'state': 'left', 'date_left': AS_OF - timedelta(days=10)}
        supporter = self.person("Supporter", support='supporter', **left)
        plays = self.person("Champion by role", role_ids=[Command.set(champion.ids)], **left)
        old = self.person("Long ago", support='champion', state='left', date_left=AS_OF - timedelta(days=90))
        self.person("Neutral", support='neutral', **left)
        self.person("Later", support='supporter', state='left', date_left=AS_OF + timedelta(days=1))
        self.person("Here", support='champion')
        self.assertEqual([(int(row['account_id']), int(row['stakeholder_id']), row['date'])
                          for row in self.pulled('departure')['departure']],
                         [(self.big.id, each.id, '2026-07-21') for each in (supporter, plays)])
        self.env['kam.alert.rule'].search([('code', '=', 'supporter_left')]).window_days = 120
        self.assertIn(str(old.id), [row['stakeholder_id'] for row in self.pulled('departure')['departure']])

    def test_dates(self):
        plan = self.plan()
        step, past, far = self.env['kam.plan.buying.step'].create([
            {'plan_id': plan.id, 'name': "Tender", 'date': AS_OF + timedelta(days=days)} for days in (0, -1, 401)])
        late, kept = self.env['kam.plan.commitment'].create([
            {'plan_id': plan.id, 'name': "Promise", 'date': '2026-01-01', 'date_due': '2026-02-01', 'date_done': done}
            for done in (False, '2026-02-01')])
        action = self.env['kam.action'].create({
            'name': "Visit", 'partner_id': self.big.id, 'company_id': self.company.id, 'date': '2026-08-05'})
        self.env['kam.action'].create({
            'name': "Visit", 'partner_id': self.quiet.id, 'company_id': self.company.id, 'date': '2026-08-05'})
        found = {(row['kind'], int(row['record_id']), row['date']) for row in self.pulled('due')['due']}
        self.assertEqual(found, {
            ('buying_step', step.id, '2026-07-31'), ('commitment', late.id, '2026-02-01'),
            ('action', action.id, '2026-08-05'), ('plan_end', plan.id, '2026-12-31')})
        self.assertFalse({past.id, far.id} & {number for kind, number, _day in found if kind == 'buying_step'})
        self.assertNotIn(('commitment', kept.id, '2026-02-01'), found)

    def test_signals(self):
        plan = self.plan()
        raised, made, quiet = self.env['kam.plan.signal'].create([
            {'plan_id': plan.id, 'name': "They hire", 'date': '2026-07-01'} for _number in range(3)])
        (raised | made).is_raised = True
        made.scenario_id = self.env['kam.plan.scenario'].create({'plan_id': plan.id, 'name': "Own production"})
        self.assertEqual([(int(row['account_id']), int(row['signal_id']), row['date'])
                          for row in self.pulled('signal')['signal']], [(self.big.id, raised.id, '2026-07-01')])
        self.assertFalse(quiet.is_raised)

    def test_alerts_of_before(self):
        rule, by_odoo = (self.env['kam.alert.rule'].search([('watched_by', '=', who)], limit=1)
                         for who in ('worker', 'odoo'))
        longest = max(90, *self.env['kam.alert.rule'].search([]).mapped('cool_down_days'))
        make = {'rule_id': rule.id, 'company_id': self.company.id, 'partner_id': self.big.id,
                'date_opened': '2024-01-01', 'severity': 'amber'}
        alerts = self.env['kam.alert'].sudo()
        open_one = alerts.create({**make, 'subject': '7', 'value': 3.5, 'state': 'acknowledged'})
        child = alerts.create({**make, 'subject': '8', 'parent_id': open_one.id})
        closed = alerts.create({**make, 'state': 'closed', 'date_closed': AS_OF - timedelta(days=longest)})
        alerts.create({**make, 'state': 'closed', 'date_closed': AS_OF - timedelta(days=longest + 1)})
        ours = alerts.create({**make, 'partner_id': False})
        alerts.create({**make, 'rule_id': by_odoo.id})
        rows = {int(row['alert_id']): row for row in self.pulled('alert')['alert']}
        self.assertEqual(set(rows), {open_one.id, child.id, closed.id, ours.id})
        self.assertEqual(rows[open_one.id], {
            'alert_id': str(open_one.id), 'rule_id': str(rule.id), 'account_id': str(self.big.id), 'subject': '7',
            'is_open': '1', 'opened': '2024-01-01', 'closed': '', 'severity': 'amber', 'value': '3.5',
            'parent_rule_id': '', 'threshold': ''})
        self.assertEqual((rows[child.id]['parent_rule_id'], rows[closed.id]['is_open'], rows[ours.id]['account_id']),
                         (str(rule.id), '0', ''))

    def test_the_last_alert_on_a_concentration_is_never_too_old(self):
        """What it has to have grown since, of each rule and each thing that it is about."""
        rules = self.env['kam.alert.rule'].search([('condition', '=', 'band')])
        make = {'company_id': self.company.id, 'date_opened': '2020-01-01', 'severity': 'amber', 'state': 'closed'}
        alerts = self.env['kam.alert'].sudo()
        last = alerts.create([{**make, 'rule_id': rule.id, 'date_closed': '2021-05-01'} for rule in rules])
        alerts.create([{**make, 'rule_id': rule.id, 'date_closed': '2021-04-30'} for rule in rules])
        self.assertEqual({int(row['alert_id']) for row in self.pulled('alert')['alert']}, set(last.ids))
        self.assertEqual(len(last), 2)

    def test_one_account_reads_its_own_dates_and_signals(self):
        """And none of a plan that is its own and another's, where that one has it counted."""
        (self.small | self.quiet).is_key_account = True
        shared = self.plan(partner_ids=[Command.set(self.small.ids)])
        own = self.plan(partner_id=self.quiet.id)
        self.env['kam.plan.signal'].create([
            {'plan_id': plan.id, 'name': "They hire", 'date': '2026-07-01', 'is_raised': True}
            for plan in (shared, own)])
        for partner in (self.big, self.small, self.quiet):
            self.env['kam.action'].create({
                'name': "Visit", 'partner_id': partner.id, 'company_id': self.company.id, 'date': '2026-08-05'})

        def seen(accounts, account):
            run = self.env['kam.sync.run'].new({
                'company_id': self.company.id, 'as_of': AS_OF, 'account_id': account and account.id})
            env = self.env(su=True)
            return ({row[:2] for row in self.sync._due_rows(run, set(accounts.ids))},
                    {plan.id: number for plan, number in self.sync._watched_plans(env, run, set(accounts.ids))})

        due, plans = seen(self.big | self.small | self.quiet, None)
        self.assertEqual(plans, {shared.id: self.big.id, own.id: self.quiet.id})
        self.assertEqual(due, {(self.big.id, 'action'), (self.big.id, 'plan_end'), (self.small.id, 'action'),
                               (self.quiet.id, 'action'), (self.quiet.id, 'plan_end')})
        self.assertEqual(seen(self.small, self.small), ({(self.small.id, 'action')}, {}))
        read = []
        search = type(self.env['kam.plan']).search
        with patch.object(type(self.env['kam.plan']), 'search', lambda model, *args, **named: (
                read.append(found := search(model, *args, **named)) or found)):
            self.sync._due_rows(self.env['kam.sync.run'].new({
                'company_id': self.company.id, 'as_of': AS_OF, 'account_id': self.big.id}), {self.big.id})
        self.assertEqual([plans.ids for plans in read], [shared.ids], "nobody else's plans are read")

    def test_a_key_account_of_another_company(self):
        """It is a customer here, and none that anybody here watches."""
        other = self.env['res.company'].create({'name': "Other"})
        self.service.company_ids |= other
        self.big.kam_company_id = other
        role = self.env['kam.stakeholder.role'].search([], limit=1)
        tier = self.env['kam.tier'].search([('role_ids', 'in', role.ids)], limit=1) or self.env['kam.tier'].create(
            {'name': "Tier", 'code': 'T9', 'role_ids': [Command.set(role.ids)]})
        self.big.kam_tier_id = tier
        self.env['kam.action'].create({
            'name': "Visit", 'partner_id': self.big.id, 'company_id': self.company.id, 'date': '2026-08-05'})
        rows = self.pulled('account', 'seat', 'due')
        self.assertEqual([(row['is_key'], row['key_since']) for row in rows['account']
                          if int(row['account_id']) == self.big.id], [('0', '')], "still in the universe")
        self.assertEqual((rows['seat'], rows['due']), ([], []))
        run = self.sync.begin('full', other.id, str(AS_OF), {'owner': 'test'})
        self.sync.prepare(run['run'], run['token'])
        there = self.pull(run)
        self.assertEqual([row['is_key'] for row in there['account'] if int(row['account_id']) == self.big.id], ['1'])
        self.assertIn(str(self.big.id), {row['account_id'] for row in there['seat']})

    def test_only_falls_of_what_the_history_tells(self):
        """How far trust fell stands in what people rated."""
        self.env['kam.alert.rule'].search([('code', '=', 'trust_down')]).window_days = 77
        self.env['kam.alert.rule'].search([('code', '=', 'health_drop')]).window_days = 33
        run = self.env['kam.sync.run'].browse(self.begin(as_of=AS_OF)['run'])
        self.assertIn(33, self.sync._drop_days(run))
        self.assertNotIn(77, self.sync._drop_days(run))

    def test_history_as_far_back_as_rules_watch(self):
        self.env['kam.alert.rule'].search([('code', '=', 'health_drop')]).window_days = 30
        self.env['kam.score.history'].sudo().create([
            {'partner_id': self.big.id, 'company_id': self.company.id, 'as_of': AS_OF - timedelta(days=days),
             'health': days} for days in (1, 29, 30, 31)])
        self.assertEqual({(row['reference'], float(row['health'])) for row in self.pulled('history')['history']},
                         {('run', 1.0), ('week', 29.0), ('days_30', 30.0)})
