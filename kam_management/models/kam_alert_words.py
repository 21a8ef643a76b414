"""An alert in a sentence of the reader's language: what happened, since when, against which threshold; what to do.

The machine says numbers, dates and ids (`facts`); names are found here under the reader's own rights, and whoever may
not read a person or an objective reads of "somebody" or "one". The sentences go by what a rule watches and waits for,
so that an administrator's own rule has one, too.
"""
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, formatLang
from odoo.tools.translate import LazyTranslate

from ..tools.figures import days, figure, percent

_lt = LazyTranslate(__name__)

DATES = {
    'buying_step': 'kam.plan.buying.step', 'commitment': 'kam.plan.commitment', 'review': 'kam.review',
    'objective': 'kam.objective', 'action': 'kam.action', 'plan_end': 'kam.plan'}
# What to do, by cause; by the code of the rule where that says more.
ADVICE = {
    'health': _lt("Look at what fell most on the account, and plan one action for it."),
    'sales': _lt("Ask the customer what has changed, before somebody else fills the gap."),
    'pipeline': _lt("Look for opportunities with the people who decide: what do they plan next?"),
    'relationship': _lt("Get in touch, and say when the next step is."),
    'satisfaction': _lt("Call, listen, and say by when you answer."),
    'objectives': _lt("Decide with its owner: more means, another date, or another objective."),
    'dates': _lt("See that what we owe is ready, and that the right people know us."),
    'concentration': _lt("Win business elsewhere, and prepare for the loss of this one."),
    'opinions': _lt("Rate the account anew: it takes two minutes."),
    'signals': _lt("Decide whether it is an opportunity or a scenario to prepare for."),
    'supply': _lt("Clear it up with logistics, and tell the customer before they ask."),
    'finance': _lt("Clear it up with finance and with the customer."),
    'results': _lt("Ask whoever runs the worker to look at the list of refreshes."),
    'role_empty': _lt("Ask the people you know who has a say in it, and be introduced."),
    'supporter_left': _lt("Find out who follows, and ask the one who left to introduce you there."),
    'few_people': _lt("Meet two more people of the account: another function, another level."),
    'order_silence': _lt("Call today: a customer that falls silent is often buying elsewhere."),
    'plan_b_missing': _lt("Write a playbook for this account, and say that it is prepared."),
    'trust_down': _lt("Ask what we did not keep, and put that right first."),
}


