"""Confidentiality: who reads what of an account at each of its levels, whichever way they take."""
from contextlib import nullcontext

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .confidential_common import LEVELS, READ, READERS, ConfidentialCommon


@tagged('post_install', '-at_install')
class TestConfidentiality(ConfidentialCommon):

    def test_levels_of_an_account(self):
        for what, levels in READERS.items():
            for level in LEVELS:
                self.iberia.kam_confidentiality = level
                with self.subTest(level=level):
                    self._assert_readers(self.records[what], levels[level])

    def test_level_of_a_nomination(self):
        """The stricter of the two counts: that of a record never shows more to anyone."""
        nomination = self.records['nomination']
        for account in LEVELS:
            for own in LEVELS:
                self.iberia.kam_confidentiality, nomination.confidentiality = account, own
                with self.subTest(account=account, own=own):
                    expected = READERS['nomination'][max(account, own, key=LEVELS.index)]
                    self._assert_readers(nomination, expected, *(() if account == 'company' else ('search', 'read')))
                    self._assert_readers(self.records['score'], READERS['score'][account], 'read')

    def test_writing(self):
        """Who is shut out writes as little as they read."""
        self.iberia.kam_confidentiality = 'manager'
        for what, names in (
            ('nomination', ('manager', 'sponsor', 'approver')), ('place', ('manager',)), ('opinion', ('author',))):
            record = self.records[what]
            for name, person in self.people.items():
                outcome = nullcontext() if name in names else self.assertRaises(AccessError)
                with self.subTest(what=what, name=name), outcome:
                    record.with_user(person).write({READ[record._name][0]: 'Other'})
        with self.assertRaises(AccessError):
            self.records['nomination'].with_user(self.user_manager).action_decline()

    def test_who_sets_the_level_of_an_account(self):
        self._flush_tracking()
        for name in ('manager', 'lead', 'admin'):
            for level in ('manager', 'company', 'team'):  # a lead may let themselves in
                self.iberia.with_user(self.people[name]).kam_confidentiality = level
                self.assertEqual(self.iberia.kam_confidentiality, level)
        self.assertIn("Everyone with access → Account team only", self._chatter(self.iberia))
        for name in ('deputy', 'sponsor', 'member', 'former', 'salesperson', 'colleague'):
            for level in ('manager', 'company'):
                with self._refused(UserError, "Only the manager of an account and Key Accounts managers"):
                    self.iberia.with_user(self.people[name]).kam_confidentiality = level
            # an import writes unchanged fields too
            self.iberia.with_user(self.people[name]).write({'comment': 'Called', 'kam_confidentiality': 'team'})
        for name in ('specialist', 'service', 'sales'):
            with self.assertRaises(UserError):
                self.iberia.with_user(self.people[name]).kam_confidentiality = 'company'
        self.assertEqual(self.iberia.kam_confidentiality, 'team')

    def test_who_sets_the_level_of_a_new_account(self):
        partners = self.env['res.partner'].with_user(self.user_colleague)
        with self._refused(UserError, "Only the manager of an account and Key Accounts managers"):
            partners.create({'name': 'New', 'kam_confidentiality': 'manager'})
        with self._refused(UserError, "Only the manager of an account and Key Accounts managers"):
            partners.with_context(default_kam_confidentiality='manager').create({'name': 'New'})
        self.assertTrue(partners.with_user(self.user_manager).create({'name': 'New', 'kam_confidentiality': 'manager'}))
        self.assertTrue(partners.create({'name': 'New', 'kam_confidentiality': 'company'}))

    def test_who_sets_the_level_of_a_nomination(self):
        """Whoever proposed it, too."""
        nomination = self.records['nomination']
        for name in ('sponsor', 'manager', 'lead'):
            for level in ('team', 'company'):
                nomination.with_user(self.people[name]).confidentiality = level
                self.assertEqual(nomination.confidentiality, level)
                nomination.confidentiality = 'company'
        for name in ('deputy', 'member'):
            for level in ('manager', 'company'):
                nomination.confidentiality = 'team'
                with self.subTest(name=name, level=level), self._refused(UserError, "may change its confidentiality"):
                    nomination.with_user(self.people[name]).confidentiality = level

    def test_a_lead_opens_an_account_before_joining_it(self):
        """Who is shut out comes in by what the chatter tells, and never silently."""
        lead = self.user_manager
        members = self.env['kam.team.member'].with_user(lead)
        elsewhere = members.create({'partner_id': self.solo.id, 'user_id': lead.id})
        self.iberia.kam_confidentiality = 'team'
        for join in (
            lambda: members.create({'partner_id': self.iberia.id, 'user_id': lead.id}),
            lambda: members.with_context(default_partner_id=self.iberia.id).create({'user_id': lead.id}),
            lambda: elsewhere.write({'partner_id': self.iberia.id})):
            for active in (False, True):
                self.iberia.active = active
                with self.assertRaises(UserError):
                    join()
        self.assertFalse(self._reads('lead', 'score'))
        self.iberia.with_user(lead).kam_confidentiality = 'company'
        members.create({'partner_id': self.iberia.id, 'user_id': lead.id})
        self.iberia.with_user(lead).kam_confidentiality = 'team'
        self.assertTrue(self._reads('lead', 'score'))

    def _reads(self, name, what):
        record = self.records[what].with_user(self.people[name])
        self.assertEqual(bool(record.search([('id', '=', record.id)])), record.has_access('read'))
        return record.has_access('read')

    def _assert_reads(self, name, expected):
        for what in READERS:
            with self.subTest(name=name, what=what):
                self.assertEqual(self._reads(name, what), expected)

    def test_at_once_when_the_team_changes(self):
        self.iberia.kam_confidentiality = 'team'
        self._assert_reads('colleague', False)
        row = self._join('colleague')
        self._assert_reads('colleague', True)
        row.date_from = self._day(1)
        self._assert_reads('colleague', False)
        row.date_from = self._day(-9)
        self._assert_reads('colleague', True)
        row.date_to = self._day(-1)
        self._assert_reads('colleague', False)
        row.date_to = self.today  # the last day in the team
        self._assert_reads('colleague', True)
        row.user_id = self.people['author']
        self._assert_reads('colleague', False)
        self._assert_reads('author', True)
        row.unlink()
        self.assertFalse(self._reads('author', 'score'))

    def test_at_once_when_the_manager_changes(self):
        self.iberia.kam_confidentiality = 'manager'
        self._assert_reads('manager', True)
        self._assert_reads('colleague', False)
        self.iberia.with_user(self.user_manager).kam_manager_id = self.user_colleague
        self._assert_reads('manager', False)
        self._assert_reads('colleague', True)
        self.iberia.kam_confidentiality = 'company'
        self._assert_reads('manager', False)  # of a team that they have left
        self._assert_reads('lead', True)

    def test_at_once_when_the_account_changes(self):
        """An opinion on a contact is as confidential as the account that the contact rolls up to."""
        self.iberia.kam_confidentiality = 'manager'
        self.assertFalse(self._reads('lead', 'opinion'))
        self.logistics.parent_id = self.france
        self.assertTrue(self._reads('lead', 'opinion'))
        self.logistics.parent_id = self.iberia
        self.assertFalse(self._reads('lead', 'opinion'))

    def test_an_archived_account_stays_confidential(self):
        self.iberia.kam_confidentiality = 'manager'
        self.iberia.active = False
        for what in READERS:
            self.assertEqual([self._reads(name, what) for name in ('lead', 'member', 'manager')], [False, False, True])

    def test_company_by_company(self):
        there = {'score': self._score(self.iberia, self.company_2, health=9.0),
                 'history': self._history(self.iberia, '2026-11-20', self.company_2, health=9.0)}
        both = (self.company | self.company_2).ids
        for level in LEVELS:
            self.iberia.kam_confidentiality = level
            for what, record in there.items():
                here = self.records[what]
                rows = self.env[record._name].with_user(self.user_user).with_context(allowed_company_ids=both[:1])
                self.assertEqual(rows.search([('partner_id', '=', self.iberia.id)]).sudo(), here)
                with self.assertRaises(AccessError):
                    record.with_user(self.user_user).read(['health'])
                rows = rows.with_user(self.user_service).with_context(allowed_company_ids=both)
                self.assertEqual(rows.search([('partner_id', '=', self.iberia.id)]).sudo(), here | record)
        # who enters both sees both, as far as the account lets them in
        (self.user_user | self.user_manager).company_ids |= self.company_2
        for person, count in ((self.user_user, 2), (self.user_manager, 0)):
            rows = self.env['kam.score'].with_user(person).with_context(allowed_company_ids=both)
            self.assertEqual(rows.search_count([('partner_id', '=', self.iberia.id)]), count)

    def test_nothing_moves_to_where_it_could_not_be_made(self):
        """Odoo asks whether one may write before it writes, not of what comes out."""
        place = self.env['kam.team.member'].with_user(self.user_user).create({
            'partner_id': self.iberia.id, 'user_id': self.user_user.id, 'date_from': '2020-01-01',
            'date_to': '2020-12-31'})
        with self.subTest("into the team of an account that somebody else manages"):
            other = self._partner('Somebody Else', is_key_account=True, kam_manager_id=self.user_colleague.id)
            score = self._score(other)
            with self.assertRaises(AccessError):
                place.write({'partner_id': other.id, 'date_to': False})
                self.env.flush_all()
            with self.assertRaises(AccessError):
                score.with_user(self.user_user).read(['health'])
        records = {
            'place': place, 'opinion': self._opinion(self.solo, self.user_user),
            'nomination': self.env['kam.nomination'].with_user(self.user_user).create({'partner_id': self.solo.id}),
            'manager': self.env['kam.manager'].with_user(self.user_manager).create({'user_id': self.user_sales.id}),
        }
        for what, record in records.items():
            with self.subTest("into a company that they may not enter", what=what), self.assertRaises(AccessError):
                record.company_id = self.company_2
                self.env.flush_all()

    def test_the_dialog_of_a_decision(self):
        """Whoever may not read a nomination learns nothing of it from the dialog that decides on it."""
        candidate = self._partner('Quiet Customer', user_id=self.user_user.id)
        self._score(candidate, willingness=17.0)
        nomination = self.env['kam.nomination'].with_user(self.user_user).create({'partner_id': candidate.id})
        self.assertIn("17", nomination.sudo().exceptions)
        candidate.kam_confidentiality = 'manager'
        self.env.invalidate_all()
        dialogs = self.env['kam.nomination.decision'].with_user(self.user_manager)
        values = {'nomination_id': nomination.id, 'decision': 'accept', 'reason': 'Curious'}
        for make in (dialogs.create, dialogs.new):
            with self.assertRaises(AccessError):
                self.assertFalse(make(values).exceptions)
        with self.assertRaises(AccessError):
            dialogs.create(values).read(['nomination_id'])  # by its name, which tells the tier

    def test_a_refresh(self):
        """A run names accounts with their scores for the worker; people read of it what they may see."""
        self._score(self.solo)
        told = [{'account': partner.id, 'name': partner.name, 'rank': 1} for partner in self.iberia | self.solo]
        run = self.env['kam.sync.run'].create({
            'company_id': self.company.id, 'as_of': '2026-11-20', 'state': 'published',
            'date_end': '2026-11-20 10:00:00', 'answer': {'top': told, 'movers': told}})
        self.iberia.kam_confidentiality = 'manager'
        run = run.with_user(self.user_manager)
        self.assertIn('Solo Shop', run.movers_html)
        self.assertNotIn('Nordwind Iberia', run.movers_html)
        with self.assertRaises(AccessError):
            run.read(['answer'])
        self.assertNotIn('Nordwind Iberia', str(run.read()))

    def _queries(self, model, field, partners):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        rows = self.env[model].with_user(self.user_user).search([('partner_id', 'in', partners.ids)])
        self.assertEqual(len(rows.read([field, 'is_own_account', 'is_disclosed'])), len(partners))
        return self.cr.sql_log_count - before

    def test_queries_do_not_grow(self):
        partners = self.env['res.partner'].create([
            {'name': f'Customer {number}', 'is_company': True, 'user_id': self.user_user.id,
             'kam_confidentiality': LEVELS[number % 2]} for number in range(55)])
        for partner in partners:
            self._join('manager', partner)
            self._score(partner, health=50.0)
            self._history(partner, '2026-11-20', health=50.0)
            self._opinion(partner, self.user_user)
            self.env['kam.nomination'].create({'partner_id': partner.id})
            self._analyse(self.user_user, partner)
        for model, (field, _pointer) in READ.items():
            with self.subTest(model=model):
                self._queries(model, field, partners[:1])  # rights and rules are cached from here on
                self.assertEqual(self._queries(model, field, partners[:5]), self._queries(model, field, partners[5:]))
