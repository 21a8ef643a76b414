"""`make demo`: a database with demo data, a server, the worker's user and its scores.

Each part is looked at first and made only if it is missing or broken, so a second run is quick and repairs. The worker
runs as anyone would run it: the command `kam-sync` with the variables of `.dev/demo.env`."""

import datetime
import os
import socket
import subprocess
import xmlrpc.client
from pathlib import Path

from . import environment, instance, postgres, templates
from .settings import (
    DEMO_DATABASE,
    DEMO_ENV,
    DEV,
    HTTP_INTERFACE,
    LOGS,
    ROOT,
    WORKER_VENV,
    Stop,
    addons,
    addons_digest,
    demo_port,
    new_demo_port,
    write_atomic,
)
from .steps import lock, say, step

ADDON = "kam_management"
MODULES = [ADDON, "sale_management", "sale_margin", "survey"]
LANGUAGES = "en_US,es_ES"
LOGIN = "kam-sync"
# What a user who is no administrator may have at most by default.
KEY_DAYS = 90
# Odoo logs a warning at each XML-RPC call, which is the transport of choice here: muted in the demo only.
MUTE = "--log-handler=odoo.addons.rpc.controllers.xmlrpc:ERROR"


def demo() -> None:
    environment.ensure()
    with lock("demo"):
        server = demo_server()
        ensure_database(server)
        ensure_server(server)
        ensure_styles(server)
        env = ensure_service_user(server)
        score(env)
    print(f"\nOdoo answers at {server.url} (database {DEMO_DATABASE}): log in as admin, password admin.\n"
          f"The worker: set -a; . {relative(DEMO_ENV)}; set +a; {relative(WORKER_VENV)}/bin/kam-sync --help\n"
          "make stop ends the servers, make clean removes everything.")


def demo_server() -> instance.Server:
    return instance.Server("demo", DEMO_DATABASE, demo_port(), interface=HTTP_INTERFACE,
                           arguments=["--max-cron-threads=1", MUTE])


def ensure_database(server: instance.Server) -> None:
    """Makes the database; mends one that lacks a module; upgrades it when the source of an addon has changed."""
    source = addons_digest(addons())
    stamp = DEV / f"{DEMO_DATABASE}.stamp"
    log = LOGS / f"{DEMO_DATABASE}-install.log"
    installed = installed_modules()
    if not installed:
        if DEMO_DATABASE in postgres.databases() and not stamp.exists():
            raise Stop(f"There is a database {DEMO_DATABASE} that this checkout did not make, and it is no Odoo that "
                       f"can be read.\nLook what it is, then drop or rename it: dev/psql postgres")
        server.stop()
        with step("demo database: install with demo data"):
            create(log)
    elif not installed.issuperset(MODULES):
        server.stop()
        with step("demo database: install what is missing"):
            ours = [folder.name for folder in addons() if folder.name in installed]
            instance.install(DEMO_DATABASE, MODULES, log, demo=True, languages=LANGUAGES, upgrade=ours)
            load_orders(DEMO_DATABASE)
    elif not stamp.exists() or stamp.read_text() != source:
        server.stop()
        ours = [folder.name for folder in addons() if folder.name in installed]
        with step("demo database: upgrade to the present source"):
            try:
                instance.install(DEMO_DATABASE, [], log, upgrade=ours)
                load_orders(DEMO_DATABASE)
            except Stop as problem:
                raise Stop(f"{problem}\nTo start anew instead: dev/odoo db drop {DEMO_DATABASE}") from None
    write_atomic(stamp, source)


def create(log: Path) -> None:
    """Under another name until it is whole: an interrupted one is never taken for the real one."""
    making = f"{DEMO_DATABASE}_new"
    templates.drop(making)
    instance.install(making, MODULES, log, demo=True, languages=LANGUAGES)
    load_orders(making)
    templates.drop(DEMO_DATABASE)
    templates.rename(making, DEMO_DATABASE)


def load_orders(database: str) -> None:
    """Confirmed orders of what the demo company has won; those that are there already are left alone."""
    script = (ROOT / "dev" / "demo_orders.py").read_text()
    made = instance.shell(database, f"{script}\nresult = load(env)")
    say(f"demo orders made: {made}")


