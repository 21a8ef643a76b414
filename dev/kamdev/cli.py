"""What the entry points in `dev/` call: one function each, which returns the exit code."""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Callable

from . import checks, cleanup, environment, instance, postgres
from . import demo as make_demo
from .settings import READY, Stop


def guarded(function: Callable[[list[str]], int | None]) -> None:
    """Runs an entry point: a `Stop` is a message, not a traceback."""
    # A script's background jobs ignore the interrupt, and so would the programs that the tests interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        code = function(sys.argv[1:])
    except Stop as stop:
        print(f"\n{stop}", file=sys.stderr)
        code = 1
    except KeyboardInterrupt:
        print("\ninterrupted; run it again to go on", file=sys.stderr)
        code = 130
    sys.exit(code or 0)


def setup(arguments: list[str]) -> None:
    unknown = set(arguments) - {"--browser"}
    if unknown:
        raise Stop("usage: dev/setup [--browser]")
    environment.ensure(browser="--browser" in arguments)


def _set_up() -> None:
    """On a bare checkout these commands set up first what they run; elsewhere they lose no time checking it."""
    if not READY.exists():
        environment.ensure()


def odoo(arguments: list[str]) -> None:
    _set_up()
    env = instance.environment()
    command = instance.command(arguments)
    os.execve(command[0], command, env)


def psql(arguments: list[str]) -> None:
    _set_up()
    env = {"PGDATABASE": "postgres", **os.environ, **postgres.environment()}
    os.execve(postgres.tools() / "psql", ["psql", *arguments], env)


def scratch(arguments: list[str]) -> int:
    from lab import ADDON, Lab

    parser = argparse.ArgumentParser(prog="dev/scratch", description=(
        "Runs a command beside a scratch database with a live Odoo server, and drops both afterwards. "
        "The command finds KAM_URL, KAM_DATABASE, KAM_LOGIN, KAM_PASSWORD in its environment."))
    parser.add_argument("--modules", default=ADDON, help="comma-separated (default: %(default)s)")
    parser.add_argument("--languages", default="en_US", help="comma-separated (default: %(default)s)")
    parser.add_argument("--demo", action="store_true", help="with demo data")
    parser.add_argument("--workers", type=int, default=0, help="0 is Odoo's threaded server (default), 2 prefork")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="for example: bash")
    options = parser.parse_args(arguments)
    if not options.command:
        parser.error("name a command, for example: dev/scratch bash")
    _set_up()
    with Lab() as lab:
        database = lab.database(options.modules.split(","), demo=options.demo, languages=options.languages)
        login, key = lab.service_user(database)
        server = lab.server(database, workers=options.workers)
        print(f"{server.url}  database {database}  admin/admin  log {server.log}", file=sys.stderr)
        return subprocess.run(options.command, env=lab.environment(server, login, key)).returncode


def demo(arguments: list[str]) -> None:
    make_demo.demo()


def stop(arguments: list[str]) -> None:
    cleanup.stop()


def clean(arguments: list[str]) -> None:
    cleanup.clean()


def test(arguments: list[str]) -> int:
    return checks.test(arguments)
