"""A small order book, written out: every key figure that ships, worked out by hand, as of Friday, 20 November 2026.

Account 7 has been a key account since 10 March 2026, account 8 is a candidate who only closed some deals. The current
periods are November, the fourth quarter (October and November), 2026, and the window from 21 November 2025 on.
"""

import datetime
import runpy
import xml.etree.ElementTree as ET
from pathlib import Path

import pandas as pd
import pytest

from sync_worker.frames import Pull, RunConfig
from sync_worker.frames.reader import empty
from sync_worker.frames.schemas import SECTIONS
from sync_worker.scoring import score

AS_OF = datetime.date(2026, 11, 20)
ADDON = Path(__file__).parents[2] / "kam_management"
parse = runpy.run_path(str(ADDON / "tools" / "formula.py"))["parse"]

# code: how it is aggregated, and what happened at account 7: (day, number)
DATED = {
    "orders_revenue": ("sum", [
        ("2025-03-10", 1000), ("2025-10-05", 2000), ("2025-11-15", 300), ("2025-11-25", 500), ("2026-02-10", 4000),
        ("2026-10-07", 3000), ("2026-11-03", 1500), ("2026-11-18", 500)]),
    "orders_count": ("count", [
        ("2025-11-25", 1), ("2026-02-10", 1), ("2026-10-07", 1), ("2026-11-03", 1), ("2026-11-18", 1)]),
    "orders_margin": ("sum", [
        ("2025-11-25", 100), ("2026-02-10", 1000), ("2026-10-07", 750), ("2026-11-03", 300), ("2026-11-18", 200)]),
    "orders_margin_base": ("sum", [
        ("2025-11-25", 500), ("2026-02-10", 4000), ("2026-10-07", 3000), ("2026-11-03", 1500), ("2026-11-18", 500)]),
    "invoices_revenue": ("sum", [
        ("2026-02-28", 4000), ("2026-10-31", 3000), ("2026-11-10", 1500), ("2026-11-12", -200)]),
    "credit_notes_count": ("count", [("2026-11-12", 1)]),
    "credit_notes_amount": ("sum", [("2026-11-12", -200)]),
    "deliveries_count": ("count", [("2026-02-12", 1), ("2026-10-09", 1), ("2026-11-05", 1), ("2026-11-19", 1)]),
    "deliveries_on_time_count": ("count", [("2026-02-12", 1), ("2026-10-09", 1), ("2026-11-05", 1)]),
    "delivery_delay": ("avg", [("2026-02-12", 0), ("2026-10-09", 0), ("2026-11-05", 0), ("2026-11-19", 4)]),
    "returns_count": ("count", [("2026-11-14", 1)]),
    "opportunities_won": ("sum", [("2026-01-20", 6000), ("2026-09-15", 2000), ("2026-11-02", 1000)]),
    "opportunities_won_count": ("count", [("2026-01-20", 1), ("2026-09-15", 1), ("2026-11-02", 1)]),
    "opportunities_lost": ("count", [("2026-05-05", 1), ("2026-06-06", 1), ("2026-11-11", 1)]),
    "sales_cycle": ("avg", [("2026-01-20", 60), ("2026-09-15", 30), ("2026-11-02", 15)]),
    "opportunities_open": ("sum", [("2026-08-01", 5000), ("2026-11-05", 7000)]),
    "opportunities_identified_count": ("count", [
        ("2026-04-01", 1), ("2026-08-01", 1), ("2026-10-10", 1), ("2026-11-05", 1)]),
    "opportunities_identified": ("sum", [
        ("2026-04-01", 1000), ("2026-08-01", 5000), ("2026-10-10", 2000), ("2026-11-05", 7000)]),
    "new_demands_count": ("count", [("2026-11-05", 1)]),
    "new_demands": ("sum", [("2026-11-05", 7000)]),
    "opportunities_qualified_count": ("count", [("2026-08-20", 1), ("2026-11-15", 1)]),
    "opportunities_qualified": ("sum", [("2026-08-20", 5000), ("2026-11-15", 7000)]),
    "invoices_unpaid": ("sum", [("2026-09-08", 1000)]),
    "payment_delay": ("avg", [("2026-02-28", 10), ("2026-10-31", 20)]),
    "actions_due": ("count", [("2026-10-01", 1), ("2026-11-10", 1), ("2026-11-12", 1)]),
    "actions_on_time_count": ("count", [("2026-10-01", 1), ("2026-11-10", 1)]),
    "requests_due": ("count", [("2026-10-10", 1)]),
    "requests_on_time_count": ("count", [("2026-10-10", 1)]),
    "insights_offered": ("count", [("2026-11-01", 1), ("2026-11-08", 1)]),
    "insights_accepted": ("count", [("2026-11-08", 1)]),
    "new_contacts": ("count", [("2026-11-09", 1)]),
    "strengthened_ties": ("count", [("2026-06-01", 1)]),
    "demand_forecast": ("sum", [("2026-02-01", 4500), ("2026-10-01", 2700), ("2026-11-01", 1800)]),
    "alerts_opened": ("count", [("2026-11-19", 1)]),
    "ratings": ("avg", [("2026-05-05", 5), ("2026-11-04", 4)]),
    "survey_scores": ("avg", [("2026-10-15", 80)]),
}
STATES = {"opportunities_open_qualified": ("sum", 12000), "opportunities_open_qualified_count": ("count", 2),
          "alerts_open": ("count", 1)}
