"""How strong a relation is, in figures and sentences, on the relation and on its account.

The worker computed them; here they are written out, and what is unknown says why.
"""
from odoo import api, fields, models
from odoo.tools import format_date

from ..tools.fields import UnknownFloat

USERS = 'kam_management.group_kam_user'


class KamRelationshipScore(models.Model):
    _inherit = 'kam.relationship.score'

    kam_tier_id = fields.Many2one(related='partner_id.kam_tier_id')
    kam_manager_id = fields.Many2one(related='partner_id.kam_manager_id')

    # ------------------------------------------------------------------ words
    def _get_figures(self):
        """``{'tiles': [...], 'warning': sentence or False, 'functions': [...]}``, all as texts."""
        self.ensure_one()
        number = self.env['kam.score']._written
        tiles = [
            ('strength', number(self.strength), self._strength_note()),
            ('quality', number(self.quality), self._quality_note()),
            ('coverage', self._share(self.coverage), self.env._(
                "%(touched)s of %(people)s people in touch", touched=self.people_in_touch, people=self.people)),
            ('role_coverage', self._share(self.role_coverage), self._roles_note()),
            ('gap', self._share(self.gap), self.env._("of the way to the relationships wanted")),
        ]
        return {
            'tiles': [{'name': name, 'label': self._fields[name]._description_string(self.env), 'value': value,
                       'note': note} for name, value, note in tiles],
            'warning': self._thread_sentence(), 'functions': self._get_functions(),
        }

    @api.model
    def _share(self, value):
        return self.env['kam.satisfaction.score']._share(value)

    def _strength_note(self):
        if self.strength is not False:
            return self.env._("from 0 to 100, over its people")
        if not self.people:
            return self.env._("nobody of the account is known yet")
        return self.env._("no contact with them is on record")

    def _quality_note(self):
        if not self.quality_raters:
            return self.env._("nobody has rated it")
        if self.quality is False:
            return self.env._("rated by its manager alone")
        day = format_date(self.env, self.quality_date)
        if self.quality_raters == 1:
            return self.env._("rated by 1 person, last on %(date)s", date=day)
        return self.env._("rated by %(raters)s people, last on %(date)s", raters=self.quality_raters, date=day)

    def _roles_note(self):
        if not self.roles_required:
            return self.env._("the tier requires none")
        return self.env._("%(filled)s of %(required)s roles filled", filled=self.roles_filled,
                          required=self.roles_required)

    def _thread_sentence(self):
        """What hangs on one person, of theirs or of ours; False when nothing does, or nothing is known."""
        if self.is_single_thread != 'yes' or not self.people:
            return False
        if not self.people_in_touch:
            return self.env._("Nobody of theirs is in touch with us within the rhythm of their roles.")
        if self.people_in_touch == 1 and self.colleagues <= 1:
            return self.env._("All hangs on one thread: one person of theirs, one of ours.")
        if self.people_in_touch == 1:
            return self.env._("All hangs on one person of theirs: the others are not in touch with us.")
        return self.env._("All hangs on one of us: nobody else is in touch with them.")

    def _get_functions(self):
        """Per function of theirs: people, those in touch, days with a contact; last the unknown function."""
        rows = (self.functions or {}).get('functions') or []
        known = {function.id: function for function in self.env['kam.function'].with_context(active_test=False).search(
            [('id', 'in', [number for number, *_rest in rows if number])])}
        shown = [{
            'name': known[number].name if number in known else self.env._("Function unknown"),
            'place': (known[number].sequence, known[number].name) if number in known else (float('inf'), ""),
            'people': people, 'in_touch': in_touch, 'days': days, 'share': 100 * in_touch / people if people else 0,
        } for number, people, in_touch, days in rows]
        return sorted(shown, key=lambda row: row['place'])

    # ------------------------------------------------------------------ ways
    def action_open_relationship(self):
        """From a list to the relation: its stage, what the raters say, and these figures."""
        self.ensure_one()
        return self.partner_id.with_company(self.company_id).action_kam_relationship()


class KamRelationship(models.Model):
    _inherit = 'kam.relationship'

    score_id = fields.Many2one('kam.relationship.score', "Computed relationship", compute='_compute_figures')
    strength = UnknownFloat(
        "Relationship strength", compute='_compute_figures', help="Of its people, from 0 to 100.")
    coverage = UnknownFloat(
        compute='_compute_figures', help="People in touch with us within their rhythm, from 0 to 1.")
    figures_html = fields.Html("How strong it is", compute='_compute_figures_html', sanitize=False)

    @api.depends('partner_id', 'company_id')
    @api.depends_context('uid')
    def _compute_figures(self):
        none = self.env['kam.relationship.score']
        found = {(score.partner_id.id, score.company_id.id): score for score in none.search(
            [('partner_id', 'in', self.partner_id._origin.ids), ('company_id', 'in', self.company_id._origin.ids)])}
        for relation in self:
            score = found.get(relation._key(), none)
            relation.score_id, relation.strength, relation.coverage = score, score.strength, score.coverage

    @api.depends('score_id')
    @api.depends_context('uid', 'lang', 'tz')
    def _compute_figures_html(self):
        for relation in self:
            relation.figures_html = self.env['ir.qweb']._render('kam_management.relationship_figures', {
                'figures': relation.score_id._get_figures() if relation.score_id else False, 'whole': True})

    def _aspect_row(self, aspect, ratings, manager):
        """With what the raters say together as the worker weighs it, from 0 to 100, conflict turned round."""
        weighed = len(self) == 1 and (self.score_id.aspects or {}).get(aspect)
        return {**super()._aspect_row(aspect, ratings, manager), 'weighed': weighed[0] if weighed else False}


class ResPartner(models.Model):
    _inherit = 'res.partner'

    kam_strength_html = fields.Html(
        "Strength of the relation", compute='_compute_kam_strength_html', sanitize=False, groups=USERS)

    @api.depends_context('uid', 'lang', 'tz', 'company')
    def _compute_kam_strength_html(self):
        found = {score.partner_id.id: score for score in self.env['kam.relationship.score'].search(
            [('partner_id', 'in', self._origin.ids), ('company_id', '=', self.env.company.id)])}
        for partner in self:
            score = found.get(partner._origin.id)
            partner.kam_strength_html = self.env['ir.qweb']._render('kam_management.relationship_figures', {
                'figures': score._get_figures() if score else False, 'whole': False})
