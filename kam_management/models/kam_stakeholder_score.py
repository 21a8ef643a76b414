"""How strong the relation with each person of an account is, as the worker computed it from contacts.

Written by SQL in `kam.sync` alone; read by whoever may read the stakeholder.
"""
from odoo import fields, models

from ..tools.fields import UnknownFloat


class KamStakeholderScore(models.Model):
    _name = 'kam.stakeholder.score'
    _description = "Relationship with a person, computed"
    _inherit = ['kam.unknown.mixin']
    _log_access = False  # machine-written: the run says who and when
    _order = 'strength, id'
    _rec_name = 'stakeholder_id'

    stakeholder_id = fields.Many2one(
        'kam.stakeholder', required=True, readonly=True, index=True, ondelete='cascade')
    company_id = fields.Many2one('res.company', required=True, index=True, readonly=True, ondelete='cascade')
    as_of = fields.Date("As of", required=True, readonly=True)
    run_id = fields.Many2one('kam.sync.run', "Refresh", readonly=True, ondelete='set null', index='btree_not_null')

    strength = UnknownFloat("Relationship strength", readonly=True, help="From 0 to 100.")
    is_in_touch = fields.Boolean(
        "In touch", readonly=True, help="The last contact is no older than the rhythm of their roles.")
    contact_days = fields.Integer("Days with contact", readonly=True, help="In the 90 days before the refresh.")
    is_two_way = fields.Boolean("Both ways", readonly=True, help="Both sides were in touch in these days.")
    last_contact = fields.Date("Last contact", readonly=True)

    _stakeholder_unique = models.Constraint(
        'UNIQUE(stakeholder_id, company_id)', "A person has one computed relationship per company.")
