"""Who is compared, how a figure becomes points, and when too little is known for a score."""

import json

import pandas as pd
import pytest
from scoring_tables import AS_OF, HASH, MARGIN, REVENUE, account, fact, opinion, pulled, row, run_config

from sync_worker.frames import Factor
from sync_worker.scoring import score
from sync_worker.scoring.factors import between_bounds, normalised, on_steps, percentile
from sync_worker.scoring.weighting import weighted_scores, with_contributions

NAN = float("nan")


def test_the_comparison_set_of_a_company_with_capacity_one():
    # three places by revenue: 5, 6, 7. Beside them 1 (flagged), 2 (candidate), 3 (an opinion on strategic
    # value). 4 is rated on something else, 8 has only an opinion that is too old, 9 and 10 are archived.
    accounts = [
        account(1, key=1),
        account(2, candidate=1),
        account(3),
        account(4),
        account(5),
        account(6),
        account(7),
        account(8),
        account(9, key=1, active=0),
        account(10, active=0),
    ]
    facts = [
        fact(n, REVENUE, value)
        for n, value in ((4, 1.0), (5, 50.0), (6, 40.0), (7, 30.0), (8, 20.0), (10, 99.0))
    ]
    opinions = [opinion(3, 2, 5.0), opinion(4, 3, 5.0), opinion(8, 2, 5.0, date="2025-01-01")]
    results = score(pulled(accounts, facts, opinions), run_config(capacity=1), AS_OF, HASH)
    compared = results.score.loc[results.score["is_compared"] == 1, "account_id"].tolist()
    assert compared == [1, 2, 3, 5, 6, 7]
    assert results.portfolio["compared"][0] == 6
    others = results.score[results.score["is_compared"] == 0]
    assert others[["attractiveness", "explanation", "movement", "financial_value"]].isna().all(axis=None)


def test_equal_revenues_take_the_last_place_by_account():
    facts = [fact(n, REVENUE, 10.0) for n in (4, 3, 2, 1)]
    results = score(pulled([account(n) for n in (4, 3, 2, 1)], facts), run_config(capacity=1), AS_OF, HASH)
    assert results.score["is_compared"].tolist() == [1, 1, 1, 0]


def test_who_bought_nothing_is_not_among_the_largest():
    accounts = [account(number) for number in (1, 2, 3)]
    results = score(
        pulled(accounts, [fact(1, REVENUE, 10.0), fact(2, REVENUE, -5.0)]), run_config(), AS_OF, HASH
    )
    assert results.score["is_compared"].tolist() == [1, 0, 0]


def factor(**changes):
    base = {
        "id": 1,
        "code": "f",
        "dimension": "position",
        "weight": 1,
        "source": "measure",
        "measure": "growth",
    }
    return Factor(**base | changes)


def points(values, **changes):
    frame = pd.DataFrame({"raw": [float(value) for value in values], "reason": 0})
    found = normalised(frame, factor(**changes))
    return [None if pd.isna(value) else value for value in found["normalised"]]


def test_ten_members_are_ranked():
    # 1..10: below the first stands nothing, half of itself counts: ½/10 = 5%, then 15%, …, 95%
    assert points(range(1, 11), method="percentile") == [
        5.0,
        15.0,
        25.0,
        35.0,
        45.0,
        55.0,
        65.0,
        75.0,
        85.0,
        95.0,
    ]
    assert points(range(1, 11), method="percentile", inverted=True)[0] == 95.0


def test_equal_values_share_their_rank():
    # two 1s at the bottom of ten: (0 + ½·2)/10 = 10% each; six 5s: (2 + 3)/10 = 50%; two 9s: (8 + 1)/10 = 90%
    assert points([1, 1, 5, 5, 5, 5, 5, 5, 9, 9], method="percentile") == [10.0] * 2 + [50.0] * 6 + [90.0] * 2


def test_nine_members_lie_between_the_bounds_or_are_unknown():
    assert points(range(9), method="percentile", low=0, high=4) == [0.0, 25.0, 50.0, 75.0] + [100.0] * 5
    assert points(range(9), method="percentile") == [None] * 9


def test_an_unknown_member_is_no_member_of_the_percentile():
    # ten rows, nine known: bounds
    assert points([*range(9), NAN], method="percentile", low=0, high=8)[-2:] == [100.0, None]


def test_bounds_clip_and_never_come_from_the_data():
    assert points([-10, 0, 5, 10, 20], method="bounds", low=0, high=10) == [0.0, 0.0, 50.0, 100.0, 100.0]
    assert points([5], method="bounds", low=0, high=10, inverted=True) == [50.0]
    assert points([5], method="bounds", low=3) == [None]
    assert between_bounds(pd.Series([5.0]), 7, 7).isna().all()


