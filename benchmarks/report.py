"""What was measured, as tables: on the terminal, and in docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generate import Size
from kamdev.settings import ROOT
from postgres_alone import WALLET
from product import PHASES, Run
from rich.console import Console
from rich.table import Table

DOCUMENT = ROOT / "docs" / "benchmarks.md"
# A part that each run replaces: one for each size.
START, END = "<!-- results {key} -->", "<!-- end {key} -->"
Row = tuple[str, str, str]
# Seconds that a refresh may take, by customers and documents.
GOALS = {(10_000, 400_000): 5.0, (100_000, 2_000_000): 15.0}
LARGE = 100_000


@dataclass(frozen=True)
class Wallet:
    """So many categories of plans, and the seconds of preparing and pulling with these plans and without any."""

    categories: int
    reading: float
    reading_without: float


@dataclass(frozen=True)
class Relations:
    """Runs with so many answers and people, and the seconds that PostgreSQL alone takes to read these."""

    answers: int
    people: int
    first: Run
    second: Run
    postgres: float


@dataclass(frozen=True)
class Measured:
    """Everything that one run of the benchmark found."""

    size: Size
    first: Run
    second: Run
    postgres: dict[str, float]
    plain: dict[str, Any] | None
    wallet: Wallet | None
    machine: str
    workers: int
    load: float
    relations: Relations | None = None

    @property
    def reading(self) -> float:
        """Seconds of PostgreSQL alone for the statements of prepare."""
        return sum(self.postgres.values())

    @property
    def reading_wallet(self) -> float:
        """Of these, the seconds of the wallet's statement."""
        return sum(seconds for table, seconds in self.postgres.items() if table.endswith(WALLET))


