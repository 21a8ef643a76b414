"""Alerts: who reads them, what people do with them, who is asked, and what they say."""
from datetime import timedelta

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .alert_common import AlertCommon


@tagged('post_install', '-at_install')
class TestKamAlert(AlertCommon):

    # ------------------------------------------------------------------ reading
    def test_readers(self):
        own, other, company = self._alert(), self._alert(partner=self.other), self._alert('concentration_one', False)
        everything = own | other | company

        def read_by(user):
            return self.alerts.with_user(user).search([('id', 'in', everything.ids)])

        self.assertEqual(read_by(self.user_user), own)
        self.assertEqual(read_by(self.user_colleague), other)
        self.assertEqual(read_by(self.user_manager), everything)
        self.assertEqual(read_by(self.user_service), everything)
        with self.assertRaises(AccessError):
            read_by(self.user_contributor)

    def test_confidential_account(self):
        alert = self._alert()
        self.iberia.kam_confidentiality = 'manager'
        mine = self.alerts.with_user(self.user_user)
        self.assertTrue(mine.search([('id', '=', alert.id)]))
        self.assertFalse(self.alerts.with_user(self.user_manager).search([('id', '=', alert.id)]))
        self.assertEqual(alert.with_user(self.user_manager).display_name, "Confidential")

    def test_nobody_writes(self):
        alert = self._alert()
        for user in (self.user_user, self.user_manager, self.user_admin):
            for values in ({'severity': 'info'}, {'state': 'closed'}, {'user_id': user.id}):
                with self.assertRaises(AccessError):
                    alert.with_user(user).write(values)
            with self.assertRaises(AccessError):
                alert.with_user(user).unlink()

    # ------------------------------------------------------------------ answering
    def test_acknowledge(self):
        alert = self._alert()
        self._follow()
        self._flush_tracking()
        self.assertEqual(list(self._asked(alert)), [self.user_user])
        alert.with_user(self.user_user).action_acknowledge()
        self.assertEqual(alert.state, 'acknowledged')
        self.assertEqual(alert.acknowledged_by, self.user_user)
        self.assertTrue(alert.reacted_on)
        self.assertFalse(self._asked(alert))
        self.assertIn("State: Open → Acknowledged", self._chatter(alert))
        # the machine asks nobody again
        self._follow()
        self.assertFalse(self._asked(alert))

    def test_acknowledge_by_the_activity(self):
        alert = self._alert()
        self._follow()
        activity = self.env['mail.activity'].search([('res_model', '=', 'kam.alert'), ('res_id', '=', alert.id)])
        activity.with_user(self.user_user).action_feedback(feedback="I called them")
        self.assertEqual((alert.state, alert.acknowledged_by), ('acknowledged', self.user_user))
        self.assertIn("I called them", self._chatter(alert))

    def test_answers_of_strangers(self):
        alert = self._alert()
        for user in (self.user_colleague, self.user_contributor, self.user_sales):
            with self.assertRaises(AccessError):
                alert.with_user(user).action_acknowledge()
        alert._close('cleared')
        with self._refused(UserError, "is closed: there is nothing to do"):
            alert.with_user(self.user_user).action_acknowledge()

    def test_snooze(self):
        alert = self._alert()
        self._follow()
        action = alert.with_user(self.user_user).action_snooze()
        wizard = Form(self.env['kam.alert.snooze'].with_user(self.user_user).with_context(**action['context']))
        wizard.until = self.today + timedelta(days=10)
        wizard.reason = "The plant is closed"
        wizard.save().action_snooze()
        self.assertEqual((alert.state, alert.snooze_reason), ('snoozed', "The plant is closed"))
        activity = self.env['mail.activity'].search([('res_model', '=', 'kam.alert'), ('res_id', '=', alert.id)])
        self.assertEqual(activity.date_deadline, self.today + timedelta(days=10))
        self._follow()
        self.assertEqual(alert.state, 'snoozed')
        with freeze_time(self.today + timedelta(days=10)):
            self._follow()
            self.assertEqual((alert.state, alert.snoozed_until), ('open', False))
            self.assertEqual(self._asked(alert), {self.user_user: ["Few people in touch"]})

    def test_snooze_until_when(self):
        wizard = self.env['kam.alert.snooze'].with_user(self.user_user)
        for day, reason, sentence in (
                (self.today, "x", "put off until a day after today"),
                (self.today + timedelta(days=366), "x", "by a year at most"),
                (self.today + timedelta(days=3), " ", "Say why")):
            with self._refused(ValidationError, sentence):
                wizard.create({'alert_ids': [Command.set(self._alert('trust_down', partner=self.solo).ids)],
                               'until': day, 'reason': reason})
            self.alerts.sudo().search([]).unlink()

    # ------------------------------------------------------------------ one open at a time
    def test_one_open(self):
        first = self._alert('role_empty', subject='3')
        self._alert('role_empty', subject='4')
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._alert('role_empty', subject='3')
        first._close('cleared')
        self.env.flush_all()
        self._alert('role_empty', subject='3')

    # ------------------------------------------------------------------ watched by Odoo
    def test_opened_by_odoo(self):
        def open_it(**values):
            return self.alerts._open_by_odoo('results_stale', self.company, **values)
        alert = open_it(facts={'hours': 24})
        self.assertEqual((alert.state, alert.severity, alert.date_opened), ('open', 'red', self.today))
        self.assertEqual(open_it(facts={'hours': 24}), alert)
        alert.with_user(self.user_manager).action_acknowledge()
        self.assertEqual(open_it(facts={'hours': 48}), alert)
        self.assertEqual((alert.state, alert.facts), ('acknowledged', {'hours': 48}))
        self.assertEqual(
            alert.with_user(self.user_manager).sentence, "No refresh has been published within 48 hours.")
        self.alerts._close_by_odoo('results_stale', self.company)
        self.assertEqual((alert.state, alert.close_reason, alert.date_closed), ('closed', 'cleared', self.today))
        self.assertFalse(self.alerts._close_by_odoo('results_stale', self.company))
        # the rule has no rest: it opens anew, unless it is off
        again = open_it()
        self.assertTrue(again and again != alert)
        self.alerts._close_by_odoo('results_stale', self.company)
        self._rule('results_stale').active = False
        self.assertFalse(open_it())

    def test_rest(self):
        self._rule('results_stale').cool_down_days = 30
        first = self.alerts._open_by_odoo('results_stale', self.company, severity='amber')
        self.alerts._close_by_odoo('results_stale', self.company)
        self.assertFalse(self.alerts._open_by_odoo('results_stale', self.company, severity='amber'))
        # a graver one does not wait
        graver = self.alerts._open_by_odoo('results_stale', self.company, severity='red')
        self.assertTrue(graver)
        graver._close('cleared')
        (first | graver).sudo().write({'date_closed': self.today - timedelta(days=30)})
        self.assertTrue(self.alerts._open_by_odoo('results_stale', self.company, severity='amber'))

    # ------------------------------------------------------------------ who is asked
    def test_owner_by_role(self):
        self._join(self.deputy, 'deputy')
        self._rule('trust_down').owner_role = 'deputy'
        self._rule('few_people').owner_role = 'sponsor'
        deputys, managers, company = self._alert('trust_down'), self._alert(), self._alert('concentration_one', False)
        customers = self._alert(partner=self.other)
        self.company.kam_settings_id.alert_user_id = self.user_manager
        self._follow()
        self.assertEqual(self._asked(deputys), {self.deputy: ["Trust goes down"]})
        # there is no sponsor: the manager is
        self.assertEqual(list(self._asked(managers)), [self.user_user])
        self.assertEqual(managers.user_id, self.user_user)
        self.assertEqual(list(self._asked(company)), [self.user_manager])
        self.assertEqual(list(self._asked(customers)), [self.user_colleague])

    def test_owner_where_nobody_is(self):
        self.company.kam_settings_id.alert_user_id = self.user_manager
        nobodys, leavers = self._alert(partner=self.group), self._alert()
        self.user_user.active = False
        hidden = self._alert(partner=self._partner(
            'Hidden', is_key_account=True, kam_confidentiality='manager'))
        self._follow()
        # the salesperson of the group has no role of Key Accounts
        self.assertEqual(list(self._asked(nobodys)), [self.user_manager])
        self.assertEqual(list(self._asked(leavers)), [self.user_manager])
        # managers are not let in: nobody is asked, and nobody learns of it
        self.assertFalse(self._asked(hidden))

    def test_in_the_words_of_the_owner(self):
        if not self.env['res.lang']._get_data(code='es_ES'):
            self.env['res.lang']._activate_lang('es_ES')
        self._rule('few_people').with_context(lang='es_ES').name = "Poca gente"
        self.user_user.lang = 'es_ES'
        alert = self._alert()
        self._follow()
        self.assertEqual(self._asked(alert), {self.user_user: ["Poca gente"]})

    def test_follow_twice(self):
        alert = self._alert()
        self._follow()
        before = self.env['mail.activity'].search_read([('res_model', '=', 'kam.alert')])
        mails = self.env['mail.mail'].search_count([])
        self._follow()
        self.assertEqual(self.env['mail.activity'].search_read([('res_model', '=', 'kam.alert')]), before)
        self.assertEqual(self.env['mail.mail'].search_count([]), mails)
        self.assertFalse(alert.message_ids.filtered(lambda row: row.message_type == 'user_notification'))

    def test_close_takes_the_activity(self):
        alert = self._alert()
        self._follow()
        # as the worker publishes it: by SQL, past the ORM
        self.env.flush_all()
        self.env.cr.execute("UPDATE kam_alert SET state = 'closed' WHERE id = %s", [alert.id])
        self.env.invalidate_all()
        self._follow()
        self.assertFalse(self._asked(alert))

    def test_folded(self):
        head, folded = self._alert('supporter_left', subject='1'), self._alert()
        folded.parent_id = head
        self._follow()
        self.assertEqual(list(self._asked(head)), [self.user_user])
        self.assertFalse(self._asked(folded))
        # the head is over: the other one stands alone, and asks
        head._close('cleared')
        folded.parent_id = False
        self._follow()
        self.assertFalse(self._asked(head))
        self.assertEqual(list(self._asked(folded)), [self.user_user])
        # under a new head it is silent again
        folded.parent_id = self._alert('supporter_left', subject='2')
        self._follow()
        self.assertFalse(self._asked(folded))

    def test_escalation(self):
        self._join(self.sponsor, 'sponsor')
        self._rule('few_people').escalate_days = 7
        late, answered = self._alert(days=7), self._alert('trust_down', days=9)
        with freeze_time(self.today - timedelta(days=7)):
            self._follow()
        fresh = self._alert('role_empty', days=9)
        # whoever is asked today only is given the days of the rule
        self._follow()
        self.assertEqual(self._asked(late)[self.sponsor], ["Nobody has reacted: Few people in touch"])
        self.assertTrue(late.escalated_on)
        self.assertFalse(fresh.escalated_on)
        answered.with_user(self.user_user).action_acknowledge()
        before = self.env['mail.activity'].search_count([])
        self._follow()
        self.assertEqual(self.env['mail.activity'].search_count([]), before)

    def test_graver(self):
        """What was answered was less: its owner is asked anew, once, and the sponsor again if nobody reacts."""
        self._join(self.sponsor, 'sponsor')
        self._rule('few_people').escalate_days = 7
        def tell(severity):
            return self.alerts._open_by_odoo('few_people', self.company, self.iberia, severity=severity)
        alert = tell('amber')
        self._follow()
        alert.with_user(self.user_user).action_acknowledge()
        tell('info')
        self.assertEqual(alert.state, 'acknowledged')
        tell('red')
        self.assertEqual((alert.state, alert.reacted_on, alert.acknowledged_by), ('open', False, self.user_user))
        self._follow()
        self.assertEqual(self._asked(alert), {self.user_user: ["Few people in touch"]})
        self._flush_tracking()
        with freeze_time(self.today + timedelta(days=8)):
            self._follow()
        self.assertEqual(self._asked(alert)[self.sponsor], ["Nobody has reacted: Few people in touch"])

    def test_graver_while_asked(self):
        alert = self.alerts._open_by_odoo('few_people', self.company, self.iberia, severity='amber')
        self._follow()
        self.alerts._open_by_odoo('few_people', self.company, self.iberia, severity='red')
        self._follow()
        self.assertEqual(self._asked(alert), {self.user_user: ["Few people in touch"]})
        self.assertEqual(alert.activity_ids.date_deadline, self.today)

    def test_escalation_without_sponsor(self):
        self.company.kam_settings_id.alert_user_id = self.user_manager
        late, never = self._alert(days=8), self._alert('trust_down', days=300)
        self._rule('trust_down').escalate_days = False
        with freeze_time(self.today - timedelta(days=8)):
            self._follow()
        self._follow()
        self.assertEqual(set(self._asked(late)), {self.user_user, self.user_manager})
        self.assertEqual(set(self._asked(never)), {self.user_user})

    def test_many_at_once(self):
        """As many questions to the database for 60 alerts as for 5."""
        self._join(self.deputy, 'deputy')
        counts = []
        for number in (5, 5, 60):
            for index in range(number):
                self._alert('role_empty', subject=f"{len(counts)}{index}", days=8)
            self.env.flush_all()
            self.env.invalidate_all()
            self.env['kam.alert'].sudo()._new_domain()
            before = self.cr.sql_log_count
            self.env['kam.alert'].sudo()._cron_follow()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
            self.assertFalse(self.alerts.sudo().search(self.alerts._new_domain()))
        # the first time Odoo fills its own caches
        self.assertLessEqual(abs(counts[2] - counts[1]), 2, counts)

    # ------------------------------------------------------------------ the account's form
    def test_on_the_account(self):
        head = self._alert('supporter_left', subject='1')
        self._alert(parent_id=head.id)
        self._alert('order_silence').with_user(self.user_user)._snooze(self.today + timedelta(days=3), "Later")
        self._alert('trust_down')._close('cleared')
        account = self.iberia.with_user(self.user_user)
        self.assertEqual((account.kam_open_alert_ids, account.kam_alert_count), (head, 1))
        self.assertEqual(account.kam_alert_severity, 'red')
        self.assertEqual(self.iberia.with_user(self.user_colleague).kam_alert_count, 0)

    # ------------------------------------------------------------------ actions
    def test_action(self):
        alert = self._alert()
        action = alert.with_user(self.user_user).action_plan_action()
        made = self.env['kam.action'].with_user(self.user_user).with_context(**action['context']).create({
            'name': "Meet two people"})
        self.assertEqual((made.partner_id, made.alert_id), (self.iberia, alert))
        self.assertTrue(alert.reacted_on)
        self.assertEqual(alert.state, 'open')
        # nobody hangs an action on an alert that they may not read
        with self.assertRaises(AccessError):
            self.env['kam.action'].with_user(self.user_colleague).create({
                'name': "Look", 'partner_id': self.other.id, 'alert_id': alert.id})

    def test_merge(self):
        """Two accounts turn out to be one: of an alert that both have, one goes on; nothing is lost."""
        solo = self._alert(partner=self.solo)
        single = self._alert('trust_down', partner=self.solo)
        own = self._alert(partner=self.other)
        self.env['base.partner.merge.automatic.wizard']._merge((self.solo | self.other).ids, self.other)
        self.assertEqual((solo.state, solo.close_reason, own.state), ('closed', 'gone', 'open'))
        self.assertEqual((solo | single | own).partner_id, self.other)
        self.assertEqual(single.state, 'open')

    def test_archived_account(self):
        alert = self._alert()
        self.iberia.active = False
        self._follow()
        self.assertEqual(alert.state, 'open')


