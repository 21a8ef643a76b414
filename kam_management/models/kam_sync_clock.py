"""What key figures and alerts are configured with: definitions, rules, and the company's calendar; frozen for a run."""
from datetime import datetime, time, timedelta

import pytz
from dateutil.relativedelta import relativedelta
from odoo import api, models

# Months of cells, the current one included; and how far holidays are told, before it and after.
CELL_MONTHS = 37
# Where a calendar says nothing of its hours: Monday to Friday, and a leave over these hours is a day off.
WEEKDAYS = [0, 1, 2, 3, 4]
HOURS = (9.0, 17.0)
DEFINITION = ('model_name', 'domain', 'partner_path', 'date_field', 'company_field', 'currency_field', 'rate_field',
              'measure')
RULE = ('code', 'subject', 'condition', 'score', 'component', 'date_kind', 'grain', 'amber', 'red', 'clear',
        'window_days', 'ahead_days', 'severity', 'family', 'cause', 'cool_down_days', 'priority')


class KamSync(models.AbstractModel):
    _inherit = 'kam.sync'

    # ------------------------------------------------------------------ KPIs
    @api.model
    def _freeze_kpi(self, kpi):
        row = {
            'id': kpi.id, 'code': kpi.code, 'kind': kpi.kind, 'area': kpi.area, 'unit': kpi.unit,
            'available': kpi.state == 'available', 'dated': kpi.dated, 'is_additive': kpi.is_additive,
            'low_is_good': kpi.low_is_good,
            # Values of every active KPI are wanted: an account may take any of them into its set tomorrow.
            'followed': True,
        }
        if kpi.kind == 'source':
            row['aggregate'] = kpi.aggregate
            # The definition belongs to the configuration: changing it marks the trend.
            row['definition'] = [kpi[name] or '' for name in DEFINITION] + [kpi.include_archived]
            if kpi.measure_start:
                row['definition'].append(kpi.measure_start)
        elif kpi.kind == 'figure':
            row['figure'] = kpi.figure or ''
        elif kpi.tree:
            row['tree'] = kpi.tree
        return row

    @api.model
    def _freeze_cost_of_capital(self, company, as_of):
        """The rate in force on the day, in percent a year; nothing when none has begun."""
        cost = self.env['kam.capital.cost'].search(
            [('company_id', '=', company.id), ('date_from', '<=', as_of)], order='date_from desc, id desc', limit=1)
        return {'cost_of_capital': cost.rate} if cost else {}

    # ------------------------------------------------------------------ rules
    @api.model
    def _freeze_rules(self):
        """The active rules that the worker watches; what is not set is left out."""
        rules = self.env['kam.alert.rule'].search([('watched_by', '=', 'worker')])
        rows = []
        for rule in rules:
            row = {'id': rule.id, **{name: rule[name] for name in RULE if rule[name] is not False}}
            if rule.kpi_id:
                row['kpi_id'] = rule.kpi_id.id
            if rule.tier_ids:
                row['tier_ids'] = sorted(rule.tier_ids.ids)
            rows.append(row)
        return rows

    # ------------------------------------------------------------------ the calendar
    @api.model
    def _freeze_clock(self, company, as_of):
        """Working weekdays (0 is Monday) and whole days off of the company, as far as periods reach."""
        # In sudo: the service user reads no calendars; weekdays and days off are all that leaves this method.
        calendar = company.sudo().resource_calendar_id.with_context(active_test=False)
        hours = {}
        for line in calendar.attendance_ids:
            if line.day_period != 'lunch' and not line.display_type:
                first, last = hours.get(int(line.dayofweek), (24.0, 0.0))
                hours[int(line.dayofweek)] = min(first, line.hour_from), max(last, line.hour_to)
        start = as_of - relativedelta(months=CELL_MONTHS - 1) + relativedelta(day=1)
        days = self._days_off(calendar, company, hours, start, as_of + relativedelta(years=1))
        return {'weekdays': sorted(hours) or WEEKDAYS, 'holidays': [day.isoformat() for day in days]}

    @api.model
    def _days_off(self, calendar, company, hours, start, end):
        """The days from ``start`` to ``end`` that leaves of everybody take up from the first hour to the last."""
        zone = pytz.timezone(calendar.tz or self._timezone(company))
        leaves = calendar.env['resource.calendar.leaves'].search([
            ('resource_id', '=', False), ('time_type', '=', 'leave'), ('company_id', 'in', [company.id, False]),
            ('calendar_id', 'in', [calendar.id, False]), ('date_to', '>=', datetime.combine(start, time.min)),
            ('date_from', '<=', datetime.combine(end + timedelta(days=1), time.min))])
        days = set()
        for leave in leaves:
            begins, ends = (pytz.utc.localize(moment).astimezone(zone).replace(tzinfo=None)
                            for moment in (leave.date_from, leave.date_to))
            day = max(begins.date(), start)
            while day <= min(ends.date(), end):
                first, last = hours.get(day.weekday(), HOURS)
                midnight = datetime.combine(day, time.min)
                # A day off often ends a second before midnight, and so may the hours of a calendar.
                if begins <= midnight + timedelta(hours=first) and (
                        ends >= midnight + timedelta(hours=last) - timedelta(minutes=1)):
                    days.add(day)
                day += timedelta(days=1)
        return sorted(days)
