"""Whether an answer counts in the figures of its account, and if not, why.

Of each person the latest answer of a kind on a moment counts, as the worker sees it (methodology, satisfaction index):
of two on one day the one that was entered later. Each anonymous answer is a person of its own.
"""
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class KamSatisfactionResponse(models.Model):
    _inherit = 'kam.satisfaction.response'

    is_counting = fields.Boolean(
        "Counts", compute='_compute_is_counting', search='_search_is_counting', compute_sudo=True,
        help="In the figures of the account: the latest of each person, kind and touchpoint.")
    standing = fields.Char(
        "In the figures", compute='_compute_standing', help="Whether it counts, and if not, why.")

    # What is asked of each answer: is there a later one?
    _latest_idx = models.Index(
        "(partner_id, contact_id, kind, date) WHERE contact_id IS NOT NULL AND active IS TRUE")

    @api.depends('active', 'contact_id', 'former_contact', 'partner_id', 'company_id', 'kind', 'touchpoint_id', 'date')
    def _compute_is_counting(self):
        counting = self._kam_matching(Domain('active', '=', True) & ~self._followed_domain())
        for row in self:
            row.is_counting = row in counting

    @api.depends('is_counting', 'active')
    @api.depends_context('lang')
    def _compute_standing(self):
        for row in self:
            if row.is_counting:
                row.standing = self.env._("Counts")
            elif row.active:
                row.standing = self.env._("Followed by a later answer")
            else:
                row.standing = self.env._("Archived")

    @api.model
    def _search_is_counting(self, operator, value):
        return self._kam_flag(operator, value, Domain('active', '=', True) & ~self._followed_domain())

    @api.model
    def _followed_domain(self):
        """Answers after which the same person answered the same."""
        return Domain.custom(to_sql=self._followed_sql)

    @staticmethod
    def _followed_sql(model, alias, query):
        names = ('partner_id', 'company_id', 'kind', 'touchpoint_id', 'date', 'contact_id', 'former_contact', 'active')
        row = {name: SQL.identifier(alias, name, to_flush=model._fields[name]) for name in names}
        # Two questions, each for an index of its own: a person keeps their number when they are deleted.
        by_person = [
            SQL(
                """
                EXISTS (SELECT FROM %(table)s AS later
                         WHERE later.partner_id = %(partner_id)s AND later.company_id = %(company_id)s
                           AND later.active IS TRUE AND later.%(person)s = %(who)s AND later.kind = %(kind)s
                           AND later.touchpoint_id IS NOT DISTINCT FROM %(touchpoint_id)s
                           AND (later.date, later.id) > (%(date)s, %(number)s))
                """,
                table=SQL.identifier(model._table), person=SQL.identifier(name), who=row[name],
                number=SQL.identifier(alias, 'id'), **{each: row[each] for each in names[:5]})
            for name in ('contact_id', 'former_contact')]
        return SQL("(%s)", SQL(" OR ").join(by_person))
