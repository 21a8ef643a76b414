"""Anonymous answers: they count at once, and are shown once an account has enough of them that nobody is recognised.

They are those without a person, also without one who was deleted since. As long as there are fewer than five in a
company, nobody reads them but whoever entered one by hand or from a file: it is their own knowledge, and theirs to
correct. For that reader their own entries are none of the five, so that nobody opens somebody else's by entering four.
A global record rule says so (`is_shown`).
"""
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import AccessError
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
        def column(name):
            return SQL.identifier(alias, name, to_flush=model._fields[name])
        return SQL(
            """
            (NOT %(anonymous)s OR (%(creator)s = %(reader)s AND %(origin)s IS NULL) OR (%(place)s) IN (
                SELECT partner_id, company_id FROM %(table)s
                 WHERE contact_id IS NULL AND former_contact IS NULL AND %(active)s IS TRUE
                   AND (create_uid IS DISTINCT FROM %(reader)s OR origin_model IS NOT NULL)
                 GROUP BY partner_id, company_id HAVING count(*) >= %(least)s))
            """,
            anonymous=model._anonymous_sql(model, alias, query), creator=column('create_uid'), reader=model.env.uid,
            origin=column('origin_model'), place=SQL(", ").join(map(column, ('partner_id', 'company_id'))),
            table=SQL.identifier(model._table), active=SQL.identifier('active', to_flush=model._fields['active']),
            least=SHOWN_FROM)

    # ------------------------------------------------------------------ refusing
    def _check_access(self, operation):
        """A sentence about anonymous answers where they are all that stands in the way."""
        result = super()._check_access(operation)
        if not result or not any(result[0]._ids):
            return result
        # In sudo: of answers that the reader may not see, it asks why not.
        forbidden = result[0].sudo()
        kept = forbidden.filtered(lambda row: row.is_anonymous and not row.is_shown)
        allowed = kept and forbidden == kept and all(
            row.is_disclosed and row.company_id in self.env.companies for row in kept)
        if allowed and self.env['ir.model.access'].check(self._name, operation, raise_exception=False):
            return result[0], partial(self._anonymous_error)
        return result

    @api.model
    def _anonymous_error(self):
        return AccessError(self.env._(
            "Anonymous answers are shown once their account has five of them, so that nobody is recognised. Until then "
            "whoever entered one may open, correct or archive it: ask them, or correct it where it was given."))

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
        """Whoever takes the name off an answer is shown what they have just saved, and not again."""
        if self.env.context.get('kam_entered') is ENTERED and not self.has_access('read'):
            # In sudo: of what this very person wrote, in the answer to writing it.
            return super(KamSatisfactionResponse, self.sudo().with_context(kam_entered=None)).web_read(specification)
        return super().web_read(specification)
