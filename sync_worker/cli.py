"""The command `kam-sync`: arguments in, exit codes out. What it does is in `jobs`, how it looks in `printing`.

Exit codes: 0 done, 2 usage, 3 partial (rows were refused), 4 not allowed, 5 unreachable, 6 lease held, 7 data against
the contract, 130 interrupted. 1 is a defect of the program.
"""

from __future__ import annotations

import datetime as dt
import json
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any

import structlog
import typer

from sync_worker import __version__, config, errors, log
from sync_worker.config import Settings
from sync_worker.redaction import redaction

if TYPE_CHECKING:  # loading them takes a moment that no usage error should wait for
    from sync_worker.jobs.run import RunOptions, RunReport

app = typer.Typer(name="kam-sync", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
                  help="Keeps the scores of key accounts in Odoo true.")

Config = Annotated[Path | None, typer.Option("--config", "-c", help="TOML file; else KAM_CONFIG or kam-sync.toml.")]
Url = Annotated[str | None, typer.Option(help="Address of Odoo; KAM_URL.")]
Database = Annotated[str | None, typer.Option("--database", "-d", help="Database; KAM_DATABASE.")]
Login = Annotated[str | None, typer.Option(help="Login of the service user; KAM_LOGIN.")]
Protocol = Annotated[str | None, typer.Option("--transport", help="xmlrpc or json2; KAM_TRANSPORT.")]
Timeout = Annotated[float | None, typer.Option(help="Seconds without an answer before giving up; KAM_TIMEOUT.")]
Level = Annotated[str | None, typer.Option("--log-level", help="debug, info, warning or error; KAM_LOG_LEVEL.")]
Company = Annotated[str | None, typer.Option(help="Id or name of a company; all of them otherwise. KAM_COMPANY.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, for machines.")]

IMPORT_PAUSE = 0.05  # seconds after which a signal is looked at again that came during an import

logger = structlog.get_logger(__name__)


@app.command("check")
def check_command(
    config_file: Config = None, url: Url = None, database: Database = None, login: Login = None,
    transport: Protocol = None, timeout: Timeout = None, log_level: Level = None, company: Company = None,
    as_json: Json = False,
) -> None:
    """Say whether a run could succeed: connection, versions, rights, companies, expiry of the key."""

    def work(settings: Settings) -> int:
        from sync_worker.jobs.check import check

        with _connected(settings) as sync:
            report = check(sync, settings.company)
        if as_json:
            from sync_worker.machine import check_values

            _print_json(check_values(report))
        else:
            from sync_worker.printing import console, print_check

            print_check(console(), report)
        return report.exit_code

    _execute(work, as_json, config_file, url=url, database=database, login=login, transport=transport,
             timeout=timeout, log_level=log_level, company=company)


@app.command("run")
def run_command(
    config_file: Config = None, url: Url = None, database: Database = None, login: Login = None,
    transport: Protocol = None, timeout: Timeout = None, log_level: Level = None, company: Company = None,
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="YYYY-MM-DD",
                                              help="The day to compute; today in the company's time zone.")] = None,
    account: Annotated[str | None, typer.Option(help="Id or name of one account; all of them otherwise.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change; write nothing.")] = False,
    page_rows: Annotated[int | None, typer.Option(help="Rows in a page that is pulled; KAM_PAGE_ROWS.")] = None,
    batch_rows: Annotated[int | None, typer.Option(help="Rows in a batch that is sent; KAM_BATCH_ROWS.")] = None,
    metrics_file: Annotated[Path | None, typer.Option(help="OpenMetrics file to write; KAM_METRICS_FILE.")] = None,
    as_json: Json = False,
) -> None:
    """Refresh the scores: pull, compute, publish."""
    day = _day(as_of)

    def work(settings: Settings) -> int:
        from sync_worker.jobs.run import RunOptions

        return _run(settings, RunOptions(settings.company, account, day, dry_run, settings.page_rows,
                                         settings.batch_rows), as_json)

    _execute(work, as_json, config_file, url=url, database=database, login=login, transport=transport,
             timeout=timeout, log_level=log_level, company=company, page_rows=page_rows, batch_rows=batch_rows,
             metrics_file=metrics_file)


