"""What an upgrade brings to records that updates leave alone."""
from importlib.util import module_from_spec, spec_from_file_location

from odoo.tests import tagged
from odoo.tools.misc import file_path

from .common import KamCommon


@tagged('post_install', '-at_install')
class TestUpgradeKpi(KamCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Its name has a dash and its folder dots: no import statement finds it.
        spec = spec_from_file_location('post_kpi', file_path('kam_management/migrations/19.0.1.5.0/post-kpi.py'))
        cls.script = module_from_spec(spec)
        spec.loader.exec_module(cls.script)
        cls.strategic = cls.env.ref('kam_management.tier_strategic')
        cls.key = cls.env.ref('kam_management.tier_key')
        cls.shipped = {tier: tier.kpi_ids for tier in (cls.strategic, cls.key)}
        cls.former = cls.env['kam.kpi'].union(*(cls.env.ref(f'kam_management.kpi_{code}') for code in (
            'opportunities_won', 'opportunities_open', 'opportunities_lost', 'orders_revenue', 'invoices_revenue')))

    def _migrate(self):
        self.env.flush_all()
        self.script.migrate(self.env.cr, '19.0.1.4.0')
        self.env.invalidate_all()

    def test_tiers_that_nobody_changed_get_the_new_set(self):
        self.strategic.kpi_ids = self.key.kpi_ids = self.former
        self._migrate()
        self.assertEqual(self.strategic.kpi_ids, self.shipped[self.strategic])
        self.assertEqual(self.key.kpi_ids, self.shipped[self.key])
        self.assertIn(self.env.ref('kam_management.kpi_nps'), self.key.kpi_ids)

    def test_tiers_that_people_changed_stay(self):
        less = self.former - self.env.ref('kam_management.kpi_opportunities_lost')
        more = self.former | self.env.ref('kam_management.kpi_nps')
        self.strategic.kpi_ids, self.key.kpi_ids = less, more
        self._migrate()
        self.assertEqual(self.strategic.kpi_ids, less)
        self.assertEqual(self.key.kpi_ids, more)

    def test_deleted_tier(self):
        self.key.kpi_ids = self.former
        self.env['ir.model.data'].search([('module', '=', 'kam_management'), ('name', '=', 'tier_strategic')]).unlink()
        self._migrate()
        self.assertEqual(self.key.kpi_ids, self.shipped[self.key])

    def test_digest(self):
        digest = self.env.ref('digest.digest_digest_default')
        figures = ('kpi_kam_alerts', 'kpi_kam_red', 'kpi_kam_on_target', 'kpi_kam_new')
        digest.write(dict.fromkeys(figures, False))
        self._migrate()
        self.assertEqual([digest[name] for name in figures], [True] * 4)

    def test_shipped_kpis_of_before(self):
        """Units, directions and parts of those that were shipped already; a person's own choice of a unit stays."""
        lost = self.env.ref('kam_management.kpi_opportunities_lost')
        revenue, orders = (self.env.ref(f'kam_management.kpi_{code}') for code in ('orders_revenue', 'orders_count'))
        lost.write({'unit': 'number', 'low_is_good': False, 'role': False})
        revenue.unit, orders.unit = 'number', 'days'
        self._migrate()
        self.assertEqual((lost.unit, lost.low_is_good, lost.role), ('count', True, 'lost'))
        self.assertEqual((revenue.unit, orders.unit), ('amount', 'days'))
