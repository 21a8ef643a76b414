"""The phase that a stage of the pipeline stands for: opportunities are identified, qualified and won."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmStage(models.Model):
    _inherit = 'crm.stage'

    kam_phase = fields.Selection(
        [('identified', "Identified"), ('qualified', "Qualified"), ('won', "Won")], "Phase", required=True,
        compute='_compute_kam_phase', store=True, readonly=False, precompute=True,
        help="Identified: there may be a deal. Qualified: there is a need, a budget and someone who decides. An "
             "opportunity keeps its dates when you change the phase of its stage.")

    @api.depends('is_won')
    def _compute_kam_phase(self):
        """Follows the won stages, so that a stage made by another app or an import is never refused."""
        for stage in self:
            if stage.is_won:
                stage.kam_phase = 'won'
            elif stage.kam_phase not in ('identified', 'qualified'):
                stage.kam_phase = 'qualified'

    @api.onchange('kam_phase')
    def _onchange_kam_phase(self):
        self.is_won = self.kam_phase == 'won'

    @api.constrains('is_won', 'kam_phase')
    def _check_kam_phase(self):
        for stage in self:
            if stage.is_won and stage.kam_phase != 'won':
                raise ValidationError(self.env._(
                    "“%(stage)s” is a won stage, so its phase is Won. Untick “Is Won Stage?” first to give it another.",
                    stage=stage.name))
            if stage.kam_phase == 'won' and not stage.is_won:
                raise ValidationError(self.env._(
                    "“%(stage)s” can't be in the phase Won, because it is no won stage: tick “Is Won Stage?” or choose "
                    "another phase.", stage=stage.name))
