"""The account and its plans."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

USERS = 'kam_management.group_kam_user'


class ResPartner(models.Model):
    _inherit = 'res.partner'

    kam_plan_ids = fields.One2many('kam.plan', 'partner_id', "Account plans", groups=USERS)
    kam_plan_id = fields.Many2one('kam.plan', "Account plan", compute='_compute_kam_plan_id', groups=USERS)

    @api.depends('kam_plan_ids.state')
    @api.depends_context('company', 'uid')
    def _compute_kam_plan_id(self):
        """The plan of the current company that is active, else a draft; where the reader may see it."""
        plans = self.env['kam.plan'].search(
            Domain('company_id', '=', self.env.company.id) & Domain('state', '!=', 'closed')
            & (Domain('partner_id', 'in', self.ids) | Domain('partner_ids', 'in', self.ids)))
        found = {}
        for plan in plans.sorted(lambda plan: (plan.state == 'active', -plan.id)):
            for partner in plan.partner_id | plan.partner_ids:
                found[partner.id] = plan.id
        for partner in self:
            partner.kam_plan_id = found.get(partner._origin.id, False)

    _kam_way_to_account = 'kam_account_id'

    def _kam_refuse_outsiders(self, accounts):
        """Raise if one of these contacts is of none of these accounts."""
        for person in self:
            if person.kam_account_id not in accounts:
                raise ValidationError(self.env._(
                    "%(person)s is not one of the people of %(account)s. Choose somebody of this customer, or move "
                    "the contact there first.", person=person.display_name,
                    account=", ".join(accounts.mapped('display_name'))))

    @api.model
    def _kam_kept_for(self):
        """Who told a goal, acts in the buying process or has promised something stays known, also when they leave."""
        named = self.env._(
            "An account plan names %(contact)s, as whoever said or promised something or decides. Archive the contact, "
            "or merge it into the one that goes on; to erase a person who asks for it, an administrator deletes the "
            "contact in the Privacy Lookup.")
        return [
            *super()._kam_kept_for(),
            ('kam.plan', ['partner_id', 'partner_ids'], [], self.env._(
                "%(account)s has an account plan. Archive the account instead; its plans stay readable.")),
            *((model, [name], [], named) for model, name, _way in self.env['kam.plan.row.mixin']._naming_fields()
              if self.env[model]._fields[name].comodel_name == self._name)]

    def action_kam_plan(self):
        """The plan that the account has, or a new one."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'res_model': 'kam.plan', 'views': [(False, 'form')],
            'res_id': self.kam_plan_id.id, 'name': self.env._("Account plan"),
            'context': {'default_partner_id': self.id},
        }

    def action_kam_plans(self):
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_plan_action'),
            'domain': ['|', ('partner_id', '=', self.id), ('partner_ids', 'in', self.ids)],
            'context': {'default_partner_id': self.id},
        }
