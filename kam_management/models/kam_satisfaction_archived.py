"""An answer that somebody takes out by hand is told: in the history of the account, and among what does not count.

It matters for answers of a survey, a rating or a colleague: a bad one would vanish from the figures without a trace.
What is told is who did it, the kind and the day, and no word of the answer. Whoever archives what they entered
themselves corrects themselves.
"""
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_date

RESPONSE = 'kam.satisfaction.response'


class KamSatisfactionResponse(models.Model):
    _inherit = 'kam.satisfaction.response'

    def write(self, vals):
        self.check_access('write')  # first of all: what follows reads the rows
        moved = self.browse()
        if 'active' in vals and not self.env.su:
            moved = self._kam_of_others().filtered(lambda row: row.active != bool(vals['active']))
            moved._check_may_archive()
        result = super().write(vals)
        if moved:
            moved._tell_archived()
        return result

    def unlink(self):
        # In sudo: what does not count is kept by Odoo.
        self.env['kam.satisfaction.refusal'].sudo()._of_responses(self).unlink()
        return super().unlink()

    def _kam_of_others(self):
        """Those that came from elsewhere, or were entered by somebody else."""
        return self.filtered(lambda row: row.origin_model or row.create_uid != self.env.user)

    def _check_may_archive(self):
        """Whoever manages the account decides which answers of others count."""
        if not self or self.env.user.has_group('kam_management.group_kam_manager'):
            return
        # In sudo: the condition is the reader's, and they may see less of the contact than of its answers.
        accounts = self.env['res.partner'].sudo().with_context(active_test=False)
        strange = self.partner_id.sudo() - accounts.search(
            Domain('id', 'in', self.partner_id.ids) & accounts._kam_managed_domain())
        if strange:
            raise AccessError(self.env._(
                "This answer comes from a survey, a rating or a colleague. Only the manager of %(account)s and Key "
                "Accounts managers say whether it counts: ask one of them.", account=strange[0].display_name))

    def _tell_archived(self):
        refusals = self.env['kam.satisfaction.refusal'].sudo()  # kept by Odoo
        refusals._of_responses(self).filtered(lambda refusal: refusal.reason == 'archived').unlink()
        archived = self.filtered(lambda row: not row.active)
        refusals.create([{
            'source_id': row.source_id.id, 'company_id': row.company_id.id, 'origin_model': RESPONSE,
            'origin_id': row.id, 'reason': 'archived', 'date': row.date, 'contact_id': row.contact_id.id,
            'partner_id': row.partner_id.id, 'archived_by': self.env.uid,
            'value': row.value if row.contact_id else False,
        } for row in archived])
        kinds = dict(self._fields['kind']._description_selection(self.env))
        for account, rows in self.grouped('partner_id').items():
            lines = ", ".join(self.env._("%(kind)s of %(date)s", kind=kinds[row.kind], date=format_date(
                self.env, row.date)) for row in rows.sorted('date'))
            text = self.env._("Archived, and counts no longer: %(answers)s", answers=lines) if rows <= archived else (
                self.env._("Restored, and counts again: %(answers)s", answers=lines))
            # In sudo: whoever says what counts need not write the contact. It is told in their name.
            account.sudo()._message_log(body=text, author_id=self.env.user.partner_id.id)


class KamSatisfactionRefusal(models.Model):
    _inherit = 'kam.satisfaction.refusal'

    archived_by = fields.Many2one(
        'res.users', "By", readonly=True, index='btree_not_null', ondelete='set null',
        help="Who archived the answer.")

    @api.model
    def _of_responses(self, responses):
        """What is told of answers themselves, and not of a record that they come from."""
        return self.search([('origin_model', '=', RESPONSE), ('origin_id', 'in', responses.ids)])
