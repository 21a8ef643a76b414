"""What the addon refuses, by which code, and that nothing comes of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from door import Door, World, csv, portfolio_rows, score_rows
from lab import Lab

from sync_worker.errors import KamError, Lease, LeaseLost, Refused, Usage


def refused(door: Door, method: str, **args: Any) -> KamError:
    """The refusal that a call meets."""
    with pytest.raises(KamError) as caught:
        door(method, **args)
    assert str(caught.value).strip()
    assert not str(caught.value).startswith("[")
    return caught.value


# ------------------------------------------------------------------ the lease
def test_a_second_caller_is_told_who_is_at_work(door: Door, world: World) -> None:
    door.begin(request={"owner": "first:1:a"})
    error = refused(door, "begin", kind="full", company=world.company, as_of=door.today, request={"owner": "other:2:b"})
    assert (type(error), error.code) == (Lease, "lease_held")
    assert "first:1:a" in str(error)


def test_the_same_caller_is_not_given_a_run_it_has_begun_to_use(door: Door, world: World) -> None:
    door.prepared(request={"owner": "first:1:a"})
    error = refused(door, "begin", kind="full", company=world.company, as_of=door.today, request={"owner": "first:1:a"})
    assert error.code == "lease_held"


@pytest.mark.parametrize("change", [1, -1, 1000])
def test_another_token_is_refused_everywhere_and_changes_nothing(door: Door, world: World, change: int) -> None:
    run, token, totals = door.staged(revenue=21.0)
    other = token + change
    calls: dict[str, dict[str, Any]] = {
        "renew": {}, "prepare": {}, "pull": {"after": 0, "limit": 1}, "publish": {"totals": totals},
        "abandon": {"reason": "x"}, "stage": {"table": "score", "batch": 3, "rows": score_rows(world.accounts)}}
    for method, args in calls.items():
        error = refused(door, method, run=run, token=other, **args)
        assert (type(error), error.code) == (LeaseLost, "stale_token"), method
    assert door("publish", run=run, token=token, totals=totals)["state"] == "published"


def test_the_token_of_a_run_that_is_over_is_stale(door: Door, world: World) -> None:
    run, token = door.begin()
    door("abandon", run=run, token=token, reason="over")
    rows = score_rows(world.accounts)
    assert refused(door, "stage", run=run, token=token, table="score", batch=1, rows=rows).code == "stale_token"
    assert refused(door, "publish", run=run, token=token, totals={}).code == "stale_token"


def test_a_run_that_is_published_takes_no_more(door: Door, world: World) -> None:
    run, token, totals = door.staged()
    door("publish", run=run, token=token, totals=totals)
    rows = score_rows(world.accounts)
    assert refused(door, "stage", run=run, token=token, table="score", batch=9, rows=rows).code == "stale_token"
    assert refused(door, "abandon", run=run, token=token, reason="too late").code == "stale_token"


# ------------------------------------------------------------------ arguments
@pytest.mark.parametrize("changes", [
    {"kind": "weekly"}, {"company": 999_999}, {"as_of": "2026-02-30"}, {"as_of": "soon"}, {"as_of": ""},
    {"as_of": dt.date(2999, 1, 1)}, {"kind": "preview"}])
def test_a_run_that_cannot_be_is_not_begun(door: Door, world: World, changes: dict[str, Any]) -> None:
    args = {"kind": "full", "company": world.company, "as_of": door.today, **changes}
    error = refused(door, "begin", **args)
    assert (type(error), error.code) == (Usage, "bad_argument")


@pytest.mark.parametrize("run", [0, -1, 999_999])
def test_a_run_that_does_not_exist_is_refused(door: Door, run: int) -> None:
    assert refused(door, "results", run=run).code == "bad_argument"
    assert refused(door, "prepare", run=run, token=1).code == "bad_argument"


@pytest.mark.parametrize(("after", "limit"), [(-1, 10), (0, 0), (0, -5), ("x", 10), (0, "x")])
def test_a_page_that_cannot_be_is_refused(door: Door, after: Any, limit: Any) -> None:
    run, token = door.prepared()
    assert refused(door, "pull", run=run, token=token, after=after, limit=limit).code == "bad_argument"


def test_pull_and_stage_wait_for_prepare(door: Door, world: World) -> None:
    run, token = door.begin()
    assert refused(door, "pull", run=run, token=token, after=0, limit=1).code == "wrong_state"
    rows = score_rows(world.accounts)
    assert refused(door, "stage", run=run, token=token, table="score", batch=1, rows=rows).code == "wrong_state"


# ------------------------------------------------------------------ batches
def test_the_same_number_with_other_content_is_refused(door: Door, world: World) -> None:
    run, token = door.prepared()
    first = {"run": run, "token": token, "table": "score", "batch": 1}
    answer = door("stage", **first, rows=score_rows(world.accounts, 31.0))
    error = refused(door, "stage", **first, rows=score_rows(world.accounts, 32.0))
    assert (type(error), error.code) == (Refused, "batch_conflict")
    assert door("stage", **first, rows=score_rows(world.accounts, 31.0)) == answer


@pytest.mark.parametrize(("damage", "code"), [
    ({"sha256": "0" * 64}, "checksum"), ({"data": "no base64!"}, "checksum"), ({"data": "bm8gZ3ppcA=="}, "checksum"),
    ({"rows": 11}, "checksum"), ({"rows": "12"}, "bad_argument"), ({"data": 5}, "bad_argument")])
def test_a_damaged_batch_is_refused(door: Door, world: World, damage: dict[str, Any], code: str) -> None:
    run, token = door.prepared()
    rows = {**score_rows(world.accounts), **damage}
    assert refused(door, "stage", run=run, token=token, table="score", batch=1, rows=rows).code == code
    good = door("stage", run=run, token=token, table="score", batch=1, rows=score_rows(world.accounts))
    assert good["accepted"] == 12


@pytest.mark.parametrize(("table", "rows", "code"), [
    ("res_users", portfolio_rows(), "unknown_table"), ("score; DROP TABLE x", portfolio_rows(), "unknown_table"),
    ("score", csv("account_id,colour,margin_estimated,documents,is_compared", "1,red,0,1,1"), "unknown_column"),
    ("score", csv("account_id,revenue", "1,2"), "unknown_column"),
    ("score", csv("account_id,account_id,margin_estimated,documents,is_compared", "1,1,0,1,1"), "unknown_column")])
def test_another_table_or_column_is_refused(door: Door, table: str, rows: dict[str, Any], code: str) -> None:
    run, token = door.prepared()
    assert refused(door, "stage", run=run, token=token, table=table, batch=1, rows=rows).code == code


@pytest.mark.parametrize("batch", [0, -1, "1"])
def test_batches_count_from_one(door: Door, world: World, batch: Any) -> None:
    run, token = door.prepared()
    rows = score_rows(world.accounts)
    assert refused(door, "stage", run=run, token=token, table="score", batch=batch, rows=rows).code == "bad_argument"


def test_bad_rows_are_refused_by_themselves_each_with_its_reason(door: Door, world: World, lab: Lab) -> None:
    run, token = door.prepared()
    good = world.accounts
    lines = [f"{account},41,A,0,1,1" for account in good[:8]]
    bad = ["not-a-number,41,A,0,1,1", "999999999,41,A,0,1,1", f"{good[8]},41,D,0,1,1", f"{good[9]},many,A,0,1,1",
           f"{good[10]},41,A,0,-1,1", f"{good[0]},41,A,0,1,1", f"{good[11]},2e99,A,0,1,1"]
    rows = csv("account_id,revenue,pareto_class,margin_estimated,documents,is_compared", *lines, *bad)
    answer = door("stage", run=run, token=token, table="score", batch=1, rows=rows)
    assert (answer["rows"], answer["accepted"]) == (15, 8)
    assert [item["line"] for item in answer["refused"]] == [9, 10, 11, 12, 13, 14, 15]
    assert all(item["reason"] for item in answer["refused"])
    assert answer["refused"][2]["reference"] == str(good[8])
    door("stage", run=run, token=token, table="portfolio", batch=1, rows=portfolio_rows())
    tables = {"score": {"rows": 15, "batches": 1}, "portfolio": {"rows": 1, "batches": 1}}
    results = door("publish", run=run, token=token, totals={"tables": tables, "phases": {}})
    assert (results["state"], results["refused"], results["accounts"]) == ("partial", 7, 8)
    assert len(results["refusals"]) == 7
    assert lab.sql(world.database, "SELECT count(*) FROM kam_score WHERE revenue = 41") == [["8"]]
    door.published(revenue=42.0)


def test_people_and_subjects_that_were_not_pulled_are_refused(door: Door, world: World) -> None:
    run, token = door.prepared()
    account, zeros = world.accounts[0], ",".join("0" * 6)
    rows = csv("scope,subject_id,account_id,answers,people,nps_answers,csat_answers,ces_answers,favourability_answers,"
               "asked,answered", f"account,{account},{account},3,2,{zeros}", f"contact,{account},{account},3,2,{zeros}",
               f"tier,1,,3,2,{zeros}", *(f"{scope},0,,3,2,{zeros}" for scope in ("portfolio", "portfolio", "planet")))
    answer = door("stage", run=run, token=token, table="satisfaction", batch=1, rows=rows)
    assert [(item["line"], item["reference"]) for item in answer["refused"]] == [
        (2, str(account)), (3, "1"), (5, "0"), (6, "0")]
    rows = csv("stakeholder_id,account_id,is_in_touch,contact_days,is_two_way", f"1,{account},1,1,1")
    assert door("stage", run=run, token=token, table="person", batch=1, rows=rows)["accepted"] == 0


# ------------------------------------------------------------------ totals
@pytest.mark.parametrize("table", [
    {"rows": 11, "batches": 2}, {"rows": 12, "batches": 1}, {"rows": 13, "batches": 3}, {}, None])
def test_totals_that_differ_are_refused_and_nothing_is_published(
        door: Door, world: World, lab: Lab, table: dict[str, int] | None) -> None:
    door.published(revenue=51.0)
    run, token, totals = door.staged(revenue=52.0)
    tables = {key: value for key, value in {**totals["tables"], "score": table}.items() if value is not None}
    assert refused(door, "publish", run=run, token=token, totals={"tables": tables}).code == "totals_mismatch"
    assert lab.sql(world.database, "SELECT DISTINCT revenue FROM kam_score") == [["51"]]


def test_a_table_that_was_never_staged_is_missed(door: Door, world: World) -> None:
    run, token = door.prepared()
    door("stage", run=run, token=token, table="score", batch=1, rows=score_rows(world.accounts))
    totals = {"tables": {"score": {"rows": 12, "batches": 1}}}
    assert refused(door, "publish", run=run, token=token, totals=totals).code == "totals_mismatch"
