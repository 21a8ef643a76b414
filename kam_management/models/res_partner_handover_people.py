"""The handover pack's part on people: who they are, what moves them in their job, next steps, and the relation.

Nothing of `kam.stakeholder.person` is in it: what is known of people as individuals is read in Odoo, by the team alone.
"""
from odoo import models

from ..tools.aspects import ASPECTS
from ..tools.page import prose, table
from ..tools.pyramid import conditions_of, next_stage
from ..tools.relationship import mean_of

CONTACTS = 15
ANSWERS = 15


class ResPartner(models.Model):
    _inherit = 'res.partner'

    def _handover_people_sections(self):
        people = self._handover_rows('kam.stakeholder', [('state', '=', 'present')])
        return [
            self._handover_people(people), self._handover_motives(people), self._handover_people_steps(people),
            self._handover_left(), self._handover_relation(), self._handover_contacts(), self._handover_answers()]

    # ------------------------------------------------------------------ people
    def _handover_people(self, people):
        return table(
            'people', self.env._("People who matter"),
            ["", self.env._("Role"), self.env._("Power"), self.env._("Support"), self.env._("Relationship"),
             self.env._("Our people"), self.env._("How best to reach them")],
            [(" · ".join(filter(None, [row.contact_id.name, row.job_title, row.phone, row.email])),
              ", ".join(row.role_ids.mapped('name')), self._handover_choice(row, 'power') or False,
              self._handover_choice(row, 'support') or False, self._handover_tie(row),
              ", ".join(row.counterpart_ids.mapped('name')), row.best_reached or "") for row in people],
            empty=self.env._("Nobody is known yet."))

    def _handover_tie(self, person):
        """The relationship today, and the one that is wanted where that is another."""
        today = self._handover_choice(person, 'relationship')
        wanted = self._handover_choice(person, 'relationship_target')
        if not wanted or wanted == today:
            return today or False
        return self.env._("%(today)s; wanted: %(wanted)s", today=today or self.env._("unknown"), wanted=wanted)

    def _handover_motives(self, people):
        """What moves them as business people."""
        rows = []
        for person in people:
            recognised = " · ".join(filter(None, [
                person.recognised_for, person.recognised_by, person.recognised_how]))
            if person.interests or person.measured_by or recognised:
                rows.append((person.contact_id.name, person.interests or "", person.measured_by or "", recognised))
        return table(
            'motives', self.env._("What moves them in their job"),
            ["", self.env._("What they want"), self.env._("How they are measured"),
             self.env._("Recognised for what, by whom, how")], rows)

    def _handover_people_steps(self, people):
        return table(
            'people_steps', self.env._("Next steps with people"), ["", "", self.env._("Who"), self.env._("When")],
            [(person.contact_id.name, person.next_step, person.next_step_user_id.name or "",
              self._handover_day(person.next_step_date))
             for person in people.filtered('next_step').sorted(lambda row: (row.next_step_date, row.id))])

    def _handover_left(self):
        gone = self._handover_rows('kam.stakeholder', [('state', '=', 'left')], order='date_left desc, id desc')
        return table(
            'left', self.env._("People who have left"),
            ["", self.env._("Role"), self.env._("Left on"), self.env._("Now with")],
            [(" · ".join(filter(None, [row.contact_id.name, row.job_title])), ", ".join(row.role_ids.mapped('name')),
              self._handover_day(row.date_left), row.now_at_id.display_name or "") for row in gone], most=15)

    # ------------------------------------------------------------------ the relation
    def _handover_relation(self):
        form = self.kam_interaction_form and " · ".join(filter(None, [
            self._handover_choice(self, 'kam_interaction_form'), self.kam_interaction_reason]))
        texts = [(self.env._("Form of interaction"), form)]
        relation = self._handover_rows('kam.relationship', [])[:1]
        if relation:
            target = " · ".join(filter(None, [
                self._handover_choice(relation, 'target_stage'), self._handover_day(relation.target_date)]))
            texts = [
                (self.env._("Stage"), " · ".join(filter(None, [
                    self._handover_choice(relation, 'stage'), self._handover_day(relation.stage_date)]))),
                (self.env._("Target stage"), target),
                (self.env._("What makes us think so"), relation.note),
                (self.env._("Missing for the next stage"), self._handover_missing(relation))] + texts
        return prose('relation', self.env._("The relation"), [*texts, *self._handover_aspects()])

    def _handover_missing(self, relation):
        stage = next_stage(relation.stage)
        rows = conditions_of(stage, relation._find_facts()[relation], relation._cuts()) if stage else []
        words = [relation._condition_words(row) for row in rows if not row['met']]
        return "; ".join(self.env._("%(what)s (now: %(found)s)", what=row['text'], found=row['state']) for row in words)

    def _handover_aspects(self):
        """What the raters say of the relation, as a mean of the latest of each."""
        model = self.env['kam.relationship.assessment']
        if not model.has_access('read'):
            return []
        said = model._find_counting(self, self.env.company).get(self, model)
        number = self.env['kam.score']._number
        means = [
            (model._label(aspect), mean_of(
                {rater: rating for rater, (rating, _before) in said._ratings_of(aspect).items()}, self.kam_manager_id))
            for aspect in ASPECTS]
        known = [self.env._("%(aspect)s %(mean)s", aspect=label, mean=number(mean))
                 for label, mean in means if mean is not False]
        return [(self.env._("What the raters say, from 1 to 10"), ", ".join(known))]

    # ------------------------------------------------------------------ what was said
    def _handover_contacts(self):
        contacts = self._handover_rows('kam.stakeholder.contact', [], order='date desc, id desc', limit=CONTACTS)
        return table(
            'contacts', self.env._("Last contacts"), ["", "", self.env._("How"), self.env._("About"), self.env._("By")],
            [(self._handover_day(row.date), row.contact_id.name or "", self._handover_choice(row, 'channel'),
              row.subject or "", row.user_id.name or "") for row in contacts])

    def _handover_answers(self):
        answers = self._handover_rows('kam.satisfaction.response', [], order='date desc, id desc', limit=ANSWERS)
        return table(
            'answers', self.env._("What they answered"),
            ["", "", self.env._("Answer"), self.env._("Touchpoint"), self.env._("Comment")],
            [(self._handover_day(row.date), row.contact_id.name or self.env._("anonymous"),
              " ".join(filter(None, [self._handover_choice(row, 'kind'), row.answer])), row.touchpoint_id.name or "",
              row.comment or "") for row in answers])
