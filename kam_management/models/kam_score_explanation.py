"""Why a score is what it is and why it moved, in words of the reader's language.

Nothing is computed here: values, contributions and movements come from the worker as it published them, and are only
given names. See "The explanation" and "The movement" in docs/developers/contract.md.
"""
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import escape_psql, format_date, formatLang
from odoo.tools.translate import LazyTranslate

from ..tools.tables import EXPLAINED
from ..tools.wire import plain

_lt = LazyTranslate(__name__)

LABELS = {
    'attractiveness': _lt("Attractiveness"),
    'position': _lt("Competitive position"),
    'willingness': _lt("Willingness to co-invest"),
    'strategic_value': _lt("Strategic value"),
    'financial_value': _lt("Financial value"),
    'health': _lt("Health"),
}
REASONS = {
    'no_opinion': _lt("nobody has given an opinion yet"),
    'too_old': _lt("every opinion is too old to count"),
    'no_data': _lt("there are no figures to compute it from"),
    'no_rate': _lt("some amounts are in a currency without a rate"),
    'no_bounds': _lt("too few customers to compare with, and no fixed bounds are set"),
    'unavailable': _lt("the app or the KPI behind it is not available"),
    'no_target': _lt("there is no target yet"),
    'not_yet': _lt("nothing has been recorded yet"),
    'no_revenue': _lt("there is no revenue to compare with"),
    'no_answers': _lt("nobody has answered yet"),
    'few_answers': _lt("it takes three answers of two people"),
    'no_people': _lt("nobody of the account is known yet"),
    'no_contact': _lt("no contact with anybody of the account is on record"),
    'no_objective': _lt("no objective is running, and none ended in the revenue window"),
}
NOTES = {
    'margin_estimated': _lt("The margin is partly estimated: the cost of some of the revenue is unknown."),
    'before_cost_to_serve': _lt("The net margin is before cost to serve: no unit cost is set."),
    'after_investments': _lt("The net margin is after investments in the account, spread over their life."),
}
# What rounds to 0.0 is no reason that anyone would want to read.
TELLING = 0.05
PERCENT_MEASURES = ('margin_percent', 'growth', 'cost_to_serve_percent', 'share_of_wallet')


