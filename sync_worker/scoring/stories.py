"""The explanations and movements of the comparison set, account by account, from frames that are finished."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sync_worker.frames.config import RunConfig
from sync_worker.frames.schemas import CODES, SCORES
from sync_worker.scoring.constants import STRATEGIC_VALUE
from sync_worker.scoring.explanation import Note, compact, explanation, part_lists
from sync_worker.scoring.movement import Side, known_parts, score_movement


def explanations(
    parts: pd.DataFrame,
    known: pd.DataFrame,
    guards: pd.DataFrame,
    notes: Mapping[int, Sequence[Note]],
    named: Mapping[str, Mapping[int, list[list[Any]]]] | None = None,
) -> pd.Series:
    """The explanation of every member as JSON, indexed by account.

    `parts` as `with_contributions` gives them, the same number for each member; `known` has one row per
    member and one column per dimension (0..1, NaN where nothing weighs anything); `guards` as
    `health.guarded`, by member; `named` are the `answers` and the `people` that weigh most, each by account. No members
    give no rows.
    """
    members = known.index
    lists = part_lists(parts)
    width = len(lists) // max(len(members), 1)
    shares = known.to_dict("index")
    limits = dict(zip(guards.index, guards.itertuples(index=False, name=None), strict=True))
    told = []
    for number, account in enumerate(members):
        share = {name: value for name, value in shares[account].items() if value == value}
        limit = limits.get(account)
        own = lists[number * width : (number + 1) * width]
        guard = limit if limit and limit[2] else None
        weighing = {word: by_account[account] for word, by_account in (named or {}).items() if account in by_account}
        told.append(explanation(own, share, guard, notes.get(account, ()), weighing))
    return pd.Series(told, members, dtype=object)


def movements(
    history: pd.DataFrame,
    parts: pd.DataFrame,
    scores: pd.DataFrame,
    guards: pd.DataFrame,
    config: RunConfig,
    config_hash: str,
) -> pd.Series:
    """The movement of every member that has a history as JSON, indexed by account.

    `history` is the section of the contract; `parts` and `guards` as above; `scores` has one row per member
    and a column for each score. Members without a history are left out. A history whose explanation cannot be
    read tells only of scores that were unknown then.
    """
    # other references are for the rules that watch a drop
    told_of = history["reference"].isin(CODES["reference"])
    past = history[told_of & history["account_id"].isin(scores.index)]
    normalised = values_by_account(parts[parts["account_id"].isin(past["account_id"])])
    now = scores.to_dict("index")
    taken = (guards["after"] - guards["before"]).fillna(0.0).to_dict()
    weights = weights_by_score(config)
    told: dict[int, dict[str, Any]] = {}
    for row in past.to_dict("records"):
        account = row["account_id"]
        changed = _text(row["config_hash"]) != config_hash
        sides = _sides(row, now[account], normalised.get(account, {}), taken.get(account, 0.0), weights)
        moved = {
            name: movement
            for name, before, after in sides
            if (movement := score_movement(before, after, weights[name], changed)) is not None
        }
        since = row["as_of"].date().isoformat()
        told.setdefault(account, {})[row["reference"]] = {
            "since": since,
            "settings_changed": changed,
            "scores": moved,
        }
    return pd.Series({account: compact(story) for account, story in told.items()}, dtype=object)


def weights_by_score(config: RunConfig) -> dict[str, dict[str, float]]:
    """The weight of each factor in each of the scores that are told, by code, in the order of the factors."""
    weights: dict[str, dict[str, float]] = {name: {} for name in SCORES}
    for factor in config.factors:
        weights[factor.dimension][factor.code] = factor.weight
    # it is one opinion, shown whatever it weighs in attractiveness
    weights[STRATEGIC_VALUE] = {STRATEGIC_VALUE: 1.0}
    return weights


def _sides(
    row: Mapping[str, Any],
    scores: Mapping[str, float],
    parts: Mapping[str, float],
    guard: float,
    weights: Mapping[str, Mapping[str, float]],
) -> Iterator[tuple[str, Side, Side]]:
    past = known_parts(_text(row["codes"]).split(), _text(row["explanation"]))
    for name in SCORES:
        before, after = _known(row[name]), _known(scores[name])
        if past is None and before is not None:
            continue
        old_parts, old_guard = past or ({}, 0.0)
        of_health = name == "health"
        yield (
            name,
            Side(before, _own(old_parts, weights[name]), old_guard if of_health else 0.0),
            Side(after, _own(parts, weights[name]), guard if of_health else 0.0),
        )


def _own(parts: Mapping[str, float], weights: Mapping[str, float]) -> dict[str, float]:
    return {code: value for code, value in parts.items() if code in weights}


def values_by_account(parts: pd.DataFrame) -> dict[int, dict[str, float]]:
    """The normalised values of the known parts (`account_id`, `code`, `normalised`) of each account, by code."""
    known = parts[parts["normalised"].notna()]
    values: dict[int, dict[str, float]] = {}
    for account, code, value in zip(
        known["account_id"].tolist(), known["code"].tolist(), known["normalised"].tolist(), strict=True
    ):
        values.setdefault(account, {})[code] = value
    return values


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
