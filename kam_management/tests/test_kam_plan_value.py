"""What a plan's actions say together: the timeline, where the time goes, and the value report in both versions."""
from datetime import timedelta

from lxml import html
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from .test_kam_action import ActionCommon

REPORT = 'kam_management.report_plan_value'
DAY = timedelta(days=1)


class ValueCommon(ActionCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._plan(cls.iberia)
        cls.plan.action_activate()

    def _report(self, name=REPORT, user=None, lang='en_US'):
        reports = self.env['ir.actions.report'].with_user(user or self.user_user).with_context(lang=lang)
        content, kind = reports._render_qweb_html(name, self.plan.ids)
        self.assertEqual(kind, 'html')
        return html.fromstring(content)

    def _rows(self, tree):
        return [[" ".join(cell.text_content().split()) for cell in row.xpath('td')]
                for row in tree.xpath("//tbody/tr")]

    def _worth(self, name, customer, us=(False, False), done=True, **values):
        action = self._action(name=name, **values)
        if done:
            action.action_done()
        action.write({'value_customer_expected': customer[0], 'value_customer_obtained': customer[1],
                      'value_us_expected': us[0], 'value_us_obtained': us[1]})
        return action


@tagged('post_install', '-at_install')
class TestValuePdf(HttpCase, ValueCommon):
    """With a server that answers: the printer asks it for the styles."""

    def test_as_pdf(self):
        self.plan.with_user(self.user_manager).partner_ids = self.solo
        self._worth("Pallets reused", (9000, 12000))
        self._worth("For Solo", (50, 60), partner_id=self.solo.id, user=self.user_manager)
        reports = self.env['ir.actions.report'].with_user(self.user_user).with_context(force_report_rendering=True)
        for name in (REPORT, REPORT + '_customer'):
            with self.assertNoLogs('odoo.addons.base.models.ir_actions_report', 'WARNING'):
                content, kind = reports._render_qweb_pdf(name, self.plan.ids)
            self.assertEqual((kind, content[:5]), ('pdf', b'%PDF-'))
            self.assertEqual(content.count(b'/Type /Page\n'), 2, "a page for each account")


@tagged('post_install', '-at_install')
class TestPlanValue(ValueCommon):

    # ------------------------------------------------------------------ value
    def test_value_for_us(self):
        saved = self._worth("Pallets reused", (9000, 12000), (2000, 2500))
        saved.write({'confirmed_by_id': self.buyer.id, 'answer': 'backed'})
        self._worth("Faster line", (5000, False), (False, 700), done=False)
        self._worth("No more gaps", (False, False), value_note="Shelves full in July", done=False)
        self._worth("Nothing to tell", (False, False))
        cancelled = self._worth("Dropped", (100, False), done=False)
        cancelled.action_cancel()
        tree = self._report()
        rows = self._rows(tree)
        self.assertEqual([row[0].split(" Backs")[0].split(" Shelves")[0] for row in rows],
                         ["Pallets reused", "Faster line", "No more gaps"])
        self.assertEqual([cell.replace('\xa0', ' ').strip('$ ') for cell in rows[0][2:6]],
                         ["9,000", "12,000", "2,000", "2,500"])
        self.assertTrue(rows[0][6].startswith("Nuria,"))
        self.assertEqual((rows[1][3], rows[1][4], rows[1][6]), ("unknown", "unknown", "not yet"))
        totals = {cell.get('data-total'): " ".join(cell.text_content().split())
                  for cell in tree.xpath("//td[@data-total]")}
        self.assertRegex(totals['value_customer_expected'], r"14,000.* 1 without a figure")
        self.assertRegex(totals['value_customer_obtained'], r"12,000.* 2 without a figure")
        self.assertRegex(totals['value_us_obtained'], r"3,200.* 1 without a figure")

    def test_the_customer_reads_nothing_of_ours(self):
        self.iberia.lang = 'en_US'
        self._worth("Pallets reused", (9000, 12000), (3100, 3300), conceded="A discount", lessons="Ask earlier")
        self._worth("Of ours only", (False, False), (1, 2))
        self._worth("Secret", (10, 10), confidentiality='manager')
        self._worth("Negotiated", (10, 10), kind='request', function_id=self.logistics_function.id)
        tree = self._report(REPORT + '_customer')
        text = tree.text_content()
        self.assertEqual([row[0] for row in self._rows(tree)], ["Pallets reused"])
        for hidden in ("3,100", "3,300", "A discount", "Ask earlier", "Secret", "Negotiated", "for us"):
            self.assertNotIn(hidden, text)
        self.assertIn("Promised to you", text)

    def test_each_account_on_its_own_pages(self):
        """A customer reads nothing of another one that the plan covers; what was declined is in no total."""
        self.plan.with_user(self.user_manager).partner_ids = self.solo
        self._worth("Pallets reused", (9000, 12000))
        self._worth("Dropped by them", (700, False), answer='declined')
        self._worth("For Solo", (50, 60), partner_id=self.solo.id, user=self.user_manager)
        for name in (REPORT, REPORT + '_customer'):
            pages = self._report(name, user=self.user_manager).xpath("//div[contains(@class, 'kam_value_report')]")
            texts = [page.text_content() for page in pages]
            self.assertEqual(["Nordwind Iberia" in text for text in texts], [True, False])
            self.assertEqual(["For Solo" in text for text in texts], [False, True])
            total = pages[0].xpath(".//td[@data-total='value_customer_expected']")[0].text_content()
            self.assertRegex(total, "9,000")
            self.assertNotIn("9,700", total)
        self.assertNotIn("Dropped by them", self._report(REPORT + '_customer').text_content())

    def test_in_each_reader_s_language(self):
        self.env['res.lang']._activate_lang('es_ES')
        self.env['ir.module.module']._load_module_terms(['kam_management'], ['es_ES'])
        self.iberia.lang = 'es_ES'
        self._worth("Pallets reused", (9000, False))
        self.assertIn("Promised to the customer", self._report().text_content())
        self.assertIn("Prometido", self._report(REPORT + '_customer').text_content())
        self.assertNotIn("Promised", self._report(REPORT + '_customer').text_content())
        self.assertIn("Prometido al cliente", self._report(lang='es_ES').text_content())

    def test_who_may_print_it(self):
        self._worth("Pallets reused", (9000, 12000))
        with self.assertRaises(AccessError):
            self._report(user=self.user_contributor)
        self.plan.confidentiality = 'manager'
        with self.assertRaises(AccessError):
            self._report(user=self.user_colleague)

    def test_nothing_to_tell_yet(self):
        for step in (self.plan.action_value_report, self.plan.action_value_report_customer):
            with self._refused(UserError, "No action of this plan has a value yet"):
                step()
        self._worth("Of ours only", (False, False), (1, 2))
        self.assertEqual(self.plan.action_value_report()['report_type'], 'qweb-html')
        with self._refused(UserError, "No action of this plan has a value yet"):
            self.plan.action_value_report_customer()

    # ------------------------------------------------------------------ progress, time, timeline
    def test_parts_of_the_plan(self):
        self.iberia.kam_tier_id = self.strategic
        parts = self.plan.with_user(self.user_user)._find_parts()
        self.assertFalse(parts['next_steps'].get(self.plan.id) or parts['value'].get(self.plan.id))
        self._worth("Pallets reused", (9000, False), done=False)
        parts = self.plan.with_user(self.user_user)._find_parts()
        self.assertTrue(parts['next_steps'][self.plan.id][0])
        self.assertTrue(parts['value'][self.plan.id][0])

    def test_where_the_time_goes(self):
        self.assertFalse(self.plan.time_html)
        for kind, hours in (('sponsor', 3), ('visit', 1), ('negotiation', 4)):
            self._action(kind=kind, effort=hours, result="Done").action_done()
        self._action(kind='offer', effort=50)  # not done
        self._action(kind='offer', effort=False).action_done()  # nobody knows
        tree = html.fromstring(self.plan.with_user(self.user_user).time_html)
        self.assertEqual(self._rows(tree), [
            ["Building trust", "3.0", "38 %", "40 %"], ["Understanding needs", "1.0", "12 %", "30 %"],
            ["Presenting", "0.0", "0 %", "20 %"], ["Closing", "4.0", "50 %", "10 %"]])

    def test_timeline(self):
        self._action(name="Late", date=self.today - DAY)
        self._action(name="Planned", date=self.today)
        self._action(name="Done", date=self.today - 9 * DAY).action_done()
        self._action(name="Secret", confidentiality='manager')
        self.env['kam.objective'].create({
            'name': "Half of its trays", 'partner_id': self.iberia.id, 'plan_id': self.plan.id,
            'date_start': self.today, 'date_deadline': self.today + 30 * DAY})
        self.env['kam.plan.buying.step'].create({
            'plan_id': self.plan.id, 'name': "Tender", 'date': self.today + 60 * DAY})
        self.env['kam.team.member'].create({'partner_id': self.iberia.id, 'user_id': self.user_colleague.id})
        timeline = self.plan.with_user(self.user_colleague).timeline
        shown = {lane['name']: [(item['name'], item['start'], item['end'], item['state']) for item in lane['items']]
                 for lane in timeline['lanes']}
        self.assertEqual(shown, {
            'Objectives': [("Half of its trays", str(self.today), str(self.today + 30 * DAY), 'open')],
            'Buying process': [("Tender", '', str(self.today + 60 * DAY), 'open')],
            'Actions': [("Done", '', str(self.today), 'done'), ("Late", '', str(self.today - DAY), 'late'),
                        ("Planned", '', str(self.today), 'open')]})
        self.assertEqual(timeline['today'], str(self.today))

    def test_queries_do_not_grow(self):
        names = ['timeline', 'time_html', 'action_count', 'progress_html']

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            plan = self.plan.with_user(self.user_user)
            before = self.env.cr.sql_log_count
            plan.read(names)
            plan.action_ids.read(['name', 'owner_id', 'date', 'kind_id', 'state', 'is_late', 'hat_id', 'effort'])
            return self.env.cr.sql_log_count - before

        values = {'partner_id': self.iberia.id, 'owner_id': self.user_user.id, 'plan_id': self.plan.id}
        actions = self.env['kam.action'].with_context(mail_activity_automation_skip=True, tracking_disable=True)
        actions.create([{**values, 'name': f"Step {number}"} for number in range(5)])
        self.plan.with_user(self.user_user).read(names)
        few = count()
        actions.create([{**values, 'name': f"Step {number}"} for number in range(495)])
        self.assertLessEqual(count(), few)
