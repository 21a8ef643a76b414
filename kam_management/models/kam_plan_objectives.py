"""What a plan leads to and rests on: its objectives, and the analyses and strategies of its accounts."""
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

# So many make the part "Objectives" of a plan.
OBJECTIVES_NEEDED = 3


class KamPlan(models.Model):
    _inherit = 'kam.plan'

    objective_ids = fields.One2many('kam.objective', 'plan_id', "Objectives")
    dafo_count = fields.Integer("SWOT analyses", compute='_compute_analysis_counts')
    strategy_count = fields.Integer("Strategies", compute='_compute_analysis_counts')

    # ------------------------------------------------------------------ computes
    @api.depends('partner_id', 'partner_ids', 'company_id')
    @api.depends_context('uid')
    def _compute_analysis_counts(self):
        dafos = self._group_by_account('kam.dafo', ['__count'])
        strategies = self._group_by_account('kam.dafo.strategy', ['__count'])
        for plan in self:
            keys = plan._account_keys()
            plan.dafo_count = sum(dafos[key][0] for key in keys if key in dafos)
            plan.strategy_count = sum(strategies[key][0] for key in keys if key in strategies)

    def _account_keys(self):
        """The accounts of a plan, each with its company."""
        self.ensure_one()
        return [(account.id, self.company_id.id) for account in (self.partner_id | self.partner_ids)._origin]

    def _group_by_account(self, model, aggregates):
        """``{(account id, company id): values of the aggregates}`` of records of the accounts of these plans."""
        accounts = (self.partner_id | self.partner_ids)._origin
        rows = self.env[model]._read_group(
            [('partner_id', 'in', accounts.ids)], ['partner_id', 'company_id'], aggregates)
        return {(partner.id, company.id): values for partner, company, *values in rows}

    @api.model
    def _find_running(self, partners):
        """``{(account id, company id): id of the active plan}``, as far as the reader may see plans at all."""
        partners = partners._origin
        if not partners or not self.has_access('read'):
            return {}
        plans = self.search(Domain('state', '=', 'active') & (
            Domain('partner_id', 'in', partners.ids) | Domain('partner_ids', 'in', partners.ids)))
        return {key: plan.id for plan in plans for key in plan._account_keys()}

    # ------------------------------------------------------------------ progress
    @api.model
    def _progress_dependencies(self):
        return [*super()._progress_dependencies(), 'objective_ids']

    def _find_parts(self):
        parts = super()._find_parts()
        objectives = self.env['kam.objective'].search_fetch(
            [('plan_id', 'in', self._origin.ids), ('state', '!=', 'cancelled')],
            ['plan_id', 'state', 'date_said', 'checkin_date'])
        parts['objectives'] = {}
        for plan, own in objectives.grouped('plan_id').items():
            going_on = own.filtered(lambda row: row.state in ('draft', 'running')) or own
            # A check-in says anew that it holds.
            days = [max(filter(None, (row.date_said, row.checkin_date)), default=False) for row in going_on]
            parts['objectives'][plan.id] = (len(own) >= OBJECTIVES_NEEDED, *self._from_to(days))
        # An analysis need not name the plan: those of its accounts are what it rests on. Of several analyses of
        # somebody the latest holds.
        dates = defaultdict(list)
        for partner, company, _subject, _competitor, date in self.env['kam.dafo']._read_group(
                [('partner_id', 'in', self._accounts()._origin.ids)],
                ['partner_id', 'company_id', 'subject', 'competitor_name'], ['date:max']):
            dates[partner.id, company.id].append(date)
        parts['dafo'] = {}
        for plan in self:
            found = [date for key in plan._account_keys() for date in dates[key]]
            if found:
                parts['dafo'][plan._origin.id] = (True, *self._from_to(found))
        return parts

    # ------------------------------------------------------------------ checks
    @api.constrains('partner_id', 'partner_ids', 'company_id')
    def _check_objectives(self):
        """A plan that is given to another account leaves nothing behind that belongs to it or serves its goals."""
        # In sudo: what the writer doesn't see counts too; only accounts are named.
        for plan in self.sudo().with_context(active_test=False):
            linked = plan.objective_ids | plan.goal_ids.objective_ids
            accounts = plan.partner_id | plan.partner_ids
            if linked.filtered(
                    lambda row, plan=plan, accounts=accounts:
                    row.partner_id not in accounts or row.company_id != plan.company_id):
                raise ValidationError(self.env._(
                    "Objectives of %(account)s belong to this plan or serve its goals. Take them out of the plan "
                    "first, or make another plan.", account=linked[0].partner_id.display_name))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_served(self):
        # The goals go with it in the database, which asks nobody.
        self.goal_ids._refuse_served()

    # ------------------------------------------------------------------ actions
    def action_create_objective(self):
        """A new objective of the plan."""
        self.ensure_one()
        self._refuse_closed()
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Objective"), 'res_model': 'kam.objective',
            'views': [(False, 'form')], 'context': self._account_defaults() | {'default_plan_id': self.id}}

    def _account_defaults(self):
        return {'default_partner_id': self.partner_id.id, 'default_company_id': self.company_id.id}

    def _action_of_accounts(self, name):
        return {
            **self.env['ir.actions.act_window']._for_xml_id(f'kam_management.{name}'),
            'domain': [('partner_id', 'in', (self.partner_id | self.partner_ids).ids),
                       ('company_id', '=', self.company_id.id)],
            'context': self._account_defaults(),
        }

    def action_open_dafos(self):
        self.ensure_one()
        return self._action_of_accounts('kam_dafo_action')

    def action_open_strategies(self):
        self.ensure_one()
        return self._action_of_accounts('kam_dafo_strategy_action')

    def action_cross(self):
        """The cross analysis of the plan's own account."""
        self.ensure_one()
        return self.partner_id.action_kam_cross(self.company_id)
