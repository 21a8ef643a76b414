"""Every rule that ships: what opens it and what closes it, worked out by hand."""

import datetime
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from alert_tables import (
    NUMBER,
    REVENUE_KPI,
    SHIPPED,
    alert_config,
    answered,
    history,
    inputs,
    parts,
    past,
    relation,
    rhythm,
    rule,
    said,
    score,
)
from scoring_tables import HASH, NAN, account, answer, assessment, opinion, person, seat

from sync_worker.scoring.alert_orders import poisson_at_most
from sync_worker.scoring.alerts import EVALUATORS

RULES = Path(__file__).parents[3] / "kam_management" / "data" / "kam_alert_rule_data.xml"


def look(code, opened=(), **rows):
    """What one shipped rule answers for the key account 7."""
    changed = {"kpis": rows.pop("kpis")} if "kpis" in rows else {}
    return answered(alert_config(rule(code), **changed), inputs(alert=list(opened), **rows))


def facts(table):
    return json.loads(table["facts"].iloc[0])


def test_every_shipped_rule_has_something_that_looks_at_it():
    assert {(row["subject"], row["condition"]) for row in SHIPPED} <= set(EVALUATORS)


# ---------------------------------------------------------------- health
def fallen(now, then=HASH):
    """Sales (30) and satisfaction (25) were 80 and 80; the relationship (25), known only now, is 0.

    Weights among the common parts: 30/55 and 25/55. Sales fell to `now`, satisfaction stayed.
    """
    return {
        "history": [history(7, {"sales": 80.0, "satisfaction": 80.0}, 80.0, settings=then)],
        "parts": parts(7, sales=now, satisfaction=80, relationship=0),
        "score": [score(7, health=(30 * now + 25 * 80) / 80)],
    }


def test_health_drop_opens_amber_from_15_points_of_what_changed():
    # 30/55 × (80 − 52.5) = 15; that the relationship appeared with 0 takes more, and is no drop
    table = look("health_drop", **fallen(52.5))
    assert said(table) == [("health_drop", 7, None, "open", "amber", None)]
    assert (table["value"].iloc[0], table["threshold"].iloc[0]) == (15.0, 15.0)
    assert facts(table) == {
        "before": 80.0, "after": 44.6875, "compared": "2026-11-13", "lost": [["sales", -15.0]], "score": "health"}


def test_health_drop_is_red_from_25():
    # 30/55 × (80 − 30) = 27.27
    table = look("health_drop", **fallen(30))
    assert said(table) == [("health_drop", 7, None, "open", "red", None)]
    assert round(table["value"].iloc[0], 2) == 27.27


def test_health_drop_stays_between_10_and_15_and_closes_under_10():
    stands = past(1, "health_drop", value=16.0)
    # 30/55 × (80 − 58) = 12; 30/55 × (80 − 65) = 8.18
    assert said(look("health_drop", [stands], **fallen(58))) == [("health_drop", 7, None, "keep", "amber", None)]
    assert said(look("health_drop", **fallen(58))) == []
    closed = look("health_drop", [stands], **fallen(65))
    assert said(closed) == [("health_drop", 7, None, "close", "amber", "cleared")]


def test_health_drop_says_nothing_under_other_settings_or_without_a_history():
    assert said(look("health_drop", **fallen(0, then="other settings"))) == []
    held = look("health_drop", [past(1, "health_drop", severity="red", value=30.0)], score=[score(7, health=80.0)])
    assert said(held) == [("health_drop", 7, None, "keep", "red", None)]
    assert (held["value"].iloc[0], facts(held)["unknown"]) == (30.0, "no_data")


def test_a_drop_over_thirty_days_looks_at_the_history_of_that_day():
    told = fallen(52.5)
    told["history"] = [history(7, {"sales": 80.0, "satisfaction": 80.0}, 80.0, "2026-10-21", "days_30")]
    table = answered(alert_config(rule("health_drop", window_days=30)), inputs(**told))
    assert (table["change"].iloc[0], facts(table)["compared"]) == ("open", "2026-10-21")


def test_a_component_is_looked_at_on_its_own_scale():
    own = rule("health_drop", subject="component", component="sales", score=None, amber=20, red=None)
    table = answered(alert_config(own), inputs(**fallen(60)))
    assert (table["change"].iloc[0], table["value"].iloc[0], facts(table)["component"]) == ("open", 20.0, "sales")
    own = rule("health_drop", subject="component", condition="below", component="sales", score=None, amber=61, red=None)
    assert answered(alert_config(own), inputs(**fallen(60)))["change"].tolist() == ["open"]


