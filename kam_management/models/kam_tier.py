"""What a key account of a kind is, and what it asks of us: strategic and key to start with."""
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.fields import UnknownInteger


class KamTier(models.Model):
    _name = 'kam.tier'
    _description = "Tier of key accounts"
    _inherit = ['mail.thread', 'kam.unknown.mixin']
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True, tracking=True)
    code = fields.Char(copy=False, help="Technical name, such as strategic.")
    sequence = fields.Integer(default=100, help="The most demanding tier first.")
    color = fields.Integer()
    active = fields.Boolean(default=True)
    definition = fields.Text(translate=True, help="What makes an account one of this tier, in a sentence or two.")
    entry_criteria = fields.Text(translate=True, help="What must hold before an account is accepted.")
    loss_impact = fields.Text("If we lost one", translate=True, help="What losing such an account would mean for us.")
    capacity = UnknownInteger(
        tracking=True, help="How many accounts of this tier a company can look after. Empty: only the company's and "
                            "the managers' capacity count.")
    review_months = fields.Integer(
        "Review every", required=True, default=6, tracking=True, help="Months between two reviews of the account.")
    part_ids = fields.Many2many('kam.plan.part', string="Parts of the plan", help="Parts that the plan must have.")
    role_ids = fields.Many2many(
        'kam.stakeholder.role', string="Roles to know", help="Roles at the customer that must be filled.")
    function_ids = fields.Many2many(
        'kam.function', string="Functions to know", help="Functions of the customer in which somebody of ours knows "
                                                         "somebody.")
    sponsor_required = fields.Boolean(
        "Executive sponsor", help="Someone of our senior management stands behind the account.")
    deputy_required = fields.Boolean("Deputy", help="Someone can stand in for the manager.")
    kpi_ids = fields.Many2many(
        'kam.kpi', string="KPIs", groups='kam_management.group_kam_user,kam_management.group_kam_service',
        help="Key figures that are followed for every account.")
    partner_count = fields.Integer("Accounts", compute='_compute_partner_count')

    _code_unique = models.Constraint('UNIQUE(code)', "Another tier has this code already.")

    def _compute_partner_count(self):
        """Accounts of the current company, which the capacity is compared with."""
        counts = dict(self.env['res.partner']._read_group(
            [('kam_tier_id', 'in', self.ids), ('kam_company_id', '=', self.env.company.id)],
            ['kam_tier_id'], ['__count']))
        for tier in self:
            tier.partner_count = counts.get(tier, 0)

    @api.constrains('capacity', 'review_months')
    def _check_numbers(self):
        for tier in self:
            if tier.capacity is not False and tier.capacity < 1:
                raise ValidationError(self.env._(
                    "The capacity of “%(tier)s” must be 1 or more; leave it empty if there is no limit of its own.",
                    tier=tier.name))
            if not 1 <= tier.review_months <= 60:
                raise ValidationError(self.env._(
                    "“%(tier)s”: accounts are reviewed every 1 to 60 months.", tier=tier.name))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # Accounts and nominations that the reader may not see count too.
        used = self.sudo().filtered(lambda tier: (
            self.env['res.partner'].sudo().with_context(active_test=False).search_count(
                [('kam_tier_id', '=', tier.id)], limit=1)
            or self.env['kam.nomination'].sudo().with_context(active_test=False).search_count(
                ['|', ('tier_id', '=', tier.id), ('previous_tier_id', '=', tier.id)], limit=1)))
        if used:
            raise UserError(self.env._(
                "Accounts or nominations are of the tier “%(tier)s”: archive it instead. It can't be chosen any longer "
                "then, and what was decided stays readable.", tier=used[0].name))

    def write(self, vals):
        result = super().write(vals)
        if 'active' in vals and not vals['active']:
            self._check_no_accounts()
        return result

    def _check_no_accounts(self):
        # Accounts that the reader may not see count too.
        account = self.env['res.partner'].sudo().search([('kam_tier_id', 'in', self.ids)], limit=1)
        if account:
            raise UserError(self.env._(
                "%(account)s is of the tier “%(tier)s”. Nominate its accounts for another tier before you archive it.",
                account=account.display_name, tier=account.kam_tier_id.name))

    def action_open_accounts(self):
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.res_partner_action_key_accounts'),
            'domain': [('kam_tier_id', '=', self.id)], 'context': {}, 'display_name': self.name,
        }
