"""Scores and their parts: a level that is too low, and a fall within days.

A fall counts only what changed among the parts known on both days, under the same settings: a factor that appeared, one
that vanished, the guard and other weights are no news of the customer.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sync_worker.frames.config import AlertRule
from sync_worker.frames.schemas import SCORES
from sync_worker.scoring.alert_candidates import Watch, candidates, graded, lacking, thresholds
from sync_worker.scoring.constants import DROP_DAYS
from sync_worker.scoring.movement import Side, known_parts, movement_rows
from sync_worker.scoring.reasons import Reason
from sync_worker.scoring.stories import values_by_account, weights_by_score

LEVELS = (*SCORES, "satisfaction", "nps", "relationship", "relationship_quality", "growth", "margin_percent",
          "share_of_wallet", "share")
"""The columns of the table `score` that a rule may watch."""
LOST = 3
"""So many parts are named that took the most."""


def score_level(rule: AlertRule, watch: Watch) -> pd.DataFrame | None:
    """A score under (`below`) or from (`above`) a threshold on."""
    if rule.score not in LEVELS or not thresholds(rule):
        return None
    scored = watch.by_account(watch.inputs.score)
    value = scored[rule.score].astype("float64")
    return candidates(scored["account_id"], value=value, **graded(value, rule, rule.condition == "above"),
                      unknown=lacking(value), score=rule.score)


def component_level(rule: AlertRule, watch: Watch) -> pd.DataFrame | None:
    """A part of a score (a component of health, a factor), 0..100, under or from a threshold on."""
    if not rule.component or not thresholds(rule):
        return None
    part = watch.by_account(_part(watch, rule.component))
    value = part["normalised"].astype("float64")
    return candidates(part["account_id"], value=value, **graded(value, rule, rule.condition == "above"),
                      unknown=lacking(value), component=rule.component)


def score_drop(rule: AlertRule, watch: Watch) -> pd.DataFrame | None:
    """By how many points a score fell over the window, by what changed alone.

    Unknown without a history of that day, when the settings are others, and when the score was or is unknown. Source:
    methodology, explanation.
    """
    if rule.score not in SCORES or not thresholds(rule):
        return None
    past = _past(rule, watch)
    scores = watch.inputs.score.set_index("account_id")[rule.score].to_dict()
    weights = weights_by_score(watch.config)[rule.score]
    here = watch.inputs.parts
    values = values_by_account(here[here["account_id"].isin(past["account_id"])])
    rows = {}
    for account, old, codes, told in past[["account_id", rule.score, "codes", "explanation"]].itertuples(index=False):
        parts = _old_parts(codes, told)
        if parts is not None:
            own = values.get(account, {})
            rows[account] = _fall(old, scores.get(account, np.nan), parts, own, weights)
    return _dropped(rule, watch, past, rows)


def component_drop(rule: AlertRule, watch: Watch) -> pd.DataFrame | None:
    """By how many points of its 0..100 a part of a score fell over the window; unknown as for a score."""
    if not rule.component or not thresholds(rule):
        return None
    past = _past(rule, watch)
    now = _part(watch, rule.component).set_index("account_id")["normalised"].to_dict()
    rows = {}
    for account, codes, told in past[["account_id", "codes", "explanation"]].itertuples(index=False):
        old, new = (_old_parts(codes, told) or {}).get(rule.component), now.get(account, np.nan)
        if old is not None and new == new:
            rows[account] = (old - new, old, new, [])
    return _dropped(rule, watch, past, rows)


def _part(watch: Watch, code: str) -> pd.DataFrame:
    parts = watch.inputs.parts
    # a code stands in one dimension only
    return parts[parts["code"] == code].drop_duplicates("account_id")


def _past(rule: AlertRule, watch: Watch) -> pd.DataFrame:
    days = rule.window_days or DROP_DAYS
    reference = "week" if days == DROP_DAYS else f"days_{days}"
    history = watch.own(watch.inputs.history)
    return history[(history["reference"] == reference) & (history["config_hash"] == watch.inputs.config_hash)]


def _old_parts(codes: object, told: object) -> dict[str, float] | None:
    known = known_parts(codes.split() if isinstance(codes, str) else [], told if isinstance(told, str) else "")
    return known[0] if known else None


def _fall(before: float, after: float, old: dict[str, float], new: dict[str, float],
          weights: dict[str, float]) -> tuple[float, float, float, list]:
    """How far it fell by what changed, both scores, and what took the most."""
    if before != before or after != after:
        return np.nan, before, after, []
    sides = [
        Side(score, {code: value for code, value in parts.items() if code in weights})
        for score, parts in ((before, old), (after, new))
    ]
    moved = movement_rows(*sides, weights, settings_changed=False)
    changed = [(code, points) for kind, code, points in moved if kind == "changed"]
    taken = sorted((points, code) for code, points in changed if points < 0)
    return -sum(points for _code, points in changed), before, after, [[code, points] for points, code in taken[:LOST]]


def _dropped(rule: AlertRule, watch: Watch, past: pd.DataFrame, rows: dict[int, tuple]) -> pd.DataFrame:
    columns = ["drop", "before", "after", "lost"]
    falls = pd.DataFrame.from_dict(rows, orient="index", columns=columns).reindex(watch.accounts)
    compared = past.set_index("account_id")["as_of"].reindex(watch.accounts)
    drop = falls["drop"].astype("float64").round(6)
    what = {"score": rule.score} if rule.subject == "score" else {"component": rule.component}
    return candidates(
        pd.Series(watch.accounts, watch.accounts), value=drop, **graded(drop, rule, high_is_bad=True),
        unknown=lacking(drop, Reason.NO_DATA), before=falls["before"].astype("float64"),
        after=falls["after"].astype("float64"), compared=compared, lost=falls["lost"], **what,
    )
