"""The grammar of formulas over key figures: what is written comes back, nothing else is evaluated, errors say where."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from test_shared_rules import load

from sync_worker.scoring.kpi_formula import evaluated, names, steps
from sync_worker.scoring.kpi_series import known
from sync_worker.scoring.reasons import Reason

FORMULA = load("formula")
NAMES = st.from_regex(r"\A[a-z][a-z0-9_]{0,8}\Z").filter(lambda name: name not in FORMULA.FUNCTIONS)
NUMBERS = st.decimals(0, 10**9, places=4).map(float)
LEAVES = st.builds(lambda number: ["number", number], NUMBERS) | st.builds(lambda name: ["name", name], NAMES)


def _branches(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return (
        st.builds(lambda sign, left, right: [sign, left, right], st.sampled_from("+-*/"), parts, parts)
        | st.builds(lambda part: ["-", part], parts)
        | st.builds(lambda name, inner: [name, *inner], st.sampled_from(FORMULA.FUNCTIONS),
                    st.lists(parts, min_size=1, max_size=3))
    )

REASONS = {"too_long", "too_deep", "character", "capital", "unexpected", "operand", "missing", "number"}

TREES = st.recursive(LEAVES, _branches, max_leaves=12)


@given(TREES)
@example(["-", ["name", "a"], ["-", ["name", "b"], ["name", "c"]]])
@example(["-", ["-", ["+", ["name", "a"], ["number", 1.0]]]])
@example(["/", ["name", "a"], ["*", ["name", "b"], ["name", "c"]]])
def test_what_is_written_comes_back(tree: list[Any]) -> None:
    assert FORMULA.parse(FORMULA.write(tree)) == tree
    assert FORMULA.write(FORMULA.parse(FORMULA.write(tree))) == FORMULA.write(tree)


@given(st.text(max_size=40))
@example("__import__('os').system('true')")
@example("a.b")
@example("a[0]")
@example("a ** 2")
@example("1e5")
@example("lambda: 1")
@example("max")
@example("0.0000000000001")
@example("9" * 40)
def test_any_text_is_a_tree_or_an_error_with_its_place(text: str) -> None:
    try:
        tree = FORMULA.parse(text)
    except FORMULA.FormulaError as error:
        assert 1 <= error.position <= len(text) + 1
        assert error.reason in REASONS
    else:
        assert FORMULA.parse(FORMULA.write(tree)) == tree


@given(TREES, st.dictionaries(NAMES, st.none() | st.floats(-1e6, 1e6), max_size=4))
def test_a_value_is_a_number_or_unknown(tree: list[Any], values: dict[str, float | None]) -> None:
    value = FORMULA.evaluate(tree, values)
    assert value is None or isinstance(value, (int, float))
    if any(values.get(name) is None for name in FORMULA.names(tree)):
        assert value is None, "with an unknown figure in it nothing is known"


@pytest.mark.parametrize(("text", "value"), [
    ("1 + 2 × 3", 7), ("(1 + 2) × 3", 9), ("10 − 4 − 3", 3), ("12 ÷ 3 ÷ 2", 2), ("−2 × −3", 6), ("2 - -3", 5),
    ("max(1, 5, 3) − min(4, 2)", 3), ("100 * won / (won + lost)", 75), (".5 * lost", 0.5), ("lost / (won − 3)", None),
    ("missing + 1", None), ("max(missing, 1)", None), ("0 × missing", None)])
def test_values_by_hand(text: str, value: float | None) -> None:
    found = FORMULA.evaluate(FORMULA.parse(text), {"won": 3, "lost": 1})
    assert found is None if value is None else math.isclose(found, value)


@pytest.mark.parametrize(("text", "position", "reason", "sign"), [
    ("", 1, "operand", ""), ("a +", 4, "operand", ""), ("a b", 3, "unexpected", "b"), ("(a", 3, "missing", ")"),
    ("a)", 2, "unexpected", ")"), ("a % b", 3, "character", "%"), ("Won", 1, "capital", "Won"),
    ("max a", 5, "missing", "("),
    ("max()", 5, "operand", ")"), ("a ** b", 4, "operand", "*"), ("a.b", 2, "character", "."),
    ("3 4", 3, "unexpected", "4"),
    ("(" * 50 + "a" + ")" * 50, 41, "too_deep", ""), ("a" + " + a" * 300, 1001, "too_long", "")])
def test_errors_say_where(text: str, position: int, reason: str, sign: str) -> None:
    with pytest.raises(FORMULA.FormulaError) as caught:
        FORMULA.parse(text)
    assert (caught.value.position, caught.value.reason, caught.value.sign) == (position, reason, sign)


@given(TREES, st.dictionaries(NAMES, st.none() | st.floats(-1e6, 1e6), max_size=4))
@example(["-", ["name", "a"], ["-", ["name", "b"], ["name", "c"]]], {"a": 5.0, "b": 3.0, "c": 4.0})
@example(["/", ["name", "a"], ["name", "b"]], {"a": 5.0, "b": 0.0})
@example(["max", ["name", "a"], ["number", 2.0], ["name", "b"]], {"a": -1.0, "b": 7.0})
def test_the_worker_says_the_same(tree: list[Any], values: dict[str, float | None]) -> None:
    said = FORMULA.evaluate(tree, values)
    found = steps(tree)
    assert found is not None and names(found) == sorted(FORMULA.names(tree))
    figures = {name: np.nan if values.get(name) is None else values[name] for name in names(found)}
    operands = {name: known(np.array([[figure]]), Reason.NO_DATA, True) for name, figure in figures.items()}
    [[worked_out]] = evaluated(found, operands, (1, 1)).value
    if said is None or not math.isfinite(said):
        assert np.isnan(worked_out)
    else:
        assert worked_out == pytest.approx(said, rel=1e-12)


def test_the_worker_reads_the_longest_formula() -> None:
    found = steps(FORMULA.parse("+".join(["a"] * 500)))
    assert found is not None
    assert evaluated(found, {"a": known(np.array([[2.0]]), 0, True)}, (1, 1)).value.item() == 1000.0


@pytest.mark.parametrize("tree", [
    None, [], ["number"], ["number", "1"], ["name", 1], ["+", ["number", 1]], ["/", ["number", 1]], ["min"],
    ["eval", ["name", "a"]], ["-", ["name", "a"], ["name", "b"], ["name", "c"]], {"name": "a"}, "a"])
def test_the_worker_refuses_what_is_no_tree(tree: object) -> None:
    assert steps(tree) is None


def test_names() -> None:
    tree = FORMULA.parse("max(won, lost) / (won + 2)")
    assert FORMULA.names(tree) == ["won", "lost"]
    assert FORMULA.write(FORMULA.renamed(tree, "won", "gained")) == "max(gained, lost) ÷ (gained + 2)"
