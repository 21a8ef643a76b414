"""Dates and promises: what falls due soon, objectives behind, and signals that somebody raised."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sync_worker.frames.config import AlertRule
from sync_worker.scoring.alert_candidates import AMBER, CLEAR, HOLD, INFO, OPEN, RED, Watch, candidates, severity_of
from sync_worker.scoring.constants import AHEAD_DAYS


def date_near(rule: AlertRule, watch: Watch) -> pd.DataFrame | None:
    """Open dates of one kind, one row each: days left until it, negative when it is past.

    Opens `ahead_days` before (`near`) or the day after (`overdue`). With `amber` or `red`, it is so grave from so many
    days left on. Source: methodology, alert, a date of the buying process near.

    By hand: 30 days before the tender it opens, 31 days before it does not.
    """
    if not rule.date_kind:
        return None
    due = watch.own(watch.inputs.due)
    due = due[due["kind"] == rule.date_kind].reset_index(drop=True)
    left = -watch.days_since(due["date"])
    ahead = -1 if rule.condition == "overdue" else _ahead(rule)
    severity = np.full(len(due), severity_of(rule, INFO))
    for days, level in ((rule.amber, AMBER), (rule.red, RED)):
        if days is not None:
            severity = np.where(left <= days, np.maximum(severity, level), severity)
    return candidates(
        due["account_id"], np.where(left <= ahead, OPEN, CLEAR), severity, subject=due["record_id"], value=left,
        threshold=ahead, since=due["date"] - pd.Timedelta(days=ahead), kind=due["kind"], record=due["record_id"],
        date=due["date"],
    )


def _ahead(rule: AlertRule) -> int:
    return AHEAD_DAYS if rule.ahead_days is None else rule.ahead_days


def objective_behind(_rule: AlertRule, watch: Watch) -> pd.DataFrame:
    """Objectives, one row each: red past the deadline, amber off track; at risk an alert that is open stays.

    Source: methodology, alert, objective overdue or behind pace.
    """
    objective = watch.own(watch.inputs.objective)
    late = (objective["is_overdue"].fillna(0) == 1).to_numpy()
    ended = objective["status"].isin(("achieved", "missed")).to_numpy()
    behind, shaky = (objective["status"] == "off_track").to_numpy(), (objective["status"] == "at_risk").to_numpy()
    state = np.select([ended, late | behind, shaky], [CLEAR, OPEN, HOLD], CLEAR)
    return candidates(
        objective["account_id"], state, np.where(late, RED, AMBER), subject=objective["objective_id"],
        objective=objective["objective_id"], status=objective["status"], is_overdue=late.astype("int64"),
    )


def signal_raised(rule: AlertRule, watch: Watch) -> pd.DataFrame:
    """Signals that somebody raised and nobody has dealt with, one row each. Source: methodology, signals."""
    signal = watch.own(watch.inputs.signal)
    return candidates(
        signal["account_id"], OPEN, severity_of(rule, AMBER), subject=signal["signal_id"], since=signal["date"],
        signal=signal["signal_id"], date=signal["date"],
    )
