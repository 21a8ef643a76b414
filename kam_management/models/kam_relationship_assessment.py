"""What a person thinks of the relation with an account, on one day: ten aspects, each from 1 to 10 or unknown.

The latest known rating of each person counts for each aspect. The relationship quality is computed by the worker; here
stand the ratings, and their plain mean and spread for people to look at. Managers rate their own work, so what the
account's manager says alone is shown as theirs and makes no mean (`tools/relationship.py`).
"""
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools.aspects import ANCHORS, ASPECTS
from ..tools.fields import UnknownInteger
from ..tools.relationship import newest_by_rater


class KamRelationshipAssessment(models.Model):
    _name = 'kam.relationship.assessment'
    _description = "Assessment of the relation with an account"
    _inherit = ['kam.opinion.mixin', 'kam.account.mixin', 'kam.unknown.mixin']
    _order = 'date desc, id desc'
    _kam_owners = ('user_id',)

    partner_id = fields.Many2one('res.partner', "Account", required=True, index=True, ondelete='restrict')
    trust = UnknownInteger(aggregator='avg', help="They count on what we say, and we on what they say.")
    commitment = UnknownInteger(
        aggregator='avg', help="Both sides want to go on together, and put something into it.")
    conflict = UnknownInteger(
        aggregator='avg', help="How much we are at odds. Here a low rating is the good one.")
    reciprocity = UnknownInteger(aggregator='avg', help="What one side gives comes back from the other.")
    closeness = UnknownInteger(
        "Personal closeness", aggregator='avg', help="People of both sides know each other as persons.")
    shared_values = UnknownInteger(
        "Shared values", aggregator='avg', help="Both run their business by the same principles.")
    congruent_goals = UnknownInteger(
        "Congruent goals", aggregator='avg', help="What one side wants helps the other.")
    shared_information = UnknownInteger(
        "Shared information", aggregator='avg', help="What the other side needs to know, it is told, and in time.")
    effective_communication = UnknownInteger(
        "Effective communication", aggregator='avg',
        help="The right people reach each other, and understand each other.")
    cooperation = UnknownInteger(aggregator='avg', help="Both sides work on things together.")
    # The worker reads what is thought, and no word of why.
    comment = fields.Text(groups='kam_management.group_kam_user', help="What makes you think so.")
    rated_count = fields.Integer("Aspects rated", compute='_compute_rated_count', aggregator=None)

    # A Constraint and no UniqueIndex: the wizard that merges contacts knows only the former.
    _rating_unique = models.Constraint(
        'UNIQUE(partner_id, user_id, date, company_id)',
        "You rated the relation with this account that day already. Change those ratings, or rate it another day.")

    # ------------------------------------------------------------------ computes
    @api.depends(*ASPECTS)
    def _compute_rated_count(self):
        for assessment in self:
            assessment.rated_count = sum(assessment[aspect] is not False for aspect in ASPECTS)

    @api.depends('partner_id', 'user_id', 'date')
    def _compute_display_name(self):
        for assessment in self:
            assessment.display_name = assessment.partner_id and self.env._(
                "%(account)s by %(user)s", account=assessment.partner_id.display_name,
                user=assessment.user_id.name or '')

    # ------------------------------------------------------------------ checks
    @api.constrains('partner_id')
    def _check_partner_id(self):
        self.partner_id._kam_require_account()

    @api.constrains('partner_id', *ASPECTS)
    def _check_ratings(self):
        for assessment in self:
            for aspect in ASPECTS:
                value = assessment[aspect]
                if value is not False and not 1 <= value <= 10:
                    raise ValidationError(self.env._(
                        "%(aspect)s: a rating goes from 1 to 10; %(value)s does not. Leave it empty while unknown.",
                        aspect=self._label(aspect), value=value))
            if not assessment.rated_count:
                raise ValidationError(self.env._("Rate at least one aspect; what you don't know stays empty."))

    # ------------------------------------------------------------------ what was said
    @api.model
    def _label(self, aspect):
        return self._fields[aspect]._description_string(self.env)

    @api.model
    def _anchor(self, aspect, rating):
        return str(ANCHORS[aspect][rating])

    @api.model
    def _find_counting(self, partners, company, until=None):
        """Assessments of these accounts that count, on the day `until` or today, as far as the reader may see them.

        :return: ``{account: assessments}``, the newest first
        """
        domain = Domain('partner_id', 'in', partners._origin.ids) & Domain('company_id', '=', company.id)
        if until:
            domain &= Domain('date', '<=', until)
        first = self._oldest_counting().get(company.id)
        if first:
            domain &= Domain('date', '>=', first)
        found = defaultdict(self.browse)
        if partners._origin and self.has_access('read'):
            for assessment in self.search_fetch(domain, ['partner_id', 'user_id', 'date', *ASPECTS]):
                found[assessment.partner_id] |= assessment
        return found

    def _ratings_of(self, aspect):
        """Of these assessments of one account, the newest first: ``{rater: (latest, the one before or False)}``."""
        return newest_by_rater([(assessment.user_id, assessment[aspect]) for assessment in self])
