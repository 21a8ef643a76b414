"""A live Odoo with the worker beside it, for the tests of this folder.

`People` call Odoo as themselves, over the standard library's XML-RPC: nothing of the worker is on that way.
"""

from __future__ import annotations

import json
import os
import subprocess
import xmlrpc.client
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kamdev.settings import ODOO_VENV
from lab import KAM_SYNC, Lab, Server

# The same as those of the addon's tests: the template is made once for both.
APPS = ("kam_management", "kam_management_survey", "sale_management", "sale_margin", "rating")
LANGUAGES = "en_US,es_ES"
PASSWORD = "integration-test"
BROWSER = Path(__file__).parents[1] / "support" / "browser.py"
Step = list[str | None]  # what to click, with which text on it, and what to type there


@dataclass(frozen=True)
class Person:
    """Somebody who is logged in."""

    url: str
    database: str
    uid: int
    password: str = PASSWORD

    def call(self, model: str, method: str, *args: Any, **options: Any) -> Any:
        """Call a method of a model, as this person."""
        with xmlrpc.client.ServerProxy(f"{self.url}/xmlrpc/2/object", allow_none=True) as odoo:
            return odoo.execute_kw(self.database, self.uid, self.password, model, method, list(args), options)

    def create(self, model: str, **values: Any) -> int:
        """The id of a new record."""
        return self.call(model, "create", [values])[0]

    def read(self, model: str, domain: Iterable[Any], *names: str) -> list[dict[str, Any]]:
        """Records with these fields."""
        return self.call(model, "search_read", list(domain), list(names))

    def ref(self, name: str) -> int:
        """The id of the record with that external id."""
        module, _, known = name.partition(".")
        found = self.read("ir.model.data", [("module", "=", module), ("name", "=", known)], "res_id")
        return found[0]["res_id"]


@dataclass(frozen=True)
class Live:
    """A scratch database, its server, and what the worker needs to reach it."""

    lab: Lab
    database: str
    server: Server
    environment: Mapping[str, str]

    @property
    def admin(self) -> Person:
        """Odoo's administrator, who is one of Key Accounts too."""
        return self.log_in("admin", "admin")

    def log_in(self, login: str, password: str = PASSWORD) -> Person:
        """The person with that login."""
        with xmlrpc.client.ServerProxy(f"{self.server.url}/xmlrpc/2/common") as odoo:
            uid = odoo.authenticate(self.database, login, password, {})
        assert isinstance(uid, int) and uid, f"{login} cannot log in"
        return Person(self.server.url, self.database, uid, password)

    def hire(self, login: str, *groups: str) -> Person:
        """A new internal user with these groups, logged in."""
        admin = self.admin
        known = [admin.ref(name) for name in ("base.group_user", *groups)]
        admin.call("res.users", "create", [{"name": login.title(), "login": login, "password": PASSWORD,
                                            "group_ids": [(6, 0, known)]}],
                   context={"no_reset_password": True})
        return self.log_in(login)

    def nominate(self, lead: Person, account: int, manager: Person) -> None:
        """One of the programme's managers makes it a key account."""
        [tier] = lead.read("kam.tier", [("code", "=", "key")], "code")
        nomination = lead.create("kam.nomination", partner_id=account, reason="As agreed.", tier_id=tier["id"],
                                 manager_id=manager.uid)
        lead.call("kam.nomination", "action_propose", [nomination])
        lead.call("kam.nomination", "action_accept", [nomination])

    def browse(self, path: str, *steps: Step, width: int = 420) -> None:
        """Somebody in Chromium, from this page on; on a phone unless a width in pixels says otherwise."""
        done = subprocess.run(
            [ODOO_VENV / "bin" / "python", BROWSER, self.server.url + path, json.dumps(steps), str(width)],
            text=True, capture_output=True, timeout=240)
        assert done.returncode == 0, done.stderr

    def browse_as(self, login: str, password: str, path: str, *steps: Step) -> None:
        """Somebody logs in at their desk, goes there and does that."""
        self.browse(f"/web/login?redirect={path}", ["input[name=login]", "", login],
                    ["input[name=password]", "", password], [".oe_login_form button[type=submit]", "", None], *steps,
                    width=1400)

    def kam_sync(self, *arguments: str, **environment: str) -> Ended:
        """Run the worker's command to its end. It must never show a traceback."""
        done = subprocess.run([KAM_SYNC, *arguments], env={**self.environment, **environment}, text=True,
                              capture_output=True, timeout=300)
        assert "Traceback" not in done.stdout + done.stderr, done.stdout + done.stderr
        return Ended(done.returncode, done.stdout, done.stderr)


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    def ok(self) -> Ended:
        """Itself, after making sure that all went well."""
        assert self.code == 0, f"exit code {self.code}\n{self.out}\n{self.err}"
        return self

    @property
    def json(self) -> dict[str, Any]:
        """What `--json` printed."""
        return json.loads(self.out)


def start(lab: Lab, database: str) -> Live:
    """A server on the database, and a service user for the worker."""
    login, key = lab.service_user(database)
    server = lab.server(database)
    environment = {**os.environ, **lab.environment(server, login, key), "COLUMNS": "200"}
    return Live(lab, database, server, environment)