# of account 8: one won, three lost
DEALS_OF_8 = {"opportunities_won_count": ["2026-07-07"],
              "opportunities_lost": ["2026-03-03", "2026-04-04", "2026-05-05"]}
FORMULAS = {
    "qualification_rate": "opportunities_qualified_count ÷ opportunities_identified_count",
    "average_deal": "opportunities_won ÷ opportunities_won_count",
    "sales_velocity": "opportunities_open_qualified_count × win_rate × average_deal ÷ sales_cycle",
    "average_order": "orders_revenue ÷ orders_count",
    "returns": "−credit_notes_amount",
    "return_rate": "returns ÷ (invoices_revenue + returns)",
    "actions_on_time": "actions_on_time_count ÷ actions_due",
    "requests_on_time": "requests_on_time_count ÷ requests_due",
    "insights_accepted_rate": "insights_accepted ÷ insights_offered",
    "forecast_accuracy": "max(0, 1 − max(orders_revenue − demand_forecast, demand_forecast − orders_revenue)"
                         " ÷ orders_revenue) × (demand_forecast ÷ demand_forecast)",
    "service_level": "deliveries_on_time_count ÷ deliveries_count",
}
FIGURES = (
    "sales_attainment", "budget_attainment", "sales_pace", "growth", "win_rate", "pipeline_coverage", "nps", "csat",
    "ces", "favourability", "satisfaction_index", "response_rate", "relationship_strength", "coverage",
    "role_coverage",
    "relationship_gap", "people_in_touch", "contacts_90", "relationship_quality", "net_margin", "margin_percent",
    "cost_to_serve", "cost_of_capital", "overdue_amount", "overdue_days", "share_of_wallet", "white_space",
    "gross_retention", "net_retention", "health",
)
AMOUNTS = {"orders_revenue", "average_order", "average_deal", "sales_velocity", "net_margin", "cost_of_capital"}

