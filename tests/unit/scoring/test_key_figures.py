"""Key figures in general: what holds for every order book, and what happens at the edges."""

from __future__ import annotations

import datetime
import json
import runpy
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync_worker.frames import Kpi, Pull, RunConfig
from sync_worker.frames.reader import empty
from sync_worker.frames.schemas import SECTIONS
from sync_worker.scoring import score, score_account
from sync_worker.scoring.kpi_calendar import calendar
from sync_worker.scoring.kpi_cells import Cells
from sync_worker.scoring.kpi_figures import NAMES, Known
from sync_worker.scoring.kpi_table import kpi_table
from sync_worker.scoring.kpi_values import gathered, key_figures, sales_components

AS_OF = datetime.date(2026, 11, 20)
COMPANY = {"id": 1, "currency": "EUR", "digits": 2}


def accounts(*ids: int, **columns: object) -> pd.DataFrame:
    return pd.DataFrame({"account_id": ids, "is_key": 1, "is_candidate": 0, "is_active": 1, "manager_id": np.nan,
                         "key_since": pd.NaT} | columns)


def cells(*rows: tuple) -> pd.DataFrame:
    """(account, kpi, grain, start, value, documents, unknown)"""
    names = ["account_id", "kpi_id", "grain", "period_start", "value", "documents", "unknown"]
    frame = pd.DataFrame(rows, columns=names) if rows else empty(SECTIONS["cell"])[names]
    return frame.assign(counted=frame["documents"], period_start=pd.to_datetime(frame["period_start"]))


def pulled(account: pd.DataFrame, **sections: pd.DataFrame) -> Pull:
    blank = {name: empty(SECTIONS[name]) for name in ("fact", "opinion", "history")}
    return Pull(account=account, **blank | sections)


def configured(*kpis: dict, **more: object) -> RunConfig:
    told = [{"id": number, "followed": True, "kind": "source", "dated": True, "is_additive": True} | kpi
            for number, kpi in enumerate(kpis, 1)]
    return RunConfig.model_validate({"company": COMPANY, "kpis": told} | more)


def told(pull: Pull, config: RunConfig) -> pd.DataFrame:
    """The table without the scores that come before it."""
    nothing = empty(SECTIONS["account"])
    known = Known(nothing, nothing, nothing, pull.person, pd.Series(dtype="float64"))
    found = gathered(pull, config, AS_OF)
    return kpi_table(key_figures(pull, config, found, known), pull.recorded, found, config)


def values(pull: Pull, config: RunConfig, as_of: datetime.date = AS_OF) -> dict[tuple, dict]:
    table = score(pull, config, as_of, "now").kpi_value
    return {(row["account_id"], row["kpi_id"], row["grain"], str(row["period_start"].date())): row
            for row in table.astype({"grain": object, "reason": object}).to_dict("records")}


MONTHS = pd.date_range("2023-11-01", "2026-11-01", freq="MS")
BOOKS = st.dictionaries(
    st.tuples(st.sampled_from([7, 8]), st.sampled_from([1, 2]), st.sampled_from(list(MONTHS))),
    st.tuples(st.integers(-10**6, 10**6).map(lambda cents: cents / 100), st.integers(1, 5),
              st.sampled_from([0, 0, 0, 1])),
    max_size=30)


def of_book(book: dict) -> pd.DataFrame:
    return cells(*((account, kpi, "month", month, *told) for (account, kpi, month), told in book.items()))


@settings(max_examples=25, deadline=None)
@given(BOOKS, st.randoms())
def test_neither_the_order_of_rows_nor_who_else_there_is_changes_a_value(book, random):
    config = configured({"code": "sales", "unit": "amount"}, {"code": "orders", "aggregate": "count"})
    frame = of_book(book)
    places = list(range(len(frame)))
    random.shuffle(places)
    first = told(pulled(accounts(7, 8), cell=frame), config)
    second = told(pulled(accounts(8, 7), cell=frame.iloc[places]), config)
    pd.testing.assert_frame_equal(first, second)
    alone = told(pulled(accounts(7), cell=frame), config)
    pd.testing.assert_frame_equal(alone, first[first["account_id"] == 7].reset_index(drop=True))


