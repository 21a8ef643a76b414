"""The sections that `pull` gives, column by column (docs/developers/contract.md)."""

from __future__ import annotations

from sync_worker.frames.columns import (
    CODES,
    SCORES,
    Col,
    Rule,
    Table,
    count,
    flag,
    identity,
    maybe_identity,
    money,
    score,
)
from sync_worker.frames.kpi_sections import KPI_SECTIONS

REFERENCE = r"run|week|days_[1-9][0-9]*"
"""What a history is of: the last run, a week before, or so many days before (for rules that watch a drop)."""

SECTIONS = {
    "account": Table(
        "account",
        {
            "account_id": identity(),
            "is_key": flag(),
            "is_candidate": flag(),
            "is_active": flag(),
            "manager_id": maybe_identity(),
            "tier_id": maybe_identity(optional=True),
            "is_confidential": flag(optional=True),
            "key_since": Col("date", nullable=True, optional=True),
        },
        key=("account_id",),
    ),
    "fact": Table(
        "fact",
        {
            "account_id": identity(),
            "kpi_id": identity(),
            "value_now": money(),
            "value_before": money(),
            "documents_now": count(),
            "documents_before": count(),
            "unknown_now": count(),
            "unknown_before": count(),
            "documents": count(),
            "first_date": Col("date", nullable=True),
            "last_date": Col("date", nullable=True),
        },
        key=("account_id", "kpi_id"),
    ),
    "opinion": Table(
        "opinion",
        {
            "account_id": identity(),
            "factor_id": identity(),
            "rater_id": identity(),
            "value": Col("float", low=1, high=10),
            "date": Col("date"),
            "opinion_id": identity(),
        },
        key=("opinion_id",),
    ),
    "history": Table(
        "history",
        {
            "account_id": identity(),
            "reference": Col("text"),
            "as_of": Col("date"),
            "config_hash": Col("text", nullable=True),
            "codes": Col("text", nullable=True),
            "explanation": Col("text", nullable=True),
            **{name: score() for name in SCORES},
        },
        key=("account_id", "reference"),
        rules=(
            Rule(
                lambda history: history["reference"].astype(str).str.fullmatch(REFERENCE),
                "reference is none of run, week and days_N ({reference})",
            ),
        ),
    ),
    "investment": Table(
        "investment",
        {
            "account_id": identity(),
            "investment_id": identity(),
            "amount": Col("float", low=0),
            "date_start": Col("date"),
            "date_end": Col("date"),
        },
        key=("investment_id",),
    ),
    "wallet": Table(
        "wallet",
        {
            "account_id": identity(),
            "line_id": identity(),
            "counted_at": identity(),
            "is_named": flag(),
            "sales": money(),
            "unknown": count(),
            "typed": money(),
            "spend": money(),
            "our_rank": Col("int", nullable=True),
            "suppliers": Col("int", nullable=True),
        },
        key=("account_id", "line_id"),
    ),
    "answer": Table(
        "answer",
        {
            "account_id": identity(),
            "answer_id": identity(),
            "person": maybe_identity(),
            "is_named": flag(),
            "power": Col("text", nullable=True, codes=CODES["power"]),
            "kind": Col("text", codes=CODES["kind"]),
            "value": Col("float"),
            "scale_min": Col("float"),
            "scale_max": Col("float"),
            "low_is_good": flag(),
            "date": Col("date"),
            "touchpoint_id": maybe_identity(),
        },
        key=("answer_id",),
        rules=(
            Rule(
                lambda answer: answer["scale_min"] < answer["scale_max"],
                "scale_min is not under scale_max ({scale_min:g} to {scale_max:g})",
            ),
            Rule(
                lambda answer: answer["value"].between(answer["scale_min"], answer["scale_max"]),
                "value is out of its scale ({value:g} on {scale_min:g} to {scale_max:g})",
            ),
        ),
    ),
    "request": Table(
        "request",
        {
            "account_id": identity(),
            "person": maybe_identity(),
            "is_named": flag(),
            "asked": count(),
            "answered": count(),
        },
        key=("account_id", "person"),
        rules=(
            Rule(
                lambda request: request["answered"] <= request["asked"],
                "answered is over asked ({answered:g} of {asked:g})",
            ),
        ),
    ),
    "person": Table(
        "person",
        {
            "account_id": identity(),
            "stakeholder_id": identity(),
            "function_id": maybe_identity(),
            "power": Col("text", nullable=True, codes=CODES["power"]),
            "cadence_days": maybe_identity(),
            "current": Col("int", nullable=True, low=0, high=4),
            "target": Col("int", nullable=True, low=1, high=4),
            "last_contact": Col("date", nullable=True),
            "contact_days": count(),
            "is_two_way": flag(),
            "contact_id": maybe_identity(optional=True),
            "roles": Col("text", nullable=True, optional=True),
        },
        key=("stakeholder_id",),
    ),
    "seat": Table(
        "seat",
        {"account_id": identity(), "role_id": identity(), "people": count()},
        key=("account_id", "role_id"),
    ),
    "thread": Table("thread", {"account_id": identity(), "colleagues": count()}, key=("account_id",)),
    "assessment": Table(
        "assessment",
        {
            "account_id": identity(),
            "aspect": Col("text"),
            "is_inverted": flag(),
            "rater_id": identity(),
            "value": Col("float", low=1, high=10),
            "date": Col("date"),
            "assessment_id": identity(),
        },
        key=("assessment_id", "aspect"),
    ),
    "objective": Table(
        "objective",
        {
            "account_id": identity(),
            "objective_id": identity(),
            "status": Col("text", codes=CODES["objective"]),
            "is_overdue": flag(optional=True),
        },
        key=("account_id", "objective_id"),
    ),
    **KPI_SECTIONS,
}
