"""From a raw figure to a factor score on 0..100: percentile, bounds, steps or opinion."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sync_worker.frames.config import Factor
from sync_worker.scoring.constants import PART_DECIMALS, PERCENTILE_MEMBERS
from sync_worker.scoring.opinions import rating_score
from sync_worker.scoring.reasons import Reason
from sync_worker.scoring.rounding import rounded


def percentile(raw: pd.Series) -> pd.Series:
    """The mid-rank percentile (0..100) of every known value among the known ones; ties get their average.

    Share of the values below, plus half the share of those equal (itself among them). Unknown stays unknown;
    no rows give no rows. Source: methodology, factor score.

    By hand, of four: nothing is below the 1 and half of itself counts: ½/4 = 12.5%. One is below the two 5s,
    and half of the two: 2/4 = 50%. Three are below the 9: 3½/4 = 87.5%.

    >>> percentile(pd.Series([5.0, 1.0, 9.0, 5.0, float("nan")])).tolist()
    [50.0, 12.5, 87.5, 50.0, nan]
    """
    return (raw.rank(method="average") - 0.5) / max(int(raw.notna().sum()), 1) * 100.0


def between_bounds(raw: pd.Series, low: float | None, high: float | None) -> pd.Series:
    """Where every value lies between the bounds, 0..100, clipped at both; unknown without two different
    bounds.

    `low` may be the higher number: then less is more. No rows give no rows. Source: methodology, factor
    score: bounds are set, never taken from the data.

    By hand, between 10 and 50, which is 40 wide: 20 is a quarter of the way; 5 and 60 lie outside.

    >>> between_bounds(pd.Series([20.0, 5.0, 60.0, float("nan")]), 10, 50).tolist()
    [25.0, 0.0, 100.0, nan]
    """
    if low is None or high is None or low == high:
        return raw * np.nan
    return ((raw - low) / (high - low) * 100.0).clip(0.0, 100.0)


def on_steps(raw: pd.Series, steps: tuple[tuple[float, float], ...]) -> pd.Series:
    """The score of the highest step reached; 0 under the first one; unknown stays unknown, or without steps.

    `steps` are (from, score), ascending. No rows give no rows. Source: methodology, factor score.

    By hand: 12 has reached the step at 10 and not the one at 20; 20 has just reached it; 3 has reached none.

    >>> on_steps(pd.Series([12.0, 20.0, 3.0, float("nan")]), ((10, 40), (20, 90))).tolist()
    [40.0, 90.0, 0.0, nan]
    """
    if not steps:
        return raw * np.nan
    starts = np.array([start for start, _score in steps])
    scores = np.array([0.0, *(score for _start, score in steps)])
    reached = scores[np.searchsorted(starts, raw.to_numpy(), side="right")]
    return pd.Series(reached, raw.index).where(raw.notna())


def normalised(raw: pd.DataFrame, factor: Factor, peers: np.ndarray | None = None) -> pd.DataFrame:
    """The same rows with `normalised` (0..100 or NaN) and the `reason` brought up to date.

    `raw` has `raw` and `reason`, one row per member of the comparison set: a percentile is taken among them, and among
    the figures of `peers` where only some of the set are there.
    With fewer than 10 known members it says nothing, and the factor's fixed bounds are used; without bounds
    the factor is unknown (`no_bounds`). Opinions are on a scale of their own, whatever the method; a
    component of health comes normalised already. No rows give no rows. Source: methodology, factor score.

    By hand: two members are too few for a percentile; 30 lies three quarters up from 0 to 40; inverted, where
    less is better, that leaves a quarter.

    >>> factor = Factor(id=1, code="cost", dimension="position", weight=1, source="measure", measure="growth",
    ...                 method="percentile", low=0, high=40, inverted=True)
    >>> normalised(pd.DataFrame({"raw": [30.0, 0.0], "reason": [0, 0]}), factor)["normalised"].tolist()
    [25.0, 100.0]
    """
    figures = raw["raw"]
    score = raw["normalised"] if factor.source == "component" else _score(figures, factor, peers)
    if factor.inverted:
        score = 100.0 - score
    reason = np.where(figures.notna() & score.isna(), Reason.NO_BOUNDS, raw["reason"]).astype("int8")
    return raw.assign(normalised=rounded(score, PART_DECIMALS), reason=reason)


def _score(figures: pd.Series, factor: Factor, peers: np.ndarray | None) -> pd.Series:
    if factor.source == "opinion":
        return rating_score(figures)
    if factor.method == "steps":
        return on_steps(figures, factor.steps)
    everybody = figures if peers is None else pd.Series([*figures, *peers])
    if factor.method == "percentile" and everybody.notna().sum() >= PERCENTILE_MEMBERS:
        return percentile(everybody)[: len(figures)].set_axis(figures.index)
    return between_bounds(figures, factor.low, factor.high)
