"""Contacts and companies that something is said of are archived, not deleted: nothing is lost with them."""
from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# What the sentences call the record that is kept.
NAMES = ('account', 'company', 'contact', 'partner')


class KamKeptMixin(models.AbstractModel):
    _name = 'kam.kept.mixin'
    _description = "Kept for what is said of it"

    @api.model
    def _kam_kept_for(self):
        """``[(model, names of its fields that point here, domain, sentence)]``: what a record is kept for.

        The sentence, not formatted yet, says what to do instead, and calls the record by one of `NAMES`.
        """
        return []

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        for model, names, domain, sentence in self._kam_kept_for():
            # In sudo: also what whoever deletes may not see; only what is deleted is named.
            used = self.env[model].sudo().with_context(active_test=False).search(
                Domain(domain) & Domain.OR(Domain(name, 'in', self.ids) for name in names), limit=1)
            if used:
                kept = self.browse(self.union(*(used[name] for name in names))._ids) & self
                raise UserError(sentence % dict.fromkeys(NAMES, kept[0].display_name))
