"""What stays of a person's answers when the person is deleted: that they were one person's, and how much they weighed.

The name and the words go, and no figure changes. A stakeholder goes before the contact does, so the power is kept then.
"""
from odoo import api, fields, models
from odoo.tools import SQL

from .kam_stakeholder import POWERS

# Nobody reads of whom the answers were, and nobody says so by hand: the worker alone tells one person from another.
WORKER = 'kam_management.group_kam_service'


class KamSatisfactionResponse(models.Model):
    _inherit = 'kam.satisfaction.response'

    former_contact = fields.Integer(
        "Number of the deleted contact", readonly=True, copy=False, groups=WORKER, export_string_translation=False)
    former_power = fields.Selection(
        POWERS, "Power when it was last known", readonly=True, copy=False, groups=WORKER,
        export_string_translation=False)

    def _get_who(self):
        """Who answered, as far as the reader may know."""
        self.ensure_one()
        if not self.contact_id:
            return self.env._("Anonymous") if self.is_anonymous else self.env._("a person who was deleted")
        return self.contact_id._filtered_access('read').name or self.env._("somebody whom you may not see")

    def _kam_unname(self, people):
        # In sudo: also rows that whoever deletes contacts may not see.
        for person, rows in self.sudo().filtered(lambda row: row.contact_id in people).grouped('contact_id').items():
            rows.former_contact = person.id
        return super()._kam_unname(people)


class KamStakeholder(models.Model):
    _inherit = 'kam.stakeholder'

    @api.ondelete(at_uninstall=False)
    def _unlink_keep_power(self):
        """The answers of whoever is no stakeholder any longer go on weighing what they weighed."""
        self.env.flush_all()
        # By SQL: whoever deletes a stakeholder need not see all of the answers, and this writes no word.
        self.env.cr.execute(SQL(
            """
            UPDATE kam_satisfaction_response AS response SET former_power = stakeholder.power
              FROM kam_stakeholder AS stakeholder
              JOIN res_partner AS account ON account.id = stakeholder.partner_id
             WHERE stakeholder.id = ANY(%s)
               AND COALESCE(response.contact_id, response.former_contact) = stakeholder.contact_id
               AND response.partner_id = account.kam_account_id AND response.company_id = stakeholder.company_id
            """, self.ids))
        self.env['kam.satisfaction.response'].invalidate_model(['former_power'])
