"""The tab Satisfaction of an account or a person: figures, trend, answers, words and the journey, in one call.

Figures are those that the worker published; answers are read with the reader's rights. Both are the current company's.
"""
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..tools.satisfaction import DETRACTOR_TO, PASSIVE_TO, SHOWN_FROM, answer_tone, steps_of

# The newest comments that the tab shows; the list has them all.
VERBATIMS = 8


class ResPartner(models.Model):
    _inherit = 'res.partner'

    @api.readonly
    def get_kam_satisfaction(self):
        """What the tab shows, in words ready to be read.

        `state` is `known`; `waiting` while there are answers and no refresh yet; `empty`; `hidden` from who does not
        look after the account.
        """
        self.ensure_one()
        scores = self.env['kam.satisfaction.score'].search(self._kam_satisfaction_domain())
        whole = scores.filtered(lambda score: not score.touchpoint_id)[:1]
        counted, distribution = self._kam_distribution()
        state = 'known' if whole else 'waiting' if counted else 'empty' if self._kam_answers_shown() else 'hidden'
        return {
            'state': state, 'may_create': state != 'hidden' and self.env['kam.satisfaction.response'].has_access(
                'create'),
            'ways': [] if state == 'hidden' else self._kam_satisfaction_ways(),
            'is_person': self._kam_is_person(), 'domain': list(self._kam_answers_domain()), 'answers': counted,
            'words': whole._get_words() if whole else False,
            'series': whole._get_series() if whole else False,
            'unread': bool(whole) and self._kam_unread(),
            'distribution': distribution,
            'verbatims': self._kam_verbatims(),
            'journey': [] if self._kam_is_person() else self._kam_journey(scores),
        }

    def _kam_satisfaction_ways(self):
        """Buttons of the tab beside *Enter an answer*, for apps that bring answers: ``[{'method', 'label'}]``, of
        methods of the contact that give an action."""
        return []

    def _kam_is_person(self):
        """As for the buttons of the form: somebody of an account, who is none themselves."""
        return not self.is_company and self.kam_account_id != self

    def _kam_satisfaction_domain(self):
        company = Domain('company_id', '=', self.env.company.id)
        if self._kam_is_person():
            # Who has moved has a row at each account: here the one of today is meant.
            return company & Domain('scope', '=', 'contact') & Domain('contact_id', '=', self.id) & Domain(
                'partner_id', '=', self.kam_account_id.id)
        return company & Domain('scope', '=', 'account') & Domain('partner_id', '=', self.id)

    def _kam_answers_domain(self):
        field = 'contact_id' if self._kam_is_person() else 'partner_id'
        return Domain(field, '=', self.id) & Domain('company_id', '=', self.env.company.id)

    def _kam_answers_shown(self):
        """Whether the reader would see answers of this account, if there were any."""
        account = self.kam_account_id or self
        # In sudo: the question is the reader's, the account may be anybody's; nothing of it is told.
        accounts = account.sudo().with_context(active_test=False)
        shown = Domain('id', '=', account.id) & ~accounts._kam_hidden_domain()
        if not self.env.user.has_group('kam_management.group_kam_manager'):
            shown &= accounts._kam_own_domain()
        return bool(accounts.search_count(shown))

    def _kam_unread(self):
        """A sentence when answers count that nobody is shown yet, or False."""
        # In sudo: those are the ones that the reader may not see; all that is told is that there are some.
        hidden = self.env['kam.satisfaction.response'].sudo().search_count(
            self._kam_answers_domain() & Domain('is_anonymous', '=', True), limit=SHOWN_FROM)
        return 0 < hidden < SHOWN_FROM and self.env._(
            "Anonymous answers count in the index at once. They are shown, and count in the other figures, once there "
            "are five of them.")

    # ------------------------------------------------------------------ how they answered
    def _kam_distribution(self):
        """How many answers there are, and how often which one was given: a block per kind and scale."""
        rows = self.env['kam.satisfaction.response']._read_group(
            self._kam_answers_domain(), ['kind', 'scale_min', 'scale_max', 'good_end', 'value'], ['__count'])
        blocks, total = {}, 0
        for kind, lowest, highest, good_end, value, count in rows:
            total += count
            # of all kinds but CES the scale is the kind's own
            key = (kind, float(lowest or 0), float(highest or 0), good_end)
            block = blocks.setdefault(key, {})
            block[float(value or 0)] = count
        order = [kind for kind, _label in self.env['kam.satisfaction.response']._fields['kind'].selection]
        return total, [
            self._kam_block(*key, blocks[key]) for key in sorted(blocks, key=lambda key: (order.index(key[0]), key))]

    @api.model
    def _kam_block(self, kind, lowest, highest, good_end, counts):
        """One question: its bars from the best answer to the worst."""
        answers = self.env['kam.satisfaction.response']
        label = dict(answers._fields['kind']._description_selection(self.env))[kind]
        if kind == 'nps':
            bars = [
                (self.env._("Promoters, 9 and 10"), 'good', [('value', '>', PASSIVE_TO)]),
                (self.env._("Passives, 7 and 8"), 'mixed',
                 [('value', '>', DETRACTOR_TO), ('value', '<=', PASSIVE_TO)]),
                (self.env._("Detractors, 0 to 6"), 'bad', [('value', '<=', DETRACTOR_TO)])]
        elif kind == 'moment':
            verdicts = dict(answers._fields['verdict']._description_selection(self.env))
            bars = [(verdicts['favourable'], 'good', [('value', '=', 1)]),
                    (verdicts['unfavourable'], 'bad', [('value', '=', 0)])]
        else:
            low = good_end == 'low'
            steps = sorted(steps_of(lowest, highest, counts), reverse=not low)
            bars = [(f"{step:g}", answer_tone(kind, step, lowest, highest, low), [('value', '=', step)])
                    for step in steps]
        scale = kind == 'ces' and [('scale_min', '=', lowest), ('scale_max', '=', highest), ('good_end', '=', good_end)]
        if kind == 'ces':
            label = self.env._("%(kind)s, %(lowest)s to %(highest)s", kind=label, lowest=f"{lowest:g}",
                               highest=f"{highest:g}")
        total = sum(counts.values())
        return {
            'kind': kind, 'label': label, 'note': self.env['kam.satisfaction.score']._answers_text(total),
            'bars': [
                {'label': text, 'tone': tone, 'count': number, 'share': 100 * number / total,
                 'domain': [('kind', '=', kind), *domain, *(scale or [])]}
                for text, tone, domain in bars
                for number in [sum(count for value, count in counts.items() if self._kam_in_bar(value, domain))]],
        }

    @api.model
    def _kam_in_bar(self, value, domain):
        tests = {'=': value.__eq__, '>': value.__gt__, '<=': value.__le__}
        return all(tests[operator](float(limit)) for _name, operator, limit in domain)

    # ------------------------------------------------------------------ in their words
    def _kam_verbatims(self):
        """The newest comments: who, when, what was answered, and about which moment."""
        rows = self.env['kam.satisfaction.response'].search(
            self._kam_answers_domain() & Domain('comment', '!=', False), limit=VERBATIMS)
        readable = set(rows.contact_id._filtered_access('read')._ids)
        kinds = dict(rows._fields['kind']._description_selection(self.env))
        return [{
            'id': row.id, 'comment': row.comment, 'date': format_date(self.env, row.date),
            'who': self._kam_who(row.contact_id, readable), 'kind': kinds[row.kind], 'answer': row.answer,
            'scale': row.scale, 'moment': row.touchpoint_id.name,
            'tone': answer_tone(row.kind, row.value, row.scale_min, row.scale_max, row.good_end == 'low'),
        } for row in rows]

    @api.model
    def _kam_who(self, contact, readable):
        if not contact:
            return self.env._("Anonymous")
        return contact.name if contact.id in readable else self.env._("Somebody whom you may not see")

    # ------------------------------------------------------------------ the journey
    def _kam_journey(self, scores):
        """The touchpoints in their order, those without answers too; archived ones as long as they have some."""
        by_moment = {score.touchpoint_id: score for score in scores if score.touchpoint_id}
        touchpoints = self.env['kam.touchpoint'].search([]) | self.env['kam.touchpoint'].union(*by_moment)
        none = self.env['kam.satisfaction.score']
        return [{
            'id': touchpoint.id, 'name': touchpoint.name, 'description': touchpoint.description or "",
            'is_moment_of_truth': touchpoint.is_moment_of_truth,
            **by_moment.get(touchpoint, none)._moment_words(),
        } for touchpoint in touchpoints.sorted(lambda touchpoint: (touchpoint.sequence, touchpoint.id))]
