"""What is refused on plans, analyses and objectives, whichever way it comes in, with a sentence on what to do."""
import json

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .test_objective_goal import GoalCommon


@tagged('post_install', '-at_install')
class TestClosedPlan(GoalCommon):
    """A closed plan stays as it was, with everything that hangs on it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._partner("Ana", parent_id=cls.iberia.id, is_company=False)
        cls.need.contact_id = cls.person
        cls.customer.plan_id = cls.plan
        cls.plan.with_user(cls.user_manager).action_activate()
        cls.plan.with_user(cls.user_manager).action_close()
        cls.env['ir.model.data'].create([
            {'module': '__import__', 'name': name, 'model': record._name, 'res_id': record.id}
            for name, record in (('plan', cls.plan), ('need', cls.need), ('dafo', cls.customer))])

    def _import(self, model, fields, *rows, user=None):
        return self.env[model].with_user(user or self.user_user).load(fields, [list(row) for row in rows])

    def _refused_import(self, sentence, *args):
        result = self._import(*args)
        self.assertFalse(result['ids'])
        self.assertRegex(result['messages'][0]['message'], sentence)

    def test_by_import(self):
        closed = "is closed and stays as it was. Reopen it"
        for model, fields, row in (
            ('kam.plan', ['id', 'date_end'], ['__import__.plan', '2040-01-01']),
            ('kam.plan', ['id', 'priority_ids/name'], ['__import__.plan', "One more"]),
            ('kam.plan.goal', ['id', 'name'], ['__import__.need', "Other words"]),
            ('kam.plan.priority', ['plan_id/id', 'name'], ['__import__.plan', "One more"]),
            ('kam.dafo.item', ['dafo_id/id', 'quadrant', 'name'], ['__import__.dafo', 'threat', "One more"]),
        ):
            self._refused_import(closed, model, fields, row)

    def test_by_its_rows(self):
        plan = self.plan.with_user(self.user_user)
        other = self._plan(self.solo)
        stray = self._goal("Elsewhere", other)
        for attempt in (
            lambda: plan.write({'goal_ids': [Command.update(self.need.id, {'name': "Other words"})]}),
            lambda: plan.write({'goal_ids': [Command.delete(self.need.id)]}),
            lambda: self.need.with_user(self.user_user).write({'plan_id': other.id}),
            lambda: stray.with_user(self.user_manager).write({'plan_id': self.plan.id}),
            lambda: self.customer.with_user(self.user_user).write({'advantage': "New"}),
            lambda: self.customer.item_ids[0].with_user(self.user_user).write({'impact': 1}),
            lambda: self.customer.item_ids[0].with_user(self.user_manager).unlink(),
            plan.action_create_objective,
        ):
            with self._refused(UserError, "is closed and stays as it was"):
                attempt()

    def test_objectives(self):
        """What was agreed stays; what runs on is followed up, handed over, ended, or moved to another plan."""
        closed = "is closed and stays as it was"
        with self._refused(UserError, closed):
            self._objective(plan_id=self.plan.id)
        self._refused_import(closed, 'kam.objective', ['partner_id', 'name', 'plan_id/id'],
                             ["Nordwind Iberia", "One more", '__import__.plan'])
        self.plan.with_user(self.user_manager).action_reopen()
        running, draft, other = (
            self._objective(plan_id=self.plan.id, date_start=self.today) for _number in range(3))
        (running | other).action_start()
        free = self._objective(plan_id=False)
        self.plan.with_user(self.user_manager).action_close()
        for attempt in (
            lambda: running.write({'target': 60}), lambda: running.write({'unit': "EUR"}),
            lambda: running.write({'date_deadline': self.today}), lambda: running.write({'goal': "Other"}),
            lambda: running.write({'plan_id': self.plan.id, 'target': 60}),
            lambda: free.write({'plan_id': self.plan.id}), draft.unlink,
        ):
            with self._refused(UserError, closed):
                attempt()
        self.env['kam.objective.checkin'].with_user(self.user_user).create({'objective_id': running.id, 'value': 30})
        running.write({'owner_id': self.user_colleague.id})
        running.write({'owner_id': self.user_user.id, 'confidentiality': 'team'})
        running.action_achieve()
        self.assertEqual(running.state, 'achieved')
        other.write({'plan_id': False, 'target': 60})
        self.assertFalse(other.copy().plan_id)
        self.assertFalse(draft.copy().plan_id, "a copy belongs to the plan that runs, and there is none")

    def test_analyses(self):
        closed = "is closed and stays as it was"
        for attempt in (
            lambda: self._dafo(self.iberia, [], user=self.user_user, plan_id=self.plan.id),
            lambda: self.us.with_user(self.user_user).write({'plan_id': self.plan.id}),
            lambda: self.customer.with_user(self.user_user).write({'plan_id': False}),
            self.customer.with_user(self.user_user).action_archive,
        ):
            with self._refused(UserError, closed):
                attempt()
        self.customer.with_user(self.user_user).action_copy()
        self.assertEqual((self.customer.active, self.customer.plan_id), (False, self.plan))

    def test_merging_a_person_and_the_account(self):
        """Merging is not editing: the closed plan follows its account and its people, and says what it said."""
        ana = self._partner("Ana García", parent_id=self.iberia.id, is_company=False)
        self._merge(self.person, ana)
        self.assertEqual((self.need.contact_id, self.need.name), (ana, "A second source"))
        twin = self._partner("Nordwind Iberia S.A.")
        before = (self.plan.state, self.plan.date_start, self.plan.date_end)
        self._merge(self.iberia, twin)
        self.assertEqual(self.plan.partner_id, twin)
        self.assertEqual((self.plan.state, self.plan.date_start, self.plan.date_end), before)
        self.assertEqual((self.need.plan_id, self.customer.plan_id), (self.plan, self.plan))

    def test_deleting_a_person_or_a_company(self):
        with self._refused(UserError, "An account plan names .*Ana, .* Archive the contact"):
            self.person.with_user(self.user_sales).unlink()
        with self._refused(UserError, "(has an account plan|has analyses or objectives|was a key account).* Archive"):
            self.iberia.with_user(self.user_sales).unlink()
        company = self.env['res.company'].create({'name': "Third"})
        self.user_manager.company_ids |= company
        self._plan(self.solo, company_id=company.id)
        with self._refused(UserError, "Third has plans, analyses, objectives or actions .* Archive the company"):
            company.unlink()


@tagged('post_install', '-at_install')
class TestImport(GoalCommon):
    """Rows that are imported: good ones come back as they left, a bad one is refused with its sentence."""

    def _load(self, model, fields, *rows):
        self.env.flush_all()
        return self.env[model].with_user(self.user_user).load(fields, [list(row) for row in rows])

    def _says(self, sentence, model, fields, *rows):
        with mute_logger('odoo.sql_db'):
            result = self._load(model, fields, *rows)
        self.assertFalse(result['ids'], sentence)
        self.assertRegex(" ".join(message['message'] for message in result['messages']), sentence)

    def test_rows_of_a_plan_by_its_name(self):
        """The name of a plan as an export writes it finds it again, beside another plan of the account."""
        later = self._plan(date_start='2040-01-01', date_end='2041-06-30')
        self.assertEqual(later.display_name, "Nordwind Iberia · 2040–2041")
        result = self._load(
            'kam.plan.goal', ['plan_id', 'name', 'whose', 'kind', 'year'],
            [self.plan.display_name, "Own brand at 45%", "The customer", "Goal", ""],
            [later.display_name, "A second line", "customer", "challenge", "2041"])
        self.assertFalse(result['messages'])
        goals = self.env['kam.plan.goal'].browse(result['ids'])
        self.assertEqual([goal.plan_id for goal in goals], [self.plan, later])
        self.user_user.group_ids |= self.env.ref('base.group_allow_export')
        names = ['plan_id', 'name', 'whose', 'kind', 'year']
        rows = goals.with_user(self.user_user).export_data(names)['datas']
        again = self._load('kam.plan.goal', names, *rows)
        self.assertFalse(again['messages'])
        self.assertEqual(self.env['kam.plan.goal'].browse(again['ids']).mapped('plan_id'), self.plan | later)

    def test_a_plan_with_its_rows(self):
        result = self._load(
            'kam.plan', ['partner_id', 'date_start', 'priority_ids/name', 'commitment_ids/name',
                         'commitment_ids/date_due'],
            ["Solo Shop", '2040-01-01', "Trays", "A report", '2040-03-01'],
            ["", "", "Boxes", "", ""])
        self.assertFalse(result['messages'])
        plan = self.env['kam.plan'].browse(result['ids'])
        self.assertEqual(plan.priority_ids.mapped('name'), ["Trays", "Boxes"])
        self.assertEqual(str(plan.date_end), '2041-06-30')

    def test_bad_rows_of_plans(self):
        plan = self.plan.display_name
        self._says("must end after it starts", 'kam.plan', ['partner_id', 'date_start', 'date_end'],
                   ["Solo Shop", '2040-01-01', '2039-01-01'])
        self._says("has a plan from .* already", 'kam.plan', ['partner_id', 'date_start'],
                   ["Nordwind Iberia", str(self.plan.date_start)])
        self._says("is no year: write four digits", 'kam.plan.goal', ['plan_id', 'name', 'year'],
                   [plan, "Soon", "soon"])
        self._says("between 0 and 100%", 'kam.plan.scenario', ['plan_id', 'name', 'likelihood'],
                   [plan, "Tender", '120'])
        self._says("is the customer itself", 'kam.plan.competitor', ['plan_id', 'name'], [plan, "nordwind iberia"])
        self._says("is due before it was promised", 'kam.plan.commitment', ['plan_id', 'name', 'date', 'date_due'],
                   [plan, "A report", '2040-03-01', '2040-02-01'])

    def test_analyses_with_their_cards(self):
        fields = ['partner_id', 'subject', 'date', 'item_ids/quadrant', 'item_ids/name', 'item_ids/impact']
        result = self._load(
            'kam.dafo', fields, ["Solo Shop", "Us", '2026-01-31', "Strengths", "Close by", '3'],
            ["", "", "", "threat", "A discounter", '1'])
        self.assertFalse(result['messages'])
        dafo = self.env['kam.dafo'].browse(result['ids'])
        self.assertEqual([(item.quadrant, item.impact) for item in dafo.item_ids], [('strength', 3), ('threat', 1)])
        self._says("impact of a card is 1, 2 or 3", 'kam.dafo', fields,
                   ["Solo Shop", "us", '2026-01-31', "strength", "Close by", '7'])
        self._says("Say which competitor this is", 'kam.dafo', ['partner_id', 'subject'], ["Solo Shop", "competitor"])
        self._says("can't be its own competitor", 'kam.dafo', ['partner_id', 'subject', 'competitor_name'],
                   ["Solo Shop", "competitor", "solo shop"])

    def test_objectives(self):
        fields = ['partner_id', 'name', 'unit', 'baseline', 'target', 'goal_id', 'date_start', 'date_deadline']
        start, end = str(self.plan.date_start), str(self.plan.date_end)
        result = self._load(
            'kam.objective', fields, ["Nordwind Iberia", "Half", '%', '0', '50', "A second source", start, end],
            ["Nordwind Iberia", "Unknown yet", '', '', '', '', start, end])
        self.assertFalse(result['messages'])
        half, unknown = self.env['kam.objective'].browse(result['ids'])
        self.assertEqual((half.baseline, half.target, half.goal_id), (0.0, 50.0, self.need))
        self.assertEqual((unknown.baseline, unknown.target), (False, False), "an empty cell is no zero")
        self._says("A target needs a unit", 'kam.objective', fields,
                   ["Nordwind Iberia", "Half", '', '0', '50', '', start, end])
        self._says("is before its start", 'kam.objective', fields,
                   ["Nordwind Iberia", "Half", '%', '0', '50', '', end, start])
        self._says("by its buttons", 'kam.objective', ['partner_id', 'name', 'state'],
                   ["Nordwind Iberia", "Half", 'running'])
        self._says("belongs to the account", 'kam.objective', ['partner_id/.id', 'name'],
                   [str(self.logistics.id), "Half"])


@tagged('post_install', '-at_install')
class TestRpc(HttpCase, GoalCommon):
    """What a program or the browser gets to read that calls without a form."""

    def _call(self, model, method, *args):
        call = {'model': model, 'method': method, 'args': args, 'kwargs': {}}
        response = self.url_open(
            f'/web/dataset/call_kw/{model}/{method}', headers={'Content-Type': 'application/json'},
            data=json.dumps({'jsonrpc': '2.0', 'method': 'call', 'params': call})).json()
        return response.get('error', {}).get('data', {}).get('message', "")

    def test_sentences(self):
        self.user_user.password = 'kam_user'
        self.plan.with_user(self.user_manager).action_activate()
        closed = self._plan(self.solo)
        closed.with_user(self.user_manager).action_activate()
        closed.with_user(self.user_manager).action_close()
        card = self.customer.item_ids[0]
        self.env.flush_all()
        self.authenticate('kam_user', 'kam_user')
        with mute_logger('odoo.http', 'odoo.sql_db'):
            self.assertRegex(
                self._call('kam.dafo.item', 'write', card.ids, {'impact': 4}), "impact of a card is 1, 2 or 3. Choose")
            self.assertRegex(
                self._call('kam.plan', 'write', closed.ids, {'date_end': '2040-01-01'}),
                "is closed and stays as it was")
            self.assertRegex(
                self._call('kam.plan.goal', 'create', [{'plan_id': closed.id, 'name': "Late"}]),
                "is closed and stays as it was")
            self.assertRegex(
                self._call('kam.plan', 'create', [
                    {'partner_id': self.iberia.id, 'date_start': str(self.plan.date_start)}]),
                "has an active plan already|has a plan from")
            self.assertRegex(
                self._call('kam.objective', 'create', [{
                    'partner_id': self.iberia.id, 'name': "Half", 'date_start': '2026-05-01',
                    'date_deadline': '2026-04-01'}]), "is before its start. Correct one of the two dates")
        card.invalidate_recordset()
        self.assertEqual(card.impact, 3)


@tagged('post_install', '-at_install')
class TestRanges(GoalCommon):

    def test_weights_and_impacts(self):
        weight = self.env['kam.score.weight'].with_user(self.user_admin).search([], limit=1)
        with self._refused(ValidationError, "can't be negative. Use 0 to leave the factor out"):
            weight.weight = -1
        with self._refused(ValidationError, "impact of a card is 1, 2 or 3. Choose one"):
            self._dafo(self.iberia, [('strength', "Own bakeries", 5)], user=self.user_user)

    def test_an_unknown_start_is_no_deadline(self):
        objective = self._objective(date_start=False)
        with self._refused(UserError, "Time-bound: .* Give a start and a deadline"):
            objective.action_start()
