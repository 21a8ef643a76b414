"""The command itself against real Odoo, over both transports."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from door import World, told
from lab import KAM_SYNC, Lab
from story import NAMES, OUTSIDER, SECOND_COMPANY, TOTAL

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def world(lab: Lab) -> World:
    """A database of its own: a run of the command refreshes every company."""
    return told(lab)


@pytest.fixture(scope="module")
def url(lab: Lab, world: World) -> str:
    """Its server."""
    return lab.server(world.database).url


@pytest.fixture(params=["xmlrpc", "json2"])
def kam_sync(request: pytest.FixtureRequest, world: World, url: str) -> Command:
    """`kam-sync` with the settings of the service user."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("KAM_")}
    settings = {"KAM_URL": url, "KAM_DATABASE": world.database, "KAM_LOGIN": world.login,
                "KAM_PASSWORD": world.key, "KAM_TRANSPORT": request.param}

    def command(*args: str, **changes: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run([str(KAM_SYNC), *args], env=bare | settings | changes, capture_output=True, text=True)
        assert "Traceback" not in done.stdout + done.stderr
        assert world.key not in done.stdout + done.stderr
        return done

    return command


def answer(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """What it said in JSON."""
    return json.loads(done.stdout)


def test_check_is_ready(kam_sync: Command) -> None:
    done = kam_sync("check")
    assert done.returncode == 0, done
    assert SECOND_COMPANY in done.stdout
    assert "Ready to run." in done.stdout


def test_a_run_scores_every_customer_and_a_second_one_changes_nothing(
        kam_sync: Command, world: World, lab: Lab) -> None:
    first = kam_sync("run", "--json")
    assert first.returncode == 0, first
    second = answer(kam_sync("run", "--json"))
    assert (second["state"], second["accounts"], second["changed"], second["refused"]) == ("published", 15, 0, 0)
    accounts = {one["company"]: one["accounts"] for one in second["companies"]}
    assert accounts == {world.company: 12, world.second: 3}  # flagged customers belong to no company, hence to both
    rows = lab.sql(world.database, f"SELECT sum(revenue), count(DISTINCT rank) FROM kam_score "
                                   f"WHERE company_id = {world.company}")
    assert [float(value) for value in rows[0]] == [TOTAL, 12]


def test_the_table_shows_the_largest_accounts_by_name(kam_sync: Command, world: World) -> None:
    done = kam_sync("run", "--company", str(world.company))
    assert done.returncode == 0
    for name in (NAMES[11], NAMES[8], NAMES[4], NAMES[3]):
        assert name in done.stdout
    assert "12,000" in done.stdout


def test_a_dry_run_writes_nothing(kam_sync: Command, world: World, lab: Lab) -> None:
    kam_sync("run")
    lab.sql(world.database, "UPDATE crm_lead SET expected_revenue = expected_revenue + 1")
    before = lab.sql(world.database, "SELECT * FROM kam_score ORDER BY id")
    told_of = answer(kam_sync("run", "--dry-run", "--json"))
    assert (told_of["state"], told_of["dry_run"], told_of["changed"]) == ("abandoned", True, 12)
    assert lab.sql(world.database, "SELECT * FROM kam_score ORDER BY id") == before
    assert answer(kam_sync("run", "--json"))["changed"] == 12  # just as many as it said
    lab.sql(world.database, "UPDATE crm_lead SET expected_revenue = expected_revenue - 1")


def test_status_and_explain(kam_sync: Command, world: World) -> None:
    kam_sync("run", "--company", str(world.company))
    assert "fresh" in kam_sync("status").stdout
    done = kam_sync("explain", NAMES[3])
    assert done.returncode == 0, done
    assert NAMES[3] in done.stdout
    assert "4,000.00" in done.stdout
    assert "unknown" in done.stdout


@pytest.mark.parametrize(("args", "changes", "code", "words"), [
    (("run",), {"KAM_PASSWORD": "0" * 40}, 4, "KAM_PASSWORD"),
    (("check",), {"KAM_DATABASE": "no_such_database"}, 5, "KAM_DATABASE"),
    (("run", "--company", "Nobody Inc"), {}, 2, "No company"),
    (("run", "--as-of", "2999-01-01"), {}, 2, "at the latest"),
    (("explain", "Nobody at all"), {}, 2, "Nobody at all"),
    (("explain", "99999999999999999999"), {}, 2, "99999999999999999999"),
])
def test_what_goes_wrong_is_one_clear_sentence(
        kam_sync: Command, args: tuple[str, ...], changes: dict[str, str], code: int, words: str) -> None:
    done = kam_sync(*args, **changes)
    assert done.returncode == code, done
    assert words in done.stdout + done.stderr


def test_a_database_without_the_addon_is_told_what_to_install(kam_sync: Command, lab: Lab) -> None:
    database = lab.database(("crm", "web_hierarchy"))
    key = str(lab.shell(database, OUTSIDER, login="somebody", group="base.group_user"))
    server = lab.server(database)
    done = kam_sync("check", KAM_URL=server.url, KAM_DATABASE=database, KAM_LOGIN="somebody", KAM_PASSWORD=key)
    server.stop()
    assert done.returncode == 7, done
    assert "install the addon kam_management" in done.stderr
