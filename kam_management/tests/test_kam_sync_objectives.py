"""Ratings of relations and the state of objectives on their way to the worker: figures, and no word of what is said."""
from datetime import date, timedelta

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .sync_common import SyncCase

AS_OF = date(2026, 7, 31)


@tagged('post_install', '-at_install')
class TestKamSyncAssessments(SyncCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.big.is_key_account = True
        cls.rater = new_test_user(cls.env, 'rater', groups='kam_management.group_kam_user')

    def _rate(self, **values):
        return self.env['kam.relationship.assessment'].create({
            'partner_id': self.big.id, 'user_id': self.rater.id, 'date': AS_OF, **values})

    def pulled(self):
        return self.section('assessment', self.big, self.small, as_of=AS_OF)

    def test_one_row_per_aspect(self):
        said = self._rate(trust=8, conflict=2, comment="As they told me")
        self.assertEqual(sorted(self.pulled(), key=lambda row: row['aspect']), [
            {'account_id': str(self.big.id), 'aspect': aspect, 'is_inverted': inverted, 'rater_id': str(self.rater.id),
             'value': value, 'date': '2026-07-31', 'assessment_id': str(said.id)}
            for aspect, inverted, value in (('conflict', '1', '2'), ('trust', '0', '8'))])
        with self.assertRaises(AccessError):
            said.with_user(self.service).read(['comment'])

    def test_which_count(self):
        other = self.env['res.company'].create({'name': "Other"})
        self.service.company_ids |= other
        good = self._rate(trust=8) | self._rate(trust=3, date=AS_OF - timedelta(days=1500))
        self._rate(trust=5, date=AS_OF + timedelta(days=1))
        self._rate(trust=5, date=AS_OF - timedelta(days=1), active=False)
        self._rate(trust=5, company_id=other.id)
        self._rate(trust=5, partner_id=self.small.id)
        self.assertEqual({int(row['assessment_id']) for row in self.pulled()}, set(good.ids), "age is the worker's")


@tagged('post_install', '-at_install')
class TestKamSyncObjectives(SyncCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.big.is_key_account = True

    def _objective(self, state='running', value=None, **values):
        """An objective from 0 to 100 of 200 days, half of which have passed on the day."""
        objective = self.env['kam.objective'].create({
            'partner_id': self.big.id, 'company_id': self.company.id, 'name': "Win the bakeries", 'baseline': 0,
            'target': 100, 'unit': "%", 'date_start': AS_OF - timedelta(days=100),
            'date_deadline': AS_OF + timedelta(days=100),
            **{name: values.pop(name) for name in list(values) if name not in ('date_closed', 'active')}})
        objective._stepping().write({'state': 'running'})
        if value is not None:
            self.env['kam.objective.checkin'].create({'objective_id': objective.id, 'value': value})
        objective._stepping().write({'state': state, **values})
        return objective

    def pulled(self, as_of=AS_OF):
        rows = self.section('objective', self.big, self.small, as_of=as_of)
        return {int(row['objective_id']): row['status'] for row in rows}

    def test_running_ones_stand_as_on_the_day(self):
        """50 % of the time has passed: 41 % is on track, 40 % ten points behind, 25 % off track."""
        good, risky, bad, unknown = (self._objective(value=value) for value in (41, 40, 25, None))
        self.assertEqual(self.pulled(), {good.id: 'on_track', risky.id: 'at_risk', bad.id: 'off_track'})
        self.assertNotIn(unknown.id, self.pulled(), "nothing is known of it")
        late = self._objective(value=99, date_deadline=AS_OF - timedelta(days=1))
        self.assertEqual(self.pulled()[late.id], 'off_track')
        self.assertEqual(self.pulled(AS_OF - timedelta(days=1))[late.id], 'on_track', "its last day")

    def test_those_that_ended_lately(self):
        """In the revenue window: the twelve months up to the day."""
        won = self._objective('achieved', date_closed=AS_OF)
        lost = self._objective('missed', date_closed=date(2025, 8, 1))
        for state, closed in (('achieved', date(2025, 7, 31)), ('missed', AS_OF + timedelta(days=1)),
                              ('cancelled', AS_OF)):
            self._objective(state, date_closed=closed)
        self.assertEqual(self.pulled(), {won.id: 'achieved', lost.id: 'missed'})

    def test_of_the_company_and_the_universe(self):
        other = self.env['res.company'].create({'name': "Other"})
        self.service.company_ids |= other
        mine = self._objective(value=90, confidentiality='manager')
        self._objective(value=90, company_id=other.id)
        self._objective(value=90, partner_id=self.small.id)
        self._objective(value=90, active=False)
        self.assertEqual(set(self.pulled()), {mine.id})

    def test_the_service_user_reads_no_objective(self):
        objective = self._objective(value=90)
        self.assertEqual(len(self.pulled()), 1)
        with self.assertRaises(AccessError):
            objective.with_user(self.service).read(['name'])

    def test_many_take_no_more_queries(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self.pulled()
            return self.cr.sql_log_count - start
        self._objective(value=90)
        count()
        few = count()
        for _number in range(10):
            self._objective(value=90)
        self.assertLessEqual(count(), few)
