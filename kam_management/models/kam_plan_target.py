"""What we want to sell to an account, and what may be spent on it: per year, or month by month."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.fields import UnknownFloat

MONTHS = [
    ('00', "Whole year"), ('01', "January"), ('02', "February"), ('03', "March"), ('04', "April"), ('05', "May"),
    ('06', "June"), ('07', "July"), ('08', "August"), ('09', "September"), ('10', "October"), ('11', "November"),
    ('12', "December"),
]


class KamPlanTarget(models.Model):
    _name = 'kam.plan.target'
    _description = "Sales target and budget"
    _inherit = ['kam.plan.row.mixin', 'kam.unknown.mixin']
    _order = 'year, month, id'

    year = fields.Char(
        size=4, required=True, default=lambda self: str(self.env.company._kam_today().year))
    month = fields.Selection(MONTHS, required=True, default='00')
    target = UnknownFloat("Sales target", aggregator='sum', help="What we set out to sell.")
    budget = UnknownFloat(
        "Sales budget", aggregator='sum', help="What the company's budget counts on; apart from the target.")
    currency_id = fields.Many2one(related='plan_id.currency_id')
    note = fields.Char()

    _period_unique = models.Constraint(
        'UNIQUE(plan_id, year, month)', "There is a target for this year and month already: change that one.")

    @api.depends('year', 'month')
    def _compute_display_name(self):
        months = dict(self._fields['month']._description_selection(self.env))
        for row in self:
            row.display_name = row.year if row.month == '00' else f"{months.get(row.month)} {row.year}"

    @api.constrains('plan_id', 'year', 'month')
    def _check_year_or_months(self):
        """A year is told whole or month by month: beside each other nobody knew which of the two sums counts."""
        rows = self.search([('plan_id', 'in', self.plan_id.ids), ('year', 'in', list(set(self.mapped('year'))))])
        for row in self:
            others = rows.filtered(lambda other, row=row: other.plan_id == row.plan_id and other.year == row.year and (
                (other.month == '00') != (row.month == '00')))
            if others and row.month == '00':
                raise ValidationError(self.env._(
                    "%(year)s has targets by month already, whose sum is the target of the year. Change those, or "
                    "delete them before you set one for the whole year.", year=row.year))
            if others:
                raise ValidationError(self.env._(
                    "%(year)s has a target for the whole year already. Change that one, or delete it before you set "
                    "targets by month.", year=row.year))

    @api.constrains('year', 'target', 'budget')
    def _check_numbers(self):
        for row in self:
            if not (row.year.isascii() and row.year.isdigit() and 2000 <= int(row.year) <= 2100):
                raise ValidationError(self.env._(
                    "“%(year)s” is no year: write four digits, such as 2028.", year=row.year))
            if any(value is not False and value < 0 for value in (row.target, row.budget)):
                raise ValidationError(self.env._(
                    "Targets and budgets are positive amounts; leave empty what is not known yet."))
