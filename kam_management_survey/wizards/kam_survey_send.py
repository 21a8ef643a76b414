"""Asking the people of an account: which survey, whom, and a line of one's own.

Everybody gets one invitation, in their language, with a link of their own. Whoever was sent a survey within the pause
that the company has set is left in peace. Each invitation is a request (`kam.satisfaction.request`), from which the
response rate is counted.

Surveys are Odoo's, and their rights are those of the app Surveys. Whoever looks after an account may send one all the
same: what is done for them in sudo is said where it stands.
"""
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL, format_date

ORIGIN = 'survey.user_input'
TEMPLATE = 'kam_management_survey.mail_template_survey'


class KamSurveySend(models.TransientModel):
    _name = 'kam.survey.send'
    _description = "Ask the people of an account"

    partner_id = fields.Many2one('res.partner', "Account", required=True, readonly=True, ondelete='cascade')
    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, default=lambda self: self.env.company, ondelete='cascade')
    # Not a Many2one: whoever sends a survey need not be a user of Surveys, who may search them.
    survey = fields.Selection('_selection_survey', "Survey", required=True, default=lambda self: self._first_survey())
    questions = fields.Text("What it asks", compute='_compute_questions')
    note = fields.Text("A line of your own")
    line_ids = fields.One2many('kam.survey.send.line', 'send_id', "People to ask")
    people_count = fields.Integer(compute='_compute_people_count', export_string_translation=False)
    is_sent = fields.Boolean(readonly=True, export_string_translation=False)

    # ------------------------------------------------------------------ which survey
    @api.model
    def _surveys(self):
        """Surveys whose answers are counted, as far as they can be sent: as the system, see above."""
        sources = self.env['kam.satisfaction.source'].sudo().search([])
        surveys = sources.survey_id | sources.question_id.survey_id
        # One that asks people to log in is sent from Surveys; one restricted to some colleagues is theirs.
        return surveys.filtered(
            lambda survey: survey.active and survey.question_ids and not survey.users_login_required
            and (not survey.restrict_user_ids or self.env.user in survey.restrict_user_ids)
        ).sorted(lambda survey: (survey != self._shipped(), survey.title or '', survey.id))

    @api.model
    def _shipped(self):
        # As the system: whoever sends it need not be a user of Surveys.
        return self.env.ref('kam_management_survey.survey_how_are_we_doing', False) or self.env['survey.survey'].sudo()

    @api.model
    def _selection_survey(self):
        return [(str(survey.id), survey.title) for survey in self._surveys()]

    @api.model
    def _first_survey(self):
        return str(self._surveys()[:1].id or '') or False

    def _survey(self):
        """The chosen survey, as the system: the choice was among those that may be sent."""
        self.ensure_one()
        return self._surveys().filtered(lambda survey: str(survey.id) == self.survey)

    @api.depends('survey')
    @api.depends_context('lang')
    def _compute_questions(self):
        for send in self:
            questions = send._survey().question_ids
            send.questions = "\n".join(f"{place}. {question.title}" for place, question in enumerate(questions, 1))

    @api.depends('line_ids.is_chosen')
    def _compute_people_count(self):
        for send in self:
            send.people_count = len(send.line_ids.filtered('is_chosen'))

    # ------------------------------------------------------------------ whom
    @api.model
    def _open(self, account, people=None):
        """A new one for an account, in a window of its own. Of people who are given, these alone are ticked."""
        account._kam_check_may_ask()
        if not self._surveys():
            raise UserError(self.env._(
                "There is no survey whose answers are counted. An administrator chooses one in Key Accounts › "
                "Configuration › Sources of answers."))
        present = self.env['kam.stakeholder'].search([('partner_id', '=', account.id), ('state', '=', 'present')])
        offered = present.contact_id | (people or self.env['res.partner'])
        if not offered:
            raise UserError(self.env._(
                "Nobody of %(account)s is on record yet. Add its stakeholders first: they are the ones to ask.",
                account=account.display_name))
        send = self.create({
            'partner_id': account.id,
            'line_ids': [Command.create({'contact_id': person.id}) for person in offered]})
        # Those who can be asked come first.
        written = set()
        for place, line in enumerate(send.line_ids.sorted(lambda line: (line.state != 'ready', line.name or ''))):
            line.sequence = place
            address = line.contact_id.email_normalized
            line.is_chosen = line.state == 'ready' and (not people or line.contact_id in people) and (
                address not in written)
            if line.is_chosen:
                written.add(address)
        return {
            'type': 'ir.actions.act_window', 'res_model': self._name, 'res_id': send.id, 'views': [(False, 'form')],
            'name': self.env._("Ask %(account)s", account=account.display_name), 'target': 'new',
            'context': {'dialog_size': 'medium'},
        }

    def _languages(self, people):
        """The language that each person is asked in: theirs, else the company's, as far as the survey speaks it."""
        spoken = self._survey()._get_supported_lang_codes() if self.survey else []
        # In sudo: whoever asks need not read the contact of the company.
        others = (self.company_id.sudo().partner_id.lang, self.env.lang, *spoken)
        return {
            person: next((code for code in (person.lang, *others) if code in spoken), False) for person in people}

    # ------------------------------------------------------------------ the pause
    def _asked_since(self):
        """Whoever was asked after this day is left in peace."""
        return self.company_id._kam_today() - timedelta(days=self._pause())

    def _asked_again(self, day):
        return day + timedelta(days=self._pause())

    def _pause(self):
        return self.company_id.kam_settings_id.survey_pause

    def _asked_on(self, people):
        """When each of these people was last sent a survey: ``{id: day}``.

        Somebody who is there twice is one person: what counts is the address.
        """
        people = people._origin
        same = Domain('contact_id', 'in', people.ids)
        for address in set(people.mapped('email_normalized')) - {False}:
            same |= Domain('contact_id.email_normalized', '=', address)
        # In sudo: whoever asked them, for whichever account or company; only the day is told.
        requests = self.env['kam.satisfaction.request'].sudo()._read_group(
            same & Domain('origin_model', '=', ORIGIN), ['contact_id'], ['date:max'])
        days = {}
        for asked, day in requests:
            for key in {asked.id, asked.email_normalized} - {False}:
                days[key] = max(day, days.get(key, day))
        found = {person.id: [days[key] for key in (person.id, person.email_normalized) if key in days]
                 for person in people}
        return {number: max(each) for number, each in found.items() if each}

    # ------------------------------------------------------------------ sending
    def action_send(self):
        """Everything at once; called again, as by a double click, nothing more."""
        self.ensure_one()
        # Whoever comes second waits here for the first, and finds it sent.
        self.env.cr.execute(SQL("SELECT FROM kam_survey_send WHERE id = %s FOR UPDATE", self.id))
        self.invalidate_recordset(['is_sent'])
        if not self.is_sent:
            self.partner_id._kam_check_may_ask()
            self._send(self._check())
            self.is_sent = True
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification',
            'params': {'type': 'success', 'message': self._sentence(),
                       'next': {'type': 'ir.actions.act_window_close'}},
        }

    def _check(self):
        """The people to write to; raise if there are none, or one of them can't be written to."""
        if not self._survey():
            raise UserError(self.env._("This survey can't be sent any longer. Choose another one."))
        chosen = self.line_ids.filtered('is_chosen')
        if not chosen:
            raise UserError(self._why_nobody() or self.env._("Choose whom to ask: tick one person or several."))
        self._hold(chosen.contact_id)
        chosen._compute_state()
        silent = chosen.filtered(lambda line: line.state == 'silent')[:1]
        if silent:
            raise UserError(self.env._("%(person)s can't be asked. %(why)s.", person=silent.name,
                                       why=silent._why_not()))
        elsewhere = chosen.contact_id.filtered(lambda person: person.kam_account_id != self.partner_id)[:1]
        if elsewhere:
            raise UserError(self.env._(
                "%(person)s is with %(account)s no longer. Leave them out.", person=elsewhere.name,
                account=self.partner_id.display_name))
        ready = chosen.filtered(lambda line: line.state == 'ready')
        if not ready:
            raise UserError(self._why_nobody())
        for lines in ready.grouped(lambda line: line.contact_id.email_normalized).values():
            if len(lines) > 1:
                raise UserError(self.env._(
                    "%(one)s and %(other)s have the same e-mail address. Choose one of them, or merge them.",
                    one=lines[0].name, other=lines[1].name))
        chosen.is_chosen = False
        ready.is_chosen = True
        return ready.contact_id

    def _hold(self, people):
        """Of two who ask the same person at the same moment, the second is made to look again."""
        self.env.cr.execute(SQL(
            "UPDATE res_partner SET write_uid = write_uid WHERE id IN %s", tuple(people.sorted('id').ids)))

    def _why_nobody(self):
        """A sentence, where everybody who could be written to was asked lately."""
        asked = self.line_ids.filtered(lambda line: line.state == 'asked')
        if not asked or any(line.state == 'ready' for line in self.line_ids):
            return None
        first = min(asked.mapped('asked_on'))
        return self.env._(
            "Everybody who can be asked was asked in the last %(days)s days. The first to be asked again is "
            "%(person)s, from %(date)s.", days=self._pause(),
            person=asked.filtered(lambda line: line.asked_on == first)[0].name,
            date=format_date(self.env, self._asked_again(first)))

    def _send(self, people):
        # In sudo, all of it: whoever looks after an account may ask its people without being a user of Surveys, which
        # would open all surveys and all that anybody answered.
        survey = self._survey()
        invitations = self.env[ORIGIN].sudo()
        for person, code in self._languages(people).items():
            language = self.env['res.lang']._get_data(code=code)
            invitations |= survey._create_answer(
                partner=person.sudo(), check_attempts=False, lang_id=language.id or False,
                kam_company_id=self.company_id.id)
        self.env['kam.satisfaction.source'].sudo()._record_requests(invitations)
        template = self.env.ref(TEMPLATE).sudo().with_context(kam_note=(self.note or '').strip())
        # Of no record, as Odoo sends invitations to surveys: the mail is gone once it is sent.
        template.send_mail_batch(invitations.ids, email_values={
            'model': False, 'res_id': False, 'author_id': self.env.user.partner_id.id})

    def _sentence(self):
        names = self.line_ids.filtered('is_chosen').mapped('name')
        if len(names) == 1:
            return self.env._("The survey is on its way to %(person)s.", person=names[0])
        return self.env._("The survey is on its way to %(number)s people.", number=len(names))
