"""`kam-sync watch` while Odoo and PostgreSQL are restarted under it: no request lost, none served twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cluster import Cluster
from lab import KAM_SYNC, Lab
from story import NAMES, REVENUE, SECOND_COMPANY, SEED
from target import DRIVER, LEASE, LEASE_SECONDS, Site, until

POLL = "0.2"
# What a press of “Refresh now” writes; here it must also be possible while Odoo is away.
REQUEST = """
INSERT INTO kam_sync_run (kind, state, company_id, account_id, as_of, attempt, create_date)
VALUES ('{kind}', 'queued', {company}, {account}, timezone('UTC', now())::date, 1, timezone('UTC', now())) RETURNING id
"""
# Every run of a request: the first one, and those that took its place.
CHAINS = """
WITH RECURSIVE chain AS (
    SELECT id, id AS request, state FROM kam_sync_run WHERE id = ANY('{{{ids}}}')
    UNION ALL
    SELECT run.id, chain.request, run.state FROM kam_sync_run run JOIN chain ON run.previous_id = chain.id)
SELECT request, string_agg(state, ' ' ORDER BY id) FROM chain GROUP BY request ORDER BY request
"""


@dataclass
class Watched(Site):
    """A site on a PostgreSQL of its own."""

    cluster: Cluster | None = None
    asked: list[int] = field(default_factory=list)

    def sql(self, statement: str) -> list[list[str]]:
        assert self.cluster
        return self.cluster.sql(statement, self.server.database)

    def ask(self, account: int | None = None) -> int:
        """A request, of one account (by its number in the story) or of all."""
        kind, number = ("full", "NULL") if account is None else ("account", self.accounts[account])
        [[run]] = self.sql(REQUEST.format(kind=kind, company=self.company, account=number))
        self.asked.append(int(run))
        return int(run)

    def served(self) -> dict[int, str]:
        """The states of the runs of each request, in their order."""
        rows = self.sql(CHAINS.format(ids=",".join(map(str, self.asked))))
        return {int(request): states for request, states in rows}

    def is_served(self) -> bool:
        """Whether nothing waits or runs."""
        return self.sql("SELECT count(*) FROM kam_sync_run WHERE state IN ('queued', 'running')") == [["0"]]

    def each_served_once(self) -> dict[int, str]:
        """Wait until all is done; no request is lost, none is published twice."""
        until(self.is_served, 90)
        found = self.served()
        assert sorted(found) == sorted(self.asked)
        for request, states in found.items():
            assert states.split().count("published") == 1, (request, states)
            assert states.split()[-1] == "published", (request, states)
        return found


@dataclass
class Watch:
    """A running `kam-sync watch`. `lines` is what it logged so far."""

    process: subprocess.Popen[str]
    sign: Path
    lines: list[dict[str, Any]] = field(default_factory=list)
    output: list[dict[str, Any]] = field(default_factory=list)
    is_paused: threading.Event = field(default_factory=threading.Event)
    readers: list[threading.Thread] = field(default_factory=list)

    def read(self) -> None:
        """Follow what it says."""
        for stream, kept in ((self.process.stderr, self.lines), (self.process.stdout, self.output)):
            self.readers.append(threading.Thread(target=self._follow, args=(stream, kept), daemon=True))
            self.readers[-1].start()

    def _follow(self, stream: Any, kept: list[dict[str, Any]]) -> None:
        for line in stream:
            if line.strip() == "paused":
                self.is_paused.set()
            else:
                kept.append(json.loads(line) if line.startswith("{") else {"event": line.strip()})

    def logged(self, event: str) -> list[dict[str, Any]]:
        """The lines of an event."""
        return [line for line in self.lines if event in str(line["event"])]

    def is_idle(self) -> bool:
        """Whether it has heard of the end of the run that it began last: a moment after all others can see that."""
        told = [str(line["event"]) for line in list(self.lines)]
        turns = [event for event in told if event in ("run begun", "run published", "the refresh failed")]
        return "watching" in told and turns[-1:] != ["run begun"]

    def finish(self) -> int:
        """Its exit code, ended while it waits."""
        until(self.is_idle, 60)
        return self.end()

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Its exit code after a signal."""
        self.process.send_signal(number)
        code = self.process.wait(30)
        for reader in self.readers:
            reader.join(5)
        assert "Traceback" not in json.dumps(self.lines)
        return code


