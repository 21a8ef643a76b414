"""From surveys and ratings to the index: people of an account answer in Chromium, and the next run knows it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from lab import Lab
from live import APPS, LANGUAGES, Live, Person, Step, start

FINISH = [["button[value=finish]", "", None], [".modal-footer .btn-primary", "", None]]
UNKNOWN = False


@dataclass(frozen=True)
class Asked:
    """An account whose three people are asked by its manager, who is no user of Surveys."""

    live: Live
    seller: Person
    lead: Person
    account: int
    people: dict[str, int]


@pytest.fixture(scope="module")
def asked(lab: Lab) -> Asked:
    live = start(lab, lab.database(APPS, languages=LANGUAGES))
    seller = live.hire("ana", "kam_management.group_kam_user", "base.group_partner_manager")
    lead = live.hire("lead", "kam_management.group_kam_manager", "base.group_partner_manager")
    live.admin.call("res.users", "write", [seller.uid], {"email": "ana@example.com"})
    account = seller.create("res.partner", name="Grand Bakeries", is_company=True, user_id=seller.uid)
    people = {
        name: seller.create("res.partner", name=name, parent_id=account, email=f"{name.lower()}@bakeries.example",
                            lang="es_ES" if name == "Bruno" else "en_US")
        for name in ("Alba", "Bruno", "Carla")}
    live.nominate(lead, account, seller)
    for person in people.values():
        seller.create("kam.stakeholder", partner_id=account, contact_id=person)
    action = seller.call("res.partner", "action_kam_ask", [account])
    seller.call("kam.survey.send", "action_send", [action["res_id"]])
    return Asked(live, seller, lead, account, people)


def answer(asked: Asked, name: str, *steps: Step) -> None:
    """That person opens the link of the mail, without being logged in, and hands the survey in."""
    admin = asked.live.admin
    [invitation] = admin.read("survey.user_input", [("partner_id", "=", asked.people[name])], "state")
    link = admin.call("survey.user_input", "get_start_url", [invitation["id"]])
    [mail] = admin.read("mail.mail", [("recipient_ids", "in", [asked.people[name]])], "body_html", "state")
    assert link in mail["body_html"] and mail["state"] == "outgoing"
    asked.live.browse(link, ["button[type=submit]", "", None], *steps, *FINISH, [".o_survey_finished", "", None])


def choose(asked: Asked, question: str, choice: str) -> Step:
    """The step that clicks this choice; 1 comes before 10."""
    number = asked.live.admin.ref(f"kam_management_survey.question_{question}")
    return [f'[id="{number}"] label', choice, None]


def figures(asked: Asked) -> dict[str, object]:
    """What the account's manager reads of its satisfaction."""
    names = ("satisfaction", "nps", "csat", "ces", "favourability", "answers", "people", "asked", "answered")
    rows = asked.seller.read(
        "kam.satisfaction.score",
        [("scope", "=", "account"), ("partner_id", "=", asked.account), ("touchpoint_id", "=", False)], *names)
    return {name: rows[0][name] for name in names} if rows else {}


def index(asked: Asked) -> object:
    [score] = asked.seller.read("kam.score", [("partner_id", "=", asked.account)], "satisfaction")
    return score["satisfaction"]


def test_nobody_has_answered_yet(asked: Asked) -> None:
    asked.live.kam_sync("run", "--json").ok()
    found = figures(asked)
    assert (found["asked"], found["answered"], found["answers"], found["satisfaction"]) == (3, 0, 0, UNKNOWN)
    assert index(asked) is UNKNOWN


def test_one_person_is_not_an_account(asked: Asked) -> None:
    """Four answers, and no index: under two people it would be that person's."""
    answer(asked, "Alba", choose(asked, "recommend", "9"), choose(asked, "satisfied", "2"), choose(asked, "easy", "7"),
           choose(asked, "delivery", "Well"), ["textarea", "", "Keep Ana"])
    asked.live.kam_sync("run", "--json").ok()
    found = figures(asked)
    assert (found["answers"], found["people"], found["answered"], found["satisfaction"]) == (4, 1, 1, UNKNOWN)
    [said] = asked.seller.read("kam.satisfaction.response", [("kind", "=", "nps")], "contact_id", "value", "comment")
    assert (said["contact_id"][0], said["value"], said["comment"]) == (asked.people["Alba"], 9, "Keep Ana")


