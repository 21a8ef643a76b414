"""White space of a plan for several accounts: where it is counted, and who is told the name of that account."""
from odoo.fields import Command
from odoo.tests import tagged

from .rating_common import SheetCase

NAMED = "its white space is counted at Nordwind Iberia."
UNNAMED = "its white space is counted at another one."


@tagged('post_install', '-at_install')
class TestKamWallet(SheetCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.env['kam.plan'].with_user(cls.user_manager).create(
            {'partner_id': cls.iberia.id, 'partner_ids': [Command.set(cls.other.ids)]})
        cls.plan.action_activate()
        cls.score = cls._refreshed(cls.other, {}, {}, share_of_wallet=0.2)
        cls.score.explanation = {**cls.score.explanation, 'notes': [['white_space_at', cls.iberia.id]]}

    def _notes(self, user):
        self.env.invalidate_all()
        return self.score.with_user(user)._get_explanation()['notes']

    def test_a_covered_account_says_where_its_white_space_is_counted(self):
        """Whoever looks after a covered account may read the plan, so also whose it is."""
        for user in (self.user_colleague, self.user_manager):
            with self.subTest(user=user.name):
                self.assertRegex(" ".join(self._notes(user)), NAMED)
        self.assertIn(NAMED, str(self.other.with_user(self.user_colleague).kam_panel_html))

    def test_a_hidden_plan_is_not_told_of(self):
        self.plan.confidentiality = 'manager'
        self.assertRegex(" ".join(self._notes(self.user_colleague)), UNNAMED)
        self.assertRegex(" ".join(self._notes(self.user_service)), UNNAMED)  # which reads no plans

    def test_from_the_list_to_the_plan(self):
        """Whoever looks after a covered account finds the wallet by it, and opens the plan."""
        line = self.env['kam.plan.category'].create({'plan_id': self.plan.id, 'name': "Trays"})
        self.env['kam.wallet'].sudo().create({'category_id': line.id, 'as_of': self.today})
        wallets = self.env['kam.wallet'].with_user(self.user_colleague)
        wallet = wallets.search([('plan_id.partner_ids', 'child_of', "Other Shop")])
        self.assertEqual((wallet.partner_id, wallet.covered_ids), (self.iberia, self.other))
        action = wallet.action_open_plan()
        plan = self.env[action['res_model']].with_user(self.user_colleague).browse(action['res_id'])
        self.assertEqual(plan.category_ids.mapped('name'), ["Trays"])

    def test_what_is_no_longer_there(self):
        """An account that was merged away or left the plan since the refresh has no name to tell."""
        self.plan.partner_ids = False
        self.score.sudo().explanation = {
            **self.score.explanation, 'notes': [['white_space_at', self.iberia.id], ['white_space_at', 999_999_999],
                                                ['of a later version', 1], 'of a later version', []]}
        for note in self._notes(self.user_manager):
            self.assertRegex(note, UNNAMED)
        self.assertEqual(len(self._notes(self.user_manager)), 2)
