"""The programme's figures in the digest that Odoo mails to managers.

A digest shows each figure at the end of three periods, and how it has changed since their beginning. States (alerts
that are open, accounts in the red) are those of that day; what has no history is that of today.
"""
from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

MANAGERS = 'kam_management.group_kam_manager'


class DigestDigest(models.Model):
    _inherit = 'digest.digest'

    kpi_kam_alerts = fields.Boolean("Key Accounts: Open Alerts")
    kpi_kam_alerts_value = fields.Integer(compute='_compute_kpi_kam_alerts_value')
    kpi_kam_red = fields.Boolean("Key Accounts in the Red")
    kpi_kam_red_value = fields.Integer(compute='_compute_kpi_kam_red_value')
    kpi_kam_on_target = fields.Boolean("Key Accounts on Target (%)")
    kpi_kam_on_target_value = fields.Float(compute='_compute_kpi_kam_on_target_value')
    kpi_kam_new = fields.Boolean("New Key Accounts")
    kpi_kam_new_value = fields.Integer(compute='_compute_kpi_kam_new_value')

    def _compute_kpi_kam_alerts_value(self):
        self._kam_check_reader()
        for digest in self:
            companies, day = digest._kam_scope()
            digest.kpi_kam_alerts_value = self.env['kam.alert'].search_count(
                Domain('company_id', 'in', companies.ids) & Domain('date_opened', '<=', day)
                & (Domain('date_closed', '=', False) | Domain('date_closed', '>', day)))

    def _compute_kpi_kam_red_value(self):
        self._kam_check_reader()
        for digest in self:
            digest.kpi_kam_red_value = digest._kam_in_the_red(*digest._kam_scope())

    def _compute_kpi_kam_on_target_value(self):
        """Of the key accounts that have a light for the sales of this year, those whose light is green, in percent."""
        self._kam_check_reader()
        for digest in self:
            companies, _day = digest._kam_scope()
            lights = self.env['kam.kpi.value']._read_group(
                Domain.OR(self._kam_sales_of_the_year(company) for company in companies), ['status'], ['__count'])
            total = sum(count for _status, count in lights)
            if not total:
                # Nobody's share is unknown, not 0: Odoo leaves a figure out that is refused.
                raise AccessError(self.env._("No key account has a target for its sales yet."))
            digest.kpi_kam_on_target_value = 100 * sum(count for status, count in lights if status == 'green') / total

    def _compute_kpi_kam_new_value(self):
        self._kam_check_reader()
        self._calculate_company_based_kpi(
            'kam.nomination', 'kpi_kam_new_value', date_field='date_decided',
            additional_domain=[('state', '=', 'accepted'), ('kind', '=', 'entry')])

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref('kam_management.menu_root').id
        for name, action in (('alerts', 'kam_alert_action'), ('red', 'kam_score_action'),
                             ('on_target', 'kam_kpi_value_action'), ('new', 'kam_nomination_action')):
            if self.env.ref(f'kam_management.{action}', raise_if_not_found=False):
                actions[f'kpi_kam_{name}'] = f'kam_management.{action}?menu_id={menu}'
        return actions

    # ------------------------------------------------------------------ parts
    def _kam_check_reader(self):
        if not self.env.user.has_group(MANAGERS):
            raise AccessError(self.env._("Do not have access, skip this data for user's digest email"))

    def _kam_scope(self):
        """Companies, and the day at whose end the figure is asked for."""
        _start, end, _companies = self._get_kpi_compute_parameters()
        return self.company_id or self.env.company, fields.Date.to_date(end) or fields.Date.context_today(self)

    def _kam_in_the_red(self, companies, day):
        """How many key accounts had a red health at the end of a day, of those that the reader may see."""
        history = self.env['kam.score.history']
        query = history._search(
            Domain('company_id', 'in', companies.ids) & Domain('as_of', '<=', day)
            & Domain('partner_id.is_key_account', '=', True) & Domain('partner_id.active', '=', True))
        alias = SQL.identifier(query.table)
        query.order = SQL("%(alias)s.partner_id, %(alias)s.company_id, %(alias)s.as_of DESC", alias=alias)
        latest = query.select(SQL(
            "DISTINCT ON (%(alias)s.partner_id, %(alias)s.company_id) %(alias)s.health_band", alias=alias))
        history.flush_model()
        return self.env.execute_query(SQL(
            "SELECT count(*) FROM (%s) AS latest WHERE health_band = 'red'", latest))[0][0]

    def _kam_sales_of_the_year(self, company):
        """The condition of the lights on the sales of key accounts, by what the last refresh took as their sales."""
        # Which KPI that is stands with the run; it names no account.
        config = self.env['kam.sync.run'].sudo()._last_published(company).config or {}
        return (
            Domain('company_id', '=', company.id) & Domain('kpi_id', '=', config.get('sources', {}).get('revenue', 0))
            & Domain('grain', '=', 'year') & Domain('is_current', '=', True) & Domain('status', '!=', False)
            & Domain('partner_id.is_key_account', '=', True))
