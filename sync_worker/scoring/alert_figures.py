"""Key figures against their target or a threshold, and how much of the sales hangs on few accounts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sync_worker.frames.config import AlertRule, Kpi
from sync_worker.scoring.alert_candidates import (
    AMBER,
    CLEAR,
    COMPANY,
    HOLD,
    OPEN,
    RED,
    Watch,
    candidates,
    graded,
    lacking,
    severity_of,
    thresholds,
)
from sync_worker.scoring.concentration import CRITICAL, EXTREME, WARNING, concentration_band
from sync_worker.scoring.kpi_calendar import LENGTHS
from sync_worker.scoring.reasons import Reason

MONTH = "month"
FIVE = "concentration_five"
"""The rule that looks at the largest five; another one of its subject looks at the largest account."""


def figure_status(rule: AlertRule, watch: Watch) -> pd.DataFrame | None:
    """The light of a key figure: `status_red` opens on red and stays while amber, `status_amber` opens on either;
    green clears. Without a light nothing is known, but an alert of an earlier month, quarter or year is over with it.

    By hand: sales of 2025 were red in December. On 8 January there is no light yet, and the alert closes; had it opened
    in 2026 it would stay.
    """
    current = _current(rule, watch)
    if current is None:
        return None
    red, amber, green = ((current["status"] == light).to_numpy() for light in ("red", "amber", "green"))
    if rule.condition == "status_amber":
        state, severity = np.select([red | amber, green], [OPEN, CLEAR], HOLD), np.where(red, RED, AMBER)
    else:
        state, severity = np.select([red, green], [OPEN, CLEAR], HOLD), severity_of(rule, RED)
    lit = red | amber | green
    past = ~lit & _of_earlier_period(rule, watch, current)
    state = np.where(past, CLEAR, state)
    unknown = np.where(lit | past, None, _reason(current, Reason.NO_TARGET))
    return _told(rule, watch, current, state=state, severity=severity, unknown=unknown, value=current["pace"])


def _of_earlier_period(rule: AlertRule, watch: Watch, current: pd.DataFrame) -> np.ndarray:
    """Whether the open alert of each account opened before the current period of the calendar began."""
    alert = watch.inputs.alert
    if (rule.grain or MONTH) not in LENGTHS:
        return np.zeros(len(current), dtype=bool)
    own = alert[(alert["rule_id"] == rule.id) & (alert["is_open"] == 1)].groupby("account_id")["opened"].max()
    opened = own.reindex(current["account_id"]).to_numpy(dtype="datetime64[s]")
    return opened < current["period_start"].to_numpy(dtype="datetime64[s]")


def figure_level(rule: AlertRule, watch: Watch) -> pd.DataFrame | None:
    """The value of a key figure under (`below`) or from (`above`) a threshold on."""
    current = _current(rule, watch)
    if current is None or not thresholds(rule):
        return None
    value = current["value"].astype("float64")
    unknown = np.where(value.isna(), _reason(current, Reason.NO_DATA), None)
    return _told(rule, watch, current, value=value, unknown=unknown, **graded(value, rule, rule.condition == "above"))


def figure_drop(rule: AlertRule, watch: Watch) -> pd.DataFrame | None:
    """By how much a key figure got worse against the period before: its trend, turned where high is good."""
    current, kpi = _current(rule, watch), _kpi(rule, watch)
    if current is None or not thresholds(rule):
        return None
    worse = current["trend"].astype("float64") * (1.0 if kpi is not None and kpi.low_is_good else -1.0)
    unknown = np.where(worse.isna(), _reason(current, Reason.NO_DATA), None)
    return _told(rule, watch, current, value=worse, unknown=unknown, **graded(worse, rule, high_is_bad=True))


def _kpi(rule: AlertRule, watch: Watch) -> Kpi | None:
    """The key figure of the rule, available or not; without one, that which revenue is read from."""
    wanted = watch.config.sources.revenue if rule.kpi_id is None else rule.kpi_id
    return next((kpi for kpi in watch.config.kpis if kpi.id == wanted), None)


def _current(rule: AlertRule, watch: Watch) -> pd.DataFrame | None:
    """The row of the period that `as_of` lies in, one for each account; of the months since the account is a key
    account, the latest. Without a figure, none when revenue is read from nothing, and no rows when that of the rule is
    gone."""
    values, kpi = watch.inputs.kpi_value, _kpi(rule, watch)
    if kpi is None:
        return None if rule.kpi_id is None else values.iloc[:0]
    grain = rule.grain or MONTH
    values = values[(values["kpi_id"] == kpi.id) & (values["grain"] == grain)]
    if grain != "since":
        values = values[values["is_current"] == 1]
    latest = values.sort_values("period_start", kind="stable").drop_duplicates("account_id", keep="last")
    return watch.by_account(latest)


def _reason(current: pd.DataFrame, otherwise: Reason) -> pd.Series:
    return current["reason"].astype(object).where(current["reason"].notna(), otherwise.word)


def _told(rule: AlertRule, watch: Watch, current: pd.DataFrame, **row: object) -> pd.DataFrame:
    kpi = _kpi(rule, watch)
    return candidates(
        current["account_id"], **row, since=current["period_start"],
        kpi=kpi.id if kpi else None, grain=rule.grain or MONTH,
        figure=current["value"], target=current["target"], target_to_date=current["target_to_date"],
        pace=current["pace"], previous=current["previous"], status=current["status"], period=current["period_start"],
    )


def concentration(rule: AlertRule, watch: Watch) -> pd.DataFrame | None:
    """The share of the largest account, or of the largest five, against the bands of the settings: one row for the
    company.

    A warning is amber, critical and extreme are red. Source: methodology, concentration.

    By hand: 15% in one hand is the warning, amber; 50% is critical, red.
    """
    one = rule.code != FIVE
    portfolio, settings = watch.inputs.portfolio, watch.config.settings
    share = float(portfolio["largest_share" if one else "top5_share"].iloc[0]) if len(portfolio) else np.nan
    # the other share is left out of the band: it has a rule of its own
    band = concentration_band(share, 0.0, settings) if one else concentration_band(0.0, share, settings)
    steps = {WARNING: settings.concentration_one_warning if one else settings.concentration_five_warning,
             CRITICAL: settings.concentration_one_critical if one else settings.concentration_five_critical}
    steps[EXTREME] = settings.concentration_one_extreme
    passed = steps[max(int(band), WARNING)] if band == band else steps[WARNING]
    under = share < (steps[WARNING] if rule.clear is None else rule.clear) / 100.0
    state = OPEN if band >= WARNING else CLEAR if under else HOLD
    value = pd.Series([share])
    return candidates(
        pd.Series([COMPANY]), state, RED if band >= CRITICAL else AMBER, value=value, threshold=passed / 100.0,
        unknown=lacking(value, Reason.NO_REVENUE), band=int(band) if band == band else None,
        **_largest(watch, one),
    )


def _largest(watch: Watch, one: bool) -> dict[str, object]:
    """Who has the largest share, as a fact."""
    shares = watch.inputs.score[["account_id", "share"]].dropna()
    if not one or shares.empty:
        return {}
    active = watch.inputs.account.loc[watch.inputs.account["is_active"] == 1, "account_id"]
    shares = shares[shares["account_id"].isin(active)].sort_values(["share", "account_id"], ascending=[False, True])
    return {"largest": int(shares["account_id"].iloc[0])} if len(shares) else {}
