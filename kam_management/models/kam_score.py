"""The latest scores of each account, one row per account and company.

Written by SQL in `kam.sync` alone: nobody has the right to write here through the ORM, and no method does. Nothing of
it is stored on the partner.
"""
from odoo import api, fields, models

from ..tools.fields import UnknownFloat, UnknownInteger

PARETO = [('A', "A"), ('B', "B"), ('C', "C")]
QUADRANTS = [
    ('invest', "Invest"), ('selective', "Invest selectively"), ('maintain', "Maintain"), ('cash', "Manage for cash")]
DEPENDENCE = [
    ('mutual_partnership', "Mutual: collaborative partnership"),
    ('mutual_unconfirmed', "Mutual: reciprocity not confirmed"),
    ('mutual_competitive', "Mutual: competitive interaction"),
    ('vulnerable_supplier', "Vulnerable supplier"),
    ('inviting_buyer', "Inviting buyer"),
    ('vulnerable_buyer', "Vulnerable buyer"),
    ('inviting_supplier', "Inviting supplier"),
    ('low', "Low dependence"),
]
BANDS = [('red', "Red"), ('amber', "Amber"), ('green', "Green")]


class KamScoreFields(models.AbstractModel):
    """The columns that the worker fills, the same in the latest scores and in their history."""

    _name = 'kam.score.fields'
    _description = "Scores of an account"
    _inherit = ['kam.account.mixin', 'kam.unknown.mixin']
    _log_access = False  # machine-written: the run says who and when

    # Few indexes: 100,000 rows change in a refresh, and the unique constraints begin with the partner.
    partner_id = fields.Many2one('res.partner', "Account", required=True, readonly=True, ondelete='cascade')
    company_id = fields.Many2one('res.company', required=True, index=True, readonly=True, ondelete='cascade')
    currency_id = fields.Many2one(related='company_id.currency_id')
    as_of = fields.Date("As of", required=True, readonly=True)
    run_id = fields.Many2one('kam.sync.run', "Run", readonly=True, ondelete='set null',
                             help="The run that last changed this row.")

    revenue = UnknownFloat("Revenue", readonly=True, aggregator='sum', help="In the revenue window.")
    revenue_before = UnknownFloat("Revenue before", readonly=True, aggregator='sum',
                                  help="In the window before the revenue window.")
    growth = UnknownFloat("Growth %", readonly=True)
    margin = UnknownFloat("Gross margin", readonly=True, aggregator='sum')
    margin_percent = UnknownFloat("Gross margin %", readonly=True)
    net_margin = UnknownFloat("Net margin", readonly=True, aggregator='sum',
                              help="What remains of the gross margin after the cost to serve.")
    margin_estimated = fields.Boolean("Margin estimated", readonly=True,
                                      help="The cost of some of the revenue is unknown: its margin is estimated.")
    documents = fields.Integer("Documents", readonly=True)
    last_document = fields.Date("Last document", readonly=True)
    rank = UnknownInteger("Rank", readonly=True, help="By revenue; 1 is the largest.")
    share = UnknownFloat("Share of sales", readonly=True, aggregator='sum', help="From 0 to 1.")
    cumulative_share = UnknownFloat("Cumulative share", readonly=True, aggregator='max',
                                    help="Of this account and all larger ones, from 0 to 1.")
    pareto_class = fields.Selection(PARETO, "Class", readonly=True, help="By revenue.")
    margin_class = fields.Selection(PARETO, "Class by margin", readonly=True)
    is_compared = fields.Boolean("Assessed", readonly=True,
                                 help="Compared with other accounts. The others have no selection scores.")
    attractiveness = UnknownFloat("Attractiveness", readonly=True)
    position = UnknownFloat("Competitive position", readonly=True)
    willingness = UnknownFloat("Willingness to co-invest", readonly=True)
    strategic_value = UnknownFloat("Strategic value", readonly=True)
    financial_value = UnknownFloat("Financial value", readonly=True)
    quadrant = fields.Selection(QUADRANTS, "Quadrant", readonly=True)
    relationship_quality = UnknownFloat("Relationship quality", readonly=True)
    dependence = fields.Selection(DEPENDENCE, "Dependence", readonly=True)
    share_of_wallet = UnknownFloat("Share of wallet", readonly=True, help="From 0 to 1.")
    wallet_coverage = UnknownFloat(
        "Categories known", readonly=True, help="Of the categories in the active plan: those whose sales and potential "
                                                "are both known. From 0 to 1.")
    white_space = UnknownFloat(
        "White space", readonly=True, aggregator='sum',
        help="What the customer buys from others, as far as known. Of a plan for several accounts it is counted at one "
             "of them: at the plan's own.")
    satisfaction = UnknownFloat("Satisfaction", readonly=True)
    nps = UnknownFloat("NPS", readonly=True)
    relationship = UnknownFloat("Relationship strength", readonly=True)
    health = UnknownFloat("Health", readonly=True)
    health_band = fields.Selection(BANDS, "Health band", readonly=True)
    explanation = fields.Json(readonly=True)
    movement = fields.Json(readonly=True)


