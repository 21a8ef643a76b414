"""What people do in the screens, done in a browser. Scores come through the real contract, as from the worker."""
import json

from odoo.tests import HttpCase, new_test_user, tagged

from .sync_common import SyncCase

SCORES = ('account_id margin_estimated documents is_compared revenue growth rank share pareto_class attractiveness '
          'position strategic_value quadrant health health_band explanation movement')


def suite_hash(name):
    """How Odoo's runner of JavaScript tests calls a suite."""
    value = 0
    for character in name:
        value = ((value << 5) - value + ord(character)) & 0xFFFFFFFF
    return f'{value:08x}'


@tagged('post_install', '-at_install')
class TestTours(HttpCase, SyncCase):
    """Aurora Foods is healthy and assessed, Borealis Bakery is red, Cirrus Café is not assessed, Dune Market new."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env, 'tour_manager', groups='kam_management.group_kam_manager,base.group_partner_manager',
            name="Tour Manager")
        cls.admin = new_test_user(
            cls.env, 'tour_admin', groups='kam_management.group_kam_admin,base.group_system', name="Tour Admin")
        names = ("Aurora Foods", "Borealis Bakery", "Cirrus Café", "Dune Market")
        cls.aurora, cls.borealis, cls.cirrus, cls.dune = cls.env['res.partner'].create([
            {'name': name, 'is_company': True} for name in names])
        cls.aurora.write({'is_key_account': True, 'kam_manager_id': cls.manager.id})
        for customer, amount in ((cls.aurora, 800), (cls.borealis, 150), (cls.cirrus, 50)):
            cls.win(customer, amount, cls.today)
        cls.refresh()

    @classmethod
    def refresh(cls):
        """One run with three accounts and two rows that are refused."""
        run = cls.prepared()
        factors = run['config']['factors']
        explanation = json.dumps({
            'parts': [
                [8.0, str(cls.today), 77.8, 23.3, 2, 1.0] if factor['code'] == 'strategic_value'
                else [25.0, str(cls.today), 50.0, 20.0] if factor['code'] == 'gross_margin' else 'no_data'
                for factor in factors],
            'known': {'attractiveness': 0.7, 'position': 0.0, 'willingness': 0.0},
        })
        movement = json.dumps({'week': {'since': '2026-01-05', 'settings_changed': False, 'scores': {
            'attractiveness': {'before': 66.9, 'after': 61.9, 'rows': [['changed', 'gross_margin', -5.0]]}}}})
        day = [0, 3, 1]
        cls.publish(run, [
            [cls.aurora.id, *day, 800, 12.5, 1, 0.8, 'A', 61.9, None, 77.8, None, 81, 'green', explanation, movement],
            [cls.borealis.id, *day, 150, -20.0, 2, 0.15, 'A', 30, 70, None, 'maintain', 31, 'red', explanation, None],
            [cls.cirrus.id, 0, 0, 0, None, None, None, None, None, None, None, None, None, None, None, None, None],
            # refused: a score above 100, and an account that is not there
            [cls.big.id, *day, 10, None, 4, 0.01, 'C', 140, None, None, None, None, None, None, None],
            [2000000000, *day, 10, None, 4, 0.01, 'C', 40, None, None, None, None, None, None, None],
        ], SCORES)

    def test_portfolio(self):
        self.start_tour('/odoo', 'kam_portfolio', login='tour_manager')

    def test_nomination(self):
        """Propose, over capacity, accept with a reason, hand over."""
        self.company.kam_settings_id.capacity = self.env['res.partner'].search_count(
            [('is_key_account', '=', True), ('kam_company_id', '=', self.company.id)])
        successor = new_test_user(
            self.env, 'tour_successor', groups='kam_management.group_kam_user', name="Tour Successor")
        lead = self.env['crm.lead'].create({
            'name': "Open deal", 'type': 'opportunity', 'partner_id': self.dune.id, 'user_id': self.manager.id})
        self.start_tour(f'/odoo/res.partner/{self.dune.id}', 'kam_nomination', login='tour_manager')
        nomination = self.dune.kam_nomination_ids
        self.assertEqual((nomination.state, nomination.exception_reason, nomination.decided_by_id),
                         ('accepted', "Another one leaves next month", self.manager))
        self.assertEqual((self.dune.kam_tier_id.code, self.dune.kam_manager_id), ('key', successor))
        self.assertEqual(lead.user_id, successor)

    def test_key_account(self):
        self.dune.write({'is_key_account': True, 'kam_manager_id': self.manager.id})
        self.start_tour(f'/odoo/res.partner/{self.dune.id}', 'kam_key_account', login='tour_manager')
        opinion = self.env['kam.assessment'].search([('partner_id', '=', self.dune.id)])
        self.assertEqual((opinion.value, opinion.user_id), (7, self.manager))

    def test_settings(self):
        self.start_tour('/odoo', 'kam_settings', login='tour_admin')
        weights = self.company.kam_weight_ids
        for weight in weights:
            self.assertEqual(weight.weight, weight.factor_id.default_weight, "the defaults were restored")

    def test_refresh(self):
        self.start_tour('/odoo', 'kam_refresh', login='tour_manager')

    def test_widgets(self):
        """The unit tests of our widgets, in a browser as well."""
        self.browser_js(
            '/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id=' + suite_hash('@kam_management'),
            '', '', login='admin', timeout=120, success_signal='[HOOT] Test suite succeeded')
