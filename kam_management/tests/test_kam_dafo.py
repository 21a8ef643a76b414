"""Analyses and their cards, the strategies that cross them, and what comes of these."""
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..models.kam_dafo_strategy import KIND_OF
from .dafo_common import CUSTOMER, US, DafoCommon


@tagged('post_install', '-at_install')
class TestKamDafo(DafoCommon):

    def test_form(self):
        with Form(self.env['kam.dafo'].with_user(self.user_user)) as form:
            form.partner_id = self.iberia
            form.subject = 'competitor'
            form.competitor_name = "Cartonajes Sur"
            form.advantage = "Two plants beside its own"
        dafo = form.record
        self.assertEqual((dafo.date, dafo.user_id), (self.today, self.user_user))
        self.assertIn("Cartonajes Sur", dafo.display_name)
        self.assertEqual(dafo.advantage, "Two plants beside its own")

    def test_of_the_customer_its_value_chain_us_and_each_competitor(self):
        for subject, name in (('customer', "The customer"), ('chain', "Its value chain"), ('us', "Us")):
            with Form(self.env['kam.dafo'].with_user(self.user_user)) as form:
                form.partner_id = self.solo
                form.subject = subject
            self.assertIn(name, form.record.display_name)
        for rival in ("Cartonajes Sur", "Plastenova"):
            with Form(self.env['kam.dafo'].with_user(self.user_user)) as form:
                form.partner_id = self.solo
                form.subject = 'competitor'
                form.competitor_name = rival
        names = self.env['kam.dafo'].with_user(self.user_user).search(
            [('partner_id', '=', self.solo.id)]).mapped('display_name')
        self.assertEqual(len(set(names)), 5)

    def test_competitor(self):
        dafos = self.env['kam.dafo'].with_user(self.user_user)
        values = {'partner_id': self.iberia.id, 'subject': 'competitor'}
        with self._refused(ValidationError, "which competitor"):
            dafos.create(values)
        for partner in (self.iberia, self.logistics, self.luis):
            with self._refused(ValidationError, "own competitor"):
                dafos.create({**values, 'competitor_id': partner.id})
        with self._refused(ValidationError, "own competitor"):
            dafos.create({**values, 'competitor_name': " nordwind iberia "})
        rival = self._partner("Rival")
        dafo = dafos.create({**values, 'competitor_id': rival.id})
        self.assertEqual(dafo.competitor_name, "Rival")
        rival.unlink()
        self.assertEqual((dafo.competitor_id.id, dafo.competitor_name), (False, "Rival"), "the name stays")

    def test_plan_of_the_account(self):
        plan = self._plan(self.solo)
        with self._refused(ValidationError, "a plan of"):
            self.customer.with_user(self.user_manager).plan_id = plan
        self.us.with_user(self.user_manager).plan_id = self._plan()

    def test_closed_plan(self):
        plan = self._plan()
        self.us.with_user(self.user_manager).plan_id = plan
        plan.with_user(self.user_manager).action_activate()
        plan.with_user(self.user_manager).action_close()
        card = self._card(self.us, 'strength').with_user(self.user_user)
        for refused in (lambda: card.write({'name': "Else"}), card.unlink,
                        lambda: card.dafo_id.write({'advantage': "Else"})):
            with self._refused(UserError, "is closed and stays as it was"):
                refused()
        after = self.env['kam.dafo'].browse(card.dafo_id.action_copy()['res_id'])
        self.assertFalse(after.plan_id)
        after.item_ids[0].with_user(self.user_user).name = "Else"

    def test_cards(self):
        card = self._card(self.customer, 'strength').with_user(self.user_user)
        for impact in (0, 4, False):
            with self._refused(ValidationError, "impact of a card is 1, 2 or 3"):
                card.impact = impact
        with self._refused(ValidationError, "one line"):
            card.name = "  "
        card.write({'quadrant': 'weakness', 'impact': 1})

    def test_new_version(self):
        action = self.customer.with_user(self.user_user).action_copy()
        after = self.env['kam.dafo'].browse(action['res_id'])
        self.assertFalse(self.customer.active)
        self.assertEqual(
            [(item.quadrant, item.name, item.impact) for item in after.item_ids], CUSTOMER)
        self.assertEqual(after.user_id, self.user_user)

    # ------------------------------------------------------------------ strategies
    def test_kind(self):
        found = {}
        for (inside, outside), kind in KIND_OF.items():
            strategy = self._strategy(
                self._card(self.customer, inside), self._card(self.customer, outside), user=self.user_user)
            self.assertEqual(strategy.kind, kind)
            found[kind] = strategy
        crossed = self._strategy(self._card(self.us, 'strength'), self._card(self.customer, 'opportunity'))
        self.assertEqual(crossed.kind, 'fo', "cards of different analyses may be paired")

    def test_refused_cards(self):
        card = {quadrant: self._card(self.customer, quadrant) for quadrant, _name, _impact in CUSTOMER}
        for cards, sentence in (
                ([card['strength']], "inside with what is outside"),
                ([card['strength'], card['weakness']], "inside with what is outside"),
                ([card['strength'], card['weakness'], card['threat']], "Strengths and weaknesses"),
                ([card['strength'], card['opportunity'], card['threat']], "Opportunities and threats")):
            with self._refused(ValidationError, sentence):
                self._strategy(*cards, user=self.user_user)
        other = self._dafo(self.solo, CUSTOMER)
        with self._refused(ValidationError, "another account"):
            self._strategy(card['strength'], self._card(other, 'opportunity'), partner_id=self.iberia.id)

    def test_card_that_a_strategy_rests_on(self):
        strength, opportunity = self._card(self.us, 'strength'), self._card(self.customer, 'opportunity')
        strategy = self._strategy(strength, opportunity)
        mine = strength.with_user(self.user_user)
        mine.quadrant = 'weakness'
        self.assertEqual(strategy.kind, 'do', "the kind follows")
        with self._refused(ValidationError, "Take it out there first"):
            mine.quadrant = 'threat'
        with self._refused(UserError, "rests on"):
            mine.unlink()
        with self._refused(UserError, "rests on"):
            self.us.with_user(self.user_manager).unlink()
        with self._refused(ValidationError, "Copy the analysis"):
            self.us.with_user(self.user_manager).partner_id = self.solo

    def test_grid(self):
        strategy = self._strategy(self._card(self.us, 'strength'), self._card(self.customer, 'opportunity'))
        self._dafo(self.solo, US)
        self._dafo(self.iberia, US, active=False)
        grid = self.env['kam.dafo.strategy'].with_user(self.user_user).get_grid(self.iberia.id)
        self.assertEqual(
            [(row['name'], row['subject']) for row in grid['rows']],
            [("Own bakeries", "The customer"), ("Fibre trays", "Us"), ("No packaging engineers", "The customer"),
             ("Long lead times", "Us")])
        self.assertEqual([column['name'] for column in grid['columns']], ["Snacks to go", "Tax on plastics"])
        self.assertEqual(grid['strategies'], [
            {'id': strategy.id, 'name': strategy.name, 'kind': 'fo', 'items': strategy.item_ids.ids}])
        nothing = self.env['kam.dafo.strategy'].with_user(self.user_colleague).get_grid(self.iberia.id)
        self.assertEqual(nothing, {'rows': [], 'columns': [], 'strategies': []})

    def test_opportunity_and_back(self):
        strategy = self._strategy(
            self._card(self.us, 'strength'), self._card(self.customer, 'opportunity'), user=self.user_user)
        mine = strategy.with_user(self.user_user)
        lead = self.env['crm.lead'].browse(mine.action_create_opportunity()['res_id']).with_user(self.user_user)
        self.assertEqual((lead.partner_id, lead.kam_strategy_id, lead.user_id), (self.iberia, strategy, self.user_user))
        self.assertEqual(lead.action_open_kam_strategy()['res_id'], strategy.id)
        self.assertEqual((lead.name, mine.lead_count), (strategy.name, 1))
        mine.confidentiality = 'team'
        told = self.env['crm.lead'].browse(mine.action_create_opportunity()['res_id'])
        self.assertEqual(told.name, "Nordwind Iberia", "its words stay with those who may read it")
        with self._refused(UserError, "Archive it instead"):
            mine.unlink()

    def test_objective_and_back(self):
        plan = self._plan()
        plan.with_user(self.user_manager).action_activate()
        strategy = self._strategy(
            self._card(self.us, 'strength'), self._card(self.customer, 'opportunity'), user=self.user_user)
        mine = strategy.with_user(self.user_user)
        objective = self.env['kam.objective'].browse(mine.action_create_objective()['res_id'])
        self.assertEqual(
            (objective.strategy_id, objective.plan_id, objective.owner_id, objective.state),
            (strategy, plan, self.user_user, 'draft'))
        self.assertEqual(objective.with_user(self.user_user).action_open_strategy()['res_id'], strategy.id)
        self.assertEqual(mine.objective_count, 1)

    # ------------------------------------------------------------------ confidentiality
    def test_confidential(self):
        self.env['kam.team.member'].create({'partner_id': self.iberia.id, 'user_id': self.user_colleague.id})
        cards = self._card(self.us, 'strength') | self._card(self.customer, 'opportunity')
        strategy = self._strategy(cards)
        for level, readers in (('company', 'user colleague manager'), ('team', 'user colleague manager'),
                               ('manager', 'user manager')):
            self.us.with_user(self.user_user).confidentiality = level
            for role in ('user', 'colleague', 'manager', 'contributor', 'sales'):
                seen = role in readers.split()
                for record in (self.us, self.us.item_ids[0]):
                    mine = record.with_user(getattr(self, f'user_{role}'))
                    self.assertEqual(mine.has_access('read'), seen, (level, role, record._name))
        self.assertEqual(self._strategy(cards).confidentiality, 'manager', "as confidential as its strictest analysis")
        self.assertEqual(strategy.confidentiality, 'company', "which does not change those that are there")
        self.assertFalse(strategy.with_user(self.user_colleague).has_access('read'), "and hides them all the same")
        with self._refused(AccessError, "kam.dafo|access|SWOT|confidential"):
            self.env['kam.dafo.item'].with_user(self.user_colleague).create({
                'dafo_id': self.us.id, 'name': "Let in", 'quadrant': 'threat'})

    def test_name_of_a_hidden_strategy(self):
        strategy = self._strategy(
            self._card(self.us, 'strength'), self._card(self.customer, 'opportunity'), confidentiality='manager')
        lead = self.env['crm.lead'].create({
            'name': "Trays", 'partner_id': self.iberia.id, 'kam_strategy_id': strategy.id,
            'user_id': self.user_colleague.id})
        told = lead.with_user(self.user_colleague).read(['kam_strategy_id'])[0]['kam_strategy_id']
        self.assertEqual(told[1], "A strategy")
        told = lead.with_user(self.user_manager).read(['kam_strategy_id'])[0]['kam_strategy_id']
        self.assertEqual(told[1], strategy.name)

    # ------------------------------------------------------------------ merging, deleting
    def test_deleting_the_account(self):
        with self._refused(UserError, "Archive (the contact|it)"):
            self.iberia.with_user(self.user_user).unlink()

    def test_query_counts(self):
        """A board and a grid of 500 cards take as many queries as those of 5."""
        counts = []
        for number in (5, 500):
            partner = self._partner(f"Many {number}", user_id=self.user_user.id)
            half = number // 2
            dafo = self._dafo(partner, [
                ('strength' if index < half else 'threat', f"Card {index}", 1 + index % 3) for index in range(number)])
            self.env['kam.dafo.strategy'].create([
                {'name': f"Strategy {index}", 'partner_id': partner.id,
                 'item_ids': [Command.set([dafo.item_ids[index].id, dafo.item_ids[-1 - index].id])]}
                for index in range(half)])

            def look(dafo=dafo, partner=partner):
                self.env['kam.dafo.strategy'].with_user(self.user_user).get_grid(partner.id)
                dafo.with_user(self.user_user).web_read({
                    'display_name': {}, 'strategy_count': {},
                    'item_ids': {'fields': {'name': {}, 'quadrant': {}, 'strategy_count': {}}}})
            counts.append(self._count_queries(look))
        self.assertLessEqual(counts[1], counts[0])


