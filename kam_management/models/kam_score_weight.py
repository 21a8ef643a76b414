"""How much a factor counts in its dimension, in one company."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .kam_settings import POSTPONED


class KamScoreWeight(models.Model):
    _name = 'kam.score.weight'
    _description = "Weight of a scoring factor"
    _order = 'company_id, sequence, factor_id, id'
    _rec_name = 'factor_id'

    settings_id = fields.Many2one(
        'kam.settings', "Settings", required=True, readonly=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(
        'res.company', related='settings_id.company_id', store=True, precompute=True, index=True)
    factor_id = fields.Many2one('kam.score.factor', "Factor", required=True, readonly=True, index=True,
                                ondelete='cascade')
    weight = fields.Float(
        required=True, digits=(16, 2),
        help="Counts in relation to the other weights of the dimension; 0 leaves it out.")
    share = fields.Float("Share", compute='_compute_share', digits=(16, 1), aggregator=None,
                         help="Percentage of the dimension's total.")
    dimension = fields.Selection(related='factor_id.dimension', store=True, precompute=True)
    sequence = fields.Integer(related='factor_id.sequence', store=True, precompute=True)
    active = fields.Boolean(related='factor_id.active', store=True, precompute=True)
    source = fields.Selection(related='factor_id.source')
    description = fields.Text(related='factor_id.description')

    _company_factor_unique = models.Constraint(
        'UNIQUE(company_id, factor_id)', "This factor has its weight in this company already.")

    # Not on the weights beside it, although they count: the form would take their new shares for known already and not
    # show them while one is edited. `write` and its like forget the shares instead.
    @api.depends('weight', 'dimension', 'active')
    def _compute_share(self):
        for weight in self:
            siblings = weight.settings_id.weight_ids.filtered(
                lambda other, weight=weight: other.dimension == weight.dimension and other.active)
            # while it is edited, its own new value counts and not the one that is stored
            others = siblings.filtered(lambda other, weight=weight: other._origin != weight._origin)
            weight._set_share(sum(others.mapped('weight')) + weight.weight)

    def _set_share(self, total):
        for weight in self:
            weight.share = 100.0 * weight.weight / total if total > 0 and weight.active else 0.0

    @api.constrains('weight')
    def _check_weights(self):
        """Refuse negative weights and a dimension without any. Settings call this once, for all that they change."""
        if self.env.context.get('kam_check') is POSTPONED:
            return
        for weight in self:
            if weight.weight < 0:
                raise ValidationError(self.env._(
                    "The weight of “%(factor)s” can't be negative. Use 0 to leave the factor out.",
                    factor=weight.factor_id.name))
        totals = {(settings, dimension): total for settings, dimension, total in self._read_group(
            [('settings_id', 'in', self.settings_id.ids), ('active', '=', True)],
            ['settings_id', 'dimension'], ['weight:sum'])}
        labels = dict(self._fields['dimension']._description_selection(self.env))
        for weight in self:
            if totals.get((weight.settings_id, weight.dimension), 0) <= 0:
                raise ValidationError(self.env._(
                    "All weights of “%(dimension)s” are 0. At least one factor must count.",
                    dimension=labels[weight.dimension]))

    @api.model_create_multi
    def create(self, vals_list):
        weights = super().create(vals_list)
        weights.invalidate_model(['share'])
        return weights

    def write(self, vals):
        if 'weight' not in vals:
            return super().write(vals)
        before = {weight: weight.weight for weight in self}
        result = super().write(vals)
        self.invalidate_model(['share'])
        reason = self.env.context.get('kam_change_reason') or ''
        for weight, old in before.items():
            if weight.weight != old:
                dimension = dict(self._fields['dimension']._description_selection(self.env))[weight.dimension]
                weight.settings_id._log_change(
                    self.env._("Weight of %(factor)s (%(dimension)s)",
                               factor=weight.factor_id.name, dimension=dimension),
                    f"{old:g}", f"{weight.weight:g}", reason)
        return result
