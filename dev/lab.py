"""Scratch databases and live Odoo servers for tests and benchmarks.

Standard library only and no Odoo import: it works from the worker's environment (`dev` is on pytest's path).

    with Lab() as lab:
        db = lab.database(("kam_management", "sale_management"))     # cloned from a cached template: about a second
        server = lab.server(db)                                      # threaded; workers=2 for prefork
        login, key = lab.service_user(db)                            # the worker's user, as the demo makes it
        env = lab.environment(server, login, key)                    # KAM_URL, KAM_DATABASE, … for kam-sync
        count = lab.shell(db, "result = env['res.partner'].search_count([])")
        rows = lab.sql(db, "SELECT name FROM res_company")
        server.kill()                                                # kill -9 of the whole process group
        server.start()                                               # the same port again

Leaving the `with` ends the lab's servers and drops its databases. What a killed run left behind, the next lab sweeps
up. Templates stay and are made anew when the source of an addon of this checkout changes (changes of `tests/` and
`static/` do not count: Odoo reads those from the files). Two runs at a time do not disturb each other.

Failures are `LabError` with the end of Odoo's log. `server.log` is the path of a server's log.
"""

import itertools
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from kamdev import instance, postgres, templates
from kamdev.instance import Server
from kamdev.settings import DEV, ROOT, digest, free_port
from kamdev.settings import Stop as LabError
from kamdev.steps import alive

__all__ = ["KAM_SYNC", "SCRIPTS", "Lab", "LabError", "Server"]

ADDON = "kam_management"
KAM_SYNC = DEV / "venv" / "bin" / "kam-sync"
SERVICE_LOGIN = "kam-sync"
SCRIPTS = ROOT / "dev" / "in_odoo"


class Lab:
    """Owns scratch databases and servers; see the module's text."""

    _numbers = itertools.count(1)
    _prefix = f"kam_lab_{digest(str(DEV))[:6]}"

    def __init__(self) -> None:
        self._databases: list[str] = []
        self._servers: list[Server] = []

    def __enter__(self) -> "Lab":
        sweep()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the servers and drops the databases. Doing it twice is harmless."""
        while self._servers:
            self._servers.pop().stop()
        while self._databases:
            templates.drop(self._databases.pop())

    def database(self, modules: Iterable[str] = (ADDON,), *, demo: bool = False, languages: str = "en_US") -> str:
        """A fresh database with these modules (and what they bring along); `languages` as in "en_US,es_ES".
        Users: admin/admin, and with `demo` Odoo's and ours."""
        name = self._name()
        self._databases.append(name)
        templates.make(name, modules, demo=demo, languages=languages)
        return name

    def copy(self, database: str) -> str:
        """A copy of a scratch database as it is now. No server may run on it."""
        name = self._name()
        self._databases.append(name)
        templates.clone(database, name)
        return name

    def drop(self, database: str) -> None:
        templates.drop(database)
        self._databases.remove(database)

    def server(self, database: str, *, workers: int = 0, cron: bool = False, arguments: Sequence[str] = ()) -> Server:
        """A running Odoo server that serves this database only. `workers=0` is Odoo's threaded server, 2 or more its
        prefork server. `arguments` are further options of Odoo, for example `--limit-time-real=5`. Crons do not run
        unless asked for, so that nothing happens that the test did not do."""
        server = Server(f"lab-{os.getpid()}-{next(self._numbers)}", database, free_port(), workers=workers,
                        arguments=[f"--max-cron-threads={int(cron)}",
                                   "--log-handler=odoo.addons.rpc.controllers.xmlrpc:ERROR", *arguments])
        self._servers.append(server)
        server.start()
        return server

    def service_user(self, database: str, *, login: str = SERVICE_LOGIN, days: float = 30) -> tuple[str, str]:
        """Makes the worker's user, or a new key for it; returns login and API key. A negative number of `days` makes a
        key that has expired."""
        key = self.shell(database, (SCRIPTS / "service_user.py").read_text(), login=login, key_name="lab", days=days)
        return login, str(key)

    def environment(self, server: Server, login: str, key: str, transport: str = "xmlrpc") -> dict[str, str]:
        """os.environ with the worker's settings for this server."""
        return {**os.environ, "KAM_URL": server.url, "KAM_DATABASE": server.database, "KAM_LOGIN": login,
                "KAM_PASSWORD": key, "KAM_TRANSPORT": transport}

    def shell(self, database: str, code: str, **params: object) -> object:
        """Runs code in Odoo's shell as the superuser and commits; returns what it left in `result`, through JSON.
        The keyword arguments arrive as the dictionary `params`. About two seconds."""
        return instance.shell(database, code, **params)

    def sql(self, database: str, statement: str) -> list[list[str]]:
        """The rows of a statement, as text."""
        return postgres.psql(statement, database, rows=True)

    def script(self, path: str | Path, database: str, **params: object) -> object:
        """Like `shell`, with the code in a file."""
        return self.shell(database, Path(path).read_text(), **params)

    def _name(self) -> str:
        return f"{self._prefix}_{os.getpid()}_{next(self._numbers)}"


def sweep() -> None:
    """Ends the servers and drops the databases of labs whose process is gone."""
    for path in (DEV / "run").glob("lab-*-*.pid"):
        owner = int(path.stem.split("-")[1])
        if not alive(owner):
            Server(path.stem, "", 0).kill()
    for name in postgres.databases():
        match = re.fullmatch(rf"{Lab._prefix}_(\d+)_\d+", name)
        if match and not alive(int(match[1])):
            templates.drop(name)
