"""The one-page plan of an account, for everybody who works for it."""
from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = 'res.partner'

    def _kam_plan_pages(self):
        """The page of the account's plan in the current company, one dictionary of `kam.plan` a plan; see `_page`.

        Whoever may read plans reads theirs; a member of the account's team of another function gets the team's page.
        Raises UserError where there is no plan that the reader may see a page of.
        """
        self.ensure_one()
        plans = self.env['kam.plan']
        if plans.has_access('read'):
            plan = self.kam_plan_id
        else:
            # In sudo: people of other functions don't read plans, but the page tells those in the team what the
            # account needs of them. `_page` leaves figures, analyses and what is the manager's off it.
            plan = plans.sudo()
            if self._kam_works_for():
                plan = plan.search(
                    Domain('company_id', '=', self.env.company.id) & Domain('state', '=', 'active')
                    & Domain('confidentiality', '!=', 'manager')
                    & (Domain('partner_id', '=', self.id) | Domain('partner_ids', 'in', self.ids)), limit=1)
        if not plan:
            raise UserError(self.env._(
                "%(account)s has no plan that you may see. Its manager makes one, and takes you into the team.",
                account=self.display_name))
        return [plan._page(self)]

    def _kam_works_for(self):
        """Whether the reader is in the account's team today, and the account lets the team in."""
        self.ensure_one()
        # In sudo: the condition asks of fields that people of other functions don't read.
        if self.sudo().search_count(self._kam_hidden_domain() & Domain('id', '=', self.id), limit=1):
            return False
        # In sudo: the question is about the reader alone.
        return bool(self.env['kam.team.member'].sudo().search_count([
            ('partner_id', '=', self.id), ('company_id', '=', self.env.company.id),
            ('user_id', '=', self.env.uid), ('is_current', '=', True)], limit=1))

    def action_kam_plan_page(self):
        self.ensure_one()
        self._kam_plan_pages()
        return self.env.ref('kam_management.res_partner_report_page').report_action(self)

    def action_kam_plan_page_customer(self):
        self.ensure_one()
        if not self.kam_plan_id:
            raise UserError(self.env._(
                "%(account)s has no plan that you may see. Its manager makes one, and takes you into the team.",
                account=self.display_name))
        return self.kam_plan_id.action_print_page_customer()

    def action_kam_workbook(self):
        """The dialog from which the account's workbook is downloaded and brought in."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'res_model': 'kam.workbook', 'views': [(False, 'form')], 'target': 'new',
            'name': self.env._("Import a workbook"), 'context': {'default_partner_id': self.id},
        }
