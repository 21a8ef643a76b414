"""Opportunities of accounts: flag and tier, since when they are identified and qualified, merging, copying."""
from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from lxml import etree
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import KamCommon

OF_THE_ACCOUNT = ['kam_account_id', 'is_key_account', 'kam_tier_id', 'kam_tier_color']

# What happens on which day, and what stands on it then: identified, qualified.
DATES = {
    "straight on": [
        (1, 'new', 1, None), (5, 'qualified', 1, 5), (9, 'offer', 1, 5), (20, 'won', 1, 5)],
    "straight to won": [(1, 'new', 1, None), (7, 'won', 1, 7)],
    "back and on again": [
        (1, 'new', 1, None), (5, 'offer', 1, 5), (7, 'new', 1, None), (12, 'qualified', 1, 12)],
    "back within qualified": [(3, 'offer', 3, 3), (9, 'qualified', 3, 3)],
    "won and reopened": [(3, 'won', 3, 3), (9, 'offer', 3, 3), (10, 'new', 3, None)],
    "the same stage again": [(3, 'qualified', 3, 3), (4, 'qualified', 3, 3)],
}


class PipelineCase(KamCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stages = {name: cls.env['crm.stage'].create({'name': name, 'sequence': 1000 + place, **values})
                      for place, (name, values) in enumerate({
                          'new': {'kam_phase': 'identified'}, 'qualified': {}, 'offer': {},
                          'won': {'is_won': True}}.items())}
        cls.strategic, cls.regular = cls.env['kam.tier'].create([
            {'name': "Tier One", 'color': 3, 'sequence': 1}, {'name': "Tier Two", 'color': 5, 'sequence': 2}])
        cls.iberia.kam_tier_id = cls.strategic
        cls.types = {code: cls.env.ref(f'kam_management.opportunity_type_{code}') for code in ('event', 'loyalty')}

    @classmethod
    def _lead(cls, name="Deal", user=None, stage='new', **values):
        return cls.env['crm.lead'].with_user(user or cls.user_sales).create({
            'name': name, 'type': 'opportunity', 'stage_id': cls.stages[stage].id, **values})

    @contextmanager
    def _on(self, day):
        """What is done inside is done on that day of March 2026."""
        with patch.object(self.env.cr, 'now', lambda: datetime(2026, 3, day, 9)):
            yield
            self.env.flush_all()

    def _dates(self, lead):
        self.env.flush_all()
        lead.invalidate_recordset()
        return tuple(date and date.day for date in (lead.kam_date_identified, lead.kam_date_qualified))


@tagged('post_install', '-at_install')
class TestDates(PipelineCase):

    def test_along_the_pipeline(self):
        for story, steps in DATES.items():
            lead = None
            for day, stage, *expected in steps:
                with self._on(day), self.subTest(story, day=day):
                    if lead:
                        lead.stage_id = self.stages[stage]
                    else:
                        lead = self._lead(story, stage=stage)
                    self.assertEqual(self._dates(lead), tuple(date or False for date in expected))

    def test_converted(self):
        """A lead is no opportunity, whatever its stage."""
        for stage, expected in (('new', (8, False)), ('qualified', (8, 8))):
            with self._on(2):
                lead = self._lead(stage=stage, type='lead')
                self.assertEqual(self._dates(lead), (False, False))
            with self._on(8):
                lead.convert_opportunity(self.solo)
                self.assertEqual(self._dates(lead), expected)

    def test_lost_and_restored(self):
        with self._on(2):
            lead = self._lead(stage='offer')
        with self._on(5):
            lead.action_set_lost()
            self.assertEqual(self._dates(lead), (2, 2))
        with self._on(9):
            lead.action_restore()
            self.assertEqual(self._dates(lead), (2, 2))

    def test_another_phase_for_a_stage_rewrites_nothing(self):
        with self._on(2):
            offer, new = self._lead(stage='offer'), self._lead(stage='new')
        with self._on(5):
            self.stages['offer'].kam_phase = 'identified'
            self.stages['new'].kam_phase = 'qualified'
            self.assertEqual((self._dates(offer), self._dates(new)), ((2, 2), (2, False)))
        with self._on(6):
            later = self._lead(stage='new')
            self.assertEqual(self._dates(later), (6, 6))
            offer.priority = '3'
            self.assertEqual(self._dates(offer), (2, 2))

    def test_a_copy_is_another_deal(self):
        with self._on(2):
            lead = self._lead(stage='offer', kam_opportunity_type_id=self.types['event'].id, kam_asked_by_customer=True)
        with self._on(6):
            copied = lead.copy({'stage_id': self.stages['offer'].id})
            self.assertEqual(self._dates(copied), (6, 6))
            self.assertEqual(self._dates(lead.copy({'stage_id': self.stages['new'].id})), (6, False))
        self.assertEqual(copied.kam_opportunity_type_id, self.types['event'])
        self.assertFalse(copied.kam_asked_by_customer)


@tagged('post_install', '-at_install')
class TestMerge(PipelineCase):

    def _merge(self, *rows):
        """Leads made on a day in a stage, merged on day 20 by the salesperson."""
        leads = self.env['crm.lead']
        for day, stage, values in rows:
            with self._on(day):
                leads |= self._lead(stage=stage, user=self.user_user, **values).with_user(self.user_user)
        with self._on(20):
            return leads.merge_opportunity()

    def test_dates(self):
        for rows, expected in (
            # the head is the one furthest on
            ([(5, 'offer', {}), (2, 'qualified', {}), (3, 'new', {})], (2, 2)),
            ([(5, 'offer', {}), (2, 'new', {})], (2, 5)),
            ([(5, 'new', {}), (2, 'new', {})], (2, False)),
            # a lead brings no date of its own
            ([(5, 'qualified', {}), (2, 'offer', {'type': 'lead'})], (5, 5)),
            ([(5, 'new', {}), (2, 'offer', {'type': 'lead'})], (5, False)),
            ([(5, 'new', {'type': 'lead'}), (2, 'offer', {'type': 'lead'})], (False, False)),
        ):
            with self.subTest(rows):
                self.assertEqual(self._dates(self._merge(*rows)), expected)

    def test_a_team_whose_stages_are_others(self):
        """The merged one starts in that team's first stage, so it has to qualify again."""
        team = self.env['crm.team'].create({'name': "Projects", 'member_ids': [(4, self.user_user.id)]})
        other = self.env['crm.team'].create({'name': "Elsewhere", 'member_ids': [(4, self.user_user.id)]})
        self.env['crm.stage'].create({
            'name': "Projects first", 'sequence': -10, 'kam_phase': 'identified', 'team_ids': [(4, team.id)]})
        self.stages['offer'].team_ids = other
        leads = self.env['crm.lead'].with_user(self.user_user)
        for day in (2, 5):
            with self._on(day):
                leads |= self._lead(stage='offer', user=self.user_user, team_id=other.id)
        with self._on(20):
            merged = leads.merge_opportunity(team_id=team.id)
            self.assertEqual(merged.stage_id.name, "Projects first")
            self.assertEqual(self._dates(merged), (2, False))

    def test_type_and_who_asked(self):
        event, loyalty = (self.types[code].id for code in ('event', 'loyalty'))
        for first, second, expected in (
            ({'kam_opportunity_type_id': event}, {'kam_opportunity_type_id': loyalty}, ('event', False)),
            ({}, {'kam_opportunity_type_id': loyalty, 'kam_asked_by_customer': True}, ('loyalty', True)),
            ({'kam_asked_by_customer': True}, {}, (False, True)),
            ({}, {}, (False, False)),
        ):
            merged = self._merge((3, 'offer', first), (2, 'new', second))
            self.assertEqual(
                (merged.kam_opportunity_type_id.code, merged.kam_asked_by_customer), expected)


@tagged('post_install', '-at_install')
class TestAccountOfLead(PipelineCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leads = {name: cls._lead(name, cls.user_user, partner_id=partner.id)
                     for name, partner in {
                         'account': cls.iberia, 'subsidiary': cls.logistics, 'contact': cls.luis, 'sister': cls.france,
                         'single': cls.solo, 'nobody': cls.env['res.partner']}.items()}
        cls.all = [('id', 'in', [lead.id for lead in cls.leads.values()])]
        cls.mine = cls.env['crm.lead'].with_user(cls.user_user)

    def _names(self, leads):
        return set(leads.mapped('name'))

    def test_of_contacts_and_subsidiaries(self):
        iberia = (self.iberia, True, self.strategic, 3)
        none = self.env['kam.tier']
        expected = {
            'account': iberia, 'subsidiary': iberia, 'contact': iberia,
            'sister': (self.group, False, none, 0), 'single': (self.solo, False, none, 0),
            'nobody': (self.env['res.partner'], False, none, 0)}
        for name, values in expected.items():
            lead = self.leads[name].with_user(self.user_user)
            self.assertEqual(tuple(lead[field] for field in OF_THE_ACCOUNT), values, name)
            self.assertEqual(lead.kam_account_apart, name in ('subsidiary', 'contact', 'sister'), name)
        of_the_account_itself = self._lead(user=self.user_user, partner_id=self._partner(
            "Eva", parent_id=self.iberia.id, is_company=False).id)
        self.assertFalse(of_the_account_itself.kam_account_apart)

    def test_the_account_leaves_and_another_comes(self):
        self.iberia.write({'is_key_account': False, 'kam_tier_id': False})
        self.solo.write({'is_key_account': True, 'kam_tier_id': self.regular.id})
        self.assertEqual(self._names(self.mine.search([*self.all, ('is_key_account', '=', True)])), {'single'})
        self.assertEqual(self.leads['contact'].with_user(self.user_user).kam_account_id, self.group)

    def test_search(self):
        of_iberia = {'account', 'subsidiary', 'contact'}
        rest = {'sister', 'single', 'nobody'}
        for domain, expected in (
            ([('is_key_account', '=', True)], of_iberia), ([('is_key_account', '!=', True)], rest),
            ([('is_key_account', '=', False)], rest),
            ([('kam_tier_id', '=', self.strategic.id)], of_iberia), ([('kam_tier_id', '=', False)], rest),
            ([('kam_tier_id', 'ilike', "tier one")], of_iberia),
            ([('kam_account_id', '=', self.iberia.id)], of_iberia),
            ([('kam_account_id', 'ilike', "Iberia")], of_iberia),
            ([('kam_account_id', '=', False)], {'nobody'}),
            ([('kam_account_id.kam_manager_id', '=', self.user_user.id)], of_iberia),
        ):
            self.assertEqual(self._names(self.mine.search([*self.all, *domain])), expected, domain)

    def _filters(self, user):
        """The filters of the opportunities' search view that this user has, by name."""
        arch = self.env['crm.lead'].with_user(user).get_view(
            self.env.ref('crm.view_crm_case_opportunities_filter').id, 'search')['arch']
        return {node.get('name'): node for node in etree.fromstring(arch).iter('filter')}

    def test_filters(self):
        self.leads['single'].kam_asked_by_customer = True
        self.solo.is_key_account = True
        found = self._filters(self.user_user)
        for name, expected in (
            ('key_accounts', {'account', 'subsidiary', 'contact', 'single'}),
            ('my_key_accounts', {'account', 'subsidiary', 'contact'}), ('asked_by_customer', {'single'})):
            domain = Domain(safe_eval(found[name].get('domain'), {'uid': self.user_user.id})) & Domain(self.all)
            self.assertEqual(self._names(self.mine.search(domain)), expected, name)
        self.assertFalse({'key_accounts', 'my_key_accounts', 'group_kam_tier'} & set(self._filters(self.user_sales)))
        self.assertIn('asked_by_customer', self._filters(self.user_sales))

    def _label(self, value):
        return value[1] if isinstance(value, tuple) else value

    def test_group_by(self):
        """As the search view asks for it, and as the screen does: over RPC."""
        self.leads['single'].kam_opportunity_type_id = self.types['event']
        expected = {
            'group_kam_account': {"Nordwind Iberia": 3, "Nordwind Group": 1, "Solo Shop": 1, False: 1},
            'group_key_account': {True: 3, False: 3},
            'group_kam_tier': {"Tier One": 3, False: 3},
            'group_opportunity_type': {"Event": 1, False: 5},
        }
        found = self._filters(self.user_user)
        for name, counts in expected.items():
            by = safe_eval(found[name].get('context'))['group_by']
            self.assertTrue(self.mine.fields_get([by], ['groupable'])[by]['groupable'], by)
            groups = self.mine.formatted_read_group(self.all, [by], ['__count'])
            self.assertEqual({self._label(group[by]): group['__count'] for group in groups}, counts)
            for group in groups:
                domain = Domain(self.all) & Domain(group['__extra_domain'])
                self.assertEqual(self.mine.search_count(domain), group['__count'], "each group opens")
        for name in ('group_date_identified', 'group_date_qualified'):
            by = safe_eval(found[name].get('context'))['group_by']
            groups = self.mine.formatted_read_group(self.all, [by], ['__count'])
            self.assertEqual(sum(group['__count'] for group in groups), 6)

    def test_sort(self):
        found = self.mine.search(self.all, order='kam_tier_id, kam_account_id, id')
        self.assertEqual(self._names(found[:3]), {'account', 'subsidiary', 'contact'})

    def test_salespeople_without_key_accounts(self):
        """They sell to key accounts as ever, set type and who asked, and learn nothing of the account."""
        lead = self._lead(partner_id=self.luis.id)
        with Form(lead) as form:
            form.kam_opportunity_type_id = self.types['event']
            form.kam_asked_by_customer = True
            for name in OF_THE_ACCOUNT:
                self.assertNotIn(name, form._view['fields'])
        self.assertEqual((lead.kam_opportunity_type_id, lead.kam_asked_by_customer), (self.types['event'], True))
        leads = lead.browse()
        for name in OF_THE_ACCOUNT:
            for method, *arguments in (
                (lead.read, [name]), (leads.search, [(name, '!=', False)]), (leads.search, [], 0, None, name),
                (leads.formatted_read_group, [], [name], ['__count']),
                (leads.formatted_read_group, [], [], [f'{name}:count_distinct']),
            ):
                with self.assertRaises(AccessError, msg=f"{method} of {name}"):
                    method(*arguments)
        self.assertFalse(set(OF_THE_ACCOUNT) & set(leads.fields_get()))

    def test_views_of_every_role(self):
        for user in (self.user_sales, self.user_user, self.user_manager, self.user_admin):
            for model, kinds in (
                ('crm.lead', 'kanban list form search pivot graph'), ('crm.stage', 'list form search'),
                ('kam.opportunity.type', 'list form search'),
            ):
                self.env[model].with_user(user).get_views([(False, kind) for kind in kinds.split()])

    def test_nobody_writes_them(self):
        lead = self.leads['single']
        lead.write({'is_key_account': True, 'kam_tier_id': self.strategic.id, 'kam_account_id': self.iberia.id})
        self.env.invalidate_all()
        self.assertFalse(self.solo.is_key_account or self.solo.kam_tier_id)
        self.assertEqual(lead.kam_account_id, self.solo)

    def test_constant_number_of_queries(self):
        """Cards of 5 or 50 opportunities, each of another account."""
        specification = {name: {} for name in ('name', 'stage_id', 'partner_id', 'kam_account_apart',
                                               'kam_opportunity_type_id', *OF_THE_ACCOUNT)}
        specification |= {name: {'fields': {'display_name': {}}} for name in specification if name.endswith('_id')}
        counts = []
        for size in (5, 5, 50):  # the first fills the caches of rights and rules
            tops = self.env['res.partner'].create([
                {'name': f'Top {number}', 'is_key_account': True, 'kam_tier_id': self.strategic.id}
                for number in range(size)])
            below = self.env['res.partner'].create([
                {'name': f'Below {top.name}', 'is_company': True, 'parent_id': top.id} for top in tops])
            leads = self.env['crm.lead'].create([
                {'name': f'Deal {size}', 'type': 'opportunity', 'partner_id': partner.id,
                 'user_id': self.user_user.id} for partner in below])
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            found = self.mine.web_search_read([('id', 'in', leads.ids)], specification)['records']
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual({record['kam_tier_id']['display_name'] for record in found}, {"Tier One"})
            self.assertEqual({record['kam_account_id']['id'] for record in found}, set(tops.ids))
        self.assertEqual(counts[1], counts[2])
