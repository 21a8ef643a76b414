"""An investment in a browser: asked for, decided on, made, and added up."""
from odoo.tests import HttpCase, tagged

from .investment_common import InvestmentCommon


@tagged('post_install', '-at_install')
class TestInvestmentTour(HttpCase, InvestmentCommon):

    def test_investment(self):
        self.user_manager.password = self.user_manager.login
        self.start_tour('/odoo/key-accounts-investments', 'kam_investment', login=self.user_manager.login)
        investment = self.env['kam.investment'].search([('name', '=', "Moulds for its bakeries")])
        self.assertEqual((investment.state, investment.amount, investment.date_start), ('made', 36500, self.today))
        self.assertIs(investment.obtained_return, False)
