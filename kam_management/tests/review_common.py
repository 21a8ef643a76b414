"""An account with something to review: objectives that run, and as many changes since the last review as asked for."""
from datetime import datetime, timedelta

from odoo.addons.kam_management.models.kam_team_member import FOLLOWING

from .test_kam_plan import PlanCommon


class ReviewCommon(PlanCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['kam.team.member'].create({
            'partner_id': cls.iberia.id, 'user_id': cls.user_colleague.id,
            'date_from': cls.today - timedelta(days=300)})
        cls.iberia.kam_member_ids.filtered(lambda row: row.role == 'manager').with_context(
            kam_following=FOLLOWING).date_from = cls.today - timedelta(days=300)
        cls.nobody = cls._user('nobody', 'kam_management.group_kam_user')
        cls.stage_won = cls.env['crm.stage'].search([('is_won', '=', True)], limit=1)

    @classmethod
    def _ago(cls, days):
        return datetime.combine(cls.today - timedelta(days=days), datetime.min.time()).replace(hour=12)

    @classmethod
    def _running(cls, name, user=None, **values):
        """An objective of Nordwind Iberia that runs."""
        objective = cls.env['kam.objective'].with_user(user or cls.user_user).create({
            'name': name, 'partner_id': cls.iberia.id, 'owner_id': (user or cls.user_user).id, 'unit': "%",
            'baseline': 0, 'target': 100, 'resources': "Time", 'goal': "To grow",
            'date_start': cls.today - timedelta(days=200), 'date_deadline': cls.today + timedelta(days=200), **values})
        objective.owner_agreed = True
        objective.action_start()
        return objective

    def _review(self, user=None, partner=None, **values):
        return self.env['kam.review'].with_user(user or self.user_user).create({
            'partner_id': (partner or self.iberia).id, 'note': "All stays as it is", **values})

    def _held(self, days, user=None, next_in=180):
        """A review that was closed so many days ago."""
        review = self._review(user)
        review.objective_ids.decision = 'keep'
        review.action_close()
        review._stepping().sudo().write({
            'date': self.today - timedelta(days=days), 'date_closed': self._ago(days),
            'next_date': self.today - timedelta(days=days) + timedelta(days=next_in)})
        return review

    def _lead(self, name, days=1, **values):
        """An opportunity of the account that was identified so many days ago."""
        return self.env['crm.lead'].create({
            'name': name, 'type': 'opportunity', 'partner_id': self.luis.id, 'user_id': self.user_user.id,
            'kam_date_identified': self._ago(days), **values})

    def _many_changes(self, number):
        """So many changes: lost and won opportunities, signals, late actions, ended objectives, people."""
        before = {'health': 70.0, 'share_of_wallet': 0.3, 'revenue': 100000.0, 'attractiveness': 60.0}
        self._history(self.iberia, self.today - timedelta(days=100), **before)
        self._score(self.iberia, as_of=self.today, health=50.0, share_of_wallet=0.36, revenue=104000.0,
                    attractiveness=66.0)
        made = 4
        for number_of in range(number - made):
            kind = number_of % 4
            name = f"Thing {number_of}"
            if kind == 0:
                self._lead(name, expected_revenue=1000 + number_of)
            elif kind == 1:
                lead = self._lead(name, days=200, expected_revenue=500 + number_of)
                lead.write({'stage_id': self.stage_won.id})
            elif kind == 2:
                self.env['kam.action'].with_user(self.user_user).with_context(mail_activity_quick_update=True).create({
                    'name': name, 'partner_id': self.iberia.id, 'date': self.today - timedelta(days=3)})
            else:
                plan = self.env['kam.plan'].search([('partner_id', '=', self.iberia.id)], limit=1) or self._plan(
                    self.iberia)
                self.env['kam.plan.signal'].with_user(self.user_user).create({
                    'name': name, 'plan_id': plan.id, 'date': self.today - timedelta(days=2)})

    def _rows(self, review):
        review.invalidate_recordset(['changes'])
        return [*review.changes['first'], *review.changes['more']]

    def _found(self, review, user=None):
        """``{(kind, name): row}`` of what a review shows to somebody."""
        rows = self._rows(review.with_user(user or self.user_user))
        return {(row['kind'], row['name']): row for row in rows}
