"""Which account a partner rolls up to, and who may say so."""
from odoo.addons.kam_management.hooks import fill_accounts
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import KamCommon


@tagged('post_install', '-at_install')
class TestAccount(KamCommon):

    def _accounts(self):
        """What stands in the database, whatever the cache says."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT id, kam_account_id FROM res_partner WHERE id IN %s",
            [tuple((self.group | self.france | self.claire | self.iberia | self.logistics | self.luis | self.old).ids)])
        found = dict(self.env.cr.fetchall())
        self.env.invalidate_all()
        return {name: self.env['res.partner'].browse(found[getattr(self, name).id]).name for name in (
            'group', 'france', 'claire', 'iberia', 'logistics', 'luis', 'old')}

    def test_nearest_key_account_else_the_top(self):
        self.assertEqual(self._accounts(), {
            'group': 'Nordwind Group', 'france': 'Nordwind Group', 'claire': 'Nordwind Group',
            'iberia': 'Nordwind Iberia', 'logistics': 'Nordwind Iberia', 'luis': 'Nordwind Iberia',
            'old': 'Nordwind Iberia'})

    def test_unflagged(self):
        self.iberia.is_key_account = False
        self.assertEqual(set(self._accounts().values()), {'Nordwind Group'})

    def test_flagged_above_and_between(self):
        self.group.is_key_account = True
        self.logistics.is_key_account = True
        accounts = self._accounts()
        self.assertEqual(accounts['france'], 'Nordwind Group')
        self.assertEqual(accounts['iberia'], 'Nordwind Iberia')
        self.assertEqual(accounts['luis'], 'Iberia Logistics')
        self.logistics.is_key_account = False
        self.assertEqual(self._accounts()['luis'], 'Nordwind Iberia')

    def test_moved(self):
        self.logistics.parent_id = self.france
        accounts = self._accounts()
        self.assertEqual(accounts['logistics'], 'Nordwind Group')
        self.assertEqual(accounts['luis'], 'Nordwind Group')
        self.logistics.parent_id = False
        self.assertEqual(self._accounts()['luis'], 'Iberia Logistics')
        self.logistics.parent_id = self.iberia
        self.assertEqual(self._accounts()['luis'], 'Nordwind Iberia')

    def test_archived(self):
        """Archived children follow every move; archiving itself changes nothing."""
        self.iberia.is_key_account = False
        self.assertEqual(self._accounts()['old'], 'Nordwind Group')
        self.iberia.parent_id = False
        self.assertEqual(self._accounts()['old'], 'Nordwind Iberia')
        self.logistics.action_archive()
        self.luis.action_archive()
        self.iberia.parent_id = self.france
        self.iberia.is_key_account = True
        accounts = self._accounts()
        self.assertEqual((accounts['luis'], accounts['old']), ('Nordwind Iberia', 'Nordwind Iberia'))

    def test_created_below_an_account(self):
        below = self._partner('Iberia Sur', parent_id=self.logistics.id)
        alone = self._partner('Alone')
        self.env.flush_all()
        self.assertEqual(below.kam_account_id, self.iberia)
        self.assertEqual(alone.kam_account_id, alone)

    def test_parent_deleted(self):
        """Odoo empties the parent of what hung below."""
        self.france.unlink()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.claire.kam_account_id, self.claire)

    def test_account_deleted(self):
        """What was decided on it would go with it, so a key account is archived instead."""
        with self._refused(UserError, "is or was a key account: what was decided on it is kept. Archive it instead"):
            self.iberia.with_user(self.user_manager).unlink()
        self.assertEqual(self.luis.kam_account_id, self.iberia)

    def _make_loop(self):
        """A loop can't be made in Odoo, but databases hold some."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET parent_id = %s WHERE id = %s", [self.claire.id, self.group.id])
        self.env.invalidate_all()

    def test_loop_of_companies_ends(self):
        self._make_loop()
        self.france.is_key_account = True
        self.env.flush_all()
        self.assertEqual(self.claire.kam_account_id, self.france)
        self.assertEqual(self.group.kam_account_id, self.france)
        self.france.is_key_account = False
        self.iberia.is_key_account = False
        self.env.flush_all()
        self.assertTrue(self.claire.kam_account_id)
        self.assertTrue(self.iberia.kam_account_id)

    def test_installing_fills_all(self):
        """As at install, when nobody is flagged yet: the tops, and for a loop its oldest member."""
        self._make_loop()
        self.env.cr.execute("UPDATE res_partner SET kam_account_id = NULL")
        fill_accounts(self.env.cr)
        self.env.cr.execute("SELECT count(*) FROM res_partner WHERE kam_account_id IS NULL")
        self.assertEqual(self.env.cr.fetchone(), (0,))
        self.assertEqual(set(self._accounts().values()), {'Nordwind Group'})
        self.assertEqual(self.solo.kam_account_id, self.solo)

    def test_constant_number_of_queries(self):
        def tree(size):
            top = self._partner(f'Top {size}')
            middle = self._partner(f'Middle {size}', parent_id=top.id)
            leaves = self.env['res.partner'].create([
                {'name': f'Leaf {number}', 'parent_id': middle.id} for number in range(size)])
            self.env.flush_all()
            self.env.invalidate_all()
            return leaves

        counts = []
        for size in (2, 5, 50):  # the first one fills the caches
            leaves = tree(size)
            before = self.cr.sql_log_count
            leaves[0].parent_id.is_key_account = True
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(leaves.kam_account_id, leaves.parent_id)
        self.assertEqual(counts[1], counts[2])


