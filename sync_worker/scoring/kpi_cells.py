"""From what Odoo aggregated, month by month and over the window, to the values of a source KPI in every period.

A year is made of its months, whichever way the KPI is aggregated: sums and counts add up, an average is the sum of what
was measured by how many records have a measure, the smallest of the months is the smallest of the year.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sync_worker.frames.config import Kpi
from sync_worker.scoring.kpi_calendar import MONTHS, Calendar
from sync_worker.scoring.kpi_series import Series, known, nothing, state
from sync_worker.scoring.reasons import Reason

# how an empty place is filled, and how places are put together
_WAYS = {"min": (np.inf, np.minimum), "max": (-np.inf, np.maximum)}
_ADDED = (0.0, np.add)


class Cells:
    """The section `cell`, dense: one KPI after the other. Rows about others than the members are passed over."""

    def __init__(self, cell: pd.DataFrame, members: pd.Index, days: Calendar) -> None:
        self.members = members
        self.days = days
        own = cell[np.isin(cell["account_id"].to_numpy(), members.to_numpy())]
        self.rows = dict(tuple(own.groupby("kpi_id")))
        self.none = own[:0]

    def values(self, kpi: Kpi | None) -> Series:
        """The values of a source KPI; all unknown as `unavailable` without one.

        No records are 0 for a sum or a count, else unknown (`no_data`). A period of which one record has no rate is
        unknown (`no_rate`). Source: contract, section `cell`.

        By hand: 100 in September and 50 in November 2026 are 100 in the third quarter and 150 in the year; a year
        before, nothing was sold, which is 0.

        >>> from sync_worker.scoring.kpi_calendar import calendar
        >>> import datetime
        >>> days = calendar(datetime.date(2026, 11, 20), 12, pd.Series([pd.NaT], dtype="datetime64[s]"))
        >>> cell = pd.DataFrame({"account_id": 7, "kpi_id": 3, "grain": "month", "value": [100.0, 50.0],
        ...     "period_start": pd.to_datetime(["2026-09-01", "2026-11-01"]),
        ...     "counted": 1, "documents": 1, "unknown": 0})
        >>> found = Cells(cell, pd.Index([7]), days).values(Kpi(id=3, code="orders", dated=True)).value[0]
        >>> now, quarter, year = (days.current(grain) for grain in ("month", "quarter", "year"))
        >>> found[[now, quarter - 1, quarter, year, now - 12]].tolist()
        [50.0, 100.0, 50.0, 150.0, 0.0]
        """
        if kpi is None:
            return nothing((len(self.members), self.days.width), Reason.UNAVAILABLE, True)
        rows = self.rows.get(kpi.id, self.none)
        return self._dated(rows, kpi) if kpi.dated else self._state(rows, kpi)

    def _state(self, rows: pd.DataFrame, kpi: Kpi) -> Series:
        rows = rows[rows["grain"] == "state"]
        shape = (len(self.members), 1)
        place = self.members.get_indexer(rows["account_id"]), np.zeros(len(rows), dtype=int)
        figures = _dense(rows, place, shape, kpi)
        value, unknown = _told(figures, kpi)
        return state(value[:, 0], np.where(unknown, Reason.NO_RATE, Reason.NO_DATA), self.days.width)

    def _dated(self, rows: pd.DataFrame, kpi: Kpi) -> Series:
        days = self.days
        account = self.members.get_indexer(rows["account_id"])
        start = rows["period_start"].to_numpy().astype("datetime64[D]")
        month = (start.astype("datetime64[M]") - days.first_month).astype("int64")
        monthly = (rows["grain"] == "month").to_numpy() & (month >= 0) & (month < MONTHS)
        rolling = (rows["grain"] == "rolling").to_numpy()
        window = (start < days.start[days.current("rolling")]).astype("int64")
        months = _dense(rows[monthly], (account[monthly], month[monthly]), (len(self.members), MONTHS), kpi)
        windows = _dense(rows[rolling], (account[rolling], window[rolling]), (len(self.members), 2), kpi)
        parts = [
            np.hstack([by_calendar, by_window, since[:, None], before[:, None]])
            for by_calendar, by_window, since, before in zip(
                _grouped(months, days.holds, kpi), windows,
                _grouped_by_member(months, days.since, kpi), _grouped_by_member(months, days.since_before, kpi),
                strict=True)
        ]
        value, unknown = _told(parts, kpi)
        return known(value, np.where(unknown, Reason.NO_RATE, Reason.NO_DATA), True)


def _way(kpi: Kpi) -> tuple[float, np.ufunc]:
    return _WAYS.get(kpi.aggregate, _ADDED)


def _dense(rows: pd.DataFrame, place: tuple[np.ndarray, np.ndarray], shape: tuple[int, int],
           kpi: Kpi) -> list[np.ndarray]:
    """The value, how many records were measured, and how many have no rate."""
    empty, _combine = _way(kpi)
    dense = []
    for name, blank in (("value", empty), ("counted", 0.0), ("unknown", 0.0)):
        array = np.full(shape, blank)
        figures = rows[name].to_numpy(dtype="float64")
        array[place] = np.where(np.isnan(figures), blank, figures)
        dense.append(array)
    return dense


def _grouped(months: list[np.ndarray], holds: np.ndarray, kpi: Kpi) -> list[np.ndarray]:
    """Months put together into the columns of the calendar."""
    empty, combine = _way(kpi)
    value, counted, unknown = months
    whole = np.stack([combine.reduce(value[:, held], axis=1, initial=empty) for held in holds.T], axis=1)
    return [whole, counted @ holds, unknown @ holds]


def _grouped_by_member(months: list[np.ndarray], mask: np.ndarray, kpi: Kpi) -> list[np.ndarray]:
    """The months of each member put together into one column."""
    empty, combine = _way(kpi)
    value, counted, unknown = months
    whole = combine.reduce(np.where(mask, value, empty), axis=1, initial=empty)
    return [whole, (counted * mask).sum(axis=1), (unknown * mask).sum(axis=1)]


def _told(figures: list[np.ndarray], kpi: Kpi) -> tuple[np.ndarray, np.ndarray]:
    """The values, NaN where unknown, and where it is a rate that lacks."""
    value, counted, unknown = figures
    if kpi.aggregate == "avg":
        value = np.where(counted > 0, value / np.maximum(counted, 1), np.nan)
    elif kpi.aggregate in _WAYS:
        value = np.where(np.isinf(value), np.nan, value)
    no_rate = unknown > 0
    return np.where(no_rate, np.nan, value), no_rate
