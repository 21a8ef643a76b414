"""An alert acknowledged, a playbook used and its outcome told, in a browser."""
from odoo.tests import HttpCase, tagged

from .test_kam_playbook import PlaybookCommon


@tagged('post_install', '-at_install')
class TestAlertTour(HttpCase, PlaybookCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_user.password = cls.user_user.login

    def test_alert_and_playbook(self):
        self.env['kam.playbook'].search([]).active = False
        self._playbook()
        people = self._alert(value=2, threshold=3, facts={'people': 9})
        trust = self._alert('trust_down', value=2.5, threshold=2)
        self._follow()
        self.start_tour('/odoo/action-kam_management.kam_alert_action_mine', 'kam_alert', login=self.user_user.login)
        self.env.invalidate_all()
        self.assertEqual((trust.state, trust.acknowledged_by), ('acknowledged', self.user_user))
        self.assertEqual(people.state, 'acknowledged')
        self.assertEqual(people.playbook_run_ids.mapped('outcome'), ['worked'])
        self.assertEqual(people.playbook_run_ids.note, "They had missed us")
        self.assertEqual(people.action_ids.mapped('name'), ["Call the buyer", "Ask our sponsor"])
        self.assertFalse(self._asked(people | trust))
