"""`make test`: every check of the project, as many at a time as there are cores, two at most.

A check writes to `.dev/reports/NAME.log`, which is shown when it ends with a failure. A test that was skipped counts
as failed: everything that a test may ask for has been set up, so a skip means that something did not come up, such as
the browser. The one exception is `MAY_BE_SKIPPED`."""

import concurrent.futures
import contextlib
import datetime as dt
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

from lab import Lab

from . import instance, templates
from . import odoo_lint as odoo_lint_rules
from .settings import LOGS, ODOO_CONF, ODOO_VENV, REPORTS, ROOT, WORKER_VENV, Stop, addons
from .steps import say, tail

# What the addon's sources can draw on, so that each is tested against the real app.
EVERYTHING = ["sale_management", "sale_margin", "rating"]
LANGUAGES = "en_US,es_ES"
# The steps of a tour time out after 10 s, so no more programs at a time than cores.
JOBS = min(2, os.cpu_count() or 1)
# What the files of tours are called, in each addon's `tests/`.
TOURS = "test_tours"
# A file that may not be copied into the project: where it is absent, so is the test.
MAY_BE_SKIPPED = re.compile(r"there is no order book")
# Tests take today's date once and the product asks for it anew, in UTC: none of the long checks begins this shortly
# before a day ends.
LONGEST = dt.timedelta(minutes=20)
TODAY_MATTERS = ("addon", "tours", "integration", "contract", "faults", "golden")


@dataclass
class Result:
    passed: int = 0
    failed: int = 0
    problems: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def add(self, other: "Result") -> None:
        self.passed += other.passed
        self.failed += other.failed
        self.problems += other.problems
        self.skipped += other.skipped


def test(wanted: list[str]) -> int:
    """Runs all checks, or those named."""
    checks = all_checks()
    if unknown := set(wanted) - set(checks):
        raise Stop(f"There is no check {', '.join(sorted(unknown))}. dev/run test [{' | '.join(checks)}]…")
    REPORTS.mkdir(parents=True, exist_ok=True)
    total = Result()
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        running = {pool.submit(timed, name, checks[name]): name for name in wanted or checks}
        while running:
            ended, _ = concurrent.futures.wait(running, timeout=60, return_when=concurrent.futures.FIRST_COMPLETED)
            for future in ended:
                total.add(future.result())
                running.pop(future)
            if not ended:
                say("running: " + ", ".join(progress(name) for future, name in running.items() if future.running()))
    for text in total.problems:
        print(f"\n{text}")
    for reason in sorted(set(total.skipped)):
        print(f"\n{total.skipped.count(reason)} tests not run: {reason}")
    print(f"\n{total.passed} passed, {total.failed} failed", flush=True)
    return 1 if total.failed or not total.passed else 0


def all_checks() -> dict[str, Callable[[], Result]]:
    """Long ones first, so that no core is idle at the end; `install` before all, because it makes the databases that
    others clone. The addon's tours are a check of their own, beside the rest of its tests and not after them. Each
    folder of `tests/` is a check."""
    folders = sorted({path.relative_to(ROOT / "tests").parts[0] for path in (ROOT / "tests").rglob("test_*.py")})
    ours = [name for name in ("faults", "integration", "contract") if name in folders]
    ours += [name for name in folders if name not in ours]
    workers = {name: partial(worker, name) for name in ours}
    longest = {name: workers.pop(name) for name in ("faults", "integration") if name in workers}
    return {"lint": lint, "install": install, "addon": addon, **longest, "tours": tours, **workers,
            "odoo_lint": odoo_lint}


def timed(name: str, check: Callable[[], Result]) -> Result:
    if name in TODAY_MATTERS:
        wait_for_tomorrow(name)
    say(f"{name} …")
    began = time.monotonic()
    (REPORTS / f"{name}.log").unlink(missing_ok=True)
    try:
        result = check()
    except Stop as problem:
        result = Result(failed=1, problems=[f"{name}: {problem}"])
    if result.failed:
        print(read(name), flush=True)
    for needed in re.findall(r"^needed a second try: .*$", read(name), re.M):
        say(needed)
    say(f"{name}: {result.passed} passed, {result.failed} failed in {time.monotonic() - began:.0f} s")
    return result


def wait_for_tomorrow(name: str) -> None:
    now = dt.datetime.now(dt.UTC)
    midnight = dt.datetime.combine(now.date() + dt.timedelta(days=1), dt.time(), dt.UTC)
    if midnight - now < LONGEST:
        say(f"{name}: waits for midnight UTC, as its tests count on one date")
        time.sleep((midnight - now).total_seconds() + 1)


def read(name: str) -> str:
    """What a check has written so far."""
    log = REPORTS / f"{name}.log"
    return log.read_text(errors="replace") if log.exists() else ""


def progress(name: str) -> str:
    """How far pytest says it is."""
    percentages = re.findall(r"\[ *(\d+%)\]", read(name))
    return f"{name} {percentages[-1]}" if percentages else name


# ------------------------------------------------------------------------------------------------------ the checks
def lint() -> Result:
    with (REPORTS / "lint.log").open("w") as output:
        done = subprocess.run([WORKER_VENV / "bin/ruff", "check", "."], cwd=ROOT, stdout=output, stderr=output)
    return Result(passed=1) if done.returncode == 0 else Result(failed=1, problems=["lint: ruff found what is above"])


