"""A `kam.sync` of a few lines, for unit tests of the worker alone. The real one is met in `contract` and `faults`."""

from __future__ import annotations

import base64
import gzip
import hashlib
import xmlrpc.client
from collections.abc import Callable
from typing import Any

COMPANY = {"id": 1, "name": "Acme", "currency": "EUR", "tz": "Europe/Madrid"}
ACCOUNTS = b"account_id,is_key,is_candidate,is_active,manager_id\n7,1,0,1,\n8,0,0,1,\n"
CONFIG = {"version": 1, "company": {"id": 1, "currency": "EUR", "digits": 2, "tz": "Europe/Madrid"},
          "settings": {}, "factors": [], "kpis": [], "sources": {}, "cost_drivers": []}
COUNTS = {"accounts": 2, "sources": 0, "changed": 2, "inserted": 2, "updated": 0, "removed": 0, "unchanged": 0,
          "refused": 0, "alerts_opened": 0, "alerts_closed": 0, "seconds": 1}


def refuse(code: str, sentence: str = "No.") -> Any:
    """What the addon does when it refuses."""
    raise xmlrpc.client.Fault(2, f"[{code}] {sentence}")


def page(csv: bytes, **fields: Any) -> dict[str, Any]:
    """A page of `pull`."""
    return {"data": base64.b64encode(gzip.compress(csv)).decode(), "sha256": hashlib.sha256(csv).hexdigest(), **fields}


class Addon:
    """Answers as the contract says. `instead` holds functions that answer a method in its place."""

    def __init__(self) -> None:
        self.companies = [COMPANY]
        self.instead: dict[str, Callable[[dict[str, Any]], Any]] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []

    @property
    def methods(self) -> list[str]:
        return [method for method, _args in self.calls]

    def __call__(self, method: str, args: dict[str, Any]) -> Any:
        self.calls.append((method, args))
        answer = self.instead.get(method) or getattr(self, method)
        return answer(args)

    def handshake(self, args: dict[str, Any]) -> Any:
        return {"protocol": 1, "addon": "19.0.1.0.0", "odoo": "19.0", "database": "db",
                "server_time": "2026-11-20 23:30:00", "companies": self.companies, "missing_rights": [],
                "page_rows": 1000}

    def begin(self, args: dict[str, Any]) -> Any:
        return {"run": 10 + args["company"], "token": 5, "expires": "2026-11-20 23:32:00", "lease_seconds": 120,
                "as_of": args["as_of"], "config": CONFIG, "config_hash": "abc"}

    def prepare(self, args: dict[str, Any]) -> Any:
        sections = {"account": 2, "fact": 0, "opinion": 0, "history": 0, "investment": 0}
        return {"sections": [{"name": name, "columns": [], "rows": rows} for name, rows in sections.items()], "rows": 2}

    def pull(self, args: dict[str, Any]) -> Any:
        return page(ACCOUNTS, section="account", columns=[], rows=2, after=2, done=True)

    def stage(self, args: dict[str, Any]) -> Any:
        return {"rows": args["rows"]["rows"], "accepted": args["rows"]["rows"], "refused": []}

    def publish(self, args: dict[str, Any]) -> Any:
        [request] = [sent["request"] for method, sent in self.calls[-20:] if method == "begin"][-1:]
        dry = bool(request["dry_run"])
        return {**COUNTS, "run": args["run"], "state": "abandoned" if dry else "published", "dry_run": dry,
                "as_of": "2026-11-21", "movers": [], "top": []}

    def renew(self, args: dict[str, Any]) -> Any:
        return {"expires": "2026-11-20 23:34:00"}

    def abandon(self, args: dict[str, Any]) -> Any:
        return {"run": args["run"], "state": "abandoned"}

    def status(self, args: dict[str, Any]) -> Any:
        return {"company": args["company"], "stale": True, "refresh_hours": 24}

    def explain(self, args: dict[str, Any]) -> Any:
        return {"account": {"id": 7, "name": "Société “É” [bold]x[/bold]\x9b31m"}, "company": 1, "as_of": "2026-11-21",
                "run": 11, "is_compared": True, "scores": {"revenue": 10.5}, "notes": [], "movement": [],
                "dimensions": [
                    {"code": "health", "label": "Health", "known": 0, "sentence": "Health is unknown.",
                     "rows": [{"label": "Sales", "weight": 30.0, "known": False, "text": "there is no target yet"}]}]}
