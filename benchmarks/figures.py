"""How long values of KPIs take to be staged and published, in a database of their own.

Run it as `benchmarks/run figures`. The rows are made up; each door is the one that the worker goes through.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, cast

from lab import Lab

IN_ODOO = Path(__file__).parent / "in_odoo"
LIMIT = 3.0
"""Seconds for all the values of 25 accounts, 40 KPIs and 24 months."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/run figures", description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=25, help="default: %(default)s")
    parser.add_argument("--kpis", type=int, default=40, help="default: %(default)s")
    parser.add_argument("--months", type=int, default=24, help="default: %(default)s")
    parser.add_argument("--strict", action="store_true", help=f"end with 1 when it takes {LIMIT:g} s or more")
    return parser.parse_args()


def measure(lab: Lab, accounts: int, kpis: int, months: int) -> dict[str, dict[str, float]]:
    """Seconds of each step and counts of rows, for rows that are new, that all changed, and that did not change."""
    return cast(dict[str, Any], lab.script(
        IN_ODOO / "figures.py", lab.database(), accounts=accounts, kpis=kpis, months=months, as_of="2026-11-20"))


def main() -> int:
    options = arguments()
    with Lab() as lab:
        found = measure(lab, options.accounts, options.kpis, options.months)
    print(f"{options.accounts * options.kpis * options.months:,} values of {options.accounts} accounts, "
          f"{options.kpis} KPIs and {options.months} months:")
    for what, row in found.items():
        counts = ", ".join(f"{int(row[name]):,} {name}" for name in ("inserted", "updated", "unchanged", "refused"))
        print(f"{what}: stage {row['stage']:.2f} s, publish {row['publish']:.2f} s ({counts})")
    slowest = max(row["stage"] + row["publish"] for row in found.values())
    return int(options.strict and slowest >= LIMIT)


if __name__ == "__main__":
    sys.exit(main())
