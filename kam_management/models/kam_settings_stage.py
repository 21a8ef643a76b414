"""From which share of wallet on which stage of the relational pyramid is suggested."""
from odoo import fields, models

from ..tools.defaults import SETTINGS

CUTS = ('stage_cooperative', 'stage_interdependent', 'stage_integrated')


class KamSettings(models.Model):
    _inherit = 'kam.settings'

    stage_cooperative = fields.Float(
        "Cooperative from", default=SETTINGS['stage_cooperative'], required=True, tracking=True,
        help="Share of wallet in percent from which the stage “Cooperative” is suggested.")
    stage_interdependent = fields.Float(
        "Interdependent from", default=SETTINGS['stage_interdependent'], required=True, tracking=True,
        help="Share of wallet in percent from which the stage “Interdependent” is suggested.")
    stage_integrated = fields.Float(
        "Integrated from", default=SETTINGS['stage_integrated'], required=True, tracking=True,
        help="Share of wallet in percent from which the stage “Integrated” is suggested.")

    def _find_problem(self):
        problem = super()._find_problem()
        if problem:
            return problem
        for name in CUTS:
            if not 0 < self[name] <= 100:
                return self.env._("%(setting)s must lie between 0 and 100.", setting=self._label(name))
        for lower, higher in zip(CUTS, CUTS[1:], strict=False):
            if self[lower] >= self[higher]:
                return self.env._(
                    "The thresholds are out of order: “%(lower)s” (%(low)s) must be below “%(higher)s” (%(high)s).",
                    lower=self._label(lower), low=f"{self[lower]:g}",
                    higher=self._label(higher), high=f"{self[higher]:g}")
        return None

    def _stage_cuts(self):
        """The three cuts in percent; those that ship where a company has no settings."""
        return tuple(self[name] if self else SETTINGS[name] for name in CUTS)
