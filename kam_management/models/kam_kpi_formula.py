"""Key figures that are computed from others: what a formula says, which figures it uses, and what is wrong with it.

A formula names codes (`tools/formula.py`). It is checked when it is saved: every error names its place. A code that
formulas use is renamed in them too; one that is archived later leaves them without a value, and they say so.
"""
from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ..tools.formula import FormulaError, names, parse, place, renamed, write
from ..tools.kpi import DATED_FIGURES


class KamKpi(models.Model):
    _inherit = 'kam.kpi'

    # -- what it says ----------------------------------------------------------------------------------------------
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

    @api.model
    def _kpis_by_code(self):
        return {kpi.code: kpi for kpi in self.with_context(active_test=False).search([])}

    @api.depends('kind', 'date_field', 'figure', 'formula')
    def _compute_dated(self):
        by_code = self._kpis_by_code() if any(kpi.kind == 'formula' for kpi in self) else {}
        for kpi in self:
            kpi.dated = kpi._is_dated(by_code, ())

    def _is_dated(self, by_code, seen):
        """Whether there is a value in every period. `seen`: codes of the formulas on the way here."""
        if self.kind == 'source':
            return bool(self.date_field)
        if self.kind == 'figure':
            return self.figure in DATED_FIGURES
        tree = self._parsed_formula()
        codes = names(tree) if tree else []
        return bool(codes) and all(
            code in by_code and code not in seen and by_code[code]._is_dated(by_code, (*seen, self.code))
            for code in codes)

    @api.depends('kind', 'date_field', 'aggregate')
    def _compute_is_additive(self):
        for kpi in self:
            if kpi.kind == 'source':
                kpi.is_additive = bool(kpi.date_field) and kpi.aggregate in ('sum', 'count')
            else:
                kpi.is_additive = kpi.kind == 'formula' and kpi.is_additive

    # -- what is wrong with it -------------------------------------------------------------------------------------
    def _find_formula_obstacle(self):
        """A sentence on why the formula has no value, or False."""
        by_code = self._kpis_by_code()
        problem = self._find_formula_problem(by_code)
        if problem:
            return problem
        for code in names(self._parsed_formula()):
            operand = by_code[code]
            if not operand.active:
                return self.env._("It uses “%(kpi)s”, which is archived: activate that one first.", kpi=operand.name)
            if operand.state == 'unavailable':
                return self.env._("It uses “%(kpi)s”, which is unavailable: %(reason)s",
                                  kpi=operand.name, reason=operand.state_reason)
        return False

    def _find_formula_problem(self, by_code):
        """A sentence on what is wrong with the formula itself, or False. `by_code`: every KPI by its code."""
        self.ensure_one()
        text = self.formula or ''
        if not text.strip():
            return self.env._("Write the formula: codes of other KPIs and numbers, with + − × ÷, min, max and "
                              "parentheses.")
        try:
            tree = parse(text)
        except FormulaError as error:
            return self._formula_sentence(error)
        for code in names(tree):
            if code not in by_code and code != self.code:
                return self.env._("Character %(position)s: there is no KPI with the code “%(code)s”.",
                                  position=place(text, code), code=code)
            loop = self._find_loop(code, by_code, (self.code,))
            if loop:
                return self.env._("Character %(position)s: “%(code)s” leads back to this KPI (%(way)s).",
                                  position=place(text, code), code=code, way=' → '.join(loop))
        return False

    def _find_loop(self, code, by_code, way):
        """The codes on the way from this KPI over `code` back to one on that way, or None."""
        if code in way:
            return (*way, code)
        operand = by_code.get(code)
        tree = operand and operand._parsed_formula()
        for name in names(tree) if tree else ():
            loop = self._find_loop(name, by_code, (*way, code))
            if loop:
                return loop
        return None

    def _formula_sentence(self, error):
        """What is wrong with a formula, in words, and where."""
        position, sign = error.position, error.sign
        return {
            'too_long': lambda: self.env._("Character %(position)s: the formula is too long. Make a KPI of a part of "
                                           "it, and use that one here.", position=position),
            'too_deep': lambda: self.env._("Character %(position)s: there are too many parentheses in each other.",
                                           position=position),
            'character': lambda: self.env._("Character %(position)s: “%(sign)s” has no meaning in a formula.",
                                            position=position, sign=sign),
            'capital': lambda: self.env._("Character %(position)s: codes are written in small letters, “%(sign)s” is "
                                          "not.", position=position, sign=sign),
            'operand': lambda: self.env._("Character %(position)s: a code, a number or a parenthesis is missing here.",
                                          position=position),
            'missing': lambda: self.env._("Character %(position)s: “%(sign)s” is missing here.",
                                          position=position, sign=sign),
            'number': lambda: self.env._("Character %(position)s: the number %(sign)s is too long.",
                                         position=position, sign=sign),
        }.get(error.reason, lambda: self.env._("Character %(position)s: “%(sign)s” does not belong here.",
                                               position=position, sign=sign))()

    @api.constrains('formula', 'kind', 'code')
    def _check_formula(self):
        """A formula is saved only when it can be read, knows its names and does not lead back to itself."""
        formulas = self.filtered(lambda kpi: kpi.kind == 'formula')
        by_code = self._kpis_by_code() if formulas else {}
        for kpi in formulas:
            problem = kpi._find_formula_problem(by_code)
            if problem:
                raise ValidationError(self.env._(
                    "The formula of “%(kpi)s” can't be used. %(problem)s", kpi=kpi.name, problem=problem))

    # -- who uses whom ---------------------------------------------------------------------------------------------
    def _formulas_with(self, codes):
        """The formulas that use one of these codes, archived ones too."""
        formulas = self.with_context(active_test=False).search([('kind', '=', 'formula')])
        return formulas.filtered(lambda kpi: kpi.tree and set(codes) & set(names(kpi.tree)))

    def write(self, vals):
        before = {kpi: kpi.code for kpi in self} if 'code' in vals else {}
        using = {kpi: self._formulas_with([code]) - kpi for kpi, code in before.items()}
        result = super().write(vals)
        for kpi, old in before.items():
            if kpi.code != old:
                for formula in using[kpi]:
                    formula.formula = write(renamed(formula.tree, old, kpi.code))
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        using = self._formulas_with(self.mapped('code')) - self
        if using:
            raise UserError(self.env._(
                "The formula of “%(formula)s” uses it. Change that formula first, or archive this KPI instead.",
                formula=using[0].name))