class KamScore(models.Model):
    _inherit = 'kam.score'

    def _get_explanation(self):
        """The explanation of one score row, ready to be shown.

        :return: ``{'dimensions': [{'code', 'label', 'score', 'known', 'sentence', 'rows': [{'code', 'label', 'known',
            'text', 'score', 'weight', 'contribution'}]}], 'notes': [sentence], 'movement': [{'since', 'code', 'label',
            'before', 'after', 'sentence', 'rows': [{'label', 'change'}]}]}``; weights in percent of their dimension.
            Without an explanation (not assessed) all lists are empty.
        """
        self.ensure_one()
        explanation = self.explanation or {}
        # Weights and codes are configuration that every reader of a score may know; the run itself is for managers.
        factors = (self.run_id.sudo().config or {}).get('factors') or []
        if not explanation.get('parts') or len(explanation['parts']) != len(factors):
            return {'dimensions': [], 'notes': [], 'movement': []}
        labels = self._factor_labels()
        dimensions = [
            self._explain_dimension(dimension, factors, explanation, labels) for dimension in self._dimensions(factors)
        ]
        notes = filter(None, map(self._explain_note, explanation.get('notes', ())))
        return {'dimensions': dimensions, 'notes': list(notes), 'movement': self._explain_movement(labels)}

    @api.model
    def _factor_labels(self):
        factors = self.env['kam.score.factor'].with_context(active_test=False).search([])
        return {factor.code: factor.name for factor in factors}

    @api.model
    def _dimensions(self, factors):
        present = {factor['dimension'] for factor in factors}
        return [name for name in EXPLAINED if name in present]

    # ------------------------------------------------------------------ what to know about it
    def _explain_note(self, note):
        """The sentence of a note: a word, or a word with the account that it is about."""
        if isinstance(note, str):
            return str(NOTES[note]) if note in NOTES else False
        return self._white_space_sentence(note[1]) if note[:1] == ['white_space_at'] else False

    def _white_space_sentence(self, account):
        """Where the white space of a plan for several accounts is counted, named to whoever may read that plan."""
        plans = self.env['kam.plan']
        plans = plans.has_access('read') and plans.search(
            Domain.AND(
                Domain('partner_id.kam_account_id', '=', each) | Domain('partner_ids.kam_account_id', '=', each)
                for each in (self.partner_id.id, account))
            & Domain('company_id', '=', self.company_id.id), limit=1)
        name = plans and self.env['res.partner'].browse(account)._filtered_access('read').display_name
        if not name:
            return self.env._(
                "The plan is for several accounts: its share of wallet is shown at each of them, its white space is "
                "counted at another one.")
        return self.env._(
            "The plan is for several accounts: its share of wallet is shown at each of them, its white space is "
            "counted at %(account)s.", account=name)

    # ------------------------------------------------------------------ why it is what it is
    def _explain_dimension(self, dimension, factors, explanation, labels):
        own = [(factor, part) for factor, part in zip(factors, explanation['parts'], strict=True)
               if factor['dimension'] == dimension]
        total = sum(factor['weight'] for factor, _part in own)
        rows = [
            self._explain_part(factor, part, labels.get(factor['code'], factor['code']), total)
            for factor, part in own if factor['weight'] or not isinstance(part, str)
        ]
        if dimension == 'health' and explanation.get('guard'):
            rows.append(self._explain_guard(explanation['guard'], labels))
        score = self[dimension]
        known = explanation.get('known', {}).get(dimension, 0)
        return {
            'code': dimension, 'label': str(LABELS[dimension]), 'score': score, 'known': known, 'rows': rows,
            'sentence': self._dimension_sentence(dimension, score, known, rows),
        }

    def _explain_part(self, factor, part, label, total):
        weight = 100 * factor['weight'] / total if total else 0
        row = {'code': factor['code'], 'label': label, 'weight': weight, 'known': not isinstance(part, str)}
        if isinstance(part, str):
            row['text'] = str(REASONS.get(part, part))
            return row
        raw, day, score, contribution = part[:4]
        row.update(score=score, contribution=contribution, date=day, text=self._raw_text(factor, part, raw, day))
        return row

    def _raw_text(self, factor, part, raw, day):
        when = format_date(self.env, day) if day else ''
        if factor['source'] == 'opinion':
            raters, spread = part[4:6]
            if raters == 1:
                return self.env._("rated %(value)s of 10 by one person, last on %(date)s",
                                  value=self._number(raw), date=when)
            return self.env._(
                "rated %(value)s of 10 by %(raters)s people, %(spread)s apart, last on %(date)s",
                value=self._number(raw), raters=raters, spread=self._number(spread), date=when)
        if factor['source'] == 'component' and factor['code'] in ('sales', 'pipeline'):
            return self._target_text(factor['code'], raw, part[2], when)
        value = self._number(raw)
        if factor.get('measure') in PERCENT_MEASURES:
            value = self.env._("%(value)s%%", value=value)
        elif factor.get('measure') == 'net_margin':
            value = formatLang(self.env, raw, currency_obj=self.company_id.currency_id)
        return self.env._("%(value)s on %(date)s", value=value, date=when)

    @api.model
    def _target_text(self, code, raw, score, when):
        """What sales are of their target, and what the pipeline is of the rest of it."""
        if code == 'sales':
            return self.env._("%(value)s%% of what is due of this year's target by %(date)s",
                              value=self._number(raw), date=when)
        # A pipeline that covers nothing has no points, but where nothing is left to cover it has them all.
        if not raw and score:
            return self.env._("this year's target was reached by %(date)s", date=when)
        return self.env._("%(value)s times what was left of this year's target on %(date)s",
                          value=self._number(raw), date=when)

    def _explain_guard(self, guard, labels):
        before, after, component = guard
        return {
            'code': 'guard', 'label': self.env._("Guard"), 'known': True, 'contribution': after - before,
            'text': self.env._("capped at %(cap)s because “%(component)s” is under 25",
                               cap=self._number(after), component=labels.get(component, component)),
        }

    def _dimension_sentence(self, dimension, score, known, rows):
        label = str(LABELS[dimension])
        parts = sorted((row for row in rows if row['known']), key=lambda row: -abs(row['contribution']))
        missing = [row for row in rows if not row['known']]
        unknown = "; ".join(f"{row['label']} ({row['text']})" for row in missing)
        if score is False:
            if not missing:
                return self.env._("%(label)s is unknown: no weight is set.", label=label)
            return self.env._(
                "%(label)s is unknown: only %(known)s%% of its weight is known. Missing: %(missing)s.",
                label=label, known=round(100 * known), missing=unknown)
        reasons = "; ".join(
            f"{row['label']} {row['text']} ({self._signed(row['contribution'])})" for row in parts)
        sentence = self.env._("%(label)s is %(score)s: %(reasons)s.",
                              label=label, score=self._number(score), reasons=reasons)
        if missing:
            sentence += " " + self.env._("Unknown: %(missing)s.", missing=unknown)
        return sentence

    # ------------------------------------------------------------------ why it moved
    def _explain_movement(self, labels):
        """The movement since a week ago where there is one, else since the run before."""
        movement = self.movement or {}
        told = movement.get('week') or movement.get('run')
        if not told:
            return []
        return [
            self._explain_change(code, told['scores'][code], told['since'], labels)
            for code in EXPLAINED if code in told.get('scores', {}) and self._is_telling(told['scores'][code])
        ]

    @api.model
    def _is_telling(self, change):
        """Not when it would read "0 more"."""
        before, after = change.get('before', False), change.get('after', False)
        return before is False or after is False or round(abs(after - before), 1) > 0

    def _explain_change(self, code, change, since, labels):
        before, after = change.get('before', False), change.get('after', False)
        rows = [
            {'label': self._row_label(kind, factor, labels), 'kind': kind, 'change': delta}
            for kind, factor, delta in change.get('rows', ()) if abs(delta) >= TELLING
        ]
        values = {'label': str(LABELS[code]), 'date': format_date(self.env, since)}
        if before is False:
            sentence = self.env._("%(label)s was unknown on %(date)s and is %(after)s now.",
                                  **values, after=self._number(after))
        elif after is False:
            sentence = self.env._("%(label)s was %(before)s on %(date)s and is unknown now.",
                                  **values, before=self._number(before))
        else:
            values.update(
                difference=self._number(abs(after - before)),
                reasons="; ".join(f"{row['label']} ({self._signed(row['change'])})" for row in rows))
            if after > before:
                sentence = self.env._("%(label)s is %(difference)s more than on %(date)s: %(reasons)s.", **values)
            else:
                sentence = self.env._("%(label)s is %(difference)s less than on %(date)s: %(reasons)s.", **values)
        return {'since': since, 'code': code, 'label': str(LABELS[code]), 'before': before, 'after': after,
                'rows': rows, 'sentence': sentence}

    def _row_label(self, kind, factor, labels):
        label = labels.get(factor, factor)
        if kind == 'appeared':
            return self.env._("%(factor)s became known", factor=label)
        if kind == 'vanished':
            return self.env._("%(factor)s is no longer known", factor=label)
        if kind == 'settings':
            return self.env._("changed settings")
        if kind == 'guard':
            return self.env._("guard")
        return label

    # ------------------------------------------------------------------ figures
    @api.model
    def _number(self, value):
        """At most one decimal, in the reader's notation; ``62`` rather than ``62.0``."""
        rounded = round(value, 1)
        return formatLang(self.env, rounded, digits=0 if rounded == int(rounded) else 1).replace('-', '−')

    @api.model
    def _signed(self, value):
        text = self._number(abs(value))
        return f"+{text}" if value >= 0 else f"−{text}"


