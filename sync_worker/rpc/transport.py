"""The one interface through which the rest of the worker speaks to a server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

ANSWER_LIMIT = 256 << 20  # bytes: a page of 100,000 rows has about 10 MB
TIMEOUT = 300.0  # seconds: more than Odoo lets a request take, limit_time_real, 120 by default


@dataclass(frozen=True)
class ServerInfo:
    """What is known of the other end without asking the addon."""

    url: str
    database: str
    transport: str
    version: str


class Transport(Protocol):
    """A way to call methods of models, by name, with named arguments."""

    timeout: float

    def call(self, model: str, method: str, args: Mapping[str, Any],
             context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Call once and return the answer, a dictionary without `None`.

        Raises the errors of `sync_worker.errors`: `Retriable` when it is unknown whether the call ran.
        """
        ...

    def authenticate(self) -> None:
        """Prove who calls, as far as the protocol needs it before the first call."""
        ...

    def version(self) -> str:
        """Odoo's version, such as `19.0`; asks for no credentials."""
        ...

    def server(self) -> ServerInfo:
        """The other end, as far as it is known."""
        ...

    def close(self) -> None:
        """Close the connection. A later call opens another."""
        ...
