"""The revenue window: what an account bought in it, and growth over the window before."""

from __future__ import annotations

import calendar
import datetime

import numpy as np
import pandas as pd

from sync_worker.scoring.constants import PERCENT_DECIMALS
from sync_worker.scoring.reasons import Reason
from sync_worker.scoring.rounding import rounded


def months_before(day: datetime.date, months: int) -> datetime.date:
    """The same day so many months earlier, or the last day of that month when it is shorter.

    By hand: 18 months before August 2026 is February 2025, which has no 31st.

    >>> months_before(datetime.date(2026, 8, 31), 18)
    datetime.date(2025, 2, 28)
    >>> months_before(datetime.date(2026, 11, 21), 12)
    datetime.date(2025, 11, 21)
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))


def revenue(values: pd.DataFrame, digits: int) -> pd.DataFrame:
    """Revenue of the window and of the one before, in the company's currency, and growth in percent.

    `values` is the revenue source as `facts.kpi_values` gives it (the database has already cut the windows).
    Gives the same rows with `revenue`, `revenue_before`, `growth`, their reasons (`…_reason`), `documents`
    (up to `as_of`, whatever their age; a source that is not there has none) and `last_document`. No rows give
    no rows. Source: methodology, revenue window: growth is null when the window before is zero or less.

    By hand: 150 after 120 is 30 more, a quarter of 120: 25%. Nothing can grow from 0, nor from a loss.

    >>> values = pd.DataFrame({"now": [150.0, 80.0, 80.0], "before": [120.0, 0.0, -5.0],
    ...     "reason": [0, 0, 0], "reason_before": [0, 0, 0], "documents": [9.0, 2.0, 3.0],
    ...     "last_date": pd.to_datetime(["2026-11-01"] * 3)})
    >>> revenue(values, 2)["growth"].tolist()
    [25.0, nan, nan]
    """
    now, before = rounded(values["now"], digits), rounded(values["before"], digits)
    base = before.where(before > 0)
    growth = rounded((now / base - 1.0) * 100.0, PERCENT_DECIMALS)
    lacking = np.where(values["reason"] != Reason.KNOWN, values["reason"], values["reason_before"])
    growth_reason = np.where(
        growth.notna(), Reason.KNOWN, np.where(lacking != Reason.KNOWN, lacking, Reason.NO_REVENUE)
    )
    return pd.DataFrame(
        {
            "revenue": now,
            "revenue_reason": values["reason"],
            "revenue_before": before,
            "growth": growth,
            "growth_reason": growth_reason.astype("int8"),
            "documents": values["documents"].fillna(0.0).astype("int64"),
            "last_document": values["last_date"],
        },
        index=values.index,
    )
