"""The one-page plan, the customer's version of it, and the handover pack: what stands on them, and for whom."""
import io
from datetime import timedelta

from lxml import html
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from PyPDF2 import PdfReader

from .test_kam_action import ActionCommon

PAGE = 'kam_management.report_plan_page'
CUSTOMER = 'kam_management.report_plan_page_customer'
ACCOUNT = 'kam_management.report_account_page'
HANDOVER = 'kam_management.report_account_handover'
# What no customer may read.
OURS = ["Against us", "Displace the incumbent", "They could leave us", "They fear the new director", "Our cards",
        "Ask for a price",
        "Hold the price", "310,000", "Not for them"]


class PageCommon(ActionCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tomorrow = cls.today + timedelta(days=1)
        cls.plan = cls._plan(cls.iberia, why_us="Our cards", value_proposition="A third less plastic")
        cls.plan.write({
            'priority_ids': [Command.create({'name': "Displace the incumbent"}),
                             Command.create({'name': "Ready for the summer", 'is_shared': True})],
            'goal_ids': [Command.create({'name': "No gap on the shelf", 'contact_id': cls.buyer.id}),
                         Command.create({'name': "They fear the new director", 'kind': 'concern'}),
                         Command.create({'name': "Hold the price", 'whose': 'us', 'kind': 'need'})],
            'scenario_ids': [Command.create({
                'name': "They could leave us", 'likelihood': 30, 'revenue_at_risk': 310000})],
            'commitment_ids': [Command.create({'name': "Samples in a week", 'date_due': tomorrow}),
                               Command.create({'name': "Kept already", 'date_due': tomorrow, 'date_done': cls.today})],
            'buying_step_ids': [Command.create({'name': "Tender for cups", 'date': tomorrow}),
                                Command.create({'name': "Tender of last year", 'date': cls.today - timedelta(days=9)})],
        })
        cls.plan.action_activate()
        cls.env['kam.stakeholder'].with_user(cls.user_user).create({
            'contact_id': cls.buyer.id, 'partner_id': cls.iberia.id, 'power': 'high', 'support': 'opponent',
            'role_ids': [Command.link(cls.env.ref('kam_management.stakeholder_role_buyer').id)],
            'best_reached': "Early, by phone", 'interests': "A calm summer"})
        cls._action(name="Show the new cup", kind='offer')
        cls._action(name="Ask for a price", kind='request', function_id=cls.logistics_function.id)
        cls._action(name="Not for them", kind='offer', confidentiality='manager')
        cls.env['kam.objective'].with_user(cls.user_user).create({
            'name': "Half of the cups", 'partner_id': cls.iberia.id, 'plan_id': cls.plan.id, 'target': 50, 'unit': "%"})

    def _render(self, name, ids=None, user=None, lang='en_US'):
        reports = self.env['ir.actions.report'].with_user(user or self.user_user).with_context(lang=lang)
        return html.fromstring(reports._render_qweb_html(name, ids or self.plan.ids)[0])

    def _text(self, *args, **options):
        return " ".join(self._render(*args, **options).text_content().split())

    def _sections(self, tree):
        return [section.get('data-section') for section in tree.xpath("//div[@data-section]")]


@tagged('post_install', '-at_install')
class TestPlanPage(PageCommon):

    def test_our_page(self):
        tree = self._render(PAGE)
        self.assertEqual(self._sections(tree), [
            'proposition', 'priorities', 'objectives', 'actions', 'people', 'commitments', 'dates', 'risks'])
        text = " ".join(tree.text_content().split())
        for shown in ("Our cards", "Nuria Buyer High Against us", "Displace the incumbent", "Half of the cups 50 %",
                      "Show the new cup User",
                      "Samples in a week", "Tender for cups", "They could leave us", "310,000"):
            self.assertIn(shown, text)
        for over in ("Kept already", "Tender of last year"):
            self.assertNotIn(over, text)

    def test_the_page_says_what_it_leaves_out(self):
        for number in range(9):
            self._action(name=f"Step {number}")
        section = self._render(PAGE).xpath("//div[@data-section='actions']")[0]
        self.assertEqual(len(section.xpath('.//tbody/tr')), 6)
        self.assertIn("and 6 more", " ".join(section.text_content().split()))

    def test_unknown_is_no_zero(self):
        self.plan.scenario_ids.write({'likelihood': False, 'revenue_at_risk': False})
        row = self._render(PAGE).xpath("//div[@data-section='risks']//tbody/tr")[0]
        self.assertEqual([cell.text_content().strip() for cell in row.xpath('td')],
                         ["They could leave us", "unknown", "unknown"])

    def test_figures_that_the_reader_may_see(self):
        self._score(self.iberia, revenue=1200, health=62, satisfaction=False)
        figures = dict(self.plan._page_figures(self.iberia))
        self.assertEqual((figures["Health"], figures["Satisfaction"]), ("62", False))
        self.assertIn("1,200", figures["Revenue"])

    def test_what_the_customer_reads(self):
        self.iberia.lang = 'en_US'
        tree = self._render(CUSTOMER)
        self.assertEqual(self._sections(tree), [
            'goals', 'offer', 'priorities', 'actions', 'commitments', 'team'])
        text = " ".join(tree.text_content().split())
        for shown in ("No gap on the shelf", "A third less plastic", "Ready for the summer", "Show the new cup"):
            self.assertIn(shown, text)
        for hidden in OURS:
            self.assertNotIn(hidden, text)

    def test_a_customer_reads_nothing_of_another_one(self):
        """A plan for two accounts has a page for each; what a person said stands on the page of their account."""
        other = self._partner("Sonia", parent_id=self.solo.id, is_company=False)
        self.plan.with_user(self.user_manager).partner_ids = self.solo
        self.plan.with_user(self.user_manager).goal_ids = [
            Command.create({'name': "Fewer deliveries", 'contact_id': other.id})]
        pages = self._render(CUSTOMER, user=self.user_manager).xpath("//div[contains(@class, 'kam_one_page')]")
        first, second = (page.text_content() for page in pages)
        self.assertIn("No gap on the shelf", first)
        self.assertNotIn("Fewer deliveries", first)
        self.assertIn("Fewer deliveries", second)
        for hidden in ("No gap on the shelf", "Samples in a week", "Show the new cup", "Nordwind Iberia"):
            self.assertNotIn(hidden, second)

    def test_in_each_reader_s_language(self):
        self.env['res.lang']._activate_lang('es_ES')
        self.env['ir.module.module']._load_module_terms(['kam_management'], ['es_ES'])
        self.iberia.lang = 'es_ES'
        self.assertIn("Next steps", self._text(PAGE))
        self.assertIn("Próximos pasos", self._text(PAGE, lang='es_ES'))
        customer = self._text(CUSTOMER)
        self.assertIn("Próximos pasos", customer)
        self.assertNotIn("Next steps", customer)
        self.assertIn("Dosier de traspaso", self._text(HANDOVER, self.iberia.ids, lang='es_ES'))

    def test_nothing_to_tell_the_customer_yet(self):
        empty = self._plan(self.solo, user=self.user_user)
        with self._refused(UserError, "There is nothing to tell the customer yet"):
            empty.action_print_page_customer()
        for action in (self.plan.action_print_page_customer(),
                       self.iberia.with_user(self.user_user).action_kam_plan_page_customer()):
            self.assertEqual((action['report_type'], action['report_name'], action['context']['active_ids']),
                             ('qweb-pdf', CUSTOMER, self.plan.ids))
        with self._refused(UserError, "has no plan that you may see"):
            self.other.with_user(self.user_manager).action_kam_plan_page_customer()

    # ------------------------------------------------------------------ who
    def test_other_functions_read_the_page_of_their_accounts(self):
        contributor = {'user': self.user_contributor}
        with self._refused(UserError, "has no plan that you may see"):
            self._text(ACCOUNT, self.iberia.ids, **contributor)
        self.env['kam.team.member'].with_user(self.user_manager).create({
            'partner_id': self.iberia.id, 'user_id': self.user_contributor.id})
        text = self._text(ACCOUNT, self.iberia.ids, **contributor)
        for shown in ("Displace the incumbent", "Half of the cups", "Show the new cup", "Samples in a week"):
            self.assertIn(shown, text)
        self.assertIn("Nuria Buyer", text)
        for hidden in ("They could leave us", "310,000", "Not for them", "Against us"):
            self.assertNotIn(hidden, text)
        for name, ids in ((PAGE, self.plan.ids), (HANDOVER, self.iberia.ids)):
            with self.assertRaises(AccessError):
                self._text(name, ids, **contributor)
        self.plan.confidentiality = 'manager'
        with self._refused(UserError, "has no plan that you may see"):
            self._text(ACCOUNT, self.iberia.ids, **contributor)

    def test_whoever_may_not_read_the_plan_gets_no_page(self):
        self.plan.confidentiality = 'manager'
        for name, ids in ((PAGE, self.plan.ids), (CUSTOMER, self.plan.ids)):
            with self.assertRaises(AccessError):
                self._text(name, ids, user=self.user_colleague)
        with self._refused(UserError, "has no plan that you may see"):
            self._text(ACCOUNT, self.iberia.ids, user=self.user_colleague)


@tagged('post_install', '-at_install')
class TestHandoverPack(PageCommon):

    def test_what_the_next_manager_must_know(self):
        done = self._action(name="Lost the lids", date=self.today)
        done.action_done()
        done.lessons = "Be there before the tender"
        self.env['crm.lead'].create({
            'name': "Cups 2027", 'partner_id': self.iberia.id, 'type': 'opportunity', 'expected_revenue': 5000,
            'user_id': self.user_user.id})
        text = self._text(HANDOVER, self.iberia.ids)
        for shown in ("Key account manager: User", "Displace the incumbent", "No gap on the shelf", "Nuria",
                      "They could leave us", "Samples in a week", "Half of the cups", "Show the new cup",
                      "Early, by phone", "Be there before the tender", "Cups 2027",
                      "Tender of last year", "Not scored yet"):
            self.assertIn(shown, text)

    def test_only_what_the_reader_may_read(self):
        action = self._action(name="Between us", confidentiality='manager')
        self.assertIn("Between us", self._text(HANDOVER, self.iberia.ids))
        self.assertEqual(action.with_user(self.user_colleague).has_access('read'), False)
        self.assertNotIn("Between us", self._text(HANDOVER, self.iberia.ids, user=self.user_colleague))

    def _known_people(self):
        """Nuria as the account's team knows her, somebody who has left, answers, and the relation."""
        mine = self.env(user=self.user_user)
        nuria = self.env['kam.stakeholder'].with_user(self.user_user).search([('contact_id', '=', self.buyer.id)])
        nuria.write({
            'measured_by': "Stops of the line", 'recognised_for': "No complaints", 'recognised_by': "Her director",
            'recognised_how': "In front of the board", 'relationship': '1', 'relationship_target': '3',
            'next_step': "Lunch in Burgos", 'individual_interests': "Sails with her daughters",
            'individual_note': "Her mother is ill"})
        marc = self._partner('Marc', parent_id=self.iberia.id, is_company=False, function="Director")
        mine['kam.stakeholder'].create({'contact_id': marc.id}).action_leave()
        mine['kam.satisfaction.response'].create([
            {'contact_id': self.buyer.id, 'kind': 'nps', 'value': 3, 'comment': "Late again", 'date': self.today},
            {'partner_id': self.iberia.id, 'kind': 'csat', 'value': 5, 'date': self.today}])
        account = self.iberia.with_user(self.user_user)
        account.write({'kam_interaction_form': 'diamond', 'kam_interaction_reason': "They buy by function"})
        account._kam_ensure_relationship().write({
            'stage': 'basic', 'target_stage': 'integrated', 'note': "They call us last"})
        mine['kam.relationship.assessment'].create({'partner_id': self.iberia.id, 'trust': 4})
        self.env['kam.relationship.assessment'].with_user(self.user_manager).create(
            {'partner_id': self.iberia.id, 'trust': 6})
        return nuria

    def test_the_people_and_the_relation(self):
        self._known_people()
        text = self._text(HANDOVER, self.iberia.ids)
        for shown in ("Knows us; wanted: Trusts us", "A calm summer Stops of the line",
                      "No complaints · Her director · In front of the board",
                      f"Nuria Lunch in Burgos User {self.today.strftime('%m/%d/%Y')}",
                      "Marc · Director", "Stage: Basic", "Target stage: Integrated", "They call us last",
                      "Functions of ours in the account team: 2 or more (now: 0)", "Trust 5",
                      "They buy by function", "NPS 3", "Late again", "anonymous CSAT 5"):
            self.assertIn(shown, text)
        self.assertIn("Diamond: function to function · They buy by function", text)

    def test_what_is_known_of_individuals_is_on_no_print(self):
        """Not even on those of the account's team, who read it in Odoo."""
        nuria = self._known_people()
        self.assertEqual(nuria.individual_note, "Her mother is ill")
        for name, ids in ((PAGE, self.plan.ids), (CUSTOMER, self.plan.ids), (ACCOUNT, self.iberia.ids),
                          (HANDOVER, self.iberia.ids)):
            text = self._text(name, ids)
            self.assertIn("No gap on the shelf" if name == CUSTOMER else "Nuria", text, name)
            for secret in ("Sails with her daughters", "Her mother is ill"):
                self.assertNotIn(secret, text, name)

    def test_a_constant_number_of_queries(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.iberia.with_user(self.user_user)._kam_handover()
            return self.env.cr.sql_log_count - before
        self._known_people()
        queries()
        few = queries()
        for number in range(40):
            self._action(name=f"Step {number}")
        self.plan.write({'commitment_ids': [
            Command.create({'name': f"Promise {number}", 'date_due': self.today}) for number in range(40)]})
        people = self.env['res.partner'].create([
            {'name': f"Person {number}", 'parent_id': self.iberia.id} for number in range(40)])
        self.env['kam.stakeholder'].with_user(self.user_user).create([
            {'contact_id': person.id, 'interests': "Peace", 'next_step': "Call"} for person in people])
        self.env['kam.satisfaction.response'].with_user(self.user_user).create([
            {'contact_id': person.id, 'kind': 'nps', 'value': 9} for person in people])
        self.assertLessEqual(queries(), few)


@tagged('post_install', '-at_install')
class TestPagesAsPdf(HttpCase, PageCommon):
    """With a server that answers: the printer asks it for the styles."""

    def _pdf(self, name, ids, lang='en_US'):
        reports = self.env['ir.actions.report'].with_user(self.user_user).with_context(
            force_report_rendering=True, lang=lang)
        with self.assertNoLogs('odoo.addons.base.models.ir_actions_report', 'WARNING'):
            content, kind = reports._render_qweb_pdf(name, ids)
        self.assertEqual(kind, 'pdf')
        return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]

    def _fill(self):
        """More of everything than the page has room for."""
        self.plan.write({
            'why_us': "Why " * 300, 'value_proposition': "Proposition " * 200,
            'priority_ids': [Command.create({'name': f"Priority {number}", 'note': "Because " * 60})
                             for number in range(3)],
            'scenario_ids': [Command.create({'name': f"Scenario {number} " + "that goes on " * 4,
                                             'revenue_at_risk': 1000 + number}) for number in range(9)],
            'commitment_ids': [Command.create({'name': f"Promise {number} " + "with many words " * 4,
                                               'date_due': self.today}) for number in range(9)],
            'category_ids': [Command.create({'name': f"Category {number}", 'our_sales': 1000 * number + 1,
                                             'potential': 2000 * number + 5}) for number in range(9)],
        })
        for number in range(9):
            self._action(name=f"Step {number} " + "and what belongs to it " * 3)

    def test_one_page_however_much_there_is(self):
        self._fill()
        for name in (PAGE, CUSTOMER):
            pages = self._pdf(name, self.plan.ids)
            self.assertEqual(len(pages), 1, name)
            self.assertIn("Nordwind Iberia", pages[0])
        self.assertIn("and 4 more", self._pdf(PAGE, self.plan.ids)[0])

    def test_what_the_prints_say(self):
        """The words of each print, taken from the PDF itself."""
        ours, = self._pdf(PAGE, self.plan.ids)
        customer, = self._pdf(CUSTOMER, self.plan.ids)
        pack = " ".join(self._pdf(HANDOVER, self.iberia.ids))
        for text in ("Displace the incumbent", "Half of the cups", "They could leave us"):
            self.assertIn(text, ours)
            self.assertIn(text, pack)
            self.assertNotIn(text, customer)
        for hidden in OURS:
            self.assertNotIn(hidden, customer)
        self.assertIn("What matters to you", customer)

    def test_in_spanish(self):
        """Ours in the reader's language, the customer's in the customer's, out of the PDF."""
        self.env['res.lang']._activate_lang('es_ES')
        self.env['ir.module.module']._load_module_terms(['kam_management'], ['es_ES'])
        self.user_user.lang = 'es_ES'
        ours, = self._pdf(PAGE, self.plan.ids, lang='es_ES')
        pack = " ".join(self._pdf(HANDOVER, self.iberia.ids, lang='es_ES'))
        for text, shown in ((ours, ("Prioridades", "Próximos pasos", "Nuria")),
                            (pack, ("Gestor de cuenta clave", "Prioridades", "Nuria", "Próximos pasos"))):
            for words in shown:
                self.assertIn(words, text)
            for words in ("Priorities", "Next steps", "Against us"):
                self.assertNotIn(words, text)
        self.assertIn("What matters to you", self._pdf(CUSTOMER, self.plan.ids, lang='es_ES')[0])
        self.iberia.lang = 'es_ES'
        customer, = self._pdf(CUSTOMER, self.plan.ids)
        self.assertNotIn("What matters to you", customer)
        self.assertIn("Lo que les importa", customer)
