"""The partner as an account: its flag, its manager, and which account it rolls up to."""
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

KAM_READERS = 'kam_management.group_kam_user,kam_management.group_kam_service'


class ResPartner(models.Model):
    _inherit = 'res.partner'

    is_key_account = fields.Boolean(
        "Key account", tracking=True, copy=False, groups=KAM_READERS,
        help="Managed as a key account: everything below it in the group of companies rolls up to it.")
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
        # Companies and users may be hidden from whoever sets the flag; only their partners' ids are compared.
        flagged = self.sudo().with_context(active_test=False).filtered('is_key_account')
        if not flagged:
            return
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
        if not self.env.su and any(
                partner.is_key_account or partner.kam_manager_id for partner in partners.sudo()):
            self._check_kam_manager_right()
        return partners

    def write(self, vals):
        self._refuse_account([vals])
        if not self.env.su and self._changes_account_management(vals):
            self._check_kam_manager_right()
        return super().write(vals)

    @api.model
    def _refuse_account(self, vals_list):
        """Nobody chooses the account: by writing it, one would take the documents and the opinions of another."""
        if not self.env.su and any('kam_account_id' in vals for vals in vals_list):
            raise AccessError(self.env._(
                "The account of a contact follows from its group of companies and from what is a key account there. "
                "Change its company or make another one a key account."))

    def _changes_account_management(self, vals):
        """Whether `vals` change the flag or the manager. Equal values don't count: a merge writes those too."""
        # Read in sudo: whoever lacks the group is refused by the field itself, with Odoo's own message.
        partners = self.sudo()
        if 'is_key_account' in vals:
            flag = bool(vals['is_key_account'])
            if any(partner.is_key_account != flag for partner in partners):
                return True
        if 'kam_manager_id' in vals:
            manager = vals['kam_manager_id'] or False
            return any(partner.kam_manager_id.id != manager for partner in partners)
        return False

    def _check_kam_manager_right(self):
        if not self.env.user.has_group('kam_management.group_kam_manager'):
            raise AccessError(self.env._(
                "Only Key Accounts managers may make a customer a key account or change who manages it. "
                "Ask one of them to do it."))
