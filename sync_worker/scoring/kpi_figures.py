"""Figures that the run works out anyhow, as key figures: what is known of each member today.

Satisfaction, relationship, wallet, money over the revenue window, debts and health, under the names that the addon
offers (kam_management/tools/kpi.py). Shares are 0..1, money is in the company's currency.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sync_worker.scoring.constants import PERCENT_DECIMALS
from sync_worker.scoring.reasons import Reason

Figure = tuple[pd.Series, object]
"""The values by account, and the reason where there is none: one, or one for each account."""

SATISFACTION = {"nps": "nps", "csat": "csat", "ces": "ces", "favourability": "favourability",
                "satisfaction_index": "satisfaction", "response_rate": "response_rate"}
RELATIONSHIP = {"relationship_strength": "strength", "coverage": "coverage", "role_coverage": "role_coverage",
                "relationship_gap": "gap", "relationship_quality": "quality"}
COUNTED = ("people_in_touch", "contacts_90")
OF_ACCOUNTS = ("share_of_wallet", "net_margin", "cost_to_serve", "overdue_amount", "overdue_days", "cost_of_capital")
IN_PERCENT = ("margin_percent", "growth")
ESTIMATED = ("net_margin", "margin_percent")
NAMES = frozenset((*SATISFACTION, *RELATIONSHIP, *COUNTED, *OF_ACCOUNTS, *IN_PERCENT, "white_space", "gross_retention",
                   "net_retention", "health"))
"""The figures of this module; those that depend on targets and deals are in `kpi_sales`."""


@dataclass(frozen=True)
class Known:
    """What figures are read from: `accounts` as `accounts.account_facts` gives them, the tables `satisfaction` and
    `relationship` of the run, the section `person`, and `health` by account."""

    accounts: pd.DataFrame
    satisfaction: pd.DataFrame
    relationship: pd.DataFrame
    person: pd.DataFrame
    health: pd.Series


def figure(name: str, known: Known, members: pd.Index) -> Figure | None:
    """One figure of every member; None for a name that this module does not know.

    Of people who are on record, nobody in touch and no contact are 0; whatever nothing is on record of is unknown.

    By hand: 80 after 100 before keeps 80%; 150 after 100 keeps all of it, and in net terms half more.

    >>> from sync_worker.frames.reader import empty
    >>> from sync_worker.frames.schemas import SECTIONS, TABLES
    >>> accounts = pd.DataFrame({"revenue": [80.0, 150.0, 5.0], "revenue_before": [100.0, 100.0, 0.0],
    ...                          "revenue_reason": 0}, index=[1, 2, 3])
    >>> known = Known(accounts, empty(TABLES["satisfaction"]), empty(TABLES["relationship"]),
    ...               empty(SECTIONS["person"]), pd.Series(dtype="float64"))
    >>> [figure(name, known, accounts.index)[0].tolist() for name in ("gross_retention", "net_retention")]
    [[0.8, 1.0, nan], [0.8, 1.5, nan]]
    >>> figure("people_in_touch", known, accounts.index)[0].tolist(), figure("weather", known, accounts.index)
    ([nan, nan, nan], None)
    """
    if name in SATISFACTION:
        return _satisfaction(SATISFACTION[name], known.satisfaction, members)
    if name in RELATIONSHIP:
        return _relationship(RELATIONSHIP[name], known.relationship, members)
    if name in COUNTED:
        return _counted(name, known, members), Reason.NO_PEOPLE
    if name in ("gross_retention", "net_retention"):
        return _retention(known.accounts.loc[members], "gross" in name)
    if name == "health":
        return known.health.reindex(members).astype("float64"), Reason.NO_DATA
    if name == "white_space":
        return known.accounts.loc[members, name], Reason.NO_DATA
    if name in OF_ACCOUNTS or name in IN_PERCENT:
        own = known.accounts.loc[members]
        lacking = own[f"{name}_reason"].to_numpy()
        # of a key figure `not_yet` says that it is too early; no category of the wallet is no record
        return own[name] / (100.0 if name in IN_PERCENT else 1.0), np.where(
            lacking == Reason.NOT_YET, Reason.NO_DATA, lacking)
    return None


def estimated(name: str, known: Known, members: pd.Index) -> np.ndarray:
    """Whether a figure stands on an estimated margin, one boolean per member."""
    if name not in ESTIMATED:
        return np.zeros(len(members), dtype=bool)
    return known.accounts.loc[members, "margin_estimated"].to_numpy() == 1


def _satisfaction(column: str, table: pd.DataFrame, members: pd.Index) -> Figure:
    whole = (table["scope"] == "account") & table["touchpoint_id"].isna()
    own = table[whole].set_index("subject_id").reindex(members)
    answered = (own["answers"].fillna(0) > 0).to_numpy()
    if column == "response_rate":
        return own[column].astype("float64"), Reason.NO_DATA
    few = column == "satisfaction"
    return own[column].astype("float64"), np.where(answered & few, Reason.FEW_ANSWERS, Reason.NO_ANSWERS)


def _relationship(column: str, table: pd.DataFrame, members: pd.Index) -> Figure:
    own = table.set_index("account_id").reindex(members)
    if column == "quality":
        return own[column].astype("float64"), Reason.NO_OPINION
    if column == "role_coverage":
        return own[column].astype("float64"), Reason.NO_DATA
    nobody = (own["people"].fillna(0) == 0).to_numpy()
    lacking = Reason.NO_DATA if column == "gap" else Reason.NO_CONTACT
    return own[column].astype("float64"), np.where(nobody, Reason.NO_PEOPLE, lacking)


def _counted(name: str, known: Known, members: pd.Index) -> pd.Series:
    if name == "people_in_touch":
        table = known.relationship.set_index("account_id")
        found = table[name].where(table["people"] > 0)
    else:
        found = known.person["contact_days"].fillna(0.0).groupby(known.person["account_id"]).sum()
    return found.reindex(members).astype("float64")


def _retention(own: pd.DataFrame, gross: bool) -> Figure:
    """Source: methodology, retention: Σ min(revenue, revenue before) / Σ revenue before; net without the min."""
    now, before = own["revenue"], own["revenue_before"]
    kept = np.minimum(now, before) if gross else now
    ratio = (kept / before.where(before > 0)).round(PERCENT_DECIMALS + 2)
    reason = own["revenue_reason"].to_numpy()
    return ratio, np.where(reason > 0, reason, np.where(before.isna(), Reason.NO_RATE, Reason.NO_REVENUE))
