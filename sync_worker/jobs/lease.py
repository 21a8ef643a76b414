"""A run's lease: taken, kept while the worker computes, and given back whatever happens."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import structlog

from sync_worker.errors import Interrupted, KamError
from sync_worker.jobs.answers import Begin
from sync_worker.jobs.client import KamSync

CLEAN_UP_TIMEOUT = 15.0  # seconds that giving the lease back may take

log = structlog.get_logger(__name__)


def owner() -> str:
    """Who we are, for the refusal that another caller reads: `host:pid:word`.

    The random word makes it safe to repeat a `begin` whose answer was lost: the addon gives the same caller the same
    lease, and nobody else is this caller.
    """
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


@dataclass(frozen=True)
class Held:
    """A run with its lease."""

    sync: KamSync
    company: int
    begun: Begin

    @property
    def key(self) -> tuple[int, int, int]:
        """What goes with every call: company, run, token."""
        return self.company, self.begun.run, self.begun.token

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        """Renew the lease in the background, for a stretch of work without calls."""
        over = threading.Event()
        keeper = threading.Thread(target=self._renew_until, args=(over,), name="lease", daemon=True)
        keeper.start()
        try:
            yield
        finally:
            over.set()
            keeper.join()

    def _renew_until(self, over: threading.Event) -> None:
        while not over.wait(self.begun.lease_seconds / 3):
            try:
                self.sync.renew(*self.key)
            except KamError as error:
                # no harm yet; if the lease is really lost, the next call of the run is refused
                log.warning("the lease could not be renewed", run=self.begun.run, reason=str(error))


@contextlib.contextmanager
def held(sync: KamSync, company: int, **begin: Any) -> Iterator[Held]:
    """Take the lease; on any failure, and on Ctrl-C, give it back, so that nobody has to wait for it to expire."""
    begin["request"] = {**begin.get("request", {}), "owner": owner()}
    try:
        begun = sync.begin(company=company, **begin)
    except Interrupted:
        # the server may have given it to us all the same: the same owner is given the same lease again
        with contextlib.suppress(KamError):
            sync.transport.hurry(CLEAN_UP_TIMEOUT)
            _give_back(sync, company, sync.begin(company=company, **begin), "interrupted")
        raise
    try:
        yield Held(sync, company, begun)
    except BaseException as error:
        if isinstance(error, Interrupted):
            sync.transport.hurry(CLEAN_UP_TIMEOUT)
        _give_back(sync, company, begun, str(error) or type(error).__name__)
        raise


def _give_back(sync: KamSync, company: int, begun: Begin, reason: str) -> None:
    try:
        sync.abandon(company, begun.run, begun.token, reason)
    except Exception as error:
        # it expires by itself; the reason the run ended is the one to report, not this
        log.warning("the run could not be abandoned", run=begun.run, reason=str(error))