@settings(max_examples=25, deadline=None)
@given(BOOKS)
def test_months_add_up_to_quarters_and_years_and_what_has_no_rate_never_is_a_zero(book):
    days = calendar(AS_OF, 12, pd.Series([pd.NaT, pd.NaT], dtype="datetime64[s]"))
    series = Cells(of_book(book), pd.Index([7, 8]), days).values(Kpi(id=1, code="sales", dated=True))
    for column in np.flatnonzero(np.isin(days.grain, ["quarter", "year"])):
        held = days.holds[:, column]
        for row, account in enumerate((7, 8)):
            known = [book.get((account, 1, month)) for month in MONTHS[held]]
            if any(each and each[2] for each in known):
                assert np.isnan(series.value[row, column])
            else:
                assert series.value[row, column] == pytest.approx(sum(each[0] for each in known if each))
                assert series.value[row, column] == pytest.approx(series.value[row, :37][held].sum())


@pytest.mark.parametrize(("aggregate", "quarter", "year"), [
    ("avg", 15.0, 12.5), ("min", 10.0, 2.0), ("max", 50.0, 50.0)])
def test_a_quarter_is_made_of_what_its_months_hold(aggregate, quarter, year):
    # October: 10, of one record; November: 50, of three; earlier: 40 or 2. An average: (10 + 50) / 4, (60 + 40) / 8
    earlier = {"avg": 40.0, "min": 2.0, "max": 2.0}[aggregate]
    cell = cells((7, 1, "month", "2026-10-01", 10.0, 1, 0), (7, 1, "month", "2026-11-01", 50.0, 3, 0),
                 (7, 1, "month", "2026-02-01", earlier, 4, 0))
    found = values(pulled(accounts(7), cell=cell), configured({"code": "a", "aggregate": aggregate,
                                                               "is_additive": False}))
    assert found[7, 1, "quarter", "2026-10-01"]["value"] == quarter
    assert found[7, 1, "year", "2026-01-01"]["value"] == year
    assert (7, 1, "month", "2026-09-01") not in found, "nothing is known of September, and nobody asks today"
    assert found[7, 1, "rolling", "2025-11-21"]["reason"] == "no_data"


def test_customers_without_documents_have_bought_nothing_and_others_are_passed_over():
    account = accounts(7, 8, 9, is_key=[1, 0, 0], is_candidate=[0, 1, 0])
    cell = cells((9, 1, "month", "2026-11-01", 5.0, 1, 0))
    found = values(pulled(account, cell=cell), configured({"code": "a"}))
    assert {key[0] for key in found} == {7, 8}
    # 25 months, 8 quarters from 2025 on, 2025 and 2026, and the window
    assert len(found) == 2 * (25 + 8 + 2 + 1)
    assert {row["value"] for row in found.values()} == {0.0}


def test_what_cannot_be_computed_harms_nothing_else():
    circle = [{"code": one, "kind": "formula", "tree": ["name", other]} for one, other in ("bc", "cb")]
    config = configured(
        {"code": "a"}, *circle,
        {"code": "d", "kind": "formula", "tree": ["eval", "1"]},
        {"code": "e", "kind": "formula", "tree": ["+", ["name", "a"], ["name", "nobody"]]},
        {"code": "f", "kind": "figure", "figure": "weather"}, {"code": "g", "kind": "dream"},
        {"code": "h", "available": False},
        {"code": "i", "kind": "formula", "tree": ["*", ["name", "h"], ["number", 0]]},
        {"code": "j", "kind": "formula", "tree": ["/", ["number", 1], ["name", "a"]]},
        {"code": "k", "kind": "formula", "tree": ["*", ["number", 1e200], ["number", 1e200]]})
    found = values(pulled(accounts(7)), config)
    rows = {kpi.code: found[7, kpi.id, "month", "2026-11-01"] for kpi in config.kpis}
    assert rows["a"]["value"] == 0.0
    assert {code: row["reason"] for code, row in rows.items() if row["value"] != 0.0} == {
        **dict.fromkeys("bcdefghi", "unavailable"), "j": "division_by_zero", "k": "too_large"}
    assert all(np.isnan(row["value"]) for code, row in rows.items() if code != "a")


