"""The factors that scores are made of. Their weights are rows per company and factor (`kam.score.weight`)."""
import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.fields import UnknownFloat
from ..tools.steps import parse_steps

DIMENSIONS = [
    ('attractiveness', "Attractiveness"),
    ('position', "Competitive position"),
    ('willingness', "Willingness to co-invest"),
    ('financial_value', "Financial value"),
    ('health', "Health"),
]
MEASURES = [
    ('margin_percent', "Gross margin %"),
    ('growth', "Growth of the revenue %"),
    ('cost_to_serve_percent', "Cost to serve / revenue %"),
    ('share_of_wallet', "Share of wallet %"),
    ('net_margin', "Net customer margin"),
]
# Health is made of these; each has a formula of its own, which its code names.
COMPONENTS = ('sales', 'satisfaction', 'relationship', 'pipeline', 'objectives')
CODE = re.compile(r'[a-z][a-z0-9_]*')


class KamScoreFactor(models.Model):
    _name = 'kam.score.factor'
    _description = "Scoring factor"
    _inherit = ['kam.unknown.mixin']
    _order = 'sequence, id'

    code = fields.Char(required=True, copy=False, help="Technical name, such as gross_margin.")
    name = fields.Char(required=True, translate=True)
    description = fields.Text(translate=True)
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)
    dimension = fields.Selection(DIMENSIONS, required=True)
    source = fields.Selection(
        [('opinion', "Opinion of people"), ('kpi', "KPI"), ('measure', "Measure"), ('component', "Health component")],
        required=True, default='opinion', help="Where the value comes from.")
    kpi_id = fields.Many2one('kam.kpi', "KPI", ondelete='restrict')
    measure = fields.Selection(MEASURES)
    method = fields.Selection(
        [('percentile', "Rank among the compared customers"), ('bounds', "Between fixed bounds"), ('steps', "Steps")],
        required=True, default='percentile',
        help="How a value becomes 0 to 100. A rank among fewer than ten customers says little: the bounds are used "
             "then. Bounds are set here, never taken from the data.")
    low = UnknownFloat("Lower bound", help="The value that scores 0 (100 if lower is better).")
    high = UnknownFloat("Upper bound", help="The value that scores 100 (0 if lower is better).")
    steps = fields.Text(help="One step a line, ascending, as “from: score”; for example “60: 50”.")
    inverted = fields.Boolean("Lower is better")
    default_weight = fields.Float(help="The weight that a new company starts with.")
    anchor_1 = fields.Char("1 means", translate=True)
    anchor_4 = fields.Char("4 means", translate=True)
    anchor_7 = fields.Char("7 means", translate=True)
    anchor_10 = fields.Char("10 means", translate=True)
    weight_ids = fields.One2many('kam.score.weight', 'factor_id', "Weights")

    _code_unique = models.Constraint('UNIQUE(code)', "Another factor has this code already.")

    def _parsed_steps(self):
        """The steps as `[[from, score], …]`, ascending."""
        self.ensure_one()
        return parse_steps(self.steps)

    @api.constrains('code', 'dimension', 'source', 'kpi_id', 'measure')
    def _check_source(self):
        for factor in self:
            if not CODE.fullmatch(factor.code):
                raise ValidationError(self.env._(
                    "“%(code)s” can't be a code: use small letters, digits and underscores, a letter first.",
                    code=factor.code))
            if factor.source == 'kpi' and not factor.kpi_id:
                raise ValidationError(self.env._(
                    "Choose the KPI that “%(factor)s” takes its value from.", factor=factor.name))
            if factor.source == 'measure' and not factor.measure:
                raise ValidationError(self.env._(
                    "Choose the measure that “%(factor)s” takes its value from.", factor=factor.name))
            if (factor.dimension == 'health') != (factor.source == 'component'):
                raise ValidationError(self.env._(
                    "“%(factor)s”: health is made of its own components, and they belong to no other dimension.",
                    factor=factor.name))
            if factor.source == 'component' and factor.code not in COMPONENTS:
                raise ValidationError(self.env._(
                    "“%(code)s” is no component of health; these are: %(codes)s.",
                    code=factor.code, codes=", ".join(COMPONENTS)))

    @api.constrains('source', 'method', 'low', 'high', 'steps', 'default_weight')
    def _check_method(self):
        for factor in self:
            if factor.default_weight < 0:
                raise ValidationError(self.env._(
                    "The default weight of “%(factor)s” can't be negative.", factor=factor.name))
            if factor.source not in ('kpi', 'measure'):
                continue
            known = [bound for bound in (factor.low, factor.high) if bound is not False]
            if len(known) == 1 or (factor.method == 'bounds' and not known):
                raise ValidationError(self.env._(
                    "“%(factor)s” needs a lower and an upper bound.", factor=factor.name))
            if len(known) == 2 and known[0] >= known[1]:
                raise ValidationError(self.env._(
                    "The lower bound of “%(factor)s” must be below the upper one.", factor=factor.name))
            try:
                steps = factor._parsed_steps()
            except ValueError as error:
                raise ValidationError(self.env._(
                    "“%(line)s” is no step: write “from: score”, one a line, ascending, with scores from 0 to 100.",
                    line=error.args[0])) from None
            if factor.method == 'steps' and len(steps) < 2:
                raise ValidationError(self.env._("“%(factor)s” needs at least two steps.", factor=factor.name))

    @api.constrains('active')
    def _check_active(self):
        # the weights that remain must still add up to something
        self.with_context(active_test=False).weight_ids._check_weights()

    @api.model_create_multi
    def create(self, vals_list):
        factors = super().create(vals_list)
        # Companies that the administrator can't see need their weight too.
        factors._ensure_weights(self.env['res.company'].sudo().with_context(active_test=False).search([]))
        return factors

    def write(self, vals):
        result = super().write(vals)
        if 'active' in vals or 'dimension' in vals:
            self.env['kam.score.weight'].invalidate_model(['share'])
        return result

    def _ensure_weights(self, companies):
        """Give each company the weight that it lacks of each of these factors."""
        settings = self.env['kam.settings'].sudo().search([('company_id', 'in', companies.ids)])
        weights = self.env['kam.score.weight'].sudo().with_context(active_test=False)
        present = {
            (settings.id, factor.id) for settings, factor in weights._read_group(
                [('settings_id', 'in', settings.ids), ('factor_id', 'in', self.ids)], ['settings_id', 'factor_id'])}
        weights.create([
            {'settings_id': row.id, 'factor_id': factor.id, 'weight': factor.default_weight}
            for row in settings for factor in self if (row.id, factor.id) not in present])
