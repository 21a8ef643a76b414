"""What every section and table looks like: columns, kinds, ranges.

One declaration (`SECTIONS`, `TABLES`) serves reading, checking and writing; the pandera schemas are built
from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
import pandera.pandas as pa

from sync_worker.frames.errors import FrameError

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
}
SCORES = ("attractiveness", "position", "willingness", "strategic_value", "financial_value", "health")
"""The scores with an explanation and a movement, in the order in which they are told."""

LISTED = 100
"""So many offending rows are named; a wholly wrong table would otherwise make a message of megabytes."""


@dataclass(frozen=True)
class Col:
    """One column. A nullable integer is kept as a float, because an int64 has no place for unknown."""

    kind: Kind
    nullable: bool = False
    low: float | None = None
    high: float | None = None
    codes: tuple[str, ...] = ()

    @property
    def dtype(self) -> str | None:
        if self.kind == "int":
            return "float64" if self.nullable else "int64"
        # text is checked by what it holds: object, str and category are all welcome
        return {"float": "float64", "date": "datetime64[s]", "text": None}[self.kind]


@dataclass(frozen=True)
class Table:
    """The columns of a table and the columns that name one row of it."""

    name: str
    columns: Mapping[str, Col]
    key: tuple[str, ...] = field(default=())


def _id() -> Col:
    return Col("int", low=1)


def _flag() -> Col:
    return Col("int", low=0, high=1)


def _score() -> Col:
    return Col("float", nullable=True, low=0, high=100)


def _money() -> Col:
    return Col("float", nullable=True)


def _share() -> Col:
    return Col("float", nullable=True, low=0, high=1)


def _count(nullable: bool = False) -> Col:
    return Col("int", nullable=nullable, low=0)


SECTIONS = {
    "account": Table(
        "account",
        {
            "account_id": _id(),
            "is_key": _flag(),
            "is_candidate": _flag(),
            "is_active": _flag(),
            "manager_id": Col("int", nullable=True, low=1),
            "tier_id": Col("int", nullable=True, low=1),
        },
        key=("account_id",),
    ),
    "fact": Table(
        "fact",
        {
            "account_id": _id(),
            "kpi_id": _id(),
            "value_now": _money(),
            "value_before": _money(),
            "documents_now": _count(),
            "documents_before": _count(),
            "unknown_now": _count(),
            "unknown_before": _count(),
            "documents": _count(),
            "first_date": Col("date", nullable=True),
            "last_date": Col("date", nullable=True),
        },
        key=("account_id", "kpi_id"),
    ),
    "opinion": Table(
        "opinion",
        {
            "account_id": _id(),
            "factor_id": _id(),
            "rater_id": _id(),
            "value": Col("float", low=1, high=10),
            "date": Col("date"),
            "opinion_id": _id(),
        },
        key=("opinion_id",),
    ),
    "history": Table(
        "history",
        {
            "account_id": _id(),
            "reference": Col("text", codes=CODES["reference"]),
            "as_of": Col("date"),
            "config_hash": Col("text", nullable=True),
            "codes": Col("text", nullable=True),
            "explanation": Col("text", nullable=True),
            **{name: _score() for name in SCORES},
        },
        key=("account_id", "reference"),
    ),
    "investment": Table(
        "investment",
        {
            "account_id": _id(),
            "investment_id": _id(),
            "amount": Col("float", low=0),
            "date_start": Col("date"),
            "date_end": Col("date"),
        },
        key=("investment_id",),
    ),
    "wallet": Table(
        "wallet",
        {
            "account_id": _id(),
            "line_id": _id(),
            "counted_at": _id(),
            "is_named": _flag(),
            "sales": _money(),
            "unknown": _count(),
            "typed": _money(),
            "spend": _money(),
            "our_rank": Col("int", nullable=True),
            "suppliers": Col("int", nullable=True),
        },
        key=("account_id", "line_id"),
    ),
    "answer": Table(
        "answer",
        {
            "account_id": _id(),
            "answer_id": _id(),
            "person": Col("int", nullable=True, low=1),
            "is_named": _flag(),
            "power": Col("text", nullable=True, codes=CODES["power"]),
            "kind": Col("text", codes=CODES["kind"]),
            "value": Col("float"),
            "scale_min": Col("float"),
            "scale_max": Col("float"),
            "low_is_good": _flag(),
            "date": Col("date"),
            "touchpoint_id": Col("int", nullable=True, low=1),
        },
        key=("answer_id",),
    ),
    "request": Table(
        "request",
        {
            "account_id": _id(),
            "person": Col("int", nullable=True, low=1),
            "is_named": _flag(),
            "asked": _count(),
            "answered": _count(),
        },
        key=("account_id", "person"),
    ),
    "person": Table(
        "person",
        {
            "account_id": _id(),
            "stakeholder_id": _id(),
            "function_id": Col("int", nullable=True, low=1),
            "power": Col("text", nullable=True, codes=CODES["power"]),
            "cadence_days": Col("int", nullable=True, low=1),
            "current": Col("int", nullable=True, low=0, high=4),
            "target": Col("int", nullable=True, low=1, high=4),
            "last_contact": Col("date", nullable=True),
            "contact_days": _count(),
            "is_two_way": _flag(),
        },
        key=("stakeholder_id",),
    ),
    "seat": Table("seat", {"account_id": _id(), "role_id": _id(), "people": _count()}, key=("account_id", "role_id")),
    "thread": Table("thread", {"account_id": _id(), "colleagues": _count()}, key=("account_id",)),
    "assessment": Table(
        "assessment",
        {
            "account_id": _id(),
            "aspect": Col("text"),
            "is_inverted": _flag(),
            "rater_id": _id(),
            "value": Col("float", low=1, high=10),
            "date": Col("date"),
            "assessment_id": _id(),
        },
        key=("assessment_id", "aspect"),
    ),
    "objective": Table(
        "objective",
        {"account_id": _id(), "objective_id": _id(), "status": Col("text", codes=CODES["objective"])},
        key=("account_id", "objective_id"),
    ),
}

TABLES = {
    "score": Table(
        "score",
        {
            "account_id": _id(),
            "revenue": _money(),
            "revenue_before": _money(),
            "growth": _money(),
            "margin": _money(),
            "margin_percent": _money(),
            "net_margin": _money(),
            "margin_estimated": _flag(),
            "documents": _count(),
            "last_document": Col("date", nullable=True),
            "rank": Col("int", nullable=True, low=1),
            "share": _share(),
            "cumulative_share": _share(),
            "pareto_class": Col("text", nullable=True, codes=CODES["class"]),
            "margin_class": Col("text", nullable=True, codes=CODES["class"]),
            "is_compared": _flag(),
            "attractiveness": _score(),
            "position": _score(),
            "willingness": _score(),
            "strategic_value": _score(),
            "financial_value": _score(),
            "quadrant": Col("text", nullable=True, codes=CODES["quadrant"]),
            "relationship_quality": _score(),
            "dependence": Col("text", nullable=True, codes=CODES["dependence"]),
            # over 1 the estimate of the wallet is wrong: flagged, not clipped
            "share_of_wallet": Col("float", nullable=True),
            "wallet_coverage": _share(),
            "white_space": Col("float", nullable=True, low=0),
            "satisfaction": _score(),
            "nps": Col("float", nullable=True, low=-100, high=100),
            "relationship": _score(),
            "health": _score(),
            "health_band": Col("text", nullable=True, codes=CODES["band"]),
            "explanation": Col("text", nullable=True),
            "movement": Col("text", nullable=True),
        },
        key=("account_id",),
    ),
    "portfolio": Table(
        "portfolio",
        {
            "accounts": _count(),
            "key_accounts": _count(),
            "compared": _count(),
            "revenue": _money(),
            "unknown_revenue": _count(),
            "largest_share": _share(),
            "top5_share": _share(),
            "hhi": Col("float", nullable=True, low=0, high=10_000),
            "concentration_band": Col("int", nullable=True, low=0, high=3),
        },
    ),
    "wallet": Table(
        "wallet",
        {
            "line_id": _id(),
            "sales": _money(),
            "spend": _money(),
            "share": Col("float", nullable=True),
            "white_space": Col("float", nullable=True, low=0),
            "is_over": _flag(),
            "basis": Col("text", nullable=True, codes=CODES["basis"]),
        },
        key=("line_id",),
    ),
    "satisfaction": Table(
        "satisfaction",
        {
            "scope": Col("text", codes=CODES["scope"]),
            "subject_id": _count(),
            "account_id": Col("int", nullable=True, low=1),
            "touchpoint_id": Col("int", nullable=True, low=1),
            "nps": Col("float", nullable=True, low=-100, high=100),
            "nps_answers": _count(),
            "csat": _share(),
            "csat_answers": _count(),
            "ces": _money(),
            "ces_lowest": _money(),
            "ces_highest": _money(),
            "ces_low_is_good": Col("int", nullable=True, low=0, high=1),
            "ces_answers": _count(),
            "favourability": _share(),
            "favourability_answers": _count(),
            "satisfaction": _score(),
            "answers": _count(),
            "people": _count(),
            "last_date": Col("date", nullable=True),
            "asked": _count(),
            "answered": _count(),
            "response_rate": _share(),
            "trend": Col("float", nullable=True, low=-100, high=100),
            "series": Col("text", nullable=True),
        },
        key=("scope", "subject_id", "account_id", "touchpoint_id"),
    ),
    "person": Table(
        "person",
        {
            "stakeholder_id": _id(),
            "account_id": _id(),
            "strength": _score(),
            "is_in_touch": _flag(),
            "contact_days": _count(),
            "is_two_way": _flag(),
            "last_contact": Col("date", nullable=True),
        },
        key=("stakeholder_id",),
    ),
    "relationship": Table(
        "relationship",
        {
            "account_id": _id(),
            "strength": _score(),
            "quality": _score(),
            "quality_raters": _count(),
            "quality_date": Col("date", nullable=True),
            "coverage": _share(),
            "people": _count(),
            "people_in_touch": _count(),
            "role_coverage": _share(),
            "roles_required": _count(),
            "roles_filled": _count(),
            "gap": _share(),
            "colleagues": _count(),
            "is_single_thread": Col("int", nullable=True, low=0, high=1),
            "functions": Col("text", nullable=True),
            "aspects": Col("text", nullable=True),
        },
        key=("account_id",),
    ),
}


def _checks(col: Col) -> list[pa.Check]:
    checks = []
    if col.kind == "float" or (col.kind == "int" and col.nullable):
        checks.append(pa.Check(lambda s: ~np.isinf(s), error="is infinite"))
    if col.low is not None:
        checks.append(pa.Check.ge(col.low, error=f"is under {col.low:g}"))
    if col.high is not None:
        checks.append(pa.Check.le(col.high, error=f"is over {col.high:g}"))
    if col.codes:
        checks.append(pa.Check.isin(col.codes, error=f"is none of {', '.join(col.codes)}"))
    return checks


def _schema(table: Table) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(
        {
            name: pa.Column(col.dtype, _checks(col), nullable=col.nullable)
            for name, col in table.columns.items()
        },
        unique=list(table.key) or None,
        name=table.name,
    )


# a section and a table may share a name, so they are told apart by themselves
_SCHEMAS = {id(table): _schema(table) for tables in (SECTIONS, TABLES) for table in tables.values()}


def check(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """The same frame, when every row keeps to the contract; an empty frame does.

    All offending rows are found in one go. Raises `FrameError`.

    >>> good = pd.DataFrame({"account_id": [7], "is_key": [1], "is_candidate": [0], "is_active": [1],
    ...                      "manager_id": [float("nan")]})
    >>> check(SECTIONS["account"], good) is good
    True
    >>> check(SECTIONS["account"], good.assign(is_key=2))
    Traceback (most recent call last):
        ...
    sync_worker.frames.errors.FrameError: account: row 1: is_key is over 1 (2)
    """
    if frame.empty and set(table.columns) <= set(frame.columns):
        return frame
    try:
        _SCHEMAS[id(table)].validate(frame, lazy=True, inplace=True)
    except pa.errors.SchemaErrors as error:
        raise _frame_error(table, frame, error.failure_cases) from None
    return frame


def _frame_error(table: Table, frame: pd.DataFrame, cases: pd.DataFrame) -> FrameError:
    positions = dict(zip(frame.index, range(1, len(frame) + 1), strict=True))
    cases = cases.assign(number=cases["index"].map(positions, na_action="ignore")).sort_values(
        "number", kind="stable", na_position="first"
    )
    rows = sorted({int(row) for row in cases["number"].dropna()})
    # a doubled key is reported once for each of its columns
    reasons = dict.fromkeys(
        _reason(table, number, column, str(said), value)
        for number, column, said, value in cases[:LISTED][
            ["number", "column", "check", "failure_case"]
        ].itertuples(index=False, name=None)
    )
    return FrameError(table.name, rows, reasons)


def _reason(table: Table, number: float, column: str, said: str, value: object) -> str:
    where = "" if pd.isna(number) else f"row {int(number)}: "
    if said.startswith("multiple_fields_uniqueness"):
        return f"{where}{' and '.join(table.key)} stand twice"
    if said == "column_in_dataframe":
        return f"column {value} is missing"
    if said == "not_nullable":
        return f"{where}{column} is empty"
    return f"{where}{column} {said} ({value})"
