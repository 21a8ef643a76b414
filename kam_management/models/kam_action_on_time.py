"""Whether an action was done by its day: two dates of one record, which no domain of a KPI can compare."""
from odoo import api, fields, models


class KamAction(models.Model):
    _inherit = 'kam.action'

    is_on_time = fields.Boolean(
        "Done on time", compute='_compute_is_on_time', store=True, help="Done on its day or before.")

    @api.depends('state', 'date', 'date_done')
    def _compute_is_on_time(self):
        for action in self:
            action.is_on_time = bool(
                action.state == 'done' and action.date_done and action.date and action.date_done <= action.date)
