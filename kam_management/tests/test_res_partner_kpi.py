"""The key figures of an account: its tier's set, plus or minus its own."""
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import KamCommon


@tagged('post_install', '-at_install')
class TestPartnerKpi(KamCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.won, cls.lost, cls.nps = (
            cls.env.ref(f'kam_management.kpi_{code}') for code in ('opportunities_won', 'opportunities_lost', 'nps'))
        cls.tier = cls.env['kam.tier'].create({'name': "Regional", 'kpi_ids': [(6, 0, (cls.won | cls.lost).ids)]})

    def _tiered(self):
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET kam_tier_id = %s WHERE id = %s", [self.tier.id, self.iberia.id])
        self.env.invalidate_all()
        return self.iberia.with_user(self.user_user)

    def test_the_tiers_set_plus_and_minus(self):
        account = self._tiered()
        self.assertEqual(account.kam_kpi_ids, self.won | self.lost)
        account.write({'kam_kpi_added_ids': [(4, self.nps.id)], 'kam_kpi_removed_ids': [(4, self.lost.id)]})
        self.assertEqual(account.kam_kpi_ids, self.won | self.nps)
        self.tier.kpi_ids -= self.won
        self.assertEqual(account.kam_kpi_ids, self.nps)
        self.nps.active = False
        self.assertFalse(account.kam_kpi_ids)

    def test_no_tier(self):
        self.assertFalse(self.solo.with_user(self.user_user).kam_kpi_ids)
        self.solo.with_user(self.user_user).kam_kpi_added_ids = self.nps
        self.assertEqual(self.solo.kam_kpi_ids, self.nps)

    def test_on_the_form(self):
        account = self._tiered()
        with Form(account) as form:
            form.kam_kpi_added_ids.add(self.nps)
        self.assertEqual(account.kam_kpi_ids, self.won | self.lost | self.nps)

    def test_who_runs_the_account_chooses(self):
        self._tiered()
        for name in ('kam_kpi_added_ids', 'kam_kpi_removed_ids'):
            with self._refused(UserError, "choose its KPIs"):
                self.iberia.with_user(self.user_colleague)[name] = self.nps
            self.iberia.with_user(self.user_manager)[name] = self.nps

    def test_who_reads_and_writes(self):
        self._tiered()
        for user in (self.user_sales, self.user_contributor):
            with self.assertRaises(AccessError):
                self.iberia.with_user(user).read(['kam_kpi_added_ids'])
            with self.assertRaises(AccessError):
                self.iberia.with_user(user).kam_kpi_added_ids = self.nps
        self.assertTrue(self.iberia.with_user(self.user_service).kam_kpi_ids)
