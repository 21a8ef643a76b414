"""People sell, the worker scores, Odoo shows: the whole way, in a database without demo data, with bad input on it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from kamdev.settings import free_port
from lab import Lab
from live import LANGUAGES, PASSWORD, Live
from small_shop import ACCENTED, EMOJI, HUGE, QUOTED, RIGHT_TO_LEFT, Shop, decide, furnish, order

KEYS = {"run", "state", "accounts", "changed", "unchanged", "refused", "alerts_opened", "alerts_closed", "seconds"}
# An unknown number reads False, as every empty field does in Odoo.
UNKNOWN = False


@pytest.fixture(scope="module")
def shop(lab: Lab) -> Shop:
    """The small shop, before the first run."""
    return furnish(lab)


@pytest.fixture(scope="module")
def first(shop: Shop) -> dict[str, Any]:
    """What the first run answered."""
    return shop.live.kam_sync("run", "--json").ok().json


@pytest.fixture(scope="module")
def scores(shop: Shop, first: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """The scores as the manager reads them, by account."""
    return read_scores(shop)


def read_scores(shop: Shop) -> dict[int, dict[str, Any]]:
    names = ("partner_id", "revenue", "rank", "share", "pareto_class", "margin", "strategic_value", "attractiveness",
             "quadrant", "health", "is_compared", "documents")
    return {row["partner_id"][0]: row for row in shop.manager.read("kam.score", [], *names)}


# ---------------------------------------------------------------------------------------------- the main job
def test_the_first_run_scores_every_customer(shop: Shop, first: dict[str, Any]) -> None:
    assert first.keys() >= KEYS
    # Uroborus belongs to Ouroboros, its parent
    assert (first["state"], first["accounts"], first["refused"]) == ("published", len(shop.customers) - 1, 0)
    assert (first["changed"], first["unchanged"]) == (first["accounts"], 0)
    assert first["seconds"] > 0


def test_revenue_is_that_of_the_orders(shop: Shop, scores: dict[int, dict[str, Any]]) -> None:
    found = {name: scores[number]["revenue"] for name, number in shop.customers.items() if number in scores}
    assert found == {
        "Alpha": 1500.0,  # an order of its buyer included
        "Beta": -300.0, "Continental": 200.0, "Nippon": UNKNOWN, "Whale": HUGE, "Ouroboros": 145.0,
        QUOTED: 11.0, ACCENTED: 12.0, EMOJI: 13.0, RIGHT_TO_LEFT: 14.0, "Bell": 15.0, "Promising": 0.0,
    }


def test_margin_is_that_of_the_orders(shop: Shop, scores: dict[int, dict[str, Any]]) -> None:
    assert scores[shop.customers["Alpha"]]["margin"] == 1380.0  # 1,500 less twice 60
    assert scores[shop.customers["Nippon"]]["margin"] is UNKNOWN


def test_the_share_of_a_whale_leaves_ranks_to_the_others(shop: Shop, scores: dict[int, dict[str, Any]]) -> None:
    ranked = sorted((row["rank"], row["revenue"]) for row in scores.values() if row["rank"])
    assert [revenue for _rank, revenue in ranked] == sorted((row[1] for row in ranked), reverse=True)
    assert ranked[0] == (1, HUGE)
    assert scores[shop.customers["Whale"]]["pareto_class"] == "A"
    assert scores[shop.customers["Alpha"]]["pareto_class"] == "C"  # the whale is more than 95 %


def test_negative_revenue_has_no_share_and_is_class_c(shop: Shop, scores: dict[int, dict[str, Any]]) -> None:
    row = scores[shop.customers["Beta"]]
    assert (row["revenue"], row["share"], row["pareto_class"]) == (-300.0, 0.0, "C")
    assert row["rank"] == max(other["rank"] for other in scores.values() if other["rank"])


def test_a_currency_without_a_rate_is_unknown_and_never_zero(shop: Shop, scores: dict[int, dict[str, Any]]) -> None:
    row = scores[shop.customers["Nippon"]]
    assert row["documents"] == 2
    for name in ("revenue", "rank", "share", "pareto_class"):
        assert row[name] is UNKNOWN, name
    [portfolio] = shop.manager.read("kam.portfolio", [], "unknown_revenue", "accounts")
    assert (portfolio["unknown_revenue"], portfolio["accounts"]) == (1, len(scores))
    small = shop.manager.read("kam.score", [("revenue", "<", 5)], "partner_id")
    assert shop.customers["Nippon"] not in {found["partner_id"][0] for found in small}


def test_a_flagged_customer_without_documents_is_scored(shop: Shop, scores: dict[int, dict[str, Any]]) -> None:
    row = scores[shop.customers["Promising"]]
    assert (row["revenue"], row["pareto_class"], row["documents"], row["is_compared"]) == (0.0, "C", 0, True)
    assert row["strategic_value"] == 100.0  # one opinion of 10
    assert row["quadrant"] is UNKNOWN
    assert row["health"] is UNKNOWN


def test_a_loop_of_companies_is_one_account(shop: Shop, scores: dict[int, dict[str, Any]]) -> None:
    assert scores[shop.customers["Ouroboros"]]["revenue"] == 145.0
    assert shop.customers["Uroborus"] not in scores


def test_a_second_run_right_after_changes_nothing(shop: Shop, first: dict[str, Any]) -> None:
    answer = shop.live.kam_sync("run", "--json").ok().json
    assert (answer["changed"], answer["unchanged"]) == (0, first["accounts"])
    assert re.search(r"^changed rows +0 \(", shop.live.kam_sync("run").ok().out, re.MULTILINE)


def test_both_transports_publish_the_same(shop: Shop, scores: dict[int, dict[str, Any]]) -> None:
    answer = shop.live.kam_sync("run", "--json", "--transport", "json2").ok().json
    assert answer["changed"] == 0
    assert read_scores(shop) == scores


def test_people_see_the_scores_of_their_own_customers(shop: Shop, scores: dict[int, dict[str, Any]]) -> None:
    own = {row["partner_id"][0] for row in shop.seller.read("kam.score", [], "partner_id")}
    assert own == set(scores)
    assert shop.other_seller.read("kam.score", [], "partner_id") == []


def test_a_dry_run_says_what_would_change_and_writes_nothing(shop: Shop, first: dict[str, Any]) -> None:
    published = [("state", "=", "published")]
    before, runs = read_scores(shop), shop.manager.call("kam.sync.run", "search_count", published)
    placed = order(shop, shop.customers["Alpha"], 250.0)
    try:
        answer = shop.live.kam_sync("run", "--dry-run", "--json").ok().json
        assert (answer["state"], answer["dry_run"]) == ("abandoned", True)
        assert answer["changed"] > 0
        assert [mover["name"] for mover in answer["movers"]] == ["Alpha"]
        assert read_scores(shop) == before
        assert shop.manager.call("kam.sync.run", "search_count", published) == runs
    finally:
        shop.seller.call("sale.order", "action_cancel", [placed])


# ---------------------------------------------------------------------------------------------- the other commands
def test_check_says_that_a_run_could_succeed(shop: Shop) -> None:
    assert "Ready to run" in shop.live.kam_sync("check").ok().out
    assert shop.live.kam_sync("check", "--json").ok().json["ready"] is True


def test_status_tells_the_last_run(shop: Shop, first: dict[str, Any]) -> None:
    [company] = shop.live.kam_sync("status", "--json").ok().json["companies"]
    assert company["stale"] is False
    assert company["published"]["run"] >= first["run"]
    assert "published" in shop.live.kam_sync("status").ok().out


@pytest.mark.parametrize("name", [QUOTED, ACCENTED, EMOJI, RIGHT_TO_LEFT])
def test_explain_finds_accounts_with_any_name(shop: Shop, first: dict[str, Any], name: str) -> None:
    answer = shop.live.kam_sync("explain", name, "--json").ok().json
    assert (answer["account"]["id"], answer["account"]["name"]) == (shop.customers[name], name)
    assert shop.live.kam_sync("explain", str(shop.customers[name])).ok().out


def test_a_factor_whose_kpi_is_not_there_is_told_as_that(shop: Shop, first: dict[str, Any]) -> None:
    told = shop.live.kam_sync("explain", "Promising").ok().out
    [line] = [line for line in told.splitlines() if line.startswith("Moon")]
    assert "not available" in line


def test_control_characters_in_a_name_stop_nothing(shop: Shop, first: dict[str, Any]) -> None:
    assert shop.live.kam_sync("run").ok()
    assert "Bell" in shop.live.kam_sync("explain", str(shop.customers["Bell"])).ok().out


# ---------------------------------------------------------------------------------------------- what is refused
def refused(live: Live, code: int, *arguments: str, **environment: str) -> str:
    """The message of a run that must end with this code, in words and in JSON alike."""
    command = arguments or ("run",)
    plain = live.kam_sync(*command, **environment)
    assert plain.code == code, f"exit code {plain.code}\n{plain.out}\n{plain.err}"
    assert plain.err.strip(), "nothing was said"
    if code != 2:
        machine = live.kam_sync(*command, "--json", **environment)
        assert (machine.code, machine.json["state"]) == (code, "failed")
        assert machine.json["message"]
    return plain.err


def test_a_wrong_password(shop: Shop) -> None:
    assert "open-sesame" not in refused(shop.live, 4, KAM_PASSWORD="open-sesame")


def test_a_key_that_has_expired(shop: Shop, lab: Lab) -> None:
    login, key = lab.service_user(shop.live.database, login="late", days=-1)
    assert key not in refused(shop.live, 4, KAM_LOGIN=login, KAM_PASSWORD=key)


def test_a_user_without_the_service_group(shop: Shop) -> None:
    refused(shop.live, 4, KAM_LOGIN="ana", KAM_PASSWORD=PASSWORD)


def test_nobody_at_that_address(shop: Shop) -> None:
    refused(shop.live, 5, KAM_URL=f"http://127.0.0.1:{free_port()}")


def test_no_such_database(shop: Shop) -> None:
    refused(shop.live, 5, KAM_DATABASE="no_such_database")


def test_no_such_account(shop: Shop, first: dict[str, Any]) -> None:
    assert "Nobody" in refused(shop.live, 2, "explain", "Nobody & Daughters")


@pytest.mark.parametrize("day", ["2026-13-45", "yesterday"])
def test_a_day_that_is_none(shop: Shop, day: str) -> None:
    refused(shop.live, 2, "run", "--as-of", day)


def test_a_day_to_come(shop: Shop) -> None:
    told = refused(shop.live, 2, "run", "--as-of", str(dt.date.today() + dt.timedelta(days=3)))
    assert "at the latest" in told


def test_a_company_that_is_none(shop: Shop) -> None:
    refused(shop.live, 2, "run", "--company", "Nowhere Inc.")


def test_the_lease_is_held_by_somebody_else(shop: Shop) -> None:
    environment = shop.live.environment
    service = shop.live.log_in(environment["KAM_LOGIN"], environment["KAM_PASSWORD"])
    begun = service.call("kam.sync", "begin", "full", 1, str(dt.date.today()), {"owner": "somebody else"})
    try:
        assert "somebody else" in refused(shop.live, 6)
    finally:
        service.call("kam.sync", "abandon", begun["run"], begun["token"], "the test is over")
    shop.live.kam_sync("run").ok()


@pytest.fixture(scope="module")
def without_addon(lab: Lab) -> Iterator[Live]:
    """An Odoo with the apps that ours needs, and without ours."""
    database = lab.database(("crm", "web_hierarchy", "sale_management", "sale_margin"), languages=LANGUAGES)
    server = lab.server(database)
    yield Live(lab, database, server, lab.environment(server, "admin", "admin"))
    server.stop()


def test_the_addon_is_not_installed(without_addon: Live) -> None:
    assert "kam_management" in refused(without_addon, 7)


# ------------------------------------------------------------------- these change what the next run finds
def test_the_wallet_and_an_investment_of_a_customer(shop: Shop, scores: dict[int, dict[str, Any]]) -> None:
    alpha, today = shop.customers["Alpha"], dt.date.today()
    [widget] = shop.seller.read("product.product", [("id", "=", shop.product)], "categ_id")
    category = widget["categ_id"] or [shop.live.admin.create("product.category", name="Widgets")]
    shop.live.admin.call("product.product", "write", [shop.product], {"categ_id": category[0]})
    promising = shop.customers["Promising"]
    plan = shop.seller.create("kam.plan", partner_id=alpha, partner_ids=[[6, 0, [promising]]])
    named = shop.seller.create("kam.plan.category", plan_id=plan, name="Widgets", potential=6000.0,
                               product_category=f"product.category,{category[0]}")
    typed = shop.seller.create("kam.plan.category", plan_id=plan, name="Gadgets", our_sales=500.0, potential=2000.0)
    ranked = shop.seller.create("kam.plan.category", plan_id=plan, name="Gears", our_rank=1, supplier_count=3)
    shop.seller.call("kam.plan", "action_activate", [plan])
    asked = shop.seller.create("kam.investment", partner_id=alpha, name="Course", amount=300.0, life=1, plan_id=plan,
                               type_id=shop.live.admin.ref("kam_management.investment_type_training"),
                               date_start=str(today - dt.timedelta(days=60)))
    shop.manager.call("kam.investment", "action_approve", [asked])
    shop.seller.call("kam.investment", "action_make", [asked])
    assert shop.live.kam_sync("run", "--json").ok().json["refused"] == 0
    # 1,000 and 500 were ordered: a quarter of 6,000; another quarter of 2,000; first of three has (1 − 1/4)·2/3
    found = {row["category_id"][0]: (row["sales"], row["share"], row["white_space"], row["basis"])
             for row in shop.seller.read("kam.wallet", [], "category_id", "sales", "share", "white_space", "basis")}
    assert found == {named: (1500.0, 0.25, 4500.0, "figures"), typed: (500.0, 0.25, 1500.0, "figures"),
                     ranked: (UNKNOWN, 0.5, UNKNOWN, "rank")}
    [line] = shop.seller.read("kam.plan.category", [("id", "=", named)], "sales", "sales_date", "share")
    assert (line["sales"], line["sales_date"], line["share"]) == (1500.0, str(today), 0.25)
    names = ("margin", "net_margin", "share_of_wallet", "wallet_coverage", "white_space")
    [score] = shop.seller.read("kam.score", [("partner_id", "=", alpha)], *names)
    # two of three categories; the orders cost 60 each, and the course, whose month is over, 300
    assert [score[name] for name in names] == [1380.0, 1080.0, 0.25, pytest.approx(2 / 3), 6000.0]
    # the plan is for Promising too: the same share, and the white space counted once
    [covered] = shop.seller.read("kam.score", [("partner_id", "=", promising)], *names)
    assert [covered[name] for name in names[2:]] == [0.25, pytest.approx(2 / 3), UNKNOWN]
    [total] = shop.seller.call("kam.score", "formatted_read_group", [], [], ["white_space:sum"])
    assert total["white_space:sum"] == 6000.0
    # the worker's user reads no plans, so it is not told whose this one is
    assert "its white space is counted at another one." in shop.live.kam_sync("explain", str(promising)).ok().out


# ------------------------------------------------------------------------------------ last: it moves an account
def test_a_key_account_inside_a_loop_of_companies_takes_its_part(shop: Shop, scores: dict[int, dict[str, Any]]) -> None:
    one, two = shop.customers["Ouroboros"], shop.customers["Uroborus"]
    decide(shop, two)
    try:
        shop.live.kam_sync("run").ok()
        flagged = read_scores(shop)
        # going up from Ouroboros, Uroborus is the nearest key account: both orders are its own
        assert flagged[two]["revenue"] == 145.0
        assert one not in flagged
    finally:
        decide(shop, two, kind="exit")
        shop.live.kam_sync("run").ok()
    # which of the two is the account now, nothing says; that it is one of them, and all of it
    assert [row["revenue"] for number, row in read_scores(shop).items() if number in (one, two)] == [145.0]
