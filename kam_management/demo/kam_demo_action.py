"""Actions of the demo's key accounts: what was done, what came of it, and what happens next."""
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command

from .kam_demo import MODULE

WORDS = ('name', 'result', 'conceded', 'gained', 'lessons')
SUMS = ('customer_expected', 'customer_obtained', 'us_expected', 'us_obtained')


class KamDemo(models.AbstractModel):
    _inherit = 'kam.demo'

    @api.model
    def _load_actions(self):
        today = fields.Date.today()
        rows = list(self._rows('actions'))
        loader = self.with_context(mail_activity_quick_update=True)
        for row in rows:
            people = [self._ref(f"contact_{name}") for name in row['people'].split()]
            text = 'approach' if row['kind'] == 'negotiation' else 'offer'
            loader._save('kam.action', [(f"action_{row['id']}", {
                **{name: row[name] or False for name in WORDS},
                **{f'value_{name}': float(row[name]) if row[name] else False for name in SUMS},
                text: row['text'] or False,
                'partner_id': self._ref(f"account_{row['account']}"),
                'company_id': self.env.ref('base.main_company').id,
                'kind_id': self.env.ref(f"{MODULE}.action_kind_{row['kind']}").id,
                'function_id': row['function'] and self.env.ref(f"{MODULE}.function_{row['function']}").id,
                'objective_id': self._ref(row['objective'] and f"objective_{row['objective']}"),
                'owner_id': self._ref(f"user_{row['owner']}"),
                'contact_ids': [Command.set(people)],
                'date': today + timedelta(days=int(row['day'])),
                # Planned a month before its day, and told when it was done.
                'date_said': today + timedelta(days=int(row['done'] or min(-5, int(row['day']) - 30))),
                'state': 'done' if row['done'] else 'planned',
                'date_done': row['done'] and today + timedelta(days=int(row['done'])),
                'answer': row['answer'] or False,
                'confirmed_by_id': self._ref(row['confirmed'] and f"contact_{row['confirmed']}"),
                'date_confirmed': row['confirmed'] and today + timedelta(days=int(row['done']) + 9),
            })])
