"""How much a person counts: by the influence that they have at the account."""

from __future__ import annotations

import pandas as pd

from sync_worker.scoring.constants import INFLUENCE, UNKNOWN_INFLUENCE


def influence(power: pd.Series) -> pd.Series:
    """The weight of each person: low ½, medium 1, high 2, unknown 1. No rows give no rows.

    Source: methodology, satisfaction index and strength of the account.

    >>> influence(pd.Series(["low", "medium", "high", None], dtype=object)).tolist()
    [0.5, 1.0, 2.0, 1.0]
    """
    return power.map(INFLUENCE).astype("float64").fillna(UNKNOWN_INFLUENCE)
