from datetime import datetime

from odoo.tests import tagged

from .sync_common import SyncCase, holds_none

EXPLAINED = SyncCase.SCORE + ' attractiveness explanation'


@tagged('post_install', '-at_install')
class TestKamSyncExplain(SyncCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bigger = cls.env['res.partner'].create({'name': "Big Retail 100%", 'is_company': True})
        partners = (cls.big, cls.small, cls.bigger)
        for partner in partners:
            cls.win(partner, 10, datetime(2026, 7, 1))
        run = cls.prepared()
        parts = ['"no_data"'] * len(run['config']['factors'])
        codes = [factor['code'] for factor in run['config']['factors']]
        parts[codes.index('strategic_value')] = '[7.5,"2026-10-02",72.2,72.2,2,3.0]'
        explanation = f'{{"parts":[{",".join(parts)}],"known":{{"attractiveness":0.3}}}}'
        cls.publish(run, [(cls.big.id, 0, 1, 1, 100, 72.2, explanation), (cls.small.id, 0, 1, 0, 10, None, None),
                          (cls.bigger.id, 0, 1, 0, 9, None, None)], EXPLAINED)

    def test_in_words(self):
        answer = self.sync.explain(self.big.id)
        self.assertFalse(holds_none(answer))
        attractiveness = answer['dimensions'][0]
        self.assertEqual((attractiveness['code'], attractiveness['score']), ('attractiveness', 72.2))
        self.assertIn("rated 7.5 of 10 by 2 people, 3 apart", attractiveness['sentence'])
        self.assertTrue(answer['is_compared'])

    def test_in_the_language_of_the_reader(self):
        self.env['res.lang']._activate_lang('es_ES')
        self.env['ir.module.module']._load_module_terms(['kam_management'], ['es_ES'])
        answer = self.sync.with_context(lang='es_ES').explain(self.big.id)
        self.assertEqual(answer['dimensions'][0]['label'], "Atractivo")

    def test_by_name(self):
        """A whole name is that account, a part of it only when no other has it; signs are no wildcards."""
        self.assertEqual(self.sync.explain("Big Retail")['account']['id'], self.big.id)
        self.assertEqual(self.sync.explain("bakery")['account']['id'], self.small.id)
        self.assertEqual(self.sync.explain("100%")['account']['id'], self.bigger.id)
        sentence = self.assertRefused('unknown_account', self.sync.explain, "Big Ret")
        self.assertIn(str(self.big.id), sentence)
        for account in ("Nobody", "B_g Retail", 999999999):
            self.assertRefused('unknown_account', self.sync.explain, account)

    def test_an_account_outside_the_comparison(self):
        answer = self.sync.explain(self.small.id)
        self.assertEqual((answer['dimensions'], answer['is_compared']), ([], False))
