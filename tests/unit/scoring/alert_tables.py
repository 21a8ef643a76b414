"""Literal tables for stories of alerts: the rules as they ship, and what stands open."""

import datetime
import json

import pandas as pd
from scoring_tables import AS_OF, HASH, NAN, account, factor_rows

from sync_worker.frames import RunConfig
from sync_worker.frames.schemas import SECTIONS, TABLES, check
from sync_worker.scoring.alerts import AlertInputs, alerts

SHIPPED = [
    # priority as in kam_management/data/kam_alert_rule_data.xml
    {"id": 1, "code": "health_drop", "subject": "score", "condition": "drop", "score": "health", "amber": 15,
     "red": 25, "clear": 10, "window_days": 7, "severity": "amber", "cause": "health", "priority": 10},
    {"id": 2, "code": "order_silence", "subject": "order", "condition": "silence", "severity": "red",
     "cause": "sales", "priority": 20},
    {"id": 3, "code": "order_rate", "subject": "order", "condition": "rate", "amber": 70, "red": 40, "clear": 85,
     "window_days": 60, "severity": "amber", "cause": "sales", "cool_down_days": 90, "priority": 30},
    {"id": 4, "code": "sales_behind_target", "subject": "kpi", "condition": "status_red", "grain": "year",
     "severity": "red", "cause": "sales", "priority": 40},
    {"id": 5, "code": "supporter_left", "subject": "person", "condition": "gone", "window_days": 90,
     "severity": "red", "cause": "relationship", "priority": 50},
    {"id": 6, "code": "few_people", "subject": "people", "condition": "below", "amber": 3, "clear": 3,
     "severity": "amber", "cause": "relationship", "priority": 60},
    {"id": 7, "code": "role_empty", "subject": "role", "condition": "missing", "severity": "amber",
     "cause": "relationship", "priority": 70},
    {"id": 8, "code": "contact_overdue", "subject": "person", "condition": "overdue", "severity": "amber",
     "cause": "relationship", "priority": 80},
    {"id": 9, "code": "trust_down", "subject": "trust", "condition": "drop", "amber": 2, "window_days": 180,
     "severity": "amber", "cause": "relationship", "priority": 90},
    {"id": 10, "code": "nps_detractor", "subject": "answer", "condition": "below", "red": 6, "window_days": 90,
     "severity": "red", "cause": "satisfaction", "priority": 100},
    {"id": 11, "code": "objective_behind", "subject": "objective", "condition": "overdue", "severity": "amber",
     "cause": "objectives", "priority": 110},
    {"id": 12, "code": "signal", "subject": "signal", "condition": "raised", "severity": "amber",
     "cause": "signals", "priority": 120},
    {"id": 13, "code": "date_near", "subject": "date", "condition": "near", "date_kind": "buying_step",
     "ahead_days": 30, "severity": "info", "cause": "dates", "priority": 130},
    {"id": 14, "code": "opinions_old", "subject": "opinion", "condition": "old", "window_days": 365,
     "severity": "info", "cause": "opinions", "priority": 140},
    {"id": 15, "code": "concentration_one", "subject": "concentration", "condition": "band", "clear": 14,
     "severity": "amber",
     "cause": "concentration", "priority": 150},
    {"id": 16, "code": "concentration_five", "subject": "concentration", "condition": "band", "clear": 39,
     "severity": "amber",
     "cause": "concentration", "priority": 160},
]
NUMBER = {rule["code"]: rule["id"] for rule in SHIPPED}
REVENUE_KPI = 1


def rule(code, **changed):
    """One rule as it ships, with what is changed."""
    return next(row for row in SHIPPED if row["code"] == code) | changed


def alert_config(*rules, kpis=({"id": REVENUE_KPI, "code": "revenue"},), **settings):
    return RunConfig.model_validate({
        "company": {"id": 1, "currency": "EUR", "digits": 2},
        "settings": settings,
        "factors": factor_rows(),
        "kpis": list(kpis),
        "sources": {"revenue": REVENUE_KPI},
        "rules": list(rules),
    })


def frame(table, rows):
    """Rows of a table or section with every column; what is not said is unknown."""
    blank = {name: pd.Series([], dtype=col.dtype or object) for name, col in table.columns.items()}
    if not rows:
        return pd.DataFrame(blank)
    whole = pd.DataFrame(rows).reindex(columns=list(table.columns))
    counted = [name for name, col in table.columns.items() if col.dtype == "int64"]
    whole[counted] = whole[counted].fillna(0)
    return whole.astype({name: col.dtype for name, col in table.columns.items() if col.dtype})


