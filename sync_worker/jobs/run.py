"""One refresh: begin, prepare, pull, score, stage, publish, for each company."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field

import structlog
from pydantic import ValidationError

from sync_worker import errors
from sync_worker.errors import KamError
from sync_worker.frames import FrameError, RunConfig
from sync_worker.jobs.answers import Company, Handshake, Results
from sync_worker.jobs.client import KamSync
from sync_worker.jobs.companies import KEY_WARNING_DAYS, chosen, today
from sync_worker.jobs.lease import held
from sync_worker.jobs.progress import Phases, Progress, Silent
from sync_worker.jobs.pull import pull_all
from sync_worker.jobs.stage import stage_table
from sync_worker.scoring import score

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class RunOptions:
    """What to refresh. `as_of` is today in each company's time zone when it is not given.

    `company`: id or name, else all of the service user's. `page_rows` and `batch_rows`: the largest page to pull and
    batch to stage.
    """

    company: str | None = None
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


@dataclass(frozen=True)
class RunReport:
    """How it went for all of them."""

    handshake: Handshake
    dry_run: bool
    seconds: float
    companies: tuple[CompanyRun, ...] = field(default=())

    @property
    def exit_code(self) -> int:
        """That of the first company that failed; else partial, if rows were refused."""
        failed = next((run.error for run in self.companies if run.error), None)
        if failed:
            return failed.exit_code
        partial = any(run.results and (run.results.refused or run.results.state == "partial")
                      for run in self.companies)
        return errors.PARTIAL if partial else errors.DONE


def run(sync: KamSync, options: RunOptions, progress: Progress | None = None) -> RunReport:
    """Refresh the scores of every company that `options` name.

    A company that fails does not stop the others, unless it is a failure that all would meet: no connection, no
    rights. The report then holds its error.
    :raises KamError: when nothing could be begun at all.
    """
    begun = time.perf_counter()
    met = sync.handshake()
    _warn(met)
    done = []
    for company in chosen(met, options.company):
        done.append(_refresh(sync, met, company, options, progress or Silent()))
        if isinstance(done[-1].error, errors.Retriable | errors.NotAllowed | errors.NotReachable):
            break
    return RunReport(met, options.dry_run, time.perf_counter() - begun, tuple(done))


def _refresh(sync: KamSync, met: Handshake, company: Company, options: RunOptions, progress: Progress) -> CompanyRun:
    phases = Phases(progress)
    begun = time.perf_counter()
    results = error = None
    try:
        results = refresh(sync, met, company, options, phases)
    except KamError as problem:
        error = problem
        log.error("the refresh failed", company=company.name, code=problem.code, reason=str(problem))
    except (FrameError, ValidationError) as problem:
        error = _against_contract(problem)
        log.error("the data are against the contract", company=company.name, reason=str(error))
    return CompanyRun(company, time.perf_counter() - begun, phases.seconds, results, error)


def refresh(sync: KamSync, met: Handshake, company: Company, options: RunOptions, phases: Phases) -> Results:
    """Refresh one company.

    :raises KamError: whatever went wrong; the run has been abandoned then.
    """
    as_of = options.as_of or today(met, company)
    request = {"dry_run": options.dry_run}
    with held(sync, company.id, kind="full", as_of=as_of, request=request) as lease:
        log.info("run begun", run=lease.begun.run, company=company.name, as_of=str(as_of))
        with lease.kept():
            config = RunConfig.model_validate(lease.begun.config)
        with phases.phase("prepare"):
            manifest = sync.prepare(*lease.key)
        with phases.phase("pull", manifest.rows) as shown:
            pulled = pull_all(lease, manifest, min(options.page_rows, met.page_rows), shown)
        with phases.phase("score"), lease.kept():
            scored = score(pulled, config, lease.begun.as_of, lease.begun.config_hash)
        tables = {"score": scored.score, "portfolio": scored.portfolio}
        with phases.phase("stage", sum(map(len, tables.values()))) as shown:
            staged = {name: stage_table(lease, name, frame, options.batch_rows, shown)
                      for name, frame in tables.items()}
        with phases.phase("publish"):
            spent = {name: round(seconds, 3) for name, seconds in phases.seconds.items()}
            return sync.publish(*lease.key, {"tables": staged, "phases": spent})


def _warn(met: Handshake) -> None:
    """Say early what will fail soon."""
    for sentence in met.missing_rights:
        log.warning("a right is missing", missing=sentence)
    if met.key_days is not None and met.key_days <= KEY_WARNING_DAYS:
        log.warning("the API key expires soon: make a new one in Odoo", days=met.key_days)


def _against_contract(problem: FrameError | ValidationError) -> errors.Contract:
    if isinstance(problem, FrameError):
        return errors.Contract(f"The data are against the contract. {problem}")
    wrong = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in problem.errors())
    return errors.Contract(f"The configuration of the run is against the contract. {wrong}")
