"""How old the estimate behind a potential is, wherever the potential is shown."""
from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.fields import Domain

from .kam_plan import OLD_MONTHS


class KamEstimateMixin(models.AbstractModel):
    """A model with a ``potential_date``: the day of the estimate that its potential stands on."""

    _name = 'kam.estimate.mixin'
    _description = "Potential with the age of its estimate"

    potential_age = fields.Char("Age of the estimate", compute='_compute_potential_age')
    is_potential_old = fields.Boolean(
        "Old estimate", compute='_compute_potential_age', search='_search_is_potential_old',
        help="Older than half a year: estimate it again, or confirm it with a new date.")

    @api.model
    def _first_recent_day(self):
        """Estimates of before this day are old."""
        return self.env.company._kam_today() - relativedelta(months=OLD_MONTHS)

    @api.depends('potential_date')
    @api.depends_context('lang', 'tz', 'company')
    def _compute_potential_age(self):
        first = self._first_recent_day()
        for record in self:
            day = record.potential_date
            record.potential_age = day and self.env['kam.assessment']._age_text(day)
            record.is_potential_old = bool(day and day < first)

    @api.model
    def _search_is_potential_old(self, operator, value):
        if operator != 'in':
            return NotImplemented
        # Always asked for those that are: the ORM turns the other questions round.
        return Domain('potential_date', '<', self._first_recent_day())
