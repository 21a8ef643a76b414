"""What hangs on an account: whose account it is, and who may read of it.

Record rules ask two questions, answered here for every model:

* `is_own_account`: does the reader look after the account? Rules of groups use it for "own accounts".
* `is_disclosed`: does the account's confidentiality let the reader in? One global rule per model uses it.

Both are conditions on the account, so they stand on `res.partner` (`_kam_own_domain`, `_kam_hidden_domain`) and are
turned into SQL here. A model names the way to its account in `_kam_account`, and the people whose record it is, if
there are any, in `_kam_owners`: nobody is shut out from what is their own.
"""
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

LEVELS = [
    ('company', "Everyone with access"),
    ('team', "Account team only"),
    ('manager', "Manager and owner only"),
]


class KamAccountMixin(models.AbstractModel):
    _name = 'kam.account.mixin'
    _description = "Belongs to an account"
    _inherit = ['kam.placed.mixin']

    _kam_account = 'partner_id'
    _kam_owners = ()

    is_own_account = fields.Boolean(
        compute='_compute_is_own_account', search='_search_is_own_account', export_string_translation=False)
    is_disclosed = fields.Boolean(
        compute='_compute_is_disclosed', search='_search_is_disclosed', export_string_translation=False)

    # ------------------------------------------------------------------ computes
    @api.depends(lambda self: self._kam_access_dependencies())
    @api.depends_context('uid')
    def _compute_is_own_account(self):
        own = self._kam_matching(self._kam_own_domain())
        for record in self:
            record.is_own_account = record in own

    @api.depends(lambda self: [*self._kam_access_dependencies(), *self._kam_disclosure_dependencies()])
    @api.depends_context('uid')
    def _compute_is_disclosed(self):
        disclosed = self._kam_matching(self._kam_disclosed_domain())
        for record in self:
            record.is_disclosed = record in disclosed

    @api.model
    def _kam_access_dependencies(self):
        account = self._kam_account
        return [
            f'{account}.kam_manager_id', f'{account}.is_key_account', f'{account}.user_id',
            f'{account}.kam_member_ids.user_id', f'{account}.kam_member_ids.date_from',
            f'{account}.kam_member_ids.date_to',
        ]

    @api.model
    def _kam_disclosure_dependencies(self):
        return [f'{self._kam_account}.kam_confidentiality', *self._kam_owners]

    def _kam_matching(self, domain):
        """Those of these records that match; what is not saved yet is nobody's secret."""
        # In sudo: rules ask this of records that the reader may not see yet.
        records = self.sudo().with_context(active_test=False)
        found = records.search(Domain('id', 'in', self._origin.ids) & domain).ids
        return self.filtered(lambda record: not record._origin or record._origin.id in found)

    # ------------------------------------------------------------------ searches
    @api.model
    def _search_is_own_account(self, operator, value):
        return self._kam_flag(operator, value, self._kam_own_domain())

    @api.model
    def _search_is_disclosed(self, operator, value):
        return self._kam_flag(operator, value, self._kam_disclosed_domain())

    @api.model
    def _kam_flag(self, operator, value, domain):
        if operator != 'in':
            return NotImplemented
        wanted = {bool(item) for item in value}
        if len(wanted) == 2:
            return Domain.TRUE
        return domain if wanted == {True} else ~domain

    # ------------------------------------------------------------------ writing
    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            name = self._kam_account.split('.')[0]
            default = self.default_get([name]).get(name)
            self._refuse_hidden([vals.get(name, default) for vals in vals_list])
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._refuse_hidden([vals.get(self._kam_account.split('.')[0])])
        return super().write(vals)

    @property
    def _kam_place(self):
        return ('company_id', self._kam_account.split('.')[0])

    @api.model
    def _refuse_hidden(self, partner_ids):
        """Nobody lets themselves into an account that is hidden from them, by becoming part of it."""
        partners = self.env['res.partner'].sudo().with_context(active_test=False).browse(
            [number for number in partner_ids if number])
        hidden = (partners | partners.kam_account_id).filtered_domain([('kam_confidentiality', '!=', 'company')])
        # The condition asks of the reader, in sudo only because partners may be hidden as well.
        hidden = hidden and hidden.search(Domain('id', 'in', hidden.ids) & hidden._kam_hidden_domain(), limit=1)
        if hidden:
            raise AccessError(self.env._(
                "%(account)s is confidential. Ask its manager to let you in; Key Accounts managers can open it on the "
                "account, and its history tells that they did.", account=hidden.display_name))

    # ------------------------------------------------------------------ the conditions
    @api.model
    def _kam_own_domain(self):
        return Domain(self._kam_account, 'any', self.env['res.partner']._kam_own_domain())

    @api.model
    def _kam_disclosed_domain(self):
        # Said of the few accounts that are hidden: almost all of many are not.
        disclosed = Domain(self._kam_account, 'not any', self.env['res.partner']._kam_hidden_domain())
        return disclosed | self._kam_owned_domain()

    @api.model
    def _kam_owned_domain(self):
        """Records that are the reader's own."""
        return Domain.OR(Domain(name, '=', self.env.uid) for name in self._kam_owners)


class KamConfidentialMixin(models.AbstractModel):
    """Belongs to an account and may be more confidential than it."""

    _name = 'kam.confidential.mixin'
    _description = "Confidential record of an account"
    _inherit = ['kam.account.mixin']
    _kam_owners = ('create_uid',)

    confidentiality = fields.Selection(
        LEVELS, required=True, default='company',
        help="Who may read this, beside the confidentiality of the account itself. It never shows more to anyone.")

    def write(self, vals):
        level = vals.get('confidentiality')
        if level and not self.env.su:
            self.filtered(lambda record: record.confidentiality != level)._check_may_set_level()
        return super().write(vals)

    def _kam_level(self):
        """Who may read it, as far as the record itself says; the account's own level comes beside it."""
        self.ensure_one()
        return self.confidentiality

    def _check_may_set_level(self):
        """Owners, whoever manages the account, and Key Accounts managers say who may read a record."""
        if self.env.user.has_group('kam_management.group_kam_manager'):
            return
        account = self.env['res.partner'].sudo()
        for record in self.sudo():
            managed = account.search_count(
                Domain('id', 'in', record.mapped(self._kam_account).ids) & account._kam_managed_domain())
            if not managed and self.env.user not in [record[name] for name in self._kam_owners]:
                raise AccessError(self.env._(
                    "Only whoever wrote this, the manager of the account and Key Accounts managers may change its "
                    "confidentiality."))

    @api.model
    def _kam_disclosure_dependencies(self):
        return [*super()._kam_disclosure_dependencies(), 'confidentiality']

    @api.model
    def _kam_disclosed_domain(self):
        partner = self.env['res.partner']
        if partner._kam_sees_all():
            return Domain.TRUE
        team = Domain(self._kam_account, 'any', partner._kam_team_domain())
        manager = Domain(self._kam_account, 'any', partner._kam_managed_domain())
        level = (
            Domain('confidentiality', '=', 'company')
            | (Domain('confidentiality', '=', 'team') & team)
            | (Domain('confidentiality', '=', 'manager') & manager)
            | self._kam_owned_domain()
        )
        return level & super()._kam_disclosed_domain()
