"""What a rule finds: one row per account and subject, with the state that it is in.

A state is not yet an alert: what opens, stays and closes is decided in `alert_lifecycle`, from these rows and the
alerts that are open.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, fields

import numpy as np
import pandas as pd

from sync_worker.frames.config import AlertRule, RunConfig
from sync_worker.frames.pull import Pull
from sync_worker.frames.reader import empty
from sync_worker.frames.schemas import CODES, SECTIONS, TABLES
from sync_worker.scoring.constants import SCORE_DECIMALS
from sync_worker.scoring.explanation import compact
from sync_worker.scoring.reasons import Reason

CLEAR, HOLD, OPEN = range(3)
"""All is well; an alert that is open stays, but none opens; past the threshold."""
SEVERITIES = CODES["severity"]
INFO, AMBER, RED = range(3)
COMPANY = 0
"""The account of what is about the company as a whole."""
STANDARD = ("account", "subject", "value", "threshold", "severity", "state", "since", "unknown")


def _section(name: str) -> pd.DataFrame:
    return field(default_factory=lambda: empty(SECTIONS[name]))


def _table(name: str) -> pd.DataFrame:
    return field(default_factory=lambda: empty(TABLES[name]))


@dataclass(frozen=True)
class AlertInputs:
    """What rules look at: sections of the contract as pulled, and tables of this run as they are staged.

    `parts` are those of the scores (`account_id`, `code`, `normalised`), `config_hash` is that of this run.
    A run is partial when it is about some accounts only: alerts of others, and of the company, are not its business.
    """

    account: pd.DataFrame = _section("account")
    person: pd.DataFrame = _section("person")
    seat: pd.DataFrame = _section("seat")
    answer: pd.DataFrame = _section("answer")
    assessment: pd.DataFrame = _section("assessment")
    opinion: pd.DataFrame = _section("opinion")
    objective: pd.DataFrame = _section("objective")
    history: pd.DataFrame = _section("history")
    rhythm: pd.DataFrame = _section("rhythm")
    departure: pd.DataFrame = _section("departure")
    due: pd.DataFrame = _section("due")
    signal: pd.DataFrame = _section("signal")
    alert: pd.DataFrame = _section("alert")
    score: pd.DataFrame = _table("score")
    portfolio: pd.DataFrame = _table("portfolio")
    relationship: pd.DataFrame = _table("relationship")
    kpi_value: pd.DataFrame = _table("kpi_value")
    parts: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(
        {"account_id": pd.Series([], dtype="int64"), "code": pd.Series([], dtype=object),
         "normalised": pd.Series([], dtype="float64")}))
    config_hash: str = ""
    is_partial: bool = False

    @classmethod
    def of_run(cls, pull: Pull, config_hash: str, is_partial: bool = False, **tables: pd.DataFrame) -> AlertInputs:
        """From what a run pulled and the tables that it made: `score`, `portfolio`, `relationship`, `kpi_value` and
        `parts`."""
        sections = {part.name: getattr(pull, part.name) for part in fields(cls) if hasattr(pull, part.name)}
        return cls(**sections | tables, config_hash=config_hash, is_partial=is_partial)


@dataclass(frozen=True)
class Watch:
    """One rule at work: the accounts that it is for, sorted, and those that have half of the sales (`heavy`)."""

    inputs: AlertInputs
    config: RunConfig
    as_of: datetime.date
    accounts: pd.Index
    heavy: pd.Index

    @property
    def today(self) -> np.datetime64:
        return np.datetime64(self.as_of, "s")

    def before(self, days: int) -> datetime.date:
        return self.as_of - datetime.timedelta(days=days)

    def days_since(self, dates: pd.Series) -> pd.Series:
        """Whole days from these dates to `as_of`; NaN where there is none."""
        return (self.today - dates.astype("datetime64[s]")).dt.days.astype("float64")

    def own(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows of the accounts that the rule is for."""
        return frame[frame["account_id"].isin(self.accounts)].reset_index(drop=True)

    def by_account(self, frame: pd.DataFrame) -> pd.DataFrame:
        """One row for each account that the rule is for, from a frame with at most one row each; unknown where none."""
        found = frame.set_index("account_id").reindex(self.accounts)
        return found.rename_axis("account_id").reset_index()


def candidates(
    account: object, state: object, severity: object, *, subject: object = "", value: object = np.nan,
    threshold: object = np.nan, since: object = None, unknown: object = None, **facts: object,
) -> pd.DataFrame:
    """The rows that a rule finds. `account` is a series whose index the other columns share.

    `unknown` is the word why the value is unknown, None where it is known; such a row holds, whatever its state.
    Columns besides the standard ones are facts, from which Odoo writes the sentence: numbers, dates, ids and words.

    >>> found = candidates(pd.Series([7, 8]), [OPEN, OPEN], AMBER, value=[3.0, np.nan], unknown=[None, "no_data"])
    >>> found["state"].tolist(), found["subject"].tolist()
    ([2, 1], ['', ''])
    """
    columns = {"account": account, "subject": subject, "value": value, "threshold": threshold, "severity": severity,
               "state": state, "since": since, "unknown": unknown}
    frame = pd.DataFrame(columns | facts, index=pd.Series(account).index)
    lacking = frame["unknown"].notna()
    return frame.assign(
        account=frame["account"].astype("int64"),
        subject=frame["subject"].astype(str).astype(object),
        value=frame["value"].astype("float64").round(SCORE_DECIMALS) + 0.0,
        threshold=frame["threshold"].astype("float64"),
        severity=frame["severity"].astype("int64"),
        state=frame["state"].mask(lacking, HOLD).astype("int64"),
        since=pd.to_datetime(frame["since"]).astype("datetime64[s]"),
        unknown=frame["unknown"].astype(object).where(lacking, None),
    ).reset_index(drop=True)


