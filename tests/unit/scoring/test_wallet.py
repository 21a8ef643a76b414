"""The wallet of an account, and where its share goes. All figures by hand."""

import json

import pandas as pd
import pytest
from scoring_tables import AS_OF, HASH, REVENUE, account, fact, pulled, row, run_config

from sync_worker.frames import FrameError, Pull, read_section, write_table
from sync_worker.scoring import score
from sync_worker.scoring.wallet import wallet_lines

NAN = float("nan")


def line(
    number, account_id=7, named=0, sales=NAN, unknown=0, typed=NAN, spend=NAN, rank=NAN, suppliers=NAN, counted_at=None
):
    return {
        "account_id": account_id, "line_id": number, "counted_at": counted_at or account_id, "is_named": named,
        "sales": sales, "unknown": unknown, "typed": typed, "spend": spend, "our_rank": rank, "suppliers": suppliers,
    }


def told(*rows, digits=2):
    frame = wallet_lines(pulled([account(7), account(8)], wallet=rows).wallet, digits)
    return {
        record["line_id"]: {name: None if pd.isna(value) else value for name, value in record.items()}
        for record in frame.to_dict("records")
    }


def scored(*rows, accounts=(7,), factors=None, **settings):
    data = pulled([account(number, key=1) for number in accounts], [fact(7, REVENUE, 100.0)], wallet=rows)
    return score(data, run_config(factors, **settings), AS_OF, HASH)


def test_a_named_line_has_what_was_sold_and_a_typed_one_what_was_typed():
    found = told(line(1, named=1, sales=30.0, typed=99.0, spend=120.0), line(2, sales=99.0, typed=10.0, spend=80.0))
    assert [found[number]["sales"] for number in (1, 2)] == [30.0, 10.0]
    assert [found[number]["share"] for number in (1, 2)] == [0.25, 0.125]
    assert [found[number]["white_space"] for number in (1, 2)] == [90.0, 70.0]


def test_nothing_sold_is_zero_and_nothing_known_is_unknown():
    found = told(line(1, named=1, sales=0.0, spend=120.0), line(2, named=1, typed=5.0, spend=120.0))
    assert (found[1]["sales"], found[1]["share"], found[1]["white_space"]) == (0.0, 0.0, 120.0)
    assert (found[2]["sales"], found[2]["share"], found[2]["white_space"]) == (None, None, None)


def test_a_plan_for_several_accounts_adds_their_sales():
    rows = [line(1, 7, named=1, sales=30.0, spend=200.0), line(1, 8, named=1, sales=20.0, spend=200.0)]
    assert (told(*rows)[1]["sales"], told(*rows)[1]["share"]) == (50.0, 0.25)
    # one document without a rate makes the whole unknown
    rows[1]["unknown"] = 1
    assert told(*rows)[1]["sales"] is None


def test_an_estimate_under_our_own_sales_is_flagged_and_not_clipped():
    found = told(line(1, typed=150.0, spend=100.0), line(2, typed=100.0, spend=100.0))
    assert (found[1]["share"], found[1]["white_space"], found[1]["is_over"]) == (1.5, None, 1)
    assert (found[2]["share"], found[2]["white_space"], found[2]["is_over"]) == (1.0, 0.0, 0)


@pytest.mark.parametrize(
    ("rank", "suppliers", "share"),
    # (1 − 1/4)·2/3, (1 − 2/4)·2/3, (1 − 3/4)·2/3: together 1
    [(1, 3, 0.5), (2, 3, 0.33333333), (3, 3, 0.16666667), (1, 1, 1.0), (4, 3, None), (0, 3, None), (NAN, 3, None)],
)
def test_a_rank_tells_the_share_and_no_white_space(rank, suppliers, share):
    found = told(line(1, spend=100.0, rank=rank, suppliers=suppliers))[1]
    assert (found["share"], found["white_space"]) == (share, None)
    assert found["basis"] == (None if share is None else "rank")
    # figures come first
    assert told(line(1, typed=20.0, spend=100.0, rank=rank, suppliers=suppliers))[1]["share"] == 0.2