class KamScore(models.Model):
    _name = 'kam.score'
    _description = "Scores of an account, latest"
    _inherit = ['kam.score.fields']
    _log_access = False
    _order = 'rank, id'
    _rec_names_search = ['partner_id']

    previous_as_of = fields.Date("Previous refresh", readonly=True)
    previous_revenue = UnknownFloat("Previous revenue", readonly=True, aggregator='sum')
    previous_rank = UnknownInteger("Previous rank", readonly=True)
    previous_pareto_class = fields.Selection(PARETO, "Previous class", readonly=True)

    # Of the partner, which whoever reads its score may read; not stored, so that nobody's edit waits for us.
    is_key_account = fields.Boolean(related='partner_id.is_key_account')
    kam_manager_id = fields.Many2one(related='partner_id.kam_manager_id')
    salesperson_id = fields.Many2one(related='partner_id.user_id', string="Salesperson")
    country_id = fields.Many2one(related='partner_id.country_id')
    industry_id = fields.Many2one(related='partner_id.industry_id')
    partner_active = fields.Boolean(related='partner_id.active', string="Active customer")

    freshness_date = fields.Date(
        "Refreshed as of", compute='_compute_freshness',
        help="The day of the company's last published refresh, which confirmed or changed these scores.")
    age_days = UnknownInteger("Age in days", compute='_compute_freshness')
    is_stale = fields.Boolean("Stale", compute='_compute_freshness',
                              help="No refresh was published within the refresh period.")

    _partner_company_unique = models.Constraint(
        'UNIQUE(partner_id, company_id)', "An account has one row of scores per company.")

    @api.depends('partner_id.display_name')
    def _compute_display_name(self):
        for score in self:
            score.display_name = score.partner_id.display_name

    @api.depends('company_id')
    @api.depends_context('tz')
    def _compute_freshness(self):
        """From the last published run, not from the row's own: a row that did not change is no older for it."""
        today = fields.Date.context_today(self)
        for company in self.company_id:
            # Only its dates are used, and they belong to the scores that the reader has in hand.
            run = self.env['kam.sync.run'].sudo()._last_published(company)
            age = (today - run.as_of).days if run else False
            # Refresh periods are set by administrators; everyone may know whether a score is stale.
            hours = company.sudo().kam_settings_id.refresh_hours
            stale = not run or (fields.Datetime.now() - run.date_end).total_seconds() > 3600 * hours
            scores = self.filtered(lambda score, company=company: score.company_id == company)
            scores.freshness_date = run.as_of
            scores.age_days = age
            scores.is_stale = stale
        for score in self.filtered(lambda score: not score.company_id):
            score.freshness_date = score.age_days = score.is_stale = False