@pytest.fixture(scope="module")
def site_of_the_module(lab: Lab) -> Iterator[Watched]:
    database = lab.database()
    made: Any = lab.shell(database, LEASE + SEED, seconds=LEASE_SECONDS, names=NAMES, revenue=REVENUE,
                          second=SECOND_COMPANY)
    login, key = lab.service_user(database)
    cluster = Cluster(f"pg-test-{os.getpid()}")
    try:
        cluster.take_over(database)
        server = lab.server(database, arguments=[f"--db_host={cluster.host}", "--db_port=5432"])
        environment = {key: value for key, value in lab.environment(server, login, key).items() if key != "KAM_CONFIG"}
        site = Watched(lab, server, environment | {"KAM_POLL": POLL}, tuple(made["accounts"]), made["company"],
                       cluster=cluster)
        done = site.run()
        assert done.code == 0, done.answer
        yield site
        server.stop()
    finally:
        cluster.remove()


@pytest.fixture
def site(site_of_the_module: Watched) -> Iterator[Watched]:
    here = site_of_the_module
    here.asked = []
    here.sell()
    yield here
    assert here.cluster
    # What a test that failed left down would fail all that follow.
    if not here.cluster.runs:
        here.cluster.start()
    if here.server.pid is None:
        here.server.start()
    here.sql("UPDATE kam_sync_run SET state = 'failed' WHERE state = 'queued'")


