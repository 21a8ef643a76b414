"""Trouble, and chances, that somebody should look after: opened and closed by the machine, answered by people.

The worker's alerts are written by SQL in `kam.sync`, those that Odoo watches by `_open_by_odoo`. What people do with an
alert (acknowledge, snooze, take over, act) is theirs: the machine writes none of it, and nobody closes an alert by
hand: it closes when what it tells of is over.
"""
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.fields import Scale, UnknownFloat
from .kam_alert_rule import SEVERITIES

STATES = [
    ('open', "Open"),
    ('acknowledged', "Acknowledged"),
    ('snoozed', "Snoozed"),
    ('closed', "Resolved"),
]
CLOSE_REASONS = [
    ('cleared', "It is over"),
    ('gone', "What it was about is gone"),
    ('rule_off', "The rule is off"),
]


class KamAlert(models.Model):
    _name = 'kam.alert'
    _description = "Alert"
    _inherit = ['mail.thread', 'mail.activity.mixin', 'kam.account.mixin', 'kam.unknown.mixin']
    _order = 'severity desc, date_opened desc, id desc'
    _rec_names_search = ['rule_id', 'partner_id']
    _mail_post_access = 'read'

    rule_id = fields.Many2one(
        'kam.alert.rule', "Rule", required=True, readonly=True, index=True, ondelete='restrict')
    partner_id = fields.Many2one(
        'res.partner', "Account", readonly=True, index='btree_not_null', ondelete='cascade',
        help="Empty: it is about the company as a whole.")
    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True, ondelete='cascade')
    subject = fields.Char(readonly=True, help="Technical: what it is about, where an account may have several.")
    severity = Scale(SEVERITIES, required=True, default='amber', readonly=True, index=True)
    state = fields.Selection(STATES, required=True, default='open', readonly=True, index=True, tracking=True)
    value = UnknownFloat("Value", readonly=True, aggregator=None)
    threshold = UnknownFloat("Threshold", readonly=True, aggregator=None)
    since = fields.Date("Since", readonly=True, help="Since when it is so.")
    # Holds ids of what the reader may not see: the sentence names them, as far as the reader may read them.
    facts = fields.Json(readonly=True, groups='kam_management.group_kam_service')
    parent_id = fields.Many2one(
        'kam.alert', "Folded under", readonly=True, index='btree_not_null', ondelete='set null')
    child_ids = fields.One2many('kam.alert', 'parent_id', "Folded alerts")
    date_opened = fields.Date("Opened on", required=True, readonly=True, index=True)
    date_closed = fields.Date("Closed on", readonly=True)
    close_reason = fields.Selection(CLOSE_REASONS, "Why it closed", readonly=True)
    run_id = fields.Many2one('kam.sync.run', "Refresh", readonly=True, ondelete='set null', index='btree_not_null')

    # People's own: no refresh writes these.
    user_id = fields.Many2one(
        'res.users', "Looked after by", index='btree_not_null', ondelete='set null', readonly=True, tracking=True)
    acknowledged_by = fields.Many2one('res.users', "Acknowledged by", readonly=True, ondelete='set null')
    acknowledged_on = fields.Datetime("Acknowledged on", readonly=True)
    snoozed_until = fields.Date("Snoozed until", readonly=True, tracking=True)
    snooze_reason = fields.Char("Why it is snoozed", readonly=True, tracking=True)
    escalated_on = fields.Datetime("Escalated on", readonly=True)

    family = fields.Selection(related='rule_id.family')
    cause = fields.Selection(related='rule_id.cause')
    rule_code = fields.Char(related='rule_id.code', string="Code of the rule")

    _one_open_unique = models.UniqueIndex(
        "(rule_id, company_id, COALESCE(partner_id, 0), COALESCE(subject, '')) WHERE state != 'closed'",
        "There is an open alert of this rule for this account already.")
    _account_open_idx = models.Index("(partner_id, company_id) WHERE state != 'closed'")

    # ------------------------------------------------------------------ computes
    @api.depends('rule_id.name', 'partner_id.display_name')
    @api.depends_context('uid')
    def _compute_display_name(self):
        # Odoo tells the name of whatever an action points at, in sudo; this one may be confidential.
        readable = set(self.sudo(False)._filtered_access('read')._ids)
        for alert in self:
            shown = not alert._origin or alert.id in readable
            alert.display_name = " · ".join(filter(None, [
                alert.partner_id.display_name, alert.rule_id.name])) if shown else self.env._("Confidential")

    # ------------------------------------------------------------------ writing
    @api.ondelete(at_uninstall=False)
    def _unlink_except_machine(self):
        if not self.env.su:
            raise UserError(self.env._("An alert closes by itself when it is over, and stays on record."))

    def copy_data(self, default=None):
        raise UserError(self.env._("An alert is opened by its rule and not copied."))
