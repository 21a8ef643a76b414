"""How complete a plan is, how old its parts are, and the history that is there before anybody writes."""
from unittest import SkipTest

from freezegun import freeze_time
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

    def test_old_parts_look_old(self):
        row = self._row('scenario', name="Tender")
        self._row('priority', name="First")
        self.env.flush_all()
        self.env.cr.execute(SQL(
            "UPDATE kam_plan_scenario SET write_date = %s WHERE id = %s", '2026-05-19 12:00:00', row.id))
        self.env.cr.execute(SQL("UPDATE kam_plan_priority SET write_date = %s", '2026-05-21 12:00:00'))
        self.env.invalidate_all()
        self.assertEqual(self.plan.old, "Scenarios")
        self.assertIn("6 months ago", self._text())

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