def test_a_score_under_a_level_of_ones_own():
    own = rule("health_drop", condition="below", amber=50, red=30, clear=60)
    for health, change, severity in ((49.9, "open", "amber"), (29.0, "open", "red")):
        table = answered(alert_config(own), inputs(score=[score(7, health=health)]))
        assert table[["change", "severity"]].to_numpy().tolist() == [[change, severity]]
    assert answered(alert_config(own), inputs(score=[score(7, health=50.0)])).empty


# ---------------------------------------------------------------- orders
def test_order_silence_opens_six_days_after_the_longest_gap():
    # the last order was 21 days before the 20th of November
    table = look("order_silence", rhythm=[rhythm(7, 3, 13, 14, "2026-10-30")])
    assert said(table) == [("order_silence", 7, None, "open", "red", None)]
    assert (table["value"].iloc[0], table["threshold"].iloc[0]) == (21.0, 20.0)
    assert facts(table) == {"last": "2026-10-30", "longest_gap": 14.0, "year_days": 13.0}
    assert said(look("order_silence", rhythm=[rhythm(7, 3, 13, 15, "2026-10-30")])) == []
    # what is open stays as long as the silence is longer than the gap
    stands = [past(1, "order_silence", severity="red")]
    assert said(look("order_silence", stands, rhythm=[rhythm(7, 3, 13, 20, "2026-10-30")]))[0][3] == "keep"


def test_order_silence_closes_with_the_next_order():
    table = look("order_silence", [past(1, "order_silence", severity="red")],
                 rhythm=[rhythm(7, 3, 9, 25, "2026-11-19")])
    assert said(table) == [("order_silence", 7, None, "close", "red", "cleared")]


def test_order_rate_opens_under_70_percent_when_chance_does_not_explain_it():
    # 36 in 180 are 12 in 60. Six: 50%, P = e^-12 Σ 12^i/i! (i ≤ 6) = 4.58%. Seven: 58%, P = 8.95%
    table = look("order_rate", rhythm=[rhythm(7, 6, 36, 20, "2026-11-18")])
    assert said(table) == [("order_rate", 7, None, "open", "amber", None)]
    told = facts(table)
    assert (table["value"].iloc[0], told["counted"], told["expected"], round(told["chance"], 4)) == (
        50.0, 6.0, 12.0, 0.0458)
    assert said(look("order_rate", rhythm=[rhythm(7, 7, 36, 20, "2026-11-18")])) == []
    # four of twelve are 33%: red
    assert said(look("order_rate", rhythm=[rhythm(7, 4, 36, 20, "2026-11-18")]))[0][4] == "red"
    # none of five expected is P = 0.7%, but five are too few to tell
    assert said(look("order_rate", rhythm=[rhythm(7, 0, 15, 20, "2026-11-18")])) == []


def test_order_rate_stays_until_85_percent_and_closes_then():
    stands = past(1, "order_rate", value=50.0)
    # ten of twelve are 83%, eleven 92%
    assert said(look("order_rate", [stands], rhythm=[rhythm(7, 10, 36)])) == [
        ("order_rate", 7, None, "keep", "amber", None)]
    assert said(look("order_rate", [stands], rhythm=[rhythm(7, 11, 36)])) == [
        ("order_rate", 7, None, "close", "amber", "cleared")]


@pytest.mark.parametrize(("count", "expected", "chance"), [
    (0, 6.0, 0.00247875218), (3, 12.0, 0.00229179121), (6, 12.0, 0.04582230689), (40, 60.0, 0.00398280950)])
def test_the_chance_of_poisson(count, expected, chance):
    found = poisson_at_most(np.array([float(count)]), np.array([expected]))[0]
    assert found == pytest.approx(chance, rel=1e-8)


# ---------------------------------------------------------------- key figures
def light(status, pace=0.8, grain="year", current=1, value=80.0, **more):
    return {"account_id": 7, "kpi_id": REVENUE_KPI, "grain": grain, "period_start": "2026-01-01",
            "period_end": "2026-12-31", "value": value, "target": 120.0, "target_to_date": 100.0, "pace": pace,
            "status": status, "is_current": current, **more}


