"""Days between two dates as a measure, what stands in its way, and what goes wrong while a run reads a source."""
from datetime import date, datetime

from odoo.tests import tagged

from .test_kam_kpi import KpiCommon


@tagged('post_install', '-at_install')
class TestDays(KpiCommon):

    def test_obstacles(self):
        for values, sentence in (
            ({}, None),
            ({'measure_start': 'partner_id.create_date'}, None),
            ({'measure': 'expected_revenue'}, "expected_revenue of crm.lead is of the wrong type"),
            ({'measure_start': 'expected_revenue'}, "expected_revenue of crm.lead is of the wrong type"),
            ({'measure_start': 'nothing'}, "crm.lead has no field nothing"),
            ({'measure_start': 'partner_id.nothing'}, "res.partner has no field nothing"),
            ({'measure_start': 'partner_id.name'}, "name of res.partner is of the wrong type"),
            ({'measure_start': 'partner_id.parent_id.create_date'}, "leads over more than one record"),
            ({'measure_start': 'tag_ids.create_date'}, "leads to no single record"),
            ({'measure_start': 'user_id.create_date'}, "The worker's user may not read res.users"),
            ({'measure_start': 'create_date', 'measure': 'day_open'}, "day_open of crm.lead is of the wrong type"),
        ):
            with self.subTest(values):
                kpi = self._kpi(**{'measure': 'date_closed', 'measure_start': 'create_date', 'aggregate': 'avg',
                                   **values})
                self.assertEqual(kpi.state, 'unavailable' if sentence else 'available')
                if sentence:
                    self.assertRegex(kpi.state_reason, sentence)
                kpi.unlink()

    def test_a_field_that_the_worker_may_not_read(self):
        field = self.env['crm.lead']._fields['expected_revenue']
        kpi = self._kpi()
        self.assertEqual(kpi.state, 'available')
        self.patch(field, 'groups', 'base.group_system')
        self._read_anew(kpi)
        self.assertEqual(kpi.state_reason, "The worker's user may not read expected_revenue of crm.lead.")

    def _read_anew(self, kpi):
        kpi.invalidate_recordset()

    def test_the_sql_of_days(self):
        """10 days and 3 days of two won opportunities; one without a start is not counted. In the company's days."""
        self.company.partner_id.tz = 'Europe/Madrid'
        leads = self.env['crm.lead'].create([
            {'name': name, 'type': 'opportunity', 'partner_id': self.solo.id} for name in ("A", "B", "C")])
        self.env.flush_all()
        for lead, start, end in zip(leads, (
                datetime(2026, 3, 1, 12), datetime(2026, 5, 1, 23, 30), None), (
                datetime(2026, 3, 11, 12), datetime(2026, 5, 4, 22, 30), datetime(2026, 6, 1)), strict=True):
            self.env.cr.execute("UPDATE crm_lead SET create_date = %s, date_closed = %s WHERE id = %s",
                                [start, end, lead.id])
        self.env.invalidate_all()
        kpi = self._kpi(measure='date_closed', measure_start='create_date', aggregate='avg',
                        date_field='date_closed', domain=str([('id', 'in', leads.ids)]))
        # 23:30 of 1 May is 2 May in Madrid, 22:30 of 4 May is 5 May: 3 days; (10 + 3) / 2
        self.assertEqual(self._value(kpi), 6.5)
        kpi.aggregate = 'max'
        self.assertEqual(self._value(kpi), 10)

    def test_days_since_a_date_of_another_record(self):
        lead = self.env['crm.lead'].create({'name': "A", 'type': 'opportunity', 'partner_id': self.solo.id})
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_lead SET date_closed = '2026-03-11 12:00' WHERE id = %s", [lead.id])
        self.env.cr.execute("UPDATE res_partner SET create_date = '2026-03-01 12:00' WHERE id = %s", [self.solo.id])
        self.env.invalidate_all()
        kpi = self._kpi(measure='date_closed', measure_start='partner_id.create_date', aggregate='sum',
                        date_field='date_closed', domain=str([('id', '=', lead.id)]))
        self.assertEqual(self._value(kpi), 10)

    def _value(self, kpi):
        """The value of the shop in the last twelve months, by the worker's rights."""
        kpi = kpi.with_user(self.user_service)
        self.patch(type(self.company), '_kam_today', lambda company: date(2026, 11, 20))
        return kpi._trial_source(kpi._trial_run(), self.solo.with_user(self.user_service))[self.solo.id, 'now'][0]
