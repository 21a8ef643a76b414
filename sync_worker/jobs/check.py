"""Whether a refresh could succeed: connection, versions, rights, companies, the key."""

from __future__ import annotations

import time
from dataclasses import dataclass

from sync_worker import __version__, errors
from sync_worker.jobs.answers import PROTOCOL, Company, Handshake
from sync_worker.jobs.client import KamSync
from sync_worker.jobs.companies import KEY_WARNING_DAYS, chosen
from sync_worker.rpc.transport import ServerInfo


@dataclass(frozen=True)
class CheckReport:
    """What was found. `seconds`: one call there and back. `worker`: this program's version."""

    server: ServerInfo
    handshake: Handshake
    companies: tuple[Company, ...]
    seconds: float
    worker: str = __version__
    protocol: int = PROTOCOL

    @property
    def warnings(self) -> tuple[str, ...]:
        """What will be a problem later."""
        found = []
        days = self.handshake.key_days
        if days is not None and days <= KEY_WARNING_DAYS:
            found.append(f"The API key expires in {days} days: make a new one in Odoo in time.")
        if self.server.url.startswith("http:") and not _is_local(self.server.url):
            found.append("The connection is not encrypted: the password can be read on the way. Use https.")
        return tuple(found)

    @property
    def exit_code(self) -> int:
        """Not allowed, when rights are missing."""
        return errors.NOT_ALLOWED if self.handshake.missing_rights else errors.DONE


def check(sync: KamSync, company: str | None = None) -> CheckReport:
    """Meet the addon and look at what it says.

    :raises sync_worker.errors.KamError: what stands in the way, one thing at a time.
    """
    server = sync.transport.server()
    sync.handshake()
    begun = time.perf_counter()
    met = sync.handshake()
    return CheckReport(server, met, chosen(met, company), time.perf_counter() - begun)


def _is_local(url: str) -> bool:
    host = url.split("//", 1)[1].rsplit(":", 1)[0]
    return host in ("localhost", "[::1]") or host.startswith("127.")
