"""Whether a frame keeps to the contract: the sections and tables, checked row by row.

One declaration (`SECTIONS`, `TABLES`) serves reading, checking and writing; the pandera schemas are built
from it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pandera.pandas as pa

from sync_worker.frames.columns import CODES, SCORES, Col, Table
from sync_worker.frames.errors import FrameError
from sync_worker.frames.sections import SECTIONS
from sync_worker.frames.tables import TABLES

__all__ = ["CODES", "LISTED", "SCORES", "SECTIONS", "TABLES", "Col", "Table", "check"]

LISTED = 100
"""So many offending rows are named; a wholly wrong table would otherwise make a message of megabytes."""


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
            name: pa.Column(col.dtype, _checks(col), nullable=col.nullable, required=not col.optional)
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
    _check_rules(table, frame)
    return frame


def _check_rules(table: Table, frame: pd.DataFrame) -> None:
    """What holds between columns; looked at once each column is right by itself."""
    broken: dict[int, list[str]] = {}
    for rule in table.rules:
        for row in np.flatnonzero(~rule.holds(frame).to_numpy(dtype=bool)):
            broken.setdefault(int(row) + 1, []).append(rule.broken)
    if not broken:
        return
    reasons = [
        f"row {row}: {said.format(**frame.iloc[row - 1])}"
        for row in sorted(broken)[:LISTED]
        for said in broken[row]
    ]
    raise FrameError(table.name, sorted(broken), reasons)


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
