"""Odoo with the project's configuration and addons path: one-off commands, scripts in its shell, and servers."""

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from . import postgres
from .settings import (
    DEV,
    HTTP_INTERFACE,
    LOGS,
    ODOO_CONF,
    ODOO_DATA,
    ODOO_VENV,
    ROOT,
    Stop,
    addons,
    free_port,
    odoo_root,
    write_atomic,
)
from .steps import alive, command_of, tail

LAUNCHER = ROOT / "dev" / "launch" / "odoo-bin"
SERVER_START_TIMEOUT = 90


def addons_path() -> list[Path]:
    """Ours, and in a source tree its `addons/`; `odoo/addons` Odoo adds by itself."""
    tree = odoo_root()
    beside = tree / "addons"
    found = [ROOT] if addons() else []
    if not (tree / "odoo/addons/crm").is_dir() and (beside / "crm/__manifest__.py").exists():
        found.append(beside)
    return found


def write_config(pg: dict[str, str]) -> Path:
    """`.dev/odoo.conf`, rewritten only when it changes. No password goes in: libpq takes that from PGPASSWORD."""
    lines = ["[options]", f"data_dir = {ODOO_DATA}", "list_db = False",
             f"http_interface = {HTTP_INTERFACE}", f"db_host = {pg['PGHOST']}", f"db_port = {pg.get('PGPORT', '5432')}"]
    if pg.get("PGUSER"):
        lines.append(f"db_user = {pg['PGUSER']}")
    path = addons_path()
    if path:
        lines.append("addons_path = " + ",".join(map(str, path)))
    text = "\n".join(lines) + "\n"
    if not ODOO_CONF.exists() or ODOO_CONF.read_text() != text:
        write_atomic(ODOO_CONF, text)
    return ODOO_CONF


def environment() -> dict[str, str]:
    """The environment of anything that imports Odoo. Starts the embedded PostgreSQL when it does not run."""
    pg = postgres.environment()
    conf = write_config(pg)
    path = os.pathsep.join([str(ODOO_VENV / "bin"), str(postgres.tools()), os.environ.get("PATH", os.defpath)])
    kept = {name: value for name, value in os.environ.items() if name != "PGDATABASE"}
    return {**kept, **pg, "ODOO_RC": str(conf), "PATH": path, "PYTHONPATH": str(odoo_root())}


def command(arguments: Sequence[str]) -> list[str]:
    """The command line of Odoo. A server that names no port gets a free one: the demo may hold the usual one."""
    python = ODOO_VENV / "bin" / "python"
    if not python.exists():
        raise Stop("The environment is not set up: run dev/setup first.")
    arguments = list(arguments)
    if not arguments or arguments[0].startswith("-") or arguments[0] == "server":
        for option, names in (("--http-port", ("-p", "--http-port")), ("--gevent-port", ("--gevent-port",))):
            if not any(argument.split("=")[0] in names for argument in arguments):
                arguments.append(f"{option}={free_port()}")
    return [str(python), str(LAUNCHER), *arguments]


def call(arguments: Sequence[str], log: Path, *, stdin: str | None = None, env: dict[str, str] | None = None) -> None:
    """Runs Odoo to its end into `log`; stops with the end of the log if it fails."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as output:
        done = subprocess.run(command(arguments), stdout=output, stderr=subprocess.STDOUT, text=True, input=stdin or "",
                              env={**environment(), **(env or {})}, cwd=DEV)
    if done.returncode:
        raise Stop(f"Odoo failed ({done.returncode}): {' '.join(arguments)}\nThe end of {log}:\n{tail(log, 40)}")


def install(database: str, modules: Sequence[str], log: Path, *, demo: bool = False, languages: str = "en_US",
            upgrade: Sequence[str] = ()) -> None:
    """Creates the database if need be, installs and upgrades modules in it. Odoo ends with 0 after some failures, so
    the result is asked of the database."""
    postgres.create(database)
    arguments = ["-d", database, "--stop-after-init", "--max-cron-threads=0"]
    arguments += [f"--load-language={languages}"] if languages else []
    arguments += ["--with-demo"] if demo else []
    arguments += ["-i", ",".join(modules)] if modules else []
    arguments += ["-u", ",".join(upgrade)] if upgrade else []
    call(arguments, log)
    wanted = {*modules, *upgrade}
    states = dict(postgres.psql("SELECT name, state FROM ir_module_module", database, rows=True))
    failed = sorted(name for name in wanted if states.get(name) != "installed")
    if failed:
        raise Stop(f"Not installed: {', '.join(failed)}. The end of {log}:\n{tail(log, 40)}")


SHELL = """
import json, os
params = json.loads(os.environ["KAM_SHELL_PARAMS"])
result = None
{code}
env.cr.commit()
with open(os.environ["KAM_SHELL_RESULT"], "w") as handle:
    json.dump(result, handle)
