"""Actions: what, who and when; what the kind fills in, what owners of other functions may do, and what came of it."""
from datetime import timedelta

from lxml import etree
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .test_kam_plan import PlanCommon


class ActionCommon(PlanCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls._partner('Nuria', parent_id=cls.iberia.id, is_company=False)
        cls.logistics_function = cls.env.ref('kam_management.function_logistics')

    @classmethod
    def _kind(cls, code):
        return cls.env.ref(f'kam_management.action_kind_{code}')

    @classmethod
    def _action(cls, user=None, kind='visit', **values):
        """An action of Nordwind Iberia, planned by its manager unless `user` is given."""
        return cls.env['kam.action'].with_user(user or cls.user_user).create({
            'name': "Visit the ovens", 'partner_id': cls.iberia.id, 'kind_id': cls._kind(kind).id,
            'owner_id': cls.user_user.id, 'date': cls.today + timedelta(days=7), **values})

    def _todo(self, action):
        return self.env['mail.activity'].search([('res_model', '=', 'kam.action'), ('res_id', '=', action.id)])


@tagged('post_install', '-at_install')
class TestAction(ActionCommon):

    # ------------------------------------------------------------------ light
    def test_what_who_when(self):
        """Three things are asked for; everything else is there already."""
        plan = self._plan(self.iberia)
        plan.action_activate()
        form = Form(self.env['kam.action'].with_user(self.user_user))
        form.name = "Send the samples"
        form.partner_id = self.iberia
        action = form.save()
        self.assertEqual((action.owner_id, action.date, action.state), (self.user_user, self.today, 'planned'))
        self.assertEqual(action.kind_id, self._kind('other'))
        self.assertEqual((action.hat_id.code, action.phase, action.effort), ('seller', 'needs', 1))
        self.assertEqual(action.plan_id, plan)
        self.assertEqual([action[name] for name in ('value_customer_expected', 'value_us_obtained')], [False, False])

    def test_the_kind_fills_in(self):
        for code, hat, phase, effort, shared in (
                ('offer', 'seller', 'presentation', 4, True), ('sponsor', 'conductor', 'trust', 4, True),
                ('negotiation', 'seller', 'closing', 8, False), ('cocreation', 'innovator', 'needs', 16, True),
                ('insight', 'strategist', 'needs', 3, True)):
            action = self._action(kind=code)
            self.assertEqual(
                (action.hat_id.code, action.phase, action.effort, action.is_shared), (hat, phase, effort, shared), code)
        action.write({'hat_id': self.env.ref('kam_management.hat_seller').id, 'effort': 2})
        action.name = "Another"
        self.assertEqual((action.hat_id.code, action.effort), ('seller', 2), "what people choose stays")

    def test_what_to_whom_how_and_when(self):
        with Form(self.env['kam.action'].with_user(self.user_user)) as form:
            form.name = "Try the fibre tray on their line"
            form.partner_id = self.iberia
            form.kind_id = self._kind('cocreation')
            form.contact_ids.add(self.buyer)
            form.contact_ids.add(self.luis)
            form.owner_id = self.user_contributor
            form.date = self.today + timedelta(days=20)
            form.offer = "Three shifts, their people and ours; they keep the tools"
        action = form.record
        self.assertEqual((action.contact_ids, action.owner_id), (self.buyer | self.luis, self.user_contributor))
        self.assertEqual(action.offer, "Three shifts, their people and ours; they keep the tools")
        self.assertTrue(action.is_shared, "what is created together is told to the customer")

    def test_the_customers_answer(self):
        """Filters of the list find ideas that were brought, and what the customer backs."""
        ideas = self._action(kind='insight', answer='accepted') | self._action(kind='insight', answer='declined')
        backed = self._action(kind='cocreation', answer='backed', answer_note="Our board pays half")
        arch = etree.fromstring(self.env['kam.action'].with_user(self.user_user).get_view(
            view_type='search')['arch'])

        def found(name):
            domain = safe_eval(arch.xpath(f"//filter[@name='{name}']")[0].get('domain'))
            return self.env['kam.action'].with_user(self.user_user).search(
                [('partner_id', '=', self.iberia.id), *domain])
        self.assertEqual((found('insights'), found('backed')), (ideas, backed))
        self.assertEqual(backed.answer_note, "Our board pays half")

    def test_asked_of_a_function(self):
        """Support and coordination name the function that is asked; the form shows it for these kinds."""
        for kind in ('request', 'coordination'):
            with Form(self.env['kam.action'].with_user(self.user_user)) as form:
                form.name = "Forecasts by file"
                form.partner_id = self.iberia
                form.kind_id = self._kind(kind)
                form.function_id = self.logistics_function
            self.assertEqual(form.record.function_id, self.logistics_function)

    def test_what_people_choose_about_telling_stays(self):
        """A person said that the customer isn't told; another kind doesn't tell it then."""
        action = self._action(kind='visit')
        action.is_shared = False
        action.kind_id = self._kind('offer')
        self.assertFalse(action.is_shared)
        action.is_shared = True  # as the kind has it: it follows the kind again
        action.kind_id = self._kind('negotiation')
        self.assertFalse(action.is_shared)
        told = self._action(kind='negotiation', is_shared=True, function_id=self.logistics_function.id)
        told.kind_id = self._kind('request')
        self.assertTrue(told.is_shared)
        form = Form(self.env['kam.action'].with_user(self.user_user))
        form.name = "Send the samples"
        form.partner_id = self.iberia
        form.is_shared = False
        form.kind_id = self._kind('offer')
        self.assertFalse(form.is_shared)
        action = form.save()
        self.assertFalse(action.is_shared)
        with Form(action) as form:
            form.kind_id = self._kind('visit')
            self.assertFalse(form.is_shared)
            form.is_shared = True
            form.kind_id = self._kind('event')
        self.assertTrue(action.is_shared)

    def test_what_is_written_again_is_no_change(self):
        action = self._action(value_customer_obtained=10, confirmed_by_id=self.buyer.id, date_confirmed='2026-01-10')
        action.write({'effort': 2, 'hat_id': self.env.ref('kam_management.hat_strategist').id})
        self.env.flush_all()
        self.user_user.group_ids |= self.env.ref('base.group_allow_export')
        names = ['id', 'name', 'kind_id', 'confirmed_by_id', 'value_customer_obtained', 'state', 'contact_ids/id']
        rows = [[str(value) for value in row] for row in action.export_data(names)['datas']]
        self.assertEqual(self.env['kam.action'].with_user(self.user_user).load(names, rows)['messages'], [])
        self.env.flush_all()
        self.assertEqual(
            (str(action.date_confirmed), action.effort, action.hat_id.code), ('2026-01-10', 2, 'strategist'))
        action.write({'value_customer_obtained': 20, 'confirmed_by_id': self.buyer.id})
        self.assertEqual(action.date_confirmed, self.today, "another value, confirmed by the same person")

    def test_a_plan_that_covers_the_account_is_its_plan(self):
        plan = self._plan(self.group, partner_ids=[(4, self.iberia.id)], user=self.user_manager)
        plan.action_activate()
        self.assertEqual(self._action().plan_id, plan)

    # ------------------------------------------------------------------ activities
    def test_one_activity_follows_it(self):
        action = self._action()
        todo = self._todo(action)
        self.assertEqual((todo.user_id, todo.date_deadline, todo.summary),
                         (self.user_user, action.date, "Visit the ovens"))
        action.write({'date': self.today + timedelta(days=9), 'owner_id': self.user_contributor.id, 'name': "Call"})
        self.assertEqual((todo.user_id, todo.date_deadline, todo.summary),
                         (self.user_contributor, self.today + timedelta(days=9), "Call"))
        action.write({'name': "Call"})
        self.assertEqual(self._todo(action), todo)
        action.action_cancel()
        self.assertFalse(self._todo(action))
        action.action_reset()
        self.assertEqual(len(self._todo(action)), 1)

    def test_moved_by_its_activity(self):
        """Rescheduled or given to somebody else in the list of activities, it is so on the action."""
        action = self._action()
        todo = self._todo(action)
        day = self.today + timedelta(days=30)
        todo.with_user(self.user_user).date_deadline = day
        self.assertEqual((action.date, self._todo(action)), (day, todo))
        todo.with_user(self.user_user).user_id = self.user_contributor
        self.assertEqual((action.owner_id, self._todo(action)), (self.user_contributor, todo))
        with self._refused(ValidationError, "Sales couldn't open it"):
            todo.with_user(self.user_user).user_id = self.user_sales
        with self._refused(AccessError, "Ask whoever planned it to change “When”"):
            todo.with_user(self.user_contributor).date_deadline = self.today
        with self._refused(AccessError, "Ask whoever planned it to change “Who”"):
            todo.with_user(self.user_contributor).user_id = self.user_user
        self.assertEqual((action.date, todo.date_deadline, todo.user_id), (day, day, self.user_contributor))
        call = action.activity_schedule('mail.mail_activity_data_call', user_id=self.user_user.id)
        call.date_deadline = self.today  # not the action itself
        self.assertEqual(action.date, day)

    def test_done_by_its_activity_and_the_other_way(self):
        action = self._action()
        self._todo(action).with_user(self.user_user).action_feedback(feedback="They want two more")
        self.assertEqual((action.state, action.date_done, action.result), ('done', self.today, "They want two more"))
        other = self._action()
        other.action_done()
        self.assertEqual((other.state, other.date_done), ('done', self.today))
        self.assertFalse(self._todo(other).filtered('active'))
        other.action_done()
        self.assertEqual(other.date_done, self.today, "twice changes nothing")

    def test_an_import_of_what_was_done(self):
        day = self.today - timedelta(days=40)
        rows = [["Fair of Lyon", "Nordwind Iberia", "Event", str(day), "Done", str(day)],
                ["Next fair", "Nordwind Iberia", "Event", str(self.today), "Done", str(self.today + timedelta(days=3))]]
        header = ['name', 'partner_id', 'kind_id', 'date', 'state', 'date_done']
        actions = self.env['kam.action'].with_user(self.user_manager)
        account = self.iberia.display_name
        rows = [[row[0], account, *row[2:]] for row in rows]
        self.assertIn("yet to come", actions.load(header, rows)['messages'][0]['message'])
        imported = actions.browse(actions.load(header, rows[:1])['ids'])
        self.assertEqual((imported.state, imported.date_done), ('done', day))
        self.assertFalse(self._todo(imported))

    def test_meeting(self):
        action = self._action(contact_ids=[(4, self.buyer.id)])
        context = action.action_schedule_meeting()['context']
        event = self.env['calendar.event'].with_user(self.user_user).with_context(**context).create({
            'start': '2026-12-01 10:00:00', 'stop': '2026-12-01 11:00:00'})
        self.assertEqual((event.name, action.meeting_ids, action.meeting_count), ("Visit the ovens", event, 1))
        self.assertLessEqual(self.buyer, event.partner_ids)
        self.assertEqual(len(self._todo(action)), 1, "the meeting asks for nothing more")
        action.confidentiality = 'manager'
        self.assertEqual(action.action_schedule_meeting()['context']['default_name'], self.iberia.name)

    # ------------------------------------------------------------------ other functions
    def test_owners_of_other_functions(self):
        """They see what is theirs, do it, say what came of it, and change nothing of what was asked."""
        action = self._action(
            kind='request', function_id=self.logistics_function.id, owner_id=self.user_contributor.id)
        other = self._action()
        mine = self.env['kam.action'].with_user(self.user_contributor)
        self.assertEqual(mine.search([('partner_id', '=', self.iberia.id)]), action)
        action = action.with_user(self.user_contributor)
        for values in ({'date': self.today + timedelta(days=90)}, {'name': "Less"}, {'owner_id': self.user_user.id},
                       {'value_us_expected': 3}, {'confidentiality': 'manager'}, {'partner_id': self.solo.id}):
            with self._refused(AccessError, "Ask whoever planned it"):
                action.write(values)
        action.write({'result': "A second lorry from May on", 'effort': 5})
        action.action_done()
        self.assertEqual((action.state, action.effort), ('done', 5))
        with self.assertRaises(AccessError):
            other.with_user(self.user_contributor).write({'result': "Mine now"})
        with self.assertRaises(AccessError):
            mine.create({'name': "Mine", 'partner_id': self.iberia.id})

    def test_confidential(self):
        action = self._action(confidentiality='manager')
        self.assertTrue(action.with_user(self.user_user).name)
        self.env['kam.team.member'].create({'partner_id': self.iberia.id, 'user_id': self.user_colleague.id})
        actions = self.env['kam.action'].with_user(self.user_colleague)
        self.assertNotIn(action, actions.search([]))
        action.confidentiality = 'company'
        self.assertIn(action, actions.search([]))

    # ------------------------------------------------------------------ what came of it
    def test_a_negotiation_ends_with_its_result(self):
        action = self._action(kind='negotiation', approach="Two years; not under 4%")
        with self._refused(UserError, "is a negotiation: write its result"):
            action.action_done()
        with self._refused(UserError, "is a negotiation: write its result"):
            self._todo(action).with_user(self.user_user).action_feedback()
        action.write({'conceded': "30 days more", 'gained': "Two years", 'result': "Signed", 'answer': 'accepted',
                      'state': 'done'})
        self.assertEqual(action.date_done, self.today)

    def test_confirmed_by_somebody(self):
        action = self._action()
        with self._refused(ValidationError, "Say what Nuria confirmed"):
            action.confirmed_by_id = self.buyer
        action.write({'value_customer_obtained': 0.0, 'confirmed_by_id': self.buyer.id})
        self.assertEqual(action.date_confirmed, self.today)
        self.assertEqual(action.value_customer_obtained, 0.0, "nothing was gained: that is known")

    def test_another_value_is_confirmed_anew(self):
        action = self._action(value_customer_obtained=10, confirmed_by_id=self.buyer.id, date_confirmed='2026-01-10')
        self.assertEqual(str(action.date_confirmed), '2026-01-10')
        action.write({'value_customer_obtained': 10.0, 'result': "Signed"})
        self.assertEqual(action.confirmed_by_id, self.buyer, "nothing changed")
        action.write({'value_customer_obtained': 50})
        self.assertEqual((action.confirmed_by_id.id, action.date_confirmed), (False, False))
        action.write({'value_note': "And fewer stops", 'confirmed_by_id': self.buyer.id})
        self.assertEqual(action.date_confirmed, self.today)

    # ------------------------------------------------------------------ plans
    def test_a_closed_plan_stays_as_it_was(self):
        plan = self._plan(self.iberia)
        plan.action_activate()
        planned, done = self._action(), self._action(value_customer_obtained=5)
        done.action_done()
        plan.action_close()
        for action, values in ((planned, {'name': "Other"}), (planned, {'date': self.today}), (done, {'name': "Other"}),
                               (done, {'value_customer_obtained': 50}), (done, {'state': 'planned'}),
                               (done, {'plan_id': False}), (done, {'active': False})):
            with self._refused(UserError, "is closed and stays as it was"):
                action.write(values)
        with self._refused(UserError, "is closed and stays as it was"):
            planned.unlink()
        following = self._plan(self.iberia)
        following.action_activate()
        self.assertEqual((planned.plan_id, done.plan_id), (following, plan), "what is planned goes on")
        planned.action_done()
        self.assertEqual(planned.state, 'done')

    def test_merged_plans(self):
        plan, other = self._plan(self.iberia), self._plan(self.solo, user=self.user_manager)
        (plan | other).with_user(self.user_manager).action_activate()
        action = self._action()
        self.assertEqual(action.plan_id, plan)
        wizard = self.env['base.partner.merge.automatic.wizard'].with_user(self.user_sales)
        wizard._merge((self.iberia | self.solo).ids, self.solo.with_user(self.user_sales), extra_checks=False)
        self.env.invalidate_all()
        self.assertEqual((plan.state, action.plan_id), ('closed', other))

    def test_only_what_one_may_read_is_linked(self):
        plan = self._plan(self.iberia, user=self.user_manager, confidentiality='manager', owner_id=self.user_manager.id)
        plan.action_activate()
        self.iberia.kam_manager_id = self.user_manager
        values = {'name': "Mine", 'partner_id': self.iberia.id, 'owner_id': self.user_colleague.id}
        actions = self.env['kam.action'].with_user(self.user_colleague)
        with self.assertRaises(AccessError):
            actions.create({**values, 'plan_id': plan.id})
        action = actions.create(values)
        self.assertFalse(action.plan_id)
        with self.assertRaises(AccessError):
            action.plan_id = plan

    def test_the_name_of_a_confidential_one(self):
        action = self._action(name="Sell them the plant", confidentiality='manager')
        event = self.env['calendar.event'].with_user(self.user_contributor).create({
            'name': "Mine", 'start': '2026-12-01 10:00:00', 'stop': '2026-12-01 11:00:00', 'kam_action_id': action.id})
        self.env.invalidate_all()
        self.assertEqual(event.read(['kam_action_id'])[0]['kam_action_id'][1], "Confidential")
        self.assertEqual(action.with_user(self.user_user).display_name, "Sell them the plant")

    def test_ticked_off_by_whoever_may_no_longer_open_it(self):
        action = self._action(owner_id=self.user_contributor.id)
        todo = self._todo(action)
        self.user_contributor.group_ids = self.env.ref('base.group_user')
        todo.with_user(self.user_contributor).action_feedback(feedback="Sent")
        self.assertEqual((action.state, action.result), ('done', "Sent"))

    # ------------------------------------------------------------------ bad input
    def test_bad_input(self):
        portal = self.env['res.users'].create({
            'name': "Portal", 'login': 'portal_x', 'group_ids': [(6, 0, self.env.ref('base.group_portal').ids)]})
        plan = self._plan(self.solo, user=self.user_manager)
        objective = self.env['kam.objective'].create({'name': "Other", 'partner_id': self.other.id})
        closed = self._plan(self.iberia)
        closed.action_activate()
        closed.action_close()
        for values, error, sentence in (
                ({'partner_id': self.logistics.id}, ValidationError, "belongs to the account .*Choose the account"),
                ({'contact_ids': [(4, self.claire.id)]}, ValidationError, "Claire is not one of the people of"),
                ({'plan_id': plan.id}, ValidationError, "The plan is one of .*Solo Shop"),
                ({'objective_id': objective.id}, ValidationError, "The objective is one of .*Other Shop"),
                ({'owner_id': portal.id}, ValidationError, "Portal is not an employee"),
                ({'owner_id': self.user_sales.id}, ValidationError,
                 "Sales couldn't open it. Ask an administrator to give them the role “Contributor"),
                ({'kind_id': self._kind('request').id}, ValidationError, "say of which one"),
                ({'effort': -1}, ValidationError, "between 0 and 1,000 hours"),
                ({'state': 'done', 'date_done': self.today + timedelta(days=2)}, ValidationError, "yet to come"),
                ({'plan_id': closed.id}, UserError, "is closed and stays as it was")):
            with self._refused(error, sentence):
                self._action(user=self.user_manager, **values)
        done = self._action()
        done.action_done()
        with self._refused(UserError, "stays on record"):
            done.unlink()
        self._action().unlink()

    def test_what_would_be_lost_stays(self):
        self._action(contact_ids=[(4, self.buyer.id)])
        with self._refused(UserError, "Nuria takes part in actions"):
            self.buyer.with_user(self.user_sales).unlink()
        with self._refused(UserError, "archive it instead"):
            self._kind('visit').with_user(self.user_admin).unlink()

    def test_merging(self):
        """People and accounts take their actions along."""
        action = self._action(contact_ids=[(4, self.buyer.id)])
        wizard = self.env['base.partner.merge.automatic.wizard'].with_user(self.user_sales)
        twin = self._partner('Núria', parent_id=self.iberia.id, is_company=False)
        wizard._merge((self.buyer | twin).ids, twin.with_user(self.user_sales), extra_checks=False)
        self.env.invalidate_all()
        self.assertEqual(action.contact_ids, twin)
        wizard._merge((self.iberia | self.solo).ids, self.solo.with_user(self.user_sales), extra_checks=False)
        self.env.invalidate_all()
        self.assertEqual((action.partner_id, action.contact_ids.kam_account_id), (self.solo, self.solo))

    def test_handed_over(self):
        action, done, theirs = self._action(), self._action(), self._action(owner_id=self.user_contributor.id)
        done.action_done()
        handover = self.env['kam.handover'].with_user(self.user_manager).create({
            'partner_ids': [(6, 0, self.iberia.ids)], 'user_id': self.user_colleague.id, 'reason': "New region"})
        self.assertEqual(handover.action_count, 1)
        handover.action_confirm()
        self.assertEqual((action.owner_id, done.owner_id, theirs.owner_id),
                         (self.user_colleague, self.user_user, self.user_contributor))
        self.assertEqual(self._todo(action).user_id, self.user_colleague)

    def test_target_mix_adds_up(self):
        settings = self.company.kam_settings_id.with_user(self.user_admin)
        with self._refused(ValidationError, "add up to 110%"):
            settings.time_trust = 50
        settings.write({'time_trust': 50, 'time_closing': 0})
        self.assertEqual(settings.time_trust, 50)
