"""How selling time should be spent between the phases of selling: a target mix that adds up to 100%."""
from odoo import api, fields, models

from ..tools.defaults import SETTINGS
from .kam_action_kind import PHASES

MIX = [f'time_{phase}' for phase, _label in PHASES]


class KamSettings(models.Model):
    _inherit = 'kam.settings'

    time_trust = fields.Float(
        "Time for trust", default=SETTINGS['time_trust'], required=True, tracking=True,
        help="Percentage of the selling time that should go into building trust. What the mix starts with is an "
             "assumption: set your own.")
    time_needs = fields.Float(
        "Time for needs", default=SETTINGS['time_needs'], required=True, tracking=True,
        help="Percentage of the selling time that should go into understanding needs.")
    time_presentation = fields.Float(
        "Time for presenting", default=SETTINGS['time_presentation'], required=True, tracking=True,
        help="Percentage of the selling time that should go into presenting.")
    time_closing = fields.Float(
        "Time for closing", default=SETTINGS['time_closing'], required=True, tracking=True,
        help="Percentage of the selling time that should go into closing.")

    @api.model
    def _percentages(self):
        return (*super()._percentages(), *MIX)

    def _find_problem(self):
        problem = super()._find_problem()
        if problem:
            return problem
        total = sum(self[name] for name in MIX)
        if abs(total - 100) > 0.01:
            return self.env._(
                "The four shares of the selling time add up to %(total)s%%: make them 100%%.", total=f"{total:g}")
        return None
