"""The explanation of one account: the compact array of the contract, aligned with the run's factors."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sync_worker.scoring.reasons import WORDS

Part = list[Any] | str
Note = str | list[Any]
"""A word, or a word with the number of the account that it is about."""
# one for all: `json.dumps` would make another for each of ten thousand texts
_WRITER = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


def compact(value: Any) -> str:
    """JSON without blanks, with the keys in the order given; a NaN is refused (ValueError), it is no JSON.

    >>> compact({"b": [1.5, "x"], "a": None})
    '{"b":[1.5,"x"],"a":null}'
    """
    return _WRITER.encode(value)


def part_lists(parts: pd.DataFrame) -> list[Part]:
    """Every row of `parts` as the contract writes it: a list when known, the word of the reason when not.

    `parts` is what `weighting.with_contributions` gives. No rows give no parts.

    >>> row = {"raw": 41.2, "date": pd.Timestamp("2026-11-20"), "normalised": 73.5, "contribution": 29.4,
    ...        "reason": 0, "raters": float("nan"), "spread": float("nan")}
    >>> opinion = {**row, "raters": 2.0, "spread": 3.0}
    >>> gap = {**row, "normalised": float("nan"), "reason": 1}
    >>> part_lists(pd.DataFrame([row, opinion, gap]))
    [[41.2, '2026-11-20', 73.5, 29.4], [41.2, '2026-11-20', 73.5, 29.4, 2, 3.0], 'no_opinion']
    """
    dates = np.datetime_as_string(parts["date"].to_numpy(), unit="D").tolist()
    numbers = (parts[name].tolist() for name in ("raw", "normalised", "contribution", "raters", "spread"))
    lists: list[Part] = []
    for date, reason, raw, score, contribution, raters, spread in zip(
        dates, parts["reason"].tolist(), *numbers, strict=True
    ):
        if reason:
            lists.append(WORDS[reason])
        elif raters == raters:  # not NaN: an opinion
            lists.append([raw, date, score, contribution, int(raters), spread])
        else:
            lists.append([raw, date, score, contribution])
    return lists


def explanation(
    parts: Sequence[Part],
    known: Mapping[str, float],
    guard: tuple[float, float, str] | None,
    notes: Iterable[Note],
    named: Mapping[str, list[list[Any]]] | None = None,
) -> str:
    """The JSON of one account.

    `known` is the share of known weight per dimension (0..1), `guard` is before, after and the capping
    component when health was capped, `named` are the `answers` and the `people` that weigh most, as far as there are
    any. Source: contract, the explanation.

    >>> explanation(["no_opinion"], {"position": 0.0}, (81.0, 49.0, "sales"), ["margin_estimated"])
    '{"parts":["no_opinion"],"known":{"position":0.0},"guard":[81.0,49.0,"sales"],"notes":["margin_estimated"]}'
    >>> explanation([], {}, None, [], {"answers": [[5, 0.5, 100.0]]})
    '{"parts":[],"known":{},"answers":[[5,0.5,100.0]],"notes":[]}'
    """
    told: dict[str, Any] = {"parts": list(parts), "known": dict(known)}
    if guard is not None:
        told["guard"] = list(guard)
    told |= named or {}
    told["notes"] = list(notes)
    return compact(told)