def test_the_second_person_makes_the_index(asked: Asked) -> None:
    """By hand: Alba 100 (9), 0 (2 of 5), 100 (7 of 7), 100 (well); Bruno 100 (10), 100 (5 of 5), 50 (4 of 7), 0.
    550 / 8 = 68.75. All of today and of people whose power is unknown: each counts the same."""
    answer(asked, "Bruno", choose(asked, "recommend", "10"), choose(asked, "satisfied", "5"),
           choose(asked, "easy", "4"), choose(asked, "problem", "No como"))
    asked.live.kam_sync("run", "--json").ok()
    found = figures(asked)
    assert found["satisfaction"] == pytest.approx(68.75)
    assert index(asked) == pytest.approx(68.75)
    assert (found["nps"], found["csat"], found["ces"], found["favourability"]) == pytest.approx((100, 0.5, 5.5, 0.5))
    assert (found["answers"], found["people"], found["asked"], found["answered"]) == (8, 2, 3, 2)


def test_a_rating_counts_beside_the_surveys(asked: Asked) -> None:
    """Carla is asked for a rating, as any app of Odoo asks for one, and is happy with us, 5 of 5: 650 / 9."""
    admin = asked.live.admin
    [model] = admin.read("ir.model", [("model", "=", "res.partner")], "name")
    rating = admin.create("rating.rating", res_model_id=model["id"], res_id=asked.account,
                          partner_id=asked.people["Carla"])
    [request] = admin.read("rating.rating", [("id", "=", rating)], "access_token")
    asked.live.browse(
        f"/rate/{request['access_token']}/5", ["textarea[name=feedback]", "", "Always there"],
        ["button[type=submit]", "", None], [".o_rating_page_thank_you", "", None])
    asked.live.kam_sync("run", "--json").ok()
    found = figures(asked)
    assert found["satisfaction"] == pytest.approx(650 / 9, abs=0.01)
    assert index(asked) == pytest.approx(650 / 9, abs=0.01)
    assert (found["csat"], found["answers"], found["people"]) == (pytest.approx(2 / 3, abs=1e-4), 9, 3)
    [said] = asked.seller.read(
        "kam.satisfaction.response", [("contact_id", "=", asked.people["Carla"])], "value", "comment", "kind")
    assert (said["kind"], said["value"], said["comment"]) == ("csat", 5, "Always there")


def test_without_the_addon_what_counted_stays(asked: Asked) -> None:
    """Uninstalled, it leaves no trace but the answers that its surveys brought."""
    before = figures(asked)
    admin = asked.live.admin
    [module] = admin.read("ir.module.module", [("name", "=", "kam_management_survey")], "state")
    admin.call("ir.module.module", "button_immediate_uninstall", [module["id"]])
    traces = asked.live.lab.sql(asked.live.database, """
        SELECT name FROM ir_model_data WHERE module = 'kam_management_survey' OR name LIKE '%kam_survey%'
         UNION ALL
        SELECT table_name || '.' || column_name FROM information_schema.columns
         WHERE table_name LIKE 'kam_survey%' OR table_name LIKE 'survey_%' AND column_name LIKE 'kam_%'
            OR table_name LIKE 'kam_%' AND column_name IN ('survey_pause', 'question_id', 'survey_id', 'asked_as')
         UNION ALL
        SELECT model || '.' || name FROM ir_model_fields
         WHERE model LIKE 'kam.survey%' OR model LIKE 'survey.%' AND name LIKE 'kam_%'
            OR model LIKE 'kam.%' AND name IN ('survey_pause', 'question_id', 'survey_id', 'asked_as')
    """)
    assert traces == []
    asked.live.kam_sync("run", "--json").ok()
    assert figures(asked) == before
