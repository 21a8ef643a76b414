"""The people of the demo's key accounts: who decides, where they stand, and who of us knows them."""
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command

from .kam_demo import MODULE

# How the two companies are to meet, where that was decided.
FORMS = {
    'valdeolmo': ('diamond', "Develops with us: its engineers need ours, not only its purchasing.",
                  "Desarrolla con nosotros: sus ingenieros necesitan a los nuestros, no solo compras."),
    'lindero': ('diamond', "Logistics and sustainability decide as much as purchasing.",
                "Logística y sostenibilidad deciden tanto como compras."),
    'kessel': ('bow_tie', "Buys by price and through one person; more would cost more than it brings.",
               "Compra por precio y a través de una persona; más costaría más de lo que aporta."),
}


class KamDemo(models.AbstractModel):
    _inherit = 'kam.demo'

    @api.model
    def _load_stakeholders(self):
        today = fields.Date.today()
        rows = list(self._rows('stakeholders'))
        loader = self.with_context(mail_activity_quick_update=True)
        for row in rows:
            person = self.env['res.partner'].browse(self._ref(f"contact_{row['contact']}"))
            name = f"stakeholder_{row['contact']}"
            if self.env.ref(f'{MODULE}.demo_{name}', raise_if_not_found=False):
                continue
            stakeholder = loader._save('kam.stakeholder', [(name, {
                'contact_id': person.id,
                'partner_id': person.kam_account_id.id,
                'company_id': self.env.ref('base.main_company').id,
                'role_ids': [Command.set([
                    self.env.ref(f'{MODULE}.stakeholder_role_{role}').id for role in row['roles'].split()])],
                'power': row['power'] or False,
                'support': row['support'] or False,
                'relationship': row['today'] or False,
                'relationship_target': row['wanted'] or False,
                'counterpart_ids': [Command.set([self._ref(f'user_{user}') for user in row['known'].split()])],
                'interests': row['interests'] or False,
                'measured_by': row['measured'] or False,
                'recognised_for': row['recognised'] or False,
                'best_reached': row['reached'] or False,
            })])
            if row['individual']:
                self._save('kam.stakeholder.person', [(f"individual_{row['contact']}", {
                    'stakeholder_id': stakeholder.id, 'interests': row['individual']})])
            if row['step']:
                stakeholder.with_context(mail_activity_quick_update=True).activity_schedule(
                    'mail.mail_activity_data_todo', summary=row['step'],
                    user_id=stakeholder.partner_id.kam_manager_id.id or self.env.uid,
                    date_deadline=today + timedelta(days=int(row['day'])))
        for row in rows:
            if row['boss']:
                stakeholder = self.env['kam.stakeholder'].browse(self._ref(f"stakeholder_{row['contact']}"))
                boss = self.env['kam.stakeholder'].browse(self._ref(f"stakeholder_{row['boss']}"))
                if not stakeholder.reports_to_id and stakeholder.partner_id == boss.partner_id:
                    stakeholder.reports_to_id = boss
        self._choose_forms()

    @api.model
    def _choose_forms(self):
        for name, (form, why, why_es) in FORMS.items():
            account = self.env['res.partner'].browse(self._ref(f'account_{name}'))
            if not account.kam_form_chosen:
                account.write({'kam_form_chosen': form, 'kam_form_why': why_es if self._is_spanish() else why})
