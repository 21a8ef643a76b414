"""One input of satisfaction, relationship, dependence and health is changed at a time; what it feeds moves by what a
hand works out, and nothing else moves."""

import copy
import json

import pandas as pd
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
    request,
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


# What the roll-ups tell beside the scores, of an account whose answers and people are these.
# CSAT: one of two gave 4 or 5. Index: the CSAT of 5 of today, and half a life ago a CSAT of 2 (0 points), a CES of 2 on
# 1 to 6 (20) and a moment that went well (100): (100 + ½·120) / 2½ = 64. 90 days ago these three: 120 / 3 = 40.
# Gap: (2·(4 − 3) + 1·0) / (2·4 + 1·2) = 0.2. Two of two are in touch, one of two roles is filled.
MAY = "2026-05-24"
ROLLED = {
    "accounts": [account(7, key=1), account(8)],
    "answer": [
        answer(7, 1, "csat", 5, person=1),
        answer(7, 2, "csat", 2, person=2, date=MAY),
        answer(7, 3, "ces", 2, person=3, date=MAY, scale=(1, 6)),
        answer(7, 4, "moment", 1, person=3, date=MAY),
    ],
    "request": [request(7, 1, asked=4, answered=1)],
    "person": [
        person(7, 1, "high", last="2026-11-12", current=3.0, target=4.0),
        person(7, 2, cadence=float("nan"), last="2026-11-05", current=2.0, target=2.0, function=5.0),
    ],
    "seat": [seat(7, 1, people=1), seat(7, 2, people=0)],
    "thread": [thread(7, 2)],
}
ROLLED_BEFORE = {
    "csat": 0.5, "ces": 2.0, "favourability": 1.0, "satisfaction": 64.0, "trend": 24.0, "response_rate": 0.25,
    "coverage": 1.0, "people_in_touch": 2, "role_coverage": 0.5, "gap": 0.2, "colleagues": 2, "is_single_thread": 0.0,
    "functions": [[5, 1, 1, 0], [None, 1, 1, 0]], "last_contact": "2026-11-12"}
ROLLED_MOVES = [
    # (100 + ½·220) / 2½; 220 / 3
    ("CSAT", ("answer", 1, "value", 4.0), {"csat": 1.0, "satisfaction": 84.0, "trend": 10.666667}),
    # 40 points: (100 + ½·140) / 2½; 140 / 3
    ("CES", ("answer", 2, "value", 3.0), {"ces": 3.0, "satisfaction": 68.0, "trend": 21.333333}),
    # (100 + ½·20) / 2½; 20 / 3
    ("moment", ("answer", 3, "value", 0.0), {"favourability": 0.0, "satisfaction": 44.0, "trend": 37.333333}),
    # said before the 90 days, the 5 belongs to the index of then, and all weigh the same: 220 / 4
    ("date", ("answer", 0, "date", MAY), {"satisfaction": 55.0, "trend": 0.0}),
    ("asked", ("request", 0, "asked", 5), {"response_rate": 0.2}),
    ("answered", ("request", 0, "answered", 3), {"response_rate": 0.75}),
    ("last contact", ("person", 1, "last_contact", "2026-08-01"),
     {"coverage": 0.5, "people_in_touch": 1, "is_single_thread": 1.0, "functions": [[5, 1, 0, 0], [None, 1, 1, 0]]}),
    # health is as of the latest of the contacts with its people
    ("later contact", ("person", 1, "last_contact", "2026-11-19"), {"last_contact": "2026-11-19"}),
    ("earlier contact", ("person", 1, "last_contact", "2026-11-01"), {}),
    ("rhythm", ("person", 0, "cadence_days", 7),
     {"coverage": 0.5, "people_in_touch": 1, "is_single_thread": 1.0, "functions": [[5, 1, 1, 0], [None, 1, 0, 0]]}),
    ("where we stand", ("person", 0, "current", 4.0), {"gap": 0.0}),
    # (2·1 + 1·2) / (2·4 + 1·4)
    ("where we want to be", ("person", 1, "target", 4.0), {"gap": 0.333333}),
    ("influence", ("person", 0, "power", None), {"gap": 0.166667}),  # 1 / (4 + 2)
    ("function", ("person", 1, "function_id", 6.0), {"functions": [[6, 1, 1, 0], [None, 1, 1, 0]]}),
    ("role", ("seat", 1, "people", 1), {"role_coverage": 1.0}),
    ("one of ours", ("thread", 0, "colleagues", 1), {"colleagues": 1, "is_single_thread": 1.0}),
]


def rolled(said, **settings):
    found = score(pulled(**said), run_config(**settings), AS_OF, HASH)
    whole = found.satisfaction[(found.satisfaction["scope"] == "account") & found.satisfaction["touchpoint_id"].isna()]
    figures = {**whole.iloc[0], **found.relationship.iloc[0]}
    parts = json.loads(row(found, 7)["explanation"])["parts"]
    figures["functions"] = json.loads(figures["functions"])["functions"]
    # in the order of the contract: the relationship is the ninth, after satisfaction
    figures["last_contact"] = parts[8][1]
    return {name: None if name != "functions" and pd.isna(figures[name]) else figures[name] for name in ROLLED_BEFORE}


@pytest.fixture(scope="module")
def usually_rolled():
    return rolled(ROLLED)


def test_rolled_up_before(usually_rolled):
    for name, expected in ROLLED_BEFORE.items():
        assert usually_rolled[name] == near(expected), name


@pytest.mark.parametrize(
    ("change", "moves"), [move[1:] for move in ROLLED_MOVES], ids=[move[0] for move in ROLLED_MOVES])
def test_one_input_moves_what_is_rolled_up_from_it_and_nothing_else(usually_rolled, change, moves):
    section, place, column, value = change
    said = copy.deepcopy(ROLLED)
    assert said[section][place][column] != value
    said[section][place][column] = value
    after = rolled(said)
    for name in ROLLED_BEFORE:
        assert after[name] == near(moves.get(name, usually_rolled[name])), name


@pytest.mark.parametrize(
    ("setting", "value", "moves"),
    [
        # what was said 180 days ago weighs a quarter: (100 + ¼·120) / 1¾; the three of then weigh the same
        ("answer_half_life", 90, {"satisfaction": 74.285714, "trend": 34.285714}),
        # 15 days since the last contact are more than 10
        ("contact_cadence", 10, {"coverage": 0.5, "people_in_touch": 1, "is_single_thread": 1.0,
                                 "functions": [[5, 1, 0, 0], [None, 1, 1, 0]]}),
    ],
)
def test_one_setting_of_the_roll_ups_alone(usually_rolled, setting, value, moves):
    after = rolled(ROLLED, **{setting: value})
    for name in ROLLED_BEFORE:
        assert after[name] == near(moves.get(name, usually_rolled[name])), name


def test_our_capacity_says_from_where_on_a_share_is_high():
    """A tenth of our sales: of 25 accounts high begins at 0.5 / 25 = 2%, of four at 12.5%."""
    said = {**USUAL}
    found = row(score(pulled(said.pop("accounts"), said.pop("facts"), said.pop("opinions"), wallet=said.pop("wallet"),
                             **said), run_config(capacity=4), AS_OF, HASH), 7)
    assert (found["share"], found["dependence"]) == (0.1, "inviting_supplier")


def near(expected):
    # health is made of figures that were rounded themselves
    return pytest.approx(expected, abs=2e-6) if isinstance(expected, float) else expected