def test_sales_behind_target_opens_on_red_and_closes_on_green():
    table = look("sales_behind_target", kpi_value=[light("red")])
    assert said(table) == [("sales_behind_target", 7, None, "open", "red", None)]
    assert facts(table) == {"kpi": 1, "grain": "year", "figure": 80.0, "target": 120.0, "target_to_date": 100.0,
                            "pace": 0.8, "status": "red", "period": "2026-01-01"}
    stands = [past(1, "sales_behind_target", severity="red", value=0.8)]
    assert said(look("sales_behind_target", stands, kpi_value=[light("amber", 0.9)]))[0][3] == "keep"
    assert said(look("sales_behind_target", stands, kpi_value=[light(None, NAN)]))[0][3] == "keep"
    assert said(look("sales_behind_target", stands, kpi_value=[light("green", 1.0)])) == [
        ("sales_behind_target", 7, None, "close", "red", "cleared")]
    assert said(look("sales_behind_target", kpi_value=[light("amber", 0.9)])) == []


def test_an_alert_of_last_year_is_over_when_this_one_has_no_light_yet():
    config = alert_config(rule("sales_behind_target"))
    dark = light(None, NAN, period_start="2027-01-01", period_end="2027-12-31")
    january = datetime.date(2027, 1, 8)
    for opened, change in (("2026-12-31", "close"), ("2027-01-01", "keep")):
        stands = past(1, "sales_behind_target", severity="red", value=0.8, opened=opened)
        table = answered(config, inputs(kpi_value=[dark], alert=[stands]), january)
        assert table["change"].tolist() == [change]
    # red again in the new year is the same matter
    stands = past(1, "sales_behind_target", severity="red", value=0.8, opened="2026-12-31")
    again = inputs(kpi_value=[dark | {"status": "red", "pace": 0.7}], alert=[stands])
    assert answered(config, again, january)["change"].tolist() == ["keep"]
    # a window has no year that could be over
    rolling = inputs(kpi_value=[dark | {"grain": "rolling"}], alert=[stands])
    config = alert_config(rule("sales_behind_target", grain="rolling"))
    assert answered(config, rolling, january)["change"].tolist() == ["keep"]


def test_a_figure_over_a_threshold_of_ones_own():
    own = rule("sales_behind_target", kpi_id=1, condition="above", grain=None, amber=30, red=60, clear=20)
    config = alert_config(own)
    changes = {
        value: answered(config, inputs(kpi_value=[light(None, NAN, "month", value=value)]))["severity"].tolist()
        for value in (29.9, 30.0, 60.0, NAN)
    }
    assert changes == {29.9: [], 30.0: ["amber"], 60.0: ["red"], NAN: []}


def test_a_figure_that_is_gone_takes_its_alerts_along_and_one_that_is_unavailable_does_not():
    own = rule("sales_behind_target", kpi_id=9)
    stands = inputs(alert=[past(1, "sales_behind_target", severity="red")])
    assert answered(alert_config(own), stands)[["change", "reason"]].to_numpy().tolist() == [["close", "gone"]]
    away = alert_config(own, kpis=({"id": 9, "code": "returns", "available": False},))
    assert answered(away, stands)["change"].tolist() == ["keep"]


# ---------------------------------------------------------------- people
def test_supporter_left_opens_with_the_departure_and_closes_when_it_is_old_news():
    left = [{"account_id": 7, "stakeholder_id": 31, "date": "2026-11-02"}]
    table = look("supporter_left", departure=left)
    assert said(table) == [("supporter_left", 7, "31", "open", "red", None)]
    assert facts(table) == {"stakeholder": 31, "date": "2026-11-02"}
    # the door gives departures of 90 days
    table = look("supporter_left", [past(1, "supporter_left", subject="31", severity="red")])
    assert said(table) == [("supporter_left", 7, "31", "close", "red", "cleared")]


def test_few_people_opens_under_three_and_closes_at_three():
    assert said(look("few_people", relationship=[relation(7, 5, 2)])) == [
        ("few_people", 7, None, "open", "amber", None)]
    assert said(look("few_people", relationship=[relation(7, 5, 3)])) == []
    assert said(look("few_people", [past(1, "few_people")], relationship=[relation(7, 5, 3)])) == [
        ("few_people", 7, None, "close", "amber", "cleared")]
    # nobody was ever contacted: none of five is in touch
    assert said(look("few_people", relationship=[relation(7, 5, 0, coverage=NAN)])) == [
        ("few_people", 7, None, "open", "amber", None)]
    # nobody is on record: nothing is known
    assert said(look("few_people", relationship=[relation(7, 0, 0, coverage=NAN)])) == []


