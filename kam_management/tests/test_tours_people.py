"""From ten imported people to the map and the grid, at a desk and on a phone."""
from odoo.tests import HttpCase, tagged

from .test_kam_stakeholder import StakeholderCommon

TITLES = ("Purchasing director", "Logistics manager", "Quality manager", "Managing director", "Buyer")


class PeopleTour(HttpCase, StakeholderCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_user.password = cls.user_user.login
        cls._import_people()

    @classmethod
    def _import_people(cls):
        """A file of ten people of the customer, whose contacts are there, as its manager imports it."""
        contacts = [cls._partner(f"Person {number}", parent_id=cls.iberia.id, is_company=False,
                                 function=TITLES[number % len(TITLES)]) for number in range(10)]
        rows = [[f'people.person_{number}', contact.display_name, cls.iberia.display_name, "Buyer",
                 "High" if number < 8 else "", "Neutral" if number < 8 else ""]
                for number, contact in enumerate(contacts)]
        stakeholders = cls.env['kam.stakeholder'].with_user(cls.user_user)
        result = stakeholders.load(['id', 'contact_id', 'partner_id', 'role_ids', 'power', 'support'], rows)
        assert not result['messages'], result['messages']
        cls.people = stakeholders.browse(result['ids'])
        cls.people[0].counterpart_ids = cls.user_user

    def _map_and_grid(self):
        self.start_tour(
            f'/odoo/key-accounts-people/{self.iberia.id}', 'kam_people', login=self.user_user.login)
        first, quality, last = self.people[0], self.people[2], self.people[9]
        self.assertEqual((last.power, last.support), ('high', 'opponent'))
        self.assertEqual((first.power, first.support), ('high', 'supporter'))
        self.assertEqual(quality.counterpart_ids, self.user_contributor)


@tagged('post_install', '-at_install')
class TestPeopleTour(PeopleTour):

    def test_map_and_grid(self):
        self._map_and_grid()

    def test_the_form_is_chosen(self):
        self.start_tour(
            f'/odoo/key-accounts-people/{self.iberia.id}', 'kam_people_form', login=self.user_user.login)
        self.env.invalidate_all()
        account = self.iberia.with_user(self.user_user)
        self.assertEqual((account.kam_interaction_form, account.kam_interaction_reason),
                         ('diamond', "Their plants decide"))


@tagged('post_install', '-at_install')
class TestPeoplePhone(PeopleTour):
    browser_size = '420x900'
    touch_enabled = True

    def test_map_and_grid_on_a_phone(self):
        self._map_and_grid()
