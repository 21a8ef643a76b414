"""What was invested in an account, spread over its life: the part that falls into the revenue window."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd

from sync_worker.scoring.rounding import minor_units


def investment_cost(
    investments: pd.DataFrame, accounts: pd.Index, after: datetime.date, until: datetime.date, digits: int
) -> pd.Series:
    """`investment_cost`: money per account, 0 where nothing was invested, for the days after `after` up to `until`.

    `investments` is the section of the contract: `account_id`, `amount`, and the first and the last day of its life.
    The amount is spread evenly over the days of the life; those outside the window are not counted. Each
    investment is rounded to the currency's coin. No accounts give no rows. Source: methodology, net customer margin.

    By hand: 3,650 over the 365 days of 2026 are 10 a day. From 22 November 2025 to 21 November 2026 lie 325 of
    them (31 + 28 + 31 + 30 + 31 + 30 + 31 + 31 + 30 + 31 = 304 up to October, and 21), which cost 3,250. Of 900 over
    the 90 days from 1 September to 29 November 2025, the 8 from the 22nd on cost 80.

    >>> investments = pd.DataFrame({
    ...     "account_id": [1, 1, 2], "amount": [3650.0, 900.0, 500.0],
    ...     "date_start": pd.to_datetime(["2026-01-01", "2025-09-01", "2024-01-01"]),
    ...     "date_end": pd.to_datetime(["2026-12-31", "2025-11-29", "2024-12-31"])})
    >>> window = datetime.date(2025, 11, 21), datetime.date(2026, 11, 21)
    >>> investment_cost(investments, pd.Index([1, 2, 3]), *window, 2).tolist()
    [3330.0, 0.0, 0.0]
    """
    start, end = (investments[name].to_numpy().astype("datetime64[D]") for name in ("date_start", "date_end"))
    day = np.timedelta64(1, "D")
    first, last = np.maximum(start, np.datetime64(after, "D") + day), np.minimum(end, np.datetime64(until, "D"))
    counted = np.maximum((last - first + day) / day, 0.0)
    life = np.maximum((end - start + day) / day, 1.0)
    cost = pd.Series(investments["amount"].to_numpy() * counted / life, dtype="float64")
    coins = pd.Series(minor_units(cost, digits), dtype="float64")
    sums = coins.groupby(investments["account_id"].to_numpy()).sum()
    total = sums.reindex(accounts, fill_value=0.0).to_numpy() / 10.0**digits
    return pd.Series(total, accounts, name="investment_cost")
