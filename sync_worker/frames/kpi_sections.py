"""The sections that key figures and alerts are computed from, column by column (docs/developers/contract.md).

They tell of members alone (key accounts and candidates), or of key accounts, so they stay small however many customers
there are.
"""

from __future__ import annotations

from sync_worker.frames.columns import CODES, Col, Rule, Table, count, flag, identity, maybe_identity, money, share

KPI_SECTIONS = {
    "cell": Table(
        "cell",
        {
            "account_id": identity(),
            "kpi_id": identity(),
            "grain": Col("text", codes=CODES["cell"]),
            "period_start": Col("date"),
            "value": money(),
            "counted": count(),
            "documents": count(),
            "unknown": count(),
        },
        key=("account_id", "kpi_id", "grain", "period_start"),
    ),
    "recorded": Table(
        "recorded",
        {
            "account_id": identity(),
            "kpi_id": identity(),
            "grain": Col("text", codes=CODES["grain"]),
            "period_start": Col("date"),
            "value": money(),
        },
        key=("account_id", "kpi_id", "grain", "period_start"),
    ),
    "target": Table(
        "target",
        {
            "account_id": identity(),
            "kpi_id": identity(),
            "period_start": Col("date"),
            "target": money(),
            "budget": money(),
        },
        key=("account_id", "kpi_id", "period_start"),
        rules=(
            Rule(
                lambda target: target["period_start"].dt.day == 1,
                "period_start is not the first day of a month ({period_start:%Y-%m-%d})",
            ),
        ),
    ),
    "debt": Table(
        "debt",
        {"account_id": identity(), "due": Col("date"), "amount": money(), "unknown": count()},
        key=("account_id", "due"),
    ),
    "rhythm": Table(
        "rhythm",
        {
            "account_id": identity(),
            "days_60": count(),
            "days_180": count(),
            "longest_gap": Col("int", nullable=True, low=0),
            "last_date": Col("date", nullable=True),
            "first_date": Col("date", nullable=True),
            "days_365": Col("int", nullable=True, low=0, optional=True),
        },
        key=("account_id",),
    ),
    "departure": Table(
        "departure",
        {"account_id": identity(), "stakeholder_id": identity(), "date": Col("date")},
        key=("account_id", "stakeholder_id"),
    ),
    "due": Table(
        "due",
        {"account_id": identity(), "kind": Col("text"), "record_id": identity(), "date": Col("date")},
        key=("account_id", "kind", "record_id"),
    ),
    "signal": Table(
        "signal",
        {"account_id": identity(), "signal_id": identity(), "date": Col("date", nullable=True)},
        key=("account_id", "signal_id"),
    ),
    "alert": Table(
        "alert",
        {
            "alert_id": identity(),
            "rule_id": identity(),
            "account_id": maybe_identity(),
            "subject": Col("text", nullable=True),
            "is_open": flag(),
            "opened": Col("date"),
            "closed": Col("date", nullable=True),
            "severity": Col("text", codes=CODES["severity"]),
            "value": money(),
            "threshold": Col("float", nullable=True, optional=True),
            "parent_rule_id": maybe_identity(),
        },
        key=("alert_id",),
    ),
    "peer": Table(
        "peer",
        {
            "account_id": identity(),
            "codes": Col("text", nullable=True),
            "explanation": Col("text", nullable=True),
        },
        key=("account_id",),
    ),
    "standing": Table(
        "standing",
        {
            "account_id": identity(),
            "rank": Col("int", nullable=True, low=1),
            "share": share(),
            "cumulative_share": share(),
            "pareto_class": Col("text", nullable=True, codes=CODES["class"]),
            "margin_class": Col("text", nullable=True, codes=CODES["class"]),
            "is_compared": flag(),
        },
        key=("account_id",),
    ),
}
