"""Databases with modules installed, made once and cloned in about a second.

A template is made in two layers, each kept until what went into it changes: first the modules of Odoo that ours
depend on (half a minute), then ours on top (some seconds, again whenever their source changes)."""

import ast
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from . import instance, postgres
from .settings import DEV, LOGS, ODOO_DATA, ODOO_PREFIX, Stop, addons, addons_digest, digest, odoo_root
from .steps import lock, say, step


def template(modules: Iterable[str], *, demo: bool = False, languages: str = "en_US") -> str:
    """The name of a database that has these modules and no connection, so that it can be cloned."""
    modules = tuple(sorted(set(modules)))
    ours = {folder.name: folder for folder in addons()}
    mine = [name for name in modules if name in ours]
    base = sorted({name for name in modules if name not in ours} | dependencies(mine, ours))
    name = _build("base", base, _odoo_digest(), None, demo=demo, languages=languages)
    if not mine:
        return name
    # A glue addon installs itself, so the source of all ours counts.
    return _build("ours", [*base, *mine], addons_digest(list(ours.values())), name, demo=demo, languages=languages)


def dependencies(mine: Iterable[str], ours: dict[str, Path]) -> set[str]:
    """The modules of Odoo that these addons of ours need, through others of ours too."""
    wanted, seen, found = list(mine), set(), set()
    while wanted:
        name = wanted.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in ours:
            wanted += ast.literal_eval((ours[name] / "__manifest__.py").read_text()).get("depends", ["base"])
        else:
            found.add(name)
    return found


def make(database: str, modules: Iterable[str], **options) -> None:
    """A new database with these modules. A template may be outdated and dropped by another run just before it is
    cloned: then there is a newer one."""
    for last in (False, True):
        source = template(modules, **options)
        try:
            clone(source, database)
            return
        except Stop:
            if last or source in postgres.databases():
                raise


def clone(source: str, database: str) -> None:
    """A copy with its files, which are linked: Odoo names them after their content and never changes them."""
    _drop_files(database)
    files = ODOO_DATA / "filestore" / source
    if files.exists():
        shutil.copytree(files, ODOO_DATA / "filestore" / database, copy_function=os.link)
    postgres.clone(source, database)


def rename(database: str, name: str) -> None:
    """Gives a finished database its name: the files first, because only the name says that it is finished."""
    files = ODOO_DATA / "filestore" / database
    _drop_files(name)
    if files.exists():
        files.rename(ODOO_DATA / "filestore" / name)
    postgres.psql(f"ALTER DATABASE {postgres.quoted(database)} RENAME TO {postgres.quoted(name)}")


def drop(database: str) -> None:
    postgres.drop(database)
    _drop_files(database)


def _drop_files(database: str) -> None:
    shutil.rmtree(ODOO_DATA / "filestore" / database, ignore_errors=True)


def install_log(database: str) -> Path:
    """What Odoo logged when this template was made."""
    return LOGS / f"{database}.log"


def _odoo_digest() -> str:
    stamp = ODOO_PREFIX / ".kam-stamp"
    return stamp.read_text() if stamp.exists() else digest(str(odoo_root()))


def _build(layer: str, modules: list[str], inputs: str, below: str | None, *, demo: bool, languages: str) -> str:
    family = "kam_tpl_" + digest(str(DEV), layer, repr(modules), repr(demo), languages)[:8]
    name = f"{family}_{digest(inputs, below or '')[:8]}"
    with lock(family):
        existing = postgres.databases()
        if name in existing and install_log(name).exists():
            return name
        making = f"{family}_new"
        with step(f"database template: {', '.join(modules)}{' with demo data' if demo else ''}"):
            drop(making)
            if below:
                clone(below, making)
            # A module installed later brings its terms in the languages that are there.
            instance.install(making, modules, LOGS / f"{making}.log", demo=demo, languages="" if below else languages)
            drop(name)
            rename(making, name)
            (LOGS / f"{making}.log").replace(install_log(name))
        for old in existing:
            if old.startswith(family) and old != name and old != making:
                say(f"dropping the outdated template {old}")
                drop(old)
                install_log(old).unlink(missing_ok=True)
        return name
