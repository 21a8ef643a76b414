"""Rules that the worker computes with and Odoo shows: both sides must say the same.

The addon's tools are loaded by their path, because the addon itself needs Odoo.
"""

from __future__ import annotations

import datetime
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_worker.scoring.constants import KNOWN_SHARE, SHOWN_FROM
from sync_worker.scoring.wallet import account_wallet, wallet_lines
from sync_worker.scoring.window import months_before

TOOLS = Path(__file__).parents[2] / "kam_management" / "tools"


def load(name: str) -> ModuleType:
    """A module of the addon's tools. It may import pytz, which is Odoo's and is not called here."""
    spec = importlib.util.spec_from_file_location(f"addon_{name}", TOOLS / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "pytz", ModuleType("pytz"))
        spec.loader.exec_module(module)
    return module


WINDOWS = load("windows")


@given(
    st.dates(min_value=datetime.date(2000, 1, 1), max_value=datetime.date(2100, 1, 1)),
    st.integers(min_value=1, max_value=240),
)
def test_an_opinion_is_too_old_on_the_same_day_for_both(as_of, months):
    assert WINDOWS.oldest_counting(as_of, months) == months_before(as_of, months)


def test_both_know_the_month_that_is_shorter():
    # by hand: 18 months before 31 August 2026 is February 2025, which ends on the 28th; in 2024 it ends on the 29th
    for as_of, oldest in (
        ((2026, 8, 31), (2025, 2, 28)),
        ((2025, 8, 31), (2024, 2, 29)),
        ((2026, 11, 20), (2025, 5, 20)),
    ):
        assert WINDOWS.oldest_counting(datetime.date(*as_of), 18) == datetime.date(*oldest)
        assert months_before(datetime.date(*as_of), 18) == datetime.date(*oldest)


def test_an_anonymous_answer_is_hidden_as_long_for_both():
    assert load("satisfaction").SHOWN_FROM == SHOWN_FROM == 5


def test_a_score_needs_the_same_share_of_its_weight_for_both():
    assert load("scores").KNOWN_SHARE == KNOWN_SHARE


# sales, spend, our rank, suppliers -> share, white space, over, basis; by hand
WALLETS = [
    ((30.0, 120.0, None, None), (0.25, 90.0, False, "figures")),
    ((0.0, 120.0, None, None), (0.0, 120.0, False, "figures")),
    ((120.0, 120.0, None, None), (1.0, 0.0, False, "figures")),
    ((150.0, 100.0, None, None), (1.5, None, True, "figures")),
    ((30.0, None, None, None), (None, None, False, None)),
    ((None, 120.0, None, None), (None, None, False, None)),
    ((0.0, 0.0, None, None), (None, 0.0, False, None)),
    ((5.0, 0.0, None, None), (None, None, True, None)),
    # (1 − 1/4)·2/3 and (1 − 2/3)·2/2
    ((None, 120.0, 1, 3), (0.5, None, False, "rank")),
    ((20.0, None, 2, 2), (0.33333333, None, False, "rank")),
    ((30.0, 120.0, 1, 3), (0.25, 90.0, False, "figures")),
    ((None, None, 4, 3), (None, None, False, None)),
    ((None, None, None, 3), (None, None, False, None)),
]


@pytest.mark.parametrize(("given_", "expected"), WALLETS)
def test_a_line_of_the_wallet_says_the_same_on_both_sides(given_, expected):
    addon = load("wallet").line_wallet(*(False if value is None else value for value in given_))
    names = ("typed", "spend", "our_rank", "suppliers")
    figures = dict(zip(names, given_, strict=True))
    section = {"account_id": 7, "line_id": 1, "counted_at": 7, "is_named": 0, "sales": None, "unknown": 0, **figures}
    frame = pd.DataFrame([section]).astype(dict.fromkeys(("sales", *names), "float64"))
    [worker] = wallet_lines(frame, 2)[["share", "white_space", "is_over", "basis"]].to_dict("records")
    for found in (addon._asdict(), worker):
        told = [None if found[name] is False or pd.isna(found[name]) else found[name]
                for name in ("share", "white_space", "basis")]
        share, white_space, over, basis = expected
        assert told == [share if share is None else pytest.approx(share, abs=1e-8), white_space, basis]
        assert bool(found["is_over"]) is over


def test_the_share_of_the_account_says_the_same_on_both_sides():
    pairs = [(30.0, 120.0), (10.0, 80.0), (5.0, False), (False, 60.0)]
    share, coverage = load("wallet").wallet_share(pairs)
    frame = pd.DataFrame([
        {"line_id": number, "sales": sales, "spend": spend, "white_space": None}
        for number, (sales, spend) in enumerate(pairs)]).replace({False: None}).astype("float64")
    rows = pd.DataFrame({"account_id": 7, "line_id": frame["line_id"], "counted_at": 7})
    worker = account_wallet(rows, frame, pd.Index([7]), 2).iloc[0]
    # 40 of 200, of two categories of four
    assert (share, coverage) == (worker["share_of_wallet"], worker["wallet_coverage"]) == (0.2, 0.5)
