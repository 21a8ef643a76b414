"""The plan that follows: what stays true of the customer goes along, as old as it is, and what is still owed goes on.

What we know goes along: profile, goals and needs, buying process, scenarios, wallet, competitors. What was decided for
the time of one plan is decided anew: priorities, objectives, targets, forecasts. What happened in it stays there:
lessons, signals, what was done. What each side still owes, and what is planned, goes on once the next plan is active.
"""
from odoo import models
from odoo.fields import Command, Domain

from .kam_plan_profile import SECTIONS
from .kam_plan_row_mixin import GOING_ON


class KamPlan(models.Model):
    _inherit = 'kam.plan'

    def action_next(self):
        """The plan that follows this one, or a draft of it that starts from what lasts."""
        self.ensure_one()
        following = self.search(
            [('partner_id', '=', self.partner_id.id), ('company_id', '=', self.company_id.id),
             ('date_start', '>', self.date_start)], order='date_start', limit=1)
        if not following:
            following = self.copy()
            following._message_log(body=self.env._("It starts from what lasts of %(plan)s.", plan=self.display_name))
        return {'type': 'ir.actions.act_window', 'res_model': 'kam.plan', 'res_id': following.id,
                'views': [(False, 'form')]}

    def copy_data(self, default=None):
        plans = []
        for plan, vals in zip(self, super().copy_data(default), strict=True):
            dates = {f'{section}_date': plan[f'{section}_date'] for section in SECTIONS}
            plans.append({**dates, **plan._copy_rows(self.new(vals)), **vals})
        return plans

    def _copy_rows(self, following):
        """The rows that go along into a plan, which is not saved yet."""
        first = following.date_start.year
        lasting = {
            # Of years gone by nothing is wanted any more; our own are for three years.
            'goal_ids': self.goal_ids.filtered(lambda goal: not goal.year or (
                first <= int(goal.year) and (goal.whose != 'us' or int(goal.year) <= first + 3))),
            'buying_step_ids': self.buying_step_ids,
            'scenario_ids': self.scenario_ids.filtered(lambda scenario: scenario.state != 'over'),
            'category_ids': self.category_ids,
            'competitor_ids': self.competitor_ids,
        }
        return {name: [Command.create(vals) for vals in rows._copy_into(following)] for name, rows in lasting.items()}

    # ------------------------------------------------------------------ what goes on
    def action_activate(self):
        result = super().action_activate()
        for plan in self:
            accounts = plan._accounts().ids
            plan._take_over(self.search(
                Domain('state', '=', 'closed') & Domain('company_id', '=', plan.company_id.id)
                & (Domain('partner_id', 'in', accounts) | Domain('partner_ids', 'in', accounts))))
        return result

    def _take_over(self, closed):
        """What is still owed in plans that were closed is owed in this one, if it is for the account now."""
        self.ensure_one()
        owed = self.env['kam.plan.commitment'].search([('plan_id', 'in', closed.ids), ('date_done', '=', False)])
        owed.filtered(lambda row: row._find_account() in self._accounts()).with_context(
            kam_going_on=GOING_ON).plan_id = self
