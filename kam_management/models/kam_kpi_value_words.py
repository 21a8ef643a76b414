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
            'too_large': _("The number is too large to be right: see the definition of the KPI."),
            'unavailable': _("The KPI can't be read at the moment: see its definition."),
            'no_answers': _("Nobody has answered yet."),
            'few_answers': _("Too few people have answered yet."),
            'no_people': _("The people of this account are not on record yet."),
            'no_contact': _("No contact is on record yet."),
            'no_opinion': _("Nobody has given an opinion yet."),
            'too_old': _("What is known is too old to count."),
            'no_bounds': _("There are too few accounts to compare with."),
            'no_revenue': _("There is no revenue to compare with."),
            'no_objective': _("There is no objective under way."),
            'no_target': _("There is no target to compare with."),
            'target_reached': _("The target of the year is reached already."),
            'not_yet': _("It is too early to tell."),
            'no_cost_of_capital': _("The cost of capital is not set: an administrator does so in Configuration."),
        }

    @api.model
    def _marks(self):
        _ = self.env._
        return {
            'portfolio_win_rate': _("Of all key accounts: too few of this account's opportunities were closed."),
            'partial_target': _("Only the months that have a target are compared with it."),
            'estimated': _("Estimated: some costs are unknown."),
            'target_reached': _("The target of the year is reached already."),
        }
