"""What a table is declared with: columns, their kinds and ranges, and rules that hold within a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

Kind = Literal["int", "float", "date", "text"]
CODES = {
    "class": ("A", "B", "C"),
    "quadrant": ("invest", "selective", "maintain", "cash"),
    "dependence": (
        "mutual_partnership",
        "mutual_unconfirmed",
        "mutual_competitive",
        "vulnerable_supplier",
        "inviting_buyer",
        "vulnerable_buyer",
        "inviting_supplier",
        "low",
    ),
    "band": ("green", "amber", "red"),
    "reference": ("run", "week"),
    "basis": ("figures", "rank"),
    "power": ("low", "medium", "high"),
    "kind": ("nps", "csat", "ces", "moment"),
    "scope": ("contact", "account", "tier", "portfolio"),
    "objective": ("on_track", "at_risk", "off_track", "achieved", "missed"),
    "grain": ("month", "quarter", "year", "rolling", "since"),
    "cell": ("month", "rolling", "state"),
    "severity": ("info", "amber", "red"),
    "change": ("open", "keep", "close"),
}
SCORES = ("attractiveness", "position", "willingness", "strategic_value", "financial_value", "health")
"""The scores with an explanation and a movement, in the order in which they are told."""


@dataclass(frozen=True)
class Col:
    """One column. A nullable integer is kept as a float, because an int64 has no place for unknown. An addon of before
    leaves out an `optional` column: all of it is unknown then."""

    kind: Kind
    nullable: bool = False
    low: float | None = None
    high: float | None = None
    codes: tuple[str, ...] = ()
    optional: bool = False

    @property
    def dtype(self) -> str | None:
        if self.kind == "int":
            return "float64" if self.nullable else "int64"
        # text is checked by what it holds: object, str and category are all welcome
        return {"float": "float64", "date": "datetime64[s]", "text": None}[self.kind]


@dataclass(frozen=True)
class Rule:
    """What holds between the columns of one row: `holds` gives a boolean for each row of a frame, `broken` says what is
    wrong with a row that fails, with its values in braces."""

    holds: Callable[[pd.DataFrame], pd.Series]
    broken: str


@dataclass(frozen=True)
class Table:
    """The columns of a table, the columns that name one row of it, and what holds within a row."""

    name: str
    columns: Mapping[str, Col]
    key: tuple[str, ...] = field(default=())
    rules: tuple[Rule, ...] = field(default=())


def identity() -> Col:
    return Col("int", low=1)


def maybe_identity(optional: bool = False) -> Col:
    return Col("int", nullable=True, low=1, optional=optional)


def flag(optional: bool = False) -> Col:
    return Col("int", nullable=optional, low=0, high=1, optional=optional)


def score() -> Col:
    return Col("float", nullable=True, low=0, high=100)


def money() -> Col:
    return Col("float", nullable=True)


def share() -> Col:
    return Col("float", nullable=True, low=0, high=1)


def count() -> Col:
    return Col("int", low=0)
