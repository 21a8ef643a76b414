"""One input of satisfaction, relationship, dependence and health is changed at a time; what it feeds moves by what a
hand works out, and nothing else moves."""

import copy

import pytest
from scoring_tables import (
    AS_OF,
    HASH,
    MARGIN,
    REVENUE,
    account,
    answer,
    assessment,
    fact,
    objective,
    opinion,
    person,
    pulled,
    row,
    run_config,
    seat,
    thread,
)

from sync_worker.scoring import score

WATCHED = ("satisfaction", "nps", "relationship", "relationship_quality", "dependence", "health", "health_band",
           "share", "share_of_wallet", "willingness", "quadrant", "financial_value")

# Satisfaction: 100 + 50 + 100 + 0 + 20 over five equal weights: 54; what person 2 said in May was followed by another.
# NPS: one promotes, one is passive: 50. Relationship: (70 + 40) / 2 = 55. Objectives: (100 + 60) / 2 = 80.
# Health: (25·54 + 25·55 + 10·80) / 60 = (1350 + 1375 + 800) / 60 = 58.75.
# Quality: trust 7 is 6/9. Dependence: a tenth of our sales (high from 2%), 40% of its wallet (from 30%), relational,
# and a willingness of 6/9 confirms it.
USUAL = {
    "accounts": [account(7, key=1, manager=9.0), account(8)],
    "facts": [fact(7, REVENUE, 100.0), fact(7, MARGIN, 30.0), fact(8, REVENUE, 900.0)],
    "opinions": [opinion(7, 5, 7.0)],
    "wallet": [{"account_id": 7, "line_id": 1, "counted_at": 7, "is_named": 0, "sales": None, "unknown": 0,
                "typed": 40.0, "spend": 100.0, "our_rank": None, "suppliers": None}],
    "answer": [
        answer(7, 1, "nps", 9, person=1, power="medium"),
        answer(7, 2, "nps", 7, person=2),
        answer(7, 3, "csat", 5, person=1, power="medium"),
        answer(7, 4, "moment", 0, person=3),
        answer(7, 5, "ces", 2, person=3, scale=(1, 6)),
        answer(7, 6, "nps", 0, person=2, date="2026-05-24"),
    ],
    "person": [person(7, 1, "medium", days=3), person(7, 2, "medium")],
    "seat": [seat(7, 1, people=1)],
    "thread": [thread(7, 2)],
    "assessment": [assessment(7, "trust", 7)],
    "objective": [objective(7, 1, "on_track"), objective(7, 2, "at_risk")],
}
BEFORE = {"satisfaction": 54.0, "nps": 50.0, "relationship": 55.0, "relationship_quality": 66.666667,
          "dependence": "mutual_partnership", "health": 58.75, "health_band": "amber", "share": 0.1,
          "share_of_wallet": 0.4, "willingness": 66.666667}

