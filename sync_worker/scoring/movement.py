"""Why a score moved since an earlier run: rows that sum to the difference."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sync_worker.scoring.constants import MOVED, PART_DECIMALS, SCORE_DECIMALS

Row = list[Any]

# both scores were rounded when they were stored; more than that is a real difference
_ROUNDING = 4 * 10.0**-SCORE_DECIMALS


@dataclass(frozen=True)
class Side:
    """One score on one day: what is shown (None = unknown), the normalised values of its known parts by code,
    and what the guard took from it (zero or less)."""

    score: float | None
    parts: Mapping[str, float] = field(default_factory=dict)
    guard: float = 0.0


def movement_rows(
    before: Side, after: Side, weights: Mapping[str, float], settings_changed: bool
) -> list[Row]:
    """Rows `[kind, code, points]` that sum to `after.score` − `before.score`, both known.

    `weights` are those of the later run, by code. `changed`: the weight among the parts known on both sides ×
    the change. `appeared` and `vanished`: the weight among its own side's parts × (value − score of the
    common parts on that side), negative for what vanished; the score of no common part counts as 0.
    `settings`: what the old parts score under the new weights, minus the old score; factors that are gone
    belong to it. `guard`: what the guard takes now, minus what it took. Rows of zero are left out. Source:
    methodology, explanation.

    By hand: weights 40 and 20. `margin` was 60 and is 66; `strategy` was unknown and is 81. The common part
    alone moved from 60 to 66: +6. Of 60, `strategy` weighs a third, and lies 15 over the 66: +5. In all 60 ->
    71.

    >>> movement_rows(Side(60.0, {"margin": 60.0}), Side(71.0, {"margin": 66.0, "strategy": 81.0}),
    ...               {"margin": 40.0, "strategy": 20.0}, False)
    [['changed', 'margin', 6.0], ['appeared', 'strategy', 5.0]]
    """
    old = {code: value for code, value in before.parts.items() if code in weights}
    new = after.parts
    common = [code for code in weights if code in old and code in new]
    common_weight = sum(weights[code] for code in common)
    rows: list[Row] = []
    for code in common:
        rows.append(["changed", code, _share(weights[code], common_weight) * (new[code] - old[code])])
    rows += _one_sided("appeared", new, old, weights, 1.0)
    rows += _one_sided("vanished", old, new, weights, -1.0)
    settings = _score(old, weights) - (before.score - before.guard)
    if settings_changed or abs(settings) > _ROUNDING:
        # the same settings may still score the old parts otherwise: by an earlier version of the program
        rows.append(["settings", "", settings])
    rows.append(["guard", "", after.guard - before.guard])
    return _summing(rows, after.score - before.score)


def _share(weight: float, total: float) -> float:
    return weight / total if total > 0 else 0.0


def _score(parts: Mapping[str, float], weights: Mapping[str, float]) -> float:
    total = sum(weights[code] for code in parts)
    return sum(_share(weights[code], total) * value for code, value in parts.items())


def _one_sided(
    kind: str,
    here: Mapping[str, float],
    there: Mapping[str, float],
    weights: Mapping[str, float],
    sign: float,
) -> list[Row]:
    total = sum(weights[code] for code in here)
    level = _score({code: value for code, value in here.items() if code in there}, weights)
    return [
        [kind, code, sign * _share(weights[code], total) * (here[code] - level)]
        for code in weights
        if code in here and code not in there
    ]


def _summing(rows: list[Row], difference: float) -> list[Row]:
    """The rows rounded, without those of zero; the largest takes what rounding the two scores left over."""
    rows = [[kind, code, round(points, PART_DECIMALS) + 0.0] for kind, code, points in rows]
    rows = [row for row in rows if row[2] != 0.0]
    rest = round(difference - sum(row[2] for row in rows), PART_DECIMALS)
    if not rows:
        return [["settings", "", rest]] if rest else []
    if abs(rest) > _ROUNDING:
        # no rounding: hiding it would hide a mistake in the rows
        return rows
    largest = max(rows, key=lambda row: abs(row[2]))
    largest[2] = round(largest[2] + rest, PART_DECIMALS) + 0.0
    return [row for row in rows if row[2] != 0.0]


def score_movement(
    before: Side, after: Side, weights: Mapping[str, float], settings_changed: bool
) -> dict | None:
    """What the contract tells of one score, or None when it did not move.

    Unknown on one side: that side is absent and there are no rows. Source: contract, the movement.

    >>> score_movement(Side(None), Side(50.0), {}, False)
    {'after': 50.0, 'rows': []}
    >>> score_movement(Side(50.0), Side(50.0000001), {}, False) is None
    True
    """
    if before.score is None or after.score is None:
        told = {
            name: side.score
            for name, side in (("before", before), ("after", after))
            if side.score is not None
        }
        return {**told, "rows": []} if told else None
    # scores are multiples of the last decimal shown; half of it allows for their being binary
    if abs(after.score - before.score) < MOVED * 0.5:
        return None
    rows = movement_rows(before, after, weights, settings_changed)
    return {"before": before.score, "after": after.score, "rows": rows}


def known_parts(codes: Sequence[str], explanation: str) -> tuple[dict[str, float], float] | None:
    """The normalised values of an explanation by factor code, and what its guard took; None when unreadable.

    By hand: the guard took 81 down to 49, that is −32.

    >>> known_parts(["margin", "image"],
    ...     '{"parts":[[41.2,"2026-11-20",73.5,29.4],"no_opinion"],"known":{},"guard":[81.0,49.0,"sales"]}')
    ({'margin': 73.5}, -32.0)
    >>> known_parts(["margin"], "{") is None
    True
    """
    try:
        told = json.loads(explanation)
        parts = dict(zip(codes, told["parts"], strict=True))
        values = {code: float(part[2]) for code, part in parts.items() if isinstance(part, list)}
        guard = told.get("guard")
        return values, float(guard[1]) - float(guard[0]) if guard else 0.0
    except (ValueError, TypeError, KeyError, IndexError):
        return None
