"""What the health leans on: the answers and the people that weigh most, named with the reader's rights.

The explanation holds ids only. Whoever may not read an answer or a person, or comes after it was deleted, is told how
much it weighs, and nothing else: what an answer is worth is what it says.
"""
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

# Which part of health names which evidence: its key in the explanation, and the model that the ids are of.
EVIDENCE = {
    'satisfaction': ('answers', 'kam.satisfaction.response'),
    'relationship': ('people', 'kam.stakeholder'),
}


class KamScore(models.Model):
    _inherit = 'kam.score'

    def _explain_dimension(self, dimension, factors, explanation, labels):
        explained = super()._explain_dimension(dimension, factors, explanation, labels)
        if dimension == 'health':
            for row in explained['rows']:
                if row['known'] and row['code'] in EVIDENCE:
                    row['evidence'] = self._find_evidence(row['code'], explanation)
        return explained

    def _find_evidence(self, code, explanation):
        """``[{'text', 'note', 'model', 'id'}]``, the heaviest first; `id` is 0 where it may not be read."""
        key, model = EVIDENCE[code]
        rows = explanation.get(key) or []
        readable = {}
        if rows and self.env[model].has_access('read'):
            # Answers that were archived since, people who left: what weighed then is still named.
            found = self.env[model].with_context(active_test=False).search_fetch(
                Domain('id', 'in', [number for number, *_rest in rows]) & Domain('partner_id', '=', self.partner_id.id))
            readable = {record.id: record for record in found}
        is_answer = key == 'answers'
        describe = self._answer_text if is_answer else self._person_text
        return [{
            'text': describe(readable.get(number)), 'model': model, 'id': number if number in readable else 0,
            'note': self._weight_text(100 * share, points if number in readable else None, is_answer),
        } for number, share, points in rows]

    @api.model
    def _weight_text(self, share, points, is_answer):
        if points is None:
            return self.env._("%(share)s%% of the weight", share=self._written(share))
        words = {'share': self._written(share), 'points': self._written(points)}
        if is_answer:
            return self.env._("%(share)s%% of the weight, %(points)s of 100 points", **words)
        return self.env._("%(share)s%% of the weight, strength %(points)s", **words)

    def _answer_text(self, answer):
        if not answer:
            return self.env._("an answer that you may not read")
        kind = dict(answer._fields['kind']._description_selection(self.env))[answer.kind]
        return self.env._("%(kind)s: %(answer)s, %(who)s on %(date)s", kind=kind, answer=answer.answer,
                          who=answer._get_who(), date=format_date(self.env, answer.date))

    def _person_text(self, person):
        return person.display_name if person else self.env._("a person whom you may not see")

    def _evidence_sentence(self, row):
        """One line for where there is no table, as the worker's command prints it."""
        reasons = "; ".join(f"{piece['text']} ({piece['note']})" for piece in row['evidence'])
        return self.env._("%(part)s leans most on: %(reasons)s.", part=row['label'], reasons=reasons)


class KamSync(models.AbstractModel):
    _inherit = 'kam.sync'

    @api.model
    def explain(self, account, company=None):
        answer = super().explain(account, company)
        score = self.env['kam.score']
        answer['notes'] += [
            score._evidence_sentence(row) for dimension in answer['dimensions'] for row in dimension['rows']
            if row.get('evidence')]
        return answer
