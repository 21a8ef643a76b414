"""One workbook imports an account: what is right goes in, the rest comes back with its reason, and twice is once."""
import base64
import datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools.workbook import Column, read_workbook, write_workbook
from .test_kam_action import ActionCommon

PEOPLE = ["Name *", "Job title", "E-mail", "Roles", "Power", "Support", "Reports to"]


@tagged('post_install', '-at_install')
class TestWorkbook(ActionCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer.email = 'nuria@iberia.example'

    def _import(self, sheets, user=None, lang='en_US', account=None):
        """Import `{title: [headings, *rows]}` and return the wizard."""
        content = write_workbook([
            (title, [Column(heading) for heading in headings], rows) for title, (headings, *rows) in sheets.items()])
        return self._import_file(content, user=user, lang=lang, account=account)

    def _import_file(self, content, user=None, lang='en_US', account=None):
        wizard = self.env['kam.workbook'].with_user(user or self.user_user).with_context(lang=lang).create({
            'partner_id': (account or self.iberia).id, 'file': base64.b64encode(content)})
        wizard.action_import()
        return wizard

    def _counts(self, wizard):
        return {sheet['title']: (sheet['added'], sheet['updated'], len(sheet['refused'])) for sheet in wizard.result}

    def _reasons(self, wizard):
        return {refused['row']: refused['reason'] for sheet in wizard.result for refused in sheet['refused']}

    def _stakeholders(self):
        return self.env['kam.stakeholder'].search([('partner_id', '=', self.iberia.id)])

    def _people(self, number=60):
        return [[f"Person {place}", "Purchasing manager", f"person{place}@iberia.example", "Buyer", "High", "Neutral",
                 "Nuria" if place > 1 else None] for place in range(1, number + 1)]

    # ------------------------------------------------------------------ in
    def test_sixty_people_one_of_them_wrong(self):
        rows = self._people()
        rows[16][4] = "Enormous"
        wizard = self._import({"People": [PEOPLE, ["Nuria", None, None, "Decider", None, None, None], *rows[1:]]})
        self.assertEqual(self._counts(wizard), {"People": (59, 0, 1)})
        self.assertEqual(len(self._stakeholders()), 59)
        reason = self._reasons(wizard)[18]
        self.assertIn("Enormous", reason)
        self.assertFalse(self.env['res.partner'].search([('name', '=', "Person 17")]), "nothing of a refused row stays")
        nuria = self._stakeholders().filtered(lambda row: row.contact_id == self.buyer)
        self.assertEqual(nuria.role_ids.mapped('code'), ['decider'])
        self.assertEqual(len(nuria.report_ids), 58)

        back, = read_workbook(base64.b64decode(wizard.refused_file))
        self.assertEqual([(row["Name *"], row["Power"]) for row in back.rows.values()], [("Person 17", "Enormous")])
        self.assertEqual(back.rows[2]["Reason"], reason)

    def test_what_came_back_is_put_right_and_imported(self):
        rows = self._people(2)
        rows[1][4] = "Enormous"
        wizard = self._import({"People": [PEOPLE, *rows]})
        back, = read_workbook(base64.b64decode(wizard.refused_file))
        row = {**back.rows[2], "Power": "Low", "Reports to": "Person 1"}
        wizard = self._import({"People": [back.headings, [row.get(heading) for heading in back.headings]]})
        self.assertEqual(self._counts(wizard), {"People": (1, 0, 0)})
        self.assertFalse(wizard.refused_file)

    def test_twice_is_once(self):
        self._plan(self.iberia)
        sheets = {
            "People": [PEOPLE, *self._people(5)],
            "Goals": [["What *", "Told by", "By year"], ["Half the waste", "Person 1", 2028]],
            "Categories": [["Category *", "Our sales", "Potential", "As of"],
                           ["Trays", 120000, 400000.5, datetime.date(2026, 3, 1)]],
            "Actions": [["What *", "Kind", "Who", "When *", "With"],
                        ["Visit the plant", "Visit", 'user@example.com', self.today,
                         "Person 1, person2@iberia.example"]],
        }
        sheets["People"][1][-1] = None
        for row in sheets["People"][2:]:
            row[-1] = "Person 1"
        wizard = self._import(sheets)
        self.assertEqual(self._reasons(wizard), {})
        self.assertEqual(self._counts(wizard), {
            "People": (5, 0, 0), "Goals": (1, 0, 0), "Categories": (1, 0, 0), "Actions": (1, 0, 0)})
        plan = self.iberia.with_user(self.user_user).kam_plan_id
        action = self.env['kam.action'].search([('name', '=', "Visit the plant")])
        self.assertEqual((plan.goal_ids.contact_id.name, plan.goal_ids.year), ("Person 1", "2028"))
        self.assertEqual((plan.category_ids.potential, str(plan.category_ids.potential_date)),
                         (400000.5, '2026-03-01'))
        self.assertEqual((action.owner_id, action.contact_ids.mapped('name')),
                         (self.user_user, ["Person 1", "Person 2"]))

        def state():
            return (
                [(row.id, row.contact_id.id, row.role_ids.ids, row.power, row.reports_to_id.id)
                 for row in self._stakeholders()],
                plan.goal_ids.ids, plan.category_ids.ids, plan.category_ids.estimate_ids.mapped('amount'),
                self.env['kam.action'].search([('partner_id', '=', self.iberia.id)]).ids,
                self.env['res.partner'].search_count([('kam_account_id', '=', self.iberia.id)]))
        before = state()
        again = self._import(sheets)
        self.assertEqual(self._counts(again), {
            "People": (0, 5, 0), "Goals": (0, 1, 0), "Categories": (0, 1, 0), "Actions": (0, 1, 0)})
        self.assertEqual(state(), before)

    def test_an_empty_cell_changes_nothing(self):
        self._import({"People": [PEOPLE, ["Nuria", "Buyer of trays", None, "Buyer", "High", None, None]]})
        self._import({"People": [["Name *", "Support"], ["nuria", "In favour"]]})
        nuria = self._stakeholders()
        self.assertEqual((nuria.power, nuria.support, nuria.role_ids.mapped('code')), ('high', 'supporter', ['buyer']))
        self.assertEqual((self.buyer.email, self.buyer.function), ('nuria@iberia.example', "Buyer of trays"))

    def test_bad_rows_say_what_to_do(self):
        self._partner("Twin", parent_id=self.iberia.id, is_company=False)
        self._partner("Twin", parent_id=self.iberia.id, is_company=False)
        self._plan(self.iberia)
        wizard = self._import({
            "People": [PEOPLE, [None, "Director", None, None, None, None, None],
                       ["Ana", None, None, "Emperor", None, None, None],
                       ["Luisa", None, None, None, None, None, "Nobody Known"],
                       ["Eva", None, None, None, None, None, None], ["EVA ", None, None, None, None, None, None],
                       ["Twin", None, None, None, None, None, None]],
            "Categories": [["Category *", "Our sales", "Potential"], ["Trays", -500, 100]],
            "Actions": [["What *", "Who", "When *"], ["Call", "nobody@else.example", self.today],
                        ["Visit", None, None]],
        })
        reasons = {(sheet['title'], refused['row']): refused['reason']
                   for sheet in wizard.result for refused in sheet['refused']}
        for key, sentence in {
            ("People", 2): "Fill in “Name”", ("People", 3): "Emperor",
            ("People", 4): "There is nobody called “Nobody Known” at", ("People", 6): "Row 5 says the same already",
            ("People", 7): "There are several people called “Twin”",
            ("Categories", 2): "our sales are a positive amount",
            ("Actions", 2): "is no colleague", ("Actions", 3): "Fill in “When”",
        }.items():
            self.assertIn(sentence, reasons.get(key, ""), key)
        self.assertEqual(len(reasons), 8)

    # ------------------------------------------------------------------ who is meant
    def _person(self, name, email=False, **values):
        return self._partner(name, parent_id=self.iberia.id, is_company=False, email=email, **values)

    def test_nobody_is_taken_for_somebody_else(self):
        """A name with another e-mail, an e-mail with another name: the row comes back, and nobody is overwritten."""
        zoe = self._person("Zoe Alba", 'zoe1@iberia.example')
        info = self._person("Front Desk", 'info@iberia.example')
        wizard = self._import({"People": [
            ["Name *", "E-mail", "Power"], ["Zoe Alba", 'zoe2@iberia.example', "High"],
            ["Marta Vidal", 'info@iberia.example', "High"], ["Marta Vidal", None, "Low"]]})
        self.assertEqual(self._counts(wizard), {"People": (1, 0, 2)})
        reasons = self._reasons(wizard)
        self.assertIn("There is a Zoe Alba at Nordwind Iberia already, with the e-mail zoe1@", reasons[2])
        self.assertIn("“info@iberia.example” is the e-mail of Front Desk. Write that name", reasons[3])
        self.assertEqual((zoe.email, info.name), ('zoe1@iberia.example', "Front Desk"))
        self.assertEqual(self._stakeholders().contact_id.mapped('name'), ["Marta Vidal"])

    def test_people_whom_the_file_tells_apart(self):
        """Two of one name with an e-mail each are two people; two of one mailbox are not taken for one."""
        self._person("Zoe Alba", 'zoe1@iberia.example')
        sheet = {"People": [["Name *", "E-mail"], ["Zoe Alba", 'zoe1@iberia.example'],
                            ["Zoe Alba", 'zoe2@iberia.example'], ["Ana", 'info@iberia.example'],
                            ["Eva", 'info@iberia.example'], ["Ana", None]]}
        wizard = self._import(sheet)
        self.assertEqual(self._counts(wizard), {"People": (3, 0, 2)})
        self.assertIn("Row 4 has this e-mail too", self._reasons(wizard)[5])
        self.assertIn("Row 4 says the same already", self._reasons(wizard)[6])
        self.assertEqual(self._counts(self._import(sheet)), {"People": (0, 3, 2)})
        self.assertEqual(len(self._stakeholders()), 3)

    def test_an_e_mail_is_added_to_who_had_none(self):
        ana = self._person("Ana")
        self._import({"People": [["Name *", "E-mail"], ["ANA", 'ana@iberia.example']]})
        self.assertEqual((ana.name, ana.email, self._stakeholders().contact_id), ("Ana", 'ana@iberia.example', ana))

    def test_who_has_left_is_not_there_twice(self):
        sheet = {"People": [["Name *", "E-mail"], ["Ana", 'ana@iberia.example'], ["Eva", None], ["Iris", None]]}
        self._import(sheet)
        ana, eva, iris = (self._stakeholders().filtered(lambda row, name=name: row.contact_id.name == name)
                          for name in ("Ana", "Eva", "Iris"))
        self._person("Old Hand").action_archive()
        ana.contact_id.action_archive()
        eva.contact_id.parent_id = self.solo
        iris.with_user(self.user_user).action_leave()
        sheet["People"].append(["Old Hand", None])
        wizard = self._import(sheet)
        self.assertEqual(self._counts(wizard), {"People": (0, 0, 4)})
        reasons = self._reasons(wizard)
        for row in (2, 3, 4):
            self.assertIn("has left Nordwind Iberia. Use “Is back”", reasons[row])
        self.assertIn("The contact Old Hand of Nordwind Iberia is archived. Restore it first", reasons[5])
        self.assertEqual(self._stakeholders(), ana | eva | iris)
        self.assertEqual(self.env['res.partner'].with_context(active_test=False).search_count(
            [('name', 'in', ["Ana", "Eva", "Iris", "Old Hand"]), ('id', 'child_of', (self.iberia | self.solo).ids)]), 4)

    def test_a_boss_who_is_no_stakeholder(self):
        """Said, not lost; with a row of their own it goes in."""
        rows = [["Luis", None, None, None, None, None, "Nuria"]]
        wizard = self._import({"People": [PEOPLE, *rows]})
        self.assertIn("“Nuria” is a contact of Nordwind Iberia, and none of its stakeholders yet",
                      self._reasons(wizard)[2])
        back, = read_workbook(base64.b64decode(wizard.refused_file))
        self.assertEqual(back.rows[2]["Reports to"], "Nuria")
        rows.append(["Nuria", None, None, None, None, None, None])
        self.assertEqual(self._reasons(self._import({"People": [PEOPLE, *rows]})), {})
        luis = self._stakeholders().filtered(lambda row: row.contact_id == self.luis)
        self.assertEqual(luis.reports_to_id.contact_id, self.buyer)

    def test_all_that_is_known_of_somebody(self):
        """Function, recognition, our people and the next step go in, come out, and go in again unchanged."""
        headings = ["Name *", "Function", "Recognised for what", "Recognised by whom", "Recognised how", "Our people",
                    "Next step", "By when", "Who"]
        sheet = {"People": [headings, [
            "Nuria", "Quality", "No complaints", "Her director", "In front of the board",
            "user@example.com, Colleague", "Lunch in Burgos", self.today + datetime.timedelta(days=9), "Colleague"]]}
        wizard = self._import(sheet)
        self.assertEqual(self._reasons(wizard), {})
        nuria = self._stakeholders().with_user(self.user_user)
        self.assertEqual((nuria.function_id.code, nuria.recognised_for, nuria.recognised_by, nuria.recognised_how),
                         ('quality', "No complaints", "Her director", "In front of the board"))
        self.assertEqual(nuria.counterpart_ids, self.user_user | self.user_colleague)
        step = nuria.activity_ids
        self.assertEqual((step.summary, step.date_deadline, step.user_id),
                         ("Lunch in Burgos", self.today + datetime.timedelta(days=9), self.user_colleague))
        download = self.env['kam.workbook'].with_user(self.user_user).create({'partner_id': self.iberia.id})
        url = download.action_download()['url']
        content = self.env['ir.attachment'].browse(int(url.split('/')[3].split('?')[0])).raw
        row = read_workbook(content)[0].rows[2]
        self.assertEqual([row[heading] for heading in headings[1:6]],
                         ["Quality", "No complaints", "Her director", "In front of the board", "Colleague, User"])
        self.assertEqual(self._counts(self._import_file(content))["People"], (0, 1, 0))
        self.assertEqual((nuria.activity_ids, nuria.next_step, nuria.next_step_user_id),
                         (step, "Lunch in Burgos", self.user_colleague))

    # ------------------------------------------------------------------ files
    def test_files_that_are_none(self):
        wizard = self.env['kam.workbook'].with_user(self.user_user).create({'partner_id': self.iberia.id})
        for content, sentence in (
                (b"name,mail", "is no Excel workbook"), (write_workbook([("Sheet1", [Column("A")], [])]), "No sheet"),
                (write_workbook([("People", [Column("Name"), Column("Shoe size")], [["Ana", 40]])]), "Shoe size")):
            wizard.file = base64.b64encode(content)
            with self._refused(UserError, sentence):
                wizard.action_import()
        wizard.file = False
        with self._refused(UserError, "Choose a workbook"):
            wizard.action_import()

    def test_the_account_s_own_workbook_comes_back_unchanged(self):
        self._plan(self.iberia)
        self._import({"People": [PEOPLE, *self._people(3)[:1]], "Goals": [["What *"], ["Half the waste"]]})
        self._action(name="Call them")
        wizard = self.env['kam.workbook'].with_user(self.user_user).create({'partner_id': self.iberia.id})
        url = wizard.action_download()['url']
        attachment = self.env['ir.attachment'].browse(int(url.split('/')[3].split('?')[0]))
        sheets = read_workbook(attachment.raw)
        self.assertEqual([sheet.title for sheet in sheets], ["People", "Goals", "Categories", "Actions"])
        again = self._import_file(attachment.raw)
        self.assertEqual(self._reasons(again), {})
        self.assertEqual([counts[0] for counts in self._counts(again).values()], [0, 0, 0, 0])

    def test_in_spanish(self):
        self.env['res.lang']._activate_lang('es_ES')
        self.env['ir.module.module']._load_module_terms(['kam_management'], ['es_ES'])
        wizard = self._import(
            {"Personas": [["Nombre *", "Roles", "Influencia", "Apoyo"], ["Ana", "Comprador", "High", "In favour"]]},
            lang='es_ES')
        self.assertEqual([refused for sheet in wizard.result for refused in sheet['refused']], [])
        self.assertEqual(self._stakeholders().mapped('power'), ['high'])

    # ------------------------------------------------------------------ who
    def test_as_whoever_imports(self):
        """Rules hold: who may not write on the account gets the rows back."""
        with self.assertRaises(AccessError):
            self._import({"People": [PEOPLE, *self._people(1)]}, user=self.user_contributor)
        wizard = self._import({"People": [PEOPLE, *self._people(1)]}, user=self.user_colleague)
        self.assertEqual(self._counts(wizard), {"People": (0, 0, 1)})
        self.assertFalse(self._stakeholders())

    def test_somebody_else_s_workbook_stays_theirs(self):
        wizard = self._import({"People": [PEOPLE, *self._people(1)]})
        with self.assertRaises(AccessError):
            wizard.with_user(self.user_colleague).read(['result'])
