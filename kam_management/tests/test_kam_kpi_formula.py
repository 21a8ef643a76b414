"""Formulas: what they say, what is wrong with them and where, and what happens to the figures that they use."""
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from .test_kam_kpi import KpiCommon


@tagged('post_install', '-at_install')
class TestFormula(KpiCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.won = cls._source('won_amount', "Won", measure='expected_revenue', date_field='date_closed')
        cls.deals = cls._source('deals', "Deals", aggregate='count', date_field='date_closed')
        cls.open_now = cls._source('open_now', "Open now", aggregate='count')

    @classmethod
    def _source(cls, code, name, **values):
        return cls.kpis.with_user(cls.user_system).create({
            'code': code, 'name': name, 'model_name': 'crm.lead', 'active': True, **values})

    def _formula(self, formula, code='average', user=None, **values):
        return self.kpis.with_user(user or self.user_admin).create({
            'code': code, 'name': code.capitalize(), 'kind': 'formula', 'formula': formula, 'active': True, **values})

    def test_an_administrator_of_key_accounts_makes_one(self):
        """It opens no records, so it needs no system administrator."""
        kpi = self._formula('won_amount / deals')
        self.assertEqual((kpi.state, kpi.state_reason), ('available', False))
        self.assertEqual(kpi.tree, ['/', ['name', 'won_amount'], ['name', 'deals']])
        kpi.active = False
        kpi.active = True
        kpi.formula = 'deals × 2'
        self.assertEqual(kpi.tree, ['*', ['name', 'deals'], ['number', 2.0]])

    def test_it_opens_no_model_by_a_detour(self):
        kpi = self._formula('deals')
        kpi.model_name = 'res.partner.bank'
        for values in ({'kind': 'source'}, {'kind': 'source', 'active': False}):
            with self._refused(Exception, "Only system administrators"):
                kpi.write({**values, 'aggregate': 'count'})
        self.assertFalse(self.env['res.partner.bank'].with_user(self.user_service).has_access('read'))

    def test_dated(self):
        """A flow only if each operand is one."""
        for formula, dated in (
                ('won_amount / deals', True), ('won_amount / open_now', False), ('2 + 3', False),
                ('win_rate × deals', True), ('nps + deals', False), ('average_deal + deals', True)):
            with self.subTest(formula):
                kpi = self._formula(formula)
                self.assertEqual((kpi.dated, kpi.is_additive), (dated, False))
                kpi.unlink()

    def test_months_add_up(self):
        """Told by the definition of a source, and by people of a formula."""
        self.assertEqual([kpi.is_additive for kpi in (self.won, self.deals, self.open_now)], [True, True, False])
        self.won.aggregate = 'avg'
        self.assertFalse(self.won.is_additive)
        self.assertTrue(self._formula('deals − 1', is_additive=True).is_additive)
        self.assertFalse(self.env.ref('kam_management.kpi_nps').is_additive)

    def test_errors_name_the_place(self):
        for formula, sentence in (
            ('', "Write the formula"),
            ('won_amount / / deals', "Character 14: a code, a number or a parenthesis is missing here"),
            ('(deals', r"Character 7: “\)” is missing here"),
            ('deals % 2', "Character 7: “%” has no meaning in a formula"),
            ('deals 2', "Character 7: “2” does not belong here"),
            ('Deals', "Character 1: codes are written in small letters, “Deals” is not"),
            ('2 × nobody', "Character 5: there is no KPI with the code “nobody”"),
            ("__import__('os')", "Character 1: “_” has no meaning"),
            ('deals + average', r"Character 9: “average” leads back to this KPI \(average → average\)"),
            ('(' * 60 + '1', "too many parentheses"),
            ('1+' * 600 + '1', "Character 1001: the formula is too long"),
            ('1' * 30, "the number 1+ is too long"),
        ):
            with self.subTest(formula[:20]), self._refused(ValidationError, sentence):
                self._formula(formula)

    def test_a_loop_through_several(self):
        first = self._formula('deals', code='first')
        self._formula('first + 1', code='second')
        self._formula('second + 1', code='third')
        with self._refused(ValidationError, r"Character 5: “third” leads back .*first → third → second → first"):
            first.formula = '2 × third'
        with self._refused(ValidationError, "leads back"):
            first.formula = 'first'

    def test_a_code_that_means_something_already(self):
        with self._refused(ValidationError, "in a formula it means something already"):
            self._source('min', "Min", aggregate='count')

    def test_renaming_a_code_rewrites_the_formulas(self):
        one = self._formula('won_amount / deals')
        two = self._formula('max(deals, 1) * deals', code='squared')
        two.active = False
        self.deals.code = 'closed'
        self.assertEqual((one.formula, two.formula), ('won_amount ÷ closed', 'max(closed, 1) × closed'))
        self.assertEqual(one.state, 'available')

    def test_an_operand_that_goes(self):
        """One that is archived or breaks leaves the formula without a value, and it says so; deleting is refused."""
        kpi = self._formula('won_amount / deals')
        above = self._formula('average × 2', code='above')
        self.deals.active = False
        self.assertEqual(kpi.state_reason, "It uses “Deals”, which is archived: activate that one first.")
        self.assertEqual(above.state_reason,
                         "It uses “Average”, which is unavailable: It uses “Deals”, which is archived: activate that "
                         "one first.")
        self.deals.active = True
        self.deals.domain = "[('nothing', '=', 1)]"
        self.assertRegex(kpi.state_reason, "It uses “Deals”, which is unavailable: The domain can't be used")
        with self._refused(UserError, "The formula of “Average” uses it"):
            self.deals.unlink()
        (above | kpi | self.deals).unlink()
        self.assertFalse(self.deals.exists())

    def test_a_definition_broken_past_all_checks_raises_nothing(self):
        """A run asks every KPI for its state."""
        kpi = self._formula('won_amount / deals')
        other = self._formula('average', code='other')
        self.env.flush_all()
        for table in (
                {'formula': 'other'}, {'formula': '((('}, {'formula': None}, {'kind': 'source', 'model_name': None},
                {'kind': 'source', 'model_name': 'crm.lead', 'partner_path': None},
                {'kind': 'source', 'model_name': 'crm.lead', 'partner_path': 'a..b', 'domain': '['},
                {'kind': 'source', 'model_name': 'crm.lead', 'partner_path': 'partner_id', 'domain': '[1'},
                {'kind': 'figure', 'figure': None}):
            with self.subTest(table):
                self.env.cr.execute(SQL("UPDATE kam_kpi SET %s WHERE id = %s", SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value) for name, value in table.items()), kpi.id))
                self.env.invalidate_all()
                self.assertEqual((kpi.state, other.state), ('unavailable', 'unavailable'))
                self.assertTrue(kpi.state_reason)

    def test_only_sources_play_a_part(self):
        with self._refused(ValidationError, "only a source can"):
            self._formula('deals', role='debt')

    def test_a_figure(self):
        kpi = self.kpis.with_user(self.user_admin).create({
            'code': 'our_nps', 'name': "Our NPS", 'kind': 'figure', 'figure': 'nps', 'active': True})
        self.assertEqual((kpi.state, kpi.dated, kpi.tree), ('available', False, False))
        self.assertTrue(self.env.ref('kam_management.kpi_win_rate').dated)
        with self._refused(ValidationError, "Choose the figure"):
            self.kpis.with_user(self.user_admin).create({'code': 'none', 'name': "None", 'kind': 'figure'})

    def test_asking_for_every_state_costs_few_queries(self):
        kpis = self.kpis.with_context(active_test=False).search([])
        kpis.mapped('state')
        self.env.invalidate_all()
        self.assertGreater(len(kpis), 70)
        with self.assertQueryCount(40):
            kpis.mapped('state')
