"""What holds for every company, however it is made up."""

import json
import math

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scoring_tables import (
    AS_OF,
    FACTORS,
    HASH,
    MARGIN,
    RETURNS,
    REVENUE,
    VISITS,
    account,
    fact,
    opinion,
    pulled,
    run_config,
)

from sync_worker.frames import Pull, read_section, write_table
from sync_worker.frames.schemas import SCORES, SECTIONS
from sync_worker.scoring import score
from sync_worker.scoring.factors import percentile

PATIENT = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PERCENTILES = [
    (
        number,
        code,
        dimension,
        weight,
        {**rest, "method": "percentile"} if rest["source"] == "measure" else rest,
    )
    for number, code, dimension, weight, rest in FACTORS
]
CODES = " ".join(code for _number, code, *_rest in FACTORS)
DIMENSION = {code: dimension for _number, code, dimension, *_rest in FACTORS}

money = st.integers(-200_000, 1_000_000).map(lambda cents: cents / 100)
seldom = st.sampled_from([0, 0, 0, 0, 1])
dates = st.sampled_from(["2026-11-20", "2026-11-01", "2026-05-24", "2025-05-20", "2025-05-19", "2024-01-01"])


@st.composite
def companies(draw, largest=14):
    """Accounts, facts and opinions of a company, as lists of rows."""
    accounts = [
        account(
            number,
            draw(seldom),
            draw(seldom),
            1 - draw(seldom),
            draw(st.sampled_from([float("nan"), 1.0, 2.0])),
        )
        for number in range(1, draw(st.integers(0, largest)) + 1)
    ]
    facts, opinions = [], []
    for number in range(1, len(accounts) + 1):
        for kpi in draw(st.sets(st.sampled_from([REVENUE, MARGIN, VISITS, RETURNS]))):
            facts.append(fact(number, kpi, draw(money), draw(money), draw(seldom), draw(seldom)))
        said = draw(
            st.lists(st.tuples(st.sampled_from([2, 3, 5]), st.integers(1, 3), dates), unique=True, max_size=4)
        )
        for factor, rater, date in said:
            opinions.append(opinion(number, factor, float(draw(st.integers(1, 10))), rater, date))
    return accounts, facts, opinions


def today(company, history=(), config_hash=HASH, components=None, **config):
    chosen = {"factors": PERCENTILES, "capacity": 2, "drivers": [(VISITS, 10.0)], **config}
    return score(pulled(*company, history), run_config(**chosen), AS_OF, config_hash, components)


def stories(results):
    told = results.score[results.score["explanation"].notna()]
    return [(found, json.loads(found["explanation"])) for found in told.to_dict("records")]


@st.composite
def components(draw, numbers):
    rows = [
        {
            "account_id": number,
            "code": code,
            "raw": points,
            "date": pd.Timestamp("2026-11-20"),
            "normalised": points,
        }
        for number in numbers
        for code in draw(
            st.sets(st.sampled_from(["sales", "satisfaction", "relationship", "pipeline", "objectives"]))
        )
        for points in [draw(st.floats(0, 100, allow_nan=False).map(lambda value: round(value, 4)))]
    ]
    return pd.DataFrame(rows, columns=["account_id", "code", "raw", "date", "normalised"]) if rows else None


@PATIENT
@given(company=companies(), data=st.data())
def test_neither_the_order_of_rows_nor_the_size_of_pages_changes_a_byte(company, data):
    results = today(company)
    pages = {}
    for name, rows in zip(("account", "fact", "opinion"), company, strict=True):
        shuffled = data.draw(st.permutations(rows))
        size = data.draw(st.integers(1, 9))
        frame = pd.DataFrame(shuffled, columns=list(SECTIONS[name].columns))
        cut = [frame.iloc[start : start + size] for start in range(0, len(frame), size)]
        pages[name] = [read_section(name, page.to_csv(index=False).encode()) for page in cut]
    config = run_config(factors=PERCENTILES, capacity=2, drivers=[(VISITS, 10.0)])
    again = score(Pull.from_pages(pages), config, AS_OF, HASH)
    for name in ("score", "portfolio"):
        assert write_table(name, getattr(again, name)) == write_table(name, getattr(results, name))


@PATIENT
@given(company=companies(), data=st.data())
def test_contributions_sum_to_the_score_and_less_than_half_known_is_no_score(company, data):
    parts = data.draw(components([row["account_id"] for row in company[0]]))
    for found, told in stories(today(company, components=parts)):
        sums = dict.fromkeys(told["known"], 0.0)
        for code, part in zip(CODES.split(), told["parts"], strict=True):
            if isinstance(part, list):
                assert 0.0 <= part[2] <= 100.0
                sums[DIMENSION[code]] += part[3]
        for dimension, known in told["known"].items():
            shown = told["guard"][0] if dimension == "health" and "guard" in told else found[dimension]
            if known < 0.5:
                assert math.isnan(found[dimension])
            else:
                assert sums[dimension] == pytest.approx(shown, abs=1e-6)


