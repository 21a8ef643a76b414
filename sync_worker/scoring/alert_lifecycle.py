"""From what the rules find to what opens, stays and closes.

- An alert that is open stays until what it is about is cleared; an unknown value changes nothing about it.
- After it closed it does not open again within the cool-down of its rule, unless it is graver than it was.
- Of one account, alerts of one cause fold under the gravest: the head; the others name its rule.
- At most so many new heads a day and account, the gravest first. The others wait.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from sync_worker.frames.config import AlertRule
from sync_worker.scoring.alert_candidates import CLEAR, COMPANY, OPEN, RED, SEVERITIES
from sync_worker.scoring.constants import CONCENTRATION_STEP

KEY = ["rule_id", "account", "subject"]
OPENS, KEEPS, CLOSES = "open", "keep", "close"
CLEARED, GONE, RULE_OFF = "cleared", "gone", "rule_off"


def past_alerts(alert: pd.DataFrame) -> pd.DataFrame:
    """The section `alert` by the names used here: account 0 for the company, an empty subject for the account itself.

    Sorted by alert; severity by its number.
    """
    past = alert.sort_values("alert_id", kind="stable", ignore_index=True)
    return pd.DataFrame({
        "rule_id": past["rule_id"].astype("int64"),
        "account": past["account_id"].fillna(COMPANY).astype("int64"),
        "subject": past["subject"].astype(object).where(past["subject"].notna(), "").astype(str).astype(object),
        "is_open": past["is_open"] == 1,
        "opened": past["opened"],
        "closed": past["closed"],
        "severity_was": pd.Series(pd.Categorical(past["severity"], list(SEVERITIES)).codes, past.index).astype("int64"),
        "value_was": past["value"].astype("float64"),
        "threshold_was": pd.Series(past.get("threshold", np.nan), past.index).astype("float64"),
        "is_head": past["parent_rule_id"].isna(),
    })


def decided(found: pd.DataFrame, past: pd.DataFrame, rules: Mapping[int, AlertRule], held: Iterable[int],
            cleared: Iterable[int], accounts: Iterable[int]) -> pd.DataFrame:
    """What becomes of every alert that is open and every candidate: one row each, with `change` and `reason`.

    `found` are the candidates of all rules with `rule_id`, each key once; `past` as `past_alerts` gives it; `held` are
    rules that could not be looked at: their alerts stay; `cleared` those of which a subject that is not found any
    longer is over rather than gone; `accounts` those that are watched. Rows that say nothing are left out.
    """
    open_now = past[past["is_open"]].drop_duplicates(KEY)
    # the many that are well and have no alert need not be looked at again
    telling = found[(found["state"] != CLEAR) | _among(found, open_now)]
    both = telling.merge(open_now.drop(columns="is_open"), on=KEY, how="outer", indicator="side")
    alone, unmet = both["side"] == "right_only", both["side"] == "left_only"
    gone = both["rule_id"].where(alone)
    off = alone & ~gone.isin(list(rules))
    waiting = alone & ~off & gone.isin(list(held))
    over = alone & gone.isin(list(cleared)) & both["account"].isin([*accounts, COMPANY])
    both["change"] = np.select(
        [waiting, alone, unmet & (both["state"] == OPEN), unmet, both["state"] == CLEAR],
        [KEEPS, CLOSES, OPENS, "", CLOSES],
        KEEPS,
    )
    both["reason"] = np.select([both["change"] != CLOSES, off, over, alone], [None, RULE_OFF, CLEARED, GONE], CLEARED)
    both["unknown"] = both["unknown"].astype(object).mask(waiting, "unusable")
    return _as_it_was(both[both["change"] != ""].reset_index(drop=True))


def _as_it_was(both: pd.DataFrame) -> pd.DataFrame:
    """Severity and value as they were where nothing is known, or nothing is found any longer."""
    stays = ((both["change"] == KEEPS) & both["unknown"].notna()) | (both["change"] == CLOSES)
    no_row = both["side"] == "right_only"
    severity = both["severity_was"].where(stays | no_row, both["severity"])
    value = both["value_was"].where(no_row | ((both["change"] == KEEPS) & both["unknown"].notna()), both["value"])
    threshold = both["threshold_was"].where(no_row, both["threshold"])
    return both.assign(severity=severity.astype("int64"), value=value, threshold=threshold)


def _among(rows: pd.DataFrame, others: pd.DataFrame) -> np.ndarray:
    if others.empty:
        return np.zeros(len(rows), dtype=bool)
    return pd.MultiIndex.from_frame(rows[KEY]).isin(pd.MultiIndex.from_frame(others[KEY]))


def cooled(
    rows: pd.DataFrame, past: pd.DataFrame, rules: Mapping[int, AlertRule], as_of: datetime.date
) -> pd.DataFrame:
    """The rows without those that would open within the cool-down of their rule.

    A graver one opens all the same. A concentration that was dealt with opens again, however long ago it was, only in a
    higher band or once it has grown by five points. Source: methodology, alert and concentration.
    """
    closed = past[~past["is_open"] & past["closed"].notna()].sort_values("closed", kind="stable")
    closed = closed.drop_duplicates(KEY, keep="last").set_index(KEY)[
        ["closed", "severity_was", "value_was", "threshold_was"]]
    last = closed.reindex(pd.MultiIndex.from_frame(rows[KEY]))
    days = (np.datetime64(as_of, "s") - last["closed"].to_numpy()).astype("timedelta64[D]").astype("float64")
    days[last["closed"].isna().to_numpy()] = np.nan
    wait = rows["rule_id"].map({n: rule.cool_down_days for n, rule in rules.items()}).to_numpy(dtype="float64")
    graver = rows["severity"].to_numpy() > last["severity_was"].to_numpy(dtype="float64")
    step = rows["rule_id"].isin([n for n, r in rules.items() if r.condition == "band"]).to_numpy()
    # rounding allows for shares being binary
    grown = (rows["value"].to_numpy() - last["value_was"].to_numpy()).round(9) >= CONCENTRATION_STEP
    grown |= rows["threshold"].to_numpy() > last["threshold_was"].to_numpy()
    blocked = np.where(step, ~np.isnan(days) & ~graver & ~grown, (days < wait) & ~graver)
    return rows[~(blocked & (rows["change"] == OPENS).to_numpy())].reset_index(drop=True)


def folded(rows: pd.DataFrame, past: pd.DataFrame, rules: Mapping[int, AlertRule], as_of: datetime.date,
           per_day: int) -> pd.DataFrame:
    """The rows that remain under the daily cap, with `parent_rule_id`: the rule of the head, NaN for a head itself.

    A new alert under a head that is open already is no new head. One that is graver than an open head of its cause
    becomes the head, and counts. Heads that opened on `as_of` before count too. The company has no cap.

    By hand: two causes with new alerts and one place left: the graver cause opens with all its alerts, the other waits.
    """
    closing = rows[rows["change"] == CLOSES].assign(parent_rule_id=np.nan)
    living = _ranked(rows[rows["change"] != CLOSES], rules)
    kept = living["change"] == KEEPS
    # in order of rank: whatever stands before the first one that is open already would be a new head
    before_kept = ~kept.astype(int).groupby(living["matter"]).cumsum().astype(bool)
    new = living[before_kept]
    heads = new.drop_duplicates("matter")
    used = past[(past["opened"] == np.datetime64(as_of, "s")) & past["is_head"]].groupby("account").size()
    places = per_day - heads["account"].map(used).fillna(0)
    # ranked by gravity within an account
    turn = heads.groupby("account").cumcount()
    waits = heads.loc[(turn >= places) & (heads["account"] != COMPANY), "matter"]
    living = living[~(before_kept & living["matter"].isin(waits))]
    head_rule = living.groupby("matter")["rule_id"].transform("first")
    is_head = ~living["matter"].duplicated()
    living = living.assign(parent_rule_id=head_rule.astype("float64").mask(is_head))
    return pd.concat([living.drop(columns=["matter", "priority"]), closing], ignore_index=True)


def _ranked(rows: pd.DataFrame, rules: Mapping[int, AlertRule]) -> pd.DataFrame:
    """The gravest first, then by the priority of the rule (the smaller first), rule and subject; with `matter`, the
    number of the account and cause that it belongs to. Without a cause each is a matter of its own."""
    cause = rows["rule_id"].map({number: rule.cause or "" for number, rule in rules.items()}).astype(object)
    alone = cause.isna() | (cause == "")
    own = rows["rule_id"].astype(str) + "/" + rows["subject"]
    matter = rows["account"].astype(str) + np.where(alone, "/own/" + own, "/" + cause.fillna("").astype(str))
    rows = rows.assign(
        matter=pd.factorize(matter)[0],
        priority=rows["rule_id"].map({number: rule.priority for number, rule in rules.items()}).fillna(0),
        grave=-rows["severity"], length=rows["subject"].str.len(),
    )
    # by length first: subject 9 goes before subject 10
    order = ["grave", "priority", "rule_id", "length", "subject", "account"]
    return rows.sort_values(order, kind="stable", ignore_index=True).drop(columns=["grave", "length"])


def one_up(severity: pd.Series, heavy: pd.Series) -> pd.Series:
    """One level graver, up to red, where the account has half of the sales.

    >>> one_up(pd.Series([0, 1, 2, 0]), pd.Series([True, True, True, False])).tolist()
    [1, 2, 2, 0]
    """
    return (severity + heavy.astype("int64")).clip(upper=RED)
