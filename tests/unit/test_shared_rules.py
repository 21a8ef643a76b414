"""Rules that the worker computes with and Odoo shows: both sides must say the same.

The addon's tools are loaded by their path, because the addon itself needs Odoo.
"""

from __future__ import annotations

import datetime
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_worker.scoring.constants import KNOWN_SHARE
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


def test_a_score_needs_the_same_share_of_its_weight_for_both():
    assert load("scores").KNOWN_SHARE == KNOWN_SHARE
