"""What the screens need beside the stored figures: texts, marks and links. Nothing is computed anew here.

A number that may be unknown is written by `_written`, so that none is ever shown as 0.
"""
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date, formatLang
from odoo.tools.translate import LazyTranslate

from ..tools.fields import UnknownFloat, UnknownInteger
from ..tools.figures import percent

_lt = LazyTranslate(__name__)

READERS = 'kam_management.group_kam_user'
# Tiles of the panel, in the order of a conversation on an account.
TILES = ('health', 'attractiveness', 'position', 'willingness', 'strategic_value', 'financial_value')
MONEY_TILES = (('revenue', 'growth'), ('margin', 'margin_percent'), ('net_margin', None))


class KamScoreFields(models.AbstractModel):
    _inherit = 'kam.score.fields'

    # How a group of records without the value is headed in lists, columns, pivots and graphs.
    pareto_class = fields.Selection(falsy_value_label=_lt("Class unknown"))
    quadrant = fields.Selection(falsy_value_label=_lt("Quadrant unknown"))
    health_band = fields.Selection(falsy_value_label=_lt("Health unknown"))
    dependence = fields.Selection(falsy_value_label=_lt("Dependence unknown"))


class KamScoreHistory(models.Model):
    _inherit = 'kam.score.history'

    settings_changed = fields.Boolean(
        "Settings had changed", compute='_compute_settings_changed',
        help="Settings, weights or KPIs differ from those of the day before it in this history.")

    @api.depends('run_id')
    def _compute_settings_changed(self):
        """Runs are for managers; that settings had changed may be known by whoever reads the score, hence SQL."""
        self.flush_model(['run_id', 'partner_id', 'company_id', 'as_of'])
        self.env['kam.sync.run'].flush_model(['config_hash'])
        changed = {history for (history,) in self.env.execute_query(SQL(
            """
            SELECT id FROM (
                SELECT history.id, run.config_hash,
                       lag(run.config_hash) OVER (PARTITION BY history.partner_id, history.company_id
                                                  ORDER BY history.as_of) AS previous
                  FROM kam_score_history history JOIN kam_sync_run run ON run.id = history.run_id
                 WHERE history.partner_id IN %s) AS day
             WHERE config_hash != previous
            """, tuple(self.partner_id.ids) or (0,)))}
        for row in self:
            row.settings_changed = row.id in changed