def test_the_share_of_the_account_its_coverage_and_white_space():
    # 30 of 120 and 10 of 80 are known: 40 of 200; two of four categories; 90 + 70 are left
    rows = [
        line(1, typed=30.0, spend=120.0), line(2, named=1, sales=10.0, spend=80.0), line(3, spend=50.0),
        line(4, spend=60.0, rank=1, suppliers=2),
    ]
    found = row(scored(*rows), 7)
    assert (found["share_of_wallet"], found["wallet_coverage"], found["white_space"]) == (0.2, 0.5, 160.0)


def test_the_white_space_of_a_plan_for_several_accounts_is_counted_once():
    # 50 of 200 and 10 of 100 at both: 60 of 300; 150 + 90 at the plan's own account, 8, and nothing more anywhere
    rows = [
        line(1, 8, named=1, sales=30.0, spend=200.0), line(1, 7, named=1, sales=20.0, spend=200.0, counted_at=8),
        line(2, 8, typed=10.0, spend=100.0), line(2, 7, typed=10.0, spend=100.0, counted_at=8),
        # 9 has a plan of its own beside it
        line(3, 9, typed=5.0, spend=12.0), line(2, 9, typed=10.0, spend=100.0, counted_at=8),
    ]
    results = scored(*rows, accounts=(7, 8, 9))
    assert [row(results, number)["share_of_wallet"] for number in (7, 8)] == [0.2, 0.2]
    assert [row(results, number)["white_space"] for number in (7, 8, 9)] == [None, 240.0, 7.0]
    assert results.score["white_space"].sum() == results.wallet["white_space"].sum()
    notes = [json.loads(row(results, number)["explanation"])["notes"] for number in (7, 8, 9)]
    assert [[note for note in each if isinstance(note, list)] for each in notes] == [
        [["white_space_at", 8]], [], [["white_space_at", 8]]]


def test_over_one_hundred_percent_says_nothing_of_white_space():
    found = row(scored(line(1, typed=300.0, spend=100.0), line(2, typed=10.0, spend=50.0)), 7)
    # 310 of 150
    assert found["share_of_wallet"] == pytest.approx(2.06666667) and found["white_space"] is None


def test_no_categories_and_no_known_pair_are_unknown_and_say_why():
    factors = [(1, "share_of_wallet", "position", 10, {"source": "measure", "measure": "share_of_wallet", "high": 50})]
    for rows, reason, coverage in (((), "not_yet", None), ((line(1, spend=10.0),), "no_data", 0.0)):
        found = row(scored(*rows, factors=factors), 7)
        assert (found["share_of_wallet"], found["white_space"], found["position"]) == (None, None, None)
        assert (found["wallet_coverage"], json.loads(found["explanation"])["parts"]) == (coverage, [reason])


def test_the_factor_reads_percent():
    # 20% between 0 and 50% are 40 points
    factors = [(1, "share_of_wallet", "position", 10, {"source": "measure", "measure": "share_of_wallet", "high": 50})]
    found = row(scored(line(1, typed=20.0, spend=100.0), factors=factors), 7)
    assert found["position"] == 40.0 and json.loads(found["explanation"])["parts"][0][:3] == [20.0, "2026-11-20", 40.0]


def test_what_is_published():
    results = scored(line(2, typed=1.0, spend=4.0), line(1, spend=5.0, rank=1, suppliers=2))
    assert write_table("wallet", results.wallet).decode() == (
        "line_id,sales,spend,share,white_space,is_over,basis\n1,,5.0,0.66666667,,0,rank\n2,1.0,4.0,0.25,3.0,0,figures\n")
    assert write_table("wallet", scored().wallet).decode().count("\n") == 1


def test_what_is_pulled():
    section = (b"account_id,line_id,counted_at,is_named,sales,unknown,typed,spend,our_rank,suppliers\n"
               b"7,1,9,1,30.5,0,,120,,\n9,1,9,1,3,0,,120,,\n")
    pages = {"account": [pd.DataFrame([account(7)])], "wallet": [read_section("wallet", section)]}
    assert Pull.from_pages(pages).wallet["sales"].tolist() == [30.5], "9 is no account of the run"
    double = pd.DataFrame([line(1), line(1)])
    with pytest.raises(FrameError, match="account_id and line_id stand twice"):
        Pull.from_pages({**pages, "wallet": [double]})
