"""The quality of a relation: what its raters say of each aspect, put together."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd

from sync_worker.frames.config import Settings
from sync_worker.scoring.constants import PART_DECIMALS, SCORE_DECIMALS
from sync_worker.scoring.explanation import compact
from sync_worker.scoring.opinions import counting_opinions, rating_score, weighted_means
from sync_worker.scoring.rounding import rounded


def counting_ratings(
    assessment: pd.DataFrame, settings: Settings, as_of: datetime.date
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What `opinions.counting_opinions` says of ratings: an aspect of a relation stands where a factor does.

    `assessment` is the section of the contract: of each rater the latest rating of an aspect counts, unless it is over
    `opinion_max_age` months old.
    """
    ratings = assessment.rename(columns={"aspect": "factor_id", "assessment_id": "opinion_id"})
    return counting_opinions(ratings, settings, as_of)


def aspect_means(
    counting: pd.DataFrame, managers: pd.Series, settings: Settings, as_of: datetime.date
) -> pd.DataFrame:
    """One row per account and aspect that counts, sorted: `score` (0..100 or NaN), `raters`, `spread`, `date`.

    `counting` are the ratings that count, as `counting_ratings` gives them; `managers` is the user id of each account's
    own manager, indexed by account, NaN when it has none. A rating weighs as an opinion does: the older the lighter,
    the account's own manager half. The manager alone makes no mean: the score is unknown then. An aspect that is good
    when low is turned round. `spread` is highest minus lowest rating (on 1..10). No ratings give no rows. Source:
    methodology, relationship quality and opinion.

    By hand: trust rated 10 today by one and 4 by another half a life, 180 days, ago: (10 + ½·4) / 1½ = 8, which is 7/9
    of the way: 77.78. Conflict rated 3 by one is 2/9 of the way, turned round 7/9. Only the manager (9) rated
    closeness.

    >>> assessment = pd.DataFrame({
    ...     "account_id": 7, "aspect": ["trust", "trust", "conflict", "closeness"], "is_inverted": [0, 0, 1, 0],
    ...     "rater_id": [1, 2, 1, 9], "value": [10.0, 4.0, 3.0, 8.0], "assessment_id": [1, 2, 1, 3],
    ...     "date": pd.to_datetime(["2026-11-20", "2026-05-24", "2026-11-20", "2026-11-20"])})
    >>> _rated, counting = counting_ratings(assessment, Settings(), datetime.date(2026, 11, 20))
    >>> means = aspect_means(counting, pd.Series({7: 9.0}), Settings(), datetime.date(2026, 11, 20))
    >>> means[["aspect", "score", "raters", "spread"]].round(2).to_numpy().tolist()
    [['closeness', nan, 1, 0.0], ['conflict', 77.78, 1, 0.0], ['trust', 77.78, 2, 6.0]]
    """
    means = weighted_means(counting, managers, settings, as_of).rename(columns={"factor_id": "aspect"})
    inverted = counting.groupby(["account_id", "factor_id"])["is_inverted"].max().to_numpy() == 1
    score = rating_score(means["raw"])
    score = score.where(~inverted, 100.0 - score).where(means["others"] > 0)
    return means.assign(score=rounded(score, PART_DECIMALS))[
        ["account_id", "aspect", "score", "raters", "spread", "date"]
    ]


def relationship_quality(
    assessment: pd.DataFrame, managers: pd.Series, settings: Settings, as_of: datetime.date
) -> pd.DataFrame:
    """`quality` (0..100), `quality_raters`, `quality_date`, `aspects` (JSON), one row per account with assessments.

    Indexed and sorted by `account_id`; `assessment` is the section of the contract, `managers` as in `aspect_means`.
    Quality is the plain mean of the aspects that are known. `quality_raters` and `quality_date` (the latest) are of all
    ratings that count, the manager's alone as well. Where none counts any longer there are no raters and all is
    unknown. No ratings give no rows. Source: methodology, relationship quality.

    By hand, as above: (77.78 + 77.78) / 2 = 77.78, by two raters and the manager.

    >>> assessment = pd.DataFrame({
    ...     "account_id": 7, "aspect": ["trust", "trust", "conflict", "closeness"], "is_inverted": [0, 0, 1, 0],
    ...     "rater_id": [1, 2, 1, 9], "value": [10.0, 4.0, 3.0, 8.0], "assessment_id": [1, 2, 1, 3],
    ...     "date": pd.to_datetime(["2026-11-20", "2026-05-24", "2026-11-20", "2026-11-20"])})
    >>> found = relationship_quality(assessment, pd.Series({7: 9.0}), Settings(), datetime.date(2026, 11, 20))
    >>> found[["quality", "quality_raters"]].to_numpy().tolist()
    [[77.777778, 3.0]]
    >>> found["aspects"].tolist()[0]
    '{"conflict":[77.77777778,1,0.0,"2026-11-20"],"trust":[77.77777778,2,6.0,"2026-11-20"]}'
    """
    rated, counting = counting_ratings(assessment, settings, as_of)
    means = aspect_means(counting, managers, settings, as_of)
    accounts = pd.Index(np.unique(rated["account_id"]), name="account_id", dtype="int64")
    by_account = counting.groupby("account_id")
    known = means[means["score"].notna()]
    return pd.DataFrame(
        {
            "quality": rounded(known.groupby("account_id")["score"].mean().reindex(accounts), SCORE_DECIMALS),
            "quality_raters": by_account["rater_id"].nunique().reindex(accounts).fillna(0).astype("int64"),
            "quality_date": by_account["date"].max().reindex(accounts),
            "aspects": _aspects(known).reindex(accounts),
        },
        index=accounts,
    )


def _aspects(known: pd.DataFrame) -> pd.Series:
    days = np.datetime_as_string(known["date"].to_numpy(), unit="D").tolist()
    columns = (known[name].tolist() for name in ("account_id", "aspect", "score", "raters", "spread"))
    told: dict[int, dict[str, list]] = {}
    for account, aspect, score, raters, spread, day in zip(*columns, days, strict=True):
        told.setdefault(account, {})[aspect] = [score, raters, spread, day]
    return pd.Series({account: compact(aspects) for account, aspects in told.items()}, dtype=object)
