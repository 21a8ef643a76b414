"""Why a score moved: rows worked out by hand, which sum to the difference."""

import json

import pandas as pd
import pytest
from scoring_tables import AS_OF, HASH, MARGIN, REVENUE, account, fact, opinion, pulled, row, run_config

from sync_worker.scoring import score
from sync_worker.scoring.movement import Side, movement_rows, score_movement

NAN = float("nan")
WEIGHTS = {"a": 40.0, "b": 20.0, "c": 40.0}


def rows(before, after, weights=WEIGHTS, changed=False):
    found = movement_rows(before, after, weights, changed)
    assert sum(points for _kind, _code, points in found) == pytest.approx(
        after.score - before.score, abs=1e-9
    )
    return found


def test_a_change_weighs_what_it_weighs_among_the_common_parts():
    # a 50 -> 80 with 40 of 60: +20; b 50 -> 20 with 20 of 60: −10
    assert rows(Side(50.0, {"a": 50.0, "b": 50.0}), Side(60.0, {"a": 80.0, "b": 20.0})) == [
        ["changed", "a", 20.0],
        ["changed", "b", -10.0],
    ]


def test_what_appears_counts_by_its_distance_from_the_rest():
    # a stays 60; b comes with 30: a third × (30 − 60) = −10
    assert rows(Side(60.0, {"a": 60.0}), Side(50.0, {"a": 60.0, "b": 30.0})) == [["appeared", "b", -10.0]]


def test_losing_a_good_part_is_negative():
    # a stays 60; b was 90: (40·60 + 20·90) / 60 = 70; it takes a third × (90 − 60) = 10 away
    assert rows(Side(70.0, {"a": 60.0, "b": 90.0}), Side(60.0, {"a": 60.0})) == [["vanished", "b", -10.0]]


def test_one_goes_one_comes_one_changes():
    # before: a 60, b 90 -> 70. After: a 72, c 32 -> (40·72 + 40·32) / 80 = 52.
    # changed: a +12. appeared: c ½·(32 − 72) = −20. vanished: b −⅓·(90 − 60) = −10. In all −18.
    assert rows(Side(70.0, {"a": 60.0, "b": 90.0}), Side(52.0, {"a": 72.0, "c": 32.0})) == [
        ["changed", "a", 12.0],
        ["appeared", "c", -20.0],
        ["vanished", "b", -10.0],
    ]


def test_without_a_common_part_its_score_counts_as_zero():
    # before only b 30, after only a 80
    assert rows(Side(30.0, {"b": 30.0}), Side(80.0, {"a": 80.0})) == [
        ["appeared", "a", 80.0],
        ["vanished", "b", -30.0],
    ]


def test_changed_settings_have_a_row_of_their_own():
    # stored 65 under old weights; under the new ones the old parts score (40·60 + 20·90) / 60 = 70: settings
    # +5. Then a 60 -> 66 with 40 of 60: +4. In all 65 -> 74.
    before, after = Side(65.0, {"a": 60.0, "b": 90.0}), Side(74.0, {"a": 66.0, "b": 90.0})
    assert rows(before, after, changed=True) == [["changed", "a", 4.0], ["settings", "", 5.0]]


def test_a_factor_that_is_gone_belongs_to_the_settings():
    # old: x 20 and a 60 made 40; without x the old parts score 60
    assert rows(Side(40.0, {"a": 60.0, "x": 20.0}), Side(60.0, {"a": 60.0}), changed=True) == [
        ["settings", "", 20.0]
    ]


def test_the_guard_has_a_row_of_its_own():
    # before 80 without a cap; now the parts say 76 and the guard takes 27: 49
    found = rows(Side(80.0, {"a": 80.0}), Side(49.0, {"a": 76.0}, guard=-27.0))
    assert found == [["changed", "a", -4.0], ["guard", "", -27.0]]
    # and when it lets go
    assert rows(Side(49.0, {"a": 76.0}, guard=-27.0), Side(80.0, {"a": 80.0})) == [
        ["changed", "a", 4.0],
        ["guard", "", 27.0],
    ]


def test_rounding_of_the_scores_hides_in_the_largest_row():
    # a third and two thirds: 33.333333 -> 66.666667 as stored, 33.33333333 as parts
    before = Side(33.333333, {"a": 33.33333333})
    after = Side(66.666667, {"a": 66.66666667})
    assert rows(before, after) == [["changed", "a", 33.333334]]


def test_a_part_of_no_weight_moves_nothing():
    assert rows(
        Side(50.0, {"a": 50.0, "z": 1.0}), Side(60.0, {"a": 60.0, "z": 99.0}), {"a": 1.0, "z": 0.0}
    ) == [["changed", "a", 10.0]]


def test_unknown_on_one_side_has_no_rows():
    assert score_movement(Side(None), Side(50.0), {}, False) == {"after": 50.0, "rows": []}
    assert score_movement(Side(50.0), Side(None), {}, False) == {"before": 50.0, "rows": []}
    assert score_movement(Side(None), Side(None), {}, False) is None


