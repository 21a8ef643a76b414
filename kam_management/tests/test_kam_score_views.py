"""What the screens show: texts, marks and links; and that a form costs the same whatever the data."""
from datetime import timedelta

from lxml import etree, html
from odoo.tests import new_test_user, tagged

from .common import KamCommon


@tagged('post_install', '-at_install')
class TestScoreViews(KamCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.execute("DELETE FROM kam_score; DELETE FROM kam_score_history")
        cls.env.invalidate_all()

    def _run(self, days=0, **values):
        return self.env['kam.sync.run'].sudo().create({
            'company_id': self.company.id, 'as_of': self.today - timedelta(days), 'state': 'published',
            'date_end': f'{self.today - timedelta(days)} 08:00:00', **values})

    def _panel(self, partner, user):
        """The panel of the tab as its text, and as a tree."""
        tree = html.fromstring(partner.with_user(user).kam_panel_html)
        return " ".join(tree.text_content().split()), tree

    def _tile(self, tree, name):
        return tree.xpath(f"//div[@data-name='{name}']/div[contains(@class, 'kam_tile_value')]")[0]

    # ------------------------------------------------------------------ the tab
    def test_unknown_is_said_in_words(self):
        self._run()
        self._score(self.iberia, revenue=0, health=False, attractiveness=61.9, is_compared=True, pareto_class='C')
        text, tree = self._panel(self.iberia, self.user_user)
        self.assertEqual(self._tile(tree, 'attractiveness').text, "62")
        self.assertEqual(self._tile(tree, 'health').text, "unknown")
        self.assertIn("kam_unknown", self._tile(tree, 'health').get('class'))
        self.assertRegex(self._tile(tree, 'revenue').text, r"^\D*0\D*$", "a revenue of 0 is known")
        self.assertEqual(self._tile(tree, 'net_margin').text, "unknown")
        self.assertIn("today", text)

    def test_not_assessed_says_what_to_do(self):
        self._run()
        self._score(self.solo, revenue=10, is_compared=False)
        text, tree = self._panel(self.solo, self.user_user)
        self.assertEqual(self._tile(tree, 'attractiveness').text, "not assessed")
        self.assertIn("Give an opinion on this customer's strategic value", text)

    def test_age_and_staleness(self):
        self._run(days=3)
        self._score(self.solo, revenue=10)
        text, tree = self._panel(self.solo, self.user_user)
        self.assertIn("3 days ago", text)
        self.assertTrue(tree.xpath("//*[@name='kam_age']/span[contains(@class, 'kam_tone_warn')]"))

    def test_empty_states(self):
        for partner, sentence in (
            (self.solo, "No scores yet"), (self.iberia, "No scores to show"),
            (self.france, "Part of Nordwind Group"),
        ):
            with self.subTest(partner.name):
                self.assertIn(sentence, self._panel(partner, self.user_manager)[0])

    def test_scores_of_others_are_not_shown(self):
        self._run()
        self._score(self.iberia, revenue=10, health=81, health_band='green', is_compared=True)
        text, _tree = self._panel(self.iberia, self.user_colleague)
        self.assertNotIn("81", text)
        self.assertIn("shown to its manager and team", text)
        self.assertIs(self.iberia.with_user(self.user_colleague).kam_health, False)
        self.assertFalse(self.iberia.with_user(self.user_colleague).kam_health_band)

    def test_names_are_escaped(self):
        self.france.parent_id.name = "<script>alert(1)</script>"
        panel = str(self.france.with_user(self.user_manager).kam_panel_html)
        self.assertNotIn("<script>", panel)

    def test_every_role_opens_its_screens(self):
        """Nobody's partner form breaks, and nobody is offered a field that they may not write."""
        for user, widget in (
            (self.user_sales, []), (self.user_contributor, [None]), (self.user_user, ['kam_nominate']),
            (self.user_manager, ['kam_nominate']), (self.user_admin, ['kam_nominate']), (self.user_system, []),
        ):
            with self.subTest(user.name):
                partners = self.env['res.partner'].with_user(user)
                partners.get_views([(False, 'list'), (False, 'kanban'), (False, 'search')])
                arch = etree.fromstring(partners.get_view(view_type='form')['arch'])
                flags = arch.xpath("//page[@name='kam_account']//field[@name='is_key_account']")
                self.assertEqual([flag.get('widget') for flag in flags], widget)
                self.assertTrue(all(flag.get('readonly') for flag in flags))
        for model, kinds in (
            ('kam.score', 'list kanban pivot graph form search'), ('kam.score.history', 'list graph search'),
            ('kam.assessment', 'list kanban form search'), ('kam.portfolio', 'list kanban graph form search'),
            ('kam.sync.run', 'list kanban form search'), ('kam.kpi', 'list form search'),
            ('kam.score.factor', 'list form search'), ('kam.cost.driver', 'list form search'),
            ('kam.nomination', 'list kanban form search'), ('kam.team.member', 'list kanban form search'),
            ('kam.manager', 'list form search'), ('kam.tier', 'list form search'), ('kam.function', 'list search'),
            ('kam.wallet', 'list pivot search'), ('kam.investment', 'list kanban pivot graph form search'),
            ('kam.investment.type', 'list form search'),
            ('kam.competence', 'list search'), ('kam.handover', 'form'), ('kam.nomination.decision', 'form'),
        ):
            with self.subTest(model):
                self.env[model].with_user(self.user_admin).get_views([(False, kind) for kind in kinds.split()])

    # ------------------------------------------------------------------ history
    def test_settings_mark(self):
        """The mark stands where the settings differ from those of the day before it in the account's own history."""
        runs = [self._run(days, config_hash=config) for days, config in ((3, 'a'), (2, 'a'), (1, 'b'), (0, 'b'))]
        rows = [self._history(self.solo, run.as_of, run_id=run.id) for run in runs]
        marks = [row.with_user(self.user_user).settings_changed for row in rows]
        self.assertEqual(marks, [False, False, True, False])

    # ------------------------------------------------------------------ cost
    def _read_form(self, partner):
        """What the form of the partner asks for, with the fields of our tab."""
        view = self.env['res.partner'].with_user(self.user_user).get_view(view_type='form')
        names = [name for name in view['models']['res.partner'] if name.startswith('kam_') or name == 'is_key_account']
        spec = {name: {} for name in names}
        spec['kam_assessment_ids'] = {'limit': 40, 'order': 'date DESC, id DESC', 'fields': {
            'factor_id': {'fields': {'display_name': {}}}, 'value': {}, 'comment': {}, 'anchor_1': {}, 'date': {},
            'user_id': {'fields': {'display_name': {}}}}}
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        partner.with_user(self.user_user).web_read(spec)
        return self.cr.sql_log_count - before

    def _surround(self, partner, count):
        """A key account with decisions behind it, a nomination that waits, and a team."""
        key, strategic = (self.env.ref(f'kam_management.tier_{code}') for code in ('key', 'strategic'))
        for number in range(count):
            nomination = self.env['kam.nomination'].with_user(self.user_manager).create({
                'partner_id': partner.id, 'tier_id': (key, strategic)[number % 2].id, 'reason': "Again.",
                'manager_id': self.user_user.id})
            nomination.action_propose()
            nomination.action_accept()
        self.env['kam.team.member'].create([
            {'partner_id': partner.id, 'role': 'member', 'user_id': new_test_user(
                self.env, f'{partner.name}_{number}', groups='kam_management.group_kam_contributor').id}
            for number in range(count)])
        self.env['kam.nomination'].with_user(self.user_manager).create({'partner_id': partner.id, 'kind': 'exit'})

    def test_form_costs_the_same_whatever_the_data(self):
        self._run()
        few, many = self._partner("Few", user_id=self.user_user.id), self._partner("Many", user_id=self.user_user.id)
        for partner, count in ((few, 5), (many, 500)):
            self.env['res.partner'].create([
                {'name': f"Subsidiary {number}", 'parent_id': partner.id} for number in range(count)])
            self._score(partner, revenue=10, health=50, is_compared=True)
            factor = self.env.ref('kam_management.factor_strategic_value')
            self.env['kam.assessment'].with_user(self.user_user).create([
                {'partner_id': partner.id, 'factor_id': factor.id, 'value': 7, 'date': self.today - timedelta(number)}
                for number in range(count)])
            for number in range(count):
                self._history(partner, self.today - timedelta(number), revenue=10)
            self._surround(partner, 1 + count // 25)
        self._read_form(few)  # what is read once per registry
        self.assertEqual(self._read_form(many), self._read_form(few))
