"""Blows at every step of a live run: the old results stay whole, the next run is right."""

from __future__ import annotations

import signal
import subprocess
import threading
import time

import pytest
from proxy import Proxy
from target import Site, finished

STEPS = [("handshake", 1), ("begin", 1), ("prepare", 1), ("pull", 1), ("pull", 2), ("stage", 1), ("stage", 2)]


def strike(site: Site, plan: dict[str, object]) -> None:
    """A worker that ends as `kill -9` ends it."""
    worker = site.start(plan)
    worker.communicate(timeout=120)
    assert worker.returncode == -signal.SIGKILL


def wait_until_paused(worker: subprocess.Popen[str]) -> None:
    """The driver says so on standard error, between lines of the log."""
    assert worker.stderr
    while "paused" not in (line := worker.stderr.readline()):
        assert line, "the worker ended without a pause"


# ------------------------------------------------------------------ kill -9 of the worker
@pytest.mark.parametrize("act", ["kill_before", "kill_after"])
@pytest.mark.parametrize(("method", "number"), STEPS, ids=[f"{method}{number}" for method, number in STEPS])
def test_killed_at_any_step_before_publish_the_old_results_stay_whole(
        site: Site, method: str, number: int, act: str) -> None:
    strike(site, {"method": method, "number": number, "act": act})
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


def test_killed_while_the_server_publishes_the_results_are_the_old_ones_or_the_new_never_a_mixture(site: Site) -> None:
    lock = "BEGIN; LOCK TABLE kam_score IN EXCLUSIVE MODE; SELECT pg_sleep(8); COMMIT"
    holding = threading.Thread(target=site.sql, args=(lock,))
    worker = site.start({"method": "publish", "act": "pause", "seconds": 1.5})
    wait_until_paused(worker)
    holding.start()
    time.sleep(2.5)  # the worker has sent its call; the server waits for the table
    waiting = site.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                       "AND datname = current_database()")
    worker.kill()
    worker.communicate()
    assert waiting == [["1"]]
    assert site.shown() == site.factor - 1
    holding.join()
    _until(lambda: site.shown() == site.factor)  # the server finishes what was asked of it
    site.is_tidy()
    site.repaired()


def test_a_kill_in_the_middle_of_the_call_itself(site: Site) -> None:
    strike(site, {"method": "publish", "act": "kill_during", "seconds": 0.005})
    assert site.shown() in (site.factor - 1, site.factor)
    site.repaired()


# ------------------------------------------------------------------ the server's turn
def test_a_server_killed_while_it_publishes_leaves_the_old_results(site: Site) -> None:
    lock = "BEGIN; LOCK TABLE kam_score IN EXCLUSIVE MODE; SELECT pg_sleep(6); COMMIT"
    holding = threading.Thread(target=site.sql, args=(lock,))
    worker = site.start({"method": "publish", "act": "pause", "seconds": 1.5})
    wait_until_paused(worker)
    holding.start()
    time.sleep(2.5)
    site.server.kill()
    assert site.shown() == site.factor - 1
    holding.join()
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
    first = site.start({"method": "stage", "act": "pause", "seconds": 1.5})
    wait_until_paused(first)
    second = site.run()
    assert (second.code, second.answer["error"]) == (6, "lease_held")
    assert f":{first.pid}:" in second.answer["message"]
    assert finished(first).code == 0
    assert site.shown() == site.factor
    site.is_tidy()


def test_a_worker_that_slept_through_its_lease_is_refused_and_harms_nothing(site: Site) -> None:
    sleeper = site.start({"method": "stage", "act": "pause", "seconds": 12})
    wait_until_paused(sleeper)
    site.wait_for_lease()
    site.sell()
    assert site.run().code == 0
    done = finished(sleeper)
    assert (done.code, done.answer["error"]) == (6, "stale_token")
    assert site.shown() == site.factor
    site.is_tidy()


def test_a_worker_that_slept_before_publish_does_not_overwrite_the_later_one(site: Site) -> None:
    sleeper = site.start({"method": "publish", "act": "pause", "seconds": 12})
    wait_until_paused(sleeper)
    site.wait_for_lease()
    site.sell()
    assert site.run().code == 0
    assert finished(sleeper).code == 6
    assert site.shown() == site.factor
    site.is_tidy()


# ------------------------------------------------------------------ repeated calls
@pytest.mark.parametrize("method", ["begin", "prepare", "pull", "stage", "publish"])
def test_a_call_made_twice_does_no_more_than_once(site: Site, method: str) -> None:
    before = site.sql("SELECT count(*) FROM kam_sync_run")
    done = site.run({"method": method, "act": "repeat"})
    assert (done.code, done.answer["changed"]) == (0, 12), done
    assert site.shown() == site.factor
    assert int(site.sql("SELECT count(*) FROM kam_sync_run")[0][0]) == int(before[0][0]) + 1
    site.is_tidy()


def test_a_batch_repeated_with_other_content_ends_the_run(site: Site) -> None:
    done = site.run({"method": "stage", "act": "other"})
    assert (done.code, done.answer["error"]) == (7, "batch_conflict")
    assert site.shown() == site.factor - 1
    site.is_tidy()
    site.repaired()


# ------------------------------------------------------------------ lost answers
@pytest.mark.parametrize("transport", ["xmlrpc", "json2"])
@pytest.mark.parametrize("method", ["handshake", "begin", "prepare", "pull", "stage", "publish"])
def test_an_answer_lost_after_the_work_was_done_costs_nothing(site: Site, method: str, transport: str) -> None:
    before = site.sql("SELECT count(*) FROM kam_sync_run")
    proxy = Proxy(site.server.url, method)
    done = site.run(KAM_URL=proxy.url, KAM_TRANSPORT=transport)
    proxy.close()
    assert proxy.swallowed == 1
    assert (done.code, done.answer["state"], done.answer["changed"]) == (0, "published", 12), done
    assert site.shown() == site.factor
    assert int(site.sql("SELECT count(*) FROM kam_sync_run")[0][0]) == int(before[0][0]) + 1
    site.is_tidy()


def test_an_answer_that_never_comes_is_asked_for_again(site: Site) -> None:
    proxy = Proxy(site.server.url, "publish", silent=6)
    done = site.run(KAM_URL=proxy.url, KAM_TIMEOUT="4")
    proxy.close()
    assert (done.code, proxy.swallowed) == (0, 1), done
    assert site.shown() == site.factor
    site.is_tidy()


# ------------------------------------------------------------------ Ctrl-C
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("method", ["begin", "prepare", "stage", "publish"])
def test_an_interrupted_worker_gives_its_lease_back_at_once(site: Site, method: str, number: int) -> None:
    worker = site.start({"method": method, "act": "pause", "seconds": 30})
    wait_until_paused(worker)
    worker.send_signal(number)
    done = finished(worker)
    assert (done.code, done.answer["error"]) == (130, "interrupted")
    assert site.shown() == site.factor - 1
    site.is_tidy()
    assert site.run().code == 0
    assert site.shown() == site.factor


def _until(condition: object, seconds: float = 20) -> None:
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.1)
    assert condition()
