from datetime import datetime, timedelta

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .sync_common import SyncCase

FIGURES = ('kpi_kam_alerts', 'kpi_kam_red', 'kpi_kam_on_target', 'kpi_kam_new')


@tagged('post_install', '-at_install')
class TestDigestDigest(SyncCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['kam.alert'].sudo().search([]).unlink()
        cls.env.cr.execute("DELETE FROM kam_kpi_value")
        cls.env['res.partner'].search([('is_key_account', '=', True)]).is_key_account = False
        cls.accounts = cls.big | cls.small | cls.quiet
        cls.accounts.write({'is_key_account': True, 'kam_company_id': cls.company.id})
        cls.env.flush_all()
        cls.env.cr.execute("DELETE FROM kam_nomination")
        cls.env.invalidate_all()
        cls.manager = new_test_user(cls.env, 'reads-digests', groups='kam_management.group_kam_manager')
        cls.digest = cls.env['digest.digest'].create({
            'name': "Programme", 'company_id': cls.company.id, **dict.fromkeys(FIGURES, True)})

    def figure(self, name, days_ago=0, user=None, days=1):
        end = datetime.combine(self.today, datetime.max.time().replace(microsecond=0)) - timedelta(days=days_ago)
        digest = self.digest.with_user(user or self.manager).with_context(
            start_datetime=end - timedelta(days=days), end_datetime=end)
        digest.invalidate_recordset()
        return digest[f'kpi_kam_{name}_value']

    def test_who_is_no_manager_gets_none_of_it(self):
        user = new_test_user(self.env, 'reads-no-digests', groups='kam_management.group_kam_user')
        for name in ('alerts', 'red', 'on_target', 'new'):
            with self.subTest(figure=name), self.assertRaises(AccessError):
                self.figure(name, user=user)

    def test_open_alerts_are_those_of_the_day(self):
        rules = self.env['kam.alert.rule'].search([], limit=2)
        self.env['kam.alert'].sudo().create([
            {'rule_id': rules[0].id, 'company_id': self.company.id, 'partner_id': self.big.id,
             'date_opened': self.today - timedelta(days=10), 'date_closed': self.today - timedelta(days=2),
             'state': 'closed'},
            {'rule_id': rules[1].id, 'company_id': self.company.id, 'partner_id': self.big.id,
             'date_opened': self.today - timedelta(days=5)},
        ])
        self.assertEqual([self.figure('alerts', days) for days in (0, 3, 8, 20)], [1, 2, 1, 0])

    def test_accounts_in_the_red_are_those_of_the_day(self):
        self.history(self.today - timedelta(days=8), {self.big: 'red', self.small: 'red', self.quiet: 'green'})
        self.history(self.today, {self.big: 'red', self.small: 'green'})  # the third was not computed since
        self.assertEqual([self.figure('red', days) for days in (0, 3, 20)], [1, 2, 0])
        self.small.is_key_account = False
        self.assertEqual(self.figure('red', 3), 1)

    def history(self, day, bands):
        run = self.env['kam.sync.run'].sudo().create({
            'company_id': self.company.id, 'as_of': day, 'state': 'published'})
        for partner, band in bands.items():
            self.env.cr.execute(
                "INSERT INTO kam_score_history (partner_id, company_id, as_of, run_id, health_band) "
                "VALUES (%s, %s, %s, %s, %s)", [partner.id, self.company.id, day, run.id, band])
        self.env.invalidate_all()

    def test_accounts_on_target(self):
        kpi = self.env['kam.kpi'].search([('role', '=', 'revenue_opportunities')])
        self.env['kam.sync.run'].sudo().create({
            'company_id': self.company.id, 'as_of': self.today, 'state': 'published',
            'config': {'sources': {'revenue': kpi.id}}})
        with self.assertRaises(AccessError, msg="no account has a target: unknown, and not 0"):
            self.figure('on_target')
        year = self.today.replace(month=1, day=1)
        for partner, status in ((self.big, 'green'), (self.small, 'red'), (self.quiet, None)):
            self.env.cr.execute(
                "INSERT INTO kam_kpi_value (partner_id, company_id, kpi_id, grain, period_start, period_end, status, "
                "is_current) VALUES (%s, %s, %s, 'year', %s, %s, %s, TRUE)",
                [partner.id, self.company.id, kpi.id, year, year.replace(month=12, day=31), status])
        self.env.invalidate_all()
        self.assertEqual(self.figure('on_target'), 50)

    def test_new_key_accounts_are_those_accepted_in_the_period(self):
        tier = self.env['kam.tier'].search([], limit=1)
        partner = self.env['res.partner'].create({'name': "Newcomer", 'is_company': True})
        nomination = self.env['kam.nomination'].create({
            'partner_id': partner.id, 'tier_id': tier.id, 'company_id': self.company.id, 'reason': "They grow."})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE kam_nomination SET state = 'accepted', date_decided = %s WHERE id = %s",
            [datetime.combine(self.today, datetime.min.time()) - timedelta(days=3), nomination.id])
        self.env.invalidate_all()
        self.assertEqual([self.figure('new', 0, days=days) for days in (1, 7, 30)], [0, 1, 1])

    @mute_logger('odoo.addons.digest.models.digest')
    def test_the_mail_holds_the_figures_that_are_known(self):
        kpis = {kpi['kpi_name']: kpi for kpi in self.digest._compute_kpis(self.company, self.manager)}
        self.assertEqual(set(FIGURES) & set(kpis), {'kpi_kam_alerts', 'kpi_kam_red', 'kpi_kam_new'})
        for name in ('kpi_kam_alerts', 'kpi_kam_red', 'kpi_kam_new'):
            self.assertRegex(kpis[name]['kpi_action'] or '', r'^kam_management\.\w+\?menu_id=\d+$|^$')
        clerk = new_test_user(self.env, 'reads-little', groups='base.group_user')
        self.assertFalse([kpi for kpi in self.digest._compute_kpis(self.company, clerk)
                          if kpi['kpi_name'].startswith('kpi_kam_')])
