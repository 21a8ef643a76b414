"""Formulas over key figures: the trees of the contract, worked out for all members and periods at once.

The addon's `kam_management/tools/formula.py` parses them, and says the same of one value; a shared test compares both.
A tree is data: nothing in it is ever run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from sync_worker.scoring.kpi_series import Series
from sync_worker.scoring.reasons import Reason

Step = tuple[str, Any]
"""What is done next to the values at hand: `number` and `name` bring one, a sign takes so many of them."""

LARGEST_TREE = 5000
"""A formula of a thousand characters has no more parts."""


def steps(tree: object) -> list[Step] | None:
    """What is to be done for a tree, operands first; None when it cannot be read.

    >>> steps(["/", ["name", "won"], ["+", ["name", "won"], ["number", 2]]])
    [('name', 'won'), ('name', 'won'), ('number', 2.0), ('+', 2), ('/', 2)]
    >>> steps(["import", ["name", "os"]]), steps("won"), steps(["+", ["number", True]])
    (None, None, None)
    """
    # no recursion: a sum of five hundred names is as deep as that
    found: list[Step] = []
    open_trees = [tree]
    while open_trees:
        part = open_trees.pop()
        step = _step(part)
        if step is None or len(found) >= LARGEST_TREE:
            return None
        found.append(step)
        if step[0] not in ("number", "name"):
            open_trees += part[1:]  # type: ignore[index]
    return found[::-1]


def _step(part: object) -> Step | None:
    if not isinstance(part, (list, tuple)) or len(part) < 2 or not isinstance(part[0], str):
        return None
    sign, count = part[0], len(part) - 1
    if sign == "number":
        number = count == 1 and isinstance(part[1], (int, float)) and not isinstance(part[1], bool)
        return (sign, float(part[1])) if number else None
    if sign == "name":
        return (sign, part[1]) if count == 1 and isinstance(part[1], str) else None
    fits = count in _ARITY[sign] if sign in _ARITY else sign in ("min", "max")
    return (sign, count) if fits else None


_ARITY = {"+": (2,), "-": (1, 2), "*": (2,), "/": (2,)}


def names(found: list[Step]) -> list[str]:
    """The codes of the operands, each once.

    >>> names(steps(["-", ["name", "a"], ["*", ["name", "b"], ["name", "a"]]]))
    ['a', 'b']
    """
    return sorted({value for sign, value in found if sign == "name"})


def evaluated(found: list[Step], operands: Mapping[str, Series], shape: tuple[int, int]) -> Series:
    """The values of a formula, in every column that of the operands' values of the same column.

    It is unknown as soon as a figure in it is, for the reason of the first one; where it would divide by zero it is
    unknown as `division_by_zero`. It is dated when it has operands and all are. A mark of an operand is one of the
    formula. Source: contract, key figures of kind formula.

    By hand: 3 of 4 closed deals were won; the second account has closed none.

    >>> from sync_worker.scoring.kpi_series import known
    >>> won, lost = (known(np.array([[n], [0.0]]), 0, True) for n in (3.0, 1.0))
    >>> tree = ["/", ["name", "won"], ["+", ["name", "won"], ["name", "lost"]]]
    >>> rate = evaluated(steps(tree), {"won": won, "lost": lost}, (2, 1))
    >>> rate.value.tolist(), [Reason(code).word for code in rate.reason[:, 0]]
    ([[0.75], [nan]], ['known', 'division_by_zero'])
    """
    stack: list[tuple[np.ndarray, np.ndarray]] = []
    with np.errstate(all="ignore"):
        for sign, what in found:
            if sign == "number":
                stack.append((np.full(shape, what), np.zeros(shape, dtype="int8")))
            elif sign == "name":
                stack.append((operands[what].value, operands[what].reason))
            else:
                # the last steps of a tree that was turned round come first
                parts = [stack.pop() for _ in range(what)]
                stack.append(_worked_out(sign, parts[::-1]))
    [(value, reason)] = stack
    marks: dict[str, np.ndarray] = {}
    for operand in operands.values():
        for word, places in operand.marks.items():
            marks[word] = marks.get(word, False) | places
    dated = bool(operands) and all(operand.dated for operand in operands.values())
    beyond = ~np.isfinite(value) & (reason == Reason.KNOWN)
    return Series(
        np.where(beyond, np.nan, value), np.where(beyond, Reason.TOO_LARGE, reason).astype("int8"), dated, marks)


_TWO: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "min": np.minimum, "max": np.maximum}


def _worked_out(sign: str, parts: list[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    (value, reason), *others = parts
    if not others:
        return (-value if sign == "-" else value), reason
    for other, why in others:
        reason = np.where(reason != Reason.KNOWN, reason, why)
        if sign == "/":
            zero = (reason == Reason.KNOWN) & (other == 0)
            reason = np.where(zero, Reason.DIVISION_BY_ZERO, reason)
            value = np.where(other == 0, np.nan, value / np.where(other == 0, 1.0, other))
        else:
            value = _TWO[sign](value, other)
    return np.where(reason != Reason.KNOWN, np.nan, value), reason
