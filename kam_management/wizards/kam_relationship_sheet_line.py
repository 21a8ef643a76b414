"""One aspect on the sheet of the relation: the rating that is chosen, and beside it what was said of it before."""
from odoo import api, fields, models
from odoo.tools import formatLang

from ..tools.aspects import ASPECTS, GROUPS
from ..tools.relationship import mean_of

GROUP_OF = {aspect: group for group, aspects in GROUPS.items() for aspect in aspects}


class KamRelationshipSheetLine(models.TransientModel):
    _name = 'kam.relationship.sheet.line'
    _description = "Rating of an aspect of the relation"
    _inherit = ['kam.rating.line.mixin', 'kam.unknown.mixin']
    _rec_name = 'name'

    sheet_id = fields.Many2one(
        'kam.relationship.sheet', required=True, readonly=True, index=True, ondelete='cascade',
        export_string_translation=False)
    aspect = fields.Char(required=True, readonly=True, export_string_translation=False)
    name = fields.Char(compute='_compute_words', export_string_translation=False)
    description = fields.Text(compute='_compute_words', export_string_translation=False)
    dimension = fields.Char(compute='_compute_words', export_string_translation=False)
    anchor_1 = fields.Char(compute='_compute_words', export_string_translation=False)
    anchor_4 = fields.Char(compute='_compute_words', export_string_translation=False)
    anchor_7 = fields.Char(compute='_compute_words', export_string_translation=False)
    anchor_10 = fields.Char(compute='_compute_words', export_string_translation=False)

    @api.depends('aspect')
    @api.depends_context('lang')
    def _compute_words(self):
        model = self.env['kam.relationship.assessment']
        for line in self:
            known = line.aspect in ASPECTS
            line.name = known and model._label(line.aspect)
            line.description = known and model._fields[line.aspect]._description_help(self.env)
            line.dimension = known and GROUP_OF[line.aspect]
            for rating in (1, 4, 7, 10):
                line[f'anchor_{rating}'] = known and model._anchor(line.aspect, rating)

    @api.depends('sheet_id', 'aspect')
    @api.depends_context('uid', 'lang', 'tz', 'allowed_company_ids')
    def _compute_state(self):
        for sheet in self.sheet_id:
            said = self.env['kam.relationship.assessment'].search([
                ('partner_id', '=', sheet.partner_id.id), ('company_id', '=', sheet.company_id.id)])
            manager = sheet.partner_id.kam_manager_id
            for line in self.filtered(lambda line, sheet=sheet: line.sheet_id == sheet):
                latest = {}
                for assessment in said:
                    if assessment[line.aspect] is not False:
                        latest.setdefault(assessment.user_id, assessment)
                line._set_said([(row, row[line.aspect], row.comment) for row in latest.values()])
                line.published = line._said_together(latest.values(), manager)
                line.share = line.effect = line.effect_text = False

    def _said_together(self, assessments, manager):
        """Mean and spread of those that still count, in words; False where there is no mean."""
        counting = {row.user_id: row[self.aspect] for row in assessments if not row.is_too_old}
        mean = mean_of(counting, manager)
        if mean is False:
            return counting and self.env._("No mean yet: only the account's manager has rated it.")
        if len(counting) == 1:
            return self.env._("Rated by one person.")
        return self.env._(
            "%(mean)s on average by %(raters)s people, %(spread)s apart", raters=len(counting),
            mean=formatLang(self.env, mean, digits=1), spread=max(counting.values()) - min(counting.values()))
