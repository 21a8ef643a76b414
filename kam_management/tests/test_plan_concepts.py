"""What people fill in on the form of a plan: each part of the method has its place there, and is kept as written."""
from datetime import date

from freezegun import freeze_time
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .test_kam_plan_rows import RowsCommon

# The sections of the profile, as the form folds them.
PROFILE = {
    'business': "industry competition situation finances",
    'market': "market channels segments value_chain shoppers",
    'strategy': "vision mission strategy positioning communications differentiation",
    'organisation': "organisation culture",
    'needs': "needs_now needs_later fears trends",
    'proposition': "why_us value_proposition",
}
TRADE = {
    'assortment': "Twelve formats, two of their own", 'price_position': "In the middle", 'promotions': "Three a year",
    'merchandising': "At eye level in half of the shops", 'consumer_base': "Families, four times a week",
}


@tagged('post_install', '-at_install')
@freeze_time('2026-11-20')
class TestPlanConcepts(RowsCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ana = cls._partner('Ana', parent_id=cls.iberia.id, is_company=False)
        cls.plan.show_more = True

    def _form(self):
        return Form(self.plan.with_user(self.user_user))

    def test_the_stages_of_the_process(self):
        self.iberia.kam_tier_id = self.strategic
        self.env.invalidate_all()
        html = str(self.plan.with_user(self.user_user).progress_html)
        places = [html.index(stage) for stage in (
            "Know the customer", "Analyse", "Decide", "Act<", "Show the value")]
        self.assertEqual(places, sorted(places))

    def test_every_text_of_the_profile(self):
        for section, names in PROFILE.items():
            with self.subTest(section=section):
                self.assertFalse(self.plan[f'{section}_date'])
                with self._form() as form:
                    for name in names.split():
                        form[name] = f"What we know of its {name}"
                for name in names.split():
                    self.assertEqual(self.plan[name], f"What we know of its {name}")
                self.assertEqual(self.plan[f'{section}_date'], date(2026, 11, 20))

    def test_what_the_customer_wants_what_we_want_and_what_both_need(self):
        with self._form() as form:
            for name, kind in (("Own brand at 45%", 'goal'), ("No plastics", 'challenge'), ("One packer", 'concern')):
                with form.customer_goal_ids.new() as row:
                    row.name, row.kind, row.year, row.contact_id = name, kind, '2029', self.ana
            for name, whose in (("A forecast that both believe", 'both'), ("Its range plans", 'us')):
                with form.need_ids.new() as row:
                    row.name, row.whose = name, whose
            for year in ('2026', '2027', '2028'):
                with form.our_goal_ids.new() as row:
                    row.name, row.year = f"Our goal of {year}", year
        plan = self.plan
        self.assertEqual(
            [(row.name, row.whose, row.kind, row.contact_id) for row in plan.customer_goal_ids],
            [("Own brand at 45%", 'customer', 'goal', self.ana), ("No plastics", 'customer', 'challenge', self.ana),
             ("One packer", 'customer', 'concern', self.ana)])
        self.assertEqual({(row.whose, row.kind) for row in plan.need_ids}, {('both', 'need'), ('us', 'need')})
        self.assertEqual([(row.year, row.whose) for row in plan.our_goal_ids],
                         [('2026', 'us'), ('2027', 'us'), ('2028', 'us')])
        self.assertEqual(len(plan.goal_ids), 8)

    def test_a_lesson_from_a_lost_bid(self):
        lost = self.env['crm.lead'].create({
            'name': "Film", 'type': 'opportunity', 'partner_id': self.iberia.id, 'company_id': self.company.id,
            'user_id': self.user_user.id})
        lost.action_set_lost()
        action = lost.with_user(self.user_user).with_context(kam_plan_id=self.plan.id).action_kam_lesson()
        with Form(self.env['kam.plan.lesson'].with_user(self.user_user).with_context(**action['context'])) as form:
            self.assertEqual((form.name, form.lead_id), ("Film", lost))
            form.problem, form.solution, form.lesson = "No certificate", "Bought one", "Certify first, offer then"
        self.assertEqual(
            [(row.problem, row.solution, row.lesson, row.lead_id) for row in self.plan.lesson_ids],
            [("No certificate", "Bought one", "Certify first, offer then", lost)])

    def test_the_buying_process(self):
        steps = (("Range decision", "Turnover per metre", 'decision', '2027-01-20'),
                 ("Tender for trays", "Price 60%, service 40%", 'tender', '2027-03-10'),
                 ("Renewal of the agreement", "Delivery on time", 'renewal', '2027-09-01'))
        with self._form() as form:
            for name, criteria, kind, day in steps:
                with form.buying_step_ids.new() as row:
                    row.name, row.criteria, row.date_kind, row.date = name, criteria, kind, day
                    row.contact_id, row.owner_id = self.ana, self.user_contributor
        self.assertEqual(
            [(row.name, row.criteria, row.date_kind, str(row.date), row.contact_id, row.owner_id)
             for row in self.plan.buying_step_ids],
            [(*step, self.ana, self.user_contributor) for step in steps])
        lanes = {lane['name']: [(item['name'], item['end']) for item in lane['items']]
                 for lane in self.plan.with_user(self.user_user).timeline['lanes']}
        self.assertEqual(lanes['Buying process'], [(name, day) for name, _criteria, _kind, day in steps])

    def test_a_scenario_is_prepared_beforehand(self):
        with self._form() as form, form.scenario_ids.new() as row:
            row.name, row.likelihood, row.revenue_at_risk = "It tenders all trays at once", 35, 400000
            row.trigger, row.actions = "Its buyers ask for prices by weight", "Offer a quarter before"
            row.owner_id = self.user_user
        scenario = self.plan.scenario_ids
        self.assertEqual(
            (scenario.state, scenario.expected_loss, scenario.trigger, scenario.actions),
            ('watched', 140000, "Its buyers ask for prices by weight", "Offer a quarter before"))

    def test_targets_stand_apart_from_the_budget(self):
        rows = (('2026', '00', 400000, 380000), ('2027', '01', 30000, False), ('2027', '02', 0, 35000))
        with self._form() as form:
            for year, month, target, budget in rows:
                with form.target_ids.new() as row:
                    row.year, row.month, row.target = year, month, target
                    if budget:
                        row.budget = budget
        self.assertEqual([(row.year, row.month, row.target, row.budget) for row in self.plan.target_ids], list(rows))
        self.assertIs(self.plan.target_ids[1].budget, False, "not told yet, which is no zero")
        with self.assertRaisesRegex(IntegrityError, 'period_unique'), mute_logger('odoo.sql_db'), self.cr.savepoint():
            self._row('target', year='2027', month='01', target=1)

    def test_the_trade_profile_of_a_category(self):
        with self._form() as form, form.category_ids.new() as row:
            row.name = "Trays for fresh food"
            for name, text in TRADE.items():
                row[name] = text
        line = self.plan.category_ids.with_user(self.user_manager)
        self.assertEqual({name: line[name] for name in TRADE}, TRADE)

    def test_the_commercial_plan_of_the_account(self):
        """Targets and objectives of the account stand in the one plan that runs."""
        self._row('target', year='2027', target=400000)
        self.plan.action_activate()
        objective = self.env['kam.objective'].with_user(self.user_user).create({
            'name': "Half of its trays are ours", 'partner_id': self.iberia.id})
        running = self.iberia.with_user(self.user_user).kam_plan_id
        self.assertEqual((running.objective_ids, running.target_ids.target), (objective, 400000))
