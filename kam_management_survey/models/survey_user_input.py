"""Questions, invitations and answers of Odoo's surveys: for whom we asked, on what scale, and that it was answered.

What people of a confidential account answer is as confidential in Surveys as it is in Key Accounts: record rules on
invitations and answers ask `kam_is_disclosed`. Whoever answers does so by their link, past the rules.
"""
from odoo import api, fields, models
from odoo.addons.kam_management.tools.fields import UnknownFloat
from odoo.fields import Domain

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
        help="The company of ours for which the survey was sent: the answers count for its scores.")
    kam_is_disclosed = fields.Boolean(
        compute='_compute_kam_is_disclosed', search='_search_kam_is_disclosed', export_string_translation=False)

    @api.depends('partner_id.kam_account_id.kam_confidentiality')
    @api.depends_context('uid')
    def _compute_kam_is_disclosed(self):
        # In sudo: rules ask this of records that the reader may not see yet.
        inputs = self.sudo()
        disclosed = inputs.search(Domain('id', 'in', self._origin.ids) & inputs._kam_disclosed_domain()).ids
        for invitation in self:
            invitation.kam_is_disclosed = not invitation._origin or invitation._origin.id in disclosed

    @api.model
    def _search_kam_is_disclosed(self, operator, value):
        if operator != 'in':
            return NotImplemented
        wanted = {bool(item) for item in value}
        if len(wanted) == 2:
            return Domain.TRUE
        disclosed = self._kam_disclosed_domain()
        return disclosed if wanted == {True} else ~disclosed

    @api.model
    def _kam_disclosed_domain(self):
        """Of nobody, or of somebody whose account's confidentiality lets the reader in."""
        # In sudo: whoever uses Surveys need not be a user of Key Accounts; what is hidden is asked for the reader.
        people = self.env['res.partner'].sudo().with_context(active_test=False)
        return Domain('partner_id', 'not in', people._search(
            Domain('kam_account_id', 'any', self.env['res.partner']._kam_hidden_domain())))

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
