"""A frame into the CSV that `stage` takes: the same frame gives the same bytes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sync_worker.frames.errors import FrameError
from sync_worker.frames.schemas import TABLES, Col


def write_table(name: str, frame: pd.DataFrame) -> bytes:
    """UTF-8 CSV with a header line; an unknown value is an empty field, a flag 0 or 1, a date YYYY-MM-DD.

    Takes a whole table or any slice of its rows. No rows give the header alone. A float is written with the
    fewest digits that give it back. Raises `FrameError` for columns other than the contract's, and `KeyError`
    for a table that this worker does not know.

    >>> row = {"accounts": 2, "key_accounts": 1, "compared": 2, "revenue": 10.5, "unknown_revenue": 0,
    ...        "largest_share": float("nan"), "top5_share": 1.0, "hhi": 5000.0, "concentration_band": 3}
    >>> print(write_table("portfolio", pd.DataFrame([row])).decode(), end="")
    accounts,key_accounts,compared,revenue,unknown_revenue,largest_share,top5_share,hhi,concentration_band
    2,1,2,10.5,0,,1.0,5000.0,3
    """
    table = TABLES[name]
    if list(frame.columns) != list(table.columns):
        raise FrameError(name, [], ["does not have the columns of the contract"])
    header = ",".join(table.columns)
    # not pandas' to_csv: it would write 3.0 for a rank that may be unknown, and takes twice the time
    columns = [_fields(frame[column], col) for column, col in table.columns.items()]
    return "".join(f"{line}\n" for line in [header, *map(",".join, zip(*columns, strict=True))]).encode()


def _fields(series: pd.Series, col: Col) -> list[str]:
    if col.kind == "text":
        return _texts(series)
    values = series.to_numpy()
    known = ~np.isnat(values) if col.kind == "date" else ~np.isnan(values.astype("float64"))
    if not known.any():
        return [""] * len(values)
    fields = np.full(len(values), "", dtype=object)
    fields[known] = _known_fields(values[known], col)
    return fields.tolist()


def _known_fields(values: np.ndarray, col: Col) -> np.ndarray | list[str]:
    # counts, flags, days and most figures come again and again: each is written once
    codes, different = pd.factorize(values)
    if 2 * len(different) > len(values):
        return _written(values, col)
    return np.array(_written(different, col), dtype=object)[codes]


def _written(values: np.ndarray, col: Col) -> list[str]:
    if col.kind == "date":
        return np.datetime_as_string(values, unit="D").tolist()
    if col.kind == "int":
        return list(map(str, values.astype("int64").tolist()))
    # adding 0.0 turns -0.0 into 0.0
    return list(map(repr, (values.astype("float64") + 0.0).tolist()))


def _texts(series: pd.Series) -> list[str]:
    if isinstance(series.dtype, pd.CategoricalDtype):
        quoted = [_quoted(str(category)) for category in series.cat.categories] + [""]
        return [quoted[code] for code in series.cat.codes.tolist()]
    if series.isna().all():
        return [""] * len(series)
    return ["" if unknown else _quoted(value) for value, unknown in zip(series, series.isna(), strict=True)]


def _quoted(text: str) -> str:
    if not any(sign in text for sign in ',"\r\n'):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
