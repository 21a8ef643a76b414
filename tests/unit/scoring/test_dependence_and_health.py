"""Who depends on whom, and how the account is doing."""

import json

import pandas as pd
import pytest
from scoring_tables import AS_OF, HASH, account, pulled, row, run_config

from sync_worker.frames import Settings
from sync_worker.scoring import score
from sync_worker.scoring.dependence import dependence
from sync_worker.scoring.health import (
    guarded,
    health_band,
    index_component,
    objectives_component,
    pipeline_component,
    sales_component,
)

NAN = float("nan")


@pytest.mark.parametrize(
    ("share", "wallet", "quality", "willingness", "expected"),
    [
        # high from 0.5 / 25 = 2% of our sales, 30% of its wallet; relational from a quality of 50
        (0.02, 0.30, 50, 40, "mutual_partnership"),
        (0.02, 0.30, 50, 39.9, "mutual_unconfirmed"),
        (0.02, 0.30, 50, NAN, "mutual_unconfirmed"),
        (0.02, 0.30, 49.9, 90, "mutual_competitive"),
        (0.02, 0.29, 50, 90, "inviting_buyer"),
        (0.02, 0.29, 49, 90, "vulnerable_supplier"),
        (0.019, 0.30, 50, 90, "inviting_supplier"),
        (0.019, 0.30, 49, 90, "vulnerable_buyer"),
        (0.019, 0.29, 50, 90, "low"),
        (NAN, 0.30, 50, 90, None),
        (0.02, NAN, 50, 90, None),
        (0.02, 0.30, NAN, 90, None),
    ],
)
def test_dependence(share, wallet, quality, willingness, expected):
    frame = pd.DataFrame(
        {"share": [share], "share_of_wallet": [wallet], "quality": [quality], "willingness": [willingness]}
    )
    found = dependence(frame, Settings()).iloc[0]
    assert (None if pd.isna(found) else found) == expected


def test_a_smaller_capacity_makes_each_account_matter_more():
    # at a capacity of 10 high begins at 0.5 / 10 = 5%
    frame = pd.DataFrame(
        {"share": [0.04], "share_of_wallet": [0.1], "quality": [60.0], "willingness": [60.0]}
    )
    assert dependence(frame, Settings(capacity=10)).tolist() == ["low"]


@pytest.mark.parametrize(
    ("pace", "points"),
    [
        (0, 0),
        (60, 0),
        (72.5, 25),
        (85, 50),
        (90, 62.5),
        (95, 75),
        (100, 87.5),
        (105, 100),
        (200, 100),
    ],
)
def test_sales_run_in_straight_lines(pace, points):
    assert sales_component(pd.Series([float(pace)])).tolist() == [points]


@pytest.mark.parametrize(
    ("coverage", "points"), [(-1, 0), (0, 0), (0.5, 25), (1, 50), (2, 75), (2.5, 87.5), (3, 100), (9, 100)]
)
def test_the_pipeline_runs_in_straight_lines(coverage, points):
    assert pipeline_component(pd.Series([float(coverage)]), pd.Series([False])).tolist() == [points]


def test_unknown_components_stay_unknown():
    assert sales_component(pd.Series([NAN])).isna().all()
    assert pipeline_component(pd.Series([NAN]), pd.Series([False])).isna().all()
    assert index_component(pd.Series([NAN])).isna().all()
    assert objectives_component(pd.DataFrame({"account_id": [7], "status": ["draft"]})).empty


def test_an_index_beyond_its_scale_is_refused():
    with pytest.raises(ValueError):
        index_component(pd.Series([101.0]))


@pytest.mark.parametrize(
    ("components", "before", "after", "code"),
    [
        ([("sales", 30, 25.0)], 81.0, 81.0, None),  # 25 itself is not under 25
        ([("sales", 30, 24.9)], 81.0, 49.0, "sales"),
        ([("satisfaction", 25, 0.0)], 60.0, 49.0, "satisfaction"),
        ([("relationship", 25, 10.0)], 80.0, 74.0, "relationship"),
        ([("relationship", 25, 10.0)], 70.0, 70.0, None),  # already under the cap
        ([("pipeline", 10, 0.0), ("satisfaction", 25, 5.0)], 80.0, 49.0, "satisfaction"),
        ([("sales", 30, 5.0), ("satisfaction", 25, 0.0)], 80.0, 49.0, "sales"),
        ([("sales", 0, 5.0)], 80.0, 80.0, None),  # what weighs nothing caps nothing
        ([("sales", 30, NAN)], 80.0, 80.0, None),  # the unknown is never bad
        ([("sales", 30, 5.0)], NAN, None, None),
    ],
)
def test_the_guard(components, before, after, code):
    parts = pd.DataFrame(components, columns=["code", "weight", "normalised"]).assign(account_id=7)
    found = guarded(parts, pd.Series({7: before})).iloc[0]
    assert (None if pd.isna(found["after"]) else found["after"], found["cap_code"]) == (after, code)


@pytest.mark.parametrize(
    ("health", "band"), [(0, "red"), (49.999999, "red"), (50, "amber"), (74.999999, "amber"), (75, "green")]
)
def test_bands(health, band):
    assert health_band(pd.Series([float(health)])).tolist() == [band]


def component(code, points, raw=NAN, number=7):
    return {
        "account_id": number,
        "code": code,
        "raw": points if raw != raw else raw,
        "date": pd.Timestamp("2026-11-20"),
        "normalised": points,
    }


def test_health_from_its_components():
    # sales 20 (weight 30), satisfaction 90 and relationship 90 (25 each), pipeline 100 (10); no objectives.
    # (600 + 2250 + 2250 + 1000) / 90 = 6100 / 90 = 67.777778; sales under 25 cap it at 49: red.
    components = pd.DataFrame(
        [
            component("sales", 20.0, raw=70.0),
            component("satisfaction", 90.0),
            component("relationship", 90.0),
            component("pipeline", 100.0, raw=4.0),
        ]
    )
    results = score(pulled([account(7, key=1)]), run_config(), AS_OF, HASH, components)
    found = row(results, 7)
    assert (found["health"], found["health_band"]) == (49.0, "red")
    told = json.loads(found["explanation"])
    # 600 / 90 = 6.66666667
    assert told["parts"][6] == [70.0, "2026-11-20", 20.0, 6.66666667]
    assert told["parts"][10] == "no_objective"
    assert told["known"]["health"] == 0.9
    assert told["guard"] == [67.777778, 49.0, "sales"]


def test_health_under_half_known_is_unknown_and_not_red():
    # sales and pipeline weigh 40 of 100
    components = pd.DataFrame([component("sales", 10.0), component("pipeline", 10.0)])
    found = row(score(pulled([account(7, key=1)]), run_config(), AS_OF, HASH, components), 7)
    assert (found["health"], found["health_band"]) == (None, None)
    told = json.loads(found["explanation"])
    assert told["known"]["health"] == 0.4 and "guard" not in told
