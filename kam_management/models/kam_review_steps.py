"""Opening and closing a review."""
from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.review import split


class KamReview(models.Model):
    _inherit = 'kam.review'

    def action_keep_rest(self):
        """Whatever nothing was said of goes on as it is."""
        self._refuse_closed()
        self.objective_ids.filtered(lambda row: not row.decision).decision = 'keep'

    def action_close(self):
        """Carry out what was decided, keep what was shown, and plan the next one. Closed ones are left alone."""
        for review in self.filtered(lambda review: review.state == 'open'):
            review._follow_objectives()
            review.objective_ids._require_decided()
            review._require_end()
            first, more = split(review._kam_review_changes())
            review.objective_ids._apply()
            stepping = review._stepping()
            stepping.decision_ids._make_actions()
            stepping.write({
                'state': 'closed', 'date_closed': fields.Datetime.now(), 'closed_by_id': self.env.uid,
                'next_date': review._kam_due()})
            # In sudo: nobody may write what was shown, not even whoever shows it.
            stepping.sudo().snapshot = {'first': first, 'more': more}
            review._tell_done()
        return True

    def _require_end(self):
        """Raise unless something was decided, or it is said why nothing was."""
        for review in self:
            moved = review.objective_ids.filtered(lambda row: row.decision in ('change', 'drop'))
            if not review.decision_ids and not moved and not (review.note or '').strip():
                raise UserError(self.env._(
                    "Nothing was decided on %(account)s. Add a decision, with who and by when; if there is none, say "
                    "why in the notes.", account=review.partner_id.display_name))

    def _tell_done(self):
        """The activity that asked for the review is done, and the next one is planned."""
        # In sudo: the activity is the manager's, and whoever closes the review need not be.
        self.sudo()._find_activities().action_feedback(feedback=self.env._("The account review was held."))
        self._follow_activities()
