"""Odoo's own rules for addons: its module `test_lint`, which checks 600 addons, here narrowed to those of this
checkout, and its checkers for pylint (SQL injection, translated texts, overridden `unlink`)."""

import os
import subprocess
from pathlib import Path

from .instance import addons_path, environment
from .settings import ODOO_VENV, ROOT, addons, odoo_root

# Left out: the tests of the checkers themselves; eslint, which needs packages of its own; pylint, which would go
# through all of Odoo and is run below; the search for conflict markers, which goes through every installed library.
NOT_HERE = {"test_checkers.py", "test_eslint.py", "test_pylint.py", "test_markers.py"}
# As in test_lint/tests/test_pylint.py.
PYLINT_CHECKS = ["used-before-assignment", "undefined-variable", "eval-used", "unreachable", "function-redefined",
                 "sql-injection", "missing-gettext", "gettext-variable", "gettext-placeholders", "gettext-repr",
                 "raise-unlink-override"]
PYLINT_PLUGINS = ["_pylint_path_setup", "pylint.extensions.bad_builtin", "_odoo_checker_sql_injection",
                  "_odoo_checker_gettext", "_odoo_checker_unlink_override"]


def folder() -> Path:
    """Where `test_lint` is: inside `odoo/addons`, or beside it in a source tree."""
    inside = odoo_root() / "odoo/addons/test_lint/tests"
    return inside if inside.is_dir() else odoo_root() / "addons/test_lint/tests"


def files() -> list[Path]:
    return [path for path in sorted(folder().glob("test_*.py")) if path.name not in NOT_HERE]


def test_environment() -> dict[str, str]:
    env = environment()
    return {**env, "PYTHONPATH": os.pathsep.join([env["PYTHONPATH"], str(ROOT / "dev")]), "KAM_ROOT": str(ROOT)}


def pylint() -> str:
    """What Odoo's checkers say of our addons; empty if nothing."""
    env = environment()
    env["PYTHONPATH"] = os.pathsep.join([str(folder()), env["PYTHONPATH"]])
    env["ADDONS_PATH"] = os.pathsep.join(map(str, [*addons_path(), odoo_root() / "odoo/addons"]))
    done = subprocess.run(
        [ODOO_VENV / "bin/python", "-m", "pylint", f"--rcfile={os.devnull}", "--disable=all,useless-option-value",
         f"--enable={','.join(PYLINT_CHECKS)}", f"--load-plugins={','.join(PYLINT_PLUGINS)}", "--reports=n",
         "--score=n", "--bad-functions=input", "--msg-template={msg} ({msg_id}) at {path}:{line}", *map(str, addons())],
        capture_output=True, text=True, env=env, cwd=ROOT)
    return (done.stdout + done.stderr).strip() if done.returncode else ""
