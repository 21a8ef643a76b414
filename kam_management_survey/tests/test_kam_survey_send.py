"""Asking the people of an account: whom, in which language, not too often, and who may."""
from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import MODULE, SurveyCommon


@tagged('post_install', '-at_install')
class TestSurveySend(SurveyCommon):

    def _mails(self, people):
        return self.env['mail.mail'].search([('recipient_ids', 'in', people.ids), ('subject', 'like', '–')])

    def _lately(self, person, days):
        """As if the person had been asked so many days ago."""
        self.env['kam.satisfaction.request'].create({
            'contact_id': person.id, 'date': self.today - timedelta(days=days), 'origin_model': 'survey.user_input',
            'origin_id': 10 ** 9 + person.id + days})

    def _line(self, send, person):
        return send.line_ids.filtered(lambda line: line.contact_id == person)

    # ------------------------------------------------------------------ asking
    def test_ask(self):
        """All who are there are ticked; each gets an invitation of their own, and a mail in their language."""
        send = self._open()
        self.assertEqual(send.survey, str(self.survey.id))
        self.assertIn("1. How likely are you to recommend us", send.questions)
        self.assertEqual(send.line_ids.filtered('is_chosen').contact_id, self.people)
        self.assertEqual(self._line(send, self.marc).told, "marc@iberia.example · English (US)")
        self.assertEqual(self._line(send, self.buyer).told, "nuria@iberia.example · Español")
        send.note = "After <b>Tuesday</b>"
        action = send.action_send()
        self.assertEqual(action['params']['message'], "The survey is on its way to 3 people.")
        invitations = self.env['survey.user_input'].search([('survey_id', '=', self.survey.id)])
        self.assertEqual(invitations.partner_id, self.people)
        self.assertEqual(len(set(invitations.mapped('access_token'))), 3)
        self.assertEqual(invitations.kam_company_id, self.company)
        self.assertEqual(
            {row.partner_id: row.lang_id.code for row in invitations},
            {self.buyer: 'es_ES', self.marc: 'en_US', self.luis: 'en_US'})
        mails = self._mails(self.people)
        self.assertEqual(set(mails.mapped('state')), {'outgoing'}, "sent by the queue, not while somebody waits")
        for invitation in invitations:
            mail = self._mails(invitation.partner_id)
            self.assertEqual(len(mail), 1)
            self.assertIn(invitation.get_start_url().replace('&', '&amp;'), mail.body_html)
            self.assertEqual(mail.author_id, self.user_user.partner_id)
            self.assertIn("user@example.com", mail.email_from)
            self.assertIn("After &lt;b&gt;Tuesday&lt;/b&gt;", mail.body_html, "what somebody types is text")
            self.assertFalse(mail.model, "as Odoo's invitations: it hangs on no record")
        self.assertIn("Give your opinion", self._mails(self.marc).body_html)
        self.assertEqual(self._mails(self.marc).subject, f"How are we doing? – {self.company.name}")
        self.assertIn("Dar mi opinión", self._mails(self.buyer).body_html)
        self.assertEqual(self._mails(self.buyer).subject, f"¿Cómo lo estamos haciendo? – {self.company.name}")

    def test_one_address_is_asked_once(self):
        """Somebody who is there twice, or two who share a mailbox, get one e-mail."""
        self.luis.email = '"Marc Puig" <MARC@iberia.example>'
        send = self._open()
        ticked = send.line_ids.filtered('is_chosen').contact_id
        self.assertEqual(len(ticked & (self.marc | self.luis)), 1)
        send.line_ids.is_chosen = True
        with self.assertRaisesRegex(UserError, "have the same e-mail address. Choose one of them"):
            send.action_send()
        self._ask(self.marc)
        again = self._line(self._open(), self.luis)
        self.assertEqual((again.state, again.asked_on), ('asked', self.today))
        self.luis.email = 'luis@iberia.example'
        self.assertEqual(self._line(self._open(), self.luis).state, 'ready')

    def test_each_invitation_is_a_request(self):
        invitations = self._ask()
        requests = self._requests()
        self.assertEqual(requests.contact_id, self.people)
        self.assertEqual((requests.partner_id, requests.company_id), (self.iberia, self.company))
        self.assertEqual(requests.source_id, self.sources['recommend'], "an invitation is one request, not five")
        self.assertEqual(set(requests.mapped('date')), {self.today})
        self.assertFalse(any(requests.mapped('answered_on')))
        self._answer(invitations[0], recommend=9, satisfied=5, easy=6)
        self.assertEqual(requests.mapped('answered_on').count(self.today), 1)
        self._collect()
        self._collect()
        self.assertEqual(self._requests(), requests, "collected once more, they are the same")
        self.assertEqual(requests.mapped('answered_on').count(self.today), 1)

    def test_the_tab_satisfaction_offers_it(self):
        """To whoever may ask, on a key account and on its people; it asks them."""
        way = {'method': 'action_kam_ask', 'label': "Ask for opinions"}
        for partner, wanted in ((self.iberia, [way]), (self.marc, [way]), (self.solo, [])):
            tab = partner.with_user(self.user_manager).get_kam_satisfaction()
            self.assertEqual(tab['ways'], wanted, partner.name)
        self.assertEqual(self.iberia.with_user(self.user_colleague).get_kam_satisfaction()['ways'], [])
        action = getattr(self.marc.with_user(self.user_user), way['method'])()
        send = self.env[action['res_model']].browse(action['res_id'])
        self.assertEqual(send.line_ids.filtered('is_chosen').contact_id, self.marc)

    def test_from_the_people(self):
        send = self._open(partner=self.marc | self.luis)
        self.assertEqual(send.partner_id, self.iberia)
        self.assertEqual(send.line_ids.filtered('is_chosen').contact_id, self.marc | self.luis)
        with self._refused(UserError, "people of one account"):
            self._open(partner=self.marc | self.claire)

    def test_a_double_click(self):
        send = self._open()
        send.action_send()
        self.assertEqual(send.action_send()['params']['type'], 'success')
        self.assertEqual(len(self._requests()), 3)
        self.assertEqual(self.survey.answer_count, 3)

    # ------------------------------------------------------------------ not too often
    def test_not_twice(self):
        """Who was asked lately is shown with the day, and left out; whoever insists is told."""
        self._lately(self.marc, 30)
        self._lately(self.marc, 200)
        self._lately(self.luis, 90)
        send = self._open()
        line = self._line(send, self.marc)
        self.assertEqual((line.state, line.asked_on), ('asked', self.today - timedelta(days=30)))
        self.assertRegex(line.told, "^Asked on .*, again from ")
        self.assertFalse(line.is_chosen)
        self.assertTrue(self._line(send, self.luis).is_chosen, "ninety days are over")
        line.is_chosen = True  # as nobody can on the screen, but over RPC
        send.action_send()
        self.assertNotIn(self.marc, self.env['survey.user_input'].search([]).partner_id)
        self.assertEqual(send.line_ids.filtered('is_chosen').contact_id, self.buyer | self.luis)

    def test_nobody_is_left(self):
        self._ask()
        send = self._open()
        self.assertFalse(send.line_ids.filtered('is_chosen'))
        with self._refused(UserError, "was asked in the last 90 days. The first to be asked again is .*, from "):
            send.action_send()
        send.line_ids.is_chosen = True
        with self._refused(UserError, "was asked in the last 90 days"):
            send.action_send()
        self.assertEqual(len(self._requests()), 3)

    def test_two_ask_at_once(self):
        """The window of the second was opened before the first had sent."""
        second = self._open(self.user_manager)
        self._ask(self.marc)
        second.action_send()
        self.assertEqual(second.line_ids.filtered('is_chosen').contact_id, self.buyer | self.luis)
        self.assertEqual(len(self._requests()), 3)

    def test_the_pause_is_a_setting(self):
        settings = self.company.kam_settings_id.with_user(self.user_admin)
        self._lately(self.marc, 30)
        settings.survey_pause = 30
        self.assertTrue(self._line(self._open(), self.marc).is_chosen)
        self._ask()
        settings.survey_pause = 0
        self.assertEqual(len(self._ask()), 6, "asked again on the same day, with another invitation")
        with self._refused(ValidationError, "must be between 0 and 1000 days"):
            settings.survey_pause = -1
        settings.action_restore_defaults()
        self.assertEqual(settings.survey_pause, 90)
        self.assertIn("Ask a person again after", self._chatter(settings))

    def test_ratings_are_no_surveys(self):
        """Somebody who was asked to rate a ticket may be asked how we are doing."""
        self.env['kam.satisfaction.request'].create({
            'contact_id': self.marc.id, 'origin_model': 'rating.rating', 'origin_id': 1})
        self.assertTrue(self._line(self._open(), self.marc).is_chosen)

    # ------------------------------------------------------------------ who can't be asked
    def test_without_an_address(self):
        for email, sentence in ((False, "No e-mail address: fill it in on the contact"),
                                ("marc at iberia", "marc at iberia is no e-mail address: correct it on the contact")):
            self.marc.email = email
            send = self._open()
            line = self._line(send, self.marc)
            self.assertEqual((line.state, line.told, line.is_chosen), ('silent', sentence, False))
            send.invalidate_recordset()
            self.assertEqual(send.line_ids[-1], line, "who can be asked comes first")
        line.is_chosen = True
        with self._refused(UserError, "Marc can't be asked. marc at iberia is no e-mail address"):
            send.action_send()
        self.assertFalse(self._requests())

    def test_who_wishes_no_mails(self):
        self.env['mail.blacklist']._add(self.marc.email)
        line = self._line(self._open(), self.marc)
        self.assertEqual((line.state, line.told), ('silent', "Wishes no e-mails of this kind"))

    def test_who_left(self):
        self.stakeholders[1].action_leave()
        send = self._open()
        self.assertEqual(send.line_ids.contact_id, self.buyer | self.luis)
        self.luis.parent_id = self.other
        with self._refused(UserError, "Luis is with Nordwind Iberia no longer"):
            send.action_send()
        self.stakeholders.unlink()
        with self._refused(UserError, "Add its stakeholders first"):
            self._open()

    def test_nobody_is_chosen(self):
        send = self._open()
        send.line_ids.is_chosen = False
        with self._refused(UserError, "tick one person or several"):
            send.action_send()

    # ------------------------------------------------------------------ which survey
    def test_which_surveys(self):
        """Those whose answers are counted, ours first."""
        other = self.env['survey.survey'].create({'title': "After the fair", 'question_and_page_ids': [(0, 0, {
            'title': "The fair?", 'question_type': 'scale', 'scale_min': 1, 'scale_max': 5})]})
        self.env['survey.survey'].create({'title': "Not counted", 'question_and_page_ids': [(0, 0, {'title': "?"})]})
        source = self.env['kam.satisfaction.source'].create({'name': "Fair", 'question_id': other.question_ids.id})
        send = self._open()
        self.assertEqual([label for _key, label in send._selection_survey()], ["How are we doing?", "After the fair"])
        send.survey = str(other.id)
        send.action_send()
        self.assertEqual(other.answer_count, 3)
        self.assertEqual(self._requests().source_id, source)
        for values in ({'active': False}, {'active': True, 'users_login_required': True},
                       {'users_login_required': False, 'restrict_user_ids': self.user_surveyor.ids}):
            other.write(values)
            self.assertEqual(len(self._open(self.user_manager)._selection_survey()), 1, values)
        self.survey.active = False
        with self._refused(UserError, "There is no survey whose answers are counted"):
            self._open()

    # ------------------------------------------------------------------ who may
    def test_without_being_a_user_of_surveys(self):
        self.assertFalse(self.user_user.has_group('survey.group_survey_user'))
        invitations = self._ask(self.marc)
        self.assertEqual(len(invitations), 1)
        for record in (self.survey, invitations):
            with self.assertRaises(AccessError):
                record.with_user(self.user_user).read(['survey_id' if record == invitations else 'title'])

    def test_roles(self):
        self._ask(self.marc, self.user_manager)
        for user in (self.user_contributor, self.user_sales, self.user_system, self.user_surveyor):
            with self.assertRaises(AccessError):
                self._open(user)
        with self._refused(AccessError, "Only those who look after Nordwind Iberia ask its people"):
            self._open(self.user_colleague)
        send = self._open()
        with self.assertRaises(AccessError):
            send.with_user(self.user_manager).action_send()
        place = self.env['kam.team.member'].create({
            'partner_id': self.iberia.id, 'user_id': self.user_colleague.id, 'role': 'member'})
        send = self._open(self.user_colleague)
        place.write({'date_from': self.today - timedelta(days=2), 'date_to': self.today - timedelta(days=1)})
        with self._refused(AccessError, "Only those who look after"):
            send.action_send()
        self.assertEqual(self._requests().contact_id, self.marc)

    def test_a_contributor_of_the_team(self):
        self.env['kam.team.member'].create({
            'partner_id': self.iberia.id, 'user_id': self.user_contributor.id, 'role': 'member'})
        with self.assertRaises(AccessError):
            self._open(self.user_contributor)

    def test_confidential(self):
        self.iberia.kam_confidentiality = 'manager'
        with self._refused(AccessError, "is confidential"):
            self._open(self.user_manager)
        self.assertTrue(self._open())

    def test_no_key_account(self):
        with self._refused(UserError, "Solo Shop is no key account"):
            self._open(partner=self.solo)

    # ------------------------------------------------------------------ cost
    def test_five_or_fifty(self):
        def queries(number):
            people = self.env['res.partner'].create([
                {'name': f'P{number} {place}', 'parent_id': self.iberia.id, 'email': f'p{place}@iberia.example'}
                for place in range(number)])
            self.env['kam.stakeholder'].create([
                {'partner_id': self.iberia.id, 'contact_id': person.id} for person in people])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._open().line_ids.read(['name', 'told', 'is_chosen', 'state'])
            self.env.flush_all()
            return self.env.cr.sql_log_count - before
        queries(2)
        few = queries(5)
        self.assertLessEqual(queries(50), few + 8, "however many people there are")

    def test_settings_screen(self):
        with self.env.cr.savepoint():
            self.env['res.config.settings'].create({'kam_survey_pause': 45}).execute()
        self.assertEqual(self.company.kam_settings_id.survey_pause, 45)
        self.assertTrue(self.env.ref(f'{MODULE}.res_config_settings_view_form'))
