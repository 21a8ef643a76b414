"""The account plans of the demo: what each account wants, what we want of it, and what it rests on.

`plan_rows.csv` holds the rows of all kinds; what its columns mean for each kind stands in `_row_of_KIND`. Ages and
dates are counted in days from the installation, years from the start of the plan.
"""
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models

MODELS = {
    'priority': 'kam.plan.priority', 'goal': 'kam.plan.goal', 'lesson': 'kam.plan.lesson',
    'step': 'kam.plan.buying.step', 'scenario': 'kam.plan.scenario', 'signal': 'kam.plan.signal',
    'commitment': 'kam.plan.commitment', 'target': 'kam.plan.target', 'category': 'kam.plan.category',
    'competitor': 'kam.plan.competitor', 'forecast': 'kam.plan.forecast', 'estimate': 'kam.plan.estimate',
}


class KamDemo(models.AbstractModel):
    _inherit = 'kam.demo'

    @api.model
    def _load_programme(self):
        super()._load_programme()
        self._load_plans()

    @api.model
    def _load_plans(self):
        texts = {}
        for row in self._rows('plan_profiles'):
            texts.setdefault(row['account'], []).append(row)
        rows = {}
        for row in self._rows('plan_rows'):
            rows.setdefault(row['account'], []).append(row)
        for row in self._rows('plans'):
            name = f"plan_{row['account']}"
            if self.env.ref(f'kam_management.demo_{name}', raise_if_not_found=False):
                continue
            account = self.env['res.partner'].browse(self._ref(f"account_{row['account']}"))
            plan = self._save('kam.plan', [(name, {
                'partner_id': account.id,
                'company_id': self.env.ref('base.main_company').id,
                'owner_id': account.kam_manager_id.id,
                'date_start': self._day(-int(row['start'])),
                **self._profile(texts.get(row['account'], [])),
            })])
            self._load_plan_rows(plan, rows.get(row['account'], []))
            if row['state'] == 'active':
                plan.write({'state': 'active', 'date_activated': plan.date_start})

    @api.model
    def _profile(self, rows):
        values = {row['field']: row['text'] for row in rows}
        for section, names in self.env['kam.plan']._profile_sections_by_name().items():
            ages = [int(row['age']) for row in rows if row['field'] in names]
            if ages:
                values[f'{section}_date'] = self._day(-min(ages))
        return values

    @api.model
    def _load_plan_rows(self, plan, rows):
        for number, row in enumerate(rows):
            values = {'plan_id': plan.id, **getattr(self, f"_row_of_{row['kind']}")(plan, row)}
            model = self.env[MODELS[row['kind']]]
            if 'date_said' in model:
                values['date_said'] = self._day(-int(row['age'] or 0))
            record = self._save(model._name, [(f"plan_row_{row['id']}", values)])
            if 'sequence' in record:
                record.sequence = number
            if 'estimate_ids' in record:
                record.estimate_ids.user_id = plan.owner_id

    @api.model
    def _day(self, days):
        return fields.Date.today() + timedelta(days=int(days))

    @api.model
    def _row_of_priority(self, plan, row):
        return {'name': row['name'], 'note': row['text'] or False}

    @api.model
    def _row_of_goal(self, plan, row):
        return {
            'name': row['name'], 'whose': row['who'], 'kind': row['choice'],
            'year': row['number'] and str(plan.date_start.year + int(row['number'])),
            'contact_id': self._ref(row['contact'] and f"contact_{row['contact']}")}

    @api.model
    def _row_of_lesson(self, plan, row):
        return {
            'name': row['name'], 'lesson': row['text'], 'date': self._day(-int(row['day'])),
            'lead_id': self._ref(f"opportunity_{row['choice']}")}

    @api.model
    def _row_of_step(self, plan, row):
        return {
            'name': row['name'], 'criteria': row['text'], 'date_kind': row['choice'], 'date': self._day(row['day']),
            'contact_id': self._ref(row['contact'] and f"contact_{row['contact']}"),
            'owner_id': self._ref(f"user_{row['who']}")}

    @api.model
    def _row_of_scenario(self, plan, row):
        return {
            'name': row['name'], 'actions': row['text'], 'likelihood': int(row['number']),
            'revenue_at_risk': float(row['amount']), 'owner_id': self._ref(f"user_{row['who']}")}

    @api.model
    def _row_of_signal(self, plan, row):
        return {
            'name': row['name'], 'consequence': row['text'], 'date': self._day(-int(row['day'])),
            'user_id': self._ref(f"user_{row['who']}")}

    @api.model
    def _row_of_commitment(self, plan, row):
        return {
            'name': row['name'], 'owed_by': row['who'], 'date': self._day(min(0, int(row['day'])) - 30),
            'date_due': self._day(row['day']), 'date_done': row['number'] and self._day(-int(row['number'])),
            'contact_id': self._ref(f"contact_{row['contact']}"), 'owner_id': self._ref(f"user_{row['choice']}")}

    @api.model
    def _row_of_target(self, plan, row):
        return {
            'year': str(plan.date_start.year + int(row['number'])), 'target': float(row['amount']),
            'budget': float(row['choice'])}

    @api.model
    def _row_of_category(self, plan, row):
        rank, _slash, suppliers = row['who'].partition('/')  # second of four: 2/4
        return {
            'our_rank': rank and int(rank), 'supplier_count': suppliers and int(suppliers),
            'name': row['name'], 'our_sales': row['amount'] and float(row['amount']),
            'our_sales_date': row['amount'] and self._day(-20),
            'potential': float(row['number']), 'potential_date': self._day(-int(row['day'])),
            'potential_source': row['text'], 'potential_confidence': row['choice']}

    @api.model
    def _row_of_estimate(self, plan, row):
        """What a category was thought to be worth before."""
        return {
            'category_id': self._ref(f"plan_row_{row['who']}"), 'date': self._day(-int(row['day'])),
            'amount': float(row['amount']), 'source': row['text'], 'confidence': row['choice'],
            'user_id': plan.owner_id.id}

    @api.model
    def _row_of_competitor(self, plan, row):
        return {
            'name': row['name'], 'whose': row['who'], 'share': float(row['number']), 'rank': int(row['choice']),
            'strengths': row['text']}

    @api.model
    def _row_of_forecast(self, plan, row):
        month = fields.Date.today().replace(day=1) + relativedelta(months=int(row['day']))
        return {
            'category_id': self._ref(f"plan_row_{row['choice']}"), 'month': month, 'quantity': float(row['number']),
            'unit': row['name'], 'amount': float(row['amount']),
            'function_ids': [fields.Command.set([self.env.ref(f"kam_management.function_{row['who']}").id])]}