def test_what_the_addon_could_not_read_is_no_zero():
    config = configured({"code": "a"}, {"code": "b"}).without([1])
    found = values(pulled(accounts(7)), config)
    assert found[7, 1, "month", "2026-11-01"]["reason"] == "unavailable"
    assert found[7, 2, "month", "2026-11-01"]["value"] == 0.0


def target(*rows: tuple) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["account_id", "kpi_id", "period_start", "target"])
    return frame.assign(period_start=pd.to_datetime(frame["period_start"]), budget=np.nan)


def lights(kpi: dict, value: float, wanted: float, as_of: datetime.date = AS_OF) -> dict:
    month = as_of.replace(day=1)
    cell = cells((7, 1, "month", month, value, 1, 0))
    pull = pulled(accounts(7), cell=cell, target=target((7, 1, month, wanted)))
    found = values(pull, configured({"code": "a"} | kpi), as_of)
    return found[7, 1, "month", str(month)]


FIRST, LAST = datetime.date(2026, 11, 5), datetime.date(2026, 11, 30)


@pytest.mark.parametrize(("kpi", "value", "wanted", "as_of", "pace", "status"), [
    # the whole of November has passed
    ({}, 95.0, 100.0, LAST, 0.95, "green"), ({}, 94.9, 100.0, LAST, 0.949, "amber"),
    ({}, 84.9, 100.0, LAST, 0.849, "red"),
    # 4 of 21 working days are less than a fifth; by the 6th, 5 are more: 100 × 5/21 are due
    ({}, 0.0, 105.0, FIRST, 0.0, None), ({}, 25.0, 105.0, datetime.date(2026, 11, 6), 1.0, "green"),
    ({}, 5.0, 0.0, LAST, None, None), ({}, 5.0, -1.0, LAST, None, None),
    # low is good: 4 where 2 would do; none at all cannot be beaten
    ({"low_is_good": True}, 4.0, 2.0, LAST, 0.5, "red"), ({"low_is_good": True}, 0.0, 2.0, LAST, None, "green"),
    # an average is held against the whole target on any day
    ({"aggregate": "avg", "is_additive": False}, 9.0, 10.0, AS_OF, 0.9, "amber"),
])
def test_lights(kpi, value, wanted, as_of, pace, status):
    row = lights(kpi, value, wanted, as_of)
    found = None if pd.isna(row["pace"]) else row["pace"], None if pd.isna(row["status"]) else row["status"]
    assert found == (pace, status)


def test_a_year_in_which_some_months_have_a_target_is_measured_in_those_months():
    # a target from May on: seven months of 210 are 1470 for the year so far; six months and 15/21 of November are due
    months = [(7, 1, f"2026-{month:02}-01", 210.0) for month in range(5, 12)]
    cell = cells((7, 1, "month", "2026-02-01", 5000.0, 1, 0), (7, 1, "month", "2026-11-01", 1128.6, 1, 0))
    found = values(pulled(accounts(7), cell=cell, target=target(*months)),
                   configured({"code": "a", "unit": "amount"}))
    year = found[7, 1, "year", "2026-01-01"]
    # 1260 + 150 = 1410 are due; of the 6128.60 sold those of February do not count: 1128.60 / 1410 = 0.80042553
    assert (year["value"], year["target"], year["target_to_date"]) == (6128.6, 1470.0, 1410.0)
    assert (year["pace"], year["status"], year["marks"]) == (0.80042553, "red", "partial_target")
    # all months of the fourth quarter so far have one: 360 are due
    quarter = found[7, 1, "quarter", "2026-10-01"]
    assert (quarter["target"], quarter["pace"], quarter["marks"]) == (420.0, 3.135, "")


