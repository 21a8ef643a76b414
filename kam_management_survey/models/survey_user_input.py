"""Questions, invitations and answers of Odoo's surveys: for whom we asked, on what scale, and that it was answered."""
from odoo import api, fields, models
from odoo.addons.kam_management.tools.fields import UnknownFloat

INVITATIONS, ANSWERS = 'survey.user_input', 'survey.user_input.line'


class SurveyQuestion(models.Model):
    _inherit = 'survey.question'

    def _kam_scale(self):
        """``(lowest, highest)`` of the numbers that it can be answered with, or None where they can't be told."""
        if self.question_type == 'scale':
            lowest, highest = self.scale_min, self.scale_max
        elif self.question_type == 'simple_choice':
            scores = self.suggested_answer_ids.mapped('answer_score') or [0.0]
            lowest, highest = min(scores), max(scores)
        elif self.question_type == 'numerical_box' and self.validation_required:
            lowest, highest = self.validation_min_float_value, self.validation_max_float_value
        else:
            return None
        return (lowest, highest) if lowest < highest else None


class SurveyUserInput(models.Model):
    _inherit = 'survey.user_input'

    kam_company_id = fields.Many2one(
        'res.company', "Asked by", readonly=True, copy=False, index='btree_not_null', ondelete='set null',
        help="The company of ours that asked: the answers count for its scores.")

    def _mark_done(self):
        result = super()._mark_done()
        # In sudo: whoever answers is a customer, who reads nothing of ours.
        self.env['kam.satisfaction.source'].sudo()._record_answered(self)
        return result


class SurveyUserInputLine(models.Model):
    _inherit = 'survey.user_input.line'

    # A question may be asked on another scale later: an answer stays on the one on which it was given.
    kam_scale_min = UnknownFloat(
        "Lowest answer", compute='_compute_kam_scale', store=True, precompute=True, aggregator=None)
    kam_scale_max = UnknownFloat(
        "Highest answer", compute='_compute_kam_scale', store=True, precompute=True, aggregator=None)

    # Of the answer and not of the question's bounds, on purpose.
    @api.depends('question_id', 'answer_type', 'value_scale', 'value_numerical_box', 'suggested_answer_id')
    def _compute_kam_scale(self):
        # In sudo: whoever answers can't read the question as a record.
        for line in self:
            line.kam_scale_min, line.kam_scale_max = line.question_id.sudo()._kam_scale() or (False, False)
