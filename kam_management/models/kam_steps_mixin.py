"""Records that move on by steps: nobody writes their state but the steps themselves."""
from collections import defaultdict

from odoo import models

# Only an object of this module opens the way past the guard on a state: context values can be sent over RPC, these
# can't. Each model has its own, so that a step of one record opens no other.
STEPS = defaultdict(object)


class KamStepsMixin(models.AbstractModel):
    _name = 'kam.steps.mixin'
    _description = "Moves on by steps"

    def _is_stepping(self):
        return self.env.context.get('kam_step') is STEPS[self._name]

    def _stepping(self):
        """These records, allowed to take their next step."""
        return self.with_context(kam_step=STEPS[self._name])
