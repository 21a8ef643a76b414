"""`kam-sync` with a transport that misbehaves at one call: `python driver.py PLAN ARGUMENTS…`.

PLAN is JSON: `method` and `number` say which call (the number-th of that method, from 1), `act` what happens there:
`kill_before`, `kill_after` (SIGKILL of this process), `pause` (wait before it until the file `until` is there),
`repeat` (call again, same content), `other` (call again with other content).
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sync_worker import cli
from sync_worker.config import Settings
from sync_worker.rpc import connect
from sync_worker.rpc.transport import ServerInfo, Transport
from sync_worker.rpc.wire import pack

plain_transport = connect.bare_transport


def die() -> None:
    """As `kill -9` would do it."""
    os.kill(os.getpid(), signal.SIGKILL)


def pause(until: Path) -> None:
    """Say so, and wait for a sign: two minutes at most."""
    print("paused", file=sys.stderr, flush=True)
    end = time.monotonic() + 120
    while not until.exists() and time.monotonic() < end:
        time.sleep(0.02)


class Misbehaving:
    """A transport that follows a plan."""

    def __init__(self, inner: Transport, plan: Mapping[str, Any]) -> None:
        self._inner, self._plan, self._calls = inner, plan, Counter[str]()

    @property
    def timeout(self) -> float:
        return self._inner.timeout

    @timeout.setter
    def timeout(self, seconds: float) -> None:
        self._inner.timeout = seconds

    def call(self, model: str, method: str, args: Mapping[str, Any],
             context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        self._calls[method] += 1
        planned = method == self._plan["method"] and self._calls[method] == self._plan.get("number", 1)
        act = self._plan["act"] if planned else ""
        if act == "kill_before":
            die()
        if act == "pause":
            pause(Path(self._plan["until"]))
        answer = self._inner.call(model, method, args, context)
        if act == "kill_after":
            die()
        if act == "repeat":
            again = self._inner.call(model, method, args, context)
            assert again == answer
        if act == "other":
            other = pack(b"account_id,margin_estimated,documents,is_compared\n1,0,1,0\n", 1)
            self._inner.call(model, method, {**args, "rows": other}, context)
        return answer

    def authenticate(self) -> None:
        self._inner.authenticate()

    def version(self) -> str:
        return self._inner.version()

    def server(self) -> ServerInfo:
        return self._inner.server()

    def close(self) -> None:
        self._inner.close()


def misbehaving_transport(settings: Settings) -> Transport:
    """What `kam-sync` is given in place of its own."""
    return Misbehaving(plain_transport(settings), json.loads(sys.argv[1]))


if __name__ == "__main__":
    connect.bare_transport = misbehaving_transport
    cli.app(sys.argv[2:])
