"""What the worker's words about a value mean, in a sentence for whoever reads it.

The worker knows no language: it says `division_by_zero`, and the reader is told here what that is.
"""
from odoo import api, fields, models


class KamKpiValue(models.Model):
    _inherit = 'kam.kpi.value'

    why = fields.Char("Why it is unknown", compute='_compute_words')
    note = fields.Char("Note", compute='_compute_words')

    @api.depends('value', 'reason', 'marks')
    @api.depends_context('lang')
    def _compute_words(self):
        reasons, marks = self._reasons(), self._marks()
        for row in self:
            row.why = row.value is False and reasons.get(row.reason, reasons[''])
            known = [marks[mark] for mark in (row.marks or '').split() if mark in marks]
            row.note = " ".join(known) or False

    @api.model
    def _reasons(self):
        """``{reason: sentence}``; the empty one stands for reasons that are not known here."""
        _ = self.env._
        return {
            '': _("It could not be computed."),
            'no_data': _("There are no records to compute it from."),
            'no_rate': _("An amount is in a currency without a rate."),
            'division_by_zero': _("There is nothing to divide by in this period."),
            'unavailable': _("The KPI can't be read at the moment: see its definition."),
            'operand_unknown': _("A KPI that it is computed from is unknown."),
            'no_answers': _("Nobody has answered yet."),
            'few_answers': _("Too few people have answered yet."),
            'few_deals': _("Too few opportunities were closed to tell."),
            'no_target': _("There is no target to compare with."),
            'target_reached': _("The target of the year is reached already."),
            'not_yet': _("It is too early in the period to tell."),
            'no_cost': _("The cost of capital is not set: see Configuration."),
            'no_plan': _("There is no active plan that says it."),
            'no_contacts': _("No contact is on record yet."),
            'no_roles': _("The tier requires no roles."),
            'no_forecast': _("There is no forecast to compare with."),
            'no_settings': _("A setting that it needs is missing."),
            'not_recorded': _("It was not recorded in that period."),
        }

    @api.model
    def _marks(self):
        _ = self.env._
        return {
            'portfolio_win_rate': _("Of all customers: too few of this account's opportunities were closed."),
            'estimated': _("Estimated: some costs are unknown."),
            'target_reached': _("The target of the year is reached already."),
            'plan_target': _("The target is that of the plan."),
        }
