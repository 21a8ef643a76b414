"""That somebody was asked how satisfied they are, and whether they answered: what a response rate is counted from.

Written by Odoo alone, from the records that a source says were asked (`kam.satisfaction.source`).
"""
from odoo import api, fields, models

from ..tools.fields import UnknownInteger


class KamSatisfactionRequest(models.Model):
    _name = 'kam.satisfaction.request'
    _description = "Request for an answer on satisfaction"
    _inherit = ['kam.person.mixin', 'kam.unknown.mixin']
    _order = 'date desc, id desc'
    _rec_names_search = ['contact_id', 'partner_id']

    contact_id = fields.Many2one(help="Who was asked. Empty: only the account is known.")
    date = fields.Date("Asked on")
    answered_on = fields.Date("Answered on", help="Empty: there is no answer yet.", index=True)
    former_contact = UnknownInteger(
        "Former person", readonly=True, copy=False, export_string_translation=False,
        help="The number of a contact who was deleted: what is counted by people stays as it was.")
    source_id = fields.Many2one('kam.satisfaction.source', "Source", index=True, ondelete='set null')
    origin_model = fields.Char("Origin: model", required=True, export_string_translation=False)
    origin_id = fields.Many2oneReference(
        "Origin: record", model_field='origin_model', required=True, export_string_translation=False)

    _origin_unique = models.Constraint(
        'UNIQUE(origin_model, origin_id)', "This request has been taken over already.")

    @api.depends('contact_id', 'partner_id')
    def _compute_display_name(self):
        for request in self:
            request.display_name = request.contact_id.name or request.partner_id.name

    @api.model
    def _kam_forget(self, people):
        # In sudo: also rows that whoever deletes contacts may not see.
        rows = self.sudo().with_context(active_test=False).search([('contact_id', 'in', people.ids)])
        for person, requests in rows.grouped('contact_id').items():
            requests.former_contact = person.id
        return super()._kam_forget(people)
