"""The account plan: one active per account and company, closed for good, as confidential as its accounts."""
from dateutil.relativedelta import relativedelta
from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger
from psycopg2 import IntegrityError

from .common import KamCommon


class PlanCommon(KamCommon):

    @classmethod
    def _plan(cls, partner=None, user=None, **values):
        return cls.env['kam.plan'].with_user(user or cls.user_user).create({
            'partner_id': (partner or cls.iberia).id, **values})


@tagged('post_install', '-at_install')
@freeze_time('2026-11-20')
class TestPlan(PlanCommon):

    def test_from_nothing(self):
        form = Form(self.env['kam.plan'].with_user(self.user_user).with_context(default_partner_id=self.iberia.id))
        plan = form.save()
        self.assertEqual(plan.state, 'draft')
        self.assertEqual(plan.owner_id, self.user_user)
        self.assertEqual((str(plan.date_start), str(plan.date_end)), ('2026-11-20', '2028-05-19'))
        self.assertEqual(plan.display_name, "Nordwind Iberia · 2026–2028")
        self.assertEqual(self.iberia.with_user(self.user_user).kam_plan_id, plan)

    def test_the_end_follows_the_start_of_a_new_plan(self):
        with Form(self.env['kam.plan'].with_user(self.user_user)) as form:
            form.partner_id = self.iberia
            form.date_start = '2027-01-01'
            self.assertEqual(str(form.date_end), '2028-06-30')
        plan = form.record
        plan.date_start = '2027-02-01'
        self.assertEqual(str(plan.date_end), '2028-06-30')

    def test_a_deadline_before_the_start(self):
        with self._refused(ValidationError, "must end after it starts"):
            self._plan(date_start='2027-01-01', date_end='2026-12-31')

    def test_the_next_plan_starts_after_this_one(self):
        first = self._plan()
        first.action_activate()
        self.assertEqual(first.date_activated, fields.Date.to_date('2026-11-20'))
        second = self._plan()
        self.assertEqual(second.date_start, first.date_end + relativedelta(days=1))
        with self._refused(ValidationError, "Nordwind Iberia has an active plan already.*Close that one first"):
            second.action_activate()
        with self._refused(ValidationError, "has a plan from .* already. Close that one"):
            second.date_start = first.date_end
        first.action_close()
        second.action_activate()
        with self._refused(ValidationError, "has an active plan already"):
            first.action_reopen()

    def test_the_active_one_is_unique_in_the_database(self):
        first = self._plan()
        first.action_activate()
        second = self._plan()
        self.env.flush_all()
        with self.assertRaisesRegex(IntegrityError, 'active_unique'), mute_logger('odoo.sql_db'):
            self.env.cr.execute(SQL("UPDATE kam_plan SET active_slot = 'active' WHERE id = %s", second.id))

    def test_an_account_covered_by_another_plan(self):
        self.other.kam_manager_id = self.user_user
        plan = self._plan(partner_ids=[Command.link(self.other.id)])
        with self._refused(ValidationError, "Other Shop has a plan"):
            self._plan(self.other, date_start='2026-12-01')
        plan.action_activate()
        later = self._plan(self.other, date_start='2030-01-01')
        with self._refused(ValidationError, "Other Shop has an active plan"):
            later.action_activate()
        self.assertEqual(self.other.with_user(self.user_user).kam_plan_id, plan)
        with self._refused(ValidationError, "is the account of the plan"):
            plan.partner_ids = [Command.link(self.iberia.id)]

    def test_company_by_company(self):
        self._plan()
        self.user_user.company_ids |= self.company_2
        there = self._plan(company_id=self.company_2.id)
        self.assertEqual(str(there.date_start), '2026-11-20')

    def test_a_plan_is_for_accounts(self):
        with self._refused(ValidationError, "Iberia Logistics belongs to the account"):
            self._plan(self.logistics)

    def test_a_closed_plan_stays_as_it_was(self):
        plan = self._plan()
        with self._refused(UserError, "A draft can't be closed"):
            plan.action_close()
        plan.action_activate()
        with self._refused(UserError, "close it first"):
            plan.active = False
        with self._refused(UserError, "doesn't become a draft again"):
            plan.state = 'draft'
        plan.action_close()
        with self._refused(UserError, "is closed and stays as it was. Reopen it"):
            plan.date_end = '2030-01-01'
        with self._refused(UserError, "Reopen it"):
            plan.action_activate()
        plan.message_post(body="Looking back")
        plan.active = False
        plan.active = True
        plan.action_reopen()
        self.assertEqual((plan.state, plan.date_closed), ('active', False))
        plan.date_end = '2030-01-01'

    def test_only_a_draft_is_deleted(self):
        plan = self._plan()
        plan.action_activate()
        with self._refused(UserError, "Only a draft can be deleted"):
            plan.with_user(self.user_manager).unlink()
        self._plan().with_user(self.user_manager).unlink()

    def test_an_account_with_a_plan_is_kept(self):
        self._plan(self.solo)
        with self._refused(UserError, "Solo Shop has an account plan. Archive"):
            self.solo.unlink()

    # ------------------------------------------------------------------ who sees it
    def _sees(self, user, plan):
        return bool(self.env['kam.plan'].with_user(user).search_count([('id', '=', plan.id)]))

    def test_confidential(self):
        plan = self._plan()
        plan.with_user(self.user_user).confidentiality = 'manager'
        self.assertFalse(self._sees(self.user_colleague, plan))
        self.assertFalse(self._sees(self.user_manager, plan))
        self.assertTrue(self._sees(self.user_user, plan))
        plan.sudo().owner_id = self.user_manager
        self.assertTrue(self._sees(self.user_manager, plan))

    def test_as_confidential_as_each_of_its_accounts(self):
        self.other.kam_manager_id = self.user_colleague
        plan = self._plan(user=self.user_manager, partner_ids=[Command.link(self.other.id)])
        self.assertTrue(self._sees(self.user_user, plan))
        self.assertTrue(self._sees(self.user_colleague, plan))  # looks after an account that it covers
        plan.owner_id = self.user_manager
        self.other.kam_confidentiality = 'manager'
        self.assertFalse(self._sees(self.user_user, plan))
        self.assertTrue(self._sees(self.user_colleague, plan))
        self.assertTrue(self._sees(self.user_manager, plan))  # its owner

    def test_nobody_lets_themselves_in(self):
        self.other.write({'kam_manager_id': self.user_colleague.id, 'kam_confidentiality': 'manager'})
        for values in ({'partner_id': self.other.id}, {'partner_ids': [Command.link(self.other.id)]}):
            with self._refused(AccessError, "Other Shop is confidential"):
                self._plan(**values)
        plan = self._plan()
        with self._refused(AccessError, "Other Shop is confidential"):
            plan.partner_ids = [Command.link(self.other.id)]

    # ------------------------------------------------------------------ handing over and merging
    def test_the_owner_moves_along(self):
        plan = self._plan(confidentiality='manager')
        handover = self.env['kam.handover'].with_user(self.user_manager).create({
            'partner_ids': [Command.set(self.iberia.ids)], 'user_id': self.user_colleague.id})
        self.assertEqual(handover.plan_count, 1)
        handover.action_confirm()
        self.assertEqual(plan.sudo().owner_id, self.user_colleague)

    def _merge(self, sources, destination):
        wizard = self.env['base.partner.merge.automatic.wizard'].create({
            'partner_ids': [Command.set((sources | destination).ids)], 'dst_partner_id': destination.id,
            'state': 'selection'})
        wizard.action_merge()
        self.env.invalidate_all()

    def test_merging_accounts_with_active_plans(self):
        one, two = self._plan(self.solo), self._plan(self.other, user=self.user_colleague)
        (one | two).sudo().action_activate()
        self._merge(self.other, self.solo)
        plans = self.env['kam.plan'].search([('partner_id', '=', self.solo.id)])
        self.assertEqual(plans, one.sudo() | two.sudo())
        self.assertEqual((one.sudo().state, two.sudo().state), ('active', 'closed'))
        self.assertIn("another plan of this account goes on", self._chatter(two))

    def test_merging_an_account_into_one_that_covers_it(self):
        plan = self._plan(self.solo, user=self.user_manager, partner_ids=[Command.link(self.other.id)])
        plan.action_activate()
        self._merge(self.other, self.solo)
        self.assertEqual((plan.state, plan.partner_ids.ids), ('active', []))
