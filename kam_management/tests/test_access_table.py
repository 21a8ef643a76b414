"""Every cell of the table of rights, tried as that user: reading, writing, creating and deleting, never in sudo."""
import os
from contextlib import closing
from pathlib import Path

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .access_table import ACCOUNTS, CONFIGURATION, NEVER, ROLES, SITUATIONS, render
from .common import KamCommon

PAGE = Path(__file__).parents[2] / 'docs' / 'developers' / 'access.md'
# An ordinary field of each model, and what is written into it.
ORDINARY = {
    'kam.score': ('health', 60.0),
    'kam.score.history': ('health', 60.0),
    'kam.assessment': ('value', 6),
    'kam.team.member': ('note', "Deliveries"),
    'kam.nomination': ('confidentiality', 'company'),
    'kam.dafo': ('advantage', "Its bakeries"),
    'kam.dafo.item': ('note', "Says its annual report"),
    'kam.dafo.strategy': ('name', "Renamed"),
    'kam.objective': ('resources', "An engineer"),
    'kam.objective.checkin': ('note', "It goes on"),
    'kam.action': ('result', "They liked it"),
    'kam.lead.stakeholder': ('note', "The price"),
    'kam.stakeholder': ('power', 'high'),
    'kam.stakeholder.change': ('value_after', '3'),
    'kam.stakeholder.person': ('interests', "Sails"),
    'kam.stakeholder.contact': ('date', '2026-11-02'),
    'kam.satisfaction.response': ('value', 8.0),
    'kam.satisfaction.score': ('satisfaction', 60.0),
    'kam.relationship.score': ('strength', 60.0),
    'kam.stakeholder.score': ('strength', 60.0),
    'kam.satisfaction.request': ('answered_on', '2026-11-02'),
    'kam.satisfaction.refusal': ('value', 8.0),
    'kam.satisfaction.source': ('name', "Renamed"),
    'kam.touchpoint': ('name', "Renamed"),
    'kam.relationship': ('note', "They say so"),
    'kam.relationship.assessment': ('trust', 6),
    'kam.review': ('note', "They open a plant"),
    'kam.review.objective': ('reason', "It is over"),
    'kam.review.decision': ('name', "Renamed"),
    'kam.wallet': ('sales', 60.0),
    'kam.investment': ('name', "Renamed"),
    'kam.investment.type': ('name', "Renamed"),
    'kam.plan': ('date_end', '2040-01-01'),
    'kam.plan.priority': ('name', "Renamed"),
    'kam.plan.goal': ('name', "Renamed"),
    'kam.plan.lesson': ('name', "Renamed"),
    'kam.plan.buying.step': ('name', "Renamed"),
    'kam.plan.scenario': ('name', "Renamed"),
    'kam.plan.signal': ('name', "Renamed"),
    'kam.plan.commitment': ('name', "Renamed"),
    'kam.plan.target': ('note', "Renamed"),
    'kam.plan.forecast': ('note', "Renamed"),
    'kam.plan.competitor': ('name', "Renamed"),
    'kam.plan.category': ('name', "Renamed"),
    'kam.plan.estimate': ('source', "Renamed"),
    'kam.alert': ('snooze_reason', "Later"),
    'kam.alert.rule': ('name', "Renamed"),
    'kam.playbook': ('name', "Renamed"),
    'kam.playbook.step': ('name', "Renamed"),
    'kam.playbook.run': ('note', "They liked it"),
    'kam.health.override': ('reason', "They grow"),
    'kam.settings': ('capacity', 21),
    'kam.score.weight': ('weight', 21.0),
    'kam.score.factor': ('name', "Renamed"),
    'kam.kpi': ('name', "Renamed"),
    'kam.cost.driver': ('unit_cost', 21.0),
    'kam.capital.cost': ('rate', 7.0),
    'kam.kpi.value': ('value', 60.0),
    'kam.kpi.target': ('target', 60.0),
    'kam.kpi.team.target': ('target', 60.0),
    'kam.tier': ('name', "Renamed"),
    'kam.function': ('name', "Renamed"),
    'kam.stakeholder.role': ('name', "Renamed"),
    'kam.plan.part': ('name', "Renamed"),
    'kam.opportunity.type': ('name', "Renamed"),
    'kam.action.kind': ('name', "Renamed"),
    'kam.hat': ('name', "Renamed"),
    'kam.competence': ('name', "Renamed"),
    'kam.manager': ('capacity', 3),
    'kam.manager.competence': ('present', '1'),
    'kam.portfolio': ('revenue', 60.0),
    'kam.sync.run': ('reason', "By hand"),
    'kam.sync.refusal': ('reason', "By hand"),
}
WITHOUT_HISTORY = {'tracking_disable': True, 'mail_create_nosubscribe': True}
AS_EVER = dict.fromkeys(WITHOUT_HISTORY, False)
# What a company or a manager has anyway: found by these fields, not made a second time.
THERE_ALREADY = {
    'kam.settings': ('company_id',),
    'kam.score.weight': ('company_id', 'factor_id'),
    'kam.manager.competence': ('manager_id', 'competence_id'),
}


