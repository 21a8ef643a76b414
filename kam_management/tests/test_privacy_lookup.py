"""Somebody asks to be forgotten: Odoo's own privacy lookup finds what is known, and an administrator erases it there.

Nuria buys for Nordwind Iberia: she is a stakeholder with a page as an individual, Luis reports to her, she was met, she
answered, she confirmed what an action brought, a plan that is closed by now names her, and a won opportunity is hers.
"""
from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_kam_stakeholder_contact import ContactCommon

OURS = ('kam.', 'crm.', 'res.partner')


@tagged('post_install', '-at_install')
class TestPrivacyLookup(ContactCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nuria = cls.buyer
        cls.nuria.write({'phone': '+34 600 000 001', 'function': "Buyer"})
        cls.plan = cls._plan(cls.iberia)
        cls.plan.action_activate()
        own = cls.env(user=cls.user_user)
        stakeholders = own['kam.stakeholder']
        cls.stakeholder = stakeholders.create({
            'contact_id': cls.nuria.id, 'power': 'high', 'support': 'champion', 'interests': "No stops",
            'individual_interests': "Sails", 'next_step': "Lunch", 'next_step_date': cls.today})
        cls.below = stakeholders.create({'contact_id': cls.luis.id, 'reports_to_id': cls.stakeholder.id})
        cls.person = cls.stakeholder.person_ids
        cls.change = cls.stakeholder.change_ids[0]
        cls.touch = own['kam.stakeholder.contact'].create({
            'contact_id': cls.nuria.id, 'date': cls.today - timedelta(days=3), 'name': "Nuria wants three formats"})
        cls.response = own['kam.satisfaction.response'].create({
            'contact_id': cls.nuria.id, 'kind': 'nps', 'value': 9, 'comment': "Nuria: the best"})
        cls.action = cls._action(contact_ids=[Command.set((cls.nuria | cls.luis).ids)])
        cls.action.write({
            'state': 'done', 'value_customer_obtained': 500, 'confirmed_by_id': cls.nuria.id,
            'date_confirmed': cls.today - timedelta(days=1)})
        cls.goal = own['kam.plan.goal'].create({
            'plan_id': cls.plan.id, 'name': "Fewer suppliers", 'contact_id': cls.nuria.id})
        cls.commitment = own['kam.plan.commitment'].create({
            'plan_id': cls.plan.id, 'name': "Forecast by file", 'owed_by': 'customer', 'contact_id': cls.nuria.id,
            'date_due': cls.today + timedelta(days=9)})
        (cls.goal | cls.goal).date_said = cls.today - timedelta(days=40)
        cls.assessment = own['kam.relationship.assessment'].create({'partner_id': cls.iberia.id, 'trust': 8})
        cls.lead = cls.env['crm.lead'].with_user(cls.user_user).create({
            'name': "Trays for the private label", 'type': 'opportunity', 'partner_id': cls.nuria.id,
            'expected_revenue': 4000, 'user_id': cls.user_user.id,
            'kam_stakeholder_ids': [Command.create({'stakeholder_id': cls.stakeholder.id})]})
        cls.lead.email_from = 'other@iberia.example'  # her own as it was stands in the history
        cls.lead.action_set_won()
        cls.stakeholder.action_leave()
        cls.plan.action_close()
        cls.env.flush_all()
        cls.cr.flush()
        cls.env.invalidate_all()

    def _lookup(self, person=None):
        person = person or self.nuria
        wizard = self.env['privacy.lookup.wizard'].with_user(self.user_system).create({
            'name': person.name, 'email': person.email})
        wizard.action_lookup()
        return wizard

    def _lines(self, wizard, *records):
        return wizard.line_ids.filtered(
            lambda line: any((line.res_model, line.res_id) == (row._name, row.id) for row in records))

    def _found(self, wizard):
        return {(line.res_model, line.res_id) for line in wizard.line_ids if line.res_model.startswith(OURS)}

    # ------------------------------------------------------------------ found
    def test_found(self):
        """Everything that names her, also what the administrator may not read."""
        named = (self.nuria, self.stakeholder, self.person, self.touch, self.response, self.action, self.goal,
                 self.commitment, self.lead)
        self.assertLessEqual({(record._name, record.id) for record in named}, self._found(self._lookup()))
        self.assertFalse(self.person.with_user(self.user_system).has_access('read'))

    # ------------------------------------------------------------------ erased
    def test_delete_all(self):
        """The wizard's own button, over all it found: it goes through, and the account's business is still there."""
        trust = self.iberia.with_user(self.user_user)._kam_trust()
        wizard = self._lookup()
        wizard.line_ids.action_unlink_all()
        self._flush_tracking()
        self.assertFalse(any(record.exists() for record in (
            self.nuria, self.stakeholder, self.person, self.change, self.lead.kam_stakeholder_ids)))
        self._assert_business_stands()
        self.assertEqual(self.iberia.with_user(self.user_user)._kam_trust(), trust)
        self.assertTrue(all(wizard.line_ids.mapped('is_unlinked')))
        self.assertIn("Name taken out of", wizard.log_id.execution_details)
        self.assertNotIn("Nuria", wizard.log_id.execution_details)
        self.assertFalse(self._found(self._lookup_again()) & self._found(wizard))

    def test_delete_the_contact_alone(self):
        wizard = self._lookup()
        self._lines(wizard, self.nuria).action_unlink()
        self._flush_tracking()
        self.assertFalse(any(record.exists() for record in (self.nuria, self.stakeholder, self.person)))
        self._assert_business_stands()

    def test_line_by_line(self):
        """In any order, and each line again does no harm."""
        wizard = self._lookup()
        for line in wizard.line_ids.sorted('id', reverse=True):
            line.action_unlink()
            with self._refused(UserError, "already unlinked"):
                line.action_unlink()
        self.assertFalse(any(record.exists() for record in (self.nuria, self.stakeholder, self.person)))
        self._assert_business_stands()

    def _lookup_again(self):
        wizard = self.env['privacy.lookup.wizard'].with_user(self.user_system).create({
            'name': "Nuria", 'email': "nuria@iberia.example"})
        wizard.action_lookup()
        return wizard

    def _assert_business_stands(self):
        self.assertFalse(self.below.reports_to_id)
        touch = self.touch
        self.assertEqual((touch.partner_id, touch.contact_id.id, touch.name), (self.iberia, False, False))
        self.assertEqual((self.response.value, self.response.contact_id.id, self.response.comment), (9, False, False))
        action = self.action
        self.assertEqual((action.contact_ids, action.confirmed_by_id.id), (self.luis, False))
        self.assertEqual((action.value_customer_obtained, action.date_confirmed),
                         (500, self.today - timedelta(days=1)), "it was confirmed, whoever did so")
        unconfirmed = self.env['kam.action'].search([
            ('confirmed_by_id', '=', False), ('date_confirmed', '=', False), ('value_customer_obtained', '!=', False)])
        self.assertNotIn(action, unconfirmed)
        for row in (self.goal, self.commitment):
            self.assertEqual((row.contact_id.id, row.plan_id.state), (False, 'closed'))
        self.assertEqual(self.goal.date_said, self.today - timedelta(days=40), "nothing new was said")
        self.assertTrue(self.assessment.exists())
        lead = self.lead
        self.assertEqual((lead.partner_id, lead.expected_revenue, lead.stage_id.is_won), (self.iberia, 4000, True))
        for text in (lead.contact_name, lead.email_from, lead.phone, lead.function):
            self.assertNotRegex(text or "", "(?i)nuria|600 000 001|buyer")
        for record in (self.iberia, action, lead, self.below, self.plan):
            self.assertNotRegex(self._chatter(record), "(?i)nuria")
        self.assertIn("Somebody has left.", self._chatter(self.iberia))

    def test_others_of_the_same_account_stay(self):
        self._lookup().line_ids.action_unlink_all()
        self.assertTrue(self.luis.exists() and self.below.exists())
        self.assertEqual(self.below.contact_id, self.luis)

    def test_a_competitor_who_is_a_person(self):
        """What is said of the market stays, also in a closed plan: of some competitor, whose name goes."""
        rita = self._partner("Rita Solano", is_company=False, email='rita@solano.example')
        self.plan.with_user(self.user_manager).action_reopen()
        own = self.env(user=self.user_user)
        dafo = own['kam.dafo'].create({
            'partner_id': self.iberia.id, 'subject': 'competitor', 'competitor_id': rita.id, 'plan_id': self.plan.id,
            'item_ids': [Command.create({'quadrant': 'strength', 'name': "Prints in a day"})]})
        rival = own['kam.plan.competitor'].create({
            'plan_id': self.plan.id, 'partner_id': rita.id, 'share': 20, 'strengths': "Close by"})
        said = self.today - timedelta(days=40)
        rival.date_said = said
        self.assertEqual((dafo.competitor_name, rival.name), ("Rita Solano", "Rita Solano"))
        self.plan.with_user(self.user_manager).action_close()
        self.env.flush_all()
        wizard = self._lookup(rita)
        self.assertLessEqual({('kam.dafo', dafo.id), ('kam.plan.competitor', rival.id)}, self._found(wizard))
        wizard.line_ids.action_unlink_all()
        self._flush_tracking()
        self.assertFalse(rita.exists())
        self.assertEqual(dafo.item_ids.name, "Prints in a day")
        self.assertEqual((dafo.competitor_id.id, dafo.competitor_name), (False, "A competitor"))
        self.assertEqual((rival.partner_id.id, rival.name, rival.share, rival.strengths, rival.date_said),
                         (False, "A competitor", 20, "Close by", said))
        for record in (dafo, self.plan):
            self.assertNotRegex(self._chatter(record) + record.display_name, "Rita|Solano")
        with self._refused(UserError, "closed"):
            dafo.advantage = "None"

    def test_all_kinds_of_people(self):
        """Whoever they are, and whatever is known of them: the wizard's button goes through, one after the other."""
        own = self.env(user=self.user_user)
        kinds = {
            kind: self._partner(name, parent_id=parent.id, is_company=False, email=f'{kind}@nordwind.example')
            for kind, name, parent in (
                ('decider', "Ada Prim", self.iberia), ('reporting', "Blas Quer", self.iberia),
                ('subsidiary', "Cleo Rius", self.logistics), ('left', "Dan Serra", self.iberia),
                ('archived', "Eva Tur", self.iberia), ('moved', "Fe Ullo", self.iberia),
                ('unknown', "Gil Vidal", self.iberia), ('portal', "Hilda Wert", self.iberia),
                ('met', "Ivo Xala", self.iberia), ('no_mail', "Joy Yuste", self.iberia))}
        kinds['no_mail'].email = False
        people = {
            kind: own['kam.stakeholder'].create({
                'contact_id': kinds[kind].id, 'power': 'high', 'support': 'opponent', 'next_step': "Lunch",
                'individual_note': "Sings", 'counterpart_ids': [Command.link(self.user_user.id)]})
            for kind in ('decider', 'reporting', 'subsidiary', 'left', 'archived', 'moved', 'portal', 'no_mail')}
        people['unknown'] = own['kam.stakeholder'].create({'contact_id': kinds['unknown'].id})
        people['reporting'].reports_to_id = people['decider']
        people['left'].action_leave()
        kinds['archived'].action_archive()
        kinds['moved'].parent_id = self.other
        self.env['res.users'].create({
            'name': "Hilda Wert", 'login': 'hilda', 'partner_id': kinds['portal'].id,
            'group_ids': [Command.set(self.env.ref('base.group_portal').ids)]})
        self._meeting(people=kinds['met'] | kinds['decider'])
        self._action(contact_ids=[Command.set(kinds['decider'].ids)])
        for kind in ('decider', 'met', 'portal'):
            own['kam.satisfaction.response'].create({
                'contact_id': kinds[kind].id, 'kind': 'csat', 'value': 2, 'comment': f"Said {kinds[kind].name}"})
        self._collected()
        before = {model: self._count(model) for model in (
            'kam.action', 'kam.satisfaction.response', 'kam.stakeholder.contact', 'calendar.event')}
        for kind, person in kinds.items():
            with self.subTest(kind=kind):
                wizard = self.env['privacy.lookup.wizard'].with_user(self.user_system).create({
                    'name': person.name, 'email': person.email or 'nobody@nordwind.example'})
                wizard.action_lookup()
                wizard.line_ids.action_unlink_all()
                self.env.flush_all()
                self.assertFalse((person | self.env['res.partner']).exists())
                self.assertFalse(people.get(kind, own['kam.stakeholder']).exists())
        self.assertEqual({model: self._count(model) for model in before}, before, "what was done stays")
        self.assertFalse(self.env['kam.satisfaction.response'].search([('comment', 'like', 'Said')]))

    def _count(self, model):
        return self.env[model].with_context(active_test=False).search_count([])

    def test_archive_all(self):
        """The other button: nothing goes, and she counts as somebody who left."""
        self.plan.with_user(self.user_manager).action_reopen()
        self._lookup().line_ids.action_archive_all()
        self.assertEqual((self.nuria.active, self.stakeholder.active, self.stakeholder.state), (False, False, 'left'))

    def test_an_opportunity_of_nobody_else(self):
        """What is a private person's alone Odoo deletes as ever."""
        private = self._partner("Rosa", is_company=False, email='rosa@example.org')
        lead = self.env['crm.lead'].create({'name': "A box", 'partner_id': private.id})
        wizard = self._lookup(private)
        self._lines(wizard, lead).action_unlink()
        self.assertFalse(lead.exists())

    # ------------------------------------------------------------------ and in no other way
    def test_deleted_by_mistake(self):
        """A salesperson is refused and told what to do; so is whatever deletes as the system."""
        for user in (self.user_user, self.user_manager, self.user_sales):
            with self._refused(UserError, "in the Privacy Lookup"):
                self.nuria.with_user(user).unlink()
        with self._refused(UserError, "in the Privacy Lookup"):
            self.nuria.with_context(kam_erasing=True).sudo().unlink()
        for model in ('kam.action', 'kam.plan.goal'):
            outsider = self._partner("Pau", parent_id=self.iberia.id, is_company=False)
            if model == 'kam.action':
                self._action(contact_ids=[Command.set(outsider.ids)])
            else:
                self._plan(self.iberia, goal_ids=[Command.create({'name': "Calm", 'contact_id': outsider.id})])
            with self._refused(UserError, "in the Privacy Lookup"):
                outsider.with_user(self.user_user).unlink()

    def test_an_account_is_kept(self):
        """A customer who is a person and has plans is a business partner: the lookup is refused, and says why."""
        freelancer = self._partner("Vera", is_company=False, email='vera@example.org', user_id=self.user_user.id)
        self._plan(freelancer)
        wizard = self._lookup(freelancer)
        with self._refused(UserError, "has an account plan"):
            self._lines(wizard, freelancer).action_unlink()
        self.assertTrue(freelancer.exists())
