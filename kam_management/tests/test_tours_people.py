"""From ten imported people to the map and the grid, at a desk and on a phone."""
from odoo.tests import HttpCase, tagged

from ..tools.workbook import Column, read_workbook, write_workbook
from .test_kam_stakeholder import StakeholderCommon

TITLES = ("Purchasing director", "Logistics manager", "Quality manager", "Managing director", "Buyer")


class PeopleTour(HttpCase, StakeholderCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_user.password = cls.user_user.login
        cls._workbook()

    @classmethod
    def _workbook(cls):
        """A file of ten people of whom Odoo knows nothing, and one whose power is none, on the manager's disk."""
        headings = ["Name *", "Job title", "Roles", "Power", "Support", "Our people"]
        rows = [[f"Person {number}", TITLES[number % len(TITLES)], "Buyer", "High" if number < 8 else None,
                 "Neutral" if number < 8 else None, "user@example.com" if number == 0 else None]
                for number in range(10)]
        rows.append(["Person X", None, None, "Enormous", None, None])
        file = cls.env['ir.attachment'].with_user(cls.user_user).create({
            'name': "ten people.xlsx",
            'raw': write_workbook([("People", [Column(heading) for heading in headings], rows)])})
        cls.env['ir.model.data'].create({
            'module': 'kam_management', 'name': 'tour_workbook', 'model': 'ir.attachment', 'res_id': file.id})

    def _map_and_grid(self):
        self.start_tour(f'/odoo/res.partner/{self.iberia.id}', 'kam_people', login=self.user_user.login, timeout=150)
        downloads = self.env['ir.attachment'].search([('res_model', '=', 'kam.workbook'), ('res_field', '=', False)])
        self.assertEqual([sheet.title for sheet in read_workbook(downloads[-1:].raw)],
                         ["People", "Goals", "Categories", "Actions"])
        people = self.env['kam.stakeholder'].with_user(self.user_user).search([('partner_id', '=', self.iberia.id)])
        people = people.sorted(lambda row: row.contact_id.name)
        self.assertEqual(people.mapped('contact_id.name'), [f"Person {number}" for number in range(10)])
        first, quality, last = people[0], people[2], people[9]
        self.assertEqual((last.power, last.support), ('high', 'opponent'))
        self.assertEqual((first.power, first.support), ('high', 'supporter'))
        self.assertEqual(quality.counterpart_ids, self.user_contributor)


@tagged('post_install', '-at_install')
class TestPeopleTour(PeopleTour):

    def test_map_and_grid(self):
        self._map_and_grid()

    def test_who_reports_to_whom(self):
        """The chart opens from the map: the boss, and below who reports to them."""
        boss = self._stakeholder(self.nuria)
        self._stakeholder(self.luis, reports_to_id=boss.id)
        self.start_tour(f'/odoo/key-accounts-people/{self.iberia.id}', 'kam_hierarchy', login=self.user_user.login)

    def test_the_form_is_chosen(self):
        self._stakeholder(self.nuria, counterpart_ids=[(4, self.user_user.id)])
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
