"""Serves the queue of Odoo, and a schedule, until it is told to stop. One run at a time.

Nothing is lost by a failure: a request stays in the queue until somebody publishes it (the addon puts it back when a
worker dies; one that can't be begun goes behind the others, and has failed after the third attempt), and a time of the
schedule stays due until every company has been refreshed. While Odoo or its database is away, it asks again and again
with longer and longer pauses, says so once, and says once that it is over.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog

from sync_worker import errors
from sync_worker.errors import KamError
from sync_worker.jobs.answers import Company, Handshake, Queued
from sync_worker.jobs.client import KamSync
from sync_worker.jobs.companies import chosen, today
from sync_worker.jobs.progress import Silent
from sync_worker.jobs.run import CompanyRun, Compute, Order, RunOptions, RunReport, Work, load_compute, refresh, warn
from sync_worker.jobs.schedule import Schedule

LONGEST_PAUSE = 60.0  # seconds between two attempts while something is wrong
GIVEN_UP_AFTER = 120.0  # seconds after which what a person must mend ends the watch
# What passes by itself: the server or its database is away, or another worker is at work.
PASSING = (errors.Retriable, errors.NotReachable, errors.ServerFailed, errors.Lease)

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class WatchOptions:
    """`run`: which company, and sizes. `poll`: seconds between two looks into the queue. `once`: end when it is empty.
    """

    run: RunOptions = field(default_factory=RunOptions)
    schedule: Schedule = field(default_factory=Schedule)
    poll: float = 5.0
    once: bool = False


Report = Callable[[RunReport], None]


def watch(sync: KamSync, options: WatchOptions, report: Report) -> int:
    """Serve until an `Interrupted` is raised, or with `once` until the queue is empty.

    :param report: is told of each run when it is over.
    :return: the exit code: with `once`, that of the worst run; when stopped, 0, or that of an interruption if a run was
        cut short (its request is in the queue again).
    :raises KamError: what a person must mend, at once when it is met at the start, later when it lasts.
    """
    due = threading.Event()
    # pandas takes a second to load: that passes before anybody asks for anything
    with ThreadPoolExecutor(1, "load") as loader, options.schedule.raising(due):
        watcher = _Watcher(sync, options, report, due, loader.submit(load_compute))
        try:
            # whoever reads this may stop it at once, and is told that nothing was cut short
            log.info("watching", company=options.run.company, poll=options.poll, schedule=options.schedule.cron,
                     every=options.schedule.every)
            return watcher.serve()
        except errors.Interrupted:
            log.info("stopped", cut_short=watcher.is_running)
            return errors.INTERRUPTED if watcher.is_running else errors.DONE


class _Watcher:
    """The loop, and what it remembers from one round to the next."""

    def __init__(self, sync: KamSync, options: WatchOptions, report: Report, due: threading.Event,
                 compute: Future[Compute]) -> None:
        self._sync, self._options, self._report, self._due, self._compute = sync, options, report, due, compute
        self._company: int | None = None
        self._pending: list[int] = []  # companies that a time of the schedule still waits for
        self._codes: set[int] = set()
        self._trouble = _Trouble(options.poll)
        self._was_request = False
        self._refused: dict[str, Any] | None = None  # a request that came to nothing, until Odoo has been told
        self.is_running = False

    def serve(self) -> int:
        """Round after round."""
        while True:
            try:
                served = self._round()
            except KamError as error:
                if self._options.once:
                    raise
                time.sleep(self._trouble.met(error))
                continue
            if served is None:
                self._trouble.over()
                if self._options.once:
                    return self._worst()
                self._due.wait(self._options.poll)
            elif served.error is None:
                self._trouble.over()
            elif served.error.code != "not_queued":
                # the request is in the queue again: soon enough is after a pause, or all its attempts are gone at once
                time.sleep(self._trouble.met(served.error, is_told=True))

    def _round(self) -> CompanyRun | None:
        """Serve what is next: a request, or else a company that is due. None when there is nothing to do.

        By turns, if there is both: neither waits until there is no more of the other.
        """
        with self._asking():
            if self._company is None and self._options.run.company is not None:
                self._company = chosen(self._sync.handshake(), self._options.run.company)[0].id
            if self._due.is_set():
                met = self._sync.handshake()
                self._due.clear()
                warn(met)
                self._pending = [company.id for company in self._companies(met)]
            queued = self._sync.next(self._company, self._refused)
            self._refused = None
            is_request = queued.run is not None and not (self._pending and self._was_request)
            if not is_request and not self._pending:
                return None
            met = self._sync.handshake()
        self._was_request = is_request
        return self._serve(met, queued) if is_request else self._refresh_pending(met)

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Calls that are made again in the next round anyway; without a next one, with all the usual patience."""
        if self._options.once:
            yield
        else:
            with self._sync.transport.impatient():
                yield

    def _companies(self, met: Handshake) -> tuple[Company, ...]:
        return tuple(company for company in met.companies if self._company in (None, company.id))

    def _serve(self, met: Handshake, queued: Queued) -> CompanyRun:
        """One request."""
        [company] = chosen(met, str(queued.company))
        done = self._run(met, company, Order(queued.kind, queued.as_of or today(met, company), {"queued": queued.run}))
        if done.error and not isinstance(done.error, PASSING) and done.error.code != "not_queued":
            # Odoo knows of it if it was begun; if that was refused, other companies would wait behind it for ever
            self._refused = {"run": queued.run, "reason": str(done.error)}
        return done

    def _refresh_pending(self, met: Handshake) -> CompanyRun | None:
        """The next company that is due. It stays due while what stops it passes by itself."""
        company = next((one for one in self._companies(met) if one.id == self._pending[0]), None)
        if company is None:  # the service user has lost it
            self._pending.pop(0)
            return None
        done = self._run(met, company, Order("full", today(met, company)))
        number = self._pending.pop(0)
        if isinstance(done.error, PASSING):
            self._pending.append(number)
        return done

    def _run(self, met: Handshake, company: Company, order: Order) -> CompanyRun:
        begun = time.perf_counter()
        self.is_running = True
        done = refresh(Work(self._sync, met, self._options.run, Silent(), self._compute), company, order)
        self.is_running = False
        if done.error and done.error.code == "not_queued":
            return done
        report = RunReport(met, False, time.perf_counter() - begun, (done,))
        self._codes.add(report.exit_code)
        self._report(report)
        if done.results:
            log.info("run published", run=done.results.run, kind=order.kind, company=company.name,
                     account=done.results.account, accounts=done.results.accounts, changed=done.results.changed,
                     refused=done.results.refused, seconds=round(done.seconds, 2))
        return done

    def _worst(self) -> int:
        return next((code for code in (*errors.WORST_FIRST, errors.PARTIAL) if code in self._codes), errors.DONE)


class _Trouble:
    """What is wrong at present, told once; how long to pause, longer each time; and when it is too much."""

    def __init__(self, poll: float) -> None:
        self._first = poll
        self._pause = poll
        self._since = 0.0
        self._was_well = False
        self.code: str | None = None

    def met(self, error: KamError, is_told: bool = False) -> float:
        """Seconds to wait before the next attempt.

        :raises KamError: the error itself, when a person must mend it.
        """
        now = time.monotonic()
        if self.code is None:
            self._since, self._pause = now, self._first
        is_lasting = not self._was_well or now - self._since > GIVEN_UP_AFTER
        if not isinstance(error, PASSING) and not is_told and is_lasting:
            raise error
        if error.code != self.code and not is_told:
            log.warning("waiting: asking again until it is over", code=error.code, reason=str(error))
        self.code = error.code
        pause, self._pause = self._pause, min(self._pause * 2, LONGEST_PAUSE)
        return pause

    def over(self) -> None:
        """All is well."""
        if self.code is not None:
            log.info("at work again", after=self.code, seconds=round(time.monotonic() - self._since, 1))
        self.code, self._was_well = None, True
