"""A contact answers in a browser; the account's manager asks from the account; an administrator chooses a question."""
from odoo.tests import HttpCase, tagged

from .common import SurveyCommon


class SurveyTours(HttpCase, SurveyCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in (cls.user_user, cls.user_system):
            user.password = user.login


@tagged('post_install', '-at_install')
class TestSurveyTours(SurveyTours):

    def test_a_contact_answers(self):
        """Asked on the account, answered in the browser, collected: the answers are the contact's, the request is
        answered."""
        invitation = self._ask(self.marc)
        mail = self.env['mail.mail'].search([('recipient_ids', '=', self.marc.id)])
        self.assertIn(invitation.get_start_url(), mail.body_html)
        self.start_tour(invitation.get_start_url(), 'kam_survey_answer')
        self.assertEqual(invitation.state, 'done')
        self.assertEqual(self._requests().answered_on, self.today)
        self._collect()
        rows = self._responses()
        self.assertEqual(
            [(row.kind, row.value, row.touchpoint_id.code, row.comment) for row in rows],
            [('ces', 7, False, False), ('csat', 2, False, False), ('moment', 1, 'delivery', False),
             ('nps', 9, False, "Keep Marta, and answer on Fridays")])
        self.assertEqual((rows.contact_id, rows.partner_id), (self.marc, self.iberia))

    def test_ask_and_again(self):
        self.marc.email = False
        url = f'/odoo/res.partner/{self.iberia.id}'
        self.start_tour(url, 'kam_survey_send', login=self.user_user.login)
        self.assertEqual(self._requests().contact_id, self.buyer)
        self.assertEqual(self.env['mail.mail'].search_count([('recipient_ids', '=', self.buyer.id)]), 1)
        self.start_tour(url, 'kam_survey_send_again', login=self.user_user.login)
        self.assertEqual(self._requests().contact_id, self.buyer)

    def test_choosing_a_question(self):
        self.user_system.group_ids += self.env.ref('kam_management.group_kam_admin')
        self.user_system.group_ids += self.env.ref('survey.group_survey_user')
        survey = self.env['survey.survey'].create({'title': "Fair", 'question_and_page_ids': [(0, 0, {
            'title': "Was the fair worth it?", 'question_type': 'scale', 'scale_min': 1, 'scale_max': 5})]})
        self.start_tour('/odoo/key-accounts-answer-sources', 'kam_survey_source', login=self.user_system.login)
        source = self.env['kam.satisfaction.source'].search([('question_id', '=', survey.question_ids.id)])
        self.assertEqual((source.name, source.kind, source.active), ("Fair", 'csat', True))


@tagged('post_install', '-at_install')
class TestSurveyToursPhone(SurveyTours):
    browser_size = '420x900'
    touch_enabled = True

    def test_a_contact_answers_in_spanish(self):
        invitation = self._ask(self.buyer)
        self.start_tour(invitation.get_start_url(), 'kam_survey_answer_es')
        self._collect()
        self.assertEqual(
            [(row.kind, row.value, row.touchpoint_id.code) for row in self._responses()],
            [('ces', 6, False), ('csat', 5, False), ('moment', 0, 'problem'), ('nps', 10, False)])

    def test_ask(self):
        self.marc.email = False
        self.start_tour(f'/odoo/res.partner/{self.iberia.id}', 'kam_survey_send', login=self.user_user.login)
        self.assertEqual(self._requests().contact_id, self.buyer)
