"""Contacts with the people of the demo's key accounts in the last months, and what these answered.

Their meetings, e-mails and calls stand here as if written by hand: a demo sends no mail and fills nobody's calendar.
"""
from odoo import api, models

from .kam_demo import MODULE


class KamDemo(models.AbstractModel):
    _inherit = 'kam.demo'

    @api.model
    def _load_actions(self):
        # Before them: what the cron finds in done actions folds into what is told here.
        self._load_touches()
        self._load_responses()
        super()._load_actions()

    @api.model
    def _load_touches(self):
        self._save('kam.stakeholder.contact', [(f"touch_{row['id']}", {
            'contact_id': self._ref(f"contact_{row['contact']}"),
            'user_id': self._ref(f"user_{row['user']}"),
            'company_id': self.env.ref('base.main_company').id,
            'date': self._moment(row['day']).date(),
            'channel': row['channel'],
            'direction': row['direction'],
            'name': row['name'] or False,
        }) for row in self._rows('touches')])

    @api.model
    def _load_responses(self):
        self._save('kam.satisfaction.response', [(f"response_{row['id']}", {
            'contact_id': self._ref(row['contact'] and f"contact_{row['contact']}"),
            **({'partner_id': self._ref(f"account_{row['account']}")} if row['account'] else {}),
            'company_id': self.env.ref('base.main_company').id,
            'kind': row['kind'],
            'value': float(row['value']),
            'date': self._moment(row['day']).date(),
            'touchpoint_id': row['touchpoint'] and self.env.ref(f"{MODULE}.touchpoint_{row['touchpoint']}").id,
            'comment': row['comment'] or False,
        }) for row in self._rows('responses')])
