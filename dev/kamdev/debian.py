"""Odoo 19 and the browser from Debian's packages.

Odoo is on no Python index; Debian unstable ships 19.0. It is fetched with an apt state of its own and unpacked
into `.dev/odoo-root`, so nothing changes on the machine. apt checks the signatures as usual."""

import hashlib
import os
import shlex
import shutil
import subprocess
import urllib.parse
from pathlib import Path

from .settings import DEV, LOGS, ODOO_PREFIX, Stop, digest
from .steps import run, say, stamp, stamped, step

# Odoo's static files are links into the other packages. Font Awesome must be the 4.7 series: later ones have other
# file names.
PACKAGES = {
    "unstable": ["odoo-19", "fonts-montserrat", "fonts-roboto-unhinted", "fonts-ocr-b", "libjs-jquery",
                 "libjs-jquery-form", "libjs-underscore"],
    "bookworm": ["fonts-font-awesome", "fonts-inconsolata"],
}
# Left out of Debian's package for its licence, yet listed in Odoo's assets. Only video calls miss it.
MISSING_FILE = "usr/lib/python3/dist-packages/odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
COUNT = ODOO_PREFIX / ".kam-files"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
WHAT_TO_SET = ("Odoo 19 is fetched from Debian's packages, and {why}. Set ODOO_ROOT to a folder that holds `odoo/` of "
               "an Odoo 19 (the top of its source tree) and run this again; set PGHOST too if you have a PostgreSQL.")


def inputs() -> str:
    return digest(repr(PACKAGES), MISSING_FILE)


def is_unpacked() -> bool:
    """Whether this very set of packages is there, with as many files as were unpacked."""
    return stamped(ODOO_PREFIX, inputs()) and COUNT.exists() and COUNT.read_text() == str(count_files(ODOO_PREFIX))


def count_files(prefix: Path) -> int:
    """Without what Python writes beside its sources; a third of a second."""
    listed = subprocess.run(["find", prefix, "(", "-type", "f", "-o", "-type", "l", ")", "!", "-name", "*.pyc", "!",
                             "-name", COUNT.name, "!", "-name", ".kam-stamp", "-printf", "x"], capture_output=True)
    return len(listed.stdout)


def ensure_odoo() -> None:
    """Puts Odoo into `.dev/odoo-root`, unless it is there."""
    if is_unpacked():
        return
    folder = DEV / "debs"
    with step("Odoo 19: download (130 MB)"):
        wanted = download(folder)
    with step("Odoo 19: unpack (1.3 GB)"):
        unpack([folder / name for name in wanted])
    shutil.rmtree(folder)


def mirror() -> str:
    """The machine's own Debian mirror, asked of apt."""
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        raise Stop(WHAT_TO_SET.format(why="this machine has no apt"))

    def ask(*more: str) -> list[str]:
        answer = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", *more],
                                capture_output=True, text=True).stdout
        return [uri for uri in answer.split() if "security" not in uri]

    # The origin is known once the lists have been fetched; a fresh container has none.
    found = ask("Origin: Debian") or (ask() if "ID=debian" in Path("/etc/os-release").read_text().split() else [])
    if not found:
        raise Stop(WHAT_TO_SET.format(why="apt here knows no Debian mirror"))
    return found[0]


def apt_options() -> list[str]:
    """A private apt state, so that the machine's own sources and lists stay as they are."""
    state = DEV / "apt"
    for part in ("lists/partial", "cache/archives/partial"):
        (state / part).mkdir(parents=True, exist_ok=True)
    uri = mirror()
    signed = f"[signed-by={KEYRING}] " if KEYRING.exists() else ""
    (state / "sources.list").write_text("".join(f"deb {signed}{uri} {suite} main\n" for suite in PACKAGES))
    options = {"Dir::Etc::SourceList": state / "sources.list", "Dir::Etc::SourceParts": "/dev/null",
               "Dir::State::Lists": state / "lists", "Dir::Cache": state / "cache", "APT::Sandbox::User": "root",
               "APT::Default-Release": "", "Acquire::Retries": "3"}
    return [part for key, value in options.items() for part in ("-o", f"{key}={value}")]


def download(folder: Path) -> list[str]:
    """Fetches the packages that are missing or damaged; returns the file names of all."""
    folder.mkdir(parents=True, exist_ok=True)
    options = apt_options()
    run(["apt-get", *options, "update"], "apt-update", what="Reading Debian's package lists")
    names = [f"{name}/{suite}" for suite, group in PACKAGES.items() for name in group]
    listing = subprocess.run(["apt-get", *options, "download", "--print-uris", *names], capture_output=True, text=True)
    if listing.returncode:
        raise Stop(f"apt does not offer all that is needed:\n{listing.stderr}")
    # 'URI' FILE SIZE SHA256:SUM
    sums = {}
    for line in listing.stdout.splitlines():
        _uri, name, _size, checksum = shlex.split(line)
        sums[name] = checksum.removeprefix("SHA256:")
    expected = sum(map(len, PACKAGES.values()))
    if len(sums) != expected:
        raise Stop(f"apt named {len(sums)} packages instead of {expected}; see {LOGS}/apt-update.log")
    for old in folder.iterdir():
        if sums.get(old.name) != sha256(old):
            old.unlink()
    if any(not (folder / name).exists() for name in sums):
        run(["apt-get", *options, "download", *names], "apt-download", cwd=folder, what="Downloading Odoo")
    damaged = [name for name, checksum in sums.items() if sha256(folder / name) != checksum]
    if damaged:
        raise Stop(f"Not what Debian's index promises, so not used: {', '.join(damaged)}. Run this again.")
    return list(sums)


def sha256(path: Path) -> str | None:
    if not path.is_file():
        return None
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def unpack(packages: list[Path]) -> None:
    fresh = ODOO_PREFIX.with_name(ODOO_PREFIX.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    for package in packages:
        run(["dpkg", "-x", package, fresh], "dpkg", what=f"Unpacking {urllib.parse.unquote(package.name)}")
    filler = fresh / MISSING_FILE
    filler.parent.mkdir(parents=True, exist_ok=True)
    if not filler.exists():
        filler.write_text("// not part of Debian's package: background blur in video calls\n")
    broken = subprocess.run(["find", fresh, "-xtype", "l"], capture_output=True, text=True).stdout
    if broken:
        raise Stop(f"Odoo's files link to what is not there, so its pages would fail:\n{broken}")
    (fresh / COUNT.name).write_text(str(count_files(fresh)))
    stamp(fresh, inputs())
    shutil.rmtree(ODOO_PREFIX, ignore_errors=True)
    fresh.rename(ODOO_PREFIX)


def offer_system_packages(wanted: dict[str, str], without: str) -> None:
    """Installs what is missing where that is possible; otherwise says what is missing, and goes on `without` it."""
    try:
        ensure_system_packages(wanted)
    except Stop as stop:
        say(f"{stop} Until then {without}.")


def ensure_system_packages(wanted: dict[str, str]) -> None:
    """Installs what is missing with apt when root: {command: package}. Otherwise says what to install."""
    missing = {package for command, package in wanted.items() if not shutil.which(command)}
    if not missing:
        return
    names = " ".join(sorted(missing))
    if os.geteuid() or not shutil.which("apt-get"):
        raise Stop(f"Missing on this machine: {names}. Install it (apt-get install {names}) and run this again.")
    with step(f"apt-get install {names}"):
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        run(["apt-get", "update"], "apt-system", env=env, what="apt-get update")
        run(["apt-get", "install", "-y", "--no-install-recommends", *sorted(missing)], "apt-system", env=env,
            what=f"apt-get install {names}")