"""


def shell(database: str, code: str, **params: object) -> object:
    """Runs code in Odoo's shell as the superuser, commits, and returns what it left in `result` (JSON).
    `params` holds the keyword arguments. About three seconds."""
    answer = DEV / "run" / f"shell-{os.getpid()}-{time.monotonic_ns()}.json"
    # The answer may be a key: only the owner may read it, from the start.
    write_atomic(answer, "", 0o600)
    try:
        call(["shell", "-d", database, "--no-http", "--log-level=warn"], LOGS / f"shell-{database}.log",
             stdin=SHELL.format(code=code),
             env={"KAM_SHELL_PARAMS": json.dumps(params), "KAM_SHELL_RESULT": str(answer)})
        text = answer.read_text()
    finally:
        answer.unlink(missing_ok=True)
    if not text:
        raise Stop(f"The script in Odoo's shell failed:\n{tail(LOGS / f'shell-{database}.log')}")
    return json.loads(text)


class Server:
    """One Odoo server of this checkout, known by a pid file, so that a later command can find and end it.

    `workers=0` is Odoo's threaded server, more its prefork server. The processes form a group of their own."""

    def __init__(self, name: str, database: str, port: int, *, workers: int = 0, interface: str = "127.0.0.1",
                 arguments: Sequence[str] = ()):
        self.name, self.database, self.port, self.workers = name, database, port, workers
        self.interface, self.arguments = interface, list(arguments)
        self.pid_file = DEV / "run" / f"{name}.pid"
        self.log = LOGS / f"{name}.log"
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        host = "127.0.0.1" if self.interface in ("0.0.0.0", "") else self.interface
        return f"http://{host}:{self.port}"

    @property
    def pid(self) -> int | None:
        """The main process, if it lives and is ours: a pid file may outlive its process, and pids are used again."""
        try:
            pid = int(self.pid_file.read_text())
        except (OSError, ValueError):
            return None
        if self.process and self.process.pid == pid and self.process.poll() is not None:
            return None
        return pid if alive(pid) and f"--pidfile={self.pid_file}" in command_of(pid) else None

    def answers(self, timeout: float = 5) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/web/health", timeout=timeout) as answer:
                return answer.status == 200
        except (OSError, urllib.error.URLError):
            return False

    def start(self) -> None:
        """Starts it and waits until it answers. The log of an earlier start is kept as LOG.1."""
        env = environment()
        self.pid_file.parent.mkdir(parents=True, exist_ok=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))
        arguments = ["-d", self.database, f"--db-filter=^{self.database}$", f"--http-interface={self.interface}",
                     f"--http-port={self.port}", f"--gevent-port={free_port()}", f"--workers={self.workers}",
                     f"--pidfile={self.pid_file}", *self.arguments]
        with self.log.open("w") as output:
            self.process = subprocess.Popen(command(arguments), stdout=output, stderr=subprocess.STDOUT, env=env,
                                            stdin=subprocess.DEVNULL, cwd=DEV, start_new_session=True)
        # Odoo writes the same file itself a little later; until then it could not be found.
        write_atomic(self.pid_file, str(self.process.pid))
        deadline = time.monotonic() + SERVER_START_TIMEOUT
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise Stop(f"Odoo did not start on {self.url}. The end of {self.log}:\n{tail(self.log)}")
            time.sleep(0.2)

    def stop(self, timeout: float = 15) -> bool:
        """Ends it in order, by force if it does not obey. Returns whether it ran."""
        pid = self.pid
        if not pid:
            self.pid_file.unlink(missing_ok=True)
            return False
        os.kill(pid, signal.SIGTERM)
        if not self._gone(pid, timeout):
            self.kill()
        self.pid_file.unlink(missing_ok=True)
        return True

    def kill(self) -> None:
        """`kill -9` of the server with all its processes."""
        pid = self.pid
        if pid:
            # The server leads its own group, because it was started in a session of its own.
            os.killpg(pid, signal.SIGKILL)
            self._gone(pid, 10)
        self.pid_file.unlink(missing_ok=True)

    def _gone(self, pid: int, timeout: float) -> bool:
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if self.process and self.process.pid == pid:
                self.process.poll()  # reaps it: a zombie still counts as alive
            if not alive(pid):
                return True
            time.sleep(0.05)
        return False