class KamAlert(models.Model):
    _inherit = 'kam.alert'

    sentence = fields.Text("What happened", compute='_compute_sentence')
    advice = fields.Text("What to do", compute='_compute_sentence')

    @api.depends('facts', 'value', 'threshold', 'since', 'rule_id', 'subject')
    @api.depends_context('uid', 'lang', 'company')
    def _compute_sentence(self):
        names = self._readable_names()
        for alert in self:
            rule = alert.rule_id
            say = getattr(alert, f'_say_{rule.subject}_{rule.condition}', None) or alert._say_rule
            facts = alert._facts()
            words = say(facts, names)
            if facts.get('unknown'):
                words = " ".join([words, self.env._(
                    "The last refresh could not tell it anew: this is how it was before.")])
            alert.sentence = words
            advice = ADVICE.get(rule.code) or ADVICE.get(rule.cause)
            # said here, where Odoo finds the reader's language; in a comprehension it would not
            alert.advice = str(advice) if advice else False

    # ------------------------------------------------------------------ names
    def _facts(self):
        # In sudo: whoever may read the alert reads its sentence, and the names in it are asked for with their rights.
        return self.sudo().facts or {}

    def _named(self):
        """``(model, id)`` of what the facts of an alert name, ``None`` if nothing."""
        self.ensure_one()
        facts = self._facts()
        if facts.get('kind') in DATES:
            return DATES[facts['kind']], facts.get('record')
        for fact, model in (
                ('stakeholder', 'kam.stakeholder'), ('role', 'kam.stakeholder.role'), ('objective', 'kam.objective'),
                ('signal', 'kam.plan.signal'), ('kpi', 'kam.kpi'), ('largest', 'res.partner')):
            if facts.get(fact):
                return model, facts[fact]
        return None

    def _readable_names(self):
        """``{(model, id): name}`` of what these alerts name, as far as the reader may read it."""
        wanted = {}
        for alert in self:
            named = alert._named()
            if named and isinstance(named[1], int):
                wanted.setdefault(named[0], set()).add(named[1])
        names = {}
        for model, ids in wanted.items():
            if not self.env[model].has_access('read'):
                continue
            domain = Domain('id', 'in', list(ids))
            if model == 'res.partner':
                # The contact may be read by anybody; what it makes of our sales is not for those who are shut out.
                domain &= ~self.env[model]._kam_hidden_domain()
            records = self.env[model].with_context(active_test=False).search(domain)
            names.update({(model, record.id): record.display_name for record in records})
        return names

    def _told(self, names, otherwise):
        return names.get(self._named()) or otherwise

    # ------------------------------------------------------------------ numbers
    def _number(self, value, digits=0):
        return self.env._("unknown") if value is None or value is False else formatLang(self.env, value, digits=digits)

    def _percent(self, value, digits=1):
        """Of a part from 0 to 1."""
        return self._number(value) if value is None or value is False else percent(self.env, value, digits)

    def _days(self, value):
        return self._number(value) if value is None or value is False else days(self.env, round(value))

    def _points(self, value, digits=0):
        return self.env._("1 point") if self._is_one(value, digits) else self.env._(
            "%s points", self._number(value, digits))

    @staticmethod
    def _is_one(value, digits=0):
        return not (value is None or value is False) and round(abs(value), digits) == 1

    def _day(self, value):
        return format_date(self.env, fields.Date.to_date(value)) if value else self.env._("an unknown day")

    def _choice(self, name):
        return dict(self.rule_id._fields[name]._description_selection(self.env)).get(self.rule_id[name], "")

    # ------------------------------------------------------------------ sentences
    def _say_rule(self, _facts, _names):
        """Of a rule that nothing more is known of."""
        if self.value is False:
            return self.env._("%(rule)s, since %(day)s.", rule=self.rule_id.name, day=self._day(self.since))
        if self.threshold is False:
            return self.env._("%(rule)s: %(value)s, since %(day)s.", rule=self.rule_id.name,
                              value=self._number(self.value, 1), day=self._day(self.since))
        return self.env._(
            "%(rule)s: %(value)s, with the threshold at %(threshold)s.", rule=self.rule_id.name,
            value=self._number(self.value, 1), threshold=self._number(self.threshold, 1))

    def _say_score_drop(self, facts, _names):
        return self.env._(
            "%(what)s fell by %(value)s by what changed, from %(before)s to %(after)s since %(day)s; alerts "
            "from %(threshold)s on.", what=self._choice('score') or self._choice('component'),
            value=self._points(self.value), before=self._number(facts.get('before')),
            after=self._number(facts.get('after')), day=self._day(facts.get('compared')),
            threshold=self._number(self.threshold))

    _say_component_drop = _say_score_drop

    def _say_score_below(self, _facts, _names):
        return self.env._(
            "%(what)s is %(value)s, below %(threshold)s.", what=self._choice('score') or self._choice('component'),
            value=self._number(self.value, 1), threshold=self._number(self.threshold, 1))

    _say_component_below = _say_score_below

    def _say_score_above(self, _facts, _names):
        return self.env._(
            "%(what)s is %(value)s, %(threshold)s or more.", what=self._choice('score') or self._choice('component'),
            value=self._number(self.value, 1), threshold=self._number(self.threshold, 1))

    _say_component_above = _say_score_above

    def _say_person_overdue(self, facts, names):
        return self.env._(
            "The last contact with %(person)s was %(value)s ago, on %(day)s; the rhythm is %(threshold)s.",
            person=self._told(names, self.env._("somebody")), value=self._days(self.value),
            day=self._day(facts.get('last')), threshold=self._days(self.threshold))

    def _say_people_below(self, facts, _names):
        _ = self.env._
        people, threshold = self._number(facts.get('people')), self._number(self.threshold)
        if self.value == 0:
            return _("Nobody is in touch with us, of %(people)s that we know; there should be %(threshold)s.",
                     people=people, threshold=threshold)
        if self.value == 1:
            return _("1 person is in touch with us, of %(people)s that we know; there should be %(threshold)s.",
                     people=people, threshold=threshold)
        return _("%(value)s people are in touch with us, of %(people)s that we know; there should be %(threshold)s.",
                 value=self._number(self.value), people=people, threshold=threshold)

    def _say_role_missing(self, _facts, names):
        return self.env._(
            "Nobody plays the role “%(role)s”, which the tier requires.",
            role=self._told(names, self.env._("a required role")))

    def _say_person_gone(self, facts, names):
        return self.env._(
            "%(person)s, who supported us, left on %(day)s.", person=self._told(names, self.env._("Somebody")),
            day=self._day(facts.get('date')))

    def _say_order_rate(self, facts, _names):
        return self.env._(
            "Orders on %(counted)s of the last 60, usually on %(expected)s: %(value)s%% of that; alerts below "
            "%(threshold)s%%.",
            counted=self._days(facts.get('counted')), expected=self._number(facts.get('expected')),
            value=self._number(self.value), threshold=self._number(self.threshold))

    def _say_order_silence(self, facts, _names):
        return self.env._(
            "No order for %(value)s, since %(day)s; the longest gap of the last year was %(threshold)s.",
            value=self._days(self.value), day=self._day(facts.get('last')), threshold=self._days(self.threshold))

    def _say_answer_below(self, facts, names):
        return self.env._(
            "%(person)s, who decides, answered %(value)s of 10 on %(day)s: %(threshold)s or less means that we are not "
            "recommended.", person=self._told(names, self.env._("Somebody")), value=self._number(self.value),
            day=self._day(facts.get('date')), threshold=self._number(self.threshold))

    def _say_trust_drop(self, facts, _names):
        return self.env._(
            "Trust fell by %(value)s since %(day)s, from %(before)s to %(after)s of 10; alerts from "
            "%(threshold)s on.", value=self._points(self.value, 1), day=self._day(facts.get('compared')),
            before=self._number(facts.get('before'), 1), after=self._number(facts.get('after'), 1),
            threshold=self._number(self.threshold, 1))

    def _say_objective_overdue(self, facts, names):
        objective = self._told(names, self.env._("An objective"))
        if facts.get('is_overdue'):
            return self.env._("“%(objective)s” is past its deadline and not reached.", objective=objective)
        return self.env._("“%(objective)s” is off track.", objective=objective)

    def _say_date_near(self, facts, names):
        kind = dict(self.rule_id._fields['date_kind']._description_selection(self.env)).get(facts.get('kind'), "")
        what, day = self._told(names, kind), self._day(facts.get('date'))
        ahead = self._days(self.threshold)
        if self.value == 0:
            return self.env._("%(what)s is due today, %(day)s; alerts %(threshold)s ahead.",
                              what=what, day=day, threshold=ahead)
        return self.env._("%(what)s is due on %(day)s, in %(value)s; alerts %(threshold)s ahead.",
                          what=what, day=day, value=self._days(self.value), threshold=ahead)

    def _say_date_overdue(self, facts, names):
        kind = dict(self.rule_id._fields['date_kind']._description_selection(self.env)).get(facts.get('kind'), "")
        return self.env._(
            "%(what)s was due on %(day)s, %(value)s ago.", what=self._told(names, kind),
            day=self._day(facts.get('date')), value=self._days(self.value is not False and -self.value))

    def _say_concentration_band(self, _facts, names):
        if self.rule_id.code == 'concentration_five':
            return self.env._(
                "The five largest accounts make %(value)s of the sales; alerts from %(threshold)s on.",
                value=self._percent(self.value), threshold=self._percent(self.threshold))
        return self.env._(
            "%(account)s makes %(value)s of the sales; alerts from %(threshold)s on.",
            account=self._told(names, self.env._("One account")), value=self._percent(self.value),
            threshold=self._percent(self.threshold))

    def _say_opinion_old(self, facts, _names):
        return self.env._(
            "The last opinion was given %(value)s ago, on %(day)s; after %(threshold)s it is old.",
            value=self._days(self.value), day=self._day(facts.get('last')), threshold=self._days(self.threshold))

    def _say_signal_raised(self, facts, names):
        return self.env._(
            "“%(signal)s”, observed on %(day)s.", signal=self._told(names, self.env._("A signal")),
            day=self._day(facts.get('date')))

    def _say_plan_b_missing(self, _facts, _names):
        return self.env._(
            "It makes %(value)s of the sales and has no plan B; from %(threshold)s on it needs one.",
            value=self._percent(self.value), threshold=self._percent(self.threshold))

    def _say_results_old(self, facts, _names):
        if facts.get('hours') is None and self.value is False:
            return self.env._("No refresh has been published within the refresh period.")
        hours = facts.get('hours') or self.threshold or self.value
        if self._is_one(hours):
            return self.env._("No refresh has been published within 1 hour.")
        return self.env._("No refresh has been published within %(hours)s hours.", hours=self._number(hours))

    # ------------------------------------------------------------------ of KPIs
    def _figure(self, value):
        """A value of the KPI of the rule, as people read it."""
        kpi = self.env['kam.kpi'].browse(self._facts().get('kpi') or self.rule_id.kpi_id.id).exists()
        if value is None or value is False:
            return self.env._("unknown")
        return figure(self.env, kpi.unit, value, self.company_id.currency_id)

    def _kpi_name(self, names):
        return self._told(names, self.rule_id.kpi_id.name or self.rule_id.name)

    def _say_kpi_status_red(self, facts, names):
        return self.env._(
            "%(kpi)s is red: %(value)s, where %(target)s is due by now (%(pace)s).",
            kpi=self._kpi_name(names), value=self._figure(facts.get('figure')),
            target=self._figure(facts.get('target_to_date', facts.get('target'))), pace=self._percent(self.value, 0))

    def _say_kpi_below(self, _facts, names):
        return self.env._(
            "%(kpi)s is %(value)s, below %(threshold)s.", kpi=self._kpi_name(names), value=self._figure(self.value),
            threshold=self._figure(self.threshold))

    def _say_kpi_above(self, _facts, names):
        return self.env._(
            "%(kpi)s is %(value)s, %(threshold)s or more.", kpi=self._kpi_name(names), value=self._figure(self.value),
            threshold=self._figure(self.threshold))
