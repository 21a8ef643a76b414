"""Merging contacts keeps their plans; of two active ones in a company, one goes on."""
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = 'base.partner.merge.automatic.wizard'

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # Before the rows move: two active plans of one account would break the rule that there is one.
        overtaken = self._kam_close_doubled_plans(src_partners, dst_partner)
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self._kam_go_on(overtaken)
        # A plan that covered the other one covers itself now. Past the ORM: closed plans stay as they were otherwise.
        self.env.cr.execute(SQL(
            "DELETE FROM kam_plan_res_partner_rel AS covered USING kam_plan"
            " WHERE kam_plan.id = covered.plan_id AND kam_plan.partner_id = covered.partner_id"
            " AND covered.partner_id = %s", dst_partner.id))
        # A competitor that turned out to be the customer keeps its name, for people to settle, but is no contact.
        self.env.cr.execute(SQL(
            "UPDATE kam_plan_competitor AS competitor SET partner_id = NULL FROM kam_plan"
            " WHERE kam_plan.id = competitor.plan_id AND competitor.partner_id = %(partner)s"
            " AND (kam_plan.partner_id = %(partner)s OR EXISTS (SELECT FROM kam_plan_res_partner_rel AS covered"
            " WHERE covered.plan_id = kam_plan.id AND covered.partner_id = %(partner)s))", partner=dst_partner.id))
        self.env['kam.plan'].invalidate_model(['partner_id', 'partner_ids'])
        self.env['kam.plan.competitor'].invalidate_model(['partner_id'])
        return result

    @api.model
    def _kam_close_doubled_plans(self, src_partners, dst_partner):
        partners = src_partners | dst_partner
        # Whoever merges contacts need not see plans; none may be lost for it.
        plans = self.env['kam.plan'].sudo().search(
            Domain('state', '=', 'active')
            & (Domain('partner_id', 'in', partners.ids) | Domain('partner_ids', 'in', partners.ids)))
        overtaken = []
        for company in plans.company_id:
            doubled = plans.filtered(lambda plan, company=company: plan.company_id == company).sorted(
                lambda plan: (
                    plan.partner_id != dst_partner, plan.partner_id not in partners, -plan.date_end.toordinal(),
                    plan.id))
            for plan in doubled[1:]:
                plan.write({'state': 'closed', 'date_closed': fields.Date.context_today(self)})
                overtaken.append((plan, doubled[0]))
                plan._message_log(body=self.env._("Merged: another plan of this account goes on."))
        plans.flush_recordset()
        return overtaken

    @api.model
    def _kam_go_on(self, overtaken):
        """What is planned in a plan that was closed goes on in the one that stays."""
        # The wizard moved all of it past the ORM.
        self.env.invalidate_all()
        for plan, goes_on in overtaken:
            # As with the plans: nothing stays behind because whoever merges may not see it.
            self.env['kam.action'].sudo().search(
                [('plan_id', '=', plan.id), ('state', '=', 'planned'),
                 ('partner_id', 'in', (goes_on.partner_id | goes_on.partner_ids).ids)]).plan_id = goes_on
            goes_on._take_over(plan)
