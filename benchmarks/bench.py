"""The benchmark: the product, a plain odoorpc script and PostgreSQL alone, on the same data, in one run.

Run it as `benchmarks/run` or `make bench`. It makes a scratch database, fills it, starts Odoo, measures, prints the
table with its ratios, keeps it in docs/benchmarks.md and drops the database.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import generate
import postgres_alone
import product
import relations
import report
import wallets
from lab import Lab, LabError, Server
from rich.console import Console

HERE = Path(__file__).parent


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/run", description=__doc__.splitlines()[0])
    parser.add_argument("--customers", type=int, default=10_000, help="1 to 1,000,000 (default: %(default)s)")
    parser.add_argument("--orders", type=int, default=200_000, help="default: %(default)s")
    parser.add_argument("--opportunities", type=int, default=200_000, help="default: %(default)s")
    parser.add_argument("--invoices", type=int, default=0, help="default: %(default)s; revenue is then read from them")
    parser.add_argument("--lines", type=int, default=2,
                        help="of each order, for the wallets; 0 leaves lines and plans out (default: %(default)s)")
    parser.add_argument("--people", type=int, default=5,
                        help="stakeholders with contacts of each customer, measured last; 0 leaves people and answers "
                             "out (default: %(default)s)")
    parser.add_argument("--answers", type=int, default=2,
                        help="on satisfaction, of each customer (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other data (default: %(default)s)")
    parser.add_argument("--workers", type=int, default=0, help="processes of Odoo; 0 is its threaded server (default)")
    parser.add_argument("--budget", type=float, default=20,
                        help="seconds that each part of the plain script may take before the rest is extrapolated; "
                             "0 leaves the script out (default: %(default)s)")
    parser.add_argument("--no-record", action="store_true", help="leave docs/benchmarks.md as it is")
    parser.add_argument("--strict", action="store_true", help="end with 1 when a promise of the product is broken")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    console = Console()
    try:
        size = generate.Size(options.customers, options.orders, options.opportunities, options.invoices, options.seed,
                             options.lines, people=options.people, answers=options.answers)
        with Lab() as lab:
            found = measure(lab, size, options, console)
    except (LabError, ValueError) as problem:
        console.print(str(problem), style="red", markup=False)
        return 1
    report.show(console, found)
    if not options.no_record:
        report.record(found)
        console.print(f"Kept in {report.DOCUMENT.relative_to(report.ROOT)}.", highlight=False)
    promises = report.promises(found)
    for sentence, kept in promises:
        console.print(("kept    " if kept else "broken  ") + sentence, style="green" if kept else "red")
    return int(options.strict and not all(kept for _sentence, kept in promises))


def measure(lab: Lab, size: generate.Size, options: argparse.Namespace, console: Console) -> report.Measured:
    """Make the data and take every figure, the product's first."""
    told = Teller(console)
    database = lab.database(generate.MODULES)
    told("database")
    ids = generate.fill(lab, database, size)
    wallets.fill(lab, database, size, ids)
    told("data")
    login, key = lab.service_user(database)
    statements = postgres_alone.captured(lab, database, login, key, size.as_of)
    server = lab.server(database, workers=options.workers)
    environment = lab.environment(server, login, key)
    # Odoo loads its registry at the first call; that belongs to no run.
    subprocess.run([product.KAM_SYNC, "check"], env=environment, check=True, capture_output=True)
    told("server")
    load = os.getloadavg()[0]
    # By turns, so that both meet the same machine; the quickest counts for PostgreSQL, which is what we are held to.
    alone = [postgres_alone.seconds(database, statements)]
    first = product.run(environment, size.as_of)
    alone.append(postgres_alone.seconds(database, statements))
    second = product.run(environment, size.as_of)
    alone.append(postgres_alone.seconds(database, statements))
    if second.answer["changed"]:
        raise LabError(f"The second run changed {second.answer['changed']} rows of unchanged data.")
    told("product and PostgreSQL alone")
    wallet = None
    if size.lines and not size.invoices:  # where there are invoices, the wallet reads theirs, which have no lines here
        wallet = measure_wallet(lab, database, environment, size)
        told("wallet")
    plain = None
    if options.budget:
        plain = run_plain(server, size.as_of, options.budget, first.answer["accounts"])
        told("plain script")
    rolled = None
    if size.people and size.answers:
        server.stop()
        relations.fill(lab, database, size, ids)
        told("people and answers")
        rolled = measure_relations(lab, database, (login, key), size, options.workers)
        told("satisfaction and relationship")
    postgres = lab.sql(database, "SHOW server_version")[0][0]
    odoo = lab.sql(database, "SELECT latest_version FROM ir_module_module WHERE name = 'base'")[0][0]
    machine = report.machine(postgres, odoo)
    return report.Measured(size, first, second, quickest(alone), plain, wallet, machine, options.workers, load,
                           rolled)


