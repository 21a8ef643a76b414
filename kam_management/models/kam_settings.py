"""What a company sets: weights, cuts, thresholds and where its revenue comes from.

Who changed what and when stands in the chatter, with the reason where one was given. Settings are checked as a set,
after everything that one save changes is in place.
"""
from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.defaults import SETTINGS
from ..tools.fields import UnknownFloat

# Context values can be sent over RPC, this object can't: only our own code can postpone a check with it.
POSTPONED = object()


class KamSettings(models.Model):
    _name = 'kam.settings'
    _description = "Key Accounts settings"
    _inherit = ['mail.thread']
    _order = 'company_id, id'
    _rec_name = 'company_id'

    company_id = fields.Many2one('res.company', required=True, readonly=True, index=True, ondelete='cascade')
    revenue_source = fields.Selection(
        [('best', "The best that is installed"), ('invoices', "Posted invoices"),
         ('orders', "Confirmed orders"), ('opportunities', "Won opportunities")],
        "Revenue is read from", required=True, default=SETTINGS['revenue_source'], tracking=True,
        help="The best: invoices, else orders, else won opportunities.")
    revenue_source_in_use = fields.Char("In use now", compute='_compute_revenue_source_in_use')
    window_months = fields.Integer(
        "Revenue window", default=SETTINGS['window_months'], required=True, tracking=True,
        help="Months of revenue that are counted, up to the day of the refresh. Growth compares them with as many "
             "months before.")
    default_margin = UnknownFloat(
        "Default margin", default=SETTINGS['default_margin'], digits=(16, 2),
        help="Margin in percent that is assumed where the cost of goods is unknown; the result is marked as estimated. "
             "Without one, the margin of what has a cost stands for all, if that is at least half of the revenue.")
    refresh_hours = fields.Integer(
        "Refresh period", default=SETTINGS['refresh_hours'], required=True, tracking=True,
        help="Hours after which scores that were not refreshed are stale.")
    quadrant_cut = fields.Float(
        "Quadrant cut", default=SETTINGS['quadrant_cut'], required=True, tracking=True,
        help="From this score on (0 to 100), attractiveness and position count as high in the selection matrix.")
    pareto_a = fields.Float(
        "Class A up to", default=SETTINGS['pareto_a'], required=True, tracking=True,
        help="Customers that together make up to this percentage of the revenue are class A.")
    pareto_b = fields.Float(
        "Class B up to", default=SETTINGS['pareto_b'], required=True, tracking=True,
        help="Customers that follow, up to this percentage of the revenue, are class B; the others are class C.")
    capacity = fields.Integer(
        "Capacity", default=SETTINGS['capacity'], required=True, tracking=True,
        help="How many key accounts the company can look after well: 20 to 25 at most, about 10 in a small company. "
             "Three times as many of the largest customers are compared with each other.")
    manager_capacity = fields.Integer(
        "Capacity of a manager", default=SETTINGS['manager_capacity'], required=True, tracking=True,
        help="How many key accounts one manager can look after, unless something else is set for the person.")
    willingness_gate = fields.Float(
        "Willingness from", default=SETTINGS['willingness_gate'], required=True, tracking=True,
        help="Below this willingness to co-invest (0 to 100), or if it is unknown, accepting a key account asks for a "
             "reason, and its reciprocity counts as not confirmed.")
    opinion_half_life = fields.Integer(
        "Opinions: half-life", default=SETTINGS['opinion_half_life'], required=True, tracking=True,
        help="Days after which a person's opinion weighs half.")
    opinion_max_age = fields.Integer(
        "Opinions: maximum age", default=SETTINGS['opinion_max_age'], required=True, tracking=True,
        help="Months after which an opinion no longer counts.")
    answer_half_life = fields.Integer(
        "Answers: half-life", default=SETTINGS['answer_half_life'], required=True, tracking=True,
        help="Days after which a customer's answer on satisfaction weighs half.")
    dependence_sales = fields.Float(
        "We depend on it from", default=SETTINGS['dependence_sales'], digits=(16, 3), required=True, tracking=True,
        help="We depend on an account whose share of our sales is at least this number divided by the capacity: "
             "0.5 with a capacity of 25 is 2 % of the sales.")
    dependence_wallet = fields.Float(
        "It depends on us from", default=SETTINGS['dependence_wallet'], required=True, tracking=True,
        help="An account depends on us when we have at least this percentage of its purchases.")
    dependence_quality = fields.Float(
        "Relational from", default=SETTINGS['dependence_quality'], required=True, tracking=True,
        help="From this relationship quality on (0 to 100) a relation counts as relational, below as transactional.")
    concentration_one_warning = fields.Float(
        "One account: warning", default=SETTINGS['concentration_one_warning'], required=True, tracking=True,
        help="Percentage of the sales in one account from which to warn.")
    concentration_one_critical = fields.Float(
        "One account: critical", default=SETTINGS['concentration_one_critical'], required=True, tracking=True,
        help="Percentage of the sales in one account from which a plan B is required.")
    concentration_one_extreme = fields.Float(
        "One account: extreme", default=SETTINGS['concentration_one_extreme'], required=True, tracking=True,
        help="Percentage of the sales in one account from which no error is affordable.")
    concentration_five_warning = fields.Float(
        "Five accounts: warning", default=SETTINGS['concentration_five_warning'], required=True, tracking=True,
        help="Percentage of the sales in the five largest accounts from which to warn.")
    concentration_five_critical = fields.Float(
        "Five accounts: critical", default=SETTINGS['concentration_five_critical'], required=True, tracking=True,
        help="Percentage of the sales in the five largest accounts that is critical.")
    change_reason = fields.Char(
        "Reason for the change", store=False,
        help="Kept in the history together with what is changed in this save.")

    weight_ids = fields.One2many('kam.score.weight', 'settings_id', "Weights")
    attractiveness_weight_ids = fields.One2many(
        'kam.score.weight', 'settings_id', "Weights: attractiveness", domain=[('dimension', '=', 'attractiveness')])
    position_weight_ids = fields.One2many(
        'kam.score.weight', 'settings_id', "Weights: position", domain=[('dimension', '=', 'position')])
    willingness_weight_ids = fields.One2many(
        'kam.score.weight', 'settings_id', "Weights: willingness", domain=[('dimension', '=', 'willingness')])
    financial_value_weight_ids = fields.One2many(
        'kam.score.weight', 'settings_id', "Weights: financial value", domain=[('dimension', '=', 'financial_value')])
    health_weight_ids = fields.One2many(
        'kam.score.weight', 'settings_id', "Weights: health", domain=[('dimension', '=', 'health')])

    _company_unique = models.Constraint(
        'UNIQUE(company_id)', "This company has its Key Accounts settings already.")

    @api.depends('revenue_source', 'company_id')
    def _compute_revenue_source_in_use(self):
        kpis = self.env['kam.kpi'].search([('kind', '=', 'source')])
        for settings in self:
            # In sudo: whoever sets Key Accounts up need not be allowed to read invoices; only a name is shown.
            sources = self.env['kam.sync'].sudo()._freeze_sources(
                settings.company_id, settings, kpis.sudo(), fields.Date.context_today(self))
            settings.revenue_source_in_use = kpis.browse(sources.get('revenue')).name

    @api.onchange('attractiveness_weight_ids', 'position_weight_ids', 'willingness_weight_ids',
                  'financial_value_weight_ids', 'health_weight_ids')
    def _onchange_weights(self):
        """While one weight is edited, the shares of all show what they will be."""
        for weights in (self.attractiveness_weight_ids, self.position_weight_ids, self.willingness_weight_ids,
                        self.financial_value_weight_ids, self.health_weight_ids):
            weights._set_share(sum(weights.mapped('weight')))

    # -- checks: as a set ------------------------------------------------------------------------------------------
    @api.constrains(*SETTINGS)
    def _check_settings(self):
        if self.env.context.get('kam_check') is POSTPONED:
            return
        for settings in self:
            problem = settings._find_problem()
            if problem:
                raise ValidationError(problem)

    def _find_problem(self):
        """A sentence on the first setting that makes no sense, or None."""
        self.ensure_one()
        for name in ('capacity', 'manager_capacity', 'window_months', 'refresh_hours', 'opinion_half_life',
                     'opinion_max_age', 'answer_half_life'):
            if self[name] < 1:
                return self.env._("%(setting)s must be 1 or more.", setting=self._label(name))
        for name in self._percentages():
            if not 0 <= self[name] <= 100:
                return self.env._("%(setting)s must lie between 0 and 100.", setting=self._label(name))
        if not 0 < self.dependence_sales <= self.capacity:
            return self.env._(
                "%(setting)s must be above 0 and at most the capacity, so that it is a share of the sales.",
                setting=self._label('dependence_sales'))
        if self.default_margin is not False and not -100 <= self.default_margin <= 100:
            return self.env._("%(setting)s must lie between -100 and 100 percent; leave it empty if it is unknown.",
                              setting=self._label('default_margin'))
        for name in ('window_months', 'opinion_max_age'):
            if self[name] > 120:
                return self.env._("%(setting)s must be 120 months or less.", setting=self._label(name))
        for names in (('pareto_a', 'pareto_b'),
                      ('concentration_one_warning', 'concentration_one_critical', 'concentration_one_extreme'),
                      ('concentration_five_warning', 'concentration_five_critical')):
            for lower, higher in zip(names, names[1:], strict=False):
                if self[lower] >= self[higher]:
                    return self.env._(
                        "The thresholds are out of order: “%(lower)s” (%(low)s) must be below “%(higher)s” (%(high)s).",
                        lower=self._label(lower), low=f"{self[lower]:g}",
                        higher=self._label(higher), high=f"{self[higher]:g}")
        return None

    @api.model
    def _percentages(self):
        """The settings that lie between 0 and 100."""
        return (
            'quadrant_cut', 'willingness_gate', 'pareto_a', 'pareto_b', 'dependence_wallet', 'dependence_quality',
            'concentration_one_warning', 'concentration_one_critical', 'concentration_one_extreme',
            'concentration_five_warning', 'concentration_five_critical')

    @api.model
    def _label(self, name):
        return self._fields[name]._description_string(self.env)

    def _postponed(self):
        """These settings, with the checks put off until `_check_all`."""
        return self.with_context(kam_check=POSTPONED)

    def _check_all(self):
        settings = self.with_context(kam_check=None)
        settings._check_settings()
        settings.with_context(active_test=False).weight_ids._check_weights()

    # -- writing: what changed, and why ----------------------------------------------------------------------------
    def write(self, vals):
        vals = dict(vals)
        reason = (vals.pop('change_reason', None) or self.env.context.get('kam_change_reason') or '').strip()
        margins = {settings: settings.default_margin for settings in self} if 'default_margin' in vals else {}
        postponed = self.env.context.get('kam_check') is POSTPONED
        settings = self._postponed().with_context(kam_change_reason=reason)
        result = super(KamSettings, settings).write(vals)
        if reason and any(name in vals for name in SETTINGS):
            settings._track_set_log_message(Markup("<p>%s</p>") % reason)
        for changed, before in margins.items():
            # Odoo's own tracking would tell an unknown margin as 0
            if (before is False) != (changed.default_margin is False) or before != changed.default_margin:
                changed._log_change(
                    self._label('default_margin'), self._number(before), self._number(changed.default_margin), reason)
        if not postponed:
            self._check_all()
        return result

    @api.model
    def _number(self, value):
        return self.env._("unknown") if value is False else f"{value:g}"

    def _log_change(self, label, before, after, reason):
        """Keep in the chatter what changed, and why."""
        self.ensure_one()
        body = Markup("<ul><li>%s: %s → %s</li></ul>") % (label, before, after)
        if reason:
            body = Markup("<p>%s</p>") % reason + body
        self._message_log(body=body)

    def action_restore_defaults(self):
        """Set every setting and weight back to what the addon ships; the history stays."""
        for settings in self:
            reason = settings.env.context.get('kam_change_reason') or self.env._("Defaults restored")
            weights = settings.weight_ids
            settings.write({
                **SETTINGS,
                'change_reason': reason,
                'weight_ids': [
                    fields.Command.update(weight.id, {'weight': weight.factor_id.default_weight})
                    for weight in weights if weight.weight != weight.factor_id.default_weight],
            })
        return {'type': 'ir.actions.client', 'tag': 'soft_reload'}

    @api.model
    def _action_current(self):
        """Open the settings of the current company."""
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._("Weights and thresholds"),
            'res_model': self._name,
            'res_id': self.env.company.kam_settings_id.id,
            'view_mode': 'form',
            'views': [(False, 'form')],
        }
