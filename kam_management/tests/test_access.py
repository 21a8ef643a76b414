"""Who may do what: a table of role × model × operation, and which rows each role sees."""
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import KamCommon

# r read, w write, c create, u unlink: what access rights grant, whatever the record. With records: `access_table.py`.
RIGHTS = {
    #                           sales contrib. user   manager admin   system  service
    'kam.score':               ('',   '',     'r',   'r',    'r',    '',     'r'),
    'kam.score.history':       ('',   '',     'r',   'r',    'r',    '',     'r'),
    'kam.portfolio':           ('',   '',     '',    'r',    'r',    '',     'r'),
    'kam.assessment':          ('',   '',     'rwc', 'rwc',  'rwc',  '',     'r'),
    'kam.rating.sheet':        ('',   '',     'rwc', 'rwc',  'rwc',  '',     ''),
    'kam.rating.sheet.line':   ('',   '',     'rwc', 'rwc',  'rwc',  '',     ''),
    'kam.nomination':          ('',   '',     'rwc', 'rwcu', 'rwcu', '',     'r'),
    'kam.nomination.decision': ('',   '',     '',    'rwc',  'rwc',  '',     ''),
    'kam.handover':            ('',   '',     '',    'rwc',  'rwc',  '',     ''),
    'kam.team.member':         ('',   'r',    'rwc', 'rwcu', 'rwcu', '',     ''),
    'kam.manager':             ('',   '',     'r',   'rwc',  'rwcu', '',     ''),
    'kam.manager.competence':  ('',   '',     'r',   'rwcu', 'rwcu', '',     ''),
    'kam.competence':          ('',   '',     'r',   'r',    'rwcu', '',     ''),
    'kam.tier':                ('',   'r',    'r',   'r',    'rwcu', '',     'r'),
    'kam.function':            ('',   'r',    'r',   'r',    'rwcu', '',     ''),
    'kam.stakeholder.role':    ('',   'r',    'r',   'r',    'rwcu', '',     'r'),
    'kam.dafo':                ('',   '',     'rwc', 'rwcu', 'rwcu', '',     ''),
    'kam.dafo.item':           ('',   '',     'rwcu', 'rwcu', 'rwcu', '',    ''),
    'kam.dafo.strategy':       ('',   '',     'rwcu', 'rwcu', 'rwcu', '',    ''),
    'kam.action':              ('',   'rw',   'rwcu', 'rwcu', 'rwcu', '',    ''),
    'kam.alert':               ('',   '',     'r',    'r',    'r',    '',    'r'),
    'kam.alert.rule':          ('',   '',     'r',    'r',    'rwcu', '',    'r'),
    'kam.alert.snooze':        ('',   '',     'rwc',  'rwc',  'rwc',  '',    ''),
    'kam.playbook':            ('',   '',     'rwcu', 'rwcu', 'rwcu', '',    ''),
    'kam.playbook.step':       ('',   '',     'rwcu', 'rwcu', 'rwcu', '',    ''),
    'kam.playbook.run':        ('',   '',     'rw',   'rw',   'rw',   '',    ''),
    'kam.health.override':     ('',   '',     'rwc',  'rwc',  'rwc',  '',    ''),
    'kam.sync.queue':          ('',   '',     '',     '',     '',     '',    ''),
    'kam.action.kind':         ('',   'r',    'r',    'r',    'rwcu', '',    ''),
    'kam.hat':                 ('',   'r',    'r',    'r',    'rwcu', '',    ''),
    'kam.objective':           ('',   'r',    'rwcu', 'rwcu', 'rwcu', '',    ''),
    'kam.objective.checkin':   ('',   'rwc',  'rwc', 'rwcu', 'rwcu', '',     ''),
    'kam.stakeholder.contact': ('',   '',     'rwc', 'rwcu', 'rwcu', '',     'r'),
    'kam.satisfaction.response': ('', '',     'rwc', 'rwcu', 'rwcu', '',     'r'),
    'kam.touchpoint':          ('',   '',     'r',   'r',    'rwcu', '',     'r'),
    'kam.contact.log':         ('',   '',     'rwc', 'rwc',  'rwc',  '',     ''),
    'kam.contact.mark':        ('',   '',     '',    '',     '',     '',     ''),
    'kam.wallet':              ('',   '',     'r',   'r',    'r',    '',     'r'),
    'kam.satisfaction.score':  ('',   '',     'r',   'r',    'r',    '',     'r'),
    'kam.relationship.score':  ('',   '',     'r',   'r',    'r',    '',     'r'),
    'kam.stakeholder.score':   ('',   '',     'r',   'r',    'r',    '',     'r'),
    'kam.satisfaction.source': ('',   '',     'r',   'r',    'rwcu', 'rwcu', ''),
    'kam.satisfaction.request': ('',  '',     'r',   'r',    'r',    '',     'r'),
    'kam.satisfaction.refusal': ('',  '',     '',    '',     'r',    '',     ''),
    'kam.satisfaction.mark':   ('',   '',     '',    '',     '',     '',     ''),
    'kam.investment':          ('',   '',     'rwcu', 'rwcu', 'rwcu', '',    'r'),
    'kam.investment.type':     ('',   '',     'r',   'r',    'rwcu', '',     ''),
    'kam.plan':                ('',   '',     'rwc', 'rwcu', 'rwcu', '',     ''),
    'kam.plan.priority':       ('',   '',     'rwcu', 'rwcu', 'rwcu', '',     ''),
    'kam.plan.goal':           ('',   '',     'rwcu', 'rwcu', 'rwcu', '',     ''),
    'kam.plan.lesson':         ('',   '',     'rwcu', 'rwcu', 'rwcu', '',     ''),
    'kam.plan.buying.step':    ('',   '',     'rwcu', 'rwcu', 'rwcu', '',     ''),
    'kam.plan.scenario':       ('',   '',     'rwcu', 'rwcu', 'rwcu', '',     ''),
    'kam.plan.signal':         ('',   '',     'rwcu', 'rwcu', 'rwcu', '',     ''),
    'kam.plan.commitment':     ('',   '',     'rwcu', 'rwcu', 'rwcu', '',     ''),
    'kam.plan.target':         ('',   '',     'rwcu', 'rwcu', 'rwcu', '',     ''),
    'kam.plan.forecast':       ('',   '',     'rwcu', 'rwcu', 'rwcu', '',     ''),
    'kam.plan.competitor':     ('',   '',     'rwcu', 'rwcu', 'rwcu', '',     ''),
    'kam.plan.category':       ('',   '',     'rwcu', 'rwcu', 'rwcu', '',     ''),
    'kam.plan.estimate':       ('',   '',     'rwcu', 'rwcu', 'rwcu', '',     ''),
    'kam.plan.part':           ('',   'r',    'r',   'r',    'rwcu', '',     ''),
    'kam.stakeholder':         ('',   '',     'rwc', 'rwcu', 'rwcu', '',     'r'),
    'kam.stakeholder.change':  ('',   '',     'r',   'r',    'r',    '',     'r'),
    'kam.stakeholder.person':  ('',   '',     'rwcu', 'rwcu', 'rwcu', '',    ''),
    'kam.lead.stakeholder':    ('',   '',     'rwcu', 'rwcu', 'rwcu', '',    ''),
    'kam.relationship':        ('',   '',     'rwc', 'rwcu', 'rwcu', '',     ''),
    'kam.relationship.assessment': ('', '',   'rwc', 'rwc',  'rwc',  '',     'r'),
    'kam.relationship.sheet':  ('',   '',     'rwc', 'rwc',  'rwc',  '',     ''),
    'kam.relationship.sheet.line': ('', '',   'rwc', 'rwc',  'rwc',  '',     ''),
    'kam.review':              ('',   '',     'rwcu', 'rwcu', 'rwcu', '',    ''),
    'kam.review.objective':    ('',   '',     'rwcu', 'rwcu', 'rwcu', '',    ''),
    'kam.review.decision':     ('',   '',     'rwcu', 'rwcu', 'rwcu', '',    ''),
    'kam.workbook':            ('',   '',     'rwc', 'rwc',  'rwc',  '',     ''),
    'kam.settings':            ('',   '',     'r',   'r',    'rw',   'rw',   'r'),
    'kam.score.factor':        ('',   '',     'r',   'r',    'rwcu', 'r',    'r'),
    'kam.score.weight':        ('',   '',     'r',   'r',    'rw',   'rw',   'r'),
    'kam.kpi':                 ('',   '',     'r',   'r',    'rwcu', 'rwcu', 'r'),
    'kam.cost.driver':         ('',   '',     'r',   'r',    'rwcu', '',     'r'),
    'kam.capital.cost':        ('',   '',     'r',   'r',    'rwcu', '',     'r'),
    'kam.kpi.value':           ('',   '',     'r',   'r',    'r',    '',     'r'),
    'kam.kpi.target':          ('',   '',     'rwcu', 'rwcu', 'rwcu', '',    'r'),
    'kam.kpi.team.target':     ('',   '',     'r',   'rwcu', 'rwcu', '',     ''),
    'kam.kpi.target.report':   ('',   '',     '',    'r',    'r',    '',     ''),
    'kam.kpi.spread':          ('',   '',     'rwc', 'rwc',  'rwc',  '',     ''),
    'kam.opportunity.type':    ('r',  'r',    'r',   'r',    'rwcu', 'r',    ''),
    'kam.sync.run':            ('',   '',     '',    'r',    'r',    '',     'r'),
    'kam.sync.refusal':        ('',   '',     '',    'r',    'r',    '',     ''),
    'kam.sync.batch':          ('',   '',     '',    '',     '',     '',     ''),
    'kam.sync.lease':          ('',   '',     '',    '',     '',     '',     ''),
}
ROLES = ('sales', 'contributor', 'user', 'manager', 'admin', 'system', 'service')


