"""What a handover does about the customer's people: next steps with them, and who of us knows them."""
from odoo import api, fields, models
from odoo.fields import Command, Domain


class KamHandover(models.TransientModel):
    _inherit = 'kam.handover'

    move_people = fields.Boolean(
        "People at the customer", default=True,
        help="The new manager is added to our people with those whom the manager so far knows; the latter stays there, "
             "because they know each other.")
    people_count = fields.Integer(compute='_compute_people_count')

    @api.depends('partner_ids')
    def _compute_people_count(self):
        for handover in self:
            handover.people_count = sum(len(people) for people in handover._find_people().values())

    def _find_people(self):
        """Whom each manager so far knows: ``{manager: stakeholders who are present}``."""
        # In sudo: nobody is forgotten because whoever hands over may not read it; only a number is told.
        people = self.env['kam.stakeholder'].sudo()
        return {manager: people.search([
            ('partner_id', 'in', self.partner_ids.filtered(
                lambda account, manager=manager: account.kam_manager_id == manager).ids),
            ('counterpart_ids', '=', manager.id), ('state', '=', 'present')])
            for manager in self.partner_ids.kam_manager_id}

    def _find_moves(self):
        """Activities with the people of the accounts, and on their open reviews, are open as well."""
        moves = super()._find_moves()
        # In sudo, as above.
        activities = self.env['mail.activity'].sudo()
        for manager in self.partner_ids.kam_manager_id:
            ours = Domain('partner_id.kam_manager_id', '=', manager.id) & Domain(
                'partner_id', 'in', self.partner_ids.ids)
            found = Domain.OR(
                Domain('res_model', '=', model) & Domain('res_id', 'in', self.env[model].sudo().with_context(
                    active_test=False).search(ours & Domain(domain)).ids)
                for model, domain in (('kam.stakeholder', []), ('kam.review', [('state', '=', 'open')])))
            moves['activities'][manager] |= activities.search(Domain('user_id', '=', manager.id) & found).sudo(False)
        return moves

    def action_confirm(self):
        known = self._find_people() if self.move_people else {}
        result = super().action_confirm()
        for people in known.values():
            people.counterpart_ids = [Command.link(self.user_id.id)]
        return result
