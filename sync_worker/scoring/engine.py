"""One run: from what was pulled to what is staged, by putting the other modules of this package together.

The order is that of the methodology: facts of every account, opinions, comparison set, satisfaction and relationship,
sales of the members against their targets, parts, scores, stories, then the key figures, of which health is one, and
last the alerts, which look at all of it.
"""

from __future__ import annotations

import datetime
from typing import get_args

import numpy as np
import pandas as pd

from sync_worker.frames.config import Dimension, RunConfig
from sync_worker.frames.pull import Pull
from sync_worker.frames.reader import empty
from sync_worker.frames.results import Results
from sync_worker.frames.schemas import SCORES, TABLES
from sync_worker.scoring.accounts import account_facts
from sync_worker.scoring.alerts import AlertInputs, alerts
from sync_worker.scoring.components import with_given
from sync_worker.scoring.concentration import concentration, concentration_band
from sync_worker.scoring.constants import PERCENT_DECIMALS, SCORE_DECIMALS, STRATEGIC_VALUE
from sync_worker.scoring.dependence import dependence
from sync_worker.scoring.explanation import Note
from sync_worker.scoring.health import guarded, health_band
from sync_worker.scoring.kpi_figures import Known
from sync_worker.scoring.kpi_table import kpi_table
from sync_worker.scoring.kpi_values import gathered, key_figures, sales_components
from sync_worker.scoring.opinions import opinion_means
from sync_worker.scoring.parts import Inputs, factor_parts
from sync_worker.scoring.peers import peer_figures, placed, was_compared
from sync_worker.scoring.reasons import Reason
from sync_worker.scoring.rollups import roll_ups
from sync_worker.scoring.rounding import minor_units, rounded
from sync_worker.scoring.selection import comparison_set, quadrant
from sync_worker.scoring.stories import explanations, movements
from sync_worker.scoring.wallet import counted_elsewhere, wallet_lines
from sync_worker.scoring.weighting import weighted_scores, with_contributions

DIMENSIONS = list(get_args(Dimension))


def score(
    pull: Pull,
    config: RunConfig,
    as_of: datetime.date,
    config_hash: str,
    components: pd.DataFrame | None = None,
) -> Results:
    """Everything that one run publishes.

    `config_hash` is that of this run: a history with another one was scored under other settings.
    `components` are components of health that go before the measured ones, as `components.with_given` takes them; none
    by default. An empty pull gives an empty score table and a portfolio of nothing. The same arguments give the
    same frames, whatever the order of the rows. Raises `FrameError` when a result would be out of its range.

    By hand: a flagged account sold 100 with a margin of 25, that is 25%, half of the bound of 50: 50 points.
    It has all of the weight, so attractiveness is 50; nothing is known of the position.

    >>> from sync_worker.frames import read_section
    >>> config = RunConfig.model_validate({
    ...     "company": {"id": 1, "currency": "EUR", "digits": 2},
    ...     "factors": [{"id": 1, "code": "gross_margin", "dimension": "attractiveness", "weight": 40,
    ...                  "source": "measure", "measure": "margin_percent", "low": 0, "high": 50},
    ...                 {"id": 2, "code": "image", "dimension": "position", "weight": 30,
    ...                  "source": "opinion"}],
    ...     "kpis": [{"id": 1, "code": "orders"}, {"id": 2, "code": "margin"}],
    ...     "sources": {"revenue": 1, "margin": 2, "margin_base": 1}})
    >>> account = b"account_id,is_key,is_candidate,is_active,manager_id\\n7,1,0,1,\\n"
    >>> fact = (b"account_id,kpi_id,value_now,documents_now,unknown_now,value_before,documents_before,"
    ...         b"unknown_before,documents,first_date,last_date\\n"
    ...         b"7,1,100,1,0,0,0,0,1,2026-11-01,2026-11-01\\n"
    ...         b"7,2,25,1,0,0,0,0,1,2026-11-01,2026-11-01\\n")
    >>> pull = Pull.from_pages({"account": [read_section("account", account)],
    ...                         "fact": [read_section("fact", fact)]})
    >>> row = score(pull, config, datetime.date(2026, 11, 20), "of these settings").score.iloc[0]
    >>> print(row["revenue"], row["pareto_class"], row["attractiveness"], row["position"])
    100.0 A 50.0 nan
    >>> row["explanation"].split(',"known"')[0]
    '{"parts":[[25.0,"2026-11-20",50.0,50.0],"no_opinion"]'
    """
    return _scored(pull, config, as_of, config_hash, components, alone=False)


def score_account(pull: Pull, config: RunConfig, as_of: datetime.date, config_hash: str) -> Results:
    """Everything that a run about one account publishes: the rows of that account, and nothing above it.

    `pull` has that account alone, besides the sections `peer` and `standing`: percentiles are taken among the figures
    of the last full run; rank, shares, classes and who is compared are those of then, for nobody else was read again.
    The portfolio has no row, and satisfaction none of tiers and of the portfolio. Alerts are those of the account.
    """
    return _scored(pull, config, as_of, config_hash, None, alone=True)


