"""What the tests of the sheet of ratings share: what was published, what was said, and filling one in."""
from datetime import timedelta

from odoo.tests import Form

from .common import KamCommon

# The factors that people rate, as they ship: dimension, and percent of its weight.
FACTORS = {
    'strategic_value': ('attractiveness', 30), 'customer_knowledge': ('position', 40), 'image': ('position', 30),
    'joint_projects': ('willingness', 25), 'shared_data': ('willingness', 25), 'sponsor_time': ('willingness', 25),
    'co_funding': ('willingness', 25),
}


class SheetCase(KamCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A database may have been refreshed, and its factors changed: the tests start from what ships.
        cls.env.cr.execute("DELETE FROM kam_score; DELETE FROM kam_assessment")
        cls.env.invalidate_all()
        others = cls.env['kam.score.factor'].search([('source', '=', 'opinion'), ('code', 'not in', list(FACTORS))])
        others.action_archive()

    @classmethod
    def _factor(cls, code):
        return cls.env.ref(f'kam_management.factor_{code}')

    @classmethod
    def _refreshed(cls, partner, known, parts, company=None, **scores):
        """Scores of `partner` as a refresh of today publishes them; factors not in `parts` have no opinion."""
        company = company or cls.company
        factors = cls.env['kam.score.factor'].search([('source', '=', 'opinion')])
        weights = {weight.factor_id: weight.weight for weight in company.kam_weight_ids}
        run = cls.env['kam.sync.run'].sudo().create({
            'company_id': company.id, 'as_of': cls.today, 'state': 'published', 'date_end': f'{cls.today} 08:00:00',
            'config': {'factors': [{
                'id': factor.id, 'code': factor.code, 'dimension': factor.dimension, 'source': 'opinion',
                'weight': weights[factor]} for factor in factors]}})
        return cls._score(partner, company, run_id=run.id, as_of=cls.today, is_compared=True, explanation={
            'parts': [parts.get(factor.code, 'no_opinion') for factor in factors], 'known': known}, **scores)

    @classmethod
    def _ago(cls, partner, user, code, value, days=0, **values):
        return cls._opinion(partner, user, code, value=value, date=cls.today - timedelta(days), **values)

    def _sheet(self, user, partner=None, **context):
        partners = self.env['res.partner'].with_user(user).with_context(**context)
        action = partners.browse((partner or self.iberia).id).action_rate_account()
        return self.env[action['res_model']].with_user(user).with_context(**context).browse(action['res_id'])

    def _line(self, sheet, code):
        return sheet.line_ids.filtered(lambda line: line.factor_id.code == code)

    def _rate(self, sheet, comments=(), date=None, **values):
        """Choose ratings by the code of their factor and save; return the answer's sentence."""
        codes = sheet.line_ids.factor_id.mapped('code')
        with Form(sheet) as form:
            if date:
                form.date = date
            for code, value in values.items():
                with form.line_ids.edit(codes.index(code)) as line:
                    line.value = value
                    if code in comments:
                        line.comment = comments[code]
        return sheet.action_save()['params']['message']

    def _opinions(self, partner=None, **values):
        return self.env['kam.assessment'].search([
            ('partner_id', '=', (partner or self.iberia).id), *((name, '=', value) for name, value in values.items())])
