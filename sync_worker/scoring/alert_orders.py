"""Orders: fewer of them than usual, and none for longer than ever.

What is counted are days with an order, not orders: a customer whose order is split over five documents has bought once.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from sync_worker.frames.config import AlertRule
from sync_worker.scoring.alert_candidates import AMBER, CLEAR, HOLD, OPEN, RED, Watch, candidates, lacking, severity_of
from sync_worker.scoring.constants import (
    FEWEST_ORDER_DAYS,
    ORDER_BACK,
    ORDER_BASE_DAYS,
    ORDER_CHANCE,
    ORDER_DAYS,
    ORDER_EXPECTED,
    ORDER_LOW,
    ORDER_MARGIN_DAYS,
    ORDER_VERY_LOW,
)


def poisson_at_most(counted: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """The chance of so many or fewer where so many are expected: Σ e^−λ·λ^i/i! for i from 0 to the count.

    Exact (a sum of at most `max(counted) + 1` terms, in logarithms, so that nothing underflows). NaN where either is
    unknown, 1 where nothing is expected. No values give none. Source: the Poisson distribution.

    By hand: of 2 expected, none at all has e^−2 = 0.1353, at most one has 3·e^−2 = 0.4060.

    >>> poisson_at_most(np.array([0.0, 1.0, 5.0, np.nan]), np.array([2.0, 2.0, 0.0, 2.0])).round(4).tolist()
    [0.1353, 0.406, 1.0, nan]
    """
    counted, expected = counted.astype("float64"), expected.astype("float64")
    known = ~(np.isnan(counted) | np.isnan(expected))
    chance = np.where(known, 1.0, np.nan)
    rows = np.flatnonzero(known & (expected > 0))
    if not len(rows):
        return chance
    terms = np.arange(int(counted[rows].max()) + 1)
    factorials = np.array([math.lgamma(term + 1) for term in terms])
    # by lines of a thousand: a line is as long as the largest count
    for some in np.array_split(rows, len(rows) // 1000 + 1):
        rate = expected[some, None]
        each = np.exp(terms * np.log(rate) - rate - factorials)
        chance[some] = np.where(terms <= counted[some, None], each, 0.0).sum(axis=1)
    return np.minimum(chance, 1.0)


def order_rate(rule: AlertRule, watch: Watch) -> pd.DataFrame:
    """Ordering days of the last 60 days against the rate of the last 180, in percent.

    Opens under `amber` percent when a steady customer would have so few with a chance of under 5%, and at least 6 days
    are expected; red under `red` percent; cleared from `clear` percent on. Few expected days hold, and say nothing.
    Source: methodology, alert, orders.

    By hand: 36 days in 180 are 12 in 60. Three are 25%, with a chance of e^−12·(1 + 12 + 72 + 288) = 0.23%: red. Ten
    are 83%: what is open stays. Eleven are 92%: cleared.
    """
    rhythm = watch.by_account(watch.inputs.rhythm)
    counted = rhythm["days_60"].astype("float64")
    expected = rhythm["days_180"].astype("float64") * (ORDER_DAYS / ORDER_BASE_DAYS)
    percent = counted / expected.where(expected > 0) * 100.0
    chance = poisson_at_most(counted.to_numpy(), expected.to_numpy())
    low = ORDER_LOW if rule.amber is None else rule.amber
    very_low = ORDER_VERY_LOW if rule.red is None else rule.red
    grave = (percent < very_low).to_numpy()
    telling = (expected >= ORDER_EXPECTED).to_numpy() & (chance < ORDER_CHANCE)
    opens = telling & ((percent < low).to_numpy() | grave)
    back = (percent >= (ORDER_BACK if rule.clear is None else rule.clear)).to_numpy()
    return candidates(
        rhythm["account_id"], np.select([opens, back], [OPEN, CLEAR], HOLD), np.where(grave, RED, AMBER),
        value=percent, threshold=np.where(grave, very_low, low), unknown=lacking(percent),
        counted=counted, expected=expected, chance=chance, last=rhythm["last_date"],
    )


def order_silence(rule: AlertRule, watch: Watch) -> pd.DataFrame:
    """Days since the last order against the longest gap between ordering days of the year.

    Opens when they are more by a margin, of a customer with at least three ordering days in the year; cleared by the
    next order. The margin is six days, so that somebody who looks every day sees it within a week. Source: methodology,
    alert, orders; decision on alerts and false alarms for the margin.

    By hand: the longest gap was 20 days. After 26 days without an order all is well, after 27 the alert opens.
    """
    rhythm = watch.by_account(watch.inputs.rhythm)
    silent = watch.days_since(rhythm["last_date"])
    longest = rhythm["longest_gap"].astype("float64")
    # a door that does not count the year's ordering days gives at least those of half a year
    year = rhythm["days_365"].fillna(rhythm["days_180"])
    limit = longest + ORDER_MARGIN_DAYS
    late, over = (silent > longest).to_numpy(), (silent > limit).to_numpy()
    often = (year >= FEWEST_ORDER_DAYS).to_numpy()
    return candidates(
        rhythm["account_id"], np.select([over & often, late], [OPEN, HOLD], CLEAR), severity_of(rule, RED),
        value=silent, threshold=limit, since=rhythm["last_date"], unknown=lacking(silent - longest),
        last=rhythm["last_date"], longest_gap=longest, year_days=year,
    )
