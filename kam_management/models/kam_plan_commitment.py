"""What each side has promised the other, until when, and whether it was kept."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class KamPlanCommitment(models.Model):
    _name = 'kam.plan.commitment'
    _description = "Commitment"
    _inherit = ['kam.plan.row.mixin', 'kam.said.mixin']
    _order = 'date_done desc, date_due, id'
    _kam_named = ('contact_id',)

    name = fields.Char("What", required=True)
    owed_by = fields.Selection(
        [('us', "Us"), ('customer', "The customer")], "Owed by", required=True, default='us')
    date = fields.Date("Promised on", default=lambda self: self.env.company._kam_today())
    date_due = fields.Date("Due", required=True)
    date_done = fields.Date("Done on", copy=False, help="Empty: still open.")
    contact_id = fields.Many2one(
        'res.partner', "Person at the customer", index='btree_not_null', ondelete='set null',
        domain="[('kam_account_id', 'in', account_ids)]")
    owner_id = fields.Many2one(
        'res.users', "Our owner", index='btree_not_null', ondelete='set null', domain=[('share', '=', False)],
        default=lambda self: self.env.user)
    is_late = fields.Boolean("Late", compute='_compute_is_late', search='_search_is_late')

    @api.depends('date_due', 'date_done')
    @api.depends_context('tz')
    def _compute_is_late(self):
        today = self.env.company._kam_today()
        for commitment in self:
            commitment.is_late = bool(
                commitment.date_due and not commitment.date_done and commitment.date_due < today)

    @api.model
    def _search_is_late(self, operator, value):
        late = Domain('date_done', '=', False) & Domain('date_due', '<', self.env.company._kam_today())
        return self._kam_flag(operator, value, late)

    @api.constrains('date', 'date_due')
    def _check_dates(self):
        for commitment in self:
            if commitment.date and commitment.date_due < commitment.date:
                raise ValidationError(self.env._(
                    "“%(commitment)s” is due before it was promised: correct one of the two dates.",
                    commitment=commitment.name))

    def _find_account(self):
        """Which of the plan's accounts it is owed to or by: that of the person, else the plan's own."""
        account = self.contact_id.kam_account_id
        return account if account in self.plan_id._accounts() else self.plan_id.partner_id

    def action_done(self):
        self.filtered(lambda commitment: not commitment.date_done).date_done = self.env.company._kam_today()
