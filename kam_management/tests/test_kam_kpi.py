"""Sources: shown as unavailable when they can't be read, and opened to the worker only by whoever may."""
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import KamCommon


class KpiCommon(KamCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kpis = cls.env['kam.kpi']

    def _kpi(self, user=None, **values):
        return self.kpis.with_user(user or self.user_system).create({
            'code': 'calls', 'name': "Calls", 'model_name': 'crm.lead', 'measure': 'expected_revenue', **values})


@tagged('post_install', '-at_install')
class TestKpi(KpiCommon):

    def test_shipped_sources_of_the_crm_are_available(self):
        for code in ('opportunities_won', 'opportunities_won_count', 'opportunities_lost', 'opportunities_open'):
            kpi = self.env.ref(f'kam_management.kpi_{code}')
            self.assertEqual((kpi.state, kpi.state_reason), ('available', False), code)

    def test_shipped_sources_fit_what_is_installed(self):
        """Each source either is available or says that its app (or the field that an app adds) is missing."""
        for kpi in self.kpis.search([('shipped', '=', True)]):
            if kpi.state == 'unavailable':
                self.assertRegex(kpi.state_reason, "is not installed|has no field margin|Invalid field", kpi.code)

    def test_model_not_installed(self):
        kpi = self._kpi(model_name='hr.payslip.of.nobody')
        self.assertEqual(kpi.state, 'unavailable')
        self.assertEqual(kpi.state_reason, "The app that brings hr.payslip.of.nobody is not installed.")

    def test_why_unavailable(self):
        for values, sentence in (
            ({'model_name': 'mail.thread'}, "mail.thread keeps no records"),
            ({'measure': 'nothing'}, "crm.lead has no field nothing"),
            ({'measure': 'name'}, "name of crm.lead is of the wrong type"),
            ({'partner_path': 'user_id'}, "leads to res.users, not to a contact"),
            ({'partner_path': 'name'}, "leads to no single record"),
            ({'partner_path': 'partner_id.nothing'}, "res.partner has no field nothing"),
            ({'date_field': 'name'}, "wrong type"),
            ({'company_field': 'partner_id'}, "wrong type"),
            ({'currency_field': 'company_currency'}, "is not stored"),
            ({'domain': "[('nothing', '=', 1)]"}, "The domain can't be used"),
            ({'model_name': 'res.users.log', 'measure': 'id', 'partner_path': 'create_uid.partner_id',
              'active': False}, "A system administrator activates this KPI"),
        ):
            with self.subTest(values):
                kpi = self._kpi(**values)
                self.assertEqual(kpi.state, 'unavailable')
                self.assertRegex(kpi.state_reason, sentence)
                kpi.unlink()

    def test_path_over_several_models(self):
        kpi = self._kpi(model_name='crm.lead', partner_path='partner_id.parent_id')
        self.assertEqual(kpi.state, 'available')

    def test_a_way_that_the_worker_may_not_read(self):
        """What would stop every refresh says so here: models and fields on the way, in the path and in the domain."""
        for values in ({'partner_path': 'user_id.partner_id'}, {'domain': "[('user_id.login', '=', 'x')]"},
                       {'domain': "[('partner_id.kam_score_id.health', '>', 50)]"},
                       {'domain': "[('partner_id', 'any', [('name', '=', 'x')])]"}):
            with self.subTest(values):
                kpi = self._kpi(**values)
                self.assertEqual(kpi.state, 'unavailable')
                self.assertRegex(kpi.state_reason, "may not read|any")
                kpi.unlink()

    def test_refused(self):
        for values, sentence in (
            ({'code': '2calls'}, "can't be a code"),
            ({'domain': "[('user_id', '=', uid)]"}, "must be a list of conditions made of constants"),
            ({'domain': "__import__('os').getcwd()"}, "must be a list of conditions"),
            ({'domain': "('a', '=', 1)"}, "must be a list of conditions"),
            ({'domain': "[("}, "must be a list of conditions"),
            ({'domain': "[1, 2]"}, "must be a list of conditions"),
            ({'measure': False}, "Name the number"),
            ({'role': 'pipeline'}, "“Pipeline” is “Pipeline” already"),
        ):
            with self.subTest(values), self._refused(ValidationError, sentence):
                self._kpi(**values)

    def test_one_per_role_but_many_cost_drivers(self):
        shipped = self.env.ref('kam_management.kpi_opportunities_open').with_user(self.user_admin)
        shipped.active = False
        self._kpi(role='pipeline')
        with self._refused(ValidationError, "archive it or take that role from it first"):
            shipped.active = True
        self._kpi(code='calls_2', role='cost_driver', aggregate='count')
        self._kpi(code='calls_3', role='cost_driver', aggregate='count')

    def test_cost_drivers(self):
        kpi = self._kpi(role='cost_driver', aggregate='count')
        driver = self.env['kam.cost.driver'].with_user(self.user_admin)
        driver.create({'kpi_id': kpi.id, 'unit_cost': 12, 'date_from': '2026-01-01'})
        with self._refused(ValidationError, "can't be negative"):
            driver.create({'kpi_id': kpi.id, 'unit_cost': -1, 'date_from': '2026-02-01'})
        with self._refused(ValidationError, "doesn't count a cost driver"):
            driver.create({'kpi_id': self.env.ref('kam_management.kpi_opportunities_won').id, 'unit_cost': 1})
        with self.assertRaises(AccessError):
            driver.with_user(self.user_manager).create({'kpi_id': kpi.id, 'unit_cost': 1})


@tagged('post_install', '-at_install')
class TestSourceRights(KpiCommon):
    """The model of these tests, bank accounts, stands for payroll: the worker has no right on it by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.values = {
            'code': 'payroll', 'name': "Payroll", 'model_name': 'res.partner.bank', 'aggregate': 'count',
            'partner_path': 'partner_id'}

    def _readable(self):
        return self.env['res.partner.bank'].with_user(self.user_service).has_access('read')

    def test_shipped_ones_are_readable(self):
        service = self.env['crm.lead'].with_user(self.user_service)
        self.assertTrue(service.has_access('read'))
        for operation in ('write', 'create', 'unlink'):
            self.assertFalse(service.has_access(operation))
        right = self.env.ref('kam_management.access_source_crm_lead')
        self.assertEqual(right.group_id, self.env.ref('kam_management.group_kam_service'))

    def test_a_system_administrator_activates(self):
        kpi = self.kpis.with_user(self.user_admin).create({**self.values, 'active': False})
        self.assertFalse(self._readable())
        with self._refused(AccessError, "Only system administrators may activate a KPI of your own"):
            kpi.active = True
        self.assertFalse(self._readable())
        kpi.with_user(self.user_system).active = True
        self.assertTrue(self._readable())
        self.assertEqual(kpi.state, 'available')
        self.assertIn("may read res.partner.bank from now on", self._chatter(kpi))
        data = self.env['ir.model.data'].search([('name', '=', 'access_source_res_partner_bank')])
        self.assertEqual((data.module, data.noupdate), ('kam_management', True))

    def test_withdrawn_with_the_last_kpi_that_reads_it(self):
        kpi = self.kpis.with_user(self.user_system).create(self.values)
        second = self.kpis.with_user(self.user_system).create({**self.values, 'code': 'payroll_2'})
        kpi.active = False
        self.assertTrue(self._readable())
        second.model_name = 'crm.lead'
        self.assertFalse(self._readable())
        self.assertFalse(self.env.ref('kam_management.access_source_res_partner_bank', raise_if_not_found=False))
        second.model_name = 'res.partner.bank'
        self.assertTrue(self._readable())
        second.unlink()
        self.assertFalse(self._readable())

    def test_nobody_opens_a_model_by_a_detour(self):
        admin = self.kpis.with_user(self.user_admin)
        shipped = self.env.ref('kam_management.kpi_opportunities_won').with_user(self.user_admin)
        shipped.name = "Deals"  # what it is called is theirs to choose
        with self._refused(AccessError, "Only system administrators"):
            admin.create({**self.values, 'active': True})
        with self._refused(AccessError, "Only system administrators"):
            admin.create({**self.values, 'active': False, 'shipped': True})
        with self._refused(AccessError, "Only system administrators"):
            admin.with_context(default_shipped=True).create({**self.values, 'active': False})
        with self._refused(AccessError, "Only system administrators"):
            shipped.write({'model_name': 'res.partner.bank'})
        shipped.active = False
        with self._refused(AccessError, "Only system administrators"):
            shipped.write({'domain': '[]'})
        with self._refused(AccessError, "Only system administrators"):
            shipped.write({'model_name': 'res.partner.bank', 'active': True})
        draft = admin.create({**self.values, 'active': False})
        draft.domain = "[('color', '=', 1)]"
        with self._refused(AccessError, "Only system administrators"):
            draft.shipped = True
        self.assertFalse(self._readable())
        shipped.active = True
        self.assertTrue(shipped.active)

    def test_app_installed_later(self):
        """After an install or an update the right that a shipped source lacks is granted; twice changes nothing."""
        self.env.ref('kam_management.access_source_crm_lead').unlink()
        kpi = self.env.ref('kam_management.kpi_opportunities_won')
        kpi.invalidate_recordset()
        self.assertEqual(kpi.state, 'unavailable')
        registry = self.env.registry
        self.patch(registry, 'updated_modules', [])
        self.kpis._register_hook()
        self.assertFalse(self.env['crm.lead'].with_user(self.user_service).has_access('read'))
        self.patch(registry, 'updated_modules', ['crm'])
        self.kpis._register_hook()
        self.kpis._register_hook()
        self.assertTrue(self.env['crm.lead'].with_user(self.user_service).has_access('read'))
        self.assertEqual(kpi.state, 'available')
        self.assertEqual(self.env['ir.model.data'].search_count([('name', '=', 'access_source_crm_lead')]), 1)
