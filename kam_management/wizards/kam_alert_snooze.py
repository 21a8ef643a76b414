"""Put alerts off until a day, and say why."""
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

# An alert that may wait longer than this should be looked at again all the same.
LONGEST = 365


class KamAlertSnooze(models.TransientModel):
    _name = 'kam.alert.snooze'
    _description = "Snooze alerts"

    alert_ids = fields.Many2many('kam.alert', string="Alerts", required=True)
    until = fields.Date(
        "Until", required=True, default=lambda self: self.env.company._kam_today() + timedelta(days=7),
        help="On this day the alert is open again, unless it is over by then.")
    reason = fields.Char(
        "Why", required=True, help="For whoever looks at the account meanwhile. It stays in the history.")

    @api.constrains('until')
    def _check_until(self):
        today = self.env.company._kam_today()
        for wizard in self:
            if not today < wizard.until <= today + timedelta(days=LONGEST):
                raise ValidationError(self.env._(
                    "An alert is put off until a day after today, by a year at most. %(date)s is not such a day.",
                    date=format_date(self.env, wizard.until)))

    @api.constrains('reason')
    def _check_reason(self):
        for wizard in self:
            if not wizard.reason.strip():
                raise ValidationError(self.env._("Say why the alert may wait."))

    def action_snooze(self):
        self.ensure_one()
        self.alert_ids._snooze(self.until, self.reason)
        return {'type': 'ir.actions.act_window_close'}
