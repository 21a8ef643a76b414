"""When a refresh of all accounts is due without anybody asking: by a cron expression, every so many minutes, or both.

APScheduler keeps the time; it only raises a flag, and the one thread that works looks at it. A time that passes while a
run is under way, or while Odoo is away, is made up for once, not as often as it passed.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger


@dataclass(frozen=True)
class Schedule:
    """`cron`: minute, hour, day of the month, month, day of the week, as in a crontab, in `timezone` (by default this
    machine's). `every`: minutes between two times."""

    cron: str | None = None
    every: float | None = None
    timezone: str | None = None

    @contextmanager
    def raising(self, due: threading.Event) -> Iterator[None]:
        """Raise `due` at each time, until the end of the context."""
        logging.getLogger("apscheduler").setLevel(logging.WARNING)  # what it does is told by the runs
        scheduler = BackgroundScheduler(daemon=True, timezone=self.timezone or dt.UTC)
        for trigger in self._triggers():
            scheduler.add_job(due.set, trigger, coalesce=True, misfire_grace_time=None)
        scheduler.start()
        try:
            yield
        finally:
            scheduler.shutdown(wait=False)

    def _triggers(self) -> Iterator[CronTrigger | IntervalTrigger]:
        if self.cron:
            yield cron(self.cron, self.timezone)
        if self.every:
            yield IntervalTrigger(seconds=self.every * 60)


def cron(expression: str, timezone: str | None) -> CronTrigger:
    """The times of a cron expression.

    Numbers of weekdays are those of a crontab: 0 and 7 are Sunday, where APScheduler counts from Monday. Names do.

    :raises ValueError: saying what is wrong with it.
    """
    fields = expression.split()
    if len(fields) != 5:
        raise ValueError("five fields are needed (minute, hour, day, month, weekday), such as “0 4 * * *”")
    if any(letter.isdigit() for letter in fields[4].split("/")[0]):
        raise ValueError("write weekdays as names, such as mon-fri: programs number them differently")
    try:
        return CronTrigger.from_crontab(expression, timezone=ZoneInfo(timezone) if timezone else None)
    except ValueError as error:
        raise ValueError(f"no cron expression: {error}") from None
