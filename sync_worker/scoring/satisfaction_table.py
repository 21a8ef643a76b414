"""Satisfaction as it is published: of contacts, accounts, tiers and the portfolio, with its trend and its series."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sync_worker.frames.config import Settings
from sync_worker.frames.pull import Pull
from sync_worker.frames.reader import empty
from sync_worker.frames.schemas import CODES, TABLES
from sync_worker.scoring.answers import answer_weights, counting_answers, day_number, valued_answers
from sync_worker.scoring.constants import (
    FEWEST_PEOPLE,
    NAMED,
    PART_DECIMALS,
    SCORE_DECIMALS,
    SERIES_MONTHS,
    TREND_DAYS,
)
from sync_worker.scoring.explanation import compact
from sync_worker.scoring.rounding import rounded, rounded_array
from sync_worker.scoring.satisfaction import index_and_nps, response_rates, roll_up
from sync_worker.scoring.window import months_before

SCOPES = pd.CategoricalDtype(list(CODES["scope"]))
COUNTS = ("nps_answers", "csat_answers", "ces_answers", "favourability_answers", "answers", "people", "asked",
          "answered")


@dataclass(frozen=True)
class Scope:
    """One kind of subject: the columns that name one of them, and how many people its index takes at least."""

    name: str
    keys: tuple[str, ...]
    fewest_people: int
    by_touchpoint: bool = True


CONTACT = Scope("contact", ("subject_id", "account_id"), 1, by_touchpoint=False)
ACCOUNT = Scope("account", ("subject_id",), FEWEST_PEOPLE)
TIER = Scope("tier", ("subject_id",), FEWEST_PEOPLE)
PORTFOLIO = Scope("portfolio", ("subject_id",), FEWEST_PEOPLE)


def satisfaction_table(pull: Pull, members: pd.Index, settings: Settings, as_of: datetime.date) -> pd.DataFrame:
    """The table `satisfaction` of the contract, sorted by its key.

    One row per subject that anybody answered for or was asked about; for accounts, tiers and the portfolio one per
    touchpoint besides. A tier and the portfolio are made of all answers of their accounts, archived ones included, as
    their revenue is; those of confidential accounts are left out, so that nobody learns them from there. `members` are
    the accounts that get a series. No answers and no requests give no rows. Source: contract, table `satisfaction`.
    """
    if pull.answer.empty and pull.request.empty:
        return empty(TABLES["satisfaction"])
    valued = valued_answers(pull.answer)
    tiers = pull.account.set_index("account_id")["tier_id"].dropna()
    tables = []
    for scope in (CONTACT, ACCOUNT, TIER, PORTFOLIO):
        said, asked = (
            in_scope(disclosed(rows, scope, pull.account), scope, tiers) for rows in (valued, pull.request))
        table = _figures(said, asked, scope, settings, as_of)
        if scope is not CONTACT:
            drawn = said[said["subject_id"].isin(members)] if scope is ACCOUNT else said
            series = satisfaction_series(drawn, scope, settings, as_of)
            whole = table["touchpoint_id"].isna()
            table["series"] = table["subject_id"].map(series).where(whole)
        tables.append(table)
    return _together(tables)


def in_scope(rows: pd.DataFrame, scope: Scope, tiers: pd.Series) -> pd.DataFrame:
    """The answers or requests that belong to a subject of this scope, with its number in `subject_id`.

    `tiers` is the tier of each account that has one. A contact is a person who is on record.

    >>> rows = pd.DataFrame({"account_id": [7, 8, 8], "person": [4, 5, np.nan], "is_named": [1, 0, 0]})
    >>> tiers = pd.Series({8: 2.0})
    >>> [in_scope(rows, scope, tiers)["subject_id"].tolist() for scope in (CONTACT, ACCOUNT, TIER, PORTFOLIO)]
    [[4], [7, 8, 8], [2, 2], [0, 0, 0]]
    """
    if scope is CONTACT:
        rows = rows[(rows["is_named"] == 1) & rows["person"].notna()]
        return rows.assign(subject_id=rows["person"].astype("int64"))
    if scope is TIER:
        tier = rows["account_id"].map(tiers)
        return rows[tier.notna()].assign(subject_id=tier.dropna().astype("int64"))
    return rows.assign(subject_id=rows["account_id"] if scope is ACCOUNT else 0)


def disclosed(rows: pd.DataFrame, scope: Scope, account: pd.DataFrame) -> pd.DataFrame:
    """The answers or requests that may be told in this scope: above accounts none of a confidential one.

    `account` is the section of the contract. An addon of before does not say which are confidential: none is then.

    >>> rows = pd.DataFrame({"account_id": [7, 8, 9]})
    >>> account = pd.DataFrame({"account_id": [7, 8, 9], "is_confidential": [0, 1, np.nan]})
    >>> [disclosed(rows, scope, account)["account_id"].tolist() for scope in (CONTACT, ACCOUNT, TIER, PORTFOLIO)]
    [[7, 8, 9], [7, 8, 9], [7, 9], [7, 9]]
    """
    if scope in (CONTACT, ACCOUNT):
        return rows
    return rows[~rows["account_id"].isin(account.loc[account["is_confidential"] == 1, "account_id"])]


def _figures(
    said: pd.DataFrame, asked: pd.DataFrame, scope: Scope, settings: Settings, as_of: datetime.date
) -> pd.DataFrame:
    """The rows of one scope, the whole and by touchpoint, without series."""
    keys = list(scope.keys)
    whole = with_trend(said, keys, settings, as_of, scope.fewest_people)
    tables = [whole.merge(response_rates(asked, keys), on=keys, how="outer")]
    if scope.by_touchpoint:
        at_one = said[said["touchpoint_id"].notna()]
        tables.append(with_trend(at_one, [*keys, "touchpoint_id"], settings, as_of, scope.fewest_people))
    table = pd.concat(tables, ignore_index=True)
    table[list(COUNTS)] = table[list(COUNTS)].fillna(0).astype("int64")
    if scope is ACCOUNT:
        table["account_id"] = table["subject_id"]
    return table.assign(scope=scope.name)


def with_trend(
    said: pd.DataFrame, keys: list[str], settings: Settings, as_of: datetime.date, fewest_people: int
) -> pd.DataFrame:
    """What `satisfaction.roll_up` gives, with `trend`: points of the index since 90 days before, −100..100.

    The index of then is that of the same formula at that day, from the records of today. Unknown while one of both is.
    """
    now = roll_up(said, keys, settings, as_of, fewest_people)
    before = index_and_nps(said, keys, settings, as_of - datetime.timedelta(days=TREND_DAYS), fewest_people)
    then = now[keys].merge(before[[*keys, "satisfaction"]], on=keys, how="left")["satisfaction"]
    return now.assign(trend=rounded(now["satisfaction"] - then, SCORE_DECIMALS))


def series_days(as_of: datetime.date) -> list[datetime.date]:
    """The last 12 month ends before `as_of`, and `as_of` itself.

    >>> days = series_days(datetime.date(2026, 11, 20))
    >>> [day.isoformat() for day in (*days[:2], *days[-2:])], len(days)
    (['2025-11-30', '2025-12-31', '2026-10-31', '2026-11-20'], 13)
    >>> series_days(datetime.date(2024, 3, 31))[-2].isoformat()
    '2024-02-29'
    """
    first = as_of.replace(day=1)
    ends = (months_before(first, back) - datetime.timedelta(days=1) for back in reversed(range(SERIES_MONTHS)))
    return [*ends, as_of]


def satisfaction_series(
    said: pd.DataFrame, scope: Scope, settings: Settings, as_of: datetime.date
) -> pd.Series:
    """The series of each subject as JSON, by `subject_id`: index, NPS and how many answers counted, day by day.

    `said` are answers of this scope. A day on which nobody had answered yet has no index, no NPS and 0 answers. No
    answers give no series. Source: contract, table `satisfaction`.
    """
    names = ["satisfaction", "nps", "answers"]
    days = series_days(as_of)
    subjects = np.unique(said.loc[said["day"] <= day_number(as_of), "subject_id"])
    points: dict[int, list[list]] = {subject: [] for subject in subjects.tolist()}
    for day in days if len(subjects) else ():
        found = index_and_nps(said, ["subject_id"], settings, day, scope.fewest_people).set_index("subject_id")[names]
        columns = [found.reindex(subjects)[name].tolist() for name in names]
        for subject, index, nps, answers in zip(points, *columns, strict=True):
            point = [day.isoformat(), _known(index), _known(nps), int(answers) if answers == answers else 0]
            points[subject].append(point)
    return pd.Series({subject: compact({"months": told}) for subject, told in points.items()}, dtype=object)


def heaviest_answers(
    answer: pd.DataFrame, accounts: pd.Index, settings: Settings, as_of: datetime.date
) -> dict[int, list[list]]:
    """The five answers of each account that weigh most in its index: number, share of the weight (0..1), points.

    `answer` is the section of the contract, `accounts` are those whose index is known. Among equal weights the newer
    comes first. Source: contract, the explanation.

    By hand: a 9 of somebody of high influence weighs 2 of 4, a 7 and a 3 weigh 1 each.

    >>> answer = pd.DataFrame({
    ...     "account_id": 7, "answer_id": [1, 2, 3], "person": [4, 5, np.nan], "is_named": [1, 1, 0],
    ...     "power": ["high", None, None], "kind": "nps", "value": [9.0, 7.0, 3.0], "scale_min": 0.0,
    ...     "scale_max": 10.0, "low_is_good": 0, "date": pd.Timestamp("2026-11-20"), "touchpoint_id": np.nan})
    >>> heaviest_answers(answer, pd.Index([7]), Settings(), datetime.date(2026, 11, 20))
    {7: [[1, 0.5, 100.0], [3, 0.25, 0.0], [2, 0.25, 50.0]]}
    """
    valued = valued_answers(answer[answer["account_id"].isin(accounts)])
    counting = counting_answers(valued, ["account_id"], as_of)
    weight, _freshest = answer_weights(valued, counting, settings)
    share = weight / counting.sums(weight)[counting.number]
    latest = valued.iloc[counting.rows].assign(weight=weight, share=rounded_array(share, PART_DECIMALS))
    order = ["account_id", "weight", "day", "answer_id"]
    latest = latest.sort_values(order, ascending=[True, False, False, False]).groupby("account_id").head(NAMED)
    named: dict[int, list[list]] = {}
    points = rounded(latest["points"], PART_DECIMALS).tolist()
    columns = (latest[name].tolist() for name in ("account_id", "answer_id", "share"))
    for account, *told in zip(*columns, points, strict=True):
        named.setdefault(account, []).append(told)
    return named


def _known(value: float) -> float | None:
    return value if value == value else None


def _together(tables: list[pd.DataFrame]) -> pd.DataFrame:
    columns = list(TABLES["satisfaction"].columns)
    whole = pd.concat([table.reindex(columns=columns) for table in tables], ignore_index=True)
    whole = whole.assign(
        scope=whole["scope"].astype(SCOPES),
        subject_id=whole["subject_id"].astype("int64"),
        account_id=whole["account_id"].astype("float64"),
        touchpoint_id=whole["touchpoint_id"].astype("float64"),
        series=whole["series"].astype(object),
    )
    keys = ["scope", "subject_id", "account_id", "touchpoint_id"]
    return whole.sort_values(keys, na_position="first", ignore_index=True)
