"""Up to five commercial priorities for one customer: more would be none."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError

MOST = 5


class KamPlanPriority(models.Model):
    _name = 'kam.plan.priority'
    _description = "Priority of an account plan"
    _inherit = ['kam.plan.row.mixin', 'kam.said.mixin']
    _order = 'plan_id, sequence, id'

    sequence = fields.Integer(default=10)
    name = fields.Char("Priority", required=True)
    note = fields.Text("Why")
    is_shared = fields.Boolean("Told to the customer", help="Stands in the customer's version of the one-page plan.")

    @api.constrains('plan_id')
    def _check_number(self):
        counts = self._read_group([('plan_id', 'in', self.plan_id.ids)], ['plan_id'], ['__count'])
        for plan, count in counts:
            if count > MOST:
                raise ValidationError(self.env._(
                    "%(plan)s has %(most)s priorities already. Five are the most that stay priorities: change or "
                    "delete one first.", plan=plan.display_name, most=MOST))
