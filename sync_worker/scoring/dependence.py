"""Who depends on whom: the account's weight in our sales against our weight in its purchases."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sync_worker.frames.config import Settings
from sync_worker.frames.schemas import CODES

QUADRANTS = pd.CategoricalDtype(list(CODES["dependence"]))


def dependence(frame: pd.DataFrame, settings: Settings) -> pd.Series:
    """The dependence quadrant as a category, one per row; unknown when any of the first three inputs is.

    `frame` has `share` (of our sales, 0..1), `share_of_wallet` (ours at the account, 0..1), `quality` (of the
    relation, 0..100) and `willingness` (0..100). The share is high from `dependence_sales` / capacity, the
    wallet from `dependence_wallet` percent; the relation is relational from `dependence_quality`, and reciprocity is
    confirmed from `willingness_gate`. An unknown willingness is not unknown dependence: reciprocity is then not
    confirmed. No rows give no rows. Source:
    methodology, dependence quadrant.

    By hand, at a capacity of 25, where high begins at 0.5/25 = 2%: 3% of our sales and 40% of its wallet
    depend on each other, and a willingness of 60 confirms it; 3% against 10% in a cool relation leaves us
    vulnerable; 1% against 40% in a good one makes us the inviting side; 1% against 10% is low; the last
    wallet is unknown.

    >>> frame = pd.DataFrame({
    ...     "share": [0.03, 0.03, 0.01, 0.01, 0.03], "share_of_wallet": [0.4, 0.1, 0.4, 0.1, float("nan")],
    ...     "quality": [70.0, 30.0, 70.0, 30.0, 70.0], "willingness": [60.0, 60.0, 60.0, 60.0, 60.0]})
    >>> dependence(frame, Settings()).tolist()
    ['mutual_partnership', 'vulnerable_supplier', 'inviting_supplier', 'low', nan]
    """
    ours = (frame["share"] >= settings.dependence_sales / settings.capacity).to_numpy()
    theirs = (frame["share_of_wallet"] >= settings.dependence_wallet / 100.0).to_numpy()
    relational = (frame["quality"] >= settings.dependence_quality).to_numpy()
    confirmed = (frame["willingness"] >= settings.willingness_gate).to_numpy()
    unknown = frame[["share", "share_of_wallet", "quality"]].isna().any(axis=1).to_numpy()
    both, only_ours, only_theirs = ours & theirs, ours & ~theirs, ~ours & theirs
    cases = {
        "mutual_partnership": both & relational & confirmed,
        "mutual_unconfirmed": both & relational & ~confirmed,
        "mutual_competitive": both & ~relational,
        "vulnerable_supplier": only_ours & ~relational,
        "inviting_buyer": only_ours & relational,
        "vulnerable_buyer": only_theirs & ~relational,
        "inviting_supplier": only_theirs & relational,
        "low": ~ours & ~theirs,
    }
    numbers = [QUADRANTS.categories.get_loc(name) for name in cases]
    codes = np.select([unknown, *cases.values()], [-1, *numbers], -1)
    return pd.Series(pd.Categorical.from_codes(codes, dtype=QUADRANTS), frame.index)
