"""The relation with an account: what raters say of it, its stage and target, and what the next stage asks for."""
import doctest
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from odoo.addons.kam_management.tools import pyramid, relationship
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger
from psycopg2.errors import UniqueViolation

from .test_kam_plan import PlanCommon


class RelationCommon(PlanCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['kam.team.member'].create({'partner_id': cls.iberia.id, 'user_id': cls.user_colleague.id})
        cls.nobody = cls._user('nobody', 'kam_management.group_kam_user')

    @classmethod
    def _say(cls, user, days=0, partner=None, **ratings):
        """What `user` says of the relation with Nordwind Iberia, so many days ago."""
        return cls.env['kam.relationship.assessment'].with_user(user).create({
            'partner_id': (partner or cls.iberia).id, 'date': cls.today - timedelta(days), **ratings})

    def _relation(self, user=None, partner=None, **values):
        return self.env['kam.relationship'].with_user(user or self.user_user).create({
            'partner_id': (partner or self.iberia).id, **values})

    def _trust(self, user=None):
        return self.iberia.with_user(user or self.user_user)._kam_trust()


@tagged('post_install', '-at_install')
class TestAssessment(RelationCommon):

    def test_trust_is_the_mean_of_what_each_rater_said_last(self):
        self.assertIs(self._trust(), False)
        self._say(self.user_colleague, 40, trust=9)
        self._say(self.user_colleague, 10, trust=6, conflict=2)
        self.assertEqual(self._trust(), 6)
        self._say(self.user_manager, 5, trust=9)
        self.assertEqual(self._trust(), 7.5)
        self._say(self.user_colleague, 1, commitment=4)
        self.assertEqual(self._trust(), 7.5, "what was not said this time goes on counting")
        self.assertEqual(self.luis.with_user(self.user_user)._kam_trust(), 7.5, "of whichever contact of the account")

    def test_the_manager_alone_makes_no_mean(self):
        self._say(self.user_user, 3, trust=9)
        self.assertIs(self._trust(), False)
        relation = self._relation()
        self.assertIn("There is no mean until a second person rates it", relation.aspects_html)
        self._say(self.user_colleague, 2, trust=5)
        self.assertEqual(self._trust(), 7)
        relation.invalidate_recordset()
        self.assertNotIn("There is no mean", relation.aspects_html)

    def test_too_old_no_longer_counts(self):
        self._say(self.user_colleague, trust=3, date=self.today - relativedelta(months=18, days=1))
        self.assertIs(self._trust(), False)
        self._say(self.user_colleague, trust=4, date=self.today - relativedelta(months=18))
        self.assertEqual(self._trust(), 4)

    def test_whoever_may_not_read_them_knows_no_trust(self):
        self._say(self.user_colleague, trust=5)
        self.assertEqual(self._trust(self.user_manager), 5)
        self.assertIs(self._trust(self.nobody), False)
        self.iberia.kam_confidentiality = 'team'
        self.assertEqual(self._trust(self.user_colleague), 5)
        self.assertIs(self._trust(self.user_manager), False)

    def test_bad_input(self):
        for values, sentence in (
            ({'trust': 11}, "a rating goes from 1 to 10; 11 does not"),
            ({'trust': 0}, "a rating goes from 1 to 10; 0 does not"),
            ({}, "Rate at least one aspect"),
            ({'trust': 5, 'date': self.today + timedelta(1)}, "can't be dated in the future"),
            ({'trust': 5, 'partner_id': self.luis.id}, "Choose the account instead"),
        ):
            with self.subTest(values=values), self._refused(ValidationError, sentence):
                self._say(self.user_user, **values)
        with self.assertRaises(AccessError):
            self._say(self.user_user, trust=5, user_id=self.user_colleague.id)
        said = self._say(self.user_user, trust=5)
        with self._refused(AccessError, "stays that of the person who gave it"):
            said.user_id = self.user_colleague
        with self.assertRaises(AccessError):
            said.with_user(self.user_manager).trust = 9
        with self.assertRaises(UniqueViolation), mute_logger('odoo.sql_db'):
            self._say(self.user_user, trust=6)

    def test_unknown_is_no_zero(self):
        said = self._say(self.user_user, trust=5)
        self.assertIs(said.conflict, False)
        self.assertEqual(said.rated_count, 1)
        found = self.env['kam.relationship.assessment'].search([('id', '=', said.id), ('conflict', '<', 5)])
        self.assertFalse(found)

    def test_doctests(self):
        for module in (relationship, pyramid):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted)
            self.assertFalse(result.failed)


