"""The account's people at a glance: the map of power and support, and the grid of who knows whom."""
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..tools.interaction import BOW_TIE, DIAMOND, DIAMOND_PAIRS, form_of, pairs_of, trust_gap

USERS = 'kam_management.group_kam_user'
FORMS = [
    (BOW_TIE, "Bow-tie: manager to buyer"),
    (DIAMOND, "Diamond: function to function"),
]


class ResPartner(models.Model):
    _inherit = 'res.partner'

    # Everybody who sees the contact reads its fields, and Odoo's rules don't hold back single ones: what was chosen is
    # shown by the computes below, to whom the account is not hidden.
    kam_form_chosen = fields.Selection(FORMS, groups=fields.NO_ACCESS, copy=False, export_string_translation=False)
    kam_form_why = fields.Text(groups=fields.NO_ACCESS, copy=False, export_string_translation=False)
    kam_interaction_form = fields.Selection(
        FORMS, "Form of interaction", compute='_compute_kam_interaction', inverse='_inverse_kam_interaction',
        groups=USERS, help="How the two companies are to meet: through the manager and the buyer, or function by "
                           "function. The second asks for knowledge of each other and for trust.")
    kam_interaction_reason = fields.Text(
        "Why this form", compute='_compute_kam_interaction', inverse='_inverse_kam_interaction', groups=USERS)

    @api.depends('kam_form_chosen', 'kam_form_why', 'kam_confidentiality', 'kam_manager_id', 'kam_member_ids.user_id')
    @api.depends_context('uid')
    def _compute_kam_interaction(self):
        # In sudo: the fields are closed to all, and whether the account is hidden is asked of the reader.
        accounts = self._origin.sudo().with_context(active_test=False)
        hidden = accounts.search(Domain('id', 'in', accounts.ids) & accounts._kam_hidden_domain()).ids
        for partner in self:
            shown = partner._origin.id not in hidden
            partner.kam_interaction_form = shown and partner.sudo().kam_form_chosen
            partner.kam_interaction_reason = shown and partner.sudo().kam_form_why

    def _inverse_kam_interaction(self):
        for partner in self:
            values = {'kam_form_chosen': partner.kam_interaction_form, 'kam_form_why': partner.kam_interaction_reason}
            account = partner.sudo()
            if all(account[name] == value for name, value in values.items()):
                continue
            self.env['kam.stakeholder']._refuse_hidden(partner.ids)
            own = account.with_context(active_test=False).search_count(
                Domain('id', '=', partner.id) & account._kam_own_domain())
            if not own and not self.env.su and not self.env.user.has_group('kam_management.group_kam_manager'):
                raise AccessError(self.env._(
                    "Who works for %(account)s chooses how the two companies meet. Ask its manager.",
                    account=partner.display_name))
            account.write(values)

    # ------------------------------------------------------------------ map and grid
    @api.readonly
    def get_kam_people(self):
        """What the map and the grid of this account show, in the current company, as far as the reader may see it.

        Functions are ``{id, name, people}``; 0 stands for those whose function is unknown. `ties` are of people who are
        present; `cells` holds them by ``our function:their function``.
        """
        self.ensure_one()
        hidden = self._kam_is_hidden()
        stakeholders = self.env['kam.stakeholder'].search([
            ('partner_id', '=', self.id), ('company_id', '=', self.env.company.id), ('state', '=', 'present')])
        # In sudo: names of colleagues are no secret, and those of other companies know people too.
        counterparts = stakeholders.counterpart_ids.sudo()
        # Who else is in the team is told to those who may read it.
        told = counterparts | self.env['kam.team.member'].search([('partner_id', '=', self.id)]).user_id.sudo()
        of_user = {
            self.env['res.users'].sudo().browse(user): function
            for (_account, user), function in self._kam_functions_of(counterparts).items() if user in told.ids}
        ties = [
            (user, of_user[user], person) for person in stakeholders
            # who has gone knows nobody there any longer
            for user in person.counterpart_ids.sudo() if user.active]
        required = self.env['kam.function'] if hidden else self.sudo().kam_tier_id.function_ids
        form = form_of([(ours.id, person.function_id.id) for _user, ours, person in ties])
        return {
            'people': [self._kam_person(person) for person in stakeholders],
            'may_write': stakeholders.has_access('write') and self.env['kam.stakeholder'].has_access('write'),
            'ours': self._kam_side(
                self.env['kam.function'].union(*of_user.values()),
                [(function, user.name) for user, function in of_user.items() if user.active]),
            'theirs': self._kam_side(
                stakeholders.function_id | required,
                [(person.function_id, person.display_name) for person in stakeholders], required),
            'cells': self._kam_cells(ties),
            'form': form or False,
            'pairs': pairs_of([(ours.id, person.function_id.id) for _user, ours, person in ties]),
            'pairs_needed': DIAMOND_PAIRS,
            'missing_roles': [] if hidden else self._kam_missing_roles(stakeholders).mapped('name'),
            'trust_gap': not hidden and trust_gap(DIAMOND, self._kam_trust()) or False,
        }

    def _kam_is_hidden(self):
        """Whether the account's confidentiality shuts the reader out."""
        # In sudo: the condition asks of fields that not everybody reads.
        accounts = self.sudo().with_context(active_test=False)
        return bool(accounts.search_count(Domain('id', 'in', self.ids) & accounts._kam_hidden_domain(), limit=1))

    @api.model
    def _kam_person(self, person):
        return {
            'id': person.id, 'name': person.display_name, 'title': person.job_title or "",
            'roles': person.role_ids.mapped('name'), 'power': person.power, 'support': person.support,
        }

    @api.model
    def _kam_side(self, functions, people, required=()):
        """The functions of one side in their order, with who is of them; last those whose function is unknown."""
        names = {}
        for function, name in people:
            names.setdefault(function.id or 0, []).append(name)
        side = [
            {'id': function.id, 'name': function.name, 'people': names.get(function.id, []),
             'required': function in required}
            for function in functions.sorted(lambda function: (function.sequence, function.name, function.id))]
        if names.get(0):
            side.append({'id': 0, 'name': self.env._("Function unknown"), 'people': names[0], 'required': False})
        return side

    @api.model
    def _kam_cells(self, ties):
        cells = {}
        for user, ours, person in ties:
            cells.setdefault(f'{ours.id or 0}:{person.function_id.id or 0}', []).append(
                {'id': person.id, 'person': person.display_name, 'user': user.name})
        return cells

    def _kam_missing_roles(self, stakeholders):
        """Roles that the tier asks for and that none of these people plays."""
        return self.sudo().kam_tier_id.role_ids - stakeholders.role_ids

    # ------------------------------------------------------------------ ways
    def action_kam_people(self):
        """The map and the grid of this account."""
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_people_action'),
            'views': [(self.env.ref('kam_management.res_partner_view_form_people').id, 'form')], 'res_id': self.id,
        }
