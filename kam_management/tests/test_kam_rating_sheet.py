"""The sheet of ratings: who sees what on it, what a rating adds, and what is saved."""
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .rating_common import FACTORS, SheetCase


@tagged('post_install', '-at_install')
class TestRatingSheet(SheetCase):
    """What stands on it."""

    def test_one_line_per_factor_by_dimension(self):
        lines = self._sheet(self.user_user).line_ids
        self.assertEqual(
            {line.factor_id.code: (line.dimension, line.share) for line in lines}, FACTORS)
        self.assertEqual(lines.factor_id.mapped('code'), list(FACTORS))
        self.assertEqual(set(lines.mapped('value')), {0}, "nothing is rated to begin with")

    def test_factors_without_weight_come_last_in_their_dimension(self):
        weight = self.company.kam_weight_ids.filtered(lambda weight: weight.factor_id.code == 'customer_knowledge')
        weight.weight = 0
        sheet = self._sheet(self.user_user)
        codes = sheet.line_ids.factor_id.mapped('code')
        self.assertEqual(codes[:3], ['strategic_value', 'image', 'customer_knowledge'])
        line = self._line(sheet, 'customer_knowledge')
        self.assertEqual((line.share, line.effect), (0, 'none'))
        self.assertEqual(line.effect_text, "Has no weight in Competitive position at present.")
        # of 30 and 30 that are left: image makes a half
        self.assertEqual(self._line(sheet, 'image').share, 50)

    def test_archived_factors_and_figures_are_not_asked(self):
        self._factor('image').action_archive()
        codes = self._sheet(self.user_user).line_ids.factor_id.mapped('code')
        self.assertNotIn('image', codes)
        self.assertNotIn('gross_margin', codes)

    def test_my_latest_and_what_others_said(self):
        """Of each person the latest, on whichever contact of the account; too old is marked."""
        self._ago(self.iberia, self.user_user, 'image', 3, days=200)
        self._ago(self.iberia, self.user_user, 'image', 7, days=24, comment="Won the audit")
        self._ago(self.luis, self.user_manager, 'image', 5, days=1)
        self._opinion(self.old, self.user_colleague, 'image', value=2, date=self.today - relativedelta(months=19))
        self._ago(self.france, self.user_manager, 'image', 9)  # another account
        line = self._line(self._sheet(self.user_user), 'image')
        self.assertEqual((line.own_value, line.own_date), (7, self.today - timedelta(24)))
        self.assertEqual(
            [(opinion['name'], opinion['value'], opinion['age'], opinion['own'], opinion['too_old'])
             for opinion in line.opinions], [
                ("User", 7, "24 days ago", True, False),
                ("Manager", 5, "yesterday", False, False),
                ("Colleague", 2, "19 months ago", False, True)])
        self.assertEqual(line.opinions[0]['comment'], "Won the audit")

    def test_not_rated_is_unknown_and_never_zero(self):
        line = self._line(self._sheet(self.user_user), 'image')
        self.assertIs(line.own_value, False)
        self.assertFalse(line.own_date)
        self.assertIs(line.web_read({'own_value': {}})[0]['own_value'], False)

    def _marks(self):
        opinions = self._line(self._sheet(self.user_user), 'image').opinions
        return {opinion['name']: opinion['too_old'] for opinion in opinions}

    def test_too_old_on_the_day_after_the_greatest_age(self):
        oldest = self.today - relativedelta(months=18)
        self._opinion(self.iberia, self.user_user, 'image', date=oldest)
        self._opinion(self.iberia, self.user_manager, 'image', date=oldest - timedelta(1))
        marks = self._marks()
        self.assertEqual(marks, {"User": False, "Manager": True})
        self.company.kam_settings_id.opinion_max_age = 6
        self.env.invalidate_all()
        marks = self._marks()
        self.assertEqual(marks, {"User": True, "Manager": True})

    def test_whoever_may_only_rate_sees_their_own_and_no_scores(self):
        self._refreshed(
            self.iberia, {'position': 0.7}, {'customer_knowledge': [7.0, str(self.today), 66.7, 38.1, 2, 4.0]})
        self._ago(self.iberia, self.user_user, 'image', 7)
        self._ago(self.iberia, self.user_manager, 'image', 2)
        self._ago(self.iberia, self.user_colleague, 'image', 5, days=3)
        sheet = self._sheet(self.user_colleague)
        self.assertIn("shown only to those who look after it", sheet.note)
        self.assertFalse(sheet.age)
        self.assertEqual({item['text'] for item in sheet.dimensions}, {False})
        line = self._line(sheet, 'image')
        self.assertEqual([opinion['name'] for opinion in line.opinions], ["Colleague"])
        self.assertEqual(line.effect, 'hidden')
        self.assertFalse(self._line(sheet, 'customer_knowledge').published)
        self._rate(sheet, image=6)
        self.assertEqual(self._opinions(user_id=self.user_colleague.id, date=self.today).value, 6)

    def test_confidential_is_hidden_and_not_unknown(self):
        """Never scored: whoever would see scores is told that nothing is known; the others get no sheet at all."""
        self.env['kam.team.member'].create({
            'partner_id': self.iberia.id, 'user_id': self.user_colleague.id, 'company_id': self.company.id})
        for level, told in (
            ('company', {'user': True, 'colleague': True, 'manager': True}),
            ('team', {'user': True, 'colleague': True, 'manager': False}),
            ('manager', {'user': True, 'colleague': False, 'manager': False}),
        ):
            self.iberia.kam_confidentiality = level
            for role, is_told in told.items():
                with self.subTest(level=level, role=role):
                    if not is_told:
                        with self._refused(AccessError, "is confidential"):
                            self._sheet(getattr(self, f'user_{role}'))
                        continue
                    sheet = self._sheet(getattr(self, f'user_{role}'))
                    self.assertEqual(set(sheet.line_ids.mapped('effect')), {'adds'})
                    self.assertTrue(sheet.dimensions[0]['text'])

    def test_others_do_not_see_a_sheet_that_is_being_filled_in(self):
        sheet = self._sheet(self.user_user)
        self._line(sheet, 'image').comment = "Not said yet"
        for record in (sheet, self._line(sheet, 'image')):
            with self.assertRaises(AccessError):
                record.with_user(self.user_manager).read(['display_name'])
        with self.assertRaises(AccessError):
            self.env['kam.rating.sheet'].with_user(self.user_sales).create({'partner_id': self.iberia.id})

    # ------------------------------------------------------------------ what a rating adds
    def test_never_assessed_nothing_is_known(self):
        sheet = self._sheet(self.user_user)
        self.assertEqual(
            [(item['code'], item['known'], item['text']) for item in sheet.dimensions], [
                (code, 0, "Nothing known yet; a score needs 50% of the weight")
                for code in ('attractiveness', 'position', 'willingness')])
        self.assertIn("Not scored yet", sheet.note)
        line = self._line(sheet, 'customer_knowledge')
        self.assertEqual(line.effect_text, "Adds 40% to what is known of Competitive position.")

    def test_scored_and_not_compared(self):
        self._score(self.solo, revenue=10, is_compared=False)
        sheet = self._sheet(self.user_user, self.solo)
        self.assertIn("rating of its strategic value", sheet.note)
        self.assertEqual({item['known'] for item in sheet.dimensions}, {0})

    def test_what_is_known_and_what_a_rating_adds(self):
        """Knowledge (40 of 100) was published; image (30) is unknown, and the last 30 are no opinions."""
        self._refreshed(
            self.iberia, {'attractiveness': 0.7, 'position': 0.4},
            {'customer_knowledge': [6.5, str(self.today - timedelta(9)), 61.1, 61.1, 2, 3.0]})
        self._ago(self.iberia, self.user_manager, 'joint_projects', 4)
        sheet = self._sheet(self.user_user)
        self.assertEqual({item['code']: item['text'] for item in sheet.dimensions}, {
            'attractiveness': "70% of the weight known",
            'position': "40% of the weight known; a score needs 50%",
            'willingness': "Nothing known yet; a score needs 50% of the weight"})
        self.assertEqual({line.factor_id.code: line.effect for line in sheet.line_ids}, {
            'strategic_value': 'adds', 'customer_knowledge': 'known', 'image': 'adds', 'joint_projects': 'rated',
            'shared_data': 'adds', 'sponsor_time': 'adds', 'co_funding': 'adds'})
        self.assertEqual(self._line(sheet, 'image').effect_text, "Adds 30% to what is known of Competitive position.")
        self.assertIn("the next refresh adds 25%", self._line(sheet, 'joint_projects').effect_text)
        published = self._line(sheet, 'customer_knowledge').published
        self.assertRegex(published, r"^As of .*: rated 6.5 of 10 by 2 people, 3 apart, last on ")
        self.assertFalse(self._line(sheet, 'image').published)
        self.assertIn("today", sheet.age)

    def test_only_too_old_still_adds(self):
        self._refreshed(self.iberia, {'position': 0.0}, {'image': 'too_old'})
        self._opinion(self.iberia, self.user_user, 'image', date=self.today - relativedelta(months=24))
        self.assertEqual(self._line(self._sheet(self.user_user), 'image').effect, 'adds')

    def test_each_company_has_its_own(self):
        """Weights, opinions and scores are those of the company in which the sheet was opened."""
        both = (self.company | self.company_2).ids
        self.user_manager.company_ids = [Command.set(both)]
        weights = {weight.factor_id.code: weight for weight in self.company_2.kam_weight_ids}
        weights['strategic_value'].weight = 70  # beside 40 and 30: a half
        self._ago(self.iberia, self.user_user, 'image', 3)
        there = self._refreshed(self.iberia, {'position': 0.3}, {}, self.company_2)
        sheet = self._sheet(self.user_manager, allowed_company_ids=[self.company_2.id, self.company.id])
        self.assertEqual(sheet.company_id, self.company_2)
        self.assertEqual(self._line(sheet, 'strategic_value').share, 50)
        self.assertFalse(self._line(sheet, 'image').opinions)
        self.assertEqual({item['code']: item['known'] for item in sheet.dimensions}['position'], 30)
        self._rate(sheet, image=8)
        self.assertEqual(self._opinions(value=8).company_id, self.company_2)
        # and from the scores of a company, for that company, whichever one works in
        here = self.env(user=self.user_manager, context={'allowed_company_ids': both})
        opened = here['kam.rating.sheet'].browse(there.with_env(here).action_rate_account()['res_id'])
        self.assertEqual((opened.company_id, opened.account_id), (self.company_2, self.iberia))
        self.assertEqual({item['code']: item['known'] for item in opened.dimensions}['position'], 30)
        self._rate(opened, co_funding=2)
        self.assertEqual(self._opinions(value=2).company_id, self.company_2)

    # ------------------------------------------------------------------ cost
    def _queries(self, partner):
        sheet = self._sheet(self.user_manager, partner)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        sheet.web_read({
            'note': {}, 'age': {}, 'dimensions': {}, 'line_ids': {'fields': {
                'name': {}, 'opinions': {}, 'own_value': {}, 'published': {}, 'effect_text': {}, 'share': {}}}})
        return self.cr.sql_log_count - before

    def test_costs_the_same_whatever_was_said(self):
        raters = [self._user(f'rater_{number}', 'kam_management.group_kam_user') for number in range(8)]
        few, many = self._partner("Few"), self._partner("Many")
        run = self._refreshed(self.iberia, {}, {}).run_id
        for partner, people, days in ((few, raters[:1], 1), (many, raters, 30)):
            self._refreshed(partner, {}, {}).run_id = run
            for rater in people:
                self.env['kam.assessment'].with_user(rater).create([
                    {'partner_id': partner.id, 'factor_id': self._factor(code).id, 'value': 5,
                     'date': self.today - timedelta(day)} for code in FACTORS for day in range(days)])
        self._queries(few)  # what is read once per registry
        self.assertEqual(self._queries(many), self._queries(few))


