"""The tab Satisfaction: figures and what they are made of, how people answered, their words, the journey; to whom."""
import doctest
from ast import literal_eval
from datetime import timedelta

from lxml import etree
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..tools import satisfaction
from .rollup_common import RollupCommon


@tagged('post_install', '-at_install')
class TestSatisfactionTab(RollupCommon):

    def _tab(self, partner=None, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return (partner or self.iberia).with_user(user or self.user_user).get_kam_satisfaction()

    def _figures(self, tab):
        return {figure['name']: (figure['text'], figure['note']) for figure in tab['words']['figures']}

    def test_doctests(self):
        self.assertFalse(doctest.testmod(satisfaction).failed)

    # ------------------------------------------------------------------ figures
    def test_each_figure_says_what_it_is_made_of(self):
        self._known()
        tab = self._tab()
        index = tab['words']['index']
        self.assertEqual((tab['state'], index['text'], index['word']), ('known', "72", "Mixed"))
        self.assertIn("from 8 answers of 5 people, the latest on", index['note'])
        self.assertEqual(tab['words']['trend'], {'direction': 'down', 'text': "7 points less than 90 days ago"})
        self.assertEqual(self._figures(tab), {
            'nps': ("−25", "4 answers"), 'csat': ("50%", "gave 4 or 5 of 5 · 2 answers"),
            'ces': ("5.5", "on 1 to 7, high is good · 1 answer"), 'favourability': ("0%", "0 of 1 favourable"),
            'response_rate': ("40%", "4 of 10 requests of the year")})

    def test_unknown_is_said_in_words(self):
        """Two answers of one person make no index; nobody asked is no rate; none of it is a zero."""
        self._rollup(answers=2, people=1, ces_answers=2, last_date=self.today)
        words = self._tab()['words']
        self.assertEqual(words['index']['text'], False)
        self.assertEqual(words['index']['note'],
                         "unknown: 2 answers of 1 person. It takes three answers of two people.")
        self.assertEqual(words['trend'], {'direction': False, 'text': "no comparison with 90 days ago yet"})
        self.assertEqual(self._figures({'words': words}), {
            'nps': (False, "no answers"), 'csat': (False, "gave 4 or 5 of 5 · no answers"),
            'ces': (False, "asked on several scales · 2 answers"), 'favourability': (False, "no answers"),
            'response_rate': (False, "no requests on record")})

    def test_zero_is_known(self):
        self._known(satisfaction=0.0, nps=0.0, trend=0.2, response_rate=0.0, answered=0)
        tab = self._tab()
        self.assertEqual((tab['words']['index']['text'], tab['words']['index']['tone']), ("0", 'bad'))
        self.assertEqual(tab['words']['trend'], {'direction': 'same', 'text': "as 90 days ago"})
        self.assertEqual(self._figures(tab)['nps'][0], "0")
        self.assertEqual(self._figures(tab)['response_rate'], ("0%", "0 of 10 requests of the year"))

    def test_month_by_month(self):
        """A month without an index is a gap for who sees the line, and a word for who hears it."""
        self._known()
        series = self._tab()['series']
        self.assertEqual([point['index'] for point in series['points']], [None, 40.0, None, 71.6])
        self.assertEqual([point['text'] for point in series['points']], ["unknown", "40", "unknown", "72"])
        self.assertEqual(series['known'], 2)
        self.assertRegex(series['words'], r"^Satisfaction index by month: \w+ \d\d unknown, .* 72\.$")

    def test_empty_says_what_is_missing(self):
        self.assertEqual(self._tab()['state'], 'empty')
        self._response()
        waiting = self._tab()
        self.assertEqual((waiting['state'], waiting['answers'], waiting['words']), ('waiting', 1, False))

    # ------------------------------------------------------------------ answers
    def test_how_they_answered(self):
        for value in (10, 9, 7, 6, 0):
            self._response(value=value)
        self._response(self.luis, kind='csat', value=4)
        self._response(kind='moment', value=0, touchpoint_id=self.delivery.id)
        self._response(kind='ces', value=2, scale_min=1, scale_max=5, good_end='low')
        self._response(kind='ces', value=6)
        blocks = {
            (block['kind'], block['label']): [(bar['label'], bar['tone'], bar['count']) for bar in block['bars']]
            for block in self._tab()['distribution']}
        self.assertEqual(blocks['nps', "NPS"], [
            ("Promoters, 9 and 10", 'good', 2), ("Passives, 7 and 8", 'mixed', 1), ("Detractors, 0 to 6", 'bad', 2)])
        self.assertEqual(blocks['csat', "CSAT"], [
            ("5", 'good', 0), ("4", 'good', 1), ("3", 'bad', 0), ("2", 'bad', 0), ("1", 'bad', 0)])
        self.assertEqual(blocks['moment', "Moment of truth"], [("Favourable", 'good', 0), ("Unfavourable", 'bad', 1)])
        # two scales are two questions; where a low answer is good, the lowest stands first
        self.assertEqual(blocks['ces', "CES, 1 to 5"][:2], [("1", 'good', 0), ("2", 'good', 1)])
        self.assertEqual(blocks['ces', "CES, 1 to 7"][1], ("6", 'good', 1))

    def test_a_bar_opens_its_answers(self):
        for value in (10, 7, 3):
            self._response(value=value)
        tab = self._tab()
        for bar, value in zip(tab['distribution'][0]['bars'], (10, 7, 3), strict=True):
            found = self.responses.with_user(self.user_user).search([*tab['domain'], *bar['domain']])
            self.assertEqual(found.mapped('value'), [value])

    def test_in_their_words(self):
        self._response(comment="They answer the same day", touchpoint_id=self.delivery.id)
        self._response(False, partner_id=self.iberia.id, value=3, comment="Nobody calls back",
                       user=self.user_manager, date=self.today - timedelta(days=3))
        self._response(value=8)
        self.assertEqual([said['who'] for said in self._tab()['verbatims']], ["Nuria"], "one of few who are anonymous")
        for _number in range(4):
            self._response(False, partner_id=self.iberia.id, value=9, user=self.user_manager)
        first, second = self._tab()['verbatims']
        self.assertEqual([first[name] for name in ('comment', 'who', 'kind', 'answer', 'moment', 'tone')],
                         ["They answer the same day", "Nuria", "NPS", "9", "Delivery", 'good'])
        self.assertEqual((second['who'], second['moment'], second['tone']), ("Anonymous", False, 'bad'))

    # ------------------------------------------------------------------ the journey
    def test_the_journey(self):
        """Each moment has a colour and a word; the unknown is grey, whether nobody answered or too few did."""
        negotiation = self.env.ref('kam_management.touchpoint_negotiation')
        order = self.env.ref('kam_management.touchpoint_order')
        self._known()
        self._rollup(touchpoint_id=self.delivery.id, satisfaction=49.9, answers=4, people=2)
        self._rollup(touchpoint_id=self.offer.id, answers=1, people=1, favourability=1.0, favourability_answers=1)
        self._rollup(touchpoint_id=negotiation.id, satisfaction=80.0, answers=3, people=3, favourability=0.0,
                     favourability_answers=1)
        self._rollup(touchpoint_id=order.id, answers=2, people=2)
        order.active = False
        journey = self._tab()['journey']
        order_of = self.env['kam.touchpoint'].with_context(active_test=False).search([])
        self.assertEqual([moment['id'] for moment in journey], order_of.ids)
        told = {moment['name']: (moment['tone'], moment['word'], moment['note']) for moment in journey}
        self.assertEqual(told["Delivery"], ('bad', "Goes badly", "index 50 · 4 answers"))
        self.assertEqual(told["Offer"], (False, "Too few to say", "1 of 1 favourable"), "one is no colour")
        self.assertEqual(told["Negotiation and contract"], ('good', "Goes well", "index 80 · 3 answers"))
        self.assertEqual(told["Order"], (False, "Too few to say", "2 answers"))
        self.assertEqual(told["First meeting"], (False, "No answers", False))
        self.assertTrue(next(moment for moment in journey if moment['name'] == "Offer")['is_moment_of_truth'])

    # ------------------------------------------------------------------ a person
    def test_a_person(self):
        self._rollup('contact', contact_id=self.buyer.id, answers=2, people=1, last_date=self.today)
        self._rollup('contact', contact_id=self.buyer.id, partner_id=self.other.id, answers=9, people=1)
        self._response(comment="Fine")
        self._response(self.luis, comment="Late")
        tab = self._tab(self.buyer)
        self.assertEqual((tab['is_person'], tab['journey']), (True, []))
        self.assertEqual(tab['words']['index']['note'], "unknown: 2 answers of 1 person. It takes three answers.")
        self.assertEqual([said['comment'] for said in tab['verbatims']], ["Fine"])

    # ------------------------------------------------------------------ to whom
    def test_with_the_rights_of_the_reader(self):
        self._known()
        self._response(comment="They answer the same day")
        for user in (self.user_user, self.user_manager):
            self.assertEqual(self._tab(user=user)['state'], 'known')
        tab = self._tab(user=self.user_colleague)
        self.assertEqual((tab['state'], tab['words'], tab['verbatims'], tab['distribution'], tab['may_create']),
                         ('hidden', False, [], [], False))
        with self.assertRaises(AccessError):
            self._tab(user=self.user_contributor)
        self.iberia.kam_confidentiality = 'manager'
        self.assertEqual(self._tab(user=self.user_manager)['state'], 'hidden')
        self.assertNotIn("same day", str(self._tab(user=self.user_manager)))
        self.assertEqual(self._tab()['state'], 'known')

    def test_of_the_current_company(self):
        self._known(company_id=self.company_2.id)
        self.user_manager.company_ids |= self.company_2
        self.assertEqual(self._tab(user=self.user_manager)['state'], 'empty')
        other = self.iberia.with_user(self.user_manager).with_company(self.company_2).get_kam_satisfaction()
        self.assertEqual(other['state'], 'known')

    def test_what_counts_and_is_not_shown(self):
        """Told from the first anonymous answer until they are shown, however many others there are."""
        self._known()
        for _number in range(9):
            self._response()
        self.assertIs(self._tab()['unread'], False)
        said = {'partner_id': self.iberia.id, 'kind': 'nps', 'value': 0}
        self.responses.with_user(self.user_user).create([said])
        self.assertIn("once there are five of them", self._tab()['unread'])
        self.responses.with_user(self.user_user).create([said] * 3)
        self.assertIn("once there are five of them", self._tab()['unread'])
        self.responses.with_user(self.user_user).create([said])
        self.assertIs(self._tab()['unread'], False)

    def test_what_a_row_is_made_of(self):
        for answers, people, words in ((8, 5, "8 answers of 5 people"), (1, 1, "1 answer of 1 person")):
            row = self._rollup(touchpoint_id=self.delivery.id, answers=answers, people=people)
            self.assertEqual((row.made_of, row.is_moving), (words, False))
            row.unlink()
        self.assertTrue(self._rollup(trend=0.0).is_moving, "zero is known")

    def test_every_role_opens_its_screens(self):
        """Only who may read answers has the tab, and nobody's form breaks."""
        for user, tabs in (
                (self.user_sales, 0), (self.user_contributor, 0), (self.user_user, 1), (self.user_manager, 1)):
            with self.subTest(user.name):
                arch = etree.fromstring(self.env['res.partner'].with_user(user).get_view(view_type='form')['arch'])
                self.assertEqual(len(arch.xpath("//widget[@name='kam_satisfaction']")), tabs)
                self.assertEqual(len(arch.xpath("//field[@name='kam_strength_html']")), tabs)
        for user in (self.user_user, self.user_manager):
            for model, kinds in (('kam.satisfaction.score', 'list kanban pivot graph search'),
                                 ('kam.relationship.score', 'list kanban pivot graph search'),
                                 ('kam.stakeholder', 'list kanban form search'), ('kam.relationship', 'list form')):
                self.env[model].with_user(user).get_views([(False, kind) for kind in kinds.split()])

    def test_the_menu_of_each_role(self):
        """Users analyse their accounts; tiers, the portfolio and the refreshes are the managers'."""
        def shown(user, name):
            menus = self.env['ir.ui.menu'].with_user(user)._visible_menu_ids()
            return self.env.ref(f'kam_management.menu_{name}').id in menus
        for name, user, manager in (('satisfaction_scores', True, True), ('satisfaction_journey', True, True),
                                    ('satisfaction_months', True, True), ('relationship_scores', True, True),
                                    ('satisfaction_portfolio', False, True), ('concentration', False, True),
                                    ('history', False, True), ('refreshes', False, True)):
            self.assertEqual((shown(self.user_user, name), shown(self.user_manager, name)), (user, manager), name)
            self.assertFalse(shown(self.user_contributor, name))

    # ------------------------------------------------------------------ analysis
    def test_from_a_row_to_its_answers(self):
        row = self._rollup(touchpoint_id=self.delivery.id, answers=1, people=1)
        mine = self._response(touchpoint_id=self.delivery.id)
        self._response(touchpoint_id=self.offer.id)
        action = row.with_user(self.user_user).action_open_responses()
        self.assertEqual(self.responses.with_user(self.user_user).search(action['domain']), mine)
        self.iberia.kam_tier_id = self.strategic
        tier = self._rollup('tier', tier_id=self.strategic.id)
        action = tier.with_user(self.user_manager).action_open_responses()
        self.assertIn(mine, self.responses.with_user(self.user_manager).search(action['domain']))

    def test_no_list_adds_up_twice(self):
        """Accounts with their tiers, or the whole with its touchpoints: each action holds one kind of row."""
        rows = {
            'account': self._known(), 'moment': self._rollup(touchpoint_id=self.delivery.id),
            'contact': self._rollup('contact', contact_id=self.buyer.id),
            'tier': self._rollup('tier', tier_id=self.strategic.id), 'portfolio': self._rollup('portfolio')}
        for name, wanted in (('action', {'account'}), ('action_journey', {'moment'}),
                             ('action_portfolio', {'tier', 'portfolio'})):
            action = self.env['ir.actions.act_window']._for_xml_id(f'kam_management.kam_satisfaction_score_{name}')
            found = self.satisfaction.with_user(self.user_manager).search(
                [*literal_eval(action['domain']), ('id', 'in', [row.id for row in rows.values()])])
            self.assertEqual({kind for kind, row in rows.items() if row in found}, wanted)

    # ------------------------------------------------------------------ cost
    def test_constant_queries(self):
        touchpoints = self.env['kam.touchpoint'].search([])

        def look():
            return self.iberia.with_user(self.user_user).get_kam_satisfaction()

        def add(number):
            people = self.env['res.partner'].create([
                {'name': f'Person {index}', 'parent_id': self.iberia.id} for index in range(number)])
            self.responses.create([
                {'contact_id': person.id, 'kind': 'nps', 'value': index % 11, 'comment': "Well",
                 'touchpoint_id': touchpoints[index % len(touchpoints)].id} for index, person in enumerate(people)])

        self._known()
        self._rollup(touchpoint_id=self.delivery.id, answers=1, people=1)
        add(5)
        few = self._queries(look)
        for touchpoint in touchpoints - self.delivery:
            self._rollup(touchpoint_id=touchpoint.id, answers=40, people=40, satisfaction=50)
        add(495)
        self.assertEqual(self._queries(look), few)
        self.assertEqual(look()['answers'], 500)