def test_steps_are_climbed_one_by_one():
    steps = ((0, 20), (10, 60), (30, 100))
    assert points([-1, 0, 9.99, 10, 30, 99], method="steps", steps=steps) == [
        0.0,
        20.0,
        20.0,
        60.0,
        100.0,
        100.0,
    ]
    assert on_steps(pd.Series([NAN]), steps).isna().all()


def test_percentile_of_nothing_is_nothing():
    assert percentile(pd.Series([], dtype="float64")).empty
    assert percentile(pd.Series([NAN])).isna().all()


def dimension(weights, values):
    parts = pd.DataFrame(
        {
            "account_id": 1,
            "dimension": "position",
            "weight": weights,
            "normalised": [float(v) for v in values],
        }
    )
    found = weighted_scores(with_contributions(parts)).iloc[0]
    return found["score"], found["known"]


def test_a_score_is_the_weighted_mean_of_what_is_known():
    # 40·80 + 20·50 = 4200, of 60: 70; known are 60 of 100
    assert dimension([40.0, 20.0, 40.0], [80, 50, NAN]) == (70.0, 0.6)


def test_exactly_half_of_the_weight_is_enough_and_less_is_not():
    assert dimension([50.0, 50.0], [80, NAN]) == (80.0, 0.5)
    found, known = dimension([49.0, 51.0], [80, NAN])
    assert pd.isna(found) and known == 0.49
    # 0.1 + 0.2 are half of 0.6, though not in binary
    assert dimension([0.1, 0.2, 0.3], [60, 60, NAN])[0] == 60.0


def test_no_weight_no_score():
    found, known = dimension([0.0, 0.0], [80, 20])
    assert pd.isna(found) and pd.isna(known)


def test_reasons_are_told_one_by_one():
    # margin: nothing sold, so no percentage; strategic value: nobody; image: too old; health: nothing to go
    # by
    opinions = [opinion(7, 3, 5.0, date="2025-01-01")]
    results = score(pulled([account(7, key=1)], opinions=opinions), run_config(), AS_OF, HASH)
    told = json.loads(row(results, 7)["explanation"])
    assert told["parts"] == [
        "no_revenue",
        "no_opinion",
        "too_old",
        "no_data",
        "no_opinion",
        [0.0, "2026-11-20", 0.0, 0.0],
        "no_target",
        "no_answers",
        "no_people",
        "no_target",
        "no_objective",
    ]
    assert told["known"] == {
        "attractiveness": 0.0,
        "position": 0.0,
        "willingness": 0.0,
        "financial_value": 1.0,
        "health": 0.0,
    }
    assert row(results, 7)["health"] is None and row(results, 7)["health_band"] is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"source": "kpi", "kpi_id": 99}, "unavailable"),
        ({"source": "measure", "measure": "share_of_wallet"}, "not_yet"),
        ({"source": "measure", "measure": "growth"}, "no_revenue"),
        ({"source": "kpi", "kpi_id": MARGIN}, "no_rate"),
        ({"source": "kpi", "kpi_id": REVENUE, "high": None}, "no_bounds"),
    ],
)
def test_a_factor_says_why_it_is_unknown(changes, reason):
    factors = [(1, "f", "position", 10, {"low": 0, "high": 10} | changes)]
    facts = [fact(7, REVENUE, 5.0), fact(7, MARGIN, 2.0, unknown=1)]
    results = score(pulled([account(7, key=1)], facts), run_config(factors=factors), AS_OF, HASH)
    assert json.loads(row(results, 7)["explanation"])["parts"] == [reason]


@pytest.mark.parametrize(
    ("margin", "image", "expected"),
    [
        # margin 25% of a bound of 50 is 50 points; image (x − 1)/9: 5.5 is 50 points. The cut itself is high.
        (25.0, 5.5, "invest"),
        (25.0, 5.4, "selective"),
        (24.9, 5.5, "maintain"),
        (24.9, 5.4, "cash"),
        (25.0, None, None),
    ],
)
def test_the_quadrant_begins_at_the_cut(margin, image, expected):
    facts = [fact(7, REVENUE, 100.0), fact(7, MARGIN, margin)]
    opinions = [] if image is None else [opinion(7, 3, image)]
    assert (
        row(score(pulled([account(7, key=1)], facts, opinions), run_config(), AS_OF, HASH), 7)["quadrant"]
        == expected
    )


def test_strategic_and_financial_value_stand_apart():
    # strategic value: (7 − 1)/9 = 66.666667; net margin 400 of a bound of 1000: 40
    facts = [fact(7, REVENUE, 1000.0), fact(7, MARGIN, 400.0)]
    found = row(score(pulled([account(7)], facts, [opinion(7, 2, 7.0)]), run_config(), AS_OF, HASH), 7)
    assert (found["strategic_value"], found["financial_value"]) == (66.666667, 40.0)
