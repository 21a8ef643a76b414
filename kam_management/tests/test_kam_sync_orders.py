from datetime import date, datetime
from unittest import SkipTest

from odoo.tests import tagged

from .sync_common import SyncCase

AS_OF = date(2026, 7, 31)


@tagged('post_install', '-at_install')
class TestKamSyncOrders(SyncCase):
    """Sources that only an installed app brings: orders with their margin and their currency."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if 'sale.order' not in cls.env or 'margin' not in cls.env['sale.order']._fields:
            raise SkipTest("sale_margin is not installed in this database")
        cls.company.kam_settings_id.revenue_source = 'orders'
        cls.costed = cls.env['product.product'].create({'name': "Costed", 'standard_price': 60})
        cls.uncosted = cls.env['product.product'].create({'name': "No cost known", 'standard_price': 0})

    def order(self, partner, product, amount, day=datetime(2026, 7, 1), currency=None):
        values = {
            'partner_id': partner.id, 'company_id': self.company.id,
            'order_line': [(0, 0, {'product_id': product.id, 'product_uom_qty': 1, 'price_unit': amount,
                                   'tax_ids': [(5, 0, 0)]})],
        }
        if currency:
            values['pricelist_id'] = self.env['product.pricelist'].create(
                {'name': currency.name, 'currency_id': currency.id}).id
        order = self.env['sale.order'].create(values)
        order.action_confirm()
        order.date_order = day
        return order

    def facts(self, partner):
        """``{KPI code: fact}`` of an account."""
        run = self.prepared(as_of=AS_OF)
        codes = {kpi['id']: kpi['code'] for kpi in run['config']['kpis']}
        facts = {codes[int(row['kpi_id'])]: row for row in self.pull(run).get('fact', ())
                 if int(row['account_id']) == partner.id}
        self.sync.abandon(run['run'], run['token'], '')
        return facts

    def test_margin_is_read_from_orders_whose_cost_is_known(self):
        """An order without a cost would look like pure margin: it counts as revenue and says nothing of margin."""
        self.order(self.big, self.costed, 100)
        self.order(self.big, self.uncosted, 1000)
        facts = self.facts(self.big)
        self.assertEqual(float(facts['orders_revenue']['value_now']), 1100)
        self.assertEqual(float(facts['orders_margin']['value_now']), 40)
        self.assertEqual(float(facts['orders_margin_base']['value_now']), 100)
        self.assertEqual((facts['orders_revenue']['documents'], facts['orders_margin']['documents']), ('2', '1'))

    def test_without_any_cost_there_is_no_margin(self):
        self.order(self.big, self.uncosted, 1000)
        self.assertEqual(set(self.facts(self.big)), {'orders_revenue'})

    def test_a_quotation_is_no_order(self):
        self.order(self.big, self.costed, 100)
        self.env['sale.order'].create({'partner_id': self.small.id})
        self.assertEqual(self.facts(self.small), {})

    def test_an_order_in_another_currency(self):
        """200 at a rate of 2 are 100; in a currency without any rate the amount is unknown, though Odoo says 1:1."""
        rated, unrated = self.env['res.currency'].create([
            {'name': name, 'symbol': name} for name in ('QQA', 'QQB')])
        self.env['res.currency.rate'].create({
            'currency_id': rated.id, 'rate': 2, 'name': date(2020, 1, 1), 'company_id': self.company.id})
        self.order(self.big, self.costed, 200, currency=rated)
        self.order(self.small, self.costed, 200, currency=unrated)
        fact = self.facts(self.big)['orders_revenue']
        self.assertEqual((float(fact['value_now']), fact['unknown_now']), (100, '0'))
        self.assertEqual(self.facts(self.small)['orders_revenue']['unknown_now'], '1')

    def test_amounts_without_a_rate_in_cells_and_debts(self):
        """150 of the own currency and 200 of one that has no rate, both in July: one of the two amounts is unknown."""
        self.env['res.currency.rate'].search([]).unlink()
        self.big.is_key_account = True
        unrated = self.env['res.currency'].create({'name': 'QQB', 'symbol': 'QQB'})
        self.order(self.big, self.costed, 150)
        self.order(self.big, self.costed, 200, currency=unrated)
        self.env['kam.kpi'].search([('role', '=', 'debt')]).role = False
        owed = self.env['kam.kpi'].create({
            'code': 'test_debt', 'name': "Owed", 'role': 'debt', 'model_name': 'sale.order', 'aggregate': 'sum',
            'domain': "[('state', '=', 'sale')]", 'company_field': 'company_id', 'date_field': 'date_order',
            'currency_field': 'currency_id', 'rate_field': 'currency_rate', 'measure': 'amount_untaxed',
            'active': True})
        self.env.flush_all()
        run = self.prepared(as_of=AS_OF)
        pulled = self.pull(run)
        codes = {kpi['id']: kpi['code'] for kpi in run['config']['kpis']}
        cells = {(codes[int(row['kpi_id'])], row['grain'], row['period_start']): (row['documents'], row['unknown'])
                 for row in pulled['cell'] if int(row['account_id']) == self.big.id}
        self.assertEqual(cells['orders_revenue', 'month', '2026-07-01'], ('2', '1'))
        self.assertEqual(cells['orders_revenue', 'rolling', '2025-08-01'], ('2', '1'))
        self.assertEqual(cells['orders_count', 'month', '2026-07-01'], ('2', '0'), "a count needs no rate")
        self.assertEqual(run['config']['sources']['debt'], owed.id)
        self.assertEqual([(row['due'], row['unknown']) for row in pulled['debt']
                          if int(row['account_id']) == self.big.id], [('2026-07-01', '1')])
