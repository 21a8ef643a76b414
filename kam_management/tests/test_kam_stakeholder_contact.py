"""Contacts with people: what Odoo records of its own traces, once each; what people write; what becomes of it."""
from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .test_kam_action import ActionCommon


class ContactCommon(ActionCommon):
    """Three people of Nordwind Iberia: Nuria, Marc and, at its logistics, Luis. Everything happened at ten o'clock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.marc = cls._partner('Marc', parent_id=cls.iberia.id, is_company=False, email='marc@iberia.example')
        cls.buyer.email, cls.luis.email = 'nuria@iberia.example', 'luis@iberia.example'
        cls.people = cls.buyer | cls.marc | cls.luis
        cls.user_user.partner_id.email = 'user@example.com'
        cls.contacts = cls.env['kam.stakeholder.contact']

    @classmethod
    def _at(cls, days=0, hour=10):
        """`days` ago, or to come where negative. Today: an hour that is over."""
        return datetime.combine(cls.today - timedelta(days=days), datetime.min.time()).replace(hour=hour)

    @classmethod
    def _meeting(cls, days=2, people=None, user=None, **values):
        user = user or cls.user_user
        start = values.pop('start', cls._at(days))
        return cls.env['calendar.event'].with_user(user).create({
            'name': "Autumn range", 'start': start, 'stop': start + timedelta(hours=1), 'user_id': user.id,
            'partner_ids': [Command.set(((cls.people if people is None else people) | user.partner_id).ids)],
            **values})

    @classmethod
    def _mail(cls, people, days=1, author=None, **values):
        """What is written on the account's record to people of it; by one of them where `author` is one."""
        author = author or cls.user_user.partner_id
        message = cls.iberia.with_user(cls.user_user).message_post(
            body="The samples", subject="Samples", message_type='comment', subtype_xmlid='mail.mt_comment',
            partner_ids=people.ids, author_id=author.id, **values)
        message.sudo().date = cls._at(days)
        return message

    @classmethod
    def _activity(cls, record, xmlid='mail.mail_activity_data_call', user=None, **values):
        return record.with_user(user or cls.user_user).activity_schedule(
            xmlid, user_id=(user or cls.user_user).id, **values)

    @classmethod
    def _all(cls, user=None):
        """The contacts of these customers: the demo has its own."""
        customers = cls.group | cls.france | cls.iberia | cls.logistics | cls.other | cls.solo
        return cls.contacts.with_user(user or cls.env.user).search(
            [('organisation_id', 'in', customers.ids)], order='date, contact_id, channel')

    def _collected(self):
        self.env.flush_all()
        self.contacts._kam_collect()
        return self._all()

    def _told(self, contacts):
        """Of each contact: who, how many days ago, how, which way."""
        return [(contact.contact_id.name, (self.today - contact.date).days, contact.channel, contact.direction)
                for contact in contacts.sorted(lambda row: (row.contact_id.name, row.date, row.channel))]


