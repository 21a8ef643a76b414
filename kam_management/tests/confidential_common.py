"""The people around an account, one record of each kind, and the ways on which a record might be read."""
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command

from .common import KamCommon

LEVELS = ('company', 'team', 'manager')
# Who reads what of Nordwind Iberia, at each level of the account. The people are those of ConfidentialCommon.
READERS = {
    'score': {  # and its history
        'company': 'manager deputy sponsor member lead approver admin service',
        'team': 'manager deputy sponsor member service',
        'manager': 'manager service',
    },
    'opinion': {  # the author's
        'company': 'manager deputy sponsor member lead approver admin service author',
        'team': 'manager deputy sponsor member service author',
        'manager': 'manager service author',
    },
    'place': {  # the member's, in the team
        'company': 'manager deputy sponsor member specialist lead approver admin',
        'team': 'manager deputy sponsor member specialist',
        'manager': 'manager',
    },
    'nomination': {  # the sponsor's, to be decided by the approver
        'company': 'manager deputy sponsor member lead approver admin service',
        'team': 'manager deputy sponsor member approver service',
        'manager': 'manager sponsor approver service',
    },
}
READERS['history'] = READERS['score']
# The sponsor's: an analysis and a strategy that they wrote, an objective and an action that they own.
READERS['dafo'] = READERS['strategy'] = READERS['objective'] = READERS['action'] = {
    'company': 'manager deputy sponsor member lead approver admin',
    'team': 'manager deputy sponsor member',
    'manager': 'manager sponsor',
}
# Said by the sponsor; the worker reads it. The stage of the relation belongs to nobody but the account.
READERS['rating'] = {
    'company': 'manager deputy sponsor member lead approver admin service',
    'team': 'manager deputy sponsor member service',
    'manager': 'manager sponsor service',
}
READERS['relation'] = {
    'company': 'manager deputy sponsor member lead approver admin',
    'team': 'manager deputy sponsor member',
    'manager': 'manager',
}
READERS['review'] = READERS['dafo']  # opened by the sponsor
# Asked for by the sponsor, to be decided by the approver; the worker computes with what is made.
READERS['investment'] = READERS['nomination']
# What is read of each record, and the field of the partner that leads to it.
READ = {
    'kam.score': ('health', 'kam_score_id'),
    'kam.score.history': ('health', None),
    'kam.assessment': ('comment', None),
    'kam.team.member': ('note', 'kam_member_ids'),
    'kam.nomination': ('reason', 'kam_nomination_ids'),
    'kam.dafo': ('advantage', 'kam_dafo_ids'),
    'kam.dafo.strategy': ('name', 'kam_strategy_ids'),
    'kam.objective': ('resources', 'kam_objective_ids'),
    'kam.action': ('offer', 'kam_action_ids'),
    'kam.investment': ('reason', 'kam_investment_ids'),
    'kam.relationship': ('note', 'kam_relationship_ids'),
    'kam.relationship.assessment': ('comment', None),
    'kam.review': ('note', 'kam_review_ids'),
}


