"""The table `kpi_value` of the contract: a row for each member, key figure and period that something is known of."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sync_worker.frames.config import Kpi, RunConfig
from sync_worker.frames.reader import empty
from sync_worker.frames.schemas import CODES, TABLES
from sync_worker.scoring.kpi_calendar import LENGTHS, Calendar
from sync_worker.scoring.kpi_series import Series, decimals
from sync_worker.scoring.kpi_targets import counted, pace, status
from sync_worker.scoring.kpi_values import Gathered, followed
from sync_worker.scoring.reasons import WORDS
from sync_worker.scoring.rounding import rounded_array

BANDS = pd.CategoricalDtype(list(CODES["band"]))
GRAINS = pd.CategoricalDtype(list(CODES["grain"]))
REASONS = pd.CategoricalDtype(WORDS[1:])


def kpi_table(series: dict[int, Series], recorded: pd.DataFrame, found: Gathered, config: RunConfig) -> pd.DataFrame:
    """One row per member, followed KPI and period, sorted by these.

    `series` is what `kpi_values.key_figures` gives, `recorded` the section of the contract. A dated KPI has a row for
    every period of the horizon, one that is a state for those that hold `as_of`; unknown values only where they are of
    today. A dated value is compared with the same period a year before once its period is over, the revenue window with
    the one before it; a state with what was recorded for the period before. No members give no rows. Source: contract,
    table `kpi_value`.
    """
    if not len(found.members):
        return empty(TABLES["kpi_value"])
    records = dict(tuple(recorded.groupby("kpi_id")))
    parts = [_rows(kpi, series[kpi.id], records.get(kpi.id), found, config) for kpi in followed(config)]
    if not parts:
        return empty(TABLES["kpi_value"])
    table = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    account, column = table.pop("row"), table.pop("column")
    days = found.days
    start, end = _edges(days, account, column)
    grain = pd.Series(days.grain, dtype=GRAINS).cat.codes.to_numpy()[column]
    order = np.lexsort((start, grain, table["kpi_id"], account))
    told = {
        "account_id": found.members.to_numpy()[account],
        "grain": pd.Categorical.from_codes(grain, dtype=GRAINS),
        "period_start": start.astype("datetime64[s]"),
        "period_end": end.astype("datetime64[s]"),
        "is_current": days.is_current[column].astype("int64"),
        **table,
        "status": pd.Categorical.from_codes(table["status"], dtype=BANDS),
        # 0 is no reason, and −1 no category
        "reason": pd.Categorical.from_codes(table["reason"].astype("int64") - 1, dtype=REASONS),
    }
    frame = pd.DataFrame(told)[list(TABLES["kpi_value"].columns)]
    return frame.take(order).reset_index(drop=True)


def _rows(kpi: Kpi, series: Series, recorded: pd.DataFrame | None, found: Gathered,
          config: RunConfig) -> dict[str, np.ndarray]:
    days = found.days
    columns = days.is_shown if series.dated else days.is_shown & days.is_current
    shown = np.broadcast_to(columns, series.value.shape).copy()
    shown[:, days.current("since")] &= days.since.any(axis=1)
    row, column = np.nonzero(shown & (days.is_current | ~np.isnan(series.value)))
    aim = found.targets.aim(kpi)
    told = counted(series, aim.aimed, days)
    previous = _previous(series, recorded, found) if len(row) else series.value
    places = decimals(kpi, config.company.digits)
    numbers = {
        "value": series.value, "target": aim.target, "target_to_date": aim.to_date, "budget": aim.budget,
        "previous": previous, "trend": series.value - previous}
    return {
        "row": row, "column": column, "kpi_id": np.full(len(row), kpi.id),
        **{name: rounded_array(array[row, column], places) for name, array in numbers.items()},
        "pace": pace(told, aim, kpi)[row, column],
        "status": status(told, aim, kpi, config.settings, days, found.targets.passed)[row, column],
        "reason": series.reason[row, column],
        "marks": _marks(told, row, column),
    }


def _previous(series: Series, recorded: pd.DataFrame | None, found: Gathered) -> np.ndarray:
    days = found.days
    if not series.dated:
        return _recorded(series, recorded, found)
    compared = (days.previous >= 0) & (days.is_closed | np.isin(days.grain, ["rolling", "since"]))
    return np.where(compared, series.value[:, days.previous], np.nan)


def _recorded(series: Series, recorded: pd.DataFrame | None, found: Gathered) -> np.ndarray:
    previous = np.full(series.value.shape, np.nan)
    if recorded is None:
        return previous
    account = found.members.get_indexer(recorded["account_id"])
    start = recorded["period_start"].to_numpy().astype("datetime64[M]")
    for grain, length in LENGTHS.items():
        now = found.days.current(grain)
        before = found.days.start[now].astype("datetime64[M]") - length
        rows = (recorded["grain"] == grain).to_numpy() & (start == before) & (account >= 0)
        previous[account[rows], now] = recorded["value"].to_numpy()[rows]
    return previous


def _marks(series: Series, row: np.ndarray, column: np.ndarray) -> np.ndarray:
    marks = np.full(len(row), "", dtype=object)
    for word in sorted(series.marks):
        places = series.marks[word][row, column]
        marks[places] = [f"{mark} {word}".strip() for mark in marks[places]]
    return marks


def _edges(days: Calendar, account: np.ndarray, column: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First and last day of each row's period; of the months since a nomination each member has its own."""
    start, end = days.start[column], days.end[column]
    of_since = column == days.current("since")
    since = days.since[account[of_since]]
    month = days.first_month
    start[of_since] = (month + since.argmax(axis=1)).astype("datetime64[D]")
    end[of_since] = (month + since.argmax(axis=1) + since.sum(axis=1)).astype("datetime64[D]") - 1
    return start, end
