"""Analyses of the demo's key accounts, the strategies that cross them, and objectives with their check-ins."""
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command


class KamDemo(models.AbstractModel):
    _inherit = 'kam.demo'

    @api.model
    def _load_dafo(self):
        self._load_analyses()
        self._load_strategies()
        self._load_objectives()
        self._load_checkins()

    @api.model
    def _load_analyses(self):
        today = fields.Date.today()
        cards = list(self._rows('dafo'))
        analyses = {}
        for row in cards:
            analyses.setdefault(f"dafo_{row['account']}_{row['subject']}", row)
        advantages = {f"dafo_{row['account']}_{row['subject']}": row['text'] for row in self._rows('advantages')}
        self._save('kam.dafo', [(name, {
            'partner_id': self._ref(f"account_{row['account']}"),
            'company_id': self.env.ref('base.main_company').id,
            'subject': row['subject'],
            'competitor_name': row['competitor'] or False,
            'user_id': self._ref(f"user_{row['user']}"),
            'date': today - timedelta(days=int(row['age'])),
            'plan_id': self.env['kam.plan'].search(
                [('partner_id', '=', self._ref(f"account_{row['account']}")), ('state', '!=', 'closed')], limit=1).id,
            'advantage': advantages.get(name, False),
        }) for name, row in analyses.items()])
        self._save('kam.dafo.item', [(f"card_{row['id']}", {
            'dafo_id': self._ref(f"dafo_{row['account']}_{row['subject']}"),
            'quadrant': row['quadrant'],
            'name': row['name'],
            'impact': int(row['impact']),
            'note': row['note'] or False,
            'sequence': 10 * number,
        }) for number, row in enumerate(cards, 1)])

    @api.model
    def _load_strategies(self):
        rows = list(self._rows('strategies'))
        self._save('kam.dafo.strategy', [(f"strategy_{row['id']}", {
            'partner_id': self._ref(f"account_{row['account']}"),
            'company_id': self.env.ref('base.main_company').id,
            'name': row['name'],
            'user_id': self._ref(f"user_{row['user']}"),
            'item_ids': [Command.set([self._ref(f"card_{card}") for card in row['cards'].split()])],
        }) for row in rows])
        for row in rows:
            lead = row['lead'] and self.env.ref(f"kam_management.demo_opportunity_{row['lead']}", False)
            if lead and not lead.kam_strategy_id:
                lead.kam_strategy_id = self._ref(f"strategy_{row['id']}")

    @api.model
    def _load_objectives(self):
        today = fields.Date.today()
        for row in self._rows('objectives'):
            start = today - timedelta(days=int(row['start']))
            deadline = today + timedelta(days=int(row['deadline']))
            plan = self.env['kam.plan'].search([
                ('partner_id', '=', self._ref(f"account_{row['account']}")), ('state', '=', 'active'),
                ('date_start', '<=', start), ('date_end', '>=', deadline)])
            objective = self._save('kam.objective', [(f"objective_{row['id']}", {
                'partner_id': self._ref(f"account_{row['account']}"),
                'company_id': self.env.ref('base.main_company').id,
                'owner_id': self._ref(f"user_{row['owner']}"),
                'strategy_id': self._ref(row['strategy'] and f"strategy_{row['strategy']}"),
                'baseline': float(row['baseline']) if row['baseline'] else False,
                'target': float(row['target']) if row['target'] else False,
                'plan_id': plan.id,
                'goal_id': self._ref(row['plan_goal'] and f"plan_row_{row['plan_goal']}"),
                'date_start': start,
                'date_said': start,
                'date_deadline': deadline,
                **{name: row[name] or False for name in ('name', 'unit', 'resources', 'goal')},
                'owner_agreed': bool(row['agreed']),
            })])
            if objective and row['state'] != 'draft':
                objective.action_start()

    @api.model
    def _load_checkins(self):
        """In the order of their days; then what has ended ends."""
        today = fields.Date.today()
        self._save('kam.objective.checkin', [(f"checkin_{row['objective']}_{row['age']}", {
            'objective_id': self._ref(f"objective_{row['objective']}"),
            'user_id': self._ref(f"user_{row['user']}"),
            'date': today - timedelta(days=int(row['age'])),
            'value': float(row['value']),
            'confidence': row['confidence'],
            'note': row['note'],
        }) for row in self._rows('checkins')])
        for row in self._rows('objectives'):
            objective = self.env['kam.objective'].browse(self._ref(f"objective_{row['id']}"))
            if objective.state == 'running' and row['state'] != 'running':
                objective._end(row['state'])
                objective._stepping().date_closed = objective.date_deadline