@tagged('post_install', '-at_install')
class TestSheet(RelationCommon):

    def _sheet(self, user, partner=None):
        action = (partner or self.iberia).with_user(user).action_rate_relationship()
        return self.env[action['res_model']].with_user(user).browse(action['res_id'])

    def _rate(self, sheet, comment=False, **values):
        aspects = sheet.line_ids.mapped('aspect')
        with Form(sheet) as form:
            if comment:
                form.comment = comment
            for aspect, value in values.items():
                with form.line_ids.edit(aspects.index(aspect)) as line:
                    line.value = value
        return sheet.action_save()['params']['message']

    def test_ten_aspects_with_their_words(self):
        lines = self._sheet(self.user_colleague).line_ids
        self.assertEqual(len(lines), 10)
        self.assertEqual(set(lines.mapped('value')), {0}, "nothing is rated to begin with")
        for line in lines:
            self.assertTrue(all((line.name, line.description, line.anchor_1, line.anchor_4, line.anchor_7,
                                 line.anchor_10)), line.aspect)
        self.assertEqual(lines[0].anchor_1, "Every word is checked")

    def test_save_and_say_it_again(self):
        self.assertIn("everything stays", self._rate(self._sheet(self.user_colleague)))
        message = self._rate(self._sheet(self.user_colleague), "At the fair", trust=7, conflict=2)
        self.assertIn("next refresh", message)
        said = self.env['kam.relationship.assessment'].search([('partner_id', '=', self.iberia.id)])
        self.assertEqual((said.trust, said.conflict, said.cooperation, said.comment, said.user_id, said.date),
                         (7, 2, False, "At the fair", self.user_colleague, self.today))
        self.assertIn("nothing changed", self._rate(self._sheet(self.user_colleague), trust=7))
        self._rate(self._sheet(self.user_colleague), trust=8)
        self.assertEqual((said.trust, said.conflict, said.comment), (8, 2, "At the fair"))
        self.assertEqual(len(self.env['kam.relationship.assessment'].search([('partner_id', '=', self.iberia.id)])), 1)

    def test_what_was_said_before(self):
        self._say(self.user_user, 9, trust=4)
        self._say(self.user_colleague, 3, trust=8, comment="They called first")
        sheet = self._sheet(self.user_user)
        self.assertIn("Ask a second person", sheet.note)
        line = sheet.line_ids.filtered(lambda line: line.aspect == 'trust')
        self.assertEqual([(row['name'], row['value'], row['own'], row['comment']) for row in line.opinions],
                         [("User", 4, True, ''), ("Colleague", 8, False, "They called first")])
        self.assertEqual(line.published, "6.0 on average by 2 people, 4 apart")
        self.assertFalse(self._sheet(self.user_colleague).note)

    def test_a_stranger_sees_their_own_and_nobody_shut_out_rates(self):
        self._say(self.user_colleague, 3, trust=8)
        sheet = self._sheet(self.nobody)
        self.assertFalse(sheet.line_ids[0].opinions)
        self._rate(sheet, trust=2)
        self.assertEqual(self._trust(), 5)
        self.iberia.kam_confidentiality = 'team'
        with self._refused(AccessError, "is confidential"):
            self._sheet(self.nobody)
        with self.assertRaises(AccessError):
            sheet.with_user(self.user_user).read(['comment'])

    def test_import(self):
        """Ratings of several accounts and days at once; a bad row comes back with its reason, and nothing is in."""
        header = ['id', 'partner_id', 'date', 'trust', 'conflict', 'comment']
        days = [str(self.today - timedelta(age)) for age in (30, 2)]
        iberia, solo = self.iberia.display_name, self.solo.display_name
        good = [['x.first', iberia, days[0], '7', '', "They told us first"],
                ['x.second', iberia, days[1], '8', '3', ""],
                ['x.solo', solo, days[1], '', '2', ""]]
        assessments = self.env['kam.relationship.assessment'].with_user(self.user_user)
        for row, sentence in (
                (['x.bad', iberia, str(self.today - timedelta(20)), '11', '', ""],
                 "a rating goes from 1 to 10; 11 does not"),
                (['x.bad', iberia, str(self.today + timedelta(1)), '7', '', ""], "can't be dated in the future"),
                (['x.bad', iberia, str(self.today - timedelta(9)), '', '', "Well"], "Rate at least one aspect"),
                (['x.bad', iberia, days[1], '6', '', ""], "You rated the relation with this account that day already"),
                (['x.bad', "Nobody & Sons", days[0], '7', '', ""], "No matching record found"),
                (['x.bad', iberia, str(self.today - timedelta(9)), 'high', '', ""], "number|integer|high")):
            with mute_logger('odoo.sql_db'):
                result = assessments.load(header, [*good, row])
            self.assertFalse(result['ids'])
            # Odoo may say it of the whole file first, then of the row, and what follows from it.
            said = [message['message'] for message in result['messages'] if message['rows'] == {'from': 3, 'to': 3}]
            self.assertRegex("\n".join(said), sentence)
            self.assertFalse(assessments.search([('user_id', '=', self.user_user.id)]))
        ids = assessments.load(header, good)['ids']
        rows = assessments.browse(ids)
        self.assertEqual([(row.partner_id, str(row.date), row.trust, row.conflict) for row in rows], [
            (self.iberia, days[0], 7, False), (self.iberia, days[1], 8, 3), (self.solo, days[1], False, 2)])
        self.assertEqual((rows.user_id, rows[0].comment), (self.user_user, "They told us first"))
        self.env.flush_all()
        written = rows.mapped('write_date')
        with freeze_time('2040-01-01'):
            self.assertEqual(assessments.load(header, good)['ids'], ids)
            self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((rows.mapped('write_date'), rows[1].trust), (written, 8), "twice changes nothing")

    def test_import_in_the_name_of_others(self):
        """Nobody says by a file what somebody else thinks."""
        result = self.env['kam.relationship.assessment'].with_user(self.user_user).load(
            ['partner_id', 'user_id', 'trust'], [[self.iberia.display_name, self.user_colleague.name, '7']])
        self.assertFalse(result['ids'])
        self.assertTrue(result['messages'])


