"""Reports as tables for people. What is unknown is printed as “–” or “unknown”, never as 0.

Names come from a database: they are printed as text, never read as markup, and lose control characters, which could
otherwise rewrite the terminal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from sync_worker.jobs.answers import Explain, Results, Status
from sync_worker.jobs.check import CheckReport
from sync_worker.jobs.run import CompanyRun, RunReport
from sync_worker.jobs.status import CompanyStatus

UNKNOWN = "–"
NARROWEST = 100  # columns, where there is no terminal to ask
FIGURES = {"rank", "revenue", "share", "class", "attr.", "pos.", "will.", "quadrant", "health", "weight", "score",
           "contribution", "accounts", "number", "line"}
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]+")


def console(stderr: bool = False) -> Console:
    """A console that does not squeeze tables where there is no terminal."""
    made = Console(stderr=stderr, highlight=False)
    if not made.is_terminal:
        made = Console(stderr=stderr, highlight=False, width=max(made.width, NARROWEST))
    return made


def text(value: object) -> Text:
    """Text that nothing is read into."""
    return Text(UNKNOWN if value is None or value == "" else CONTROL.sub(" ", str(value)))


def number(value: Any, digits: int = 1) -> str:
    """A number with thousands separated, or unknown.

    >>> number(1234567.891, 2), number(None), number(62.0)
    ('1,234,567.89', '–', '62')
    """
    if value is None or isinstance(value, bool) or not isinstance(value, int | float):
        return UNKNOWN
    written = f"{value:,.{digits}f}"
    return written.removesuffix("." + "0" * digits) if digits == 1 else written


def percent(value: Any) -> str:
    """A share of 0..1 in percent, or unknown.

    >>> percent(0.256), percent(None)
    ('25.6%', '–')
    """
    return UNKNOWN if not isinstance(value, int | float) else f"{100 * value:.1f}%"


def print_run(out: Console, report: RunReport) -> None:
    """Everything about a run: what it did, what moved, what is largest."""
    for done in report.companies:
        heading = done.company.name + (" (dry run: nothing was written)" if report.dry_run else "")
        out.print(Text.assemble((text(heading).plain, "bold")))
        if done.error or not done.results:
            out.print(Text("failed: ", style="red") + text(done.error))
            continue
        _print_counts(out, done, done.results)
        _print_movers(out, done.results)
        _print_top(out, done.results.top)
        _print_refusals(out, done.results)


def _print_counts(out: Console, done: CompanyRun, results: Results) -> None:
    table = _table("", "", headers=False)
    for label, value in (
        ("run", f"{results.run}, {_state(results)}, as of {results.as_of}"), ("accounts", f"{results.accounts:,}"),
        ("sources", f"{results.sources:,}"),
        ("changed rows", f"{results.changed:,} ({results.inserted:,} new, {results.updated:,} updated, "
                         f"{results.removed:,} removed; {results.unchanged:,} unchanged)"),
        ("refused rows", f"{results.refused:,}"),
        ("alerts", f"{results.alerts_opened:,} opened, {results.alerts_closed:,} closed"),
        ("seconds", f"{done.seconds:.2f} (" + ", ".join(f"{k} {v:.2f}" for k, v in done.phases.items()) + ")"),
    ):
        table.add_row(label, text(value))
    out.print(table)


def _state(results: Results) -> str:
    return "dry run" if results.dry_run else results.state


def _print_movers(out: Console, results: Results) -> None:
    if not results.movers:
        out.print("These are the first scores." if results.inserted else "No account moved.")
        return
    table = _table("moved most", "rank", "revenue", "attr.", "pos.", "health")
    for row in results.movers:
        table.add_row(text(row.get("name")), _change(row, "rank", 0), _change(row, "revenue", 0),
                      _change(row, "attractiveness"), _change(row, "position"), _change(row, "health"))
    out.print(table)


def _change(row: Mapping[str, Any], key: str, digits: int = 1) -> str:
    before, after = number(row.get(f"{key}_before"), digits), number(row.get(key), digits)
    return after if before == after else f"{before} → {after}"


def _print_top(out: Console, top: Sequence[Mapping[str, Any]]) -> None:
    if not top:
        return
    table = _table("largest", "rank", "revenue", "share", "class", "attr.", "pos.", "will.", "quadrant",
                   "health")
    for row in top:
        table.add_row(
            text(row.get("name")), number(row.get("rank"), 0), number(row.get("revenue"), 0), percent(row.get("share")),
            text(row.get("pareto_class")), number(row.get("attractiveness")), number(row.get("position")),
            number(row.get("willingness")), text(row.get("quadrant")),
            text(f"{number(row.get('health'))} {row.get('health_band') or ''}".strip()))
    out.print(table)


def _print_refusals(out: Console, results: Results) -> None:
    if not results.refusals:
        return
    table = _table("refused", "line", "account", "reason")
    for row in results.refusals:
        table.add_row(text(row.table), text(row.line), text(row.reference), text(row.reason))
    out.print(table)


def print_check(out: Console, report: CheckReport) -> None:
    """What `check` found."""
    met = report.handshake
    table = _table("", "", headers=False)
    for label, value in (
        ("server", f"{report.server.url}, Odoo {met.odoo}, {report.server.transport}"), ("database", met.database),
        ("addon", f"{met.addon}, contract {met.protocol}"), ("worker", f"{report.worker}, contract {report.protocol}"),
        ("answer in", f"{1000 * report.seconds:.0f} ms"), ("server time", f"{met.server_time} UTC"),
        ("API key", "no expiry known" if met.key_days is None else f"expires in {met.key_days} days"),
    ):
        table.add_row(label, text(value))
    out.print(table)
    companies = _table("company", "number", "currency", "time zone", "published")
    for one in report.companies:
        companies.add_row(text(one.name), str(one.id), text(one.currency), text(one.tz), text(one.published))
    out.print(companies)
    for sentence in met.missing_rights:
        out.print(Text("missing: ", style="red") + text(sentence))
    for sentence in report.warnings:
        out.print(Text("warning: ", style="yellow") + text(sentence))
    if not met.missing_rights:
        out.print("Ready to run.")


def print_status(out: Console, states: Iterable[CompanyStatus]) -> None:
    """How fresh each company's scores are."""
    table = _table("company", "published", "as of", "accounts", "fresh", "last run", "lease")
    for state in states:
        status, published = state.status, state.status.published
        table.add_row(
            text(state.company.name), f"run {published.run}" if published else "never",
            text(published.as_of if published else None), number(published.accounts if published else None, 0),
            "stale" if status.stale else "yes",
            text(f"{status.last.run}, {_state(status.last)}" if status.last else None), text(_lease(status)))
    out.print(table)


