"""What one account is compared with when it is scored alone: the last full run, as it was then.

Others have not been read again, so their figures, the account's rank and its share of the sales stay as that run left
them.
"""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

STANDING = ("rank", "share", "cumulative_share", "pareto_class", "margin_class")


def peer_figures(peer: pd.DataFrame, account: pd.Series) -> dict[str, np.ndarray]:
    """The known raw figures of the comparison set by factor, without those of `account`, from their explanations.

    `peer` is the section of the contract. An explanation that cannot be read tells nothing. No peers give no figures.

    >>> explanation = '{"parts":[[41.2,"2026-11-20",73.5,29.4],"no_opinion"]}'
    >>> peer = pd.DataFrame({"account_id": [7, 8, 9], "codes": "gross_margin image",
    ...                      "explanation": [explanation, explanation, "{"]})
    >>> peer_figures(peer, pd.Series([7]))
    {'gross_margin': array([41.2])}
    """
    others = peer[~peer["account_id"].isin(account)]
    found: dict[str, list[float]] = {}
    for codes, explanation in zip(others["codes"], others["explanation"], strict=True):
        for code, raw in _known(codes, explanation):
            found.setdefault(code, []).append(raw)
    return {code: np.array(figures) for code, figures in sorted(found.items())}


def _known(codes: object, explanation: object) -> list[tuple[str, float]]:
    if not isinstance(codes, str) or not isinstance(explanation, str):
        return []
    try:
        told = json.loads(explanation)
        parts = list(zip(codes.split(), told["parts"], strict=True))
        return [(code, float(part[0])) for code, part in parts if isinstance(part, list)]
    except (ValueError, KeyError, TypeError, IndexError):
        return []


def placed(accounts: pd.DataFrame, standing: pd.DataFrame) -> pd.DataFrame:
    """The accounts with the rank, the shares and the classes that they had; unknown for one that had none.

    >>> standing = pd.DataFrame({"account_id": [7], "rank": 3.0, "share": 0.2, "cumulative_share": 0.6,
    ...                          "pareto_class": "A", "margin_class": None, "is_compared": 1})
    >>> placed(pd.DataFrame({"rank": [1.0], "share": 1.0}, index=[7]), standing)[["rank", "share"]].values.tolist()
    [[3.0, 0.2]]
    """
    own = standing.set_index("account_id").reindex(accounts.index)
    return accounts.assign(**{name: own[name] for name in STANDING})


def was_compared(accounts: pd.DataFrame, standing: pd.DataFrame) -> pd.Series:
    """Who belongs to the comparison set: who did, and who has been named since; never an archived account."""
    own = standing.set_index("account_id")["is_compared"].reindex(accounts.index)
    named = (accounts["is_key"] == 1) | (accounts["is_candidate"] == 1)
    return ((own == 1) | named) & (accounts["is_active"] == 1)
