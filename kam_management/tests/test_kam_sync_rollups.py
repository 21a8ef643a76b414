"""Satisfaction and relationship on their way back: checked as sets, put in place where they changed, never by half."""
from datetime import timedelta

from odoo.tests import new_test_user, tagged

from .sync_common import SyncCase
from .test_kam_sync_people import AS_OF, PeopleCase

SATISFACTION = ('scope subject_id account_id touchpoint_id satisfaction answers people nps_answers csat_answers '
                'ces_answers favourability_answers asked answered series')
PERSON = 'stakeholder_id account_id strength is_in_touch contact_days is_two_way last_contact'
RELATIONSHIP = ('account_id strength quality quality_raters people people_in_touch roles_required roles_filled '
                'colleagues is_single_thread aspects')
TABLES = {'satisfaction': SATISFACTION, 'person': PERSON, 'relationship': RELATIONSHIP}
ZEROS = (0,) * 6


class RollupCase(PeopleCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.small.is_key_account = True
        cls.delivery = cls.env.ref('kam_management.touchpoint_delivery')
        cls.luis = cls._person("Luis", cls.big)
        cls.stakeholder_2 = cls._stakeholder(cls.luis)
        cls.env['kam.satisfaction.response'].create([
            {'contact_id': person.id, 'kind': 'nps', 'value': 9, 'date': AS_OF, 'touchpoint_id': cls.delivery.id}
            for person in (cls.nuria, cls.luis)])
        cls.satisfaction = cls.env['kam.satisfaction.score']
        cls.people = cls.env['kam.stakeholder.score']
        cls.relationship = cls.env['kam.relationship.score']

    # Rows of the tables, of which one figure tells them apart.
    def of_account(self, figure, touchpoint=None, account=None, series=None):
        account = account or self.big
        return ('account', account.id, account.id, touchpoint and touchpoint.id, figure, 3, 2, *ZEROS, series)

    def of_contact(self, figure, contact=None):
        return ('contact', (contact or self.nuria).id, self.big.id, None, figure, 3, 1, *ZEROS, None)

    def of_tier(self, figure):
        return ('tier', self.tier.id, None, None, figure, 3, 2, *ZEROS, None)

    def of_portfolio(self, figure, touchpoint=None):
        return ('portfolio', 0, None, touchpoint and touchpoint.id, figure, 3, 2, *ZEROS, None)

    def of_person(self, strength, stakeholder=None):
        return ((stakeholder or self.stakeholder).id, self.big.id, strength, 1, 2, 1, '2026-07-30')

    def of_relation(self, strength, account=None):
        return ((account or self.big).id, strength, None, 0, 2, 1, 0, 0, 1, 1, '{"trust": [70.5, 2, 3, "2026-07-01"]}')

    def send(self, run, tables):
        """Stage the rows and say so; return the totals and what was refused."""
        self.stage(run, [(self.big.id, 0, 0, 1, 5.0)])
        self.stage(run, [(1, 1, 1, 0)], self.PORTFOLIO, table='portfolio')
        answers = {name: self.stage(run, rows, TABLES[name], table=name) for name, rows in tables.items()}
        counts = {'score': 1, 'portfolio': 1, **{name: len(rows) for name, rows in tables.items()}}
        return {'tables': {name: {'rows': rows, 'batches': 1} for name, rows in counts.items()}}, answers

    def roll_up(self, as_of=AS_OF, request=None, **tables):
        """A whole run that stages these rows: what publish answered, and what was refused of each table."""
        self.env.flush_all()
        run = self.prepared(as_of=as_of, **(request or {}))
        totals, answers = self.send(run, tables)
        result = self.sync.publish(run['run'], run['token'], totals)
        return result, {name: [row['reason'] for row in answer['refused']] for name, answer in answers.items()}

    def shown(self):
        """What stands there: each row by what it is of, with its figure."""
        figures = {}
        for row in self.satisfaction.search([]):
            subject = row.contact_id or row.tier_id or row.partner_id
            figures[' '.join(filter(None, [row.scope, subject.name, row.touchpoint_id.name]))] = row.satisfaction
        figures.update({f'person {row.stakeholder_id.contact_id.name}': row.strength for row in self.people.search([])})
        figures.update({f'relation {row.partner_id.name}': row.strength for row in self.relationship.search([])})
        return figures

    def all_rows(self, figure):
        return {
            'satisfaction': [
                self.of_account(figure), self.of_account(figure, self.delivery), self.of_contact(figure),
                self.of_tier(figure), self.of_portfolio(figure), self.of_portfolio(figure, self.delivery)],
            'person': [self.of_person(figure), self.of_person(figure, self.stakeholder_2)],
            'relationship': [self.of_relation(figure)]}


ALL = ('account Big Retail', 'account Big Retail Delivery', 'contact Nuria', 'tier Regional', 'portfolio',
       'portfolio Delivery', 'person Nuria', 'person Luis', 'relation Big Retail')


@tagged('post_install', '-at_install')
class TestKamSyncRollups(RollupCase):

    def test_everything_in_its_place(self):
        series = '{"months": [["2026-07-31", 80.5, null, 3]]}'
        result, refused = self.roll_up(
            satisfaction=[self.of_account(80.5, series=series), self.of_contact(None)],
            person=[self.of_person(61.5)], relationship=[self.of_relation(55.0)])
        self.assertFalse(any(refused.values()))
        account = self.satisfaction.search([('scope', '=', 'account')])
        self.assertEqual(
            (account.partner_id, account.company_id, account.as_of, account.run_id.id, account.answers, account.series),
            (self.big, self.company, AS_OF, result['run'], 3, {'months': [["2026-07-31", 80.5, None, 3]]}))
        contact = self.satisfaction.search([('scope', '=', 'contact')])
        self.assertEqual((contact.contact_id, contact.partner_id, contact.satisfaction), (self.nuria, self.big, False))
        self.assertNotIn(contact, contact.search([('satisfaction', '<', 50)]), "unknown is no small number")
        person = self.people.search([])
        self.assertEqual((person.stakeholder_id, person.strength, person.is_in_touch, person.contact_days,
                          str(person.last_contact)), (self.stakeholder, 61.5, True, 2, '2026-07-30'))
        relation = self.relationship.search([])
        self.assertEqual((relation.partner_id, relation.strength, relation.quality, relation.is_single_thread,
                          relation.aspects['trust']), (self.big, 55.0, False, 'yes', [70.5, 2, 3, "2026-07-01"]))

    def test_the_key_is_what_the_model_says(self):
        """A row that is written here and one that the ORM writes are the same row."""
        self.roll_up(**self.all_rows(50.0))
        rows = self.satisfaction.search([])
        keys = {row.id: row.key for row in rows}
        self.env.add_to_compute(rows._fields['key'], rows)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual({row.id: row.key for row in rows}, keys)

    def test_twice_changes_nothing(self):
        first, _refused = self.roll_up(**self.all_rows(50.0))
        self.assertEqual(self.shown(), dict.fromkeys(ALL, 50.0))
        written = (self.satisfaction.search([]), self.people.search([]), self.relationship.search([]))
        self.assertEqual(first['rollups'], {
            name: {'inserted': rows, 'updated': 0, 'removed': 0, 'unchanged': 0}
            for name, rows in (('satisfaction', 6), ('person', 2), ('relationship', 1))})
        second, _refused = self.roll_up(as_of=AS_OF + timedelta(days=1), **self.all_rows(50.0))
        self.assertEqual(second['rollups'], {
            name: {'inserted': 0, 'updated': 0, 'removed': 0, 'unchanged': rows}
            for name, rows in (('satisfaction', 6), ('person', 2), ('relationship', 1))})
        for rows in written:
            self.assertEqual(rows.search([]), rows)
            self.assertEqual(set(rows.mapped('run_id').ids), {first['run']}, "the run that last changed them")

    def test_only_what_changed_is_written(self):
        first, _refused = self.roll_up(**self.all_rows(50.0))
        rows = self.all_rows(50.0)
        rows['satisfaction'][0] = self.of_account(None)  # now unknown
        rows['person'][1] = self.of_person(51.0, self.stakeholder_2)
        second, _refused = self.roll_up(**rows)
        self.assertEqual({name: counts['updated'] for name, counts in second['rollups'].items()},
                         {'satisfaction': 1, 'person': 1, 'relationship': 0})
        self.assertEqual(self.shown(), {
            **dict.fromkeys(ALL, 50.0), 'account Big Retail': False, 'person Luis': 51.0})
        changed = self.satisfaction.search([('run_id', '=', second['run'])])
        self.assertEqual((changed.scope, changed.touchpoint_id.id), ('account', False))
        self.assertGreater(second['run'], first['run'])

    def test_who_has_none_any_more(self):
        self.roll_up(**self.all_rows(50.0))
        result, _refused = self.roll_up(
            satisfaction=[self.of_account(50.0)], person=[self.of_person(50.0)], relationship=[])
        self.assertEqual(self.shown(), {'account Big Retail': 50.0, 'person Nuria': 50.0})
        self.assertEqual([result['rollups'][name]['removed'] for name in TABLES], [5, 1, 1])

    def test_a_worker_of_before_leaves_them_out(self):
        self.roll_up(**self.all_rows(50.0))
        result, _refused = self.roll_up()
        self.assertEqual(result['rollups'], {})
        self.assertEqual(self.shown(), dict.fromkeys(ALL, 50.0))

    def test_another_company_keeps_its_own(self):
        other = self.env['res.company'].create({'name': "Other"})
        theirs = self.relationship.sudo().create({
            'partner_id': self.big.id, 'company_id': other.id, 'as_of': AS_OF, 'strength': 9.0})
        said = self.satisfaction.sudo().create({
            'scope': 'account', 'partner_id': self.big.id, 'company_id': other.id, 'as_of': AS_OF, 'satisfaction': 9.0})
        self.roll_up(**self.all_rows(50.0))
        self.roll_up(satisfaction=[], person=[], relationship=[])
        self.assertEqual((theirs.exists().strength, said.exists().satisfaction), (9.0, 9.0))
        self.assertEqual(self.satisfaction.search([]), said)

    # ------------------------------------------------------------------ trying, and days of before
    def test_a_dry_run_writes_nothing(self):
        self.roll_up(**self.all_rows(50.0))
        result, _refused = self.roll_up(request={'dry_run': True}, **self.all_rows(60.0))
        self.assertEqual([result['rollups'][name]['updated'] for name in TABLES], [6, 2, 1])
        self.assertEqual(self.shown(), dict.fromkeys(ALL, 50.0))

    def test_an_earlier_day_is_history_only(self):
        self.roll_up(**self.all_rows(50.0))
        result, _refused = self.roll_up(as_of=AS_OF - timedelta(days=40), satisfaction=[], person=[], relationship=[])
        self.assertTrue(result['history_only'])
        self.assertEqual(self.shown(), dict.fromkeys(ALL, 50.0))

    # ------------------------------------------------------------------ refused
    def test_what_was_not_pulled_is_refused(self):
        stranger = self.env['res.partner'].create({'name': "Stranger", 'is_company': True})
        asked = self._person("Eva", self.big)
        empty_tier = self.env['kam.tier'].create({'name': "Nobody's"})
        elsewhere = self._stakeholder(self._person("Pau", stranger), stranger)
        unused = self.env['kam.touchpoint'].create({'name': "Unused"})
        good = {'satisfaction': [self.of_account(50.0)], 'person': [self.of_person(50.0)],
                'relationship': [self.of_relation(50.0)]}
        bad = {
            'satisfaction': [
                self.of_account(1.0, account=stranger), self.of_contact(1.0, asked), self.of_account(1.0, unused),
                ('contact', self.nuria.id, self.small.id, None, 1.0, 3, 2, *ZEROS, None),
                ('contact', self.nuria.id, None, None, 1.0, 3, 2, *ZEROS, None),
                ('contact', self.nuria.id, self.big.id, self.delivery.id, 1.0, 3, 2, *ZEROS, None),
                ('account', self.big.id, self.small.id, None, 1.0, 3, 2, *ZEROS, None),
                ('account', self.big.id, None, None, 1.0, 3, 2, *ZEROS, None),
                ('tier', empty_tier.id, None, None, 1.0, 3, 2, *ZEROS, None),
                ('tier', self.tier.id, self.big.id, None, 1.0, 3, 2, *ZEROS, None),
                ('portfolio', 1, None, None, 1.0, 3, 2, *ZEROS, None),
                ('portfolio', 0, self.big.id, None, 1.0, 3, 2, *ZEROS, None)],
            'person': [self.of_person(1.0, elsewhere), (self.stakeholder_2.id, self.small.id, 1.0, 1, 2, 1, None),
                       (999_999_999, self.big.id, 1.0, 1, 2, 1, None)],
            'relationship': [self.of_relation(1.0, stranger)]}
        result, refused = self.roll_up(**{name: good[name] + bad[name] for name in good})
        for name, rows in bad.items():
            self.assertEqual(len(refused[name]), len(rows), name)
            self.assertEqual(len(set(refused[name])), 1)
            self.assertIn("not among", refused[name][0])
        self.assertEqual((result['state'], result['refused']), ('partial', 16))
        self.assertEqual(self.shown(), {
            'account Big Retail': 50.0, 'person Nuria': 50.0, 'relation Big Retail': 50.0})

    def test_what_is_there_twice_is_refused(self):
        rows = self.all_rows(50.0)
        _result, refused = self.roll_up(**{
            name: [*table, *table] for name, table in rows.items()})
        for name, table in rows.items():
            self.assertEqual(len(refused[name]), len(table))
            self.assertIn("twice", refused[name][0])
        self.assertEqual(self.shown(), dict.fromkeys(ALL, 50.0))

    def test_twice_in_two_batches_and_the_first_one_stays(self):
        run = self.prepared(as_of=AS_OF)
        totals, _answers = self.send(run, {'person': [self.of_person(50.0)]})
        answer = self.stage(run, [self.of_person(60.0)], PERSON, batch=2, table='person')
        self.assertEqual([row['line'] for row in answer['refused']], [1])
        totals['tables']['person'] = {'rows': 2, 'batches': 2}
        self.sync.publish(run['run'], run['token'], totals)
        self.assertEqual(self.shown(), {'person Nuria': 50.0})

    def test_bad_figures_are_refused_by_themselves_and_what_stood_there_stays(self):
        self.roll_up(**self.all_rows(50.0))
        rows = self.all_rows(60.0)
        rows['satisfaction'][0] = self.of_account(101.0)
        rows['person'][0] = self.of_person(-1.0)
        rows['relationship'][0] = self.of_relation(250.0)
        _result, refused = self.roll_up(**rows)
        for name in TABLES:
            self.assertEqual(len(refused[name]), 1)
            self.assertIn("is not between 0 and 100", refused[name][0])
        shown = self.shown()
        self.assertEqual({name for name, figure in shown.items() if figure == 50.0},
                         {'account Big Retail', 'person Nuria', 'relation Big Retail'})
        self.assertEqual(set(shown), set(ALL))

    # ------------------------------------------------------------------ vanished meanwhile
    def _publish_after(self, change):
        """A run in whose middle, after everything was staged, `change` happens."""
        self.win(self.quiet, 10.0, AS_OF)
        self.env.flush_all()
        run = self.prepared(as_of=AS_OF)
        rows = self.all_rows(60.0)
        rows['relationship'].append(self.of_relation(60.0, self.quiet))
        rows['satisfaction'] += [self.of_contact(60.0, self.luis)]
        totals, _answers = self.send(run, rows)
        change()
        self.env.flush_all()
        result = self.sync.publish(run['run'], run['token'], totals)
        return {(row['table'], row['reference']): row['reason'] for row in result['refusals']}

    def test_a_person_who_was_deleted_meanwhile(self):
        def forget():
            self.stakeholder_2.unlink()
            self.luis.unlink()
        number, contact = str(self.stakeholder_2.id), str(self.luis.id)
        refused = self._publish_after(forget)
        self.assertEqual(set(refused), {('person', number), ('satisfaction', contact)})
        self.assertTrue(all("was deleted" in reason for reason in refused.values()))
        self.assertEqual(self.shown(), {
            **{name: 60.0 for name in ALL if 'Luis' not in name}, 'relation Quiet Café': 60.0})

    def test_an_account_that_was_deleted_meanwhile(self):
        number = str(self.quiet.id)
        self.assertEqual(set(self._publish_after(self.quiet.unlink)), {('relationship', number)})
        self.assertEqual(self.shown(), dict.fromkeys(ALL, 60.0) | {'contact Luis': 60.0})

    def test_a_touchpoint_that_was_deleted_meanwhile(self):
        def delete():
            said = self.env['kam.satisfaction.response'].search([('touchpoint_id', '=', self.delivery.id)])
            said.touchpoint_id = False
            # Another app may have brought sources that ask about it.
            self.env['kam.satisfaction.source'].with_context(active_test=False).search(
                [('touchpoint_id', '=', self.delivery.id)]).touchpoint_id = False
            self.delivery.unlink()
        refused = self._publish_after(delete)
        self.assertEqual(set(refused), {('satisfaction', str(self.big.id)), ('satisfaction', '0')})
        self.assertNotIn('portfolio Delivery', self.shown())
        self.assertIn('portfolio', self.shown())

    # ------------------------------------------------------------------ merged
    def test_merging_accounts(self):
        """What was computed of the one that goes, goes; the next refresh computes anew."""
        self.roll_up(relationship=[self.of_relation(50.0), self.of_relation(40.0, self.small)],
                     satisfaction=[self.of_account(50.0), self.of_account(40.0, account=self.small)],
                     person=[self.of_person(50.0)])
        self.env['base.partner.merge.automatic.wizard']._merge(
            (self.big | self.small).ids, self.small, extra_checks=False)
        self.env.flush_all()
        self.assertEqual(self.shown(), {
            'account Small Bakery': 40.0, 'relation Small Bakery': 40.0, 'person Nuria': 50.0})
        self.roll_up_again()

    def test_merging_people(self):
        self.roll_up(**self.all_rows(50.0))
        self.env['base.partner.merge.automatic.wizard']._merge(
            (self.nuria | self.luis).ids, self.luis, extra_checks=False)
        self.env.flush_all()
        shown = self.shown()
        self.assertNotIn('contact Nuria', shown)
        self.assertEqual(len(self.people.search([])), 1)
        self.assertEqual(self.people.search([]).stakeholder_id.contact_id, self.luis)

    def roll_up_again(self):
        """The account that goes on is refreshed as any other."""
        run = self.prepared(as_of=AS_OF)
        self.stage(run, [(self.small.id, 0, 0, 1, 5.0)])
        self.stage(run, [(1, 1, 1, 0)], self.PORTFOLIO, table='portfolio')
        self.stage(run, [self.of_relation(45.0, self.small)], RELATIONSHIP, table='relationship')
        tables = dict.fromkeys(('score', 'portfolio', 'relationship'), {'rows': 1, 'batches': 1})
        self.sync.publish(run['run'], run['token'], {'tables': tables})
        self.assertEqual(self.shown()['relation Small Bakery'], 45.0)

    # ------------------------------------------------------------------ who reads them
    def test_tiers_and_the_portfolio_are_for_managers(self):
        self.big.kam_manager_id = self.rep
        manager = new_test_user(self.env, 'lead', groups='kam_management.group_kam_manager')
        stranger = new_test_user(self.env, 'stranger', groups='kam_management.group_kam_user')
        self.roll_up(**self.all_rows(50.0))

        def scopes(user):
            return {row.scope for row in self.satisfaction.with_user(user).search([])}
        self.assertEqual(scopes(self.rep), {'account', 'contact'})
        self.assertEqual(scopes(manager), {'account', 'contact', 'tier', 'portfolio'})
        self.assertEqual(scopes(stranger), set())
        self.assertEqual(len(self.people.with_user(self.rep).search([])), 2)
        self.assertFalse(self.people.with_user(stranger).search([]))
        self.assertFalse(self.relationship.with_user(stranger).search([]))
        for row in self.satisfaction.with_user(manager).search([('partner_id', '=', False)]):
            self.assertTrue(row.is_disclosed)
            self.assertTrue(row.has_access('read'))
        self.big.kam_confidentiality = 'manager'
        self.assertEqual(scopes(manager), {'tier', 'portfolio'})
        self.assertFalse(self.relationship.with_user(manager).search([]))
        self.assertFalse(self.people.with_user(manager).search([]))
        self.stakeholder.confidentiality = 'company'
        self.assertEqual(scopes(self.rep), {'account', 'contact'})

    def test_a_confidential_person_is_not_told_by_the_figures(self):
        self.big.kam_manager_id = self.rep
        colleague = new_test_user(self.env, 'colleague', groups='kam_management.group_kam_user')
        self.env['kam.team.member'].create({'partner_id': self.big.id, 'user_id': colleague.id})
        self.roll_up(**self.all_rows(50.0))
        self.stakeholder.confidentiality = 'manager'
        self.assertEqual(self.people.with_user(colleague).search([]).stakeholder_id, self.stakeholder_2)

    def test_nobody_writes_them_by_hand(self):
        self.roll_up(**self.all_rows(50.0))
        for model in (self.satisfaction, self.people, self.relationship):
            for operation in ('write', 'create', 'unlink'):
                for user in (self.service, self.env.ref('base.user_admin')):
                    self.assertFalse(model.search([]).with_user(user).has_access(operation), (model, operation))


@tagged('post_install', '-at_install')
class TestKamSyncContactSettings(SyncCase):

    def test_rhythm_and_window_belong_to_the_configuration(self):
        """A change of what the figures depend on marks the trend; how often to refresh does not."""
        settings = self.company.kam_settings_id
        first = self.begin()
        self.assertEqual([first['config']['settings'][name] for name in (
            'contact_window', 'contact_cadence', 'answer_half_life')], [90, 90, 180])
        hashes = [first['config_hash']]
        self.sync.abandon(first['run'], first['token'], '')
        for name, value in (('refresh_hours', 12), ('contact_cadence', 60), ('answer_half_life', 90)):
            settings[name] = value
            run = self.begin()
            hashes.append(run['config_hash'])
            self.sync.abandon(run['run'], run['token'], '')
        self.assertEqual(hashes[0], hashes[1])
        self.assertEqual(len(set(hashes)), 3)
