"""The account in the programme: its team, its nominations, and what people do with it."""
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

TEAM = 'kam_management.group_kam_contributor'
USERS = 'kam_management.group_kam_user'


class ResPartner(models.Model):
    _inherit = 'res.partner'

    kam_member_ids = fields.One2many('kam.team.member', 'partner_id', "Account team", groups=TEAM)
    kam_current_member_ids = fields.One2many(
        'kam.team.member', string="Team today", compute='_compute_kam_current_member_ids', groups=TEAM)
    kam_team_gap = fields.Char(
        "Missing in the team", compute='_compute_kam_team_gap', groups=TEAM,
        # Whoever may not read the team must not be told that nobody is in it.
        compute_sudo=True,
        help="Roles that the tier asks for and that nobody fills.")
    kam_nomination_ids = fields.One2many('kam.nomination', 'partner_id', "Nominations", groups=USERS)
    kam_nomination_id = fields.Many2one(
        'kam.nomination', "Open nomination", compute='_compute_kam_nomination_id', groups=USERS)
    kam_may_manage = fields.Boolean(compute='_compute_kam_may_manage', groups=TEAM, export_string_translation=False)

    @api.depends('kam_member_ids.date_from', 'kam_member_ids.date_to')
    def _compute_kam_current_member_ids(self):
        for partner in self:
            partner.kam_current_member_ids = partner.kam_member_ids.filtered('is_current')

    @api.depends('is_key_account', 'kam_tier_id', 'kam_manager_id', 'kam_confidentiality',
                 'kam_member_ids.role', 'kam_member_ids.date_to')
    @api.depends_context('lang', 'uid')
    def _compute_kam_team_gap(self):
        hidden = self.with_context(active_test=False).search(Domain('id', 'in', self.ids) & self._kam_hidden_domain())
        for partner in self:
            if partner in hidden:
                partner.kam_team_gap = False
                continue
            roles = set(partner.kam_member_ids.filtered('is_current').mapped('role'))
            tier = partner.kam_tier_id
            missing = []
            if partner.is_key_account and not partner.kam_manager_id:
                missing.append(self.env._("key account manager"))
            if tier.deputy_required and 'deputy' not in roles:
                missing.append(self.env._("deputy"))
            if tier.sponsor_required and 'sponsor' not in roles:
                missing.append(self.env._("executive sponsor"))
            partner.kam_team_gap = ", ".join(missing)

    @api.depends('kam_nomination_ids.state')
    @api.depends_context('company', 'uid')
    def _compute_kam_nomination_id(self):
        """The nomination that waits for a decision in the current company, where the reader may see it."""
        found = self.env['kam.nomination'].search([
            ('partner_id', 'in', self.ids), ('company_id', '=', self.env.company.id),
            ('state', 'in', ('candidate', 'proposed'))])
        by_partner = {nomination.partner_id.id: nomination for nomination in found}
        for partner in self:
            partner.kam_nomination_id = by_partner.get(partner._origin.id, False)

    @api.depends('kam_manager_id')
    @api.depends_context('uid')
    def _compute_kam_may_manage(self):
        """Who runs the account: its manager, and Key Accounts managers."""
        manager = self.env.user.has_group('kam_management.group_kam_manager')
        for partner in self:
            partner.kam_may_manage = manager or partner.kam_manager_id == self.env.user

    # ------------------------------------------------------------------ guards
    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        # After the fact, so that defaults are guarded too; in sudo, for whoever creates contacts without our fields.
        if not self.env.su and any(partner.kam_confidentiality != 'company' for partner in partners.sudo()):
            self._kam_check_confidentiality_right()
        return partners

    def write(self, vals):
        if vals.get('user_id') == self.env.uid and not self.env.su:
            # A customer's salesperson reads its scores: nobody shut out becomes that by their own doing.
            taken = self.filtered(lambda partner: partner.user_id.id != self.env.uid)
            self.env['kam.score']._refuse_hidden(taken.ids)
        if 'kam_confidentiality' in vals and not self.env.su:
            # In sudo, because whoever edits contacts need not see our fields.
            changed = self.sudo().filtered(lambda partner: partner.kam_confidentiality != vals['kam_confidentiality'])
            if not all(partner.kam_manager_id == self.env.user for partner in changed):
                self._kam_check_confidentiality_right()
                changed._check_kam_company()
        return super().write(vals)

    def _kam_check_confidentiality_right(self):
        if not self.env.user.has_group('kam_management.group_kam_manager'):
            raise UserError(self.env._(
                "Only the manager of an account and Key Accounts managers may change its confidentiality."))

    def _kam_follow_manager(self):
        """Keep the team in step with who manages the account."""
        # Whoever was allowed to choose the manager need not be allowed to write the team's rows.
        self.env['kam.team.member'].sudo()._follow_managers(self)

    # ------------------------------------------------------------------ actions
    def action_kam_nominate(self):
        """From the tick on the form: the nomination that waits, or a new one."""
        self.ensure_one()
        nomination = self.kam_nomination_id
        return {
            'type': 'ir.actions.act_window', 'res_model': 'kam.nomination', 'views': [(False, 'form')],
            'res_id': nomination.id, 'name': self.env._("Nomination"),
            'context': {'default_partner_id': self.id},
        }

    def action_kam_exit(self):
        action = self.action_kam_nominate()
        if not action['res_id']:
            action['context']['default_kind'] = 'exit'
        return action

    def action_kam_nominations(self):
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_nomination_action'),
            'domain': [('partner_id', '=', self.id)], 'context': {'default_partner_id': self.id},
        }

    def action_kam_hand_over(self):
        """One guided step from one manager to the next."""
        if not self:
            return False
        return {
            'type': 'ir.actions.act_window', 'res_model': 'kam.handover', 'views': [(False, 'form')], 'target': 'new',
            'name': self.env._("Hand over"), 'context': {'default_partner_ids': [fields.Command.set(self.ids)]},
        }
