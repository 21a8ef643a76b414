"""A key account manager in one company: how many accounts they can look after, and what they are able to do."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.fields import UnknownInteger


class KamManager(models.Model):
    _name = 'kam.manager'
    _description = "Key account manager"
    _inherit = ['mail.thread', 'kam.placed.mixin', 'kam.unknown.mixin']
    _order = 'company_id, user_id, id'
    _rec_name = 'user_id'

    user_id = fields.Many2one(
        'res.users', "Manager", required=True, index=True, ondelete='cascade', domain=[('share', '=', False)])
    company_id = fields.Many2one(
        'res.company', required=True, index=True, ondelete='cascade', default=lambda self: self.env.company)
    active = fields.Boolean(default=True)
    capacity = UnknownInteger(
        tracking=True, help="Key accounts that this person can look after. Empty: as set for everybody in Settings.")
    effective_capacity = fields.Integer("Capacity that counts", compute='_compute_load')
    account_count = fields.Integer("Key accounts", compute='_compute_load')
    is_over_capacity = fields.Boolean(compute='_compute_load', search='_search_is_over_capacity')
    member_ids = fields.One2many('kam.team.member', compute='_compute_member_ids', string="Accounts, with tenure")
    tenure_days = UnknownInteger("Average tenure in days", compute='_compute_member_ids')
    tenure = fields.Char("Average tenure", compute='_compute_member_ids')
    competence_ids = fields.One2many('kam.manager.competence', 'manager_id', "Competences")
    missing = fields.Char("To develop", compute='_compute_missing', help="Competences below what is needed.")
    unassessed_count = fields.Integer("Not assessed", compute='_compute_missing')

    _user_company_unique = models.Constraint(
        'UNIQUE(user_id, company_id)', "This person is on the list of this company already.")

    @api.depends('user_id', 'company_id', 'capacity')
    def _compute_load(self):
        counts = self._count_accounts(self.user_id, self.company_id)
        for manager in self:
            # Everyone may know the limit that is set for all.
            default = manager.company_id.sudo().kam_settings_id.manager_capacity
            manager.effective_capacity = default if manager.capacity is False else manager.capacity
            manager.account_count = counts.get((manager.user_id.id, manager.company_id.id), 0)
            manager.is_over_capacity = manager.account_count > manager.effective_capacity

    @api.model
    def _search_is_over_capacity(self, operator, value):
        if operator != 'in':
            return NotImplemented
        over = self.search([]).filtered('is_over_capacity').ids
        return [('id', 'in' if True in value else 'not in', over)]

    @api.depends('user_id', 'company_id')
    def _compute_member_ids(self):
        members = self.env['kam.team.member'].search([
            ('user_id', 'in', self.user_id.ids), ('role', '=', 'manager'), ('is_current', '=', True)])
        for manager in self:
            own = members.filtered(
                lambda member, manager=manager: member.user_id == manager.user_id
                and member.company_id == manager.company_id)
            manager.member_ids = own
            manager.tenure_days = round(sum(own.mapped('days')) / len(own)) if own else False
            manager.tenure = own._duration(manager.tenure_days) if own else False

    @api.depends('competence_ids.gap', 'competence_ids.present')
    def _compute_missing(self):
        for manager in self:
            lines = manager.competence_ids
            manager.missing = ", ".join(lines.filtered('gap').competence_id.mapped('name'))
            manager.unassessed_count = len(lines.filtered(lambda line: not line.present))

    @api.constrains('user_id', 'capacity')
    def _check_user_id(self):
        for manager in self:
            # Other people's account types are readable to administrators only.
            if manager.user_id.sudo().share:
                raise ValidationError(self.env._(
                    "%(user)s is not an employee: key accounts are managed by colleagues.", user=manager.user_id.name))
            if manager.capacity is not False and manager.capacity < 0:
                raise ValidationError(self.env._(
                    "The capacity of %(user)s can't be negative; leave it empty if that of Settings counts.",
                    user=manager.user_id.name))

    @api.model_create_multi
    def create(self, vals_list):
        managers = super().create(vals_list)
        managers._ensure_competences()
        return managers

    def _ensure_competences(self):
        """Put every competence that is in use on the lists of these managers."""
        competences = self.env['kam.competence'].search([])
        self.env['kam.manager.competence'].create([
            {'manager_id': manager.id, 'competence_id': competence.id}
            for manager in self for competence in competences - manager.competence_ids.competence_id])

    def action_add_competences(self):
        self._ensure_competences()

    @api.model
    def _count_accounts(self, users, companies):
        """Key accounts per manager and company: ``{(user id, company id): count}``; archived ones have left it."""
        # Also those that the reader may not see: only their number is told.
        groups = self.env['res.partner'].sudo()._read_group(
            [('is_key_account', '=', True), ('kam_manager_id', 'in', users.ids),
             ('kam_company_id', 'in', companies.ids)],
            ['kam_manager_id', 'kam_company_id'], ['__count'])
        return {(user.id, company.id): count for user, company, count in groups}

    @api.model
    def _capacity(self, user, company):
        """How many key accounts `user` can look after in `company`."""
        # The limit counts for everyone who proposes, whoever may read the list of managers.
        own = self.sudo().search([('user_id', '=', user.id), ('company_id', '=', company.id)]).capacity
        return company.sudo().kam_settings_id.manager_capacity if own is False else own

    @api.model
    def _ensure(self, partners):
        """Put whoever manages these accounts on the list of managers."""
        wanted = {
            (partner.kam_manager_id.id, (partner.kam_company_id or partner.company_id or self.env.company).id)
            for partner in partners if partner.kam_manager_id}
        users, companies = {user for user, _company in wanted}, {company for _user, company in wanted}
        managers = self.with_context(active_test=False)
        present = {(row.user_id.id, row.company_id.id) for row in managers.search(
            [('user_id', 'in', list(users)), ('company_id', 'in', list(companies))])}
        self.create([
            {'user_id': user, 'company_id': company} for user, company in sorted(wanted - present)])

    def action_open_accounts(self):
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.res_partner_action_key_accounts'),
            'domain': [('is_key_account', '=', True), ('kam_manager_id', '=', self.user_id.id),
                       ('kam_company_id', '=', self.company_id.id)],
            'context': {}, 'display_name': self.user_id.name,
        }
