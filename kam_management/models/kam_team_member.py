"""Who works for an account: function, role, since when and until when.

The row of the manager follows from the account's `kam_manager_id`, so that there is one manager and one truth; the
rows that ended are the account's history.
"""
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

ROLES = [
    ('manager', "Key account manager"),
    ('deputy', "Deputy"),
    ('sponsor', "Executive sponsor"),
    ('member', "Member"),
]
# Can't be sent over RPC: only the account's own manager field moves managers with it.
FOLLOWING = object()


class KamTeamMember(models.Model):
    _name = 'kam.team.member'
    _description = "Member of an account team"
    _inherit = ['kam.account.mixin', 'kam.unknown.mixin']
    _order = 'partner_id, role_order, date_from, id'
    _rec_names_search = ['user_id', 'partner_id']
    _check_company_auto = True

    partner_id = fields.Many2one(
        'res.partner', "Account", required=True, index=True, ondelete='cascade', check_company=True)
    company_id = fields.Many2one(
        'res.company', required=True, index=True, ondelete='cascade', default=lambda self: self.env.company)
    user_id = fields.Many2one(
        'res.users', "Person", required=True, index=True, ondelete='restrict', domain=[('share', '=', False)])
    function_id = fields.Many2one('kam.function', "Function", index='btree_not_null', ondelete='restrict')
    role = fields.Selection(ROLES, required=True, default='member', index=True)
    role_order = fields.Integer(compute='_compute_role_order', store=True, export_string_translation=False)
    date_from = fields.Date("Since", required=True, default=lambda self: self.env.company._kam_today())
    date_to = fields.Date("Until", help="Last day in the team. Empty: still in it.")
    is_current = fields.Boolean("In the team today", compute='_compute_is_current', search='_search_is_current')
    days = fields.Integer("Days in the team", compute='_compute_days', aggregator='avg')
    tenure = fields.Char(compute='_compute_tenure', help="How long, in words.")
    has_role = fields.Boolean(
        compute='_compute_has_role', help="Whether the person has a Key Accounts role in this database.")
    note = fields.Char("Task", help="What the person does for this account.")
    handover_reason = fields.Text("Why it was handed over", readonly=True)
    is_key_account = fields.Boolean(related='partner_id.is_key_account')
    kam_tier_id = fields.Many2one(related='partner_id.kam_tier_id')

    # A Constraint and no UniqueIndex: the wizard that merges contacts knows only the former.
    _person_unique = models.Constraint(
        'UNIQUE(partner_id, company_id, user_id, date_from)',
        "This person joined this team on that day already: change that row.")

    @api.depends('role')
    def _compute_role_order(self):
        order = {role: number for number, (role, _label) in enumerate(ROLES)}
        for member in self:
            member.role_order = order.get(member.role, len(order))

    @api.depends('date_from', 'date_to')
    @api.depends_context('company')
    def _compute_is_current(self):
        today = self.env.company._kam_today()
        for member in self:
            member.is_current = bool(
                member.date_from and member.date_from <= today and (not member.date_to or member.date_to >= today))

    @api.model
    def _current_domain(self, day):
        return Domain('date_from', '<=', day) & (Domain('date_to', '=', False) | Domain('date_to', '>=', day))

    @api.model
    def _search_is_current(self, operator, value):
        if operator != 'in':
            return NotImplemented
        wanted = {bool(item) for item in value}
        if len(wanted) == 2:
            return Domain.TRUE
        current = self._current_domain(self.env.company._kam_today())
        return current if wanted == {True} else ~current

    @api.depends('date_from', 'date_to')
    @api.depends_context('company')
    def _compute_days(self):
        today = self.env.company._kam_today()
        for member in self:
            end = min(member.date_to or today, today)
            member.days = max(0, (end - member.date_from).days + 1) if member.date_from else 0

    @api.depends('days')
    @api.depends_context('lang')
    def _compute_tenure(self):
        for member in self:
            member.tenure = self._duration(member.days)

    @api.model
    def _duration(self, days):
        """Days in the words that people use for them."""
        if days < 31:
            return self.env._("1 day") if days == 1 else self.env._("%(count)s days", count=days)
        months = round(days / 30.44)
        if months < 24:
            return self.env._("1 month") if months == 1 else self.env._("%(count)s months", count=months)
        years, rest = divmod(months, 12)
        if not rest:
            return self.env._("%(count)s years", count=years)
        return self.env._("%(years)s years, %(months)s m.", years=years, months=rest)

    @api.depends('user_id')
    def _compute_has_role(self):
        for member in self:
            # Groups of other people are readable to administrators only; here just one yes or no is said.
            member.has_role = bool(member.user_id) and member.user_id.sudo().has_group(
                'kam_management.group_kam_contributor')

    @api.depends('user_id', 'partner_id')
    def _compute_display_name(self):
        for member in self:
            member.display_name = f"{member.user_id.name or ''} – {member.partner_id.display_name or ''}"

    # ------------------------------------------------------------------ checks
    @api.constrains('user_id')
    def _check_user_id(self):
        for member in self:
            # Other people's account types are readable to administrators only.
            if member.user_id.sudo().share:
                raise ValidationError(self.env._(
                    "%(user)s is not an employee: only people who work in this database can join an account team. "
                    "People of the customer are its contacts.", user=member.user_id.name))

    @api.constrains('date_from', 'date_to')
    def _check_dates(self):
        for member in self:
            if member.date_to and member.date_to < member.date_from:
                raise ValidationError(self.env._(
                    "%(user)s can't leave the team before joining it: correct one of the two dates.",
                    user=member.user_id.name))

    @api.constrains('partner_id', 'company_id', 'user_id', 'date_from', 'date_to')
    def _check_overlap(self):
        # Rows that the writer may not see count too; only names that the writer has just entered are told.
        rows = self.sudo().search([
            ('partner_id', 'in', self.partner_id.ids), ('user_id', 'in', self.user_id.ids)])
        for member in self:
            for other in rows:
                if (other != member and other.partner_id == member.partner_id and other.user_id == member.user_id
                        and other.company_id == member.company_id
                        and other.date_from <= (member.date_to or other.date_from)
                        and member.date_from <= (other.date_to or member.date_from)):
                    raise ValidationError(self.env._(
                        "%(user)s is in the team of %(account)s already, since %(date)s. Change that row, or end it "
                        "before you add another one.", user=member.user_id.name,
                        account=member.partner_id.display_name, date=format_date(self.env, other.date_from)))

    @api.constrains('partner_id')
    def _check_partner_id(self):
        for member in self:
            account = member.partner_id.kam_account_id
            if account and account != member.partner_id:
                raise ValidationError(self.env._(
                    "%(partner)s belongs to the account %(account)s: the team is that of the account. Choose it "
                    "instead.", partner=member.partner_id.display_name, account=account.display_name))

    # ------------------------------------------------------------------ the manager's row
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not vals.get('company_id') and vals.get('partner_id'):
                # The team is that of the company whose key account it is; its name is no secret.
                partner = self.env['res.partner'].sudo().browse(vals['partner_id'])
                vals['company_id'] = (partner.kam_company_id or partner.company_id or self.env.company).id
        members = super().create(vals_list)
        members._refuse_manager()
        return members

    def write(self, vals):
        if any(name in vals for name in ('role', 'user_id', 'partner_id', 'date_from', 'date_to')):
            self._refuse_manager()
        result = super().write(vals)
        if 'role' in vals:
            self._refuse_manager()
        return result

    def unlink(self):
        self.filtered('is_current')._refuse_manager()
        return super().unlink()

    def _refuse_manager(self):
        if self.env.context.get('kam_following') is FOLLOWING:
            return
        manager = self.filtered(lambda member: member.role == 'manager')
        if manager:
            raise UserError(self.env._(
                "Who manages %(account)s is not changed here: use “Hand over” on the account, which also moves what is "
                "open.", account=manager[0].partner_id.display_name))

    @api.model
    def _follow_managers(self, partners):
        """After the manager of these accounts changed: end the row of the one before, begin that of the new one.

        :return: the rows of those who manage them now
        """
        self.env['kam.manager'].sudo()._ensure(partners)
        members = self.sudo().with_context(kam_following=FOLLOWING)
        today = self.env.company._kam_today()
        current = members.search(Domain('partner_id', 'in', partners.ids) & self._current_domain(today))
        kept = current.filtered(
            lambda member: member.role == 'manager' and member.user_id == member.partner_id.kam_manager_id)
        gone = (current - kept).filtered(
            lambda member: member.role == 'manager' or member.user_id == member.partner_id.kam_manager_id)
        # What the new manager did so far for the account goes on with them; a place that was to begin later is moot.
        carried = {
            row.partner_id: {'function_id': row.function_id.id, 'note': row.note}
            for row in gone if row.user_id == row.partner_id.kam_manager_id}
        later = members.search([('partner_id', 'in', partners.ids), ('date_from', '>', today)])
        later.filtered(lambda member: member.user_id == member.partner_id.kam_manager_id).unlink()
        gone._end(today - timedelta(days=1))
        return members.create([
            {
                'partner_id': partner.id, 'user_id': partner.kam_manager_id.id, 'role': 'manager',
                'date_from': today, **carried.get(partner, {}),
            }
            for partner in (partners - kept.partner_id).filtered('kam_manager_id')]) | kept

    def _end(self, day):
        """Let these rows end on `day`; those that began later never were."""
        members = self.with_context(kam_following=FOLLOWING)
        early = members.filtered(lambda member: member.date_from > day)
        early.unlink()
        (members - early).write({'date_to': day})
