"""An account with two analyses, and what the tests of analyses, strategies and objectives build on them."""
from datetime import date, timedelta

from odoo.fields import Command

from .common import KamCommon

# quadrant, card, impact
CUSTOMER = [
    ('strength', "Own bakeries", 3), ('weakness', "No packaging engineers", 2),
    ('opportunity', "Snacks to go", 3), ('threat', "Tax on plastics", 2)]
US = [('strength', "Fibre trays", 3), ('weakness', "Long lead times", 1)]


class DafoCommon(KamCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.company._kam_today()
        cls.customer = cls._dafo(cls.iberia, CUSTOMER)
        cls.us = cls._dafo(cls.iberia, US, subject='us')

    @classmethod
    def _dafo(cls, partner, cards, user=None, **values):
        return cls.env['kam.dafo'].with_user(user or cls.user_manager).create({
            'partner_id': partner.id,
            'item_ids': [
                Command.create({'quadrant': quadrant, 'name': name, 'impact': impact})
                for quadrant, name, impact in cards],
            **values}).with_env(cls.env)

    @classmethod
    def _card(cls, dafo, quadrant):
        return dafo.item_ids.filtered(lambda item: item.quadrant == quadrant)[:1]

    @classmethod
    def _strategy(cls, *cards, user=None, **values):
        items = cls.env['kam.dafo.item'].union(*cards)
        return cls.env['kam.dafo.strategy'].with_user(user or cls.user_manager).create({
            'name': "Fibre trays for snacks", 'partner_id': items.dafo_id[:1].partner_id.id,
            'item_ids': [Command.set(items.ids)], **values}).with_env(cls.env)

    @classmethod
    def _objective(cls, user=None, **values):
        """A draft in which each of the five letters holds, written by its owner."""
        user = user or cls.user_user
        return cls.env['kam.objective'].with_user(user).create({
            'name': "Half of its trays are ours", 'partner_id': cls.iberia.id, 'owner_id': user.id,
            'unit': '%', 'baseline': 20, 'target': 50, 'resources': "One engineer for a quarter",
            'owner_agreed': True, 'goal': "No plastics by 2028", 'date_start': cls.today - timedelta(days=50),
            'date_deadline': cls.today + timedelta(days=50), **values})

    def _count_queries(self, look):
        """Queries that `look` takes when nothing of the records is in the cache, but who looks is known."""
        look()
        self.env.flush_all()
        self.env.invalidate_all()
        self.user_user.read(['tz', 'company_id'])
        self.user_user.partner_id.read(['name', 'tz'])
        start = self.cr.sql_log_count
        look()
        return self.cr.sql_log_count - start

    @classmethod
    def _plan(cls, partner=None, **values):
        return cls.env['kam.plan'].with_user(cls.user_manager).create({
            'partner_id': (partner or cls.iberia).id, 'date_start': date(cls.today.year, 1, 1),
            'date_end': date(cls.today.year + 1, 6, 30), **values}).with_env(cls.env)