def _lease(status: Status) -> str:
    if not status.lease:
        return "free"
    holder = status.lease.get("owner") or status.lease.get("holder") or "somebody"
    over = "expired" if status.lease.get("expired") else "until"
    return f"{holder}, {over} {status.lease.get('expires', UNKNOWN)} UTC"


def print_explain(out: Console, found: Explain) -> None:
    """Scores of one account with each of their parts, and what moved them."""
    heading = f"{found.account.get('name')} ({found.account.get('id')})"
    since = f"as of {found.as_of or 'unknown'}, run {found.run or 'unknown'}"
    out.print(Text.assemble((text(heading).plain, "bold"), ", ", since))
    figures = found.scores
    out.print(text(f"revenue {number(figures.get('revenue'), 2)}, rank {number(figures.get('rank'), 0)}, share "
                   f"{percent(figures.get('share'))}, class {figures.get('pareto_class') or UNKNOWN}, quadrant "
                   f"{figures.get('quadrant') or ('unknown' if found.is_compared else 'not assessed')}"))
    if not found.is_compared:
        out.print("Not assessed: this account is outside the comparison set.")
    for dimension in found.dimensions:
        _print_dimension(out, dimension)
    for note in (found.model_extra or {}).get("notes", ()):
        out.print(text(note))
    for change in found.movement or ():
        out.print(text(change.get("sentence")))
        for row in change.get("rows", ()):
            out.print(text(f"  {row.get('change', 0):+.1f}  {row.get('label')}"))


def _print_dimension(out: Console, dimension: Mapping[str, Any]) -> None:
    score = dimension.get("score")
    shown = number(score) if isinstance(score, int | float) and not isinstance(score, bool) else "unknown"
    table = _table(f"{dimension.get('label')}: {shown}", "weight", "score", "contribution", "from")
    for row in dimension.get("rows", ()):
        table.add_row(text(row.get("label")), _weight(row), number(row.get("score")),
                      number(row.get("contribution")), text(row.get("text")))
    out.print(table)
    out.print(text(dimension.get("sentence")))


def _weight(row: Mapping[str, Any]) -> str:
    return f"{row['weight']:.0f}%" if isinstance(row.get("weight"), int | float) else ""


def _table(first: str, *others: str, headers: bool = True) -> Table:
    table = Table(show_header=headers, box=None, padding=(0, 1, 0, 0), pad_edge=False, title_justify="left")
    table.add_column(text(first) if first else "", overflow="fold")
    for name in others:
        right = name in FIGURES - {"class", "quadrant", "health"}
        # where a terminal is narrow, names and sentences are broken into lines, figures never
        table.add_column(name, justify="right" if right else "left", overflow="fold", no_wrap=name in FIGURES)
    return table