@app.command("watch")
def watch_command(
    config_file: Config = None, url: Url = None, database: Database = None, login: Login = None,
    transport: Protocol = None, timeout: Timeout = None, log_level: Level = None, company: Company = None,
    schedule: Annotated[str | None, typer.Option(metavar="CRON", help="Refresh all accounts at these times, such as "
                                                 "“0 4 * * mon-fri”; KAM_SCHEDULE.")] = None,
    every: Annotated[float | None, typer.Option(metavar="MINUTES", help="Refresh all accounts every so many minutes; "
                                                "KAM_EVERY.")] = None,
    timezone: Annotated[str | None, typer.Option(help="Time zone of --schedule, such as Europe/Madrid; this machine's "
                                                 "otherwise. KAM_TIMEZONE.")] = None,
    poll: Annotated[float | None, typer.Option(metavar="SECONDS", help="Between two looks into the queue; KAM_POLL."),
                    ] = None,
    once: Annotated[bool, typer.Option("--once", help="End when the queue is empty.")] = False,
    page_rows: Annotated[int | None, typer.Option(help="Rows in a page that is pulled; KAM_PAGE_ROWS.")] = None,
    batch_rows: Annotated[int | None, typer.Option(help="Rows in a batch that is sent; KAM_BATCH_ROWS.")] = None,
    metrics_file: Annotated[Path | None, typer.Option(help="OpenMetrics file to write; KAM_METRICS_FILE.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object on standard output for each run.")] = False,
) -> None:
    """Serve what people ask for in Odoo (“Refresh now”), and a schedule, until stopped."""

    def work(settings: Settings) -> int:
        return _watch(settings, once, as_json)

    _execute(work, as_json, config_file, url=url, database=database, login=login, transport=transport,
             timeout=timeout, log_level=log_level, company=company, schedule=schedule, every=every, timezone=timezone,
             poll=poll, page_rows=page_rows, batch_rows=batch_rows, metrics_file=metrics_file)


@app.command("status")
def status_command(
    config_file: Config = None, url: Url = None, database: Database = None, login: Login = None,
    transport: Protocol = None, timeout: Timeout = None, log_level: Level = None, company: Company = None,
    as_json: Json = False,
) -> None:
    """Say how fresh the scores are, and who is refreshing them."""

    def work(settings: Settings) -> int:
        from sync_worker.jobs.status import status

        with _connected(settings) as sync:
            states = status(sync, settings.company)
        if as_json:
            _print_json({"companies": [
                {"name": state.company.name, **state.status.model_dump(mode="json", exclude_none=True)}
                for state in states]})
        else:
            from sync_worker.printing import console, print_status

            print_status(console(), states)
        return errors.DONE

    _execute(work, as_json, config_file, url=url, database=database, login=login, transport=transport,
             timeout=timeout, log_level=log_level, company=company)


@app.command("explain")
def explain_command(
    account: Annotated[str, typer.Argument(help="Id or name of the account.")],
    config_file: Config = None, url: Url = None, database: Database = None, login: Login = None,
    transport: Protocol = None, timeout: Timeout = None, log_level: Level = None, company: Company = None,
    lang: Annotated[str | None, typer.Option(help="Language of the sentences, such as es_ES; KAM_LANG.")] = None,
    as_json: Json = False,
) -> None:
    """Say why an account's scores are what they are, and why they moved."""

    def work(settings: Settings) -> int:
        from sync_worker.jobs.explain import explain

        with _connected(settings) as sync:
            found = explain(sync, account, settings.company)
        if as_json:
            _print_json(found.model_dump(mode="json", exclude_none=True))
        else:
            from sync_worker.printing import console, print_explain

            print_explain(console(), found)
        return errors.DONE

    _execute(work, as_json, config_file, url=url, database=database, login=login, transport=transport,
             timeout=timeout, log_level=log_level, company=company, lang=lang)


@app.callback(invoke_without_command=True)
def version_option(
    version: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
) -> None:
    """Keeps the scores of key accounts in Odoo true."""
    if version:
        typer.echo(f"kam-sync {__version__}")
        raise typer.Exit


