"""Records that name people of a customer, and stay without the name when somebody asks to be forgotten.

What was done, promised or said belongs to the account; who it was goes. See
docs/decisions/2026-11-22-erased-on-request.md.
"""
from odoo import api, models
from odoo.fields import Command, Domain

# Context values can be sent over RPC, this object can't: only a request that Odoo's privacy lookup carries out erases.
ERASING = object()


class KamNamingMixin(models.AbstractModel):
    _name = 'kam.naming.mixin'
    _description = "Names people of a customer"

    @api.model
    def _kam_people_fields(self):
        """The stored fields that name a person."""
        return []

    @api.model
    def _kam_naming(self, people):
        """All records that name one of these people."""
        # In sudo: also what whoever erases may not see.
        return self.sudo().with_context(active_test=False).search(
            Domain.OR(Domain(name, 'in', people.ids) for name in self._kam_people_fields()))

    def _kam_stays(self, people):
        """Whether this record says something without these people, too: then it is not deleted with them."""
        self.ensure_one()
        return True

    def _kam_unname(self, people):
        """Take these people out of these records. It is not told in their history, which would name them again."""
        # In sudo: also what is closed, or hidden from whoever erases.
        for row in self.sudo().with_context(tracking_disable=True, kam_erasing=ERASING):
            values = {}
            for name in row._kam_people_fields():
                named = row[name] & people
                if named:
                    many = row._fields[name].type == 'many2many'
                    values[name] = [Command.unlink(person.id) for person in named] if many else False
            if values:
                row.write({**row._kam_unchanged(values), **values})

    def _kam_unchanged(self, values):
        """What follows from who is named, and stays as it is all the same: nothing new is said."""
        return {'date_said': self.date_said} if 'date_said' in self._fields else {}