# November, fourth quarter, year, window; a word says why there is no value
EXPECTED = {
    # 1500 + 500; + 3000; + 4000; + 500 of November 2025, after the 20th
    "orders_revenue": (2000, 5000, 9000, 9500),
    "orders_count": (2, 3, 4, 5),
    # 300 + 200; + 750; + 1000; + 100
    "orders_margin": (500, 1250, 2250, 2350),
    "orders_margin_base": (2000, 5000, 9000, 9500),
    # 1500 − 200; + 3000; + 4000
    "invoices_revenue": (1300, 4300, 8300, 8300),
    "credit_notes_count": (1, 1, 1, 1),
    "credit_notes_amount": (-200, -200, -200, -200),
    "returns": (200, 200, 200, 200),
    # 200 of 1300 + 200, of 4300 + 200, of 8300 + 200
    "return_rate": (0.13333333, 0.04444444, 0.02352941, 0.02352941),
    # 2000/2, 5000/3, 9000/4, 9500/5
    "average_order": (1000, 1666.67, 2250, 1900),
    "deliveries_count": (2, 3, 4, 4),
    "deliveries_on_time_count": (1, 2, 3, 3),
    "service_level": (0.5, 0.66666667, 0.75, 0.75),
    # 4 days over 2, 3 and 4 deliveries
    "delivery_delay": (2, 1.333333, 1, 1),
    "returns_count": (1, 1, 1, 1),
    "opportunities_won": (1000, 1000, 9000, 9000),
    "opportunities_won_count": (1, 1, 3, 3),
    "opportunities_lost": (1, 1, 3, 3),
    # two closed deals are too few; of all in the window 3 + 1 were won and 3 + 3 lost: 0.4. In the year 3 of 6 are ours
    "win_rate": (0.4, 0.4, 0.5, 0.5),
    "average_deal": (1000, 1000, 3000, 3000),
    # (60 + 30 + 15) / 3
    "sales_cycle": (15, 15, 35, 35),
    # 2 × 0.4 × 1000 / 15 and 2 × 0.5 × 3000 / 35
    "sales_velocity": (53.33, 53.33, 85.71, 85.71),
    "opportunities_open": (7000, 7000, 12000, 12000),
    "opportunities_identified_count": (1, 2, 4, 4),
    "opportunities_identified": (7000, 9000, 15000, 15000),
    "new_demands_count": (1, 1, 1, 1),
    "new_demands": (7000, 7000, 7000, 7000),
    "opportunities_qualified_count": (1, 1, 2, 2),
    "opportunities_qualified": (7000, 7000, 12000, 12000),
    "qualification_rate": (1, 0.5, 0.5, 0.5),
    "opportunities_open_qualified": (12000, 12000, 12000, 12000),
    "opportunities_open_qualified_count": (2, 2, 2, 2),
    "invoices_unpaid": (0, 0, 1000, 1000),
    # no invoice was paid in November
    "payment_delay": ("no_data", 20, 15, 15),
    "actions_due": (2, 3, 3, 3),
    "actions_on_time_count": (1, 2, 2, 2),
    "actions_on_time": (0.5, 0.66666667, 0.66666667, 0.66666667),
    "requests_due": (0, 1, 1, 1),
    "requests_on_time_count": (0, 1, 1, 1),
    "requests_on_time": ("division_by_zero", 1, 1, 1),
    "insights_offered": (2, 2, 2, 2),
    "insights_accepted": (1, 1, 1, 1),
    "insights_accepted_rate": (0.5, 0.5, 0.5, 0.5),
    "new_contacts": (1, 1, 1, 1),
    "strengthened_ties": (0, 0, 1, 1),
    "demand_forecast": (1800, 4500, 9000, 9000),
    # 200 of 2000 off, 500 of 5000, nothing, 500 of 9500
    "forecast_accuracy": (0.9, 0.9, 1, 0.94736842),
    "alerts_opened": (1, 1, 1, 1),
    "alerts_open": (1, 1, 1, 1),
    "ratings": (4, 4, 4.5, 4.5),
    "survey_scores": ("no_data", 80, 80, 80),
    # 1000 are wanted each month: of 1000, 3000 and 12000
    "sales_attainment": (2, 1.66666667, 0.75, "no_target"),
    # the budget counts on 900 a month: of 900, 2700 and 10800
    "budget_attainment": (2.22222222, 1.85185185, 0.83333333, "no_target"),
    # 15 of 21 working days of November have passed: 714.29 of it are due. 2000 of 714.29, 5000 of 1714.29, 9000 of
    # 10714.29
    "sales_pace": (2.8, 2.91666667, 0.84, "no_target"),
    # 12000 for the 3000 that 12000 − 9000 leave
    "pipeline_coverage": (4,) * 4,
    # the window before sold 1000 + 2000 + 300
    "growth": (1.87878788,) * 4,
    "gross_retention": (1,) * 4,
    "net_retention": (2.87878788,) * 4,
    # 2350 of 9500
    "margin_percent": (0.24736842,) * 4,
    # 5 orders at 12
    "cost_to_serve": (60,) * 4,
    # 1000 for 73 of 365 days at 10%
    "cost_of_capital": (20,) * 4,
    "overdue_amount": (1000,) * 4,
    "overdue_days": (73,) * 4,
    # 2350 − 60 − 20
    "net_margin": (2270,) * 4,
    # 9500 of 19000
    "share_of_wallet": (0.5,) * 4,
    "white_space": (9500,) * 4,
    # a 9 and a 10, a 5 of 5, a moment that went well; nobody was asked for an effort
    "nps": (100,) * 4,
    "csat": (1,) * 4,
    "ces": ("no_answers",) * 4,
    "favourability": (1,) * 4,
    "satisfaction_index": (100,) * 4,
    # 3 of 4
    "response_rate": (0.75,) * 4,
    # one person, met within the rhythm, often enough and both ways: 40 + 30 + 30
    "relationship_strength": (100,) * 4,
    "coverage": (1,) * 4,
    "role_coverage": (1,) * 4,
    # from 2 to 4 of 4
    "relationship_gap": (0.5,) * 4,
    "people_in_touch": (1,) * 4,
    "contacts_90": (1,) * 4,
    "relationship_quality": (100,) * 4,
    # a pace of 84% is 24/25 of the way from 60 to 85, so 48 points, of weight 30; the rest has 100: 14.4 + 70
    "health": (84.4,) * 4,
}
CODES = sorted({*DATED, *STATES, *FORMULAS, *FIGURES})
IDS = {code: number for number, code in enumerate(CODES, 1)}
HEALTH = {"sales": 30, "satisfaction": 25, "relationship": 25, "pipeline": 10, "objectives": 10}


