"""The tab KPIs of an account: a card per KPI that is followed, in one call.

Values are those that the worker published, read with the reader's rights. Numbers go out as they are, `False` for an
unknown one; the browser writes them in the unit of the KPI.
"""
from dateutil.relativedelta import relativedelta
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

# Months in the small line of a card, the present one included.
MONTHS_SHOWN = 12
SHOWN_GRAINS = ('month', 'quarter', 'year', 'rolling')
COPIED = ('value', 'target', 'target_to_date', 'budget', 'pace', 'status', 'previous', 'trend')


class ResPartner(models.Model):
    _inherit = 'res.partner'

    @api.readonly
    def get_kam_kpi_board(self, grain='month'):
        """What the tab shows for a length of period.

        `state` is `known`; `none` when no KPI is followed; `waiting` before the first refresh with the account in it;
        `hidden` from who does not look after the account.
        """
        self.ensure_one()
        # A candidate has no tier yet; it is looked at as if of the one that it is nominated for.
        kpis = self.kam_kpi_ids or self.kam_nomination_id.tier_id.kpi_ids
        rows = self._kam_kpi_rows(kpis, grain)
        # The same question as for answers: would the reader see them, if there were any?
        state = ('known' if rows else 'hidden' if not self._kam_answers_shown() else 'waiting' if kpis else 'none')
        if state in ('hidden', 'none'):
            return {'state': state, 'grain': grain, 'areas': [], 'since': False}
        return {
            'state': state, 'grain': grain, 'currency_id': self.env.company.currency_id.id,
            'as_of': self._kam_kpi_as_of(),
            'may_set': self.env['kam.kpi.target'].has_access('create'),
            'areas': self._kam_kpi_areas(kpis, rows, grain),
            'since': self._kam_kpi_since(kpis, rows),
        }

    def _kam_kpi_rows(self, kpis, grain):
        """Everything the board needs of the values, in one search."""
        if grain not in SHOWN_GRAINS:
            raise ValueError(grain)
        return self.env['kam.kpi.value'].search(
            Domain('partner_id', '=', self.id) & Domain('company_id', '=', self.env.company.id)
            & Domain('kpi_id', 'in', kpis.ids)
            & ((Domain('grain', '=', grain) & Domain('is_current', '=', True))
               | (Domain('grain', '=', 'month') & Domain('period_start', 'in', self._kam_kpi_months()))
               | Domain('grain', '=', 'since')))

    def _kam_kpi_months(self):
        """First days of the months in the small lines, the oldest first."""
        present = self.env.company._kam_today().replace(day=1)
        return [present - relativedelta(months=back) for back in reversed(range(MONTHS_SHOWN))]

    def _kam_kpi_as_of(self):
        # The day of the last refresh, which the values that the reader has in hand are of.
        # In sudo: runs are for managers; the day of the figures on the screen is for whoever sees them.
        run = self.env['kam.sync.run'].sudo()._last_published_of(self.kam_account_id or self, self.env.company)
        return bool(run) and format_date(self.env, run.as_of)

    # ------------------------------------------------------------------ cards
    def _kam_kpi_areas(self, kpis, rows, grain):
        current = {row.kpi_id: row for row in rows if row.grain == grain and row.is_current}
        months = {(row.kpi_id, row.period_start): row.value for row in rows if row.grain == 'month'}
        return [{
            'area': area, 'name': name,
            'cards': [self._kam_kpi_card(kpi, current.get(kpi), months) for kpi in kpis if kpi.area == area],
        } for area, name in kpis._fields['area']._description_selection(self.env) if area in kpis.mapped('area')]

    def _kam_kpi_card(self, kpi, row, months):
        points = [{'label': format_date(self.env, month, date_format='MMM y'),
                   'value': months.get((kpi, month), False)} for month in self._kam_kpi_months()]
        card = {'id': kpi.id, 'name': kpi.name, 'description': kpi.description or False, 'unit': kpi.unit,
                'low_is_good': kpi.low_is_good, 'points': points}
        if not row:
            sentence = self.env._("It has no value of this period yet: the next refresh computes it.")
            return {**card, **dict.fromkeys(COPIED, False), 'period': False, 'why': sentence, 'note': False}
        return {**card, **{name: row[name] for name in COPIED}, 'period': row._period_words(), 'why': row.why,
                'note': row.note}

    def _kam_kpi_since(self, kpis, rows):
        """The account since it became one, against the same months a year before; False when there is nothing yet."""
        since = {row.kpi_id: row for row in rows if row.grain == 'since'}
        if not since:
            return False
        lines = [{'id': kpi.id, 'name': kpi.name, 'unit': kpi.unit, 'low_is_good': kpi.low_is_good,
                  'value': since[kpi].value, 'previous': since[kpi].previous, 'trend': since[kpi].trend,
                  'why': since[kpi].why} for kpi in kpis if kpi in since]
        return {'period': next(iter(since.values()))._period_words(), 'lines': lines}
