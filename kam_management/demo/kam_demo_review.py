"""The relations of the demo's key accounts, what people said of them, and their reviews: one is due today."""
from odoo import api, fields, models
from odoo.fields import Command

from ..tools.aspects import ASPECTS
from ..tools.review import split


class KamDemo(models.AbstractModel):
    _inherit = 'kam.demo'

    @api.model
    def _load_actions(self):
        super()._load_actions()
        self._load_relations()
        self._load_reviews()

    @api.model
    def _load_relations(self):
        self._save('kam.relationship', [(f"relation_{row['account']}", {
            'partner_id': self._ref(f"account_{row['account']}"),
            'company_id': self.env.ref('base.main_company').id,
            'stage': row['stage'],
            'stage_date': self._day(-int(row['since'])),
            'target_stage': row['target'] or False,
            'target_date': row['by'] and self._day(row['by']),
            'note': row['note'] or False,
        }) for row in self._rows('relations')])
        self._save('kam.relationship.assessment', [
            (f"relation_rating_{row['account']}_{row['user']}_{row['age']}", {
                'partner_id': self._ref(f"account_{row['account']}"),
                'company_id': self.env.ref('base.main_company').id,
                'user_id': self._ref(f"user_{row['user']}"),
                'date': self._day(-int(row['age'])),
                'comment': row['comment'] or False,
                **{aspect: row[aspect] and int(row[aspect]) for aspect in ASPECTS},
            }) for row in self._rows('relation_ratings')])

    @api.model
    def _load_reviews(self):
        decisions = {}
        for row in self._rows('review_decisions'):
            decisions.setdefault(row['account'], []).append(row)
        for row in self._rows('reviews'):
            name = f"review_{row['account']}"
            if self.env.ref(f'kam_management.demo_{name}', raise_if_not_found=False):
                continue
            review = self._save('kam.review', [(name, {
                'partner_id': self._ref(f"account_{row['account']}"),
                'company_id': self.env.ref('base.main_company').id,
                'user_id': self._ref(f"user_{row['lead']}"),
                'participant_ids': [Command.set([self._ref(f"user_{user}") for user in row['people'].split()])],
                'date': self._day(-int(row['held'])),
                'note': row['note'] or False,
                'decision_ids': [Command.create({
                    'name': item['name'], 'owner_id': self._ref(f"user_{item['owner']}"),
                    'date_due': self._day(int(item['due']) - int(row['held'])),
                    'action_id': self._ref(f"action_{item['action']}")})
                    for item in decisions.get(row['account'], [])],
            })])
            self._close_review(review, row)

    @api.model
    def _close_review(self, review, row):
        """As if on that day: what is dated until then was what changed."""
        review.objective_ids.decision = 'keep'
        known = [change for change in review._kam_review_changes()
                 if change['date'] and change['date'] <= fields.Date.to_string(review.date)]
        first, more = split(known)
        review.snapshot = {'first': first, 'more': more}
        review._stepping().write({
            'state': 'closed', 'date_closed': self._moment(row['held'], hour=12), 'closed_by_id': review.user_id.id,
            'next_date': self._day(row['next'])})
