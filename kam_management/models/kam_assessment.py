"""What a person thinks of an account, on one factor, on one day. The latest opinion of each person counts."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError

USERS = 'kam_management.group_kam_user'


class KamAssessment(models.Model):
    _name = 'kam.assessment'
    _description = "Opinion on an account"
    _inherit = ['kam.opinion.mixin', 'kam.account.mixin']
    _order = 'date desc, id desc'
    _kam_account = 'partner_id.kam_account_id'
    _kam_owners = ('user_id',)

    partner_id = fields.Many2one('res.partner', "Customer", required=True, index=True, ondelete='cascade')
    account_id = fields.Many2one(
        'res.partner', "Account", related='partner_id.kam_account_id', help="The account that this opinion counts for.")
    factor_id = fields.Many2one(
        'kam.score.factor', "Factor", required=True, index=True, ondelete='restrict',
        domain=[('source', '=', 'opinion')])
    dimension = fields.Selection(related='factor_id.dimension')
    value = fields.Integer("Rating", required=True, aggregator='avg', help="From 1 (lowest) to 10 (highest).")
    # The worker reads what is thought, and no word of why.
    comment = fields.Text(groups=USERS)
    anchor = fields.Char("Meaning", compute='_compute_anchor', help="The nearest described rating.")

    # A Constraint and no UniqueIndex: the wizard that merges contacts knows only the former.
    _rating_unique = models.Constraint(
        'UNIQUE(partner_id, factor_id, user_id, date, company_id)',
        "You rated this customer on this factor that day already. Change that opinion, or rate it another day.")

    @api.depends('value', 'factor_id')
    def _compute_anchor(self):
        for opinion in self:
            described = [(abs(number - opinion.value), text) for number, text in (
                (1, opinion.factor_id.anchor_1), (4, opinion.factor_id.anchor_4),
                (7, opinion.factor_id.anchor_7), (10, opinion.factor_id.anchor_10)) if text]
            opinion.anchor = min(described)[1] if described and opinion.value else False

    @api.depends('factor_id', 'value', 'partner_id')
    def _compute_display_name(self):
        for opinion in self:
            opinion.display_name = self.env._(
                "%(factor)s of %(customer)s: %(value)s", factor=opinion.factor_id.name or '',
                customer=opinion.partner_id.display_name or '', value=opinion.value)

    @api.constrains('value')
    def _check_value(self):
        for opinion in self:
            if not 1 <= opinion.value <= 10:
                raise ValidationError(self.env._(
                    "A rating goes from 1 to 10; %(value)s does not.", value=opinion.value))

    @api.constrains('factor_id')
    def _check_factor(self):
        for opinion in self:
            if opinion.factor_id.source != 'opinion':
                raise ValidationError(self.env._(
                    "“%(factor)s” is computed from documents: people have no opinion to give on it.",
                    factor=opinion.factor_id.name))
