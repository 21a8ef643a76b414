"""What a review decides: what, who and by when. Closing the review makes each one an action of the account."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from .kam_objective import CONTRIBUTORS


class KamReviewDecision(models.Model):
    _name = 'kam.review.decision'
    _description = "Decision of a review"
    _order = 'review_id, date_due, id'

    review_id = fields.Many2one('kam.review', "Review", required=True, index=True, ondelete='cascade')
    name = fields.Char("What", required=True)
    owner_id = fields.Many2one(
        'res.users', "Who", required=True, ondelete='restrict', index=True, default=lambda self: self.env.user,
        domain=lambda self: [('all_group_ids', 'in', self.env.ref(CONTRIBUTORS).ids)])
    date_due = fields.Date("By when", required=True, default=lambda self: fields.Date.add(
        self.env.company._kam_today(), days=14))
    action_id = fields.Many2one(
        'kam.action', "Action", readonly=True, copy=False, index='btree_not_null', ondelete='set null')

    @api.constrains('date_due', 'review_id')
    def _check_date_due(self):
        for decision in self:
            if decision.date_due < decision.review_id.date:
                raise ValidationError(self.env._(
                    "“%(decision)s” is due before the review, which is held on %(date)s. Choose a later day.",
                    decision=decision.name, date=format_date(self.env, decision.review_id.date)))

    @api.constrains('owner_id')
    def _check_owner_id(self):
        self.owner_id._kam_refuse_strangers('kam_management.group_kam_contributor')

    # ------------------------------------------------------------------ writing
    @api.model_create_multi
    def create(self, vals_list):
        decisions = super().create(vals_list)
        decisions.review_id._refuse_closed()
        return decisions

    def write(self, vals):
        if not self.review_id._is_stepping():
            self.review_id._refuse_closed()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self.review_id._refuse_closed()

    # ------------------------------------------------------------------ steps
    def _make_actions(self):
        """An action for each one that has none yet."""
        for decision in self.filtered(lambda row: not row.action_id):
            review = decision.review_id
            decision.action_id = self.env['kam.action'].create({
                'name': decision.name, 'owner_id': decision.owner_id.id, 'date': decision.date_due,
                'partner_id': review.partner_id.id, 'company_id': review.company_id.id,
                'confidentiality': review.confidentiality})