def install() -> Result:
    """Our addons install beside everything and beside nothing, without demo data and with, and Odoo's log stays
    clean."""
    ours = [folder.name for folder in addons()]
    total = Result()
    for modules, demo in (([*ours, *EVERYTHING], False), (ours, True)):
        name = templates.template(modules, demo=demo, languages=LANGUAGES)
        total.add(check_log(templates.install_log(name), f"install {'with demo data' if demo else 'beside all apps'}"))
    return total


def worker(folder: str) -> Result:
    """A folder of the worker's tests. The live ones make their servers through `dev/lab.py`."""
    command = [WORKER_VENV / "bin/python", "-m", "pytest", "-ra", ROOT / "tests" / folder]
    return pytest(folder, command, {**os.environ, "TZ": "UTC"})


def addon() -> Result:
    """The addons' tests in a fresh database, but for the tours."""
    return addon_tests("addon", lambda path: not path.name.startswith(TOURS))


def tours() -> Result:
    """The addons' tours, in Chromium, in a fresh database whose assets are compiled once for all of them. One that
    fails has a second try, and is named."""
    return addon_tests("tours", lambda path: path.name.startswith(TOURS), ["-p", "second_try"], prepare="assets.py")


def addon_tests(name: str, chosen: Callable[[Path], bool], options: Sequence[str] = (),
                prepare: str | None = None) -> Result:
    files = [path for folder in addons() for path in sorted((folder / "tests").glob("test_*.py")) if chosen(path)]
    if not files:
        return Result(failed=1, problems=[f"{name}: there are no tests"])
    log = LOGS / f"{name}-tests.log"
    with scratch_database() as database:
        if prepare:
            instance.shell(database, (ROOT / "dev/in_odoo" / prepare).read_text())
        env = instance.environment()
        env["PYTHONPATH"] = os.pathsep.join([env["PYTHONPATH"], str(ROOT / "dev")])
        result = pytest_odoo(name, database, log, files, list(options), env)
    result.add(check_log(log, f"{name} tests"))
    return result


def odoo_lint() -> Result:
    """Our addons under Odoo's own rules."""
    with scratch_database() as database:
        result = pytest_odoo("odoo_lint", database, LOGS / "odoo-lint.log", odoo_lint_rules.files(),
                             ["-p", "only_ours"], odoo_lint_rules.test_environment())
    findings = odoo_lint_rules.pylint()
    result.add(Result(failed=1, problems=[f"odoo_lint: pylint says\n{findings}"]) if findings else Result(passed=1))
    return result


# ---------------------------------------------------------------------------------------------------- what they share
@contextlib.contextmanager
def scratch_database() -> Iterator[str]:
    """A fresh database with our addons and all that they can draw on. Odoo's tests commit nothing."""
    with Lab() as lab:
        yield lab.database([*(folder.name for folder in addons()), *EVERYTHING], languages=LANGUAGES)


def pytest_odoo(name: str, database: str, log: Path, paths: list[Path], options: list[str],
                env: dict[str, str]) -> Result:
    log.unlink(missing_ok=True)
    # A test that fails may leave its transaction open, and the next one would wait for it until CI's time is over.
    env = {**env, "PGOPTIONS": "-c lock_timeout=60s"}
    return pytest(name, [
        ODOO_VENV / "bin/python", "-m", "pytest", "-ra", "-c", ROOT / "dev/pytest-odoo.ini", f"--rootdir={ROOT}",
        *options, f"--odoo-config={ODOO_CONF}", f"--odoo-database={database}", "--odoo-log-level=warn",
        "--odoo-extra", f"logfile={log}", *paths], env)


def pytest(name: str, command: Sequence[str | Path], env: dict[str, str]) -> Result:
    report = REPORTS / f"{name}.xml"
    report.unlink(missing_ok=True)
    with (REPORTS / f"{name}.log").open("w") as output:
        done = subprocess.run([*map(str, command), f"--junitxml={report}"], cwd=ROOT, env=env, stdout=output,
                              stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    if not report.exists():
        return Result(failed=1, problems=[f"{name}: pytest ended with {done.returncode} and left no report"])
    result = read_report(name, report)
    if done.returncode and not result.failed:
        result.add(Result(failed=1, problems=[f"{name}: pytest ended with {done.returncode}"]))
    if not result.passed:
        result.add(Result(failed=1, problems=[f"{name}: no test ran"]))
    return result


def read_report(name: str, report: Path) -> Result:
    result = Result()
    for case in ElementTree.parse(report).iter("testcase"):
        outcomes = {child.tag: child.get("message") or "" for child in case
                    if child.tag in ("failure", "error", "skipped")}
        if not outcomes:
            result.passed += 1
        elif set(outcomes) == {"skipped"} and MAY_BE_SKIPPED.search(outcomes["skipped"]):
            result.skipped.append(outcomes["skipped"])
        else:
            result.failed += 1
            result.problems.append(f"{name}: {' and '.join(outcomes)}: {case.get('classname')}.{case.get('name')}")
    return result


def check_log(log: Path, what: str) -> Result:
    """Odoo ends well after a logged error, so its log is a check of its own."""
    if not log.exists():
        return Result(failed=1, problems=[f"{what}: Odoo left no log at {log}"])
    done = subprocess.run([ODOO_VENV / "bin/checklog-odoo", "--no-echo", "--no-err-if-empty", "--config",
                           ROOT / "dev/checklog.cfg", log], capture_output=True, text=True)
    if done.returncode == 0:
        return Result(passed=1)
    shown = done.stdout.partition("errors that caused failure")[2] or tail(log)
    return Result(failed=1, problems=[f"{what}: Odoo logged{shown}\n{done.stderr.strip()}"])