class KamScore(models.Model):
    _inherit = 'kam.score'

    kam_manager_id = fields.Many2one(falsy_value_label=_lt("No manager"))
    salesperson_id = fields.Many2one(falsy_value_label=_lt("No salesperson"))
    panel_html = fields.Html("Scores", compute='_compute_panel_html', sanitize=False)
    explanation_html = fields.Html("In words", compute='_compute_explanation_html', sanitize=False)

    @api.depends_context('lang', 'tz')
    @api.depends('run_id', 'explanation')
    def _compute_panel_html(self):
        for score in self:
            score.panel_html = self.env['ir.qweb']._render('kam_management.score_tiles', score._get_tiles())

    @api.depends_context('lang')
    @api.depends('run_id', 'explanation', 'movement')
    def _compute_explanation_html(self):
        for score in self:
            score.explanation_html = self.env['ir.qweb']._render('kam_management.score_explanation', {
                'score': score, 'number': score._written, 'signed': score._signed,
                'dependence_map': score._get_dependence(), **score._get_explanation()})

    # ------------------------------------------------------------------ texts
    def _get_tiles(self):
        """The figures of an account as texts; an unknown one has the text `False`."""
        self.ensure_one()
        tiles = []
        for name in TILES:
            tile = {'name': name, 'label': self._label(name), 'value': self._written(self[name])}
            if name == 'health' and self.health_band:
                tile['band'] = self.health_band
                tile['note'] = self._choice('health_band')
            tiles.append(tile)
        amounts = []
        for name, beside in MONEY_TILES:
            amounts.append({'name': name, 'label': self._label(name), 'value': self._amount(self[name]),
                            'note': self._beside(name, beside)})
        amounts.append({'name': 'share', 'label': self._label('share'), 'value': self._percent(self.share, 100)})
        return {
            'score': self, 'tiles': tiles, 'amounts': amounts, 'quadrant': self._choice('quadrant'),
            'dependence': self._choice('dependence'), 'age': self._age_sentence(),
            'rank': self._written(self.rank), 'moved_class': self._class_sentence(),
        }

    def _label(self, name):
        return self._fields[name]._description_string(self.env)

    def _choice(self, name):
        """The label of a choice, or False where there is none."""
        return dict(self._fields[name]._description_selection(self.env)).get(self[name], False)

    @api.model
    def _written(self, value):
        """A score as text, or False for an unknown one."""
        return False if value is False or value is None else formatLang(self.env, value, digits=0)

    def _amount(self, value):
        if value is False:
            return False
        currency = self.company_id.currency_id
        text = formatLang(self.env, round(value), digits=0)
        symbol = currency.symbol or currency.name
        return f"{symbol} {text}" if currency.position == 'before' else f"{text} {symbol}"

    @api.model
    def _percent(self, value, factor=1):
        if value is False:
            return False
        return percent(self.env, value * factor / 100)

    def _beside(self, name, beside):
        """The small print under an amount."""
        if beside == 'growth':
            if self.growth is False:
                return self.env._("growth unknown")
            return self.env._("%(growth)s%% against the window before", growth=self._signed(self.growth))
        if beside == 'margin_percent' and self.margin_percent is not False:
            margin = self._percent(self.margin_percent)
            if self.margin_estimated:
                return self.env._("%(percent)s of revenue, estimated", percent=margin)
            return self.env._("%(percent)s of revenue", percent=margin)
        return False

    def _class_sentence(self):
        if self.previous_pareto_class and self.pareto_class and self.previous_pareto_class != self.pareto_class:
            return self.env._("was %(previous)s", previous=self.previous_pareto_class)
        return False

    def _age_sentence(self):
        """As of which day, and how long ago that is."""
        if not self.freshness_date:
            return self.env._("Never refreshed")
        day = format_date(self.env, self.freshness_date)
        if self.age_days <= 0:
            return self.env._("As of %(date)s, today", date=day)
        if self.age_days == 1:
            return self.env._("As of %(date)s, yesterday", date=day)
        return self.env._("As of %(date)s, %(days)s days ago", date=day, days=self.age_days)

    # ------------------------------------------------------------------ links
    def action_open_partner(self):
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window', 'res_model': 'res.partner', 'res_id': self.partner_id.id,
            'views': [(False, 'form')],
        }

    def action_rate_account(self):
        self.ensure_one()
        return self.env['kam.rating.sheet'].with_company(self.company_id)._open(self.partner_id)

    def action_open_history(self):
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_score_history_action'),
            'domain': [('partner_id', '=', self.partner_id.id), ('company_id', '=', self.company_id.id)],
            'context': {},
            'display_name': self.env._("History of %(account)s", account=self.partner_id.display_name),
        }


class KamAssessment(models.Model):
    _inherit = 'kam.assessment'

    anchor_1 = fields.Char(related='factor_id.anchor_1')
    anchor_4 = fields.Char(related='factor_id.anchor_4')
    anchor_7 = fields.Char(related='factor_id.anchor_7')
    anchor_10 = fields.Char(related='factor_id.anchor_10')

    def _compute_display_name(self):
        super()._compute_display_name()
        # While it is being filled in, it has no name yet: the client then calls it "New".
        self.filtered(lambda opinion: not (opinion.partner_id and opinion.factor_id)).display_name = False


class KamSyncRun(models.Model):
    _inherit = 'kam.sync.run'

    phases_html = fields.Html("Time spent", compute='_compute_phases_html', sanitize=False)
    movers_html = fields.Html("What moved most", compute='_compute_movers_html', sanitize=False)
    score_count = fields.Integer("Scores last changed by it", compute='_compute_score_count')

    @api.depends('phases')
    @api.depends_context('lang')
    def _compute_phases_html(self):
        for run in self:
            phases = run.phases or {}
            longest = max(phases.values(), default=0) or 1
            run.phases_html = self.env['ir.qweb']._render('kam_management.run_phases', {'phases': [
                {'name': self._phase_label(name), 'seconds': formatLang(self.env, seconds, digits=2),
                 'width': round(100 * seconds / longest)}
                for name, seconds in phases.items()]})

    @api.model
    def _phase_label(self, name):
        labels = {
            'prepare': self.env._("Aggregate the sources"), 'pull': self.env._("Send them to the worker"),
            'score': self.env._("Compute the scores"), 'stage': self.env._("Take the results in"),
            'publish': self.env._("Publish"),
        }
        return labels.get(name, name)

    @api.depends('answer')
    @api.depends_context('lang', 'uid')
    def _compute_movers_html(self):
        score = self.env['kam.score']
        for run in self:
            # The answer is the worker's; of it, people read the accounts whose scores they may see.
            movers = (run.sudo().answer or {}).get('movers', [])
            visible = set(score.search([
                ('partner_id', 'in', [row['account'] for row in movers]), ('company_id', '=', run.company_id.id),
            ]).partner_id.ids)
            run.movers_html = self.env['ir.qweb']._render('kam_management.run_movers', {
                'movers': [row for row in movers if row['account'] in visible], 'number': score._written})

    def _compute_score_count(self):
        counts = dict(self.env['kam.score']._read_group([('run_id', 'in', self.ids)], ['run_id'], ['__count']))
        for run in self:
            run.score_count = counts.get(run, 0)

    def action_open_scores(self):
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_score_action'),
            'domain': [('run_id', '=', self.id)], 'context': {},
            'display_name': self.env._("Changed by %(run)s", run=self.name),
        }


