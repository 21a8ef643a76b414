"""What one order, delivery or credit note costs us, from a day on."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class KamCostDriver(models.Model):
    _name = 'kam.cost.driver'
    _description = "Cost driver"
    _inherit = ['kam.placed.mixin']
    _order = 'company_id, kpi_id, date_from desc, id desc'
    _rec_name = 'kpi_id'

    company_id = fields.Many2one(
        'res.company', required=True, index=True, ondelete='cascade', default=lambda self: self.env.company)
    currency_id = fields.Many2one(related='company_id.currency_id')
    kpi_id = fields.Many2one(
        'kam.kpi', "Counted by", required=True, ondelete='cascade', domain=[('role', '=', 'cost_driver')])
    unit_cost = fields.Monetary("Cost of one", required=True)
    date_from = fields.Date(
        "From", required=True, default=fields.Date.context_today,
        help="The latest cost that has begun on the day of the refresh counts.")

    _start_unique = models.Constraint(
        'UNIQUE(company_id, kpi_id, date_from)', "This cost is set from that day on already: change it there.")

    @api.constrains('unit_cost', 'kpi_id')
    def _check_unit_cost(self):
        for driver in self:
            if driver.unit_cost < 0:
                raise ValidationError(self.env._("The cost of one can't be negative."))
            if driver.kpi_id.role != 'cost_driver':
                raise ValidationError(self.env._(
                    "“%(kpi)s” doesn't count a cost driver: give it that role first.", kpi=driver.kpi_id.name))
