"""Classes, ranks and how much hangs on a few."""

import math

import pandas as pd
import pytest
from scoring_tables import AS_OF, HASH, REVENUE, account, fact, pulled, row, run_config

from sync_worker.frames import Settings
from sync_worker.scoring import score
from sync_worker.scoring.concentration import concentration, concentration_band
from sync_worker.scoring.pareto import pareto_class, ranking

NAN = float("nan")


def classes(*values):
    found = pareto_class(pd.Series(values, dtype="float64"), 2, 80, 95)
    return "".join("-" if pd.isna(letter) else letter for letter in found)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        # before each: 0, 50, 80 (no longer under 80), 95 (no longer under 95)
        ((50, 30, 15, 5), "AABC"),
        # one customer alone: nothing is before it
        ((7,), "A"),
        # 79.99 before the second is still under 80
        ((79.99, 20.01), "AA"),
        # the three 20s stand at 40, 60, 80: they share the class of the first
        ((40, 20, 20, 20), "AAAA"),
        # before the pair of 10s: 80; they share B, although 90 is before the second
        ((80, 10, 10), "ABB"),
        # tied across the second cut: before the pair 94, so both are B
        ((94, 3, 3), "ABB"),
        # zero or less is C; unknown has no class and takes part in nothing
        ((100, 0, -5, NAN), "ACC-"),
        ((0, 0), "CC"),
        # before the 0.15 stand 0.59 + 0.33: in cents 92 of 115, exactly 80%; in binary a bit less
        ((0.59, 0.33, 0.15, 0.08), "AABB"),
    ],
)
def test_classes(values, expected):
    assert classes(*values) == expected


def test_equal_revenues_share_a_rank_and_the_next_one_is_left_out():
    found = ranking(pd.Series([5.0, 9.0, 5.0, 1.0, NAN]), 2)
    assert found["rank"].fillna(0).tolist() == [2, 1, 2, 4, 0]
    # of 20: 0.25, 0.45, 0.25, 0.05; the pair follows each other by account
    assert found["cumulative_share"].fillna(0).tolist() == [0.7, 0.45, 0.95, 1.0, 0]


def test_who_has_nothing_has_no_part_of_it():
    found = ranking(pd.Series([10.0, 0.0, -2.0]), 2)
    assert found["share"].tolist() == [1.0, 0.0, 0.0]
    assert ranking(pd.Series([0.0, -2.0]), 2)[["share", "cumulative_share"]].isna().all(axis=None)


def test_an_archived_customer_still_counts_in_the_total():
    # 60 of 100 were sold to a customer that is archived now: the active one has 0.4, and all of the portfolio
    accounts, facts = (
        [account(1, key=1), account(2, key=1, active=0)],
        [fact(1, REVENUE, 40.0), fact(2, REVENUE, 60.0)],
    )
    results = score(pulled(accounts, facts), run_config(), AS_OF, HASH)
    portfolio = results.portfolio.iloc[0]
    assert (row(results, 1)["share"], row(results, 1)["rank"]) == (0.4, 2)
    assert (portfolio["accounts"], portfolio["key_accounts"], portfolio["revenue"]) == (1, 1, 100.0)
    # 0.4 alone: HHI 40² = 1600; 40% in one hand is a warning (from 15), not critical (from 50)
    assert (portfolio["largest_share"], portfolio["top5_share"], portfolio["hhi"]) == (0.4, 0.4, 1600.0)
    assert portfolio["concentration_band"] == 1


def test_six_customers():
    # of 1000: 300, 250, 200, 100, 100, 50. Five have 950. HHI: 900 + 625 + 400 + 100 + 100 + 25 = 2150
    revenue = pd.Series([300.0, 250, 200, 100, 100, 50])
    assert concentration(revenue, pd.Series([True] * 6), 2) == {
        "largest_share": 0.3,
        "top5_share": 0.95,
        "hhi": 2150.0,
    }


def test_no_revenue_no_concentration():
    found = concentration(pd.Series([0.0, -3.0, NAN]), pd.Series([True] * 3), 2)
    assert all(math.isnan(value) for value in found.values())


@pytest.mark.parametrize(
    ("one", "five", "band"),
    [
        (0.1499, 0.3999, 0),
        (0.15, 0.2, 1),
        (0.1, 0.4, 1),
        (0.4999, 0.7999, 1),
        (0.5, 0.6, 2),
        (0.2, 0.8, 2),
        (0.7999, 0.9, 2),
        (0.8, 0.9, 3),
    ],
)
def test_bands_begin_at_their_threshold(one, five, band):
    assert concentration_band(one, five, Settings()) == band


def test_a_threshold_of_29_percent_is_reached_by_29_percent():
    # 100 · 0.29 is 28.999… in binary
    assert concentration_band(0.29, 0.29, Settings(concentration_one_warning=29)) == 1


def test_an_empty_company():
    results = score(pulled([]), run_config(), AS_OF, HASH)
    assert results.score.empty
    assert results.portfolio[["accounts", "key_accounts", "compared", "revenue"]].iloc[0].tolist() == [
        0,
        0,
        0,
        0,
    ]
    assert results.portfolio[["largest_share", "concentration_band"]].isna().all(axis=None)
