"""One guided step from one key account manager to the next: the account, and what is open on it."""
from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class KamHandover(models.TransientModel):
    _name = 'kam.handover'
    _description = "Hand accounts over"

    partner_ids = fields.Many2many('res.partner', string="Accounts", required=True)
    user_id = fields.Many2one(
        'res.users', "New manager", required=True, domain=[('share', '=', False)])
    old_manager_ids = fields.Many2many('res.users', string="Managed so far by", compute='_compute_old_manager_ids')
    stays_as = fields.Selection(
        [('member', "Stays in the team as a member"), ('deputy', "Stays as the deputy"), ('none', "Leaves the team")],
        "The manager so far", required=True, default='member')
    move_salesperson = fields.Boolean("Salesperson of the customers", default=True)
    move_opportunities = fields.Boolean("Open opportunities", default=True)
    move_activities = fields.Boolean("Open activities", default=True)
    move_nominations = fields.Boolean("Open nominations", default=True)
    move_objectives = fields.Boolean("Open objectives", default=True)
    move_actions = fields.Boolean("Open actions", default=True)
    move_investments = fields.Boolean("Investments", default=True)
    move_plans = fields.Boolean("Account plans", default=True)
    customer_count = fields.Integer(compute='_compute_counts')
    opportunity_count = fields.Integer(compute='_compute_counts')
    activity_count = fields.Integer(compute='_compute_counts')
    nomination_count = fields.Integer(compute='_compute_counts')
    objective_count = fields.Integer(compute='_compute_counts')
    action_count = fields.Integer(compute='_compute_counts')
    investment_count = fields.Integer(compute='_compute_counts')
    plan_count = fields.Integer(compute='_compute_counts')
    exceptions = fields.Text(compute='_compute_exceptions')
    reason = fields.Text(help="Why; for the history of the account.")

    @api.depends('partner_ids')
    def _compute_old_manager_ids(self):
        for handover in self:
            handover.old_manager_ids = handover.partner_ids.kam_manager_id

    @api.depends('partner_ids')
    def _compute_counts(self):
        for handover in self:
            moves = {name: sum(len(records) for records in found.values())
                     for name, found in handover._find_moves().items()}
            handover.customer_count = moves['salesperson']
            handover.opportunity_count = moves['opportunities']
            handover.activity_count = moves['activities']
            handover.nomination_count = moves['nominations']
            handover.objective_count = moves['objectives']
            handover.action_count = moves['actions']
            handover.investment_count = moves['investments']
            handover.plan_count = moves['plans']

    @api.depends('partner_ids', 'user_id')
    @api.depends_context('lang')
    def _compute_exceptions(self):
        for handover in self:
            handover.exceptions = handover._find_over_capacity()

    def _find_over_capacity(self):
        """A sentence if the new manager would have more accounts than capacity, else False."""
        user = self.user_id
        arriving = self.partner_ids.filtered(
            lambda account: account.is_key_account and account.kam_manager_id != user)
        sentences = []
        for company in arriving.kam_company_id:
            managers = self.env['kam.manager']
            number = managers._count_accounts(user, company).get((user.id, company.id), 0) + len(
                arriving.filtered(lambda account, company=company: account.kam_company_id == company))
            capacity = managers._capacity(user, company)
            if user and number > capacity:
                sentences.append(self.env._(
                    "%(manager)s would manage %(number)s key accounts; the capacity is %(capacity)s.",
                    manager=user.name, number=number, capacity=capacity))
        return "\n".join(sentences) or False

    # ------------------------------------------------------------------ what is open
    def _find_moves(self):
        """What each manager so far leaves open: ``{move: {manager: records}}``. Later parts add theirs here."""
        moves = {name: {} for name in (
            'salesperson', 'opportunities', 'activities', 'nominations', 'objectives', 'actions', 'investments',
            'plans')}
        for manager in self.partner_ids.kam_manager_id:
            accounts = self.partner_ids.filtered(lambda account, manager=manager: account.kam_manager_id == manager)
            tree = self.env['res.partner'].with_context(active_test=False).search(
                [('kam_account_id', 'in', accounts.ids)])
            leads = self.env['crm.lead'].search([
                ('partner_id', 'in', tree.ids), ('user_id', '=', manager.id), ('stage_id.is_won', '=', False)])
            nominations = self.env['kam.nomination'].search([
                ('partner_id', 'in', accounts.ids), ('state', 'in', ('candidate', 'proposed')),
                ('manager_id', '=', manager.id)])
            # In sudo: a plan must not stay behind because whoever hands over may not read it; only a number is told.
            plans = self.env['kam.plan'].sudo().search([
                ('partner_id', 'in', accounts.ids), ('state', '!=', 'closed'), ('owner_id', '=', manager.id)])
            open_on = (
                (Domain('res_model', '=', 'res.partner') & Domain('res_id', 'in', tree.ids))
                | (Domain('res_model', '=', 'crm.lead') & Domain('res_id', 'in', leads.ids))
                | (Domain('res_model', '=', 'kam.plan') & Domain('res_id', 'in', plans.ids)))
            moves['salesperson'][manager] = tree.filtered(
                lambda partner, manager=manager: partner.user_id == manager and partner.active)
            moves['opportunities'][manager] = leads
            moves['activities'][manager] = self.env['mail.activity'].search(
                Domain('user_id', '=', manager.id) & open_on)
            moves['nominations'][manager] = nominations
            moves['plans'][manager] = plans
            # In sudo, as plans are.
            moves['objectives'][manager] = self.env['kam.objective'].sudo().search([
                ('partner_id', 'in', accounts.ids), ('state', 'in', ('draft', 'running')),
                ('owner_id', '=', manager.id)])
            moves['actions'][manager] = self.env['kam.action'].sudo().search([
                ('partner_id', 'in', accounts.ids), ('state', '=', 'planned'), ('owner_id', '=', manager.id)])
            # Also of what was made: who follows says what comes of it. In sudo, as plans are.
            moves['investments'][manager] = self.env['kam.investment'].sudo().search([
                ('partner_id', 'in', accounts.ids), ('state', '!=', 'refused'), ('owner_id', '=', manager.id)])
        return moves

    # ------------------------------------------------------------------ the step
    def action_confirm(self):
        """Move everything that is chosen, and tell the account why."""
        self.ensure_one()
        self.partner_ids._check_kam_manager_right()
        self._check()
        moves = self._find_moves()
        chosen = {
            'salesperson': self.move_salesperson, 'opportunities': self.move_opportunities,
            'activities': self.move_activities, 'nominations': self.move_nominations,
            'objectives': self.move_objectives, 'actions': self.move_actions,
            'investments': self.move_investments, 'plans': self.move_plans}
        fields_of = {
            'nominations': 'manager_id', 'objectives': 'owner_id', 'actions': 'owner_id', 'investments': 'owner_id',
            'plans': 'owner_id'}
        for name, found in moves.items():
            for records in found.values():
                if chosen[name] and records:
                    # Handing over is deciding who works on the account's records; editing contacts is another right.
                    records = records.sudo() if name in ('salesperson', 'activities') else records
                    records.with_context(mail_activity_quick_update=True, mail_auto_subscribe_no_notify=True).write(
                        {fields_of.get(name, 'user_id'): self.user_id.id})
        for account in self.partner_ids.filtered(lambda account: account.kam_manager_id != self.user_id):
            self._hand_over(account)
        return {'type': 'ir.actions.client', 'tag': 'soft_reload'}

    def _check(self):
        # Other people's account types are readable to administrators only.
        if self.user_id.sudo().share or not self.user_id.sudo().active:
            raise UserError(self.env._(
                "%(user)s doesn't work in this database. Choose a colleague as the new manager.",
                user=self.user_id.name))
        exceptions = self._find_over_capacity()
        if exceptions and not (self.reason or '').strip():
            raise UserError(exceptions + "\n" + self.env._("Give a reason to hand it over all the same."))
        if all(account.kam_manager_id == self.user_id for account in self.partner_ids):
            raise UserError(self.env._("%(user)s manages these accounts already.", user=self.user_id.name))

    def _hand_over(self, account):
        before = account.kam_manager_id
        # As above: the right to hand over was checked, the right to edit contacts is another one.
        account = account.sudo()
        function = account.kam_member_ids.filtered(
            lambda row: row.is_current and row.role == 'manager').function_id[:1]
        account.kam_manager_id = self.user_id
        if self.move_plans and before:
            # As with the plans themselves: nothing stays behind because whoever hands over may not read it.
            self.env['kam.plan'].sudo()._hand_over_rows(account, before, self.user_id)
        rows = account.kam_member_ids.filtered('is_current')
        # The reason stays with the new manager's place in the team, which is as confidential as the account.
        rows.filtered(lambda row: row.role == 'manager').handover_reason = self.reason
        if before and self.stays_as != 'none' and before.active and before not in rows.user_id:
            self.env['kam.team.member'].sudo().create({
                'partner_id': account.id, 'user_id': before.id, 'role': self.stays_as, 'function_id': function.id})
        body = self.env._("Handed over from %(before)s to %(after)s.",
                          before=before.name or self.env._("nobody"), after=self.user_id.name)
        # Everybody who sees the contact reads its history.
        if self.reason and account.kam_confidentiality == 'company':
            body = Markup("<p>%s</p><p>%s</p>") % (body, self.reason)
        account.message_post(body=body, message_type='comment', subtype_xmlid='mail.mt_note',
                             partner_ids=self.user_id.partner_id.ids)