@tagged('post_install', '-at_install')
class TestFlag(KamCommon):

    def test_nobody_chooses_the_account(self):
        """Whoever could write it would take over the documents and the opinions of another account."""
        for user in (self.user_user, self.user_manager):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.solo.with_user(user).write({'kam_account_id': self.iberia.id})
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.env['res.partner'].with_user(user).create({'name': "X", 'kam_account_id': self.iberia.id})
        self.assertEqual(self.solo.kam_account_id, self.solo)

    def test_nobody_flags_by_hand(self):
        """Not by the form, not by RPC, not by an import, not by a default: only an accepted nomination does."""
        for user in (self.user_user, self.user_manager, self.user_admin):
            solo = self.solo.with_user(user)
            for vals in ({'is_key_account': True}, {'kam_tier_id': self.key.id}, {'kam_company_id': self.company.id},
                         {'kam_key_since': '2026-01-01'}):
                with self._refused(AccessError, "through a nomination"):
                    solo.write(vals)
            with self._refused(AccessError, "through a nomination"):
                self.iberia.with_user(user).is_key_account = False
        partner = self.solo.with_user(self.user_manager)
        with self._refused(AccessError, "through a nomination"):
            partner.create({'name': 'New', 'is_key_account': True})
        with self._refused(AccessError, "through a nomination"):
            partner.with_context(default_is_key_account=True).create({'name': 'New'})
        with self._refused(AccessError, "through a nomination"):
            partner.with_context(kam_decision='accepted').write({'is_key_account': True})
        imported = partner.load(['name', 'is_company', 'is_key_account'], [["Imported", "1", "1"]])
        self.assertIn("through a nomination", imported['messages'][0]['message'])
        changed = partner.load(['.id', 'is_key_account'], [[str(self.solo.id), "1"]])
        self.assertIn("through a nomination", changed['messages'][0]['message'])
        self.assertFalse(self.solo.is_key_account)

    def test_the_manager_is_chosen_by_managers(self):
        with self._refused(AccessError, "Only Key Accounts managers"):
            self.solo.with_user(self.user_user).kam_manager_id = self.user_user
        with self._refused(AccessError, "Only Key Accounts managers"):
            self.solo.with_user(self.user_user).create({'name': 'New', 'kam_manager_id': self.user_user.id})
        self._flush_tracking()
        self.iberia.with_user(self.user_manager).kam_manager_id = self.user_colleague
        self._flush_tracking()
        tracked = self.iberia.message_ids.sudo().tracking_value_ids.field_id.mapped('name')
        self.assertIn('kam_manager_id', tracked)

    def test_the_system_may_flag_and_it_is_recorded(self):
        self.solo.is_key_account = True
        decision = self.solo.kam_nomination_ids
        self.assertEqual((decision.state, decision.kind, decision.reason),
                         ('accepted', 'entry', "Set by the system, without a proposal."))
        self.assertEqual(self.solo.kam_company_id, self.company)
        self.assertTrue(self.solo.kam_key_since)
        self.solo.is_key_account = False
        self.assertEqual(self.solo.kam_nomination_ids.sorted('id').mapped('kind'), ['entry', 'exit'])
        self.assertFalse(self.solo.kam_company_id)

    def test_equal_values_are_no_change(self):
        """A merge and an import write unchanged fields too."""
        self.iberia.with_user(self.user_user).write({
            'name': 'Nordwind Iberia SL', 'is_key_account': True, 'kam_manager_id': self.user_user.id})
        self.assertEqual(self.iberia.name, 'Nordwind Iberia SL')

    def test_salesperson_edits_customers_as_ever(self):
        created = self.solo.with_user(self.user_sales).create({'name': 'New customer'})
        created.write({'name': 'Renamed', 'parent_id': self.iberia.id})
        self.assertEqual(created.sudo().kam_account_id, self.iberia)
        with self.assertRaises(AccessError):
            created.is_key_account = True
        with self.assertRaises(AccessError):
            created.read(['is_key_account'])

    def test_only_customers(self):
        with self._refused(ValidationError, "one of our own companies"):
            self.company.partner_id.is_key_account = True
        with self._refused(ValidationError, "a colleague"):
            self.user_sales.partner_id.is_key_account = True


