"""Blows at every step of a live run: the old results stay whole, the next run is right."""

from __future__ import annotations

import signal

import pytest
from proxy import Proxy
from target import LEASE_SECONDS, Site, finished, until

STEPS = [("handshake", 1), ("begin", 1), ("prepare", 1), ("pull", 1), ("stage", 1), ("stage", 2)]

# Tables that publishing writes, in whose middle it may be struck: scores come first, what is rolled up comes last.
WRITTEN = ["kam_score", "kam_satisfaction_score", "kam_stakeholder_score", "kam_relationship_score"]


def strike(site: Site, plan: dict[str, object]) -> None:
    """A worker that ends as `kill -9` ends it."""
    worker = site.start(plan)
    worker.communicate(timeout=120)
    assert worker.returncode == -signal.SIGKILL


# ------------------------------------------------------------------ kill -9 of the worker
@pytest.mark.parametrize(("method", "number"), STEPS, ids=[f"{method}{number}" for method, number in STEPS])
def test_killed_after_any_step_before_publish_the_old_results_stay_whole(site: Site, method: str, number: int) -> None:
    strike(site, {"method": method, "number": number, "act": "kill_after"})
    assert site.shown() == site.factor - 1
    site.repaired()


@pytest.mark.parametrize(("method", "table"), [("begin", "kam_sync_run"), ("prepare", "crm_lead"),
                                               ("stage", "kam_sync_batch")])
def test_killed_in_the_middle_of_a_call_before_publish_the_old_results_stay_whole(
        site: Site, method: str, table: str) -> None:
    with site.paused(method) as worker:
        with site.table_locked(table, "ACCESS EXCLUSIVE"):
            site.go_on(worker)
            until(site.is_waiting)
            worker.kill()
            worker.communicate()
            assert site.shown() == site.factor - 1
        until(site.is_idle)  # the server finishes what was asked of it
        assert site.shown() == site.factor - 1
    site.repaired()


def test_killed_before_publish_the_old_results_stay_whole(site: Site) -> None:
    strike(site, {"method": "publish", "act": "kill_before"})
    assert site.shown() == site.factor - 1
    site.repaired()


def test_killed_after_publish_the_new_results_are_whole(site: Site) -> None:
    strike(site, {"method": "publish", "act": "kill_after"})
    assert site.shown() == site.factor
    site.is_tidy()
    site.repaired()


@pytest.mark.parametrize("table", WRITTEN)
def test_killed_while_the_server_publishes_readers_see_the_old_run_and_then_the_new_one(site: Site, table: str) -> None:
    with site.paused("publish") as worker:
        with site.table_locked(table):
            site.go_on(worker)
            until(site.is_waiting)
            worker.kill()
            worker.communicate()
            assert site.shown() == site.factor - 1
        until(lambda: site.shown() == site.factor)  # the server finishes what was asked of it
    site.is_tidy()
    site.repaired()


# ------------------------------------------------------------------ the server's turn
@pytest.mark.parametrize("table", WRITTEN)
def test_a_server_killed_while_it_publishes_leaves_the_old_results_and_the_worker_waits_for_it(
        site: Site, table: str) -> None:
    with site.paused("publish") as worker:
        with site.table_locked(table):
            site.go_on(worker)
            until(site.is_waiting)
            site.server.kill()
            assert site.shown() == site.factor - 1
        assert site.shown() == site.factor - 1
        site.server.start()
        done = finished(worker)  # it went on asking while the server was away
    assert done.code == 0, done
    assert site.shown() == site.factor
    site.is_tidy()


def test_a_server_that_stays_away_is_exit_5(site: Site) -> None:
    site.server.kill()
    done = site.run()
    assert done.code == 5
    assert "No connection" in done.answer["message"]
    site.server.start()
    assert site.shown() == site.factor - 1
    site.repaired()


