"""What the entry points in `dev/` call: one function each, which returns the exit code."""

import os
import sys
from collections.abc import Callable

from . import environment, instance, postgres
from .settings import Stop


def guarded(function: Callable[[list[str]], int | None]) -> None:
    """Runs an entry point: a `Stop` is a message, not a traceback."""
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


def odoo(arguments: list[str]) -> None:
    env = instance.environment()
    command = instance.command(arguments)
    os.execve(command[0], command, env)


def psql(arguments: list[str]) -> None:
    env = {**os.environ, **postgres.environment()}
    os.execve(postgres.tools() / "psql", ["psql", *arguments], env)