@tagged('post_install', '-at_install')
class TestScoreOfPartner(KamCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.of_iberia = cls._score(cls.iberia, health=60)
        cls.of_iberia_2 = cls._score(cls.iberia, cls.company_2, health=10)
        cls.of_solo = cls._score(cls.solo, health=40)
        cls.of_other = cls._score(cls.other)

    def test_where_the_reader_may_see_it(self):
        partners = self.iberia | self.solo | self.other
        for user, expected in (
            (self.user_user, self.of_iberia | self.of_solo), (self.user_colleague, self.of_other),
            (self.user_manager, self.of_iberia | self.of_solo | self.of_other)):
            self.assertEqual(partners.with_user(user).kam_score_id.sudo(), expected)

    def test_of_the_current_company(self):
        self.user_manager.company_ids |= self.company_2
        iberia = self.iberia.with_user(self.user_manager)
        companies = (self.company | self.company_2).ids
        self.assertEqual(iberia.with_context(allowed_company_ids=companies).kam_score_id.health, 60)
        self.assertEqual(iberia.with_context(allowed_company_ids=companies[::-1]).kam_score_id.health, 10)

    def test_search(self):
        partner = self.env['res.partner'].with_user(self.user_manager)
        mine = [('id', 'in', (self.iberia | self.solo | self.other | self.group).ids)]
        self.assertEqual(partner.search([*mine, ('kam_score_id.health', '<', 50)]), self.solo)
        self.assertEqual(partner.search([*mine, ('kam_score_id', '=', False)]), self.group)
        self.assertEqual(partner.search([*mine, ('kam_score_id', '!=', False)]),
                         (self.iberia | self.solo | self.other).sorted())
        self.assertEqual(partner.search([*mine, ('kam_score_id', '=', self.of_solo.id)]), self.solo)

    def test_one_query_for_all(self):
        for size in (5, 50):
            partners = self.env['res.partner'].create([{'name': f'P{number}'} for number in range(size)])
            for partner in partners:
                self._score(partner)
            partners = partners.with_user(self.user_manager)
            partners.mapped('name')
            partners[:1].mapped('kam_score_id')  # rights and rules are cached from here on
            self.env.flush_all()
            partners.invalidate_recordset(['kam_score_id'])
            with self.assertQueryCount(2):
                partners.mapped('kam_score_id')
