"""What a run is configured with, frozen when it begins; and what stands in its way."""
import hashlib
import json

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..tools.defaults import CONTACT_WINDOW
from ..tools.windows import windows

SETTINGS = (
    'quadrant_cut', 'willingness_gate', 'pareto_a', 'pareto_b', 'capacity', 'opinion_half_life', 'opinion_max_age',
    'answer_half_life', 'contact_cadence',
    'dependence_sales', 'dependence_wallet', 'dependence_quality', 'concentration_one_warning',
    'concentration_one_critical', 'concentration_one_extreme', 'concentration_five_warning',
    'concentration_five_critical', 'window_months', 'default_margin', 'refresh_hours',
    'pace_amber', 'pace_red', 'pace_quiet', 'few_deals', 'alerts_per_day',
)
# Parts of the configuration that no score depends on, and settings that none does: changing one marks no trend.
# How sales keep pace is of the health, and yet no more than the light of a target.
NOT_HASHED = ('rules', 'clock', 'portfolio_win_rate')
NOT_SCORING = ('refresh_hours', 'pace_amber', 'pace_red', 'pace_quiet', 'few_deals', 'alerts_per_day')
# Of a KPI, what the scores that are computed from it depend on.
KPI_SCORING = ('id', 'code', 'aggregate', 'available', 'definition')
# Parts that KPIs play in key figures and in nothing that is compared over time.
FIGURE_PARTS = ('won', 'lost', 'open_qualified')
# Best first: an invoice is owed, an order is promised, a won opportunity is an estimate.
REVENUE_ROLES = {
    'invoices': 'revenue_invoices', 'orders': 'revenue_orders', 'opportunities': 'revenue_opportunities',
}


