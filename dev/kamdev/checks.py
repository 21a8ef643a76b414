"""`make test`: every check of the project, one after the other, and a line for each.

A test that was skipped counts as failed: on this machine everything that a test may ask for has been set up, so a
skip means that something did not come up, such as the browser."""

import contextlib
import os
import subprocess
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lab import Lab

from . import instance, templates
from . import odoo_lint as odoo_lint_rules
from .settings import LOGS, ODOO_CONF, ODOO_VENV, REPORTS, ROOT, WORKER_VENV, Stop, addons
from .steps import say, tail

# What the addon's sources can draw on, so that each is tested against the real app.
EVERYTHING = ["sale_management", "sale_margin"]
LANGUAGES = "en_US,es_ES"


@dataclass
class Result:
    passed: int = 0
    failed: int = 0
    problems: list[str] = field(default_factory=list)

    def add(self, other: "Result") -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.problems += other.problems


def test(arguments: list[str]) -> int:
    """Runs all checks, or those named: lint, install, odoo_lint, worker, addon."""
    wanted = arguments or list(CHECKS)
    unknown = set(wanted) - set(CHECKS)
    if unknown:
        raise Stop(f"usage: dev/run test [{' | '.join(CHECKS)}]…")
    REPORTS.mkdir(parents=True, exist_ok=True)
    total = Result()
    for name in wanted:
        say(f"{name} …")
        began = time.monotonic()
        try:
            result = CHECKS[name]()
        except Stop as problem:
            result = Result(failed=1, problems=[str(problem)])
        say(f"{name}: {result.passed} passed, {result.failed} failed in {time.monotonic() - began:.0f} s")
        total.add(result)
    for problem in total.problems:
        print(f"\n{problem}")
    print(f"\n{total.passed} passed, {total.failed} failed", flush=True)
    return 1 if total.failed or not total.passed else 0


def lint() -> Result:
    done = subprocess.run([WORKER_VENV / "bin" / "ruff", "check", "."], cwd=ROOT)
    return Result(passed=1) if done.returncode == 0 else Result(failed=1, problems=["lint: ruff found what is above"])


def odoo_lint() -> Result:
    """Our addons under Odoo's own rules."""
    log = LOGS / "odoo-lint.log"
    with scratch_database() as database:
        result = pytest_odoo("odoo_lint", database, log, odoo_lint_rules.files(), ["-p", "only_ours"],
                             odoo_lint_rules.test_environment())
    findings = odoo_lint_rules.pylint()
    result.add(Result(failed=1, problems=[f"odoo_lint: pylint says\n{findings}"]) if findings else Result(passed=1))
    return result


def worker() -> Result:
    """The worker's own tests: unit, golden, contract, and the live ones, which make their servers through dev/lab."""
    return pytest("worker", [WORKER_VENV / "bin" / "python", "-m", "pytest", "-ra"], {**os.environ})


def install() -> Result:
    """Each addon of ours installs beside everything and beside nothing, with demo data and without, and Odoo's log
    stays clean."""
    ours = [folder.name for folder in addons()]
    total = Result()
    for modules, demo in (([*ours, *EVERYTHING], False), (ours, True)):
        name = templates.template(modules, demo=demo, languages=LANGUAGES)
        total.add(check_log(templates.install_log(name), f"install {'with demo data' if demo else 'beside all apps'}"))
    return total


def addon() -> Result:
    """The addon's tests in a fresh database, tours in Chromium among them."""
    folders = [folder / "tests" for folder in addons() if (folder / "tests" / "__init__.py").exists()]
    if not folders:
        return Result(failed=1, problems=["addon: there are no tests"])
    log = LOGS / "addon-tests.log"
    with scratch_database() as database:
        result = pytest_odoo("addon", database, log, folders, [], instance.environment())
    result.add(check_log(log, "addon tests"))
    return result


@contextlib.contextmanager
def scratch_database() -> Iterator[str]:
    """A fresh database with our addons and all that they can draw on. Odoo's tests commit nothing."""
    with Lab() as lab:
        yield lab.database([*(folder.name for folder in addons()), *EVERYTHING], languages=LANGUAGES)


def pytest_odoo(name: str, database: str, log: Path, paths: list[Path], options: list[str],
                env: dict[str, str]) -> Result:
    log.unlink(missing_ok=True)
    return pytest(name, [
        ODOO_VENV / "bin/python", "-m", "pytest", "-ra", "-c", ROOT / "dev/pytest-odoo.ini", f"--rootdir={ROOT}",
        *options, f"--odoo-config={ODOO_CONF}", f"--odoo-database={database}", "--odoo-log-level=warn",
        "--odoo-extra", f"logfile={log}", *paths], env)


def pytest(name: str, command: list, env: dict[str, str]) -> Result:
    report = REPORTS / f"{name}.xml"
    report.unlink(missing_ok=True)
    done = subprocess.run([*map(str, command), f"--junitxml={report}"], cwd=ROOT, env=env)
    if not report.exists():
        return Result(failed=1, problems=[f"{name}: pytest ended with {done.returncode} and left no report"])
    result = read_report(name, report)
    if done.returncode and not result.failed:
        result.failed, result.problems = 1, [f"{name}: pytest ended with {done.returncode}"]
    if not result.passed:
        result.failed += 1
        result.problems.append(f"{name}: no test ran")
    return result


def read_report(name: str, report: Path) -> Result:
    result = Result()
    for case in ElementTree.parse(report).iter("testcase"):
        outcomes = {child.tag for child in case} & {"failure", "error", "skipped"}
        if not outcomes:
            result.passed += 1
            continue
        result.failed += 1
        result.problems.append(f"{name}: {' and '.join(sorted(outcomes))}: {case.get('classname')}.{case.get('name')}")
    return result


def check_log(log: Path, what: str) -> Result:
    """Odoo ends well after a logged error, so its log is a check of its own."""
    if not log.exists():
        return Result(failed=1, problems=[f"{what}: Odoo left no log at {log}"])
    done = subprocess.run([ODOO_VENV / "bin" / "checklog-odoo", "--no-echo", "--no-err-if-empty", "--config",
                           ROOT / "dev" / "checklog.cfg", log], capture_output=True, text=True)
    if done.returncode == 0:
        return Result(passed=1)
    shown = done.stdout.partition("errors that caused failure")[2] or tail(log)
    return Result(failed=1, problems=[f"{what}: Odoo logged{shown}\n{done.stderr.strip()}"])


CHECKS: dict[str, Callable[[], Result]] = {"lint": lint, "install": install, "odoo_lint": odoo_lint,
                                              "worker": worker, "addon": addon}