# ------------------------------------------------------------------ two workers
def test_a_second_worker_at_the_same_time_is_refused_and_told_by_whom(site: Site) -> None:
    site.lease_lasts(600)
    with site.paused("stage") as first:
        second = site.run()
        assert (second.code, second.answer["error"]) == (6, "lease_held")
        assert f":{first.pid}:" in second.answer["message"]
        site.go_on(first)
        assert finished(first).code == 0
    site.lease_lasts(LEASE_SECONDS)
    assert site.shown() == site.factor
    site.is_tidy()


@pytest.mark.parametrize("method", ["prepare", "pull", "stage", "publish"])
def test_a_worker_that_slept_through_its_lease_is_refused_and_harms_nothing(site: Site, method: str) -> None:
    with site.paused(method) as sleeper:
        site.wait_for_lease()
        site.sell()
        assert site.run().code == 0
        site.go_on(sleeper)
        done = finished(sleeper)
    assert (done.code, done.answer["error"]) == (6, "stale_token")
    assert site.shown() == site.factor
    site.is_tidy()


def test_a_worker_that_slept_through_its_lease_goes_on_if_nobody_came(site: Site) -> None:
    with site.paused("stage") as sleeper:
        site.wait_for_lease()
        site.go_on(sleeper)
        assert finished(sleeper).code == 0
    assert site.shown() == site.factor
    site.is_tidy()


# ------------------------------------------------------------------ repeated calls
@pytest.mark.parametrize("method", ["begin", "prepare", "pull", "stage", "publish"])
def test_a_call_made_twice_does_no_more_than_once(site: Site, method: str) -> None:
    before = site.runs()
    done = site.run({"method": method, "act": "repeat"})
    assert (done.code, done.answer["changed"]) == (0, 12), done
    assert site.shown() == site.factor
    assert site.runs() == before + 1
    site.is_tidy()


def test_a_batch_repeated_with_other_content_ends_the_run(site: Site) -> None:
    done = site.run({"method": "stage", "act": "other"})
    assert (done.code, done.answer["error"]) == (7, "batch_conflict")
    assert site.shown() == site.factor - 1
    site.is_tidy()
    site.repaired()


# ------------------------------------------------------------------ lost answers
@pytest.mark.parametrize("transport", ["xmlrpc", "json2"])
@pytest.mark.parametrize("method", ["begin", "prepare", "pull", "stage", "publish"])
def test_an_answer_lost_after_the_work_was_done_costs_nothing(site: Site, method: str, transport: str) -> None:
    before = site.runs()
    proxy = Proxy(site.server.url, method)
    done = site.run(KAM_URL=proxy.url, KAM_TRANSPORT=transport)
    proxy.close()
    assert proxy.swallowed == 1
    assert (done.code, done.answer["state"], done.answer["changed"]) == (0, "published", 12), done
    assert site.shown() == site.factor
    assert site.runs() == before + 1
    site.is_tidy()


def test_an_answer_that_never_comes_is_asked_for_again(site: Site) -> None:
    proxy = Proxy(site.server.url, "publish", silent=8)
    done = site.run(KAM_URL=proxy.url, KAM_TIMEOUT="6")
    proxy.close()
    assert (done.code, proxy.swallowed) == (0, 1), done
    assert site.shown() == site.factor
    site.is_tidy()


# ------------------------------------------------------------------ Ctrl-C
@pytest.mark.parametrize(("method", "number"), [
    ("begin", signal.SIGINT), ("prepare", signal.SIGINT), ("stage", signal.SIGTERM), ("publish", signal.SIGINT)])
def test_an_interrupted_worker_gives_its_lease_back_at_once(site: Site, method: str, number: int) -> None:
    with site.paused(method) as worker:
        worker.send_signal(number)
        done = finished(worker)
    assert (done.code, done.answer["error"]) == (130, "interrupted")
    assert site.shown() == site.factor - 1
    site.is_tidy()
    assert site.run().code == 0
    assert site.shown() == site.factor
