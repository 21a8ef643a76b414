"""Investments: asked for, decided on, made; what they cost and what they bring."""
from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .investment_common import InvestmentCommon
from .test_partner_merge_programme import MergeCommon


@tagged('post_install', '-at_install')
class TestInvestment(InvestmentCommon):

    def test_a_salesperson_asks_and_a_manager_decides(self):
        with Form(self.env['kam.investment'].with_user(self.user_user)) as form:
            form.name = "Moulds for the bakeries"
            form.partner_id = self.iberia
            form.type_id = self.env.ref('kam_management.investment_type_tailored_product')
            self.assertEqual(form.life, 36, "as is usual for the type")
            form.amount = 18000
            form.approver_id = self.user_manager
        investment = form.record
        self.assertEqual((investment.state, investment.user_id, investment.owner_id),
                         ('requested', self.user_user, self.user_user))
        self.assertEqual((investment.monthly_cost, investment.date_end), (500.0, False))
        self.assertEqual(investment.sudo().activity_ids.user_id, self.user_manager)
        self._flush_tracking()
        decided = investment.with_user(self.user_manager)
        decided.action_approve()
        self.assertEqual((decided.state, decided.decided_by_id, decided.date_decided),
                         ('approved', self.user_manager, self.today))
        self.assertFalse(investment.sudo().activity_ids, "the question is answered")
        investment.action_make()
        self.assertEqual((investment.state, investment.date_start), ('made', self.today))
        self.assertIn("State: Requested → Made", self._chatter(investment))

    def test_each_type_of_investment(self):
        """Staff, training, sponsorship, a tailored product, technology and channel, a sales structure: each has its
        name and the life that is usual for it, and is added up by it."""
        names = {}
        for code in ('dedicated_staff', 'training', 'sponsorship', 'tailored_product', 'technology_channel',
                     'sales_structure'):
            kind = self.env.ref(f'kam_management.investment_type_{code}')
            with Form(self.env['kam.investment'].with_user(self.user_user)) as form:
                form.name, form.partner_id, form.type_id, form.amount = code, self.iberia, kind, 1000
            self.assertEqual(form.record.life, kind.life)
            names[kind.name] = 1000
        sums = self.env['kam.investment'].with_user(self.user_user)._read_group(
            [('partner_id', '=', self.iberia.id)], ['type_id'], ['amount:sum'])
        self.assertEqual({kind.name: amount for kind, amount in sums}, names)
        self.assertEqual(len(names), 6)

    def test_only_managers_of_the_programme_decide(self):
        investment = self._investment()
        for user in (self.user_user, self.user_colleague):
            for step in ('action_approve', 'action_refuse', 'action_reset'):
                with self.subTest(user=user.login, step=step), self._refused(
                        AccessError, "Only Key Accounts managers decide"):
                    getattr(investment.with_user(user), step)()
        with self._refused(ValidationError, "doesn't decide on investments"):
            investment.with_user(self.user_user).approver_id = self.user_colleague
        # Nor past the buttons, nor by what an import or a default says.
        with self._refused(UserError, "moves on by its buttons"):
            investment.with_user(self.user_manager).state = 'approved'
        for values, context in (({'state': 'made'}, {}), ({}, {'default_state': 'made'}),
                                ({'decided_by_id': self.user_manager.id}, {})):
            with self._refused(UserError, "moves on by its buttons"):
                self.env['kam.investment'].with_user(self.user_user).with_context(**context).create({
                    'name': "X", 'partner_id': self.iberia.id, 'type_id': self.training.id, 'amount': 1, **values})

    def test_a_manager_may_decide_on_what_they_asked_for(self):
        self.assertEqual(self._investment(user=self.user_manager, state='approved').state, 'approved')

    def test_nobody_asks_in_the_name_of_somebody_else(self):
        with self._refused(AccessError, "in your own name only"):
            self._investment(user_id=self.user_colleague.id)
        investment = self._investment()
        with self._refused(AccessError, "in your own name only"):
            investment.with_user(self.user_user).user_id = self.user_colleague
        written_down = self._investment(user=self.user_manager, user_id=self.user_user.id)
        self.assertEqual(written_down.user_id, self.user_user)

    def test_the_steps_in_their_order(self):
        order = {'action_approve': 'requested', 'action_make': 'approved', 'action_refuse': 'requested approved',
                 'action_reset': 'approved made refused'}
        for state in ('requested', 'approved', 'made', 'refused'):
            for step, states in order.items():
                investment = self._investment(state=state, user=self.user_manager, decision_note="As agreed")
                with self.subTest(state=state, step=step):
                    if state in states.split():
                        getattr(investment.with_user(self.user_manager), step)()
                    else:
                        with self._refused(UserError, "that step comes from"):
                            getattr(investment.with_user(self.user_manager), step)()

    def test_a_refusal_says_why(self):
        investment = self._investment().with_user(self.user_manager)
        with self._refused(UserError, "Write why"):
            investment.action_refuse()
        investment.decision_note = "Not this year"
        investment.action_refuse()
        self.assertEqual(investment.state, 'refused')

    def test_what_was_decided_on_stays_as_it_is(self):
        investment = self._investment(state='approved').with_user(self.user_manager)
        for name, value in (('amount', 1.0), ('life', 3), ('reason', "Other"), ('partner_id', self.solo.id)):
            with self.subTest(name=name), self._refused(UserError, "was decided on as it is"):
                investment[name] = value
        investment.date_start = self.today - timedelta(days=3)
        investment.action_make()
        with self._refused(UserError, "counts from the day"):
            investment.date_start = self.today
        with self._refused(UserError, "stays on record"):
            investment.unlink()
        investment.write({'obtained_return': 0.0, 'result': "They know our lines"})
        self.assertEqual((investment.obtained_return, investment.date_return), (0.0, self.today))
        with self._refused(UserError, "has brought something already"):
            investment.action_reset()
        investment.active = False

    def test_numbers_and_dates(self):
        tomorrow = self.today + timedelta(days=1)
        for sentence, values in (
            ("an amount above zero", {'amount': 0}), ("an amount above zero", {'amount': -5}),
            ("1 to 120 months", {'life': 0}), ("1 to 120 months", {'life': 121}),
            ("is a positive amount", {'expected_return': -1}), ("has not been made", {'obtained_return': 5}),
            ("yet to come", {'date_requested': tomorrow}), ("that has passed", {'date_return': tomorrow}),
            ("Choose the account instead", {'partner_id': self.luis.id}),
        ):
            with self.subTest(sentence=sentence, **values), self._refused(ValidationError, sentence):
                self._investment(user=self.user_manager, **values)
        with self._refused(ValidationError, "can't have been made on a day to come"):
            self._investment(state='made', date_start=tomorrow)

    def test_whoever_is_responsible_can_open_it(self):
        with self._refused(ValidationError, "Contributor couldn't open it. .* the role “User: .* Settings › Users"):
            self._investment(owner_id=self.user_contributor.id)

    def test_another_companys_account(self):
        self.solo.company_id = self.company_2
        with self.assertRaises(UserError):
            self._investment(partner_id=self.solo.id)

    def test_cost_so_far(self):
        """By hand: a year of 365 days for 3,650 is 10 a day; on its 100th day, 1,000."""
        self.assertEqual(self._investment().cost_to_date, 0.0, "what was not made costs nothing")
        for days, cost in ((0, 10.0), (99, 1000.0), (800, 3650.0)):
            start = self.today - timedelta(days=days)
            investment = self._investment(state='made', amount=3650, life=12, date_start=start)
            length = (investment.date_end - start).days + 1
            with self.subTest(days=days):
                self.assertIn(length, (365, 366))
                self.assertAlmostEqual(investment.cost_to_date, min(cost * 365 / length, 3650.0))

    def test_a_pivot_adds_up(self):
        start = self.today - timedelta(days=99)
        for amount, expected in ((3650, 5000), (7300, False)):
            self._investment(state='made', amount=amount, life=12, date_start=start, expected_return=expected)
        rows = self.env['kam.investment'].with_user(self.user_user).formatted_read_group(
            [('partner_id', '=', self.iberia.id)], ['partner_id', 'type_id'],
            ['amount:sum', 'cost_to_date:sum', 'expected_return:sum', 'obtained_return:sum'])
        [row] = rows
        self.assertEqual((row['amount:sum'], row['expected_return:sum']), (10950, 5000))
        self.assertFalse(row['obtained_return:sum'])
        self.assertIsNot(row['obtained_return:sum'], 0.0, "unknown is no zero")
        self.assertAlmostEqual(row['cost_to_date:sum'], 3000, delta=10)
        measures = self.env['kam.investment'].with_user(self.user_user).fields_get(['cost_to_date', 'life'])
        self.assertEqual(measures['cost_to_date']['aggregator'], 'sum')

    def test_unknown_returns_are_not_small_ones(self):
        unknown, zero = self._investment(), self._investment(state='made')
        zero.obtained_return = 0.0
        found = self.env['kam.investment'].search([('obtained_return', '<', 50), ('partner_id', '=', self.iberia.id)])
        self.assertEqual(found, zero)
        self.assertIs(unknown.obtained_return, False)

    def test_in_use_today(self):
        running = self._investment(state='made')
        over = self._investment(state='made', life=1, date_start=self.today - timedelta(days=40))
        found = self.env['kam.investment'].search([
            ('state', '=', 'made'), ('date_start', '<=', 'today'), ('date_end', '>=', 'today')])
        self.assertIn(running, found)
        self.assertNotIn(over, found)

    def test_the_plan(self):
        plan = self._plan()
        investment = self._investment(plan_id=plan.id)
        self.assertEqual(plan.with_user(self.user_user).investment_count, 1)
        with self._refused(ValidationError, "Choose a plan of Solo Shop"):
            self._investment(partner_id=self.solo.id, plan_id=plan.id)
        made = self._investment(state='made', plan_id=plan.id)
        plan.action_activate()
        plan.action_close()
        with self._refused(UserError, "is closed and stays as it was"):
            self._investment(plan_id=plan.id)
        for change in ({'amount': 1.0}, {'name': "Other"}):
            with self._refused(UserError, "is closed and stays as it was"):
                investment.write(change)
        with self._refused(UserError, "Choose the plan that runs now, or none"):
            investment.with_user(self.user_manager).action_approve()
        investment.plan_id = False
        investment.with_user(self.user_manager).action_approve()
        with self._refused(UserError, "is closed and stays as it was"):
            made.plan_id = False
        made.obtained_return = 700  # what came of it is told when it is known

    def test_contacts_companies_and_types_with_investments_stay(self):
        investment = self._investment(user=self.user_manager, partner_id=self.solo.id)
        with self._refused(UserError, "has investments, which would be lost"):
            self.solo.with_user(self.user_manager).unlink()
        with self._refused(UserError, "archive it instead"):
            self.training.with_user(self.user_admin).unlink()
        investment.company_id = self.company_2
        with self._refused(UserError, "has investments in its accounts"):
            self.company_2.unlink()

    def test_handing_over(self):
        requested, made, refused = (self._investment(state=state) for state in ('requested', 'made', 'refused'))
        handover = self.env['kam.handover'].with_user(self.user_manager).create({
            'partner_ids': self.iberia.ids, 'user_id': self.user_colleague.id})
        self.assertEqual(handover.investment_count, 2)
        handover.action_confirm()
        self.assertEqual((requested | made).owner_id, self.user_colleague)
        self.assertEqual(refused.owner_id, self.user_user)
        self.assertEqual(requested.user_id, self.user_user, "who asked stays on record")

    def test_queries_do_not_grow(self):
        for number in range(12):
            self._investment(state='made', name=f"Number {number}")

        def look(number):
            return lambda: self.env['kam.investment'].with_user(self.user_user).search(
                [('partner_id', '=', self.iberia.id)], limit=number).read(['name', 'cost_to_date', 'monthly_cost'])
        self.assertEqual(self._count_queries(look(2)), self._count_queries(look(12)))


@tagged('post_install', '-at_install')
class TestMergeInvestments(InvestmentCommon, MergeCommon):

    def test_investments_of_both_go_on(self):
        there, here = self._investment(), self._investment(user=self.user_manager, partner_id=self.solo.id)
        self._merge(self.solo, self.iberia)
        self.assertEqual((there | here).partner_id, self.iberia)