@tagged('post_install', '-at_install')
class TestKamAlertWords(AlertCommon):

    def _said(self, alert, user=None):
        return alert.with_user(user or self.user_user).sentence

    def test_sentences(self):
        for code, values, words in (
            ('health_drop', {'value': 16.4, 'threshold': 15, 'facts': {
                'score': 'health', 'before': 70.0, 'after': 54.0, 'compared': '2026-11-13'}},
             "Health fell by 16 points by what changed, from 70 to 54 since 11/13/2026; alerts from 15 on."),
            ('few_people', {'value': 2, 'threshold': 3, 'facts': {'people': 9}},
             "2 people are in touch with us, of 9 that we know; there should be 3."),
            ('few_people', {'value': 1, 'threshold': 3, 'facts': {'people': 9}},
             "1 person is in touch with us, of 9 that we know; there should be 3."),
            ('few_people', {'value': 0, 'threshold': 3, 'facts': {'people': 9}},
             "Nobody is in touch with us, of 9 that we know; there should be 3."),
            ('order_rate', {'value': 41.7, 'threshold': 70, 'facts': {'counted': 5, 'expected': 12}},
             "Orders on 5 days of the last 60, usually on 12: 42% of that; alerts below 70%."),
            ('order_rate', {'value': 8.3, 'threshold': 70, 'facts': {'counted': 1, 'expected': 12}},
             "Orders on 1 day of the last 60, usually on 12: 8% of that; alerts below 70%."),
            ('order_silence', {'value': 34, 'threshold': 20, 'facts': {'last': '2026-10-17'}},
             "No order for 34 days, since 10/17/2026; the longest gap of the last year was 20 days."),
            ('order_silence', {'value': 8, 'threshold': 1, 'facts': {'last': '2026-11-12'}},
             "No order for 8 days, since 11/12/2026; the longest gap of the last year was 1 day."),
            ('trust_down', {'value': 1, 'threshold': 1, 'facts': {
                'before': 8.0, 'after': 7.0, 'compared': '2026-05-24'}},
             "Trust fell by 1 point since 05/24/2026, from 8.0 to 7.0 of 10; alerts from 1.0 on."),
            ('trust_down', {'value': 2.5, 'threshold': 2, 'facts': {
                'before': 8.0, 'after': 5.5, 'compared': '2026-05-24'}},
             "Trust fell by 2.5 points since 05/24/2026, from 8.0 to 5.5 of 10; alerts from 2.0 on."),
            ('opinions_old', {'value': 400, 'threshold': 365, 'facts': {'last': '2025-10-16'}},
             "The last opinion was given 400 days ago, on 10/16/2025; after 365 days it is old."),
            ('plan_b_missing', {'value': 0.62, 'threshold': 0.5},
             "It makes 62% of the sales and has no plan B; from 50% on it needs one."),
            ('plan_b_missing', {'value': 0.625, 'threshold': 0.5},
             "It makes 62.5% of the sales and has no plan B; from 50% on it needs one."),
            ('date_near', {'value': 1, 'threshold': 14, 'facts': {'kind': 'buying_step', 'date': '2026-11-21'}},
             "A step of the buying process is due on 11/21/2026, in 1 day; alerts 14 days ahead."),
            ('date_near', {'value': 0, 'threshold': 1, 'facts': {'kind': 'buying_step', 'date': '2026-11-20'}},
             "A step of the buying process is due today, 11/20/2026; alerts 1 day ahead."),
        ):
            with self.subTest(code=code):
                alert = self._alert(code, **values)
                self.assertEqual(self._said(alert), words)
                self.assertTrue(alert.with_user(self.user_user).advice)
                alert.sudo().unlink()

    def test_company(self):
        one = self._alert('concentration_one', False, value=0.55, threshold=0.5, facts={'largest': self.iberia.id})
        five = self._alert('concentration_five', False, value=0.44, threshold=0.4)
        self.assertEqual(self._said(one, self.user_manager),
                         "Nordwind Iberia makes 55% of the sales; alerts from 50% on.")
        self.assertEqual(self._said(five, self.user_manager),
                         "The five largest accounts make 44% of the sales; alerts from 40% on.")

    def test_company_confidential(self):
        """What a hidden account makes of the sales is told without its name, and its number is told to nobody."""
        one = self._alert('concentration_one', False, value=0.55, threshold=0.5, facts={'largest': self.iberia.id})
        self.iberia.kam_confidentiality = 'manager'
        for user in (self.user_manager, self.user_admin):
            self.assertEqual(self._said(one, user), "One account makes 55% of the sales; alerts from 50% on.")
            with self.assertRaises(AccessError):
                one.with_user(user).read(['facts'])
        self.iberia.kam_manager_id = self.user_manager
        self.assertEqual(self._said(one, self.user_manager),
                         "Nordwind Iberia makes 55% of the sales; alerts from 50% on.")

    def test_every_rule_says_something(self):
        """Also where facts are missing, or tell of what is gone."""
        for rule in self.env['kam.alert.rule'].search([]):
            for facts in (False, {'stakeholder': 10 ** 8, 'objective': 10 ** 8}, {'unknown': 'no_data'}):
                alert = self._alert(rule.code, partner=self.solo, facts=facts)
                self.assertTrue(self._said(alert, self.user_user), rule.code)
                self.assertTrue(alert.with_user(self.user_user).advice, rule.code)
                alert.sudo().unlink()

    def test_names_under_the_readers_rights(self):
        marc = self._partner('Marc', parent_id=self.iberia.id, is_company=False)
        person = self.env['kam.stakeholder'].with_user(self.user_user).create({'contact_id': marc.id})
        alert = self._alert('supporter_left', subject=str(person.id), facts={
            'stakeholder': person.id, 'date': '2026-11-02'})
        self.assertEqual(self._said(alert), "Marc, who supported us, left on 11/02/2026.")
        person.confidentiality = 'manager'
        self._join(self.deputy, 'deputy')
        self.assertEqual(self._said(alert, self.deputy), "Somebody, who supported us, left on 11/02/2026.")

    def test_generic(self):
        kpi = self.env['kam.kpi'].search([('unit', '=', 'amount')], limit=1) or self.env['kam.kpi'].search([], limit=1)
        rule = self.env['kam.alert.rule'].with_user(self.user_admin).create({
            'code': 'few_sales', 'name': "Few sales", 'subject': 'kpi', 'condition': 'below', 'kpi_id': kpi.id,
            'amber': 1000})
        alert = self.alerts.sudo().create({
            'rule_id': rule.id, 'partner_id': self.iberia.id, 'company_id': self.company.id, 'value': 900,
            'threshold': 1000, 'date_opened': self.today, 'facts': {'kpi': kpi.id, 'figure': 900}})
        self.assertRegex(self._said(alert), f"^{kpi.name} is .*900.*, below .*1,000")
