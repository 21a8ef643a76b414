"""Odoo's surveys as sources: the answers to a question, or the score of a whole survey.

Whoever chooses a question or a survey gets a source that reads it: which records count, who answered, when, on which
scale. It stays an ordinary source all the same, and may be narrowed down.

* Only answers of surveys that were finished count, and never those of a test.
* Each answer keeps the scale that its question had when it was given (`survey_user_input.py`). When a question is asked
  on another scale later, its new answers are refused, and those that were counted stay.
* Invitations are requests, counted once per survey, at its first source.
* A survey or a question that is deleted takes its own answers along; those that were counted stay.
"""
from odoo import api, fields, models
from odoo.addons.kam_management.models.kam_satisfaction_source import DEFINITION
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .survey_user_input import ANSWERS, INVITATIONS

# What is chosen: the rest of a source follows from it.
CHOSEN = ('survey_id', 'question_id')
# Where a question that people answer with a number keeps it.
VALUES = {'scale': 'value_scale', 'simple_choice': 'answer_score', 'numerical_box': 'value_numerical_box'}
TYPES = {'scale': 'scale', 'simple_choice': 'suggestion', 'numerical_box': 'numerical_box'}
KIND_OF_SCALE = {(0, 10): 'nps', (1, 5): 'csat'}
WORDS = ('text_box', 'char_box')


