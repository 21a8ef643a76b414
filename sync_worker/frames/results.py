"""What one run worked out, checked before anything of it leaves."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from sync_worker.frames.errors import FrameError
from sync_worker.frames.reader import empty
from sync_worker.frames.schemas import TABLES, check


@dataclass(frozen=True)
class Results:
    """`score`: one row per account of the universe, sorted by `account_id`. `portfolio`: one row. `wallet`: one row per
    category line of an active plan; `satisfaction`: one row per subject and touchpoint; `person`: one row per
    stakeholder; `relationship`: one row per account of which the relation is on record; `kpi_value`: one row per
    member, key figure and period; `alert`: one row per alert that opens, stays or closes; none of these by default.

    Exactly the columns of the contract's stage tables. A rank may be unknown, so it is a float
    here and a whole number in CSV. Raises `FrameError` when a figure is out of its
    range: better no run than a wrong one.
    """

    score: pd.DataFrame
    portfolio: pd.DataFrame
    wallet: pd.DataFrame = field(default_factory=lambda: empty(TABLES["wallet"]))
    satisfaction: pd.DataFrame = field(default_factory=lambda: empty(TABLES["satisfaction"]))
    person: pd.DataFrame = field(default_factory=lambda: empty(TABLES["person"]))
    relationship: pd.DataFrame = field(default_factory=lambda: empty(TABLES["relationship"]))
    kpi_value: pd.DataFrame = field(default_factory=lambda: empty(TABLES["kpi_value"]))
    alert: pd.DataFrame = field(default_factory=lambda: empty(TABLES["alert"]))

    def __post_init__(self) -> None:
        for name in TABLES:
            frame = getattr(self, name)
            if list(frame.columns) != list(TABLES[name].columns):
                raise FrameError(name, [], ["does not have the columns of the contract"])
            check(TABLES[name], frame)
        if not self.score["account_id"].is_monotonic_increasing:
            raise FrameError("score", [], ["is not sorted by account_id"])
