"""Key figures that are computed from others: what a formula says, which figures it uses, and what is wrong with it."""
from odoo import api, models

from ..tools.formula import FormulaError, names, parse
from ..tools.kpi import DATED_FIGURES


class KamKpi(models.Model):
    _inherit = 'kam.kpi'

    @api.depends('kind', 'formula')
    def _compute_tree(self):
        for kpi in self:
            kpi.tree = kpi._parsed_formula()

    def _parsed_formula(self):
        """The tree of the formula, or False where there is none that can be read."""
        self.ensure_one()
        if self.kind != 'formula' or not self.formula:
            return False
        try:
            return parse(self.formula)
        except FormulaError:
            return False

    @api.depends('kind', 'date_field', 'figure', 'formula')
    def _compute_dated(self):
        by_code = None
        for kpi in self:
            if kpi.kind == 'formula' and by_code is None:
                by_code = self._kpis_by_code()
            kpi.dated = kpi._is_dated(by_code, ())

    @api.model
    def _kpis_by_code(self):
        return {kpi.code: kpi for kpi in self.with_context(active_test=False).search([])}

    def _is_dated(self, by_code, seen):
        """Whether there is a value in every period. `seen`: codes of the formulas on the way here."""
        if self.kind == 'source':
            return bool(self.date_field)
        if self.kind == 'figure':
            return self.figure in DATED_FIGURES
        tree = self._parsed_formula()
        if not tree:
            return False
        codes = [code for code in names(tree) if code not in seen]
        return bool(codes) and all(
            code in by_code and by_code[code]._is_dated(by_code, (*seen, self.code)) for code in codes)

    @api.depends('kind', 'date_field', 'aggregate')
    def _compute_is_additive(self):
        for kpi in self:
            if kpi.kind == 'source':
                kpi.is_additive = bool(kpi.date_field) and kpi.aggregate in ('sum', 'count')
            else:
                kpi.is_additive = kpi.kind == 'formula' and kpi.is_additive
