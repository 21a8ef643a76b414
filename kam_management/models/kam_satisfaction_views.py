"""Satisfaction in words: figures with their number of answers, the trend, and the colour of a moment of the journey.

Nothing is computed anew: what the worker rolled up is written out, and what is unknown says why.
"""
from odoo import api, fields, models
from odoo.tools import format_date, formatLang
from odoo.tools.translate import LazyTranslate

from ..tools.satisfaction import answer_tone, tone_of

_lt = LazyTranslate(__name__)

TONES = [('bad', "Goes badly"), ('mixed', "Mixed"), ('good', "Goes well")]
# What rounds to no point at all is no movement.
STILL = 0.5


class KamSatisfactionResponse(models.Model):
    _inherit = 'kam.satisfaction.response'

    tone = fields.Selection(
        TONES, "How it goes", compute='_compute_tone', exportable=False, export_string_translation=False)
    who = fields.Char(
        "Who answered", compute='_compute_who', compute_sudo=True, exportable=False,
        help="Where nobody is named: whether the answer is anonymous, or the contact was deleted since.")

    @api.depends('kind', 'value', 'scale_min', 'scale_max', 'good_end')
    def _compute_tone(self):
        for row in self:
            row.tone = row.kind and row.value is not False and answer_tone(
                row.kind, row.value, row.scale_min, row.scale_max, low_is_good=row.good_end == 'low')

    # In sudo, as Odoo tells the name of whatever a record points at.
    @api.depends('contact_id.name', 'is_anonymous')
    @api.depends_context('lang')
    def _compute_who(self):
        for row in self:
            row.who = row.contact_id.name or (
                self.env._("anonymous") if row.is_anonymous else self.env._("a person who was deleted"))


