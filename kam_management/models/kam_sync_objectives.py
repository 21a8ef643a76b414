"""How objectives with accounts stand, on its way to the worker: a status each, and no word of what is to be reached."""
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.pace import elapsed_of, health_of
from ..tools.windows import windows

ENDED = ('achieved', 'missed')


class KamSync(models.AbstractModel):
    _inherit = 'kam.sync'

    @api.model
    def _pull_objectives(self, run, accounts):
        """Objectives that run, and those that ended in the revenue window."""
        found = self._objective_statuses(run)
        columns = zip(*found, strict=True) if found else ((), (), (), ())
        content = SQL(
            """
            SELECT objective.* FROM unnest(%s::int[], %s::int[], %s::varchar[], %s::int[])
                AS objective (account_id, objective_id, status, is_overdue)
             WHERE objective.account_id IN (SELECT account_id FROM %s)
            """, *map(list, columns), SQL.identifier(accounts['table']))
        return self._create_pull_table(run, 'objective', 1011, content)

    @api.model
    def _objective_statuses(self, run):
        """``[(account, objective, status, is overdue)]`` of those whose status is known."""
        bounds = windows(run.as_of, self._config(run)['settings']['window_months'])
        # In sudo: of objectives the service user gets this status and no word. Rules would say no more than is asked
        # here: the company of the run, which is one of its own; confidentiality hides nothing from scores.
        domain = Domain([
            ('company_id', '=', run.company_id.id), '|', ('state', '=', 'running'),
            '&', ('state', 'in', ENDED),
            '&', ('date_closed', '>=', bounds.middle), ('date_closed', '<', bounds.end)])
        if run.account_id:
            domain &= Domain('partner_id.kam_account_id', '=', run.account_id.id)
        objectives = self.env['kam.objective'].sudo().with_context(allowed_company_ids=run.company_id.ids).search(
            domain, order='id')
        rows = []
        for objective in objectives:
            status, is_overdue = objective.state, False
            if status == 'running':
                # As its health on the day, which need not be today.
                start, deadline = objective.date_start, objective.date_deadline
                is_overdue = bool(deadline and deadline < run.as_of)
                status = health_of(objective.progress, elapsed_of(start, deadline, run.as_of), is_overdue)
            if status:
                rows.append((objective.partner_id.kam_account_id.id, objective.id, status, int(is_overdue)))
        return rows
