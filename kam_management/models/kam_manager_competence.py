"""How far one manager has come in one competence, against what is needed."""
from odoo import api, fields, models

from ..tools.fields import UnknownInteger
from .kam_competence import LEVELS


class KamManagerCompetence(models.Model):
    _name = 'kam.manager.competence'
    _description = "Competence of a key account manager"
    _inherit = ['kam.placed.mixin', 'kam.unknown.mixin']
    _kam_place = ('manager_id',)
    _order = 'manager_id, sequence, id'
    _rec_name = 'competence_id'

    manager_id = fields.Many2one('kam.manager', "Manager", required=True, index=True, ondelete='cascade')
    user_id = fields.Many2one(related='manager_id.user_id', store=True, index=True, string="Person")
    company_id = fields.Many2one(related='manager_id.company_id', store=True, index=True)
    competence_id = fields.Many2one('kam.competence', required=True, index=True, ondelete='cascade')
    sequence = fields.Integer(related='competence_id.sequence', store=True)
    needed = fields.Selection(
        LEVELS, required=True, compute='_compute_needed', store=True, readonly=False, precompute=True)
    present = fields.Selection(LEVELS, help="Empty: not assessed yet.")
    gap = UnknownInteger(
        compute='_compute_gap', store=True, aggregator='sum',
        help="Levels that are missing; 0 when what is needed is there, unknown while nobody has assessed it.")
    date_assessed = fields.Date("Assessed on", compute='_compute_date_assessed', store=True, readonly=False)
    note = fields.Char("Next step", help="Training, coaching, or someone who complements it.")

    _competence_unique = models.Constraint(
        'UNIQUE(manager_id, competence_id)', "This competence is on the list of this manager already.")

    @api.depends('competence_id')
    def _compute_needed(self):
        for line in self:
            line.needed = line.needed or line.competence_id.needed

    @api.depends('needed', 'present')
    def _compute_gap(self):
        for line in self:
            line.gap = max(0, int(line.needed) - int(line.present)) if line.present and line.needed else False

    @api.depends('present')
    def _compute_date_assessed(self):
        for line in self:
            line.date_assessed = self.env.company._kam_today() if line.present else False
