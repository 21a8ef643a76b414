"""Targets of the demo's key accounts: the sales of their plans by month, a few others, and those of their managers."""
from datetime import date

from odoo import api, models

from ..tools.season import divide
from .kam_demo import MODULE

# How a year of packaging goes: strong before the summer and before Christmas, quiet in August.
SEASON = (7, 8, 9, 9, 10, 10, 8, 4, 9, 9, 9, 8)


class KamDemo(models.AbstractModel):
    _inherit = 'kam.demo'

    @api.model
    def _load_programme(self):
        super()._load_programme()
        self._load_sales_targets()
        self._load_other_targets()
        self._load_team_targets()

    @api.model
    def _load_sales_targets(self):
        """This year's, as the accounts' plans say: divided by season, in whole hundreds."""
        kpi = self.env['kam.kpi.target']._revenue_kpi()
        company = self.env.ref('base.main_company')
        year = company._kam_today().year
        plans = self.env['kam.plan.target'].search([
            ('plan_id.company_id', '=', company.id), ('plan_id.state', '=', 'active'), ('year', '=', str(year)),
            ('month', '=', '00')])
        for row in plans if kpi else ():
            parts = {name: divide(row[name], SEASON, '100') if row[name] is not False else [False] * 12
                     for name in ('target', 'budget')}
            self._save('kam.kpi.target', [(f'sales_target_{row.plan_id.partner_id.id}_{month}', {
                'partner_id': row.plan_id.partner_id.id, 'company_id': company.id, 'kpi_id': kpi.id,
                'period_start': date(year, month, 1), 'target': parts['target'][month - 1],
                'budget': parts['budget'][month - 1],
            }) for month in range(1, 13)])

    @api.model
    def _load_other_targets(self):
        company = self.env.ref('base.main_company')
        year = company._kam_today().year
        for row in self._rows('targets'):
            account = self._ref(f"account_{row['account']}")
            self._save('kam.kpi.target', [(f"target_{row['account']}_{row['kpi']}_{month}", {
                'partner_id': account, 'company_id': company.id,
                'kpi_id': self.env.ref(f"kam_management.kpi_{row['kpi']}").id,
                'period_start': date(year, month, 1), 'target': float(row['target']),
            }) for month in range(1, 13)])

    @api.model
    def _load_team_targets(self):
        kpi = self.env['kam.kpi.target']._revenue_kpi()
        company = self.env.ref('base.main_company')
        for row in self._rows('team_targets') if kpi else ():
            self._save('kam.kpi.team.target', [(f"team_target_{row['manager']}", {
                'company_id': company.id, 'kpi_id': kpi.id, 'user_id': self._ref(f"user_{row['manager']}"),
                'grain': 'year', 'period_start': date(company._kam_today().year, 1, 1),
                'target': float(row['target']),
            })])

    @api.model
    def _move_sales_targets(self):
        """Set the demo's sales targets, of accounts and of teams, on the KPI that revenue is read from by now.

        Modules that are installed after this one, and a setting that is changed, choose another KPI than the one that
        was there when the targets were loaded.
        """
        kpi = self.env['kam.kpi.target']._revenue_kpi()
        if not kpi:
            return
        for model, prefix in (('kam.kpi.target', 'sales_target'), ('kam.kpi.team.target', 'team_target')):
            named = self.env['ir.model.data'].search([
                ('module', '=', MODULE), ('model', '=', model), ('name', '=like', f'demo_{prefix}_%')])
            self.env[model].browse(named.mapped('res_id')).exists().write({'kpi_id': kpi.id})
