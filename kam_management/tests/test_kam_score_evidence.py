"""What health leans on and where the account stands on dependence: in words, and with the reader's rights."""
from datetime import datetime

from lxml import html
from odoo.tests import tagged

from ..models.kam_score import DEPENDENCE
from ..models.kam_score_dependence import CELLS, MEANINGS
from .rollup_common import RollupCommon

REASONS = {
    'no_answers': "nobody has answered yet", 'few_answers': "it takes three answers of two people",
    'no_people': "nobody of the account is known yet",
    'no_contact': "no contact with anybody of the account is on record",
    'no_objective': "no objective is running, and none ended in the revenue window"}


@tagged('post_install', '-at_install')
class TestEvidence(RollupCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.refresh = cls.env['kam.sync.run'].sudo().create({
            'company_id': cls.company.id, 'as_of': cls.today, 'state': 'published',
            'date_end': datetime.combine(cls.today, datetime.min.time()),
            'config': {'factors': [
                {'code': code, 'dimension': 'health', 'weight': weight, 'source': 'component'}
                for code, weight in (('satisfaction', 25.0), ('relationship', 25.0), ('objectives', 10.0))]}})
        cls.answer = cls._response(value=9, touchpoint_id=cls.delivery.id)
        cls.late = cls._response(cls.luis, kind='moment', value=0)
        cls.person = cls.env['kam.stakeholder'].with_user(cls.user_user).create({'contact_id': cls.buyer.id})
        day = str(cls.today)
        cls.score = cls._score(cls.iberia, run_id=cls.refresh.id, is_compared=True, health=64.0, explanation={
            'parts': [[71.6, day, 71.6, 35.8], [56.4, day, 56.4, 28.2], 'no_objective'], 'known': {'health': 0.83},
            'answers': [[cls.answer.id, 0.4, 100.0], [cls.late.id, 0.35, 0.0], [2 ** 30, 0.25, 50.0]],
            'people': [[cls.person.id, 0.62, 81.6]]})

    def _rows(self, user=None):
        self.env.invalidate_all()
        score = self.score.with_user(user or self.user_user)
        return {row['code']: row for row in score._get_explanation()['dimensions'][0]['rows']}

    # ------------------------------------------------------------------ evidence
    def test_what_weighs_most(self):
        """Answers and people by name; what was deleted since is told as what may not be read."""
        rows = self._rows()
        first, second, gone = rows['satisfaction']['evidence']
        self.assertRegex(first['text'], r"^NPS: 9, Nuria on ")
        self.assertRegex(second['text'], r"^Moment of truth: Unfavourable, Luis on ")
        self.assertEqual((first['note'], second['note']),
                         ("40% of the weight, 100 of 100 points", "35% of the weight, 0 of 100 points"))
        self.assertEqual((gone['text'], gone['id']), ("an answer that you may not read", 0))
        self.assertEqual(gone['note'], "25% of the weight", "what it is worth is what it says")
        self.assertEqual([(piece['text'], piece['note'], piece['id']) for piece in rows['relationship']['evidence']],
                         [("Nuria", "62% of the weight, strength 82", self.person.id)])
        self.assertNotIn('evidence', rows['objectives'])

    def test_with_the_rights_of_the_reader(self):
        """Managers read the score and not the person that is kept closer."""
        self.person.confidentiality = 'manager'
        piece = self._rows(self.user_manager)['relationship']['evidence'][0]
        self.assertEqual((piece['text'], piece['id']), ("a person whom you may not see", 0))
        self.assertEqual(self._rows()['relationship']['evidence'][0]['text'], "Nuria")

    def test_an_answer_that_was_archived_or_forgotten(self):
        self.answer.active = False
        self.assertRegex(self._rows()['satisfaction']['evidence'][0]['text'], "Nuria")
        self.late.contact_id.unlink()
        self.assertRegex(self._rows()['satisfaction']['evidence'][1]['text'],
                         "^Moment of truth: Unfavourable, a person who was deleted on ")

    def test_an_anonymous_answer_says_nothing_before_it_is_shown(self):
        # by somebody else: who enters one knows it
        said = self.responses.with_user(self.user_manager).create(
            [{'partner_id': self.iberia.id, 'kind': 'nps', 'value': 0} for _place in range(5)]).sudo()
        # as the worker tells it while it is hidden, and as one of before did
        for points in (None, 0.0):
            said[1:].active = False
            self.score.explanation = {**self.score.explanation, 'answers': [[said[0].id, 0.6, points]]}
            [piece] = self._rows()['satisfaction']['evidence']
            self.assertEqual((piece['text'], piece['note'], piece['id']),
                             ("an answer that you may not read", "60% of the weight", 0))
            said.active = True
            [piece] = self._rows()['satisfaction']['evidence']
            self.assertRegex(piece['text'], "^NPS: 0, Anonymous on ")
            self.assertEqual(piece['note'], "60% of the weight" + (", 0 of 100 points" if points == 0 else ""))

    def test_somebody_whom_the_reader_may_not_see(self):
        """Their contact belongs to another company: the answer is told, and not whose it is."""
        self.buyer.sudo().write({'company_id': self.company_2.id})
        self.assertRegex(self._rows(self.user_manager)['satisfaction']['evidence'][0]['text'],
                         "^NPS: 9, somebody whom you may not see on ")

    def test_an_answer_of_another_account_is_not_told(self):
        stranger = self._response(self._partner('Sol', parent_id=self.other.id, is_company=False), self.user_colleague)
        self.score.explanation = {**self.score.explanation, 'answers': [[stranger.id, 1.0, 100.0]]}
        self.assertEqual(self._rows(self.user_manager)['satisfaction']['evidence'][0]['id'], 0)

    def test_on_the_panel(self):
        self.env.invalidate_all()
        tree = html.fromstring(str(self.iberia.with_user(self.user_user).kam_panel_html))
        links = tree.xpath("//tr[@data-of='satisfaction']//a/@href")
        self.assertEqual(links, [f'/odoo/kam.satisfaction.response/{answer.id}' for answer in (self.answer, self.late)])
        self.assertIn("an answer that you may not read", tree.text_content())

    def test_reasons_in_words(self):
        for reason, words in REASONS.items():
            self.score.explanation = {'parts': [reason] * 3, 'known': {'health': 0}}
            self.assertEqual({row['text'] for row in self._rows().values()}, {words})

    def test_as_the_command_prints_it(self):
        sync = self.env['kam.sync'].with_user(self.user_service)
        notes = sync.explain(self.iberia.id)['notes']
        self.assertRegex(
            notes[0], r"^Satisfaction leans most on: NPS: 9, .* \(40% of the weight, 100 of 100 points\); ")
        self.assertRegex(notes[1], r"^Relationship leans most on: .* \(62% of the weight, strength 82\)\.$")

    # ------------------------------------------------------------------ dependence
    def test_every_outcome_has_its_place_and_its_words(self):
        codes = [code for code, _label in DEPENDENCE]
        self.assertEqual(sorted(code for _name, cell in CELLS for code in cell), sorted(codes))
        for code, label in DEPENDENCE:
            self.score.dependence = code
            shown = self.score.with_user(self.user_user)._get_dependence()
            self.assertEqual((shown['label'], shown['sentence']), (label, str(MEANINGS[code])))
            self.assertEqual([outcome['label'] for cell in shown['cells'] for outcome in cell['outcomes']
                              if outcome['here'] and cell['here']], [label])

    def test_what_is_missing_for_it(self):
        self.score.write({'dependence': False, 'share': 0.0, 'relationship_quality': 55.0})
        shown = self.score.with_user(self.user_user)._get_dependence()
        self.assertIs(shown['label'], False)
        self.assertRegex(shown['sentence'], r"Missing: Share of wallet\.$")
        self.assertFalse(any(cell['here'] for cell in shown['cells']))
        self.assertEqual([figure['text'] for figure in shown['inputs']], ["0%", False, "55"])
