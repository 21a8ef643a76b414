"""The part "People who matter" of a plan: the stakeholders of its accounts."""
from odoo import api, models


class KamPlan(models.Model):
    _inherit = 'kam.plan'

    @api.model
    def _progress_dependencies(self):
        return [*super()._progress_dependencies(), 'partner_id.kam_stakeholder_ids']

    def _find_parts(self):
        """It is there once somebody who is present has a role: a name alone says little."""
        parts = super()._find_parts()
        accounts = (self.partner_id | self.partner_ids)._origin
        rows = self.env['kam.stakeholder']._read_group(
            [('partner_id', 'in', accounts.ids), ('state', '=', 'present'), ('role_ids', '!=', False)],
            ['partner_id', 'company_id'], ['write_date:max'])
        dates = {(partner.id, company.id): self._day(moment) for partner, company, moment in rows}
        parts['people'] = {}
        for plan in self:
            found = [dates[key] for key in plan._account_keys() if key in dates]
            if found:
                parts['people'][plan._origin.id] = (True, max(found))
        return parts
