"""Results on their way back, in batches: one is written while the former is on its way."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pandas as pd
import structlog

from sync_worker.frames import write_table
from sync_worker.jobs.lease import Held
from sync_worker.jobs.progress import Progress
from sync_worker.rpc.wire import pack

SHOWN = 20  # refused rows that are logged, of each batch; the run in Odoo has them all

log = structlog.get_logger(__name__)


def stage_table(lease: Held, table: str, frame: pd.DataFrame, batch_rows: int, progress: Progress) -> dict[str, int]:
    """Stage a table and return what `publish` has to find: rows and batches.

    An empty table is staged too, as one batch without rows: it says that nothing was lost.
    """
    batches = 0
    for rows in _batches(table, frame, batch_rows):
        batches += 1
        answer = lease.sync.stage(*lease.key, table, batches, rows)
        for refusal in answer.refused[:SHOWN]:
            log.warning("a row was refused", table=table, batch=batches, line=refusal.line,
                        reference=refusal.reference, reason=refusal.reason)
        progress.advance(rows["rows"])
    return {"rows": len(frame), "batches": batches}


def _batches(table: str, frame: pd.DataFrame, batch_rows: int) -> Iterator[dict[str, Any]]:
    """The batches, packed. Writing is done in another thread, one batch ahead; calls are not, so that Ctrl-C stops
    them."""

    def write(start: int) -> dict[str, Any]:
        rows = frame.iloc[start:start + batch_rows]
        return pack(write_table(table, rows), len(rows))

    starts = range(0, max(len(frame), 1), batch_rows)
    with ThreadPoolExecutor(1, "write") as writer:
        ahead = writer.submit(write, starts[0])
        for start in starts[1:]:
            ready, ahead = ahead.result(), writer.submit(write, start)
            yield ready
        yield ahead.result()
