"""Collecting answers: what becomes one, what does not and why, what changes, and that nothing happens twice."""
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .test_kam_satisfaction_source import SourceCommon


@tagged('post_install', '-at_install')
class TestSatisfactionCollect(SourceCommon):

    # ------------------------------------------------------------------ what becomes an answer
    def test_an_answer(self):
        """As if it was entered by hand: the person, where they work, their account; on the scale it was asked on."""
        source = self._source(touchpoint_id=self.delivery.id)
        lead = self._given(self.luis, 9, days=4)
        answer = self._collected(source)
        self.assertEqual(
            (answer.contact_id, answer.organisation_id, answer.partner_id, answer.company_id, answer.touchpoint_id),
            (self.luis, self.logistics, self.iberia, self.company, self.delivery))
        self.assertEqual((answer.kind, answer.value, answer.scale, answer.good_end, answer.comment, answer.date),
                         ('nps', 9, "0 to 10", 'high', "Punctual", self.today - timedelta(days=4)))
        self.assertEqual((answer.origin_model, answer.origin_id, answer.origin_value), ('crm.lead', lead.id, 9))
        answer._check_value()
        source = source.with_user(self.user_admin)
        self.assertEqual((source.response_count, source.refusal_count), (1, 0))
        self.assertTrue(source.collected_on)
        with self._refused(AccessError, "Correct it there"):
            answer.with_user(self.user_user).value = 10

    def test_each_kind(self):
        for values, number, expected in (
                ({'kind': 'csat'}, 4, (4, 1, 5, 'high')),
                ({'kind': 'ces', 'scale_min': 1, 'scale_max': 5, 'good_end': 'low'}, 2, (2, 1, 5, 'low')),
                ({'kind': 'moment', 'scale_min': 1, 'scale_max': 5, 'favourable_from': 4}, 4, (1, 0, 1, 'high')),
                ({'kind': 'moment', 'scale_min': 1, 'scale_max': 5, 'favourable_from': 4}, 3, (0, 0, 1, 'high')),
                ({'kind': 'nps'}, 0, (0, 0, 10, 'high'))):
            with self.subTest(values, number=number):
                mark = f"{values['kind']}{number}"
                source = self._source(mark=mark, **values)
                self._given(self.buyer, number, mark=mark)
                answer = self._collected(source)
                self.assertEqual((answer.value, answer.scale_min, answer.scale_max, answer.good_end), expected)
                self.assertEqual(answer.origin_value, number)
                answer._check_value()

    def test_what_a_company_answers_is_anonymous(self):
        source = self._source()
        nameless = self.env['res.partner'].create(
            {'name': False, 'type': 'delivery', 'parent_id': self.logistics.id, 'is_company': False})
        self._given(self.logistics, 7)
        self._given(nameless, 6)
        answers = self._collected(source)
        self.assertEqual((answers.organisation_id, answers.partner_id), (self.logistics, self.iberia))
        self.assertFalse(answers.contact_id)
        self.assertEqual(len(answers), 2)

    def test_thousands_of_one_person_all_stay(self):
        source = self._source()
        self.env['crm.lead'].create([{
            'name': f"N{number}", 'partner_id': self.buyer.id, 'color': number % 11, 'referred': 'asked',
            'date_deadline': self.today - timedelta(days=number % 300)} for number in range(2000)])
        answers = self._collected(source)
        self.assertEqual((len(answers), answers.contact_id), (2000, self.buyer))

    def test_companies(self):
        """The company that the record names; else the source's; else the customer's; else the first."""
        source = self._source(company_field='company_id')
        ours = self._given(self.buyer, 9, company_id=self.company.id)
        theirs = self._given(self.buyer, 8, company_id=self.company_2.id)
        of_customer = self._given(self.solo, 7, company_id=False)
        first = self._given(self.buyer, 6, company_id=False)
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE crm_lead SET company_id = NULL WHERE id IN %s", (of_customer | first)._ids))
        self.env.cr.execute(
            SQL("UPDATE res_partner SET company_id = %s WHERE id = %s", self.company_2.id, self.solo.id))
        self.env.invalidate_all()
        for company in self.env['res.company'].search([]):
            answers = self._collected(source, company=company)
        self.assertEqual({answer.origin_id: answer.company_id for answer in answers}, {
            ours.id: self.company, theirs.id: self.company_2, of_customer.id: self.company_2,
            first.id: self.env['res.company'].search([], order='id', limit=1)})
        second = self._source(self.env.user, mark='second', company_id=self.company_2.id)
        self._given(self.buyer, 6, mark='second')
        self.assertFalse(self._collected(second))
        self.assertEqual(self._collected(second, company=self.company_2).company_id, self.company_2)

    def test_the_day_is_that_of_the_company(self):
        self.company.partner_id.tz = 'Asia/Tokyo'
        source = self._source(date_field='date_closed')
        lead = self._given(self.buyer, 9)
        lead.date_closed = '2026-03-01 22:30:00'
        self.assertEqual(str(self._collected(source).date), '2026-03-02')

    # ------------------------------------------------------------------ what does not
    def test_each_reason(self):
        source = self._source(value_path='expected_revenue')
        nobody = self._given(False, 0, expected_revenue=3)
        expected = {
            self._given(self.buyer, 0, expected_revenue=11): 'out_of_scale',
            self._given(self.buyer, 0, expected_revenue=-1): 'out_of_scale',
            self._given(self.buyer, 0, expected_revenue=8.5): 'not_whole',
            self._given(self.buyer, 0, expected_revenue=8, date_deadline=False): 'no_date',
            self._given(self.buyer, 0, expected_revenue=8, days=-1): 'future',
            nobody: 'no_contact',
            self._given(self.user_colleague.partner_id, 0, expected_revenue=8): 'ours',
            self._given(self.company.partner_id, 0, expected_revenue=8): 'ours',
            self._given(self._partner("Cleaner", parent_id=self.company_2.partner_id.id, is_company=False), 0,
                        expected_revenue=8): 'ours',
        }
        empty = self._given(self.buyer, 0)
        stray = self._given(self._partner("Stray", is_company=False), 0, expected_revenue=8)
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE crm_lead SET expected_revenue = NULL WHERE id = %s", empty.id))
        self.env.cr.execute(SQL("UPDATE res_partner SET kam_account_id = NULL WHERE id = %s", stray.partner_id.id))
        self.env.invalidate_all()
        expected.update({empty: 'no_value', stray: 'no_account'})
        self.assertFalse(self._collected(source))
        self.assertEqual(self._reasons(source), {lead.id: reason for lead, reason in expected.items()})
        refusal = self.refusals.search([('origin_id', '=', nobody.id), ('source_id', '=', source.id)])
        self.assertEqual((refusal.value, refusal.date, refusal.contact_id.id), (False, nobody.date_deadline, False),
                         "without a name there is no number")
        named = self.refusals.search([('reason', '=', 'not_whole'), ('source_id', '=', source.id)])
        self.assertEqual((named.value, named.contact_id), (8.5, self.buyer))
        self.assertIn("who answered", refusal.advice)
        self.assertEqual(source.with_user(self.user_admin).refusal_count, len(expected))
        for reason in dict(self.refusals._fields['reason'].selection):
            self.assertTrue(self.refusals._advice()[reason], reason)

    def test_put_right_it_counts(self):
        """Also what healed without its record being touched, at the next full pass; the list gets shorter."""
        source = self._source()
        high, stray = self._given(self.buyer, 12), self._given(False, 8)
        self._collected(source)
        self.assertEqual(self._reasons(source), {high.id: 'out_of_scale', stray.id: 'no_contact'})
        high.color = 10
        self.assertEqual(self._collected(source).mapped('value'), [10])
        self.assertEqual(self._reasons(source), {stray.id: 'no_contact'})
        stray.unlink()
        self._collected(source)
        self._collected(source, full=True)
        self.assertEqual(self._reasons(source), {})

    def test_the_day_comes(self):
        source = self._source()
        lead = self._given(self.buyer, 9, days=-2)
        self._collected(source)
        self.assertEqual(self._reasons(source), {lead.id: 'future'})
        self._a_day_passes()
        self.assertFalse(self._collected(source))
        with patch.object(type(self.company), '_kam_today', lambda company: self.today + timedelta(days=2)):
            self.assertEqual(self._collected(source).value, 9)
        self.assertFalse(self._reasons(source))

    def test_twice_the_same(self):
        first, second = self._source(), self._source(name="Again", sequence=200)
        lead = self._given(self.buyer, 9)
        self.assertEqual(len(self._collected(first)), 1)
        self.assertFalse(self._collected(second))
        self.assertEqual(self._reasons(second), {lead.id: 'taken'})
        self.assertFalse(self._reasons(first))

    def test_a_reason_of_another_app(self):
        """The hook by which a question that is asked on another scale now is told."""
        source = self._source()
        lead = self._given(self.buyer, 4, priority='3')

        def cases(source, model, query):
            return [('other_scale', SQL("%s = '3'", source._path(model, query, 'priority')))]
        with patch.object(type(self.sources), '_refusal_cases', cases):
            self.assertFalse(self._collected(source))
        self.assertEqual(self._reasons(source), {lead.id: 'other_scale'})

    # ------------------------------------------------------------------ what changes
    def test_twice_changes_nothing(self):
        source = self._source(request_domain="[('referred', '=', 'asked')]", request_date_field='create_date')
        self._given(self.buyer, 9)
        self._given(self.marc, 11)
        models = ('kam.satisfaction.response', 'kam.satisfaction.refusal', 'kam.satisfaction.request')

        def everything():
            self.env.flush_all()
            rows = {}
            for model in models:
                self.env.cr.execute(SQL("SELECT * FROM %s ORDER BY id", SQL.identifier(self.env[model]._table)))
                rows[model] = self.env.cr.fetchall()
            return rows
        self._collected(source)
        before = everything()
        for full in (False, True):
            self._collected(source, full)
            self.assertEqual(everything(), before)
        self.assertEqual(self.sources._collect(self.company), 0)

    def test_changed_where_it_was_given(self):
        source = self._source()
        lead = self._given(self.buyer, 9)
        answer = self._collected(source)
        answer.with_user(self.user_user).write({'comment': "Punctual; she says it again on the phone"})
        lead.write({'color': 3, 'date_deadline': self.today - timedelta(days=1)})
        self._collected(source)
        self.assertEqual((answer.value, answer.date), (3, self.today - timedelta(days=1)))
        self.assertIn("on the phone", answer.comment, "what people wrote stays while the words there are the same")
        lead.write({'name': "Never again", 'partner_id': self.luis.id})
        self._collected(source)
        self.assertEqual((answer.comment, answer.contact_id, answer.organisation_id),
                         ("Never again", self.luis, self.logistics))

    def test_changed_so_that_it_does_not_fit(self):
        """Archived with its reason; put right, it counts again. What somebody archived by hand stays archived."""
        source = self._source()
        lead = self._given(self.buyer, 9)
        answer = self._collected(source)
        lead.color = 12
        self._collected(source)
        self.assertEqual((answer.active, answer.value, self._reasons(source)), (False, 9, {lead.id: 'out_of_scale'}))
        self._collected(source)
        lead.color = 10
        self._collected(source)
        self.assertEqual((answer.active, answer.value, self._reasons(source)), (True, 10, {}))
        lead.referred = 'reset'
        self._collected(source)
        self.assertEqual((answer.active, self._reasons(source)), (False, {lead.id: 'withdrawn'}))
        self._collected(source, full=True)
        self.assertFalse(answer.active)
        lead.write({'referred': 'asked', 'color': 2})
        self._collected(source)
        self.assertEqual((answer.active, answer.value, self._reasons(source)), (True, 2, {}))
        answer.with_user(self.user_user).active = False
        lead.color = 5
        self._collected(source, full=True)
        self.assertEqual((answer.active, answer.value), (False, 5))

    def test_deleted_at_its_origin_it_stays(self):
        """It was said."""
        source = self._source(comment_path=False)
        lead = self._given(self.buyer, 9)
        answer = self._collected(source)
        lead.unlink()
        self._collected(source, full=True)
        self.assertEqual((answer.exists().active, answer.value), (True, 9))
        with self._refused(UserError, "is gone"):
            answer.with_user(self.user_user).action_open_origin()
        source.sudo().model_name = 'crm.uninstalled'
        self._collected(source, full=True)
        self.assertTrue(answer.exists().active)

    def test_the_scale_changes_later(self):
        """What was collected keeps its kind and scale; what follows has the new one."""
        source = self._source(kind='ces', scale_min=0, scale_max=10)
        old = self._given(self.buyer, 8)
        first = self._collected(source)
        self._a_day_passes()
        source.with_user(self.user_system).write({'scale_min': 1, 'scale_max': 5, 'good_end': 'low'})
        self._given(self.marc, 4)
        both = self._collected(source)
        self.assertEqual(both.mapped('scale'), ["0 to 10", "1 to 5"])
        self.assertEqual((both.mapped('good_end'), both.mapped('active')), (['high', 'low'], [True, True]))
        self._given(self.marc, 8)
        self._define_back(source)
        old.color = 7
        self._collected(source, full=True)
        self.assertEqual((first.value, first.scale, first.active), (7, "0 to 10", True), "judged on its own scale")
        self.assertEqual(list(self._reasons(source).values()), ['out_of_scale'])

    def test_the_definition_changes_later(self):
        """Another question: the answers to the one of before stay, and so do verdicts at the threshold of before."""
        source = self._source(kind='moment', scale_min=1, scale_max=5, favourable_from=3)
        self._given(self.buyer, 3)
        first = self._collected(source)
        self.assertEqual(first.verdict, 'favourable')
        self._a_day_passes()
        source.with_user(self.user_system).write({
            'favourable_from': 5, 'domain': "[('referred', '=', 'another')]"})
        self._given(self.buyer, 4, mark='another')
        self._collected(source)
        answers = self._collected(source, full=True)
        self.assertEqual(answers.mapped('verdict'), ['favourable', 'unfavourable'])
        self.assertTrue(first.active)

    def test_people_come_and_go(self):
        """They stay where they were; deleted, they leave the number and not the words; hired, it still counts."""
        source = self._source()
        leads = self._given(self.luis, 9) | self._given(self.marc, 8) | self._given(self.buyer, 7)
        answers = self._collected(source)
        self.luis.parent_id = self.other
        self.marc.unlink()
        self.env.cr.execute(SQL("UPDATE crm_lead SET write_date = now() AT TIME ZONE 'UTC' WHERE id IN %s", leads._ids))
        self.env['res.users'].create({'name': "Nuria", 'login': 'nuria', 'partner_id': self.buyer.id})
        self._collected(source, full=True)
        self.assertEqual(answers.mapped('partner_id'), self.iberia)
        self.assertEqual((answers.mapped('active'), answers.mapped('value')), ([True] * 3, [9, 8, 7]))
        self.assertEqual(answers.mapped('comment'), ["Punctual", False, "Punctual"])
        self.assertFalse(self._reasons(source))

    def test_a_record_that_lost_its_person(self):
        """It is no answer any longer to a source that wants one; what the person who was deleted said still counts."""
        source = self._source(domain="[('referred', '=', 'asked'), ('partner_id', '!=', False)]")
        self._given(self.marc, 8)
        lead = self._given(self.luis, 9)
        answers = self._collected(source)
        self.marc.unlink()
        self.env.cr.execute(SQL("UPDATE crm_lead SET write_date = now() AT TIME ZONE 'UTC'"))
        lead.partner_id = False
        self._collected(source)
        self.assertEqual((answers.mapped('active'), answers.mapped('value')), ([True, False], [8, 9]))
        self.assertEqual(self._reasons(source), {lead.id: 'withdrawn'})

    # ------------------------------------------------------------------ how much is read
    def test_only_what_is_new_or_changed(self):
        """What changed on the way to the answer counts as changed too; the full pass of a day finds the rest."""
        source = self._source(value_path='partner_id.color')
        self.buyer.color = 9
        lead = self._given(self.buyer, 0)
        answer = self._collected(source)
        self._a_day_passes()
        self.env.cr.execute("UPDATE res_partner SET write_date = write_date - interval '9 days'")
        self.env.cr.execute(SQL("UPDATE res_partner SET color = 3 WHERE id = %s", self.buyer.id))
        self.env.invalidate_all()
        self._collected(source)
        self.assertEqual(answer.value, 9, "it was not even looked at")
        self.buyer.color = 2
        self._collected(source)
        self.assertEqual(answer.value, 2)
        self.assertEqual(answer.origin_id, lead.id)
        late = self._given(self.marc, 0)
        self.marc.color = 4
        self._a_day_passes()
        self.env.cr.execute("UPDATE res_partner SET write_date = write_date - interval '9 days'")
        self.assertNotIn(late.id, self._collected(source).mapped('origin_id'))
        self.env.cr.execute("UPDATE kam_satisfaction_mark SET full_date = full_date - interval '2 days'")
        self.env.invalidate_all()
        self.assertIn(late.id, self._collected(source).mapped('origin_id'))

    def test_five_or_five_hundred(self):
        self._source(request_domain="[('referred', '=', 'asked')]")

        def queries(number):
            self.env['crm.lead'].create([{
                'name': f"N{place}", 'partner_id': self.buyer.id, 'color': place % 12, 'referred': 'asked',
                'date_deadline': self.today} for place in range(number)])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.sources._collect(self.company)
            return self.env.cr.sql_log_count - before
        queries(3)
        few = queries(5)
        self.assertEqual(queries(500), few)

    def test_one_source_that_fails_keeps_no_other(self):
        bad, good = self._source(sequence=1), self._source(mark='good', sequence=2)
        self._given(self.buyer, 9, mark='good')

        def rows(source, company, since, changed_after):
            if source.id == bad.id:
                return SQL("SELECT nothing FROM nowhere")
            return original(source, company, since, changed_after)
        original = type(self.sources)._answer_rows
        with patch.object(type(self.sources), '_answer_rows', rows), mute_logger('odoo.sql_db'), \
                self.assertLogs('odoo.addons.kam_management.models.kam_satisfaction_source_collect', 'WARNING'):
            answers = self._collected(good)
        self.assertEqual(len(answers), 1)
        self.assertIn("nowhere", bad.failure)
        self._collected(bad)
        self.assertFalse(bad.failure, "read again, it is forgotten")

    # ------------------------------------------------------------------ requests
    def test_who_was_asked(self):
        source = self._source(request_domain="[('referred', 'in', ('asked', 'sent'))]")
        waiting = self._given(self.luis, 0, mark='sent')
        self._given(self.user_colleague.partner_id, 0, mark='sent')
        self._given(False, 0, mark='sent')
        self._collected(source)
        request = self.requests.search([('source_id', '=', source.id)])
        self.assertEqual((request.contact_id, request.organisation_id, request.partner_id, request.date),
                         (self.luis, self.logistics, self.iberia, self.today))
        self.assertFalse(request.answered_on)
        waiting.write({'referred': 'asked', 'color': 9})
        answer = self._collected(source)
        self.assertEqual((request.answered_on, answer.value), (answer.date, 9))
        waiting.referred = 'cancelled'
        self._collected(source)
        self.assertEqual((request.active, answer.active), (False, False))
        waiting.referred = 'asked'
        self._collected(source)
        self.assertEqual((request.active, answer.active), (True, True))
        number = self.luis.id
        self.luis.unlink()
        self._collected(source, full=True)
        self.assertEqual((request.former_contact, request.contact_id.id, request.active), (number, False, True))

    def test_whoever_answers_at_once_was_not_asked(self):
        source = self._source(request_domain="[('referred', '=', 'asked')]", date_field='date_closed')
        now = self.env.cr.now()
        spontaneous, asked = self._given(self.buyer, 8), self._given(self.marc, 8)
        spontaneous.date_closed, asked.date_closed = now, now
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE crm_lead SET create_date = create_date - interval '1 day' WHERE id = %s",
                                asked.id))
        self.assertEqual(len(self._collected(source)), 2)
        self.assertEqual(self.requests.search([('source_id', '=', source.id)]).contact_id, self.marc)

    def test_requests_are_read_like_answers(self):
        source = self._source(request_domain="[('referred', '=', 'asked')]")
        self._given(self.buyer, 8)
        self._collected(source)
        request = self.requests.search([('source_id', '=', source.id)])
        for user, seen in ((self.user_user, True), (self.user_colleague, False), (self.user_manager, True),
                           (self.user_service, True)):
            self.assertEqual(bool(self.requests.with_user(user).search([('id', '=', request.id)])), seen, user.name)
        self.iberia.kam_confidentiality = 'manager'
        self.assertFalse(self.requests.with_user(self.user_manager).search([('id', '=', request.id)]))
        for user in (self.user_contributor, self.user_sales):
            with self.assertRaises(AccessError):
                self.requests.with_user(user).search([])

    # ------------------------------------------------------------------ who
    def test_refusals_are_for_administrators(self):
        source = self._source()
        lead = self._given(self.buyer, 12)
        self._collected(source)
        refusal = self.refusals.search([('source_id', '=', source.id)])
        for user in (self.user_user, self.user_manager, self.user_contributor, self.user_service):
            with self.assertRaises(AccessError):
                refusal.with_user(user).read(['reason'])
        theirs = refusal.with_user(self.user_admin)
        self.assertEqual(theirs.read(['reason'])[0]['reason'], 'out_of_scale')
        self.assertEqual(theirs.action_open_origin()['res_id'], lead.id)
        self.iberia.kam_confidentiality = 'manager'
        self.assertFalse(self.refusals.with_user(self.user_admin).search([('id', '=', refusal.id)]))
        self.assertEqual(source.with_user(self.user_admin).refusal_count, 1)

    def test_collected_by_whom(self):
        """The worker and the cron need no right on what is read; a button is for administrators."""
        source = self._source(active=False)
        self._given(self.buyer, 9)
        with self._refused(UserError, "Activate “Would you recommend us.” first"):
            source.with_user(self.user_admin).action_collect()
        source.with_user(self.user_system).active = True
        for user in (self.user_user, self.user_manager, self.user_service):
            with self.assertRaises(AccessError):
                source.with_user(user).action_collect()
        told = source.with_user(self.user_admin).action_collect()
        self.assertEqual(told['params']['message'], "1 answers are new or changed.")
        self._given(self.marc, 9)
        self.env.flush_all()
        self.sources.with_user(self.user_service)._collect(self.company)
        self.assertEqual(source.with_user(self.user_system).response_count, 2)

    def test_the_cron(self):
        source = self._source()
        self._given(self.buyer, 9)
        cron = self.env.ref('kam_management.ir_cron_collect_answers')
        self.assertEqual((cron.interval_number, cron.interval_type), (10, 'minutes'))
        self.env.flush_all()
        cron.ir_actions_server_id.run()
        self.env.invalidate_all()
        self.assertEqual(source.response_count, 1)

    def test_organisations_and_companies_that_were_asked_stay(self):
        source = self._source(request_domain="[('referred', '=', 'asked')]", domain="[('referred', '=', 'never')]")
        self._given(self.luis, 8)
        self._collected(source)
        with self._refused(UserError, "Archive it, or merge it"):
            self.logistics.unlink()
        request = self.requests.search([('source_id', '=', source.id)])
        self.env['base.partner.merge.automatic.wizard']._merge(
            (self.iberia | self.other).ids, self.other, extra_checks=False)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(request.partner_id, self.other)