@tagged('post_install', '-at_install')
class TestStage(RelationCommon):

    def _gaps(self, relation):
        relation.invalidate_recordset()
        facts = relation._find_facts()[relation]
        stage = pyramid.next_stage(relation.stage)
        return {row['code']: (row['found'], row['met']) for row in pyramid.conditions_of(
            stage, facts, relation._cuts())}

    def test_suggested_by_the_share_of_wallet(self):
        relation = self._relation()
        self.assertIs(relation.suggested_stage, False)
        self.assertIn("unknown", relation.suggestion)
        score = self._score(self.iberia, share_of_wallet=0.36)
        relation.invalidate_recordset()
        self.assertEqual(relation.suggested_stage, 'interdependent')
        self.assertIn("Interdependent, from a share of wallet of 36%", relation.suggestion)
        relation.action_take_suggestion()
        self.assertEqual((relation.stage, relation.stage_date), ('interdependent', self.today))
        self.company.kam_settings_id.stage_interdependent = 40
        relation.invalidate_recordset()
        self.assertEqual(relation.suggested_stage, 'cooperative')
        score.unlink()

    def test_cuts_in_order(self):
        settings = self.company.kam_settings_id
        with self._refused(ValidationError, "out of order"):
            settings.stage_cooperative = 50
        with self._refused(ValidationError, "must lie between 0 and 100"):
            settings.stage_integrated = 120

    def test_what_the_next_stage_asks_for(self):
        relation = self._relation(stage='basic')
        self.assertEqual(self._gaps(relation), {
            'goals': (0, False), 'functions': (0, False), 'effective_communication': (False, False),
            'trust': (False, False), 'share_of_wallet': (False, False)})
        plan = self._plan(self.iberia)
        self.env['kam.plan.goal'].with_user(self.user_user).create(
            {'plan_id': plan.id, 'name': "Fewer recalls", 'whose': 'customer', 'kind': 'goal'})
        members = self.iberia.kam_member_ids.filtered('is_current')
        functions = self.env['kam.function'].search([], limit=2)
        for member, function in zip(members, functions, strict=True):
            if member.role != 'manager':
                member.function_id = function
        self._say(self.user_colleague, trust=6, effective_communication=4)
        self._score(self.iberia, share_of_wallet=0.2)
        self.assertEqual(self._gaps(relation), {
            'goals': (1, True), 'functions': (1, False), 'effective_communication': (4, False),
            'trust': (6, True), 'share_of_wallet': (0.2, True)})
        self.assertIn("2 are missing", relation.gaps_html)
        relation.stage = 'integrated'
        self.assertIn("highest stage", relation.gaps_html)

    def test_functions_in_touch_on_both_sides(self):
        """Many of us around one buyer are one pair; integrated asks for function to function."""
        relation = self._relation(stage='interdependent')
        code = {function.code: function.id for function in self.env['kam.function'].search([])}
        team = {self.user_colleague: 'logistics', self.user_manager: 'quality', self.user_admin: 'finance'}
        for user, function in team.items():
            row = self.iberia.kam_member_ids.filtered(lambda member, user=user: member.user_id == user)
            row = row or row.create({'partner_id': self.iberia.id, 'user_id': user.id})
            row.function_id = code[function]
        everybody = self.user_user | self.user_colleague | self.user_manager
        stakeholders = self.env['kam.stakeholder'].with_user(self.user_user)
        buyer = stakeholders.create({
            'contact_id': self.luis.id, 'function_id': code['purchasing'], 'counterpart_ids': everybody.ids})
        self.assertEqual(self._gaps(relation)['pairs'], (1, False))
        people = buyer
        for name, function in (("Nuria", 'logistics'), ("Marc", 'quality'), ("Eva", False)):
            person = self._partner(name, parent_id=self.iberia.id, is_company=False)
            people |= stakeholders.create({
                'contact_id': person.id, 'function_id': function and code[function],
                'counterpart_ids': everybody.ids})
        self.assertEqual(self._gaps(relation)['pairs'], (3, True))
        self.assertIn("Functions in touch on both sides, ours with theirs: 3 pairs or more", relation.gaps_html)
        people[1].action_leave()
        self.assertEqual(self._gaps(relation)['pairs'], (2, False), "who has left is in touch no longer")
        self.iberia.kam_confidentiality = 'team'
        strangers = relation.with_user(self.nobody)
        self.assertFalse(strangers._count_pairs(), "nobody learns it from the count")

    def test_bad_input(self):
        with self._refused(ValidationError, "lies below the stage"):
            self._relation(stage='integrated', target_stage='basic')
        with self._refused(ValidationError, "yet to come"):
            self._relation(stage='basic', stage_date=self.today + timedelta(1))
        with self._refused(ValidationError, "Choose the account instead"):
            self._relation(user=self.user_manager, partner=self.luis)
        self._relation()
        with self.assertRaises(UniqueViolation), mute_logger('odoo.sql_db'):
            self._relation()

    def test_on_the_account(self):
        """As fields of the contact, which only whoever may read the row sees."""
        mine = self.iberia.with_user(self.user_user)
        mine.kam_stage = 'cooperative'
        mine.kam_target_stage = 'integrated'
        relation = self.env['kam.relationship'].search([('partner_id', '=', self.iberia.id)])
        self.assertEqual((relation.stage, relation.target_stage), ('cooperative', 'integrated'))
        self._flush_tracking()
        mine.kam_stage = 'interdependent'
        self.assertIn("Stage today: Cooperative → Interdependent", self._chatter(relation))
        mine.kam_stage = 'cooperative'
        partners = self.env['res.partner']
        for user, expected in ((self.user_user, 'cooperative'), (self.user_colleague, 'cooperative'),
                               (self.user_manager, 'cooperative'), (self.nobody, False)):
            with self.subTest(user=user.name):
                self.env.invalidate_all()
                self.assertEqual(self.iberia.with_user(user).kam_stage, expected)
                self.assertEqual(self.iberia in partners.with_user(user).search([('kam_stage', '=', 'cooperative')]),
                                 bool(expected))
                self.assertEqual(self.iberia in partners.with_user(user).search([('kam_stage', '=', False)]),
                                 not expected)
        self.iberia.kam_confidentiality = 'team'
        self.env.invalidate_all()
        self.assertFalse(self.iberia.with_user(self.user_manager).kam_stage)
        with self.assertRaises(AccessError):
            self.iberia.with_user(self.nobody).kam_stage = 'basic'
        with self.assertRaises(AccessError):
            self.iberia.with_user(self.user_contributor).read(['kam_stage'])

    def test_who_writes(self):
        relation = self._relation(stage='basic')
        for user in (self.user_user, self.user_colleague, self.user_manager):
            relation.with_user(user).target_stage = 'cooperative'
        with self.assertRaises(AccessError):
            relation.with_user(self.nobody).target_stage = 'integrated'

    def test_deleting_the_account(self):
        self._say(self.user_user, partner=self.solo, trust=5)
        with self._refused(UserError, "would be lost"):
            self.solo.unlink()

    def test_queries_do_not_grow(self):
        def opened(relation):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            relation.read(['suggestion', 'quality', 'gaps_html', 'aspects_html'])
            return self.cr.sql_log_count - before
        relation = self._relation(stage='basic')
        self._say(self.user_colleague, 1, trust=5)
        opened(relation)
        few = opened(relation)
        for days in range(2, 200):
            self._say(self.user_colleague, days, trust=5)
        self.assertEqual(opened(relation), few)


