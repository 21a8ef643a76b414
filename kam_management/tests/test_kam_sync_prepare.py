from datetime import date, datetime

from odoo.tests import tagged

from .sync_common import SyncCase, holds_none

AS_OF = date(2026, 7, 31)


@tagged('post_install', '-at_install')
class TestKamSyncPrepare(SyncCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.won_kpi = cls.env['kam.kpi'].search([('role', '=', 'revenue_opportunities')])

    def fact(self, partner, kpi=None, as_of=AS_OF):
        """The fact of an account, as a dictionary of numbers, or None."""
        run = self.prepared(as_of=as_of)
        rows = [row for row in self.pull(run).get('fact', ()) if int(row['account_id']) == partner.id
                and int(row['kpi_id']) == (kpi or self.won_kpi).id]
        self.sync.abandon(run['run'], run['token'], '')
        self.assertLessEqual(len(rows), 1)
        return rows[0] if rows else None

    def accounts(self, as_of=AS_OF):
        run = self.prepared(as_of=as_of)
        rows = {int(row['account_id']): row for row in self.pull(run)['account']}
        self.sync.abandon(run['run'], run['token'], '')
        return rows

    def test_windows(self):
        """Twelve months end on the day itself; the day a year before belongs to the window before."""
        self.win(self.big, 1, datetime(2026, 7, 31, 12))
        self.win(self.big, 10, datetime(2025, 8, 1, 12))
        self.win(self.big, 100, datetime(2025, 7, 31, 12))
        self.win(self.big, 1000, datetime(2024, 8, 1, 12))
        self.win(self.big, 10000, datetime(2024, 7, 31, 12))
        self.win(self.big, 100000, datetime(2026, 8, 1, 12))
        fact = self.fact(self.big)
        self.assertEqual(float(fact['value_now']), 11)
        self.assertEqual(float(fact['value_before']), 1100)
        self.assertEqual((fact['documents_now'], fact['documents_before'], fact['documents']), ('2', '2', '5'))
        self.assertEqual((fact['first_date'], fact['last_date']), ('2024-07-31', '2026-07-31'))

    def test_days_are_those_of_the_company(self):
        """22:30 UTC on 31 July is 1 August in Madrid: not yet there on 31 July."""
        self.win(self.big, 5, datetime(2026, 7, 31, 21, 30))
        self.win(self.small, 7, datetime(2026, 7, 31, 22, 30))
        self.assertEqual(float(self.fact(self.big)['value_now']), 5)
        self.assertIsNone(self.fact(self.small))
        self.assertEqual(self.fact(self.small, as_of=date(2026, 8, 1))['last_date'], '2026-08-01')

    def test_a_group_of_companies_rolls_up(self):
        branch = self.env['res.partner'].create({'name': "Branch", 'parent_id': self.big.id, 'is_company': True})
        buyer = self.env['res.partner'].create({'name': "Buyer", 'parent_id': branch.id})
        self.win(buyer, 3, datetime(2026, 7, 1))
        self.win(branch, 4, datetime(2026, 7, 1))
        self.assertEqual(float(self.fact(self.big)['value_now']), 7)
        branch.is_key_account = True
        self.env.flush_all()
        self.assertEqual(float(self.fact(branch)['value_now']), 7)
        self.assertIsNone(self.fact(self.big))

    def test_documents_of_other_companies(self):
        other = self.env['res.company'].create({'name': "Other"})
        self.win(self.big, 1, datetime(2026, 7, 1))
        self.win(self.big, 10, datetime(2026, 7, 1), company_id=other.id)
        self.win(self.big, 100, datetime(2026, 7, 1), company_id=False)
        self.assertEqual(float(self.fact(self.big)['value_now']), 101)
        theirs = self.env['res.partner'].create({'name': "Theirs", 'company_id': other.id, 'is_key_account': True})
        self.win(theirs, 1, datetime(2026, 7, 1), company_id=other.id)
        self.assertNotIn(theirs.id, self.accounts())

    def test_a_document_whose_account_is_of_another_company(self):
        """Every fact that is pulled has its account beside it: the worker takes anything else for a broken pull."""
        other = self.env['res.company'].create({'name': "Other"})
        self.win(self.big, 1, datetime(2026, 7, 1))
        branch = self.env['res.partner'].create({'name': "Branch", 'is_company': True})
        self.win(branch, 1, datetime(2026, 7, 1))
        head = self.env['res.partner'].create({'name': "Head", 'is_company': True, 'company_id': other.id})
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET parent_id = %s, kam_account_id = %s WHERE id = %s",
                            [head.id, head.id, branch.id])
        self.env.invalidate_all()
        sections = self.pull(self.prepared(as_of=AS_OF))
        accounts = {row['account_id'] for row in sections['account']}
        self.assertIn(str(self.big.id), accounts)
        self.assertNotIn(str(head.id), accounts)
        self.assertLessEqual({row['account_id'] for row in sections['fact']}, accounts)

    def test_the_universe(self):
        """Customers with a document or a flag; never ourselves or our colleagues."""
        self.win(self.big, 1, datetime(2026, 7, 1))
        self.quiet.is_key_account = True
        self.win(self.company.partner_id, 1, datetime(2026, 7, 1))
        self.win(self.env.ref('base.user_admin').partner_id, 1, datetime(2026, 7, 1))
        accounts = self.accounts()
        self.assertEqual(accounts[self.big.id]['is_key'], '0')
        self.assertEqual(accounts[self.quiet.id]['is_key'], '1')
        self.assertNotIn(self.small.id, accounts)
        self.assertNotIn(self.company.partner_id.id, accounts)
        self.assertNotIn(self.env.ref('base.user_admin').partner_id.id, accounts)
        self.assertIsNone(self.fact(self.company.partner_id))

    def test_who_finds_customers(self):
        """An administrator's own source does; a shipped one that looks again at documents of others does not."""
        kpi = self.env['kam.kpi'].create({
            'code': 'test_leads', 'name': "Leads", 'model_name': 'crm.lead', 'partner_path': 'partner_id',
            'domain': "[('type', '=', 'lead')]", 'company_field': 'company_id', 'aggregate': 'count', 'active': True})
        self.env['crm.lead'].create({
            'name': "Asks", 'type': 'lead', 'partner_id': self.quiet.id, 'company_id': self.company.id})
        self.win(self.big, 1, datetime(2026, 7, 1))
        self.assertTrue(kpi.finds_customers)
        self.assertIn(self.quiet.id, self.accounts())
        kpi.finds_customers = False
        self.assertNotIn(self.quiet.id, self.accounts())
        shipped = self.env['kam.kpi'].with_context(active_test=False).search([
            ('shipped', '=', True), ('kind', '=', 'source'), ('finds_customers', '=', True)])
        self.assertEqual(set(shipped.mapped('code')) & {
            'payment_delay', 'delivery_delay', 'returns_count', 'opportunities_qualified', 'invoices_unpaid'}, set())
        self.assertLessEqual({'invoices_revenue', 'orders_count', 'deliveries_count', 'opportunities_open'},
                             set(shipped.mapped('code')))

    def test_the_same_documents_are_not_looked_at_twice(self):
        """Opportunities won are read for revenue, so that their customers are known, whatever counts them again."""
        run = self.env['kam.sync.run'].browse(self.begin()['run'])
        kpis = self.env['kam.kpi'].search([('kind', '=', 'source'), ('code', 'in', (
            'opportunities_won', 'opportunities_won_count', 'opportunities_lost'))])
        self.assertEqual(len(kpis), 3)
        _tables, sources = self.sync._pull_facts(run, kpis, {})
        self.assertEqual(len(sources), 1)
        self.assertIn(('lost',), sources[0].params)
        self.assertNotIn(('won',), sources[0].params)

    def test_confidential_accounts(self):
        """The worker is told which ones are, whatever their level."""
        for partner, level in ((self.big, 'team'), (self.quiet, 'manager'), (self.small, 'company')):
            partner.kam_confidentiality = level
            self.win(partner, 1, datetime(2026, 7, 1))
        accounts = self.accounts()
        self.assertEqual(
            [accounts[partner.id]['is_confidential'] for partner in (self.big, self.quiet, self.small)],
            ['1', '1', '0'])

    def test_archived_accounts_still_count(self):
        self.win(self.big, 1, datetime(2026, 7, 1))
        self.big.active = False
        self.env.flush_all()
        self.assertEqual(self.accounts()[self.big.id]['is_active'], '0')
        self.assertEqual(float(self.fact(self.big)['value_now']), 1)

    def test_lost_opportunities_are_archived_and_not_won(self):
        lead = self.win(self.big, 9, datetime(2026, 7, 1))
        lead.stage_id = self.env['crm.stage'].search([('is_won', '=', False)], limit=1)
        lead.action_set_lost()
        self.env.flush_all()
        self.assertIsNone(self.fact(self.big))

    def test_a_domain_that_asks_for_archived_records_is_alone_with_it(self):
        """KPIs share a pass over the leads; each still counts its own: archived, won, or both."""
        self.won_kpi.include_archived = False
        archived = self.won_kpi.copy({
            'code': 'archived_deals', 'role': False, 'active': True, 'aggregate': 'count', 'measure': False,
            'domain': "[('active', '=', False), ('type', '=', 'opportunity')]"})
        factor = self.env['kam.score.factor'].search([('code', '=', 'cost_to_serve')])
        factor.write({'source': 'kpi', 'kpi_id': archived.id})
        self.win(self.big, 1, datetime(2026, 7, 1))
        lead = self.win(self.big, 10, datetime(2026, 7, 1))
        lead.active = False
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_lead SET date_closed = '2026-07-01' WHERE id = %s", [lead.id])
        self.assertEqual(float(self.fact(self.big)['value_now']), 1)
        self.assertEqual(float(self.fact(self.big, archived)['value_now']), 1)
        self.assertEqual(self.fact(self.big, archived)['documents'], '1')

    def test_the_best_source_has_documents_lately(self):
        """Something sold years ago is no reason to read all revenue from there."""
        self.company.kam_settings_id.revenue_source = 'best'
        sources = self.begin(as_of=AS_OF)['config']['sources']
        self.env['kam.sync.run'].search([]).unlink()
        self.env.cr.execute("DELETE FROM kam_sync_lease")
        self.env.invalidate_all()
        self.assertEqual(sources['revenue'], self.won_kpi.id)
        self.assertFalse(self.sync._has_documents(self.won_kpi, self.company, date(2001, 1, 1), 12))
        self.win(self.big, 1, datetime(2000, 7, 1))
        self.assertTrue(self.sync._has_documents(self.won_kpi, self.company, date(2001, 1, 1), 12))
        self.assertFalse(self.sync._has_documents(self.won_kpi, self.company, date(2003, 1, 1), 12))

    def test_opinions(self):
        factor = self.env.ref('kam_management.factor_customer_knowledge', raise_if_not_found=False) \
            or self.env['kam.score.factor'].search([('code', '=', 'customer_knowledge')])
        branch = self.env['res.partner'].create({'name': "Branch", 'parent_id': self.big.id, 'is_company': True})
        self.win(branch, 1, datetime(2026, 7, 1))  # an opinion alone makes no customer
        self.env['kam.assessment'].create([
            {'partner_id': self.big.id, 'factor_id': factor.id, 'value': 8, 'date': date(2026, 5, 1)},
            {'partner_id': branch.id, 'factor_id': factor.id, 'value': 3, 'date': date(2026, 6, 1)},
            {'partner_id': self.big.id, 'factor_id': factor.id, 'value': 1, 'date': date(2026, 8, 1)},
            {'partner_id': self.quiet.id, 'factor_id': factor.id, 'value': 5, 'date': date(2026, 5, 1)},
        ])
        run = self.prepared(as_of=AS_OF)
        opinions = [row for row in self.pull(run)['opinion']
                    if int(row['account_id']) in (self.big.id, self.quiet.id)]
        self.assertEqual(sorted((row['value'], row['date']) for row in opinions),
                         [('3', '2026-06-01'), ('8', '2026-05-01')])

    def test_pages_say_the_same_whatever_their_size(self):
        for partner in (self.big, self.small, self.quiet):
            self.win(partner, 5, datetime(2026, 7, 1))
        run = self.prepared(as_of=AS_OF)
        self.assertEqual(self.pull(run, limit=1), self.pull(run, limit=100000))
        first = self.sync.pull(run['run'], run['token'], 0, 2)
        self.assertEqual(first, self.sync.pull(run['run'], run['token'], 0, 2))
        self.assertFalse(holds_none(first))
        manifest = self.sync.prepare(run['run'], run['token'])
        self.assertEqual({s['name']: s['rows'] for s in manifest['sections'] if s['rows']},
                         {name: len(rows) for name, rows in self.pull(run).items()})
        end = self.sync.pull(run['run'], run['token'], manifest['rows'], 10)
        self.assertEqual((end['rows'], end['done']), (0, True))

    def test_the_number_of_statements_does_not_grow(self):
        """Documents and accounts are aggregated by the database: their number costs no statement."""
        def count():
            run = self.begin(as_of=AS_OF)
            before = self.env.cr.sql_log_count
            self.sync.prepare(run['run'], run['token'])
            statements = self.env.cr.sql_log_count - before
            self.sync.abandon(run['run'], run['token'], '')
            return statements
        self.win(self.big, 5, datetime(2026, 7, 1))
        for _time in range(2):
            count()  # fills the caches of access rights and definitions, and cleans up what stood before
        few = count()
        for partner in self.env['res.partner'].create([{'name': f"Customer {n}"} for n in range(30)]):
            self.win(partner, 5, datetime(2026, 7, 1))
        self.assertEqual(count(), few)

    def test_the_configuration_is_frozen(self):
        run = self.prepared()
        weights = {factor['code']: factor['weight'] for factor in run['config']['factors']}
        self.assertEqual(weights['gross_margin'], 40)
        self.assertEqual(weights['share_of_wallet'], 0)
        self.assertNotIn('default_margin', run['config']['settings'], "not set is left out, never 0")
        self.assertFalse(holds_none(run['config']))
        self.sync.abandon(run['run'], run['token'], '')
        again = self.begin(as_of=self.today)
        self.assertEqual(again['config_hash'], run['config_hash'])
        self.sync.abandon(again['run'], again['token'], '')
        self.company.kam_settings_id.quadrant_cut = 55
        self.assertNotEqual(self.begin()['config_hash'], run['config_hash'])
