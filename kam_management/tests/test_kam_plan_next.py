"""The plan that follows: it starts from what lasts, as old as that is, and takes over what is still owed."""
from freezegun import freeze_time
from odoo.fields import Command
from odoo.tests import tagged

from .test_kam_plan_rows import RowsCommon

ROWS = ('goal_ids', 'buying_step_ids', 'scenario_ids', 'category_ids', 'competitor_ids')


@tagged('post_install', '-at_install')
@freeze_time('2026-11-20')
class TestNextPlan(RowsCommon):

    def _next(self, user=None):
        """The plan that follows the active one, as `user` begins it."""
        if self.plan.state == 'draft':
            self.plan.action_activate()
        action = self.plan.with_user(user or self.user_user).action_next()
        return self.env['kam.plan'].with_user(user or self.user_user).browse(action['res_id'])

    def test_it_follows_the_one_before(self):
        after = self._next()
        self.assertEqual((after.state, str(after.date_start), after.partner_id, after.owner_id),
                         ('draft', '2028-05-20', self.iberia, self.user_user))
        self.assertEqual(self._next(), after, "asked again, it is that one")
        self.assertIn("starts from what lasts of Nordwind Iberia · 2026–2028", self._chatter(after))
        self.plan.action_close()
        self.assertEqual(self._next(), after)

    def test_what_lasts_goes_along(self):
        self._row('goal', name="Leader", year='2040', note="Says its director", contact_id=self.luis.id)
        self._row('goal', name="A second source", kind='need')
        self._row('goal', name="All of its trays", whose='us', year='2029')
        self._row('competitor', name="Duero", share=40.0, rank=1, strengths="Price")
        self._row('scenario', name="Tender lost", likelihood=0, revenue_at_risk=70.0, owner_id=self.user_user.id)
        self._row('scenario', name="It is sold", state='happening')
        after = self._next()
        self.assertEqual(
            sorted(after.goal_ids.mapped('name')), ["A second source", "All of its trays", "Leader"])
        leader = after.goal_ids.filtered(lambda goal: goal.year == '2040')
        self.assertEqual((leader.note, leader.contact_id), ("Says its director", self.luis))
        self.assertEqual(after.competitor_ids.mapped(lambda row: (row.name, row.share, row.strengths)),
                         [("Duero", 40.0, "Price")])
        lost = after.scenario_ids.filtered(lambda row: row.name == "Tender lost")
        self.assertEqual((lost.likelihood is False, lost.revenue_at_risk, lost.owner_id), (False, 70.0, self.user_user))
        self.assertEqual(set(after.scenario_ids.mapped('state')), {'watched', 'happening'})
        self.assertEqual([len(self.plan[name]) for name in ROWS], [len(after[name]) for name in ROWS])

    def test_what_was_of_its_time_stays_behind(self):
        self._row('priority', name="Trays")
        self._row('goal', name="Half of its trays", whose='us', year='2026')
        self._row('goal', name="Own brand at 45%", year='2027')
        self._row('scenario', name="Strike", state='over')
        self._row('lesson', name="Lost on price")
        self._row('signal', name="New buyer")
        self._row('target', year='2027', target=5.0)
        line = self._row('category', name="Boxes")
        self._row('forecast', category_id=line.id, month='2027-03-01')
        self._row('commitment', name="Report", date_due='2027-01-01')
        self.env['kam.objective'].with_user(self.user_user).create(
            {'name': "Half", 'partner_id': self.iberia.id, 'plan_id': self.plan.id})
        after = self._next()
        for name in ('priority_ids', 'goal_ids', 'scenario_ids', 'lesson_ids', 'signal_ids', 'target_ids',
                     'forecast_ids', 'commitment_ids', 'objective_ids', 'action_ids'):
            self.assertFalse(after[name], name)
        self.assertEqual(after.category_ids.name, "Boxes")

    def test_opinions_keep_their_age(self):
        self.plan.write({'industry': "Retail", 'market': "Spain"})
        self.plan.sudo().write({'business_date': '2025-01-10'})
        for kind in ('goal', 'competitor', 'scenario', 'buying.step'):
            self._row(kind, name="Said long ago", date_said='2025-02-01')
        with freeze_time('2027-03-01'):
            after = self._next()
        self.assertEqual((after.industry, str(after.business_date), str(after.market_date), after.needs_date),
                         ("Retail", '2025-01-10', '2026-11-20', False))
        for name in ('goal_ids', 'competitor_ids', 'scenario_ids', 'buying_step_ids'):
            self.assertEqual([str(day) for day in after[name].mapped('date_said')], ['2025-02-01'], name)
        after.industry = "Food retail"
        self.assertEqual(str(after.business_date), '2026-11-20', "said anew")

    def test_the_latest_estimate_with_its_day_and_source(self):
        line = self._row('category', name="Boxes", our_sales=40.0, potential=100.0, potential_date='2026-03-01',
                         our_rank=2, supplier_count=3, price_position="Dear")
        line.our_sales_date = '2026-02-01'
        line.write({'potential': 130.0, 'potential_date': '2026-09-01', 'potential_source': "Their buyer",
                    'potential_confidence': 'high'})
        after = self._next(self.user_manager).category_ids
        self.assertEqual(
            (after.potential, str(after.potential_date), after.potential_source, after.potential_confidence),
            (130.0, '2026-09-01', "Their buyer", 'high'))
        self.assertEqual((after.estimate_ids.user_id, len(after.estimate_ids), len(line.estimate_ids)),
                         (self.user_user, 1, 2))
        self.assertEqual((after.our_sales, str(after.our_sales_date), after.our_rank, after.price_position),
                         (40.0, '2026-02-01', 2, "Dear"))

    def test_dates_of_the_buying_process(self):
        """A date that comes before the next plan begins is asked for anew."""
        for day in ('2027-03-01', '2028-05-20', False):
            self._row('buying.step', name="Tender", date=day, criteria="Price")
        dates = self._next().buying_step_ids.mapped(lambda row: (row.criteria, row.date and str(row.date)))
        self.assertEqual(sorted(dates, key=str), [("Price", '2028-05-20'), ("Price", False), ("Price", False)])

    def test_whoever_has_left_is_named_no_more(self):
        gone = self._partner("Nuria", parent_id=self.iberia.id, is_company=False)
        self._row('buying.step', name="Tender", contact_id=self.luis.id, owner_id=self.user_sales.id)
        self._row('goal', name="Leader", contact_id=gone.id)
        self._row('goal', name="A forecast", whose='us', kind='need', contact_id=self.user_user.partner_id.id)
        self.luis.parent_id = self.other
        gone.active = False
        self.user_sales.active = False
        after = self._next()
        step = after.buying_step_ids
        self.assertEqual((step.name, step.contact_id.id, step.owner_id.id), ("Tender", False, False))
        self.assertEqual(after.goal_ids.contact_id, self.user_user.partner_id)
        self.assertEqual(self.plan.goal_ids.filtered(lambda goal: goal.name == "Leader").contact_id, gone)

    # ------------------------------------------------------------------ what is still owed
    def test_what_is_owed_goes_on(self):
        owed = self._row('commitment', name="Report", date='2026-10-01', date_due='2027-01-01', date_said='2026-10-01',
                         contact_id=self.luis.id)
        kept = self._row('commitment', name="Prices", date_due='2027-01-01', date_done='2026-11-19')
        after = self._next()
        self.plan.action_close()
        self.assertEqual(owed.plan_id, self.plan)
        self.luis.parent_id = self.other  # who left keeps nobody from going on
        after.action_activate()
        self.assertEqual((owed.plan_id, kept.plan_id, str(owed.date_said)), (after, self.plan, '2026-10-01'))
        owed.action_done()
        self.assertEqual(str(owed.date_done), '2026-11-20')

    def test_what_is_owed_goes_on_with_its_account(self):
        """Two accounts of one plan get plans of their own: each takes over what is theirs."""
        self.plan.sudo().partner_ids = self.other
        nuria = self._partner("Nuria", parent_id=self.other.id, is_company=False)
        theirs = self._row('commitment', name="Report", date_due='2027-01-01', contact_id=nuria.id)
        ours, nobodys = (self._row('commitment', name="Prices", date_due='2027-01-01', contact_id=person)
                         for person in (self.luis.id, False))
        self.plan.action_activate()
        self.plan.action_close()
        one, two = (self._plan(account, user=self.user_manager) for account in (self.other, self.iberia))
        one.action_activate()
        self.assertEqual((theirs.plan_id, ours.plan_id, nobodys.plan_id), (one, self.plan, self.plan))
        two.action_activate()
        self.assertEqual((ours.plan_id, nobodys.plan_id), (two, two))

    def test_merged_plans(self):
        owed = self._row('commitment', name="Report", date_due='2027-01-01', contact_id=self.luis.id)
        other = self._plan(self.solo, user=self.user_manager)
        (self.plan | other).with_user(self.user_manager).action_activate()
        self.env['base.partner.merge.automatic.wizard'].with_user(self.user_sales)._merge(
            (self.iberia | self.solo).ids, self.solo.with_user(self.user_sales), extra_checks=False)
        self.env.invalidate_all()
        self.assertEqual((self.plan.sudo().state, owed.sudo().plan_id), ('closed', other))

    # ------------------------------------------------------------------ when it starts
    def test_it_starts_after_the_plans_that_cover_its_accounts(self):
        covering = self._plan(self.other, user=self.user_manager, partner_ids=[Command.set(self.solo.ids)],
                              date_start='2026-06-01', date_end='2027-05-31')
        self.assertEqual(str(self._plan(self.solo).date_start), '2027-06-01')
        self.assertEqual(
            str(self._plan(self.group, user=self.user_manager, partner_ids=[Command.set(self.other.ids)]).date_start),
            '2027-06-01')
        covering.with_user(self.user_manager).unlink()
