"""What is overdue, since when, and what it costs us that it is."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd

from sync_worker.frames.config import RunConfig
from sync_worker.scoring.constants import PERCENT_DECIMALS
from sync_worker.scoring.reasons import Reason
from sync_worker.scoring.rounding import rounded

DAYS_OF_YEAR = 365.0


def overdue(debt: pd.DataFrame, accounts: pd.Index, config: RunConfig, as_of: datetime.date) -> pd.DataFrame:
    """`overdue_amount` (money), `overdue_days`, `cost_of_capital` (money) and their reasons, one row per account.

    `debt` is the section of the contract. Overdue is what was due before `as_of`; an account without such is overdue
    with 0. Days are the mean over what is overdue, weighted by the amounts; without an amount there is no mean
    (`no_data`). The cost is Σ amount · days / 365 · rate, unknown without a rate (`no_cost_of_capital`). An amount in a
    currency without a rate makes all three unknown; all are `unavailable` when no source tells of debts. A
    source that tells of what we owe the customer (a negative amount; unpaid invoices as shipped do not) counts it
    against what the customer owes us, but for the days. Source: methodology, net customer margin.

    By hand: 1000 for 73 days and 3000 for 365 days at 10% a year: 20 + 300 = 320; the mean is
    (73 + 3·365) / 4 = 292 days.

    >>> config = RunConfig.model_validate({
    ...     "company": {"id": 1, "currency": "EUR", "digits": 2}, "settings": {"cost_of_capital": 10},
    ...     "kpis": [{"id": 9, "code": "unpaid"}], "sources": {"debt": 9}})
    >>> debt = pd.DataFrame({"account_id": 7, "due": pd.to_datetime(["2026-09-08", "2025-11-20", "2026-11-20"]),
    ...                      "amount": [1000.0, 3000.0, 500.0], "unknown": 0})
    >>> found = overdue(debt, pd.Index([7, 8]), config, datetime.date(2026, 11, 20))
    >>> found[["overdue_amount", "overdue_days", "cost_of_capital"]].values.tolist()
    [[4000.0, 292.0, 320.0], [0.0, nan, 0.0]]
    """
    late = debt[(debt["due"] < np.datetime64(as_of, "s")).to_numpy() & debt["account_id"].isin(accounts).to_numpy()]
    days = (np.datetime64(as_of, "s") - late["due"]).dt.days
    owed = late["amount"].clip(lower=0.0)
    sums = pd.DataFrame({
        "account_id": late["account_id"], "amount": late["amount"], "weighted": late["amount"] * days,
        "owed": owed, "owed_days": owed * days, "unknown": late["unknown"] + late["amount"].isna(),
    }).groupby("account_id").sum().reindex(accounts, fill_value=0.0)
    rate = config.settings.cost_of_capital
    known = config.kpi(config.sources.debt) is not None
    lacking = Reason.UNAVAILABLE if not known else np.where(sums["unknown"] > 0, Reason.NO_RATE, Reason.KNOWN)
    told = pd.Series(lacking, accounts) == Reason.KNOWN
    digits = config.company.digits
    cost = sums["weighted"] / DAYS_OF_YEAR * (np.nan if rate is None else rate / 100.0)
    figures = {
        "overdue_amount": (rounded(sums["amount"], digits), Reason.NO_DATA),
        "overdue_days": (rounded(sums["owed_days"] / sums["owed"].where(sums["owed"] > 0), PERCENT_DECIMALS),
                         Reason.NO_DATA),
        "cost_of_capital": (rounded(cost, digits), Reason.NO_COST_OF_CAPITAL),
    }
    columns: dict[str, object] = {}
    for name, (figure, why) in figures.items():
        own = figure.where(told)
        columns[name] = own
        columns[f"{name}_reason"] = np.select(
            [own.notna(), ~told], [Reason.KNOWN, lacking], why).astype("int8")
    return pd.DataFrame(columns, index=accounts)
