"""Trying a key figure before it is saved: its value for three accounts, read with the rights of whoever tries it.

What is tried is what runs: sources are read by the statements of `kam.sync`, formulas are evaluated over what their
operands give. Figures are the worker's to compute: of them the last published value is shown.
"""
from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL
from psycopg2 import Error

from ..tools.figures import figure
from ..tools.formula import evaluate, names

SHOWN = 3
# More than are shown: some of the accounts with the most records may be nobody's to see.
CANDIDATES = 50
WINDOWS = ('now', 'before')
TABLE = Markup('<table class="table table-sm mb-0"><thead><tr>%s</tr></thead><tbody>%s</tbody></table>')


class KamKpi(models.Model):
    _inherit = 'kam.kpi'

    trying = fields.Boolean(store=False, export_string_translation=False)
    trial = fields.Html("Try it", store=False, readonly=True, sanitize=False)

    @api.onchange('trying')
    def _onchange_trying(self):
        if self.trying:
            self.trial = self._try_it()
            self.trying = False

    def _try_it(self):
        """The values of three accounts as a table, or a sentence on why there are none. Never in sudo."""
        self.ensure_one()
        kpi = self.sudo(False)
        problem = kpi._find_trial_obstacle()
        if problem:
            return self._trial_sentence(problem)
        try:
            with self.env.cr.savepoint():
                run = kpi._trial_run()
                accounts = kpi._trial_accounts(run)
                values = kpi._trial_values(run, accounts, {}, kpi._kpis_by_code())
        except AccessError:
            return self._trial_sentence(self.env._(
                "You may not read all that this KPI needs, so its value can't be shown to you."))
        except (UserError, ValueError, Error) as error:
            return self._trial_sentence(self.env._("It can't be read: %(error)s", error=self._error_text(error)))
        if not accounts:
            return self._trial_sentence(self.env._("There is no account with such records that you may see."))
        return self._trial_table(accounts, values)

    def _find_trial_obstacle(self):
        """What is wrong with the definition, or False; whether the worker may read it yet does not matter here."""
        if self.kind != 'source':
            return self._find_obstacle()
        model = self.env.get(self.model_name or '')
        if model is None or model._abstract or model._transient:
            return self._find_obstacle()
        if not model.has_access('read'):
            return self.env._("You may not read %(model)s yourself, so its values can't be shown to you.",
                              model=self.model_name)
        return self._find_shape_obstacle(model)

    # -- which accounts --------------------------------------------------------------------------------------------
    @api.model
    def _trial_run(self):
        """What `kam.sync` asks of a run: the company and the day; nothing of it is kept."""
        company = self.env.company
        return self.env['kam.sync.run'].new({
            'company_id': company.id, 'as_of': company._kam_today(),
            'config': {
                'settings': {'window_months': company.kam_settings_id.window_months},
                'company': {'tz': self.env['kam.sync']._timezone(company)},
            },
        })

    def _trial_accounts(self, run):
        """Key accounts first, those with the most records; confidential ones only for whoever may see them."""
        partner = self.env['res.partner']
        visible = ~partner._kam_hidden_domain()
        key = partner.search(Domain('is_key_account', '=', True) & visible)
        source = next((kpi for kpi in self._trial_leaves(self._kpis_by_code()) if kpi.kind == 'source'), None)
        found = source._trial_candidates(run, key.ids) if source else []
        seen = partner.search(Domain('id', 'in', found) & visible)
        ordered = [account for account in found if account in seen.ids] + [
            account for account in key.ids if account not in found]
        return partner.browse(ordered[:SHOWN])

    def _trial_leaves(self, by_code):
        """The sources and figures that this KPI is computed from: itself, or those that its formula comes down to."""
        if self.kind != 'formula':
            return [self]
        return [leaf for code in names(self._parsed_formula()) for leaf in by_code[code]._trial_leaves(by_code)]

    def _trial_candidates(self, run, key):
        sync = self.env['kam.sync']
        source = sync._open_source(run, self)
        if not source:
            return []
        _model, query, account = source
        customers = sync._customers(run)[1].subselect()
        rows = self.env.execute_query(SQL(
            """
            SELECT account_id FROM (%s) AS documents WHERE account_id IN %s
             GROUP BY account_id ORDER BY account_id = ANY(%s) DESC, count(*) DESC, account_id LIMIT %s
            """, query.select(SQL("%s AS account_id", account)), customers, key, CANDIDATES))
        return [account for account, in rows]

    # -- their values ----------------------------------------------------------------------------------------------
    def _trial_values(self, run, accounts, known, by_code):
        """``{(account id, window): (value or None, why it is unknown)}``; `known` keeps what was read already."""
        key = self.code or self
        if key not in known:
            if self.kind == 'source':
                known[key] = self._trial_source(run, accounts)
            elif self.kind == 'figure':
                known[key] = self._trial_figure(accounts)
            else:
                known[key] = self._trial_formula(run, accounts, known, by_code)
        return known[key]

    def _trial_source(self, run, accounts):
        empty = 0.0 if self.aggregate in ('sum', 'count') else None
        nothing = (empty, '' if empty is not None else self.env._("nothing to measure"))
        found = {(account, window): nothing for account in accounts.ids for window in WINDOWS}
        if not self.date_field:
            found.update({(account, 'before'): (None, self.env._("only today's value is known"))
                          for account in accounts.ids})
        sync = self.env['kam.sync']
        source = sync._open_source(run, self)
        if not source or not accounts:
            return found
        model, query, account = source
        query.add_where(SQL("%s = ANY(%s)", account, accounts.ids))
        value, unknown = sync._measure(model, query, self, run.company_id)
        columns = [SQL("%s AS account_id", account)]
        for period in sync._periods(run, model, query, self).values():
            columns += [
                SQL("count(*) %s", sync._only(*period)), SQL("(%s %s)::float8", value, sync._only(*period)),
                SQL("count(*) %s", sync._only(*period, *unknown)) if unknown else SQL("0")]
        for account_id, *figures in self.env.execute_query(SQL("%s GROUP BY 1", query.select(*columns))):
            for number, window in enumerate(WINDOWS):
                documents, amount, unknowns = figures[3 * number:3 * number + 3]
                if documents:
                    found[account_id, window] = self._trial_known(amount, unknowns)
        return found

    def _trial_known(self, amount, unknowns):
        if unknowns:
            return None, self.env._("amounts in a currency without a rate")
        if amount is None:
            return None, self.env._("nothing to measure")
        return amount, ''

    def _trial_figure(self, accounts):
        """The last published values: only the worker computes figures."""
        waiting = (None, self.env._("the worker computes it with the next refresh"))
        found = {(account, window): waiting for account in accounts.ids for window in WINDOWS}
        if 'kam.kpi.value' not in self.env:
            return found
        rows = self.env['kam.kpi.value'].search_fetch([
            ('partner_id', 'in', accounts.ids), ('company_id', '=', self.env.company.id), ('grain', '=', 'rolling'),
            ('kpi_id.figure', '=', self.figure), ('kpi_id.kind', '=', 'figure')],
            ['partner_id', 'value', 'previous'])
        for row in rows:
            for window, value in (('now', row.value), ('before', row.previous)):
                if value is not False:
                    found[row.partner_id.id, window] = (value, '')
        return found

    def _trial_formula(self, run, accounts, known, by_code):
        tree = self._parsed_formula()
        codes = names(tree)
        operands = {code: by_code[code]._trial_values(run, accounts, known, by_code) for code in codes}
        found = {}
        for account in accounts.ids:
            for window in WINDOWS:
                cells = {code: operands[code][account, window] for code in codes}
                value = evaluate(tree, {code: cell[0] for code, cell in cells.items()})
                found[account, window] = (value, '' if value is not None else self._trial_reason(cells, by_code))
        return found

    def _trial_reason(self, cells, by_code):
        for code, (value, reason) in cells.items():
            if value is None:
                return self.env._("“%(kpi)s”: %(reason)s", kpi=by_code[code].name, reason=reason)
        return self.env._("a division by zero")

    # -- as a table ------------------------------------------------------------------------------------------------
    def _trial_table(self, accounts, values):
        months = self.env.company.kam_settings_id.window_months
        titles = [self.env._("Account"), self.env._("Last %(months)s months", months=months)]
        windows = ['now']
        if self.dated:
            titles.append(self.env._("The months before"))
            windows.append('before')
        else:
            titles[1] = self.env._("Today")
        head = Markup('').join(Markup('<th>%s</th>') % title for title in titles)
        body = Markup('').join(
            Markup('<tr>%s</tr>') % Markup('').join(
                Markup('<td>%s</td>') % cell
                for cell in [account.name, *(self._trial_text(*values[account.id, window]) for window in windows)])
            for account in accounts)
        return TABLE % (head, body)

    def _trial_text(self, value, reason):
        if value is None:
            return self.env._("unknown: %(reason)s", reason=reason) if reason else self.env._("unknown")
        return figure(self.env, self.unit, value, self.env.company.currency_id)

    @api.model
    def _trial_sentence(self, text):
        return Markup('<p class="text-muted mb-0">%s</p>') % text
