"""Who takes an account over leads its open review, and is asked for the next one."""
from odoo import models


class KamHandover(models.TransientModel):
    _inherit = 'kam.handover'

    def _hand_over(self, account):
        before = account.kam_manager_id
        result = super()._hand_over(account)
        # In sudo: nothing stays behind because whoever hands over may not read it.
        reviews = self.env['kam.review'].sudo()
        led = reviews.search([
            ('partner_id', '=', account.id), ('state', '=', 'open'), ('user_id', '=', before.id)])
        led.user_id = self.user_id
        reviews._remind(account.sudo())
        return result
