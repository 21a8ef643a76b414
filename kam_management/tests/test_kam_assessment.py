"""Opinions: from 1 to 10, a person's own, kept."""
import doctest
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from ..tools import windows
from .common import KamCommon


@tagged('post_install', '-at_install')
class TestAssessment(KamCommon):

    def test_given(self):
        """What a form needs to be told: the customer, the factor, the rating."""
        opinion = self.env['kam.assessment'].with_user(self.user_user).create({
            'partner_id': self.iberia.id, 'factor_id': self.env.ref('kam_management.factor_strategic_value').id,
            'value': 8})
        self.assertEqual(opinion.user_id, self.user_user)
        self.assertEqual(opinion.date, fields.Date.context_today(opinion))
        self.assertEqual(opinion.company_id, self.company)
        self.assertEqual(opinion.anchor, "Opens doors: a reference or a market that we want")
        self.assertEqual(opinion.account_id, self.iberia)

    def test_on_a_contact_counts_for_its_account(self):
        self.assertEqual(self._opinion(self.luis, self.user_user).account_id, self.iberia)

    def test_one_to_ten(self):
        for value in (0, 11, -1, 100):
            with self._refused(ValidationError, f"A rating goes from 1 to 10; {value} does not"):
                self._opinion(self.iberia, self.user_user, value=value)
        for day, value in enumerate((1, 10), start=1):
            self._opinion(self.iberia, self.user_user, value=value, date=f'2026-01-0{day}')

    def test_not_in_the_future(self):
        tomorrow = fields.Date.today() + timedelta(days=2)
        with self._refused(ValidationError, "can't be dated in the future"):
            self._opinion(self.iberia, self.user_user, date=tomorrow)

    def test_only_on_factors_of_opinion(self):
        with self._refused(ValidationError, "“Gross margin” is computed from documents"):
            self._opinion(self.iberia, self.user_user, 'gross_margin')

    @mute_logger('odoo.sql_db')
    def test_one_a_day(self):
        self._opinion(self.iberia, self.user_user)
        self._opinion(self.iberia, self.user_colleague)
        self._opinion(self.iberia, self.user_user, 'image')
        self._opinion(self.iberia, self.user_user, date='2026-01-01')
        with self.assertRaises(UniqueViolation):
            self._opinion(self.iberia, self.user_user)

    def test_history_is_kept(self):
        """The latest counts, the earlier ones stay; nobody deletes, one may archive."""
        first = self._opinion(self.iberia, self.user_user, value=3, date='2026-01-01')
        latest = self._opinion(self.iberia, self.user_user, value=6)
        rows = self.env['kam.assessment'].with_user(self.user_user).search([('partner_id', '=', self.iberia.id)])
        self.assertEqual(rows, latest | first)
        for user in (self.user_user, self.user_manager, self.user_admin):
            with self.assertRaises(AccessError):
                first.with_user(user).unlink()
        first.with_user(self.user_user).action_archive()
        self.assertFalse(first.active)

    def test_a_person_s_own(self):
        opinion = self._opinion(self.iberia, self.user_user)
        for user in (self.user_manager, self.user_admin):
            self.assertEqual(opinion.with_user(user).value, 7)
            with self.assertRaises(AccessError):
                opinion.with_user(user).value = 1
            with self.assertRaises(AccessError):
                opinion.with_user(user).action_archive()
        with self.assertRaises(AccessError):
            self._opinion(self.iberia, self.user_manager, user_id=self.user_user.id, date='2026-01-01')
        with self.assertRaises(AccessError):
            opinion.with_user(self.user_user).user_id = self.user_manager
        opinion.with_user(self.user_user).value = 9

    def test_who_reads_it(self):
        """On own accounts, on own customers that are no key accounts, and one's own opinions."""
        opinions = {
            'iberia': self._opinion(self.luis, self.user_manager), 'solo': self._opinion(self.solo, self.user_manager),
            'other': self._opinion(self.other, self.user_manager),
            'given': self._opinion(self.france, self.user_colleague)}
        everything = self.env['kam.assessment'].union(*opinions.values())
        for user, seen in (
            (self.user_user, ('iberia', 'solo')), (self.user_colleague, ('other', 'given')),
            (self.user_manager, opinions), (self.user_service, opinions)):
            found = self.env['kam.assessment'].with_user(user).search([('id', 'in', everything.ids)])
            self.assertEqual(set(found.ids), {opinions[name].id for name in seen}, user.name)
        with self.assertRaises(AccessError):
            self.env['kam.assessment'].with_user(self.user_sales).search([])

    # ------------------------------------------------------------------ age
    def test_age_in_words(self):
        for text, given in (
            ("today", self.today), ("yesterday", self.today - timedelta(1)),
            ("61 days ago", self.today - timedelta(61)),
            ("18 months ago", self.today - relativedelta(months=18)),
            ("24 months ago", self.today - relativedelta(years=2, days=3)),
        ):
            self.assertEqual(self._opinion(self.iberia, self.user_user, date=given).age, text)

    def test_too_old_is_marked_and_found(self):
        """Each company has its own maximum age: 18 months here, 6 there."""
        self.company_2.kam_settings_id.opinion_max_age = 6
        self.user_manager.company_ids |= self.company_2
        rater = self.env['kam.assessment'].with_user(self.user_manager).with_context(
            allowed_company_ids=(self.company | self.company_2).ids)
        opinions = rater.create([
            {'partner_id': self.iberia.id, 'factor_id': self.env.ref('kam_management.factor_image').id, 'value': 5,
             'comment': name, 'date': day, 'company_id': company.id}
            for name, day, company in (
                ("here, counts", self.today - relativedelta(months=18), self.company),
                ("here, too old", self.today - relativedelta(months=18) - timedelta(1), self.company),
                ("there, counts", self.today - relativedelta(months=6), self.company_2),
                ("there, too old", self.today - relativedelta(months=6) - timedelta(1), self.company_2))])
        for wanted, expected in ((True, ["here, too old", "there, too old"]),
                                 (False, ["here, counts", "there, counts"])):
            marked = opinions.filtered(lambda opinion, wanted=wanted: opinion.is_too_old == wanted)
            self.assertEqual(sorted(marked.mapped('comment')), expected)
            for domain in ([('is_too_old', '=', wanted)], [('is_too_old', '!=', not wanted)]):
                found = rater.search([('id', 'in', opinions.ids), *domain])
                self.assertEqual(sorted(found.mapped('comment')), expected, domain)

    def test_the_arithmetic_of_age(self):
        self.assertFalse(doctest.testmod(windows).failed)