class KamSatisfactionScore(models.Model):
    _inherit = 'kam.satisfaction.score'

    tone = fields.Selection(
        TONES, "How it goes", compute='_compute_tone',
        help="By the index: under 50 it goes badly, from 75 on well. Unknown under three answers or two people.")
    made_of = fields.Char("Made of", compute='_compute_made_of', export_string_translation=False)
    is_moving = fields.Boolean(compute='_compute_made_of', export_string_translation=False)
    # Of the account: for lists and pivots to group by, as in the portfolio.
    kam_tier_id = fields.Many2one(
        related='partner_id.kam_tier_id', string="Tier of the account", falsy_value_label=_lt("No tier"))
    kam_manager_id = fields.Many2one(
        related='partner_id.kam_manager_id', string="Manager", falsy_value_label=_lt("No manager"))

    @api.depends('satisfaction')
    def _compute_tone(self):
        for score in self:
            score.tone = tone_of(score.satisfaction)

    @api.depends('answers', 'people', 'trend')
    @api.depends_context('lang')
    def _compute_made_of(self):
        for score in self:
            score.made_of = score._made_of(score.answers, score.people)
            score.is_moving = score.trend is not False

    # ------------------------------------------------------------------ words
    def _get_words(self):
        """The figures as texts, an unknown one with the text `False`, each with what it is made of."""
        self.ensure_one()
        number = self.env['kam.score']._written
        return {
            'index': {'text': number(self.satisfaction), 'tone': self.tone, 'word': self._tone_word(),
                      'note': self._index_note()},
            'trend': self._trend_words(),
            'figures': [
                {'name': 'nps', 'label': self._label('nps'), 'text': self._nps_text(),
                 'note': self._answers_text(self.nps_answers)},
                {'name': 'csat', 'label': self._label('csat'), 'text': self._share(self.csat),
                 'note': self.env._("gave 4 or 5 of 5 · %(answers)s", answers=self._answers_text(self.csat_answers))},
                {'name': 'ces', 'label': self._label('ces'), 'text': self.ces is not False and self._decimal(self.ces),
                 'note': self._ces_note()},
                {'name': 'favourability', 'label': self._label('favourability'),
                 'text': self._share(self.favourability),
                 'note': self._favourable_note() if self.favourability is not False else self._answers_text(0)},
                {'name': 'response_rate', 'label': self._label('response_rate'),
                 'text': self._share(self.response_rate), 'note': self._asked_note()},
            ],
        }

    def _label(self, name):
        return self._fields[name]._description_string(self.env)

    def _tone_word(self):
        return dict(self._fields['tone']._description_selection(self.env)).get(self.tone, False)

    @api.model
    def _decimal(self, value):
        return formatLang(self.env, value, digits=1)

    @api.model
    def _share(self, value):
        return value is not False and self.env._("%(value)s%%", value=formatLang(self.env, 100 * value, digits=0))

    def _nps_text(self):
        """A NPS goes below zero: its sign is always written."""
        return self.nps is not False and (
            "0" if abs(self.nps) < STILL else self.env['kam.score']._signed(round(self.nps)))

    @api.model
    def _answers_text(self, number):
        if not number:
            return self.env._("no answers")
        return self.env._("1 answer") if number == 1 else self.env._("%(number)s answers", number=number)

    @api.model
    def _made_of(self, answers, people):
        """“8 answers of 5 people”."""
        return self.env._(
            "%(answers)s of %(people)s", answers=self._answers_text(answers),
            people=self.env._("1 person") if people == 1 else self.env._("%(number)s people", number=people))

    def _index_note(self):
        made_of = self._made_of(self.answers, self.people)
        if not self.answers:
            return self.env._("unknown: nobody has answered yet")
        if self.satisfaction is False:
            if self.scope == 'contact':
                return self.env._("unknown: %(made_of)s. It takes three answers.", made_of=made_of)
            return self.env._("unknown: %(made_of)s. It takes three answers of two people.", made_of=made_of)
        return self.env._("from %(made_of)s, the latest on %(date)s", made_of=made_of,
                          date=format_date(self.env, self.last_date))

    def _ces_note(self):
        answers = self._answers_text(self.ces_answers)
        if self.ces is False:
            return self.env._("asked on several scales · %(answers)s", answers=answers) if self.ces_answers else answers
        scale = {'lowest': f"{self.ces_lowest:g}", 'highest': f"{self.ces_highest:g}", 'answers': answers}
        if self.ces_low_is_good:
            return self.env._("on %(lowest)s to %(highest)s, low is good · %(answers)s", **scale)
        return self.env._("on %(lowest)s to %(highest)s, high is good · %(answers)s", **scale)

    def _asked_note(self):
        if not self.asked:
            return self.env._("no requests on record")
        return self.env._("%(answered)s of %(asked)s requests of the year", answered=self.answered, asked=self.asked)

    def _trend_words(self):
        if self.trend is False:
            return {'direction': False, 'text': self.env._("no comparison with 90 days ago yet")}
        points = self.env['kam.score']._written(abs(self.trend))
        if abs(self.trend) < STILL:
            return {'direction': 'same', 'text': self.env._("as 90 days ago")}
        if self.trend > 0:
            return {'direction': 'up', 'text': self.env._("%(points)s points more than 90 days ago", points=points)}
        return {'direction': 'down', 'text': self.env._("%(points)s points less than 90 days ago", points=points)}

    # ------------------------------------------------------------------ month by month
    def _get_series(self):
        """The index at the ends of the last months: ``{'points': [...], 'words': sentence for who can't see it}``."""
        self.ensure_one()
        number = self.env['kam.score']._written
        points = [
            {'day': day, 'label': format_date(self.env, day, date_format='MMM yy'), 'index': index, 'nps': nps,
             'answers': answers, 'text': number(index) or self.env._("unknown"),
             'note': self._answers_text(answers)}
            for day, index, nps, answers in (self.series or {}).get('months', [])]
        known = sum(point['index'] is not None for point in points)
        return {
            'points': points, 'known': known,
            'words': self.env._("Satisfaction index by month: %(months)s.", months=", ".join(
                f"{point['label']} {point['text']}" for point in points)),
        }

    # ------------------------------------------------------------------ the journey
    def _moment_words(self):
        """Of one touchpoint: its colour, the same in a word, and what it stands on."""
        number = self.env['kam.score']._written
        if not self or not self.answers:
            return {'tone': False, 'word': self.env._("No answers"), 'note': False}
        if not self.tone:
            return {'tone': False, 'word': self.env._("Too few to say"), 'note': self._favourable_note()
                    if self.favourability is not False else self._answers_text(self.answers)}
        figure = self.env._("index %(index)s", index=number(self.satisfaction))
        return {'tone': self.tone, 'word': self._tone_word(), 'note': f"{figure} · {self._answers_text(self.answers)}"}

    def _favourable_note(self):
        number = self.favourability_answers
        if number == 1:
            return self.env._("1 of 1 favourable") if self.favourability else self.env._("0 of 1 favourable")
        return self.env._("%(favourable)s of %(number)s favourable", favourable=round(self.favourability * number),
                          number=number)

    # ------------------------------------------------------------------ ways
    def action_open_responses(self):
        """The answers that this row is about, as far as the reader may see them."""
        self.ensure_one()
        domain = [('company_id', '=', self.company_id.id)]
        for name in ('partner_id', 'contact_id', 'touchpoint_id'):
            if self[name]:
                domain.append((name, '=', self[name].id))
        if self.scope == 'tier':
            domain.append(('partner_id.kam_tier_id', '=', self.tier_id.id))
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_satisfaction_response_action'),
            'domain': domain, 'context': {}, 'display_name': self.env._("Answers: %(of)s", of=self.display_name),
        }
