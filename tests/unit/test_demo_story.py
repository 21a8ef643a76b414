"""The demo's key accounts tell one story each: what its tables say of an account fits together."""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

TABLES = Path(__file__).parents[2] / "kam_management" / "demo" / "tables"
INSIDE = {"strength", "weakness"}
YEAR = 365
PLAN_DAYS = 547


@cache
def table(name: str) -> list[dict[str, str]]:
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def of(name: str, account: str) -> list[dict[str, str]]:
    return [row for row in table(name) if row["account"] == account]


def rows(account: str, kind: str) -> list[dict[str, str]]:
    return [row for row in of("plan_rows", account) if row["kind"] == kind]


PLANNED = [row["account"] for row in table("plans")]
ACTIVE = [row["account"] for row in table("plans") if row["state"] == "active"]


@pytest.mark.parametrize("name", sorted(path.stem for path in TABLES.glob("*.csv")))
def test_spanish_says_as_much(name: str) -> None:
    for row in table(name):
        for column in row:
            if column.endswith("_es"):
                assert bool(row[column]) == bool(row[column.removesuffix("_es")]), (name, row)


@pytest.mark.parametrize("account", PLANNED)
def test_strategies_cross_cards_of_the_account(account: str) -> None:
    cards = {row["id"]: row["quadrant"] for row in of("dafo", account)}
    strategies = of("strategies", account)
    assert strategies, "an analysis leads somewhere"
    for row in strategies:
        sides = [cards[card] in INSIDE for card in row["cards"].split()]
        assert set(sides) == {True, False}, row


@pytest.mark.parametrize("account", ACTIVE)
def test_objectives_carry_out_strategies_and_goals_inside_the_plan(account: str) -> None:
    start = next(int(row["start"]) for row in of("plans", account))
    strategies = {row["id"] for row in of("strategies", account)}
    goals = {row["id"] for row in rows(account, "goal")}
    open_ones = [row for row in of("objectives", account) if row["state"] in ("draft", "running")]
    assert open_ones
    for row in open_ones:
        assert row["strategy"] in strategies | {""} and row["plan_goal"] in goals | {""}, row
        assert row["strategy"] or row["plan_goal"] or row["goal"], row
        assert int(row["start"]) <= start and int(row["deadline"]) <= PLAN_DAYS - start, row
    assert any(row["strategy"] for row in open_ones)


@pytest.mark.parametrize("account", ACTIVE)
def test_something_comes_next(account: str) -> None:
    actions = of("actions", account)
    assert any(not row["done"] and int(row["day"]) > 0 for row in actions)
    objectives = {row["id"] for row in of("objectives", account)}
    assert all(row["objective"] in objectives | {""} for row in actions)


def test_some_of_it_is_late_and_some_was_done() -> None:
    assert sum(not row["done"] and int(row["day"]) < 0 for row in table("actions")) >= 3
    assert sum(bool(row["done"]) for row in table("actions")) >= 8


@pytest.mark.parametrize("account", ACTIVE)
def test_the_wallet_is_worth_what_is_sold(account: str) -> None:
    """What was typed as sold of the categories comes to what was won in a year; competitors share the rest."""
    won: dict[str, float] = defaultdict(float)
    for row in table("won"):
        if int(row["closed"]) <= YEAR:
            won[row["id"].rpartition("_")[0]] += float(row["amount"])
    lines = rows(account, "category")
    sold = sum(float(row["amount"]) for row in lines if row["amount"])
    assert sold == pytest.approx(won[account], rel=0.02)
    share = 100 * sold / sum(float(row["number"]) for row in lines if row["amount"])
    rivals = sum(float(row["number"]) for row in rows(account, "competitor") if row["who"] == "ours")
    assert 0 < share + rivals <= 100
    target = float(rows(account, "target")[0]["amount"])
    assert target == pytest.approx(won[account], rel=0.2), "what is to be sold this year is in reach"


def test_old_estimates_came_before() -> None:
    lines = {row["id"]: row for row in table("plan_rows") if row["kind"] == "category"}
    estimates = [row for row in table("plan_rows") if row["kind"] == "estimate"]
    assert estimates
    for row in estimates:
        line = lines[row["who"]]
        assert int(row["day"]) > int(line["day"]) and row["amount"] != line["number"], row


def test_investments_in_every_state() -> None:
    assert {row["state"] for row in table("investments")} == {"requested", "approved", "made", "refused"}
    assert {row["account"] for row in table("investments")} <= set(PLANNED)


def test_answers_over_a_year() -> None:
    """The line of the largest accounts has months to draw, and their journeys more than one colour."""
    contacts = {row["id"]: row for row in table("contacts")}
    accounts = {row["id"]: row for row in table("accounts")}

    def top(account: str) -> str:
        parent = accounts[account]["parent"]
        return top(parent) if parent else account

    answers: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in table("responses"):
        account = row["account"] or contacts[row["contact"]]["company"]
        answers[top(account)].append(row)
    for account in ("lindero", "valdeolmo", "rochebrune"):
        days = [int(row["day"]) for row in answers[account]]
        assert min(days) < 60 and max(days) > 180 and len({day // 90 for day in days}) >= 3, account
        moments = [row["value"] for row in answers[account] if row["kind"] == "moment"]
        assert len(set(moments)) == 2, account
    keys = {(row["contact"], row["account"], row["kind"], row["touchpoint"], row["day"]) for row in table("responses")}
    assert len(keys) == len(table("responses")), "nobody says the same twice on a day"
