"""How long the worker takes to roll up satisfaction and relationships, without Odoo: frames are made up and scored.

Run it as `benchmarks/run rollups`. Nothing of it is kept; the whole way, with Odoo, is in the other benchmark.
"""

from __future__ import annotations

import argparse
import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from sync_worker.frames import Pull, Settings, write_table
from sync_worker.scoring.rollups import Rollups, roll_ups

AS_OF = dt.date(2026, 11, 20)
MEMBERS = 100
"""So many accounts are compared, and told in full."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/run rollups", description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=100_000, help="default: %(default)s")
    parser.add_argument("--answers", type=int, default=200_000, help="default: %(default)s")
    parser.add_argument("--people", type=int, default=500_000, help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other data (default: %(default)s)")
    return parser.parse_args()


def frames(accounts: int, answers: int, people: int, seed: int = 1) -> dict[str, pd.DataFrame]:
    """The sections of a company of that size; every person is at one account, two thirds of the answers are theirs."""
    dice = np.random.default_rng(seed)
    account = pd.DataFrame(
        {"account_id": np.arange(1, accounts + 1), "is_key": 0, "is_candidate": 0, "is_active": 1, "manager_id": np.nan,
         "tier_id": dice.integers(1, 5, accounts), "is_confidential": 0})
    person = pd.DataFrame(
        {"account_id": dice.integers(1, accounts + 1, people), "stakeholder_id": np.arange(1, people + 1),
         "function_id": _some(dice, dice.integers(1, 9, people), 0.9), "power": _words(dice, people),
         "cadence_days": dice.choice([30, 60, 90], people), "current": dice.integers(0, 5, people),
         "target": _some(dice, dice.integers(1, 5, people), 0.7), "last_contact": _days(dice, people, 0.6),
         "contact_days": dice.integers(0, 8, people), "is_two_way": dice.integers(0, 2, people)})
    who = dice.integers(0, people, answers)
    kind = dice.choice(["nps", "csat", "ces", "moment"], answers)
    low = pd.Series(kind).map({"nps": 0, "csat": 1, "ces": 1, "moment": 0}).to_numpy()
    high = pd.Series(kind).map({"nps": 10, "csat": 5, "ces": 7, "moment": 1}).to_numpy()
    named = dice.random(answers) < 2 / 3
    answer = pd.DataFrame(
        {"account_id": person["account_id"].to_numpy()[who], "answer_id": np.arange(1, answers + 1),
         "person": np.where(named, who + 1.0, np.nan), "is_named": named.astype(int),
         "power": np.where(named, person["power"].to_numpy()[who], None), "kind": kind,
         "value": dice.integers(low, high + 1), "scale_min": low, "scale_max": high, "low_is_good": 0,
         "date": _days(dice, answers, 1.0, 720), "touchpoint_id": _some(dice, dice.integers(1, 7, answers), 0.8)})
    asked = pd.DataFrame({"account_id": answer["account_id"], "person": answer["person"]}).drop_duplicates()
    request = asked.assign(is_named=asked["person"].notna().astype(int), asked=2, answered=1)
    seat = pd.DataFrame({"account_id": np.repeat(account["account_id"].to_numpy()[:100], 3),
                         "role_id": np.tile([1, 2, 3], min(accounts, 100)), "people": 1})
    thread = pd.DataFrame({"account_id": account["account_id"], "colleagues": dice.integers(0, 4, accounts)})
    return {"account": account, "answer": answer, "request": request, "person": person, "seat": seat, "thread": thread}


def _some(dice: np.random.Generator, values: np.ndarray, share: float) -> np.ndarray:
    return np.where(dice.random(len(values)) < share, values.astype(float), np.nan)


def _words(dice: np.random.Generator, count: int) -> np.ndarray:
    return np.array(["low", "medium", "high", None], dtype=object)[dice.integers(0, 4, count)]


def _days(dice: np.random.Generator, count: int, share: float, back: int = 400) -> np.ndarray:
    days = np.datetime64(AS_OF, "s") - dice.integers(0, back, count).astype("timedelta64[D]")
    return np.where(dice.random(count) < share, days, np.datetime64("NaT", "s"))


def measure(sections: dict[str, pd.DataFrame]) -> tuple[dict[str, tuple[float, float]], Rollups]:
    """Seconds of each step, by the clock and of the processor, and what was rolled up."""
    spent: dict[str, tuple[float, float]] = {}
    pages = {name: [frame] for name, frame in sections.items()}
    pull = _timed(spent, "check what was pulled", lambda: Pull.from_pages(pages))
    members = pd.Index(pull.account["account_id"][:MEMBERS])
    found = _timed(spent, "roll up", lambda: roll_ups(pull, members, Settings(), AS_OF))
    tables = {name: getattr(found, name) for name in ("satisfaction", "person", "relationship")}
    _timed(spent, "write", lambda: [write_table(name, table) for name, table in tables.items()])
    return spent, found


def _timed(spent: dict[str, tuple[float, float]], what: str, work: Callable[[], Any]) -> Any:
    begun, busy = time.perf_counter(), time.process_time()
    done = work()
    spent[what] = time.perf_counter() - begun, time.process_time() - busy
    return done


def main() -> None:
    options = arguments()
    spent, found = measure(frames(options.accounts, options.answers, options.people, options.seed))
    print(f"{options.answers:,} answers and {options.people:,} people over {options.accounts:,} accounts: "
          f"{len(found.satisfaction):,} rows of satisfaction, {len(found.relationship):,} of relationships.")
    for what, (seconds, busy) in spent.items():
        print(f"{what}: {seconds:.2f} s, of which the processor worked {busy:.2f} s")


if __name__ == "__main__":
    main()