@pytest.mark.parametrize(("moved", "told"), [(0.0000004, False), (0.000001, True)])
def test_a_score_moves_from_a_millionth_on(moved, told):
    found = score_movement(Side(50.0, {"a": 50.0}), Side(50.0 + moved, {"a": 50.0 + moved}), WEIGHTS, False)
    assert (found is not None) == told


CODES = "gross_margin strategic_value image cost_to_serve co_funding net_margin"


def remembered(reference, as_of, parts, config_hash=HASH, **scores):
    names = ("attractiveness", "position", "willingness", "strategic_value", "financial_value", "health")
    return {
        "account_id": 7,
        "reference": reference,
        "as_of": as_of,
        "config_hash": config_hash,
        "codes": CODES,
        "explanation": parts
        if isinstance(parts, str)
        else json.dumps({"parts": parts, "known": {}, "notes": []}),
        **{name: scores.get(name, NAN) for name in names},
    }


def moved(history, **config):
    # margin 25% of a bound of 50: 50 points. Strategic value 5.5: 50 points. Attractiveness 50.
    facts = [fact(7, REVENUE, 1000.0), fact(7, MARGIN, 250.0)]
    opinions = [opinion(7, 2, 5.5)]
    results = score(pulled([account(7, key=1)], facts, opinions, history), run_config(**config), AS_OF, HASH)
    told = row(results, 7)["movement"]
    return told if told is None else json.loads(told)


def part(points):
    return [0.0, "2026-11-19", points, 0.0]


def test_an_account_without_a_past_has_no_movement():
    assert moved([]) is None


def test_yesterday_and_last_week_side_by_side():
    yesterday = [part(50.0), "no_opinion", "no_opinion", "no_data", "no_opinion", part(25.0)]
    last_week = [part(20.0), part(80.0), "no_opinion", "no_data", "no_opinion", part(25.0)]
    # yesterday: margin alone, 50; the opinion appeared at 50, at no distance: attractiveness stays 50.
    # last week: (40·20 + 20·80)/60 = 40; margin +30·⅔ = +20, opinion −30·⅓ = −10.
    found = moved(
        [
            remembered("run", "2026-11-19", yesterday, attractiveness=50.0, financial_value=25.0),
            remembered(
                "week",
                "2026-11-13",
                last_week,
                attractiveness=40.0,
                strategic_value=80.0,
                financial_value=25.0,
            ),
        ]
    )
    assert found == {
        "run": {
            "since": "2026-11-19",
            "settings_changed": False,
            "scores": {"strategic_value": {"after": 50.0, "rows": []}},
        },
        "week": {
            "since": "2026-11-13",
            "settings_changed": False,
            "scores": {
                "attractiveness": {
                    "before": 40.0,
                    "after": 50.0,
                    "rows": [["changed", "gross_margin", 20.0], ["changed", "strategic_value", -10.0]],
                },
                "strategic_value": {
                    "before": 80.0,
                    "after": 50.0,
                    "rows": [["changed", "strategic_value", -30.0]],
                },
            },
        },
    }


def test_other_settings_are_said():
    # under today's weights yesterday's parts score (40·50 + 20·80)/60 = 60, not the 65 of then: −5;
    # then the opinion fell from 80 to 50: −30·⅓ = −10
    yesterday = [part(50.0), part(80.0), "no_opinion", "no_data", "no_opinion", part(25.0)]
    found = moved(
        [
            remembered(
                "run",
                "2026-11-19",
                yesterday,
                config_hash="older",
                attractiveness=65.0,
                strategic_value=80.0,
                financial_value=25.0,
            )
        ]
    )
    assert found["run"]["settings_changed"] is True
    assert found["run"]["scores"]["attractiveness"]["rows"] == [
        ["changed", "strategic_value", -10.0],
        ["settings", "", -5.0],
    ]


@pytest.mark.parametrize("damaged", ["{", "[]", '{"parts":[1]}', '{"parts":null}'])
def test_a_past_that_cannot_be_read_stops_nothing(damaged):
    found = moved([remembered("run", "2026-11-19", damaged, attractiveness=40.0)])
    # what was unknown then can still be told
    assert "attractiveness" not in found["run"]["scores"]
    assert found["run"]["scores"]["strategic_value"] == {"after": 50.0, "rows": []}


def test_a_member_that_was_not_assessed_then():
    found = moved([remembered("run", "2026-11-19", "")])
    assert found["run"]["scores"]["attractiveness"] == {"after": 50.0, "rows": []}


def test_who_is_not_compared_has_no_movement():
    history = [remembered("run", "2026-11-19", [part(50.0)] + ["no_data"] * 5, attractiveness=50.0)]
    results = score(pulled([account(7)], history=history), run_config(), AS_OF, HASH)
    assert pd.isna(results.score["movement"].iloc[0])