@PATIENT
@given(company=companies())
def test_nothing_unknown_becomes_a_number(company):
    results = today(company)
    table = results.score.set_index("account_id")
    unrated = {row["account_id"] for row in company[1] if row["kpi_id"] == REVENUE and row["unknown_now"]}
    for number in unrated:
        assert (
            table.loc[number, ["revenue", "growth", "rank", "share", "cumulative_share", "pareto_class"]]
            .isna()
            .all()
        )
    assert results.portfolio["unknown_revenue"][0] == len(unrated)
    # nothing has been measured that these could come from
    empty = [
        "relationship_quality",
        "dependence",
        "share_of_wallet",
        "satisfaction",
        "nps",
        "relationship",
        "health",
        "health_band",
    ]
    assert table[empty].isna().all(axis=None)
    assert (table["quadrant"].isna() == table[["attractiveness", "position"]].isna().any(axis=1)).all()
    assert table.loc[table["is_compared"] == 0, [*SCORES, "explanation", "movement"]].isna().all(axis=None)
    rated = {row["account_id"] for row in company[2] if row["factor_id"] == 2 and row["date"] >= "2025-05-20"}
    assert set(table.index[table["strategic_value"].notna()]) <= rated


@PATIENT
@given(then=companies(), now=companies(), data=st.data())
def test_the_rows_of_a_movement_sum_to_the_difference(then, now, data):
    numbers = sorted({row["account_id"] for row in then[0] + now[0]})
    past = today(then, components=data.draw(components(numbers)), config_hash="past")
    changed = data.draw(st.booleans())
    history = [
        {
            "account_id": row["account_id"],
            "reference": "run",
            "as_of": "2026-11-19",
            "config_hash": "past" if changed else HASH,
            "codes": CODES,
            "explanation": row["explanation"],
            **{name: row[name] for name in SCORES},
        }
        for row in past.score[past.score["explanation"].notna()].to_dict("records")
    ]
    weights = (
        {"factors": [(*factor[:3], factor[3] + 7, factor[4]) for factor in PERCENTILES]} if changed else {}
    )
    results = today(now, history, components=data.draw(components(numbers)), **weights)
    before = {row["account_id"]: row for row in history}
    for row in results.score[results.score["movement"].notna()].to_dict("records"):
        told = json.loads(row["movement"])["run"]
        assert told["settings_changed"] == changed
        for name in SCORES:
            old, new = before[row["account_id"]][name], row[name]
            story = told["scores"].get(name)
            if story is None:
                assert (math.isnan(old) and math.isnan(new)) or abs(new - old) < 1e-6
            elif story["rows"]:
                assert sum(points for _kind, _code, points in story["rows"]) == pytest.approx(
                    new - old, abs=1e-6
                )
                kinds = {kind for kind, _code, _points in story["rows"]}
                assert changed or "settings" not in kinds
            else:
                assert math.isnan(old) != math.isnan(new)


@PATIENT
@given(company=companies(), scale=st.floats(0.01, 1000))
def test_only_the_proportion_of_the_weights_matters(company, scale):
    scaled = [(*factor[:3], factor[3] * scale, factor[4]) for factor in PERCENTILES]
    usual, other = today(company).score, today(company, factors=scaled).score
    for name in SCORES:
        assert (usual[name].isna() == other[name].isna()).all()
        assert ((usual[name] - other[name]).abs().fillna(0.0) <= 2e-6).all()


@given(st.lists(st.one_of(st.floats(-1e9, 1e9), st.just(float("nan"))), max_size=40))
def test_a_percentile_lies_between_0_and_100_and_keeps_the_order(values):
    found = percentile(pd.Series(values, dtype="float64"))
    assert ((found > 0) & (found < 100) | found.isna()).all()
    pairs = [(raw, points) for raw, points in zip(values, found, strict=True) if not math.isnan(raw)]
    assert [points for _raw, points in sorted(pairs)] == sorted(points for _raw, points in pairs)
    # on the average everybody stands in the middle
    if pairs:
        assert sum(points for _raw, points in pairs) / len(pairs) == pytest.approx(50.0)


@PATIENT
@given(company=companies())
def test_shares_add_up(company):
    table = today(company).score
    share = table["share"].fillna(0.0)
    assert share.sum() == pytest.approx(1.0 if share.any() else 0.0, abs=1e-6)
    assert table["cumulative_share"].max() == 1.0 or not share.any()
