"""The benchmarks compare like with like."""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import postgres_alone
import rollups

ROOT = Path(__file__).parents[2]


def test_the_statement_of_the_wallet_is_told_by_its_table() -> None:
    wallet = (ROOT / "kam_management/models/kam_sync_wallet.py").read_text(encoding="utf-8")
    assert f"_create_pull_table(run, 'wallet', {postgres_alone.WALLET.lstrip('_')}," in wallet


def test_postgresql_alone_has_the_settings_of_prepare() -> None:
    prepare = (ROOT / "kam_management/models/kam_sync_prepare.py").read_text(encoding="utf-8")
    assert sorted(postgres_alone.SETTINGS) == sorted(re.findall(r"SET LOCAL ([^;\"]+)", prepare))


def test_the_rollups_are_of_everybody_who_is_made_up() -> None:
    spent, found = rollups.measure(rollups.frames(accounts=50, answers=300, people=200))
    assert len(found.person) == 200
    scopes = found.satisfaction["scope"].value_counts()
    assert set(scopes[scopes > 0].index) == {"contact", "account", "tier", "portfolio"}
    assert list(spent) == ["check what was pulled", "roll up", "write"]