class KamSync(models.AbstractModel):
    _inherit = 'kam.sync'

    @api.model
    def explain(self, account, company=None):
        """Why the scores of an account are what they are and why they moved, in the language of the context.

        :param account: id or name of an account
        :param company: id of a company of the service user; by default the first in which the account has scores
        """
        self._guard()
        companies = self._company(company) if company else self.env.user.company_ids
        score = self._find_score(account, self.env['kam.score'].with_context(allowed_company_ids=companies.ids))
        values = {
            name: score[name] for name in ('revenue', 'rank', 'share', 'pareto_class', 'quadrant', 'dependence',
                                           'health_band', 'margin', 'growth', *EXPLAINED)
            if score[name] is not False
        }
        published = self.env['kam.sync.run']._last_published(score.company_id)
        return self._wire({
            'account': {'id': score.partner_id.id, 'name': score.partner_id.name},
            'company': score.company_id.id, 'as_of': fields.Date.to_string(published.as_of or score.as_of),
            'run': score.run_id.id, 'is_compared': score.is_compared, 'scores': values, **score._get_explanation(),
        })

    @api.model
    def _find_score(self, account, scores):
        """The score of an account given by number, by its name, or by a part of it that only one account has."""
        if isinstance(account, int):
            found = scores.search([('partner_id', '=', account)])
        else:
            name = escape_psql(str(account))
            found = (scores.search([('partner_id.name', '=ilike', name)])
                     or scores.search([('partner_id.name', 'ilike', name)]))
        if not found:
            raise self._refuse('unknown_account', self.env._(
                "No scored account is called “%(account)s”: give the number or the name of a customer that has "
                "scores.", account=account))
        if len(found.partner_id) > 1:
            raise self._refuse('unknown_account', self.env._(
                "Several accounts are called so: %(accounts)s. Give the number of one.",
                accounts=", ".join(f"{partner.name} ({partner.id})" for partner in found.partner_id[:6])))
        return found[0]

    @api.model
    def _wire(self, answer):
        """An answer for the wire, in which ``False`` of an unknown number is left out like ``None``."""
        def drop(value):
            if isinstance(value, dict):
                return {key: drop(item) for key, item in value.items()
                        if not (item is False and key in ('score', 'before', 'after'))}
            return [drop(item) for item in value] if isinstance(value, list) else value
        return plain(drop(answer))
