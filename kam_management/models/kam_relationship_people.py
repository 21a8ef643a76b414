"""What the next stage of a relation asks of who knows whom: functions of both sides in touch, not of ours alone."""
from odoo import models

from ..tools.interaction import pairs_of


class KamRelationship(models.Model):
    _inherit = 'kam.relationship'

    def _find_counts(self):
        return {**super()._find_counts(), 'pairs': self._count_pairs()}

    def _count_pairs(self):
        """``{(account id, company id): pairs of functions that know each other}``, as far as the reader sees them."""
        people = self.env['kam.stakeholder'].search([
            ('partner_id', 'in', self.partner_id._origin.ids), ('company_id', 'in', self.company_id._origin.ids),
            ('state', '=', 'present')])
        # In sudo: who of us is active is no secret, and those of other companies know people too.
        users = people.counterpart_ids.sudo().filtered('active')
        functions = self.partner_id._kam_functions_of(users)
        ties = {}
        for person in people:
            account = person.partner_id
            ties.setdefault((account.id, person.company_id.id), []).extend(
                (functions[account.id, user.id].id, person.function_id.id)
                for user in person.counterpart_ids.sudo() & users)
        return {key: pairs_of(found) for key, found in ties.items()}
