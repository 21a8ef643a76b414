"""Changes among the people since the last review: what raters say of the relation, who joined the team, who left."""
from odoo import models
from odoo.fields import Domain

from ..tools.aspects import ASPECTS, INVERTED
from ..tools.relationship import mean_of
from .kam_review_changes import MOST

# Points by which the mean rating of an aspect must differ.
LEAST = 1


class KamReview(models.Model):
    _inherit = 'kam.review'

    def _kam_review_changes(self):
        return super()._kam_review_changes() + self._aspect_changes() + self._team_changes()

    def _aspect_changes(self):
        """The mean of each aspect then and now; told of the latest assessment that rates it."""
        model = self.env['kam.relationship.assessment']
        account, day = self.partner_id, self._first_day()
        now = model._find_counting(account, self.company_id).get(account, model)
        if not now or now[0].date < day:
            return []
        then = now.filtered(lambda row: row.date < day)
        rows = []
        for aspect in ASPECTS:
            was, value = (
                mean_of({rater: rating for rater, (rating, _before) in said._ratings_of(aspect).items()},
                        account.kam_manager_id) for said in (then, now))
            if was is False or value is False or abs(value - was) < LEAST:
                continue
            latest = now.filtered(lambda row, aspect=aspect: row[aspect] is not False)[0]
            better = (value > was) != (aspect in INVERTED)
            rows.append(self._change('trust' if aspect == 'trust' else 'aspect', 'people', latest, **{
                'field': aspect, 'size': value - was, 'before': was, 'after': value, 'date': latest.date,
                'tone': 'good' if better else 'bad'}))
        return rows

    def _team_changes(self):
        day, today = self._first_day(), self.company_id._kam_today()
        members = self.env['kam.team.member'].search(
            Domain('partner_id', '=', self.partner_id.id) & (
                (Domain('date_from', '>=', day) & Domain('date_from', '<=', today))
                | (Domain('date_to', '>=', day) & Domain('date_to', '<', today))), limit=MOST)
        rows = []
        for member in members:
            left = member.date_to and member.date_to < today
            rows.append(self._change(
                'member_left' if left else 'member_joined', 'people', member, tone='bad' if left else 'good',
                date=member.date_to if left else member.date_from))
        return rows
