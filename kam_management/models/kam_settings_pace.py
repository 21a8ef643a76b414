"""When key figures turn amber and red, and how many alerts a day are bearable."""
from odoo import api, fields, models

from ..tools.defaults import SETTINGS


class KamSettings(models.Model):
    _inherit = 'kam.settings'

    pace_amber = fields.Float(
        "Pace: green from", default=SETTINGS['pace_amber'], required=True, tracking=True,
        help="From this percentage of what should have been reached by now, a key figure is green; below it, amber.")
    pace_red = fields.Float(
        "Pace: amber from", default=SETTINGS['pace_red'], required=True, tracking=True,
        help="Below this percentage of what should have been reached by now, a key figure is red.")
    pace_quiet = fields.Float(
        "Pace: no light in the first", default=SETTINGS['pace_quiet'], required=True, tracking=True,
        help="In this percentage of the working days of a period it is too early for a light.")
    few_deals = fields.Integer(
        "Win rate from", default=SETTINGS['few_deals'], required=True, tracking=True,
        help="With fewer closed opportunities, the win rate of key accounts "
             "and candidates together stands for the account's own.")
    alerts_per_day = fields.Integer(
        "Alerts a day", default=SETTINGS['alerts_per_day'], required=True, tracking=True,
        help="How many new alerts an account may raise on one day, the worst first; the others wait.")

    @api.model
    def _percentages(self):
        return (*super()._percentages(), 'pace_quiet')

    def _find_problem(self):
        problem = super()._find_problem()
        if problem:
            return problem
        for name in ('few_deals', 'alerts_per_day'):
            if not 1 <= self[name] <= 1000:
                return self.env._("%(setting)s must lie between 1 and 1000.", setting=self._label(name))
        if not 0 < self.pace_red < self.pace_amber <= 200:
            return self.env._(
                "“%(lower)s” (%(low)s) must be above 0 and below “%(higher)s” (%(high)s), which is 200 at most.",
                lower=self._label('pace_red'), low=f"{self.pace_red:g}", higher=self._label('pace_amber'),
                high=f"{self.pace_amber:g}")
        return None
