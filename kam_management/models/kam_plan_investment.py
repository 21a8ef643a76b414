"""The investments that a plan asks for."""
from odoo import api, fields, models


class KamPlan(models.Model):
    _inherit = 'kam.plan'

    investment_ids = fields.One2many('kam.investment', 'plan_id', "Investments")
    investment_count = fields.Integer("Number of investments", compute='_compute_investment_count')

    @api.depends('investment_ids')
    def _compute_investment_count(self):
        counts = dict(self.env['kam.investment']._read_group(
            [('plan_id', 'in', self.ids)], ['plan_id'], ['__count']))
        for plan in self:
            plan.investment_count = counts.get(plan._origin, 0)

    def action_open_investments(self):
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_investment_action'),
            'domain': [('plan_id', '=', self.id)],
            'context': {'default_plan_id': self.id, 'default_partner_id': self.partner_id.id,
                        'default_company_id': self.company_id.id, 'search_default_not_refused': 1},
        }
