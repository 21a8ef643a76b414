"""What one source KPI says about every account: a dense view of its facts, with reasons for the gaps."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sync_worker.frames.config import Kpi
from sync_worker.scoring.reasons import Reason


def kpi_values(fact: pd.DataFrame, accounts: pd.Index, kpi: Kpi | None) -> pd.DataFrame:
    """One row per account, indexed by `account_id`: `now`, `before`, `documents`, `last_date`, `reason`,
    `reason_before`.

    `fact` is the section of the contract, `accounts` the ids wanted; `kpi` is None when no usable KPI stands
    behind the figure: all is unknown then, as `unavailable`. An account without documents has 0 when the KPI
    sums or counts, else it is unknown (`no_data`). A figure of which a document has no rate is unknown
    (`no_rate`), whatever the column says. No accounts give no rows. Source: contract, section `fact`.

    By hand: account 1 sold 50 with every amount known; account 2 has an order in a currency without a rate,
    so that its 70 is not the whole truth; account 3 has no documents, and the sum over nothing is 0.

    >>> fact = pd.DataFrame({
    ...     "account_id": [1, 2], "kpi_id": [3, 3], "value_now": [50.0, 70.0], "value_before": [0.0, 10.0],
    ...     "unknown_now": [0, 1], "unknown_before": [0, 0], "documents": [4, 6],
    ...     "last_date": pd.to_datetime(["2026-10-01", "2026-11-01"])})
    >>> values = kpi_values(fact, pd.Index([1, 2, 3]), Kpi(id=3, code="orders"))
    >>> values["now"].tolist(), values["before"].tolist(), values["documents"].tolist()
    ([50.0, nan, 0.0], [0.0, 10.0, 0.0], [4.0, 6.0, 0.0])
    >>> [Reason(code).word for code in values["reason"]]
    ['known', 'no_rate', 'known']
    """
    if kpi is None:
        return _nothing(accounts)
    own = fact[fact["kpi_id"].to_numpy() == kpi.id].set_index("account_id")
    own = own.reindex(accounts) if not own.index.equals(accounts) else own
    without = own["documents"].isna().to_numpy()
    blank = 0.0 if kpi.zero_without_documents else np.nan
    columns: dict[str, np.ndarray] = {}
    for name, suffix, reason in (("now", "now", "reason"), ("before", "before", "reason_before")):
        value = np.where(without, blank, own[f"value_{suffix}"].to_numpy(dtype="float64"))
        no_rate = np.nan_to_num(own[f"unknown_{suffix}"].to_numpy(dtype="float64")) > 0
        value = np.where(no_rate, np.nan, value)
        columns[name] = value
        columns[reason] = np.where(
            no_rate, Reason.NO_RATE, np.where(np.isnan(value), Reason.NO_DATA, Reason.KNOWN)
        ).astype("int8")
    columns["documents"] = np.nan_to_num(own["documents"].to_numpy(dtype="float64"))
    columns["last_date"] = own["last_date"].to_numpy()
    return pd.DataFrame(columns, index=accounts)


def _nothing(accounts: pd.Index) -> pd.DataFrame:
    unknown = np.full(len(accounts), np.nan)
    unavailable = np.full(len(accounts), Reason.UNAVAILABLE, dtype="int8")
    return pd.DataFrame(
        {
            "now": unknown,
            "before": unknown,
            "reason": unavailable,
            "reason_before": unavailable,
            "documents": unknown,
            "last_date": np.full(len(accounts), np.datetime64("NaT", "s")),
        },
        index=accounts,
    )
