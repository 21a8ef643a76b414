"""The account plan: what we want with an account over the next 18 months, and what it rests on.

A plan is drafted, active and closed. An account has one active plan per company, be it the plan's own account or one
that it covers as well; plans that are not closed do not overlap. A closed plan stays as it was.
"""
import re

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

STATES = [
    ('draft', "Draft"),
    ('active', "Active"),
    ('closed', "Closed"),
]
MONTHS = 18
# From so many months on, what stands in a plan looks old: its parts, and the estimates of its wallet.
OLD_MONTHS = 6
# What may change on a closed plan: it can be reopened, archived, handed over and hidden, and people may discuss it.
FREE = ('state', 'active', 'confidentiality', 'owner_id', 'date_closed', 'show_more')
FREE_PREFIXES = ('message_', 'activity_', 'website_message_', 'my_activity_')


class KamPlan(models.Model):
    _name = 'kam.plan'
    _description = "Account plan"
    _inherit = ['mail.thread', 'mail.activity.mixin', 'kam.confidential.mixin', 'kam.unknown.mixin']
    _order = 'date_start desc, id desc'
    _rec_names_search = ['partner_id', 'partner_ids']
    _check_company_auto = True
    _kam_owners = ('create_uid', 'owner_id')
    _mail_post_access = 'read'

    partner_id = fields.Many2one(
        'res.partner', "Account", required=True, index=True, ondelete='restrict', check_company=True, tracking=True)
    partner_ids = fields.Many2many(
        'res.partner', 'kam_plan_res_partner_rel', 'plan_id', 'partner_id', "Also covers", check_company=True,
        help="Further accounts that this plan is for.")
    company_id = fields.Many2one(
        'res.company', required=True, index=True, ondelete='restrict', default=lambda self: self.env.company)
    currency_id = fields.Many2one(related='company_id.currency_id')
    owner_id = fields.Many2one(
        'res.users', "Owner", index=True, ondelete='restrict', tracking=True, domain=[('share', '=', False)],
        compute='_compute_owner_id', store=True, readonly=False, precompute=True,
        help="Who answers for the plan: the account's manager to start with.")
    state = fields.Selection(STATES, required=True, default='draft', tracking=True, index=True, copy=False)
    # NULL unless it is active, so that the constraint below lets any number of drafts and closed plans stand.
    active_slot = fields.Char(compute='_compute_active_slot', store=True, export_string_translation=False)
    date_start = fields.Date(
        "Start", required=True, tracking=True, copy=False, compute='_compute_date_start', store=True, readonly=False,
        precompute=True)
    date_end = fields.Date(
        "End", required=True, tracking=True, copy=False, compute='_compute_date_end', store=True, readonly=False,
        precompute=True, help="18 months from the start, unless you say otherwise.")
    date_activated = fields.Date("Active since", readonly=True, copy=False)
    date_closed = fields.Date("Closed on", readonly=True, copy=False)
    active = fields.Boolean(default=True)
    kam_tier_id = fields.Many2one(related='partner_id.kam_tier_id')

    # A Constraint and no UniqueIndex: the wizard that merges contacts knows only the former.
    _active_unique = models.Constraint(
        'UNIQUE(partner_id, company_id, active_slot)',
        "This account has an active plan already: close that one first.")

    # ------------------------------------------------------------------ computes
    @api.depends('partner_id')
    def _compute_owner_id(self):
        for plan in self:
            if not plan.owner_id or not plan._origin:
                plan.owner_id = plan.partner_id.kam_manager_id or self.env.user.filtered(lambda user: not user.share)

    @api.depends('state')
    def _compute_active_slot(self):
        for plan in self:
            plan.active_slot = 'active' if plan.state == 'active' else False

    @api.depends('partner_id', 'partner_ids', 'company_id')
    def _compute_date_start(self):
        """Today, or the day after the plans that the accounts have."""
        today = self.env.company._kam_today()
        new = self.filtered(lambda plan: not plan._origin)
        accounts = new._accounts()._origin.ids
        # Plans that whoever plans may not read take their time too; only a date follows from them.
        others = new and self.sudo().search(Domain('state', '!=', 'closed') & (
            Domain('partner_id', 'in', accounts) | Domain('partner_ids', 'in', accounts)))
        for plan in self:
            if plan in new:
                company, own = plan.company_id._origin, plan._accounts()._origin
                ends = [other.date_end for other in others if other.company_id == company and other._accounts() & own]
                end = max(ends, default=today)
                plan.date_start = end + relativedelta(days=1) if ends and end >= today else today
            elif not plan.date_start:
                plan.date_start = today

    @api.depends('date_start')
    def _compute_date_end(self):
        for plan in self:
            if plan.date_start and (not plan.date_end or not plan._origin):
                plan.date_end = plan.date_start + relativedelta(months=MONTHS, days=-1)

    @api.depends('partner_id', 'date_start', 'date_end')
    @api.depends_context('lang')
    def _compute_display_name(self):
        for plan in self:
            years = sorted({day.year for day in (plan.date_start, plan.date_end) if day})
            period = "–".join(str(year) for year in years)
            name = plan.partner_id.display_name
            plan.display_name = name and " · ".join(filter(None, [name, period]))

    @api.model
    def _search_display_name(self, operator, value):
        """Also by the whole name, account and years, as an export writes it and an import brings it back."""
        if operator == 'in' and not isinstance(value, str):
            return Domain.OR(self._search_display_name('=', name) for name in value)
        name, _dot, years = value.rpartition(" · ") if isinstance(value, str) else ("", "", "")
        if not re.fullmatch(r"\d{4}(–\d{4})?", years):
            return super()._search_display_name(operator, value)
        first, last = years[:4], years[-4:]
        return (
            super()._search_display_name(operator, name)
            & Domain('date_start', '>=', f'{first}-01-01') & Domain('date_start', '<=', f'{first}-12-31')
            & Domain('date_end', '>=', f'{last}-01-01') & Domain('date_end', '<=', f'{last}-12-31'))

    # ------------------------------------------------------------------ access
    @api.model
    def _kam_access_dependencies(self):
        return [*super()._kam_access_dependencies(), 'partner_ids']

    @api.model
    def _kam_own_domain(self):
        """Whoever looks after one of the accounts looks after the plan."""
        own = self.env['res.partner']._kam_own_domain()
        return super()._kam_own_domain() | Domain('partner_ids', 'any', own)

    @api.model
    def _kam_disclosed_domain(self):
        """A plan is as confidential as the most confidential of its accounts."""
        hidden = self.env['res.partner']._kam_hidden_domain()
        return super()._kam_disclosed_domain() & (
            Domain('partner_ids', 'not any', hidden) | self._kam_owned_domain())

    # ------------------------------------------------------------------ checks
    @api.constrains('partner_id', 'partner_ids', 'company_id')
    def _check_accounts(self):
        for plan in self:
            if plan.partner_id in plan.partner_ids:
                raise ValidationError(self.env._(
                    "%(account)s is the account of the plan: take it off the list of further accounts.",
                    account=plan.partner_id.display_name))
            for partner in plan.partner_id | plan.partner_ids:
                account = partner.kam_account_id
                if account and account != partner:
                    raise ValidationError(self.env._(
                        "%(partner)s belongs to the account %(account)s: plan for the account. Choose it instead.",
                        partner=partner.display_name, account=account.display_name))

    @api.constrains('date_start', 'date_end')
    def _check_dates(self):
        for plan in self:
            if plan.date_end <= plan.date_start:
                raise ValidationError(self.env._(
                    "The plan must end after it starts: correct one of the two dates."))

    @api.constrains('owner_id')
    def _check_owner_id(self):
        for plan in self:
            # Other people's account types are readable to administrators only.
            if plan.owner_id.sudo().share:
                raise ValidationError(self.env._(
                    "%(user)s is not an employee. Choose a colleague who works in this database as the owner of the "
                    "plan.", user=plan.owner_id.name))

    @api.constrains('partner_id', 'partner_ids', 'company_id', 'date_start', 'date_end', 'state', 'active')
    def _check_overlap(self):
        self.filtered(lambda plan: plan.state != 'closed' and plan.active)._refuse_overlap()

    def _refuse_overlap(self, activating=False):
        """Raise if one of these plans, which are open or about to be active, shares an account with another one."""
        accounts = self.partner_id | self.partner_ids
        if not accounts:
            return
        # Plans that the writer may not see count too.
        others = self.sudo().search(
            Domain('state', '!=', 'closed')
            & (Domain('partner_id', 'in', accounts.ids) | Domain('partner_ids', 'in', accounts.ids)))
        for plan in self:
            for other in others - plan:
                shared = (plan.partner_id | plan.partner_ids) & (other.partner_id | other.partner_ids)
                if not shared or other.company_id != plan.company_id:
                    continue
                values = {
                    'account': shared[0].display_name, 'start': format_date(self.env, other.date_start),
                    'end': format_date(self.env, other.date_end)}
                if other.state == 'active' and (activating or plan.state == 'active'):
                    raise ValidationError(self.env._(
                        "%(account)s has an active plan already, from %(start)s to %(end)s. Close that one first.",
                        **values))
                if plan.date_start <= other.date_end and other.date_start <= plan.date_end:
                    raise ValidationError(self.env._(
                        "%(account)s has a plan from %(start)s to %(end)s already. Close that one, or let this one "
                        "start after it.", **values))

    # ------------------------------------------------------------------ accounts
    def _accounts(self):
        """The accounts that these plans are for: their own, and those that they cover as well."""
        return self.partner_id | self.partner_ids

    # ------------------------------------------------------------------ writing
    @api.model_create_multi
    def create(self, vals_list):
        plans = super().create(vals_list)
        plans._refuse_hidden_covered()
        return plans

    def write(self, vals):
        if any(name not in FREE and not name.startswith(FREE_PREFIXES) for name in vals):
            self._refuse_closed()
        if vals.get('active') is False and any(plan.state == 'active' for plan in self):
            raise UserError(self.env._("An active plan can't be archived: close it first."))
        if vals.get('state') == 'draft' and any(plan.state != 'draft' for plan in self):
            raise UserError(self.env._("A plan that was active doesn't become a draft again: make a new one."))
        if vals.get('state') == 'closed' and any(plan.state == 'draft' for plan in self):
            raise UserError(self.env._("A draft can't be closed: delete or archive it if it is not needed."))
        if vals.get('state') == 'active':
            # Before it is written, so that the sentence comes first and not the database's own refusal.
            self._refuse_overlap(activating=True)
        before = {plan: plan._accounts() for plan in self} if {'partner_id', 'partner_ids'} & vals.keys() else {}
        result = super().write(vals)
        if 'partner_ids' in vals:
            self._refuse_hidden_covered()
        for plan, accounts in before.items():
            plan._refuse_left_behind(accounts - plan._accounts())
        return result

    def _refuse_left_behind(self, accounts):
        """Raise if rows of this plan name people or opportunities of these accounts, which it is no longer for."""
        for model, name, account in self.env['kam.plan.row.mixin']._naming_fields() if accounts else ():
            # In sudo: only accounts are asked for and told.
            named = self.env[model].sudo().search(
                [('plan_id', '=', self.id), (f'{name}.{account}', 'in', accounts.ids)], limit=1)
            if named:
                raise ValidationError(self.env._(
                    "Rows of this plan name people or opportunities of %(account)s. Take them out of these rows first, "
                    "or make another plan.", account=named[name].mapped(account)[:1].display_name))

    def _refuse_hidden_covered(self):
        if not self.env.su:
            # Accounts that the writer may not read are the ones to refuse.
            self._refuse_hidden(self.sudo().partner_ids.ids)

    def _refuse_closed(self):
        """Raise if one of these plans is closed: it stays as it was."""
        # What is closed must be refused to whoever may not even read the plan.
        closed = self.sudo().filtered(lambda plan: plan.state == 'closed')
        if closed:
            raise UserError(self.env._(
                "%(plan)s is closed and stays as it was. Reopen it, or make a new plan.",
                plan=closed[0].display_name))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if any(plan.state != 'draft' for plan in self):
            raise UserError(self.env._("Only a draft can be deleted. Close and archive the plan instead."))

    @api.model
    def _hand_over_rows(self, account, before, after):
        """What one person takes care of in the open plans of an account becomes another's."""
        for model, domain in (
            ('kam.plan.buying.step', []), ('kam.plan.scenario', [('state', '!=', 'over')]),
            ('kam.plan.commitment', [('date_done', '=', False)]),
        ):
            self.env[model].search(Domain(domain) & Domain('owner_id', '=', before.id) & Domain(
                'plan_id', 'any', [('partner_id', '=', account.id), ('state', '!=', 'closed')])).owner_id = after

    # ------------------------------------------------------------------ actions
    def action_activate(self):
        self._refuse_closed()
        self.write({'state': 'active', 'date_activated': self.env.company._kam_today()})
        return True

    def action_close(self):
        self.write({'state': 'closed', 'date_closed': self.env.company._kam_today()})
        return True

    def action_reopen(self):
        if any(plan.state != 'closed' for plan in self):
            raise UserError(self.env._("Only a closed plan can be reopened."))
        self.write({'state': 'active', 'date_closed': False})
        return True

    def action_open_account(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'res_model': 'res.partner', 'views': [(False, 'form')],
            'res_id': self.partner_id.id,
        }
