"""Records that stand in a company or an account, and must not be moved to where they could not have been made."""
from odoo import models


class KamPlacedMixin(models.AbstractModel):
    """Odoo's rules ask before a write, of what is there; after a move they are asked again, as if made there."""

    _name = 'kam.placed.mixin'
    _description = "Stays where its writer may make it"

    # Fields that say where a record stands.
    _kam_place = ('company_id',)

    def write(self, vals):
        result = super().write(vals)
        if not self.env.su and any(name in vals for name in self._kam_place):
            self.env.flush_all()
            self.check_access('create')
        return result
