"""A person's word against a computed health: with a reason, until a day, one at a time."""
from datetime import timedelta

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import KamCommon


@tagged('post_install', '-at_install')
class TestKamHealthOverride(KamCommon):

    def _override(self, user=None, partner=None, **values):
        return self.env['kam.health.override'].with_user(user or self.user_user).create({
            'partner_id': (partner or self.iberia).id, 'health': 70, 'reason': "A new contract is signed",
            **values})

    def test_both_values(self):
        self._score(self.iberia, health=40.0, health_band='red')
        override = self._override(date_to=self.today + timedelta(days=10))
        self.assertEqual((override.computed_health, override.computed_band), (40.0, 'red'))
        self.assertEqual((override.health, override.band), (70.0, 'amber'))
        account = self.iberia.with_user(self.user_user)
        self.assertEqual(account.kam_health_override_id, override)
        self.assertRegex(account.kam_health_override_words,
                         r"^Computed: 40\. User says 70 until .*: A new contract is signed$")

    def test_falls_away(self):
        override = self._override(date_to=self.today + timedelta(days=10))
        with freeze_time(self.today + timedelta(days=10)):
            self.env.invalidate_all()
            self.assertTrue(override.is_current)
        with freeze_time(self.today + timedelta(days=11)):
            self.env.invalidate_all()
            self.assertFalse(override.is_current)
            self.assertFalse(self.iberia.with_user(self.user_user).kam_health_override_id)
            self.assertFalse(self.env['kam.health.override'].search([('is_current', '=', True)]) & override)
            # and a new one is welcome
            self._override(date_from=self.today + timedelta(days=11), date_to=self.today + timedelta(days=20))

    def test_one_at_a_time(self):
        first = self._override()
        with self._refused(ValidationError, "is overridden already"):
            self._override()
        first.action_end()
        second = self._override(health=30)
        self.assertEqual(self.iberia.with_user(self.user_user).kam_health_override_id, second)
        self.assertIn("In force", self._chatter(first))

    def test_who_may(self):
        own = self._override()
        self.env['kam.team.member'].create({'partner_id': self.iberia.id, 'user_id': self.user_colleague.id})
        self.assertEqual(own.with_user(self.user_colleague).health, 70)
        with self.assertRaises(AccessError):
            own.with_user(self.user_colleague).health = 20
        own.with_user(self.user_manager).health = 60
        with self.assertRaises(AccessError):
            self._override(self.user_colleague, self.solo)
        with self._refused(UserError, "in somebody else's name"):
            self._override(self.user_manager, self.solo, user_id=self.user_user.id)

    def test_who_and_since_when_stay(self):
        override = self._override()
        for user in (self.user_user, self.user_manager):
            for values in ({'user_id': self.user_manager.id}, {'date_from': self.today - timedelta(days=3)}):
                with self._refused(UserError, "stays as it is"):
                    override.with_user(user).write(values)
        with self._refused(UserError, "from today on"):
            self._override(self.user_manager, self.solo, date_from=self.today - timedelta(days=3))

    def test_beside_the_score(self):
        """Both values where accounts are listed, in as many questions for many as for one."""
        self._score(self.iberia, health=40.0, health_band='red')
        self._score(self.solo, health=80.0, health_band='green')
        self._override(date_to=self.today + timedelta(days=10))
        scores = self.env['kam.score'].search([('partner_id', 'in', (self.iberia | self.solo).ids)])
        mine = scores.with_user(self.user_manager)
        self.assertEqual(
            {row.partner_id: (row.health, row.health_by_hand) for row in mine},
            {self.iberia: (40.0, 70.0), self.solo: (80.0, False)})
        told = mine.filtered(lambda row: row.partner_id == self.iberia).health_by_hand_words
        self.assertRegex(told, r"^Computed: 40\. User says 70 until .*: A new contract is signed$")
        self._override(self.user_manager, self.solo, health=20)
        counts = []
        for rows in (scores, scores[:1], scores):
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            rows.with_user(self.user_manager).mapped('health_by_hand_words')
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[2], counts[1])
        with freeze_time(self.today + timedelta(days=11)):
            self.env.invalidate_all()
            self.assertFalse(mine[0].health_by_hand)

    def test_checks(self):
        for values, sentence in (
                ({'reason': "  "}, "Say why"),
                ({'date_to': self.today - timedelta(days=1)}, "Choose a day"),
                ({'date_to': self.today + timedelta(days=366)}, "a year at most"),
                ({'partner_id': self.logistics.id}, "belongs to the account"),
        ):
            with self.subTest(values=values), self._refused(ValidationError, sentence):
                self._override(self.user_manager, **values)

    def test_merge(self):
        first, second = self._override(self.user_manager, self.solo), self._override(self.user_manager, self.other)
        self.env['base.partner.merge.automatic.wizard']._merge((self.solo | self.other).ids, self.other)
        self.assertEqual((first | second).partner_id, self.other)
        self.assertEqual((first.active, second.active), (False, True))
