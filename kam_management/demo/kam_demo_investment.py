"""Investments in the demo's key accounts: asked for, approved, made and refused."""
from datetime import timedelta

from odoo import api, fields, models


class KamDemo(models.AbstractModel):
    _inherit = 'kam.demo'

    @api.model
    def _load_programme(self):
        super()._load_programme()
        self._load_investments()

    @api.model
    def _load_investments(self):
        today = fields.Date.today()
        for row in self._rows('investments'):
            account = self.env['res.partner'].browse(self._ref(f"account_{row['account']}"))
            investment = self._save('kam.investment', [(f"investment_{row['id']}", {
                'partner_id': account.id,
                'company_id': self.env.ref('base.main_company').id,
                'plan_id': self.env['kam.plan'].search(
                    [('partner_id', '=', account.id), ('state', '!=', 'closed')], limit=1).id,
                'type_id': self.env.ref(f"kam_management.investment_type_{row['type']}").id,
                'user_id': self._ref(f"user_{row['asked']}"),
                'owner_id': self._ref(f"user_{row['owner']}"),
                'approver_id': self._ref('user_helena'),
                'amount': float(row['amount']),
                'life': int(row['life']),
                'expected_return': row['expected'] and float(row['expected']),
                'date_requested': today - timedelta(days=int(row['requested'])),
                'date_start': row['start'] and today - timedelta(days=int(row['start'])),
                'decision_note': row['note'] or False,
                **{name: row[name] for name in ('name', 'reason')},
            })])
            if investment and row['state'] != 'requested':
                self._decide_investment(investment, row)

    @api.model
    def _decide_investment(self, investment, row):
        """As if a fortnight after it was asked for."""
        investment._stepping().write({
            'state': row['state'], 'decided_by_id': investment.approver_id.id,
            'date_decided': investment.date_requested + timedelta(days=14)})
        investment.activity_unlink(['mail.mail_activity_data_todo'])
        if row['state'] == 'made':
            investment.write({
                'obtained_return': row['obtained'] and float(row['obtained']), 'result': row['result'] or False,
                'date_return': row['obtained'] and fields.Date.today() - timedelta(days=15)})
