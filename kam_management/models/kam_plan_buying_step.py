"""How the customer buys: the steps, what it decides by, the dates of tenders and renewals, and who acts."""
from odoo import fields, models


class KamPlanBuyingStep(models.Model):
    _name = 'kam.plan.buying.step'
    _description = "Step of the buying process"
    _inherit = ['kam.plan.row.mixin', 'kam.said.mixin']
    _order = 'plan_id, sequence, id'
    _kam_named = ('contact_id',)

    sequence = fields.Integer(default=10)
    name = fields.Char("Step", required=True)
    criteria = fields.Text("Decided by", help="What the customer looks at in this step.")
    date = fields.Date(help="When it takes place next.")
    date_kind = fields.Selection(
        [('tender', "Tender"), ('renewal', "Renewal"), ('decision', "Decision"), ('other', "Other")], "Kind of date")
    contact_id = fields.Many2one(
        'res.partner', "Who acts", index='btree_not_null', ondelete='set null',
        domain="[('kam_account_id', 'in', account_ids)]", help="Who at the customer acts.")
    owner_id = fields.Many2one(
        'res.users', "Our owner", index='btree_not_null', ondelete='set null', domain=[('share', '=', False)],
        help="Who takes care of it on our side.")

    def _copy_into(self, plan):
        # When it takes place again, after the dates of this plan, is to be asked.
        return [
            {**vals, 'date': vals['date'] if vals.get('date') and vals['date'] >= plan.date_start else False}
            for vals in super()._copy_into(plan)]