def installed_modules() -> set[str]:
    """Empty too if there is no such database, or one that Odoo never finished."""
    if DEMO_DATABASE not in postgres.databases():
        return set()
    try:
        rows = postgres.psql("SELECT name FROM ir_module_module WHERE state IN ('installed', 'to upgrade')",
                             DEMO_DATABASE, rows=True)
    except Stop:
        return set()
    return {row[0] for row in rows}


def ensure_server(server: instance.Server) -> None:
    if server.pid and server.answers():
        return
    server.stop()
    if occupied(server):
        server.port = new_demo_port()
    with step(f"Odoo: start on {server.url}"):
        server.start()


def occupied(server: instance.Server) -> bool:
    """Whether another program holds our port. A port that was asked for by name is not exchanged silently."""
    if not server.answers(timeout=2) and not listening(server.port):
        return False
    if os.environ.get("KAM_HTTP_PORT"):
        raise Stop(f"Port {server.port} (KAM_HTTP_PORT) is in use by another program.")
    say(f"port {server.port} is in use by another program: taking another one")
    return True


def ensure_styles(server: instance.Server) -> None:
    """Where the printer of reports finds the styles: Odoo learns its own address only when an administrator logs in."""
    postgres.psql(
        f"INSERT INTO ir_config_parameter (key, value) VALUES ('report.url', '{server.url}') "
        "ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value", DEMO_DATABASE)


def ensure_service_user(server: instance.Server) -> dict[str, str]:
    """The worker's settings in `.dev/demo.env`, with a key that works."""
    known = read_env()
    wanted = {"KAM_URL": server.url, "KAM_DATABASE": DEMO_DATABASE, "KAM_LOGIN": LOGIN, "KAM_TRANSPORT": "xmlrpc"}
    key = known.get("KAM_PASSWORD", "")
    if not (key and authenticates(server, key)):
        with step("the worker's user and API key"):
            script = (ROOT / "dev" / "in_odoo" / "service_user.py").read_text()
            key = str(instance.shell(DEMO_DATABASE, script, login=LOGIN, key_name="make demo", days=KEY_DAYS))
    wanted["KAM_PASSWORD"] = key
    if known != wanted:
        write_atomic(DEMO_ENV, "".join(f"{name}={value}\n" for name, value in wanted.items()), 0o600)
    return wanted


def read_env() -> dict[str, str]:
    if not DEMO_ENV.exists():
        return {}
    return dict(line.split("=", 1) for line in DEMO_ENV.read_text().splitlines() if "=" in line)


def authenticates(server: instance.Server, key: str) -> bool:
    common = xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/common")
    try:
        return bool(common.authenticate(DEMO_DATABASE, LOGIN, key, {}))
    except xmlrpc.client.Error:
        return False


def score(env: dict[str, str]) -> None:
    """One full run for today; on a database that was never scored one for last week first, so that there is a trend."""
    published = postgres.psql("SELECT count(*) FROM kam_sync_run WHERE state IN ('published', 'partial')",
                              DEMO_DATABASE, rows=True)
    if published == [["0"]]:
        week_ago = datetime.date.today() - datetime.timedelta(days=7)
        say(f"kam-sync run --as-of {week_ago}")
        kam_sync(env, "run", "--as-of", str(week_ago), quiet=True)
    say("kam-sync run")
    kam_sync(env, "run")


def kam_sync(env: dict[str, str], *arguments: str, quiet: bool = False) -> None:
    command = [str(WORKER_VENV / "bin" / "kam-sync"), *arguments]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KAM_")}
    log = LOGS / "kam-sync.log"
    with log.open("w") as output:
        done = subprocess.run(command, env={**clean, **env}, cwd=ROOT, stdout=output if quiet else None,
                              stderr=subprocess.STDOUT if quiet else None)
    if done.returncode:
        raise Stop(f"kam-sync {' '.join(arguments)} ended with {done.returncode}.\n{log.read_text() if quiet else ''}")


def listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
