"""What one would write in an afternoon: a script that scores customers with odoorpc and nothing else.

    python benchmarks/plain_odoorpc.py URL DATABASE LOGIN PASSWORD --as-of 2026-11-21 [--budget 20]

It does the product's work on orders and opportunities: reads them page by page, rolls them up to accounts, ranks, and
writes one result per account. It is written kindly: it speaks JSON-RPC, which is quicker than XML-RPC; asks for the
bare ids of customers (`load=''`); pages by key; and writes a plain text field, which is cheaper than a model of scores.

Each part may take `--budget` seconds. What is left then is extrapolated in a straight line from the rows that were
done, and said to be. It prints one JSON object: seconds per part, rows, and the share that was really done.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

import odoorpc

PAGE = 2000


@dataclass
class Part:
    """One part of the work: rows done in so many seconds, of `total`."""

    name: str
    total: int
    rows: int = 0
    seconds: float = 0.0

    @property
    def whole(self) -> float:
        """Seconds for all rows."""
        return self.seconds * self.total / self.rows if self.rows else self.seconds


class Script:
    """The script; `parts` says what each part cost."""

    def __init__(self, odoo: odoorpc.ODOO, as_of: dt.date, budget: float, accounts: int) -> None:
        self.odoo, self.as_of, self.budget, self.accounts = odoo, as_of, budget, accounts
        self.parts: list[Part] = []

    def run(self) -> None:
        """Read, group, rank and write."""
        account = {}
        for row in self.read("res.partner", [], ["parent_id", "is_key_account"]):
            account[row["id"]] = row
        totals: dict[int, dict[str, Any]] = defaultdict(lambda: defaultdict(float))
        year, before = (self.as_of - dt.timedelta(days=365 * years) for years in (1, 2))
        dates = [("date_order", ">", str(before)), ("date_order", "<=", f"{self.as_of} 23:59:59")]
        fields = ["partner_id", "date_order", "amount_untaxed", "currency_rate", "margin"]
        for row in self.read("sale.order", [("state", "=", "sale"), *dates], fields):
            total = totals[top(account, row["partner_id"])]
            window = "now" if row["date_order"][:10] > str(year) else "before"
            total[f"revenue_{window}"] += row["amount_untaxed"] / (row["currency_rate"] or 1)
            total[f"margin_{window}"] += row["margin"] / (row["currency_rate"] or 1)
            total[f"orders_{window}"] += 1
            total["last"] = max(total["last"] or "", row["date_order"])
        fields = ["partner_id", "create_date", "date_closed", "won_status", "expected_revenue"]
        for row in self.read("crm.lead", [("type", "=", "opportunity"), ("partner_id", "!=", False)], fields):
            total = totals[top(account, row["partner_id"])]
            window = "now" if (row["date_closed"] or row["create_date"])[:10] > str(year) else "before"
            total[f"{row['won_status']}_{window}"] += row["expected_revenue"]
        self.write(rank(totals))

    def read(self, model: str, domain: list[Any], fields: list[str]) -> Iterator[dict[str, Any]]:
        """All rows, by pages, until the budget is spent."""
        records = self.odoo.env[model].with_context(active_test=False)
        part = Part(f"read {model}", records.search_count(domain))
        self.parts.append(part)
        after = 0
        # Partners are needed whole: without them nothing rolls up.
        while part.rows < part.total and (part.seconds < self.budget or model == "res.partner"):
            begun = time.perf_counter()
            page = records.search_read([*domain, ("id", ">", after)], fields, limit=PAGE, order="id", load="")
            part.seconds += time.perf_counter() - begun
            yield from page
            after, part.rows = page[-1]["id"], part.rows + len(page)

    def write(self, ranked: list[tuple[int, dict[str, Any]]]) -> None:
        """One call per account, until the budget is spent."""
        partners = self.odoo.env["res.partner"]
        # Of a part of the documents only a part of the accounts is known.
        part = Part("write res.partner", max(len(ranked), self.accounts))
        self.parts.append(part)
        begun = time.perf_counter()
        for account, result in ranked:
            partners.write([account], {"ref": json.dumps(result)})
            part.rows += 1
            part.seconds = time.perf_counter() - begun
            if part.seconds > self.budget:
                break


def top(account: dict[int, dict[str, Any]], partner: int) -> int:
    """The account of a partner: the nearest key account going up, else the top."""
    while not account[partner]["is_key_account"] and account[partner]["parent_id"]:
        partner = account[partner]["parent_id"]
    return partner


def rank(totals: dict[int, dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    """Rank, share, class and growth of every account, the largest first."""
    ordered = sorted(totals.items(), key=lambda item: -item[1]["revenue_now"])
    total = sum(max(values["revenue_now"], 0) for _account, values in ordered) or 1.0
    ranked, larger = [], 0.0
    for place, (account, values) in enumerate(ordered, start=1):
        revenue, before = values["revenue_now"], values["revenue_before"]
        letter = "C" if revenue <= 0 or larger >= 0.95 * total else "B" if larger >= 0.8 * total else "A"
        growth = 100 * (revenue - before) / before if before > 0 else None
        ranked.append((account, {"rank": place, "revenue": round(revenue, 2), "share": revenue / total,
                                 "class": letter, "growth": growth}))
        larger += max(revenue, 0)
    return ranked


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("url", "database", "login", "password"):
        parser.add_argument(name)
    parser.add_argument("--as-of", type=dt.date.fromisoformat, default=dt.date.today())
    parser.add_argument("--budget", type=float, default=20.0, help="seconds that each part may take")
    parser.add_argument("--accounts", type=int, default=0, help="accounts there are to write, if that is known")
    options = parser.parse_args()
    address = urlsplit(options.url)
    odoo = odoorpc.ODOO(address.hostname, port=address.port, timeout=300)
    odoo.login(options.database, options.login, options.password)
    script = Script(odoo, options.as_of, options.budget, options.accounts)
    begun = time.perf_counter()
    script.run()
    spent = time.perf_counter() - begun
    # what is neither reading nor writing is grouping and ranking in memory
    other = spent - sum(part.seconds for part in script.parts)
    print(json.dumps({"seconds": sum(part.whole for part in script.parts) + other, "other": other,
                      "extrapolated": any(part.rows < part.total for part in script.parts),
                      "parts": [{**asdict(part), "whole": part.whole} for part in script.parts]}))


if __name__ == "__main__":
    main()