class ConfidentialCommon(KamCommon):
    """The people around Nordwind Iberia, and one record of each kind:

    manager     manages it
    deputy, member   in its team, as Key Accounts users
    sponsor     in its team too, and proposed another tier for it
    specialist  in its team, as a contributor
    former      left the team yesterday
    future      joins it tomorrow
    author      gave an opinion on it, otherwise a stranger
    salesperson its salesperson: that of a key account is not its manager
    colleague   a Key Accounts user, a stranger to it
    lead        a Key Accounts manager
    approver    another one, asked to decide on the nomination
    admin, service, sales   the administrator of Key Accounts, the worker, a salesperson without Key Accounts
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = {
            'manager': cls.user_user, 'specialist': cls.user_contributor, 'colleague': cls.user_colleague,
            'lead': cls.user_manager, 'admin': cls.user_admin, 'service': cls.user_service, 'sales': cls.user_sales}
        for name in ('deputy', 'sponsor', 'member', 'former', 'future', 'author', 'salesperson'):
            cls.people[name] = cls._user(name, 'kam_management.group_kam_user', 'base.group_partner_manager')
        cls.people['approver'] = cls._user('approver', 'kam_management.group_kam_manager')
        cls.env.ref('base.group_allow_export').user_ids = [Command.link(user.id) for user in cls.people.values()]
        for name, role, begins, ends in (
            ('deputy', 'deputy', -9, None), ('sponsor', 'sponsor', 0, None), ('member', 'member', -9, 0),
            ('specialist', 'member', -9, None), ('former', 'member', -9, -1), ('future', 'member', 1, None)):
            cls._join(name, role=role, date_from=cls._day(begins), date_to=ends is not None and cls._day(ends))
        cls.iberia.user_id = cls.people['salesperson']
        place = cls.iberia.kam_member_ids.filtered(lambda row: row.user_id == cls.people['member'])
        place.note = 'Deliveries'
        cls.records = {
            'score': cls._score(cls.iberia, health=61.0),
            'history': cls._history(cls.iberia, '2026-11-20', health=61.0),
            # on a contact of a company below it
            'opinion': cls._opinion(cls.luis, cls.people['author'], comment='They told me'),
            'place': place,
            'nomination': cls.env['kam.nomination'].with_user(cls.people['sponsor']).create({
                'partner_id': cls.iberia.id, 'tier_id': cls.env['kam.tier'].search([], limit=1).id,
                'reason': 'It grows', 'approver_id': cls.people['approver'].id}).with_user(cls.env.user).sudo(),
        }
        cls.records.update(cls._analyse(cls.people['sponsor']))
        cls.env.flush_all()

    @classmethod
    def _analyse(cls, author, partner=None):
        """An analysis, a strategy, an objective, an action and an investment, as :meth:`_ways` reads them."""
        env, partner = cls.env(user=author), partner or cls.iberia
        dafo = env['kam.dafo'].create({'partner_id': partner.id, 'advantage': 'Its bakeries', 'item_ids': [
            Command.create({'name': quadrant, 'quadrant': quadrant}) for quadrant in ('strength', 'threat')]})
        strategy = env['kam.dafo.strategy'].create({
            'partner_id': partner.id, 'name': 'Bake together', 'item_ids': [Command.set(dafo.item_ids.ids)]})
        objective = env['kam.objective'].create({
            'partner_id': partner.id, 'name': 'Grow', 'resources': 'An engineer', 'strategy_id': strategy.id})
        action = env['kam.action'].create({'partner_id': partner.id, 'name': 'Bake', 'offer': 'A new oven'})
        investment = env['kam.investment'].create({
            'partner_id': partner.id, 'name': 'A tool', 'reason': 'Its bakeries wait', 'amount': 9000,
            'type_id': cls.env.ref('kam_management.investment_type_tailored_product').id,
            'approver_id': cls.people['approver'].id})
        relation = env['kam.relationship'].create({'partner_id': partner.id, 'note': 'They say so'})
        rating = env['kam.relationship.assessment'].create(
            {'partner_id': partner.id, 'trust': 7, 'comment': 'They told me so'})
        review = env['kam.review'].create({'partner_id': partner.id, 'note': 'They open a plant'})
        made = {
            'relation': relation, 'rating': rating, 'review': review,
            'dafo': dafo, 'strategy': strategy, 'objective': objective, 'action': action, 'investment': investment}
        return {what: record.with_env(cls.env).sudo() for what, record in made.items()}

    @classmethod
    def _day(cls, days):
        return cls.today + timedelta(days=days)

    @classmethod
    def _join(cls, name, partner=None, **values):
        return cls.env['kam.team.member'].create({
            'partner_id': (partner or cls.iberia).id, 'user_id': cls.people[name].id, **values})

    def _ways(self, record, person):
        """The ways to a record: ``{name: function whose result is empty when there is nothing to see}``."""
        model = self.env[record._name].with_user(person)
        field, pointer = READ[record._name]
        this, mine = [('id', '=', record.id)], model.browse(record.id)
        ways = {
            'search': lambda: model.search([('partner_id', '=', record.partner_id.id)]) & mine,
            'search_count': lambda: model.search_count(this),
            'search_read': lambda: model.search_read(this, [field]),
            'read': lambda: mine.read([field]),
            'read_group': lambda: model._read_group(this, ['partner_id'], ['__count']),
            'formatted_read_group': lambda: model.formatted_read_group(this, ['partner_id'], ['__count']),
            'name_search': lambda: model.name_search(
                record.partner_id.name if model._rec_names_search else '', this),
            'export_data': lambda: mine.export_data([field])['datas'],
        }
        if pointer and person != self.user_service:  # whose groups don't let it near those fields
            partner = record.partner_id.with_user(person)
            ways.update({
                'partner': lambda: partner[pointer] & mine,
                'partner, web_read': lambda: str(record[field]) in str(
                    partner.web_read({pointer: {'fields': {field: {}}}})),
                'partner, search': lambda: partner.search(
                    [('id', '=', partner.id), (f'{pointer}.{field}', '=', record[field])]),
                'partner, export_data': lambda: str(record[field]) in str(
                    partner.export_data([f'{pointer}/{field}'])['datas']),
            })
        return ways

    def _readers(self, record, *only):
        """Who gets at a record, by each way or by some only: ``{way: {person}}``."""
        readers = {}
        for name, person in self.people.items():
            self.env.invalidate_all()
            ways = self._ways(record, person)
            for way, look in ((way, look) for way, look in ways.items() if not only or way in only):
                readers.setdefault(way, set())
                try:
                    if look():
                        readers[way].add(name)
                except AccessError:
                    pass
        return readers

    def _assert_readers(self, record, expected, *only):
        for way, readers in self._readers(record, *only).items():
            with self.subTest(record=record._name, way=way):
                missing = {'service'} if way.startswith('partner') else set()
                self.assertEqual(readers, set(expected.split()) - missing)
