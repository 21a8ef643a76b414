"""How fresh the scores are, and who is refreshing them."""

from __future__ import annotations

from dataclasses import dataclass

from sync_worker.jobs.answers import Company, Status
from sync_worker.jobs.client import KamSync
from sync_worker.jobs.companies import chosen


@dataclass(frozen=True)
class CompanyStatus:
    """The state of one company."""

    company: Company
    status: Status


def status(sync: KamSync, company: str | None = None) -> tuple[CompanyStatus, ...]:
    """The state of every company of the service user, or of the one of that id or name."""
    met = sync.handshake()
    return tuple(CompanyStatus(one, sync.status(one.id)) for one in chosen(met, company))
