"""The wallet: what the customer buys per category, what of it from us, and what is left to win.

The potential of a category is the latest of its estimates; the older ones stay as rows (`kam.plan.estimate`). Our sales
are those that the worker found where the line names a product category (`kam.wallet`), else what people typed.
"""
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from ..tools.fields import OptionalReference, UnknownFloat, UnknownInteger
from ..tools.wallet import line_wallet
from .kam_plan_estimate import CONFIDENCES

PRODUCT_CATEGORY = 'product.category'
BASES = [('figures', "Sales and potential"), ('rank', "Our rank among the suppliers")]
ESTIMATED = ('potential', 'potential_date', 'potential_source', 'potential_confidence')
# The same, as the estimate has it, and who estimated.
ESTIMATE = ('amount', 'date', 'source', 'confidence', 'user_id')


class KamPlanCategory(models.Model):
    _name = 'kam.plan.category'
    _description = "Category of a customer's wallet"
    _inherit = ['kam.plan.row.mixin', 'kam.estimate.mixin', 'kam.unknown.mixin']
    _order = 'plan_id, sequence, id'

    sequence = fields.Integer(default=10)
    name = fields.Char("Category", required=True)
    currency_id = fields.Many2one(related='plan_id.currency_id')
    product_category = OptionalReference(
        selection='_select_product_category', string="Our product category",
        help="Our products of this category, and of those below it, are what we sell: the worker adds them up.")
    has_product_categories = fields.Boolean(
        compute='_compute_has_product_categories', export_string_translation=False)
    our_sales = UnknownFloat(
        "Our sales, as typed", aggregator='sum', help="What we sell of it in a year; counts where no product category "
                                                      "is named.")
    our_sales_date = fields.Date(
        "Typed figure as of", compute='_compute_our_sales_date', store=True, readonly=False, precompute=True)
    wallet_ids = fields.One2many('kam.wallet', 'category_id', "As computed", export_string_translation=False)
    sales = UnknownFloat(
        "Our sales", compute='_compute_sales', aggregator=None,
        help="Of a year: what the worker found in the product category, else what was typed.")
    sales_date = fields.Date("Sales as of", compute='_compute_sales')
    our_rank = UnknownInteger(
        "Our rank", aggregator=None, help="1 when we are the customer's first supplier of it. With the number of "
                                          "suppliers it tells our share where sales or potential are unknown.")
    supplier_count = UnknownInteger(
        "Suppliers", aggregator=None, help="From how many suppliers the customer buys it, us included.")
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
    share = UnknownFloat(
        "Share of wallet", compute='_compute_wallet', aggregator=None, help="From 0 to 1; see the flag.")
    share_basis = fields.Selection(BASES, "Share from", compute='_compute_wallet')
    white_space = UnknownFloat(
        "White space", compute='_compute_wallet', aggregator=None,
        help="What the customer buys from others. Unknown where the estimate is under our own sales.")
    is_underestimated = fields.Boolean(
        "Estimate under our own sales", compute='_compute_wallet',
        help="The customer can't buy less of it in all than from us: estimate it again.")

    assortment = fields.Text(help="Of a trade customer: what it lists, and what of ours.")
    price_position = fields.Text("Price position", help="Ours against the others on its shelf.")
    promotions = fields.Text()
    merchandising = fields.Text()
    consumer_base = fields.Text("Consumer base", help="Who buys it there.")

    # ------------------------------------------------------------------ our sales
    @api.model
    def _select_product_category(self):
        """Product categories where products are installed: nothing else may be named."""
        if PRODUCT_CATEGORY not in self.env:
            return []
        return [(PRODUCT_CATEGORY, self.env['ir.model']._get(PRODUCT_CATEGORY).name)]

    @api.depends()
    def _compute_has_product_categories(self):
        self.has_product_categories = PRODUCT_CATEGORY in self.env

    @api.model
    def _product_category_ids(self, references):
        """The ids of those categories that are still there, by their reference."""
        ids = {reference: int(reference.split(',')[1]) for reference in references}
        if not ids or PRODUCT_CATEGORY not in self.env:
            return {}
        there = set(self.env[PRODUCT_CATEGORY].browse(ids.values()).exists()._ids)
        return {reference: number for reference, number in ids.items() if number in there}

    @api.depends('product_category', 'our_sales', 'our_sales_date', 'wallet_ids.sales', 'wallet_ids.as_of')
    def _compute_sales(self):
        named = {line: f"{line.product_category._name},{line.product_category.id}"
                 for line in self if line.product_category}
        there = self._product_category_ids(set(named.values()))
        found = {}
        if there:
            found = {wallet.category_id: wallet for wallet in self.env['kam.wallet'].search(
                [('category_id', 'in', self._origin.ids)])}
        for line in self:
            if named.get(line) in there:
                wallet = found.get(line._origin)
                line.sales = wallet.sales if wallet else False
                line.sales_date = wallet.as_of if wallet else False
            else:
                line.sales, line.sales_date = line.our_sales, line.our_sales_date

    @api.depends('our_sales')
    def _compute_our_sales_date(self):
        today = self.env.company._kam_today()
        for line in self:
            line.our_sales_date = line.our_sales is not False and today

    # ------------------------------------------------------------------ potential
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
        """What is entered on the line is today's estimate; one of an earlier day is never overwritten.

        An amount that is entered again confirms it as of that day. A new amount has the source and the confidence that
        come with it, not those of the one before.
        """
        today = self.env.company._kam_today()
        written = self.env.context.get('kam_written', ESTIMATED)
        for line in self:
            entered = {name: line[name] for name in ESTIMATED}
            latest = line._latest_estimate()
            if entered['potential'] is False:
                if latest:
                    raise ValidationError(self.env._(
                        "“%(category)s”: estimates stay on record, so the potential can't be emptied. Correct it, or "
                        "delete the estimates that are wrong.", category=line.name))
                continue
            moved = latest and latest.amount != entered['potential']
            dated = 'potential_date' in written and entered['potential_date']
            day = dated or (today if 'potential' in written else latest.date) or today
            if moved and day == latest.date and day < today:
                day = today
            # The same amount on an earlier day is the latest one with its date put right.
            correcting = latest and (latest.date == day or not moved and day < latest.date)
            inherited = not latest or correcting or not moved
            values = {
                'amount': entered['potential'], 'date': day,
                'source': (inherited or 'potential_source' in written) and entered['potential_source'],
                'confidence': (
                    (inherited or 'potential_confidence' in written) and entered['potential_confidence'] or 'low')}
            if correcting:
                latest.write(values)
            else:
                self.env['kam.plan.estimate'].create({**values, 'category_id': line.id, 'plan_id': line.plan_id.id})
            # What is entered is protected from being computed anew, so the line takes it from the latest row here.
            line._take_latest_estimate()

    def copy_data(self, default=None):
        # The latest estimate goes along, with its own day and source; the older ones stay where they are.
        lines = []
        for line, vals in zip(self, super().copy_data(default), strict=True):
            estimates = [Command.create({name: value for name, value in estimate.items() if name in ESTIMATE})
                         for estimate in line._latest_estimate().copy_data()]
            lines.append({**{name: value for name, value in vals.items() if name not in ESTIMATED},
                          'estimate_ids': estimates})
        return lines

    def write(self, vals):
        # Which of them come with this change: the others still show the estimate before.
        written = tuple(name for name in ESTIMATED if name in vals)
        lines = self.with_context(kam_written=written) if written else self
        return super(KamPlanCategory, lines).write(vals)

    # ------------------------------------------------------------------ what follows
    @api.depends('sales', 'potential', 'our_rank', 'supplier_count')
    def _compute_wallet(self):
        for line in self:
            wallet = line_wallet(line.sales, line.potential, line.our_rank, line.supplier_count)
            line.share, line.white_space, line.is_underestimated, line.share_basis = wallet

    # ------------------------------------------------------------------ checks
    @api.constrains('our_rank', 'supplier_count')
    def _check_rank(self):
        for line in self:
            if line.supplier_count is not False and line.supplier_count < 1:
                raise ValidationError(self.env._(
                    "“%(category)s”: the customer has at least one supplier; leave the number empty while unknown.",
                    category=line.name))
            if line.our_rank is not False and (
                    line.our_rank < 1 or line.supplier_count is not False and line.our_rank > line.supplier_count):
                raise ValidationError(self.env._(
                    "“%(category)s”: our rank goes from 1 to the number of suppliers. Correct one of the two.",
                    category=line.name))

    @api.constrains('our_sales')
    def _check_our_sales(self):
        for line in self:
            if line.our_sales is not False and line.our_sales < 0:
                raise ValidationError(self.env._(
                    "“%(category)s”: our sales are a positive amount, or empty while unknown.", category=line.name))