class KamSyncRefusal(models.Model):
    _inherit = 'kam.sync.refusal'

    partner_id = fields.Many2one('res.partner', "Account", compute='_compute_partner_id')

    @api.depends('table_name', 'reference')
    def _compute_partner_id(self):
        """The account that a refused row is about, where there is one that the reader may see."""
        numbers = {
            refusal: int(refusal.reference) for refusal in self
            if refusal.table_name == 'score' and (refusal.reference or '').isdecimal()
            and len(refusal.reference) < 10}
        found = set(self.env['res.partner'].with_context(active_test=False).search(
            [('id', 'in', list(numbers.values()))]).ids)
        for refusal in self:
            refusal.partner_id = numbers[refusal] if numbers.get(refusal) in found else False


class ResPartner(models.Model):
    _inherit = 'res.partner'

    kam_assessment_ids = fields.One2many('kam.assessment', 'partner_id', "Opinions", groups=READERS)
    # Of the score that the reader may see: never through sudo, and never stored.
    kam_pareto_class = fields.Selection(related='kam_score_id.pareto_class', related_sudo=False, groups=READERS)
    kam_quadrant = fields.Selection(related='kam_score_id.quadrant', related_sudo=False, groups=READERS)
    kam_health_band = fields.Selection(related='kam_score_id.health_band', related_sudo=False, groups=READERS)
    kam_health = UnknownFloat(related='kam_score_id.health', related_sudo=False, groups=READERS)
    kam_rank = UnknownInteger("Rank by revenue", related='kam_score_id.rank', related_sudo=False, groups=READERS)
    kam_is_compared = fields.Boolean(related='kam_score_id.is_compared', related_sudo=False, groups=READERS)
    kam_panel_html = fields.Html("Scores of the account", compute='_compute_kam_panel_html', sanitize=False,
                                 groups=READERS)

    @api.depends('kam_score_id', 'is_key_account', 'kam_manager_id', 'kam_account_id')
    @api.depends_context('lang', 'tz', 'uid', 'company')
    def _compute_kam_panel_html(self):
        for partner in self:
            score = partner.kam_score_id
            values = {'partner': partner, 'score': score, 'account': partner.kam_account_id}
            if score:
                values.update(
                    score._get_tiles(), number=score._written, signed=score._signed,
                    dependence_map=score._get_dependence(), **score._get_explanation())
            partner.kam_panel_html = self.env['ir.qweb']._render('kam_management.account_panel', values)

    def action_open_kam_score(self):
        """From the button on the form: the scores of the account, here or of the one it rolls up to."""
        self.ensure_one()
        account = self if self.kam_score_id else self.kam_account_id
        return {
            'type': 'ir.actions.act_window', 'res_model': 'kam.score', 'res_id': account.kam_score_id.id,
            'views': [(False, 'form')], 'name': self.env._("Scores"),
        }

    def action_rate_account(self):
        """Rate it, in a window of its own: whoever may not change the contact may have an opinion too."""
        self.ensure_one()
        return self.env['kam.rating.sheet']._open(self)

    def action_open_opinions(self):
        self.ensure_one()
        return {
            **self.env['ir.actions.act_window']._for_xml_id('kam_management.kam_assessment_action'),
            'domain': Domain('partner_id', 'child_of', self.id),
            'context': {'default_partner_id': self.id},
        }