def machine(postgres: str, odoo: str) -> str:
    """The facts without which seconds say nothing."""
    model = next((line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                  if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (f"{os.cpu_count()} cores ({model}), {memory:.0f} GB, Python {platform.python_version()}, "
            f"Odoo {odoo}, PostgreSQL {postgres}")


def rows(found: Measured) -> list[Row]:
    """The table: what, seconds, and how it compares."""
    first, second = found.first, found.second
    result: list[Row] = [
        ("**kam-sync run**, first", seconds(first.seconds), "1"),
        ("**kam-sync run**, second, nothing changed", seconds(second.seconds), times(second.seconds, first.seconds)),
    ]
    for phase in PHASES:
        result.append((f"— {phase}, first / second",
                       f"{seconds(first.phases[phase])} / {seconds(second.phases[phase])}", ""))
    rest = [run.seconds - sum(run.phases.values()) for run in (first, second)]
    result.append(("— starting, logging in, begin", f"{seconds(rest[0])} / {seconds(rest[1])}", ""))
    result.append(("**PostgreSQL alone**, the statements of prepare", seconds(found.reading), "1"))
    result.append(("prepare + pull, first / second", f"{seconds(first.reading)} / {seconds(second.reading)}",
                   f"{first.reading / found.reading:.1f} × / {second.reading / found.reading:.1f} × PostgreSQL"))
    if found.wallet:
        wallet, others = found.wallet, found.reading - found.reading_wallet
        result += [
            (f"**wallet**: prepare + pull with the {wallet.categories:,} categories of plans / without",
             f"{seconds(wallet.reading)} / {seconds(wallet.reading_without)}",
             times(wallet.reading, wallet.reading_without)),
            ("— PostgreSQL alone, its statement / the others", f"{seconds(found.reading_wallet)} / {seconds(others)}",
             times(found.reading_wallet, others)),
        ]
    if found.relations:
        result += relation_rows(found.relations, found)
    if found.plain:
        mark = ", extrapolated" if found.plain["extrapolated"] else ""
        result.append((f"**plain odoorpc script**{mark}", seconds(found.plain["seconds"]),
                       times(found.plain["seconds"], first.seconds)))
        for part in found.plain["parts"]:
            done = "" if part["rows"] == part["total"] else f" ({part['rows']:,} of {part['total']:,} done)"
            result.append((f"— {part['name']}{done}", seconds(part["whole"]), ""))
    cpu = f"{seconds(first.cpu)} / {seconds(second.cpu)}"
    result.append(("processor time of the worker, first / second", cpu, ""))
    result.append(("memory of the worker, at most", f"{max(first.memory, second.memory):.0f} MB", ""))
    return result


def relation_rows(rolled: Relations, found: Measured) -> list[Row]:
    """The runs with answers and people, beside those without."""
    name = f"**satisfaction and relationship**: with {rolled.answers:,} answers and {rolled.people:,} people"
    result: list[Row] = [
        (f"{name}, first / second", f"{seconds(rolled.first.seconds)} / {seconds(rolled.second.seconds)}",
         f"{times(rolled.first.seconds, found.first.seconds)} / {times(rolled.second.seconds, found.second.seconds)}")]
    for phase in PHASES:
        result.append((f"— {phase}, first / second",
                       f"{seconds(rolled.first.phases[phase])} / {seconds(rolled.second.phases[phase])}", ""))
    more = [run.reading - plain.reading for run, plain in (
        (rolled.first, found.first), (rolled.second, found.second))]
    result.append(("— PostgreSQL alone, the statements of answers and people", seconds(rolled.postgres), "1"))
    result.append(("— prepare + pull beyond those without, first / second", f"{seconds(more[0])} / {seconds(more[1])}",
                   f"{more[0] / rolled.postgres:.1f} × / {more[1] / rolled.postgres:.1f} × PostgreSQL"))
    result.append(("— memory of the worker, at most",
                   f"{max(rolled.first.memory, rolled.second.memory):.0f} MB", ""))
    return result


def title(found: Measured) -> str:
    size = found.size
    invoices = f" + {size.invoices:,} invoices" if size.invoices else ""
    lines = f" of {size.lines} lines" if size.lines else ""
    return (f"{size.customers:,} customers, {size.orders:,} orders{lines} + {size.opportunities:,} opportunities"
            f"{invoices}")


def show(console: Console, found: Measured) -> None:
    """Print the table."""
    draw(console, title(found), f"{found.machine}; load when it began: {found.load:.1f}", rows(found))


def draw(console: Console, heading: str, caption: str, lines: Sequence[Row]) -> None:
    """Print a table of results."""
    table = Table(title=heading, caption=caption)
    for name, justify in (("", "left"), ("seconds", "right"), ("ratio", "right")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for row in lines:
        table.add_row(*(cell.replace("**", "") for cell in row))
    console.print(table)


def record(found: Measured, document: Path = DOCUMENT) -> None:
    """Put the table into the document, in the place of the last one of that size."""
    size = found.size
    key = "-".join(map(str, (size.customers, size.orders, size.opportunities, size.invoices)))
    server = "threaded server" if not found.workers else f"{found.workers} worker processes"
    keep(key, title(found), f"{size.as_of}, {found.machine}, {server}; load of the machine when it began: "
                            f"{found.load:.1f}.", rows(found), document)


def keep(key: str, heading: str, facts: str, lines: Sequence[Row], document: Path = DOCUMENT) -> None:
    """Put a table into the document, in the place of the last one with that key, else at its end."""
    start, end = START.format(key=key), END.format(key=key)
    section = "\n".join([start, f"### {heading}", "", facts, "", "| | seconds | ratio |", "|---|---:|---:|",
                         *(f"| {' | '.join(row)} |" for row in lines), end])
    text = document.read_text(encoding="utf-8")
    pattern = re.compile(re.escape(start) + ".*?" + re.escape(end), re.DOTALL)
    text = pattern.sub(lambda _match: section, text) if pattern.search(text) else f"{text.rstrip()}\n\n{section}\n"
    document.write_text(text, encoding="utf-8")


def promises(found: Measured) -> Sequence[tuple[str, bool]]:
    """What the product promises at the two sizes that it names, and whether this run kept it."""
    size, slowest = found.size, max(found.first.seconds, found.second.seconds)
    runs = [found.first, found.second]
    if found.relations:
        runs += [found.relations.first, found.relations.second]
    memory = max(run.memory for run in runs)
    kept = [(f"the worker stays under 600 MB: {memory:.0f}", memory < 600)]
    goal = GOALS.get((size.customers, size.documents))
    if goal:
        kept.append((f"a refresh takes at most {goal:.0f} s: {slowest:.1f}", slowest <= goal))
    if size.customers >= LARGE:
        # Below that, what every run costs (starting, logging in, a dozen calls) outweighs what is compared.
        worst = max(found.first.reading, found.second.reading) / found.reading
        kept.append((f"prepare and pull take at most 2.5 times PostgreSQL alone: {worst:.1f}", worst <= 2.5))
        if found.plain:
            ratio = found.plain["seconds"] / slowest
            kept.append((f"at least 50 times as fast as the plain script: {ratio:.0f}", ratio >= 50))
    return kept


def seconds(value: float) -> str:
    return f"{value:,.2f}" if value < 100 else f"{value:,.0f}"


def times(value: float, unit: float) -> str:
    ratio = value / unit
    return f"{ratio:.2f} ×" if ratio < 10 else f"{ratio:,.0f} ×"
