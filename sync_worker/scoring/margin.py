"""Margin and net customer margin: what is left after the goods, after serving the customer and investing in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sync_worker.scoring.constants import KNOWN_SHARE, PERCENT_DECIMALS
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
    margin on (`facts.kpi_values`), which is that of the documents whose cost is known. Only where the base is
    all of the revenue is the margin itself the answer; everything else is marked as estimated. Of revenue
    beyond the base, the company's `default` (percent) is taken; without a default, the percentage of the base
    stands for all of it if the base is at least half of the revenue, and the margin is unknown (`no_data`) if
    it is less. A base larger than the revenue (it comes from other documents) gives its percentage. Without a
    base above zero there is only the default. No rows give no rows. Source: methodology, net customer margin:
    unknown cost of goods.

    By hand, with a default of 40%: 60 on a base of 200, which is all of the revenue, is 30%. On a base of 120
    of 200 were earned 30; 40% of the other 80 are 32, in all 62, which is 31%. On a base of 250 of other
    documents were earned 50, a fifth, and a fifth of 200 is 40. Without a base, 40% of 200 is 80.

    >>> sales = pd.DataFrame({"revenue": [200.0] * 4, "revenue_reason": [0] * 4})
    >>> margin = pd.DataFrame({"now": [60.0, 30.0, 50.0, 0.0], "reason": [0] * 4})
    >>> base = pd.DataFrame({"now": [200.0, 120.0, 250.0, 0.0], "reason": [0] * 4})
    >>> gross_margin(sales, margin, base, default=40.0, digits=2)[
    ...     ["margin_percent", "margin", "margin_estimated"]].to_numpy().tolist()
    [[30.0, 60.0, 0.0], [31.0, 62.0, 1.0], [20.0, 40.0, 1.0], [40.0, 80.0, 1.0]]

    Without a default the second is a quarter of 200, and the last unknown.

    >>> gross_margin(sales, margin, base, default=None, digits=2)[
    ...     ["margin_percent", "margin", "margin_estimated"]].to_numpy().tolist()
    [[30.0, 60.0, 0.0], [25.0, 50.0, 1.0], [20.0, 40.0, 1.0], [nan, nan, 0.0]]
    """
    sold = sales["revenue"]
    earned, on = rounded(margin["now"], digits), rounded(base["now"], digits)
    lacking = np.where(margin["reason"] != Reason.KNOWN, margin["reason"], base["reason"])
    known = lacking == Reason.KNOWN
    whole = known & (on == sold)
    share = _share_of_all(earned, on, sold, default).where(known)
    if default is not None:
        share = share.fillna(default / 100.0)
    percent = rounded(share * 100.0, PERCENT_DECIMALS)
    amount = rounded((sold * share).mask(whole, earned), digits)
    unknown = np.where(lacking != Reason.KNOWN, lacking, np.where(sold > 0, Reason.NO_DATA, Reason.NO_REVENUE))
    reason = np.where(share.notna(), Reason.KNOWN, unknown)
    amount_reason = np.where(sales["revenue_reason"] != Reason.KNOWN, sales["revenue_reason"], reason)
    return pd.DataFrame(
        {
            "margin_percent": percent,
            "margin_percent_reason": reason.astype("int8"),
            "margin": amount,
            "margin_reason": np.where(amount.notna(), Reason.KNOWN, amount_reason).astype("int8"),
            "margin_estimated": (share.notna() & ~(whole & (on != 0))).astype("int64"),
        },
        index=sales.index,
    )


def _share_of_all(earned: pd.Series, on: pd.Series, sold: pd.Series, default: float | None) -> pd.Series:
    """The margin as a share of all revenue, as far as the base tells; NaN where it does not."""
    of_base = earned / on.where((on > 0) | ((on == sold) & (on != 0)))
    short = (on > 0) & (on < sold)
    if default is None:
        return of_base.mask(short & (on < sold * KNOWN_SHARE))
    return of_base.mask(short, (earned + (sold - on) * default / 100.0) / sold.where(sold > 0))