COOL = {"relationship_quality": 33.333333, "dependence": "mutual_competitive"}
UNKNOWN = {"relationship_quality": None, "dependence": None}
MOVES = [
    # satisfaction
    # 50 + 50 + 100 + 0 + 20 = 220 / 5 = 44; (25·44 + 2175) / 60
    ("value", ("answer", 0, "value", 8.0), {"satisfaction": 44.0, "nps": 0.0, "health": 54.583333}),
    # (200 + 50 + 100 + 0 + 20) / 6
    ("influence", ("answer", 0, "power", "high"), {"satisfaction": 61.666667, "health": 61.944444}),
    ("no influence", ("answer", 3, "power", "low"), {"satisfaction": 60.0, "health": 61.25}),  # 270 / 4.5
    # half a life ago the moment weighs half: 270 / 4.5
    ("date", ("answer", 3, "date", "2026-05-24"), {"satisfaction": 60.0, "health": 61.25}),
    # an effort of 2 is then 80 and no longer 20: 330 / 5
    ("direction", ("answer", 4, "low_is_good", 1), {"satisfaction": 66.0, "health": 63.75}),
    # 2 on 1..3 is half way: 300 / 5
    ("scale", ("answer", 4, "scale_max", 3.0), {"satisfaction": 60.0, "health": 61.25}),
    # person 1 said 9, then 7, so that the 9 no longer counts; and the 0 of May is then all that 2 said:
    # (50 + 100 + 0 + 20 + ½·0) / 4.5; one passive, one detracts
    ("person", ("answer", 1, "person", 1.0), {"satisfaction": 37.777778, "nps": -50.0, "health": 51.990741}),
    # about another moment, the 0 of May counts: 270 / 5.5; one promotes, one detracts
    ("touchpoint", ("answer", 5, "touchpoint_id", 3.0), {"satisfaction": 49.090909, "nps": 0.0, "health": 56.704545}),
    # said today, and after the 7: 220 / 5; one promotes, one detracts
    ("the later answer", ("answer", 5, "date", "2026-11-20"), {"satisfaction": 44.0, "nps": 0.0, "health": 54.583333}),
    ("tomorrow", ("answer", 3, "date", "2026-11-21"), {"satisfaction": 67.5, "health": 64.375}),  # 270 / 4
    # relationship
    ("last contact", ("person", 1, "last_contact", "2026-09-21"), {"relationship": 45.0, "health": 54.583333}),
    ("days with a contact", ("person", 1, "contact_days", 3), {"relationship": 70.0, "health": 65.0}),
    ("both ways", ("person", 1, "is_two_way", 1), {"relationship": 70.0, "health": 65.0}),
    # 3 days of the 6 that a rhythm of 15 asks for: 55
    ("rhythm", ("person", 0, "cadence_days", 15), {"relationship": 47.5, "health": 55.625}),
    ("power", ("person", 0, "power", "high"), {"relationship": 60.0, "health": 60.833333}),  # (140 + 40) / 3
    ("never met", ("person", 1, "last_contact", None), {"relationship": 35.0, "health": 50.416667}),
    # (70 + 40 + 0) / 4
    ("role", ("seat", 0, "people", 0), {"relationship": 27.5, "health": 47.291667, "health_band": "red"}),
    # objectives: (100 + 20) / 2 = 60; (1350 + 1375 + 600) / 60
    ("objective", ("objective", 1, "status", "missed"), {"health": 55.416667}),
    ("objective reached", ("objective", 1, "status", "achieved"), {"health": 62.083333}),
    # quality and dependence
    ("rating", ("assessment", 0, "value", 4.0), COOL),
    ("inverted", ("assessment", 0, "is_inverted", 1), COOL),
    ("rated by the manager alone", ("assessment", 0, "rater_id", 9), UNKNOWN),
    ("rated long ago", ("assessment", 0, "date", "2025-05-19"), UNKNOWN),
    ("spend", ("wallet", 0, "spend", 200.0), {"share_of_wallet": 0.2, "dependence": "inviting_buyer"}),
    ("sales in the wallet", ("wallet", 0, "typed", 29.0), {"share_of_wallet": 0.29, "dependence": "inviting_buyer"}),
    # 100 of 10,000
    ("share of our sales", ("facts", 2, "value_now", 9900.0), {"share": 0.01, "dependence": "inviting_supplier"}),
    ("willingness", ("opinions", 0, "value", 1.0), {"willingness": 0.0, "dependence": "mutual_unconfirmed"}),
]


def outcome(said):
    said = dict(said)
    found = row(score(pulled(said.pop("accounts"), said.pop("facts"), said.pop("opinions"), wallet=said.pop("wallet"),
                             **said), run_config(), AS_OF, HASH), 7)
    return {name: found[name] for name in WATCHED}


@pytest.fixture(scope="module")
def usual():
    return outcome(USUAL)


def test_before(usual):
    for name, expected in BEFORE.items():
        assert usual[name] == near(expected), name


@pytest.mark.parametrize(("change", "moves"), [move[1:] for move in MOVES], ids=[move[0] for move in MOVES])
def test_one_input_moves_what_it_feeds_and_nothing_else(usual, change, moves):
    section, place, column, value = change
    said = copy.deepcopy(USUAL)
    assert said[section][place][column] != value
    said[section][place][column] = value
    after = outcome(said)
    for name in WATCHED:
        assert after[name] == near(moves.get(name, usual[name])), name


@pytest.mark.parametrize(
    ("setting", "value", "moves"),
    [
        ("answer_half_life", 90, {}),  # all that counts is of today
        ("contact_window", 180, {"relationship": 47.5, "health": 55.625}),  # 3 days of the 6 of 180 days: 55
        ("dependence_quality", 70, {"dependence": "mutual_competitive"}),
        ("dependence_wallet", 41, {"dependence": "inviting_buyer"}),
        ("dependence_sales", 2.6, {"dependence": "inviting_supplier"}),  # 2.6 / 25 = 10.4%
        ("willingness_gate", 67, {"dependence": "mutual_unconfirmed"}),
    ],
)
def test_one_setting_alone(usual, setting, value, moves):
    said = dict(USUAL)
    found = row(score(pulled(said.pop("accounts"), said.pop("facts"), said.pop("opinions"), wallet=said.pop("wallet"),
                             **said), run_config(**{setting: value}), AS_OF, HASH), 7)
    for name in WATCHED:
        assert found[name] == near(moves.get(name, usual[name])), name


def near(expected):
    # health is made of figures that were rounded themselves
    return pytest.approx(expected, abs=2e-6) if isinstance(expected, float) else expected