def test_an_unknown_month_spoils_only_the_periods_that_it_counts_in():
    # sales of January have no rate; October has no target, November has one: 150 of 210 are due by the 20th
    cell = cells((7, 1, "month", "2026-01-01", 1.0, 1, 1), (7, 1, "month", "2026-11-01", 150.0, 1, 0))
    config = configured({"code": "a", "unit": "amount"})
    november = (7, 1, "2026-11-01", 210.0)
    both = values(pulled(accounts(7), cell=cell, target=target((7, 1, "2026-01-01", 10.0), november)), config)
    assert both[7, 1, "quarter", "2026-10-01"]["pace"] == 1.0
    assert np.isnan(both[7, 1, "year", "2026-01-01"]["pace"]), "January counts, and is unknown"
    # without a target January does not count
    alone = values(pulled(accounts(7), cell=cell, target=target(november)), config)
    assert alone[7, 1, "year", "2026-01-01"]["pace"] == 1.0


def test_nobody_on_record_is_not_nobody_in_touch():
    own = {"kind": "figure", "dated": False, "is_additive": False}
    config = configured(own | {"code": "a", "figure": "people_in_touch"}, own | {"code": "b", "figure": "contacts_90"})
    person = pd.DataFrame([{"account_id": 7, "stakeholder_id": 5, "function_id": None, "power": "high",
                            "cadence_days": 90, "current": 2, "target": 4, "last_contact": pd.NaT,
                            "contact_days": 0, "is_two_way": 0}])
    found = values(pulled(accounts(7, 8), person=person), config)
    for kpi in (1, 2):
        assert found[7, kpi, "month", "2026-11-01"]["value"] == 0.0
        row = found[8, kpi, "month", "2026-11-01"]
        assert (np.isnan(row["value"]), row["reason"]) == (True, "no_people")


def test_the_target_of_what_does_not_add_up_is_that_of_its_latest_month():
    rows = target((7, 1, "2026-10-01", 50.0), (7, 1, "2026-02-01", 30.0))
    found = values(pulled(accounts(7), target=rows),
                   configured({"code": "a", "kind": "figure", "figure": "people_in_touch", "dated": False,
                               "is_additive": False}))
    targets = {key[2]: row["target"] for key, row in found.items()}
    assert np.isnan(targets.pop("month"))
    assert targets == {"quarter": 50.0, "year": 50.0, "rolling": 50.0}


def test_the_same_on_the_last_day_of_a_leap_february():
    found = values(pulled(accounts(7)), configured({"code": "a"}), datetime.date(2028, 2, 29))
    assert (7, 1, "rolling", "2027-03-01") in found
    assert found[7, 1, "month", "2028-02-01"]["previous"] == 0.0, "the month is over on its last day"


def test_an_account_that_was_named_long_ago_has_no_year_before_to_compare_with():
    for since, start in (("2024-10-31", "2024-11-01"), ("2024-10-01", None), ("2026-11-01", None),
                         ("2026-10-01", "2026-10-01")):
        found = values(pulled(accounts(7, key_since=pd.Timestamp(since))), configured({"code": "a"}))
        assert [key[3] for key in found if key[2] == "since"] == ([start] if start else [])


def components(as_of: datetime.date, sold: float, wanted: float | None, qualified: float) -> dict[str, dict]:
    config = configured({"code": "a"}, {"code": "b", "dated": False, "is_additive": False},
                        sources={"revenue": 1, "open_qualified": 2})
    months = [(7, 1, f"2026-{month:02}-01", wanted) for month in range(1, 13)] if wanted else []
    pull = pulled(accounts(7), cell=cells((7, 1, "month", "2026-01-01", sold, 1, 0),
                                          (7, 2, "state", as_of, qualified, 1, 0)), target=target(*months))
    rows = sales_components(gathered(pull, config, as_of), config, as_of)
    return {row["code"]: row for row in rows.to_dict("records")}


def test_sales_and_pipeline_of_the_health():
    # 107.14 are due by now: 10 months of 10 and 15/21 of November
    found = components(AS_OF, 107.142857142857, 10.0, 6.4285714285714)
    assert found["sales"]["raw"] == pytest.approx(100.0)
    # from 95 to 105 go 75 to 100 points; half of the rest of 12.86 is covered, which is half of 50 points
    assert (found["sales"]["normalised"], found["pipeline"]["normalised"]) == (pytest.approx(87.5), pytest.approx(25.0))
    reached = components(AS_OF, 120.0, 10.0, 0.0)
    assert [reached["pipeline"][name] for name in ("raw", "normalised", "reason")] == [0.0, 100.0, 0]
    none = components(AS_OF, 120.0, None, 5.0)
    assert {row["reason"] for row in none.values()} == {7}, "no target"
    early = components(datetime.date(2026, 1, 20), 5.0, 10.0, 5.0)
    assert early["sales"]["reason"] == 8, "not yet"