@tagged('post_install', '-at_install')
class TestRatingSheetSave(SheetCase):
    """What is saved."""

    def test_only_what_was_rated(self):
        self._ago(self.iberia, self.user_user, 'image', 7, days=24)
        sheet = self._sheet(self.user_user)
        sentence = self._rate(sheet, {'image': "They asked for us"}, image=8, strategic_value=1)
        self.assertEqual(sentence, "2 ratings saved. The scores follow with the next refresh.")
        opinions = self._opinions(date=self.today)
        self.assertEqual(
            sorted((opinion.factor_id.code, opinion.value, opinion.comment or '') for opinion in opinions),
            [('image', 8, "They asked for us"), ('strategic_value', 1, '')])
        self.assertEqual(opinions.user_id, self.user_user)
        self.assertEqual(opinions.company_id, self.company)
        self.assertEqual(len(self._opinions(factor_id=self._factor('image').id)), 2, "the earlier one stays")

    def test_keeping_everything_writes_nothing(self):
        opinion = self._ago(self.iberia, self.user_user, 'image', 7, days=24)
        sheet = self._sheet(self.user_user)
        self._line(sheet, 'image').comment = "Forgotten, without a rating"
        sentence = self._rate(sheet)
        self.assertIn("everything stays as it was", sentence)
        self.assertEqual(self._opinions(), opinion)
        self.assertFalse(opinion.comment)

    def test_saved_twice_is_saved_once(self):
        first = self._sheet(self.user_user)
        self._rate(first, {'image': "Why"}, image=8, co_funding=2)
        opinions = self._opinions()
        self.assertEqual(len(opinions), 2)
        self.env.flush_all()
        self.env.cr.execute("UPDATE kam_assessment SET write_date = '2026-01-01'")
        self.env.invalidate_all()
        self.assertIn("nothing changed", first.action_save()['params']['message'])
        self.assertIn("nothing changed", self._rate(self._sheet(self.user_user), image=8))
        self.assertEqual(self._opinions(), opinions)
        self.env.flush_all()
        days = {str(opinion.write_date.date()) for opinion in opinions}
        self.assertEqual(days, {'2026-01-01'}, "nothing was written")

    def test_mine_of_today_is_changed(self):
        """On whichever contact of the account it was given: two of one day would be one too many."""
        opinion = self._opinion(self.luis, self.user_user, 'image', value=3, comment="Said at noon")
        self.assertEqual(
            self._rate(self._sheet(self.user_user), image=5),
            "1 rating saved. The scores follow with the next refresh.")
        self.assertEqual((opinion.value, opinion.comment), (5, "Said at noon"))
        self.assertFalse(self._opinions(self.iberia))
        self._rate(self._sheet(self.user_user), {'image': "Said at night"}, image=5)
        self.assertEqual(opinion.comment, "Said at night")

    def test_of_several_of_today_the_one_that_counts(self):
        earlier = self._opinion(self.luis, self.user_user, 'image', value=3)
        later = self._opinion(self.iberia, self.user_user, 'image', value=4)
        self._rate(self._sheet(self.user_user), image=9)
        self.assertEqual((earlier.value, later.value), (3, 9))

    @mute_logger('odoo.sql_db')
    def test_an_archived_one_of_today_is_taken_up_again(self):
        opinion = self._ago(self.iberia, self.user_user, 'image', 3)
        opinion.action_archive()
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self._ago(self.iberia, self.user_user, 'image', 4)
        self._rate(self._sheet(self.user_user), image=6)
        self.assertEqual((opinion.active, opinion.value), (True, 6))
        # given on another contact it is in nobody's way, and stays where it was put
        elsewhere = self._ago(self.luis, self.user_user, 'co_funding', 3)
        elsewhere.action_archive()
        self._rate(self._sheet(self.user_user), co_funding=5)
        self.assertEqual((elsewhere.active, elsewhere.value), (False, 3))
        self.assertEqual(self._opinions(factor_id=self._factor('co_funding').id).value, 5)

    def test_another_day(self):
        yesterday = self.today - timedelta(1)
        self._rate(self._sheet(self.user_user), date=yesterday, image=6)
        self.assertEqual(self._opinions().date, yesterday)
        with self._refused(ValidationError, "can't be dated in the future"):
            self._rate(self._sheet(self.user_user), date=self.today + timedelta(2), image=6)

    def test_from_one_to_ten(self):
        for value in (11, -1):
            with self._refused(ValidationError, f"A rating goes from 1 to 10; {value} does not"):
                self._rate(self._sheet(self.user_user), image=value)

    def test_two_raters(self):
        self._rate(self._sheet(self.user_user), image=8)
        self._rate(self._sheet(self.user_manager), image=4)
        opinions = self._line(self._sheet(self.user_user), 'image').opinions
        self.assertEqual([(opinion['name'], opinion['value']) for opinion in opinions], [("User", 8), ("Manager", 4)])

    def test_in_one_s_own_name_only(self):
        """The sheet of a user, saved by a manager through RPC: it is not theirs, and nothing is said."""
        sheet = self._sheet(self.user_user)
        self._line(sheet, 'image').value = 9
        with self.assertRaises(AccessError):
            sheet.with_user(self.user_manager).action_save()
        self.assertFalse(self._opinions())

    def test_from_a_company_of_the_account(self):
        """What is rated is the account; the form of its company has no scores, so one goes to the account's."""
        sheet = self._sheet(self.user_user, self.logistics)
        self.assertEqual(sheet.account_id, self.iberia)
        self._line(sheet, 'image').value = 6
        following = sheet.action_save()['params']['next']
        self.assertEqual((following['res_model'], following['res_id']), ('res.partner', self.iberia.id))
        self.assertEqual(self._opinions().value, 6)
        self.assertEqual(
            self._sheet(self.user_user).action_save()['params']['next'], {'type': 'ir.actions.act_window_close'})

    def test_factors_without_anchors(self):
        plain = self.env['kam.score.factor'].create({
            'code': 'plain', 'name': "Plain", 'dimension': 'position', 'source': 'opinion', 'default_weight': 10})
        self._rate(self._sheet(self.user_user), plain=4)
        self.assertEqual((self._opinions().factor_id, self._opinions().anchor), (plain, False))
