"""`kam.sync` called by hand: what the live tests share."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from lab import Lab
from story import NAMES, REVENUE, SECOND_COMPANY, SEED

from sync_worker.rpc.channel import Origin
from sync_worker.rpc.json2 import Json2Transport
from sync_worker.rpc.transport import Transport
from sync_worker.rpc.wire import pack
from sync_worker.rpc.xmlrpc import XmlRpcTransport


@dataclass(frozen=True)
class World:
    """A database with the story in it, and who may log in."""

    database: str
    login: str
    key: str
    accounts: tuple[int, ...]
    company: int
    second: int


@dataclass
class Door:
    """`kam.sync`, called in one way. `today` is the day it is there. Runs left open are abandoned afterwards;
    `begun` is the answer of the last `begin`."""

    transport: Transport
    world: World
    url: str
    name: str
    today: dt.date = dt.date.min
    begun: dict[str, Any] = field(default_factory=dict)
    open_runs: list[tuple[int, int]] = field(default_factory=list)

    def __call__(self, method: str, **args: Any) -> dict[str, Any]:
        return self.transport.call("kam.sync", method, args)

    def begin(self, **changes: Any) -> tuple[int, int]:
        """Run and token of a new run."""
        self.begun = self("begin", **{"kind": "full", "company": self.world.company, "as_of": self.today, **changes})
        run, token = self.begun["run"], self.begun["token"]
        self.open_runs.append((run, token))
        return run, token

    def prepared(self, **changes: Any) -> tuple[int, int]:
        """The same, prepared."""
        run, token = self.begin(**changes)
        self("prepare", run=run, token=token)
        return run, token

    def staged(self, revenue: float = REVENUE, **changes: Any) -> tuple[int, int, dict[str, Any]]:
        """The same with results staged: run, token, totals."""
        run, token = self.prepared(**changes)
        accounts = self.world.accounts
        self("stage", run=run, token=token, table="score", batch=1, rows=score_rows(accounts[:6], revenue))
        self("stage", run=run, token=token, table="score", batch=2, rows=score_rows(accounts[6:], revenue))
        self("stage", run=run, token=token, table="portfolio", batch=1, rows=portfolio_rows())
        tables = {"score": {"rows": len(accounts), "batches": 2}, "portfolio": {"rows": 1, "batches": 1}}
        return run, token, {"tables": tables, "phases": {"pull": 0.5}}

    def published(self, **changes: Any) -> dict[str, Any]:
        """Results that are in place."""
        run, token, totals = self.staged(**changes)
        return self("publish", run=run, token=token, totals=totals)


def csv(header: str, *lines: str) -> dict[str, Any]:
    """A table for `stage`."""
    return pack("".join(f"{line}\n" for line in (header, *lines)).encode(), len(lines))


def score_rows(accounts: tuple[int, ...], revenue: float = REVENUE, documents: str = "1") -> dict[str, Any]:
    """Scores with nothing but a revenue."""
    return csv("account_id,revenue,margin_estimated,documents,is_compared",
               *(f"{account},{revenue},0,{documents},1" for account in accounts))


def portfolio_rows() -> dict[str, Any]:
    """A portfolio."""
    return csv("accounts,key_accounts,compared,revenue,unknown_revenue,concentration_band", "12,3,12,12000.0,0,0")


def transport_to(url: str, world: World, name: str, login: str, key: str) -> Transport:
    """A transport that repeats nothing."""
    origin = Origin.parse(url)
    if name == "json2":
        return Json2Transport(origin, world.database, key, timeout=60)
    return XmlRpcTransport(origin, world.database, login, key, timeout=60)


def told(lab: Lab) -> World:
    """A new database with the story in it."""
    database = lab.database()
    made: Any = lab.shell(database, SEED, names=NAMES, revenue=REVENUE, second=SECOND_COMPANY)
    login, key = lab.service_user(database)
    return World(database, login, key, tuple(made["accounts"]), made["company"], made["second"])
