"""Loads the demo data: a European supplier of packaging and its customers, in English or in Spanish.

The tables beside this file hold one record a line; days are counted back from the day of the installation, so the demo
never ages. Names of opportunities, job positions and remarks are not translatable in Odoo, so each has a Spanish
column, which is taken when the database is Spanish: when that is the administrator's language.
"""
import csv
from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.tools import SQL, file_open

MODULE = 'kam_management'
STAGES = {'new': 'crm.stage_lead1', 'qualified': 'crm.stage_lead2', 'proposition': 'crm.stage_lead3'}
# Nobody follows, is notified of or reads in the chatter that a record was made by this file.
SILENT = {
    'tracking_disable': True, 'mail_create_nolog': True, 'mail_create_nosubscribe': True,
    'mail_auto_subscribe_no_notify': True, 'no_reset_password': True, 'mail_notrack': True,
}


class KamDemo(models.AbstractModel):
    _name = 'kam.demo'
    _description = "Key Accounts demo data"

    @api.model
    def _load(self):
        """Load every table; what is there already is left as it is."""
        # What the programme itself writes, such as the subject of an activity, is in that language too.
        demo = self.with_context(**SILENT, lang=self.env.ref('base.user_admin').lang)
        demo._load_users()
        demo._load_accounts()
        demo._load_contacts()
        demo._load_opportunities()
        demo._load_opinions()
        demo._load_programme()
        demo._load_dafo()
        demo._load_actions()
        demo._load_stakeholders()

    # -- reading ---------------------------------------------------------------------------------------------------
    @api.model
    def _is_spanish(self):
        return (self.env.ref('base.user_admin').lang or '').startswith('es')

    @api.model
    def _rows(self, table):
        """The lines of a table; in a Spanish database `name_es` stands in `name`, and so on."""
        spanish = self._is_spanish()
        with file_open(f'{MODULE}/demo/tables/{table}.csv', 'r') as source:
            for row in csv.DictReader(source):
                translated = {name.removesuffix('_es'): row.pop(name) for name in list(row) if name.endswith('_es')}
                yield {**row, **translated} if spanish else row

    @api.model
    def _ref(self, name):
        return self.env.ref(f'{MODULE}.demo_{name}').id if name else False

    @api.model
    def _moment(self, age, hour=10):
        """`age` days ago, on the working day before where that is a weekend."""
        day = fields.Date.today() - timedelta(days=int(age))
        day -= timedelta(days=max(0, day.weekday() - 4))
        return datetime.combine(day, time(hour))

    @api.model
    def _save(self, model, records):
        """Make the records `[(name, values)]` that are not there yet."""
        return self.env[model]._load_records([
            {'xml_id': f'{MODULE}.demo_{name}', 'values': values, 'noupdate': True} for name, values in records
            if not self.env.ref(f'{MODULE}.demo_{name}', raise_if_not_found=False)])

    # -- tables ----------------------------------------------------------------------------------------------------
    @api.model
    def _load_users(self):
        """The users stand in kam_demo_users.xml; they work in the language of the database."""
        language = self.env.ref('base.user_admin').lang
        for name in ('marta', 'jonas', 'claire', 'helena', 'pablo', 'ingrid'):
            self.env['res.users'].browse(self._ref(f'user_{name}')).lang = language

    @api.model
    def _load_accounts(self):
        for row in self._rows('accounts'):  # one by one: a parent comes before its subsidiaries
            self._save('res.partner', [(f"account_{row['id']}", {
                'name': row['name'],
                'is_company': True,
                'company_id': self.env.ref('base.main_company').id,
                'parent_id': self._ref(row['parent'] and f"account_{row['parent']}"),
                'type': 'other' if row['parent'] else 'contact',  # a subsidiary keeps its own address
                **{name: row[name] for name in ('street', 'zip', 'city', 'email', 'website')},
                'country_id': self.env.ref(f"base.{row['country']}").id,
                'industry_id': self.env.ref(f"base.res_partner_industry_{row['industry']}").id,
                'category_id': [fields.Command.set([self._ref(f"tag_{row['tag']}")])],
                'lang': self.env.ref('base.user_admin').lang,
                'user_id': self._ref(row['salesperson'] and f"user_{row['salesperson']}"),
            })])

    @api.model
    def _load_contacts(self):
        self._save('res.partner', [(f"contact_{row['id']}", {
            'name': row['name'],
            'type': 'contact',
            'company_id': self.env.ref('base.main_company').id,
            'parent_id': self._ref(f"account_{row['company']}"),
            'email': row['email'],
            'function': row['function'],
            'lang': self.env.ref('base.user_admin').lang,
        }) for row in self._rows('contacts')])

    @api.model
    def _load_opportunities(self):
        leads = [self._won(row) for row in self._rows('won')]
        leads += [self._lost(row) for row in self._rows('lost')]
        leads += [self._open(row) for row in self._rows('open')]
        created = {name: values.pop('create_date') for name, values in leads}
        made = self._save('crm.lead', leads)
        self._set_create_dates(made, created)

    @api.model
    def _opportunity(self, row, **values):
        partner = self._partner(row['partner'])
        created = self._moment(row['created'], hour=9)
        return f"opportunity_{row['id']}", {
            'type': 'opportunity',
            'name': row['name'],
            'partner_id': partner.id,
            'user_id': partner.user_id.id or partner.commercial_partner_id.user_id.id,
            'team_id': self._ref('team'),
            'expected_revenue': float(row['amount']),
            'kam_opportunity_type_id': row['type'] and self.env.ref(f"{MODULE}.opportunity_type_{row['type']}").id,
            'kam_asked_by_customer': bool(row['asked']),
            'create_date': created,
            'date_open': created,
            'kam_date_identified': created,
            **values,
        }

    @api.model
    def _won(self, row):
        closed = self._moment(row['closed'], hour=15)
        return self._opportunity(
            row, stage_id=self.env.ref('crm.stage_lead4').id, probability=100, date_closed=closed,
            date_last_stage_update=closed, kam_date_qualified=self._qualified(row, row['closed']))

    @api.model
    def _lost(self, row):
        closed = self._moment(row['closed'], hour=15)
        return self._opportunity(
            row, stage_id=self.env.ref('crm.stage_lead3').id, active=False, probability=0, date_closed=closed,
            date_last_stage_update=closed, kam_date_qualified=self._qualified(row, row['closed']),
            lost_reason_id=self._ref(f"lost_{row['reason']}"))

    @api.model
    def _open(self, row):
        expected = fields.Date.today() + timedelta(days=int(row['expected']))
        moved = int(row['created']) % 9
        qualified = {'new': False, 'qualified': self._moment(moved), 'proposition': self._qualified(row, moved)}
        return self._opportunity(
            row, stage_id=self.env.ref(STAGES[row['stage']]).id, date_deadline=expected,
            date_last_stage_update=self._moment(moved), kam_date_qualified=qualified[row['stage']],
            priority=self._priority(float(row['amount'])))

    @api.model
    def _qualified(self, row, until):
        """A third of the way from the creation of an opportunity to `until` days ago."""
        created = int(row['created'])
        return self._moment(created - (created - int(until)) // 3, hour=11)

    @api.model
    def _priority(self, amount):
        """Stars of an open opportunity, none to three."""
        return str(sum(amount >= limit for limit in (25_000, 60_000, 150_000)))

    @api.model
    def _partner(self, name):
        kind = 'account' if self.env.ref(f'{MODULE}.demo_account_{name}', raise_if_not_found=False) else 'contact'
        return self.env['res.partner'].browse(self._ref(f'{kind}_{name}'))

    @api.model
    def _set_create_dates(self, leads, created):
        """`create_date` is Odoo's own, written by SQL; what is computed from it follows."""
        leads.flush_recordset()
        names = leads.get_external_id()
        for lead in leads:
            name = names[lead.id].removeprefix(f'{MODULE}.demo_')
            self.env.cr.execute(SQL("UPDATE crm_lead SET create_date = %s WHERE id = %s", created[name], lead.id))
        leads.invalidate_recordset(['create_date'])
        for name in ('day_open', 'day_close'):
            self.env.add_to_compute(leads._fields[name], leads)
        leads.flush_recordset()

    @api.model
    def _load_opinions(self):
        factors = {factor.code: factor.id for factor in self.env['kam.score.factor'].search([])}
        self._save('kam.assessment', [
            (f"opinion_{row['account']}_{row['factor']}_{row['rater']}_{row['age']}", {
                'partner_id': self._ref(f"account_{row['account']}"),
                'factor_id': factors[row['factor']],
                'user_id': self._ref(f"user_{row['rater']}"),
                'value': int(row['value']),
                'date': fields.Date.today() - timedelta(days=int(row['age'])),
                'comment': row['comment'] or False,
            }) for row in self._rows('opinions')])
