"""The quick log: with whom, one line, what next; and that it makes everything at once, once."""
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .test_kam_stakeholder_contact import ContactCommon


@tagged('post_install', '-at_install')
class TestContactLog(ContactCommon):

    def _log(self, user=None, people=None, **values):
        people = self.buyer | self.marc if people is None else people
        return self.env['kam.contact.log'].with_user(user or self.user_user).create({
            'contact_ids': [Command.set(people.ids)], 'name': "They want the trays in May", **values})

    def _actions(self):
        return self.env['kam.action'].search([('partner_id', '=', self.iberia.id)], order='id')

    def test_everything_at_once(self):
        """A contact each, the done action and the next one with its activity."""
        action = self.iberia.with_user(self.user_user).action_kam_log_contact()
        form = Form(self.env['kam.contact.log'].with_user(self.user_user).with_context(**action['context']))
        self.assertEqual(form.partner_id, self.iberia)
        self.assertEqual(set(form.offered_ids.ids), set(self.people.ids))
        form.contact_ids = self.buyer | self.marc
        form.name = "They want the trays in May"
        form.next_name = "Send the samples"
        log = form.save()
        log.action_log()
        done, planned = self._actions()
        self.assertEqual((done.name, done.state, done.date_done, done.result),
                         ("They want the trays in May", 'done', self.today, "They want the trays in May"))
        self.assertEqual((done.kind_id, done.contact_ids), (self._kind('visit'), self.buyer | self.marc))
        self.assertEqual((planned.name, planned.state, planned.owner_id, planned.date),
                         ("Send the samples", 'planned', self.user_user, self.today + timedelta(days=7)))
        todo = self._todo(planned)
        self.assertEqual((todo.user_id, todo.summary), (self.user_user, "Send the samples"))
        contacts = self._all(self.user_user)
        self.assertEqual(self._told(contacts), [('Marc', 0, 'meeting', 'both'), ('Nuria', 0, 'meeting', 'both')])
        self.assertEqual(set(contacts.mapped('subject')), {"They want the trays in May"})
        self.assertEqual(contacts.mapped('name'), [False, False], "the words stand on the action")

    def test_a_double_click(self):
        log = self._log(next_name="Call")
        first, second = log.action_log(), log.action_log()
        self.assertEqual(first, second)
        self.assertEqual((len(self._actions()), len(self._all())), (2, 2))

    def test_what_is_recorded_already(self):
        """What one writes of a meeting in the calendar is that meeting; a contact that was struck off is back."""
        self._meeting(days=2, people=self.buyer)
        recorded = self._collected()
        recorded.action_archive()
        self._log(date=self.today - timedelta(days=2)).action_log()
        contacts = self._collected()
        self.assertEqual(self._told(contacts), [('Marc', 2, 'meeting', 'both'), ('Nuria', 2, 'meeting', 'both')])
        self.assertIn(recorded, contacts)
        self.assertEqual(len(self._actions()), 1)

    def test_a_call_and_a_mail(self):
        self._log(channel='call', people=self.buyer).action_log()
        self._log(channel='email', people=self.buyer).action_log()
        self.assertEqual(self._told(self._collected()), [('Nuria', 0, 'call', 'both'), ('Nuria', 0, 'email', 'out')])
        self.assertEqual(self._actions().kind_id, self._kind('other'))

    def test_refused(self):
        for values, sentence in (
                ({'people': self.env['res.partner']}, "Say with whom"),
                ({'people': self.buyer | self.claire}, "belong to different accounts"),
                ({'name': "  "}, "Write in a line what happened"),
                ({'date': self.today + timedelta(days=1)}, "yet to come. Log a contact once it has taken place"),
                ({'next_name': "Call", 'next_date': self.today - timedelta(days=1)}, "a day from today on"),
                ({'next_name': "Call", 'next_date': False}, "a day from today on")):
            with self._refused(UserError, sentence):
                self._log(**values).action_log()
        self.assertFalse(self._actions() or self._all())

    def test_one_refusal_undoes_everything(self):
        with self._refused(UserError, "is a colleague"):
            self.user_colleague.partner_id.parent_id = self.iberia
            self._log(people=self.buyer | self.user_colleague.partner_id).action_log()
        self.assertFalse(self._actions() or self._all())

    def test_who_may(self):
        """Whoever may act for the account; not where it is confidential, and not contributors."""
        self.iberia.kam_confidentiality = 'manager'
        with self._refused(AccessError, "is confidential"):
            self.iberia.with_user(self.user_colleague).action_kam_log_contact()
        with self._refused(AccessError, "is confidential"):
            self._log(user=self.user_colleague).action_log()
        with self.assertRaises(AccessError):
            self._log(user=self.user_contributor)
        self._log(user=self.user_user).action_log()
        self.assertEqual(len(self._all(self.user_user)), 2)

    def test_ones_own_last_contacts_are_offered(self):
        self._log(people=self.marc, date=self.today - timedelta(days=3)).action_log()
        self._log(people=self.luis).action_log()
        form = Form(self.env['kam.contact.log'].with_user(self.user_user))
        self.assertEqual(form.offered_ids.ids[:2], [self.luis.id, self.marc.id])
        form.contact_ids = self.luis
        self.assertEqual(form.partner_id, self.iberia)
        self.assertEqual(form.offered_ids.ids, [self.luis.id, self.marc.id, self.buyer.id])

    def test_opened_from_people(self):
        action = self.people.with_user(self.user_user).action_kam_log_contact()
        self.assertEqual(action['context']['default_contact_ids'], self.people.ids)
        self.assertEqual(action['context']['default_partner_id'], self.iberia.id)
        stakeholder = self.env['kam.stakeholder'].with_user(self.user_user).create({'contact_id': self.luis.id})
        action = stakeholder.action_log_contact()
        self.assertEqual(action['context']['default_contact_ids'], self.luis.ids)
        form = Form(self.env[action['res_model']].with_user(self.user_user).with_context(**action['context']))
        self.assertEqual(form.contact_ids[:].mapped('display_name'), ["Luis"], "without his company")

    def test_opened_from_several_accounts(self):
        """Whether companies or people, it says so at once, and takes none of them for all."""
        for partners in (self.iberia | self.other, self.buyer | self.claire, self.iberia | self.claire):
            with self._refused(UserError, "belong to different accounts. Log what happened with each"):
                partners.with_user(self.user_manager).action_kam_log_contact()
        action = (self.iberia | self.logistics | self.buyer).with_user(self.user_user).action_kam_log_contact()
        self.assertEqual((action['context']['default_partner_id'], action['context']['default_contact_ids']),
                         (self.iberia.id, self.buyer.ids))

    def test_log_of_somebody_else(self):
        log = self._log()
        with self.assertRaises(AccessError):
            log.with_user(self.user_colleague).read(['name'])
