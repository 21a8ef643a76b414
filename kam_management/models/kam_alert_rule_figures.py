"""Whether a rule is of use: which share of its alerts people acted on; and whether it can work at all."""
from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.fields import UnknownFloat

# Alerts of so many months are looked at.
MONTHS = 12
STATES = [
    ('ready', "Ready"),
    ('kpi_archived', "The KPI is archived"),
    ('kpi_unavailable', "The KPI is not available"),
    ('tier_archived', "Its tiers are archived"),
    ('off', "Off"),
]


class KamAlertRule(models.Model):
    _inherit = 'kam.alert.rule'

    state = fields.Selection(STATES, compute='_compute_state', help="Whether the rule can alert.")
    state_note = fields.Char("What is in its way", compute='_compute_state')
    opened_count = fields.Integer(
        "Alerts in 12 months", compute='_compute_acted',
        help="Opened in the last 12 months, without those folded under another one.")
    open_count = fields.Integer(
        "Open alerts", compute='_compute_acted',
        help="Not closed yet, snoozed ones included, without those folded under another one.")
    acted_share = UnknownFloat(
        "Acted on", compute='_compute_acted', aggregator=None,
        help="Of the alerts of the last 12 months: those that somebody acknowledged, put off or acted on, from 0 to 1. "
             "A rule that nobody reacts to only makes noise: change its thresholds, or archive it.")

    @api.depends('active', 'kpi_id', 'kpi_id.active', 'subject', 'tier_ids.active')
    @api.depends_context('lang')
    def _compute_state(self):
        for rule in self:
            rule.state, rule.state_note = rule._find_state()

    def _find_state(self):
        self.ensure_one()
        # An archived KPI or tier is still what the rule names.
        kpi = self.with_context(active_test=False).kpi_id
        if not self.active:
            return 'off', self.env._("The rule is archived: its open alerts close with the next refresh.")
        if kpi and self.subject == 'kpi' and not kpi.active:
            return 'kpi_archived', self.env._(
                "“%(kpi)s” is archived: activate it, or choose another KPI. Until then the rule alerts nobody.",
                kpi=kpi.name)
        # Of a KPI that is being made, nothing is known yet.
        if kpi and self.subject == 'kpi' and kpi._origin and kpi.state not in (False, 'available'):
            return 'kpi_unavailable', self.env._(
                "“%(kpi)s” can't be computed at the moment: open it to read why. Until then the rule alerts nobody.",
                kpi=kpi.name)
        tiers = self.with_context(active_test=False).tier_ids
        if tiers and not tiers.filtered('active'):
            return 'tier_archived', self.env._(
                "All tiers that the rule is for are archived: choose others. Until then the rule alerts nobody.")
        return 'ready', False

    @api.depends('alert_ids.state', 'alert_ids.reacted_on')
    def _compute_acted(self):
        # In sudo, to count over all accounts of the company: whether a rule is of use is told of none of them.
        alerts = self.env['kam.alert'].sudo()
        mine = Domain('rule_id', 'in', self.ids) & Domain('company_id', 'in', self.env.companies.ids)
        heads = mine & Domain('parent_id', '=', False)
        since = fields.Date.today() - relativedelta(months=MONTHS)
        told = {rule.id: (number, reacted) for rule, number, reacted in alerts._read_group(
            heads & Domain('date_opened', '>=', since), ['rule_id'], ['__count', 'reacted_on:count'])}
        still = {rule.id: number for rule, number in alerts._read_group(
            heads & Domain('state', '!=', 'closed'), ['rule_id'], ['__count'])}
        for rule in self:
            number, reacted = told.get(rule._origin.id, (0, 0))
            rule.opened_count = number
            rule.acted_share = reacted / number if number else False
            rule.open_count = still.get(rule._origin.id, 0)

    def action_open_alerts(self):
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_alert_action'),
            'domain': [('rule_id', '=', self.id)], 'context': {'search_default_heads': 1},
        }
