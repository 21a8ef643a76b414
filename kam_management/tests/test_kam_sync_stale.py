from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .sync_common import SyncCase


@tagged('post_install', '-at_install')
class TestKamSyncStale(SyncCase):
    """The company's refresh period is 24 hours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['kam.alert'].sudo().search([]).unlink()
        cls.env['res.partner'].search([('is_key_account', '=', True)]).is_key_account = False
        cls.company.kam_settings_id.refresh_hours = 24
        cls.big.write({'is_key_account': True, 'kam_company_id': cls.company.id})

    def watch(self):
        self.env['kam.sync']._cron_watch_staleness()
        return self.env['kam.alert'].search([
            ('rule_id.code', '=', 'results_stale'), ('company_id', '=', self.company.id), ('state', '!=', 'closed')])

    def publish_all(self, hours_ago=0):
        run = self.prepared()
        answer = self.publish(run, [(self.big.id, 0, 1, 0, 100)], portfolio=(1, 1, 0, 0))
        self.env['kam.sync.run'].browse(answer['run']).date_end = fields.Datetime.now() - timedelta(hours=hours_ago)
        self.env.flush_all()

    def test_results_that_were_never_computed_are_stale(self):
        alert = self.watch()
        self.assertEqual((len(alert), alert.severity), (1, 'red'))
        self.assertFalse(alert.partner_id)
        self.assertEqual(alert.facts, {'hours': 24})
        self.assertEqual(self.watch(), alert, "once an hour it says the same, not more")

    def test_results_become_stale_after_the_refresh_period(self):
        self.publish_all(hours_ago=23)
        self.assertFalse(self.watch())
        self.publish_all(hours_ago=25)
        alert = self.watch()
        self.assertEqual(alert.facts['as_of'], str(self.today))

    def test_a_publication_closes_it_at_once(self):
        alert = self.watch()
        self.publish_all()
        self.assertEqual((alert.state, alert.close_reason), ('closed', 'cleared'))

    def test_without_key_accounts_nobody_misses_anything(self):
        self.watch()
        self.big.is_key_account = False
        self.assertFalse(self.watch())

    def test_a_rule_that_is_off_opens_nothing(self):
        self.env['kam.alert.rule'].search([('code', '=', 'results_stale')]).active = False
        self.assertFalse(self.watch())

    def test_each_company_has_its_own(self):
        second = self.env['res.company'].create({'name': "Second"})
        self.publish_all()
        self.env['kam.sync']._cron_watch_staleness()
        alerts = self.env['kam.alert'].search([('rule_id.code', '=', 'results_stale'), ('state', '!=', 'closed')])
        self.assertNotIn(self.company, alerts.company_id)
        self.assertNotIn(second, alerts.company_id, "its key account is one of the first company's")
        self.env['res.partner'].with_company(second).create({
            'name': "Theirs", 'is_company': True, 'is_key_account': True, 'kam_company_id': second.id})
        self.env['kam.sync']._cron_watch_staleness()
        alerts = self.env['kam.alert'].search([('rule_id.code', '=', 'results_stale'), ('state', '!=', 'closed')])
        self.assertIn(second, alerts.company_id)
