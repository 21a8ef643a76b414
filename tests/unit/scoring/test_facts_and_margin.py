"""Revenue, growth and margin of small customers, and what is not known about them."""

import dataclasses
import datetime

import pandas as pd
import pytest
from scoring_tables import (
    AS_OF,
    HASH,
    MARGIN,
    RETURNS,
    REVENUE,
    VISITS,
    account,
    fact,
    pulled,
    row,
    run_config,
)

from sync_worker.scoring import score
from sync_worker.scoring.window import months_before


def scored(facts, number=7, **config):
    return row(score(pulled([account(number, key=1)], facts), run_config(**config), AS_OF, HASH), number)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-11-20", 12, "2025-11-20"),
        ("2026-01-31", 1, "2025-12-31"),
        ("2026-03-31", 1, "2026-02-28"),  # February has no 31st
        ("2024-03-31", 1, "2024-02-29"),  # a leap year
        ("2026-11-20", 24, "2024-11-20"),
    ],
)
def test_months_end_where_the_calendar_ends_them(day, months, expected):
    parse = datetime.date.fromisoformat
    assert months_before(parse(day), months) == parse(expected)


def test_growth_is_the_change_in_percent_of_the_window_before():
    # 900 after 1200: 300 less, a quarter
    found = scored([fact(7, REVENUE, 900.0, before=1200.0)])
    assert (found["revenue"], found["revenue_before"], found["growth"]) == (900.0, 1200.0, -25.0)


@pytest.mark.parametrize("before", [0.0, -50.0])
def test_growth_from_nothing_or_from_a_loss_is_unknown(before):
    assert scored([fact(7, REVENUE, 900.0, before=before)])["growth"] is None


def test_a_customer_without_documents_has_a_known_revenue_of_zero():
    found = scored([])
    assert (found["revenue"], found["growth"], found["documents"], found["last_document"]) == (
        0.0,
        None,
        0,
        None,
    )
    assert (found["share"], found["pareto_class"], found["rank"]) == (None, "C", 1)


def test_an_amount_without_a_rate_makes_revenue_unknown_whatever_the_column_says():
    found = scored([fact(7, REVENUE, 900.0, unknown=1)])
    assert [found[name] for name in ("revenue", "rank", "share", "cumulative_share", "pareto_class")] == [
        None
    ] * 5


def test_an_amount_without_a_rate_in_the_window_before_costs_only_the_growth():
    found = scored([fact(7, REVENUE, 900.0, before=100.0, unknown_before=1)])
    assert (found["revenue"], found["revenue_before"], found["growth"]) == (900.0, None, None)


@pytest.mark.parametrize("config", [{"sources": {}}, {"available": ()}])
def test_without_a_source_revenue_is_unknown_and_not_zero(config):
    results = score(pulled([account(7)]), run_config(**config), AS_OF, HASH)
    found, portfolio = row(results, 7), results.portfolio.iloc[0]
    assert (found["revenue"], found["rank"], found["documents"]) == (None, None, 0)
    assert portfolio["revenue"] != portfolio["revenue"] and portfolio["unknown_revenue"] == 1  # NaN


def test_margin_is_exact_when_revenue_is_what_it_is_a_margin_on():
    # 1,000,000.01 of 3,000,000 are 33.3333336…%; by way of the rounded 33.333334% it would be a cent more
    found = scored([fact(7, REVENUE, 3_000_000.0), fact(7, MARGIN, 1_000_000.01)])
    assert (found["margin"], found["margin_percent"]) == (1_000_000.01, 33.333334)
    assert found["margin_estimated"] == 0


@pytest.mark.parametrize(
    ("revenue", "base", "margin", "default", "expected"),
    [
        # the cost of 400 of 600 is known: 100 of it was earned; 40% of the other 200 are 80, 180 in all, 30%
        (600.0, 400.0, 100.0, 40, (30.0, 180.0, 1)),
        # a default of zero is one too: 100 of 600
        (600.0, 400.0, 100.0, 0, (16.666667, 100.0, 1)),
        # without a default the quarter of 400 stands for 600
        (600.0, 400.0, 100.0, None, (25.0, 150.0, 1)),
        # half is just enough, a cent less is not
        (600.0, 300.0, 90.0, None, (30.0, 180.0, 1)),
        (600.0, 299.99, 90.0, None, (None, None, 0)),
        # with a default any base counts: 6 of 10, and 40% of 590 are 236: 242 of 600
        (600.0, 10.0, 6.0, 40, (40.333333, 242.0, 1)),
        # more was ordered than invoiced: a quarter of 400 is a quarter of 300, whatever the default
        (300.0, 400.0, 100.0, None, (25.0, 75.0, 1)),
        (300.0, 400.0, 100.0, 40, (25.0, 75.0, 1)),
        # nothing, or less, was invoiced of what was ordered
        (0.0, 400.0, 100.0, 40, (25.0, 0.0, 1)),
        (-40.0, 400.0, 100.0, None, (25.0, -10.0, 1)),
        # more came back than went out: a base under zero is no base, unless it is all there is
        (600.0, -400.0, -100.0, 40, (40.0, 240.0, 1)),
        (600.0, -400.0, -100.0, None, (None, None, 0)),
        (-400.0, -400.0, -100.0, 40, (25.0, -100.0, 0)),
    ],
)
def test_margin_of_a_part_of_the_revenue_is_completed_and_marked(revenue, base, margin, default, expected):
    facts = [fact(7, REVENUE, revenue), fact(7, VISITS, base), fact(7, MARGIN, margin)]
    sources = {"revenue": REVENUE, "margin": MARGIN, "margin_base": VISITS}
    found = scored(facts, sources=sources, default_margin=default)
    assert (found["margin_percent"], found["margin"], found["margin_estimated"]) == expected
    assert ('"margin_estimated"' in found["explanation"]) == bool(expected[2])


