"""The targets of accounts beside that of their manager or sales team, for the pivot and the graph.

Rows of an account carry its target, rows of a manager or a team theirs, so that each sum stands for itself and the
difference is theirs. An account counts once for its manager and once for the manager's team: `level` keeps the two
apart. Record rules of accounts hold here as anywhere, so a sum is of the accounts that the reader may see.
"""
from odoo import fields, models
from odoo.tools import SQL

from ..tools.fields import UnknownFloat


class KamKpiTargetReport(models.Model):
    _name = 'kam.kpi.target.report'
    _description = "Targets of accounts and of their teams"
    _inherit = ['kam.account.mixin', 'kam.unknown.mixin']
    _auto = False
    _order = 'period_start desc, id'
    _rec_name = 'kpi_id'
    _depends = {
        'kam.kpi': ['is_additive'],
        'kam.kpi.target': ['partner_id', 'company_id', 'kpi_id', 'period_start', 'target'],
        'kam.kpi.team.target': ['company_id', 'kpi_id', 'user_id', 'team_id', 'grain', 'period_start', 'target'],
        'res.partner': ['kam_manager_id'],
        'res.users': ['sale_team_id'],
    }

    level = fields.Selection([('manager', "Managers"), ('team', "Sales teams")], "Compared by", readonly=True)
    partner_id = fields.Many2one('res.partner', "Account", readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    kpi_id = fields.Many2one('kam.kpi', "KPI", readonly=True)
    user_id = fields.Many2one('res.users', "Manager", readonly=True)
    team_id = fields.Many2one('crm.team', "Sales team", readonly=True)
    period_start = fields.Date("Month", readonly=True)
    accounts_target = UnknownFloat("Sum of the accounts", readonly=True, aggregator='sum')
    team_target = UnknownFloat("Team's target", readonly=True, aggregator='sum')
    difference = UnknownFloat(
        readonly=True, aggregator='sum', help="Sum of the accounts, less the team's target.")

    @property
    def _table_query(self):
        return SQL("""
            WITH of_accounts AS (
                SELECT target.id, target.partner_id, target.company_id, target.kpi_id,
                       target.period_start, target.target, partner.kam_manager_id AS user_id,
                       manager.sale_team_id AS team_id
                  FROM kam_kpi_target AS target
                  JOIN kam_kpi AS kpi ON kpi.id = target.kpi_id AND kpi.is_additive
                  JOIN res_partner AS partner ON partner.id = target.partner_id
             LEFT JOIN res_users AS manager ON manager.id = partner.kam_manager_id
                 WHERE target.target IS NOT NULL
            ), of_teams AS (
                -- a year in twelve equal parts
                SELECT team.id * 12 + month.number AS id, team.company_id, team.kpi_id, team.user_id, team.team_id,
                       (team.period_start + make_interval(months => month.number))::date AS period_start,
                       team.target / CASE WHEN team.grain = 'year' THEN 12 ELSE 1 END AS target
                  FROM kam_kpi_team_target AS team
                  JOIN generate_series(0, 11) AS month(number) ON month.number = 0 OR team.grain = 'year'
                 WHERE team.target IS NOT NULL
            )
            SELECT id * 3 AS id, 'manager' AS level, partner_id, company_id, kpi_id, user_id, NULL::integer AS team_id,
                   period_start, target AS accounts_target, NULL::float8 AS team_target, target AS difference
              FROM of_accounts
             UNION ALL
            SELECT id * 3 + 1, 'team', partner_id, company_id, kpi_id, NULL, team_id, period_start, target, NULL, target
              FROM of_accounts
             UNION ALL
            SELECT id * 3 + 2, CASE WHEN user_id IS NULL THEN 'team' ELSE 'manager' END, NULL, company_id, kpi_id,
                   user_id, team_id, period_start, NULL, target, -target
              FROM of_teams
        """)
