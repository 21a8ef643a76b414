"""The account's people: who matters there, and what becomes of them when contacts move, are archived or deleted."""
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

USERS = 'kam_management.group_kam_user'
# The function of those in the team whose own is not given.
FUNCTION_OF_ROLE = {'manager': 'sales', 'deputy': 'sales', 'sponsor': 'management'}


class ResPartner(models.Model):
    _inherit = 'res.partner'

    kam_stakeholder_ids = fields.One2many('kam.stakeholder', 'partner_id', "Stakeholders", groups=USERS)
    kam_stakeholder_count = fields.Integer("People", compute='_compute_kam_stakeholder_count', groups=USERS)

    @api.depends('kam_stakeholder_ids.state')
    @api.depends_context('uid')
    def _compute_kam_stakeholder_count(self):
        counts = dict(self.env['kam.stakeholder']._read_group(
            [('partner_id', 'in', self._origin.ids), ('state', '=', 'present')], ['partner_id'], ['__count']))
        for partner in self:
            partner.kam_stakeholder_count = counts.get(partner._origin, 0)

    def _kam_functions_of(self, users):
        """``{(account id, user id): function}`` of who is in the teams of these accounts today, and of these users.

        Whoever has no function of their own in a team has that of their role: managers sell, sponsors manage. Those who
        are not in the team have the function of another team of theirs. In sudo: whoever reads who knows whom need not
        read the teams; the function alone is told.
        """
        users = users._origin
        members = self.env['kam.team.member'].sudo()
        today = self.env.company._kam_today()
        ours = Domain('partner_id', 'in', self._origin.ids) & members._current_domain(today)
        rows = members.search(ours | Domain('user_id', 'in', users.ids), order='date_from, id')
        of_role = {function.code: function for function in self.env['kam.function'].with_context(
            active_test=False).search([('code', 'in', list(FUNCTION_OF_ROLE.values()))])}
        none = self.env['kam.function']
        found, elsewhere = {}, {}
        for row in rows:
            function = row.function_id.sudo(False) or of_role.get(FUNCTION_OF_ROLE.get(row.role), none)
            if row.partner_id in self._origin and row.date_from <= today and (not row.date_to or row.date_to >= today):
                found[row.partner_id.id, row.user_id.id] = function
            elif function:
                elsewhere[row.user_id.id] = function
        for account in self._origin:
            for user in users:
                found.setdefault((account.id, user.id), elsewhere.get(user.id, none))
        return found

    # ------------------------------------------------------------------ moves
    def write(self, vals):
        away = self._kam_people_away() if 'parent_id' in vals or vals.get('active') else None
        result = super().write(vals)
        if 'parent_id' in vals or vals.get('active') is False:
            # Their contacts too: a company that is sold takes its people along.
            self._kam_follow_people(archived=vals.get('active') is False)
        if away:
            back = away - self._kam_people_away()
            if back:
                # Whether the person is there again, with their power and support, is for people to say.
                back._ask('back')
        return result

    def _kam_people_away(self):
        """Stakeholders who have left, and whose contact is archived or not below their account."""
        # In sudo, as below.
        people = self.sudo().with_context(active_test=False).search(
            Domain('id', 'child_of', self.ids) & Domain('is_company', '=', False))
        return self.env['kam.stakeholder'].sudo().with_context(active_test=False).search(
            Domain('state', '=', 'left') & Domain('contact_id', 'in', people.ids)).filtered(
            lambda row: not row.contact_id.active or row.partner_id not in row.contact_id._kam_above())

    def _kam_follow_people(self, archived=False):
        """Mark stakeholders as left whose contact is below their account no longer, or was archived.

        Where they are now is for people to say: nothing else moves.
        """
        # In sudo: a person has left whoever moved the contact, who need not see our records.
        stakeholders = self.env['kam.stakeholder'].sudo().with_context(active_test=False)
        present = Domain('state', '=', 'present')
        if archived:
            stakeholders.search(present & Domain('contact_id', 'in', self.ids)).action_leave()
            return
        people = self.sudo().with_context(active_test=False).search(
            Domain('id', 'child_of', self.ids) & Domain('is_company', '=', False))
        stakeholders.search(present & Domain('contact_id', 'in', people.ids)).filtered(
            lambda row: row.partner_id not in row.contact_id._kam_above()).action_leave()

    def _kam_above(self):
        """This partner and what is above it; safe in a loop of companies."""
        self.ensure_one()
        above = partner = self
        while partner.parent_id and partner.parent_id not in above:
            partner = partner.parent_id
            above |= partner
        return above

    # ------------------------------------------------------------------ deletion
    @api.ondelete(at_uninstall=False)
    def _unlink_except_stakeholder(self):
        # In sudo: also what whoever deletes contacts may not see; only the contact is named.
        used = self.env['kam.stakeholder'].sudo().with_context(active_test=False).search(
            Domain('partner_id', 'in', self.ids) | Domain('contact_id', 'in', self.ids), limit=1)
        if used:
            partner = (used.contact_id | used.partner_id) & self
            raise UserError(self.env._(
                "%(contact)s is a stakeholder or an account with stakeholders, and what is known of them would be "
                "lost. Archive the contact, or merge it into the one that goes on; to erase a person who asks for it, "
                "an administrator deletes the contact in the Privacy Lookup.", contact=partner[0].display_name))

    # ------------------------------------------------------------------ actions
    def action_kam_stakeholders(self):
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_stakeholder_action'),
            'domain': [('partner_id', '=', self.id)],
            'context': {'default_partner_id': self.id, 'search_default_present': 1},
        }

    def action_kam_hierarchy(self):
        action = self.action_kam_stakeholders()
        views = sorted(action['views'], key=lambda view: view[1] != 'hierarchy')
        return {**action, 'views': views, 'view_mode': ','.join(kind for _view, kind in views)}


class ResUsers(models.Model):
    _inherit = 'res.users'

    @api.ondelete(at_uninstall=False)
    def _unlink_except_counterpart(self):
        # Whoever deletes a user need not be in sales.
        known = self.env['kam.stakeholder'].sudo().with_context(active_test=False).search(
            [('counterpart_ids', 'in', self.ids)], limit=1)
        if known:
            raise UserError(self.env._(
                "%(user)s knows people of key accounts, which would be forgotten. Archive the user instead.",
                user=(known.counterpart_ids & self)[0].name))


class ResCompany(models.Model):
    _inherit = 'res.company'

    @api.ondelete(at_uninstall=False)
    def _unlink_except_stakeholders(self):
        # In sudo: also what whoever deletes companies may not see; only the company is named.
        used = self.env['kam.stakeholder'].sudo().with_context(active_test=False).search(
            [('company_id', 'in', self.ids)], limit=1)
        if used:
            raise UserError(self.env._(
                "%(company)s has stakeholders of its accounts, which would be lost. Archive the company instead.",
                company=used.company_id.name))