def test_every_figure_that_the_addon_offers_is_known_here():
    path = Path(__file__).parents[3] / "kam_management" / "tools" / "kpi.py"
    if not path.exists():
        pytest.skip("the addon offers no figures yet")
    offered = {name for name, _label in runpy.run_path(str(path))["FIGURES"]}
    assert offered == NAMES | {"win_rate", "sales_attainment", "budget_attainment", "sales_pace", "pipeline_coverage"}


def test_no_members_cost_nothing_and_forty_figures_of_twenty_five_accounts_little():
    count = range(1, 41)
    sources = [{"code": f"k{number}", "unit": "amount"} for number in count if number < 36]
    formulas = [{"code": f"k{number}", "kind": "formula", "tree": ["/", ["name", "k1"], ["name", f"k{number - 30}"]]}
                for number in count if number >= 36]
    config = configured(*sources, *formulas)
    rows = [(account, kpi, "month", month, float(account * kpi), 2, 0)
            for account in range(1, 26) for kpi in range(1, 36) for month in MONTHS]
    pull = pulled(accounts(*range(1, 26), key_since=pd.Timestamp("2026-01-01")), cell=cells(*rows))
    begun = time.process_time()
    table = told(pull, config)
    seconds = time.process_time() - begun
    tracemalloc.start()
    told(pull, config)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(seconds, peak)
    # 25 × 40 × (25 months, 8 quarters, 2 years, the window and since)
    assert len(table) == 25 * 40 * 37
    assert seconds < 1
    assert peak < 100e6
    nobody = pulled(accounts(1, is_key=0), cell=cells(*rows[:1000]))
    assert told(nobody, config).empty


def test_an_account_alone_is_compared_with_the_last_full_run():
    # ten others earned 1 to 10 percent, so that the 5.5 of account 7 lies above five of eleven, itself counted half
    config = RunConfig.model_validate({
        "company": COMPANY, "kpis": [{"id": 1, "code": "revenue"}, {"id": 2, "code": "margin"}],
        "sources": {"revenue": 1, "margin": 2, "margin_base": 1},
        "factors": [{"id": 1, "code": "gross_margin", "dimension": "attractiveness", "weight": 1, "source": "measure",
                     "measure": "margin_percent", "method": "percentile"}]})
    fact = pd.DataFrame({"account_id": 7, "kpi_id": [1, 2], "value_now": [200.0, 11.0], "value_before": 0.0,
                         "documents_now": 1, "documents_before": 0, "unknown_now": 0, "unknown_before": 0,
                         "documents": 1, "first_date": pd.NaT, "last_date": pd.NaT})
    explanations = [json.dumps({"parts": [[float(number), "2026-11-19", 50.0, 50.0]]}) for number in range(1, 11)]
    peer = pd.DataFrame({"account_id": [*range(101, 111), 7], "codes": "gross_margin",
                         "explanation": [*explanations, explanations[0]]})
    standing = pd.DataFrame({"account_id": [7], "rank": 4.0, "share": 0.1, "cumulative_share": 0.7, "pareto_class": "A",
                             "margin_class": "B", "is_compared": 1})
    pull = pulled(accounts(7, is_key=0), fact=fact, peer=peer, standing=standing)
    found = score_account(pull, config, AS_OF, "now")
    row = found.score.iloc[0]
    assert (row["revenue"], row["rank"], row["share"], row["pareto_class"]) == (200.0, 4.0, 0.1, "A")
    assert row["attractiveness"] == pytest.approx(100 * 5.5 / 11)
    assert found.portfolio.empty
    unknown = score_account(pulled(accounts(7, is_key=0), fact=fact), config, AS_OF, "now").score.iloc[0]
    assert (unknown["is_compared"], pd.isna(unknown["rank"]), pd.isna(unknown["attractiveness"])) == (0, True, True)
