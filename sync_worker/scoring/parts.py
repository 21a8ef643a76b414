"""The parts of every score: one row per member of the comparison set and factor of the run.

Here a factor's source (opinion, KPI, measure, component) is looked up; what becomes of the figure is in
`factors`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sync_worker.frames.config import Factor, RunConfig
from sync_worker.scoring.constants import PART_DECIMALS, PERCENT_DECIMALS
from sync_worker.scoring.factors import normalised
from sync_worker.scoring.facts import kpi_values
from sync_worker.scoring.reasons import Reason
from sync_worker.scoring.rounding import rounded

COMPONENT_REASONS = {
    "sales": Reason.NO_TARGET,
    "satisfaction": Reason.NO_ANSWERS,
    "relationship": Reason.NO_PEOPLE,
    "pipeline": Reason.NO_TARGET,
    "objectives": Reason.NO_OBJECTIVE,
}
"""Why a component of health of which there is no row is unknown; any other is `not_yet`."""


@dataclass(frozen=True)
class Inputs:
    """What parts are made of: `facts` as pulled, `measures` (with a `…_reason` beside each) and both indexed
    by account, `opinions` as `opinion_means` gives them, `components` as `components.health_components` does.
    `peers`: the figures of the rest of the comparison set by factor, where only some of it is scored."""

    facts: pd.DataFrame
    measures: pd.DataFrame
    opinions: pd.DataFrame
    components: pd.DataFrame
    peers: Mapping[str, np.ndarray] = field(default_factory=dict)


def factor_parts(members: pd.Index, inputs: Inputs, config: RunConfig, as_of: datetime.date) -> pd.DataFrame:
    """One row per member and factor, sorted by account and then in the order of the run's factors.

    Columns: `account_id`, `code`, `dimension`, `weight`, `raw`, `date` (of the raw value: of the latest
    opinion, or `as_of` for a figure of the window), `normalised` (0..100 or NaN), `reason`, `raters`,
    `spread` (the last two for opinions only). No members or no factors give no rows. Source: methodology,
    factor score.
    """
    columns = []
    for number, factor in enumerate(config.factors):
        raw = _SOURCES[factor.source](factor, members, inputs, config, as_of)
        part = normalised(raw, factor, inputs.peers.get(factor.code)).assign(
            number=number, code=factor.code, dimension=factor.dimension, weight=factor.weight
        )
        columns.append(part.rename_axis("account_id").reset_index())
    if not columns:
        return _no_parts()
    parts = pd.concat(columns, ignore_index=True)
    # a figure that could not be normalised is no part of anything
    parts["raw"] = parts["raw"].where(parts["normalised"].notna())
    order = np.lexsort((parts["number"].to_numpy(), parts["account_id"].to_numpy()))
    return parts.take(order).drop(columns="number").reset_index(drop=True)


def _no_parts() -> pd.DataFrame:
    texts, numbers = ("code", "dimension"), ("weight", "raw", "normalised", "raters", "spread")
    return pd.DataFrame(
        {
            "account_id": pd.Series([], dtype="int64"),
            **{name: pd.Series([], dtype=object) for name in texts},
            **{name: pd.Series([], dtype="float64") for name in numbers},
            "date": pd.Series([], dtype="datetime64[s]"),
            "reason": pd.Series([], dtype="int8"),
        }
    )


def _frame(members: pd.Index, raw: object, reason: object, date: object, **more: object) -> pd.DataFrame:
    columns = {"raw": raw, "reason": reason, "date": date, "raters": np.nan, "spread": np.nan} | more
    frame = pd.DataFrame(columns, index=members)
    return frame.assign(reason=frame["reason"].astype("int8"), date=frame["date"].astype("datetime64[s]"))


def _opinion(
    factor: Factor, members: pd.Index, inputs: Inputs, _config: RunConfig, _as_of: datetime.date
) -> pd.DataFrame:
    said = inputs.opinions[inputs.opinions["factor_id"] == factor.id].set_index("account_id").reindex(members)
    reason = said["reason"].fillna(Reason.NO_OPINION)
    raw = rounded(said["raw"], PART_DECIMALS)
    return _frame(members, raw, reason, said["date"], raters=said["raters"], spread=said["spread"])


def _kpi(
    factor: Factor, members: pd.Index, inputs: Inputs, config: RunConfig, as_of: datetime.date
) -> pd.DataFrame:
    values = kpi_values(inputs.facts, members, config.kpi(factor.kpi_id))
    return _frame(
        members, rounded(values["now"], PERCENT_DECIMALS), values["reason"], np.datetime64(as_of, "s")
    )


def _measure(
    factor: Factor, members: pd.Index, inputs: Inputs, _config: RunConfig, as_of: datetime.date
) -> pd.DataFrame:
    if factor.measure not in inputs.measures.columns:
        return _frame(members, np.nan, Reason.NOT_YET, np.datetime64("NaT", "s"))
    own = inputs.measures.loc[members]
    return _frame(members, own[factor.measure], own[f"{factor.measure}_reason"], np.datetime64(as_of, "s"))


def _component(
    factor: Factor, members: pd.Index, inputs: Inputs, _config: RunConfig, _as_of: datetime.date
) -> pd.DataFrame:
    own = inputs.components[inputs.components["code"] == factor.code]
    own = own.set_index("account_id").reindex(members)
    reason = own["reason"].fillna(COMPONENT_REASONS.get(factor.code, Reason.NOT_YET))
    return _frame(members, own["raw"], reason, own["date"], normalised=own["normalised"])


_SOURCES: dict[str, Callable[[Factor, pd.Index, Inputs, RunConfig, datetime.date], pd.DataFrame]] = {
    "opinion": _opinion,
    "kpi": _kpi,
    "measure": _measure,
    "component": _component,
}
