"""An answer that a source found and that does not count, with the reason: nothing is lost in silence.

One row per record of the origin, for as long as the reason holds; of an answer that people archived, or whose account
is not scored, the record is the answer itself. The number stands beside a name only. Written by Odoo alone.
"""
from odoo import api, fields, models

from ..tools.fields import UnknownFloat

REASONS = [
    ('out_of_scale', "Out of scale"),
    ('not_whole', "Not a whole number"),
    ('no_value', "Without an answer"),
    ('other_scale', "Asked on another scale now"),
    ('no_contact', "Without a contact"),
    ('no_account', "A contact outside every account"),
    ('ours', "One of our own people or companies"),
    ('no_date', "Without a date"),
    ('future', "Dated in the future"),
    ('taken', "Counted by another source already"),
    ('withdrawn', "Taken back where it was given"),
    ('archived', "Archived by somebody"),
    ('not_scored', "This customer is not scored"),
]


class KamSatisfactionRefusal(models.Model):
    _name = 'kam.satisfaction.refusal'
    _description = "Answer that does not count"
    _inherit = ['kam.account.mixin', 'kam.unknown.mixin']
    _order = 'date desc, id desc'
    _rec_name = 'reason'

    source_id = fields.Many2one(
        'kam.satisfaction.source', "Source", readonly=True, index=True, ondelete='cascade',
        help="Empty: somebody entered it.")
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True, ondelete='cascade')
    origin_model = fields.Char("Origin: model", required=True, readonly=True, export_string_translation=False)
    origin_id = fields.Many2oneReference(
        "Origin: record", model_field='origin_model', required=True, readonly=True, export_string_translation=False)
    reason = fields.Selection(REASONS, "Not counted, because", required=True, readonly=True, index=True)
    date = fields.Date("Answered on", readonly=True)
    value = UnknownFloat("Number", readonly=True, aggregator=None)
    contact_id = fields.Many2one(
        'res.partner', "Contact", readonly=True, index='btree_not_null', ondelete='set null')
    partner_id = fields.Many2one(
        'res.partner', "Account", readonly=True, index='btree_not_null', ondelete='set null')
    withdrew = fields.Boolean(
        readonly=True, export_string_translation=False,
        help="The answer counted before: it was archived for this reason, and counts again when the reason is gone.")
    advice = fields.Char("What to do", compute='_compute_advice')

    _origin_unique = models.Constraint(
        'UNIQUE(source_id, origin_model, origin_id)', "A source refuses a record once.")

    @api.depends('reason')
    @api.depends_context('lang')
    def _compute_advice(self):
        advice = self._advice()
        for refusal in self:
            refusal.advice = advice.get(refusal.reason)

    @api.model
    def _advice(self):
        """What to do about each reason. An app that adds a reason adds its advice."""
        return {
            'out_of_scale': self.env._("Correct the number where it was given, or the scale of the source."),
            'not_whole': self.env._("NPS and CSAT are answered with whole numbers: correct it where it was given."),
            'no_value': self.env._("Somebody left the question out. Narrow down which records count as answers."),
            'other_scale': self.env._(
                "The question was changed. Ask it in a question and a source of its own, so that answers on two "
                "scales do not mix."),
            'no_contact': self.env._("Say where it was given who answered."),
            'no_account': self.env._("Give the contact the company that it works for."),
            'ours': self.env._("Only customers count. Take the colleague out if this contact is a customer."),
            'no_date': self.env._("Fill in the date where it was given."),
            'future': self.env._("It counts from its day on. Correct the date if it is wrong."),
            'taken': self.env._("Two sources read the same record: narrow down one of them."),
            'withdrawn': self.env._("Its record no longer counts as an answer. It counts again when that changes."),
            'archived': self.env._("Ask whoever archived it why; the account's history names them. Restored, it counts "
                                   "again."),
            'not_scored': self.env._(
                "This customer has no orders or opportunities and is no key account: figures are computed for accounts "
                "that do business with us."),
        }

    def action_open_origin(self):
        """The record that it comes from, opened with the reader's rights."""
        self.ensure_one()
        return self.env['kam.satisfaction.response']._action_origin(self.origin_model, self.origin_id)


class ResPartner(models.Model):
    _inherit = 'res.partner'

    @api.ondelete(at_uninstall=False)
    def _unlink_forget_refused(self):
        """Without a name there is no number either: see above."""
        # In sudo: kept by Odoo, and read by administrators alone.
        self.env['kam.satisfaction.refusal'].sudo().search([('contact_id', 'in', self.ids)]).value = False
