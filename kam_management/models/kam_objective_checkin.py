"""Where an objective stands on a day, and how sure whoever says so is that it will be reached."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ..tools.fields import UnknownFloat

CONFIDENCE = [('low', "Not sure"), ('medium', "Fairly sure"), ('high', "Very sure")]


class KamObjectiveCheckin(models.Model):
    _name = 'kam.objective.checkin'
    _description = "Check-in on an objective"
    _inherit = ['kam.unknown.mixin']
    _order = 'date desc, id desc'

    objective_id = fields.Many2one('kam.objective', "Objective", required=True, index=True, ondelete='cascade')
    date = fields.Date(required=True, default=lambda self: self.env.company._kam_today())
    value = UnknownFloat(required=True, aggregator=None, help="In the unit of the objective.")
    confidence = fields.Selection(
        CONFIDENCE, required=True, default='medium', help="How sure you are that the target will be reached.")
    note = fields.Char(help="What happened, and what comes next.")
    user_id = fields.Many2one(
        'res.users', "By", required=True, readonly=True, default=lambda self: self.env.user, ondelete='restrict')

    @api.constrains('objective_id', 'date', 'value')
    def _check_objective_id(self):
        for checkin in self:
            if checkin.objective_id.state != 'running':
                raise ValidationError(self.env._(
                    "“%(objective)s” is not running: check-ins tell how far it is while it runs. Start it first.",
                    objective=checkin.objective_id.name))

    @api.constrains('date')
    def _check_date(self):
        today = self.env.company._kam_today()
        for checkin in self:
            if checkin.date > today:
                raise ValidationError(self.env._(
                    "A check-in says where it stands, and %(date)s is yet to come. Choose today or a day before.",
                    date=format_date(self.env, checkin.date)))
