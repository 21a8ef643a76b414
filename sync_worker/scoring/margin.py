"""Margin and net customer margin: what is left after the goods, and after serving the customer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sync_worker.scoring.constants import PERCENT_DECIMALS
from sync_worker.scoring.reasons import Reason
from sync_worker.scoring.rounding import rounded


def gross_margin(
    sales: pd.DataFrame,
    margin: pd.DataFrame,
    base: pd.DataFrame,
    *,
    default: float | None,
    digits: int,
) -> pd.DataFrame:
    """`margin_percent`, `margin` (money), `margin_estimated` (0 or 1) and their reasons, one row per account.

    `sales` is what `window.revenue` gives; `margin` and `base` are the margin source and the amount it is a
    margin on (`facts.kpi_values`). The percentage is margin / base; the amount is revenue × percentage, and
    the margin itself, to the cent, where the base is all of the revenue. Without a known percentage the
    company's `default` (percent) stands in and is marked as estimated; without a default it is unknown. No
    rows give no rows. Source: methodology, net customer margin: unknown cost of goods.

    By hand: 30 on a base of 120 is a quarter, and a quarter of a revenue of 200 is 50. The second account has
    no base: the default of 40% of 200 is 80, marked.

    >>> sales = pd.DataFrame({"revenue": [200.0, 200.0], "revenue_reason": [0, 0]})
    >>> margin = pd.DataFrame({"now": [30.0, 0.0], "reason": [0, 0]})
    >>> base = pd.DataFrame({"now": [120.0, 0.0], "reason": [0, 0]})
    >>> gross_margin(sales, margin, base, default=40.0, digits=2)[
    ...     ["margin_percent", "margin", "margin_estimated"]].to_numpy().tolist()
    [[25.0, 50.0, 0.0], [40.0, 80.0, 1.0]]
    """
    earned, on = rounded(margin["now"], digits), rounded(base["now"], digits)
    percent = rounded(earned / on.where(on != 0) * 100.0, PERCENT_DECIMALS)
    lacking = np.where(margin["reason"] != Reason.KNOWN, margin["reason"], base["reason"])
    reason = np.where(lacking != Reason.KNOWN, lacking, np.where(percent.isna(), Reason.NO_REVENUE, 0))
    estimated = percent.isna() & (default is not None)
    if default is not None:
        percent = percent.fillna(rounded(pd.Series([float(default)]), PERCENT_DECIMALS).iloc[0])
        reason = np.zeros(len(percent), dtype="int8")
    share = sales["revenue"] * percent / 100.0
    whole = (on == sales["revenue"]) & (margin["reason"] == Reason.KNOWN) & (base["reason"] == Reason.KNOWN)
    amount = rounded(share.mask(whole, earned), digits)
    amount_reason = np.where(sales["revenue_reason"] != Reason.KNOWN, sales["revenue_reason"], reason)
    return pd.DataFrame(
        {
            "margin_percent": percent,
            "margin_percent_reason": reason.astype("int8"),
            "margin": amount,
            "margin_reason": np.where(amount.notna(), Reason.KNOWN, amount_reason).astype("int8"),
            "margin_estimated": estimated.astype("int64"),
        },
        index=sales.index,
    )


def net_margin(
    gross: pd.DataFrame,
    sales: pd.DataFrame,
    drivers: Sequence[tuple[pd.DataFrame, float]],
    digits: int,
) -> pd.DataFrame:
    """`net_margin` (money), `cost_to_serve_percent` (of revenue) and their reasons, one row per account.

    `gross` is what `gross_margin` gives, `sales` what `window.revenue` gives; each driver is its documents
    (`facts.kpi_values`, `now` counts them) with the cost of one. Without drivers the cost to serve is unknown
    (`no_data`) and the net margin is the gross margin, said in a note. A driver that is unknown makes both
    unknown. The cost to serve is no percentage of a revenue of zero or less (`no_revenue`). No rows give no
    rows. Source: methodology, net customer margin = revenue − cost of goods − Σ driver·unit cost.

    By hand: 5 deliveries of 12 and 2 returns of 20 cost 60 + 40 = 100; of a gross margin of 300 are left 200,
    and 100 is a tenth of a revenue of 1000.

    >>> gross = pd.DataFrame({"margin": [300.0], "margin_reason": [0]})
    >>> sales = pd.DataFrame({"revenue": [1000.0], "revenue_reason": [0]})
    >>> count = lambda n: pd.DataFrame({"now": [n], "reason": [0]})
    >>> net_margin(gross, sales, [(count(5.0), 12.0), (count(2.0), 20.0)], 2)[
    ...     ["net_margin", "cost_to_serve_percent"]].to_numpy().tolist()
    [[200.0, 10.0]]
    """
    cost, cost_reason = _cost_to_serve(sales.index, drivers)
    net = rounded(gross["margin"] - cost, digits)
    gross_reason = gross["margin_reason"].to_numpy()
    revenue = sales["revenue"]
    percent = rounded(cost / revenue.where(revenue > 0) * 100.0, PERCENT_DECIMALS)
    if not drivers:
        percent = percent * np.nan
    percent_reason = np.select(
        [percent.notna(), not drivers, cost_reason != Reason.KNOWN, sales["revenue_reason"] != Reason.KNOWN],
        [Reason.KNOWN, Reason.NO_DATA, cost_reason, sales["revenue_reason"]],
        Reason.NO_REVENUE,
    )
    return pd.DataFrame(
        {
            "net_margin": net,
            "net_margin_reason": np.where(gross_reason != Reason.KNOWN, gross_reason, cost_reason).astype(
                "int8"
            ),
            "cost_to_serve_percent": percent,
            "cost_to_serve_percent_reason": percent_reason.astype("int8"),
        },
        index=sales.index,
    )


def _cost_to_serve(
    accounts: pd.Index, drivers: Sequence[tuple[pd.DataFrame, float]]
) -> tuple[np.ndarray, np.ndarray]:
    cost = np.zeros(len(accounts))
    reason = np.zeros(len(accounts), dtype="int8")
    for documents, unit_cost in drivers:
        cost = cost + documents["now"].to_numpy() * unit_cost
        reason = np.where(reason == Reason.KNOWN, documents["reason"], reason).astype("int8")
    return cost, reason