def _scored(pull: Pull, config: RunConfig, as_of: datetime.date, config_hash: str, components: pd.DataFrame | None,
            alone: bool) -> Results:
    lines = wallet_lines(pull.wallet, config.company.digits)
    accounts = account_facts(pull, lines, config, as_of)
    opinions = opinion_means(pull.opinion, accounts["manager_id"], config.settings, as_of)
    if alone:
        accounts = placed(accounts, pull.standing)
        compared = was_compared(accounts, pull.standing)
    else:
        compared = comparison_set(accounts, _rated(opinions, config), config.settings.capacity)
    members = accounts.index[compared]
    rollups = roll_ups(pull, members, config.settings, as_of)
    found = gathered(pull, config, as_of)
    inputs = Inputs(
        facts=pull.fact,
        # factors read shares in percent
        measures=accounts.assign(share_of_wallet=rounded(accounts["share_of_wallet"] * 100.0, PERCENT_DECIMALS)),
        opinions=opinions,
        components=with_given(
            pd.concat([rollups.components, sales_components(found, config, as_of)], ignore_index=True), components),
        peers=peer_figures(pull.peer, pull.account["account_id"]),
    )
    parts = with_contributions(factor_parts(members, inputs, config, as_of))
    scores, known, guards = member_scores(parts, members)
    table = accounts.assign(is_compared=compared.astype("int64"), **scores.reindex(accounts.index), **rollups.scores)
    table = _derived(table, config).assign(
        explanation=explanations(
            parts, known, guards, _notes(accounts.loc[members], pull.wallet, config), rollups.named
        ),
        movement=movements(pull.history, parts, scores, guards, config, config_hash),
    )
    figures = Known(accounts, rollups.satisfaction, rollups.relationship, pull.person, scores["health"])
    tables = {
        "score": table.reset_index()[list(TABLES["score"].columns)],
        "portfolio": empty(TABLES["portfolio"]) if alone else portfolio(accounts, compared, config),
        "relationship": rollups.relationship,
        "kpi_value": kpi_table(key_figures(pull, config, found, figures), pull.recorded, found, config),
    }
    looked_at = AlertInputs.of_run(pull, config_hash, is_partial=alone, parts=parts, **tables)
    return Results(
        **tables,
        wallet=lines,
        satisfaction=_below_tiers(rollups.satisfaction) if alone else rollups.satisfaction,
        person=rollups.person,
        alert=alerts(looked_at, config, as_of),
    )


def _below_tiers(satisfaction: pd.DataFrame) -> pd.DataFrame:
    return satisfaction[satisfaction["scope"].isin(["contact", "account"])].reset_index(drop=True)


def member_scores(parts: pd.DataFrame, members: pd.Index) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Three frames by member: the six scores; the known weight per dimension (0..1); health before and after
    the guard, as `health.guarded` gives it.

    `parts` is what `with_contributions` gives. No members give no rows.
    """
    long = weighted_scores(parts)
    wide = {
        name: long.pivot(index="account_id", columns="dimension", values=name).reindex(
            index=members, columns=DIMENSIONS
        )
        for name in ("score", "known")
    }
    strategic = parts[parts["code"] == STRATEGIC_VALUE].set_index("account_id")["normalised"]
    scores = wide["score"].assign(strategic_value=strategic.reindex(members).round(SCORE_DECIMALS))
    guards = guarded(parts[parts["dimension"] == "health"], scores["health"])
    return scores.assign(health=guards["after"])[list(SCORES)].astype("float64"), wide["known"], guards


def portfolio(accounts: pd.DataFrame, compared: pd.Series, config: RunConfig) -> pd.DataFrame:
    """The one row of the portfolio: counts of active accounts, the revenue of all, and the concentration.

    Revenue is the sum of what is known, archived accounts included; unknown when no usable source gives it.
    Source: contract, table `portfolio`.
    """
    digits = config.company.digits
    active = accounts["is_active"] == 1
    sums = concentration(accounts["revenue"], active, digits)
    total = np.nan
    if config.kpi(config.sources.revenue) is not None:
        total = round(float(minor_units(accounts["revenue"], digits).sum()) / 10.0**digits, digits) + 0.0
    row = {
        "accounts": int(active.sum()),
        "key_accounts": int((active & (accounts["is_key"] == 1)).sum()),
        "compared": int(compared.sum()),
        "revenue": total,
        "unknown_revenue": int(accounts["revenue"].isna().sum()),
        **sums,
        "concentration_band": concentration_band(sums["largest_share"], sums["top5_share"], config.settings),
    }
    return pd.DataFrame([row])[list(TABLES["portfolio"].columns)]


def _rated(opinions: pd.DataFrame, config: RunConfig) -> pd.Index:
    factor = config.factor(STRATEGIC_VALUE)
    if factor is None:
        return pd.Index([], dtype="int64")
    counting = (opinions["factor_id"] == factor.id) & (opinions["reason"] == Reason.KNOWN)
    return pd.Index(opinions.loc[counting, "account_id"])


def _derived(table: pd.DataFrame, config: RunConfig) -> pd.DataFrame:
    """The columns that follow from the scores."""
    table = table.assign(
        quadrant=quadrant(table["attractiveness"], table["position"], config.settings.quadrant_cut),
        health_band=health_band(table["health"]),
    )
    inputs = table.rename(columns={"relationship_quality": "quality"})
    return table.assign(dependence=dependence(inputs, config.settings))


def _notes(members: pd.DataFrame, wallet: pd.DataFrame, config: RunConfig) -> dict[int, list[Note]]:
    notes: dict[int, list[Note]] = {account: [] for account in members.index}
    for account in members.index[members["margin_estimated"] == 1]:
        notes[account].append("margin_estimated")
    if not config.cost_drivers:
        for account in members.index[members["net_margin"].notna()]:
            notes[account].append("before_cost_to_serve")
    for account in members.index[members["net_margin"].notna() & (members["investment_cost"] > 0)]:
        notes[account].append("after_investments")
    covered = counted_elsewhere(wallet[wallet["account_id"].isin(members.index)])
    for account, counted_at in covered.itertuples(index=False, name=None):
        notes[account].append(["white_space_at", counted_at])
    return notes
