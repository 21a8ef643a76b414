"""Folders and ports of this checkout, and the environment variables that move them.

    KAM_DEV_DIR         where all state lives (default: `.dev` in the checkout)
    KAM_HTTP_PORT       the demo's port (default: 8069 if it is free at first, else any free one; kept in `.dev/ports`)
    KAM_HTTP_INTERFACE  the address the demo listens on (default: 127.0.0.1, because its password is `admin`)
    KAM_DEMO_DATABASE   the demo's database (default: kam_demo)
    ODOO_ROOT           a folder that holds `odoo/` of an Odoo 19 that is already there
    PGHOST, PGPORT, PGUSER, PGPASSWORD   a PostgreSQL that is already there
"""

import hashlib
import os
import random
import re
import socket
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEV = Path(os.environ.get("KAM_DEV_DIR") or ROOT / ".dev").absolute()
REQUIREMENTS = ROOT / "dev" / "requirements"

WORKER_VENV = DEV / "venv"
ODOO_VENV = DEV / "odoo-venv"
PG_VENV = DEV / "pg-venv"
ODOO_PREFIX = DEV / "odoo-root"
PG_DATA = DEV / "pg"
LOGS = DEV / "logs"
RUN = DEV / "run"
REPORTS = DEV / "reports"
ODOO_CONF = DEV / "odoo.conf"
ODOO_DATA = DEV / "odoo-data"
DEMO_ENV = DEV / "demo.env"
READY = DEV / "ready"

DEMO_DATABASE = os.environ.get("KAM_DEMO_DATABASE") or "kam_demo"
HTTP_INTERFACE = os.environ.get("KAM_HTTP_INTERFACE") or "127.0.0.1"
# Below those that Linux takes for outgoing connections and for whoever asks for any port.
OWN_PORTS = range(20000, 32000)


class Stop(Exception):
    """Ends a command with one clear message instead of a traceback."""


def odoo_root() -> Path:
    """The folder that holds `odoo/`: ODOO_ROOT, else the one unpacked from Debian's package."""
    given = os.environ.get("ODOO_ROOT")
    if not given:
        return ODOO_PREFIX / "usr/lib/python3/dist-packages"
    root = Path(given).expanduser().absolute()
    release = root / "odoo" / "release.py"
    if not release.is_file():
        raise Stop(f"ODOO_ROOT is {root}, but that folder holds no odoo/release.py. "
                   "Set it to the folder that holds `odoo/` (the top of an Odoo 19 source tree).")
    version = re.search(r"^version_info\s*=\s*\((?:'saas~)?(\d+)", release.read_text(), re.M)
    if not version or int(version[1]) != 19:
        raise Stop(f"ODOO_ROOT is {root}, which is Odoo {version[1] if version else 'of an unknown version'}; "
                   "this needs Odoo 19.")
    return root


def free_port(preferred: int | None = None) -> int:
    """`preferred` if nobody listens there, else any free port: of those that the system gives to nobody by itself, so
    that a server finds it free when it starts, and again after it was killed."""
    for port in (preferred, *random.sample(OWN_PORTS, 20), 0):
        if port is None:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("0.0.0.0", port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise Stop("No free TCP port was found.")


def demo_port() -> int:
    """The demo's port, the same every time: another checkout may hold the usual one."""
    given = os.environ.get("KAM_HTTP_PORT")
    if given:
        if not given.isdigit():
            raise Stop(f"KAM_HTTP_PORT is {given!r}; it must be a number.")
        return int(given)
    kept = DEV / "ports"
    if kept.exists():
        return int(kept.read_text())
    return new_demo_port()


def new_demo_port() -> int:
    port = free_port(8069)
    write_atomic(DEV / "ports", f"{port}\n")
    return port


def write_atomic(path: Path, text: str, mode: int = 0o644) -> None:
    """A reader sees the old file or the new one. The mode is set before the text is written: it may be a secret."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as handle:
        handle.write(text)
    os.replace(new, path)


def addons() -> list[Path]:
    """The addons of this checkout."""
    return sorted(manifest.parent for manifest in ROOT.glob("*/__manifest__.py"))


def digest(*parts: str | bytes) -> str:
    total = hashlib.sha256()
    for part in parts:
        total.update(part.encode() if isinstance(part, str) else part)
        total.update(b"\0")
    return total.hexdigest()[:16]


# What a change of does not change a database: Odoo reads these from the files as they are.
NOT_IN_DATABASE = {"tests", "static", "readme", "__pycache__"}


def addons_digest(folders: list[Path]) -> str:
    """Changes when installing or upgrading these addons would give another database."""
    parts: list[str | bytes] = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            if path.is_file() and not NOT_IN_DATABASE.intersection(inside.parts):
                parts += [f"{folder.name}/{inside}", path.read_bytes()]
    return digest(*parts)