def test_role_empty_opens_while_nobody_plays_it():
    table = look("role_empty", seat=[seat(7, 3), seat(7, 4, people=1)])
    assert said(table) == [("role_empty", 7, "3", "open", "amber", None)]
    stands = [past(1, "role_empty", subject="3"), past(2, "role_empty", subject="5")]
    # 3 is played now; the tier asks for 5 no longer
    assert said(look("role_empty", stands, seat=[seat(7, 3, people=1)])) == [
        ("role_empty", 7, "3", "close", "amber", "cleared"), ("role_empty", 7, "5", "close", "amber", "gone")]


def test_contact_overdue_opens_the_day_after_the_rhythm_and_closes_with_a_contact():
    # 30 days before the 20th of November is the 21st of October
    known = [person(7, 1, last="2026-10-20"), person(7, 2, last="2026-10-21"), person(7, 3, last=None)]
    table = look("contact_overdue", person=known)
    assert said(table) == [("contact_overdue", 7, "1", "open", "amber", None)]
    assert (table["value"].iloc[0], table["threshold"].iloc[0], table["since"].iloc[0]) == (
        31.0, 30.0, pd.Timestamp("2026-11-19"))
    stands = [past(1, "contact_overdue", subject="1")]
    assert said(look("contact_overdue", stands, person=[person(7, 1, last="2026-11-19")])) == [
        ("contact_overdue", 7, "1", "close", "amber", "cleared")]
    assert said(look("contact_overdue", stands, person=[person(7, 2)])) == [
        ("contact_overdue", 7, "1", "close", "amber", "gone")]


def test_of_an_account_that_has_half_of_the_sales_alerts_are_graver():
    # 31 days ago in a rhythm of 30, which is half already when it comes from Odoo
    table = look("contact_overdue", person=[person(7, 1, last="2026-10-20")], score=[score(7, share=0.5)])
    assert said(table) == [("contact_overdue", 7, "1", "open", "red", None)]
    assert facts(table)["is_halved"] == 1
    table = look("contact_overdue", person=[person(7, 1, last="2026-10-20")], score=[score(7, share=0.49)])
    assert said(table) == [("contact_overdue", 7, "1", "open", "amber", None)]


def test_trust_down_opens_at_two_points_in_half_a_year():
    # the 24th of May is 180 days before
    fell = [assessment(7, "trust", 8, rater=1, date="2026-05-24"), assessment(7, "trust", 6, rater=1)]
    table = look("trust_down", assessment=fell)
    assert said(table) == [("trust_down", 7, None, "open", "amber", None)]
    assert facts(table) == {"before": 8.0, "after": 6.0, "compared": "2026-05-24"}
    less = [fell[0], assessment(7, "trust", 7, rater=1)]
    assert said(look("trust_down", assessment=less)) == []
    assert said(look("trust_down", [past(1, "trust_down")], assessment=less)) == [
        ("trust_down", 7, None, "close", "amber", "cleared")]
    # nobody rated before: nothing to compare with
    assert said(look("trust_down", assessment=[assessment(7, "trust", 1, rater=1)])) == []


# ---------------------------------------------------------------- answers
DECIDER = person(7, 31) | {"contact_id": 501.0, "roles": "buyer decider"}
USER = person(7, 32) | {"contact_id": 502.0, "roles": "user"}


def test_nps_detractor_opens_on_the_latest_answer_of_a_decider():
    answers = [answer(7, 1, value=9, person=501, date="2026-09-01"), answer(7, 2, value=6, person=501),
               answer(7, 3, value=0, person=502), answer(7, 4, value=0)]
    table = look("nps_detractor", person=[DECIDER, USER], answer=answers)
    assert said(table) == [("nps_detractor", 7, "31", "open", "red", None)]
    assert facts(table) == {"stakeholder": 31, "answer": 2, "date": "2026-11-20"}


def test_nps_detractor_closes_with_a_better_answer_or_with_time():
    stands = [past(1, "nps_detractor", subject="31", severity="red")]
    closed = [("nps_detractor", 7, "31", "close", "red", "cleared")]
    assert said(look("nps_detractor", stands, person=[DECIDER], answer=[answer(7, 3, value=7, person=501)])) == closed
    # the 22nd of August is 90 days before, the day before it 91
    old = answer(7, 2, value=6, person=501, date="2026-08-22")
    assert said(look("nps_detractor", stands, person=[DECIDER], answer=[old]))[0][3] == "keep"
    assert said(look("nps_detractor", stands, person=[DECIDER], answer=[old | {"date": "2026-08-21"}])) == closed


