"""Metrics of the last run as an OpenMetrics text file, for a collector that reads files.

The file is written whole and moved into place, so that nobody reads half of it. The time of the last success survives
a run that fails: it is taken over from the file before.
"""

from __future__ import annotations

import dataclasses
import os
import tempfile
import time
from collections import Counter as Tally
from collections.abc import Collection, Mapping
from pathlib import Path

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge
from prometheus_client.openmetrics.exposition import generate_latest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from sync_worker.jobs.run import CompanyRun, RunReport

COUNTS = ("accounts", "sources", "changed", "unchanged", "refused", "alerts_opened", "alerts_closed")
SUCCESS = "kam_sync_last_success_timestamp_seconds"

log = structlog.get_logger(__name__)


def write(path: Path, report: RunReport | None, exit_code: int, now: float | None = None,
          served: Mapping[tuple[str, str], int] | None = None, fresh: Collection[int] | None = None) -> None:
    """Write the metrics of a run. `report` is None when it failed before anything could begin.

    A file that cannot be written is logged: the run itself is done.

    :param served: how many runs of a kind came to which end, since a watch began.
    :param fresh: ids of the companies whose run has just ended; by default all of the report.
    """
    now = time.time() if now is None else now
    registry = CollectorRegistry()
    Gauge("kam_sync_exit_code", "Exit code of the last run; 0 is success.", registry=registry).set(exit_code)
    Gauge("kam_sync_last_run_timestamp_seconds", "When the last run ended.", registry=registry).set(now)
    success = Gauge(SUCCESS, "When a company was last refreshed without an error.", ["company"], registry=registry)
    for company, moment in _before(path).items():
        success.labels(company).set(moment)
    if report:
        _fill(registry, report)
        for done in report.companies:
            if done.results and not report.dry_run and (fresh is None or done.company.id in fresh):
                success.labels(str(done.company.id)).set(now)
    if served:
        total = Counter("kam_sync_runs", "Runs since the watch began.", ["kind", "state"], registry=registry)
        for (kind, state), number in served.items():
            total.labels(kind, state).inc(number)
    try:
        _replace(path, generate_latest(registry))
    except OSError as error:
        log.error("the metrics could not be written", path=str(path), reason=error.strerror)


class WatchMetrics:
    """The metrics of a watch: the last run of each company, and how many runs there were.

    A run of one account counts, and leaves the figures of the last run of all accounts as they are.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last: dict[int, CompanyRun] = {}
        self._served: Tally[tuple[str, str]] = Tally()

    def add(self, report: RunReport) -> None:
        """A run is over: write the file anew."""
        whole = [done for done in report.companies if done.kind == "full"]
        self._last |= {done.company.id: done for done in whole}
        for done in report.companies:
            self._served[done.kind, done.results.state if done.results else "failed"] += 1
        shown = dataclasses.replace(report, companies=tuple(self._last.values()))
        fresh = {done.company.id for done in whole}
        write(self._path, shown, report.exit_code, served=self._served, fresh=fresh)


def _fill(registry: CollectorRegistry, report: RunReport) -> None:
    counts = {name: Gauge(f"kam_sync_{name}", f"Results of the last run: {name}.", ["company"], registry=registry)
              for name in COUNTS}
    seconds = Gauge("kam_sync_phase_seconds", "Seconds per phase of the last run.", ["company", "phase"],
                    registry=registry)
    total = Gauge("kam_sync_seconds", "Seconds of the last run.", ["company"], registry=registry)
    if report.handshake.key_days is not None:
        Gauge("kam_sync_key_days", "Days until the API key expires.", registry=registry).set(report.handshake.key_days)
    for done in report.companies:
        _fill_company(done, counts, seconds, total)


def _fill_company(done: CompanyRun, counts: dict[str, Gauge], seconds: Gauge, total: Gauge) -> None:
    company = str(done.company.id)
    total.labels(company).set(done.seconds)
    for phase, spent in done.phases.items():
        seconds.labels(company, phase).set(spent)
    if done.results:
        for name, gauge in counts.items():
            gauge.labels(company).set(getattr(done.results, name))


def _before(path: Path) -> dict[str, float]:
    """The times of success in the file as it is, by company; none if there is no such file or it is not one."""
    try:
        families = list(text_string_to_metric_families(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}
    return {sample.labels["company"]: sample.value
            for family in families for sample in family.samples if sample.name == SUCCESS}


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        os.chmod(name, 0o644)  # a collector runs as somebody else
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
