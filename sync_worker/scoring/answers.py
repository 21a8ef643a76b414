"""What one answer is worth: which answers count, the points of each, and how much it weighs.

Age and influence are in the weight, never in the points. What the answers say together is in `satisfaction`.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sync_worker.frames.config import Settings
from sync_worker.frames.schemas import CODES
from sync_worker.scoring.constants import (
    ANSWER_SCALES,
    BAD_POINTS,
    CSAT_SATISFIED,
    FAVOURABLE,
    GOOD_POINTS,
    NPS_DETRACTOR,
    NPS_POINTS,
    NPS_PROMOTER,
    SHOWN_FROM,
    UNKNOWN_INFLUENCE,
)
from sync_worker.scoring.influence import influence

KINDS = CODES["kind"]
NPS, CSAT, CES, MOMENT = (KINDS.index(kind) for kind in ("nps", "csat", "ces", "moment"))


def answer_points(answer: pd.DataFrame) -> pd.Series:
    """The points of each answer, 0..100: NPS 9–10 are 100, 7–8 are 50, 0–6 are 0; CSAT 4–5 are 100, else 0; a
    favourable moment is 100, else 0; a CES is rescaled from its bad end to its good one.

    `answer` has `kind`, `value`, `scale_min`, `scale_max`, `low_is_good`. NaN for an NPS that was not asked on 0..10, a
    CSAT not on 1..5, a moment not on 0..1, or one of them with its good end down: they say something else than their
    name. No rows give no rows. Source: methodology, satisfaction index.

    By hand: an effort of 2 on 1..7, where low is good, lies a sixth from the good end: 83.33; where high is good,
    16.67.

    >>> answer = pd.DataFrame({
    ...     "kind": ["nps", "nps", "csat", "moment", "ces", "ces", "nps"], "value": [9.0, 7.0, 3.0, 1.0, 2.0, 2.0, 4.0],
    ...     "scale_min": [0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0], "scale_max": [10.0, 10.0, 5.0, 1.0, 7.0, 7.0, 5.0],
    ...     "low_is_good": [0, 0, 0, 0, 1, 0, 0]})
    >>> answer_points(answer).round(2).tolist()
    [100.0, 50.0, 0.0, 100.0, 83.33, 16.67, nan]
    """
    kind, value = answer["kind"], answer["value"].to_numpy(dtype="float64")
    low, high = (answer[name].to_numpy(dtype="float64") for name in ("scale_min", "scale_max"))
    down = answer["low_is_good"].to_numpy() == 1
    points = (value - low) / (high - low) * 100.0
    points = np.where(down, 100.0 - points, points)
    for name, of_kind in (("nps", _nps_points), ("csat", _csat_points), ("moment", _moment_points)):
        lowest, highest = ANSWER_SCALES[name]
        as_named = (low == lowest) & (high == highest) & ~down
        points = np.where((kind == name).to_numpy(), np.where(as_named, of_kind(value), np.nan), points)
    return pd.Series(points, answer.index)


def _nps_points(value: np.ndarray) -> np.ndarray:
    passive = np.where(value <= NPS_DETRACTOR, NPS_POINTS["detractor"], NPS_POINTS["passive"])
    return np.where(value >= NPS_PROMOTER, NPS_POINTS["promoter"], passive)


def _csat_points(value: np.ndarray) -> np.ndarray:
    return np.where(value >= CSAT_SATISFIED, GOOD_POINTS, BAD_POINTS)


def _moment_points(value: np.ndarray) -> np.ndarray:
    return np.where(value >= FAVOURABLE, GOOD_POINTS, BAD_POINTS)


def valued_answers(answer: pd.DataFrame) -> pd.DataFrame:
    """The answers that say something, sorted by day and number, whatever their order was, with what they are worth.

    `answer` is the section of the contract. `kind` becomes its number; added are `points` (0..100), `influence` (the
    person's, 1 for an anonymous answer), `day` (whole days), `who` (a number for each person; every anonymous answer
    is one of its own), `question` (a number for each person, kind and touchpoint) and `is_hidden` (anonymous, of an
    account with too few of those to be shown). Answers without points are left out. No rows give no rows. Source:
    methodology, satisfaction index.

    By hand: person 4 was asked the same twice, and about another touchpoint; two who are anonymous are two.

    >>> answer = pd.DataFrame({
    ...     "account_id": 7, "answer_id": [5, 4, 3, 2, 1], "person": [4, 4, 4, np.nan, np.nan], "is_named": 0,
    ...     "power": ["high", "high", "high", "high", None], "kind": "nps", "value": 10.0, "scale_min": 0.0,
    ...     "scale_max": 10.0, "low_is_good": 0, "date": pd.Timestamp("2026-11-01"),
    ...     "touchpoint_id": [1, 1, np.nan, 1, 1]})
    >>> valued = valued_answers(answer)
    >>> valued[["answer_id", "influence", "who", "question"]].to_numpy().tolist()
    [[1.0, 1.0, 0.0, 0.0], [2.0, 1.0, 1.0, 1.0], [3.0, 2.0, 2.0, 2.0], [4.0, 2.0, 2.0, 3.0], [5.0, 2.0, 2.0, 3.0]]
    >>> valued["is_hidden"].tolist()
    [True, True, False, False, False]
    """
    anonymous = answer["person"].isna()
    # a person's number is over 0, so that the number of an answer, turned, is nobody's
    who = answer["person"].where(~anonymous, -answer["answer_id"])
    valued = answer.assign(
        kind=pd.Categorical(answer["kind"], categories=KINDS).codes.astype("int64"),
        points=answer_points(answer),
        influence=influence(answer["power"]).mask(anonymous, UNKNOWN_INFLUENCE),
        day=_days(answer["date"].to_numpy()),
        who=who.astype("int64"),
        is_hidden=anonymous & (anonymous.groupby(answer["account_id"]).transform("sum") < SHOWN_FROM),
    )
    valued = valued[valued["points"].notna()]
    valued = valued.sort_values(["day", "answer_id"], kind="stable", ignore_index=True)
    places, _touchpoints = pd.factorize(valued["touchpoint_id"], use_na_sentinel=False)
    who_number, _people = pd.factorize(valued["who"])
    question = (who_number * (places.max(initial=0) + 1) + places) * len(KINDS) + valued["kind"].to_numpy()
    return valued.assign(who=who_number, question=pd.factorize(question)[0])


@dataclass(frozen=True)
class Counting:
    """The answers that count: `rows` are their positions in a frame of `valued_answers`, `number` the number of the
    group of each, from 0, and `groups` the columns that name the groups, in the order of their numbers."""

    rows: np.ndarray
    number: np.ndarray
    groups: dict[str, np.ndarray]

    def __len__(self) -> int:
        """How many groups there are."""
        return len(next(iter(self.groups.values())))

    def only(self, chosen: np.ndarray) -> Counting:
        """Of the answers those that are chosen; a group that has none stays."""
        return Counting(self.rows[chosen], self.number[chosen], self.groups)

    def sums(self, values: np.ndarray | None = None, only: np.ndarray | None = None) -> np.ndarray:
        """What the values of each group come to, or how many answers it has, of those for which `only` is true."""
        number = self.number if only is None else self.number[only]
        values = values if only is None or values is None else values[only]
        return np.bincount(number, values, len(self))

    def share(self, part: np.ndarray, whole: np.ndarray) -> np.ndarray:
        """How many of the answers `whole` are `part`, by group; NaN where there are none."""
        count = self.sums(only=whole)
        return np.divide(self.sums(only=part), count, out=np.full(len(self), np.nan), where=count > 0)


def counting_answers(valued: pd.DataFrame, keys: Sequence[str], as_of: datetime.date) -> Counting:
    """Those that count: of each group the latest of each person, kind and touchpoint, up to `as_of`.

    `valued` is what `valued_answers` gives, or some of its rows in their order; `keys` are the columns that name a
    group, known for every row. Of two on one day the one with the higher number counts; answers after `as_of` do not
    exist yet. There is no age at which an answer stops counting. Groups are in the order of their keys. Source:
    methodology, satisfaction index.

    >>> days = [day_number(datetime.date(2026, month, 1)) for month in (1, 2, 2, 12)]
    >>> valued = pd.DataFrame({"account_id": [7, 7, 5, 7], "question": [0, 0, 1, 0], "day": days})
    >>> found = counting_answers(valued, ["account_id"], datetime.date(2026, 11, 20))
    >>> found.rows.tolist(), found.number.tolist(), found.groups["account_id"].tolist()
    ([1, 2], [1, 0], [5, 7])
    """
    # sorted by day, so that what was said by then comes first
    said = int(np.searchsorted(valued["day"].to_numpy(), day_number(as_of), side="right"))
    number = np.zeros(said, dtype="int64")
    groups: dict[str, np.ndarray] = {}
    for key in keys:
        place, values = pd.factorize(valued[key].to_numpy()[:said], sort=True)
        if not groups:
            number, groups = place, {key: values}
            continue
        number, both = pd.factorize(number * max(len(values), 1) + place, sort=True)
        groups = {name: column[both // max(len(values), 1)] for name, column in groups.items()}
        groups[key] = values[both % max(len(values), 1)]
    question = valued["question"].to_numpy()[:said]
    once = pd.Series(number * (question.max(initial=0) + 1) + question)
    rows = np.flatnonzero(~once.duplicated(keep="last").to_numpy())
    return Counting(rows, number[rows], groups)


def answer_weights(valued: pd.DataFrame, counting: Counting, settings: Settings) -> tuple[np.ndarray, np.ndarray]:
    """The weight of each answer that counts, 0.5^(age / half-life) × influence, and the freshest day of each group.

    Age is counted from that day: all weights of a group are then larger by the same factor than if counted from today,
    so that no half-life is short enough to leave 0/0. Source: methodology, satisfaction index.

    >>> valued = pd.DataFrame({"account_id": 7, "question": [0, 1, 2], "day": [0, 180, 180],
    ...                        "influence": [1.0, 1.0, 2.0]})
    >>> found = counting_answers(valued, ["account_id"], datetime.date(2026, 11, 20))
    >>> [part.tolist() for part in answer_weights(valued, found, Settings())]
    [[0.5, 1.0, 2.0], [180]]
    """
    day = valued["day"].to_numpy()[counting.rows]
    freshest = np.zeros(len(counting), dtype="int64")
    np.maximum.at(freshest, counting.number, day)
    age = freshest[counting.number] - day
    weight = 0.5 ** (age / settings.answer_half_life) * valued["influence"].to_numpy()[counting.rows]
    return weight, freshest


def tellable(valued: pd.DataFrame, counting: Counting, part: np.ndarray | None = None) -> np.ndarray:
    """Which of the answers that count may be read off a figure: those that are shown, and the hidden ones where at
    least five of them go into the same figure.

    `valued` has `is_hidden`; `part`, a number from 0 for each answer that counts, splits each group into several
    figures. Source: docs/decisions/2026-11-22-what-a-figure-tells.md.

    By hand: of group 0 one answer is hidden and left out; of group 1 five are, which nobody tells apart.

    >>> valued = pd.DataFrame({"is_hidden": [False, True] + 5 * [True]})
    >>> counting = Counting(np.arange(7), np.array([0, 0, 1, 1, 1, 1, 1]), {"account_id": np.array([7, 8])})
    >>> tellable(valued, counting).tolist()
    [True, False, True, True, True, True, True]
    >>> tellable(valued, counting, np.array([0, 0, 0, 0, 0, 0, 1])).tolist()
    [True, False, False, False, False, False, False]
    """
    hidden = valued["is_hidden"].to_numpy()[counting.rows]
    part = np.zeros(len(hidden), dtype="int64") if part is None else part
    figure = counting.number * (part.max(initial=0) + 1) + part
    few = np.bincount(figure[hidden], minlength=figure.max(initial=-1) + 1) < SHOWN_FROM
    return ~(hidden & few[figure])


def day_number(day: datetime.date) -> int:
    """Days since 1970, as in `day` of the answers."""
    return int(np.datetime64(day, "D").astype("int64"))


def _days(dates: np.ndarray) -> np.ndarray:
    return dates.astype("datetime64[D]").astype("int64")
