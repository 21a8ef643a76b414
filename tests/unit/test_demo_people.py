"""The demo's people: who decides, where we stand with them, what was said and reviewed fit together, as in life."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest
from test_demo_story import of, table

PEOPLE = {row["contact"]: row for row in table("stakeholders")}
COMPANY = {row["id"]: row["company"] for row in table("contacts")}
PARENT = {row["id"]: row["parent"] for row in table("accounts")}
ACCEPTED = [row for row in table("nominations") if row["state"] == "accepted" and row["kind"] in ("entry", "tier")]
TIER = {row["account"]: row["tier"] for row in ACCEPTED}
MANAGER = {row["account"]: row["manager"] for row in ACCEPTED}
DECIDED = {row["account"]: int(row["decided"]) for row in reversed(ACCEPTED)}
STAGES = ["basic", "cooperative", "interdependent", "integrated"]
MONTHS = {"strategic": 3, "key": 6}
QUARTER = 90
LATELY = 120
# Columns of a rating that are no aspects.
ASIDE = ("account", "user", "age", "comment", "comment_es")


def account_of(company: str) -> str:
    """The nearest key account, going up."""
    while company not in TIER and PARENT.get(company):
        company = PARENT[company]
    return company


def team(account: str, day: int) -> set[str]:
    """Who worked for the account so many days ago."""
    members = {row["user"] for row in of("teams", account)
               if int(row["since"]) >= day and (not row["until"] or int(row["until"]) <= day)}
    return members | {MANAGER[account]}


def touches(contact: str) -> list[dict[str, str]]:
    return [row for row in table("touches") if row["contact"] == contact]


# ------------------------------------------------------------------------------------------------------ stakeholders
@pytest.mark.parametrize("account", sorted(TIER))
def test_somebody_decides_and_somebody_buys(account: str) -> None:
    roles = {role for name, row in PEOPLE.items() if account_of(COMPANY[name]) == account
             for role in row["roles"].split()}
    assert {"decider", "buyer"} <= roles


@pytest.mark.parametrize("name", sorted(PEOPLE))
def test_whom_they_report_to(name: str) -> None:
    above, seen = name, []
    while above:
        assert above not in seen, f"{name} reports to themselves"
        seen.append(above)
        assert account_of(COMPANY[above]) == account_of(COMPANY[name]), f"{above} is of another account"
        above = PEOPLE[above]["boss"]


@pytest.mark.parametrize("name", sorted(PEOPLE))
def test_where_we_stand_with_them(name: str) -> None:
    """A relation has people on both sides, and shows in when they last talked."""
    row, met = PEOPLE[name], touches(name)
    today = int(row["today"] or 0)
    assert not row["wanted"] or int(row["wanted"]) >= today
    if today == 0:
        assert not met and not row["known"], "whom nobody knows, nobody met"
    else:
        assert met, "whoever knows us was in touch"
    if today >= 2:
        assert row["known"], "somebody of ours works with them"
    if today >= 3:
        assert any(int(touch["day"]) <= QUARTER and touch["direction"] == "both" for touch in met), \
            "who trusts us talked with us this quarter"
    if row["support"] == "champion":
        assert today >= 3
    if row["support"] == "opponent":
        assert today <= 1


def test_what_is_told_of_them() -> None:
    """Every kind is there to be seen: each support, somebody unknown, a step that is late and steps that wait."""
    assert set(Counter(row["support"] for row in PEOPLE.values())) == {
        "", "champion", "supporter", "neutral", "sceptic", "opponent"}
    assert any(not row["power"] and not row["support"] for row in PEOPLE.values())
    days = [int(row["day"]) for row in PEOPLE.values() if row["step"]]
    assert min(days) < 0 < max(days)
    assert all(bool(row["step"]) == bool(row["day"]) for row in PEOPLE.values())
    for name, row in PEOPLE.items():
        if row["individual"]:
            account = account_of(COMPANY[name])
            assert set(row["known"].split()) & team(account, 0), "what is for the team alone the team has found out"


# ---------------------------------------------------------------------------------------------------------- contacts
def test_contacts_are_of_people_with_those_who_work_for_them() -> None:
    for row in table("touches"):
        account = account_of(COMPANY[row["contact"]])
        assert row["contact"] in PEOPLE, row
        assert row["user"] in team(account, int(row["day"])), row
        assert row["channel"] == "email" or row["direction"] == "both", row
    days = Counter((row["contact"], row["day"], row["channel"]) for row in table("touches"))
    assert set(days.values()) == {1}, "one person, one day, one way of being in touch"


@pytest.mark.parametrize("row", table("responses"), ids=lambda row: row["id"])
def test_answers_sound_like_those_who_gave_them(row: dict[str, str]) -> None:
    lowest, highest = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7), "moment": (0, 1)}[row["kind"]]
    assert lowest <= int(row["value"]) <= highest and int(row["day"]) >= 0
    assert bool(row["contact"]) != bool(row["account"]), "anonymous, or somebody's"
    if row["contact"] and row["kind"] == "nps" and int(row["day"]) <= LATELY:  # where they stand is of today
        support = PEOPLE[row["contact"]]["support"]
        assert not (support in ("champion", "supporter") and int(row["value"]) < 7)
        assert not (support in ("opponent", "sceptic") and int(row["value"]) > 6)


# --------------------------------------------------------------------------------------------------------- relations
@pytest.mark.parametrize("row", table("relations"), ids=lambda row: row["account"])
def test_stages_rise_and_began_while_it_was_a_key_account(row: dict[str, str]) -> None:
    assert int(row["since"]) <= DECIDED[row["account"]]
    assert bool(row["target"]) == bool(row["by"])
    if row["target"]:
        assert STAGES.index(row["target"]) == STAGES.index(row["stage"]) + 1, "one stage at a time"
        assert 0 < int(row["by"]) <= 540
    people = [PEOPLE[name] for name in PEOPLE if account_of(COMPANY[name]) == row["account"]]
    if STAGES.index(row["stage"]) >= 1:
        assert max(int(person["today"] or 0) for person in people) >= 2, "it stands on people"
    if row["stage"] == "interdependent":
        assert len({user for person in people for user in person["known"].split()}) >= 3, "and on several of ours"


def test_ratings_tell_of_an_account_that_is_rated_by_several_and_of_one_that_is_not() -> None:
    raters: dict[str, set[str]] = defaultdict(set)
    for row in table("relation_ratings"):
        raters[row["account"]].add(row["user"])
        known = [value for name, value in row.items() if name not in ASIDE]
        assert all(not value or 1 <= int(value) <= 10 for value in known) and any(known)
    assert any(users == {MANAGER[account]} for account, users in raters.items()), "the manager alone makes no mean"
    assert sum(len(users) > 1 for users in raters.values()) >= 3
    assert set(raters) <= {row["account"] for row in table("relations")}


def test_trust_follows_the_stage() -> None:
    """What people say last of trust rises with the stage that they say it is in."""
    latest: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for row in table("relation_ratings"):
        said = latest[row["account"]].get(row["user"])
        if not said or int(row["age"]) < said[0]:
            latest[row["account"]][row["user"]] = (int(row["age"]), int(row["trust"]))
    stage = {row["account"]: STAGES.index(row["stage"]) for row in table("relations")}
    means = {account: sum(trust for _age, trust in said.values()) / len(said) for account, said in latest.items()}
    for account, mean in means.items():
        for other, higher in means.items():
            assert stage[account] >= stage[other] or mean <= higher + 0.5, (account, other)
    fell = [row["account"] for row in table("relation_ratings") for later in of("relation_ratings", row["account"])
            if later["user"] == row["user"] and int(later["age"]) < int(row["age"])
            and int(later["trust"]) <= int(row["trust"]) - 2]
    assert fell, "somewhere trust fell by two points, which is to alert"


# ----------------------------------------------------------------------------------------------------------- reviews
@pytest.mark.parametrize("row", table("reviews"), ids=lambda row: row["account"])
def test_reviews_keep_the_cadence_of_the_tier(row: dict[str, str]) -> None:
    account, held = row["account"], int(row["held"])
    assert 0 < held <= DECIDED[account]
    assert held + int(row["next"]) == pytest.approx(30.4 * MONTHS[TIER[account]], abs=3)
    assert row["lead"] == MANAGER[account] and row["lead"] in row["people"].split()


def test_one_review_is_due_and_every_account_had_one() -> None:
    assert min(int(row["next"]) for row in table("reviews")) == 0
    assert {row["account"] for row in table("reviews")} == set(TIER)


def test_what_reviews_decided_became_actions() -> None:
    actions = {row["id"]: row for row in table("actions")}
    held = {row["account"]: int(row["held"]) for row in table("reviews")}
    for row in table("review_decisions"):
        action = actions[row["action"]]
        assert (action["account"], action["owner"]) == (row["account"], row["owner"])
        assert int(action["day"]) == int(row["due"]) - held[row["account"]], row
        assert int(row["due"]) > 0