@tagged('post_install', '-at_install')
class TestContactRecorded(ContactCommon):

    # ------------------------------------------------------------------ once each
    def test_one_meeting_its_invitation_and_its_activity(self):
        """One meeting with three people of the customer: three contacts, not nine."""
        activity = self._activity(self.buyer, 'mail.mail_activity_data_meeting')
        event = self._meeting(activity_ids=[Command.link(activity.id)])
        event.attendee_ids._send_invitation_emails()
        event.message_post(
            body="The agenda", message_type='comment', subtype_xmlid='mail.mt_comment', partner_ids=self.people.ids)
        activity.action_feedback(feedback="They want two more")
        invited = self.env['mail.message'].search([('model', '=', 'calendar.event'), ('res_id', '=', event.id)])
        self.assertLessEqual(self.people, invited.partner_ids | invited.notified_partner_ids)
        self.assertFalse(activity.active)
        contacts = self._collected()
        self.assertEqual(self._told(contacts), [
            ('Luis', 2, 'meeting', 'both'), ('Marc', 2, 'meeting', 'both'), ('Nuria', 2, 'meeting', 'both')])
        self.assertEqual(contacts.partner_id, self.iberia)
        self.assertEqual(contacts.organisation_id, self.iberia | self.logistics)
        self.assertEqual((contacts.user_id, set(contacts.mapped('source'))), (self.user_user, {'meeting'}))

    def test_running_it_twice_changes_nothing(self):
        self._meeting()
        self._mail(self.buyer)
        self._activity(self.marc).action_feedback()
        self._action(contact_ids=[Command.link(self.luis.id)], state='done')
        before = self._collected().read()
        self.assertEqual(len(before), 6)
        self.assertEqual(self._collected().read(), before)
        self.env['kam.contact.mark'].search([]).unlink()
        self.assertEqual(self._collected().read(), before, "not even from the beginning")

    def test_whatever_folds_into_a_day(self):
        """A meeting in the calendar, one ticked off without it, a done visit, one by hand: met once that day."""
        self.contacts.with_user(self.user_user).create({'contact_id': self.buyer.id, 'date': self.today})
        self._meeting(start=self._at(0, 0), people=self.buyer, stop=self._at(0, 0))
        self._activity(self.buyer, 'mail.mail_activity_data_meeting').action_feedback()
        self._action(contact_ids=[Command.link(self.buyer.id)], state='done')
        self._activity(self.buyer).action_feedback()
        self.assertEqual(self._told(self._collected()), [
            ('Nuria', 0, 'call', 'both'), ('Nuria', 0, 'meeting', 'both')])

    # ------------------------------------------------------------------ meetings
    def test_meetings_that_took_place(self):
        """Neither those to come, nor cancelled ones, nor without whoever declined."""
        self._meeting(days=-2, people=self.buyer)
        self._meeting(days=3, people=self.buyer).action_archive()
        declined = self._meeting(days=4)
        declined.attendee_ids.filtered(lambda row: row.partner_id == self.marc).do_decline()
        without_us = self._meeting(days=5, people=self.buyer)
        without_us.attendee_ids.filtered(lambda row: row.partner_id == self.user_user.partner_id).do_decline()
        among_us = self._meeting(days=6, people=self.user_colleague.partner_id)
        self.assertEqual(self._told(self._collected()), [
            ('Luis', 4, 'meeting', 'both'), ('Nuria', 4, 'meeting', 'both')])
        self.assertTrue(among_us.exists())

    def test_a_meeting_that_changes(self):
        """Moved: the contact moves. Moved to another day to come, declined later or deleted: it is taken back."""
        event = self._meeting(people=self.buyer | self.marc)
        self.assertEqual(len(self._collected()), 2)
        event.write({'start': self._at(1), 'stop': self._at(1, 11)})
        self.assertEqual(self._told(self._collected()), [
            ('Marc', 1, 'meeting', 'both'), ('Nuria', 1, 'meeting', 'both')])
        event.attendee_ids.filtered(lambda row: row.partner_id == self.marc).do_decline()
        self.assertEqual(self._told(self._collected()), [('Nuria', 1, 'meeting', 'both')])
        event.write({'start': self._at(-3), 'stop': self._at(-3, 11)})
        self.assertFalse(self._collected())
        event.write({'start': self._at(1), 'stop': self._at(1, 11)})
        self.assertEqual(len(self._collected()), 1)
        event.unlink()
        self.assertFalse(self._collected())

    def test_what_a_meeting_was_about(self):
        """Looked up as the reader: private meetings tell others nothing, and nothing of it is stored."""
        self.env['kam.team.member'].create({'partner_id': self.iberia.id, 'user_id': self.user_colleague.id})
        self._meeting(days=2, people=self.buyer, name="Dinner", privacy='private')
        self._meeting(days=3, people=self.buyer, name="New trays")
        contacts = self._collected()
        for user, told in ((self.user_user, "Dinner"), (self.user_colleague, "Busy")):
            self.env.invalidate_all()
            self.assertEqual(self._all(user).mapped('subject'), ["New trays", told])
        self.assertEqual(contacts.mapped('name'), [False, False])

    def test_the_day_is_that_of_the_company(self):
        self.company.partner_id.tz = 'Asia/Tokyo'
        self._meeting(start=self._at(3, 20), people=self.buyer)
        self.assertEqual(self._collected().date, self.today - timedelta(days=2))

    # ------------------------------------------------------------------ e-mails
    def test_mails_of_a_day(self):
        """One contact a day and person, both ways once each side wrote."""
        self._mail(self.buyer | self.marc)
        self._mail(self.buyer)
        self.assertEqual(self._told(self._collected()), [('Marc', 1, 'email', 'out'), ('Nuria', 1, 'email', 'out')])
        self._mail(self.env['res.partner'], author=self.buyer)
        self.assertEqual(self._told(self._collected()), [('Marc', 1, 'email', 'out'), ('Nuria', 1, 'email', 'both')])

    def test_a_mail_that_comes_in(self):
        self.iberia.message_subscribe([self.user_user.partner_id.id])
        self.env['mail.thread'].message_process('res.partner', (
            "From: Nuria <nuria@iberia.example>\nTo: user@example.com\nSubject: Prices\n"
            "Message-Id: <1@iberia.example>\n"
            f"Date: {self._at(1).strftime('%a, %d %b %Y %H:%M:%S')} +0000\n\nWhat do they cost?\n"
        ), thread_id=self.iberia.id)
        self.assertEqual(self._told(self._collected()), [('Nuria', 1, 'email', 'in')])

    def test_no_mailings_no_notices_no_notes(self):
        composer = self.env['mail.compose.message'].with_user(self.user_user).create({
            'composition_mode': 'mass_mail', 'model': 'res.partner', 'res_ids': str(self.people.ids),
            'subject': "Christmas", 'body': "<p>Merry Christmas</p>"})
        composer._action_send_mail()
        mailed = self.env['mail.message'].search([('subject', '=', "Christmas")])
        self.assertEqual((len(mailed), set(mailed.mapped('message_type'))), (3, {'email_outgoing'}))
        self.iberia.with_user(self.user_user).message_post(
            body="Careful with her", subtype_xmlid='mail.mt_note', partner_ids=self.buyer.ids)
        self.iberia.with_user(self.user_user).message_notify(body="Look", partner_ids=self.buyer.ids)
        self.iberia.message_post(
            body="Automatic", message_type='auto_comment', subtype_xmlid='mail.mt_comment', partner_ids=self.buyer.ids)
        self.iberia.with_user(self.env.ref('base.user_root')).message_post(
            body="By the bot", message_type='comment', subtype_xmlid='mail.mt_comment', partner_ids=self.buyer.ids)
        self.assertFalse(self._collected())

    def test_a_mail_that_did_not_arrive(self):
        failed = self._mail(self.buyer)
        failed.sudo().notification_ids.notification_status = 'exception'
        later = self._mail(self.marc)
        self.assertEqual(self._told(self._collected()), [('Marc', 1, 'email', 'out')])
        later.sudo().notification_ids.notification_status = 'bounce'
        self.assertFalse(self._collected())

    def test_sending_a_mail_costs_nothing(self):
        """No hook of ours hangs in it: not a query more than without contacts."""
        self._mail(self.buyer)
        self.env.flush_all()
        seen = []
        execute = type(self.env.cr).execute

        def watched(cursor, query, *arguments, **options):
            seen.append(str(getattr(query, 'code', query)))
            return execute(cursor, query, *arguments, **options)
        self.patch(type(self.env.cr), 'execute', watched)
        self._mail(self.buyer)
        self.env.flush_all()
        self.assertTrue(seen)
        self.assertFalse([query for query in seen if 'kam_stakeholder_contact' in query])

    # ------------------------------------------------------------------ activities and actions
    def test_done_activities(self):
        """Calls count on the person and on any record of theirs; things to do and open calls don't."""
        lead = self.env['crm.lead'].create({'name': "Trays", 'partner_id': self.marc.id, 'type': 'opportunity',
                                            'user_id': self.user_user.id})
        self._activity(self.buyer).action_feedback(feedback="She agrees")
        self._activity(lead, summary="About the trays").action_feedback()
        self._activity(self.luis, 'mail.mail_activity_data_todo').action_feedback()
        self._activity(self.luis)
        self._activity(self.iberia).action_feedback()
        contacts = self._collected()
        self.assertEqual(self._told(contacts), [('Marc', 0, 'call', 'both'), ('Nuria', 0, 'call', 'both')])
        self.assertEqual(contacts.filtered(lambda row: row.contact_id == self.marc).subject, "About the trays")

    def test_done_actions(self):
        """A done visit is a meeting with its people; planned again it is none, and a confidential one tells nothing."""
        action = self._action(contact_ids=[Command.link(self.buyer.id)])
        self._action(contact_ids=[Command.link(self.marc.id)], kind='insight', state='done')
        self._action(contact_ids=[Command.link(self.marc.id)], state='done', confidentiality='manager')
        self.assertFalse(self._collected())
        action.write({'state': 'done', 'date_done': self.today - timedelta(days=3)})
        self.assertEqual(self._told(self._collected()), [('Nuria', 3, 'meeting', 'both')])
        action.action_reset()
        self.assertFalse(self._collected())

    # ------------------------------------------------------------------ more than one trace
    def _later(self):
        """As if what was recorded so far had been read long ago: only what changes from now on is looked at."""
        self.env.flush_all()
        for table in ('calendar_event', 'calendar_attendee', 'kam_action', 'mail_activity'):
            self.cr.execute(f"UPDATE {table} SET write_date = write_date - interval '50 days'")
        self.env.invalidate_all()

    def test_another_visit_of_that_day_keeps_it(self):
        """The one that the contact names is undone: the other one tells of it; undone too, nothing does."""
        visits = [self._action(contact_ids=[Command.link(self.buyer.id)], state='done') for _number in range(2)]
        contact = self._collected()
        self._later()
        visits[0].action_reset()
        self.assertEqual(self._collected(), contact)
        self.assertEqual((contact.origin_id, contact.source), (visits[1].id, 'action'))
        self._later()
        visits[1].action_reset()
        self.assertFalse(self._collected())

    def test_another_source_keeps_it(self):
        """A meeting that is called off, and a done visit or a ticked-off meeting of that day."""
        for other, source, days in (
                (lambda: self._action(contact_ids=[Command.link(self.buyer.id)], state='done',
                                      date_done=self.today - timedelta(days=40)), 'action', 40),
                (lambda: self._activity(self.buyer, 'mail.mail_activity_data_meeting').action_feedback(), 'activity',
                 0)):
            with self.subTest(source=source):
                event = self._meeting(start=self._at(days, 0), stop=self._at(days, 0), people=self.buyer)
                contact = self._collected()
                self.assertEqual(contact.source, 'meeting')
                other()
                self.assertEqual(self._collected(), contact)
                self._later()
                contact.with_user(self.user_user).action_archive()
                event.action_archive()
                self._collected()
                self.assertEqual((contact.source, contact.active), (source, False), "what was struck off stays so")
                contact.active = True
                self.assertEqual(self._told(contact), [('Nuria', days, 'meeting', 'both')])
                contact.unlink()
        self.env['calendar.event'].search([('partner_ids', 'in', self.buyer.ids)]).unlink()

    def test_a_visit_that_is_undone_and_a_meeting(self):
        visit = self._action(contact_ids=[Command.link(self.buyer.id)], state='done')
        contact = self._collected()
        event = self._meeting(start=self._at(0, 0), stop=self._at(0, 0), people=self.buyer)
        self.assertEqual(self._collected(), contact)
        self._later()
        visit.action_reset()
        self.assertEqual(self._collected(), contact)
        self.assertEqual((contact.source, contact.origin_id), ('meeting', event.id))

    def test_another_mail_keeps_it(self):
        """One that bounced and one that arrived on the same day; a call ticked off is another way of being in touch."""
        failed = self._mail(self.buyer)
        contact = self._collected()
        arrived = self._mail(self.buyer)
        self._collected()
        failed.sudo().notification_ids.notification_status = 'bounce'
        self.assertEqual(self._collected(), contact)
        self.assertEqual(contact.origin_id, arrived.id)
        arrived.sudo().notification_ids.notification_status = 'bounce'
        self.assertFalse(self._collected())

    # ------------------------------------------------------------------ whose
    def test_only_people_of_customers(self):
        """No colleagues, no addresses, no private persons, nobody of our own company."""
        own = self._partner('Own', parent_id=self.company.partner_id.id, is_company=False)
        address = self._partner('Door 3', parent_id=self.iberia.id, is_company=False, type='delivery')
        private = self._partner('Private', is_company=False)
        everybody = own | address | private | self.iberia | self.user_colleague.partner_id | self.buyer | self.claire
        self._meeting(people=everybody)
        self.assertEqual(self._told(self._collected()), [
            ('Claire', 2, 'meeting', 'both'), ('Nuria', 2, 'meeting', 'both')])

    def test_archived_stays_archived(self):
        self._meeting(people=self.buyer)
        contact = self._collected()
        contact.with_user(self.user_user).action_archive()
        self.assertFalse(self._collected())
        everything = self.contacts.with_context(active_test=False)
        self.assertEqual(everything.search([('contact_id', '=', self.buyer.id)]), contact)

    def test_five_people_or_five_hundred(self):
        def queries(number):
            people = self.env['res.partner'].create([
                {'name': f'P{place}', 'email': f'p{place}@iberia.example', 'parent_id': self.iberia.id}
                for place in range(number)])
            self._meeting(days=2, people=people)
            self._mail(people)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.contacts._kam_collect()
            spent = self.env.cr.sql_log_count - before
            contacts = self.contacts.search([('contact_id', 'in', people.ids)])
            self.assertEqual(len(contacts), 2 * number)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            contacts.with_user(self.user_user).read(['contact_id', 'partner_id', 'subject', 'user_id', 'display_name'])
            return spent, self.env.cr.sql_log_count - before
        queries(3)
        few, read_few = queries(5)
        many, read_many = queries(500)
        self.assertEqual(many, few)
        self.assertLessEqual(read_many, read_few + 4, "messages are read by themselves")


