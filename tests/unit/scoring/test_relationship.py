"""Whom we know at an account, how well, and what the raters of the relation say."""

import json
import math

import pandas as pd
import pytest
from scoring_tables import (
    AS_OF,
    HASH,
    NAN,
    account,
    assessment,
    person,
    pulled,
    row,
    run_config,
    seat,
    thread,
)

from sync_worker.frames import Settings
from sync_worker.scoring import score
from sync_worker.scoring.people import people_strengths
from sync_worker.scoring.rollups import roll_ups

HALF_A_YEAR = "2026-05-24"


def rolled(people=(), seats=(), threads=(), assessments=(), manager=NAN, **settings):
    pull = pulled([account(7, key=1, manager=manager)], person=people, seat=seats, thread=threads,
                  assessment=assessments)
    return roll_ups(pull, pd.Index([7]), Settings(**settings), AS_OF)


def relation(*people, **more):
    """The row of account 7, unknown as None."""
    [found] = rolled(people, **more).relationship.to_dict("records")
    return {name: None if pd.isna(value) else value for name, value in found.items()}


def strength(last, days=0, both_ways=0, cadence=30, **settings):
    # somebody else of the account has been met, so that never is never
    found = rolled([person(7, 1, cadence=cadence, last=last, days=days, both_ways=both_ways), person(7, 2)], **settings)
    return found.person["strength"][0]


@pytest.mark.parametrize(
    ("last", "days", "both_ways", "points"),
    [
        ("2026-11-20", 0, 0, 40.0),
        ("2026-10-21", 0, 0, 40.0),  # 30 days ago, within the rhythm
        ("2026-09-21", 0, 0, 20.0),  # 60 days: one rhythm late
        ("2026-08-22", 0, 0, 10.0),  # 90 days: two
        ("2026-11-20", 1, 0, 50.0),  # 1 day of the 3 that the rhythm asks for in 90
        ("2026-11-20", 3, 0, 70.0),
        ("2026-11-20", 9, 0, 70.0),
        ("2026-11-20", 3, 1, 100.0),
        (None, 0, 0, 0.0),
    ],
)
def test_the_relationship_of_a_person(last, days, both_ways, points):
    assert strength(last, days, both_ways) == points


def test_the_rhythm_is_that_of_the_role_or_else_the_setting():
    # 60 days ago: within 60; with none known within 90; a setting of 20 is two rhythms late
    assert strength("2026-09-21", cadence=60) == 40.0
    assert strength("2026-09-21", cadence=None) == 40.0
    assert strength("2026-09-21", cadence=None, contact_cadence=20) == 10.0
    # 1 day in a window of 60 days with a rhythm of 30: half of what is asked for
    assert strength("2026-11-20", 1, contact_window=60) == 55.0


def test_in_touch_up_to_the_last_day_of_the_rhythm():
    found = rolled([person(7, 1, last="2026-10-21"), person(7, 2, last="2026-10-20"), person(7, 3, last=None)])
    assert found.person["is_in_touch"].tolist() == [1, 0, 0]
    assert found.relationship["coverage"].tolist() == [0.33333333]


def test_the_strength_of_the_account_by_hand():
    # (2·100 + ½·40 + 1·0 + 2·0 of an empty role) / (2 + ½ + 1 + 2) = 220 / 5.5 = 40
    found = relation(
        person(7, 1, "high", days=3, both_ways=1),
        person(7, 2, "low"),
        person(7, 3, last=None),
        seats=[seat(7, 1, 2), seat(7, 2, 0)],
    )
    assert found["strength"] == 40.0
    assert (found["people"], found["people_in_touch"], found["coverage"]) == (3, 2, 0.66666667)
    assert (found["roles_required"], found["roles_filled"], found["role_coverage"]) == (2, 1, 0.5)


def test_nobody_was_ever_contacted_on_record():
    results = score(pulled([account(7, key=1)], person=[person(7, 1, last=None), person(7, 2, last=None)],
                           thread=[thread(7, 3)]), run_config(), AS_OF, HASH)
    assert results.person["strength"].isna().all()
    [found] = results.relationship.to_dict("records")
    assert all(math.isnan(found[name]) for name in ("strength", "coverage", "is_single_thread"))
    assert (found["people"], found["people_in_touch"]) == (2, 0)
    assert json.loads(row(results, 7)["explanation"])["parts"][8] == "no_contact"


def test_roles_without_people_are_unknown_and_not_zero():
    results = score(pulled([account(7, key=1)], seat=[seat(7, 1), seat(7, 2)]), run_config(), AS_OF, HASH)
    [found] = results.relationship.to_dict("records")
    assert math.isnan(found["strength"]) and math.isnan(found["is_single_thread"])
    assert (found["role_coverage"], found["people"]) == (0.0, 0)
    told = json.loads(row(results, 7)["explanation"])
    assert told["parts"][8] == "no_people" and "people" not in told


def test_no_required_roles_have_no_coverage():
    assert relation(person(7, 1))["role_coverage"] is None


def test_the_gap_by_hand():
    # high: wanted 4, has 2; low: wanted 2, has 3 (no debt the other way); two of whom one side is unknown don't count
    found = relation(
        person(7, 1, "high", current=2, target=4),
        person(7, 2, "low", current=3, target=2),
        person(7, 3, "high", current=0),
        person(7, 4, "high", target=4),
    )
    # (2·2 + ½·0) / (2·4 + ½·2) = 4 / 9
    assert found["gap"] == 0.44444444
    assert relation(person(7, 3, current=0), person(7, 4, target=4))["gap"] is None
    assert relation(person(7, 3, current=0, target=4))["gap"] == 1.0


