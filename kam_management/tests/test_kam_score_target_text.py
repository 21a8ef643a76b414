"""What the explanation of health says of sales and of the pipeline: both are told against the year's target."""
from datetime import datetime

from odoo.tests import tagged

from .rollup_common import RollupCommon


@tagged('post_install', '-at_install')
class TestTargetText(RollupCommon):

    def _texts(self, *parts):
        refresh = self.env['kam.sync.run'].sudo().create({
            'company_id': self.company.id, 'as_of': self.today, 'state': 'published',
            'date_end': datetime.combine(self.today, datetime.min.time()),
            'config': {'factors': [
                {'code': code, 'dimension': 'health', 'weight': weight, 'source': 'component'}
                for code, weight in (('sales', 30.0), ('pipeline', 10.0))]}})
        score = self._score(self.iberia, run_id=refresh.id, is_compared=True, health=60.0, explanation={
            'parts': [part if isinstance(part, str) else [part[0], str(self.today), *part[1:]] for part in parts],
            'known': {'health': 1.0}})
        rows = score.with_user(self.user_user)._get_explanation()['dimensions'][0]['rows']
        score.sudo().unlink()
        return [row['text'].split(" by ")[0].split(" on ")[0] for row in rows]

    def test_sales_and_pipeline_in_words(self):
        self.assertEqual(self._texts([84.0, 48.0, 36.0], [1.5, 62.5, 15.6]), [
            "84% of what is due of this year's target", "1.5 times what was left of this year's target"])

    def test_a_target_that_is_reached_and_a_pipeline_that_covers_nothing(self):
        self.assertEqual(self._texts([120.0, 100.0, 75.0], [0.0, 100.0, 25.0])[1], "this year's target was reached")
        self.assertEqual(self._texts([50.0, 0.0, 0.0], [0.0, 0.0, 0.0])[1],
                         "0 times what was left of this year's target")

    def test_without_a_target(self):
        self.assertEqual(self._texts('not_yet', 'no_target'), [
            "nothing has been recorded yet", "there is no target yet"])
