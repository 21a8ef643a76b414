"""In which rhythm to be in touch with people whose roles ask for none of their own."""
from odoo import fields, models

from ..tools.defaults import SETTINGS

LONGEST = 730  # days, as for the roles


class KamSettings(models.Model):
    _inherit = 'kam.settings'

    contact_cadence = fields.Integer(
        "Contact every (days)", default=SETTINGS['contact_cadence'], required=True, tracking=True,
        help="How many days may pass between two contacts with a person whose roles ask for no rhythm of their own. "
             "Roles have theirs under Roles at the customer.")

    def _find_problem(self):
        problem = super()._find_problem()
        if not problem and not 1 <= self.contact_cadence <= LONGEST:
            problem = self.env._("%(setting)s must lie between 1 and %(longest)s.",
                                 setting=self._label('contact_cadence'), longest=LONGEST)
        return problem
