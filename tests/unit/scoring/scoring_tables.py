"""Literal tables for the stories of this folder: what is not said has a harmless default."""

import datetime

import pandas as pd

from sync_worker.frames import Pull, RunConfig

AS_OF = datetime.date(2026, 11, 20)
REVENUE, MARGIN, VISITS, RETURNS = 1, 2, 3, 4
HASH = "settings-of-today"

FACTORS = [
    # id, code, dimension, weight, source and the rest
    (1, "gross_margin", "attractiveness", 40, {"source": "measure", "measure": "margin_percent", "high": 50}),
    (2, "strategic_value", "attractiveness", 20, {"source": "opinion"}),
    (3, "image", "position", 30, {"source": "opinion"}),
    (
        4,
        "cost_to_serve",
        "position",
        30,
        {"source": "measure", "measure": "cost_to_serve_percent", "high": 20, "inverted": True},
    ),
    (5, "co_funding", "willingness", 10, {"source": "opinion"}),
    (6, "net_margin", "financial_value", 1, {"source": "measure", "measure": "net_margin", "high": 1000}),
    (7, "sales", "health", 30, {"source": "component"}),
    (8, "satisfaction", "health", 25, {"source": "component"}),
    (9, "relationship", "health", 25, {"source": "component"}),
    (10, "pipeline", "health", 10, {"source": "component"}),
    (11, "objectives", "health", 10, {"source": "component"}),
]


def factor_rows(factors=None):
    return [
        {
            "id": number,
            "code": code,
            "dimension": dimension,
            "weight": weight,
            "method": "bounds",
            "low": 0,
            **rest,
        }
        for number, code, dimension, weight, rest in (FACTORS if factors is None else factors)
    ]


def run_config(
    factors=None, sources=None, drivers=(), available=(REVENUE, MARGIN, VISITS, RETURNS), **settings
):
    return RunConfig.model_validate(
        {
            "company": {"id": 1, "currency": "EUR", "digits": 2},
            "settings": settings,
            "factors": factor_rows(factors),
            "kpis": [
                {"id": number, "code": f"kpi_{number}", "available": number in available}
                for number in (REVENUE, MARGIN, VISITS, RETURNS)
            ],
            "sources": {"revenue": REVENUE, "margin": MARGIN, "margin_base": REVENUE}
            if sources is None
            else sources,
            "cost_drivers": [{"kpi_id": kpi, "unit_cost": cost} for kpi, cost in drivers],
        }
    )


def account(number, key=0, candidate=0, active=1, manager=float("nan"), tier=float("nan"), confidential=0):
    return {
        "account_id": number,
        "is_key": key,
        "is_candidate": candidate,
        "is_active": active,
        "manager_id": manager,
        "tier_id": tier,
        "is_confidential": confidential,
    }


def fact(number, kpi, now, before=0.0, unknown=0, unknown_before=0, last="2026-11-01"):
    return {
        "account_id": number,
        "kpi_id": kpi,
        "value_now": now,
        "value_before": before,
        "documents_now": 1,
        "documents_before": 1,
        "unknown_now": unknown,
        "unknown_before": unknown_before,
        "documents": 2,
        "first_date": "2025-01-01",
        "last_date": last,
    }


def opinion(number, factor, value, rater=1, date="2026-11-20", serial=None):
    """One opinion; its id grows with the date, unless said."""
    serial = serial or int(date.replace("-", "")) * 10 + rater
    return {
        "account_id": number,
        "factor_id": factor,
        "rater_id": rater,
        "value": value,
        "date": date,
        "opinion_id": serial * 1000 + number * 10 + factor,
    }


NAN = float("nan")
SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7), "moment": (0, 1)}


def answer(
    number, serial, kind="nps", value=9.0, person=NAN, power=None, date="2026-11-20", touchpoint=NAN, scale=None,
    low_is_good=0, named=None,
):
    """One answer; anonymous unless a person is said."""
    low, high = scale or SCALES[kind]
    return {
        "account_id": number,
        "answer_id": serial,
        "person": float(person),
        "is_named": int(person == person) if named is None else named,
        "power": power,
        "kind": kind,
        "value": float(value),
        "scale_min": float(low),
        "scale_max": float(high),
        "low_is_good": low_is_good,
        "date": date,
        "touchpoint_id": touchpoint,
    }


def request(number, person=NAN, asked=1, answered=0, named=None):
    return {
        "account_id": number,
        "person": float(person),
        "is_named": int(person == person) if named is None else named,
        "asked": asked,
        "answered": answered,
    }


def person(
    number, stakeholder, power=None, cadence=30, last="2026-11-20", days=0, both_ways=0, current=NAN, target=NAN,
    function=NAN,
):
    """A stakeholder, met today within a rhythm of 30 days unless said."""
    return {
        "account_id": number,
        "stakeholder_id": stakeholder,
        "function_id": function,
        "power": power,
        "cadence_days": cadence,
        "current": current,
        "target": target,
        "last_contact": last,
        "contact_days": days,
        "is_two_way": both_ways,
    }


def seat(number, role, people=0):
    return {"account_id": number, "role_id": role, "people": people}


def thread(number, colleagues):
    return {"account_id": number, "colleagues": colleagues}


def assessment(number, aspect, value, rater=1, date="2026-11-20", serial=None):
    return {
        "account_id": number,
        "aspect": aspect,
        "is_inverted": int(aspect == "conflict"),
        "rater_id": rater,
        "value": float(value),
        "date": date,
        "assessment_id": serial or int(date.replace("-", "")) * 10 + rater,
    }


def objective(number, serial, status):
    return {"account_id": number, "objective_id": serial, "status": status}


BLANK = Pull.from_pages({})


def pulled(accounts, facts=(), opinions=(), history=(), investments=(), wallet=(), **sections):
    """What a run pulled; the sections of satisfaction and relationship by their names."""
    rows = {
        "account": accounts,
        "fact": facts,
        "opinion": opinions,
        "history": history,
        "investment": investments,
        "wallet": wallet,
        **sections,
    }
    frames = {
        name: pd.DataFrame(list(said)) if said else getattr(BLANK, name) for name, said in rows.items()
    }
    return Pull(**frames)


def row(results, number):
    """The score row of one account, unknown as None."""
    found = results.score[results.score["account_id"] == number].iloc[0]
    return {name: None if pd.isna(value) else value for name, value in found.items()}
