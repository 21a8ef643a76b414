"""The account's analyses, strategies and objectives."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError

USERS = 'kam_management.group_kam_user'


class ResPartner(models.Model):
    _inherit = 'res.partner'

    kam_dafo_ids = fields.One2many('kam.dafo', 'partner_id', "SWOT analyses", groups=USERS)
    kam_strategy_ids = fields.One2many('kam.dafo.strategy', 'partner_id', "Strategies", groups=USERS)
    kam_dafo_count = fields.Integer("Number of analyses", compute='_compute_kam_dafo_count', groups=USERS)

    @api.depends('kam_dafo_ids')
    def _compute_kam_dafo_count(self):
        counts = dict(self.env['kam.dafo']._read_group(
            [('partner_id', 'in', self.ids)], ['partner_id'], ['__count']))
        for partner in self:
            partner.kam_dafo_count = counts.get(partner._origin, 0)

    kam_objective_ids = fields.One2many('kam.objective', 'partner_id', "Objectives", groups=USERS)
    kam_objective_count = fields.Integer(
        "Open objectives", compute='_compute_kam_objective_count', groups=USERS)

    @api.depends('kam_objective_ids.state')
    def _compute_kam_objective_count(self):
        counts = dict(self.env['kam.objective']._read_group(
            [('partner_id', 'in', self.ids), ('state', 'in', ('draft', 'running'))], ['partner_id'], ['__count']))
        for partner in self:
            partner.kam_objective_count = counts.get(partner._origin, 0)

    @api.model
    def _kam_kept_for(self):
        sentence = self.env._(
            "%(account)s has analyses or objectives, which would be lost. Archive the contact, or merge it into the "
            "one that goes on.")
        return [*super()._kam_kept_for(), *(
            (model, ['partner_id'], [], sentence) for model in ('kam.dafo', 'kam.dafo.strategy', 'kam.objective'))]

    def _kam_require_account(self):
        """Raise unless these are accounts: what is said of one stands on it, and not on its subsidiaries or people."""
        for partner in self:
            account = partner.kam_account_id
            if account and account != partner:
                raise ValidationError(self.env._(
                    "%(partner)s belongs to the account %(account)s. Choose the account instead.",
                    partner=partner.display_name, account=account.display_name))

    # ------------------------------------------------------------------ actions
    def action_kam_dafos(self):
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_dafo_action'),
            'domain': [('partner_id', '=', self.id)], 'context': {'default_partner_id': self.id},
        }

    def action_kam_cross(self, company=None):
        """The grid on which the cards of all analyses of the account in a company, the current one, are crossed."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_cross_action'),
            'views': [(self.env.ref('kam_management.res_partner_view_form_cross').id, 'form')],
            'res_id': self.id, 'context': {'kam_company_id': (company or self.env.company).id},
        }

    def action_kam_strategies(self):
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_dafo_strategy_action'),
            'domain': [('partner_id', '=', self.id)], 'context': {'default_partner_id': self.id},
        }

    def action_kam_objectives(self):
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_objective_action'),
            'domain': [('partner_id', '=', self.id)], 'context': {'default_partner_id': self.id},
        }
