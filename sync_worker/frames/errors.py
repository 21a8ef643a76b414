"""What is raised when a table does not keep to the contract."""

from __future__ import annotations

from collections.abc import Iterable

SHOWN = 5
"""So many reasons stand in the message; all of them are in the exception."""


class FrameError(ValueError):
    """A table that cannot be used. Nothing can be retried: the data is against the contract.

    `table` is the section or table, `rows` the offending rows (counted from 1, without the header; empty when
    the table as a whole is wrong) and `reasons` one sentence each.

    >>> str(FrameError("fact", [3], ["row 3: kpi_id is empty"]))
    'fact: row 3: kpi_id is empty'
    """

    def __init__(self, table: str, rows: Iterable[int], reasons: Iterable[str]) -> None:
        self.table = table
        self.rows = list(rows)
        self.reasons = list(reasons)
        more = len(self.reasons) - SHOWN
        tail = f"; and {more} more" if more > 0 else ""
        super().__init__(f"{table}: {'; '.join(self.reasons[:SHOWN])}{tail}")

    def __reduce__(self) -> tuple:
        # an exception with arguments of its own does not cross a process boundary without this
        return type(self), (self.table, self.rows, self.reasons)
