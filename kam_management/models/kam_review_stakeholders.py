"""Changes among the customer's people since the last review: who left, is back or is new, whose support or tie moved.

What is said of somebody for the first time moves nothing: new people are told as one number, and what is learned of
those who were there already is of the smallest size.
"""
from odoo import models
from odoo.fields import Domain

from .kam_review_changes import MOST

# How much a person's word weighs, in steps: unknown counts as medium.
WEIGHT = {'low': 0.5, 'medium': 1, 'high': 2}
BACKERS = ('supporter', 'champion')
KINDS = {'support': 'support', 'relationship': 'tie'}


class KamReview(models.Model):
    _inherit = 'kam.review'

    def _kam_review_changes(self):
        return super()._kam_review_changes() + self._stakeholder_changes() + self._new_people()

    def _stakeholder_changes(self):
        """What moved about each person, from how it was at the last review to how it is; back and forth is nothing."""
        moved = {}
        changes = self.env['kam.stakeholder.change'].search(
            Domain('partner_id', '=', self.partner_id.id) & Domain('company_id', '=', self.company_id.id)
            & Domain('date', '>=', self._first_day()) & Domain('aspect', 'in', ('state', *KINDS)),
            order='date, id', limit=MOST)
        for change in changes:
            first, _last = moved.get((change.stakeholder_id, change.aspect), (change, change))
            moved[change.stakeholder_id, change.aspect] = (first, change)
        rows = []
        for (person, aspect), (first, last) in moved.items():
            before = first.value_before
            if not before and person.create_date >= self.since:
                before = first.value_after
            if before != last.value_after:
                rows.append(self._stakeholder_change(person, aspect, before, last))
        return rows

    def _new_people(self):
        """Who was added since and is there: one row, whatever their number."""
        people = self.env['kam.stakeholder'].search(
            Domain('partner_id', '=', self.partner_id.id) & Domain('company_id', '=', self.company_id.id)
            & Domain('create_date', '>=', self.since) & Domain('state', '=', 'present'), limit=MOST)
        if not people:
            return []
        return [self._change(
            'people_new', 'people', self.partner_id, size=len(people), tone='good', among='kam.stakeholder',
            among_ids=people.ids, date=max(people.mapped('create_date')).date())]

    def _stakeholder_change(self, person, aspect, before, last):
        weight = WEIGHT.get(person.power, 1)
        if aspect == 'state':
            left = last.value_after == 'left'
            return self._change(
                'person_left' if left else 'person_back', 'people', person, tone='bad' if left else 'good',
                size=weight * (2 if person.support in BACKERS else 1), date=last.date)
        order = [value for value, _label in person._fields[aspect]._description_selection(self.env)]
        known = before and last.value_after
        step = order.index(last.value_after) - order.index(before) if known else 0
        tone = 'plain' if not step else 'good' if step > 0 else 'bad'
        return self._change(
            KINDS[aspect], 'people', person, size=weight * step, before=before or False,
            after=last.value_after or False, choice=aspect, tone=tone, date=last.date, **{'as': 'selection'})
