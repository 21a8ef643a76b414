"""What people of a confidential account answer is read in Surveys by nobody who may not read it in Key Accounts."""
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from .common import SurveyCommon

INPUT, LINE = 'survey.user_input', 'survey.user_input.line'


@tagged('post_install', '-at_install')
class TestSurveyConfidential(SurveyCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_surveys_admin = new_test_user(
            cls.env, 'kam_surveys_admin', 'base.group_user,survey.group_survey_manager,base.group_partner_manager')
        cls.said = cls._ask(cls.marc)
        cls._answer(cls.said, recommend=2, open="They never call back")
        cls.other = cls._partner('Cafe', is_company=False)
        cls.open = cls.survey._create_answer(partner=cls.other, check_attempts=False)
        cls.anonymous = cls.survey._create_answer(email='somebody@example.com', check_attempts=False)
        cls._answer(cls.anonymous, recommend=9)

    def _seen(self, user):
        """Whose invitations and answers somebody reads, by every way that Odoo has of telling it."""
        self.env.invalidate_all()
        inputs, lines = (self.env[model].with_user(user) for model in (INPUT, LINE))
        of_survey = [('survey_id', '=', self.survey.id)]
        found = inputs.search(of_survey)
        answers = lines.search(of_survey)
        self.assertEqual(inputs.search_count(of_survey), len(found))
        self.assertEqual(sum(row[1] for row in inputs._read_group(of_survey, ['partner_id'], ['__count'])), len(found))
        self.assertEqual(len(lines.search_read(of_survey, ['display_name'])), len(answers))
        self.assertLessEqual(answers.user_input_id, found)
        self.assertEqual(self.survey.with_user(user).user_input_ids, found)
        return found & (self.said | self.open | self.anonymous).with_user(user)

    def test_users_of_surveys(self):
        everything = self.said | self.open | self.anonymous
        for user in (self.user_surveyor, self.user_surveys_admin):
            for level in ('company', 'team', 'manager'):
                self.iberia.kam_confidentiality = level
                expected = everything if level == 'company' else everything - self.said
                with self.subTest(user=user.login, level=level):
                    self.assertEqual(self._seen(user), expected)
            self.iberia.kam_confidentiality = 'company'

    def test_by_number(self):
        self.iberia.kam_confidentiality = 'team'
        mine = self.said.with_user(self.user_surveyor)
        for attempt in (lambda: mine.read(['scoring_percentage']), lambda: mine.write({'nickname': "Mine"}),
                        mine.unlink, lambda: mine.user_input_line_ids.mapped('display_name'),
                        lambda: self.said.user_input_line_ids.with_user(self.user_surveyor).read(['display_name'])):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                attempt()
        self.assertFalse(mine.kam_is_disclosed)
        self.assertTrue(self.open.with_user(self.user_surveyor).kam_is_disclosed)

    def test_whoever_the_account_lets_in(self):
        """The manager of the account, who is a user of Surveys too, reads on."""
        self.user_user.group_ids += self.env.ref('survey.group_survey_user')
        self.iberia.kam_confidentiality = 'manager'
        self.assertIn(self.said, self._seen(self.user_user))
        self.assertTrue(self.said.with_user(self.user_user).kam_is_disclosed)

    def test_the_other_way_round(self):
        self.iberia.kam_confidentiality = 'team'
        inputs = self.env[INPUT].with_user(self.user_surveyor)
        ours = [('survey_id', '=', self.survey.id)]
        self.assertFalse(inputs.search([*ours, ('kam_is_disclosed', '=', False)]))
        self.assertEqual(self.said, inputs.sudo().search([*ours, ('kam_is_disclosed', '=', False)]).sudo(False))
        self.assertEqual(inputs.search_count([*ours, ('kam_is_disclosed', 'in', [True, False])]), 2)

    def test_who_is_invited_from_surveys_gets_the_mail(self):
        """Whoever sends a survey to many need not know whose account is confidential."""
        self.iberia.kam_confidentiality = 'manager'
        invite = self.env['survey.invite'].with_user(self.user_surveyor).create({
            'survey_id': self.survey.id, 'partner_ids': [(6, 0, (self.luis | self.other).ids)],
            'subject': "Please", 'body': "Answer"})
        invite.action_invite()
        sent = self.env[INPUT].search([('partner_id', '=', self.luis.id), ('survey_id', '=', self.survey.id)])
        self.assertEqual(len(sent), 1)
        self.assertNotIn(sent, self._seen(self.user_surveyor))


@tagged('post_install', '-at_install')
class TestSurveyConfidentialAnswered(HttpCase, SurveyCommon):

    def test_a_contact_answers_by_their_link(self):
        """Who answers has no rights at all: the link is what counts, whatever the account's confidentiality."""
        self.iberia.kam_confidentiality = 'manager'
        invitation = self._ask(self.marc)
        url = f'/survey/start/{self.survey.access_token}?answer_token={invitation.access_token}'
        page = self.url_open(url)
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.survey.title, page.text)
        tokens = f'{self.survey.access_token}/{invitation.access_token}'
        self.make_jsonrpc_request(f'/survey/begin/{tokens}', {})
        told = self.make_jsonrpc_request(f'/survey/submit/{tokens}', {
            str(self.questions[name].id): '4' for name in ('recommend', 'satisfied', 'easy')})
        self.assertNotIn('error', told[1])
        self.env.invalidate_all()
        self.assertEqual(invitation.state, 'done')
        self.assertEqual(invitation.user_input_line_ids.filtered(
            lambda line: line.question_id == self.questions['recommend']).value_scale, 4)
