"""What people think: each rater's latest opinion counts, the older the lighter, never the lower."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd

from sync_worker.frames.config import Settings
from sync_worker.scoring.constants import OWN_MANAGER_WEIGHT, RATING_HIGH, RATING_LOW
from sync_worker.scoring.reasons import Reason
from sync_worker.scoring.window import months_before

COLUMNS = ("account_id", "factor_id", "raw", "date", "raters", "spread", "reason")


def rating_score(rating: pd.Series) -> pd.Series:
    """A rating of 1..10 on 0..100: (x − 1)/9·100; unknown stays unknown. Source: methodology, opinion.

    By hand: 1 is 0, 10 is 100, and 4 is three ninths, a third.

    >>> rating_score(pd.Series([1.0, 4.0, 10.0])).round(4).tolist()
    [0.0, 33.3333, 100.0]
    """
    return (rating - RATING_LOW) / (RATING_HIGH - RATING_LOW) * 100.0


def opinion_means(
    opinion: pd.DataFrame, managers: pd.Series, settings: Settings, as_of: datetime.date
) -> pd.DataFrame:
    """One row per account and factor that anybody rated, sorted: the mean rating and what stands behind it.

    `opinion` is the section of the contract; `managers` is the user id of each account's own manager, indexed
    by account, NaN when it has none. Gives `raw` (mean on 1..10), `date` (of the latest opinion that counts),
    `raters` (how many), `spread` (highest minus lowest) and `reason`: `too_old` when each rater's latest is
    over `opinion_max_age` months old. Opinions after `as_of` do not exist yet. No opinions give no rows.
    Weight: 0.5^(age / half-life), halved for the account's own manager. Source: methodology, opinion.

    By hand: rater 1 said 9 today (weight 1), rater 2 said 3 half a life, 180 days, ago (weight ½):
    (9·1 + 3·½) / 1½ = 10.5 / 1.5 = 7. What rater 1 said before no longer counts.

    >>> opinion = pd.DataFrame({
    ...     "account_id": [7, 7, 7], "factor_id": [1, 1, 1], "rater_id": [1, 1, 2], "value": [2.0, 9.0, 3.0],
    ...     "date": pd.to_datetime(["2026-01-01", "2026-11-21", "2026-05-25"]), "opinion_id": [1, 2, 3]})
    >>> means = opinion_means(opinion, pd.Series({7: float("nan")}), Settings(), datetime.date(2026, 11, 21))
    >>> means[["raw", "raters", "spread"]].to_numpy().tolist()
    [[7.0, 2.0, 6.0]]
    """
    rated, counting = counting_opinions(opinion, settings, as_of)
    means = weighted_means(counting, managers, settings, as_of)
    merged = rated.merge(means, on=["account_id", "factor_id"], how="left")
    merged["reason"] = np.where(merged["raw"].isna(), Reason.TOO_OLD, Reason.KNOWN).astype("int8")
    return merged[list(COLUMNS)]


def counting_opinions(
    opinion: pd.DataFrame, settings: Settings, as_of: datetime.date
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The accounts and factors that anybody rated up to `as_of`, and the opinions that count: of each rater the
    latest, unless it is over `opinion_max_age` months old.

    >>> opinion = pd.DataFrame({
    ...     "account_id": 7, "factor_id": [1, 1, 2], "rater_id": 1, "value": [2.0, 9.0, 3.0],
    ...     "date": pd.to_datetime(["2026-01-01", "2026-11-21", "2024-05-25"]), "opinion_id": [1, 2, 3]})
    >>> rated, counting = counting_opinions(opinion, Settings(), datetime.date(2026, 11, 21))
    >>> rated["factor_id"].tolist(), counting["opinion_id"].tolist()
    ([1, 2], [2])
    """
    oldest = np.datetime64(months_before(as_of, settings.opinion_max_age), "s")
    said = opinion[opinion["date"].to_numpy() <= np.datetime64(as_of, "s")]
    said = said.sort_values(["account_id", "factor_id", "rater_id", "date", "opinion_id"], kind="stable")
    latest = said.drop_duplicates(["account_id", "factor_id", "rater_id"], keep="last")
    return latest[["account_id", "factor_id"]].drop_duplicates(), latest[latest["date"].to_numpy() >= oldest]


def weighted_means(
    counting: pd.DataFrame, managers: pd.Series, settings: Settings, as_of: datetime.date
) -> pd.DataFrame:
    """One row per account and factor of these opinions, sorted: `raw` (mean on 1..10), `date`, `raters`, `spread`, and
    `others`: how many of the raters are not the account's own manager.

    `counting` is what `counting_opinions` gives; the rest is as in `opinion_means`. No opinions give no rows.
    """
    age = (np.datetime64(as_of, "s") - counting["date"].to_numpy()).astype("timedelta64[D]").astype("float64")
    own = counting["account_id"].map(managers).to_numpy(dtype="float64") == counting["rater_id"].to_numpy()
    # relative to the freshest opinion on the same subject, so that no half-life is short enough to leave 0/0
    keys = [counting["account_id"], counting["factor_id"]]
    freshest = pd.Series(age, counting.index).groupby(keys).transform("min").to_numpy(dtype="float64")
    weight = 0.5 ** ((age - freshest) / settings.opinion_half_life) * np.where(own, OWN_MANAGER_WEIGHT, 1.0)
    weighed = counting.assign(weight=weight, weighted=weight * counting["value"], other=~own)
    means = weighed.groupby(["account_id", "factor_id"], as_index=False).agg(
        weight=("weight", "sum"),
        weighted=("weighted", "sum"),
        date=("date", "max"),
        raters=("rater_id", "size"),
        others=("other", "sum"),
        low=("value", "min"),
        high=("value", "max"),
    )
    means["raw"] = (means["weighted"] / means["weight"]).clip(means["low"], means["high"])
    means["spread"] = means["high"] - means["low"]
    return means
