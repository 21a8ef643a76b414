"""The queue: a request is seen, taken by one worker, given back, and served as what it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from door import Door, World
from lab import Lab
from story import NAMES

from sync_worker import errors
from sync_worker.jobs.answers import Begin, Queued, Results, Status

REQUEST = """
INSERT INTO kam_sync_run (kind, state, company_id, account_id, as_of, attempt, create_date)
VALUES ('{kind}', 'queued', {company}, {account}, timezone('UTC', now())::date, 1, timezone('UTC', now())) RETURNING id
"""


@pytest.fixture(autouse=True)
def queue(world: World, lab: Lab) -> Iterator[None]:
    """Empty before and after: what the door abandons at the end of a test is in the queue again."""
    yield
    lab.sql(world.database, "DELETE FROM kam_sync_run WHERE attempt > 0")


@pytest.fixture
def ask(world: World, lab: Lab) -> Any:
    """A press of the button: `ask()` for all accounts, `ask(number)` for one."""

    def request(account: int | None = None, company: int = world.company) -> int:
        kind, number = ("full", "NULL") if account is None else ("account", world.accounts[account])
        [[run]] = lab.sql(world.database, REQUEST.format(kind=kind, company=company, account=number))
        return int(run)

    return request


def taken(door: Door, run: int, kind: str = "full", owner: str = "watch:1:word") -> Begin:
    """A request, begun."""
    begun = Begin.of(door("begin", kind=kind, company=door.world.company, as_of=door.today,
                          request={"queued": run, "owner": owner}))
    door.open_runs.append((begun.run, begun.token))
    return begun


def test_a_request_of_all_is_next_and_begun(door: Door, ask: Any) -> None:
    run = ask()
    assert Queued.of(door("next")) == Queued(run=run, kind="full", company=door.world.company, as_of=door.today)
    begun = taken(door, run)
    assert (begun.run, begun.kind, begun.account) == (run, "full", None)
    assert door("next") == {}
    assert Results.of(door("results", run=run)).state == "running"


def test_a_request_of_one_account_names_it(door: Door, ask: Any) -> None:
    door.published()
    run, account = ask(3), door.world.accounts[3]
    assert Queued.of(door("next")).account == account
    begun = taken(door, run, "account")
    assert (begun.kind, begun.account) == ("account", account)
    assert Results.of(door("results", run=run)).account == account


def test_next_may_be_asked_of_one_company(door: Door, ask: Any) -> None:
    run = ask(company=door.world.second)
    assert door("next", company=door.world.company) == {}
    assert Queued.of(door("next", company=door.world.second)).run == run
    assert Queued.of(door("next")).run == run
    assert Status.of(door("status", company=door.world.second)).queued == 1
    assert Status.of(door("status", company=door.world.second)).asked is not None
    with pytest.raises(errors.Usage):
        door("next", company=99999)


def test_the_answer_of_begin_may_be_lost(door: Door, ask: Any) -> None:
    run = ask()
    assert taken(door, run) == taken(door, run)


def test_a_request_that_begin_refused_goes_behind_and_has_failed_after_three(door: Door, ask: Any) -> None:
    """Told with the next question; told twice it is one attempt, as if the first answer had been lost."""
    run, other = ask(), ask(company=door.world.second)
    assert Queued.of(door("next")).run == run
    for _again in range(2):
        assert Queued.of(door("next", refused={"run": run, "reason": "no such day"})).run == other
    assert Results.of(door("results", run=run)).state == "abandoned"
    for attempt in (2, 3):
        again = Queued.of(door("next", company=door.world.company))
        assert (again.attempt, again.kind) == (attempt, "full")
        door("next", refused={"run": again.run, "reason": "no such day"})
    assert Results.of(door("results", run=again.run)).state == "failed"
    assert door("next", company=door.world.company) == {}
    for wrong in ({"reason": "nothing"}, {"run": True}, [run]):
        with pytest.raises(errors.Usage):
            door("next", refused=wrong)


def test_another_worker_finds_it_taken(door: Door, ask: Any) -> None:
    run = ask()
    begun = taken(door, run)
    with pytest.raises(errors.Lease):
        taken(door, run, owner="watch:2:word")
    door("abandon", run=begun.run, token=begun.token, reason="stopped")
    with pytest.raises(errors.Refused) as caught:
        taken(door, run, owner="watch:2:word")
    assert caught.value.code == "not_queued"
    again = Queued.of(door("next"))
    assert (again.attempt, again.kind) == (2, "full")
    assert again.run != run


def test_while_somebody_else_works_a_request_waits(door: Door, ask: Any) -> None:
    door.begin()
    run = ask()
    assert door("next") == {}
    with pytest.raises(errors.Lease):
        taken(door, run)
    assert Results.of(door("results", run=run)).state == "queued"


@pytest.mark.parametrize("by_name", [False, True])
def test_a_run_of_one_account_needs_no_request(door: Door, by_name: bool) -> None:
    door.published()
    account = door.world.accounts[4]
    run, _token = door.begin(kind="account", request={"account": NAMES[4] if by_name else account})
    assert (door.begun["account"], Results.of(door("results", run=run)).kind) == (account, "account")


def test_one_account_that_nobody_knows_is_refused(door: Door) -> None:
    door.published()
    for account in ("Nobody at all", 99999, None):
        with pytest.raises(errors.Usage) as caught:
            door.begin(kind="account", request={"account": account})
        assert caught.value.code == "unknown_account"


def test_of_two_that_begin_at_once_one_gets_it(door: Door, ask: Any) -> None:
    """Over connections of their own, in the same moment."""
    from concurrent.futures import ThreadPoolExecutor

    from door import transport_to

    run = ask()

    def begin(number: int) -> dict[str, Any] | None:
        transport = transport_to(door.url, door.world, door.name, door.world.login, door.world.key)
        try:
            return transport.call("kam.sync", "begin", {
                "kind": "full", "company": door.world.company, "as_of": door.today,
                "request": {"queued": run, "owner": f"watch:{number}:word"}})
        except (errors.Lease, errors.Busy):
            return None

    with ThreadPoolExecutor(4) as workers:
        answers = [answer for answer in workers.map(begin, range(4)) if answer]
    assert [answer["run"] for answer in answers] == [run]
    door.open_runs.append((run, answers[0]["token"]))
