"""The wallet: what the customer buys per category, what of it from us, and what is left to win.

The potential of a category is the latest of its estimates; the older ones stay as rows (`kam.plan.estimate`).
"""
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.fields import UnknownFloat
from ..tools.wallet import share_of_wallet, white_space
from .kam_plan_estimate import CONFIDENCES

ESTIMATED = ('potential', 'potential_date', 'potential_source', 'potential_confidence')


class KamPlanCategory(models.Model):
    _name = 'kam.plan.category'
    _description = "Category of a customer's wallet"
    _inherit = ['kam.plan.row.mixin', 'kam.unknown.mixin']
    _order = 'plan_id, sequence, id'

    sequence = fields.Integer(default=10)
    name = fields.Char("Category", required=True)
    currency_id = fields.Many2one(related='plan_id.currency_id')
    our_sales = UnknownFloat("Our sales", aggregator='sum', help="What we sell of it in a year.")
    our_sales_date = fields.Date(
        "Sales as of", compute='_compute_our_sales_date', store=True, readonly=False, precompute=True)
    estimate_ids = fields.One2many('kam.plan.estimate', 'category_id', "Estimates so far")
    potential = UnknownFloat(
        compute='_compute_potential', inverse='_inverse_potential', aggregator='sum', store=True,
        help="What the customer buys of it in a year, from whomever.")
    potential_date = fields.Date(
        "Estimated on", compute='_compute_potential', inverse='_inverse_potential', store=True, readonly=False)
    potential_source = fields.Char(
        "Source", compute='_compute_potential', inverse='_inverse_potential', store=True, readonly=False,
        help="What the estimate rests on.")
    potential_confidence = fields.Selection(
        CONFIDENCES, "Confidence", compute='_compute_potential', inverse='_inverse_potential', store=True,
        readonly=False)
    share = UnknownFloat("Share of wallet", compute='_compute_wallet', store=True, help="From 0 to 1; see the flag.")
    white_space = UnknownFloat(
        "White space", compute='_compute_wallet', store=True, aggregator='sum',
        help="What the customer buys from others. Unknown where the estimate is under our own sales.")
    is_underestimated = fields.Boolean(
        "Estimate under our own sales", compute='_compute_wallet', store=True,
        help="The customer can't buy less of it in all than from us: estimate it again.")

    assortment = fields.Text(help="Of a trade customer: what it lists, and what of ours.")
    price_position = fields.Text("Price position", help="Ours against the others on its shelf.")
    promotions = fields.Text()
    merchandising = fields.Text()
    consumer_base = fields.Text("Consumer base", help="Who buys it there.")

    @api.depends('our_sales')
    def _compute_our_sales_date(self):
        today = self.env.company._kam_today()
        for line in self:
            line.our_sales_date = line.our_sales is not False and today

    @api.depends('estimate_ids.date', 'estimate_ids.amount', 'estimate_ids.source', 'estimate_ids.confidence')
    def _compute_potential(self):
        for line in self:
            line._take_latest_estimate()

    def _take_latest_estimate(self):
        latest = self._latest_estimate()
        self.potential = latest.amount if latest else False
        self.potential_date = latest.date
        self.potential_source = latest.source
        self.potential_confidence = latest.confidence

    def _latest_estimate(self):
        return self.estimate_ids.sorted(lambda row: (row.date, row._origin.id or 0))[-1:]

    def _inverse_potential(self):
        """What is entered on the line is today's estimate; one of an earlier day is never overwritten."""
        today = self.env.company._kam_today()
        for line in self:
            entered = {name: line[name] for name in ESTIMATED}
            if entered['potential'] is False:
                continue
            latest = line._latest_estimate()
            moved = latest and latest.amount != entered['potential']
            day = entered['potential_date'] or today
            if moved and day == latest.date and day < today:
                day = today
            values = {
                'amount': entered['potential'], 'date': day, 'source': entered['potential_source'],
                'confidence': entered['potential_confidence'] or 'low'}
            if latest and (latest.date == day or not moved):
                latest.write(values)
            else:
                self.env['kam.plan.estimate'].create({**values, 'category_id': line.id, 'plan_id': line.plan_id.id})
            # What is entered is protected from being computed anew, so the line takes it from the latest row here.
            line._take_latest_estimate()

    @api.depends('our_sales', 'potential')
    def _compute_wallet(self):
        for line in self:
            line.share = share_of_wallet(line.our_sales, line.potential)
            line.white_space = white_space(line.our_sales, line.potential)
            line.is_underestimated = line.share is not False and line.share > 1

    @api.constrains('our_sales')
    def _check_our_sales(self):
        for line in self:
            if line.our_sales is not False and line.our_sales < 0:
                raise ValidationError(self.env._(
                    "“%(category)s”: our sales are a positive amount, or empty while unknown.", category=line.name))
