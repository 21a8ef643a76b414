"""A company's customers as a whole, one row per day of refresh. Written by SQL in `kam.sync` alone."""
from odoo import api, fields, models

from ..tools.fields import UnknownFloat, UnknownInteger

CONCENTRATION = [('0', "Low"), ('1', "Warning"), ('2', "Critical"), ('3', "Extreme")]


class KamPortfolio(models.Model):
    _name = 'kam.portfolio'
    _description = "Portfolio of accounts, by day"
    _inherit = ['kam.unknown.mixin']
    _log_access = False  # machine-written: the run says who and when
    _order = 'as_of desc, id desc'
    _rec_name = 'as_of'

    company_id = fields.Many2one('res.company', required=True, index=True, readonly=True, ondelete='cascade')
    currency_id = fields.Many2one(related='company_id.currency_id')
    as_of = fields.Date("As of", required=True, readonly=True)
    run_id = fields.Many2one('kam.sync.run', "Run", readonly=True, index='btree_not_null', ondelete='set null')
    accounts = fields.Integer("Customers", readonly=True)
    key_accounts = fields.Integer("Key accounts", readonly=True)
    compared = fields.Integer("Assessed", readonly=True)
    revenue = UnknownFloat("Revenue", readonly=True, aggregator='sum')
    unknown_revenue = fields.Integer("Revenue unknown", readonly=True, help="Customers whose revenue is unknown.")
    largest_share = UnknownFloat("Largest share", readonly=True, help="Of the largest customer, from 0 to 1.")
    top5_share = UnknownFloat("Share of five", readonly=True, help="Of the five largest customers, from 0 to 1.")
    hhi = UnknownFloat("HHI", readonly=True,
                       help="Herfindahl-Hirschman index of concentration: 10,000 is one customer.")
    concentration_band = UnknownInteger("Concentration level", readonly=True, aggregator='max',
                                        help="0 low, 1 warning, 2 critical, 3 extreme.")
    concentration = fields.Selection(CONCENTRATION, compute='_compute_concentration')

    _company_day_unique = models.Constraint(
        'UNIQUE(company_id, as_of)', "A company has one row of its portfolio per day.")

    @api.depends('concentration_band')
    def _compute_concentration(self):
        for row in self:
            row.concentration = False if row.concentration_band is False else str(row.concentration_band)

    @api.depends('company_id', 'as_of')
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.company_id.name}, {row.as_of}"