@tagged('post_install', '-at_install')
class TestDafoAccount(DafoCommon):

    def test_accounts_only(self):
        for partner in (self.logistics, self.luis):
            with self._refused(ValidationError, "Choose the account"):
                self._dafo(partner, US)
            with self._refused(ValidationError, "Choose the account"):
                self._objective(partner_id=partner.id, user=self.user_manager)

    def test_merge(self):
        strategy = self._strategy(self._card(self.us, 'strength'), self._card(self.customer, 'opportunity'))
        objective = self._objective(strategy_id=strategy.id)
        rival = self._partner("Rival")
        theirs = self._dafo(self.iberia, US, subject='competitor', competitor_id=rival.id)
        twin = self._partner("Nordwind Iberia S.A.")
        merging = self.env['base.partner.merge.automatic.wizard'].with_user(self.user_sales)
        merging._merge((self.iberia | twin).ids, twin.with_user(self.user_sales), extra_checks=False)
        self.env.invalidate_all()
        self.assertEqual(
            {record.partner_id for record in (self.customer, self.us, theirs, strategy, objective)}, {twin})
        # the competitor turns out to be the customer
        merging._merge((twin | rival).ids, twin.with_user(self.user_sales), extra_checks=False)
        self.env.invalidate_all()
        self.assertEqual((theirs.competitor_id.id, theirs.competitor_name), (False, "Rival"))
        theirs.with_user(self.user_manager).advantage = "It goes on being edited"

    def test_deleting_the_company(self):
        company = self.env['res.company'].create({'name': "Third"})
        self.env['kam.dafo'].create({'partner_id': self.solo.id, 'company_id': company.id})
        with self._refused(UserError, "Archive the company"):
            company.unlink()

    def test_handing_over(self):
        mine = self._objective()
        ended = self._objective()
        for objective in (mine, ended):
            objective.action_start()
        ended.action_miss()
        wizard = self.env['kam.handover'].with_user(self.user_manager).create({
            'partner_ids': [Command.set(self.iberia.ids)], 'user_id': self.user_colleague.id})
        self.assertEqual(wizard.objective_count, 1)
        wizard.action_confirm()
        self.assertEqual((mine.owner_id, mine.state, mine.owner_agreed), (self.user_colleague, 'running', False))
        self.assertEqual(ended.owner_id, self.user_user, "what has ended stays that of whoever did it")
