"""What the worker is given of investments: those that were made, with the life that they are spread over."""
from datetime import date

from odoo.tests import tagged

from .sync_common import SyncCase

AS_OF = date(2026, 7, 31)


@tagged('post_install', '-at_install')
class TestKamSyncInvestments(SyncCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.big.is_key_account = True
        # A database may hold investments already: the tests look at their own.
        cls.there = cls.env['kam.investment'].with_context(active_test=False).search([]).ids
        cls.training = cls.env.ref('kam_management.investment_type_training')

    def invest(self, start, amount=1200.0, life=12, state='made', partner=None, **values):
        investment = self.env['kam.investment'].create({
            'name': "Courses", 'partner_id': (partner or self.big).id, 'type_id': self.training.id, 'amount': amount,
            'life': life, 'date_start': start, 'date_requested': '2020-01-01', **values})
        if state != 'requested':
            investment._stepping().state = state
        return investment

    def pulled(self):
        run = self.prepared(as_of=AS_OF)
        rows = self.pull(run).get('investment', [])
        self.sync.abandon(run['run'], run['token'], '')
        return {int(row['investment_id']): row for row in rows
                if int(row['investment_id']) not in self.there}

    def test_what_is_pulled(self):
        made = self.invest('2026-01-01')
        self.assertEqual(self.pulled()[made.id], {
            'account_id': str(self.big.id), 'investment_id': str(made.id), 'amount': '1200',
            'date_start': '2026-01-01', 'date_end': '2026-12-31'})

    def test_only_what_was_made_and_touches_the_window(self):
        """1 August 2025 to 31 July 2026."""
        counted = [self.invest('2024-08-02'), self.invest('2026-07-31'), self.invest('2026-01-01', active=False),
                   self.invest('2020-01-01', life=120)]
        for values in ({'start': '2024-08-01'}, {'start': '2026-08-01'}, {'start': '2026-01-01', 'state': 'approved'},
                       {'start': '2026-01-01', 'state': 'refused'}, {'start': '2026-01-01', 'state': 'requested'}):
            self.invest(**values)
        self.assertEqual(set(self.pulled()), {row.id for row in counted})

    def test_a_group_of_companies_rolls_up_and_strangers_stay_out(self):
        branch = self.env['res.partner'].create({'name': "Branch", 'is_company': True})
        of_branch = self.invest('2026-01-01', partner=branch)
        stranger = self.invest('2026-01-01', partner=self.quiet)
        branch.parent_id = self.big
        found = self.pulled()
        self.assertEqual(int(found[of_branch.id]['account_id']), self.big.id)
        self.assertNotIn(stranger.id, found, "not among the accounts of the run")

    def test_another_company(self):
        other = self.env['res.company'].create({'name': "Other"})
        self.invest('2026-01-01', company_id=other.id)
        self.assertFalse(self.pulled())

    def test_a_confidential_one_counts_all_the_same(self):
        self.big.kam_confidentiality = 'manager'
        hidden = self.invest('2026-01-01', confidentiality='manager')
        self.assertIn(hidden.id, self.pulled())

    def test_nobody_hears_of_it_without_the_right(self):
        self.assertNotIn('kam.investment', " ".join(self.sync.handshake()['missing_rights']))
        self.env.ref('kam_management.access_kam_investment_group_kam_service').unlink()
        self.assertIn('kam.investment', " ".join(self.sync.handshake()['missing_rights']))

    def test_many_investments_take_no_more_queries(self):
        def count():
            self.env.flush_all()
            start = self.cr.sql_log_count
            self.pulled()
            return self.cr.sql_log_count - start
        self.invest('2026-01-01')
        count()
        few = count()
        for _number in range(20):
            self.invest('2026-01-01')
        self.assertLessEqual(count(), few)
