"""The ten types of the method, and what becomes of one that is no longer wanted."""
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import KamCommon

TYPES = ['improvement', 'continuity', 'deepening', 'loyalty', 'new_development', 'line_extension', 'credit_limit',
         'service_facility', 'complement', 'event']


@tagged('post_install', '-at_install')
class TestOpportunityType(KamCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.types = cls.env['kam.opportunity.type'].with_user(cls.user_admin)
        cls.event = cls.env.ref('kam_management.opportunity_type_event').with_user(cls.user_admin)

    def test_all_ten(self):
        shipped = self.types.search([('code', 'in', TYPES)])
        self.assertEqual(shipped.mapped('code'), TYPES)
        for kind in shipped:
            self.assertEqual(self.env.ref(f'kam_management.opportunity_type_{kind.code}'), kind.sudo())
            self.assertTrue(kind.description, kind.code)

    def test_a_used_one_is_archived_and_stays_readable(self):
        lead = self.env['crm.lead'].with_user(self.user_sales).create({
            'name': "Summer campaign", 'type': 'opportunity', 'kam_opportunity_type_id': self.event.id})
        lead.action_set_lost()
        lead.sudo().user_id = self.user_colleague
        with self._refused(UserError, "Opportunities are of the type “Event”: archive it instead"):
            self.event.unlink()
        with self._refused(UserError, "“Event”"):
            (self.types.create({'name': "Unused"}) | self.event).unlink()
        self.event.action_archive()
        self.assertEqual(lead.sudo().kam_opportunity_type_id, self.event.sudo())
        self.assertNotIn(self.event.id, [found[0] for found in self.types.name_search("Event")])

    def test_an_unused_one_may_go(self):
        unused = self.types.create({'name': "Unused", 'code': 'unused'})
        unused.unlink()
        self.assertFalse(unused.exists())

    def test_codes_are_unique_and_a_copy_has_none(self):
        copied = self.event.copy()
        self.assertFalse(copied.code)
        with self.assertRaisesRegex(Exception, "_code_unique"), self.env.cr.savepoint(), \
                self.assertLogs('odoo.sql_db', 'ERROR'):
            copied.code = 'event'
            copied.flush_recordset()

    def test_salespeople_read_them(self):
        for user in (self.user_sales, self.user_user, self.user_manager):
            self.assertEqual(self.event.with_user(user).name, "Event")
            with self.assertRaises(AccessError):
                self.event.with_user(user).name = "Party"
