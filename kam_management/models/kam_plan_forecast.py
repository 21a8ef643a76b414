"""What the customer will need per category and month, and which functions of ours were told."""
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..tools.fields import UnknownFloat


class KamPlanForecast(models.Model):
    _name = 'kam.plan.forecast'
    _description = "Demand forecast"
    _inherit = ['kam.plan.row.mixin', 'kam.said.mixin', 'kam.unknown.mixin']
    _order = 'month, category_id, id'
    _kam_unsaid = ('sequence', 'plan_id', 'company_id', 'date_said', 'date_told')
    _rec_names_search = ['category_id']

    # The worker reads forecasts and no plans: whose one is and whether it holds stands on the row.
    partner_id = fields.Many2one(related='plan_id.partner_id', store=True, index=True, precompute=True)
    plan_state = fields.Selection(related='plan_id.state', export_string_translation=False)
    category_id = fields.Many2one('kam.plan.category', "Category", required=True, index=True, ondelete='cascade')
    month = fields.Date(required=True, help="Any day of the month; the first is kept.")
    quantity = UnknownFloat(aggregator='sum')
    unit = fields.Char(help="What is counted, such as pallets.")
    amount = UnknownFloat(aggregator='sum')
    currency_id = fields.Many2one(related='plan_id.currency_id')
    function_ids = fields.Many2many('kam.function', string="Who must know", help="Functions of ours that deliver it.")
    date_told = fields.Date("Told on", readonly=True, copy=False)
    note = fields.Char()

    _month_unique = models.Constraint(
        'UNIQUE(category_id, month)', "There is a forecast for this category and month already: change that one.")

    @api.depends('category_id.name', 'month')
    @api.depends_context('lang')
    def _compute_display_name(self):
        for row in self:
            month = row.month and row._month_text()
            row.display_name = ", ".join(filter(None, [row.category_id.name, month]))

    def _month_text(self):
        return format_date(self.env, self.month, date_format='MMMM y')

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._first_of_month(vals) for vals in vals_list])

    def write(self, vals):
        vals = self._first_of_month(vals)
        # Whoever was told knows another figure: they are told anew.
        before = {row: row._figures() for row in self}
        result = super().write(vals)
        changed = self.filtered(lambda row: row.date_told and row._figures() != before[row])
        if changed:
            super(KamPlanForecast, changed).write({'date_told': False})
        return result

    def _figures(self):
        return self.month, self.quantity, self.amount

    @api.model
    def _first_of_month(self, vals):
        if not vals.get('month'):
            return vals
        return {**vals, 'month': fields.Date.to_date(vals['month']).replace(day=1)}

    @api.constrains('category_id', 'plan_id')
    def _check_plan(self):
        for row in self:
            if row.category_id.plan_id != row.plan_id:
                raise ValidationError(self.env._(
                    "“%(category)s” is a category of another plan: choose one of this plan's wallet.",
                    category=row.category_id.name))

    @api.constrains('quantity', 'amount')
    def _check_numbers(self):
        for row in self:
            if any(value is not False and value < 0 for value in (row.quantity, row.amount)):
                raise ValidationError(self.env._(
                    "A forecast is a positive number; leave empty what is not known yet."))

    def action_tell(self):
        """Tell the members of the account's team who belong to the functions that must know."""
        for plan in self.plan_id:
            rows = self.filtered(lambda row, plan=plan: row.plan_id == plan)
            members = (plan.partner_id | plan.partner_ids).kam_current_member_ids.filtered(
                lambda member, rows=rows, plan=plan: (
                    member.company_id == plan.company_id and member.function_id in rows.function_ids))
            if not members:
                raise UserError(self.env._(
                    "Nobody of these functions is in the team of %(account)s. Choose the functions that must know, "
                    "and add their people to the team.", account=plan.partner_id.display_name))
            lines = [
                f"{row.category_id.name}, {row._month_text()}: {row._in_words()}" for row in rows]
            plan.message_post(
                body=self.env._("Demand forecast") + ": " + "; ".join(lines), message_type='comment',
                subtype_xmlid='mail.mt_note', partner_ids=members.user_id.partner_id.ids)
            rows.date_told = self.env.company._kam_today()

    def _in_words(self):
        self.ensure_one()
        parts = []
        if self.quantity is not False:
            parts.append(f"{self.quantity:g} {self.unit or ''}".strip())
        if self.amount is not False:
            parts.append(self.currency_id.format(self.amount))
        return ", ".join(parts) or self.env._("unknown")
