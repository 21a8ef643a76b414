"""Which accounts are compared with each other, and the selection matrix."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sync_worker.frames.schemas import CODES
from sync_worker.scoring.constants import COMPARED_PER_CAPACITY

QUADRANTS = pd.CategoricalDtype(list(CODES["quadrant"]))


def comparison_set(accounts: pd.DataFrame, rated: pd.Index, capacity: int) -> pd.Series:
    """Who belongs to the comparison set: one boolean per account.

    `accounts` is indexed by account and has `is_key`, `is_candidate`, `is_active` (0 or 1) and `revenue`;
    `rated` are the accounts with an opinion on strategic value that still counts. Members are flagged
    accounts, candidates, rated accounts and the largest by revenue, up to 3 × `capacity` of them (equal
    revenues by account); never an archived account, and no account is large without positive revenue. No
    accounts give an empty answer. Source: methodology, comparison set.

    By hand, at a capacity of 1: 1 is flagged, 2 is a candidate, 3 is rated; the three largest of those that
    are active are 5, 6 and 7; 4 is archived, 8 is the fourth and 9 has bought nothing.

    >>> accounts = pd.DataFrame({
    ...     "is_key": [1, 0, 0, 0, 0, 0, 0, 0, 0], "is_candidate": [0, 1, 0, 0, 0, 0, 0, 0, 0],
    ...     "is_active": [1, 1, 1, 0, 1, 1, 1, 1, 1],
    ...     "revenue": [1.0, 1.0, 1.0, 99.0, 9.0, 8.0, 7.0, 6.0, 0.0]}, index=range(1, 10))
    >>> members = comparison_set(accounts, pd.Index([3]), capacity=1)
    >>> members.index[members].tolist()
    [1, 2, 3, 5, 6, 7]
    """
    active = accounts["is_active"].to_numpy() == 1
    named = (accounts["is_key"].to_numpy() == 1) | (accounts["is_candidate"].to_numpy() == 1)
    member = named | accounts.index.isin(rated)
    revenue = np.where(active, np.nan_to_num(accounts["revenue"].to_numpy(dtype="float64")), 0.0)
    largest = np.lexsort((accounts.index.to_numpy(), -revenue))[: COMPARED_PER_CAPACITY * capacity]
    member[largest[revenue[largest] > 0]] = True
    return pd.Series(member & active, accounts.index)


def quadrant(attractiveness: pd.Series, position: pd.Series, cut: float) -> pd.Series:
    """The selection quadrant as a category: `invest`, `selective`, `maintain`, `cash`; unknown when either
    is.

    Scores 0..100; high begins at the `cut` itself. No rows give no rows. Source: methodology, selection
    quadrant.

    By hand, cut at 50: both high invest; attractive but weak selective; strong but dull maintain; neither
    cash.

    >>> quadrant(pd.Series([50.0, 80.0, 49.9, 10.0, 80.0]), pd.Series([50.0, 20.0, 60.0, 10.0, float("nan")]),
    ...          50).tolist()
    ['invest', 'selective', 'maintain', 'cash', nan]
    """
    unknown = attractiveness.isna().to_numpy() | position.isna().to_numpy()
    attractive, strong = (attractiveness >= cut).to_numpy(), (position >= cut).to_numpy()
    codes = np.select([unknown, attractive & strong, attractive, strong], [-1, 0, 1, 2], 3)
    return pd.Series(pd.Categorical.from_codes(codes, dtype=QUADRANTS), attractiveness.index)
