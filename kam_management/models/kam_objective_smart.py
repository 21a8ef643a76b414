"""The five letters of an objective: what each asks for, whether it holds, and the sentence on what is missing."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from .kam_objective import CONTRIBUTORS

LETTERS = ('s', 'm', 'a', 'r', 't')


class KamObjective(models.Model):
    _inherit = 'kam.objective'

    smart = fields.Json(
        "SMART", compute='_compute_smart', export_string_translation=False,
        help="The five letters: specific, measurable, achievable, relevant, time-bound.")

    @api.model
    def _smart_fields(self):
        """What the letters are read from."""
        return ('name', 'owner_id', 'kpi_id', 'unit', 'baseline', 'target', 'resources', 'owner_agreed', 'strategy_id',
                'goal_id', 'goal', 'need', 'date_start', 'date_deadline', 'plan_id', 'partner_id', 'company_id')

    @api.depends(lambda self: self._smart_fields())
    @api.depends_context('lang', 'uid')
    def _compute_smart(self):
        for objective in self:
            labels = objective._smart_labels()
            objective.smart = [
                {'letter': letter, 'label': labels[letter], 'missing': objective._find_missing(letter) or False}
                for letter in LETTERS]

    def _smart_labels(self):
        return {
            's': self.env._("Specific"), 'm': self.env._("Measurable"), 'a': self.env._("Achievable"),
            'r': self.env._("Relevant"), 't': self.env._("Time-bound"),
        }

    def _find_smart_problem(self):
        """The sentence of the first letter that doesn't hold, or None."""
        for letter in LETTERS:
            missing = self._find_missing(letter)
            if missing:
                return f"{self._smart_labels()[letter]}: {missing}"
        return None

    def _find_missing(self, letter):
        """What is missing for this letter, as a sentence; None when it holds."""
        return getattr(self, f'_find_missing_{letter}')()

    def _find_missing_s(self):
        if not (self.name or '').strip():
            return self.env._("say what is to be reached.")
        if not self.owner_id:
            return self.env._("say whose it is. Choose the owner.")
        return None

    def _find_missing_m(self):
        if self.kpi_id and (self.baseline is False or self.target is False):
            return self.env._(
                "say where the KPI starts and where it shall be: without both numbers nobody will know how far it is.")
        if self.kpi_id:
            return None
        if not (self.unit or '').strip() or self.baseline is False or self.target is False:
            return self.env._(
                "say how one will see it. Choose a KPI, or give a number: its unit, where it starts and where it shall "
                "be.")
        return None

    def _find_missing_a(self):
        if not (self.resources or '').strip():
            return self.env._("say what it takes. Name the resources.")
        # Who takes over an objective that runs is asked, and it goes on meanwhile. Owners who start one agree by that.
        if not self.owner_agreed and self.state == 'draft' and self.owner_id != self.env.user:
            return self.env._("the owner has not agreed yet. Ask them to tick “Owner agrees”.")
        return None

    def _find_missing_r(self):
        if self.strategy_id or self.goal_id or (self.goal or '').strip() or (self.need or '').strip():
            return None
        return self.env._(
            "say what it is for. Link a goal or a need of the plan, or a strategy; or write the goal or the need that "
            "it serves.")

    def _find_missing_t(self):
        if not self.date_start or not self.date_deadline:
            return self.env._("say from when until when. Give a start and a deadline.")
        if self.date_deadline < self.date_start:
            return self.env._("the deadline is before the start. Correct one of the two.")
        # Owners of other functions don't read the plan; only when it is, and whether it is closed, is said.
        plan = self.plan_id.sudo()
        if plan and plan.date_start and plan.date_end and not (
                plan.date_start <= self.date_start and self.date_deadline <= plan.date_end):
            return self.env._(
                "it reaches beyond the plan, which goes from %(start)s to %(end)s. Change the dates, or choose "
                "another plan.", start=format_date(self.env, plan.date_start), end=format_date(self.env, plan.date_end))
        if plan.state == 'closed' and self.state == 'draft':
            return self.env._("the plan is closed. Choose the plan that runs now, or none.")
        return None

    # ------------------------------------------------------------------ checks
    @api.constrains(lambda self: self._smart_fields())
    def _check_smart(self):
        """What runs goes on being SMART."""
        for objective in self.filtered(lambda row: row.state == 'running'):
            problem = objective._find_smart_problem()
            if problem:
                raise ValidationError(self.env._(
                    "“%(objective)s” is running. %(problem)s", objective=objective.name, problem=problem))

    @api.constrains('baseline', 'target', 'unit', 'kpi_id')
    def _check_numbers(self):
        for objective in self:
            if objective.target is not False and not objective.kpi_id and not (objective.unit or '').strip():
                raise ValidationError(self.env._(
                    "A target needs a unit: %(target)s of what? Give the unit, or choose a KPI.",
                    target=f"{objective.target:g}"))
            if objective.target is not False and objective.target == objective.baseline:
                raise ValidationError(self.env._(
                    "It starts where it shall be: there is nothing to reach. Correct one of the two numbers."))

    @api.constrains('date_start', 'date_deadline')
    def _check_dates(self):
        for objective in self:
            if objective.date_start and objective.date_deadline and objective.date_deadline < objective.date_start:
                raise ValidationError(self.env._(
                    "The deadline of “%(objective)s” is before its start. Correct one of the two dates.",
                    objective=objective.name))

    @api.constrains('partner_id', 'strategy_id', 'goal_id', 'company_id')
    def _check_same_account(self):
        # In sudo: what it is linked to may have been hidden since from whoever moves it. Only accounts are named.
        for objective in self.sudo():
            account = objective.partner_id
            goals_plan = objective.goal_id.plan_id
            if goals_plan and (account not in goals_plan.partner_id | goals_plan.partner_ids
                               or goals_plan.company_id != objective.company_id):
                raise ValidationError(self.env._(
                    "The goal or need is one of %(other)s. Choose one of a plan of %(account)s, or none.",
                    other=goals_plan.partner_id.display_name, account=account.display_name))
            if objective.strategy_id and objective.strategy_id.partner_id != account:
                raise ValidationError(self.env._(
                    "The strategy is one of %(other)s. Choose a strategy of %(account)s, or none.",
                    other=objective.strategy_id.partner_id.display_name, account=account.display_name))

    @api.constrains('owner_id')
    def _check_owner_id(self):
        self.owner_id._kam_refuse_strangers(CONTRIBUTORS)