# ---------------------------------------------------------------- objectives, dates, opinions, signals
def goal(number, status, overdue=0):
    return {"account_id": 7, "objective_id": number, "status": status, "is_overdue": overdue}


def test_objective_behind_opens_off_track_amber_and_overdue_red():
    table = look("objective_behind", objective=[
        goal(1, "off_track"), goal(2, "on_track", overdue=1), goal(3, "at_risk"), goal(4, "missed", overdue=1)])
    assert said(table) == [("objective_behind", 7, "1", "open", "amber", None),
                           ("objective_behind", 7, "2", "open", "red", None)]


def test_objective_behind_stays_at_risk_and_closes_on_track():
    stands = [past(number, "objective_behind", subject=str(number)) for number in (1, 2, 3)]
    table = look("objective_behind", stands, objective=[goal(1, "at_risk"), goal(2, "on_track")])
    assert said(table) == [
        ("objective_behind", 7, "1", "keep", "amber", None),
        ("objective_behind", 7, "2", "close", "amber", "cleared"),
        ("objective_behind", 7, "3", "close", "amber", "gone")]


def due(number, date, kind="buying_step"):
    return {"account_id": 7, "kind": kind, "record_id": number, "date": date}


def test_date_near_opens_thirty_days_before():
    table = look("date_near", due=[due(1, "2026-12-20"), due(2, "2026-12-21"), due(3, "2026-11-25", "review")])
    assert said(table) == [("date_near", 7, "1", "open", "info", None)]
    assert (table["value"].iloc[0], facts(table)) == (
        30.0, {"kind": "buying_step", "record": 1, "date": "2026-12-20"})


def test_date_near_closes_when_the_step_is_done_or_put_off():
    stands = [past(1, "date_near", subject="1", severity="info"), past(2, "date_near", subject="2", severity="info")]
    assert said(look("date_near", stands, due=[due(2, "2027-03-01")])) == [
        ("date_near", 7, "1", "close", "info", "cleared"), ("date_near", 7, "2", "close", "info", "cleared")]


def test_a_date_that_is_past():
    own = rule("date_near", condition="overdue", date_kind="action", ahead_days=None, severity="amber")
    table = answered(alert_config(own), inputs(due=[due(1, "2026-11-19", "action"), due(2, "2026-11-20", "action")]))
    assert table[["subject", "severity", "value"]].to_numpy().tolist() == [["1", "amber", -1.0]]


def test_opinions_old_opens_after_a_year_and_closes_with_an_opinion():
    # the 20th of November 2025 is 365 days before
    assert said(look("opinions_old", opinion=[opinion(7, 2, 8, date="2025-11-19")])) == [
        ("opinions_old", 7, None, "open", "info", None)]
    assert said(look("opinions_old", opinion=[opinion(7, 2, 8, date="2025-11-20")])) == []
    assert said(look("opinions_old", opinion=[])) == []
    fresh = [opinion(7, 2, 8, date="2025-01-19"), opinion(7, 3, 8, date="2026-11-19")]
    assert said(look("opinions_old", [past(1, "opinions_old", severity="info")], opinion=fresh)) == [
        ("opinions_old", 7, None, "close", "info", "cleared")]


def test_signal_opens_while_it_is_raised_and_closes_once_it_is_dealt_with():
    raised = [{"account_id": 7, "signal_id": 12, "date": "2026-11-18"}]
    table = look("signal", signal=raised)
    assert said(table) == [("signal", 7, "12", "open", "amber", None)]
    assert (table["since"].iloc[0], facts(table)) == (
        pd.Timestamp("2026-11-18"), {"signal": 12, "date": "2026-11-18"})
    assert said(look("signal", [past(1, "signal", subject="12")])) == [
        ("signal", 7, "12", "close", "amber", "cleared")]


# ---------------------------------------------------------------- concentration
def shares(one, five):
    return [{"largest_share": one, "top5_share": five}]


@pytest.mark.parametrize(("one", "severity", "threshold"), [
    (0.149, [], []), (0.15, ["amber"], [0.15]), (0.5, ["red"], [0.5]), (0.8, ["red"], [0.8]), (NAN, [], [])])
def test_concentration_one_opens_by_the_bands_of_the_settings(one, severity, threshold):
    table = look("concentration_one", portfolio=shares(one, 0.9), score=[score(7, share=one)])
    assert (table["severity"].tolist(), table["threshold"].tolist()) == (severity, threshold)
    assert table["account_id"].isna().all()