@pytest.mark.parametrize(
    ("in_touch", "colleagues", "alone"), [(2, 2, 0), (1, 2, 1), (2, 1, 1), (0, 0, 1), (3, None, 1)]
)
def test_a_single_thread(in_touch, colleagues, alone):
    people = [person(7, n, last="2026-11-20" if n <= in_touch else "2026-01-01") for n in (1, 2, 3)]
    threads = [] if colleagues is None else [thread(7, colleagues)]
    found = relation(*people, threads=threads)
    assert (found["is_single_thread"], found["colleagues"]) == (alone, colleagues or 0)


def test_people_by_function():
    people = [
        person(7, 1, function=9, days=2),
        person(7, 2, function=3, days=1, last="2026-01-01"),
        person(7, 3, days=4),
        person(7, 4, function=9, days=1, last="2026-01-01"),
    ]
    assert json.loads(relation(*people)["functions"]) == {"functions": [[3, 1, 0, 1], [9, 2, 1, 3], [None, 1, 1, 4]]}


def test_who_weighs_most_is_named():
    people = [person(7, n, "high" if n == 6 else None, days=n) for n in range(1, 7)]
    results = score(pulled([account(7, key=1)], person=people, seat=[seat(7, 1)]), run_config(), AS_OF, HASH)
    told = json.loads(row(results, 7)["explanation"])
    # weights 2 + 5·1 + 2 of the empty role = 9; of equals the weakest first: 50, 60, 70, 70
    ninth = 0.11111111
    assert told["people"] == [[6, 0.22222222, 70.0], [1, ninth, 50.0], [2, ninth, 60.0], [3, ninth, 70.0],
                              [4, ninth, 70.0]]
    # (2·70 + 50 + 60 + 3·70 + 0) / 9 = 460 / 9
    assert row(results, 7)["relationship"] == pytest.approx(51.111111, abs=1e-6)
    assert told["parts"][8][:2] == [51.111111, "2026-11-20"]


def test_a_person_weighs_as_the_influence_says():
    people = people_strengths(pulled([account(7)], person=[
        person(7, 1, "low"), person(7, 2, "medium"), person(7, 3, "high"), person(7, 4)]).person, Settings(), AS_OF)
    assert people["influence"].tolist() == [0.5, 1.0, 2.0, 1.0]


def test_the_quality_by_hand():
    # trust: 10 of today and 4 of half a life ago: (10 + ½·4) / 1½ = 8 -> 77.777778. Conflict 4 -> 33.333333, turned
    # round 66.666667. Closeness: the manager's 10 weighs half beside a 4: (½·10 + 4) / 1½ = 6 -> 55.555556
    said = [
        assessment(7, "trust", 10, rater=1),
        assessment(7, "trust", 4, rater=2, date=HALF_A_YEAR),
        assessment(7, "conflict", 4, rater=1),
        assessment(7, "closeness", 10, rater=9),
        assessment(7, "closeness", 4, rater=1),
    ]
    found = relation(assessments=said, manager=9.0)
    # (77.777778 + 66.666667 + 55.555556) / 3 = 200 / 3
    assert found["quality"] == pytest.approx(66.666667, abs=1e-6)
    assert (found["quality_raters"], found["quality_date"]) == (3, pd.Timestamp("2026-11-20"))
    assert json.loads(found["aspects"]) == {
        "closeness": [pytest.approx(55.555556, abs=1e-6), 2, 6.0, "2026-11-20"],
        "conflict": [pytest.approx(66.666667, abs=1e-6), 1, 0.0, "2026-11-20"],
        "trust": [pytest.approx(77.777778, abs=1e-6), 2, 6.0, "2026-11-20"],
    }
    assert (found["people"], found["strength"], found["is_single_thread"]) == (0, None, None)


def test_the_manager_alone_makes_no_mean():
    said = [assessment(7, "trust", 9, rater=9), assessment(7, "closeness", 4, rater=1)]
    # trust is the manager's alone; closeness 4 -> 33.333333
    found = relation(assessments=said, manager=9.0)
    assert found["quality"] == pytest.approx(33.333333, abs=1e-6)
    assert list(json.loads(found["aspects"])) == ["closeness"]
    alone = relation(assessments=said[:1], manager=9.0)
    assert (alone["quality"], alone["aspects"], alone["quality_raters"]) == (None, None, 1)


def test_what_is_too_old_or_not_yet_said_does_not_count():
    old = assessment(7, "trust", 9, date="2025-05-19")  # a day over 18 months
    found = relation(assessments=[old])
    assert (found["quality"], found["quality_raters"], found["quality_date"]) == (None, 0, None)
    newer = assessment(7, "trust", 1, rater=2)
    assert relation(assessments=[old, newer])["quality"] == 0.0
    assert rolled(assessments=[assessment(7, "trust", 9, date="2026-11-21")]).relationship.empty


def test_an_account_that_was_only_assessed_keeps_its_threads():
    assert relation(assessments=[assessment(7, "trust", 9)], threads=[thread(7, 3)])["colleagues"] == 3


def test_threads_alone_are_no_relationship():
    assert rolled(threads=[thread(7, 3)]).relationship.empty
