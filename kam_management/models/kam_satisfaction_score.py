"""How satisfied people, accounts, tiers and the portfolio are, as the worker rolled it up from single answers.

Written by SQL in `kam.sync` alone. One row for each subject, and for accounts, tiers and the portfolio one per
touchpoint besides. The answers themselves are in `kam.satisfaction.response`.
"""
from odoo import api, fields, models

from ..tools.fields import UnknownFloat

SCOPES = [('contact', "Person"), ('account', "Account"), ('tier', "Tier"), ('portfolio', "Portfolio")]


class KamSatisfactionScore(models.Model):
    _name = 'kam.satisfaction.score'
    _description = "Satisfaction, rolled up"
    _inherit = ['kam.account.mixin', 'kam.unknown.mixin']
    _log_access = False  # machine-written: the run says who and when
    _order = 'scope, partner_id, touchpoint_id, id'

    scope = fields.Selection(SCOPES, "Of", required=True, readonly=True)
    partner_id = fields.Many2one(
        'res.partner', "Account", readonly=True, index='btree_not_null', ondelete='cascade')
    contact_id = fields.Many2one(
        'res.partner', "Person", readonly=True, index='btree_not_null', ondelete='cascade')
    tier_id = fields.Many2one('kam.tier', "Tier", readonly=True, index='btree_not_null', ondelete='cascade')
    touchpoint_id = fields.Many2one(
        'kam.touchpoint', "Touchpoint", readonly=True, index='btree_not_null', ondelete='cascade',
        help="Empty: all of the journey.")
    company_id = fields.Many2one('res.company', required=True, index=True, readonly=True, ondelete='cascade')
    as_of = fields.Date("As of", required=True, readonly=True)
    run_id = fields.Many2one('kam.sync.run', "Refresh", readonly=True, ondelete='set null', index='btree_not_null')

    satisfaction = UnknownFloat(
        "Satisfaction index", readonly=True, help="From 0 to 100. Unknown under three answers or two people.")
    trend = UnknownFloat("Since 90 days ago", readonly=True, aggregator=None, help="Points of the index.")
    answers = fields.Integer("Answers", readonly=True, help="That count: the latest of each person, kind and moment.")
    people = fields.Integer("People", readonly=True, help="Who answered; each anonymous answer is a person of its own.")
    last_date = fields.Date("Latest answer", readonly=True)
    nps = UnknownFloat("NPS", readonly=True, aggregator=None, help="From −100 to 100.")
    nps_answers = fields.Integer("Answers: NPS", readonly=True)
    csat = UnknownFloat("CSAT", readonly=True, aggregator=None, help="From 0 to 1.")
    csat_answers = fields.Integer("Answers: CSAT", readonly=True)
    ces = UnknownFloat("CES", readonly=True, aggregator=None, help="On the scale that it was asked on.")
    ces_lowest = UnknownFloat("CES: lowest answer", readonly=True, aggregator=None)
    ces_highest = UnknownFloat("CES: highest answer", readonly=True, aggregator=None)
    ces_low_is_good = fields.Boolean("CES: a low answer is good", readonly=True)
    ces_answers = fields.Integer("Answers: CES", readonly=True)
    favourability = UnknownFloat(
        "Favourable moments", readonly=True, aggregator=None, help="Of the moments of truth, from 0 to 1.")
    favourability_answers = fields.Integer("Answers: moments of truth", readonly=True)
    asked = fields.Integer("Asked", readonly=True, help="Requests for an answer in the revenue window.")
    answered = fields.Integer("Answered", readonly=True)
    response_rate = UnknownFloat("Response rate", readonly=True, aggregator=None, help="From 0 to 1.")
    series = fields.Json("Month by month", readonly=True)

    # What the row is of, as one text that is never unknown: to PostgreSQL no two unknowns are the same. `kam.sync`
    # writes it the same way.
    key = fields.Char(compute='_compute_key', store=True, precompute=True, export_string_translation=False)

    _subject_unique = models.Constraint(
        'UNIQUE(company_id, key)', "A subject has one row of satisfaction per touchpoint.")

    @api.depends('scope', 'partner_id', 'contact_id', 'tier_id', 'touchpoint_id')
    def _compute_key(self):
        for score in self:
            subject = (score.partner_id, score.contact_id, score.tier_id, score.touchpoint_id)
            score.key = '/'.join([score.scope or '', *(str(record.id or 0) for record in subject)])

    @api.depends('scope', 'partner_id', 'contact_id', 'tier_id', 'touchpoint_id')
    @api.depends_context('lang')
    def _compute_display_name(self):
        scopes = dict(self._fields['scope']._description_selection(self.env))
        for score in self:
            subject = score.contact_id or score.tier_id or score.partner_id
            names = [subject.display_name or scopes.get(score.scope), score.touchpoint_id.name]
            score.display_name = " · ".join(filter(None, names))
