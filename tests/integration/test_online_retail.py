"""A real order book, scored by the worker and counted by hand: every customer must agree.

The figures to compare with come from the CSV file with `csv` and `decimal` only; neither pandas nor the worker nor the
database takes part in them. The days are those of the file, which are London's.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import online_retail
import pytest
from lab import Lab
from live import APPS, LANGUAGES, Live, start

AS_OF = dt.date(2011, 12, 10)
# The day before the first one of each window, written out.
WINDOWS = {12: dt.date(2010, 12, 10), 24: dt.date(2009, 12, 10)}
SHARE = Decimal("0.00000001")  # shares come with eight decimals

FILE = online_retail.default_csv()
pytestmark = pytest.mark.skipif(
    not FILE.is_file(), reason=f"there is no order book {FILE}: set KAM_ONLINE_RETAIL to its path")


@dataclass(frozen=True)
class Expected:
    """What a customer should have come to. `before` is the share of all larger customers."""

    revenue: Decimal
    rank: int
    share: Decimal
    before: Decimal
    pareto_class: str


@dataclass(frozen=True)
class Scored:
    """What the worker published for one window, and what it should have."""

    months: int
    scores: dict[str, dict[str, Any]]
    portfolio: dict[str, Any]
    expected: dict[str, Expected]


@pytest.fixture(scope="module")
def invoices() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def shop(lab: Lab) -> Live:
    """The wholesaler's Odoo, with a manager of key accounts."""
    database = lab.database(APPS, languages=LANGUAGES)
    online_retail.load(database)
    live = start(lab, database)
    live.hire("manager", "kam_management.group_kam_manager")
    return live


@pytest.fixture(scope="module", params=sorted(WINDOWS))
def scored(request: pytest.FixtureRequest, shop: Live, invoices: list[dict[str, str]]) -> Scored:
    """One run with a window of so many months; the default is twelve."""
    months = request.param
    settings = shop.admin.read("kam.settings", [], "window_months")
    if months != settings[0]["window_months"]:
        shop.admin.call("kam.settings", "write", [settings[0]["id"]], {"window_months": months})
    answer = shop.kam_sync("run", "--as-of", str(AS_OF), "--json").ok().json
    assert (answer["state"], answer["refused"]) == ("published", 0)
    manager = shop.log_in("manager")
    customers = {row["id"]: row["ref"] for row in manager.read("res.partner", [("ref", "!=", False)], "ref")}
    names = ("partner_id", "revenue", "rank", "share", "cumulative_share", "pareto_class", "documents")
    scores = {customers[row["partner_id"][0]]: row for row in manager.read("kam.score", [], *names)}
    [portfolio] = manager.read("kam.portfolio", [], "accounts", "revenue", "unknown_revenue", "largest_share",
                               "top5_share", "hhi")
    return Scored(months, scores, portfolio, by_hand(invoices, WINDOWS[months]))


def by_hand(invoices: list[dict[str, str]], after: dt.date) -> dict[str, Expected]:
    """Every customer's figures over the days after `after`, up to `AS_OF`."""
    revenue: dict[str, Decimal] = defaultdict(Decimal)
    for invoice in invoices:
        day = dt.datetime.fromisoformat(invoice["invoice_date"]).date()
        revenue[invoice["customer"]] += Decimal(invoice["amount"]) if after < day <= AS_OF else 0
    total = sum(revenue.values())
    found: dict[str, Expected] = {}
    larger, place, previous = Decimal(0), 0, None
    for number, (customer, amount) in enumerate(sorted(revenue.items(), key=lambda item: -item[1]), start=1):
        if amount != previous:
            # equal customers have the same rank, and the same ones before them
            place, before, previous = number, larger / total, amount
        letter = "C" if amount <= 0 or before >= Decimal("0.95") else "B" if before >= Decimal("0.80") else "A"
        found[customer] = Expected(amount, place, amount / total, before, letter)
        larger += amount
    return found


def money(value: float) -> Decimal:
    return Decimal(repr(value))


def test_every_customer_is_scored(scored: Scored) -> None:
    assert len(scored.expected) == 4338
    assert scored.scores.keys() == scored.expected.keys()


def test_revenue_and_rank_agree_to_the_penny(scored: Scored) -> None:
    found = {customer: (money(row["revenue"]), row["rank"]) for customer, row in scored.scores.items()}
    assert found == {customer: (row.revenue, row.rank) for customer, row in scored.expected.items()}


def test_classes_agree(scored: Scored) -> None:
    found = {customer: row["pareto_class"] for customer, row in scored.scores.items()}
    assert found == {customer: row.pareto_class for customer, row in scored.expected.items()}
    assert set(found.values()) == {"A", "B", "C"}


def test_shares_agree(scored: Scored) -> None:
    wrong = {
        customer: (row["share"], expected.share)
        for customer, row in scored.scores.items()
        if abs(money(row["share"]) - (expected := scored.expected[customer]).share) > SHARE
    }
    assert not wrong


def test_cumulative_shares_agree_for_customers_without_an_equal(scored: Scored) -> None:
    ranks = [row.rank for row in scored.expected.values()]
    alone = {customer: row for customer, row in scored.expected.items() if ranks.count(row.rank) == 1}
    assert len(alone) > 4000
    wrong = {
        customer: (scored.scores[customer]["cumulative_share"], row.before + row.share)
        for customer, row in alone.items()
        if abs(money(scored.scores[customer]["cumulative_share"]) - row.before - row.share) > SHARE
    }
    assert not wrong


def test_concentration_agrees(scored: Scored) -> None:
    shares = sorted((row.share for row in scored.expected.values()), reverse=True)
    portfolio = scored.portfolio
    assert portfolio["accounts"] == 4338
    assert portfolio["unknown_revenue"] == 0
    assert money(portfolio["revenue"]) == sum(row.revenue for row in scored.expected.values())
    assert abs(money(portfolio["largest_share"]) - shares[0]) <= SHARE
    assert abs(money(portfolio["top5_share"]) - sum(shares[:5])) <= SHARE
    assert abs(money(portfolio["hhi"]) - sum((100 * share) ** 2 for share in shares)) <= Decimal("0.000001")


def test_the_totals_of_the_file_come_out(scored: Scored) -> None:
    """18,532 invoices of 4,338 customers over GBP 8,911,407.90, as published; a year holds less."""
    documents = sum(row["documents"] for row in scored.scores.values())
    if scored.months == 24:
        assert (documents, money(scored.portfolio["revenue"])) == (18_532, Decimal("8911407.90"))
    else:
        # 848 invoices are of the first ten days of December 2010
        assert money(scored.portfolio["revenue"]) < Decimal("8911407.90")


def test_customers_who_bought_before_the_window_have_nothing_and_are_class_c(scored: Scored) -> None:
    late = [customer for customer, row in scored.expected.items() if row.revenue == 0]
    assert bool(late) == (scored.months == 12)
    for customer in late:
        row = scored.scores[customer]
        assert (row["revenue"], row["share"], row["pareto_class"]) == (0, 0, "C")


def test_a_second_run_changes_nothing(shop: Live, scored: Scored) -> None:
    answer = shop.kam_sync("run", "--as-of", str(AS_OF), "--json").ok().json
    assert (answer["changed"], answer["unchanged"]) == (0, 4338)
