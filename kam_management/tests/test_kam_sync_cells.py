"""Values of source KPIs on their way to the worker: by month, in both windows, of members alone."""
from datetime import date, datetime

from odoo.tests import tagged
from odoo.tools import mute_logger

from .figure_common import AS_OF, FigureCase

LOGGER = 'odoo.addons.kam_management.models.kam_sync_cells'


@tagged('post_install', '-at_install')
class TestKamSyncCells(FigureCase):

    def test_months_and_both_windows(self):
        """The year up to 31 July 2026 begins on 1 August 2025; 37 months back is July 2023."""
        self.win(self.big, 100, datetime(2026, 7, 31, 21, 30))  # 23:30 in Madrid
        self.win(self.big, 50, datetime(2026, 6, 30, 22, 30))  # half past midnight of 1 July
        self.win(self.big, 30, datetime(2025, 7, 31, 12))
        self.win(self.big, 5, datetime(2023, 7, 1, 12))
        self.win(self.big, 7, datetime(2023, 6, 30, 12))  # before the first month that is told
        self.win(self.big, 9, datetime(2026, 7, 31, 22, 30))  # already August there
        self.assertEqual(self.cells(self.revenue), {
            (self.big, 'month', '2026-07-01'): (150.0, 2, 2, 0),
            (self.big, 'month', '2025-07-01'): (30.0, 1, 1, 0),
            (self.big, 'month', '2023-07-01'): (5.0, 1, 1, 0),
            (self.big, 'rolling', '2025-08-01'): (150.0, 2, 2, 0),
            (self.big, 'rolling', '2024-08-01'): (30.0, 1, 1, 0)})

    def test_members_alone(self):
        """The key account with its shops, and the candidate; not the customer that is neither."""
        shop = self.env['res.partner'].create({'name': "Shop", 'parent_id': self.big.id})
        for partner in (shop, self.big, self.small, self.quiet):
            self.win(partner, 10, datetime(2026, 7, 1, 12))
        months = {key[0]: value for key, value in self.cells(self.revenue).items() if key[1] == 'month'}
        self.assertEqual(months, {self.big: (20.0, 2, 2, 0), self.small: (10.0, 1, 1, 0)})

    def test_every_aggregate(self):
        """Two leads in July with 10 and 30: an average travels as its sum and how many were counted."""
        kpis = {way: self.kpi(f'test_{way}', aggregate=way, measure='expected_revenue', date_field='date_closed')
                for way in ('sum', 'avg', 'min', 'max')}
        self.win(self.big, 10, datetime(2026, 7, 1, 12))
        self.win(self.big, 30, datetime(2026, 7, 2, 12))
        self.win(self.big, 80, datetime(2026, 1, 2, 12))
        rolling = {'sum': 120.0, 'avg': 120.0, 'min': 10.0, 'max': 80.0}
        for way, july in (('sum', 40.0), ('avg', 40.0), ('min', 10.0), ('max', 30.0)):
            with self.subTest(way):
                self.assertEqual(self.cells(kpis[way]), {
                    (self.big, 'month', '2026-07-01'): (july, 2, 2, 0),
                    (self.big, 'month', '2026-01-01'): (80.0, 1, 1, 0),
                    (self.big, 'rolling', '2025-08-01'): (rolling[way], 3, 3, 0)})

    def test_an_average_counts_who_has_a_number(self):
        kpi = self.kpi('test_days', aggregate='avg', measure='day_close', date_field='date_closed')
        for days in (4, None):
            lead = self.win(self.big, 10, datetime(2026, 7, 1, 12))
            self.env.cr.execute("UPDATE crm_lead SET day_close = %s WHERE id = %s", [days, lead.id])
        self.assertEqual(self.cells(kpi)[self.big, 'month', '2026-07-01'], (4.0, 1, 2, 0))

    def test_a_state_is_of_the_day(self):
        kpi = self.kpi('test_open', domain="[('type', '=', 'opportunity'), ('won_status', '=', 'pending')]")
        self.env['crm.lead'].create([
            {'name': "Open", 'type': 'opportunity', 'partner_id': self.big.id, 'company_id': self.company.id}] * 2)
        self.win(self.big, 10, datetime(2026, 7, 1, 12))
        self.assertEqual(self.cells(kpi), {(self.big, 'state', '2026-07-31'): (2.0, 2, 2, 0)})

    def test_days_from_one_date_to_another(self):
        """Created on 1 July at 23:30 of Madrid, closed on the 4th: 3 days; by way of a dotted path as well."""
        near = self.kpi('test_velocity', aggregate='avg', measure='date_closed', measure_start='create_date',
                        date_field='date_closed', unit='days')
        far = self.kpi('test_since_customer', aggregate='avg', measure='date_closed',
                       measure_start='partner_id.create_date', date_field='date_closed', unit='days')
        lead = self.win(self.big, 10, datetime(2026, 7, 4, 12))
        self.env.cr.execute("UPDATE crm_lead SET create_date = '2026-07-01 21:30' WHERE id = %s", [lead.id])
        self.env.cr.execute("UPDATE res_partner SET create_date = '2026-06-04 09:00' WHERE id = %s", [self.big.id])
        self.env.invalidate_all()
        self.assertEqual(self.cells(near)[self.big, 'month', '2026-07-01'], (3.0, 1, 1, 0))
        self.assertEqual(self.cells(far)[self.big, 'month', '2026-07-01'], (30.0, 1, 1, 0))

    def test_another_company_is_none_of_ours(self):
        other = self.env['res.company'].create({'name': "Other"})
        self.service.company_ids |= other
        self.win(self.big, 10, datetime(2026, 7, 1, 12), company_id=other.id, user_id=False, team_id=False)
        self.assertEqual(self.cells(self.revenue), {})

    def test_what_one_kpi_breaks_costs_itself_alone(self):
        """Definitions that were good when the run began and are not any more: two of the three of a scan."""
        good, text, gone = (
            self.kpi(code, aggregate='sum', measure='expected_revenue', date_field='date_closed')
            for code in ('test_good', 'test_text', 'test_gone'))
        self.win(self.big, 10, datetime(2026, 7, 1, 12))
        self.env.flush_all()
        run = self.begin(as_of=AS_OF)
        self.env.cr.execute("UPDATE kam_kpi SET measure = 'name' WHERE id = %s", [text.id])
        self.env.cr.execute("UPDATE kam_kpi SET measure = 'nowhere' WHERE id = %s", [gone.id])
        self.env.invalidate_all()
        with mute_logger(LOGGER):
            manifest = self.sync.prepare(run['run'], run['token'])
        self.assertEqual({row['id'] for row in manifest['unavailable']}, {text.id, gone.id})
        cells = {int(row['kpi_id']) for row in self.pull(run)['cell']}
        self.assertTrue({good.id, self.revenue.id} <= cells)
        self.assertFalse({text.id, gone.id} & cells)
        self.assertIn("2026-07-31", text.trouble)
        self.assertIn("nowhere", gone.trouble)
        self.assertFalse(good.trouble)
        self.assertEqual(self.sync.prepare(run['run'], run['token'])['unavailable'], manifest['unavailable'])
        # Read again, it is well.
        self.sync.abandon(run['run'], run['token'], '')
        (text | gone).measure = 'expected_revenue'
        self.assertEqual(self.pulled()['manifest']['unavailable'], [])
        self.env.invalidate_all()
        self.assertFalse(text.trouble or gone.trouble)

    def test_a_kpi_that_scores_need_stops_the_run(self):
        self.win(self.big, 10, datetime(2026, 7, 1, 12))
        self.env.flush_all()
        run = self.begin(as_of=AS_OF)
        self.env.cr.execute("UPDATE kam_kpi SET measure = 'nowhere' WHERE id = %s", [self.revenue.id])
        self.env.invalidate_all()
        with mute_logger(LOGGER):
            sentence = self.assertRefused('missing_rights', self.sync.prepare, run['run'], run['token'])
        self.assertIn(self.revenue.name, sentence)

    def test_a_dry_run_says_nothing_on_definitions(self):
        kpi = self.kpi('test_gone', aggregate='sum', measure='expected_revenue', date_field='date_closed')
        self.env.flush_all()
        run = self.begin(as_of=AS_OF, dry_run=True)
        self.env.cr.execute("UPDATE kam_kpi SET measure = 'nowhere' WHERE id = %s", [kpi.id])
        self.env.invalidate_all()
        with mute_logger(LOGGER):
            self.sync.prepare(run['run'], run['token'])
        self.assertFalse(kpi.trouble)

    # ------------------------------------------------------------------ beside the cells
    def test_since_when_it_is_a_key_account(self):
        rows = {int(row['account_id']): row['key_since'] for row in self.pulled('account')['account']}
        self.assertEqual((rows[self.big.id], rows[self.small.id]), ('2025-03-10', ''))

    def test_debts_by_day(self):
        """Also what is due after the day; not of customers that are no members."""
        self.env['kam.kpi'].search([('role', '=', 'debt')]).role = False
        self.kpi('test_debt', role='debt', aggregate='sum', measure='expected_revenue', date_field='date_deadline')
        for partner, amount, day in ((self.big, 10, '2026-07-01'), (self.big, 5, '2026-07-01'),
                                     (self.big, 7, '2026-09-01'), (self.small, 1, '2026-07-02'),
                                     (self.quiet, 3, '2026-07-01'), (self.big, 4, False)):
            self.env['crm.lead'].create({
                'name': "Invoice", 'type': 'opportunity', 'partner_id': partner.id, 'company_id': self.company.id,
                'expected_revenue': amount, 'date_deadline': day})
        rows = self.pulled('debt')['debt']
        self.assertEqual([(int(row['account_id']), row['due'], float(row['amount']), row['unknown']) for row in rows], [
            (self.big.id, '2026-07-01', 15.0, '0'), (self.big.id, '2026-09-01', 7.0, '0'),
            (self.small.id, '2026-07-02', 1.0, '0')])

    def test_the_rhythm_of_orders(self):
        """Days, not documents: 1 June twice. Pauses of 221, 130, 28 and 32 days, and of 512 that ended too long ago."""
        for day in (date(2024, 1, 20), date(2025, 6, 15), date(2026, 1, 22), date(2026, 6, 1), date(2026, 6, 1),
                    date(2026, 6, 29), date(2026, 7, 31)):
            self.win(self.big, 10, datetime(day.year, day.month, day.day, 12))
        self.win(self.big, -10, datetime(2026, 7, 15, 12))  # something taken back is no order
        self.win(self.small, 10, datetime(2026, 7, 1, 12))  # no key account
        self.assertEqual(self.pulled('rhythm')['rhythm'], [{
            # after 1 June: 29 June, 31 July; after 1 February: those and 1 June
            'account_id': str(self.big.id), 'days_60': '2', 'days_180': '3', 'days_365': '4', 'longest_gap': '221',
            'last_date': '2026-07-31', 'first_date': '2024-01-20'}])

    def test_how_many_statements_it_takes(self):
        """As many for a thousand members as for two, and one more per scan."""
        def statements():
            self.env.flush_all()
            run = self.begin(as_of=AS_OF)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.sync.prepare(run['run'], run['token'])
            used = self.env.cr.sql_log_count - before
            self.sync.abandon(run['run'], run['token'], '')
            return used
        self.win(self.big, 10, datetime(2026, 7, 1, 12))
        statements()
        few = statements()
        more = self.env['res.partner'].create([
            {'name': f"Account {number}", 'is_company': True, 'is_key_account': True} for number in range(30)])
        for partner in more:
            self.win(partner, 10, datetime(2026, 7, 1, 12))
        self.assertLessEqual(statements(), few + 5)