@tagged('post_install', '-at_install')
class TestMerge(RelationCommon):

    def test_merged_accounts_keep_what_was_said(self):
        other = self._partner('Nordwind Sur', kam_manager_id=self.user_user.id, is_key_account=True)
        self._say(self.user_user, trust=5, comment="Here")
        self._say(self.user_user, partner=other, trust=9, conflict=3, comment="There")
        self._say(self.user_manager, partner=other, closeness=4)
        kept = self._relation(stage='basic')
        self._relation(partner=other, stage='integrated')
        self.env['base.partner.merge.automatic.wizard'].with_user(self.user_system).sudo()._merge(
            [self.iberia.id, other.id], self.iberia)
        said = self.env['kam.relationship.assessment'].search([('partner_id', '=', self.iberia.id)])
        own = said.filtered(lambda row: row.user_id == self.user_user)
        self.assertEqual((own.trust, own.conflict, own.comment), (5, 3, "Here\nThere"))
        self.assertEqual(len(said), 2)
        self.assertEqual(self.env['kam.relationship'].search([('partner_id', '=', self.iberia.id)]), kept)
        self.assertEqual(kept.stage, 'basic')
        self.assertIn("was in the stage Integrated", self._chatter(kept))

    def test_a_bare_row_takes_the_stage_of_the_other(self):
        other = self._partner('Nordwind Sur')
        kept = self._relation()
        self._relation(user=self.user_manager, partner=other, stage='cooperative', target_stage='integrated')
        self.env['base.partner.merge.automatic.wizard'].with_user(self.user_system).sudo()._merge(
            [self.iberia.id, other.id], self.iberia)
        self.assertEqual((kept.stage, kept.target_stage), ('cooperative', 'integrated'))

    def test_a_member_leaves(self):
        """What they said goes on counting as long as it is not too old."""
        self._say(self.user_colleague, trust=5)
        self.user_colleague.active = False
        self.assertEqual(self._trust(), 5)
