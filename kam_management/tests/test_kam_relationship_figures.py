"""How strong a relation is: on the relation, the account and its people, with reasons while unknown, and to whom."""
from lxml import html
from odoo.tests import Form, tagged

from .rollup_common import RollupCommon


@tagged('post_install', '-at_install')
class TestRelationshipFigures(RollupCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.relation = cls.env['kam.relationship'].with_user(cls.user_user).create({'partner_id': cls.iberia.id})
        cls.nuria = cls.env['kam.stakeholder'].with_user(cls.user_user).create({'contact_id': cls.buyer.id})

    def _read(self, markup):
        tree = html.fromstring(str(markup))
        return " ".join(tree.text_content().split()), tree

    def _on_account(self, user=None):
        self.env.invalidate_all()
        return self._read(self.iberia.with_user(user or self.user_user).kam_strength_html)

    def _tiles(self, tree):
        return {tile.get('data-name'): " ".join(tile.xpath("div[2]")[0].text_content().split())
                for tile in tree.xpath("//div[@data-name]")}

    # ------------------------------------------------------------------ the account
    def test_figures_and_what_they_are_made_of(self):
        self._strength(strength=62.4, quality=71.0, quality_raters=2, quality_date=self.today, coverage=0.75, people=4,
                       people_in_touch=3, role_coverage=0.5, roles_required=2, roles_filled=1, gap=0.0, colleagues=3)
        text, tree = self._on_account()
        self.assertEqual(self._tiles(tree), {
            'strength': "62", 'quality': "71", 'coverage': "75%", 'role_coverage': "50%", 'gap': "0%"})
        for sentence in ("rated by 2 people, last on", "3 of 4 people in touch", "1 of 2 roles filled"):
            self.assertIn(sentence, text)
        self.assertNotIn("Single thread", text)

    def test_why_it_is_unknown(self):
        score = self._strength()
        text, tree = self._on_account()
        self.assertEqual(set(self._tiles(tree).values()), {"unknown"})
        for sentence in ("nobody of the account is known yet", "nobody has rated it", "the tier requires none"):
            self.assertIn(sentence, text)
        score.write({'people': 3, 'quality_raters': 1})
        text, _tree = self._on_account()
        self.assertIn("no contact with them is on record", text)
        self.assertIn("rated by its manager alone", text)

    def test_single_thread(self):
        score = self._strength(people=4, people_in_touch=1, colleagues=2, is_single_thread='yes')
        for people, touched, colleagues, sentence in (
                (4, 1, 2, "All hangs on one person of theirs"), (4, 1, 1, "one person of theirs, one of ours"),
                (4, 3, 1, "All hangs on one of us"), (4, 0, 0, "Nobody of theirs is in touch with us")):
            score.write({'people': people, 'people_in_touch': touched, 'colleagues': colleagues})
            self.assertIn(sentence, self._on_account()[0])
        score.people = 0
        self.assertNotIn("Single thread", self._on_account()[0], "without people nothing is known of it")

    def test_before_the_first_refresh(self):
        self.assertIn("shows after the next refresh", self._on_account()[0])

    # ------------------------------------------------------------------ the relation
    def test_functions_and_aspects(self):
        sales, buying = (self.env.ref(f'kam_management.function_{code}') for code in ('sales', 'purchasing'))
        self._strength(people=5, functions={'functions': [[None, 1, 0, 0], [buying.id, 2, 1, 4], [sales.id, 2, 2, 9]]},
                       aspects={'trust': [62.5, 2, 1, '2026-11-20']})
        self.env.invalidate_all()
        _text, tree = self._read(self.relation.figures_html)
        rows = [[cell.text_content().strip() for cell in row.xpath("td")]
                for row in tree.xpath("//table[contains(@class, 'kam_functions')]/tbody/tr")]
        named = sorted((sales, buying), key=lambda function: (function.sequence, function.name))
        figures = {sales: ['2', '2', '9'], buying: ['2', '1', '4']}
        self.assertEqual(rows, [*([function.name, *figures[function]] for function in named),
                                ["Function unknown", '1', '0', '0']])
        self.env['kam.relationship.assessment'].with_user(self.user_manager).create(
            {'partner_id': self.iberia.id, 'trust': 7})
        self.env.invalidate_all()
        _text, tree = self._read(self.relation.aspects_html)
        weighed = {row.get('data-aspect'): " ".join(row.xpath("td[3]")[0].text_content().split())
                   for row in tree.xpath("//tr[@data-aspect]")}
        self.assertEqual((weighed['trust'], weighed['commitment']), ("62.5 of 100", ""))

    def test_the_form_opens_before_and_after(self):
        with Form(self.relation) as form:
            form.note = "They bring us in early"
        self._strength(strength=50, people=1)
        with Form(self.relation) as form:
            form.note = "They bring us in before others"
        self.assertEqual(self.relation.strength, 50)

    # ------------------------------------------------------------------ a person
    def test_a_person(self):
        self.assertEqual((self.nuria.strength, self.nuria.touch, self.nuria._touch_sentence()), (False, False, ""))
        score = self._person_score(self.nuria)
        self.env.invalidate_all()
        self.assertEqual((self.nuria.strength, self.nuria.touch), (False, 'never'))
        self.assertEqual(self.nuria._touch_sentence(), "Strength unknown · No contact yet")
        score.write({'strength': 0.0, 'last_contact': '2026-03-01'})
        self.env.invalidate_all()
        self.assertEqual((self.nuria.strength, self.nuria.touch), (0.0, 'too_long'))
        score.write({'strength': 81.6, 'is_in_touch': True, 'is_two_way': True, 'contact_days': 3})
        self.env.invalidate_all()
        self.assertEqual((self.nuria.touch, self.nuria.contact_days, self.nuria.is_two_way), ('in_touch', 3, True))
        people = self.iberia.with_user(self.user_user).get_kam_people()['people']
        self.assertRegex(people[0]['touch'], r"^Strength 82 · In touch, last on .*2026$")

    def test_not_in_touch(self):
        self._person_score(self.nuria)
        other = self.env['kam.stakeholder'].with_user(self.user_user).create({'contact_id': self.luis.id})
        self._person_score(other, is_in_touch=True, last_contact=self.today)
        found = self.env['kam.stakeholder'].with_user(self.user_user).search(
            [('score_ids', 'any', [('is_in_touch', '=', False)]), ('partner_id', '=', self.iberia.id)])
        self.assertEqual(found, self.nuria)

    # ------------------------------------------------------------------ to whom
    def test_with_the_rights_of_the_reader(self):
        self._strength(strength=62.4, people=2)
        self._person_score(self.nuria, strength=81.6)
        self.assertIn("62", self._on_account(self.user_manager)[0])
        self.assertNotIn("62", self._on_account(self.user_colleague)[0])
        self.nuria.confidentiality = 'manager'
        self.env.invalidate_all()
        # in the cache of who may not read the person there is nothing of the score either
        self.assertFalse(self.env['kam.stakeholder.score'].with_user(self.user_manager).search(
            [('stakeholder_id', '=', self.nuria.id)]))
        self.iberia.kam_confidentiality = 'manager'
        self.assertNotIn("62", self._on_account(self.user_manager)[0])

    def test_constant_queries(self):
        def add(number):
            people = self.env['res.partner'].create([
                {'name': f'Person {index}', 'parent_id': self.iberia.id} for index in range(number)])
            for stakeholder in self.env['kam.stakeholder'].create([{'contact_id': person.id} for person in people]):
                self._person_score(stakeholder, strength=50, last_contact=self.today)

        def look():
            rows = self.env['kam.stakeholder'].with_user(self.user_user).search([('partner_id', '=', self.iberia.id)])
            return rows.web_read({name: {} for name in ('strength', 'touch', 'last_contact', 'contact_days')})

        add(4)
        few = self._queries(look)
        add(495)
        self.assertEqual(self._queries(look), few)
        self.assertEqual(len(look()), 500)
