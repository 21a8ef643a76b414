"""What a person thinks, on a day: how old it is, whether it still counts, and that it stays that person's."""
from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from ..tools.windows import oldest_counting

# From so many days on an age is told in months: two of them are over by then, whichever they are.
MONTHS_FROM = 62


class KamOpinionMixin(models.AbstractModel):
    _name = 'kam.opinion.mixin'
    _description = "What a person thinks on a day"

    user_id = fields.Many2one(
        'res.users', "Rated by", required=True, index=True, default=lambda self: self.env.user, ondelete='restrict')
    date = fields.Date(required=True, default=fields.Date.context_today)
    company_id = fields.Many2one(
        'res.company', required=True, index=True, default=lambda self: self.env.company)
    active = fields.Boolean(default=True)
    age = fields.Char(compute='_compute_age')
    is_too_old = fields.Boolean(
        "Too old", compute='_compute_is_too_old', search='_search_is_too_old',
        help="Older than the maximum age that is set for opinions: it no longer counts.")

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