def main() -> None:
    """The entry point of the console script."""
    app()


def _run(settings: Settings, options: RunOptions, as_json: bool) -> int:
    from sync_worker import machine, metrics, printing
    from sync_worker.jobs.progress import Silent
    from sync_worker.jobs.run import run
    from sync_worker.terminal import BarProgress, LineProgress

    shown = printing.console(stderr=True)
    report, code = None, errors.FAILED
    try:
        with _connected(settings) as sync:
            if as_json and not shown.is_terminal:
                report = run(sync, options, Silent())
            else:
                with BarProgress(shown) if shown.is_terminal else LineProgress(printing.console()) as progress:
                    report = run(sync, options, progress)
        code = report.exit_code
    except (errors.KamError, errors.Interrupted) as error:
        code = error.exit_code
        raise
    finally:
        if settings.metrics_file and options.account is None:
            metrics.write(settings.metrics_file, report, code)
    if as_json:
        _print_json(machine.run_values(report))
    else:
        printing.print_run(printing.console(), report)
    return code


def _watch(settings: Settings, once: bool, as_json: bool) -> int:
    from sync_worker import machine, metrics
    from sync_worker.jobs.run import RunOptions
    from sync_worker.jobs.schedule import Schedule
    from sync_worker.jobs.watch import WatchOptions, watch

    kept = metrics.WatchMetrics(settings.metrics_file) if settings.metrics_file else None

    def report(done: RunReport) -> None:
        if kept:
            kept.add(done)
        if as_json:
            _print_json(machine.run_values(done))

    options = WatchOptions(
        RunOptions(settings.company, page_rows=settings.page_rows, batch_rows=settings.batch_rows),
        Schedule(settings.schedule, settings.every, settings.timezone), settings.poll, once)
    with _connected(settings) as sync:
        return watch(sync, options, report)


@contextmanager
def _connected(settings: Settings) -> Iterator[Any]:
    from sync_worker.jobs.client import KamSync
    from sync_worker.rpc.connect import connect

    transport = connect(settings)
    try:
        yield KamSync(transport, settings.lang)
    finally:
        transport.close()


def _execute(work: Callable[[Settings], int], as_json: bool, config_file: Path | None, **options: Any) -> None:
    """Load the settings, do the work, and turn whatever happens into one sentence and an exit code."""
    log.configure(options.get("log_level") if options.get("log_level") in ("debug", "error") else "info")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    try:
        settings = config.load(config_file, **options)
        log.configure(settings.log_level, [settings.secret()])
        code = work(settings)
    except (errors.KamError, errors.Interrupted) as error:
        code = error.exit_code
        _complain(str(error), error.code, as_json)
    except Exception as error:
        code = errors.FAILED
        logger.debug("unexpected", exc_info=True)
        _complain(f"A defect of this program: {type(error).__name__}: {error}. With --log-level debug it says where; "
                  "please report it.", "defect", as_json)
    raise typer.Exit(code)


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Stop what the main thread does; what it is importing just now comes to its end first.

    An import that is cut short keeps its locks: pandas, loaded beside it, would wait for them for ever, and so would
    whoever waits for pandas.
    """
    if not _is_importing(frame):
        raise errors.Interrupted(f"Stopped by {signal.Signals(number).name}.")
    again = threading.Timer(IMPORT_PAUSE, signal.pthread_kill, (threading.main_thread().ident, number))
    again.daemon = True
    again.start()


def _is_importing(frame: FrameType | None) -> bool:
    while frame and not frame.f_code.co_filename.startswith("<frozen importlib"):
        frame = frame.f_back
    return frame is not None


def _complain(message: str, code: str, as_json: bool) -> None:
    message = str(redaction.clean(message))
    if as_json:
        _print_json({"state": "failed", "error": code, "message": message})
    typer.echo(f"kam-sync: {message}", err=True)


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise typer.BadParameter("a day is written YYYY-MM-DD, such as 2026-11-30", param_hint="--as-of") from None


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, default=str))


if __name__ == "__main__":
    main()
