"""The partner as an account: its flag, its tier, its manager, and which account it rolls up to."""
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

KAM_READERS = 'kam_management.group_kam_contributor,kam_management.group_kam_service'

# Context values can be sent over RPC, this object can't: only an accepted nomination, and the merge of two accounts,
# change the flag and the tier with it.
DECISION = object()
# What a decision gives an account, and takes from it when the account leaves.
DECIDED = ('is_key_account', 'kam_tier_id', 'kam_company_id', 'kam_key_since')


class ResPartner(models.Model):
    _name = 'res.partner'
    _inherit = ['res.partner', 'kam.kept.mixin']

    is_key_account = fields.Boolean(
        "Key account", tracking=True, copy=False, groups=KAM_READERS,
        help="Managed as a key account: everything below it in the group of companies rolls up to it.")
    kam_tier_id = fields.Many2one(
        'kam.tier', "Tier", tracking=True, copy=False, index='btree_not_null', ondelete='restrict', groups=KAM_READERS,
        help="What the account is to us, and what it asks of us.")
    kam_company_id = fields.Many2one(
        'res.company', "Key account of", copy=False, ondelete='restrict', groups=KAM_READERS,
        help="The company that accepted it and whose capacity it takes.")
    kam_key_since = fields.Date("Key account since", copy=False, groups=KAM_READERS)
    kam_manager_id = fields.Many2one(
        'res.users', "Key account manager", tracking=True, copy=False, index='btree_not_null',
        domain=[('share', '=', False)], groups=KAM_READERS,
        help="The person who answers for the whole relation with this account.")
    kam_account_id = fields.Many2one(
        'res.partner', "Account", compute='_compute_kam_account_id', store=True, recursive=True, index=True,
        groups=KAM_READERS,
        help="The nearest key account, going up from here; without one, the top of the group of companies.")
    kam_score_id = fields.Many2one(
        'kam.score', "Score", compute='_compute_kam_score_id', search='_search_kam_score_id',
        groups='kam_management.group_kam_user')

    # few of many are flagged
    _key_account_idx = models.Index("(id) WHERE is_key_account IS TRUE")

    @api.depends('is_key_account', 'parent_id', 'parent_id.kam_account_id')
    def _compute_kam_account_id(self):
        for partner in self:
            if partner.is_key_account or not partner.parent_id:
                partner.kam_account_id = partner
            else:
                # in a loop of companies the parent may have none yet: then it is the account
                partner.kam_account_id = partner.parent_id.kam_account_id or partner.parent_id

    @api.depends_context('company', 'uid')
    def _compute_kam_score_id(self):
        """The score in the current company, where the reader may see it: never in sudo."""
        scores = self.env['kam.score'].search([
            ('partner_id', 'in', self.ids), ('company_id', '=', self.env.company.id)])
        by_partner = {score.partner_id.id: score for score in scores}
        for partner in self:
            partner.kam_score_id = by_partner.get(partner._origin.id, False)

    @api.model
    def _search_kam_score_id(self, operator, value):
        if operator not in ('in', 'any'):
            return NotImplemented
        mine = [('company_id', '=', self.env.company.id)]
        scores = self.env['kam.score']
        if operator == 'any':
            return [('id', 'in', scores.search(mine + list(value)).partner_id.ids)]
        found = scores.search(mine + [('id', 'in', [item for item in value if item])]).partner_id.ids
        if any(not item for item in value):
            scored = scores._search(mine)
            return ['|', ('id', 'in', found), ('id', 'not in', scored.subselect('partner_id'))]
        return [('id', 'in', found)]

    @api.constrains('is_key_account')
    def _check_is_key_account(self):
        # Whoever flags need not see our fields: a merge does so for anybody.
        flagged = self.sudo().filtered('is_key_account')
        if flagged:
            flagged._check_may_be_key_account()

    @api.constrains('company_id')
    def _check_kam_company_id(self):
        # Whoever moves a contact need not see our fields.
        for partner in self.sudo():
            counted = partner.kam_company_id
            if counted and partner.company_id and partner.company_id != counted:
                raise ValidationError(self.env._(
                    "%(partner)s is a key account of %(company)s. Propose there that it leaves, before it becomes a "
                    "customer of another company only.", partner=partner.display_name, company=counted.name))

    @api.model
    def _kam_kept_for(self):
        return [*super()._kam_kept_for(), (
            'kam.nomination', ['partner_id'], [('state', '=', 'accepted')], self.env._(
                "%(partner)s is or was a key account: what was decided on it is kept. Archive it instead."))]

    def _check_may_be_key_account(self):
        """Refuse our own companies and colleagues."""
        # Companies and users may be hidden from whoever proposes; only their partners' ids are compared.
        flagged = self.sudo().with_context(active_test=False)
        own = self.env['res.company'].sudo().search([('partner_id', 'in', flagged.ids)]).partner_id
        if own:
            raise ValidationError(self.env._(
                "%(partner)s is one of our own companies. Only customers can be key accounts.",
                partner=own[0].display_name))
        internal = flagged.user_ids.filtered(lambda user: not user.share).partner_id
        if internal:
            raise ValidationError(self.env._(
                "%(partner)s is a colleague who works in this database. Only customers can be key accounts.",
                partner=internal[0].display_name))

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_account(vals_list)
        partners = super().create(vals_list)
        # After the fact, so that defaults (context, ir.default) are guarded too; the check itself reads in sudo
        # because whoever creates contacts need not see our fields.
        managed = partners.sudo().filtered(lambda partner: partner.is_key_account or partner.kam_manager_id)
        if managed:
            nothing = self.sudo().browse()._kam_state()
            managed._kam_guard(dict.fromkeys(managed, nothing), self.env.su)
        return partners

    def write(self, vals):
        self._refuse_account([vals])
        if not any(name in vals for name in (*DECIDED, 'kam_manager_id')):
            return super().write(vals)
        # Whoever lacks the group is refused by the field itself, with Odoo's own message.
        before = {partner: partner._kam_state() for partner in self.sudo()}
        result = super().write(vals)
        self.sudo()._kam_guard(before, self.env.su)
        return result

    @api.model
    def _refuse_account(self, vals_list):
        """Nobody chooses the account: by writing it, one would take the documents and the opinions of another."""
        if not self.env.su and any('kam_account_id' in vals for vals in vals_list):
            raise AccessError(self.env._(
                "The account of a contact follows from its group of companies and from what is a key account there. "
                "Change its company or make another one a key account."))

    def _kam_state(self):
        """What a decision gives an account, and its manager, for comparison; of no account: nothing."""
        return {name: self[name] for name in (*DECIDED, 'kam_manager_id')}

    def _kam_guard(self, before, by_system):
        """Flag and tier follow from a nomination, the manager from a Key Accounts manager's choice.

        Called after the fact and in sudo, with what stood there before: equal values are no change, because a merge
        and an import write those too. Code that runs as the system itself may set the flag, and it is recorded as a
        nomination then.
        """
        after = {partner: partner._kam_state() for partner in self}
        decided = self.filtered(lambda partner: any(after[partner][name] != before[partner][name] for name in DECIDED))
        managed = self.filtered(
            lambda partner: after[partner]['kam_manager_id'] != before[partner]['kam_manager_id'])
        decision = self.env.context.get('kam_decision') is DECISION
        if decided and not decision:
            if not by_system:
                raise AccessError(self.env._(
                    "Customers become key accounts, change their tier and leave through a nomination: "
                    "propose %(partner)s on its tab “Key account”.", partner=decided[0].display_name))
            self.env['kam.nomination']._record(decided, before)
        if managed:
            if not decision:
                managed._check_kam_manager(by_system)
            managed._kam_follow_manager()

    def _check_kam_manager(self, by_system):
        """Whoever changes the manager may, and the new one works here."""
        if not by_system:
            self._check_kam_manager_right()
        gone = self.kam_manager_id.filtered(lambda user: user.share or not user.active)
        if gone:
            raise ValidationError(self.env._(
                "%(user)s doesn't work in this database. Choose a colleague as the key account manager.",
                user=gone[0].name))

    def _check_kam_manager_right(self):
        if not self.env.user.has_group('kam_management.group_kam_manager'):
            raise AccessError(self.env._(
                "Only Key Accounts managers may change who manages an account. Ask one of them to hand it over."))
        self._check_kam_company()

    def _check_kam_company(self):
        """The company that accepted an account decides on it."""
        # Whoever acts need not see our fields of every contact.
        elsewhere = self.sudo().kam_company_id - self.env.user.company_ids
        if elsewhere:
            raise AccessError(self.env._(
                "%(company)s decides on this key account. Ask a Key Accounts manager there.",
                company=elsewhere[0].sudo().name))
