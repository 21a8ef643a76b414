"""Reports as plain values, for `--json`. An absent key is an absent value."""

from __future__ import annotations

from typing import Any

from sync_worker.errors import PARTIAL
from sync_worker.jobs.check import CheckReport
from sync_worker.jobs.run import CompanyRun, RunReport

COUNTS = ("accounts", "changed", "unchanged", "refused", "alerts_opened", "alerts_closed")


def run_values(report: RunReport) -> dict[str, Any]:
    """A run: `run`, `state`, the counts and `seconds`; of several companies their sums, with `companies` besides.

    `run` is then the list of the runs, and `state` the worst of the states. A dry run is `abandoned` by Odoo once it
    has counted; `dry_run` tells it from a run that failed.
    """
    companies = [_company_values(done) for done in report.companies]
    if len(companies) == 1:
        return {**companies[0], "dry_run": report.dry_run}
    return {
        "run": [one["run"] for one in companies if "run" in one],
        "state": _worst(report),
        **{name: sum(one[name] for one in companies) for name in COUNTS},
        "seconds": round(report.seconds, 3), "dry_run": report.dry_run, "companies": companies,
    }


def check_values(report: CheckReport) -> dict[str, Any]:
    """What `check` found."""
    return {
        "ready": not report.handshake.missing_rights, "url": report.server.url, "transport": report.server.transport,
        "worker": report.worker, "seconds": round(report.seconds, 3), "warnings": list(report.warnings),
        **report.handshake.model_dump(mode="json", exclude_none=True, exclude={"companies"}),
        "companies": [one.model_dump(mode="json", exclude_none=True) for one in report.companies],
    }


def _company_values(done: CompanyRun) -> dict[str, Any]:
    values: dict[str, Any] = {"company": done.company.id, "name": done.company.name}
    if done.results:
        kept = done.results.model_dump(mode="json", exclude_none=True)
        values = {"run": done.results.run, "state": done.results.state, **{name: kept[name] for name in COUNTS},
                  **values, **{name: kept[name] for name in ("as_of", "sources", "inserted", "updated", "removed",
                                                             "movers", "top", "refusals") if name in kept}}
    else:
        values = {"state": "failed", **dict.fromkeys(COUNTS, 0), **values}
    if done.error:
        values |= {"error": done.error.code, "message": str(done.error)}
    return {**values, "seconds": round(done.seconds, 3),
            "phases": {name: round(spent, 3) for name, spent in done.phases.items()}}


def _worst(report: RunReport) -> str:
    if any(done.error for done in report.companies):
        return "failed"
    if report.dry_run:
        return "abandoned"
    return "partial" if report.exit_code == PARTIAL else "published"