def definition(code):
    kpi = {"id": IDS[code], "code": code, "followed": True, "unit": "amount" if code in AMOUNTS else "number"}
    if code in DATED:
        way = DATED[code][0]
        return {**kpi, "kind": "source", "dated": True, "aggregate": way, "is_additive": way != "avg"}
    if code in STATES:
        return {**kpi, "kind": "source", "aggregate": STATES[code][0]}
    if code in FORMULAS:
        unit = kpi["unit"] if code in AMOUNTS else "percent"
        return {**kpi, "kind": "formula", "tree": parse(FORMULAS[code]), "unit": unit}
    return {**kpi, "kind": "figure", "figure": code, "unit": "number" if code in ("health", "nps") else "percent"}


CONFIG = RunConfig.model_validate({
    "company": {"id": 1, "currency": "EUR", "digits": 2},
    "settings": {"cost_of_capital": 10},
    "factors": [{"id": n, "code": code, "dimension": "health", "weight": weight, "source": "component"}
                for n, (code, weight) in enumerate(HEALTH.items(), 1)],
    "kpis": [definition(code) for code in CODES],
    "sources": {
        "revenue": IDS["orders_revenue"], "margin": IDS["orders_margin"], "margin_base": IDS["orders_margin_base"],
        "won": IDS["opportunities_won_count"], "lost": IDS["opportunities_lost"], "debt": IDS["invoices_unpaid"],
        "open_qualified": IDS["opportunities_open_qualified"]},
    "cost_drivers": [{"kpi_id": IDS["orders_count"], "unit_cost": 12}],
})


def cells():
    """What Odoo makes of it: one row per month, and one for each of the two windows."""
    events = [(7, code, day, number) for code, (_way, rows) in DATED.items() for day, number in rows]
    events += [(8, code, day, 1) for code, days in DEALS_OF_8.items() for day in days]
    found = {}
    for account, code, day, number in events:
        grains = [("month", f"{day[:7]}-01")]
        if day >= "2024-11-21":
            grains.append(("rolling", "2025-11-21" if day >= "2025-11-21" else "2024-11-21"))
        for grain, start in grains:
            row = found.setdefault((account, IDS[code], grain, start), {"value": 0.0, "documents": 0})
            row["value"] += number
            row["documents"] += 1
    rows = [{"account_id": account, "kpi_id": kpi, "grain": grain, "period_start": start, **row}
            for (account, kpi, grain, start), row in found.items()]
    rows += [{"account_id": 7, "kpi_id": IDS[code], "grain": "state", "period_start": "2026-11-20", "value": value,
              "documents": 1} for code, (_way, value) in STATES.items()]
    frame = pd.DataFrame(rows)
    return frame.assign(counted=frame["documents"], unknown=0, period_start=pd.to_datetime(frame["period_start"]))


def fact(code, now, before=0.0):
    return {"account_id": 7, "kpi_id": IDS[code], "value_now": now, "value_before": before, "documents_now": 5,
            "documents_before": 3, "unknown_now": 0, "unknown_before": 0, "documents": 8,
            "first_date": pd.Timestamp("2025-03-10"), "last_date": pd.Timestamp("2026-11-18")}


