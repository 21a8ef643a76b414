"""The wallet on its way to the worker and back: lines of active plans, and what was sold in their categories."""
from datetime import date, datetime
from unittest import SkipTest

from dateutil.relativedelta import relativedelta
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import SQL

from .sync_common import SyncCase

AS_OF = date(2026, 7, 31)
WALLET = 'line_id sales spend share white_space is_over basis'


class WalletCase(SyncCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.big.is_key_account = True
        # A database may hold plans already: the tests look at theirs.
        cls.there = set(cls.env['kam.plan.category'].search([]).ids)
        cls.manager = new_test_user(cls.env, 'lead', groups='kam_management.group_kam_manager')
        cls.plan = cls._plan(cls.big)

    @classmethod
    def _plan(cls, partner, state='active', **values):
        plan = cls.env['kam.plan'].create({
            'partner_id': partner.id, 'company_id': cls.company.id, 'owner_id': cls.manager.id, **values})
        if state != 'draft':
            plan.action_activate()
        if state == 'closed':
            plan.action_close()
        return plan

    def _line(self, plan=None, name="Trays", **values):
        return self.env['kam.plan.category'].create({'plan_id': (plan or self.plan).id, 'name': name, **values})

    def pulled(self, as_of=AS_OF):
        """``{(line, account): row}`` of the section, of the lines of this test."""
        self.env.flush_all()
        run = self.prepared(as_of=as_of)
        rows = {(int(row['line_id']), int(row['account_id'])): row for row in self.pull(run).get('wallet', ())
                if int(row['line_id']) not in self.there}
        self.sync.abandon(run['run'], run['token'], '')
        return rows

    def publish_wallet(self, *rows, as_of=None):
        run = self.prepared(as_of=as_of)
        self.stage(run, [(self.big.id, 0, 0, 1, 5.0)])
        self.stage(run, [(1, 1, 1, 0)], self.PORTFOLIO, table='portfolio')
        answer = self.stage(run, rows, WALLET, table='wallet')
        self.sync.publish(run['run'], run['token'], {'tables': {
            'score': {'rows': 1, 'batches': 1}, 'portfolio': {'rows': 1, 'batches': 1},
            'wallet': {'rows': len(rows), 'batches': 1}}})
        return answer


@tagged('post_install', '-at_install')
class TestKamSyncWallet(WalletCase):

    def test_typed_lines_of_the_active_plan(self):
        line = self._line(our_sales=40.0, potential=100.0, our_rank=2, supplier_count=3)
        unknown = self._line(name="Film")
        rows = self.pulled()
        self.assertEqual(rows[line.id, self.big.id], {
            'account_id': str(self.big.id), 'line_id': str(line.id), 'counted_at': str(self.big.id), 'is_named': '0',
            'sales': '', 'unknown': '0', 'typed': '40', 'spend': '100', 'our_rank': '2', 'suppliers': '3'})
        row = rows[unknown.id, self.big.id]
        self.assertEqual([row[name] for name in ('typed', 'spend', 'our_rank', 'suppliers')], [''] * 4)

    def test_only_active_plans_of_the_company(self):
        other = self.env['res.company'].create({'name': "Other"})
        self.small.is_key_account = self.quiet.is_key_account = True
        for plan in (self._plan(self.small, 'draft'), self._plan(self.quiet, company_id=other.id)):
            self._line(plan, our_sales=1.0)
        self.assertFalse(self.pulled())

    def test_a_plan_for_several_accounts(self):
        self.small.is_key_account = True
        self.plan.partner_ids = self.small
        line = self._line(our_sales=40.0)
        rows = self.pulled()
        self.assertEqual(set(rows), {(line.id, self.big.id), (line.id, self.small.id)})
        self.assertEqual({row['counted_at'] for row in rows.values()}, {str(self.big.id)}, "the plan's own account")

    def test_the_plan_of_an_account_that_has_no_score(self):
        """A holding that buys nothing itself: what is left to win is counted at the first of the others."""
        holding = self.env['res.partner'].create({'name': "Holding", 'is_company': True})
        self.small.is_key_account = self.quiet.is_key_account = True
        line = self._line(self._plan(holding, partner_ids=[(6, 0, (self.small | self.quiet).ids)]), potential=9.0)
        first = min(self.small.id, self.quiet.id)
        self.assertEqual(
            {account: row['counted_at'] for (_line, account), row in self.pulled().items() if _line == line.id},
            {self.small.id: str(first), self.quiet.id: str(first)})

    def test_a_confidential_plan_counts_all_the_same(self):
        self.big.kam_confidentiality = self.plan.confidentiality = 'manager'
        self.assertEqual(len(self.pulled()), 0)
        self._line(our_sales=1.0)
        self.assertEqual(len(self.pulled()), 1)

    def test_the_service_user_reads_no_plan(self):
        """It is handed the figures of the wallet, and no word of what people wrote."""
        self.plan.write({'why_us': "Its director trusts us"})
        line = self._line(our_sales=40.0, assortment="Lists two of ours")
        self.assertEqual(len(self.pulled()), 1)
        worker = self.env(user=self.service)
        names = [name for name in self.env.registry if name.startswith('kam.plan')]
        for name in {*names, 'kam.dafo', 'kam.dafo.strategy', 'kam.objective', 'kam.action'} - {'kam.plan.row.mixin'}:
            with self.subTest(name), self.assertRaises(AccessError):
                worker[name].search([])
        for record in (self.plan, line):
            with self.assertRaises(AccessError):
                record.with_env(worker).read(['display_name'])
        factor = self.env.ref('kam_management.factor_strategic_value')
        opinion = self.env['kam.assessment'].create({
            'partner_id': self.big.id, 'factor_id': factor.id, 'value': 7, 'comment': "As its director told me"})
        nomination = self.env['kam.nomination'].create({'partner_id': self.small.id, 'reason': "It grows"})
        investment = self.env['kam.investment'].create({
            'name': "Mould", 'partner_id': self.big.id, 'amount': 5.0, 'reason': "They asked for it",
            'type_id': self.env.ref('kam_management.investment_type_training').id})
        for record, words in ((opinion, ['comment']), (investment, ['reason', 'decision_note', 'result']), (
                nomination, ['reason', 'evidence', 'exception_reason', 'decision_note'])):
            theirs = record.with_env(worker)
            for name in words:
                with self.subTest(name), self.assertRaises(AccessError):
                    theirs.read([name])
                with self.subTest(name), self.assertRaises(AccessError):
                    theirs.search([(name, 'ilike', "a")])

    def test_the_wallet_of_another_company(self):
        """What the rules would hide from the service user it isn't handed either."""
        other = self.env['res.company'].create({'name': "Other"})
        self.small.is_key_account = True
        self._line(self._plan(self.small, company_id=other.id), our_sales=7.0)
        mine = self._line(our_sales=1.0)
        self.assertEqual({row for row, _account in self.pulled()}, {mine.id})
        self.service.company_ids |= other
        self.assertEqual({row for row, _account in self.pulled()}, {mine.id})

    def test_many_lines_take_no_more_queries(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self.pulled()
            return self.cr.sql_log_count - start
        self._line(our_sales=1.0)
        count()
        few = count()
        for number in range(15):
            self._line(name=f"Number {number}", our_sales=1.0)
        self.assertLessEqual(count(), few)

    # ------------------------------------------------------------------ back again
    def test_results_are_put_in_place_and_shown(self):
        line = self._line(our_sales=40.0, potential=100.0)
        self.publish_wallet((line.id, 40.0, 100.0, 0.4, 60.0, 0, 'figures'))
        wallet = self.env['kam.wallet'].search([('category_id', '=', line.id)])
        self.assertEqual(
            (wallet.sales, wallet.spend, wallet.share, wallet.white_space, wallet.is_over, wallet.basis),
            (40.0, 100.0, 0.4, 60.0, False, 'figures'))
        self.assertEqual((wallet.plan_id, wallet.partner_id, wallet.company_id, wallet.as_of),
                         (self.plan, self.big, self.company, self.today))
        self.publish_wallet((line.id, None, 100.0, 0.5, None, 0, 'rank'))
        self.assertEqual((wallet.sales, wallet.share, wallet.white_space, wallet.basis), (False, 0.5, False, 'rank'))
        self.assertNotIn(wallet, wallet.search([('white_space', '<', 50)]), "unknown is no small number")

    def test_the_estimate_is_the_one_that_the_refresh_found(self):
        line = self._line(potential=100.0, potential_date=self.today - relativedelta(months=7))
        untouched = self._line(name="Film", our_sales=1.0)
        run = self.prepared()
        line.write({'potential': 300.0, 'potential_confidence': 'high'})  # while the worker computes
        self.stage(run, [(self.big.id, 0, 0, 1, 5.0)])
        self.stage(run, [(1, 1, 1, 0)], self.PORTFOLIO, table='portfolio')
        self.stage(run, [(line.id, None, 100.0, None, None, 0, None), (untouched.id, 1.0, None, None, None, 0, None)],
                   WALLET, table='wallet')
        self.sync.publish(run['run'], run['token'], {'tables': {
            'score': {'rows': 1, 'batches': 1}, 'portfolio': {'rows': 1, 'batches': 1},
            'wallet': {'rows': 2, 'batches': 1}}})
        wallet = self.env['kam.wallet'].search([('category_id', '=', line.id)])
        self.assertEqual((wallet.spend, wallet.potential_date, wallet.potential_confidence),
                         (100.0, self.today - relativedelta(months=7), 'low'))
        self.assertEqual((wallet.potential_age, wallet.is_potential_old), ("7 months ago", True))
        self.assertEqual((line.potential_age, line.is_potential_old), ("today", False))
        unknown = self.env['kam.wallet'].search([('category_id', '=', untouched.id)])
        self.assertEqual((unknown.potential_date, unknown.potential_age, unknown.is_potential_old), (False,) * 3)
        old = self.env['kam.wallet'].search([('is_potential_old', '=', True)])
        self.assertIn(wallet, old)
        self.assertNotIn(unknown, old)
        recent = self.env['kam.wallet'].search([('is_potential_old', '=', False)])
        self.assertIn(unknown, recent)
        self.assertNotIn(wallet, recent)

    def test_bad_rows_are_refused_by_themselves(self):
        line, film, foil = (self._line(name=name) for name in ("Trays", "Film", "Foil"))
        answer = self.publish_wallet(
            (line.id, 1.0, None, None, None, 0, None), (line.id, 2.0, None, None, None, 0, None),
            (film.id, 1.0, None, None, None, 0, 'guess'), (999_999_999, 1.0, None, None, None, 0, None),
            (foil.id, 3.0, None, None, None, 0, None))
        self.assertEqual([row['line'] for row in answer['refused']], [2, 3, 4])
        self.assertRegex(answer['refused'][1]['reason'], "neither figures nor rank")
        self.assertEqual({row.category_id: row.sales for row in self.env['kam.wallet'].search(
            [('category_id', 'in', (line | film | foil).ids)])}, {line: 1.0, foil: 3.0})

    def test_a_worker_of_before_publishes_all_the_same(self):
        run = self.prepared()
        self.assertEqual(self.publish(run, [(self.big.id, 0, 0, 1, 5.0)])['state'], 'published')

    def test_a_dry_run_and_a_day_of_before_leave_the_wallet_alone(self):
        line = self._line()
        self.publish_wallet((line.id, 1.0, None, None, None, 0, None))
        self.publish_wallet((line.id, 2.0, None, None, None, 0, None), as_of=date(2026, 1, 31))
        self.assertEqual(self.env['kam.wallet'].search([('category_id', '=', line.id)]).sales, 1.0)

    def test_a_closed_plan_keeps_what_was_computed(self):
        line = self._line()
        self.publish_wallet((line.id, 1.0, None, None, None, 0, None))
        self.plan.action_close()
        self.publish_wallet()
        self.assertEqual(self.env['kam.wallet'].search([('category_id', '=', line.id)]).sales, 1.0)

    # ------------------------------------------------------------------ ranks
    def test_our_rank_tells_the_share_where_nothing_else_does(self):
        """By hand, first of three: (1 − 1/4)·2/3 = 0.5; second of two: (1 − 2/3)·2/2 = 1/3."""
        line = self._line(potential=100.0, our_rank=1, supplier_count=3)
        self.assertEqual((line.share, line.share_basis, line.white_space), (0.5, 'rank', False))
        line.write({'our_rank': 2, 'supplier_count': 2})
        self.assertAlmostEqual(line.share, 1 / 3)
        line.our_sales = 20.0
        self.assertEqual((line.share, line.share_basis, line.white_space), (0.2, 'figures', 80.0))
        for values in ({'our_rank': 3}, {'our_rank': 0}, {'supplier_count': 0}):
            with self.subTest(**values), self.assertRaises(ValidationError), self.cr.savepoint():
                line.write(values)


class ProductCase(WalletCase):
    """Trays, with fish trays below them, and film."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if 'product.category' not in cls.env:
            raise SkipTest("products are not installed in this database")
        cls.trays, cls.film = cls.env['product.category'].create([{'name': "Trays"}, {'name': "Film"}])
        cls.fish = cls.env['product.category'].create({'name': "For fish", 'parent_id': cls.trays.id})
        cls.tray, cls.fish_tray, cls.roll = cls.env['product.product'].create([
            {'name': category.name, 'categ_id': category.id} for category in (cls.trays, cls.fish, cls.film)])

    def _named(self, category, **values):
        return self._line(product_category=f'product.category,{category.id}', **values)


@tagged('post_install', '-at_install')
class TestWalletFromOrders(ProductCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if 'sale.order' not in cls.env:
            raise SkipTest("sales are not installed in this database")
        cls.company.kam_settings_id.revenue_source = 'orders'

    def order(self, partner, day=datetime(2026, 7, 1), currency=None, confirm=True, **amounts):
        values = {'partner_id': partner.id, 'company_id': self.company.id, 'order_line': [
            (0, 0, {'product_id': getattr(self, product).id, 'product_uom_qty': 2, 'price_unit': amount / 2,
                    'tax_ids': [(5, 0, 0)]}) for product, amount in amounts.items()]}
        if currency:
            values['pricelist_id'] = self.env['product.pricelist'].create(
                {'name': currency.name, 'currency_id': currency.id}).id
        order = self.env['sale.order'].create(values)
        if confirm:
            order.action_confirm()
        order.date_order = day
        return order

    def sold(self, line, account=None):
        row = self.pulled()[line.id, (account or self.big).id]
        self.assertEqual(row['is_named'], '1')
        return row['sales'] and float(row['sales']), int(row['unknown'])

    def test_what_was_sold_of_a_category_and_of_those_below_it(self):
        branch = self.env['res.partner'].create({'name': "Branch", 'parent_id': self.big.id, 'is_company': True})
        self.order(self.big, tray=100, fish_tray=20, roll=7)
        self.order(branch, tray=3)
        self.order(self.small, tray=1000)
        self.order(self.big, confirm=False, tray=50_000)
        self.assertEqual(self.sold(self._named(self.trays)), (123, 0))
        self.assertEqual(self.sold(self._named(self.fish, name="Fish")), (20, 0))
        self.assertEqual(self.sold(self._named(self.film, name="Film")), (7, 0))

    def test_nothing_sold_is_a_known_zero_and_typed_figures_step_back(self):
        line = self._named(self.trays, our_sales=99.0)
        self.assertEqual(self.sold(line), (0, 0))
        self.assertEqual(line.sales, False, "until the next refresh")

    def test_the_window(self):
        for day, amount in ((datetime(2025, 7, 31, 12), 1000), (datetime(2025, 8, 1, 12), 1),
                            (datetime(2026, 7, 31, 12), 10), (datetime(2026, 7, 31, 22, 30), 10_000)):
            self.order(self.big, day, tray=amount)  # 22:30 UTC is the next day in Madrid
        self.assertEqual(self.sold(self._named(self.trays)), (11, 0))

    def test_archived_products_and_customers_count(self):
        self.order(self.big, tray=100)
        self.tray.active = False
        self.assertEqual(self.sold(self._named(self.trays)), (100, 0))

    def test_another_currency(self):
        """200 at a rate of 2 are 100; without any rate the amount is unknown."""
        # two of them, or the only one without a rate would be what the others are quoted in
        rated, unrated, _other = self.env['res.currency'].create([
            {'name': name, 'symbol': name} for name in ('QQA', 'QQB', 'QQC')])
        self.env['res.currency.rate'].create({
            'currency_id': rated.id, 'rate': 2, 'name': date(2020, 1, 1), 'company_id': self.company.id})
        self.order(self.big, currency=rated, tray=200)
        line = self._named(self.trays)
        self.assertEqual(self.sold(line), (100, 0))
        self.order(self.big, currency=unrated, tray=200)
        self.assertEqual(self.sold(line)[1], 1)

    def test_each_account_of_a_plan_for_several(self):
        self.small.is_key_account = True
        self.plan.partner_ids = self.small
        self.order(self.big, tray=100)
        self.order(self.small, tray=10)
        line = self._named(self.trays)
        self.assertEqual((self.sold(line), self.sold(line, self.small)), ((100, 0), (10, 0)))

    def test_many_lines_take_no_more_queries(self):
        self.order(self.big, tray=100)

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self.pulled()
            return self.cr.sql_log_count - start
        self._named(self.trays)
        count()
        few = count()
        for number in range(12):
            self._named(self.env['product.category'].create({'name': "More", 'parent_id': self.fish.id}),
                        name=f"Number {number}")
        self.assertLessEqual(count(), few)

    def test_the_line_shows_what_the_worker_found(self):
        line = self._named(self.trays, our_sales=99.0, potential=400.0)
        self.publish_wallet((line.id, 100.0, 400.0, 0.25, 300.0, 0, 'figures'))
        self.assertEqual((line.sales, line.sales_date, line.share, line.white_space), (100.0, self.today, 0.25, 300.0))
        self.assertEqual((self.plan.wallet_share, self.plan.wallet_coverage), (0.25, 1.0))
        self.assertEqual(line.our_sales, 99.0, "what people typed is theirs")
        line.potential = 200.0
        self.assertEqual((line.share, line.white_space), (0.5, 100.0))
        line.product_category = False
        self.assertEqual(line.sales, 99.0)

    def test_a_category_that_is_gone(self):
        line = self._named(self.film, our_sales=99.0)
        self.roll.unlink()
        self.film.unlink()
        self.env.invalidate_all()
        self.assertEqual(line.sales, 99.0)
        self.assertEqual(self.pulled()[line.id, self.big.id]['is_named'], '0')
        self.assertFalse(line.web_read({'product_category': {'fields': {}}})[0]['product_category'])

    def test_only_product_categories_can_be_named(self):
        with self.assertRaises(ValueError):
            self._line(product_category=f'res.partner,{self.big.id}')
        with Form(self.env['kam.plan.category'].with_user(self.manager).with_context(
                default_plan_id=self.plan.id)) as form:
            form.name = "Trays"
            form.product_category = f'product.category,{self.trays.id}'
        self.assertEqual(form.record.product_category, self.trays)

    def test_the_best_source_that_has_lines(self):
        """Revenue from opportunities: they have no lines, orders do."""
        self.company.kam_settings_id.revenue_source = 'opportunities'
        self.order(self.big, tray=100)
        self.assertEqual(self.sold(self._named(self.trays)), (100, 0))

    def test_without_a_source_the_sales_are_unknown(self):
        self.company.kam_settings_id.revenue_source = 'opportunities'
        # as a system administrator would
        self.env['kam.kpi'].search([('role', 'in', ('revenue_orders', 'revenue_invoices'))]).active = False
        self.assertEqual(self.sold(self._named(self.trays)), ('', 0))

    def test_the_right_comes_and_goes_with_the_source(self):
        kpi = self.env['kam.kpi'].search([('role', '=', 'revenue_orders')])
        others = self.env['kam.kpi'].search([('role', '=', 'revenue_invoices')])
        lines = self.env['sale.order.line'].with_user(self.service)
        self.assertEqual([lines.has_access(what) for what in ('read', 'write', 'create', 'unlink')],
                         [True, False, False, False])
        self.assertTrue(self.env['product.category'].with_user(self.service).has_access('read'))
        (kpi | others).active = False
        self.assertFalse(lines.has_access('read'))
        self.assertFalse(self.env['product.category'].with_user(self.service).has_access('read'))
        kpi.active = True
        self.assertTrue(lines.has_access('read'))

    def test_a_missing_right_is_told(self):
        self.assertFalse(self.sync.handshake()['missing_rights'])
        self.env.ref('kam_management.access_source_sale_order_line').unlink()
        self.assertIn('sale.order.line', " ".join(self.sync.handshake()['missing_rights']))


@tagged('post_install', '-at_install')
class TestWalletFromInvoices(ProductCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if 'account.move' not in cls.env:
            raise SkipTest("invoicing is not installed in this database")
        journals = cls.env['account.journal'].search(
            [('type', '=', 'sale'), ('company_id', '=', cls.company.id)], limit=1)
        if not journals:
            raise SkipTest("this database has no chart of accounts")
        cls.company.kam_settings_id.revenue_source = 'invoices'

    def invoice(self, partner, amount, kind='out_invoice', day=date(2026, 7, 1), currency=None, post=True):
        move = self.env['account.move'].create({
            'move_type': kind, 'partner_id': partner.id, 'invoice_date': day, 'company_id': self.company.id,
            'currency_id': (currency or self.company.currency_id).id, 'invoice_line_ids': [(0, 0, {
                'product_id': self.tray.id, 'quantity': 1, 'price_unit': amount, 'tax_ids': [(5, 0, 0)]})]})
        if post:
            move.action_post()
        return move

    def test_invoices_less_credit_notes(self):
        self.invoice(self.big, 100)
        self.invoice(self.big, 30, 'out_refund')
        self.invoice(self.big, 5000, post=False)
        self.invoice(self.big, 700, day=date(2025, 7, 31))
        line = self._named(self.trays)
        row = self.pulled()[line.id, self.big.id]
        self.assertEqual((float(row['sales']), row['unknown']), (70.0, '0'))

    def test_in_the_companys_currency(self):
        rated = self.env['res.currency'].create({'name': 'QQA', 'symbol': 'QQA'})
        self.env['res.currency.rate'].create({
            'currency_id': rated.id, 'rate': 2, 'name': date(2020, 1, 1), 'company_id': self.company.id})
        self.invoice(self.big, 200, currency=rated)
        line = self._named(self.trays)
        self.assertEqual(float(self.pulled()[line.id, self.big.id]['sales']), 100.0)


@tagged('post_install', '-at_install')
class TestOptionalReference(WalletCase):

    def test_what_led_to_an_app_that_is_gone_reads_as_empty(self):
        line = self._line(our_sales=99.0)
        self.env.cr.execute(SQL(
            "UPDATE kam_plan_category SET product_category = 'gone.model,5' WHERE id = %s", line.id))
        line.invalidate_recordset()
        self.assertFalse(line.product_category)
        self.assertFalse(line.read(['product_category'])[0]['product_category'])
        self.assertEqual(line.sales, 99.0)
        line.product_category = 'gone.model,5'  # as a form that was open would
        self.assertFalse(line.product_category)
