"""Values of one key figure: a number, or why there is none, for each member and each period of the calendar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from sync_worker.frames.config import Kpi
from sync_worker.scoring.constants import LARGEST, PERCENT_DECIMALS, SHARE_DECIMALS
from sync_worker.scoring.reasons import Reason
from sync_worker.scoring.rounding import rounded_array


@dataclass(frozen=True)
class Series:
    """`value` (NaN: unknown) and `reason` (of `Reason`; 0 where known), one row per member and one column per period.

    One that is not `dated` is known as of today alone: its other columns say nothing. `marks`: words that are true of
    some values, each with the places where it is.
    """

    value: np.ndarray
    reason: np.ndarray
    dated: bool
    marks: dict[str, np.ndarray] = field(default_factory=dict)


def known(value: np.ndarray, lacking: object, dated: bool, marks: dict[str, np.ndarray] | None = None) -> Series:
    """The values, with `lacking` (one reason, or one for each value) where they are NaN.

    >>> known(np.array([[1.0, np.nan]]), Reason.NO_DATA, True).reason.tolist()
    [[0, 3]]
    """
    reason = np.where(np.isnan(value), lacking, Reason.KNOWN).astype("int8")
    return Series(value, reason, dated, marks or {})


def nothing(shape: tuple[int, int], why: Reason, dated: bool) -> Series:
    """All unknown for one reason."""
    return known(np.full(shape, np.nan), why, dated)


def state(value: np.ndarray, lacking: object, width: int, marks: Iterable[str] = ()) -> Series:
    """What is known as of today alone, one value per member: it stands in every column.

    >>> state(np.array([2.0, np.nan]), Reason.NO_ANSWERS, 2).reason.tolist()
    [[0, 0], [10, 10]]
    """
    shape = (len(value), width)
    reasons = np.broadcast_to(np.asarray(lacking).reshape(-1, 1), (len(value), 1))
    columns = np.broadcast_to(value[:, None], shape)
    return known(columns, reasons, False, {word: np.ones(shape, dtype=bool) for word in marks})


def decimals(kpi: Kpi, digits: int) -> int:
    """How many decimals a KPI is told with: those of money are the `digits` of the currency."""
    return {"amount": digits, "percent": SHARE_DECIMALS}.get(kpi.unit or "", PERCENT_DECIMALS)


def settled(series: Series, kpi: Kpi, digits: int) -> Series:
    """The same, rounded by its unit: money to the `digits` of the currency, shares to 8 decimals, the rest to 6.

    What no column could take is unknown (`too_large`).

    >>> kpi = Kpi(id=1, code="revenue", unit="amount")
    >>> settled(known(np.array([[0.1 + 0.2, 1e300]]), 0, True), kpi, 2).value.tolist()
    [[0.3, nan]]
    """
    too_large = np.abs(series.value) >= LARGEST
    value = np.where(too_large, np.nan, series.value)
    reason = np.where(too_large, Reason.TOO_LARGE, series.reason).astype("int8")
    return Series(rounded_array(value, decimals(kpi, digits)), reason, series.dated, series.marks)
