"""Which calls may be made again, and how patiently.

When a call got no usable answer it may have run or not. Repeating it is harmless only where the contract makes it so:
reading, the queue too; `stage` with the same batch number; `publish`, which answers what it did the first time;
`begin`, whose owner holds a random word, so that the lease it may have taken is given to it again; `renew`, `prepare`
and `abandon`, whose second time changes nothing. Anything else is sent once.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import structlog
import tenacity

from sync_worker.errors import DatabaseMissing, KamError, Retriable
from sync_worker.rpc.transport import ServerInfo, Transport

HARMLESS = frozenset({
    "handshake", "status", "results", "explain", "next", "begin", "renew", "prepare", "pull", "stage", "publish",
    "abandon",
})

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Patience:
    """How long to go on trying: `attempts` in all, waiting `first` seconds and then longer, up to `longest`."""

    attempts: int = 6
    first: float = 0.5
    longest: float = 8.0

    def tries(self, timeout: float, passing: tuple[type[KamError], ...] = (Retriable,)) -> tenacity.Retrying:
        """A retry loop. It ends early once it has lasted for two timeouts: a server that slow will not recover."""
        return tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(passing),
            stop=tenacity.stop_any(tenacity.stop_after_attempt(self.attempts),
                                   tenacity.stop_after_delay(2 * timeout)),
            wait=tenacity.wait_exponential_jitter(multiplier=self.first, max=self.longest, jitter=self.first),
            before_sleep=_tell, reraise=True)


# A first contact that fails is most often a wrong address: say so soon.
FIRST_CONTACT = Patience(attempts=3, longest=2.0)
# Whoever asks again in a moment anyway does not insist.
ONCE = Patience(attempts=1)
# Later, a server that restarts (15 to 30 s) should not cost a run.
UNDER_WAY = Patience(attempts=8)


class PatientTransport:
    """A `Transport` that repeats harmless calls. One call at a time: threads may share it."""

    def __init__(self, inner: Transport, patience: Patience = UNDER_WAY, first: Patience = FIRST_CONTACT) -> None:
        self._inner = inner
        self._patience, self._first = patience, first
        self._reached = False
        self._lock = threading.Lock()

    @property
    def timeout(self) -> float:
        """Seconds without a byte from the server before a call is given up."""
        return self._inner.timeout

    @timeout.setter
    def timeout(self, seconds: float) -> None:
        self._inner.timeout = seconds

    def call(self, model: str, method: str, args: Mapping[str, Any],
             context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Call, again if that is harmless; see `Transport.call`."""
        if method not in HARMLESS:
            return self._once(self._inner.call, model, method, args, context)
        return self._tries()(self._once, self._inner.call, model, method, args, context)

    def authenticate(self) -> None:
        """Log in, again if the connection fails."""
        if not self._reached:
            self._tries()(self._once, self._inner.authenticate)

    def version(self) -> str:
        """Odoo's version."""
        return self._tries()(self._once, self._inner.version)

    def server(self) -> ServerInfo:
        """The other end."""
        return self._tries()(self._once, self._inner.server)

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def hurry(self, timeout: float) -> None:
        """From now on, try each call once and wait `timeout` seconds at most: for clearing up on the way out."""
        self._patience = self._first = ONCE
        self._inner.timeout = min(timeout, self._inner.timeout)

    @contextmanager
    def impatient(self) -> Iterator[None]:
        """Each call inside is tried once, in silence: the caller has a patience of its own."""
        before = self._patience, self._first
        self._patience = self._first = ONCE
        try:
            yield
        finally:
            self._patience, self._first = before

    def _tries(self) -> tenacity.Retrying:
        if not self._reached:
            return self._first.tries(self.timeout)
        # a database that was there is being restarted: Odoo, which can't reach it either, calls that missing
        return self._patience.tries(self.timeout, (Retriable, DatabaseMissing))

    def _once(self, call: Any, *args: Any) -> Any:
        with self._lock:
            answer = call(*args)
        self._reached = True
        return answer


def _tell(state: tenacity.RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    wait = state.next_action.sleep if state.next_action else 0.0
    log.warning("trying again", attempt=state.attempt_number, seconds=round(wait, 1), reason=str(error))
