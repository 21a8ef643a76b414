"""Key figures of deals and of sales against their target: win rate, attainment, pace, and what the pipeline covers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sync_worker.frames.config import RunConfig, Settings
from sync_worker.scoring.constants import SHARE_DECIMALS
from sync_worker.scoring.kpi_calendar import Calendar
from sync_worker.scoring.kpi_series import Series, known, state
from sync_worker.scoring.kpi_targets import Aim, counted, quiet
from sync_worker.scoring.reasons import Reason

PORTFOLIO_WIN_RATE = "portfolio_win_rate"
TARGET_REACHED = "target_reached"


@dataclass(frozen=True)
class Sales:
    """Sales of the members: `revenue`, its `aim`, the open qualified amount (`qualified`), and how much of each period
    has passed (`passed`, as `kpi_calendar.elapsed` gives it)."""

    revenue: Series
    aim: Aim
    qualified: Series
    passed: np.ndarray


def attainment(revenue: Series, wanted: np.ndarray) -> Series:
    """Sales as a share of what is wanted (a target, a budget, or what is due of a target by now), in every period.

    Unknown without sales, and without a target over zero (`no_target`). Source: methodology, sales against target.

    By hand: 90 of 120 are three quarters.

    >>> attainment(known(np.array([[90.0, 5.0]]), 0, True), np.array([[120.0, 0.0]])).value.tolist()
    [[0.75, nan]]
    """
    ratio = revenue.value / np.where(wanted > 0, wanted, np.nan)
    lacking = np.where(revenue.reason != Reason.KNOWN, revenue.reason, Reason.NO_TARGET)
    return known(ratio, lacking, True)


def win_rate(won: Series, lost: Series, portfolio: float, few: int) -> Series:
    """Won / (won + lost) by number, in every period; under `few` closed deals that of the portfolio, marked so.

    `portfolio` is the rate (0..1) of key accounts and candidates together over the revenue window, NaN when none closed
    a deal: then the account's own stands, as far as it has one. Source: methodology, pipeline.

    By hand: 4 of 5 deals are 0.8; one of one is too little to tell, and the portfolio's 0.3 stands.

    >>> won, lost = known(np.array([[4.0, 1.0]]), 0, True), known(np.array([[1.0, 0.0]]), 0, True)
    >>> found = win_rate(won, lost, 0.3, 5)
    >>> found.value.tolist(), found.marks["portfolio_win_rate"].tolist()
    ([[0.8, 0.3]], [[False, True]])
    """
    closed = won.value + lost.value
    own = won.value / np.where(closed > 0, closed, np.nan)
    short = (closed < few) & ~np.isnan(portfolio)
    reason = np.where(won.reason != Reason.KNOWN, won.reason, lost.reason)
    lacking = np.where(reason != Reason.KNOWN, reason, Reason.NO_DATA)
    return known(np.where(short, portfolio, own), lacking, True, {PORTFOLIO_WIN_RATE: short})


def portfolio_win_rate(config: RunConfig, won: Series, lost: Series, days: Calendar) -> float:
    """The win rate (0..1) over the revenue window of the portfolio: the key accounts and candidates together.

    NaN when no deal was closed. A run about one account has that of the last full one in its configuration.
    """
    if config.portfolio_win_rate is not None:
        return config.portfolio_win_rate
    window = days.current("rolling")
    gained, missed = (float(np.nansum(each.value[:, window])) for each in (won, lost))
    return gained / (gained + missed) if gained + missed > 0 else np.nan


def pipeline_coverage(sales: Sales, days: Calendar) -> Series:
    """Open qualified amount / what the year's target still asks for; one value per member, known today.

    Where the target is reached there is nothing to cover: unknown, as `target_reached`, and marked. Of a target of 1000
    are 600 sold: 800 in the pipeline cover the other 400 twice. Source: methodology, pipeline.
    """
    year = days.current("year")
    target, amount = sales.aim.target[:, year], sales.qualified.value[:, year]
    revenue = counted(sales.revenue, sales.aim.aimed, days)
    sold, unsold = revenue.value[:, year], revenue.reason[:, year]
    remaining = target - sold
    ratio = amount / np.where(remaining > 0, remaining, np.nan)
    reached = (target > 0) & (remaining <= 0)
    lacking = np.select(
        [unsold != Reason.KNOWN, ~(target > 0), reached],
        [unsold, Reason.NO_TARGET, Reason.TARGET_REACHED], sales.qualified.reason[:, year])
    covered = np.where(target > 0, ratio, np.nan)
    found = state(np.round(covered, SHARE_DECIMALS), lacking, days.width)
    places = np.broadcast_to(reached[:, None], found.value.shape)
    return Series(found.value, found.reason, False, {TARGET_REACHED: places})


def year_pace(sales: Sales, days: Calendar, settings: Settings) -> tuple[np.ndarray, np.ndarray]:
    """The pace of this year's sales (1 is on target) of each member, and the reason where there is none.

    In the first `pace_quiet` percent of the year it is too early to tell (`not_yet`).
    """
    year = days.current("year")
    found = attainment(counted(sales.revenue, sales.aim.aimed, days), sales.aim.to_date)
    early = bool(quiet(settings, days, sales.passed)[year]) & (found.reason[:, year] == Reason.KNOWN)
    value = np.where(early, np.nan, found.value[:, year])
    return value, np.where(early, Reason.NOT_YET, found.reason[:, year])


def sales_figure(name: str, sales: Sales, days: Calendar) -> Series | None:
    """One of the figures that need the target of sales; None for another name."""
    if name == "sales_attainment":
        return attainment(counted(sales.revenue, sales.aim.aimed, days), sales.aim.target)
    if name == "budget_attainment":
        return attainment(counted(sales.revenue, sales.aim.budgeted, days), sales.aim.budget)
    if name == "sales_pace":
        return attainment(counted(sales.revenue, sales.aim.aimed, days), sales.aim.to_date)
    if name == "pipeline_coverage":
        return pipeline_coverage(sales, days)
    return None
