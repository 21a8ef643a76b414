"""How much of the sales hangs on few accounts, and how alarming that is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sync_worker.frames.config import Settings
from sync_worker.scoring.constants import SCORE_DECIMALS, SHARE_DECIMALS, TOP
from sync_worker.scoring.rounding import minor_units

NONE, WARNING, CRITICAL, EXTREME = range(4)


def concentration(revenue: pd.Series, active: pd.Series, digits: int) -> dict[str, float]:
    """`largest_share` and `top5_share` (0..1) and `hhi` (0..10,000) of the active accounts.

    `revenue` is money by account, `active` says who belongs to the portfolio. The shares are of all positive
    revenue, that of archived accounts too: their documents still count. With no positive revenue all three
    are NaN. Source: methodology, concentration: HHI = Σ (100·share)².

    By hand: 50, 30 and 20 of 100: the largest has half, the five have all, and 50² + 30² + 20² = 2500 + 900 +
    400 = 3800.

    >>> concentration(pd.Series([50.0, 30.0, 20.0, -7.0]), pd.Series([True] * 4), 2)
    {'largest_share': 0.5, 'top5_share': 1.0, 'hhi': 3800.0}
    """
    positive = np.maximum(minor_units(revenue, digits), 0.0)
    total = positive.sum()
    if not total > 0:
        return {"largest_share": np.nan, "top5_share": np.nan, "hhi": np.nan}
    own = np.sort(positive[active.to_numpy(dtype=bool)])[::-1]
    return {
        "largest_share": round(float(own[:1].sum() / total), SHARE_DECIMALS),
        "top5_share": round(float(own[:TOP].sum() / total), SHARE_DECIMALS),
        "hhi": round(float(((100.0 * own / total) ** 2).sum()), SCORE_DECIMALS),
    }


def concentration_band(largest: float, five: float, settings: Settings) -> float:
    """0 none, 1 warning, 2 critical, 3 extreme; NaN when the shares (0..1) are unknown.

    Source: methodology, concentration; the thresholds (percent) are settings.

    By hand: 15% in one hand is the warning itself; 14% is not, but with 45% in five hands it is all the same.

    >>> settings = Settings()
    >>> concentration_band(0.15, 0.3, settings), concentration_band(0.14, 0.45, settings)
    (1.0, 1.0)
    >>> concentration_band(0.14, 0.39, settings), concentration_band(0.2, 0.8, settings)
    (0.0, 2.0)
    >>> concentration_band(0.8, 0.9, settings), concentration_band(float("nan"), float("nan"), settings)
    (3.0, nan)
    """
    if np.isnan(largest) or np.isnan(five):
        return np.nan

    # dividing the threshold keeps 0.29 >= 29/100 true, which 100 × 0.29 >= 29 is not
    def one(percent: float) -> bool:
        return largest >= percent / 100.0

    def top(percent: float) -> bool:
        return five >= percent / 100.0

    if one(settings.concentration_one_extreme):
        return float(EXTREME)
    if one(settings.concentration_one_critical) or top(settings.concentration_five_critical):
        return float(CRITICAL)
    if one(settings.concentration_one_warning) or top(settings.concentration_five_warning):
        return float(WARNING)
    return float(NONE)