def test_too_small_a_part_with_a_known_cost_is_no_data():
    facts = [fact(7, REVENUE, 600.0), fact(7, VISITS, 100.0), fact(7, MARGIN, 50.0)]
    found = scored(facts, sources={"revenue": REVENUE, "margin": MARGIN, "margin_base": VISITS})
    assert found["explanation"].startswith('{"parts":["no_data",')


def test_of_an_unknown_revenue_the_percentage_is_marked_and_the_amount_unknown():
    facts = [fact(7, REVENUE, 600.0, unknown=1), fact(7, VISITS, 400.0), fact(7, MARGIN, 100.0)]
    found = scored(facts, sources={"revenue": REVENUE, "margin": MARGIN, "margin_base": VISITS}, default_margin=40)
    assert (found["margin_percent"], found["margin"], found["margin_estimated"]) == (25.0, None, 1)


@pytest.mark.parametrize(
    ("sources", "facts"),
    [
        ({"revenue": REVENUE}, [fact(7, REVENUE, 200.0)]),  # nothing tells the margin
        # nothing was ordered in the window, so there is no percentage
        ({"revenue": REVENUE, "margin": MARGIN, "margin_base": VISITS}, [fact(7, REVENUE, 200.0)]),
        # the margin has an amount without a rate
        (
            {"revenue": REVENUE, "margin": MARGIN, "margin_base": REVENUE},
            [fact(7, REVENUE, 200.0), fact(7, MARGIN, 9.0, unknown=1)],
        ),
    ],
)
def test_unknown_cost_of_goods_takes_the_default_margin_marked_or_stays_unknown(sources, facts):
    unknown = scored(facts, sources=sources)
    assert (unknown["margin_percent"], unknown["margin"], unknown["net_margin"]) == (None, None, None)
    assert (unknown["margin_class"], unknown["margin_estimated"]) == (None, 0)
    # 40% of 200 is 80
    estimated = scored(facts, sources=sources, default_margin=40)
    assert (estimated["margin_percent"], estimated["margin"], estimated["margin_estimated"]) == (
        40.0,
        80.0,
        1,
    )
    assert '"margin_estimated"' in estimated["explanation"]


def test_serving_the_customer_costs_what_its_documents_cost():
    # 4 visits of 50 and 3 returns of 20 are 260; of a margin of 400 are left 140; 260 of 1000 are 26%
    facts = [fact(7, REVENUE, 1000.0), fact(7, MARGIN, 400.0), fact(7, VISITS, 4.0), fact(7, RETURNS, 3.0)]
    found = scored(facts, drivers=[(VISITS, 50.0), (RETURNS, 20.0)])
    assert found["net_margin"] == 140.0
    assert '[26.0,"2026-11-20",' in found["explanation"]
    assert "before_cost_to_serve" not in found["explanation"]


def test_without_unit_costs_net_margin_is_gross_and_says_so():
    found = scored([fact(7, REVENUE, 1000.0), fact(7, MARGIN, 400.0)])
    assert found["net_margin"] == 400.0 and '"notes":["before_cost_to_serve"]' in found["explanation"]


@pytest.mark.parametrize(
    ("facts", "config"),
    [([fact(7, VISITS, 4.0, unknown=1)], {}), ([], {"available": (REVENUE, MARGIN)})],
)
def test_an_unknown_cost_makes_net_margin_unknown(facts, config):
    facts = [fact(7, REVENUE, 1000.0), fact(7, MARGIN, 400.0), *facts]
    found = scored(facts, drivers=[(VISITS, 50.0)], **config)
    assert (found["margin"], found["net_margin"]) == (400.0, None)


@pytest.mark.parametrize(("rate", "source", "unknown", "net"), [
    # 1000 for 73 of 365 days at 10% are 20 of 400
    (10.0, True, 0, 380.0), (10.0, True, 1, None), (10.0, False, 0, None),
    # without a rate nobody asked for it
    (None, True, 1, 400.0), (None, False, 0, 400.0)])
def test_a_cost_of_capital_that_is_unknown_is_no_cost_of_zero(rate, source, unknown, net):
    debt = pd.DataFrame({"account_id": [7], "due": pd.to_datetime(["2026-09-08"]), "amount": [1000.0],
                         "unknown": [unknown]})
    sources = {"revenue": REVENUE, "margin": MARGIN, "margin_base": REVENUE} | ({"debt": VISITS} if source else {})
    facts = [fact(7, REVENUE, 1000.0), fact(7, MARGIN, 400.0)]
    pull = dataclasses.replace(pulled([account(7, key=1)], facts), debt=debt)
    found = row(score(pull, run_config(sources=sources, cost_of_capital=rate), AS_OF, HASH), 7)
    assert (found["margin"], found["net_margin"]) == (400.0, net)


def test_money_is_rounded_to_the_coins_of_the_currency_and_zero_has_no_sign():
    found = scored([fact(7, REVENUE, 10.004999), fact(7, MARGIN, -0.001)])
    assert found["revenue"] == 10.0
    assert str(found["margin"]) == "0.0" and str(found["margin_percent"]) == "0.0"
