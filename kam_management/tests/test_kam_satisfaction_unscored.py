"""What a refresh leaves out is told; what it tries is not written; what is unknown is no "no"."""
from odoo.tests import tagged

from .test_kam_sync_people import AS_OF
from .test_kam_sync_rollups import RollupCase


@tagged('post_install', '-at_install')
class TestUnscored(RollupCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.refusals = cls.env['kam.satisfaction.refusal']
        cls.prospect = cls.env['res.partner'].create({'name': "Prospect", 'is_company': True})
        cls.ana = cls._person("Ana", cls.prospect)
        cls.said, cls.anonymous = cls.env['kam.satisfaction.response'].create([
            {'contact_id': cls.ana.id, 'kind': 'nps', 'value': 3, 'date': AS_OF},
            {'partner_id': cls.prospect.id, 'kind': 'csat', 'value': 1, 'date': AS_OF}])

    def told(self):
        self.env.flush_all()
        found = self.refusals.search([('reason', '=', 'not_scored'), ('company_id', '=', self.company.id)])
        return {row.origin_id: row for row in found}

    def test_answers_of_a_customer_who_is_not_scored(self):
        self.roll_up(**self.all_rows(50.0))
        told = self.told()
        self.assertEqual(set(told), {self.said.id, self.anonymous.id}, "and none of a customer who is")
        row = told[self.said.id]
        self.assertEqual((row.partner_id, row.contact_id, row.date, row.value), (self.prospect, self.ana, AS_OF, 3))
        self.assertIn("figures are computed for accounts that do business with us", row.advice)
        self.assertFalse(told[self.anonymous.id].value, "nobody is named")
        self.roll_up(**self.all_rows(51.0))
        self.assertEqual(self.told(), told, "once each")

    def test_they_leave_the_list(self):
        self.roll_up(**self.all_rows(50.0))
        self.said.active = False
        self.roll_up(**self.all_rows(50.0))
        self.assertEqual(set(self.told()), {self.anonymous.id})
        self.win(self.prospect, 10.0, AS_OF)
        self.roll_up(**self.all_rows(50.0))
        self.assertFalse(self.told())

    def test_a_dry_run_tells_and_collects_nothing(self):
        marks = self.env['kam.satisfaction.mark']
        self.env.flush_all()
        marks.search([]).unlink()
        self.roll_up(request={'dry_run': True}, **self.all_rows(50.0))
        self.assertFalse(self.told())
        self.assertFalse(marks.search_count([('company_id', '=', self.company.id)]), "no source was read")
        self.roll_up(**self.all_rows(50.0))
        self.assertTrue(marks.search_count([('company_id', '=', self.company.id)]))

    def test_unknown_is_no_no(self):
        """Whether all hangs on one person: yes, no, or nobody knows."""
        def relation(account, single):
            row = list(self.of_relation(55.0, account))
            row[9] = single
            return tuple(row)
        quiet = self.small
        self.roll_up(**{**self.all_rows(50.0), 'relationship': [relation(self.big, 0), relation(quiet, None)]})
        rows = self.relationship
        self.assertEqual(rows.search([('is_single_thread', '=', 'no')]).partner_id, self.big)
        self.assertFalse(rows.search([('is_single_thread', '=', 'yes')]))
        self.assertEqual(rows.search([('is_single_thread', '=', False)]).partner_id, quiet)
        self.assertEqual(
            dict(rows._read_group([], ['is_single_thread'], ['__count'])), {'no': 1, False: 1})
        result, _refused = self.roll_up(
            **{**self.all_rows(50.0), 'relationship': [relation(self.big, 1), relation(quiet, None)]})
        self.assertEqual(rows.search([('is_single_thread', '=', 'yes')]).partner_id, self.big)
        self.assertEqual(result['rollups']['relationship'], {
            'inserted': 0, 'updated': 1, 'removed': 0, 'unchanged': 1}, "what did not change is not written")