def answer(number, person, kind, value, scale):
    return {"account_id": 7, "answer_id": number, "person": person, "is_named": 1, "power": None, "kind": kind,
            "value": value, "scale_min": scale[0], "scale_max": scale[1], "low_is_good": 0,
            "date": pd.Timestamp("2026-11-01"), "touchpoint_id": None}


def pulled():
    day = pd.Timestamp
    months = pd.date_range("2026-01-01", "2026-12-01", freq="MS")
    return Pull(
        account=pd.DataFrame({
            "account_id": [7, 8], "is_key": [1, 0], "is_candidate": [0, 1], "is_active": 1, "manager_id": None,
            "key_since": pd.to_datetime(["2026-03-10", None])}),
        fact=pd.DataFrame([fact("orders_revenue", 9500.0, 3300.0), fact("orders_margin", 2350.0),
                           fact("orders_margin_base", 9500.0), fact("orders_count", 5.0)]),
        opinion=empty(SECTIONS["opinion"]), history=empty(SECTIONS["history"]),
        wallet=pd.DataFrame([{"account_id": 7, "line_id": 1, "counted_at": 7, "is_named": 1, "sales": 9500.0,
                              "unknown": 0, "typed": None, "spend": 19000.0, "our_rank": None, "suppliers": None}]),
        answer=pd.DataFrame([answer(1, 31, "nps", 9.0, (0, 10)), answer(2, 32, "nps", 10.0, (0, 10)),
                             answer(3, 31, "csat", 5.0, (1, 5)), answer(4, 32, "moment", 1.0, (0, 1))]),
        request=pd.DataFrame([{"account_id": 7, "person": 31, "is_named": 1, "asked": 4, "answered": 3}]),
        person=pd.DataFrame([{"account_id": 7, "stakeholder_id": 5, "function_id": None, "power": "high",
                              "cadence_days": 90, "current": 2, "target": 4, "last_contact": day("2026-11-10"),
                              "contact_days": 1, "is_two_way": 1}]),
        seat=pd.DataFrame([{"account_id": 7, "role_id": 2, "people": 1}]),
        assessment=pd.DataFrame([{"account_id": 7, "aspect": "trust", "is_inverted": 0, "rater_id": 3, "value": 10.0,
                                  "date": day("2026-11-01"), "assessment_id": 1}]),
        objective=pd.DataFrame([{"account_id": 7, "objective_id": 1, "status": "on_track"}]),
        cell=cells(),
        target=pd.DataFrame({"account_id": 7, "kpi_id": IDS["orders_revenue"], "period_start": months,
                             "target": 1000.0, "budget": 900.0}),
        debt=pd.DataFrame({"account_id": 7, "due": pd.to_datetime(["2026-09-08", "2026-12-01"]),
                           "amount": [1000.0, 500.0], "unknown": 0}),
        recorded=pd.DataFrame([
            {"account_id": 7, "kpi_id": IDS["nps"], "grain": "month", "period_start": day(start), "value": value}
            for start, value in (("2026-10-01", 60.0), ("2026-09-01", 1.0))]),
    )


@pytest.fixture(scope="module")
def results():
    return score(pulled(), CONFIG, AS_OF, "golden")


@pytest.fixture(scope="module")
def rows(results):
    table = results.kpi_value
    own = table[table["account_id"] == 7]
    codes = {number: code for code, number in IDS.items()}
    starts = own["period_start"].dt.strftime("%Y-%m-%d")
    keys = zip(own["kpi_id"].map(codes), own["grain"].astype(str), starts, strict=True)
    return dict(zip(keys, own.to_dict("records"), strict=True))


PERIODS = (("month", "2026-11-01"), ("quarter", "2026-10-01"), ("year", "2026-01-01"), ("rolling", "2025-11-21"))


@pytest.mark.parametrize("code", sorted(EXPECTED))
def test_every_figure_of_today_is_the_one_that_was_worked_out(rows, code):
    for period, expected in zip(PERIODS, EXPECTED[code], strict=True):
        row = rows[code, *period]
        if isinstance(expected, str):
            assert (pd.isna(row["value"]), row["reason"]) == (True, expected), period
        else:
            assert row["value"] == pytest.approx(expected, abs=1e-8), period
            assert pd.isna(row["reason"]), period
        assert row["is_current"] == 1


