"""Plans B of the demo's key accounts. Its alerts come by themselves from the first refresh."""
from odoo import api, models
from odoo.fields import Command

from .kam_demo import MODULE


class KamDemo(models.AbstractModel):
    _inherit = 'kam.demo'

    @api.model
    def _load_stakeholders(self):
        super()._load_stakeholders()
        self._load_playbooks()

    @api.model
    def _load_playbooks(self):
        steps = {}
        for row in self._rows('playbook_steps'):
            steps.setdefault(row['playbook'], []).append(row)
        for row in self._rows('playbooks'):
            name = f"playbook_{row['id']}"
            if self.env.ref(f'{MODULE}.demo_{name}', raise_if_not_found=False):
                continue
            playbook = self._save('kam.playbook', [(name, {
                'name': row['name'],
                'goal': row['goal'],
                'partner_id': self._ref(f"account_{row['account']}"),
                'company_id': self.env.ref('base.main_company').id,
                'rule_ids': [Command.set([
                    self.env.ref(f'{MODULE}.alert_rule_{rule}').id for rule in row['rules'].split()])],
                'step_ids': [Command.create({
                    'name': step['name'], 'days_after': int(step['day']), 'owner_role': step['owner'],
                    'kind_id': self.env.ref(f"{MODULE}.action_kind_{step['kind']}").id,
                    'function_id': step['function'] and self.env.ref(f"{MODULE}.function_{step['function']}").id,
                }) for step in steps.get(row['id'], [])],
            })])
            if row['prepared']:
                playbook.with_user(self._ref(f"user_{row['prepared']}")).sudo().action_prepared()
