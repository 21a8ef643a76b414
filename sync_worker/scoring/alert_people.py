"""The people of an account: who was not met in time, how many are in touch, which role nobody plays, who left, who is
dissatisfied, and whether trust falls."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sync_worker.frames.config import AlertRule
from sync_worker.scoring.alert_candidates import (
    AMBER,
    CLEAR,
    HOLD,
    INFO,
    OPEN,
    RED,
    Watch,
    candidates,
    graded,
    lacking,
    severity_of,
    thresholds,
)
from sync_worker.scoring.constants import (
    ANSWER_DAYS,
    ANSWER_SCALES,
    DECIDER,
    EVENT_DAYS,
    NPS_DETRACTOR,
    OPINION_DAYS,
    TRUST,
    TRUST_DAYS,
)
from sync_worker.scoring.opinions import weighted_means
from sync_worker.scoring.quality import counting_ratings
from sync_worker.scoring.reasons import Reason


def contact_overdue(rule: AlertRule, watch: Watch) -> pd.DataFrame:
    """People whom nobody contacted within the rhythm of their role, one row each: days since the last contact.

    Odoo sends half of the rhythm where the account has half of the sales. Somebody who was never contacted has no such
    day: unknown. Source: methodology, alert and dependence on one account.

    By hand: a rhythm of 60 days and 61 days ago opens; 60 days ago is in time.
    """
    person = watch.own(watch.inputs.person)
    rhythm = person["cadence_days"].fillna(watch.config.settings.contact_cadence).astype("float64")
    heavy = person["account_id"].isin(watch.heavy)
    days = watch.days_since(person["last_contact"])
    return candidates(
        person["account_id"], np.where(days > rhythm, OPEN, CLEAR), severity_of(rule, AMBER),
        subject=person["stakeholder_id"], value=days, threshold=rhythm, unknown=lacking(days, Reason.NO_CONTACT),
        since=person["last_contact"] + pd.to_timedelta(rhythm.fillna(0.0), unit="D").dt.floor("D"),
        stakeholder=person["stakeholder_id"], last=person["last_contact"], is_halved=heavy.astype("int64"),
    )


def few_people(rule: AlertRule, watch: Watch) -> pd.DataFrame | None:
    """How many people of the account are in touch with us; unknown when nobody is on record.

    By hand: under 3 of them opens, the third clears; of two who were never contacted none is.
    Source: methodology, alert.
    """
    if not thresholds(rule):
        return None
    relation = watch.by_account(watch.inputs.relationship)
    in_touch = relation["people_in_touch"].astype("float64").where(relation["people"] > 0)
    return candidates(
        relation["account_id"], value=in_touch, **graded(in_touch, rule, high_is_bad=False),
        unknown=lacking(in_touch, Reason.NO_PEOPLE),
        people=relation["people"].astype("float64"),
    )


def role_empty(rule: AlertRule, watch: Watch) -> pd.DataFrame:
    """Roles that the tier requires, one row each: nobody plays it. Source: methodology, alert."""
    seat = watch.own(watch.inputs.seat)
    return candidates(
        seat["account_id"], np.where(seat["people"] > 0, CLEAR, OPEN), severity_of(rule, AMBER),
        subject=seat["role_id"], value=seat["people"], threshold=1.0, role=seat["role_id"],
    )


def supporter_left(rule: AlertRule, watch: Watch) -> pd.DataFrame:
    """People who supported us and left, one row each, while it is news. Source: methodology, alert."""
    departure = watch.own(watch.inputs.departure)
    days = watch.days_since(departure["date"])
    news = days <= (rule.window_days or EVENT_DAYS)
    return candidates(
        departure["account_id"], np.where(news & (days >= 0), OPEN, CLEAR), severity_of(rule, RED),
        subject=departure["stakeholder_id"], value=days, since=departure["date"],
        stakeholder=departure["stakeholder_id"], date=departure["date"],
    )


def nps_detractor(rule: AlertRule, watch: Watch) -> pd.DataFrame:
    """Deciders who would not recommend us, one row for each who was asked: the latest NPS answer.

    Opens at 6 or less, of the last 90 days; a better answer clears, and so does time. Only answers on 0..10 by a
    person on record are looked at. Source: methodology, alert and NPS.
    """
    answer = watch.own(watch.inputs.answer)
    lowest, highest = ANSWER_SCALES["nps"]
    said = answer[
        (answer["kind"] == "nps") & (answer["scale_min"] == lowest) & (answer["scale_max"] == highest)
        & (answer["low_is_good"] == 0) & (answer["is_named"] == 1) & answer["person"].notna()
        & (answer["date"] <= watch.today)
    ]
    deciders = _with_role(watch.own(watch.inputs.person), rule.component or DECIDER)
    said = said.merge(deciders, left_on=["account_id", "person"], right_on=["account_id", "contact_id"])
    said = said.sort_values(["date", "answer_id"], kind="stable").drop_duplicates("stakeholder_id", keep="last")
    said = said.reset_index(drop=True)
    given = thresholds(rule)
    worst = max(step for step, _level in given) if given else NPS_DETRACTOR
    days = watch.days_since(said["date"])
    bad = (said["value"] <= worst) & (days <= (rule.window_days or ANSWER_DAYS))
    return candidates(
        said["account_id"], np.where(bad, OPEN, CLEAR), severity_of(rule, RED), subject=said["stakeholder_id"],
        value=said["value"], threshold=worst, since=said["date"], stakeholder=said["stakeholder_id"],
        answer=said["answer_id"], date=said["date"],
    )


def _with_role(person: pd.DataFrame, role: str) -> pd.DataFrame:
    plays = [isinstance(roles, str) and role in roles.split() for roles in person["roles"]]
    found = person.loc[np.array(plays, dtype=bool), ["account_id", "contact_id", "stakeholder_id"]]
    return found[found["contact_id"].notna()]


def trust_down(rule: AlertRule, watch: Watch) -> pd.DataFrame | None:
    """By how much the mean trust (1..10) fell since 180 days before.

    Each day has the mean that was to be seen on it: of each rater the latest, the older the lighter, the account's own
    manager half, and unknown where nobody else rated. Source: methodology, relationship quality.

    By hand: 8 half a year ago and 6 today are down by 2: opens. 8 and 7 are down by 1: cleared.
    """
    if not thresholds(rule):
        return None
    then = _trust(watch, rule.window_days or TRUST_DAYS)
    now = _trust(watch, 0)
    days = pd.DataFrame({"account_id": watch.accounts, "before": then.reindex(watch.accounts).to_numpy(),
                         "after": now.reindex(watch.accounts).to_numpy()})
    # to six decimals, as it is told: a fall of exactly two must not hang on the last bit
    drop = (days["before"] - days["after"]).round(6)
    return candidates(
        days["account_id"], value=drop, **graded(drop, rule, high_is_bad=True),
        unknown=lacking(drop, Reason.NO_OPINION), before=days["before"], after=days["after"],
        compared=pd.Timestamp(watch.before(rule.window_days or TRUST_DAYS)),
    )


def _trust(watch: Watch, days_ago: int) -> pd.Series:
    day, settings = watch.before(days_ago), watch.config.settings
    rating = watch.own(watch.inputs.assessment)
    rating = rating[rating["aspect"] == TRUST]
    managers = watch.inputs.account.set_index("account_id")["manager_id"]
    _rated, counting = counting_ratings(rating, settings, day)
    means = weighted_means(counting, managers, settings, day)
    return means[means["others"] > 0].set_index("account_id")["raw"]


def opinions_old(rule: AlertRule, watch: Watch) -> pd.DataFrame:
    """Days since anybody last gave an opinion of the account, on any factor or on that of `component`.

    Opens when they are more than a year. An account that nobody ever rated is not assessed: unknown. Source:
    methodology, alert, opinions too old.
    """
    opinion = watch.inputs.opinion
    factor = watch.config.factor(rule.component) if rule.component else None
    if factor is not None:
        opinion = opinion[opinion["factor_id"] == factor.id]
    latest = opinion[opinion["date"] <= watch.today].groupby("account_id")["date"].max()
    latest = latest.reindex(watch.accounts)
    days = watch.days_since(latest)
    longest = rule.window_days or OPINION_DAYS
    accounts = pd.Series(watch.accounts, watch.accounts)
    return candidates(
        accounts, np.where(days > longest, OPEN, np.where(days.isna(), HOLD, CLEAR)), severity_of(rule, INFO),
        value=days, threshold=longest, since=latest, unknown=lacking(days, Reason.NO_OPINION), last=latest,
    )
