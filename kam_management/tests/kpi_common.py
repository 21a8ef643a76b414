"""KPIs of the tests' own, and rows of values as the worker would publish them, for the organisation of `common.py`."""
from dateutil.relativedelta import relativedelta
from odoo.fields import Command

from .common import KamCommon


class KpiCommon(KamCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.this_month = cls.today.replace(day=1)
        cls.next_month = cls.this_month + relativedelta(months=1)
        cls.last_month = cls.this_month - relativedelta(months=1)
        cls.sales = cls._kpi('t_sales', "Sales of the tests", 'sales', unit='amount', aggregate='sum',
                             measure='expected_revenue', date_field='create_date')
        cls.visits = cls._kpi('t_visits', "Visits of the tests", 'relationships', unit='count', aggregate='count',
                              date_field='create_date')
        cls.rate = cls._kpi('t_rate', "Rate of the tests", 'opportunities', unit='percent', aggregate='avg',
                            measure='probability', date_field='create_date')
        cls.key.kpi_ids = [Command.set((cls.sales | cls.visits | cls.rate).ids)]
        cls.iberia.kam_tier_id = cls.key

    @classmethod
    def _kpi(cls, code, name, area, **values):
        return cls.env['kam.kpi'].create({
            'code': code, 'name': name, 'area': area, 'model_name': 'crm.lead', 'active': True, **values})

    @classmethod
    def _value(cls, kpi, value, start=None, grain='month', partner=None, **values):
        """A row as kam.sync would write it: nobody may do so through the ORM, hence sudo."""
        start = start or cls.this_month
        months = {'month': 1, 'quarter': 3, 'year': 12, 'rolling': 12, 'since': 12}[grain]
        return cls.env['kam.kpi.value'].sudo().create({
            'partner_id': (partner or cls.iberia).id, 'company_id': cls.company.id, 'kpi_id': kpi.id, 'grain': grain,
            'period_start': start, 'period_end': start + relativedelta(months=months, days=-1), 'value': value,
            'is_current': grain != 'since' and start <= cls.today < start + relativedelta(months=months), **values})

    @classmethod
    def _target(cls, kpi, target, month=None, partner=None, **values):
        return cls.env['kam.kpi.target'].create({
            'partner_id': (partner or cls.iberia).id, 'kpi_id': kpi.id, 'period_start': month or cls.this_month,
            'target': target, **values})
