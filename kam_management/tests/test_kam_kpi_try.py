"""Try it: the value for three accounts before a KPI is saved, with the rights of whoever tries it."""
import html
import re
from datetime import date

from odoo.tests import Form, tagged

from .test_kam_kpi import KpiCommon

FORM = 'kam_management.kam_kpi_view_form'


def cells(markup):
    """The rows of a table as lists of text; a sentence as it is."""
    text = html.unescape(str(markup)).replace('\xa0', ' ')
    rows = re.findall(r'<tr>(.*?)</tr>', text)
    if not rows:
        return re.sub(r'<.*?>', '', text)
    return [[re.sub(r'<.*?>', '', cell) for cell in re.findall(r'<t[hd]>(.*?)</t[hd]>', row)]
            for row in rows]


@tagged('post_install', '-at_install')
class TestTry(KpiCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.partner'].search([('is_key_account', '=', True), ('id', '!=', cls.iberia.id)]).write(
            {'active': False})
        cls.company.kam_settings_id.window_months = 12
        (cls.user_admin | cls.user_system).lang = 'en_US'  # numbers as they are written below
        cls.user_admin.group_ids |= cls.env.ref('sales_team.group_sale_salesman_all_leads')
        cls.domain = "[('name', '=', 'A deal that is tried')]"
        for partner, amount, day in (
                (cls.iberia, 1000, '2026-03-01'), (cls.luis, 500, '2026-04-01'), (cls.iberia, 200, '2025-03-01'),
                (cls.solo, 40, '2026-05-01'), (cls.solo, 60, '2026-06-01'), (cls.other, 5, '2026-07-01'),
                (cls.group, 1, '2026-07-01')):
            cls._deal(partner, amount, day)

    @classmethod
    def _deal(cls, partner, amount, day):
        lead = cls.env['crm.lead'].create({
            'name': "A deal that is tried", 'type': 'opportunity', 'partner_id': partner.id,
            'expected_revenue': amount, 'company_id': cls.company.id})
        cls.env.flush_all()
        cls.env.cr.execute("UPDATE crm_lead SET date_closed = %s WHERE id = %s", [f'{day} 12:00', lead.id])
        cls.env.invalidate_all()
        return lead

    def setUp(self):
        super().setUp()
        self.patch(type(self.company), '_kam_today', lambda company: date(2026, 11, 20))

    def _form(self, user=None, **values):
        form = Form(self.kpis.with_user(user or self.user_admin), FORM)
        form.name = "Tried"
        form.code = 'tried'
        for name, value in values.items():
            setattr(form, name, value)
        return form

    def _source(self, user=None, **values):
        return self._form(user, **{
            'model_choice': 'crm.lead', 'domain': self.domain, 'date_field': 'date_closed',
            'measure': 'expected_revenue', 'unit': 'count', **values})

    def _tried(self, form):
        form.trying = True
        self.assertFalse(form.trying)
        return cells(form.trial)

    def test_a_source_before_it_is_saved(self):
        before = self.kpis.with_context(active_test=False).search_count([])
        form = self._source()
        self.assertEqual(self._tried(form), [
            ["Account", "Last 12 months", "The months before"],
            # the key account first, then those with the most records; Luis counts for Nordwind Iberia
            ["Nordwind Iberia", "1,500", "200"],
            ["Solo Shop", "100", "0"],
            ["Nordwind Group", "1", "0"],
        ])
        self.assertEqual(self.kpis.with_context(active_test=False).search_count([]), before)

    def test_other_ways_to_measure(self):
        rows = self._tried(self._source(aggregate='avg', unit='number'))
        self.assertEqual(rows[1:3], [
            ["Nordwind Iberia", "750", "200"], ["Solo Shop", "50", "unknown: nothing to measure"]])
        rows = self._tried(self._source(aggregate='count', date_field=False))
        self.assertEqual(rows[:3], [["Account", "Today"], ["Nordwind Iberia", "3"], ["Solo Shop", "2"]])
        rows = self._tried(self._source(unit='amount'))
        self.assertIn("1,500", rows[1][1])
        self.assertNotIn("1,500.0", rows[1][1])
        self.assertIn(self.company.currency_id.symbol, rows[1][1])

    def test_what_is_tried_is_what_runs(self):
        """The same number as the section of facts that the worker would pull."""
        kpi = self._source().save()
        kpi.with_user(self.user_system).write({'active': True})
        sync = self.env['kam.sync'].with_user(self.user_service).with_context(allowed_company_ids=None)
        run = kpi.with_user(self.user_service)._trial_run()
        model, query, account = sync._open_source(run, kpi.with_user(self.user_service))
        wide = sync._group_documents(run, kpi, model, query, account)
        rows = {row['account_id']: row for row in self._rows(wide)}
        row = rows[self.iberia.id]
        self.assertEqual((row[f'value_{kpi.id}_now'], row[f'value_{kpi.id}_before']), (1500, 200))

    def _rows(self, query):
        self.env.cr.execute(query)
        return self.env.cr.dictfetchall()

    def test_a_formula_over_what_its_operands_give(self):
        for code, values in (('amount_tried', {}), ('count_tried', {'aggregate': 'count', 'measure': False})):
            self.kpis.with_user(self.user_system).create({
                'code': code, 'name': code, 'model_name': 'crm.lead', 'domain': self.domain,
                'date_field': 'date_closed', 'measure': 'expected_revenue', 'active': True, **values})
        form = self._form(kind='formula', formula='amount_tried ÷ count_tried')
        self.assertEqual(self._tried(form), [
            ["Account", "Last 12 months", "The months before"],
            ["Nordwind Iberia", "750", "200"],
            ["Solo Shop", "50", "unknown: a division by zero"],
            ["Nordwind Group", "1", "unknown: a division by zero"],
        ])
        form.formula = 'count_tried ÷ nps'
        rows = self._tried(form)
        self.assertEqual(rows[1], ["Nordwind Iberia", "unknown: “NPS”: the worker computes it with the next refresh"])
        form.formula = 'count_tried ÷'
        self.assertEqual(self._tried(form), "Character 14: a code, a number or a parenthesis is missing here.")

    def test_what_is_wrong_is_said(self):
        for values, sentence in (
            ({'domain': "[('nothing', '=', 1)]"}, "The domain can't be used"),
            ({'measure': 'name'}, "name of crm.lead is of the wrong type"),
            ({'partner_path': 'user_id'}, "leads to res.users, not to a contact"),
            ({'domain': "[('id', '=', 0)]"}, None),
        ):
            with self.subTest(values):
                tried = self._tried(self._source(**values))
                if sentence:
                    self.assertRegex(tried, sentence)
                else:
                    # nobody has such records: the key account, with a known 0
                    self.assertEqual(tried[1], ["Nordwind Iberia", "0", "0"])

    def test_with_the_rights_of_whoever_tries(self):
        """Only what they may read themselves, whatever the worker may."""
        form = self._form(model_choice='ir.cron', aggregate='count')
        self.assertEqual(self._tried(form),
                         "You may not read ir.cron yourself, so its values can't be shown to you.")
        sources = self.env['ir.model.data'].search_count([('name', '=like', 'access_source_%')])
        form.model_choice = 'crm.lead'
        form.domain = self.domain
        self.env['ir.rule'].create({
            'name': "Small ones", 'model_id': self.env['ir.model']._get_id('crm.lead'),
            'domain_force': "[('expected_revenue', '<', 50)]"})
        self.assertEqual(self._tried(form)[1:3], [["Nordwind Group", "1"], ["Solo Shop", "1"]])
        self.assertEqual(self.env['ir.model.data'].search_count([('name', '=like', 'access_source_%')]), sources)

    def test_a_model_of_another_app_before_it_is_activated(self):
        """Nobody opened it to the worker yet, and a system administrator may try it."""
        self.user_system.group_ids |= self.env.ref('kam_management.group_kam_admin')
        self.env['res.partner.bank'].create({'acc_number': 'ES1', 'partner_id': self.iberia.id})
        form = self._form(self.user_system, model_choice='res.partner.bank', aggregate='count', unit='count')
        self.assertEqual(form.state, 'unavailable')
        self.assertIn("A system administrator activates this KPI", form.state_reason)
        self.assertEqual(self._tried(form)[1], ["Nordwind Iberia", "1"])
        self.assertFalse(self.env['res.partner.bank'].with_user(self.user_service).has_access('read'))

    def test_confidential_accounts_stay_hidden(self):
        self.solo.kam_confidentiality = 'manager'
        self.iberia.kam_confidentiality = 'team'
        names = [row[0] for row in self._tried(self._source())[1:]]
        self.assertNotIn("Solo Shop", names)
        self.assertNotIn("Nordwind Iberia", names)

    def test_choosing_another_model_empties_what_named_its_fields(self):
        form = self._source()
        form.model_choice = 'kam.action'
        self.assertEqual((form.model_name, form.domain, form.partner_path, form.company_field, form.measure),
                         ('kam.action', '[]', 'partner_id', 'company_id', False))

    def test_models_are_those_that_are_installed_and_keep_records(self):
        choices = dict(self.kpis.with_user(self.user_admin)._list_models())
        self.assertIn('crm.lead', choices)
        self.assertFalse({'mail.thread', 'kam.contact.log', 'kam.nomination.decision'} & set(choices))