def severity_of(rule: AlertRule, default: int) -> int:
    """The severity that the rule has of itself."""
    return SEVERITIES.index(rule.severity) if rule.severity else default


def thresholds(rule: AlertRule) -> list[tuple[float, int]]:
    """The thresholds of a rule with the severity of each; one that stands alone has the severity of the rule.

    >>> thresholds(AlertRule(id=1, code="health_drop", amber=15, red=25, severity="info"))
    [(15.0, 1), (25.0, 2)]
    >>> thresholds(AlertRule(id=1, code="stock", amber=3, severity="red"))
    [(3.0, 2)]
    """
    given = [(float(step), level) for step, level in ((rule.amber, AMBER), (rule.red, RED)) if step is not None]
    return [(step, severity_of(rule, level)) for step, level in given] if len(given) == 1 else given


def graded(value: pd.Series, rule: AlertRule, high_is_bad: bool) -> dict[str, np.ndarray]:
    """`state`, `severity` and `threshold` of values against the thresholds of a rule, which has at least one.

    Where high is bad an alert opens at the threshold and is cleared under `clear`; where low is bad it opens under the
    threshold and is cleared at `clear`. Without `clear` it is the threshold itself. Between them an alert that is open
    stays. An unknown value holds. The threshold is that of the severity reached, or else the first one.

    By hand: a drop of 26, 20, 12 and 9 points where 15 is amber, 25 is red and under 10 is well again.

    >>> rule = AlertRule(id=1, code="health_drop", amber=15, red=25, clear=10)
    >>> found = graded(pd.Series([26.0, 20.0, 12.0, 9.0, np.nan]), rule, True)
    >>> found["state"].tolist(), found["severity"].tolist(), found["threshold"].tolist()
    ([2, 2, 1, 0, 1], [2, 1, 1, 1, 1], [25.0, 15.0, 15.0, 15.0, 15.0])
    """
    numbers = value.to_numpy(dtype="float64")
    sign = 1.0 if high_is_bad else -1.0
    steps = sorted(thresholds(rule), key=lambda step: (sign * step[0], step[1]))
    first, lowest = steps[0]
    state = np.full(len(numbers), HOLD)
    severity = np.full(len(numbers), lowest)
    threshold = np.full(len(numbers), first)
    clear = first if rule.clear is None else rule.clear
    state[_short_of(numbers, clear, high_is_bad)] = CLEAR
    for step, level in steps:
        reached = _past(numbers, step, high_is_bad)
        state[reached] = OPEN
        graver = reached & (level >= severity)
        severity[graver], threshold[graver] = level, step
    return {"state": state, "severity": severity, "threshold": threshold}


def _past(numbers: np.ndarray, step: float, high_is_bad: bool) -> np.ndarray:
    return numbers >= step if high_is_bad else numbers < step


def _short_of(numbers: np.ndarray, clear: float, high_is_bad: bool) -> np.ndarray:
    return numbers < clear if high_is_bad else numbers >= clear


def lacking(value: pd.Series, reason: Reason = Reason.NO_DATA) -> np.ndarray:
    """The word of the reason where the value is unknown, else None."""
    return np.where(value.isna(), reason.word, None)


def fact_texts(found: pd.DataFrame) -> list[str]:
    """The facts of each row as JSON, without those that are unknown.

    >>> rows = candidates(pd.Series([7]), [OPEN], AMBER, before=[70.0], people=[3], gone=[np.nan],
    ...                   day=pd.to_datetime(["2026-11-20"]), parts=[[["sales", -2.5]]])
    >>> fact_texts(rows)
    ['{"before":70.0,"people":3,"day":"2026-11-20","parts":[["sales",-2.5]]}']
    """
    names = ["unknown", *(name for name in found.columns if name not in STANDARD)]
    columns = [_plain(found[name]) for name in names]
    return [
        compact({name: value for name, value in zip(names, row, strict=True) if value is not None})
        for row in zip(*columns, strict=True)
    ]


def _plain(column: pd.Series) -> list:
    if column.dtype.kind == "M":
        days = np.datetime_as_string(column.to_numpy(), unit="D").tolist()
        return [None if day == "NaT" else day for day in days]
    if column.dtype.kind == "f":
        return [None if value != value else value for value in (column.round(SCORE_DECIMALS) + 0.0).tolist()]
    # not a number stands for nothing among words, too
    return [None if isinstance(value, float) and value != value else value for value in column.tolist()]
