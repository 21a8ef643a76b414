"""Objectives and the goals of a plan that they serve: the link, what hangs on it, and who reads the goal's name."""
from datetime import timedelta

from lxml import etree
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .dafo_common import DafoCommon


class GoalCommon(DafoCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._plan()
        cls.need = cls._goal("A second source", kind='need')

    @classmethod
    def _goal(cls, name, plan=None, user=None, **values):
        return cls.env['kam.plan.goal'].with_user(user or cls.user_manager).create({
            'plan_id': (plan or cls.plan).id, 'name': name, **values}).with_env(cls.env)

    def _merge(self, sources, destination):
        """As somebody who sees neither plans nor objectives."""
        self.env['base.partner.merge.automatic.wizard'].with_user(self.user_sales)._merge(
            (sources | destination).ids, destination.with_user(self.user_sales), extra_checks=False)
        self.env.invalidate_all()


@tagged('post_install', '-at_install')
class TestObjectiveGoal(GoalCommon):

    def test_relevant_by_a_goal_of_the_plan(self):
        objective = self._objective(goal=False)
        with self._refused(UserError, "Relevant: say what it is for. Link a goal or a need of the plan"):
            objective.action_start()
        objective.goal_id = self.need
        objective.action_start()
        with self._refused(ValidationError, "is running. Relevant"):
            objective.goal_id = False
        objective.need = "A second source"  # in words does as well
        objective.goal_id = False

    def test_a_goal_of_a_plan_of_the_account(self):
        other = self._goal("Own brand", self._plan(self.solo))
        with self._refused(ValidationError, "one of Solo Shop. Choose one of a plan of Nordwind Iberia"):
            self._objective(goal_id=other.id)
        covering = self._plan(self.other, partner_ids=[Command.link(self.solo.id)], date_start='2020-01-01',
                              date_end='2020-12-31')
        covered = self._goal("Both brands", covering)
        objective = self._objective(partner_id=self.solo.id, goal_id=covered.id)
        self.assertEqual(objective.goal_id, covered)

    def test_a_new_objective_belongs_to_the_plan_that_runs(self):
        self.assertFalse(self._objective().plan_id, "a draft of a plan doesn't run")
        self.plan.with_user(self.user_manager).action_activate()
        with Form(self.env['kam.objective'].with_user(self.user_user)) as form:
            form.name = "Half of its trays"
            form.partner_id = self.iberia
            self.assertEqual(form.plan_id, self.plan)
        self.assertEqual(form.record.plan_id, self.plan)
        self.assertFalse(self._objective(plan_id=False).plan_id, "or to none, where its writer says so")

    def test_the_goal_shows_its_objectives(self):
        mine = self._objective(goal_id=self.need.id)
        hidden = self._objective(
            user=self.user_manager, goal_id=self.need.id, confidentiality='manager', owner_id=self.user_manager.id)
        hidden.sudo().partner_id.kam_manager_id = self.user_colleague
        goal = self.need.with_user(self.user_manager)
        self.assertEqual(goal.objective_count, 2)
        self.env['kam.team.member'].create({'partner_id': self.iberia.id, 'user_id': self.user_user.id})
        goal = self.need.with_user(self.user_user)
        self.assertEqual(goal.objective_count, 1, "as far as the reader may see them")
        action = goal.action_open_objectives()
        found = self.env['kam.objective'].with_user(self.user_user).search(action['domain'])
        self.assertEqual(found, mine.with_user(self.user_user))
        with Form(self.env['kam.objective'].with_user(self.user_user).with_context(**action['context'])) as form:
            form.name = "Another"
            self.assertEqual((form.goal_id, form.partner_id), (self.need, self.iberia))

    # ------------------------------------------------------------------ nothing is lost
    def test_a_goal_that_is_served_stays(self):
        objective = self._objective(goal_id=self.need.id, user=self.user_manager, confidentiality='manager')
        objective.name = "Behind their back"
        self.iberia.kam_manager_id = self.user_colleague
        self.env['kam.team.member'].create({'partner_id': self.iberia.id, 'user_id': self.user_user.id})
        for attempt in (
            lambda: self.need.with_user(self.user_user).unlink(),
            lambda: self.plan.with_user(self.user_user).write({'goal_ids': [Command.delete(self.need.id)]}),
            lambda: self.plan.with_user(self.user_manager).unlink(),
        ):
            with self._refused(UserError, "An objective serves “A second source”. Choose another goal"):
                attempt()
        objective.active = False
        with self._refused(UserError, "An objective serves"):
            self.need.with_user(self.user_user).unlink()
        objective.with_user(self.user_manager).goal_id = False
        self.need.with_user(self.user_user).unlink()

    def test_a_goal_does_not_move_to_another_account(self):
        self._objective(goal_id=self.need.id)
        other = self._plan(self.solo)
        with self._refused(ValidationError, "one of Solo Shop. Choose one of a plan of Nordwind Iberia"):
            self.need.with_user(self.user_manager).plan_id = other
        with self._refused(ValidationError, "Objectives of Nordwind Iberia belong to this plan or serve its goals"):
            self.plan.with_user(self.user_manager).partner_id = self.other
        mine = self._objective(plan_id=self.plan.id)
        self.env['kam.objective'].search([('id', '!=', mine.id), ('goal_id', '=', self.need.id)]).goal_id = False
        with self._refused(ValidationError, "Objectives of Nordwind Iberia belong to this plan"):
            self.plan.with_user(self.user_manager).partner_id = self.other

    def test_closing_the_plan(self):
        """What an objective is for stands when the plan is closed; only new ones choose among open plans."""
        objective = self._objective(goal=False, goal_id=self.need.id)
        self.plan.with_user(self.user_manager).action_activate()
        self.plan.with_user(self.user_manager).action_close()
        objective.action_start()
        self.assertEqual((objective.state, objective.goal_id), ('running', self.need))
        objective.resources = "Two engineers"
        with self._refused(UserError, "is closed and stays as it was"):
            self.need.with_user(self.user_user).objective_ids = [Command.unlink(objective.id)]

    def test_merging_accounts(self):
        objective = self._objective(goal=False, goal_id=self.need.id, plan_id=self.plan.id)
        twin = self._partner("Nordwind Iberia S.A.")
        self._merge(self.iberia, twin)
        self.assertEqual((objective.partner_id, self.plan.partner_id, objective.goal_id), (twin, twin, self.need))
        objective.with_user(self.user_manager).goal_id = False
        objective.with_user(self.user_manager).goal_id = self.need

    # ------------------------------------------------------------------ confidentiality
    def test_the_name_of_a_goal_that_is_not_ones_own(self):
        """Whoever reads the objective only doesn't learn what a confidential plan says: in no way."""
        objective = self._objective(
            user=self.user_manager, owner_id=self.user_contributor.id, owner_agreed=False, goal_id=self.need.id,
            plan_id=self.plan.id, goal=False, date_start=self.today, date_deadline=self.today + timedelta(days=30))
        self.plan.with_user(self.user_manager).confidentiality = 'manager'
        self.iberia.kam_manager_id = self.user_colleague
        self.plan.owner_id = self.user_colleague
        self.env['kam.team.member'].create({'partner_id': self.iberia.id, 'user_id': self.user_user.id})
        self.env.invalidate_all()
        (self.user_contributor | self.user_user).group_ids |= self.env.ref('base.group_allow_export')
        for user in (self.user_contributor, self.user_user):
            mine = objective.with_user(user)
            with self.assertRaises(AccessError):
                self.need.with_user(user).read(['name'])
            self.assertEqual(mine.read(['goal_id'])[0]['goal_id'][1], "A goal or need")
            self.assertEqual(
                mine.web_read({'goal_id': {'fields': {'display_name': {}}}})[0]['goal_id']['display_name'],
                "A goal or need")
            with self.assertRaises(AccessError):
                mine.export_data(['goal_id'])
            self.assertNotIn("second source", str(mine._read_group([], ['goal_id'], ['__count'])))
            groups = mine.formatted_read_group([('id', '=', mine.id)], ['goal_id'], ['__count'])
            self.assertEqual([group['goal_id'][1] for group in groups], ["A goal or need"])
            for domain in ([('goal_id.name', 'ilike', "second")], [('goal_id', 'ilike', "second")]):
                try:
                    self.assertFalse(mine.search([('id', '=', mine.id), *domain]), domain)
                except AccessError:  # contributors read no goal at all
                    self.assertEqual(user, self.user_contributor)
            marks = {mark['letter']: mark['missing'] for mark in mine.smart}
            self.assertFalse(marks['r'], "it is linked, whoever asks")
            self.assertFalse(marks['t'], "and inside the plan, which they may not read")
        objective.with_user(self.user_contributor).action_agree()
        self.assertEqual(
            objective.with_user(self.user_colleague).read(['goal_id'])[0]['goal_id'][1], "A second source")
        self.assertNotIn("second source", self._chatter(objective))


@tagged('post_install', '-at_install')
class TestPlanObjectives(GoalCommon):

    def test_three_objectives_make_the_part(self):
        part = self.env.ref('kam_management.plan_part_objectives') | self.env.ref('kam_management.plan_part_dafo')
        plan = self.plan.with_user(self.user_user)

        def done():
            self.env.invalidate_all()
            return {line['part'].code for line in plan._progress_lines()[plan] if line['part'] in part and line['done']}
        self.assertEqual(done(), {'dafo'}, "an analysis counts, whether it names the plan or not")
        objectives = self.env['kam.objective']
        for _number in range(3):
            objectives |= self._objective(plan_id=self.plan.id)
        self.assertEqual(done(), {'dafo', 'objectives'})
        objectives[0].action_cancel()
        self.assertEqual(done(), {'dafo'})
        (self.customer | self.us).with_user(self.user_manager).action_archive()
        self.assertEqual(done(), set())

    def test_what_the_plan_leads_to(self):
        self._strategy(self._card(self.us, 'strength'), self._card(self.customer, 'opportunity'))
        self._dafo(self.solo, [('strength', "Elsewhere", 1)])
        plan = self.plan.with_user(self.user_user)
        self.env.invalidate_all()
        self.assertEqual((plan.dafo_count, plan.strategy_count), (2, 1))
        self.assertEqual(
            self.env['kam.dafo'].with_user(self.user_user).search(plan.action_open_dafos()['domain']),
            (self.customer | self.us).with_user(self.user_user))
        self.assertEqual(plan.action_cross()['res_id'], self.iberia.id)
        action = plan.action_create_objective()
        with Form(self.env['kam.objective'].with_user(self.user_user).with_context(**action['context'])) as form:
            form.name = "Half of its trays"
        self.assertEqual((form.record.plan_id, form.record.partner_id), (plan, self.iberia))
        self.assertEqual(plan.objective_ids, form.record)

    def test_cross_analysis_lists_what_can_be_read(self):
        action = self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_cross_action')
        domain = [('kam_dafo_ids.active', '=', True)]
        self.assertIn("kam_dafo_ids.active", action['domain'])
        accounts = self.env['res.partner'].search(domain)
        self.assertIn(self.iberia, accounts)
        self.assertIn(self.iberia, accounts.with_user(self.user_user).search(domain))
        self.assertNotIn(self.iberia, accounts.with_user(self.user_colleague).search(domain))

    # ------------------------------------------------------------------ cost
    def _specification(self, model, arch):
        """What the browser reads for a form: its fields, and of the lists in it the columns of a page."""
        spec = {}
        for node in arch.xpath('.//field[not(ancestor::field)]'):
            field = self.env[model]._fields[node.get('name')]
            spec[field.name] = {}
            if field.type == 'many2one':
                spec[field.name] = {'fields': {'display_name': {}}}
            elif field.type in ('one2many', 'many2many'):
                columns = {column.get('name') for column in node.xpath('./list//field')} or {'display_name'}
                spec[field.name] = {'limit': 40, 'fields': {
                    name: {'fields': {'display_name': {}}}
                    if self.env[field.comodel_name]._fields[name].type in ('many2one', 'many2many') else {}
                    for name in columns}}
        return spec

    def _filled(self, number):
        """A plan with so many rows of each kind, and objectives, analyses and strategies of its account."""
        account = self._partner(f"Many {number}", user_id=self.user_user.id)
        plan = self._plan(account)
        ana = self._partner(f"Ana {number}", parent_id=account.id, is_company=False)
        rows = [{'plan_id': plan.id, 'name': f"Row {index}"} for index in range(number)]
        goals = self.env['kam.plan.goal'].create([
            {**row, 'kind': ('goal', 'need')[index % 2], 'contact_id': ana.id} for index, row in enumerate(rows)])
        for kind, more in (('signal', {}), ('scenario', {'likelihood': 10, 'owner_id': self.user_user.id}),
                           ('competitor', {'rank': 1}), ('lesson', {}), ('buying.step', {'contact_id': ana.id}),
                           ('commitment', {'date_due': '2040-01-01', 'contact_id': ana.id})):
            self.env[f'kam.plan.{kind}'].create([{**row, **more} for row in rows])
        self.env['kam.objective'].create([{
            'name': f"Objective {index}", 'partner_id': account.id, 'plan_id': plan.id, 'goal_id': goal.id,
            'owner_id': self.user_user.id, 'unit': '%', 'baseline': 0, 'target': 50}
            for index, goal in enumerate(goals)])
        dafo = self._dafo(account, [
            (('strength', 'threat')[index % 2], f"Card {index}", 1 + index % 3) for index in range(number)])
        self.env['kam.dafo.strategy'].create([{
            'name': f"Strategy {index}", 'partner_id': account.id,
            'item_ids': [Command.set(dafo.item_ids[index - 1:index + 1].ids)]} for index in range(1, number)])
        return plan

    def test_the_form_takes_as_many_queries_for_500_as_for_5(self):
        plans = self.env['kam.plan'].with_user(self.user_user)
        arch = etree.fromstring(plans.get_views([(False, 'form')])['views']['form']['arch'])
        spec = self._specification('kam.plan', arch)
        self.assertLessEqual({'objective_ids', 'need_ids', 'progress_html', 'dafo_count'}, set(spec))
        self.assertIn('objective_count', spec['customer_goal_ids']['fields'])
        counts = []
        for number in (5, 500):
            plan = self._filled(number).with_user(self.user_user)
            counts.append(self._count_queries(lambda plan=plan: plan.web_read(spec)))
        self.assertLessEqual(counts[1], counts[0] + 1, counts)
