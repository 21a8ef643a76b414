"""How strong the relation with an account is, and how good, as the worker computed it.

Written by SQL in `kam.sync` alone. What people say of the relation is in `kam.relationship` and
`kam.relationship.assessment`; of single people in `kam.stakeholder`.
"""
from odoo import api, fields, models

from ..tools.fields import UnknownFloat


class KamRelationshipScore(models.Model):
    _name = 'kam.relationship.score'
    _description = "Relationship with an account, computed"
    _inherit = ['kam.account.mixin', 'kam.unknown.mixin']
    _log_access = False  # machine-written: the run says who and when
    _order = 'strength, id'
    _rec_name = 'partner_id'
    _rec_names_search = ['partner_id']

    partner_id = fields.Many2one('res.partner', "Account", required=True, readonly=True, ondelete='cascade')
    company_id = fields.Many2one('res.company', required=True, index=True, readonly=True, ondelete='cascade')
    as_of = fields.Date("As of", required=True, readonly=True)
    run_id = fields.Many2one('kam.sync.run', "Refresh", readonly=True, ondelete='set null', index='btree_not_null')

    strength = UnknownFloat("Relationship strength", readonly=True, help="Of its people, from 0 to 100.")
    quality = UnknownFloat("Relationship quality", readonly=True, help="As it was rated, from 0 to 100.")
    quality_raters = fields.Integer("Raters", readonly=True)
    quality_date = fields.Date("Latest rating", readonly=True)
    coverage = UnknownFloat(
        "Coverage", readonly=True, aggregator=None, help="People in touch with us within their rhythm, from 0 to 1.")
    people = fields.Integer("People", readonly=True)
    people_in_touch = fields.Integer("People in touch", readonly=True)
    role_coverage = UnknownFloat(
        "Role coverage", readonly=True, aggregator=None,
        help="Of the roles that the tier requires: those that somebody plays, from 0 to 1.")
    roles_required = fields.Integer("Roles required", readonly=True)
    roles_filled = fields.Integer("Roles filled", readonly=True)
    gap = UnknownFloat(
        "Still to go", readonly=True, aggregator=None,
        help="Which part of the way to the relationships wanted is still to go, from 0 to 1.")
    colleagues = fields.Integer("Our people in touch", readonly=True)
    # No Boolean: unknown would be a no.
    is_single_thread = fields.Selection(
        [('yes', "Yes"), ('no', "No")], "Single thread", readonly=True,
        help="All hangs on one person: of theirs or of ours. Empty while no contact is on record.")
    functions = fields.Json("Contacts per function", readonly=True)
    aspects = fields.Json("Aspects", readonly=True)

    # A Constraint and no UniqueIndex: the wizard that merges contacts knows only the former.
    _account_unique = models.Constraint(
        'UNIQUE(partner_id, company_id)', "An account has one computed relationship per company.")

    @api.depends('partner_id')
    def _compute_display_name(self):
        for score in self:
            score.display_name = score.partner_id.display_name
