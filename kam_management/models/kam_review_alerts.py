"""Alerts that opened on an account since the last review and last, and those that are over."""
from odoo import models
from odoo.fields import Domain

from ..tools.alert import GRAVITY
from .kam_review_changes import MOST


class KamReview(models.Model):
    _inherit = 'kam.review'

    def _kam_review_changes(self):
        return super()._kam_review_changes() + self._alert_changes()

    def _alert_changes(self):
        """Those that stand on their own. One whose rule was switched off is not over: nobody looks any more."""
        day = self._first_day()
        alerts = self.env['kam.alert'].search(
            self._of_account() & Domain('parent_id', '=', False) & (
                (Domain('state', '!=', 'closed') & Domain('date_opened', '>=', day))
                | (Domain('close_reason', '=', 'cleared') & Domain('date_closed', '>=', day))), limit=MOST)
        return [self._alert_change(alert) for alert in alerts]

    def _alert_change(self, alert):
        size = GRAVITY.index(alert.severity) + 1
        if alert.state == 'closed':
            return self._change('alert_over', 'alerts', alert, size=size, date=alert.date_closed, tone='good')
        return self._change(
            'alert', 'alerts', alert, size=size, date=alert.date_opened,
            tone='plain' if alert.severity == 'info' else 'bad')
