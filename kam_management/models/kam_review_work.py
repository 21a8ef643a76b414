"""Changes of an account's objectives, plans and actions since the last review."""
from odoo import models
from odoo.fields import Domain

from ..tools.pace import elapsed_of, health_of, progress_of
from ..tools.review import percent_of
from .kam_review_changes import MOST

ENDED = {'achieved': 'good', 'missed': 'bad', 'cancelled': 'plain'}
# Points of progress that are told.
PROGRESS = 5
HEALTH = {'on_track': 'good', 'at_risk': 'bad', 'off_track': 'bad'}


class KamReview(models.Model):
    _inherit = 'kam.review'

    def _kam_review_changes(self):
        return (super()._kam_review_changes() + self._objective_changes() + self._plan_changes()
                + self._action_changes())

    def _of_account(self):
        return Domain('partner_id', '=', self.partner_id.id) & Domain('company_id', '=', self.company_id.id)

    # ------------------------------------------------------------------ objectives
    def _objective_changes(self):
        day = self._first_day()
        objectives = self.env['kam.objective'].search(
            self._of_account() & (
                Domain('state', '=', 'running')
                | (Domain('state', 'in', list(ENDED)) & Domain('date_closed', '>=', day))), limit=MOST)
        # What each stood at on that day: its last check-in until then.
        stood = {}
        for checkin in self.env['kam.objective.checkin'].search_fetch(
                [('objective_id', 'in', objectives.ids), ('date', '<', day)], ['objective_id', 'value', 'date'],
                order='date, id'):
            stood[checkin.objective_id.id] = checkin.value
        return [row for objective in objectives
                if (row := self._objective_change(objective, day, stood.get(objective.id, False)))]

    def _objective_change(self, objective, day, value):
        if objective.state != 'running':
            return self._change(
                f'objective_{objective.state}', 'objectives', objective, date=objective.date_closed,
                tone=ENDED[objective.state])
        today = self.company_id._kam_today()
        if objective.is_overdue:
            return self._change(
                'objective_overdue', 'objectives', objective, size=(today - objective.date_deadline).days,
                date=objective.date_deadline, tone='bad')
        before = progress_of(value, objective.baseline, objective.target)
        health = health_of(before, elapsed_of(objective.date_start, objective.date_deadline, day))
        progress = {
            'as': 'percent', 'before': None if before is False else before, 'after': objective.progress,
            'date': objective.checkin_date}
        if objective.health and objective.health != health and (health or objective.health != 'on_track'):
            return self._change(
                f'objective_{objective.health}', 'objectives', objective, tone=HEALTH[objective.health], **progress)
        if objective.date_start and objective.date_start >= day:
            return self._change('objective_started', 'objectives', objective, date=objective.date_start)
        if objective.progress is not False and before is not False and abs(objective.progress - before) >= PROGRESS:
            return self._change('objective_progress', 'objectives', objective, **{
                **progress, 'size': objective.progress - before,
                'tone': 'good' if objective.progress > before else 'bad'})
        return None

    # ------------------------------------------------------------------ the plan
    def _plan_changes(self):
        day, today = self._first_day(), self.company_id._kam_today()
        mine = Domain('plan_id', 'any', (
            Domain('company_id', '=', self.company_id.id) & Domain('state', '!=', 'closed')
            & (Domain('partner_id', '=', self.partner_id.id) | Domain('partner_ids', '=', self.partner_id.id))))
        rows = [
            self._change('signal', 'plan', signal, date=signal.date)
            for signal in self.env['kam.plan.signal'].search(mine & Domain('date', '>=', day), limit=MOST)]
        promises = self.env['kam.plan.commitment'].search(
            mine & (Domain('date_done', '>=', day) | (
                Domain('date_done', '=', False) & Domain('date_due', '<', today))), limit=MOST)
        for promise in promises:
            if promise.date_done:
                rows.append(self._change('promise_kept', 'plan', promise, date=promise.date_done, tone='good'))
            else:
                rows.append(self._change(
                    'promise_late' if promise.owed_by == 'us' else 'promise_owed', 'plan', promise, tone='bad',
                    size=(today - promise.date_due).days, date=promise.date_due))
        return rows

    # ------------------------------------------------------------------ actions
    def _action_changes(self):
        day, today = self._first_day(), self.company_id._kam_today()
        actions = self.env['kam.action'].search(
            self._of_account() & (
                (Domain('state', '=', 'done') & Domain('date_done', '>=', day))
                | (Domain('state', '=', 'planned') & Domain('date', '<', today))),
            limit=MOST, order='date desc, id desc')
        revenue = self._account_revenue()
        rows = []
        for action in actions:
            if action.state == 'planned':
                rows.append(self._change('action_late', 'actions', action, size=(today - action.date).days,
                                         date=action.date, tone='bad'))
            else:
                amount = action.value_us_obtained
                share = percent_of(amount, revenue)
                rows.append(self._change(
                    # What brought no known value is of the smallest size.
                    'action_done', 'actions', action, size=0 if share is False else share, amount=amount,
                    date=action.date_done, tone='good'))
        return rows
