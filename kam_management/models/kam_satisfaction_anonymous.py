"""Anonymous answers: they count at once, and are shown once an account has enough of them that nobody is recognised.

They are those without a person, also without one who was deleted since. As long as there are fewer than five in a
company, nobody reads them, not even whoever entered one; a global record rule says so (`is_shown`).
"""
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.satisfaction import SHOWN_FROM

# Context values can be sent over RPC, this object can't: only saving a form reads what the form wrote.
ENTERED = object()


class KamSatisfactionResponse(models.Model):
    _inherit = 'kam.satisfaction.response'

    is_anonymous = fields.Boolean(
        "Anonymous", compute='_compute_is_anonymous', search='_search_is_anonymous', compute_sudo=True,
        help="Nobody is named. Anonymous answers count at once and are shown once their account has five of them.")
    is_shown = fields.Boolean(
        compute='_compute_is_shown', search='_search_is_shown', export_string_translation=False)

    # What the record rule asks again and again.
    _anonymous_idx = models.Index(
        "(partner_id, company_id) WHERE contact_id IS NULL AND former_contact IS NULL AND active IS TRUE")

    # ------------------------------------------------------------------ computes
    @api.depends('contact_id', 'former_contact')
    def _compute_is_anonymous(self):
        for row in self:
            row.is_anonymous = not row.contact_id and not row.former_contact

    @api.depends('contact_id', 'partner_id', 'company_id', 'active')
    @api.depends_context('uid')
    def _compute_is_shown(self):
        shown = self._kam_matching(self._shown_domain())
        for row in self:
            row.is_shown = row in shown

    # ------------------------------------------------------------------ searches
    @api.model
    def _search_is_anonymous(self, operator, value):
        return self._kam_flag(operator, value, Domain.custom(to_sql=self._anonymous_sql))

    @api.model
    def _search_is_shown(self, operator, value):
        return self._kam_flag(operator, value, self._shown_domain())

    @api.model
    def _shown_domain(self):
        if self.env['res.partner']._kam_sees_all():
            return Domain.TRUE
        return Domain.custom(to_sql=self._shown_sql)

    @staticmethod
    def _anonymous_sql(model, alias, query):
        return SQL("(%s IS NULL AND %s IS NULL)", *(
            SQL.identifier(alias, name, to_flush=model._fields[name]) for name in ('contact_id', 'former_contact')))

    @staticmethod
    def _shown_sql(model, alias, query):
        place = SQL(", ").join(
            SQL.identifier(alias, name, to_flush=model._fields[name]) for name in ('partner_id', 'company_id'))
        return SQL(
            """
            (NOT %(anonymous)s OR (%(place)s) IN (
                SELECT partner_id, company_id FROM %(table)s
                 WHERE contact_id IS NULL AND former_contact IS NULL AND %(active)s IS TRUE
                 GROUP BY partner_id, company_id HAVING count(*) >= %(least)s))
            """,
            anonymous=model._anonymous_sql(model, alias, query), place=place, table=SQL.identifier(model._table),
            active=SQL.identifier('active', to_flush=model._fields['active']), least=SHOWN_FROM)

    # ------------------------------------------------------------------ writing
    @api.model_create_multi
    def create(self, vals_list):
        # One more may be the fifth, and one less the fourth.
        self.invalidate_model(['is_shown'])
        return super().create(vals_list)

    def write(self, vals):
        result = super().write(vals)
        self.invalidate_model(['is_shown'])
        return result

    def unlink(self):
        result = super().unlink()
        self.invalidate_model(['is_shown'])
        return result

    def web_save(self, vals, specification, next_id=None):
        entering = self if next_id else self.with_context(kam_entered=ENTERED)
        return super(KamSatisfactionResponse, entering).web_save(vals, specification, next_id=next_id)

    def web_read(self, specification):
        """Whoever enters an anonymous answer is shown what they have just entered, and not again."""
        if self.env.context.get('kam_entered') is ENTERED and not self.has_access('read'):
            # In sudo: of what this very person wrote, in the answer to writing it.
            return super(KamSatisfactionResponse, self.sudo().with_context(kam_entered=None)).web_read(specification)
        return super().web_read(specification)
