"""What the money costs us that customers keep when they pay late, from a day on."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KamCapitalCost(models.Model):
    _name = 'kam.capital.cost'
    _description = "Cost of capital"
    _inherit = ['kam.placed.mixin']
    _order = 'company_id, date_from desc, id desc'

    company_id = fields.Many2one(
        'res.company', required=True, index=True, ondelete='cascade', default=lambda self: self.env.company)
    rate = fields.Float(
        "% a year", required=True, digits=(16, 2),
        help="What a year's capital costs the company, such as the interest of its credit line.")
    date_from = fields.Date(
        "From", required=True, default=fields.Date.context_today,
        help="The latest rate that has begun on the day of the refresh counts. Before the first one, the cost of "
             "capital is unknown.")

    _start_unique = models.Constraint(
        'UNIQUE(company_id, date_from)', "The cost of capital is set from that day on already: change it there.")

    @api.depends('rate', 'date_from')
    def _compute_display_name(self):
        for cost in self:
            cost.display_name = self.env._("%(rate)s%% from %(date)s", rate=cost.rate, date=cost.date_from)

    @api.constrains('rate')
    def _check_rate(self):
        for cost in self:
            if not 0 <= cost.rate <= 100:
                raise ValidationError(self.env._(
                    "The cost of capital is a percentage a year between 0 and 100, such as 6."))
