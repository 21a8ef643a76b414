"""What an upgrade brings to records that updates leave alone."""
from importlib.util import module_from_spec, spec_from_file_location

from odoo.tests import tagged
from odoo.tools.misc import file_path

from .common import KamCommon


def load(name):
    """A script of the upgrade. Its name has a dash and its folder dots: no import statement finds it."""
    spec = spec_from_file_location(
        name.replace('-', '_'), file_path(f'kam_management/migrations/19.0.1.5.0/{name}.py'))
    script = module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


@tagged('post_install', '-at_install')
class TestUpgradeKpi(KamCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.script = load('post-kpi')
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

    def test_own_kpis_with_a_code_that_ships_now(self):
        """They keep all but their code; the addon's own, and other people's codes, stay."""
        before = load('pre-kpi')
        self.assertIn('win_rate', before.shipped_codes())
        self.assertEqual(len(before.shipped_codes()), self.env['kam.kpi'].with_context(active_test=False).search_count(
            [('shipped', '=', True)]))
        shipped, new = (self.env.ref(f'kam_management.kpi_{code}') for code in ('orders_revenue', 'win_rate'))
        # as if it did not ship yet: then these are people's own
        self.env['ir.model.data'].search([('model', '=', 'kam.kpi'), ('res_id', '=', new.id)]).unlink()
        own, taken, other = self.env['kam.kpi'].create([
            {'name': name, 'code': name, 'model_name': 'crm.lead', 'partner_path': 'partner_id', 'aggregate': 'count'}
            for name in ('visits', 'win_rate_own', 'calls')])
        self.env.flush_all()
        before.make_room(self.env.cr, ['orders_revenue', 'win_rate', 'visits'])
        self.env.invalidate_all()
        self.assertEqual([kpi.code for kpi in (shipped, new, own, taken, other)], [
            'orders_revenue', 'win_rate_own_2', 'visits_own', 'win_rate_own', 'calls'])
        before.make_room(self.env.cr, ['orders_revenue', 'win_rate', 'visits'])
        self.env.invalidate_all()
        self.assertEqual(own.code, 'visits_own')