def net_margin(
    gross: pd.DataFrame,
    sales: pd.DataFrame,
    drivers: Sequence[tuple[pd.DataFrame, float]],
    digits: int,
    invested: pd.Series | None = None,
    capital: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """`net_margin` and `cost_to_serve` (money), `cost_to_serve_percent` (of revenue) and their reasons, one row per
    account.

    `gross` is what `gross_margin` gives, `sales` what `window.revenue` gives; each driver is its documents
    (`facts.kpi_values`, `now` counts them) with the cost of one; `invested` is what `investments.investment_cost`
    gives, and `capital` what `debts.overdue` gives of the `cost_of_capital`; nothing by default, and neither is a cost
    to serve. Like a driver, a cost of capital that is unknown makes the net margin unknown; where nobody set a rate for
    it there is none to give. Without drivers the cost to serve is unknown
    (`no_data`) and the net margin is the gross margin, said in a note. A driver that is unknown makes both
    unknown. The cost to serve is no percentage of a revenue of zero or less (`no_revenue`). No rows give no
    rows. Source: methodology, net customer margin = revenue − cost of goods − Σ driver·unit cost − overdue
    amount·days/365·cost of capital − investments spread over their life.

    By hand: 5 deliveries of 12 and 2 returns of 20 cost 60 + 40 = 100; of a gross margin of 300 are left 200,
    and 100 is a tenth of a revenue of 1000.

    >>> gross = pd.DataFrame({"margin": [300.0], "margin_reason": [0]})
    >>> sales = pd.DataFrame({"revenue": [1000.0], "revenue_reason": [0]})
    >>> count = lambda n: pd.DataFrame({"now": [n], "reason": [0]})
    >>> net_margin(gross, sales, [(count(5.0), 12.0), (count(2.0), 20.0)], 2)[
    ...     ["net_margin", "cost_to_serve_percent"]].to_numpy().tolist()
    [[200.0, 10.0]]

    With 30 invested, 170 are left, and serving the account costs what it did. What it owes us too long costs 20 more.

    >>> net_margin(gross, sales, [(count(5.0), 12.0), (count(2.0), 20.0)], 2, pd.Series([30.0]))[
    ...     ["net_margin", "cost_to_serve_percent"]].to_numpy().tolist()
    [[170.0, 10.0]]
    >>> capital = pd.DataFrame({"cost_of_capital": [20.0], "cost_of_capital_reason": [0]})
    >>> net_margin(gross, sales, [(count(5.0), 12.0), (count(2.0), 20.0)], 2, pd.Series([30.0]), capital)[
    ...     ["net_margin", "cost_to_serve"]].to_numpy().tolist()
    [[150.0, 100.0]]
    """
    cost, cost_reason = _cost_to_serve(sales.index, drivers)
    spent = cost if invested is None else cost + invested.to_numpy()
    spent_reason = cost_reason
    if capital is not None:
        spent = spent + capital["cost_of_capital"].to_numpy(dtype="float64")
        spent_reason = np.where(cost_reason == Reason.KNOWN, capital["cost_of_capital_reason"], cost_reason)
    net = rounded(gross["margin"] - spent, digits)
    gross_reason = gross["margin_reason"].to_numpy()
    revenue = sales["revenue"]
    percent = rounded(cost / revenue.where(revenue > 0) * 100.0, PERCENT_DECIMALS)
    if not drivers:
        percent = percent * np.nan
    served = pd.Series(cost if drivers else np.nan, sales.index, dtype="float64")
    percent_reason = np.select(
        [percent.notna(), not drivers, cost_reason != Reason.KNOWN, sales["revenue_reason"] != Reason.KNOWN],
        [Reason.KNOWN, Reason.NO_DATA, cost_reason, sales["revenue_reason"]],
        Reason.NO_REVENUE,
    )
    return pd.DataFrame(
        {
            "net_margin": net,
            "net_margin_reason": np.where(gross_reason != Reason.KNOWN, gross_reason, spent_reason).astype(
                "int8"
            ),
            "cost_to_serve": rounded(served, digits),
            "cost_to_serve_reason": np.where(served.notna(), Reason.KNOWN, cost_reason if drivers else Reason.NO_DATA)
            .astype("int8"),
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
