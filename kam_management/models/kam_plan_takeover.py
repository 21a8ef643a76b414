"""From what a plan wants to sell to the targets of its account: prefilled, and decided by whoever confirms it."""
from odoo import models
from odoo.exceptions import UserError


class KamPlan(models.Model):
    _inherit = 'kam.plan'

    def action_take_over_targets(self):
        """Open the wizard that sets targets, with what the plan says of a year: this one, or the next that it names."""
        self.ensure_one()
        years = sorted(set(self.target_ids.mapped('year')))
        if not years:
            raise UserError(self.env._("The plan has no sales targets yet: add them first."))
        this_year = str(self.company_id._kam_today().year)
        year = next((year for year in years if year >= this_year), years[-1])
        rows = self.target_ids.filtered(lambda row: row.year == year)
        by_month = any(row.month != '00' for row in rows)
        sums = {name: [row[name] for row in rows if row[name] is not False] for name in ('target', 'budget')}
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_kpi_spread_action'),
            'context': {
                'default_plan_id': self.id, 'default_partner_ids': self.partner_id.ids,
                'default_company_id': self.company_id.id, 'default_year': year,
                'default_as_planned': by_month,
                **{f'default_{name}': sum(known) if known else False for name, known in sums.items()},
            },
        }