class AccessTableCommon(KamCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What is there before anybody acts needs no history; whoever acts writes one as ever.
        cls.env = cls.env(context={**cls.env.context, **WITHOUT_HISTORY})
        # The service user may enter the first two.
        cls.company_3 = cls.env['res.company'].create({'name': 'Third Company'})
        cls.somebody = cls._user('somebody', 'kam_management.group_kam_user')
        cls.tier = cls.env['kam.tier'].create({'name': 'Regional'})
        cls.factor = cls.env.ref('kam_management.factor_strategic_value')
        cls.investment_type = cls.env.ref('kam_management.investment_type_training')
        cls.counted = cls.env['kam.kpi'].create({
            'code': 'counted', 'name': 'Counted', 'model_name': 'crm.lead', 'aggregate': 'count',
            'role': 'cost_driver', 'active': False, 'is_additive': True})
        cls.rule = cls.env.ref('kam_management.alert_rule_few_people')
        cls.env['kam.alert'].search([('rule_id', '=', cls.rule.id)]).unlink()
        cls.playbook = cls.env['kam.playbook'].create({'name': 'General'})
        cls.competence = cls.env['kam.competence'].create({'name': 'Patience'})
        # Whoever manages an account is on the list already; here each person is put on it anew.
        cls.env['kam.manager'].search([]).unlink()

    def _undone(self):
        """A savepoint that is rolled back however its block ends."""
        return closing(self.env.cr.savepoint())

    def _granted(self, cells):
        """Per cell of ``{cell: (person, record, values)}`` the operations that are granted, out of ``rwcu``.

        Each is tried on the record of the cell; creating, with its values, once all records are gone. Only an
        AccessError says no. Whatever else goes wrong is an error of the test. What is granted stays done, so that
        nothing has to be undone and read again.
        """
        granted = dict.fromkeys(cells, '')
        self.env.flush_all()
        self.env.invalidate_all()
        for cell, (person, record, _values) in cells.items():
            field, value = ORDINARY[record._name]
            mine = record.with_user(person).with_context(AS_EVER)
            for operation, attempt in (
                    ('r', lambda mine=mine, field=field: mine.read([field])),
                    ('w', lambda mine=mine, field=field, value=value: mine.write({field: value})),
                    ('u', mine.unlink)):
                mine.invalidate_model()
                granted[cell] += self._tried(operation, attempt)
        self.env[record._name].union(*(record for _person, record, _values in cells.values())).exists().unlink()
        for cell, (person, record, values) in cells.items():
            model = self.env[record._name].with_user(person).with_context(AS_EVER)
            # Who may create none of the model is refused before anything is written.
            operation = 'c' if model.has_access('create') else 'none'
            granted[cell] += self._tried(operation, lambda model=model, values=values: model.create(values))
        return {cell: ''.join(sorted(operations, key='rwcu'.index)) for cell, operations in granted.items()}

    def _tried(self, operation, attempt):
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            attempt()
            self.env.flush_all()
        except AccessError:
            savepoint.rollback()
            pending = self.env.transaction
            if operation == 'c' or any(pending.field_dirty.values()) or any(pending.tocompute.values()):
                pending.clear()  # and only then: to read everything anew costs more than the attempts
            return ''
        finally:
            savepoint.close(rollback=False)
        return operation

    def _present(self, model, values):
        """The record to act on, made in sudo: it is there before anybody acts."""
        if model in THERE_ALREADY:
            found = self.env[model].search([(name, '=', values[name]) for name in THERE_ALREADY[model]])
            self.assertEqual(len(found), 1)
            return found
        return self.env[model].create(values)


@tagged('post_install', '-at_install')
class TestAccessTable(AccessTableCommon):

    def test_accounts(self):
        """Each person has an account in each situation, so that all of a model are made at once and none is undone."""
        places = {
            (role, situation): self._place(getattr(self, f'user_{role}'), situation)
            for role in ROLES for situation in SITUATIONS}
        allowed = [place for place in places.values() if place is not NEVER]
        self.plans = dict(zip(allowed, self.env['kam.plan'].create([
            self._plan_values(*place) for place in allowed]), strict=True))
        for (model, whose), table in ACCOUNTS.items():
            self.assertEqual(tuple(table), ROLES)
            with self._undone():
                self._check_model(model, whose, table, places)

    def _check_model(self, model, whose, table, places):
        expected = {
            (role, situation): granted for role, cells in table.items()
            for situation, granted in zip(SITUATIONS, cells, strict=True)}
        self.assertEqual({cell for cell, granted in expected.items() if granted is NEVER},
                         {cell for cell, place in places.items() if place is NEVER})
        people = {cell: getattr(self, f'user_{cell[0]}') for cell in places if expected[cell] is not NEVER}
        values = {
            cell: self._of_account(
                model, *places[cell], person if whose.endswith("one's own") else self.somebody, whose)
            for cell, person in people.items()}
        # In sudo: they are there before anybody acts.
        records = self.env[model].create(list(values.values()))
        granted = self._granted({
            cell: (person, record, values[cell])
            for (cell, person), record in zip(people.items(), records, strict=True)})
        for cell, operations in granted.items():
            with self.subTest(model=model, whose=whose, role=cell[0], situation=cell[1]):
                self.assertEqual(operations, expected[cell])

    def _place(self, person, situation):
        """Bring `person` into that situation; return the account and the company of the record, or NEVER."""
        if situation == 'own customer':
            return self._partner('Customer', user_id=person.id), self.company
        if situation == 'other company':
            manager = self.somebody if person == self.user_service else person  # who never manages an account
            return self._partner('Foreign', is_key_account=True, kam_manager_id=manager.id,
                                 kam_company_id=self.company_3.id), self.company_3
        account = self._partner('Account', is_key_account=True, kam_manager_id=self.somebody.id)
        try:
            with self.env.cr.savepoint():
                if situation == 'own':
                    account.kam_manager_id = person
                elif situation == 'team':
                    self.env['kam.team.member'].create({'partner_id': account.id, 'user_id': person.id})
        except ValidationError:
            return NEVER
        return account, self.company

    def _of_account(self, model, partner, company, author, whose):
        values = {'partner_id': partner.id, 'company_id': company.id}
        if model in ('kam.score', 'kam.score.history', 'kam.relationship.score'):
            return {**values, 'as_of': '2026-11-20'}
        if model == 'kam.satisfaction.score':
            return {**values, 'as_of': '2026-11-20', 'scope': 'account'}
        if model == 'kam.kpi.value':
            return {**values, 'kpi_id': self.counted.id, 'grain': 'month', 'period_start': '2026-11-01',
                    'period_end': '2026-11-30'}
        if model == 'kam.kpi.target':
            return {**values, 'kpi_id': self.counted.id, 'period_start': '2040-01-01'}
        if whose == "an anonymous one":
            return {**values, 'kind': 'nps', 'value': 9}
        if model == 'kam.assessment':
            return {**values, 'factor_id': self.factor.id, 'value': 7, 'user_id': author.id}
        if model == 'kam.relationship':
            return values
        if model.startswith('kam.review'):
            return self._of_review(model, {**values, 'user_id': self.somebody.id})
        if model == 'kam.relationship.assessment':
            return {**values, 'trust': 7, 'user_id': author.id}
        if model == 'kam.team.member':
            return {**values, 'user_id': self.user_colleague.id}
        if model in ('kam.alert', 'kam.health.override') or model.startswith('kam.playbook'):
            return self._of_alert(model, values, author)
        if model == 'kam.wallet':
            line = self.env['kam.plan.category'].create({
                'plan_id': self.plans[partner, company].id, 'name': 'Boxes'})
            return {'category_id': line.id, 'as_of': '2026-11-20'}
        if model == 'kam.plan':
            return self._plan_values(partner, company)
        if model.startswith('kam.plan.'):
            return self._of_plan(model, self.plans[partner, company])
        if model.startswith('kam.dafo'):
            return self._of_dafo(model, values)
        if model == 'kam.action':
            return {**values, 'name': 'Of our own', 'owner_id': self._owner(author).id}
        if model.startswith('kam.objective'):
            return self._of_objective(model, values, author)
        if model == 'kam.satisfaction.refusal':
            source = self.env['kam.satisfaction.source'].create(self._of_source(False))
            return {**values, 'source_id': source.id, 'origin_model': 'crm.lead', 'origin_id': partner.id,
                    'reason': 'future'}
        if model in ('kam.stakeholder.contact', 'kam.satisfaction.response', 'kam.satisfaction.request'):
            return self._of_person(model, values, author)
        if model.startswith('kam.stakeholder') or model == 'kam.lead.stakeholder':
            return self._of_stakeholder(model, values, partner, company)
        if model == 'kam.investment':
            asks = self.somebody if author == self.user_service else author  # the service is no employee
            return {**values, 'name': 'Of our own', 'amount': 100, 'type_id': self.investment_type.id,
                    'user_id': asks.id, 'owner_id': self.somebody.id}
        return {**values, 'tier_id': self.tier.id, 'user_id': author.id}

    def _of_alert(self, model, values, author):
        if model == 'kam.alert':
            return {**values, 'rule_id': self.rule.id, 'date_opened': '2026-11-20'}
        if model == 'kam.health.override':
            return {**values, 'health': 60, 'reason': 'They grow'}
        if model == 'kam.playbook':
            return {**values, 'name': 'Of our own'}
        if model == 'kam.playbook.run':
            return {**values, 'playbook_id': self.playbook.id, 'user_id': author.id}
        return {'playbook_id': self.env['kam.playbook'].create({**values, 'name': 'Of our own'}).id, 'name': 'Call'}

    def _of_person(self, model, values, author):
        person = self.env['res.partner'].create({'name': 'Nuria', 'parent_id': values['partner_id']})
        values = {**values, 'contact_id': person.id}
        if model == 'kam.satisfaction.response':
            return {**values, 'kind': 'nps', 'value': 9}
        if model == 'kam.satisfaction.request':
            return {**values, 'origin_model': 'crm.lead', 'origin_id': person.id}
        # The service is no employee, so nobody was in touch with it.
        return {**values, 'user_id': (self.somebody if author == self.user_service else author).id}

    def _of_source(self, company):
        # One that is not shipped, archived: only the system's administrators activate one.
        return {'name': 'Of our own', 'model_name': 'crm.lead', 'value_path': 'color', 'active': False,
                'company_id': company and company.id}

    def _plan_values(self, partner, company):
        return {'partner_id': partner.id, 'company_id': company.id, 'owner_id': self.somebody.id}

    def _of_plan(self, model, plan):
        values = {'plan_id': plan.id}
        if model in ('kam.plan.forecast', 'kam.plan.estimate'):
            values['category_id'] = self.env['kam.plan.category'].create({**values, 'name': 'Boxes'}).id
        if model == 'kam.plan.forecast':
            return {**values, 'month': '2027-01-01'}
        if model == 'kam.plan.estimate':
            return {**values, 'amount': 100.0}
        if model == 'kam.plan.commitment':
            return {**values, 'name': 'Of our own', 'date_due': '2040-01-01'}
        if model == 'kam.plan.target':
            return {**values, 'year': '2027'}
        return {**values, 'name': 'Of our own'}

    def _of_dafo(self, model, values):
        if model == 'kam.dafo':
            return {**values, 'user_id': self.somebody.id}
        dafo = self.env['kam.dafo'].create({**values, 'user_id': self.somebody.id, 'item_ids': [
            Command.create({'name': quadrant, 'quadrant': quadrant}) for quadrant in ('strength', 'threat')]})
        if model == 'kam.dafo.item':
            return {'dafo_id': dafo.id, 'name': 'Of our own', 'quadrant': 'weakness'}
        return {**values, 'name': 'Of our own', 'user_id': self.somebody.id,
                'item_ids': [Command.set(dafo.item_ids.ids)]}

    def _owner(self, author):
        """Who is not in Key Accounts owns nothing there."""
        return author if author.has_group('kam_management.group_kam_contributor') else self.somebody

    def _of_review(self, model, values):
        if model == 'kam.review':
            return values
        review = self.env['kam.review'].create(values)
        if model == 'kam.review.decision':
            return {'review_id': review.id, 'name': 'Of our own', 'owner_id': self.somebody.id}
        objective = self.env['kam.objective'].create({
            'partner_id': review.partner_id.id, 'company_id': review.company_id.id, 'name': 'Of our own',
            'owner_id': self.somebody.id})
        return {'review_id': review.id, 'objective_id': objective.id}

    def _of_objective(self, model, values, author):
        values = {**values, 'name': 'Of our own', 'owner_id': self._owner(author).id}
        if model == 'kam.objective':
            return values
        objective = self.env['kam.objective'].create(values)
        objective._stepping().write({'state': 'running'})
        return {'objective_id': objective.id, 'value': 1}

    def _of_stakeholder(self, model, values, partner, company):
        person = self._partner('Person', parent_id=partner.id, is_company=False)
        values = {**values, 'contact_id': person.id}
        if model == 'kam.stakeholder':
            return values
        stakeholder = self.env['kam.stakeholder'].create(values)
        values = {'stakeholder_id': stakeholder.id}
        if model == 'kam.lead.stakeholder':
            lead = self.env['crm.lead'].create({
                'name': 'Of our own', 'type': 'opportunity', 'partner_id': partner.id, 'user_id': False,
                'company_id': company.id})
            return {**values, 'lead_id': lead.id}
        if model == 'kam.stakeholder.score':
            return {**values, 'company_id': company.id, 'as_of': '2026-11-20'}
        if model == 'kam.stakeholder.change':
            return {**values, 'date': '2026-11-20', 'aspect': 'support', 'value_after': 'champion'}
        return {**values, 'interests': 'Her garden'}

    def test_configuration(self):
        for (model, what), cells in CONFIGURATION.items():
            for role, expected in zip(ROLES, cells, strict=True):
                with self.subTest(model=model, what=what, role=role), self._undone():
                    person = getattr(self, f'user_{role}')
                    if expected is NEVER:
                        with self.assertRaises(ValidationError):
                            self._present(model, self._of_configuration(model, what, person))
                        continue
                    values = self._of_configuration(model, what, person)
                    cells = {role: (person, self._present(model, values), values)}
                    self.assertEqual(self._granted(cells), {role: expected})

    def _of_configuration(self, model, what, person):
        company = self.company_3 if what == 'other company' else self.company
        if model == 'kam.settings':
            return {'company_id': company.id}
        if model == 'kam.score.weight':
            return {'company_id': company.id, 'settings_id': company.kam_settings_id.id, 'factor_id': self.factor.id,
                    'weight': 1}
        if model == 'kam.score.factor':
            return {'code': 'of_our_own', 'name': 'Of our own', 'dimension': 'position'}
        if model == 'kam.kpi':
            return {'code': 'of_our_own', 'name': 'Of our own', 'model_name': 'crm.lead', 'aggregate': 'count',
                    'active': False}
        if model == 'kam.satisfaction.source':
            return self._of_source(company)
        if model == 'kam.cost.driver':
            return {'company_id': company.id, 'kpi_id': self.counted.id, 'unit_cost': 1}
        if model == 'kam.capital.cost':
            return {'company_id': company.id, 'rate': 6}
        if model == 'kam.kpi.team.target':
            return {'company_id': company.id, 'kpi_id': self.counted.id, 'user_id': self._whom(what, person).id,
                    'target': 1}
        if model == 'kam.manager':
            return {'company_id': company.id, 'user_id': self._whom(what, person).id}
        if model == 'kam.manager.competence':
            manager = self.env['kam.manager'].create(self._of_configuration('kam.manager', what, person))
            return {'manager_id': manager.id, 'competence_id': self.competence.id}
        if model in ('kam.portfolio', 'kam.sync.run'):
            return {'company_id': company.id, 'as_of': '2026-11-20'}
        if model == 'kam.satisfaction.score':
            return {'company_id': company.id, 'as_of': '2026-11-20', 'scope': 'tier', 'tier_id': self.tier.id}
        if model == 'kam.alert.rule':
            return {'code': 'of_our_own', 'name': 'Of our own', 'subject': 'kpi', 'condition': 'status_red'}
        if model == 'kam.alert':
            return {'company_id': company.id, 'rule_id': self.rule.id, 'date_opened': '2026-11-20'}
        if model == 'kam.playbook.step':
            return {'playbook_id': self.playbook.id, 'name': 'Call'}
        if model == 'kam.sync.refusal':
            run = self.env['kam.sync.run'].create({'company_id': company.id, 'as_of': '2026-11-20'})
            return {'run_id': run.id, 'table_name': 'score', 'batch': 1, 'line': 1, 'reason': 'No number'}
        return {'name': 'Of our own'}

    def _whom(self, what, person):
        # In the other company it is oneself too, but for who can't be a manager at all.
        return self.user_colleague if what == 'somebody else' or (
            what == 'other company' and person == self.user_service) else person

    def test_every_model_is_in_the_table(self):
        """A new model that people have a right to gets its row, here or in `test_access`."""
        listed = {model for model, _what in [*ACCOUNTS, *CONFIGURATION]}
        self.assertEqual(set(ORDINARY), listed)
        present = {
            name for name, model in self.env.registry.items()
            if model._original_module == 'kam_management' and name.startswith('kam.')
            and not model._abstract and not model._transient}
        # bookkeeping of kam.sync and of what is recorded, which nobody has a right to; a view of two tables
        self.assertEqual(present - listed, {
            'kam.kpi.target.report', 'kam.sync.batch', 'kam.sync.lease', 'kam.sync.queue', 'kam.contact.mark',
            'kam.satisfaction.mark'})

    def test_the_page(self):
        page = render()
        self.assertNotIn('None', page)
        if os.environ.get('KAM_WRITE_DOCS') == '1':
            PAGE.write_text(page, encoding='utf-8')
        if PAGE.parent.is_dir():
            self.assertEqual(
                PAGE.read_text(encoding='utf-8'), page, "Run this with KAM_WRITE_DOCS=1 and look at the difference.")
