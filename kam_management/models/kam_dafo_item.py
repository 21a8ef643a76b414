"""One card of a SWOT analysis: a line, its quadrant, and how much it matters, from 1 to 3."""
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

QUADRANTS = [
    ('strength', "Strengths"),
    ('weakness', "Weaknesses"),
    ('opportunity', "Opportunities"),
    ('threat', "Threats"),
]
INTERNAL = ('strength', 'weakness')
IMPACTS = [('1', "Low"), ('2', "Medium"), ('3', "High")]


class KamDafoItem(models.Model):
    _name = 'kam.dafo.item'
    _description = "Card of a SWOT analysis"
    _order = 'sequence, id'

    dafo_id = fields.Many2one('kam.dafo', "Analysis", required=True, index=True, ondelete='cascade')
    quadrant = fields.Selection(QUADRANTS, required=True, default='strength', index=True)
    name = fields.Char("In one line", required=True)
    impact = fields.Integer(
        required=True, default=2, aggregator='avg', help="How much it matters: 1 little, 2 clearly, 3 a lot.")
    note = fields.Text(help="Where we know it from, since when, what it depends on.")
    sequence = fields.Integer(default=10)
    strategy_ids = fields.Many2many(
        'kam.dafo.strategy', 'kam_dafo_item_strategy_rel', 'item_id', 'strategy_id', "Strategies", copy=False)
    strategy_count = fields.Integer(compute='_compute_strategy_count', export_string_translation=False)

    _impact_range = models.Constraint(
        'CHECK(impact BETWEEN 1 AND 3)', "The impact of a card is 1, 2 or 3. Choose one of them.")

    @api.depends('strategy_ids')
    def _compute_strategy_count(self):
        for item in self:
            item.strategy_count = len(item.strategy_ids)

    @api.depends('name', 'dafo_id.subject', 'dafo_id.competitor_name')
    @api.depends_context('lang', 'kam_dafo_subject')
    def _compute_display_name(self):
        with_subject = self.env.context.get('kam_dafo_subject')
        for item in self:
            subject = with_subject and item.dafo_id and item.dafo_id._subject_name()
            item.display_name = f"{item.name} ({subject})" if subject and item.name else item.name

    @api.constrains('name')
    def _check_name(self):
        if any(not (item.name or '').strip() for item in self):
            raise ValidationError(self.env._("A card says one thing in one line. Write it, or remove the card."))

    @api.constrains('name', 'quadrant', 'impact', 'note', 'dafo_id')
    def _check_plan(self):
        self.dafo_id.plan_id._refuse_closed()

    @api.constrains('quadrant', 'dafo_id', 'strategy_ids')
    def _check_strategies(self):
        """A card that moves between quadrants takes its strategies along, as far as these still make sense."""
        # Odoo checks in sudo: a strategy that the writer may not see must make sense too. Nothing of it is told.
        for item in self.with_context(active_test=False):
            for strategy in item.strategy_ids:
                problem = strategy._find_problem()
                if problem and strategy.sudo(False)._filtered_access('read'):
                    raise ValidationError(self.env._(
                        "“%(card)s” is part of the strategy “%(strategy)s”. Take it out there first: %(problem)s",
                        card=item.name, strategy=strategy.name, problem=problem))
                if problem:
                    raise ValidationError(self.env._(
                        "A strategy that you may not read rests on “%(card)s” as it is. Make a new version of the "
                        "analysis and change the card there.", card=item.name))

    # ------------------------------------------------------------------ writing
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_impact(vals)
        items = super().create(vals_list)
        items._check_may_link()
        return items

    def write(self, vals):
        self._refuse_impact(vals)
        before = self.sudo().strategy_ids if 'strategy_ids' in vals else None
        result = super().write(vals)
        if before is not None:
            self._check_may_link(before)
        return result

    def _check_may_link(self, before=()):
        """Nobody puts cards into a strategy that they may not change."""
        if not self.env.su:
            # In sudo, to find those; the check asks as whoever writes.
            linked = self.sudo().strategy_ids.filtered(lambda strategy: strategy not in before)
            linked.with_env(self.env).check_access('write')

    @api.model
    def _refuse_impact(self, vals):
        # Before the database does: an import would show its words.
        if 'impact' in vals and vals['impact'] not in (1, 2, 3):
            raise ValidationError(self.env._("The impact of a card is 1, 2 or 3. Choose one of them."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_crossed(self):
        self.dafo_id.plan_id._refuse_closed()
        # In sudo: a strategy that the reader may not see holds on to its cards too, and its name is not told.
        crossed = self.filtered(lambda item: item.sudo().with_context(active_test=False).strategy_ids)
        if crossed:
            raise UserError(self.env._(
                "A strategy rests on “%(card)s”. Take it out of that strategy first, or archive the analysis and go "
                "on in a copy.", card=crossed[0].name))
