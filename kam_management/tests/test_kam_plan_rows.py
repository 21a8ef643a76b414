"""What hangs on a plan: who reads it, what is refused, and the wallet."""
import doctest

from freezegun import freeze_time
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..tools import wallet
from .test_kam_plan import PlanCommon


class RowsCommon(PlanCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._plan()

    @classmethod
    def _row(cls, kind, /, user=None, **values):
        return cls.env[f'kam.plan.{kind}'].with_user(user or cls.user_user).create({'plan_id': cls.plan.id, **values})


@tagged('post_install', '-at_install')
@freeze_time('2026-11-20')
class TestPlanRows(RowsCommon):

    # ------------------------------------------------------------------ access
    def test_rows_follow_their_plan(self):
        """Not only the account's confidentiality, also the plan's own, hides its rows."""
        signal = self._row('signal', name="New buyer")
        rows = self.env['kam.plan.signal'].with_user(self.user_manager)
        self.assertTrue(rows.search_count([('id', '=', signal.id)]))
        self.plan.confidentiality = 'manager'
        self.assertFalse(rows.search_count([('id', '=', signal.id)]))
        self.plan.sudo().owner_id = self.user_manager
        self.assertTrue(rows.search_count([('id', '=', signal.id)]))

    def test_a_row_lets_nobody_in(self):
        with self.assertRaises(AccessError):
            self._row('priority', user=self.user_colleague, name="Mine")
        mine = self._plan(self.other, user=self.user_colleague)
        row = self.env['kam.plan.priority'].with_user(self.user_colleague).create(
            {'plan_id': mine.id, 'name': "Mine"})
        with self.assertRaises(AccessError):
            row.plan_id = self.plan

    def test_rows_of_a_closed_plan_stay(self):
        row = self._row('priority', name="First")
        self.plan.action_activate()
        self.plan.action_close()
        for attempt in (
            lambda: row.write({'name': "Other"}), row.unlink, lambda: self._row('priority', name="Second"),
            lambda: self.plan.write({'priority_ids': [Command.create({'name': "Second"})]}),
        ):
            with self._refused(UserError, "is closed and stays as it was"):
                attempt()

    # ------------------------------------------------------------------ refusals
    def test_five_priorities(self):
        self.plan.priority_ids = [Command.create({'name': str(number)}) for number in range(5)]
        with self._refused(ValidationError, "has 5 priorities already"):
            self._row('priority', name="Sixth")
        other = self._plan(self.solo)
        row = self.env['kam.plan.priority'].create({'plan_id': other.id, 'name': "Elsewhere"})
        with self._refused(ValidationError, "has 5 priorities already"):
            row.plan_id = self.plan

    def test_years_of_goals(self):
        self._row('goal', name="Half of its trays", whose='us', year='2029')
        self._row('goal', name="Leader", year='2040')
        with self._refused(ValidationError, "choose a year from 2026 to 2029"):
            self._row('goal', name="Later", whose='us', year='2030')
        with self._refused(ValidationError, "is no year"):
            self._row('goal', name="Soon", year='soon')

    def test_numbers_out_of_range(self):
        for kind, values, sentence in (
            ('scenario', {'name': "Tender", 'likelihood': 101}, "between 0 and 100%"),
            ('scenario', {'name': "Tender", 'revenue_at_risk': -1}, "positive amount"),
            ('competitor', {'name': "Duero", 'share': 120}, "between 0 and 100%"),
            ('competitor', {'name': "Duero", 'rank': 0}, "ranks begin at 1"),
            ('target', {'year': '2027', 'target': -5}, "positive amounts"),
            ('target', {'year': '27'}, "four digits"),
            ('category', {'name': "Boxes", 'our_sales': -5}, "positive amount"),
            ('commitment', {'name': "Report", 'date': '2026-11-20', 'date_due': '2026-11-19'}, "due before"),
        ):
            with self._refused(ValidationError, sentence):
                self._row(kind, **values)

    def test_expected_loss(self):
        scenario = self._row('scenario', name="Tender", likelihood=25, revenue_at_risk=200.0)
        self.assertEqual(scenario.expected_loss, 50.0)
        self.assertIs(self._row('scenario', name="Other", likelihood=25).expected_loss, False)
        self.assertEqual(self._row('scenario', name="Never", likelihood=0, revenue_at_risk=200.0).expected_loss, 0.0)

    def test_a_competitor_is_not_the_customer(self):
        for values in ({'partner_id': self.iberia.id}, {'partner_id': self.logistics.id},
                       {'name': " nordwind IBERIA "}, {'partner_id': self.luis.id}):
            with self._refused(ValidationError, "is the customer itself"):
                self._row('competitor', **values)
        competitor = self._row('competitor', partner_id=self.solo.id, whose='theirs')
        self.assertEqual(competitor.name, "Solo Shop")
        self.solo.unlink()
        self.env.invalidate_all()
        self.assertEqual((competitor.name, competitor.partner_id.id), ("Solo Shop", False))

    def test_a_competitor_merged_into_the_customer(self):
        competitor = self._row('competitor', partner_id=self.other.id)
        self.env['base.partner.merge.automatic.wizard'].create({
            'partner_ids': [Command.set((self.iberia | self.other).ids)], 'dst_partner_id': self.iberia.id,
            'state': 'selection'}).action_merge()
        self.env.invalidate_all()
        self.assertEqual((competitor.sudo().name, competitor.sudo().partner_id.id), ("Other Shop", False))

    # ------------------------------------------------------------------ steps
    def test_late_commitments(self):
        late = self._row('commitment', name="Report", date='2026-10-01', date_due='2026-11-19')
        self._row('commitment', name="Later", date_due='2026-11-20')
        done = self._row('commitment', name="Done", date='2026-10-01', date_due='2026-11-01', date_done='2026-11-05')
        found = self.plan.commitment_ids.search([('is_late', '=', True), ('plan_id', '=', self.plan.id)])
        self.assertEqual((found, late.is_late, done.is_late), (late, True, False))
        late.action_done()
        self.assertEqual((late.is_late, str(late.date_done)), (False, '2026-11-20'))

    def test_a_signal_becomes_an_opportunity_and_a_scenario(self):
        self.user_user.group_ids |= self.env.ref('sales_team.group_sale_salesman')
        signal = self._row('signal', name="They hire a packaging engineer", consequence="A new line")
        signal.action_make_lead()
        self.assertEqual(
            (signal.lead_id.partner_id, signal.lead_id.name, signal.lead_id.type),
            (self.iberia, "They hire a packaging engineer", 'opportunity'))
        signal.action_make_scenario()
        self.assertEqual((signal.scenario_id.plan_id, signal.scenario_id.trigger), (self.plan, "A new line"))
        for again in (signal.action_make_lead, signal.action_make_scenario):
            with self._refused(UserError, "already"):
                again()

    def test_what_a_confidential_signal_says_stays_there(self):
        """More people read opportunities than plans."""
        self.user_user.group_ids |= self.env.ref('sales_team.group_sale_salesman')
        self.plan.partner_ids = self.solo
        for record, name in ((self.plan, 'confidentiality'), (self.iberia, 'kam_confidentiality'),
                             (self.solo, 'kam_confidentiality')):
            record[name] = 'team'
            signal = self._row('signal', name="They sell the plant", consequence="We lose it")
            signal.action_make_lead()
            self.assertEqual((signal.lead_id.name, bool(signal.lead_id.description)), ("Nordwind Iberia", False))
            record[name] = 'company'

    def test_a_signal_of_a_scenario_of_its_own_plan(self):
        other = self._plan(self.solo)
        foreign = self.env['kam.plan.scenario'].create({'plan_id': other.id, 'name': "Tender"})
        signal = self._row('signal', name="New buyer")
        with self._refused(ValidationError, "that scenario belongs to another plan"):
            signal.scenario_id = foreign
        signal.action_make_scenario()
        with self._refused(ValidationError, "that scenario belongs to another plan"):
            signal.scenario_id.plan_id = other
        self.plan.confidentiality = 'manager'
        self.env.invalidate_all()
        self.assertEqual(signal.scenario_id.with_user(self.user_user).display_name, "New buyer")
        self.assertEqual(signal.scenario_id.with_user(self.user_manager).sudo().display_name, "A scenario")

    def test_a_forecast_is_told_to_its_functions(self):
        category = self._row('category', name="Boxes")
        forecast = self._row(
            'forecast', category_id=category.id, month='2027-03-17', quantity=120.0, unit="pallets",
            function_ids=[Command.link(self.env.ref('kam_management.function_logistics').id)])
        self.assertEqual(str(forecast.month), '2027-03-01')
        with self._refused(UserError, "Nobody of these functions is in the team"):
            forecast.action_tell()
        self.env['kam.team.member'].create({
            'partner_id': self.iberia.id, 'user_id': self.user_contributor.id, 'date_from': '2026-11-01',
            'function_id': self.env.ref('kam_management.function_logistics').id})
        forecast.action_tell()
        self.assertEqual(str(forecast.date_told), '2026-11-20')
        message = self.plan.message_ids[0]
        self.assertIn("Boxes, March 2027: 120 pallets", message.body)
        self.assertIn(self.user_contributor.partner_id, message.partner_ids)
        forecast.write({'quantity': 120.0, 'note': "As said"})
        self.assertTrue(forecast.date_told)
        forecast.quantity = 150.0
        self.assertFalse(forecast.date_told, "who was told knows another figure")

    def test_a_forecast_is_told_within_the_company_and_for_all_accounts(self):
        self.plan.partner_ids = self.solo
        logistics = self.env.ref('kam_management.function_logistics')
        forecast = self._row(
            'forecast', category_id=self._row('category', name="Boxes").id, month='2027-03-17', quantity=120.0,
            function_ids=[Command.link(logistics.id)])
        self.user_sales.company_ids |= self.company_2
        self.env['kam.team.member'].create([
            {'partner_id': account.id, 'user_id': user.id, 'date_from': '2026-11-01', 'company_id': company.id,
             'function_id': logistics.id}
            for account, user, company in ((self.solo, self.user_contributor, self.company),
                                           (self.iberia, self.user_sales, self.company_2))])
        forecast.action_tell()
        told = self.plan.message_ids[0].partner_ids
        self.assertIn(self.user_contributor.partner_id, told)
        self.assertNotIn(self.user_sales.partner_id, told)

    def test_a_forecast_is_of_the_plans_own_wallet(self):
        other = self._plan(self.solo)
        foreign = self.env['kam.plan.category'].create({'plan_id': other.id, 'name': "Boxes"})
        with self._refused(ValidationError, "is a category of another plan"):
            self._row('forecast', category_id=foreign.id, month='2027-03-01')

    def test_a_forecast_is_known_by_category_and_month(self):
        row = self._row('forecast', category_id=self._row('category', name="Boxes").id, month='2027-03-17')
        self.assertEqual(row.display_name, "Boxes, March 2027")
        self.assertEqual(row.search([('display_name', 'ilike', "box"), ('plan_id', '=', self.plan.id)]), row)

    def test_a_year_has_one_target_or_targets_by_month(self):
        """Both beside each other would leave open which of the two sums counts."""
        year = self._row('target', year='2027', month='00', target=1200.0)
        self._row('target', year='2028', month='01', target=100.0)
        with self._refused(ValidationError, "2027 has a target for the whole year already"):
            self._row('target', year='2027', month='01', target=100.0)
        with self._refused(ValidationError, "2028 has targets by month already"):
            self._row('target', year='2028', month='00', target=1200.0)
        with self._refused(ValidationError, "2028 has targets by month already"):
            year.year = '2028'
        other = self._plan(self.solo)
        self.env['kam.plan.target'].create({'plan_id': other.id, 'year': '2027', 'month': '01', 'target': 100.0})
        # split up in one go, as the form saves it
        self.plan.write({'target_ids': [
            Command.create({'year': '2027', 'month': '01', 'target': 100.0}),
            Command.create({'year': '2027', 'month': '02', 'target': 110.0}), Command.delete(year.id)]})
        self.assertEqual(
            [row.display_name for row in self.plan.target_ids.sorted(lambda row: (row.year, row.month))],
            ["January 2027", "February 2027", "January 2028"])

    def test_what_the_manager_takes_care_of_is_handed_over(self):
        step = self._row('buying.step', name="Tender", owner_id=self.user_user.id)
        theirs = self._row('buying.step', name="Approval", owner_id=self.user_contributor.id)
        done = self._row('commitment', name="Report", date='2026-10-01', date_due='2026-11-01', date_done='2026-11-01')
        task = self.plan.activity_schedule('mail.mail_activity_data_todo', user_id=self.user_user.id)
        self.env['kam.handover'].with_user(self.user_manager).create({
            'partner_ids': [Command.set(self.iberia.ids)], 'user_id': self.user_colleague.id}).action_confirm()
        self.assertEqual(
            (step.sudo().owner_id, theirs.sudo().owner_id, done.sudo().owner_id, task.sudo().user_id),
            (self.user_colleague, self.user_contributor, self.user_user, self.user_colleague))

    # ------------------------------------------------------------------ wallet
    def test_the_wallet(self):
        boxes = self._row('category', name="Boxes", our_sales=40.0, potential=100.0, potential_source="Their buyer")
        self.assertEqual((boxes.share, boxes.white_space, boxes.is_underestimated), (0.4, 60.0, False))
        self.assertEqual(str(boxes.our_sales_date), '2026-11-20')
        self.assertEqual(
            (str(boxes.potential_date), boxes.potential_source, boxes.potential_confidence),
            ('2026-11-20', "Their buyer", 'low'))
        film = self._row('category', name="Film", our_sales=20.0)
        self.assertEqual((film.share, film.white_space, film.potential), (False, False, False))
        self.assertEqual(self.plan.wallet_share, 0.4)
        self.assertEqual(self.plan.wallet_coverage, 0.5)

    def test_an_estimate_under_our_own_sales_is_flagged(self):
        line = self._row('category', name="Labels", our_sales=150.0, potential=100.0)
        self.assertEqual((line.share, line.white_space, line.is_underestimated), (1.5, False, True))

    def test_old_estimates_are_kept(self):
        line = self._row('category', name="Boxes", potential=100.0, potential_date='2026-03-01')
        line.potential = 130.0
        self.assertEqual(
            [(str(row.date), row.amount) for row in line.estimate_ids.sorted('date', reverse=True)],
            [('2026-11-20', 130.0), ('2026-03-01', 100.0)])
        line.potential = 140.0  # corrected the same day
        self.assertEqual(set(line.estimate_ids.mapped('amount')), {140.0, 100.0})
        line.potential_confidence = 'high'
        self.assertEqual(
            {row.amount: row.confidence for row in line.estimate_ids}, {140.0: 'high', 100.0: 'low'})
        self.assertEqual(line.potential, 140.0)
        with self._refused(ValidationError, "can't be of a day to come"):
            self._row('estimate', category_id=line.id, amount=1.0, date='2027-01-01')

    def test_confirming_an_estimate_and_typing_a_new_one(self):
        line = self._row('category', name="Boxes", potential=100.0, potential_date='2026-03-01',
                         potential_source="Their buyer", potential_confidence='high')
        line.potential_date = '2026-10-01'
        said = [(str(row.date), row.amount, row.source, row.confidence) for row in line.estimate_ids.sorted('date')]
        same = (100.0, "Their buyer", 'high')
        self.assertEqual(said, [('2026-03-01', *same), ('2026-10-01', *same)])
        line.potential = 130.0
        self.assertEqual(
            (str(line.potential_date), line.potential_source, line.potential_confidence), ('2026-11-20', False, 'low'))
        self.assertEqual(len(line.estimate_ids), 3)
        with self._refused(ValidationError, "or delete the estimates that are wrong"):
            line.potential = False
        line.estimate_ids.unlink()
        self.assertIs(line.potential, False)

    def test_an_estimate_of_zero_is_no_share(self):
        line = self._row('category', name="Boxes", our_sales=0.0, potential=0.0)
        self.assertIs(line.share, False)
        self.assertIsNot(line.white_space, False)
        self.assertIsNot(line.potential, False)

    def test_examples_of_the_formulas(self):
        self.assertFalse(doctest.testmod(wallet).failed)
