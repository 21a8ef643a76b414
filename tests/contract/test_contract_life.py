"""A run from begin to publish, and what is read before and after it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import time
from typing import Any

import pytest
from door import Door, World, portfolio_rows, score_rows
from door import csv as table_of
from lab import Lab
from story import NAMES, REVENUE, SECOND_COMPANY, TOTAL

from sync_worker.errors import Usage
from sync_worker.frames.schemas import SECTIONS as SCHEMAS
from sync_worker.frames.schemas import TABLES
from sync_worker.jobs.answers import Begin, Explain, Handshake, Page, Prepare, Results, Stage, Status
from sync_worker.rpc.wire import unpack

SECTIONS = ["account", "fact", "opinion", "history", "investment", "wallet", "answer", "request", "person", "seat",
            "thread", "assessment", "objective",
            "cell", "recorded", "target", "debt", "rhythm", "departure", "due", "signal", "alert", "peer", "standing"]
ROLLUPS = ("satisfaction", "person", "relationship")


def pages(door: Door, run: int, token: int, limit: int) -> list[dict[str, Any]]:
    """Every page of a run."""
    found: list[dict[str, Any]] = []
    after = 0
    for _ in range(1000):
        found.append(door("pull", run=run, token=token, after=after, limit=limit))
        after = found[-1]["after"]
        if found[-1]["done"]:
            return found
    raise AssertionError("the pages have no end")


def rows(found: list[dict[str, Any]], section: str) -> list[dict[str, str]]:
    """The rows of a section, as text."""
    return [row for page in found if page["section"] == section
            for row in csv.DictReader(io.StringIO(unpack(page["data"], page["sha256"]).decode()))]


# ------------------------------------------------------------------ reading
def test_handshake_introduces_the_addon(door: Door, world: World) -> None:
    met = Handshake.of(door("handshake"))
    assert (met.protocol, met.database) == (1, world.database)
    assert met.odoo.startswith("19.0")
    assert met.addon.startswith("19.0.")
    assert abs(met.server_time - dt.datetime.now(dt.UTC).replace(tzinfo=None)) < dt.timedelta(minutes=2)
    assert {company.id: company.name for company in met.companies}[world.second] == SECOND_COMPANY
    assert met.missing_rights == ()
    assert met.key_days in (29, 30)
    assert met.page_rows >= 1000


def test_status_of_a_company_that_was_never_refreshed(door: Door, world: World) -> None:
    state = Status.of(door("status", company=world.second))
    assert (state.last, state.published, state.lease, state.stale) == (None, None, None, True)


def test_nothing_is_queued(door: Door) -> None:
    assert door("next") == {}


# ------------------------------------------------------------------ a run
def test_begin_takes_the_lease_and_freezes_the_configuration(door: Door, world: World) -> None:
    run, token = door.begin(request={"owner": "srv:1:word"})
    begun = Begin.of(door("begin", kind="full", company=world.company, as_of=door.today,
                          request={"owner": "srv:1:word"}))
    assert (begun.run, begun.token) == (run, token)
    assert begun.config["company"]["id"] == world.company
    assert begun.config["version"] == 1
    assert {factor["code"] for factor in begun.config["factors"]} >= {"gross_margin", "strategic_value", "sales"}
    assert begun.lease_seconds > 0
    held = Status.of(door("status", company=world.company)).lease
    assert held is not None
    assert "srv:1:word" in held.values()


def test_a_renewed_lease_lasts_longer(door: Door) -> None:
    run, token = door.begin()
    before = dt.datetime.fromisoformat(door.begun["expires"])
    time.sleep(1.1)  # times have whole seconds
    after = dt.datetime.fromisoformat(door("renew", run=run, token=token)["expires"])
    assert dt.timedelta(seconds=1) <= after - before < dt.timedelta(minutes=1)


def test_the_manifest_names_the_sections_in_order(door: Door) -> None:
    run, token = door.begin()
    manifest = Prepare.of(door("prepare", run=run, token=token))
    assert [section.name for section in manifest.sections] == SECTIONS
    assert manifest.rows == sum(section.rows for section in manifest.sections)
    assert {section.name: set(section.columns) for section in manifest.sections} == {
        name: set(SCHEMAS[name].columns) for name in SECTIONS}
    assert {section.name: section.rows for section in manifest.sections}["account"] == len(NAMES)
    assert Prepare.of(door("prepare", run=run, token=token)) == manifest


@pytest.mark.parametrize("limit", [1, 5, 100_000])
def test_pages_of_any_size_hold_the_same_rows(door: Door, world: World, limit: int) -> None:
    run, token = door.prepared()
    found = pages(door, run, token, limit)
    assert all(Page.of(page).rows <= limit for page in found)
    accounts = rows(found, "account")
    assert [int(row["account_id"]) for row in accounts] == sorted(world.accounts)
    assert sum(int(row["is_key"]) for row in accounts) == 3


@pytest.mark.parametrize("limit", [1, 20, 100_000])
def test_small_pages_come_along(door: Door, limit: int) -> None:
    """They are the pages that would be asked for next, and all together have no more rows than asked for."""
    run, token = door.prepared()
    alone = pages(door, run, token, 100_000)
    after, found = 0, []
    for _ in range(1000):
        page = Page.of(door("pull", run=run, token=token, after=after, limit=limit))
        bundle = [page, *page.following]
        assert sum(each.rows for each in bundle) <= limit
        found += [each.model_copy(update={"following": ()}) for each in bundle]
        after = bundle[-1].after
        if bundle[-1].done:
            break
    assert [each.after for each in found] == sorted({each.after for each in found}), "none twice, in their order"
    for section in {page["section"] for page in alone}:
        assert rows([each.model_dump() for each in found], section) == rows(alone, section)
    if limit == 100_000:
        assert len(page.following) == len(alone) - 1


def test_facts_are_what_the_documents_say(door: Door, world: World) -> None:
    run, token = door.prepared()
    revenue = str(door.begun["config"]["sources"]["revenue"])
    facts = [row for row in rows(pages(door, run, token, 100_000), "fact") if row["kpi_id"] == revenue]
    won = {int(row["account_id"]): float(row["value_now"]) for row in facts}
    assert won == {account: REVENUE * number for number, account in enumerate(world.accounts, start=1)}
    assert sum(won.values()) == TOTAL
    assert {(row["documents_now"], row["documents_before"], row["unknown_now"]) for row in facts} == {("1", "0", "0")}


def test_a_page_may_be_asked_for_again(door: Door) -> None:
    run, token = door.prepared()
    first = door("pull", run=run, token=token, after=3, limit=4)
    assert door("pull", run=run, token=token, after=3, limit=4) == first


def test_after_the_last_page_there_is_an_empty_one(door: Door) -> None:
    run, token = door.prepared()
    last = pages(door, run, token, 100_000)[-1]["after"]
    beyond = Page.of(door("pull", run=run, token=token, after=last, limit=10))
    assert (beyond.rows, beyond.done, beyond.after) == (0, True, last)


def test_a_batch_says_how_many_rows_came_in(door: Door, world: World) -> None:
    run, token = door.prepared()
    answer = Stage.of(door("stage", run=run, token=token, table="score", batch=1, rows=score_rows(world.accounts)))
    assert (answer.rows, answer.accepted, answer.refused) == (12, 12, ())


def test_published_results_are_counted_and_readable(door: Door, world: World) -> None:
    door.published(revenue=1.0)
    answer = Results.of(door.published(revenue=2.0))
    assert (answer.state, answer.accounts, answer.changed, answer.updated) == ("published", 12, 12, 12)
    assert (answer.unchanged, answer.refused, answer.company) == (0, 0, world.company)
    assert Results.of(door("results", run=answer.run)) == answer
    state = Status.of(door("status", company=world.company))
    assert state.published is not None
    assert (state.published.run, state.stale, state.lease) == (answer.run, False, None)


def test_publishing_the_same_again_changes_nothing(door: Door) -> None:
    door.published(revenue=3.0)
    answer = Results.of(door.published(revenue=3.0))
    assert (answer.changed, answer.unchanged) == (0, 12)


def test_rows_are_in_the_database_as_they_were_sent(door: Door, world: World, lab: Lab) -> None:
    door.published(revenue=1234.25)
    found = lab.sql(world.database, f"SELECT DISTINCT revenue, is_compared, health IS NULL FROM kam_score "
                                    f"WHERE company_id = {world.company}")
    assert [[float(row[0]), *row[1:]] for row in found] == [[1234.25, "t", "t"]]


def test_a_dry_run_counts_and_leaves_nothing(door: Door, world: World, lab: Lab) -> None:
    door.published(revenue=5.0)
    run, token, totals = door.staged(revenue=6.0, request={"dry_run": True})
    first = door("publish", run=run, token=token, totals=totals)
    answer = Results.of(first)
    assert (answer.state, answer.dry_run, answer.changed) == ("abandoned", True, 12)
    assert door("publish", run=run, token=token, totals=totals) == first  # its answer may have been lost
    assert lab.sql(world.database, "SELECT DISTINCT revenue FROM kam_score") == [["5"]]
    assert lab.sql(world.database, "SELECT count(*) FROM pg_class WHERE relname ~ '^kam_(pull|stage)_[0-9]'") == [["0"]]
    door.open_runs.remove((run, token))
    last, _token = door.begin()  # the next run removes it
    assert lab.sql(world.database, f"SELECT id FROM kam_sync_run WHERE id >= {run}") == [[str(last)]]


@pytest.mark.parametrize("table", TABLES)
def test_every_column_that_the_worker_sends_is_taken(door: Door, table: str) -> None:
    run, token = door.prepared()
    empty = table_of(",".join(TABLES[table].columns))
    answer = Stage.of(door("stage", run=run, token=token, table=table, batch=1, rows=empty))
    assert (answer.rows, answer.accepted, answer.refused) == (0, 0, ())


def rolled_up(door: Door, world: World, figure: float | None, **changes: Any) -> dict[str, Any]:
    """A run that publishes the satisfaction and relationship of one account, or says that there are none of any."""
    account = world.accounts[0]
    run, token, totals = door.staged(**changes)
    zeros = ",".join("0" * 6)
    tables = {
        "satisfaction": ("scope,subject_id,account_id,satisfaction,answers,people,nps_answers,csat_answers,ces_answers,"
                         "favourability_answers,asked,answered", f"account,{account},{account},{figure},3,2,{zeros}"),
        "person": ("stakeholder_id,account_id,is_in_touch,contact_days,is_two_way",),
        "relationship": ("account_id,strength,quality_raters,people,people_in_touch,roles_required,roles_filled,"
                         "colleagues", f"{account},{figure},{zeros}")}
    for table, (header, *lines) in tables.items():
        kept = lines if figure is not None else []
        door("stage", run=run, token=token, table=table, batch=1, rows=table_of(header, *kept))
        totals["tables"][table] = {"rows": len(kept), "batches": 1}
    return door("publish", run=run, token=token, totals=totals)


def test_satisfaction_and_relationship_come_with_the_scores(door: Door, world: World, lab: Lab) -> None:
    def there() -> list[list[str]]:
        return lab.sql(world.database, "SELECT satisfaction.satisfaction, strength FROM kam_satisfaction_score "
                                       "satisfaction FULL JOIN kam_relationship_score USING (partner_id)")

    rolled_up(door, world, None)
    assert there() == []
    first = Results.of(rolled_up(door, world, 60.5, revenue=61.0))
    assert (first.state, first.refused, there()) == ("published", 0, [["60.5", "60.5"]])
    second = rolled_up(door, world, 61.5, revenue=61.0)
    assert second["rollups"] == {
        name: {"inserted": 0, "updated": int(name != "person"), "removed": 0, "unchanged": 0} for name in ROLLUPS}
    assert second["changed"] == 0  # the counts beside them are those of scores
    door.published(revenue=62.0)  # a worker of before
    assert there() == [["61.5", "61.5"]]
    last = rolled_up(door, world, None)
    assert [last["rollups"][name]["removed"] for name in ROLLUPS] == [1, 0, 1]
    assert there() == []


def test_an_earlier_day_is_history_only(door: Door, world: World, lab: Lab) -> None:
    door.published(revenue=7.0)
    answer = door.published(revenue=8.0, as_of=door.today - dt.timedelta(days=40))
    assert (answer["state"], answer["accounts"], answer["removed"]) == ("published", 12, 0)
    assert lab.sql(world.database, "SELECT DISTINCT revenue FROM kam_score") == [["7"]]


def test_an_account_is_explained_by_number_and_by_name(door: Door, world: World) -> None:
    door.published(revenue=9.0)
    by_number = Explain.of(door("explain", account=world.accounts[3], company=world.company))
    assert by_number.account == {"id": world.accounts[3], "name": NAMES[3]}
    assert by_number.scores["revenue"] == 9.0
    assert by_number.is_compared
    assert "health" not in by_number.scores
    assert Explain.of(door("explain", account=NAMES[3])) == by_number


def test_nobody_of_that_name_is_a_refusal(door: Door) -> None:
    door.published()
    with pytest.raises(Usage) as caught:
        door("explain", account="Nobody at all")
    assert caught.value.code == "unknown_account"


def test_an_abandoned_run_gives_the_lease_back(door: Door, world: World) -> None:
    run, token = door.begin()
    assert door("abandon", run=run, token=token, reason="no more") == {"run": run, "state": "abandoned"}
    assert Status.of(door("status", company=world.company)).lease is None
    assert door("results", run=run)["reason"] == "no more"
    next_run, next_token = door.begin()
    assert next_run > run
    assert next_token > token


def test_companies_have_leases_of_their_own(door: Door, world: World) -> None:
    first, _token = door.begin()
    second, _token = door.begin(company=world.second)
    assert first != second


# ------------------------------------------------------------------ the same again
def test_what_is_repeated_answers_the_same(door: Door, world: World) -> None:
    run, token, totals = door.staged(revenue=11.0)
    batch = {"run": run, "token": token, "table": "score", "batch": 1, "rows": score_rows(world.accounts[:6], 11.0)}
    assert door("stage", **batch) == door("stage", **batch)
    first = door("publish", run=run, token=token, totals=totals)
    assert door("publish", run=run, token=token, totals=totals) == first
    other, other_token = door.begin()
    ended = door("abandon", run=other, token=other_token, reason="first")
    assert door("abandon", run=other, token=other_token, reason="second") == ended


def test_batches_may_come_in_any_order(door: Door, world: World) -> None:
    run, token = door.prepared()
    door("stage", run=run, token=token, table="portfolio", batch=1, rows=portfolio_rows())
    door("stage", run=run, token=token, table="score", batch=2, rows=score_rows(world.accounts[6:]))
    door("stage", run=run, token=token, table="score", batch=1, rows=score_rows(world.accounts[:6]))
    tables = {"score": {"rows": 12, "batches": 2}, "portfolio": {"rows": 1, "batches": 1}}
    assert door("publish", run=run, token=token, totals={"tables": tables, "phases": {}})["accounts"] == 12
