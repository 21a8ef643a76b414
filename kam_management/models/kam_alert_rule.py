"""What is watched, and from when on somebody is told of it.

A rule is data: what it looks at (subject), what it waits for (condition), from which numbers on, how serious that is
and who looks after it. The worker evaluates those that it watches, Odoo the others. The numbers of a rule have the unit
of what it looks at; `UNITS` says which.
"""
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.fields import UnknownFloat, UnknownInteger

SUBJECTS = [
    ('score', "A score"),
    ('component', "A component of the health"),
    ('kpi', "A KPI"),
    ('person', "A person of the customer"),
    ('people', "The people in touch"),
    ('role', "A role at the customer"),
    ('order', "The orders"),
    ('answer', "The customer's answers"),
    ('trust', "Trust, as it is rated"),
    ('objective', "An objective"),
    ('date', "A date"),
    ('concentration', "Concentration of the sales"),
    ('opinion', "Opinions"),
    ('signal', "A signal"),
    ('plan_b', "The plan B"),
    ('results', "The results themselves"),
]
CONDITIONS = [
    ('below', "Under the threshold"),
    ('above', "Over the threshold"),
    ('status_red', "Its light is red"),
    ('drop', "Drops within the days"),
    ('overdue', "Past the day, or the rhythm"),
    ('near', "The day comes near"),
    ('silence', "Silence"),
    ('rate', "Fewer than usual"),
    ('missing', "Is missing"),
    ('gone', "Has left"),
    ('band', "In a higher band of the settings"),
    ('old', "Too old"),
    ('raised', "Somebody raised it"),
]
# What an administrator's own rule may look at, and wait for; the shipped ones know more.
GENERIC = {
    'kpi': ('below', 'above', 'status_red'),
    'score': ('below', 'above', 'drop'),
    'component': ('below', 'above', 'drop'),
    'date': ('near', 'overdue'),
}
SCORES = [
    ('health', "Health"),
    ('satisfaction', "Satisfaction"),
    ('relationship', "Relationship strength"),
    ('attractiveness', "Attractiveness"),
    ('position', "Competitive position"),
    ('willingness', "Willingness to co-invest"),
    ('share_of_wallet', "Share of wallet"),
    ('share', "Share of sales"),
]
COMPONENTS = [
    ('sales', "Sales"),
    ('satisfaction', "Satisfaction"),
    ('relationship', "Relationship"),
    ('pipeline', "Pipeline"),
    ('objectives', "Objectives"),
]
DATE_KINDS = [
    ('buying_step', "A step of the buying process"),
    ('commitment', "A commitment"),
    ('review', "The account review"),
    ('objective', "The deadline of an objective"),
    ('action', "An action"),
    ('plan_end', "The end of the account plan"),
]
GRAINS = [
    ('month', "Month"), ('quarter', "Quarter"), ('year', "Year"), ('rolling', "Last 12 months"),
    ('since', "Since it is a key account")]
SEVERITIES = [('info', "Note"), ('amber', "Amber"), ('red', "Red")]
FAMILIES = [('concern', "Concern"), ('loyalty', "Loyalty"), ('continuity', "Continuity")]
CAUSES = [
    ('health', "Health"),
    ('sales', "Sales"),
    ('pipeline', "Pipeline"),
    ('relationship', "Relationship"),
    ('satisfaction', "Satisfaction"),
    ('objectives', "Objectives"),
    ('dates', "Dates"),
    ('concentration', "Concentration"),
    ('opinions', "Opinions"),
    ('signals', "Signals"),
    ('supply', "Supply"),
    ('finance', "Finance"),
    ('results', "Results"),
]
WATCHERS = [('worker', "The refresh"), ('odoo', "Odoo itself")]
OWNERS = [
    ('manager', "The key account manager"),
    ('deputy', "The deputy"),
    ('sponsor', "The executive sponsor"),
    ('programme', "Key Accounts managers"),
]


