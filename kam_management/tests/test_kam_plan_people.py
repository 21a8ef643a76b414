"""Whom and what the rows of a plan name: people and opportunities of its accounts, and colleagues on our side."""
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .test_kam_plan_rows import RowsCommon

# Rows that name somebody at the customer, with what else they need.
NAMING = {'goal': {}, 'buying.step': {}, 'commitment': {'date_due': '2040-01-01'}}


@tagged('post_install', '-at_install')
class TestPlanPeople(RowsCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = cls._partner("Nuria", parent_id=cls.other.id, is_company=False)

    def _lead(self, partner, **values):
        return self.env['crm.lead'].create({
            'name': "Trays", 'type': 'opportunity', 'partner_id': partner.id, 'company_id': self.company.id, **values})

    def _naming(self, person, **values):
        return {kind: self._row(kind, name="Tender", contact_id=person.id, **more, **values)
                for kind, more in NAMING.items()}

    # ------------------------------------------------------------------ who
    def test_people_of_the_accounts(self):
        for kind, row in self._naming(self.luis).items():
            with self.subTest(kind):
                with self._refused(
                        ValidationError, "Nuria is not one of the people of Nordwind Iberia. Choose somebody of this"):
                    row.contact_id = self.stranger
                with self._refused(ValidationError, "Nuria is not one of the people"):
                    self._row(kind, name="Else", contact_id=self.stranger.id, **NAMING[kind])
                with self._refused(ValidationError, "Colleague is not one of the people"):
                    row.contact_id = self.user_colleague.partner_id
                row.contact_id = self.iberia  # the account itself
        self.plan.sudo().partner_ids = self.other
        self._naming(self.stranger)

    def test_a_colleague_told_what_is_ours(self):
        colleague = self.user_colleague.partner_id
        goal = self._row('goal', name="Plans half a year ahead", kind='need', whose='us', contact_id=colleague.id)
        with self._refused(ValidationError, "Colleague is not one of the people"):
            goal.whose = 'customer'
        with self._refused(ValidationError, "Nuria is not one of the people"):
            goal.contact_id = self.stranger

    def test_opportunities_of_the_accounts(self):
        mine, theirs, nobodys = (self._lead(partner) for partner in (self.luis, self.other, self.env['res.partner']))
        for kind in ('lesson', 'signal'):
            row = self._row(kind, name="Lost on price", lead_id=mine.id)
            for lead in (theirs, nobodys):
                with self._refused(ValidationError, "another customer. Choose an opportunity of Nordwind Iberia"):
                    row.lead_id = lead
        with self._refused(ValidationError, "one of another customer"):
            self.env['kam.action'].with_user(self.user_user).create(
                {'name': "Visit", 'partner_id': self.iberia.id, 'lead_id': theirs.id})

    def test_our_side_are_colleagues(self):
        portal = self.env['res.users'].create({
            'name': "Portal", 'login': 'portal_x', 'group_ids': [(6, 0, self.env.ref('base.group_portal').ids)]})
        for kind in ('buying.step', 'scenario', 'commitment'):
            row = self._row(kind, name="Tender", owner_id=self.user_sales.id, **NAMING.get(kind, {}))
            with self._refused(ValidationError, "Portal is not an employee. Choose a colleague"):
                row.owner_id = portal

    def test_what_the_form_offers(self):
        with Form(self.plan.with_user(self.user_user)) as form:
            form.show_more = True
            with form.buying_step_ids.new() as step:
                step.name = "Tender"
                step.contact_id = self.luis
        step = self.plan.buying_step_ids
        self.assertEqual(step.account_ids, self.iberia)
        people = self.env['res.partner'].with_user(self.user_user)
        found = people.search([('kam_account_id', 'in', step.account_ids.ids)])
        self.assertIn(self.luis, found)
        self.assertNotIn(self.stranger, found)

    # ------------------------------------------------------------------ what changes later
    def test_whoever_leaves_stays_named(self):
        rows = self._naming(self.luis)
        lesson = self._row('lesson', name="Lost on price", lead_id=self._lead(self.luis).id)
        self.luis.parent_id = self.other
        self.env.flush_all()
        self.assertEqual(self.luis.kam_account_id, self.other)
        for row in (*rows.values(), lesson):
            self.assertEqual((row.contact_id if 'contact_id' in row else row.lead_id.partner_id), self.luis)
            row.name = "Other words"
            self.assertEqual(row.name, "Other words")
        goal = rows['goal']
        goal.write({'contact_id': self.luis.id, 'note': "As in the file"})  # imported once more
        with self._refused(ValidationError, "Luis is not one of the people"):
            self._row('goal', name="Tender", contact_id=self.luis.id)
        self.plan.sudo().partner_ids = self.solo  # that people have left keeps nobody from planning
        self.plan.sudo().partner_ids = False

    def test_the_plan_changes_its_accounts(self):
        self.plan.sudo().partner_ids = self.other
        refusal = "name people or opportunities of Other Shop. Take them out of these rows first"
        lead = self._lead(self.stranger)
        for kind, values in ((*((kind, {**more, 'contact_id': self.stranger.id}) for kind, more in NAMING.items()),
                              ('lesson', {'lead_id': lead.id}), ('signal', {'lead_id': lead.id}))):
            row = self._row(kind, name="Tender", **values)
            with self.subTest(kind), self._refused(ValidationError, refusal):
                self.plan.with_user(self.user_manager).partner_ids = [Command.clear()]
            with self.subTest(kind), self._refused(ValidationError, refusal):
                self.plan.with_user(self.user_manager).write({'partner_ids': [Command.set(self.solo.ids)]})
            row.unlink()
        self._naming(self.luis)
        self.plan.with_user(self.user_manager).partner_ids = [Command.clear()]
        with self._refused(ValidationError, "name people or opportunities of Nordwind Iberia"):
            self.plan.with_user(self.user_manager).partner_id = self.solo

    def test_a_row_moves_to_another_plan(self):
        other = self._plan(self.other, user=self.user_manager)
        for row in self._naming(self.luis).values():
            with self._refused(ValidationError, "Luis is not one of the people of Other Shop"):
                row.with_user(self.user_manager).plan_id = other

    def _merge(self, sources, destination):
        """As somebody who sees no plans."""
        self.env['base.partner.merge.automatic.wizard'].with_user(self.user_sales)._merge(
            (sources | destination).ids, destination.with_user(self.user_sales), extra_checks=False)
        self.env.invalidate_all()

    def test_merging_people_and_accounts(self):
        rows = self._naming(self.luis)
        lead = self._lead(self.luis)
        signal = self._row('signal', name="New buyer", lead_id=lead.id)
        self._merge(self.luis, self.stranger)  # the same person, who has gone to another customer
        self.assertEqual({row.sudo().contact_id for row in rows.values()}, {self.stranger})
        self.assertEqual(lead.partner_id, self.stranger)
        self._merge(self.iberia, self.solo)
        self.assertEqual(self.plan.sudo().partner_id, self.solo)
        for row in (*rows.values(), signal):
            row.with_user(self.user_manager).name = "It goes on being edited"
