"""`make stop` and `make clean`. Only processes of this checkout are ended: each is known by a pid file, and its command
line must name that file."""

import shutil

from . import postgres
from .instance import Server
from .settings import DEV, RUN, Stop
from .steps import say


def stop() -> None:
    for path in sorted(RUN.glob("*.pid")):
        if Server(path.stem, "", 0).stop():
            say(f"stopped Odoo ({path.stem})")
    if postgres.stop():
        say("stopped PostgreSQL")


def clean() -> None:
    """Removes all that was set up under `.dev`. Databases in a PostgreSQL of your own stay: they are named."""
    stop()
    if not DEV.exists():
        return
    if not (DEV / "locks").is_dir():
        raise Stop(f"{DEV} was not made by dev/setup, so it is left alone.")
    if not postgres.embedded():
        say("PGHOST is set: the databases kam_* of that PostgreSQL are left as they are")
    shutil.rmtree(DEV)
    say(f"removed {DEV}")
