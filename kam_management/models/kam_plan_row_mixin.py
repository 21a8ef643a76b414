"""What hangs on an account plan: read by whoever may read the plan, and kept as it was once the plan is closed."""
from odoo import api, fields, models
from odoo.fields import Domain


class KamPlanRowMixin(models.AbstractModel):
    """A row of an account plan.

    The confidentiality of a plan may be narrower than that of its account, so both questions that record rules ask go
    to the plan, not past it to the account.
    """

    _name = 'kam.plan.row.mixin'
    _description = "Row of an account plan"
    _inherit = ['kam.account.mixin']
    _kam_account = 'plan_id.partner_id'

    plan_id = fields.Many2one('kam.plan', "Plan", required=True, index=True, ondelete='cascade')
    company_id = fields.Many2one(
        'res.company', related='plan_id.company_id', store=True, index=True, precompute=True, related_sudo=True)

    # ------------------------------------------------------------------ access
    @api.model
    def _kam_access_dependencies(self):
        return [f'plan_id.{path}' for path in self.env['kam.plan']._kam_access_dependencies()]

    @api.model
    def _kam_disclosure_dependencies(self):
        return [f'plan_id.{path}' for path in self.env['kam.plan']._kam_disclosure_dependencies()]

    @api.model
    def _kam_own_domain(self):
        return Domain('plan_id', 'any', self.env['kam.plan']._kam_own_domain())

    @api.model
    def _kam_disclosed_domain(self):
        return Domain('plan_id', 'any', self.env['kam.plan']._kam_disclosed_domain()) | self._kam_owned_domain()

    @api.model
    def _refuse_hidden(self, partner_ids):
        # What is passed here are plans: a row lets nobody in, so the rules on the plan are enough.
        return

    # ------------------------------------------------------------------ writing
    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.plan_id._refuse_closed()
        return rows

    def write(self, vals):
        self.plan_id._refuse_closed()
        result = super().write(vals)
        if 'plan_id' in vals:
            self.plan_id._refuse_closed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self.plan_id._refuse_closed()
