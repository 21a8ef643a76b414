"""`dev/setup`: everything that has to be there before Odoo or the worker can run. Done again, it only checks."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from . import debian, instance, postgres, venvs
from .settings import DEV, READY, odoo_root, write_atomic
from .steps import lock, say


def ensure(*, browser: bool = False) -> None:
    DEV.mkdir(parents=True, exist_ok=True)
    with lock("setup"):
        if os.environ.get("ODOO_ROOT"):
            odoo_root()  # says what is wrong with it, before anything is fetched
        elif not debian.is_unpacked():
            debian.mirror()
        together(worker, odoo_with_postgres)
        postgres.environment()
        instance.environment()
        if browser:
            debian.ensure_system_packages({"chromium": "chromium", "wkhtmltopdf": "wkhtmltopdf"})
        else:
            debian.offer_system_packages({"wkhtmltopdf": "wkhtmltopdf"}, "reports open on the screen, not as PDF")
        if not READY.exists():
            write_atomic(READY, "")
            say("the environment is ready")


def worker() -> None:
    venvs.ensure_worker()
    (DEV / "worker-ready").touch()


def odoo_with_postgres() -> None:
    venvs.ensure_postgres()
    if not os.environ.get("ODOO_ROOT"):
        debian.ensure_odoo()
    venvs.ensure_odoo()


def together(*parts: Callable[[], None]) -> None:
    """Does independent parts side by side; each is finished, so that the next run finds it, before one's failure ends
    the command."""
    with ThreadPoolExecutor() as pool:
        for part in [pool.submit(part) for part in parts]:
            part.result()