def test_concentration_five_opens_by_its_own_bands():
    assert said(look("concentration_five", portfolio=shares(0.9, 0.39))) == []
    assert said(look("concentration_five", portfolio=shares(0.1, 0.4))) == [
        ("concentration_five", None, None, "open", "amber", None)]
    assert said(look("concentration_five", portfolio=shares(0.1, 0.8)))[0][4] == "red"


@pytest.mark.parametrize("code", ["concentration_one", "concentration_five"])
def test_a_concentration_closes_a_point_under_the_warning(code):
    stands = [past(1, code, account_id=NAN, value=0.45)]
    # the warnings are at 15% and 40%
    assert said(look(code, stands, portfolio=shares(0.14, 0.39)))[0][3] == "keep"
    assert said(look(code, stands, portfolio=shares(0.139, 0.389))) == [
        (code, None, None, "close", "amber", "cleared")]
    shipped = ET.parse(RULES).find(f"record[@id='alert_rule_{code}']/field[@name='clear']")
    assert shipped.get("eval") == str(rule(code)["clear"])
    assert said(look(code, stands, portfolio=shares(NAN, NAN)))[0][3] == "keep"


def test_a_concentration_opens_again_only_five_points_higher_or_in_a_higher_band():
    # dealt with at 15%; long ago, for as long as it is pulled
    was = [past(1, "concentration_one", account_id=NAN, value=0.15, closed="2026-01-01", threshold=0.15)]
    assert said(look("concentration_one", was, portfolio=shares(0.199, 0.9))) == []
    assert said(look("concentration_one", was, portfolio=shares(0.2, 0.9)))[0][3] == "open"
    was = [past(1, "concentration_one", account_id=NAN, value=0.49, closed="2026-11-01", threshold=0.15)]
    assert said(look("concentration_one", was, portfolio=shares(0.5, 0.9)))[0][3:5] == ("open", "red")
    was = [past(1, "concentration_one", account_id=NAN, value=0.79, closed="2026-11-01", threshold=0.5,
                severity="red")]
    assert said(look("concentration_one", was, portfolio=shares(0.8, 0.9)))[0][3] == "open"
    assert said(look("concentration_one", was, portfolio=shares(0.795, 0.9))) == []


# ---------------------------------------------------------------- whom rules are for
def test_only_active_key_accounts_are_watched_and_only_of_the_tiers_of_the_rule():
    accounts = [account(7, key=1, tier=1.0), account(8, key=1, tier=2.0), account(9, candidate=1, tier=1.0),
                account(10, key=1, active=0, tier=1.0)]
    seats = [seat(number, 3) for number in (7, 8, 9, 10)]
    everywhere = answered(alert_config(rule("role_empty")), inputs(accounts, seat=seats))
    assert everywhere["account_id"].tolist() == [7.0, 8.0]
    of_tier = answered(alert_config(rule("role_empty", tier_ids=[2])), inputs(
        accounts, seat=seats, alert=[past(1, "role_empty", 7, "3"), past(2, "role_empty", 10, "3")]))
    assert said(of_tier) == [
        ("role_empty", 7, "3", "close", "amber", "gone"), ("role_empty", 8, "3", "open", "amber", None),
        ("role_empty", 10, "3", "close", "amber", "gone")]


def test_the_numbers_of_the_shipped_rules_are_those_of_the_addon():
    """The table of this folder against the data that Odoo loads."""
    from pathlib import Path
    from xml.etree import ElementTree

    data = Path(__file__).parents[3] / "kam_management" / "data" / "kam_alert_rule_data.xml"
    if not data.exists():
        pytest.skip("the addon ships no rules yet")
    shipped = {}
    for record in ElementTree.parse(data).getroot().iter("record"):
        row = {field.get("name"): field.get("eval") or field.text for field in record.iter("field")}
        if row.get("watched_by") != "odoo" and row.get("active") not in ("False", "0"):
            shipped[row["code"]] = row
    assert set(shipped) == set(NUMBER)
    for own in SHIPPED:
        said_there = shipped[own["code"]]
        for name in ("subject", "condition", "score", "severity", "cause", "date_kind", "grain"):
            assert own.get(name) == said_there.get(name), (own["code"], name)
        for name in ("amber", "red", "clear", "window_days", "ahead_days", "cool_down_days", "priority"):
            there = said_there.get(name)
            assert own.get(name) == (None if there is None else float(there)), (own["code"], name)
