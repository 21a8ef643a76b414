"""The programme of the demo: who became a key account when and why, their teams, and what managers are able to do."""
from datetime import timedelta

from odoo import api, fields, models

from ..models.kam_team_member import FOLLOWING
from ..models.res_partner import DECISION

KNOWN = ('revenue', 'rank', 'pareto_class', 'attractiveness', 'position', 'willingness', 'quadrant', 'growth')


class KamDemo(models.AbstractModel):
    _inherit = 'kam.demo'

    @api.model
    def _load_programme(self):
        self._load_nominations()
        self._load_teams()
        self._load_competences()

    @api.model
    def _load_nominations(self):
        """As they happened: proposed, decided, and applied to the account, one after the other."""
        rows = sorted(self._rows('nominations'), key=lambda row: -int(row['proposed'] or 0))
        for row in rows:
            name = f"nomination_{row['account']}_{row['kind']}"
            if self.env.ref(f'kam_management.demo_{name}', raise_if_not_found=False):
                continue
            nomination = self._save('kam.nomination', [(name, {
                'partner_id': self._ref(f"account_{row['account']}"),
                'kind': row['kind'],
                'tier_id': self.env.ref(f"kam_management.tier_{row['tier']}").id if row['tier'] else False,
                'manager_id': self._ref(row['manager'] and f"user_{row['manager']}"),
                'user_id': self._ref(f"user_{row['user']}"),
                'approver_id': self._ref('user_helena'),
                'company_id': self.env.ref('base.main_company').id,
                **{name: row[name] or False for name in ('reason', 'exception_reason', 'decision_note')},
            })])
            self._decide(nomination, row)

    @api.model
    def _decide(self, nomination, row):
        known = int(row['decided'] or row['proposed'] or 1)
        values = {
            'state': row['state'], 'date_proposed': row['proposed'] and self._moment(row['proposed']),
            'scored_as_of': fields.Date.today() - timedelta(days=known), **{name: row[name] or False for name in KNOWN}}
        if row['decided']:
            values.update(
                decided_by_id=self._ref('user_helena'), date_decided=self._moment(row['decided'], hour=12),
                previous_tier_id=nomination.partner_id.kam_tier_id.id,
                previous_manager_id=nomination.partner_id.kam_manager_id.id)
        nomination._stepping().write(values)
        if row['state'] == 'accepted':
            nomination._apply()
            account = nomination.partner_id.with_context(kam_decision=DECISION)
            if row['kind'] == 'entry':
                account.kam_key_since = nomination.date_decided.date()
                account.kam_member_ids.with_context(kam_following=FOLLOWING).filtered(
                    lambda member: member.role == 'manager').date_from = account.kam_key_since

    @api.model
    def _load_teams(self):
        today = fields.Date.today()
        self._save('kam.team.member', [(f"member_{row['account']}_{row['user']}", {
            'partner_id': self._ref(f"account_{row['account']}"),
            'user_id': self._ref(f"user_{row['user']}"),
            'company_id': self.env.ref('base.main_company').id,
            'role': row['role'],
            'function_id': self.env.ref(f"kam_management.function_{row['function']}").id,
            'date_from': today - timedelta(days=int(row['since'])),
            'date_to': row['until'] and today - timedelta(days=int(row['until'])),
            'note': row['note'],
        }) for row in self._rows('teams')])

    @api.model
    def _load_competences(self):
        lines = {
            (line.user_id.id, line.competence_id.code): line for line in self.env['kam.manager.competence'].search([])}
        for row in self._rows('competences'):
            line = lines[self._ref(f"user_{row['user']}"), row['competence']]
            if not line.present:
                line.write({
                    'present': row['present'], 'note': row['note'] or False,
                    'date_assessed': fields.Date.today() - timedelta(days=int(row['age']))})
