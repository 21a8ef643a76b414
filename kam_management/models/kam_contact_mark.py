"""How far contacts have been recorded: one row, written by Odoo alone.

No parameter of the system: writing one empties a cache of every worker, and this is written every few minutes.
"""
from odoo import api, fields, models


class KamContactMark(models.Model):
    _name = 'kam.contact.mark'
    _description = "How far contacts have been recorded"

    date = fields.Datetime("Recorded until")
    message_id = fields.Integer("Last message read")

    @api.model
    def _get(self):
        return self.search([], limit=1) or self.create({})
