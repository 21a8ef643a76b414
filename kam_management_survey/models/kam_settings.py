"""How long people are left in peace before they are asked again: a setting of the company."""
from odoo import api, fields, models

# Days, to start with: once a quarter at most.
PAUSE = 90


class KamSettings(models.Model):
    _inherit = 'kam.settings'

    survey_pause = fields.Integer(
        "Ask a person again after", default=PAUSE, required=True, tracking=True,
        help="Days for which somebody who was sent a survey is not sent another one. 0: they may be asked at any time.")

    @api.constrains('survey_pause')
    def _check_survey_pause(self):
        self._check_settings()

    def _find_problem(self):
        if not 0 <= self.survey_pause <= 1000:
            return self.env._(
                "%(setting)s must be between 0 and 1000 days.", setting=self._label('survey_pause'))
        return super()._find_problem()

    def action_restore_defaults(self):
        result = super().action_restore_defaults()
        self.filtered(lambda settings: settings.survey_pause != PAUSE).survey_pause = PAUSE
        return result


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    kam_survey_pause = fields.Integer(related='company_id.kam_settings_id.survey_pause', readonly=False)
