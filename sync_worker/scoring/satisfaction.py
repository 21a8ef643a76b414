"""What answers say together: NPS, CSAT, CES, favourability and the index, for any group of answers.

`roll_up` is the one place where they are summed up; contact, account, tier, portfolio and touchpoint are no more than
different columns to group by. Which of those are published is in `satisfaction_table`.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np
import pandas as pd

from sync_worker.frames.config import Settings
from sync_worker.scoring.answers import (
    CES,
    CSAT,
    MOMENT,
    NPS,
    Counting,
    answer_weights,
    counting_answers,
    tellable,
)
from sync_worker.scoring.constants import (
    BAD_POINTS,
    FEWEST_ANSWERS,
    NPS_POINTS,
    SCORE_DECIMALS,
    SHARE_DECIMALS,
)
from sync_worker.scoring.rounding import rounded, rounded_array

CES_SCALE = ("ces_lowest", "ces_highest", "ces_low_is_good")


def roll_up(
    valued: pd.DataFrame, keys: Sequence[str], settings: Settings, as_of: datetime.date, fewest_people: int
) -> pd.DataFrame:
    """One row per group that anybody answered for up to `as_of`, sorted by `keys`: what the answers say together.

    `valued` is what `answers.valued_answers` gives, `keys` its columns that name a group. Of each person the latest
    answer per kind and touchpoint counts, and each anonymous one. Anonymous ones that are hidden go into the index at
    once, and into the other figures from five up (`answers.tellable`).

    - `nps` (−100..100) = 100 · (promoters − detractors) / NPS answers; `csat` and `favourability` (0..1) = satisfied,
      or favourable, answers / answers of that kind; `ces` = their mean on its own scale, told by `ces_lowest`,
      `ces_highest`, `ces_low_is_good`, and all four unknown when the answers stand on several. None of them is
      weighted. `nps_answers`, `csat_answers`, `ces_answers`, `favourability_answers` say of how many answers.
    - `satisfaction` (0..100): the index, Σ weight·points / Σ weight, with weight 0.5^(age / `answer_half_life`) ×
      influence; unknown under 3 answers or under `fewest_people`.
    - `answers`, `people` (each anonymous answer is one of its own), `last_date`: what counted.

    A figure of no answers is unknown. No answers give no rows. Source: methodology, NPS, CSAT, CES, favourability,
    satisfaction index.

    By hand: a 9 of today from somebody of high influence (weight 2), a 7 of half a life, 180 days, ago (weight ½) and
    an anonymous 3 of today (weight 1). The index is (2·100 + ½·50 + 1·0) / 3½ = 225 / 3.5 = 64.285714. The NPS leaves
    out the anonymous one, the only one of its account: of two, one promotes, 50.

    >>> from sync_worker.scoring.answers import valued_answers
    >>> answer = pd.DataFrame({
    ...     "account_id": 7, "answer_id": [1, 2, 3], "person": [4, 5, np.nan], "is_named": [1, 1, 0],
    ...     "power": ["high", None, None], "kind": "nps", "value": [9.0, 7.0, 3.0], "scale_min": 0.0,
    ...     "scale_max": 10.0, "low_is_good": 0, "touchpoint_id": np.nan,
    ...     "date": pd.to_datetime(["2026-11-20", "2026-05-24", "2026-11-20"])})
    >>> found = roll_up(valued_answers(answer), ["account_id"], Settings(), datetime.date(2026, 11, 20), 2)
    >>> found[["account_id", "nps", "satisfaction", "answers", "people"]].to_numpy().tolist()
    [[7.0, 50.0, 64.285714, 3.0, 3.0]]
    """
    counting = counting_answers(valued, keys, as_of)
    kinds = _kinds(valued, told_by_kind(valued, counting))
    return pd.DataFrame({**counting.groups, **kinds, **_index(valued, counting, settings, fewest_people)})


def index_and_nps(
    valued: pd.DataFrame, keys: Sequence[str], settings: Settings, as_of: datetime.date, fewest_people: int
) -> pd.DataFrame:
    """The part of `roll_up` that a series shows, with the same arguments: the keys, the index with what it is made of,
    and the NPS."""
    counting = counting_answers(valued, keys, as_of)
    told = told_by_kind(valued, counting)
    nps = _nps(told, *(valued[name].to_numpy()[told.rows] for name in ("kind", "points")))
    index = _index(valued, counting, settings, fewest_people)
    return pd.DataFrame({**counting.groups, "nps": nps, **index})


def told_by_kind(valued: pd.DataFrame, counting: Counting) -> Counting:
    """The answers that go into the NPS, CSAT, CES and favourability of each group."""
    return counting.only(tellable(valued, counting, valued["kind"].to_numpy()[counting.rows]))


def _index(
    valued: pd.DataFrame, counting: Counting, settings: Settings, fewest_people: int
) -> dict[str, np.ndarray]:
    weight, freshest = answer_weights(valued, counting, settings)
    points, who = (valued[name].to_numpy()[counting.rows] for name in ("points", "who"))
    answers = counting.sums()
    each = pd.Series(counting.number * (who.max(initial=0) + 1) + who)
    people = counting.sums(only=~each.duplicated().to_numpy())
    enough = (answers >= FEWEST_ANSWERS) & (people >= fewest_people)
    index = np.where(enough, counting.sums(weight * points) / counting.sums(weight), np.nan)
    return {
        "satisfaction": rounded_array(index.clip(0.0, 100.0), SCORE_DECIMALS),
        "answers": answers,
        "people": people,
        "last_date": freshest.astype("datetime64[D]").astype("datetime64[s]"),
    }


def _nps(counting: Counting, kind: np.ndarray, points: np.ndarray) -> np.ndarray:
    nps = kind == NPS
    promoters = counting.share(nps & (points == NPS_POINTS["promoter"]), nps)
    detractors = counting.share(nps & (points == NPS_POINTS["detractor"]), nps)
    return rounded_array(100.0 * (promoters - detractors), SCORE_DECIMALS)


def _kinds(valued: pd.DataFrame, counting: Counting) -> dict[str, np.ndarray]:
    """What the answers of each kind say, group by group."""
    kind, points = (valued[name].to_numpy()[counting.rows] for name in ("kind", "points"))
    good = points > BAD_POINTS
    return {
        "nps": _nps(counting, kind, points),
        "csat": rounded_array(counting.share((kind == CSAT) & good, kind == CSAT), SHARE_DECIMALS),
        "favourability": rounded_array(counting.share((kind == MOMENT) & good, kind == MOMENT), SHARE_DECIMALS),
        **_effort(valued, counting, kind == CES),
        "nps_answers": counting.sums(only=kind == NPS),
        "csat_answers": counting.sums(only=kind == CSAT),
        "ces_answers": counting.sums(only=kind == CES),
        "favourability_answers": counting.sums(only=kind == MOMENT),
    }


def _effort(valued: pd.DataFrame, counting: Counting, ces: np.ndarray) -> dict[str, np.ndarray]:
    """The mean of the CES answers on the scale that all of a group stand on, and that scale."""
    number, rows = counting.number[ces], counting.rows[ces]
    count = counting.sums(only=ces)
    one = count > 0
    scale = {}
    for name, column in zip(CES_SCALE, ("scale_min", "scale_max", "low_is_good"), strict=True):
        values = valued[column].to_numpy(dtype="float64")[rows]
        low, high = np.full(len(counting), np.inf), np.full(len(counting), -np.inf)
        np.minimum.at(low, number, values)
        np.maximum.at(high, number, values)
        one &= low == high
        scale[name] = low
    value = np.bincount(number, valued["value"].to_numpy()[rows], len(counting))
    mean = np.divide(value, count, out=np.full(len(counting), np.nan), where=one)
    found = {"ces": rounded_array(mean, SCORE_DECIMALS), **scale}
    return {name: np.where(one, figures, np.nan) for name, figures in found.items()}


def response_rates(request: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """`asked`, `answered` (counts) and `response_rate` (0..1), one row per group that was asked, sorted by `keys`.

    `request` is the section of the contract, with its columns `keys` all known. Where nobody was asked the rate is
    unknown. No requests give no rows. Source: methodology, NPS, CSAT, …: each with n and, where known, response rate.

    >>> request = pd.DataFrame({"account_id": [7, 7, 8], "asked": [3, 1, 0], "answered": [1, 0, 0]})
    >>> response_rates(request, ["account_id"]).to_numpy().tolist()
    [[7.0, 4.0, 1.0, 0.25], [8.0, 0.0, 0.0, nan]]
    """
    sums = request.groupby(list(keys), sort=True, as_index=False)[["asked", "answered"]].sum()
    rate = sums["answered"] / sums["asked"].where(sums["asked"] > 0)
    return sums.assign(response_rate=rounded(rate, SHARE_DECIMALS))
