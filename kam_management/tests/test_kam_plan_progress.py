"""How complete a plan is, how old its parts are, and the history that is there before anybody writes."""
from unittest import SkipTest

from freezegun import freeze_time
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .test_kam_plan_rows import RowsCommon


@tagged('post_install', '-at_install')
@freeze_time('2026-11-20')
class TestPlanProgress(RowsCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        parts = cls.env['kam.plan.part'].search([('code', 'in', ['priorities', 'scenarios', 'profile', 'wallet'])])
        cls.tier = cls.env['kam.tier'].create({'name': "Regional", 'part_ids': [Command.set(parts.ids)]})
        cls._tier(cls.tier)

    @classmethod
    def _tier(cls, tier):
        """The tier of the account, as an accepted nomination leaves it."""
        cls.env.flush_all()
        cls.env.cr.execute(SQL("UPDATE res_partner SET kam_tier_id = %s WHERE id = %s", tier.id, cls.iberia.id))
        cls.env.invalidate_all()

    def test_what_the_tier_requires(self):
        self.assertEqual(self.plan.progress, 0.0)
        self.assertEqual(self.plan.missing, "Priorities, Profile of the customer, Wallet, Scenarios")
        self._row('priority', name="First")
        self._row('signal', name="Not required")
        self.env.invalidate_all()
        self.assertEqual(self.plan.progress, 0.25)
        self.assertIn("1 of 4 parts", self._text())
        self.assertIn("Signals", self._text())  # there, though nobody asks for it

    def _text(self):
        return " ".join(str(self.plan.progress_html).replace("<", " <").replace(">", "> ").split()).replace(
            "<strong> ", "").replace(" </strong>", "")

    def test_a_line_without_an_estimate_is_no_wallet(self):
        line = self._row('category', name="Boxes", our_sales=10.0)
        self.env.invalidate_all()
        self.assertIn("Wallet", self.plan.missing)
        line.potential = 100.0
        self.env.invalidate_all()
        self.assertNotIn("Wallet", self.plan.missing)

    def test_the_profile_by_sections(self):
        self.plan.write({'industry': "Retail", 'market': "Spain", 'culture': "Tough"})
        self.assertIn("Profile of the customer", self.plan.missing)
        self.plan.trends = "Less plastic"
        self.env.invalidate_all()
        self.assertNotIn("Profile of the customer", self.plan.missing)

    def test_each_section_knows_its_last_change(self):
        self.plan.write({'industry': "Retail", 'vision': "First"})
        with freeze_time('2027-01-15'):
            self.plan.write({'industry': "Retail", 'vision': "Leader"})
        self.assertEqual((str(self.plan.business_date), str(self.plan.strategy_date)), ('2026-11-20', '2027-01-15'))
        self.assertFalse(self.plan.market_date)

    # ------------------------------------------------------------------ ages
    def _old(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.plan.old

    def _ages(self):
        """``{code of a part: (how old it looks, what is told beside)}``"""
        self.env.flush_all()
        self.env.invalidate_all()
        return {line['part'].code: (line['age'], line['ages'])
                for line in self.plan._progress_lines()[self.plan] if line['done']}

    def test_old_parts_look_old(self):
        self._row('scenario', name="Tender", date_said='2026-05-19')
        self._row('priority', name="First", date_said='2026-05-21')
        self.assertEqual(self._old(), "Scenarios")
        self.assertIn("6 months ago", self._text())

    def test_one_new_row_hides_no_old_ones(self):
        for number in range(3):
            self._row('scenario', name=f"Tender {number}", date_said='2025-09-20')
        self._row('scenario', name="New owner")
        self.assertEqual(self._old(), "Scenarios")
        self.assertIn("14 months ago", self._text())
        self.assertIn("The oldest is of 09/20/2025, the latest of 11/20/2026.", self._text())
        self.plan.scenario_ids.filtered(lambda row: row.name != "New owner").state = 'over'
        self.assertEqual((self._old(), self._ages()['scenarios']), ("", ("today", False)), "only what holds counts")

    def test_nothing_new_was_said(self):
        """Handing over, dragging and computing write too."""
        scenario = self._row('scenario', name="Tender", likelihood=0, date_said='2025-09-20')
        goal = self._row('goal', name="Leader", date_said='2025-09-20')
        objective = self.env['kam.objective'].with_user(self.user_user).create({
            'name': "Half", 'partner_id': self.iberia.id, 'plan_id': self.plan.id, 'unit': '%', 'target': 5,
            'date_said': '2025-09-20'})
        action = self.env['kam.action'].with_user(self.user_user).create({
            'name': "Visit", 'partner_id': self.iberia.id, 'plan_id': self.plan.id, 'date_said': '2025-09-20'})
        scenario.owner_id = self.user_user
        self.env['kam.handover'].with_user(self.user_manager).create({
            'partner_ids': [Command.set(self.iberia.ids)], 'user_id': self.user_colleague.id}).action_confirm()
        self.assertEqual(scenario.sudo().owner_id, self.user_colleague)
        scenario.with_user(self.user_manager).write({'name': "Tender", 'likelihood': 0})
        goal.with_user(self.user_manager).sequence = 3
        self.env.add_to_compute(scenario._fields['expected_loss'], scenario)
        for record in (objective, action):
            record.sudo().confidentiality = 'team'
            record.sudo().confidentiality = 'company'
        self.env.flush_all()
        for record in (scenario, goal, objective, action):
            self.assertEqual((record._name, str(record.sudo().date_said)), (record._name, '2025-09-20'))
        self.plan = self.plan.with_user(self.user_manager)
        ages = self._ages()
        for part in ('scenarios', 'customer_goals', 'next_steps'):
            self.assertEqual(ages[part], ("14 months ago", False), part)
        for record, values in ((scenario, {'likelihood': False}), (goal, {'note': "Said again"}),
                               (objective, {'target': 6}), (action, {'offer': "Two samples"})):
            record.sudo().write(values)
            self.assertEqual(str(record.sudo().date_said), '2026-11-20', record._name)
        self.assertEqual(self._ages()['scenarios'], ("today", False))

    def test_somebody_makes_sure_that_it_holds(self):
        scenario = self._row('scenario', name="Tender", date_said='2025-09-20')
        scenario.date_said = '2026-11-19'
        self.assertEqual(self._ages()['scenarios'], ("yesterday", False))
        scenario.write({'name': "Tender of all trays", 'date_said': '2026-11-01'})
        self.assertEqual(str(scenario.date_said), '2026-11-01', "whoever says when, is believed")
        with self._refused(ValidationError, "“Tender of all trays” can't have been said on a day to come"):
            scenario.date_said = '2026-11-21'

    def test_what_has_passed_ages_nothing(self):
        """Goals of past years, kept promises and past months are on record, and say nothing of today."""
        self._row('goal', name="Done", year='2025', date_said='2025-01-01')
        self._row('goal', name="Leader", year='2030', date_said='2026-11-19')
        self._row('commitment', name="Report", date='2025-01-01', date_due='2025-02-01', date_done='2025-02-01',
                  date_said='2025-02-01')
        self._row('commitment', name="Prices", date_due='2027-02-01', date_said='2026-11-19')
        self._row('target', year='2024', target=1.0, date_said='2024-01-01')
        self._row('target', year='2026', target=1.0, date_said='2026-11-19')
        ages = self._ages()
        for part in ('customer_goals', 'commitments', 'targets'):
            self.assertEqual(ages[part], ("yesterday", False), part)

    def test_what_is_noted_as_it_happens(self):
        """A diary is as old as its last note."""
        for kind, day in (('signal', 'date'), ('lesson', 'date_said')):
            self._row(kind, name="Long ago", **{day: '2024-01-01'})
            self._row(kind, name="Lately", **{day: '2026-11-19'})
        ages = self._ages()
        self.assertEqual((ages['signals'][0], ages['history'][0]), ("yesterday", "yesterday"))

    def test_an_estimate_has_a_day_of_its_own(self):
        line = self._row('category', name="Boxes", potential=100.0, potential_date='2025-09-20')
        line.write({'sequence': 3, 'our_sales': 7.0})
        self.assertEqual(self._ages()['wallet'], ("14 months ago", False))
        self._row('category', name="Film", potential=100.0)
        self.assertEqual(self._ages()['wallet'][0], "14 months ago")

    def test_sections_analyses_and_objectives(self):
        self.plan.sudo().write({'industry': "Retail", 'market': "Spain", 'culture': "Tough", 'trends': "Less plastic"})
        self.plan.sudo().market_date = '2025-09-20'
        dafos = self.env['kam.dafo'].with_user(self.user_user)
        for subject, date in (('customer', '2025-09-20'), ('us', '2024-01-01'), ('us', '2026-11-20')):
            dafos.create({'partner_id': self.iberia.id, 'subject': subject, 'date': date})
        objectives = self.env['kam.objective'].with_user(self.user_user).create([{
            'name': "Half", 'partner_id': self.iberia.id, 'plan_id': self.plan.id, 'unit': '%', 'baseline': 0,
            'target': 5, 'resources': "An engineer", 'goal': "Trays", 'owner_agreed': True, 'date_start': '2026-11-20',
            'date_deadline': '2027-11-20', 'date_said': '2025-09-20'} for _number in range(3)])
        ages = self._ages()
        self.assertEqual(ages['profile'][0], "14 months ago")
        self.assertEqual(ages['dafo'][0], "14 months ago", "of two analyses of us the latest holds")
        self.assertEqual(ages['objectives'], ("14 months ago", False))
        objectives.action_start()
        self.env['kam.objective.checkin'].with_user(self.user_user).create(
            [{'objective_id': objective.id, 'value': 1} for objective in objectives[:2]])
        self.assertEqual(self._ages()['objectives'][0], "14 months ago")
        objectives[2].action_cancel()
        self.assertEqual(self._ages().get('objectives'), None)
        self.assertEqual(self.plan._find_parts()['objectives'][self.plan.id][1], objectives[0].checkin_date)

    def test_light_first(self):
        self._tier(self.env.ref('kam_management.tier_key'))
        plan = self._plan(date_start='2030-01-01')
        self.assertFalse(plan.show_more)
        plan.show_more = True  # somebody asked for more, and saving doesn't fold it again
        self.env.invalidate_all()
        self.assertTrue(plan.show_more)
        self._tier(self.env.ref('kam_management.tier_strategic'))
        self.assertTrue(self._plan(date_start='2032-01-01').show_more)

    def test_without_a_tier_nothing_is_required(self):
        plan = self._plan(self.solo)
        self.assertIs(plan.progress, False)

    # ------------------------------------------------------------------ history
    def _lead(self, name, partner, amount, won, closed='2026-05-04 10:00:00'):
        lead = self.env['crm.lead'].create({
            'name': name, 'type': 'opportunity', 'partner_id': partner.id, 'expected_revenue': amount,
            'company_id': self.company.id})
        if won:
            lead.action_set_won()
        else:
            lead.action_set_lost()
        lead.date_closed = closed
        return lead

    def test_history_is_prefilled(self):
        self.user_user.group_ids |= self.env.ref('sales_team.group_sale_salesman_all_leads')
        won = self._lead("Boxes", self.logistics, 1000.0, True)
        won |= self._lead("More boxes", self.iberia, 500.0, True, '2025-05-04 10:00:00')
        lost = self._lead("Film", self.luis, 300.0, False)
        self._lead("Elsewhere", self.other, 99999.0, True)
        self.env.invalidate_all()
        plan = self.plan.with_user(self.user_user)
        self.assertEqual((plan.won_lead_ids, plan.lost_lead_ids), (won, lost))
        html = str(plan.history_html)
        self.assertLess(html.index("2026"), html.index("2025"))
        for text in ("1,000", "500", "300"):
            self.assertIn(text, html)
        self.assertNotIn("99,999", html)
        action = won[0].with_user(self.user_user).with_context(kam_plan_id=plan.id).action_kam_lesson()
        self.assertEqual(action['context']['default_lead_id'], won[0].id)

    def test_an_unknown_sum_stays_unknown(self):
        plan = self.plan.with_user(self.user_user)
        figures = {(self.iberia, self.company.id): {2026: {'won': (2, False)}}, (self.iberia, False): {
            2026: {'won': (1, 700.0)}}}
        html = str(plan._render_history(figures, self.iberia))
        self.assertIn("unknown", html)
        self.assertNotIn("700", html)

    def test_history_is_read_with_the_readers_rights(self):
        """Salespeople who see their own opportunities find only these, and no sum tells the others."""
        self.user_user.group_ids |= self.env.ref('sales_team.group_sale_salesman')
        mine, theirs = (self._lead(name, self.iberia, 1234.0, True) for name in ("Boxes", "Film"))
        mine.user_id, theirs.user_id = self.user_user, self.user_colleague
        self.env.invalidate_all()
        plan = self.plan.with_user(self.user_user)
        self.assertEqual(plan.won_lead_ids, mine)
        self.assertIn("1,234", str(plan.history_html))
        self.assertNotIn("2,468", str(plan.history_html))
        self.assertIn("2,468", str(plan.with_user(self._everything()).history_html))

    def _everything(self):
        self.user_manager.group_ids |= self.env.ref('sales_team.group_sale_salesman_all_leads')
        return self.user_manager

    # ------------------------------------------------------------------ cost
    def _fill(self, plan, number):
        self.env['kam.plan.signal'].create(
            [{'plan_id': plan.id, 'name': str(row)} for row in range(number)])
        self.env['kam.plan.category'].create(
            [{'plan_id': plan.id, 'name': str(row), 'our_sales': 1.0, 'potential': 2.0} for row in range(number)])

    def _queries(self, plans):
        self.env.flush_all()
        self.env.invalidate_all()
        specification = {
            'display_name': {}, 'progress': {}, 'missing': {}, 'progress_html': {}, 'history_html': {},
            'wallet_share': {}, 'priority_ids': {'fields': {'name': {}}, 'limit': 40},
            'signal_ids': {'fields': {'name': {}, 'lead_id': {'fields': {'display_name': {}}}}, 'limit': 40},
            'category_ids': {'fields': {'name': {}, 'share': {}}, 'limit': 40},
        }
        plans = plans.with_user(self.user_manager)
        before = self.env.cr.sql_log_count
        plans.web_read(specification)
        return self.env.cr.sql_log_count - before

    def test_a_constant_number_of_queries(self):
        other = self._plan(self.solo)
        self._fill(self.plan, 5)
        self._fill(other, 500)
        self._queries(self.plan)  # what is cached once per registry
        few, many = self._queries(self.plan), self._queries(other)
        self.assertLessEqual(many, few + 2)

    def test_lists_of_plans_ask_once(self):
        accounts = self.env['res.partner'].create([{'name': f'Account {number}', 'is_company': True}
                                                   for number in range(20)])
        plans = self.env['kam.plan'].create([{'partner_id': account.id} for account in accounts])
        self._queries(plans[:2])
        few, many = self._queries(plans[:2]), self._queries(plans)
        self.assertLessEqual(many, few + 2)


@tagged('post_install', '-at_install')
class TestPlanOrders(RowsCommon):
    """Orders in the history, where they are installed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if 'sale.order' not in cls.env:
            raise SkipTest("sale is not installed in this database")

    def _order(self, partner, amount, currency=None):
        product = self.env['product.product'].create({'name': "Box"})
        values = {'partner_id': partner.id, 'company_id': self.company.id, 'order_line': [Command.create({
            'product_id': product.id, 'product_uom_qty': 1, 'price_unit': amount, 'tax_ids': [Command.clear()]})]}
        if currency:
            values['pricelist_id'] = self.env['product.pricelist'].create(
                {'name': currency.name, 'currency_id': currency.id}).id
        order = self.env['sale.order'].create(values)
        order.action_confirm()
        order.date_order = '2026-05-04 10:00:00'
        return order

    def test_orders_by_the_rate_that_they_keep(self):
        currency = self.env['res.currency'].create({'name': "XKM", 'symbol': "x"})
        self.env['res.currency.rate'].create(
            {'currency_id': currency.id, 'rate': 2.0, 'name': '2020-01-01', 'company_id': self.company.id})
        self._order(self.iberia, 1000.0)
        self._order(self.logistics, 500.0, currency)
        self._order(self.other, 99999.0)
        self.env.invalidate_all()
        html = str(self.plan.with_user(self.user_manager).history_html)
        self.assertIn("1,250", html)
        self.assertNotIn("99,999", html)
        unrated = self._order(self.iberia, 300.0, currency)
        self.env.flush_all()
        self.env.cr.execute("UPDATE sale_order SET currency_rate = NULL WHERE id = %s", [unrated.id])
        self.env.invalidate_all()
        html = str(self.plan.with_user(self.user_manager).history_html)
        self.assertIn("unknown", html)
        self.assertNotIn("1,550", html)
