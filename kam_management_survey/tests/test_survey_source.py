"""Questions and surveys as sources: what follows from the choice, what counts and what does not."""
from odoo.addons.kam_management_survey.hooks import fill_scales
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .common import SurveyCommon


@tagged('post_install', '-at_install')
class TestSurveySource(SurveyCommon):

    def _source(self, user=None, **values):
        return self.env['kam.satisfaction.source'].with_user(user or self.env.user).create({'name': "Own", **values})

    def _question(self, survey=None, **values):
        survey = survey or self.env['survey.survey'].create({'title': "Other"})
        return self.env['survey.question'].create({
            'survey_id': survey.id, 'title': "And?", 'question_type': 'scale', 'scale_min': 1, 'scale_max': 7,
            **values})

    def _refusals(self, name):
        return self.env['kam.satisfaction.refusal'].search([('source_id', '=', self.sources[name].id)]).mapped('reason')

    # ------------------------------------------------------------------ what is answered
    def test_answers(self):
        """Each question by its own source, on its own scale; the open one is the comment of the first."""
        invitation = self._ask(self.buyer)
        self._answer(invitation, recommend=0, satisfied=4, easy=7, delivery='well', problem='badly',
                     open="  The lorries are late ")
        self._collect()
        rows = self._responses()
        self.assertEqual(
            [(row.kind, row.value, row.scale_min, row.scale_max, row.touchpoint_id.code, row.comment) for row in rows],
            [('ces', 7, 1, 7, False, False), ('csat', 4, 1, 5, False, False),
             ('moment', 1, 0, 1, 'delivery', False), ('moment', 0, 0, 1, 'problem', False),
             ('nps', 0, 0, 10, False, "The lorries are late")])
        self.assertEqual((rows.contact_id, rows.partner_id, rows.company_id), (self.buyer, self.iberia, self.company))
        self.assertEqual((set(rows.mapped('date')), rows[0].good_end), ({self.today}, 'high'))
        self._collect()
        self.assertEqual(self._responses(), rows, "collected once more, nothing doubles")
        self.assertFalse(any(self._refusals(name) for name in self.sources))

    def test_what_is_left_out_does_not_count(self):
        begun, done = self._ask(self.buyer | self.marc)  # Marc, Nuria
        self._answer(done, recommend=9, satisfied=5, easy=5, delivery='well')
        begun._save_lines(self.questions['recommend'], '3')
        begun._mark_in_progress()
        self._collect()
        self.assertEqual(self._responses().mapped('kind'), ['ces', 'csat', 'moment', 'nps'])
        self.assertEqual(self._responses().contact_id, self.buyer, "who has not finished has not answered yet")

    def test_test_entries_never_count(self):
        entry = self.survey._create_answer(user=self.env.user, test_entry=True)
        entry.partner_id = self.marc
        self._answer(entry, recommend=0, satisfied=1, easy=1)
        self._collect()
        self.assertFalse(self._responses())
        self.assertFalse(self._requests())

    def test_another_company(self):
        self.user_manager.company_ids |= self.company_2
        there = self.env(user=self.user_manager, context={'allowed_company_ids': self.company_2.ids})
        self.env['kam.stakeholder'].create({
            'partner_id': self.iberia.id, 'contact_id': self.marc.id, 'company_id': self.company_2.id})
        action = self.iberia.with_env(there).action_kam_ask()
        wizard = there[action['res_model']].browse(action['res_id'])
        self.assertEqual((wizard.company_id, wizard.line_ids.contact_id), (self.company_2, self.marc))
        wizard.action_send()
        invitation = self.env['survey.user_input'].search([('partner_id', '=', self.marc.id)])
        self._answer(invitation, recommend=9)
        self._collect()
        self.assertFalse(self._responses())
        self._collect(self.company_2)
        self.assertEqual((self._responses().company_id, self._requests().company_id), (self.company_2, self.company_2))

    # ------------------------------------------------------------------ another scale
    def test_asked_on_another_scale_later(self):
        """0–10 becomes 1–5: what was answered before stays, collected or not; what is answered since does not count."""
        first, second, third = self._ask()
        self._answer(first, recommend=9)
        self._collect()
        self._answer(second, recommend=2)  # not collected yet
        question = self.questions['recommend']
        question.write({'scale_min': 1, 'scale_max': 5})
        self._answer(third, recommend=5)
        self._collect()
        answers = {row.contact_id: row.value for row in self._responses()}
        self.assertEqual(answers, {first.partner_id: 9, second.partner_id: 2})
        self.assertEqual(self._refusals('recommend'), ['other_scale'])
        self.assertIn("The question goes from 1 to 5 now", self.sources['recommend'].scale_note)
        question.write({'scale_min': 0, 'scale_max': 10})
        self._collect()
        self.assertEqual(len(self._responses()), 2, "5 of 5 does not become 5 of 10")
        self.assertFalse(self.sources['recommend'].scale_note)

    def test_choices_of_another_scale(self):
        first, second = self._ask(self.buyer | self.marc)
        self._answer(first, delivery='badly')
        self.env['survey.question.answer'].create({
            'question_id': self.questions['delivery'].id, 'value': "Perfectly", 'answer_score': 2})
        self._answer(second, delivery='well')
        self._collect()
        self.assertEqual(self._responses().contact_id, first.partner_id)
        self.assertEqual(self._refusals('delivery'), ['other_scale'])

    def test_answers_from_before_the_addon(self):
        """What the install fills in by one statement is what the ORM computes."""
        invitation = self._ask(self.buyer)
        self._answer(invitation, recommend=9, satisfied=4, easy=7, delivery='well', open="Fine")
        number = self._question(self.survey, question_type='numerical_box', validation_required=True, sequence=70,
                                validation_max_float_value=100)
        self.questions['number'] = number
        self._answer(invitation, number=50)
        lines = invitation.user_input_line_ids
        self.env.flush_all()
        names = ['kam_scale_min', 'kam_scale_max']
        known = lines.read(names)
        self.assertEqual([(row['kam_scale_min'], row['kam_scale_max']) for row in known],
                         [(0, 10), (1, 5), (1, 7), (0, 1), (False, False), (0, 100)])
        self.env.cr.execute("UPDATE survey_user_input_line SET kam_scale_min = NULL, kam_scale_max = NULL")
        fill_scales(self.env.cr)
        self.env.invalidate_all()
        self.assertEqual(lines.read(names), known)

    # ------------------------------------------------------------------ what is deleted
    def test_a_question_is_deleted(self):
        self._answer(self._ask(self.buyer), recommend=9, satisfied=5)
        self._collect()
        source = self.sources['recommend']
        self.assertEqual(source.state, 'available')
        self.questions['recommend'].unlink()
        self.env.invalidate_all()
        self._collect()
        self.assertEqual(self._responses().mapped('kind'), ['csat', 'nps'], "what was answered was answered")
        self.assertEqual((source.state, source.failure), ('unavailable', False))
        self.assertIn("“How likely are you to recommend us", source.state_reason)
        self.assertIn("was deleted in Surveys", source.state_reason)
        self.assertEqual(self.sources['satisfied'].state, 'available')
        source.question_id = self._question(self.survey, scale_min=0, scale_max=10)
        self.assertEqual(source.state, 'available')

    def test_a_survey_is_deleted(self):
        invitations = self._ask()
        self._answer(invitations[0], recommend=9, satisfied=5)
        self._collect()
        self.survey.unlink()
        self.env.invalidate_all()
        self._collect()
        self.assertEqual(self._responses().mapped('kind'), ['csat', 'nps'])
        self.assertEqual({source.state for source in self.sources.values()}, {'unavailable'})
        self.assertEqual(len(self._requests()), 3, "they were asked")

    def test_a_person_is_deleted(self):
        invitations = self._ask(self.marc)
        self._answer(invitations, recommend=9, open="Marc says")
        self._collect()
        row = self._responses(self.marc)
        self.stakeholders.filtered(lambda one: one.contact_id == self.marc).unlink()
        self.marc.unlink()
        self.env.invalidate_all()
        self._collect()
        self.assertEqual((row.value, row.comment, row.partner_id), (9, False, self.iberia))
        self.assertFalse(row.contact_id)
        self.assertEqual(
            self.env['kam.satisfaction.response'].search_count([('origin_id', '=', row.origin_id)]), 1)

    def test_two_contacts_are_merged(self):
        invitations = self._ask(self.marc)
        self.env['base.partner.merge.automatic.wizard']._merge(
            (self.marc | self.luis).ids, self.luis, extra_checks=False)
        self.env.invalidate_all()
        self._answer(invitations, recommend=9)
        self._collect()
        self.assertEqual(self._responses(self.luis).mapped('value'), [9])
        self.assertEqual(self._open().line_ids.filtered(lambda line: line.state == 'asked').contact_id, self.luis)

    # ------------------------------------------------------------------ what follows from the choice
    def test_choosing_a_question(self):
        """The scale, the kind and everything that is technical; the source stays one that may be changed."""
        for scale, kind in (((0, 10), 'nps'), ((1, 5), 'csat'), ((0, 7), 'ces')):
            question = self._question(scale_min=scale[0], scale_max=scale[1])
            form = Form(self.env['kam.satisfaction.source'])
            form.question_id = question
            source = form.save()
            self.assertEqual((source.kind, (source.scale_min, source.scale_max)), (kind, scale))
            self.assertEqual((source.name, source.asked_as), ("And?", "And?"))
            self.assertEqual(source.model_name, 'survey.user_input.line')
            self.assertEqual(source.state, 'available', source.state_reason)
        source = self._source(question_id=question.id, kind='moment', favourable_from=5)
        self.assertEqual((source.kind, source.favourable_from, source.scale_max), ('moment', 5, 7))

    def test_choosing_a_choice(self):
        question = self._question(question_type='simple_choice', suggested_answer_ids=[
            (0, 0, {'value': "Well", 'answer_score': 3}), (0, 0, {'value': "So so", 'answer_score': 1}),
            (0, 0, {'value': "Badly"})])
        source = self._source(question_id=question.id)
        self.assertEqual((source.kind, source.value_path, source.favourable_from, source.scale_max),
                         ('moment', 'answer_score', 3, 3))

    def test_the_score_of_a_survey(self):
        """Two questions, one of them answered right: half of the score."""
        survey = self.env['survey.survey'].create({
            'title': "Audit", 'scoring_type': 'scoring_without_answers', 'scoring_success_min': 50.0,
            'access_mode': 'token', 'question_and_page_ids': [(0, 0, {
                'title': title, 'question_type': 'simple_choice', 'suggested_answer_ids': [
                    (0, 0, {'value': "Yes", 'answer_score': 5, 'is_correct': True}), (0, 0, {'value': "No"})],
            }) for title in ("Clean?", "Safe?")]})
        form = Form(self.env['kam.satisfaction.source'])
        form.survey_id = survey
        source = form.save()
        self.assertEqual((source.kind, source.favourable_from, source.scale_max, source.name),
                         ('moment', 50, 100, "Audit"))
        invitation = survey._create_answer(partner=self.marc, check_attempts=False)
        clean, safe = survey.question_ids
        invitation._save_lines(clean, str(clean.suggested_answer_ids[0].id))
        invitation._save_lines(safe, str(safe.suggested_answer_ids[1].id))
        invitation._mark_done()
        self._collect()
        row = self._responses(self.marc)
        self.assertEqual((row.verdict, row.origin_value, row.source_id), ('favourable', 50, source))
        self.assertEqual(self._requests().mapped('answered_on'), [self.today])

    def test_what_can_not_be_chosen(self):
        question = self._question()
        for values, sentence in (
                ({'question_id': question.id, 'survey_id': self.survey.id}, "Choose one of the two"),
                ({'question_id': self.questions['open'].id, 'model_name': 'survey.user_input.line', 'value_path': 'id'},
                 "is not answered with a number"),
                ({'question_id': self._question(question_type='simple_choice').id, 'model_name': 'x',
                  'value_path': 'id'}, "can't be told apart as numbers"),
                ({'question_id': question.id, 'comment_question_id': self.questions['open'].id},
                 "is no question of the same survey"),
                ({'question_id': question.id, 'kind': 'nps'}, "NPS is answered on a scale from 0 to 10")):
            with self._refused(ValidationError, sentence):
                self._source(**values)

    def test_who_chooses(self):
        """An active source reads what anybody answered: that is for system administrators, as with every source."""
        question = self._question()
        source = self._source(self.user_admin, question_id=question.id)
        self.assertFalse(source.active)
        for chosen in (self.sources['easy'], self._source(question_id=question.id)):
            with self._refused(AccessError, "Only system administrators"):
                chosen.with_user(self.user_admin).question_id = self._question()
        self.sources['easy'].with_user(self.user_admin).active = False
        with self.assertRaises(AccessError):
            self._source(self.user_user, question_id=question.id)
        shown = source.with_user(self.user_admin).read(['question_id', 'scale_note', 'state'])[0]
        self.assertEqual(shown['question_id'][1], "And?")
        with Form(source.with_user(self.user_admin)) as form:
            form.name = "Renamed"
