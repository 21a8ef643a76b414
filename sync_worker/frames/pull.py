"""Everything that one run pulled, put together from its pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields

import numpy as np
import pandas as pd

from sync_worker.frames.errors import FrameError
from sync_worker.frames.reader import complete, empty
from sync_worker.frames.schemas import SECTIONS, Col, Table, check

LENIENT = ("opinion", "history", "investment", "wallet", "answer", "request", "person", "seat", "thread", "assessment",
           "objective", "cell", "recorded", "target", "debt", "rhythm", "departure", "due", "signal")
"""Sections that may tell of accounts which are not in the universe. An alert may be about no account at all, and the
peers of a run about one account never are: both stay as they are."""


@dataclass(frozen=True)
class Pull:
    """The sections as frames, sorted by their keys, so that neither the order of rows nor the size of
    pages can be seen by what follows.

    Plain frames are welcome: types are brought into line here. Raises `FrameError` for rows against the
    contract, for a key that stands twice (a page counted double), and for facts about an account that was not
    pulled; whatever else is about such an account is left out. A section that an older addon doesn't have is empty.
    """

    account: pd.DataFrame
    fact: pd.DataFrame
    opinion: pd.DataFrame
    history: pd.DataFrame
    investment: pd.DataFrame = field(default_factory=lambda: empty(SECTIONS["investment"]))
    wallet: pd.DataFrame = field(default_factory=lambda: empty(SECTIONS["wallet"]))
    answer: pd.DataFrame = field(default_factory=lambda: empty(SECTIONS["answer"]))
    request: pd.DataFrame = field(default_factory=lambda: empty(SECTIONS["request"]))
    person: pd.DataFrame = field(default_factory=lambda: empty(SECTIONS["person"]))
    seat: pd.DataFrame = field(default_factory=lambda: empty(SECTIONS["seat"]))
    thread: pd.DataFrame = field(default_factory=lambda: empty(SECTIONS["thread"]))
    assessment: pd.DataFrame = field(default_factory=lambda: empty(SECTIONS["assessment"]))
    objective: pd.DataFrame = field(default_factory=lambda: empty(SECTIONS["objective"]))
    cell: pd.DataFrame = field(default_factory=lambda: empty(SECTIONS["cell"]))
    recorded: pd.DataFrame = field(default_factory=lambda: empty(SECTIONS["recorded"]))
    target: pd.DataFrame = field(default_factory=lambda: empty(SECTIONS["target"]))
    debt: pd.DataFrame = field(default_factory=lambda: empty(SECTIONS["debt"]))
    rhythm: pd.DataFrame = field(default_factory=lambda: empty(SECTIONS["rhythm"]))
    departure: pd.DataFrame = field(default_factory=lambda: empty(SECTIONS["departure"]))
    due: pd.DataFrame = field(default_factory=lambda: empty(SECTIONS["due"]))
    signal: pd.DataFrame = field(default_factory=lambda: empty(SECTIONS["signal"]))
    alert: pd.DataFrame = field(default_factory=lambda: empty(SECTIONS["alert"]))
    peer: pd.DataFrame = field(default_factory=lambda: empty(SECTIONS["peer"]))
    standing: pd.DataFrame = field(default_factory=lambda: empty(SECTIONS["standing"]))

    @classmethod
    def from_pages(cls, pages: Mapping[str, Iterable[pd.DataFrame]]) -> Pull:
        """Put the pages of each section together; a section without pages is empty.

        >>> Pull.from_pages({}).fact.shape
        (0, 11)
        """
        unknown = sorted(set(pages) - set(SECTIONS))
        if unknown:
            raise FrameError(unknown[0], [], ["is no section that this worker knows"])
        return cls(**{name: _together(table, list(pages.get(name, ()))) for name, table in SECTIONS.items()})

    def __post_init__(self) -> None:
        for part in fields(self):
            table = SECTIONS[part.name]
            frame = _sorted(table, check(table, _conform(table, getattr(self, part.name))))
            # frozen for everybody else
            object.__setattr__(self, part.name, frame)
        # leaving out a document in silence would lose revenue
        self._refuse_strangers("fact")
        # while an opinion or an old score may well be about an account that has left the universe
        for name in LENIENT:
            self._leave_out_strangers(name)

    def _known(self, name: str) -> np.ndarray:
        frame: pd.DataFrame = getattr(self, name)
        return np.isin(frame["account_id"].to_numpy(), self.account["account_id"].to_numpy())

    def _refuse_strangers(self, name: str) -> None:
        known = self._known(name)
        if known.all():
            return
        rows = np.flatnonzero(~known)
        ids = sorted(set(getattr(self, name)["account_id"].to_numpy()[rows].tolist()))
        reasons = [f"account {account} is not among the accounts of the run" for account in ids]
        raise FrameError(name, [int(row) + 1 for row in rows], reasons)

    def _leave_out_strangers(self, name: str) -> None:
        known = self._known(name)
        if not known.all():
            object.__setattr__(self, name, getattr(self, name)[known].reset_index(drop=True))


def _together(table: Table, pages: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [page for page in pages if len(page)]
    if not filled:
        return empty(table)
    return filled[0] if len(filled) == 1 else pd.concat(filled, ignore_index=True)


def _conform(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    frame = complete(table, frame)
    columns = {name: _converted(table, name, col, frame[name]) for name, col in table.columns.items()}
    return pd.DataFrame(columns, copy=False).reset_index(drop=True)


def _converted(table: Table, name: str, col: Col, series: pd.Series) -> pd.Series:
    if col.dtype is None or str(series.dtype) == col.dtype:
        return series
    try:
        if col.kind == "date":
            return pd.to_datetime(series).astype("datetime64[s]")
        converted = pd.to_numeric(series).astype(col.dtype)
    except (ValueError, TypeError) as error:
        raise FrameError(table.name, [], [f"{name} does not hold {col.kind} ({error})"]) from None
    if col.kind == "int" and not (converted == series).all() and not col.nullable:
        raise FrameError(table.name, [], [f"{name} does not hold whole numbers"])
    return converted


def _sorted(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    keys = [frame[key].to_numpy() for key in table.key]
    order = np.lexsort(keys[::-1])
    if (order[1:] > order[:-1]).all():
        return frame
    return frame.take(order).reset_index(drop=True)
