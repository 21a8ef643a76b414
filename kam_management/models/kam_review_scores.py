"""Changes of an account's scores since the last review: what the worker published then and now, never computed anew."""
from odoo import models

# Field: its kind, and the least difference that is told, in the unit of the field.
POINTS = {
    'health': ('health', 2), 'relationship_quality': ('quality', 2), 'satisfaction': ('satisfaction', 2),
    'nps': ('nps', 3), 'attractiveness': ('score', 3), 'position': ('score', 3), 'willingness': ('score', 3),
    'strategic_value': ('score', 3), 'financial_value': ('score', 5),
}
SHARES = {'share_of_wallet': ('wallet', 0.01)}
CHOICES = {'pareto_class': 'class', 'quadrant': 'quadrant'}
# Percent by which the revenue must differ.
REVENUE = 3


class KamReview(models.Model):
    _inherit = 'kam.review'

    def _kam_review_changes(self):
        return super()._kam_review_changes() + self._score_changes()

    def _score_changes(self):
        own = [('partner_id', '=', self.partner_id.id), ('company_id', '=', self.company_id.id)]
        score = self.env['kam.score'].search(own, limit=1)
        day = self._first_day()
        history = self.env['kam.score.history']
        # Of the day of the last review or before it; of an account that was not assessed then, the first one since.
        before = score and (
            history.search([*own, ('as_of', '<=', day)], order='as_of desc', limit=1)
            or history.search([*own, ('as_of', '>', day), ('as_of', '<', score.as_of)], order='as_of', limit=1))
        if not before:
            return []
        date = score.freshness_date or score.as_of
        return [
            *self._point_changes(score, before, POINTS, 1, 'number', date),
            *self._point_changes(score, before, SHARES, 100, 'percent', date),
            *self._revenue_change(score, before, date),
            *self._choice_changes(score, before, date)]

    def _point_changes(self, score, before, names, factor, form, date):
        rows = []
        for name, (kind, least) in names.items():
            was, now = before[name], score[name]
            known = was is not False and now is not False
            if was is now is False or (known and abs(now - was) < least):
                continue
            difference = known and factor * (now - was)
            rows.append(self._change(kind, 'scores', score, size=difference, date=date, **{
                'field': name, 'as': form, 'before': was is not False and factor * was,
                'after': now is not False and factor * now,
                'tone': 'plain' if not known else 'good' if difference > 0 else 'bad'}))
        return rows

    def _revenue_change(self, score, before, date):
        was, now = before.revenue, score.revenue
        if was is False or now is False or was <= 0 or abs(now - was) < was * REVENUE / 100:
            return []
        return [self._change('revenue', 'scores', score, size=100 * (now - was) / was, date=date, **{
            'field': 'revenue', 'as': 'money', 'before': was, 'after': now, 'tone': 'good' if now > was else 'bad'})]

    def _choice_changes(self, score, before, date):
        return [
            self._change(kind, 'scores', score, date=date, **{
                'field': name, 'as': 'selection', 'before': before[name], 'after': score[name]})
            for name, kind in CHOICES.items() if before[name] != score[name] and score[name]]
