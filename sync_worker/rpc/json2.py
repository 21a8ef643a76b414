"""JSON-2, the protocol that takes the place of XML-RPC: `POST /json/2/MODEL/METHOD` with a bearer key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sync_worker import errors
from sync_worker.rpc import faults, wire
from sync_worker.rpc.channel import Channel, Origin, Reply
from sync_worker.rpc.transport import ANSWER_LIMIT, TIMEOUT, ServerInfo


class Json2Transport:
    """`Transport` over JSON-2.

    :param key: an API key; JSON-2 takes no password. The key says who calls.
    """

    def __init__(self, origin: Origin, database: str, key: str, timeout: float = TIMEOUT,
                 limit: int = ANSWER_LIMIT) -> None:
        self._channel = Channel(origin, timeout, limit)
        self._origin, self._database, self._secret = origin, database, key
        self._version: str | None = None

    @property
    def timeout(self) -> float:
        """Seconds without a byte from the server before a call is given up."""
        return self._channel.timeout

    @timeout.setter
    def timeout(self, seconds: float) -> None:
        self._channel.timeout = seconds

    def call(self, model: str, method: str, args: Mapping[str, Any],
             context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Call once; see `Transport.call`."""
        named = {**args, "context": dict(context)} if context else dict(args)
        body = json.dumps(wire.plain(named), ensure_ascii=False, allow_nan=False).encode("utf-8")
        reply = self._channel.post(f"/json/2/{model}/{method}", body, self._headers())
        if reply.status != 200:
            raise _refused(reply)
        return wire.whole(_parse(reply), f"{model}.{method}")

    def authenticate(self) -> None:
        """Nothing: every request carries the key."""

    def version(self) -> str:
        """Odoo's version."""
        if self._version is None:
            reply = self._channel.get("/web/version")
            if reply.status != 200:
                raise faults.http_status(reply.status, reply.location)
            answer = _parse(reply)
            if not isinstance(answer, dict) or "version" not in answer:
                raise errors.NotReachable("What answers at KAM_URL is no Odoo 19 or later. Check the address.")
            self._version = str(answer["version"])
        return self._version

    def server(self) -> ServerInfo:
        """The other end."""
        return ServerInfo(str(self._origin), self._database, "json2", self.version())

    def close(self) -> None:
        """Close the connection."""
        self._channel.close()

    def _headers(self) -> dict[str, str]:
        return {"Content-Type": "application/json; charset=utf-8", "Authorization": f"bearer {self._secret}",
                "X-Odoo-Database": self._database}


def _parse(reply: Reply) -> Any:
    try:
        return json.loads(reply.body)
    except ValueError:
        raise errors.BadAnswer("The answer is no JSON. Check that KAM_URL is an Odoo server.") from None


def _refused(reply: Reply) -> errors.KamError:
    """The error for an answer that is not 200; Odoo's own are JSON, a proxy's are not."""
    if reply.content_type == "application/json":
        return faults.json2_error(reply.status, _parse(reply))
    if reply.status == 404:
        return faults.json2_error(404, None)
    return faults.http_status(reply.status, reply.location)
