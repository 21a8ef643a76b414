"""How far a source has been read for a company: one row each, written by Odoo alone."""
from odoo import fields, models


class KamSatisfactionMark(models.Model):
    _name = 'kam.satisfaction.mark'
    _description = "How far a source of answers has been read"

    source_id = fields.Many2one('kam.satisfaction.source', required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one('res.company', required=True, index=True, ondelete='cascade')
    date = fields.Datetime("Read until")
    full_date = fields.Datetime("Read from the beginning on")

    _source_unique = models.Constraint('UNIQUE(source_id, company_id)', "A source is read once for a company.")