@tagged('post_install', '-at_install')
class TestContactByHand(ContactCommon):

    # ------------------------------------------------------------------ bad input
    def test_refused(self):
        contacts = self.contacts.with_user(self.user_user)
        nameless = self.env['res.partner'].create({'parent_id': self.iberia.id, 'type': 'invoice', 'name': False})
        for values, sentence in (
                ({'contact_id': self.iberia.id}, "is a company. Choose one of its people"),
                ({'contact_id': nameless.id}, "has no name. Give it one first"),
                ({'contact_id': self.user_colleague.partner_id.id}, "is a colleague"),
                ({'contact_id': self.buyer.id, 'date': self.today + timedelta(days=1)}, "yet to come. Choose today"),
                ({'contact_id': self.claire.id, 'partner_id': self.iberia.id}, "is not one of the people of"),
                ({'partner_id': self.iberia.id}, "Say which person of the customer"),
                ({}, "which person or which account")):
            with self._refused(ValidationError, sentence):
                contacts.create(values)
        with self._refused(ValidationError, "not an employee"):
            contacts.create({'contact_id': self.buyer.id, 'user_id': self.env['res.users'].create({
                'name': "Portal", 'login': 'kam_portal',
                'group_ids': [Command.set(self.env.ref('base.group_portal').ids)]}).id})

    def test_the_same_twice(self):
        values = {'contact_id': self.buyer.id, 'date': self.today, 'channel': 'call'}
        header, rows = ['contact_id/.id', 'date', 'channel'], [[str(self.buyer.id), str(self.today), "Call"]]
        contacts = self.contacts.with_user(self.user_user)
        contacts.create(values)
        with mute_logger('odoo.sql_db'):
            self.assertIn("on record already", contacts.load(header, rows)['messages'][0]['message'])
        self.assertEqual(len(contacts.search([])), 1)

    def test_an_import(self):
        """Of three rows the two good ones can go in; by hand, whatever the file says where it is known from."""
        contacts = self.contacts.with_user(self.user_user)
        header = ['id', 'contact_id/.id', 'date', 'channel', 'direction', 'name']
        day = str(self.today - timedelta(days=300))
        rows = [['crm.c1', str(self.buyer.id), day, "Call", "From them", "Asked for prices"],
                ['crm.c2', str(self.marc.id), day, "Meeting", "Both ways", ""]]
        for _time in range(2):
            loaded = contacts.load(header, rows)
            self.assertFalse(loaded['messages'])
        made = contacts.browse(loaded['ids'])
        self.assertEqual(contacts.search_count([]), 2)
        self.assertEqual(self._told(made), [('Marc', 300, 'meeting', 'both'), ('Nuria', 300, 'call', 'in')])
        self.assertEqual(made[0].subject, "Asked for prices")

    def test_what_is_recorded_is_not_rewritten(self):
        self._meeting(people=self.buyer)
        recorded = self._collected().with_user(self.user_manager)
        with self._refused(AccessError, "recorded by Odoo. Change the meeting"):
            recorded.date = self.today
        by_hand = self.contacts.with_user(self.user_user).create({'contact_id': self.marc.id, 'source': 'meeting'})
        self.assertEqual(by_hand.source, 'hand')
        by_hand.write({'date': self.today - timedelta(days=1), 'name': "At the fair"})
        with self._refused(AccessError, "noted by Odoo alone"):
            by_hand.write({'source': 'email'})

    # ------------------------------------------------------------------ people come and go
    def test_somebody_moves_to_another_customer(self):
        """What was, was with the customer of then; what comes counts for the new one."""
        self._meeting(days=3, people=self.luis)
        self._collected()
        self.luis.parent_id = self.other
        self._meeting(days=1, people=self.luis)
        before, after = self._collected()
        self.assertEqual((before.organisation_id, before.partner_id), (self.logistics, self.iberia))
        self.assertEqual((after.organisation_id, after.partner_id), (self.other, self.other))
        self.luis.parent_id = self.logistics
        self.assertEqual(before.partner_id, self.iberia)

    def test_the_group_of_companies_changes(self):
        """A contact follows its organisation: to the key account that it becomes or that it comes under."""
        self._meeting(people=self.claire)
        contact = self._collected()
        self.assertEqual(contact.partner_id, self.group)
        self.france.sudo().is_key_account = True
        self.assertEqual(contact.partner_id, self.france)

    def test_two_entries_of_one_person_are_merged(self):
        twin = self._partner('Nuria P.', parent_id=self.iberia.id, is_company=False)
        by_hand = self.contacts.with_user(self.user_user)
        by_hand.create({'contact_id': self.buyer.id, 'date': self.today, 'channel': 'call', 'direction': 'out'})
        by_hand.create({'contact_id': twin.id, 'date': self.today, 'channel': 'call', 'direction': 'in',
                        'name': "She called back"})
        by_hand.create({'contact_id': twin.id, 'date': self.today - timedelta(days=1), 'channel': 'call'})
        self.env['base.partner.merge.automatic.wizard']._merge((twin | self.buyer).ids, self.buyer, extra_checks=False)
        self.env.invalidate_all()
        contacts = self._all()
        self.assertEqual(self._told(contacts), [('Nuria', 1, 'call', 'both'), ('Nuria', 0, 'call', 'both')])
        self.assertEqual(contacts.mapped('name'), [False, "She called back"])

    def test_accounts_are_merged(self):
        self._meeting(people=self.buyer | self.luis)
        self._collected()
        self.env['base.partner.merge.automatic.wizard']._merge(
            (self.iberia | self.other).ids, self.other, extra_checks=False)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self._all().partner_id, self.other)

    def test_somebody_wants_to_be_forgotten(self):
        """The contact still counts for the account, and says nothing of anybody."""
        self.contacts.with_user(self.user_user).create({'contact_id': self.marc.id, 'name': "Marc is ill"})
        self._meeting(people=self.marc)
        self._collected()
        self.marc.unlink()
        self.env.invalidate_all()
        contacts = self._all()
        self.assertEqual((len(contacts), contacts.partner_id), (2, self.iberia))
        self.assertFalse(contacts.contact_id)
        self.assertFalse(any(contacts.mapped('name')))
        self.assertEqual(self._collected(), contacts)

    def test_what_is_kept(self):
        self.contacts.with_user(self.user_user).create({'contact_id': self.claire.id})
        with self._refused(UserError, "Archive it, or merge it"):
            self.france.unlink()
        with self._refused(UserError, "Archive the company instead"):
            self.company.unlink()

    # ------------------------------------------------------------------ who sees it
    def test_confidential(self):
        """Of a confidential account only whoever looks after it sees with whom we are in touch, and who was."""
        self.env['kam.team.member'].create({'partner_id': self.iberia.id, 'user_id': self.user_colleague.id})
        self._meeting(people=self.buyer)
        contact = self._collected()
        colleagues = self.contacts.with_user(self.user_colleague)
        self.assertEqual(self._all(self.user_colleague), contact)
        self.iberia.kam_confidentiality = 'manager'
        self.assertFalse(self._all(self.user_colleague))
        self.assertFalse(self._all(self.user_manager))
        self.assertFalse(self.iberia.with_user(self.user_manager).kam_last_contact)
        self.assertEqual(self.iberia.with_user(self.user_user).kam_last_contact, contact.date)
        with self._refused(AccessError, "is confidential"):
            colleagues.create({'contact_id': self.marc.id})

    def test_the_worker_reads_no_words(self):
        self.contacts.with_user(self.user_user).create({'contact_id': self.buyer.id, 'name': "She is leaving"})
        contact = self._all(self.user_service)
        self.assertEqual(contact.read(['date', 'direction', 'channel'])[0]['direction'], 'both')
        for field in ('name', 'subject'):
            with self.assertRaises(AccessError):
                contact.read([field])

    def test_last_contact(self):
        self._meeting(days=5, people=self.buyer)
        self._meeting(days=120, people=self.marc)
        self._collected()
        account = self.iberia.with_user(self.user_user)
        self.assertEqual((account.kam_last_contact, account.kam_contact_count), (self.today - timedelta(days=5), 1))
        self.assertEqual(self.marc.with_user(self.user_user).kam_last_contact, self.today - timedelta(days=120))
        self.assertFalse(self.luis.with_user(self.user_user).kam_last_contact)

    def test_form(self):
        form = Form(self.contacts.with_user(self.user_user))
        form.contact_id = self.luis
        self.assertEqual(form.partner_id, self.iberia)
        contact = form.save()
        self.assertEqual((contact.organisation_id, contact.user_id), (self.logistics, self.user_user))
