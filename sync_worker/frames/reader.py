"""CSV of one page into a typed frame: the only place where text becomes numbers and dates."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd

from sync_worker.frames.errors import FrameError
from sync_worker.frames.schemas import LISTED, SECTIONS, Col, Table, check

# an empty field is unknown; the words NA, null or None are not
_EMPTY = {"keep_default_na": False, "na_values": [""]}


def read_section(name: str, csv: bytes) -> pd.DataFrame:
    """The frame of one page of a section, typed and checked.

    Takes UTF-8 CSV with a header. No rows, or no bytes at all, give an empty frame of the same types. Columns
    that the contract does not name are passed over. Raises `FrameError`, naming rows, and `KeyError` for a
    section that this worker does not know.

    >>> header = b"account_id,is_key,is_candidate,is_active,manager_id,tier_id\\n"
    >>> frame = read_section("account", header + b"7,1,0,1,,2\\n")
    >>> frame[["account_id", "is_active", "manager_id", "tier_id"]].to_dict("records")
    [{'account_id': 7, 'is_active': 1, 'manager_id': nan, 'tier_id': 2.0}]
    >>> read_section("account", header + b"x,1,0,1,,2\\n")
    Traceback (most recent call last):
        ...
    sync_worker.frames.errors.FrameError: account: row 1: account_id is not a whole number (x)
    """
    table = SECTIONS[name]
    if not csv:
        return empty(table)
    try:
        frame = pd.read_csv(io.BytesIO(csv), dtype=_read_types(table), low_memory=False, **_EMPTY)
    except (ValueError, OverflowError, TypeError):
        raise _diagnosis(table, csv) from None
    given = set(frame.columns)
    frame = complete(table, frame)
    for column, col in table.columns.items():
        if col.kind == "date" and column in given:
            frame[column] = _dates(table, column, frame[column])
    return check(table, frame[list(table.columns)])


def empty(table: Table) -> pd.DataFrame:
    """No rows of that table, with the types that rows would have.

    >>> list(empty(SECTIONS["opinion"]).dtypes.astype(str))
    ['int64', 'int64', 'int64', 'float64', 'datetime64[s]', 'int64']
    """
    return pd.DataFrame(
        {name: pd.Series([], dtype=col.dtype or object) for name, col in table.columns.items()}
    )


def complete(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """The same rows with every column of the contract: an optional one that is missing is unknown throughout.

    Raises `FrameError` when another one is missing.

    >>> account = pd.DataFrame({"account_id": [7], "is_key": 1, "is_candidate": 0, "is_active": 1, "manager_id": 3})
    >>> complete(SECTIONS["account"], account)["tier_id"].tolist()
    [nan]
    """
    missing = {column: col for column, col in table.columns.items() if column not in frame.columns}
    needed = [column for column, col in missing.items() if not col.optional]
    if needed:
        raise FrameError(table.name, [], [f"column {column} is missing" for column in needed])
    unknown = {name: pd.Series(np.nan, frame.index, dtype=col.dtype or object) for name, col in missing.items()}
    return frame.assign(**unknown)


def _read_types(table: Table) -> dict[str, str]:
    # a date is read as a category, so that a million fields are parsed as the few hundred days they are
    types = {"date": "category", "text": "object"}
    return {name: types.get(col.kind) or str(col.dtype) for name, col in table.columns.items()}


def _dates(table: Table, column: str, read: pd.Series) -> np.ndarray:
    categories = read.cat.categories
    try:
        days = pd.to_datetime(categories, format="%Y-%m-%d").to_numpy().astype("datetime64[s]")
    except (ValueError, TypeError):
        wrong = [value for value in categories if not _is_date(value)]
        bad = np.flatnonzero(read.isin(wrong).to_numpy())
        reasons = [f"row {row + 1}: {column} is not a date ({read.iloc[row]})" for row in bad[:LISTED]]
        raise FrameError(table.name, [int(row) + 1 for row in bad], reasons) from None
    # an empty field has the code -1, which picks the NaT at the end
    return np.append(days, np.datetime64("NaT", "s"))[read.cat.codes.to_numpy()]


def _is_date(value: object) -> bool:
    return not pd.isna(pd.to_datetime(pd.Series([value]), format="%Y-%m-%d", errors="coerce").iloc[0])


def _diagnosis(table: Table, csv: bytes) -> FrameError:
    """Which fields made the fast reading fail: slow, and only on the way to an error."""
    try:
        text = pd.read_csv(io.BytesIO(csv), dtype="object", keep_default_na=False)
    except (ValueError, UnicodeError) as error:
        return FrameError(table.name, [], [f"is no CSV of this section ({error})".replace("\n", " ")])
    rows: set[int] = set()
    reasons = []
    for column, col in table.columns.items():
        if column not in text.columns or col.kind not in ("int", "float"):
            continue
        for row in np.flatnonzero(_wrong_numbers(text[column], col)):
            value = text[column].iloc[row]
            rows.add(int(row) + 1)
            said = (
                f"is not a {'whole ' if col.kind == 'int' else ''}number ({value})" if value else "is empty"
            )
            reasons.append(f"row {row + 1}: {column} {said}")
    return FrameError(table.name, sorted(rows), reasons[:LISTED] or ["is no CSV of this section"])


def _wrong_numbers(text: pd.Series, col: Col) -> np.ndarray:
    numbers = pd.to_numeric(text.where(text != ""), errors="coerce")
    wrong = numbers.isna() & ((text != "") | (not col.nullable))
    if col.kind == "int":
        wrong |= numbers.notna() & ((numbers % 1 != 0) | (numbers.abs() >= 2**63))
    return wrong.to_numpy()
