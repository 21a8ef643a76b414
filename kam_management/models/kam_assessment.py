"""What a person thinks of an account, on one factor, on one day. The latest opinion of each person counts."""
from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from ..tools.windows import oldest_counting

# From so many days on an age is told in months: two of them are over by then, whichever they are.
MONTHS_FROM = 62
USERS = 'kam_management.group_kam_user'


class KamAssessment(models.Model):
    _name = 'kam.assessment'
    _description = "Opinion on an account"
    _inherit = ['kam.account.mixin']
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
    user_id = fields.Many2one(
        'res.users', "Rated by", required=True, index=True, default=lambda self: self.env.user, ondelete='restrict')
    value = fields.Integer("Rating", required=True, aggregator='avg', help="From 1 (lowest) to 10 (highest).")
    date = fields.Date(required=True, default=fields.Date.context_today)
    # The worker reads what is thought, and no word of why.
    comment = fields.Text(groups=USERS)
    company_id = fields.Many2one(
        'res.company', required=True, index=True, default=lambda self: self.env.company)
    active = fields.Boolean(default=True)
    anchor = fields.Char("Meaning", compute='_compute_anchor', help="The nearest described rating.")

    age = fields.Char(compute='_compute_age')
    is_too_old = fields.Boolean(
        "Too old", compute='_compute_is_too_old', search='_search_is_too_old',
        help="Older than the maximum age that is set for opinions: it no longer counts.")

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

    @api.depends('date')
    @api.depends_context('lang', 'tz')
    def _compute_age(self):
        for opinion in self:
            opinion.age = opinion.date and self._age_text(opinion.date)

    @api.model
    def _age_text(self, day):
        """How long ago a day is, in words."""
        today = fields.Date.context_today(self)
        days = (today - day).days
        if days <= 0:
            return self.env._("today")
        if days == 1:
            return self.env._("yesterday")
        if days < MONTHS_FROM:
            return self.env._("%(days)s days ago", days=days)
        passed = relativedelta(today, day)
        return self.env._("%(months)s months ago", months=12 * passed.years + passed.months)

    @api.model
    def _oldest_counting(self):
        """The first day whose opinions still count today, by the id of each company that the reader works in."""
        today = fields.Date.context_today(self)
        return {
            settings.company_id.id: oldest_counting(today, settings.opinion_max_age)
            for settings in self.env['kam.settings'].search([])}

    @api.depends('date', 'company_id')
    @api.depends_context('tz', 'allowed_company_ids')
    def _compute_is_too_old(self):
        oldest = self._oldest_counting()
        for opinion in self:
            first = oldest.get(opinion.company_id.id)
            opinion.is_too_old = bool(first and opinion.date and opinion.date < first)

    @api.model
    def _search_is_too_old(self, operator, value):
        if operator != 'in':
            return NotImplemented
        # Always asked for those that are: the ORM turns the other questions round.
        return Domain.OR(
            Domain('company_id', '=', company) & Domain('date', '<', first)
            for company, first in self._oldest_counting().items())

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

    @api.constrains('date')
    def _check_date(self):
        today = fields.Date.context_today(self)
        for opinion in self:
            if opinion.date > today:
                raise ValidationError(self.env._("An opinion can't be dated in the future."))

    def write(self, vals):
        # The rules ask whose opinion it was before, not whose it becomes.
        if not self.env.su and vals.get('user_id', self.env.uid) != self.env.uid:
            raise AccessError(self.env._("An opinion stays that of the person who gave it."))
        return super().write(vals)