class KamSatisfactionSource(models.Model):
    _inherit = 'kam.satisfaction.source'
    _kam_definition = (*DEFINITION, *CHOSEN, 'comment_question_id')

    survey_id = fields.Many2one(
        'survey.survey', "Score of the survey", index='btree_not_null', ondelete='set null', tracking=True,
        help="The score that somebody reaches in this survey, from 0 to 100, is the answer.")
    question_id = fields.Many2one(
        'survey.question', "Survey question", index='btree_not_null', ondelete='set null', tracking=True,
        domain=[('question_type', 'in', list(VALUES)), ('survey_id', '!=', False)],
        help="What is answered to this question counts. Of a choice, the scores of its answers do.")
    comment_question_id = fields.Many2one(
        'survey.question', "Comment from the question", ondelete='set null', tracking=True,
        domain=[('question_type', 'in', [*WORDS, 'simple_choice']), ('survey_id', '!=', False)],
        help="What somebody writes there stands beside their answer.")
    asked_as = fields.Char(
        readonly=True, copy=False, help="The question or the survey as it was called when it was chosen.")
    asked_survey_id = fields.Many2one('survey.survey', "Survey", compute='_compute_asked_survey_id', compute_sudo=True)
    scale_note = fields.Char(compute='_compute_scale_note', compute_sudo=True, export_string_translation=False)

    # ------------------------------------------------------------------ computes
    @api.depends('survey_id', 'question_id.survey_id')
    def _compute_asked_survey_id(self):
        for source in self:
            source.asked_survey_id = source.survey_id or source.question_id.survey_id

    @api.depends('question_id.scale_min', 'question_id.scale_max', 'question_id.question_type',
                 'question_id.suggested_answer_ids.answer_score', 'scale_min', 'scale_max')
    @api.depends_context('lang')
    def _compute_scale_note(self):
        for source in self:
            now = source.question_id._kam_scale()
            changed = now and now != (source.scale_min, source.scale_max)
            source.scale_note = changed and source.env._(
                "The question goes from %(lowest)s to %(highest)s now, so new answers are not counted here. Make a "
                "source of its own for them.", lowest=f"{now[0]:g}", highest=f"{now[1]:g}")

    # ------------------------------------------------------------------ is it there?
    def _find_obstacle(self):
        if self.asked_as and not self.survey_id and not self.question_id:
            return self.env._(
                "“%(question)s” was deleted in Surveys. The answers that were counted stay; choose another question, "
                "or archive this source.", question=self.asked_as)
        return super()._find_obstacle()

    @api.constrains(*CHOSEN, 'comment_question_id')
    def _check_question_id(self):
        # In sudo: whoever sets Key Accounts up need not be a user of Surveys.
        for source in self.sudo():
            if source.survey_id and source.question_id:
                raise ValidationError(self.env._(
                    "“%(name)s” reads either one question or the score of a survey. Choose one of the two.",
                    name=source.name))
            if source.question_id and source.question_id.question_type not in VALUES:
                raise ValidationError(self.env._(
                    "“%(question)s” is not answered with a number. Choose a question with a scale, a number, or one "
                    "choice whose answers have scores.", question=source.question_id.title))
            if source.question_id and not source.question_id._kam_scale():
                raise ValidationError(self.env._(
                    "The answers to “%(question)s” can't be told apart as numbers: give its choices scores, or its "
                    "number a lowest and a highest value.", question=source.question_id.title))
            comment = source.comment_question_id
            if comment and comment.survey_id != source.asked_survey_id:
                raise ValidationError(self.env._(
                    "“%(question)s” is no question of the same survey. Choose one that the same people answer.",
                    question=comment.title))

    # ------------------------------------------------------------------ what follows from the choice
    @api.model
    def _survey_values(self, vals):
        """What follows from the survey or the question in `vals`; nothing if there is none.

        In sudo: the choice itself was made with the rights of whoever made it.
        """
        question = self.env['survey.question'].sudo().browse(vals.get('question_id') or ())
        survey = self.env['survey.survey'].sudo().browse(vals.get('survey_id') or ())
        values = {}
        if question and question._kam_scale():
            values = self._question_values(question)
        elif survey:
            values = self._score_values(survey)
        if values and vals.get('kind', values['kind']) != 'moment':
            values['favourable_from'] = False
        return values

    @api.model
    def _question_values(self, question):
        lowest, highest = question._kam_scale()
        kind = 'moment' if question.question_type == 'simple_choice' else KIND_OF_SCALE.get((lowest, highest), 'ces')
        return {
            'asked_as': question.title, 'kind': kind, 'model_name': ANSWERS,
            'domain': str([('question_id', '=', question.id), ('user_input_id.state', '=', 'done'),
                           ('user_input_id.test_entry', '=', False), ('skipped', '=', False),
                           ('answer_type', '=', TYPES[question.question_type])]),
            'partner_path': 'user_input_id.partner_id', 'value_path': VALUES[question.question_type],
            'scale_min': lowest, 'scale_max': highest, 'good_end': 'high',
            'favourable_from': highest, 'date_field': 'user_input_id.end_datetime',
            'company_field': 'user_input_id.kam_company_id', 'request_domain': False,
        }

    @api.model
    def _score_values(self, survey):
        return {
            'asked_as': survey.title, 'kind': 'moment', 'model_name': INVITATIONS,
            'domain': str([('survey_id', '=', survey.id), ('state', '=', 'done'), ('test_entry', '=', False)]),
            'partner_path': 'partner_id', 'value_path': 'scoring_percentage', 'scale_min': 0.0, 'scale_max': 100.0,
            'good_end': 'high', 'favourable_from': survey.scoring_success_min or 100.0,
            'date_field': 'end_datetime', 'company_field': 'kam_company_id', 'request_domain': False,
        }

    @api.onchange(*CHOSEN)
    def _onchange_question_id(self):
        # Of two that are chosen, the one that was not there before counts.
        if self.question_id and self.survey_id:
            self[CHOSEN[self.question_id != self._origin.question_id]] = False
        values = self._survey_values({name: self[name]._origin.id for name in CHOSEN})
        self.update(values)
        if values and not self.name:
            self.name = values['asked_as']
        if self.comment_question_id.survey_id != self.asked_survey_id:
            self.comment_question_id = False

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([{**self._survey_values(vals), **vals} for vals in vals_list])

    def write(self, vals):
        if any(vals.get(name) for name in CHOSEN):
            vals = {**self._survey_values(vals), **vals}
        return super().write(vals)

    # ------------------------------------------------------------------ how it is read
    def _refusal_cases(self, model, query):
        cases = super()._refusal_cases(model, query)
        if self.question_id:
            lowest, highest = (self._path(model, query, name) for name in ('kam_scale_min', 'kam_scale_max'))
            cases.append(('other_scale', SQL(
                "%(lowest)s IS NOT NULL AND (%(lowest)s != %(scale_min)s OR %(highest)s != %(scale_max)s)",
                lowest=lowest, highest=highest, scale_min=self.scale_min, scale_max=self.scale_max)))
        return cases

    def _words(self, model, query):
        """What was written in answer to another question of the same survey."""
        if not self.comment_question_id:
            return super()._words(model, query)
        invitation = self._path(model, query, 'id' if self.model_name == INVITATIONS else 'user_input_id')
        return SQL(
            """(SELECT max(COALESCE(said.value_text_box, said.value_char_box)) FROM survey_user_input_line said
                 WHERE said.user_input_id = %s AND said.question_id = %s)""", invitation, self.comment_question_id.id)

    # ------------------------------------------------------------------ who was asked
    @api.model
    def _of_surveys(self, surveys):
        """The first source of each of these surveys, which its invitations are counted at: ``{survey: source}``."""
        sources = self.search(
            Domain('survey_id', 'in', surveys.ids) | Domain('question_id.survey_id', 'in', surveys.ids))
        return {survey: rows[:1] for survey, rows in sources.grouped('asked_survey_id').items()}

    def _request_model(self):
        return INVITATIONS if self.asked_survey_id else super()._request_model()

    def _request_rows(self, company, since):
        """Who was invited. To a survey that is open to everybody people also come by themselves: of these, only those
        whom Key Accounts asked."""
        survey = self.asked_survey_id
        if not survey:
            return super()._request_rows(company, since)
        if self._of_surveys(survey).get(survey) != self:
            return None
        model = self.env[INVITATIONS].sudo()
        asked = Domain([('survey_id', '=', survey.id), ('test_entry', '=', False), ('partner_id', '!=', False)])
        if survey.access_mode != 'token':
            asked &= Domain('kam_company_id', '!=', False)
        query = model._search(asked)
        if since:
            query.add_where(SQL("%s > %s", SQL.identifier(query.table, 'write_date'), since))
        return query.select(
            SQL("%s AS origin_id", SQL.identifier(query.table, 'id')),
            SQL("%s AS partner", self._path(model, query, 'partner_id')),
            SQL("%s AS company", self._path(model, query, 'kam_company_id')),
            SQL("%s AS day", self._day(model, query, 'create_date', company)),
            SQL("CASE WHEN %s = 'done' THEN %s END AS answered_on", self._path(model, query, 'state'),
                self._day(model, query, 'end_datetime', company)))

    @api.model
    def _record_requests(self, invitations):
        """Invitations that were just made are requests at once: nobody is asked twice in the minutes until they are
        collected."""
        sources = self._of_surveys(invitations.survey_id)
        self.env['kam.satisfaction.request'].create([{
            'contact_id': invitation.partner_id.id, 'company_id': invitation.kam_company_id.id,
            'date': invitation.kam_company_id._kam_today(), 'source_id': sources[invitation.survey_id].id,
            'origin_model': INVITATIONS, 'origin_id': invitation.id} for invitation in invitations])

    @api.model
    def _record_answered(self, invitations):
        requests = self.env['kam.satisfaction.request'].search([
            ('origin_model', '=', INVITATIONS), ('origin_id', 'in', invitations.ids), ('answered_on', '=', False)])
        for request in requests:
            request.answered_on = request.company_id._kam_today()