@contextmanager
def watching(site: Watched, pause: str | None = None, number: int = 1, *args: str, **settings: str) -> Iterator[Watch]:
    """A watch of a process of its own, that waits before its n-th call of a method, or not."""
    sign = Path(tempfile.mkdtemp()) / "go"
    plan = {"method": pause, "number": number, "act": "pause", "until": str(sign)}
    program = [sys.executable, str(DRIVER), json.dumps(plan)] if pause else [str(KAM_SYNC)]
    process = subprocess.Popen([*program, "watch", "--json", *args], text=True, env=site.environment | settings,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    watch = Watch(process, sign)
    watch.read()
    try:
        yield watch
    finally:
        process.kill()
        process.wait()


def restart_odoo(site: Watched) -> None:
    site.server.kill()
    site.server.start()


def restart_postgres(site: Watched, how: str = "stop") -> None:
    assert site.cluster
    getattr(site.cluster, how)()
    time.sleep(1)
    site.cluster.start()


# ------------------------------------------------------------------ between runs
@pytest.mark.parametrize("transport", ["xmlrpc", "json2"])
def test_requests_before_between_and_after_restarts_are_each_served_once(site: Watched, transport: str) -> None:
    site.ask(), site.ask(0)  # before it starts
    with watching(site, KAM_TRANSPORT=transport) as watch:
        site.each_served_once()
        site.server.kill()
        site.ask(1)  # while Odoo is away
        time.sleep(3)
        site.server.start()
        site.ask()
        site.each_served_once()
        restart_postgres(site)
        site.ask(2)
        site.each_served_once()
        restart_postgres(site, "crash")
        site.ask()
        found = site.each_served_once()
        assert watch.finish() == 0
    assert set(found.values()) == {"published"}
    assert site.shown() == site.factor
    site.is_tidy()
    assert len(watch.output) == 6
    # each time it said once that it waits, or little more: what is away fails in more than one way
    assert 1 <= len(watch.logged("waiting")) <= 12
    assert watch.logged("at work again")
    assert len(watch.lines) < 60


# ------------------------------------------------------------------ in the middle of a run
@pytest.mark.parametrize("method", ["prepare", "publish"])
def test_odoo_restarted_in_the_middle_of_a_run(site: Watched, method: str) -> None:
    site.ask(), site.ask(0), site.ask(1)
    with watching(site, method) as watch:
        assert watch.is_paused.wait(60)
        site.server.kill()
        watch.sign.touch()
        time.sleep(1)
        site.server.start()
        site.each_served_once()
        assert watch.finish() == 0
    assert site.shown() == site.factor
    site.is_tidy()


@pytest.mark.parametrize(("method", "how"), [
    ("begin", "stop"), ("pull", "stop"), ("publish", "stop"), ("begin", "crash"), ("stage", "crash"),
    ("publish", "crash")])
def test_postgresql_restarted_in_the_middle_of_a_run(site: Watched, method: str, how: str) -> None:
    site.ask(), site.ask(0), site.ask(1)
    with watching(site, method) as watch:
        assert watch.is_paused.wait(60)
        restart_postgres(site, how)
        watch.sign.touch()
        found = site.each_served_once()
        assert watch.finish() == 0
    assert site.shown() == site.factor
    site.is_tidy()
    # a crash takes along what had been pulled and staged: that run ends, and its request is served again
    first = found[site.asked[0]]
    assert first == ("abandoned published" if how == "crash" and method != "begin" else "published")


# ------------------------------------------------------------------ the end of a watch
def test_a_watch_that_is_killed_leaves_its_request_to_the_next(site: Watched) -> None:
    site.ask(), site.ask(0)
    with watching(site, "stage") as watch:
        assert watch.is_paused.wait(60)
        watch.process.kill()
        watch.process.wait()
    assert site.shown() == site.factor - 1
    with watching(site) as watch:
        found = site.each_served_once()
        assert watch.finish() == 0
    assert list(found.values()) == ["abandoned published", "published"]
    assert site.shown() == site.factor
    site.is_tidy()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_watch_that_is_stopped_in_a_run_gives_its_request_back_at_once(site: Watched, number: signal.Signals) -> None:
    site.ask()
    with watching(site, "publish") as watch:
        assert watch.is_paused.wait(60)
        assert watch.end(number) == 130
    assert site.served() == {site.asked[0]: "abandoned queued"}
    assert site.sql("SELECT count(*) FROM kam_sync_lease WHERE run_id IS NOT NULL") == [["0"]]
    assert site.shown() == site.factor - 1
    with watching(site, None, 1, "--once") as watch:
        assert watch.process.wait(60) == 0  # the queue is empty
    assert site.each_served_once() == {site.asked[0]: "abandoned published"}
    assert site.shown() == site.factor
    site.is_tidy()


def test_a_watch_that_is_stopped_while_it_waits_ends_well(site: Watched) -> None:
    with watching(site) as watch:
        assert watch.finish() == 0
    with watching(site) as watch:
        site.server.kill()
        until(lambda: bool(watch.logged("waiting")))
        assert watch.finish() == 0
    site.server.start()
    site.is_tidy()


def test_two_watches_serve_each_request_once(site: Watched) -> None:
    with watching(site) as first, watching(site) as second:
        for number in range(3):
            site.ask(number)
            site.ask()
        found = site.each_served_once()
        assert (first.finish(), second.finish()) == (0, 0)
    assert set(found.values()) == {"published"}
    assert len(first.output) + len(second.output) >= 6
    site.is_tidy()


# ------------------------------------------------------------------ the schedule
def test_a_time_of_the_schedule_that_passes_while_odoo_is_away_is_made_up_for(site: Watched) -> None:
    # A minute that begins when the watch has long come up, and Odoo is away.
    due = (int(time.time()) + 30) // 60 * 60 + 60
    before = site.runs()
    with watching(site, None, 1, "--schedule", f"{time.gmtime(due).tm_min} * * * *", "--timezone", "UTC",
                  "--company", str(site.company)) as watch:
        until(watch.is_idle)
        site.server.kill()
        time.sleep(max(0.0, due + 2 - time.time()))
        assert site.shown() == site.factor - 1
        site.server.start()
        until(lambda: site.shown() == site.factor, 90)
        assert watch.finish() == 0
    assert site.runs() == before + 1
    site.is_tidy()
