"""The components of health that can be measured: satisfaction, the relationship and the objectives of each account."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd

from sync_worker.scoring.constants import PART_DECIMALS
from sync_worker.scoring.health import index_component, objectives_component
from sync_worker.scoring.reasons import Reason
from sync_worker.scoring.rounding import rounded

COLUMNS = {
    "account_id": "int64",
    "code": "object",
    "raw": "float64",
    "date": "datetime64[s]",
    "normalised": "float64",
    "reason": "int8",
}


def health_components(
    satisfied: pd.DataFrame, relations: pd.DataFrame, objective: pd.DataFrame, as_of: datetime.date
) -> pd.DataFrame:
    """One row per account and component of which anything is on record: `account_id`, `code`, `raw`, `date` (of the raw
    value), `normalised` (0..100 or NaN), `reason`.

    `satisfied` has `satisfaction`, `answers` and `last_date`, indexed by account, of accounts with answers; `relations`
    is what `relationship.relationships` gives; `objective` is the section of the contract. Satisfaction is its index as
    of the latest answer (`few_answers` while there are too few); the relationship its strength as of the last contact
    (`no_people`, `no_contact`); the objectives the mean of their points as of `as_of`. No rows give no rows. Source:
    methodology, health.

    By hand: an index of 64 and a strength of 42 are themselves; one objective on track and one at risk are
    (100 + 60) / 2 = 80. Account 8 has answers, but too few, and people whom nobody has met.

    >>> satisfied = pd.DataFrame({"satisfaction": [64.0, np.nan], "answers": [3, 1],
    ...                           "last_date": pd.to_datetime(["2026-11-01", "2026-11-02"])}, index=[7, 8])
    >>> relations = pd.DataFrame({"strength": [42.0, np.nan], "people": [2, 1],
    ...                           "last_contact": pd.to_datetime(["2026-11-05", None])}, index=[7, 8])
    >>> objective = pd.DataFrame({"account_id": [7, 7], "status": ["on_track", "at_risk"]})
    >>> found = health_components(satisfied, relations, objective, datetime.date(2026, 11, 20))
    >>> found[["account_id", "code", "normalised"]].to_numpy().tolist()[:3]
    [[7, 'satisfaction', 64.0], [8, 'satisfaction', nan], [7, 'relationship', 42.0]]
    >>> [Reason(code).word for code in found["reason"]], found["normalised"].tolist()[-1]
    (['known', 'few_answers', 'known', 'no_contact', 'known'], 80.0)
    """
    index, strength = satisfied["satisfaction"], relations["strength"]
    nobody = np.where(relations["people"] > 0, Reason.NO_CONTACT, Reason.NO_PEOPLE)
    objectives = rounded(objectives_component(objective), PART_DECIMALS)
    return pd.concat(
        [
            _component("satisfaction", index, index_component(index), satisfied["last_date"], Reason.FEW_ANSWERS),
            _component("relationship", strength, index_component(strength), relations["last_contact"], nobody),
            _component("objectives", objectives, objectives, np.datetime64(as_of, "s"), Reason.KNOWN),
        ],
        ignore_index=True,
    )


def with_given(measured: pd.DataFrame, given: pd.DataFrame | None) -> pd.DataFrame:
    """The components with those that the caller gives, which go before a measured one of the same account and code.

    `given` has the columns of `measured` but `reason`, and only known figures.

    >>> row = {"account_id": 7, "code": "sales", "raw": 90.0, "date": pd.Timestamp("2026-11-20"), "normalised": 62.5}
    >>> with_given(pd.DataFrame([{**row, "normalised": 1.0, "reason": 0}]), pd.DataFrame([row]))["normalised"].tolist()
    [62.5]
    """
    if given is None or given.empty:
        return measured
    both = pd.concat([given.assign(reason=np.int8(Reason.KNOWN)), measured], ignore_index=True)
    return both.drop_duplicates(["account_id", "code"]).astype(COLUMNS)


def _component(code: str, raw: pd.Series, points: pd.Series, date: object, lacking: object) -> pd.DataFrame:
    reason = np.where(points.notna(), Reason.KNOWN, lacking)
    columns = {"code": code, "raw": raw, "date": date, "normalised": points, "reason": reason}
    frame = pd.DataFrame(columns, index=raw.index).rename_axis("account_id").reset_index()
    return frame[list(COLUMNS)].astype(COLUMNS)