class KamSync(models.AbstractModel):
    _inherit = 'kam.sync'

    @api.model
    def _timezone(self, company):
        """The time zone that the days of a company are counted in."""
        return company._kam_timezone()

    @api.model
    def _hash(self, config):
        """A name for all that scores depend on: two runs with the same one may be compared."""
        used = self._used_kpis(config)
        settings = {name: value for name, value in config['settings'].items() if name not in NOT_SCORING}
        sources = {part: kpi for part, kpi in config['sources'].items() if part not in FIGURE_PARTS}
        if 'cost_of_capital' in settings and 'debt' in sources:
            used.add(sources['debt'])  # what is owed costs: together they lower the net margin
        else:
            settings.pop('cost_of_capital', None)
            sources.pop('debt', None)
        scoring = {
            **{name: part for name, part in config.items() if name not in NOT_HASHED},
            'settings': settings, 'sources': sources,
            'kpis': [{name: kpi[name] for name in KPI_SCORING if name in kpi}
                     for kpi in config['kpis'] if kpi['id'] in used],
        }
        text = json.dumps(scoring, sort_keys=True, separators=(',', ':'))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @api.model
    def _freeze(self, company, as_of):
        """The configuration of a run, as in the contract: settings, factors with weights, KPIs and sources."""
        settings = company.kam_settings_id
        if not settings:
            raise self._refuse('missing_rights', self.env._(
                "%(company)s has no Key Accounts settings: update the addon kam_management.", company=company.name))
        kpis = self.env['kam.kpi'].search([], order='id')
        return {
            'version': 1,
            'company': {
                'id': company.id, 'currency': company.currency_id.name, 'digits': company.currency_id.decimal_places,
                'tz': self._timezone(company),
            },
            'settings': {
                **{name: settings[name] for name in SETTINGS
                   if settings[name] is not False},  # not set: left out, so that nobody reads it as 0
                'contact_window': CONTACT_WINDOW, **self._freeze_cost_of_capital(company, as_of),
            },
            'clock': self._freeze_clock(company, as_of),
            'factors': self._freeze_factors(company),
            'kpis': [self._freeze_kpi(kpi) for kpi in kpis],
            'sources': self._freeze_sources(
                company, settings, kpis.filtered(lambda kpi: kpi.kind == 'source'), as_of),
            'cost_drivers': self._freeze_cost_drivers(company, as_of),
            'rules': self._freeze_rules(),
        }

    @api.model
    def _freeze_portfolio(self, company):
        """What a run of one account can't see: the win rate of all key accounts, as the last full run left it."""
        found = self.env['kam.kpi.value'].search_fetch([
            ('company_id', '=', company.id), ('kpi_id.figure', '=', 'win_rate'), ('is_current', '=', True),
            ('marks', 'like', 'portfolio_win_rate')], ['value'], limit=1)
        return {'portfolio_win_rate': found.value} if found and found.value is not False else {}

    @api.model
    def _freeze_factors(self, company):
        weights = {weight.factor_id.id: weight.weight for weight in company.kam_weight_ids}
        factors = []
        for factor in self.env['kam.score.factor'].search([], order='dimension, sequence, id'):
            row = {
                'id': factor.id, 'code': factor.code, 'dimension': factor.dimension,
                'weight': weights.get(factor.id, 0.0), 'source': factor.source,
            }
            if factor.source == 'kpi':
                row['kpi_id'] = factor.kpi_id.id
            elif factor.source == 'measure':
                row['measure'] = factor.measure
            if factor.source in ('kpi', 'measure'):
                row.update(method=factor.method, inverted=factor.inverted)
                for bound in ('low', 'high'):
                    if factor[bound] is not False:
                        row[bound] = factor[bound]
                if factor.method == 'steps':
                    row['steps'] = factor._parsed_steps()
            factors.append(row)
        return factors

    @api.model
    def _freeze_sources(self, company, settings, kpis, as_of):
        """Which KPI plays which part; a part that nothing can play is left out."""
        by_role = {kpi.role: kpi for kpi in kpis if kpi.state == 'available' and kpi.role}
        sources = {}
        revenue = self._revenue_kpi(company, settings, by_role, as_of)
        if revenue:
            sources['revenue'] = revenue.id
        wallet = self._wallet_kpi(company, settings, by_role, revenue, as_of)
        if wallet:
            sources['wallet'] = wallet.id
        # A margin is compared with the revenue of the documents that it was read from.
        for part, needed in (('margin', 'margin_base'), ('margin_base', 'margin'),
                             *((part, part) for part in ('pipeline', 'debt', *FIGURE_PARTS))):
            if part in by_role and needed in by_role:
                sources[part] = by_role[part].id
        return sources

    @api.model
    def _revenue_kpi(self, company, settings, by_role, as_of):
        """The KPI that revenue is read from: the chosen one, or the best that has documents of the company lately."""
        if settings.revenue_source != 'best':
            return by_role.get(REVENUE_ROLES[settings.revenue_source])
        candidates = [by_role[role] for role in REVENUE_ROLES.values() if role in by_role]
        for kpi in candidates:
            if self._has_documents(kpi, company, as_of, settings.window_months):
                return kpi
        return candidates[-1] if candidates else None

    @api.model
    def _has_documents(self, kpi, company, as_of, months):
        """Whether a source has a document of the company in the revenue window or the one before it."""
        model = self.env[kpi.model_name].with_context(
            allowed_company_ids=company.ids, active_test=not kpi.include_archived)
        domain = Domain(kpi._parsed_domain())
        if kpi.company_field:
            domain &= Domain(kpi.company_field, 'in', [company.id, False])
        if kpi.date_field:
            is_time = model._fields[kpi.date_field].type == 'datetime'
            bounds = windows(as_of, months, self._timezone(company) if is_time else None)
            domain &= Domain(kpi.date_field, '>=', bounds.start) & Domain(kpi.date_field, '<', bounds.end)
        return bool(model.search(domain, limit=1))

    @api.model
    def _freeze_cost_drivers(self, company, as_of):
        drivers = {}
        for driver in self.env['kam.cost.driver'].search(
                [('company_id', '=', company.id), ('date_from', '<=', as_of)], order='date_from'):
            drivers[driver.kpi_id.id] = driver.unit_cost  # the latest one that has begun counts
        return [{'kpi_id': kpi, 'unit_cost': cost} for kpi, cost in sorted(drivers.items())]

    # ------------------------------------------------------------------ what is missing
    @api.model
    def _missing_rights(self):
        """Sentences on what the service user can't read although an active source or the computation needs it."""
        sentences = []
        for model in ('res.partner', 'res.company', 'res.currency', 'kam.settings', 'kam.score.factor', 'kam.kpi',
                      'kam.assessment', 'kam.score.history', 'kam.investment', 'kam.satisfaction.response',
                      'kam.stakeholder', 'kam.stakeholder.contact', 'kam.relationship.assessment', 'kam.tier',
                      'kam.kpi.value', 'kam.kpi.target', 'kam.capital.cost', 'kam.alert.rule', 'kam.alert'):
            if not self.env[model].has_access('read'):
                sentences.append(self.env._("The service user may not read %(model)s.", model=model))
        try:
            kpis = self.env['kam.kpi'].search([('kind', '=', 'source')])
        except AccessError:
            return sentences
        for kpi in kpis:
            for name in kpi._source_models():
                model = self.env.get(name)
                if model is not None and not model.has_access('read'):
                    sentences.append(self.env._(
                        "The service user may not read %(model)s, which the KPI “%(kpi)s” needs: a system "
                        "administrator activates that KPI again.", model=name, kpi=kpi.name))
        return sentences

    @api.model
    def _key_days(self):
        """Days until the first of the service user's API keys expires, or ``None``."""
        # A user may not read API keys, not even the dates of one's own.
        keys = self.env['res.users.apikeys'].sudo().search(
            [('user_id', '=', self.env.uid), ('expiration_date', '>', fields.Datetime.now())])
        dates = keys.mapped('expiration_date')
        return (min(dates) - fields.Datetime.now()).days if dates else None
