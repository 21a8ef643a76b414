"""Analyses, cross analysis and objectives in a browser, at a desk and on a phone."""
from odoo.tests import HttpCase, tagged

from .dafo_common import DafoCommon


class DafoTour(HttpCase, DafoCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_user.password = cls.user_user.login

    def _cross(self):
        self.start_tour(f'/odoo/key-accounts-swot/{self.customer.id}', 'kam_dafo', login=self.user_user.login)
        cards = {item.name: (item.quadrant, item.impact) for item in self.customer.item_ids}
        self.assertEqual(cards['Ready meals grow'], ('opportunity', 3))
        self.assertEqual(cards['Own bakeries and kitchens'], ('strength', 3))
        self.assertNotIn('Tax on plastics', cards)
        strategy = self.env['kam.dafo.strategy'].search([('name', '=', "Trays that go into the oven")])
        self.assertEqual(set(strategy.item_ids.mapped('name')), {"Fibre trays", "Ready meals grow"})
        self.assertEqual((strategy.kind, strategy.user_id), ('fo', self.user_user))
        lead = strategy.lead_ids
        self.assertEqual((lead.partner_id, lead.user_id), (self.iberia, self.user_user))


@tagged('post_install', '-at_install')
class TestDafoTour(DafoTour):

    def test_cross(self):
        self._cross()

    def test_objective(self):
        self._strategy(self._card(self.us, 'strength'), self._card(self.customer, 'opportunity'))
        self.start_tour('/odoo/key-accounts-objectives', 'kam_objective', login=self.user_user.login)
        objective = self.env['kam.objective'].search([('name', '=', "Half of its trays are ours")])
        self.assertEqual((objective.state, objective.owner_id, objective.target), ('running', self.user_user, 50))
        self.assertEqual((objective.checkin_ids.value, objective.progress), (35, 50))


@tagged('post_install', '-at_install')
class TestDafoTourPhone(DafoTour):
    browser_size = '420x900'
    touch_enabled = True

    def test_cross(self):
        self._cross()
