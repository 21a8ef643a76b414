"""An investment in Nordwind Iberia, for the tests of investments and of what the worker makes of them."""
from .dafo_common import DafoCommon


class InvestmentCommon(DafoCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.training = cls.env.ref('kam_management.investment_type_training')

    @classmethod
    def _investment(cls, user=None, state='requested', **values):
        """Asked for by `user`, and brought as far as `state` by the manager of the programme."""
        investment = cls.env['kam.investment'].with_user(user or cls.user_user).create({
            'name': "Two engineers", 'partner_id': cls.iberia.id, 'type_id': cls.training.id, 'amount': 24000,
            'life': 24, **values})
        decided = investment.with_user(cls.user_manager)
        if state in ('approved', 'made'):
            decided.action_approve()
        if state == 'made':
            decided.action_make()
        if state == 'refused':
            decided.decision_note = "Not this year"
            decided.action_refuse()
        return investment.with_env(cls.env)
