"""One refresh: begin, prepare, pull, score, stage, publish, for each company."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import structlog

from sync_worker import errors
from sync_worker.errors import KamError
from sync_worker.jobs.answers import Company, Handshake, Results
from sync_worker.jobs.client import KamSync
from sync_worker.jobs.companies import KEY_WARNING_DAYS, account_key, chosen, today
from sync_worker.jobs.lease import held
from sync_worker.jobs.progress import Phases, Progress, Silent

Compute = Callable[..., dict[str, dict[str, int]]]  # that of jobs.compute

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class RunOptions:
    """What to refresh. `as_of` is today in each company's time zone when it is not given.

    `company`: id or name, else all of the service user's. `account`: id or name of the one account to refresh, else all
    of them. `page_rows` and `batch_rows`: the largest page to pull and batch to stage.
    """

    company: str | None = None
    account: str | None = None
    as_of: dt.date | None = None
    dry_run: bool = False
    page_rows: int = 100_000
    batch_rows: int = 50_000


@dataclass(frozen=True)
class CompanyRun:
    """How it went for one company: results or an error. `seconds` is what it took here, from begin to publish."""

    company: Company
    seconds: float
    phases: dict[str, float]
    results: Results | None = None
    error: KamError | None = None
    kind: str = "full"


@dataclass(frozen=True)
class RunReport:
    """How it went for all of them."""

    handshake: Handshake
    dry_run: bool
    seconds: float
    companies: tuple[CompanyRun, ...] = field(default=())

    @property
    def exit_code(self) -> int:
        """That of the worst failure; else partial, if rows were refused."""
        failed = {run.error.exit_code for run in self.companies if run.error}
        if failed:
            return min(failed, key=errors.WORST_FIRST.index)
        partial = any(run.results and (run.results.refused or run.results.state == "partial")
                      for run in self.companies)
        return errors.PARTIAL if partial else errors.DONE


@dataclass(frozen=True)
class Order:
    """What a run of one company is to do: its kind, its day, and what `begin` is told besides."""

    kind: str
    as_of: dt.date
    request: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Work:
    """What all runs of a command share. `compute` is loading meanwhile."""

    sync: KamSync
    met: Handshake
    options: RunOptions
    progress: Progress
    compute: Future[Compute]


def run(sync: KamSync, options: RunOptions, progress: Progress | None = None) -> RunReport:
    """Refresh the scores of every company that `options` name.

    A company that fails does not stop the others, unless it is a failure that all would meet: no connection, wrong
    credentials. The report then holds its error.
    :raises KamError: when nothing could be begun at all.
    """
    begun = time.perf_counter()
    done: list[CompanyRun] = []
    # pandas takes a second to load: that passes while Odoo prepares
    with ThreadPoolExecutor(1, "load") as loader:
        compute = loader.submit(load_compute)
        met = sync.handshake()
        warn(met)
        work = Work(sync, met, options, progress or Silent(), compute)
        for company in _companies(met, options):
            done.append(refresh(work, company, _order(work, company)))
            if isinstance(done[-1].error, errors.Retriable | errors.WrongCredentials | errors.NotReachable):
                break
    return RunReport(met, options.dry_run, time.perf_counter() - begun, tuple(done))


def refresh(work: Work, company: Company, order: Order) -> CompanyRun:
    """Refresh one company, or one account of it. Whatever goes wrong is in what it returns."""
    phases = Phases(work.progress)
    begun = time.perf_counter()
    results = error = None
    try:
        results = _refreshed(work, company, order, phases)
    except KamError as problem:
        error = problem
        log.error("the refresh failed", company=company.name, code=problem.code, reason=str(problem))
    return CompanyRun(company, time.perf_counter() - begun, phases.seconds, results, error, order.kind)


def _refreshed(work: Work, company: Company, order: Order, phases: Phases) -> Results:
    """Refresh one company. Whatever goes wrong, the run has been abandoned when this raises."""
    options, sync = work.options, work.sync
    with held(sync, company.id, kind=order.kind, as_of=order.as_of, request=order.request) as lease:
        log.info("run begun", run=lease.begun.run, kind=order.kind, company=company.name, account=lease.begun.account,
                 as_of=str(lease.begun.as_of))
        with phases.phase("prepare"):
            manifest = sync.prepare(*lease.key)
        with lease.kept():
            compute = work.compute.result()
        page_rows = min(options.page_rows, work.met.page_rows)
        staged = compute(lease, manifest, page_rows, options.batch_rows, phases)
        with phases.phase("publish"):
            spent = {name: round(seconds, 3) for name, seconds in phases.seconds.items()}
            return sync.publish(*lease.key, {"tables": staged, "phases": spent})


def _companies(met: Handshake, options: RunOptions) -> tuple[Company, ...]:
    companies = chosen(met, options.company)
    if options.account is not None and len(companies) > 1:
        raise errors.Usage("An account is refreshed in one company: name it with --company. The service user sees: "
                           f"{', '.join(company.name for company in companies)}.")
    return companies


def _order(work: Work, company: Company) -> Order:
    options = work.options
    request: dict[str, Any] = {"dry_run": options.dry_run}
    if options.account is not None:
        request["account"] = account_key(options.account)
    return Order("full" if options.account is None else "account", options.as_of or today(work.met, company), request)


def load_compute() -> Compute:
    """The job that loads pandas. The first page that is read makes pandas and pandera load still more: here, too."""
    from sync_worker.frames import read_section
    from sync_worker.jobs.compute import compute

    read_section("account", b"account_id,is_key,is_candidate,is_active,manager_id\n7,1,0,1,\n")
    return compute


def warn(met: Handshake) -> None:
    """Say early what will fail soon."""
    for sentence in met.missing_rights:
        log.warning("a right is missing", missing=sentence)
    if met.key_days is not None and met.key_days <= KEY_WARNING_DAYS:
        log.warning("the API key expires soon: make a new one in Odoo", days=met.key_days)

