"""What a review shows: which changes are found, how they are ranked, who sees them, and what stays on record."""
import doctest
from datetime import timedelta

from odoo.addons.kam_management.tools import review as rules
from odoo.fields import Command
from odoo.tests import tagged

from .review_common import ReviewCommon


@tagged('post_install', '-at_install')
class TestChanges(ReviewCommon):

    def setUp(self):
        super().setUp()
        self._held(90)

    # ------------------------------------------------------------------ found
    def test_alerts(self):
        self.env['kam.alert'].sudo().search([]).unlink()
        def alert(code, opened, closed=None, reason='cleared', partner=None, **values):
            return self.env['kam.alert'].sudo().create({
                'rule_id': self.env.ref(f'kam_management.alert_rule_{code}').id, 'company_id': self.company.id,
                'partner_id': (partner or self.iberia).id, 'severity': 'red',
                'date_opened': self.today - timedelta(days=opened), **values,
                **({} if closed is None else {'state': 'closed', 'close_reason': reason,
                                              'date_closed': self.today - timedelta(days=closed)})})
        new = alert('few_people', 5)
        over = alert('trust_down', 200, closed=3, severity='amber')
        alert('order_silence', 5, parent_id=new.id)
        alert('role_empty', 200)
        alert('order_rate', 200, closed=3, reason='rule_off')
        alert('opinions_old', 200, closed=150)
        alert('few_people', 5, partner=self.solo)
        rows = [row for row in self._rows(self._review()) if row['family'] == 'alerts']
        self.assertEqual(
            [(row['kind'], row['id'], row['label'], row['tone']) for row in rows],
            [('alert', new.id, "alert", 'bad'), ('alert_over', over.id, "alert is over", 'good')])

    def test_scores(self):
        self._history(self.iberia, self.today - timedelta(days=100), health=70.0, nps=20.0, revenue=100000.0,
                      share_of_wallet=0.3, attractiveness=50.0, pareto_class='B', position=61.0)
        self._history(self.iberia, self.today - timedelta(days=50), health=10.0)
        self._score(self.iberia, as_of=self.today, health=52.0, revenue=120000.0, share_of_wallet=0.36,
                    attractiveness=52.0, pareto_class='A', position=False)
        found = self._found(self._review())
        told = {kind: (name, row['before'], row['after'], row['tone']) for (kind, name), row in found.items()
                if row['family'] == 'scores' and kind != 'score'}
        _label, before, after, tone = told.pop('revenue')
        self.assertRegex(before, "100,000")
        self.assertRegex(after, "120,000")
        self.assertEqual(tone, 'good')
        self.assertEqual(told, {
            'health': ("Health", "70", "52", 'bad'), 'nps': ("NPS", "20", "unknown", 'plain'),
            'wallet': ("Share of wallet", "30%", "36%", 'good'), 'class': ("Class", "B", "A", 'plain')})
        self.assertEqual(found['health', "Health"]['note'], "−18")
        self.assertIn(('score', "Competitive position"), found)
        self.assertNotIn(('score', "Attractiveness"), found, "two points are nothing of note")

    def test_opportunities(self):
        self._score(self.iberia, revenue=100000.0)
        self._lead("New", expected_revenue=5000)
        won = self._lead("Won", days=200, expected_revenue=9000)
        won.write({'stage_id': self.stage_won.id})
        lost = self._lead("Lost", days=200, expected_revenue=2000)
        lost.action_set_lost()
        self._lead("Late", days=200, date_deadline=self.today - timedelta(days=4))
        self._lead("Long known", days=200)
        self.env['crm.lead'].create({'name': "Of another", 'type': 'opportunity', 'partner_id': self.solo.id})
        self._flush_tracking()
        grown = self._lead("Grown", days=200, expected_revenue=1000)
        self._flush_tracking()
        grown.expected_revenue = 4000
        self._flush_tracking()
        found = self._found(self._review())
        self.assertEqual(
            {key for key, row in found.items() if row['family'] == 'opportunities'},
            {('lead_new', "New"), ('lead_won', "Won"), ('lead_lost', "Lost"), ('lead_overdue', "Late"),
             ('lead_amount', "Grown")})
        self.assertIn("9% of its yearly sales", found['lead_won', "Won"]['note'])
        self.assertEqual(found['lead_overdue', "Late"]['note'], "4 days late")
        row = found['lead_amount', "Grown"]
        self.assertRegex(row['before'], "1,000")
        self.assertRegex(row['after'], "4,000")

    def test_people(self):
        said = self.env['kam.relationship.assessment']
        said.with_user(self.user_colleague).create(
            {'partner_id': self.iberia.id, 'trust': 8, 'conflict': 2, 'date': self.today - timedelta(days=120)})
        said.with_user(self.user_colleague).create(
            {'partner_id': self.iberia.id, 'trust': 5, 'conflict': 4, 'cooperation': 6, 'date': self.today})
        self.env['kam.team.member'].create({'partner_id': self.iberia.id, 'user_id': self.user_contributor.id})
        found = self._found(self._review())
        self.assertEqual(
            {kind: (row['name'], row['before'], row['after'], row['tone']) for (kind, _name), row in found.items()
             if kind in ('trust', 'aspect')},
            {'trust': ("Trust", "8", "5", 'bad'), 'aspect': ("Conflict", "2", "4", 'bad')})
        self.assertIn('member_joined', {kind for kind, _name in found})

    def _person(self, name, days=0, **values):
        """A stakeholder who was added so many days ago."""
        contact = self._partner(name, parent_id=self.iberia.id, is_company=False)
        person = self.env['kam.stakeholder'].with_user(self.user_user).create({'contact_id': contact.id, **values})
        self._before(person, days)
        return person

    def _before(self, person, days):
        """As if it had been so many days ago."""
        person.flush_recordset()
        self.cr.execute("UPDATE kam_stakeholder SET create_date = create_date - %s * interval '1 day' WHERE id = %s",
                        [days, person.id])
        self.cr.execute("UPDATE kam_stakeholder_change SET date = date - %s WHERE stakeholder_id = %s",
                        [days, person.id])
        person.invalidate_recordset()
        person.change_ids.invalidate_recordset()

    def test_new_people_are_one_row_at_the_end(self):
        """A first entry is no change of support: many new people don't push out what matters."""
        for number in range(12):
            self._person(f"New {number}", power='high', support='champion', relationship='3')
        self._score(self.iberia, as_of=self.today, health=50.0)
        self._history(self.iberia, self.today - timedelta(days=100), health=70.0)
        review = self._review()
        rows = self._rows(review)
        people = [row for row in rows if row['family'] == 'people']
        self.assertEqual([(row['kind'], row['after']) for row in people], [('people_new', "12")])
        self.assertEqual(rows[0]['kind'], 'health')
        self.assertLess(rules.importance('people_new', 500), rules.importance('lead_won', 0.1))
        hidden = self.env['kam.stakeholder'].search([('partner_id', '=', self.iberia.id)], limit=5)
        hidden.confidentiality = 'manager'
        self.assertEqual(self._found(review, self.user_colleague)['people_new', self.iberia.display_name]['after'], "7")

    def test_what_is_learned_and_what_moves(self):
        old = self._person("Old", days=200, power='high')
        moved = self._person("Moved", days=200, power='high', support='champion')
        new = self._person("New", days=5, support='neutral')
        old.support = 'neutral'
        moved.support = 'sceptic'
        new.support = 'opponent'
        found = self._found(self._review())
        support = {name: (row['before'], row['after']) for (kind, name), row in found.items() if kind == 'support'}
        self.assertEqual(support, {
            "Old": ("unknown", "Neutral"), "Moved": ("Champions us", "Sceptical"), "New": ("Neutral", "Against us")})
        order = [name for kind, name in found if kind == 'support']
        self.assertEqual((order[0], order[-1]), ("Moved", "Old"), "what is learned weighs least")
        self.assertEqual(found['people_new', self.iberia.display_name]['after'], "1")

    def test_objectives_plan_and_actions(self):
        slow, done, late = self._running("Slow"), self._running("Done"), self._running(
            "Late", date_deadline=self.today + timedelta(days=1))
        for days, value in ((100, 30), (1, 40)):
            self.env['kam.objective.checkin'].with_user(self.user_user).create({
                'objective_id': slow.id, 'value': value, 'date': self.today - timedelta(days=days)})
        done.action_achieve()
        late.write({'date_deadline': self.today - timedelta(days=3), 'owner_agreed': True})
        plan = self._plan()
        mine = self.env(user=self.user_user)
        mine['kam.plan.signal'].create({'plan_id': plan.id, 'name': "A new plant"})
        mine['kam.plan.commitment'].create([
            {'plan_id': plan.id, 'name': "Price list", 'date': self.today - timedelta(days=30),
             'date_due': self.today - timedelta(days=9)},
            {'plan_id': plan.id, 'name': "Forecast", 'owed_by': 'customer', 'date': self.today - timedelta(days=30),
             'date_due': self.today - timedelta(days=2)}])
        mine['kam.action'].create({
            'partner_id': self.iberia.id, 'name': "Visit", 'date': self.today - timedelta(days=6)})
        mine['kam.action'].create({
            'partner_id': self.iberia.id, 'name': "Audit", 'state': 'done', 'date_done': self.today})
        found = self._found(self._review())
        self.assertLessEqual({
            ('objective_achieved', "Done"), ('objective_overdue', "Late"), ('signal', "A new plant"),
            ('promise_late', "Price list"), ('promise_owed', "Forecast"), ('action_late', "Visit"),
            ('action_done', "Audit")}, set(found))
        slow_row = next(row for (_kind, name), row in found.items() if name == "Slow")
        self.assertEqual((slow_row['before'], slow_row['after']), ("30%", "40%"))

    def test_what_was_before_the_last_review_is_no_change(self):
        self._lead("Old", days=120)
        self.env['kam.plan.signal'].with_user(self.user_user).create(
            {'plan_id': self._plan().id, 'name': "Long ago", 'date': self.today - timedelta(days=120)})
        self.assertFalse({"Old", "Long ago"} & {name for _kind, name in self._found(self._review())})

    # ------------------------------------------------------------------ ranked
    def test_seven_first(self):
        self._many_changes(40)
        changes = self._review().changes
        self.assertEqual((len(changes['first']), len(changes['more'])), (7, 33))
        self.assertEqual(changes['first'][0]['kind'], 'health')
        families = [row['family'] for row in changes['first']]
        self.assertTrue(all(families.count(family) <= 3 for family in families), families)

    def test_doctests(self):
        result = doctest.testmod(rules)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    def test_every_kind_has_words_and_a_rank(self):
        from odoo.addons.kam_management.models.kam_review_changes import DAYS, OF_REVENUE, WORDS
        self.assertEqual(set(WORDS) - set(rules.KINDS), set())
        self.assertEqual({*DAYS, *OF_REVENUE} - set(rules.KINDS), set())

    # ------------------------------------------------------------------ on record, and whose
    def test_what_was_shown_stays(self):
        self._many_changes(20)
        review = self._review()
        shown = [row['key'] for row in self._rows(review)]
        review.action_close()
        self.env['kam.score'].search([('partner_id', '=', self.iberia.id)]).sudo().health = 90.0
        rows = self._rows(review)
        self.assertEqual([row['key'] for row in rows], shown)
        health = next(row for row in rows if row['kind'] == 'health')
        self.assertEqual((health['before'], health['after']), ("70", "50"), "as it was then")
        self.assertNotIn('Thing', str(review.sudo().snapshot), "no names")
        following = self._review()
        self.assertEqual((following.previous_id, following.since), (review, review.date_closed))
        late = [row for row in self._rows(following) if row['kind'] == 'action_late']
        self.assertTrue(late)
        self.assertTrue(all("stood in the last review too" in row['note'] for row in late))

    def test_nobody_reads_more_of_it_than_they_may(self):
        self._lead("Secret deal", expected_revenue=5000)
        self._running("Buy the rival", confidentiality='manager', date_start=self.today)
        review = self._review()
        names = {name for _kind, name in self._found(review)}
        self.assertLessEqual({"Secret deal", "Buy the rival"}, names)
        self.assertNotIn("Buy the rival", {name for _kind, name in self._found(review, self.user_colleague)})
        review.objective_ids.decision = 'keep'
        review.action_close()
        shown = review.with_user(self.user_colleague)
        self.assertNotIn("Buy the rival", str(self._rows(shown)))
        self.assertNotIn("Secret deal", str(self._rows(shown)), "a deal of somebody else's")
        self.assertEqual(shown.changes['hidden'], 2)
        self.assertEqual(review.changes['hidden'], 0)
        for user in (self.user_user, self.user_manager, self.user_admin):
            with self.assertRaisesRegex(Exception, "snapshot"):
                review.with_user(user).read(['snapshot'])

    def test_in_the_readers_language(self):
        self.env['res.lang']._activate_lang('es_ES')
        self._running("Grow", date_start=self.today)
        review = self._review()
        review.objective_ids.decision = 'keep'
        review.action_close()
        rows = self._rows(review.with_context(lang='es_ES'))
        self.assertEqual([row['name'] for row in rows], ["Grow"])

    def test_a_record_that_is_gone(self):
        lead = self._lead("Gone")
        review = self._review()
        review.action_close()
        lead.unlink()
        self.assertEqual((self._rows(review), review.changes['hidden']), ([], 1))

    # ------------------------------------------------------------------ cost
    def test_queries_do_not_grow(self):
        def opened(review):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertTrue(review.read(['changes'])[0]['changes'])
            return self.cr.sql_log_count - before
        self._many_changes(8)
        review = self._review()
        opened(review)
        few = opened(review)
        rows = len(self._rows(review))
        self._more(500)
        many = opened(review)
        self.assertGreater(len(self._rows(review)), rows + 400)
        self.assertEqual(many, few)

    def _more(self, number):
        mine = self.env(user=self.user_user)
        quick = mine['kam.action'].with_context(mail_activity_quick_update=True, tracking_disable=True)
        quick.create([{'name': f"More {count}", 'partner_id': self.iberia.id, 'date': self.today - timedelta(days=3)}
                      for count in range(number // 2)])
        plan = mine['kam.plan'].search([('partner_id', '=', self.iberia.id)], limit=1)
        plan.signal_ids = [Command.create({'name': f"Seen {count}"}) for count in range(number - number // 2)]