@tagged('post_install', '-at_install')
class TestAccess(KamCommon):

    def test_rights(self):
        for model, row in RIGHTS.items():
            for role, granted in zip(ROLES, row, strict=True):
                records = self.env[model].with_user(getattr(self, f'user_{role}'))
                found = ''.join(operation[0] for operation in ('read', 'write', 'create', 'unlink')
                                if records.has_access(operation))
                self.assertEqual(found, granted, f"{role} on {model}")
        present = {name for name, model in self.env.registry.items()
                   if model._original_module == 'kam_management' and name.startswith('kam.') and not model._abstract}
        self.assertEqual(present, set(RIGHTS))

    def test_nobody_writes_scores(self):
        score = self._score(self.solo, health=50)
        history = self._history(self.solo, '2026-11-20', health=50)
        for role in ROLES:
            user = getattr(self, f'user_{role}')
            for record in (score, history):
                with self.assertRaises(AccessError):
                    record.with_user(user).health = 99
                with self.assertRaises(AccessError):
                    record.with_user(user).unlink()
                with self.assertRaises(AccessError):
                    record.with_user(user).create({
                        'partner_id': self.other.id, 'company_id': self.company.id, 'as_of': '2026-11-20'})

    def test_own_accounts(self):
        """A user sees the key accounts they manage, and customers of theirs that are no key accounts."""
        self.iberia.user_id = self.user_colleague  # the salesperson of a key account is not its manager
        rows = {name: self._score(getattr(self, name)) for name in ('group', 'iberia', 'solo', 'other')}
        history = {name: self._history(getattr(self, name), '2026-11-20') for name in rows}
        for user, seen in (
            (self.user_user, {'iberia', 'solo'}), (self.user_colleague, {'other'}),
            (self.user_manager, set(rows)), (self.user_admin, set(rows)), (self.user_service, set(rows))):
            for model, records in (('kam.score', rows), ('kam.score.history', history)):
                ids = [record.id for record in records.values()]
                found = self.env[model].with_user(user).search([('id', 'in', ids)])
                self.assertEqual({name for name in rows if records[name] in found.sudo()}, seen, (user.name, model))
        self.group.user_id = self.user_user
        with self.assertRaises(AccessError):
            rows['iberia'].with_user(self.user_colleague).read(['health'])
        self.assertTrue(rows['group'].with_user(self.user_user).read(['health']))

    def test_company_by_company(self):
        here, there = self._score(self.iberia), self._score(self.iberia, self.company_2)
        for user in (self.user_user, self.user_manager):
            found = self.env['kam.score'].with_user(user).search([('partner_id', '=', self.iberia.id)])
            self.assertEqual(found.sudo(), here)
        self.user_manager.company_ids |= self.company_2
        both = self.env['kam.score'].with_user(self.user_manager).with_context(
            allowed_company_ids=(self.company | self.company_2).ids)
        self.assertEqual(both.search([('partner_id', '=', self.iberia.id)]).sudo(), here | there)

    def test_portfolio(self):
        row = self.env['kam.portfolio'].sudo().create({'company_id': self.company_2.id, 'as_of': '2026-11-20'})
        with self.assertRaises(AccessError):
            row.with_user(self.user_user).read(['revenue'])
        with self.assertRaises(AccessError):
            row.with_user(self.user_manager).read(['revenue'])
        self.assertTrue(row.with_user(self.user_service).with_context(
            allowed_company_ids=self.company_2.ids).read(['revenue']))

    def test_service_reads_its_sources_and_nothing_else(self):
        """Not even an internal user; what it may write, it writes through kam.sync."""
        self.assertFalse(self.user_service.has_group('base.group_user'))
        service = self.env(user=self.user_service)
        operations = ('read', 'write', 'create', 'unlink')
        granted = {operation: set() for operation in operations}
        for name in self.env.registry:
            model = service[name]
            if model._abstract or model._transient:
                continue
            for operation in operations:
                if model.has_access(operation):
                    granted[operation].add(name)
        # What Odoo lets everybody do, operation by operation: a row that lets all read excuses no writing.
        public = self.env['ir.model.access'].search([('group_id', '=', False)])
        everyone = {
            operation: set(public.filtered(f'perm_{operation}').mapped('model_id.model')) for operation in operations}
        for operation in ('write', 'create', 'unlink'):
            self.assertEqual(granted[operation] - everyone[operation], set(), operation)
        sources = set(self.env['kam.kpi'].search([])._source_models())
        expected = {'res.partner', 'res.company', 'res.currency', 'res.currency.rate'} | sources | everyone['read']
        self.assertEqual({name for name in granted['read'] if not name.startswith('kam.')} - expected, set())

    def test_fields_of_the_partner(self):
        names = ['is_key_account', 'kam_manager_id', 'kam_account_id', 'kam_score_id']
        self.assertTrue(self.solo.with_user(self.user_user).read(names))
        self.assertTrue(self.solo.with_user(self.user_service).read(names[:3]))
        for name in names:
            with self.assertRaises(AccessError):
                self.solo.with_user(self.user_sales).read([name])
        with self.assertRaises(AccessError):
            self.solo.with_user(self.user_service).read(['kam_score_id'])
        self.assertFalse(set(names) & set(self.solo.with_user(self.user_sales).fields_get()))
