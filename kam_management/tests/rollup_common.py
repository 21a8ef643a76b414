"""Rows as the worker would publish them, for the organisation of `common.py`."""
from datetime import timedelta

from .test_kam_satisfaction_response import ResponseCommon


class RollupCommon(ResponseCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # what a refresh has published for the demo
        cls.env.cr.execute(
            "DELETE FROM kam_satisfaction_score; DELETE FROM kam_relationship_score; DELETE FROM kam_stakeholder_score")
        cls.env.invalidate_all()
        cls.satisfaction = cls.env['kam.satisfaction.score']
        cls.offer = cls.env.ref('kam_management.touchpoint_offer')

    @classmethod
    def _rollup(cls, scope='account', **values):
        """A row of satisfaction, as kam.sync would write it: nobody may do so through the ORM, hence sudo."""
        place = {'partner_id': cls.iberia.id} if scope in ('account', 'contact') else {}
        return cls.satisfaction.sudo().create({
            'scope': scope, 'company_id': cls.company.id, 'as_of': cls.today, **place, **values})

    @classmethod
    def _known(cls, **values):
        """The row of Nordwind Iberia: eight answers of five people."""
        months = [[str(cls.today - timedelta(days=30 * back)), index, None, answers]
                  for back, index, answers in ((3, None, 2), (2, 40.0, 5), (1, None, 2), (0, 71.6, 8))]
        return cls._rollup(**{
            'satisfaction': 71.6, 'trend': -7.2, 'answers': 8, 'people': 5, 'last_date': cls.today, 'nps': -25.0,
            'nps_answers': 4, 'csat': 0.5, 'csat_answers': 2, 'ces': 5.5, 'ces_lowest': 1, 'ces_highest': 7,
            'ces_answers': 1, 'favourability': 0.0, 'favourability_answers': 1, 'asked': 10, 'answered': 4,
            'response_rate': 0.4, 'series': {'months': months}, **values})

    @classmethod
    def _strength(cls, **values):
        return cls.env['kam.relationship.score'].sudo().create({
            'partner_id': cls.iberia.id, 'company_id': cls.company.id, 'as_of': cls.today, **values})

    @classmethod
    def _person_score(cls, stakeholder, **values):
        return cls.env['kam.stakeholder.score'].sudo().create({
            'stakeholder_id': stakeholder.id, 'company_id': cls.company.id, 'as_of': cls.today, **values})

    def _queries(self, look):
        """Queries that `look` takes when nothing of the records is in the cache, but who looks is known."""
        look()
        self.env.flush_all()
        self.env.invalidate_all()
        self.user_user.read(['tz', 'company_id'])
        self.user_user.partner_id.read(['name', 'tz'])
        start = self.cr.sql_log_count
        look()
        return self.cr.sql_log_count - start
