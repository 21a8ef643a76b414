"""The quick log on a phone and from the menu, and an answer by hand, in a browser."""
from odoo.tests import HttpCase, tagged

from .test_kam_stakeholder_contact import ContactCommon


class ContactTours(HttpCase, ContactCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_user.password = cls.user_user.login


@tagged('post_install', '-at_install')
class TestContactToursPhone(ContactTours):
    browser_size = '420x900'
    touch_enabled = True

    def test_quick_log(self):
        self.start_tour(f'/odoo/res.partner/{self.iberia.id}', 'kam_contact_log_phone', login=self.user_user.login)
        done, planned = self.env['kam.action'].search([('partner_id', '=', self.iberia.id)], order='id')
        self.assertEqual((done.name, done.state, done.date_done), ("They want the trays in May", 'done', self.today))
        self.assertEqual((planned.name, planned.state, planned.owner_id),
                         ("Send the samples", 'planned', self.user_user))
        self.assertEqual(len(self._todo(planned)), 1)
        self.assertEqual(self._told(self._all()), [('Marc', 0, 'meeting', 'both'), ('Nuria', 0, 'meeting', 'both')])


@tagged('post_install', '-at_install')
class TestContactTours(ContactTours):

    def test_from_the_menu(self):
        self.start_tour('/odoo/key-accounts-contacts', 'kam_contact_log_menu', login=self.user_user.login)
        petra = self.env['res.partner'].search([('name', '=', "Petra")])
        self.assertEqual((petra.parent_id, petra.kam_account_id), (self.iberia, self.iberia))
        self.assertEqual(self._told(self._all()), [('Luis', 0, 'call', 'both'), ('Petra', 0, 'call', 'both')])

    def test_an_answer_by_hand(self):
        self.start_tour('/odoo/key-accounts-satisfaction', 'kam_satisfaction_response', login=self.user_user.login)
        response = self.env['kam.satisfaction.response'].search([('contact_id', '=', self.buyer.id)])
        self.assertEqual((response.kind, response.value, response.verdict), ('moment', 0, 'unfavourable'))
        self.assertEqual((response.touchpoint_id.code, response.comment), ('delivery', "A day late"))
