"""From a definition to a green light: a KPI over a model that the addon doesn't know, its target, alert and plan B.

What people click they click in Chromium; the worker's command runs between. The chapters build on each other.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from lab import SCRIPTS, Lab
from live import APPS, LANGUAGES, PASSWORD, Live, Person, Step, start

SAVE: Step = [".o_form_button_save", "", None]
SAVED: Step = [".o-mail-Message", "created", None]


@dataclass(frozen=True)
class Story:
    """A key account, its manager, and an opportunity with it that nobody meets about."""

    live: Live
    seller: Person
    account: int
    lead: int


@pytest.fixture(scope="module")
def story(lab: Lab) -> Story:
    database = lab.database(APPS, languages=LANGUAGES)
    lab.script(SCRIPTS / "assets.py", database)
    live = start(lab, database)
    # A month that has just begun has its light, too: the story is the same on every day.
    settings = [row["id"] for row in live.admin.read("kam.settings", [], "id")]
    live.admin.call("kam.settings", "write", settings, {"pace_quiet": 0})
    seller = live.hire("ana", "kam_management.group_kam_user", "base.group_partner_manager",
                       "sales_team.group_sale_salesman")
    lead = live.hire("lead", "kam_management.group_kam_manager", "base.group_partner_manager")
    account = seller.create("res.partner", name="Grand Bakeries", is_company=True, user_id=seller.uid)
    live.nominate(lead, account, seller)
    deal = seller.create("crm.lead", name="New ovens", type="opportunity", partner_id=account, user_id=seller.uid)
    return Story(live, seller, account, deal)


def field(name: str, rest: str = "input") -> str:
    return f".o_field_widget[name={name}] {rest}"


def chosen(name: str, label: str) -> list[Step]:
    """Choose from a list."""
    return [[field(name), "", None], [".o_select_menu_item", label, None]]


def picked(name: str, label: str) -> list[Step]:
    """Type the beginning of a name, and pick what is proposed."""
    return [[field(name), "", label], [".o-autocomplete--dropdown-item", label, None]]


def found(person: Person, model: str, domain: list[Any], *names: str) -> dict[str, Any]:
    [row] = person.read(model, domain, *names)
    return row


def kpi(story: Story) -> int:
    return found(story.live.admin, "kam.kpi", [("code", "=", "meetings")], "code")["id"]


def value(story: Story) -> dict[str, Any]:
    """This month's, as the account's manager reads it."""
    return found(story.seller, "kam.kpi.value", [
        ("kpi_id.code", "=", "meetings"), ("grain", "=", "month"), ("is_current", "=", True)],
        "value", "target", "pace", "status", "partner_id")


def alert(story: Story) -> dict[str, Any]:
    return found(story.seller, "kam.alert", [("rule_id.code", "=", "too_few_meetings")],
                 "state", "severity", "partner_id", "sentence")


def test_an_administrator_defines_it(story: Story) -> None:
    """Meetings of the calendar, by the customer of their opportunity; tried before it is saved: nobody has met."""
    item = "li[data-name={}] .o_model_field_selector_popover_item_{}"
    story.live.browse_as(
        "admin", "admin", "/odoo/action-kam_management.kam_kpi_action/new",
        [field("name"), "", "Meetings about opportunities"], [field("code"), "", "meetings"],
        # the list of models last: it holds countries, too
        *chosen("aggregate", "Count"), *chosen("unit", "Number of records"),
        *chosen("model_choice", "(calendar.event)"),
        [field("partner_path", ".o_model_field_selector"), "", None],
        [item.format("opportunity_id", "relation"), "", None],
        [".o_model_field_selector_popover_title", "Opportunity", None],  # the meeting has a partner_id too
        [item.format("partner_id", "name"), "", None],
        [field("name"), "", "Meetings about opportunities"],
        ["button", "Try it", None], [field("trial", "td"), "Grand Bakeries", None],
        SAVE,
        [".o-mail-Message", "may read calendar.event from now on", None])
    defined = found(story.live.admin, "kam.kpi", [("code", "=", "meetings")],
                    "model_name", "partner_path", "aggregate", "date_field", "active", "state", "unit")
    assert {name: defined[name] for name in ("model_name", "partner_path", "aggregate", "date_field", "unit")} == {
        "model_name": "calendar.event", "partner_path": "opportunity_id.partner_id", "aggregate": "count",
        "date_field": False, "unit": "count"}
    assert (defined["active"], defined["state"]) == (True, "available")


def test_its_manager_follows_it_and_sets_a_target(story: Story) -> None:
    """It is followed at this account, besides what its tier asks for, and two meetings are wanted this month."""
    story.live.browse_as(
        "ana", PASSWORD, f"/odoo/res.partner/{story.account}",
        [".o_notebook .nav-link", "KPIs", None], [".kam_kpi_set summary", "KPIs followed", None],
        *picked("kam_kpi_added_ids", "Meetings about opportunities"), SAVE,
        [field("kam_kpi_ids", ".o_tag"), "Meetings about opportunities", None])
    story.live.browse_as(
        "ana", PASSWORD, "/odoo/action-kam_management.kam_kpi_target_action",
        [".o_list_button_add", "", None], *picked("partner_id", "Grand Bakeries"),
        *picked("kpi_id", "Meetings about opportunities"), [field("target"), "", "2"],
        [".o_list_button_save", "", None], [".o_data_row", "Meetings about opportunities", None])
    target = found(story.seller, "kam.kpi.target", [("partner_id", "=", story.account)], "kpi_id", "period_start",
                   "target")
    assert (target["kpi_id"][0], target["target"]) == (kpi(story), 2)
    assert target["period_start"] == str(dt.date.today().replace(day=1))


def test_an_administrator_writes_a_rule_and_a_playbook(story: Story) -> None:
    """A red light is an alert, for which two steps are prepared."""
    story.live.browse_as(
        "admin", "admin", "/odoo/action-kam_management.kam_alert_rule_action/new",
        *picked("kpi_id", "Meetings about opportunities"), *chosen("condition", "light is red"),
        # something else between two lists: the first one closes when it loses the focus
        [field("name"), "", "Too few meetings"], *chosen("severity", "Red"),
        [field("code"), "", "too_few_meetings"], *chosen("cause", "Relationship"), SAVE, SAVED)
    rule = found(story.live.admin, "kam.alert.rule", [("code", "=", "too_few_meetings")],
                 "subject", "condition", "kpi_id", "state")
    assert (rule["subject"], rule["condition"], rule["kpi_id"][0], rule["state"]) == (
        "kpi", "status_red", kpi(story), "ready")
    line = ".o_field_widget[name=step_ids] .o_selected_row:nth-child({}) [name={}] input"
    steps: list[Step] = []
    for row, days, name in ((1, "1", "Call the buyer"), (2, "7", "Visit the bakery")):
        steps += [[".o_field_x2many_list_row_add a", "", None], [line.format(row, "days_after"), "", days],
                  [line.format(row, "name"), "", name]]
    story.live.browse_as(
        "admin", "admin", "/odoo/action-kam_management.kam_playbook_action/new",
        [field("name", "textarea"), "", "Get in touch again"], *picked("rule_ids", "Too few meetings"), *steps,
        SAVE, SAVED)


def test_the_light_turns_red_and_somebody_is_told(story: Story) -> None:
    answer = story.live.kam_sync("run", "--json").ok().json
    assert answer["alerts_opened"] >= 1
    shown = value(story)
    assert (shown["value"], shown["target"], shown["pace"], shown["status"]) == (0, 2, 0, "red")
    opened = alert(story)
    assert (opened["state"], opened["severity"], opened["partner_id"][0]) == ("open", "red", story.account)
    assert story.live.kam_sync("run", "--json").ok().json["alerts_opened"] == 0, "a second run opens nothing"


def test_the_manager_sees_it_and_takes_the_plan_b(story: Story) -> None:
    """On the account's board the card says so; one click on the alert makes both actions, with owner and day."""
    story.live.browse_as(
        "ana", PASSWORD, f"/odoo/res.partner/{story.account}",
        [".o_notebook .nav-link", "KPIs", None], [".kam_kpi_card", "Behind", None])
    story.live.browse_as(
        "ana", PASSWORD, "/odoo/action-kam_management.kam_alert_action",
        [".o_data_row td[name=rule_id]", "Too few meetings", None], ["button[name=action_use_playbook]", "", None],
        [".o_field_widget[name=action_ids] .o_data_row", "Visit the bakery", None])
    actions = story.seller.read("kam.action", [("partner_id", "=", story.account)], "name", "owner_id", "date", "state")
    today = dt.date.today()
    assert {(row["name"], row["owner_id"][0], row["state"]) for row in actions} == {
        ("Call the buyer", story.seller.uid, "planned"), ("Visit the bakery", story.seller.uid, "planned")}
    assert {row["date"] for row in actions} == {str(today + dt.timedelta(days=days)) for days in (1, 7)}


def test_two_meetings_later_it_is_green_and_the_alert_is_closed(story: Story) -> None:
    """The manager asks for new figures of this account alone; a worker that serves the queue computes them."""
    for hour in (9, 11):
        begin = dt.datetime.combine(dt.date.today(), dt.time(hour))
        story.seller.create("calendar.event", name="Ovens", opportunity_id=story.lead, start=str(begin),
                            stop=str(begin + dt.timedelta(hours=1)))
    story.live.browse_as(
        "ana", PASSWORD, f"/odoo/res.partner/{story.account}",
        [".o_notebook .nav-link", "Key account", None], ["button", "Refresh now", None],
        [".o_notification", "Grand Bakeries is in the queue", None])
    answer = story.live.kam_sync("watch", "--once", "--json").ok().json
    assert answer["accounts"] == 1
    shown = value(story)
    assert (shown["value"], shown["pace"], shown["status"]) == (2, 1, "green")
    assert answer["alerts_closed"] >= 1
    assert alert(story)["state"] == "closed"
