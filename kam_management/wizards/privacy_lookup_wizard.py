"""Odoo's privacy lookup, on what is ours: what says something of the account stays, without the person."""
from odoo import models

from ..models.kam_naming_mixin import ERASING


class PrivacyLookupWizardLine(models.TransientModel):
    _inherit = 'privacy.lookup.wizard.line'

    def action_unlink(self):
        self.ensure_one()
        if not self.is_unlinked and self._kam_unname():
            return None
        return super(PrivacyLookupWizardLine, self.with_context(kam_erasing=ERASING)).action_unlink()

    def action_unlink_all(self):
        """Customers' own logins go before their contacts, which Odoo refuses to delete while a user stands on them."""
        # In sudo, as Odoo deletes what the lookup has found. Logins of colleagues are for Odoo to protect.
        users = self.filtered(lambda line: line.res_model == 'res.users' and not line.is_unlinked)
        portal = self.env['res.users'].sudo().with_context(active_test=False).browse(users.mapped('res_id')).exists()
        portal = portal.filtered('share').ids
        first = users.filtered(lambda line: line.res_id in portal)
        return super(PrivacyLookupWizardLine, first | (self - first)).action_unlink_all()

    def _kam_unname(self):
        """Take the people whom the lookup is about out of a record that stays; say whether it does."""
        model = self.env[self.res_model]
        # In sudo, as Odoo deletes what the lookup has found: administrators see few of our records.
        record = model.sudo().with_context(active_test=False).browse(self.res_id).exists()
        people = self.wizard_id.line_ids.filtered(lambda line: line.res_model == 'res.partner').mapped('res_id')
        people = self.env['res.partner'].sudo().browse(people).exists()
        if not hasattr(model, '_kam_unname') or not record or not record._kam_stays(people):
            return False
        record._kam_unname(people)
        self.execution_details = self.env._(
            "Name taken out of %(model)s #%(number)s", model=self.res_model_id.name, number=self.res_id)
        self.is_unlinked = True
        return True
