"""Who makes the sales: rank, share, cumulative share and Pareto class."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sync_worker.scoring.constants import SHARE_DECIMALS
from sync_worker.scoring.rounding import minor_units, rounded

CLASSES = pd.CategoricalDtype(["A", "B", "C"])


def ranking(values: pd.Series, digits: int) -> pd.DataFrame:
    """`rank` (1 is the largest, equal values share one: 1, 2, 2, 4), `share` and `cumulative_share` (0..1).

    `values` is money, indexed by account, rounded to `digits`. Shares are of the sum of the positive values;
    who has none of it (zero or less) has a share of 0. The cumulative share includes the account itself;
    equal values follow each other by account. Unknown values are unknown in all three; with no positive value
    the shares are. No rows give no rows. Source: contract, table `score`.

    By hand: of 50 + 30 + 20 = 100 the shares are 0.5, 0.3 and 0.2, and add up to 0.5, 0.8 and 1.

    >>> ranking(pd.Series([30.0, 50.0, -4.0, 20.0, float("nan")]), 2).to_numpy().tolist()
    [[2.0, 0.3, 0.8], [1.0, 0.5, 0.5], [4.0, 0.0, 1.0], [3.0, 0.2, 1.0], [nan, nan, nan]]
    """
    known = values.notna()
    positive, order = _descending(values, digits)
    total = positive.sum()
    cumulative = np.empty(len(values))
    cumulative[order] = np.cumsum(positive[order])
    if total > 0:
        share, cumulative = positive / total, cumulative / total
    else:
        share = cumulative = np.full(len(values), np.nan)
    columns = {"share": share, "cumulative_share": cumulative}
    shares = {
        name: rounded(pd.Series(column, values.index).where(known), SHARE_DECIMALS)
        for name, column in columns.items()
    }
    return pd.DataFrame({"rank": values.rank(method="min", ascending=False), **shares})


def pareto_class(values: pd.Series, digits: int, cut_a: float, cut_b: float) -> pd.Series:
    """A, B or C for every account, as a category; unknown values have no class.

    Sorted descending, an account is A while the share of those before it is under `cut_a` percent, B while
    under `cut_b`, else C. Equal values share the better class; zero or less is C. No rows give no rows.
    Source: methodology, Pareto class.

    By hand, of 100 in all: before the 50 stand 0% (A), before the 30 stand 50% (A), before the two 10s stand
    80% (no longer under 80: B; the second shares it), and nothing is before what is not there: 0 is C.

    >>> pareto_class(pd.Series([50.0, 30.0, 10.0, 10.0, 0.0, float("nan")]), 2, 80, 95).tolist()
    ['A', 'A', 'B', 'B', 'C', nan]
    """
    positive, order = _descending(values, digits)
    total = positive.sum()
    run = positive[order]
    before = np.cumsum(run) - run
    # the first of equal values stands for all of them
    first = np.searchsorted(-run, -run, side="left") if len(run) else np.empty(0, dtype="int64")
    share = np.empty(len(run))
    share[order] = before[first] * 100.0
    codes = np.select([positive <= 0, share < cut_a * total, share < cut_b * total], [2, 0, 1], 2)
    codes = np.where(values.isna(), -1, codes)
    return pd.Series(pd.Categorical.from_codes(codes, dtype=CLASSES), values.index)


def _descending(values: pd.Series, digits: int) -> tuple[np.ndarray, np.ndarray]:
    """The positive part in whole coins, and the order from the largest, equal values by account."""
    positive = np.maximum(minor_units(values, digits), 0.0)
    return positive, np.lexsort((values.index.to_numpy(), -positive))
