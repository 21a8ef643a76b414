"""The periods that key figures are told by, and how much of a period has passed in working days.

A frame of values has one row per member and one column per period; `Calendar` says what each column is. Months come
first, from 36 before that of `as_of`: the last 25 are told, the 12 before them are what those are compared with. Then
come quarters and years that begin in these months, the revenue window with the one before it, and the months since the
account became a key account with the same months a year before.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sync_worker.frames.config import Clock
from sync_worker.scoring.constants import KPI_MONTHS, SINCE_MONTHS
from sync_worker.scoring.window import months_before

YEAR = 12
LENGTHS = {"month": 1, "quarter": 3, "year": YEAR}
MONTHS = KPI_MONTHS + YEAR
"""So many columns are months."""


@dataclass(frozen=True)
class Calendar:
    """The columns: `grain`, `start` and `end` (first and last day), `previous` (the column one year or one window
    before, −1 for none), `is_shown` (told, or only compared with), `is_current` (holds `as_of`), `is_closed` (all of it
    has passed). `holds`: which months belong to each column of quarters and years. `since` and `since_before`: the
    months of each member since its nomination, and those a year before; none for a member without."""

    as_of: np.datetime64
    grain: np.ndarray
    start: np.ndarray
    end: np.ndarray
    previous: np.ndarray
    is_shown: np.ndarray
    is_current: np.ndarray
    is_closed: np.ndarray
    holds: np.ndarray
    since: np.ndarray
    since_before: np.ndarray

    @property
    def width(self) -> int:
        return len(self.grain)

    @property
    def first_month(self) -> np.datetime64:
        return self.start[0].astype("datetime64[M]")

    def current(self, grain: str) -> int:
        """The column of that grain that holds `as_of`; of `since`, the one that there is."""
        return int(np.flatnonzero((self.grain == grain) & self.is_shown)[-1])


def calendar(as_of: datetime.date, window_months: int, key_since: pd.Series) -> Calendar:
    """The calendar of one run. `key_since` has the day on which each member became a key account, NaT for none.

    The window ends at `as_of`, as that of `fact` does. A month that `as_of` is the last day of is over. Since the
    nomination: whole months that are over, from the first one that begins on that day or later, 12 at most; none when
    the year before it was not pulled. Source: methodology, account since nomination.

    By hand: on 20 November 2026 the months told begin with November 2024, quarters with January 2025; an account named
    on 10 March 2026 has April to October behind it, seven months.

    >>> days = calendar(datetime.date(2026, 11, 20), 12, pd.Series(pd.to_datetime(["2026-03-10", None])))
    >>> [str(days.start[days.is_shown & (days.grain == grain)][0]) for grain in ("month", "quarter", "year", "rolling")]
    ['2024-11-01', '2025-01-01', '2025-01-01', '2025-11-21']
    >>> days.since.sum(axis=1).tolist(), days.width
    ([7, 0], 56)
    """
    today = np.datetime64(as_of, "D")
    month = today.astype("datetime64[M]")
    months = month - np.arange(MONTHS - 1, -1, -1)
    grains, starts, ends, holds = [], [], [], []
    for grain, length in LENGTHS.items():
        begins = months[months.astype("int64") % length == 0]
        grains += [grain] * len(begins)
        starts.append(begins.astype("datetime64[D]"))
        ends.append((begins + length).astype("datetime64[D]") - 1)
        holds.append((months[:, None] >= begins) & (months[:, None] < begins + length))
    middle, before = (months_before(as_of, times * window_months) for times in (1, 2))
    windows = np.array([middle, before], dtype="datetime64[D]") + 1
    since = _since(months, key_since.to_numpy().astype("datetime64[D]"), today)
    grain = np.array([*grains, "rolling", "rolling", "since", "since"], dtype=object)
    # of the months since a nomination each member has its own
    start = np.concatenate([*starts, windows, [today, today]])
    end = np.concatenate([*ends, [today, windows[0] - 1], [today, today]])
    shown = (start >= (month - (KPI_MONTHS - 1)).astype("datetime64[D]")) & (grain != "rolling") & (grain != "since")
    shown[[-4, -2]] = True
    of_calendar = np.isin(grain, list(LENGTHS))
    return Calendar(
        as_of=today, grain=grain, start=start, end=end, previous=_previous(grain, start), is_shown=shown,
        is_current=(start <= today) & (end >= today) & (grain != "since"), is_closed=(end <= today) & of_calendar,
        holds=np.hstack(holds), since=since[0], since_before=since[1],
    )


def _previous(grain: np.ndarray, start: np.ndarray) -> np.ndarray:
    places = {(word, day): place for place, (word, day) in enumerate(zip(grain, start.tolist(), strict=True))}
    previous = [
        places.get((word, day.replace(year=day.year - 1)), -1) if word in LENGTHS else -1
        for word, day in zip(grain, start.tolist(), strict=True)
    ]
    last = len(grain)
    previous[last - 4], previous[last - 2] = last - 3, last - 1
    return np.array(previous)


def _since(months: np.ndarray, named: np.ndarray, today: np.datetime64) -> tuple[np.ndarray, np.ndarray]:
    whole = (named - 1).astype("datetime64[M]") + 1
    over = (months + 1).astype("datetime64[D]") <= today + 1
    first = whole[:, None]
    # the year before must have been pulled, or the two would not be of the same months
    known = ~np.isnat(first) & (first >= months[YEAR])
    since = known & over & (months >= first) & (months < first + SINCE_MONTHS)
    return since, np.hstack([since[:, YEAR:], np.zeros((len(named), YEAR), dtype=bool)])


def working_days(clock: Clock, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Working days from `first` to `last`, both counted; every day is one where the company never works.

    By hand: December 2026 has 23 days from Monday to Friday, one of them Christmas.

    >>> clock = Clock(holidays=(datetime.date(2026, 12, 25),))
    >>> days = [np.array([day], dtype="datetime64[D]") for day in ("2026-12-01", "2026-12-31")]
    >>> working_days(clock, *days).tolist(), working_days(Clock(weekdays=()), *days).tolist()
    ([22], [31])
    """
    if not clock.weekdays:
        return (last - first).astype("int64") + 1
    mask = [day in clock.weekdays for day in range(7)]
    return np.busday_count(first, last + 1, weekmask=mask, holidays=np.array(clock.holidays, dtype="datetime64[D]"))


def elapsed(clock: Clock, first: np.ndarray, last: np.ndarray, today: np.datetime64) -> np.ndarray:
    """The share of each period (0..1) that has passed by the end of `today`, in working days (where it has none, in
    days).

    By hand: by Friday, 20 November 2026, 15 of the 21 working days of November have passed.

    >>> days = [np.array([day], dtype="datetime64[D]") for day in ("2026-11-01", "2026-11-30")]
    >>> elapsed(Clock(), *days, np.datetime64("2026-11-20")).tolist() == [15 / 21]
    True
    """
    until = np.clip(today, first - 1, last)
    passed, whole = working_days(clock, first, until), working_days(clock, first, last)
    days, all_days = (until - first).astype("int64") + 1, (last - first).astype("int64") + 1
    return np.where(whole > 0, passed / np.maximum(whole, 1), days / all_days)
