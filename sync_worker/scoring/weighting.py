"""The weighted mean over what is known: the score of every dimension, and health before its guard."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sync_worker.scoring.constants import KNOWN_SHARE, PART_DECIMALS, SCORE_DECIMALS
from sync_worker.scoring.rounding import rounded

# weights such as 0.1 + 0.2 are no exact numbers; half of the weight must not fail by their last bit
_SLACK = 1e-9


def with_contributions(parts: pd.DataFrame) -> pd.DataFrame:
    """The same parts with `contribution`: weight × normalised / known weight of the dimension; NaN when
    unknown.

    `parts` has one row per account and factor: `account_id`, `dimension`, `weight`, `normalised` (0..100 or
    NaN). The contributions of a dimension sum to its score, whether or not half of the weight is known. When
    all that is known weighs nothing, they are 0. No rows give no rows. Source: contract, explanation.

    By hand: weights 30 and 10 are known, 40 in all: 30·80/40 = 60 and 10·20/40 = 5.

    >>> parts = pd.DataFrame({"account_id": [1, 1, 1], "dimension": ["position"] * 3,
    ...     "weight": [30.0, 10.0, 20.0], "normalised": [80.0, 20.0, float("nan")]})
    >>> with_contributions(parts)["contribution"].tolist()
    [60.0, 5.0, nan]
    """
    known = parts["weight"].where(parts["normalised"].notna(), 0.0)
    total = known.groupby([parts["account_id"], parts["dimension"]], observed=True).transform("sum")
    share = np.where(total > 0, known / total.where(total > 0, 1.0), 0.0)
    return parts.assign(contribution=rounded(parts["normalised"] * share, PART_DECIMALS))


def weighted_scores(parts: pd.DataFrame) -> pd.DataFrame:
    """One row per account and dimension: `score` (0..100 or NaN) and `known` (known weight / all weight,
    0..1).

    `parts` is what `with_contributions` gives. Under half of the weight known: NaN. Every weight zero: both
    NaN. The scale of the weights does not matter. No rows give no rows. Source: methodology, attractiveness
    and health.

    By hand, as above: 60 + 5 = 65, with 40 of 60 known, two thirds.

    >>> parts = pd.DataFrame({"account_id": [1, 1, 1], "dimension": ["position"] * 3,
    ...     "weight": [30.0, 10.0, 20.0], "normalised": [80.0, 20.0, float("nan")]})
    >>> weighted_scores(with_contributions(parts)).to_dict("records")
    [{'account_id': 1, 'dimension': 'position', 'score': 65.0, 'known': 0.66666667}]
    """
    known = parts["normalised"].notna()
    sums = (
        parts.assign(known=parts["weight"].where(known, 0.0), score=parts["contribution"].fillna(0.0))
        .groupby(["account_id", "dimension"], observed=True, as_index=False)[["score", "known", "weight"]]
        .sum()
    )
    share = sums["known"] / sums["weight"].where(sums["weight"] > 0)
    score = sums["score"].where(share >= KNOWN_SHARE - _SLACK).clip(0.0, 100.0)
    sums = sums.assign(score=rounded(score, SCORE_DECIMALS), known=rounded(share, PART_DECIMALS))
    return sums[["account_id", "dimension", "score", "known"]]
