"""Alerts of one run: every rule looked at, and every alert that is open answered.

One evaluator per subject and condition, in the `alert_…` modules; what becomes of what they find is in
`alert_lifecycle`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

import numpy as np
import pandas as pd

from sync_worker.frames.config import AlertRule, RunConfig
from sync_worker.frames.reader import empty
from sync_worker.frames.schemas import TABLES
from sync_worker.scoring import alert_dates, alert_figures, alert_orders, alert_people, alert_scores
from sync_worker.scoring.alert_candidates import (
    COMPANY,
    SEVERITIES,
    STANDARD,
    AlertInputs,
    Watch,
    fact_texts,
)
from sync_worker.scoring.alert_lifecycle import CLOSES, KEY, cooled, decided, folded, one_up, past_alerts

__all__ = ["EVALUATORS", "AlertInputs", "alerts"]

Evaluator = Callable[[AlertRule, Watch], pd.DataFrame | None]
EVALUATORS: dict[tuple[str, str], Evaluator] = {
    ("score", "drop"): alert_scores.score_drop,
    ("score", "below"): alert_scores.score_level,
    ("score", "above"): alert_scores.score_level,
    ("component", "drop"): alert_scores.component_drop,
    ("component", "below"): alert_scores.component_level,
    ("component", "above"): alert_scores.component_level,
    ("person", "overdue"): alert_people.contact_overdue,
    ("people", "below"): alert_people.few_people,
    ("role", "missing"): alert_people.role_empty,
    ("person", "gone"): alert_people.supporter_left,
    ("answer", "below"): alert_people.nps_detractor,
    ("trust", "drop"): alert_people.trust_down,
    ("opinion", "old"): alert_people.opinions_old,
    ("order", "rate"): alert_orders.order_rate,
    ("order", "silence"): alert_orders.order_silence,
    ("objective", "overdue"): alert_dates.objective_behind,
    ("date", "near"): alert_dates.date_near,
    ("date", "overdue"): alert_dates.date_near,
    ("signal", "raised"): alert_dates.signal_raised,
    ("concentration", "band"): alert_figures.concentration,
    ("kpi", "status_red"): alert_figures.figure_status,
    ("kpi", "status_amber"): alert_figures.figure_status,
    ("kpi", "below"): alert_figures.figure_level,
    ("kpi", "above"): alert_figures.figure_level,
    ("kpi", "drop"): alert_figures.figure_drop,
}
"""What looks at a rule, by its subject and condition; None comes back for a rule that lacks what it needs."""

_OVER = (("person", "gone"), ("answer", "below"), ("date", "near"), ("date", "overdue"), ("signal", "raised"))
"""Subjects that are listed while they matter: one that is not listed any longer is dealt with, not gone."""


def alerts(inputs: AlertInputs, config: RunConfig, as_of: datetime.date) -> pd.DataFrame:
    """The table `alert` of the contract: what opens, what stays open and what closes on `as_of`.

    Rules look at active key accounts, of their tiers where they name some, and at the company (a partial run: at its
    accounts alone). Every alert that is
    open is answered once. The same arguments give the same rows, whatever their order; with the answers of a first run
    among the open alerts a second one opens and closes nothing. No rules close everything (`rule_off`). A rule that
    lacks what it needs, or whose subject this worker does not know, leaves its alerts as they are. Source:
    methodology, alert.

    By hand: of a key account the role 3 is empty.

    >>> account = pd.DataFrame({"account_id": [7], "is_key": 1, "is_candidate": 0, "is_active": 1,
    ...                         "manager_id": np.nan, "tier_id": np.nan})
    >>> seat = pd.DataFrame({"account_id": [7], "role_id": [3], "people": [0]})
    >>> config = RunConfig.model_validate({
    ...     "company": {"id": 1, "currency": "EUR", "digits": 2},
    ...     "rules": [{"id": 4, "code": "role_empty", "subject": "role", "condition": "missing", "severity": "amber"}]})
    >>> found = alerts(AlertInputs(account=account, seat=seat), config, datetime.date(2026, 11, 20))
    >>> found[["rule_id", "account_id", "subject", "change", "severity", "facts"]].to_numpy().tolist()
    [[4, 7.0, '3', 'open', 'amber', '{"role":3}']]
    """
    rules = {rule.id: rule for rule in config.rules}
    past = past_alerts(inputs.alert)
    if inputs.is_partial:
        past = past[past["account"].isin(inputs.account["account_id"])].reset_index(drop=True)
    accounts, heavy = _watched(inputs, config)
    found, held = {}, []
    for number, rule in sorted(rules.items()):
        rows = _looked_at(rule, Watch(inputs, config, as_of, _of_tier(rule, inputs, accounts), heavy))
        if rows is None:
            held.append(number)
        else:
            found[number] = rows
    together = _together(found)
    together["severity"] = one_up(together["severity"], together["account"].isin(heavy))
    over = [number for number, rule in rules.items() if (rule.subject, rule.condition) in _OVER]
    rows = decided(together, past, rules, held, over, accounts)
    rows = folded(cooled(rows, past, rules, as_of), past, rules, as_of, config.settings.alerts_per_day)
    return _table(rows, found, as_of)


def _watched(inputs: AlertInputs, config: RunConfig) -> tuple[pd.Index, pd.Index]:
    """The active key accounts, and the accounts that have half of the sales or more."""
    account = inputs.account
    key = account.loc[(account["is_key"] == 1) & (account["is_active"] == 1), "account_id"]
    # dividing the threshold keeps 0.29 >= 29/100 true
    half = inputs.score["share"] >= config.settings.concentration_one_critical / 100.0
    return pd.Index(np.sort(key.to_numpy())), pd.Index(inputs.score.loc[half, "account_id"])


def _of_tier(rule: AlertRule, inputs: AlertInputs, accounts: pd.Index) -> pd.Index:
    if not rule.tier_ids:
        return accounts
    of_tier = inputs.account.loc[inputs.account["tier_id"].isin(rule.tier_ids), "account_id"]
    return accounts[accounts.isin(of_tier)]


def _looked_at(rule: AlertRule, watch: Watch) -> pd.DataFrame | None:
    evaluator = EVALUATORS.get((rule.subject or "", rule.condition or ""))
    rows = evaluator(rule, watch) if evaluator else None
    if rows is None:
        return None
    if watch.inputs.is_partial:
        rows = rows[rows["account"] != COMPANY]
    # one who stands there twice is one; sorted, so that the order of the sections is not seen
    rows = rows.sort_values(["account", "subject", "state"], kind="stable")
    return rows.drop_duplicates(["account", "subject"], keep="last").reset_index(drop=True)


def _together(found: dict[int, pd.DataFrame]) -> pd.DataFrame:
    columns = ["rule_id", *STANDARD, "row"]
    told = [
        rows.assign(rule_id=number, row=np.arange(len(rows), dtype="int64"))[columns]
        for number, rows in found.items() if len(rows)
    ]
    return pd.concat(told, ignore_index=True) if told else _nothing(columns)


def _nothing(columns: list[str]) -> pd.DataFrame:
    types = {"subject": object, "unknown": object, "value": "float64", "threshold": "float64",
             "since": "datetime64[s]"}
    return pd.DataFrame({name: pd.Series([], dtype=types.get(name, "int64")) for name in columns})


def _table(rows: pd.DataFrame, found: dict[int, pd.DataFrame], as_of: datetime.date) -> pd.DataFrame:
    if rows.empty:
        return empty(TABLES["alert"])
    rows = rows.sort_values(KEY, kind="stable", ignore_index=True)
    since = rows["since"].fillna(rows["opened"]).fillna(pd.Timestamp(as_of))
    table = pd.DataFrame({
        "rule_id": rows["rule_id"].astype("int64"),
        "account_id": rows["account"].astype("float64").mask(rows["account"] == COMPANY),
        "subject": rows["subject"].where(rows["subject"] != "", None),
        "change": rows["change"],
        "severity": rows["severity"].map(dict(enumerate(SEVERITIES))),
        "value": rows["value"],
        "threshold": rows["threshold"],
        "since": since.astype("datetime64[s]"),
        "facts": _facts(rows, found),
        "parent_rule_id": rows["parent_rule_id"],
        "reason": rows["reason"].where(rows["reason"].notna(), None),
    })
    return table[list(TABLES["alert"].columns)]


def _facts(rows: pd.DataFrame, found: dict[int, pd.DataFrame]) -> pd.Series:
    """The facts of what is open; of what no rule could look at, that it could not."""
    facts = pd.Series([None] * len(rows), rows.index, dtype=object)
    living = rows[rows["change"] != CLOSES]
    facts[living.index[living["row"].isna()]] = '{"unknown":"unusable"}'
    for number, own in living[living["row"].notna()].groupby("rule_id"):
        facts[own.index] = fact_texts(found[number].iloc[own["row"].astype("int64")])
    return facts
