"""Health: how the account is doing now, from up to five components, and the guard that no average hides a
failure.

Where the components' figures come from is not known here: `engine` hands them in as a frame.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sync_worker.frames.schemas import CODES
from sync_worker.scoring.constants import (
    BAND_AMBER,
    BAND_GREEN,
    GUARD_CAP,
    GUARD_STRONG,
    GUARD_STRONG_CAP,
    GUARD_UNDER,
    OBJECTIVE_POINTS,
    PIPELINE_COVERAGE,
    SALES_PACE,
)

BANDS = pd.CategoricalDtype(list(CODES["band"]))


def _on_lines(values: pd.Series, points: tuple[tuple[float, float], ...]) -> pd.Series:
    figures, scores = zip(*points, strict=True)
    return pd.Series(np.interp(values.to_numpy(dtype="float64"), figures, scores), values.index)


def sales_component(pace: pd.Series) -> pd.Series:
    """Points 0..100 for sales, from the pace in percent (actual / target to date · 100); unknown stays
    unknown.

    60/85/95/105% give 0/50/75/100, with straight lines between and the ends beyond. Source: methodology,
    health.

    By hand: 90% is half way from 85 to 95, so half way from 50 to 75: 62.5.

    >>> sales_component(pd.Series([90.0, 40.0, 120.0, float("nan")])).tolist()
    [62.5, 0.0, 100.0, nan]
    """
    return _on_lines(pace, SALES_PACE)


def pipeline_component(coverage: pd.Series, target_reached: pd.Series) -> pd.Series:
    """Points 0..100 for the pipeline, from the coverage (open qualified amount / remaining target, a ratio).

    Coverage 0/1/2/3 gives 0/50/75/100; where the target is reached nothing remains to cover: 100, whatever
    the coverage. Unknown otherwise stays unknown. Source: methodology, health.

    By hand: 1.5 is half way from 1 to 2: 62.5.

    >>> pipeline_component(pd.Series([1.5, 4.0, float("nan"), float("nan")]),
    ...                    pd.Series([False, False, True, False])).tolist()
    [62.5, 100.0, 100.0, nan]
    """
    return _on_lines(coverage, PIPELINE_COVERAGE).where(~target_reached.astype(bool), 100.0)


def objectives_component(objective: pd.DataFrame) -> pd.Series:
    """Points 0..100 for the objectives of each account: the mean of their points, indexed by account.

    `objective` has one row per objective: `account_id` and `status`. On track and achieved are 100, at risk
    60, off track and missed 20; any other status (a draft) does not count. Accounts without one that counts
    are left out; no rows give no accounts. Source: methodology, health.

    By hand: one on track, one at risk, two missed: (100 + 60 + 20 + 20) / 4 = 50.

    >>> objective = pd.DataFrame({"account_id": [7] * 5 + [8],
    ...     "status": ["on_track", "at_risk", "missed", "missed", "draft", "draft"]})
    >>> objectives_component(objective).to_dict()
    {7: 50.0}
    """
    points = objective["status"].map(OBJECTIVE_POINTS).astype("float64")
    return points.dropna().groupby(objective["account_id"]).mean()


def index_component(index: pd.Series) -> pd.Series:
    """Points 0..100 for satisfaction (its index) and for relationship (its strength): the figure itself.

    Unknown stays unknown. Raises ValueError outside 0..100, for such a figure is no index. Source:
    methodology, health.

    >>> index_component(pd.Series([71.0, float("nan")])).tolist()
    [71.0, nan]
    """
    if ((index < 0) | (index > 100)).any():
        raise ValueError("an index lies in 0..100")
    return index.astype("float64")


def guarded(parts: pd.DataFrame, scores: pd.Series) -> pd.DataFrame:
    """`before`, `after` (0..100 or NaN) and `cap_code` (None when not capped), one row per account of
    `scores`.

    `parts` are the components: `account_id`, `code`, `weight`, `normalised`; `scores` their weighted score by
    account. Sales or satisfaction under 25 caps health at 49, another component at 74; a component that
    weighs nothing caps nothing. The code is that of the lowest cap, the first of equals in the order of
    `parts`. An unknown score stays unknown. No scores give no rows. Source: methodology, health, guard.

    By hand: 81 with sales at 20 becomes 49; 81 with the pipeline at 20 becomes 74; 60 with the pipeline at 20
    is already under 74.

    >>> parts = pd.DataFrame({"account_id": [1, 2, 3], "code": ["sales", "pipeline", "pipeline"],
    ...     "weight": [30.0, 10.0, 10.0], "normalised": [20.0, 20.0, 20.0]})
    >>> guarded(parts, pd.Series({1: 81.0, 2: 81.0, 3: 60.0})).to_numpy().tolist()
    [[81.0, 49.0, 'sales'], [81.0, 74.0, 'pipeline'], [60.0, 60.0, None]]
    """
    low = parts[(parts["normalised"] < GUARD_UNDER) & (parts["weight"] > 0)]
    low = low.assign(cap=np.where(low["code"].isin(GUARD_STRONG), GUARD_STRONG_CAP, GUARD_CAP))
    low = low.sort_values(["account_id", "cap"], kind="stable").drop_duplicates("account_id")
    cap = low.set_index("account_id")["cap"].reindex(scores.index)
    code = low.set_index("account_id")["code"].astype(object).reindex(scores.index)
    capped = (cap < scores).to_numpy()
    codes = np.where(capped, code.to_numpy(dtype=object), None)
    after = scores.where(~capped, cap)
    return pd.DataFrame(
        {"before": scores, "after": after, "cap_code": pd.Series(codes, scores.index, dtype=object)}
    )


def health_band(health: pd.Series) -> pd.Series:
    """The band as a category: under 50 red, under 75 amber, else green; unknown has none. No rows give no
    rows.

    Source: methodology, health.

    >>> health_band(pd.Series([49.9, 50.0, 75.0, float("nan")])).tolist()
    ['red', 'amber', 'green', nan]
    """
    codes = np.select([health.isna(), health < BAND_AMBER, health < BAND_GREEN], [-1, 2, 1], 0)
    return pd.Series(pd.Categorical.from_codes(codes, dtype=BANDS), health.index)
