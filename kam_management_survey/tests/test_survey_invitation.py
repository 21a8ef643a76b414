"""Invitations that were not made by Key Accounts, and what Odoo's own survey does with ours."""
from odoo.tests import tagged

from .common import SurveyCommon


@tagged('post_install', '-at_install')
class TestSurveyInvitation(SurveyCommon):

    def _invite(self, survey, people):
        """From the app Surveys, by one of its users."""
        invite = self.env['survey.invite'].with_user(self.user_surveyor).create({
            'survey_id': survey.id, 'partner_ids': [(6, 0, people.ids)], 'subject': "Please", 'body': "Answer"})
        invite.action_invite()

    def test_from_the_app_surveys(self):
        """They are requests once they are collected, and keep people from being asked again."""
        self._invite(self.survey, self.marc)
        self.assertFalse(self._requests())
        self._collect()
        request = self._requests()
        self.assertEqual((request.contact_id, request.date, request.answered_on), (self.marc, self.today, False))
        self.assertEqual(self._open().line_ids.filtered('is_chosen').contact_id, self.buyer | self.luis)
        invitation = self.env['survey.user_input'].search([('partner_id', '=', self.marc.id)])
        self._answer(invitation, recommend=10)
        self._collect()
        self.assertEqual((request.answered_on, self._responses().value), (self.today, 10))

    def test_open_to_everybody(self):
        """Of a survey that anybody may answer, only those whom we asked were asked."""
        self.survey.access_mode = 'public'
        by_itself = self.survey._create_answer(partner=self.luis, check_attempts=False)
        self._answer(by_itself, recommend=3)
        self._ask(self.marc)
        self._collect()
        self.assertEqual(self._requests().contact_id, self.marc)
        self.assertEqual(self._responses().contact_id, self.luis, "an answer it is all the same")

    def test_nobody_known(self):
        anonymous = self.survey._create_answer(email='somebody@example.com', check_attempts=False)
        self._answer(anonymous, recommend=3)
        self._collect()
        refused = self.env['kam.satisfaction.refusal'].search([('source_id', '=', self.sources['recommend'].id)])
        self.assertEqual(refused.mapped('reason'), ['no_contact'])

    def test_one_attempt(self):
        """The link that was answered shows the thanks; the next invitation has attempts of its own."""
        self.company.kam_settings_id.survey_pause = 0
        first = self._ask(self.marc)
        self._answer(first, recommend=9)
        self.assertFalse(self.survey._has_attempts_left(self.marc, self.marc.email, first.invite_token))
        second = self._ask(self.marc) - first
        self.assertTrue(self.survey._has_attempts_left(self.marc, self.marc.email, second.invite_token))
        self._answer(second, recommend=2)
        self._collect()
        self.assertEqual(sorted(self._responses().mapped('value')), [2, 9])

    def test_a_request_is_answered_once(self):
        invitation = self._ask(self.marc)
        self._answer(invitation, recommend=9)
        request = self._requests()
        request.answered_on = '2020-01-01'
        invitation._mark_done()
        self.assertEqual(str(request.answered_on), '2020-01-01')

    def test_the_first_source_is_archived(self):
        """The next one of the survey follows its requests."""
        invitation = self._ask(self.marc)
        self._collect()
        request = self._requests()
        first = request.source_id
        first.active = False
        self._answer(invitation, satisfied=4)
        request.answered_on = False
        self.env.flush_all()
        self._collect()
        self.assertEqual(request.answered_on, self.today)
        self.assertNotEqual(request.source_id, first)
        self.assertTrue(request.source_id.active)
