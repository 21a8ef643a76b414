"""Targets and budgets by period, how much of a target is due by now, the pace, and the light that it gives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sync_worker.frames.config import Clock, Kpi, Settings
from sync_worker.scoring.constants import SHARE_DECIMALS
from sync_worker.scoring.kpi_calendar import LENGTHS, MONTHS, Calendar, elapsed
from sync_worker.scoring.kpi_series import Series
from sync_worker.scoring.reasons import Reason
from sync_worker.scoring.rounding import rounded_array

PARTIAL_TARGET = "partial_target"
GREEN, AMBER, RED, NONE = 0, 1, 2, -1
# a pace of 0.95 is no exact number, and must not fail by its last bit
_SLACK = 1e-9


@dataclass(frozen=True)
class Aim:
    """What one KPI should come to: `target`, `to_date` (of what adds up: the part that is due by now) and `budget`, one
    row per member and one column per period; NaN where none is set. Of what adds up, `aimed` and `budgeted` say which
    months of the calendar have a target or a budget."""

    target: np.ndarray
    to_date: np.ndarray
    budget: np.ndarray
    aimed: np.ndarray | None = None
    budgeted: np.ndarray | None = None


class Targets:
    """The section `target`, one KPI after the other, on the periods of a calendar."""

    def __init__(self, target: pd.DataFrame, members: pd.Index, days: Calendar, clock: Clock) -> None:
        self.members, self.days = members, days
        own = target[np.isin(target["account_id"].to_numpy(), members.to_numpy())]
        self.rows = dict(tuple(own.groupby("kpi_id")))
        self.passed = elapsed(clock, days.start, days.end, days.as_of)
        now = days.current("month")
        last_of_year = days.end[days.current("year")].astype("datetime64[M]")
        # the months of the calendar, and those to come until the end of the year
        self.months = np.arange(days.first_month, last_of_year + 1)
        self.due = np.where(np.arange(len(self.months)) < now, 1.0, 0.0)
        self.due[now] = self.passed[now]
        begins, ends = (edge[: days.holds.shape[1]].astype("datetime64[M]") for edge in (days.start, days.end))
        self.holds = (self.months[:, None] >= begins) & (self.months[:, None] <= ends)

    def aim(self, kpi: Kpi) -> Aim:
        """Targets and budgets of one KPI.

        What adds up: the target of a quarter or a year is the sum of its months', as far as they have one, and what is
        due by now that of the months that are over and the share of working days of this one. An account that got its
        first target in May is measured from May on: see `counted`. What does not add up:
        the target of a longer period is that of its latest month that has one, and nothing is due by degrees. The
        revenue window has only the latter. Source: methodology, sales against target.

        By hand: 210 are wanted in October and again in November 2026. By Friday the 20th, 15 of the 21 working days of
        November have passed: 150 are due of it.

        >>> from sync_worker.scoring.kpi_calendar import calendar
        >>> import datetime
        >>> days = calendar(datetime.date(2026, 11, 20), 12, pd.Series([pd.NaT], dtype="datetime64[s]"))
        >>> target = pd.DataFrame({"account_id": 7, "kpi_id": 3, "target": 210.0, "budget": np.nan,
        ...                        "period_start": pd.to_datetime(["2026-10-01", "2026-11-01"])})
        >>> aim = Targets(target, pd.Index([7]), days, Clock()).aim(Kpi(id=3, code="a", is_additive=True))
        >>> month, quarter = days.current("month"), days.current("quarter")
        >>> aim.to_date[0, [month - 1, month, quarter]].round(6).tolist(), aim.target[0, quarter]
        ([210.0, 150.0, 360.0], np.float64(420.0))
        """
        rows = self.rows.get(kpi.id)
        if rows is None:
            none = np.full((len(self.members), self.days.width), np.nan)
            return Aim(none, none, none)
        target, budget = self._monthly(rows, "target"), self._monthly(rows, "budget")
        if kpi.is_additive:
            months = slice(0, MONTHS)
            return Aim(self._sum(target), self._sum(target, self.due), self._sum(budget),
                       ~np.isnan(target[:, months]), ~np.isnan(budget[:, months]))
        latest = self._latest(target)
        return Aim(latest, np.full(latest.shape, np.nan), self._latest(budget))

    def _monthly(self, rows: pd.DataFrame, name: str) -> np.ndarray:
        month = (rows["period_start"].to_numpy().astype("datetime64[M]") - self.months[0]).astype("int64")
        within = (month >= 0) & (month < len(self.months))
        account = self.members.get_indexer(rows["account_id"])
        monthly = np.full((len(self.members), len(self.months)), np.nan)
        monthly[account[within], month[within]] = rows[name].to_numpy(dtype="float64")[within]
        return monthly

    def _since(self) -> np.ndarray:
        ahead = len(self.months) - MONTHS
        return np.pad(self.days.since, ((0, 0), (0, ahead)))

    def _sum(self, monthly: np.ndarray, due: np.ndarray | None = None) -> np.ndarray:
        weights = np.ones(len(self.months)) if due is None else due
        figures, given = np.nan_to_num(monthly) * weights, ~np.isnan(monthly) & (weights > 0)
        columns = np.full((len(self.members), self.days.width), np.nan)
        of_calendar = self.holds.shape[1]
        columns[:, :of_calendar] = np.where(given @ self.holds, figures @ self.holds, np.nan)
        since = self._since()
        whole = since.any(axis=1) & ~(~given & since).any(axis=1)
        columns[:, self.days.current("since")] = np.where(whole, (figures * since).sum(axis=1), np.nan)
        return columns

    def _latest(self, monthly: np.ndarray) -> np.ndarray:
        columns = np.full((len(self.members), self.days.width), np.nan)
        for column, held in enumerate(self.holds.T):
            columns[:, column] = _last_known(monthly[:, held])
        now, window = self.days.current("month"), self.days.current("rolling")
        begins = self.days.start[window].astype("datetime64[M]")
        columns[:, window] = _last_known(monthly[:, (self.months >= begins) & (self.months <= self.months[now])])
        columns[:, self.days.current("since")] = _last_known(np.where(self._since(), monthly, np.nan))
        return columns


def _last_known(monthly: np.ndarray) -> np.ndarray:
    if not monthly.shape[1]:
        return np.full(len(monthly), np.nan)
    back = ~np.isnan(monthly[:, ::-1])
    found = monthly[:, ::-1][np.arange(len(monthly)), back.argmax(axis=1)]
    return np.where(back.any(axis=1), found, np.nan)


def counted(series: Series, months: np.ndarray | None, days: Calendar) -> Series:
    """The values that a target is compared with: those of quarters and years without the months that have none.

    `months`: which months of the calendar have a target, per member; None for what does not add up, which stays as it
    is. Where that leaves months out, the value is marked `partial_target`.
    """
    if months is None or not series.dated:
        return series
    value, reason = series.value.copy(), series.reason.copy()
    of_calendar, over = days.holds.shape[1], days.start[:MONTHS] <= days.as_of
    monthly = series.value[:, :MONTHS]
    # not a number times nothing is not a number: an unknown month must not spoil the periods that it is not in
    summed = np.where(months, np.nan_to_num(monthly), 0.0) @ days.holds
    summed[(months & np.isnan(monthly)) @ days.holds] = np.nan
    left_out = (~months & over) @ days.holds & (months @ days.holds)
    value[:, :of_calendar] = np.where(left_out, summed, value[:, :of_calendar])
    reason[~np.isnan(value)] = Reason.KNOWN
    marked = np.pad(left_out, ((0, 0), (0, days.width - of_calendar)))
    return Series(value, reason, True, {**series.marks, PARTIAL_TARGET: marked})


def pace(series: Series, aim: Aim, kpi: Kpi) -> np.ndarray:
    """Where each value stands, 1 being on target: what adds up against what is due by now, the rest against the target.

    Where low is good it is the target by the value. Unknown where either is, where no target is over zero, and where a
    low value is zero or less: that cannot be beaten. Source: contract, values.

    By hand: 90 of 100 are 0.9; two complaints where four would have been fine are twice as good.

    >>> series = Series(np.array([[90.0]]), np.array([[0]]), True)
    >>> aim = Aim(np.array([[400.0]]), np.array([[100.0]]), np.array([[np.nan]]))
    >>> pace(series, aim, Kpi(id=1, code="a", is_additive=True)).item()
    0.9
    >>> low = Kpi(id=1, code="a", low_is_good=True)
    >>> few = Series(np.array([[2.0]]), np.array([[0]]), True)
    >>> pace(few, Aim(np.array([[4.0]]), aim.to_date, aim.budget), low).item()
    2.0
    """
    target = _wanted(aim, kpi)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = series.value / target
        if kpi.low_is_good:
            ratio = np.where(series.value > 0, 1.0 / ratio, np.nan)
    return rounded_array(ratio, SHARE_DECIMALS)


def _wanted(aim: Aim, kpi: Kpi) -> np.ndarray:
    target = aim.to_date if kpi.is_additive else aim.target
    return np.where(target > 0, target, np.nan)


def status(series: Series, aim: Aim, kpi: Kpi, settings: Settings, days: Calendar, passed: np.ndarray) -> np.ndarray:
    """The light of each value: 0 green, 1 amber, 2 red, −1 none.

    From `pace_amber` percent on green, from `pace_red` on amber. None without a pace, and none in the first
    `pace_quiet` percent of the working days of a period that is still running (`passed` is what `elapsed` gives); a
    state is what it is from the first day on. Source: methodology, sales against target.
    """
    ratio = pace(series, aim, kpi)
    slow, late = settings.pace_amber / 100.0 - _SLACK, settings.pace_red / 100.0 - _SLACK
    light = np.select([np.isnan(ratio), ratio >= slow, ratio >= late], [NONE, GREEN, AMBER], RED)
    if kpi.low_is_good:
        light = np.where((series.value <= 0) & ~np.isnan(_wanted(aim, kpi)), GREEN, light)
    if series.dated:
        light = np.where(quiet(settings, days, passed), NONE, light)
    return light


def quiet(settings: Settings, days: Calendar, passed: np.ndarray) -> np.ndarray:
    """The columns in which it is too early for a light.

    >>> from sync_worker.scoring.kpi_calendar import calendar
    >>> import datetime
    >>> days = calendar(datetime.date(2026, 11, 5), 12, pd.Series([], dtype="datetime64[s]"))
    >>> early = quiet(Settings(), days, elapsed(Clock(), days.start, days.end, days.as_of))
    >>> sorted(set(days.grain[early])), early.sum()  # 4 of the 21 working days of November are under a fifth
    (['month'], np.int64(1))
    """
    running = days.is_current & ~days.is_closed & np.isin(days.grain, list(LENGTHS))
    return running & (passed * 100.0 < settings.pace_quiet - _SLACK)
