"""The relation with a person as the worker computed it, on the stakeholder: shown to whoever may read both."""
from odoo import api, fields, models
from odoo.tools import format_date

from ..tools.fields import UnknownFloat

TOUCHES = [('in_touch', "In touch"), ('too_long', "Too long ago"), ('never', "No contact yet")]


class KamStakeholder(models.Model):
    _inherit = 'kam.stakeholder'

    score_ids = fields.One2many('kam.stakeholder.score', 'stakeholder_id', "Computed relationship", copy=False)
    # Of the row that the reader may see, searched with their rights.
    score_id = fields.Many2one('kam.stakeholder.score', "Computed relationship, current", compute='_compute_figures')
    strength = UnknownFloat(
        "Relationship strength", compute='_compute_figures',
        help="From 0 to 100: how lately, how often and whether both sides were in touch.")
    last_contact = fields.Date("Last contact", compute='_compute_figures', help="At the last refresh.")
    contact_days = fields.Integer("Days with contact", compute='_compute_figures', help="In the 90 days before it.")
    is_two_way = fields.Boolean("Both ways", compute='_compute_figures')
    touch = fields.Selection(
        TOUCHES, "In touch", compute='_compute_figures', help="Within the rhythm that their roles ask for.")

    @api.depends('score_ids')
    @api.depends_context('uid')
    def _compute_figures(self):
        none = self.env['kam.stakeholder.score']
        found = {(score.stakeholder_id.id, score.company_id.id): score
                 for score in none.search([('stakeholder_id', 'in', self._origin.ids)])}
        for stakeholder in self:
            score = found.get((stakeholder._origin.id, stakeholder.company_id.id), none)
            stakeholder.score_id = score
            for name in ('strength', 'last_contact', 'contact_days', 'is_two_way'):
                stakeholder[name] = score[name]
            known = 'in_touch' if score.is_in_touch else 'too_long' if score.last_contact else 'never'
            stakeholder.touch = bool(score) and known

    def _touch_sentence(self):
        """Strength and last contact in a line, as on the map; empty before the first refresh."""
        self.ensure_one()
        if not self.score_id:
            return ""
        touch = dict(self._fields['touch']._description_selection(self.env))[self.touch]
        strength = self.env['kam.score']._written(self.strength) or self.env._("unknown")
        if not self.last_contact:
            return self.env._("Strength %(strength)s · %(touch)s", strength=strength, touch=touch)
        return self.env._("Strength %(strength)s · %(touch)s, last on %(date)s", strength=strength, touch=touch,
                          date=format_date(self.env, self.last_contact))


class ResPartner(models.Model):
    _inherit = 'res.partner'

    @api.model
    def _kam_person(self, person):
        return {**super()._kam_person(person), 'touch': person._touch_sentence()}
