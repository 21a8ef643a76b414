"""Whether a KPI could be read the last time: a definition may be right in itself and fail on what is there."""
from odoo import fields, models


class KamKpi(models.Model):
    _inherit = 'kam.kpi'

    trouble = fields.Char(
        readonly=True, copy=False, help="Why the last refresh could not read it. Its values are unknown until one can.")