def measure_wallet(lab: Lab, database: str, environment: dict[str, str], size: generate.Size) -> report.Wallet:
    """What the wallets cost: dry runs with the plans and, by turns, with all of them closed; the quickest counts."""
    categories = wallets.check(lab, database, size)
    reading: dict[str, list[float]] = {"active": [], "closed": []}
    for state in ("active", "closed") * 2:
        lab.sql(database, f"UPDATE kam_plan SET state = '{state}'")
        reading[state].append(product.run(environment, size.as_of, "--dry-run").reading)
    lab.sql(database, "UPDATE kam_plan SET state = 'active'")
    return report.Wallet(categories, min(reading["active"]), min(reading["closed"]))


def measure_relations(lab: Lab, database: str, user: tuple[str, str], size: generate.Size,
                      workers: int) -> report.Relations:
    """The same runs with people and answers over all customers, and what PostgreSQL alone takes to read these."""
    statements = postgres_alone.captured(lab, database, *user, size.as_of)
    server = lab.server(database, workers=workers)
    environment = lab.environment(server, *user)
    subprocess.run([product.KAM_SYNC, "check"], env=environment, check=True, capture_output=True)
    alone = [postgres_alone.seconds(database, statements)]
    first = product.run(environment, size.as_of)
    alone.append(postgres_alone.seconds(database, statements))
    second = product.run(environment, size.as_of)
    relations.check(lab, database, size)
    changed = {table: counts for table, counts in second.answer.get("rollups", {}).items()
               if counts["inserted"] + counts["updated"] + counts["removed"]}
    if changed:
        raise LabError(f"The second run changed rows of unchanged people and answers: {changed}.")
    reading = sum(seconds for table, seconds in quickest(alone).items()
                  if table.endswith(postgres_alone.RELATIONS))
    return report.Relations(relations.number_of(size, "answers"), relations.number_of(size, "people"), first, second,
                            reading)


def quickest(times: list[dict[str, float]]) -> dict[str, float]:
    """The shortest time of each statement."""
    return {table: min(time[table] for time in times) for table in times[0]}


def run_plain(server: Server, as_of: dt.date, budget: float, accounts: int) -> dict[str, Any]:
    """The plain script, in a process of its own, as Odoo's administrator."""
    done = subprocess.run(
        [sys.executable, HERE / "plain_odoorpc.py", server.url, server.database, "admin", "admin", "--as-of",
         str(as_of), "--budget", str(budget), "--accounts", str(accounts)], capture_output=True, text=True)
    if done.returncode:
        raise LabError(f"The plain script ended with {done.returncode}:\n{done.stderr}")
    return json.loads(done.stdout)


class Teller:
    """Says what is done and how long it took."""

    def __init__(self, console: Console) -> None:
        self.console, self.since = console, time.monotonic()

    def __call__(self, what: str) -> None:
        now = time.monotonic()
        self.console.print(f"{what}: {now - self.since:.1f} s", style="dim")
        self.since = now


if __name__ == "__main__":
    sys.exit(main())