class KamAlertRule(models.Model):
    _name = 'kam.alert.rule'
    _description = "Alert rule"
    _inherit = ['mail.thread', 'kam.unknown.mixin']
    _order = 'priority, id'

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, copy=False, help="Technical name by which the worker and imports know it. It stays.")
    active = fields.Boolean(default=True, tracking=True)
    priority = fields.Integer(
        default=100, required=True, help="Among alerts of the same severity, those with the lowest number come first.")
    subject = fields.Selection(SUBJECTS, "What is watched", required=True, default='kpi')
    condition = fields.Selection(CONDITIONS, "What it waits for", required=True, default='below')
    kpi_id = fields.Many2one(
        'kam.kpi', "KPI", ondelete='restrict', index='btree_not_null', tracking=True,
        help="Empty: the one that revenue is read from.")
    grain = fields.Selection(GRAINS, "Period", help="Of the KPI. Empty: the month, or the day for what has no period.")
    score = fields.Selection(SCORES)
    component = fields.Selection(COMPONENTS)
    date_kind = fields.Selection(DATE_KINDS, "Which date")
    amber = UnknownFloat(
        "Amber from", tracking=True, aggregator=None,
        help="In the unit of what is watched: points of a score, percent of the usual rate of orders, people, days. "
             "Empty: the severity of the rule holds.")
    red = UnknownFloat("Red from", tracking=True, aggregator=None)
    clear = UnknownFloat(
        "Over at", tracking=True, aggregator=None,
        help="The alert closes by itself once the value is back past this number. The distance to the threshold keeps "
             "an alert from opening and closing all the time. Empty: back past the threshold.")
    window_days = UnknownInteger("Within days", tracking=True, help="How far back it looks.")
    ahead_days = UnknownInteger("Days ahead", tracking=True, help="How far ahead it looks.")
    severity = fields.Selection(SEVERITIES, required=True, default='amber', tracking=True)
    family = fields.Selection(FAMILIES, required=True, default='concern', tracking=True)
    cause = fields.Selection(
        CAUSES, required=True, default='sales', tracking=True,
        help="Open alerts of one account with the same cause are folded under the gravest of them.")
    cool_down_days = fields.Integer(
        "Rest after closing", default=0, tracking=True,
        help="Days within which the same alert does not open again, unless it is graver.")
    tier_ids = fields.Many2many(
        'kam.tier', 'kam_alert_rule_tier_rel', 'rule_id', 'tier_id', "Only for tiers",
        help="Empty: for all key accounts.")
    watched_by = fields.Selection(WATCHERS, "Watched by", required=True, default='worker', readonly=True, copy=False)
    owner_role = fields.Selection(
        OWNERS, "Who looks after it", required=True, default='manager', tracking=True,
        help="Where nobody has this role, the manager of the account, else its salesperson, else Key Accounts "
             "managers.")
    escalate_days = UnknownInteger(
        "Escalate after days", default=7, tracking=True,
        help="Days without any reaction after which the sponsor of the account is asked. Empty: never.")
    playbook_ids = fields.Many2many(
        'kam.playbook', 'kam_alert_rule_playbook_rel', 'rule_id', 'playbook_id', "Playbooks")
    alert_ids = fields.One2many('kam.alert', 'rule_id', "Alerts")

    _code_unique = models.Constraint('UNIQUE(code)', "Another rule has this code already.")
    _days_check = models.Constraint(
        'CHECK(cool_down_days BETWEEN 0 AND 730)',
        "The rest after closing is between 0 and 730 days.")

    # ------------------------------------------------------------------ checks
    @api.constrains('code')
    def _check_code(self):
        for rule in self:
            if not rule.code.replace('_', '').isalnum() or rule.code != rule.code.lower():
                raise ValidationError(self.env._(
                    "The code “%(code)s” of an alert rule has only small letters, digits and underscores.",
                    code=rule.code))

    @api.constrains('amber', 'red', 'clear', 'condition')
    def _check_thresholds(self):
        for rule in self:
            problem = rule._find_problem()
            if problem:
                raise ValidationError(problem)

    def _find_problem(self):
        """A sentence on the first threshold that makes no sense, or None."""
        self.ensure_one()
        rises = self._is_rising()
        first = self.red if self.amber is False else self.amber
        if self.subject in GENERIC and self.condition in ('below', 'above', 'drop') and first is False:
            return self.env._("“%(rule)s”: say from which number on it alerts.", rule=self.name)
        if self.amber is not False and self.red is not False and (
                self.red < self.amber if rises else self.red > self.amber):
            return (
                self.env._("“%(rule)s” alerts when a number rises: red must not lie below amber.", rule=self.name)
                if rises else
                self.env._("“%(rule)s” alerts when a number falls: red must not lie above amber.", rule=self.name))
        if self.clear is not False and first is not False and (self.clear > first if rises else self.clear < first):
            return (
                self.env._("“%(rule)s”: an alert is over when the number is back under the threshold, so “over at” "
                           "must not lie above it.", rule=self.name)
                if rises else
                self.env._("“%(rule)s”: an alert is over when the number is back over the threshold, so “over at” "
                           "must not lie below it.", rule=self.name))
        return None

    def _is_rising(self):
        """Whether larger numbers are worse."""
        self.ensure_one()
        return self.condition not in ('below', 'rate', 'status_red') and self.subject not in ('people', 'answer')

    @api.constrains('window_days', 'ahead_days', 'escalate_days', 'condition')
    def _check_days(self):
        for rule in self:
            for name, least, most in (
                    ('window_days', 1, 730), ('ahead_days', 0, 400), ('escalate_days', 1, 365)):
                if rule[name] is not False and not least <= rule[name] <= most:
                    raise ValidationError(self.env._(
                        "“%(rule)s”: “%(field)s” is a number from %(least)s to %(most)s.", rule=rule.name,
                        field=self._fields[name]._description_string(self.env), least=least, most=most))
            if rule.condition == 'drop' and rule.window_days is False:
                raise ValidationError(self.env._(
                    "“%(rule)s” waits for a drop: say within how many days.", rule=rule.name))
            if rule.condition == 'near' and rule.ahead_days is False:
                raise ValidationError(self.env._(
                    "“%(rule)s” waits for a day to come near: say how many days ahead.", rule=rule.name))

    @api.constrains('subject', 'condition', 'score', 'component', 'date_kind')
    def _check_subject(self):
        for rule in self:
            for subject in ('score', 'component', 'date_kind'):
                if rule.subject == subject.removesuffix('_kind') and not rule[subject]:
                    raise ValidationError(self.env._(
                        "“%(rule)s”: say which one is watched, in “%(field)s”.", rule=rule.name,
                        field=self._fields[subject]._description_string(self.env)))
            if rule.subject in GENERIC and rule.condition not in GENERIC[rule.subject]:
                conditions = dict(self._fields['condition']._description_selection(self.env))
                raise ValidationError(self.env._(
                    "“%(rule)s” can't wait for “%(condition)s” of what it watches. Choose one of: %(others)s.",
                    rule=rule.name, condition=conditions[rule.condition],
                    others=", ".join(conditions[key] for key in GENERIC[rule.subject])))
            if (rule.subject, rule.condition, rule.date_kind) == ('date', 'overdue', 'buying_step'):
                raise ValidationError(self.env._(
                    "“%(rule)s” would never alert: nobody notes that a step of the buying process is done, so it is "
                    "looked at until its day and not after it. Let it wait for the day to come near.",
                    rule=rule.name))
            if rule.subject not in GENERIC and not rule._is_shipped():
                raise ValidationError(self.env._(
                    "“%(rule)s”: rules of your own watch a KPI, a score, a component of the health or a date. The "
                    "others come with the addon, and their thresholds can be changed.", rule=rule.name))

    def _is_shipped(self):
        """Whether the rule came with an addon: the worker knows it by its code."""
        self.ensure_one()
        if self.env.context.get('install_mode'):
            return True
        # In sudo: only whether there is such a row is asked.
        return bool(self.env['ir.model.data'].sudo().search_count(
            [('model', '=', self._name), ('res_id', '=', self.id), ('module', 'not in', ('__export__', '__import__'))],
            limit=1))

    # ------------------------------------------------------------------ writing
    def write(self, vals):
        if 'code' in vals and any(rule.code != vals['code'] for rule in self) and not self.env.context.get(
                'install_mode'):
            raise UserError(self.env._("The code of a rule stays: the alerts and the worker know it by that."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # In sudo: also alerts of accounts that whoever deletes may not see; only the rule is named.
        used = self.env['kam.alert'].sudo().search([('rule_id', 'in', self.ids)], limit=1)
        if used:
            raise UserError(self.env._(
                "“%(rule)s” has raised alerts, which would be lost. Archive it instead.", rule=used.rule_id.name))
