"""The key figures of one run: which there are, in the order in which they depend on each other.

Only members (key accounts and candidates) have key figures, so that a hundred thousand customers cost nothing here.
What is read before the scores (`gathered`: sales against their target are part of health) is kept apart from what needs
them (`key_figures`: health is a key figure itself). `kpi_table` makes the rows.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sync_worker.frames.config import Kpi, RunConfig
from sync_worker.frames.pull import Pull
from sync_worker.scoring.components import COLUMNS
from sync_worker.scoring.constants import PART_DECIMALS
from sync_worker.scoring.health import pipeline_component, sales_component
from sync_worker.scoring.kpi_calendar import Calendar, calendar
from sync_worker.scoring.kpi_cells import Cells
from sync_worker.scoring.kpi_figures import Known, estimated, figure
from sync_worker.scoring.kpi_formula import Step, evaluated, names, steps
from sync_worker.scoring.kpi_sales import (
    Sales,
    pipeline_coverage,
    portfolio_win_rate,
    sales_figure,
    win_rate,
    year_pace,
)
from sync_worker.scoring.kpi_series import Series, nothing, settled, state
from sync_worker.scoring.kpi_targets import Aim, Targets
from sync_worker.scoring.reasons import Reason
from sync_worker.scoring.rounding import rounded_array

ESTIMATED = "estimated"


@dataclass(frozen=True)
class Gathered:
    """What all key figures are read from: the members, their calendar, cells and targets, and their sales."""

    members: pd.Index
    days: Calendar
    cells: Cells
    targets: Targets
    sales: Sales


def gathered(pull: Pull, config: RunConfig, as_of: datetime.date) -> Gathered:
    """The members with everything that was pulled of their key figures; no members give frames without rows."""
    account = pull.account[(pull.account["is_key"] == 1) | (pull.account["is_candidate"] == 1)]
    members = pd.Index(account["account_id"], name="account_id")
    days = calendar(as_of, config.settings.window_months, account["key_since"])
    cells = Cells(pull.cell, members, days)
    targets = Targets(pull.target, members, days, config.clock)
    revenue = config.kpi(config.sources.revenue)
    if revenue is None:
        none = np.full((len(members), days.width), np.nan)
        aim = Aim(none, none, none)
    else:
        aim = targets.aim(revenue)
    qualified = cells.values(config.kpi(config.sources.open_qualified))
    return Gathered(members, days, cells, targets, Sales(cells.values(revenue), aim, qualified, targets.passed))


def sales_components(found: Gathered, config: RunConfig, as_of: datetime.date) -> pd.DataFrame:
    """The components `sales` and `pipeline` of the health of each member, as `components.health_components` gives the
    others.

    Sales are the pace of this year in percent; `not_yet` in its first days, `no_target` without one. The pipeline is
    what it covers of the rest of the year's target; where that is reached it is 100 points, and the raw value, of which
    there is none, 0. Source: methodology, health.
    """
    pace, lacking = year_pace(found.sales, found.days, config.settings)
    raw = pd.Series(rounded_array(pace * 100.0, PART_DECIMALS), found.members)
    rows = [_component("sales", raw, sales_component(raw), lacking, as_of)]
    coverage, now = pipeline_coverage(found.sales, found.days), found.days.current("year")
    reason = coverage.reason[:, now]
    reached = pd.Series(reason == Reason.TARGET_REACHED, found.members)
    covered = pd.Series(coverage.value[:, now], found.members)
    points = pipeline_component(covered, reached)
    rows.append(_component("pipeline", covered.mask(reached, 0.0), points, reason, as_of))
    return pd.concat(rows, ignore_index=True)


def _component(code: str, raw: pd.Series, points: pd.Series, lacking: np.ndarray, as_of: datetime.date) -> pd.DataFrame:
    frame = pd.DataFrame({
        "account_id": raw.index, "code": code, "raw": raw.to_numpy(), "date": np.datetime64(as_of, "s"),
        "normalised": rounded_array(points.to_numpy(), PART_DECIMALS),
        "reason": np.where(points.notna(), Reason.KNOWN, lacking)})
    return frame.astype(COLUMNS)


def key_figures(pull: Pull, config: RunConfig, found: Gathered, known: Known) -> dict[int, Series]:
    """The series of every KPI that is wanted, or that one of those is computed from, by its id.

    One that is not available, of a kind or figure that this worker does not know, with a tree that it cannot read, or
    computed from itself, is unknown as `unavailable`, and the others are unharmed.
    """
    shape = (len(found.members), found.days.width)
    by_code = {kpi.code: kpi for kpi in config.kpis}
    trees = {kpi.code: steps(kpi.tree) for kpi in config.kpis if kpi.kind == "formula" and kpi.available}
    wanted = _wanted(config, trees)
    done: dict[str, Series] = {}
    for code in wanted:
        kpi = by_code[code]
        if kpi.kind == "formula" and trees.get(code):
            continue
        series = _plain(kpi, pull, config, found, known) if kpi.available else None
        done[code] = settled(series or nothing(shape, Reason.UNAVAILABLE, kpi.dated), kpi, config.company.digits)
    waiting = [code for code in wanted if code not in done]
    while ready := [code for code in waiting if all(name in done for name in names(trees[code]))]:
        for code in ready:
            operands = {name: done[name] for name in names(trees[code])}
            done[code] = settled(evaluated(trees[code], operands, shape), by_code[code], config.company.digits)
        waiting = [code for code in waiting if code not in done]
    # what is left names a figure that is not there, or goes round in a circle
    done |= {code: nothing(shape, Reason.UNAVAILABLE, by_code[code].dated) for code in waiting}
    return {by_code[code].id: series for code, series in done.items()}


def _wanted(config: RunConfig, trees: dict[str, list[Step] | None]) -> list[str]:
    by_code = {kpi.code: kpi for kpi in config.kpis}
    wanted: dict[str, None] = {}
    ahead = [kpi.code for kpi in config.kpis if kpi.followed]
    while ahead:
        code = ahead.pop()
        if code in wanted or code not in by_code:
            continue
        wanted[code] = None
        ahead += names(trees.get(code) or [])
    return sorted(wanted)


def _plain(kpi: Kpi, pull: Pull, config: RunConfig, found: Gathered, known: Known) -> Series | None:
    """A source or a figure; None when this worker does not know it."""
    if kpi.kind == "source":
        return found.cells.values(kpi)
    if kpi.kind != "figure" or kpi.figure is None:
        return None
    if kpi.figure == "win_rate":
        return _win_rate(config, found)
    series = sales_figure(kpi.figure, found.sales, found.days)
    if series is not None:
        return series
    told = figure(kpi.figure, known, found.members)
    if told is None:
        return None
    value, lacking = told
    series = state(value.to_numpy(dtype="float64"), lacking, found.days.width)
    guessed = estimated(kpi.figure, known, found.members)
    if not guessed.any():
        return series
    places = np.broadcast_to(guessed[:, None], series.value.shape)
    return Series(series.value, series.reason, False, {ESTIMATED: places})


def _win_rate(config: RunConfig, found: Gathered) -> Series:
    won, lost = (found.cells.values(config.kpi(kpi_id)) for kpi_id in (config.sources.won, config.sources.lost))
    portfolio = portfolio_win_rate(config, won, lost, found.days)
    return win_rate(won, lost, portfolio, config.settings.few_deals)


def followed(config: RunConfig) -> Iterable[Kpi]:
    """The KPIs whose values are told, in the order of their ids."""
    return sorted((kpi for kpi in config.kpis if kpi.followed), key=lambda kpi: kpi.id)
