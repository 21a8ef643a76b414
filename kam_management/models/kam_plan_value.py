"""The value report of a plan: what was promised, what was obtained, and who confirms it.

One version for us, in the reader's language, and one for the customer, in theirs: that one tells nothing of what we
gain, of what is confidential, or of what is not told to the customer.
"""
from odoo import models
from odoo.exceptions import UserError

CUSTOMER = ('value_customer_expected', 'value_customer_obtained')
US = ('value_us_expected', 'value_us_obtained')


class KamPlan(models.Model):
    _inherit = 'kam.plan'

    def _value_accounts(self, customer=False):
        """The accounts that there is something to report of, each on its own pages; the plan's own if there is none."""
        self.ensure_one()
        accounts = self.partner_id | self.partner_ids
        return accounts.filtered(lambda account: self._value_actions(account, customer)) or self.partner_id

    def _value_actions(self, account, customer=False):
        """Actions with the account that carry value, those done first; only what the reader may read."""
        self.ensure_one()
        actions = self.env['kam.action'].search([
            ('plan_id', '=', self.id), ('partner_id', '=', account.id), ('state', '!=', 'cancelled')])
        fields_shown = CUSTOMER if customer else CUSTOMER + US
        actions = actions.filtered(
            lambda row: row.value_note or any(row[name] is not False for name in fields_shown))
        if customer:
            actions = actions.filtered(
                lambda row: row.is_shared and row.confidentiality == 'company' and row.answer != 'declined')
        return actions.sorted(lambda row: (row.state != 'done', row.date_done or row.date, row.id))

    def _value_report(self, account, customer=False):
        """What the report on an account shows.

        :return: ``{account, actions, totals, customer, today}``; a total is ``{sum, without}``: the sum over the
                 actions with a figure, and how many have none; the sum is False when no action has one. What the
                 customer declined is in no total.
        """
        actions = self._value_actions(account, customer)
        counted = actions.filtered(lambda row: row.answer != 'declined')
        totals = {}
        for name in CUSTOMER + US:
            figures = [row[name] for row in counted if row[name] is not False]
            totals[name] = {'sum': sum(figures) if figures else False, 'without': len(counted) - len(figures)}
        return {'account': account, 'actions': actions, 'totals': totals, 'customer': customer,
                'today': self.company_id._kam_today()}

    def _value_money(self, value):
        """A sum in the plan's currency, without cents; in words where it is unknown."""
        if value is False:
            return self.env._("unknown")
        return self.env['ir.qweb.field.monetary'].value_to_html(
            value, {'display_currency': self.currency_id, 'decimal_places': 0})

    def _preview_value(self, report):
        self.ensure_one()
        customer = report.endswith('_customer')
        if not any(self._value_actions(account, customer) for account in self.partner_id | self.partner_ids):
            raise UserError(self.env._(
                "No action of this plan has a value yet. Write on its actions what the customer gains, promised or "
                "obtained, as a sum or in words."))
        # On the screen first; it is printed from there, or by the menu.
        return {**self.env.ref(report).report_action(self), 'report_type': 'qweb-html'}

    def action_value_report(self):
        return self._preview_value('kam_management.kam_plan_report_value')

    def action_value_report_customer(self):
        return self._preview_value('kam_management.kam_plan_report_value_customer')
