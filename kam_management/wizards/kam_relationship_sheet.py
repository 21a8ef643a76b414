"""The sheet on which a person rates the ten aspects of the relation with an account.

It shows what others said last. What is saved is one assessment (`kam.relationship.assessment`) of that day in the
user's own name, of those aspects only in which a rating was chosen; the others stay unknown.
"""
from odoo import api, fields, models
from odoo.fields import Command

from ..tools.aspects import ASPECTS, GROUPS


class KamRelationshipSheet(models.TransientModel):
    _name = 'kam.relationship.sheet'
    _description = "Ratings of the relation with an account"

    partner_id = fields.Many2one('res.partner', "Account", required=True, readonly=True, ondelete='cascade')
    company_id = fields.Many2one(
        'res.company', required=True, readonly=True, default=lambda self: self.env.company, ondelete='cascade')
    date = fields.Date(
        required=True, default=fields.Date.context_today,
        help="The day that the ratings are of: today, unless you write down what you thought earlier.")
    comment = fields.Text(help="Kept with the ratings. Left empty, what you wrote that day stays.")
    line_ids = fields.One2many(
        'kam.relationship.sheet.line', 'sheet_id', "Ratings",
        default=lambda self: [
            Command.create({'aspect': aspect, 'sequence': place}) for place, aspect in enumerate(ASPECTS)])
    note = fields.Char(compute='_compute_note', export_string_translation=False)
    dimensions = fields.Json(compute='_compute_note', export_string_translation=False)

    @api.depends('partner_id')
    @api.depends_context('uid', 'lang')
    def _compute_note(self):
        relations = self.env['kam.relationship']
        for sheet in self:
            is_manager = sheet.partner_id.kam_manager_id == self.env.user
            sheet.note = is_manager and self.env._(
                "You manage this account: your ratings weigh half, and alone they make no mean. Ask a second person "
                "to rate it too.")
            sheet.dimensions = [
                {'code': group, 'label': relations._group_label(group), 'text': False} for group in GROUPS]

    @api.model
    def _open(self, partner):
        """A new sheet for an account, in a window of its own."""
        partner._kam_require_account()
        self.env['kam.relationship.assessment']._refuse_hidden(partner.ids)
        sheet = self.create({'partner_id': partner.id})
        return {
            'type': 'ir.actions.act_window', 'res_model': self._name, 'res_id': sheet.id, 'views': [(False, 'form')],
            'name': self.env._("The relation with %(account)s", account=partner.display_name), 'target': 'new',
            'context': {'dialog_size': 'extra-large'},
        }

    def action_save(self):
        """Save what was rated, and say so."""
        self.ensure_one()
        saved = self._save()
        if saved is None:
            message = self.env._("You chose no rating: everything stays as it was.")
        elif not saved:
            message = self.env._("You had said the same that day: nothing changed.")
        else:
            message = self.env._("Saved. The relationship quality follows with the next refresh.")
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification',
            'params': {'type': 'success' if saved else 'info', 'message': message, 'next': {
                'type': 'ir.actions.act_window_close'}},
        }

    def _save(self):
        """Make the chosen ratings an assessment of the day; one of that day is added to rather than doubled.

        :return: whether something was written; None if nothing was chosen
        """
        values = {line.aspect: line.value for line in self.line_ids if line.value}
        if not values:
            return None
        if self.comment:
            values['comment'] = self.comment
        model = self.env['kam.relationship.assessment']
        present = model.with_context(active_test=False).search([
            ('partner_id', '=', self.partner_id.id), ('company_id', '=', self.company_id.id),
            ('user_id', '=', self.env.uid), ('date', '=', self.date)], limit=1)
        if not present:
            model.create({
                **values, 'partner_id': self.partner_id.id, 'company_id': self.company_id.id, 'date': self.date})
            return True
        changed = {name: value for name, value in {**values, 'active': True}.items() if present[name] != value}
        if changed:
            present.write(changed)
        return bool(changed)
