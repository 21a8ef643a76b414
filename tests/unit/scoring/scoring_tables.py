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


def account(number, key=0, candidate=0, active=1, manager=float("nan")):
    return {
        "account_id": number,
        "is_key": key,
        "is_candidate": candidate,
        "is_active": active,
        "manager_id": manager,
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


BLANK = Pull.from_pages({})


def pulled(accounts, facts=(), opinions=(), history=(), investments=(), wallet=()):
    def frame(rows, empty):
        return pd.DataFrame(list(rows)) if rows else empty

    return Pull(
        account=frame(accounts, BLANK.account),
        fact=frame(facts, BLANK.fact),
        opinion=frame(opinions, BLANK.opinion),
        history=frame(history, BLANK.history),
        investment=frame(investments, BLANK.investment),
        wallet=frame(wallet, BLANK.wallet),
    )


def row(results, number):
    """The score row of one account, unknown as None."""
    found = results.score[results.score["account_id"] == number].iloc[0]
    return {name: None if pd.isna(value) else value for name, value in found.items()}