def test_every_figure_that_ships_is_worked_out_here():
    files = (ADDON / "data").glob("kam_kpi*_data.xml")
    shipped = [field.text for file in files for field in ET.parse(file).iter("field") if field.get("name") == "code"]
    assert set(shipped) <= set(EXPECTED)
    assert set(EXPECTED) == set(CODES)


def test_formulas_are_the_ones_that_ship():
    shipped = {}
    for file in (ADDON / "data").glob("kam_kpi*_data.xml"):
        for record in ET.parse(file).iter("record"):
            told = {field.get("name"): field.text for field in record.iter("field")}
            if told.get("formula"):
                shipped[told["code"]] = told["formula"]
    assert shipped == FORMULAS


def test_sales_of_periods_that_are_over_stand_beside_the_year_before(rows):
    # October: 3000 after 2000; third quarter: nothing, as before; 2025: 1000 + 2000 + 300 + 500 after nothing
    for period, told in ((("month", "2026-10-01"), (3000, 2000, 1000)), (("quarter", "2026-07-01"), (0, 0, 0)),
                         (("year", "2025-01-01"), (3800, 0, 3800)), (("rolling", "2025-11-21"), (9500, 3300, 6200)),
                         # seven whole months since 10 March 2026: April to October, 3000; a year before, 2000
                         (("since", "2026-04-01"), (3000, 2000, 1000))):
        row = rows["orders_revenue", *period]
        assert (row["value"], row["previous"], row["trend"]) == told
    assert str(rows["orders_revenue", "since", "2026-04-01"]["period_end"].date()) == "2026-10-31"
    running = rows["orders_revenue", "month", "2026-11-01"]
    assert pd.isna(running["previous"]) and pd.isna(running["trend"])


def test_a_state_is_told_today_and_compared_with_what_was_recorded(rows):
    # an NPS of 100 after 60 in October
    row = rows["nps", "month", "2026-11-01"]
    assert (row["value"], row["previous"], row["trend"]) == (100, 60, 40)
    assert [key for key in rows if key[0] == "nps"] == [("nps", *period) for period in (
        PERIODS[0], PERIODS[1], PERIODS[2], PERIODS[3])]


def test_the_light_of_sales(rows):
    # 84% of what is due of the year is under 85%; November is far ahead of its 714.29; the window has no target
    year, month, window = (rows["orders_revenue", *period] for period in (PERIODS[2], PERIODS[0], PERIODS[3]))
    assert (year["target"], year["target_to_date"], year["budget"]) == (12000, 10714.29, 10800)
    assert (year["pace"], year["status"]) == (0.84, "red")
    assert (month["target_to_date"], month["pace"], month["status"]) == (714.29, 2.8, "green")
    assert pd.isna(window["pace"]) and pd.isna(window["status"])
    # of April, nothing of 1000
    april = rows["orders_revenue", "month", "2026-04-01"]
    assert (april["value"], april["pace"], april["status"]) == (0, 0, "red")


def test_what_is_not_quite_the_accounts_own_is_marked(rows):
    assert [rows["win_rate", *period]["marks"] for period in PERIODS] == ["portfolio_win_rate"] * 2 + [""] * 2
    assert rows["sales_velocity", *PERIODS[0]]["marks"] == "portfolio_win_rate"


def test_health_takes_in_sales_and_the_pipeline(results):
    own = results.score.set_index("account_id").loc[7]
    assert own["health"] == pytest.approx(84.4)
    assert own["net_margin"] == 2270
    assert '[84.0,"2026-11-20",48.0,14.4]' in own["explanation"]
    assert '[4.0,"2026-11-20",100.0,10.0]' in own["explanation"]


def test_sales_behind_their_target_are_an_alert_of_the_same_run():
    rule = {"id": 4, "code": "sales_behind", "subject": "kpi", "condition": "status_red", "grain": "year",
            "kpi_id": IDS["orders_revenue"], "severity": "red"}
    config = RunConfig.model_validate(CONFIG.model_dump() | {"rules": [rule]})
    found = score(pulled(), config, AS_OF, "golden").alert
    assert found[["rule_id", "account_id", "change", "severity"]].values.tolist() == [[4, 7, "open", "red"]]
