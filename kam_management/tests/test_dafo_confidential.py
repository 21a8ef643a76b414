"""What a strategy tells of the analyses that it crosses: nothing to whoever may not read one of them."""
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .dafo_common import CUSTOMER, US, DafoCommon


@tagged('post_install', '-at_install')
class TestStrategyConfidential(DafoCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # In the team, and not the manager.
        cls.env['kam.team.member'].create({'partner_id': cls.iberia.id, 'user_id': cls.user_colleague.id})
        cls.cards = cls._card(cls.us, 'strength') | cls._card(cls.customer, 'opportunity')
        cls.strategy = cls._strategy(cls.cards, user=cls.user_user)
        cls.lead = cls.env['crm.lead'].create({
            'name': "Trays", 'partner_id': cls.iberia.id, 'kam_strategy_id': cls.strategy.id, 'type': 'opportunity',
            'user_id': cls.user_colleague.id})

    def _hide(self, dafo=None, level='manager'):
        (dafo or self.us).with_user(self.user_user).confidentiality = level
        self.env.invalidate_all()

    def _reads(self, user, strategy=None):
        strategies = self.env['kam.dafo.strategy'].with_user(user)
        strategy = (strategy or self.strategy).with_user(user)
        found = strategies.search([('id', '=', strategy.id)])
        self.assertEqual(bool(found), strategy.has_access('read'))
        return bool(found)

    def test_as_confidential_as_its_analyses(self):
        """Also when the analysis becomes confidential later, or is archived, or the strategy is opened wider."""
        self.assertTrue(self._reads(self.user_colleague))
        self._hide()
        self.assertEqual(self.strategy.confidentiality, 'company')
        for user, seen in ((self.user_user, True), (self.user_colleague, False), (self.user_manager, True)):
            self.assertEqual(self._reads(user), seen, user.login)
        self.us.with_user(self.user_manager).action_archive()
        self.env.invalidate_all()
        self.assertFalse(self._reads(self.user_colleague))
        self.us.with_user(self.user_manager).action_unarchive()
        mine = self._strategy(self.cards, user=self.user_user)
        self.assertEqual(mine.confidentiality, 'manager')
        mine.with_user(self.user_user).confidentiality = 'company'
        self.assertFalse(self._reads(self.user_colleague, mine))
        self._hide(level='company')
        self.assertTrue(self._reads(self.user_colleague, mine))

    def test_cards_that_are_added(self):
        self._hide(self.customer)
        strategy = self._strategy(
            self._card(self.us, 'weakness'),
            self._card(self._dafo(self.iberia, CUSTOMER, subject='chain'), 'threat'), user=self.user_user)
        self.assertTrue(self._reads(self.user_colleague, strategy))
        strategy.with_user(self.user_user).item_ids = [Command.link(self._card(self.customer, 'threat').id)]
        self.env.invalidate_all()
        self.assertFalse(self._reads(self.user_colleague, strategy))

    def test_whoever_wrote_it_goes_on_reading_it(self):
        """And of its cards only those that they may read."""
        mine = self._strategy(self.cards, user=self.user_colleague)
        self._hide()
        read = mine.with_user(self.user_colleague).web_read({
            'name': {}, 'kind': {}, 'item_ids': {'fields': {'display_name': {}, 'name': {}}}})[0]
        self.assertEqual((read['kind'], [card['name'] for card in read['item_ids']]), ('fo', ["Snacks to go"]))
        grid = self.env['kam.dafo.strategy'].with_user(self.user_colleague).get_grid(self.iberia.id)
        self.assertEqual([row['id'] for row in grid['strategies']], [mine.id])
        self.assertEqual(grid['strategies'][0]['items'], self._card(self.customer, 'opportunity').ids)
        self.assertNotIn("Fibre trays", str(grid['rows'] + grid['columns']))
        mine.with_user(self.user_colleague).name = "Snacks"  # its cards, the hidden one too, still make sense
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(mine.item_ids, self.cards)

    def test_what_others_that_point_at_it_tell(self):
        objective = self.env['kam.objective'].with_user(self.user_user).create({
            'name': "Half", 'partner_id': self.iberia.id, 'strategy_id': self.strategy.id,
            'owner_id': self.user_colleague.id})
        self._hide()
        (self.user_colleague | self.user_user).group_ids |= self.env.ref('base.group_allow_export')
        for record, name in ((self.lead, 'kam_strategy_id'), (objective, 'strategy_id')):
            theirs = record.with_user(self.user_colleague)
            self.assertEqual(theirs.read([name])[0][name][1], "A strategy")
            self.assertEqual(
                theirs.web_read({name: {'fields': {'display_name': {}}}})[0][name]['display_name'], "A strategy")
            groups = theirs.formatted_read_group([('id', '=', record.id)], [name], ['__count'])
            self.assertEqual([group[name][1] for group in groups], ["A strategy"])
            with self.assertRaises(AccessError):
                theirs.export_data([f'{name}/name', f'{name}/item_ids/name'])
            self.assertFalse(theirs.search([('id', '=', record.id), (f'{name}.name', 'ilike', "fibre")]))
            self.assertFalse(theirs.search([('id', '=', record.id), (f'{name}.item_ids.name', 'ilike', "fibre")]))
            self.assertEqual(record.with_user(self.user_manager).read([name])[0][name][1], "Fibre trays for snacks")

    def test_the_name_of_an_analysis(self):
        self._hide()
        self.assertIn("Us", self.us.with_user(self.user_user).display_name)
        self.env.invalidate_all()
        self.assertEqual(self.us.with_user(self.user_colleague).sudo().display_name, "Confidential")

    def test_what_comes_of_it_is_as_confidential(self):
        self._hide()
        mine = self.strategy.with_user(self.user_user)
        lead = self.env['crm.lead'].browse(mine.action_create_opportunity()['res_id'])
        self.assertEqual(lead.name, "Nordwind Iberia", "its words stay with those who may read it")
        objective = self.env['kam.objective'].browse(mine.action_create_objective()['res_id'])
        self.assertEqual(objective.confidentiality, 'manager')

    # ------------------------------------------------------------------ what a hidden strategy holds
    def test_a_hidden_strategy_goes_on_making_sense(self):
        """Whoever may not see it is refused what would break it, and is told nothing of it."""
        self.strategy.with_user(self.user_user).confidentiality = 'manager'
        self.env.invalidate_all()
        card = self._card(self.us, 'strength').with_user(self.user_colleague)
        with self._refused(ValidationError, "A strategy that you may not read rests on “Fibre trays”") as refusal:
            card.quadrant = 'threat'
        with self._refused(ValidationError, "^A strategy of Nordwind Iberia rests on these cards. Copy"):
            self.us.with_user(self.user_colleague).sudo(False).partner_id = self._their_account()
        del refusal
        card.quadrant = 'weakness'
        self.assertEqual(self.strategy.kind, 'do')

    def _their_account(self):
        self.solo.user_id = self.user_colleague
        return self.solo

    def test_nobody_crosses_what_they_may_not_read(self):
        self._hide()
        hidden = self._card(self.us, 'strength')
        card = self._card(self.customer, 'opportunity')
        other = self._dafo(self.solo, US)
        for cards in (hidden | card, self._card(other, 'strength') | card):
            with self.assertRaises(AccessError):
                self._strategy(cards, user=self.user_colleague, partner_id=self.iberia.id)
        mine = self._strategy(
            card, self._card(self._dafo(self.iberia, US, subject='chain'), 'strength'), user=self.user_colleague)
        with self.assertRaises(AccessError):
            mine.with_user(self.user_colleague).item_ids = [Command.link(hidden.id)]
        with self.assertRaises(AccessError):  # from the other side
            self._card(self.customer, 'strength').with_user(self.user_colleague).strategy_ids = [
                Command.link(self.strategy.id)]

    # ------------------------------------------------------------------ companies
    def test_companies_do_not_cross_theirs(self):
        self.user_user.company_ids |= self.company_2
        there = self._dafo(self.iberia, [('strength', "There", 3)], user=self.env.user, company_id=self.company_2.id)
        both = {'allowed_company_ids': (self.company | self.company_2).ids}
        strategies = self.env['kam.dafo.strategy'].with_user(self.user_user).with_context(**both)
        names = [row['name'] for row in strategies.get_grid(self.iberia.id)['rows']]
        self.assertEqual(len(names), 4)
        self.assertNotIn("There", names)
        action = there.with_user(self.user_user).with_context(**both).action_cross()
        grid = strategies.get_grid(self.iberia.id, action['context']['kam_company_id'])
        self.assertEqual(([row['name'] for row in grid['rows']], grid['strategies']), (["There"], []))