def score(number, share=NAN, health=NAN, **columns):
    return {"account_id": number, "share": share, "health": health, **columns}


def rhythm(number, days_60=0, days_180=0, longest=NAN, last=None, **more):
    return {"account_id": number, "days_60": days_60, "days_180": days_180, "longest_gap": longest,
            "last_date": last, "first_date": "2024-01-01", **more}


def relation(number, people, in_touch, coverage=0.5):
    return {"account_id": number, "people": people, "people_in_touch": in_touch, "coverage": coverage}


def past(number, code, account_id=7, subject=None, severity="amber", opened="2026-11-10", closed=None, value=NAN,
         parent=NAN, threshold=NAN):
    """One alert of before; open unless it says when it closed."""
    return {"alert_id": number, "rule_id": NUMBER.get(code, code), "account_id": account_id, "subject": subject,
            "is_open": int(closed is None), "opened": opened, "closed": closed, "severity": severity, "value": value,
            "threshold": threshold, "parent_rule_id": parent}


def history(number, parts, health, as_of="2026-11-13", reference="week", settings=HASH):
    """Where an account stood: `parts` are values of components of health by code."""
    told = {"parts": [[value, as_of, value, 0.0] for value in parts.values()], "known": {}}
    return {"account_id": number, "reference": reference, "as_of": as_of, "config_hash": settings,
            "codes": " ".join(parts), "explanation": json.dumps(told), "health": health}


def parts(number, **values):
    return [{"account_id": number, "code": code, "normalised": float(value)} for code, value in values.items()]


def inputs(accounts=None, **rows):
    """Sections and tables from rows; one key account, 7, unless said."""
    told = {"account": accounts or [account(7, key=1, tier=1.0)], **rows}
    own = {"score": TABLES["score"], "portfolio": TABLES["portfolio"], "relationship": TABLES["relationship"],
           "kpi_value": TABLES["kpi_value"]}
    frames = {name: frame(own.get(name) or SECTIONS[name], said) for name, said in told.items() if name != "parts"}
    if "parts" in told:
        frames["parts"] = pd.DataFrame(told["parts"])
    return AlertInputs(**frames, config_hash=HASH)


def answered(config, given, as_of=AS_OF):
    """What a run answers, checked against the contract."""
    table = alerts(given, config, as_of)
    return check(TABLES["alert"], table)


def said(table):
    """`code, account, subject, change, severity, reason` of each row, what is unknown as None."""
    codes = {number: code for code, number in NUMBER.items()}
    columns = ["rule_id", "account_id", "subject", "change", "severity", "reason"]
    return [
        tuple(None if pd.isna(value) else codes.get(value, value) if name == "rule_id" else value
              for name, value in zip(columns, line, strict=True))
        for line in table[columns].itertuples(index=False)
    ]


def key_of(row):
    """Rule, account (0: the company) and subject of an alert, or of an answer."""
    whose, subject = row["account_id"], row["subject"]
    return row["rule_id"], int(whose) if whose == whose else 0, subject if isinstance(subject, str) else ""


def as_pulled(table, before, as_of=AS_OF):
    """The alerts as Odoo would give them to the next run: `before` (frame of the section) with what `table` answers."""
    rows = before.to_dict("records")
    key = {key_of(row): row for row in rows if row["is_open"]}
    for line in table.to_dict("records"):
        name = key_of(line)
        told = {"severity": line["severity"], "value": line["value"], "threshold": line["threshold"],
                "parent_rule_id": line["parent_rule_id"]}
        if line["change"] == "open" and name not in key:
            rows.append({"alert_id": len(rows) + 1, "rule_id": line["rule_id"], "account_id": line["account_id"],
                         "subject": line["subject"], "is_open": 1, "opened": pd.Timestamp(as_of), "closed": pd.NaT,
                         **told})
        elif line["change"] == "close":
            key[name].update(is_open=0, closed=pd.Timestamp(as_of))
        else:
            key[name].update(told)
    return frame(SECTIONS["alert"], rows)


def day(text):
    return datetime.date.fromisoformat(text)
