"""What a watch does, with a small addon of the tests over real XML-RPC. Restarts are met in `tests/faults`."""

from __future__ import annotations

import datetime as dt
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from addon import COMPANY, Addon, refuse
from peer import PASSWORD, Drop, Http, Peer
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from sync_worker import cli, config, errors, metrics
from sync_worker.jobs.answers import Handshake
from sync_worker.jobs.client import KamSync
from sync_worker.jobs.run import CompanyRun, RunOptions, RunReport
from sync_worker.jobs.schedule import Schedule, cron
from sync_worker.jobs.watch import LONGEST_PAUSE, WatchOptions, _Trouble, watch
from sync_worker.rpc.retry import Patience, PatientTransport
from sync_worker.rpc.xmlrpc import XmlRpcTransport

QUICK = Patience(attempts=3, first=0.001, longest=0.002)
POLL = 0.01


class Queue(Addon):
    """An addon with requests waiting, as `next` answers them. `served` has the queued runs that were begun."""

    def __init__(self, *waiting: dict[str, Any]) -> None:
        super().__init__()
        self.waiting = list(waiting)
        self.served: list[int] = []

    def next(self, args: dict[str, Any]) -> Any:
        return self.waiting[0] if self.waiting else {}

    def begin(self, args: dict[str, Any]) -> Any:
        answer = {**super().begin(args), "kind": args["kind"]}
        if "queued" in args["request"]:
            self.waiting.pop(0)
            self.served.append(args["request"]["queued"])
            answer["run"] = self.served[-1]
        return answer

    def publish(self, args: dict[str, Any]) -> Any:
        return {**self.counts(), "run": args["run"], "state": "published", "as_of": "2026-11-21"}

    @staticmethod
    def counts() -> dict[str, Any]:
        return {"accounts": 2, "changed": 2, "seconds": 1}


def request(run: int, **fields: Any) -> dict[str, Any]:
    return {"run": run, "kind": "full", "company": 1, "as_of": "2026-11-20", "attempt": 1, **fields}


@pytest.fixture
def addon(peer: Peer) -> Queue:
    peer.behaviour = Queue()
    return peer.behaviour


@pytest.fixture
def sync(peer: Peer) -> KamSync:
    return KamSync(PatientTransport(XmlRpcTransport(peer.origin, "db", "worker", PASSWORD), QUICK, QUICK))


@pytest.fixture
def interrupted() -> Iterator[None]:
    """SIGTERM does to a test what it does to the command."""
    before = signal.signal(signal.SIGTERM, cli._interrupt)
    yield
    signal.signal(signal.SIGTERM, before)


def stop_when(condition: Callable[[], bool]) -> None:
    """SIGTERM to this process, once that is so."""

    def wait() -> None:
        end = time.monotonic() + 20
        while not condition() and time.monotonic() < end:
            time.sleep(0.005)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


def serve(sync: KamSync, **options: Any) -> tuple[int, list[RunReport]]:
    reports: list[RunReport] = []
    code = watch(sync, WatchOptions(poll=POLL, **options), reports.append)
    return code, reports


# ------------------------------------------------------------------ the queue
def test_once_serves_what_waits_and_ends(sync: KamSync, addon: Queue) -> None:
    addon.waiting = [request(21), request(22)]
    code, reports = serve(sync, once=True)
    assert (code, addon.served, len(reports)) == (errors.DONE, [21, 22], 2)
    begin = next(args for method, args in addon.calls if method == "begin")
    assert (begin["kind"], begin["company"], begin["as_of"]) == ("full", 1, "2026-11-20")
    assert begin["request"]["queued"] == 21
    assert begin["request"]["owner"]


def test_an_empty_queue_ends_at_once(sync: KamSync, addon: Queue) -> None:
    assert serve(sync, once=True) == (errors.DONE, [])
    assert addon.methods == ["next"]


def test_one_company_is_asked_for(sync: KamSync, addon: Queue) -> None:
    serve(sync, once=True, run=RunOptions(company="acme"))
    assert [args.get("company") for method, args in addon.calls if method == "next"] == [1]


def test_a_company_that_is_not_there_is_said_at_once(sync: KamSync, addon: Queue) -> None:
    with pytest.raises(errors.Usage, match="Nobody"):
        serve(sync, run=RunOptions(company="Nobody Inc"))


def test_what_another_worker_took_is_passed_over(sync: KamSync, addon: Queue) -> None:
    def taken(args: dict[str, Any]) -> Any:
        addon.waiting.pop(0)
        refuse("not_queued")

    addon.waiting = [request(21)]
    addon.instead["begin"] = taken
    assert serve(sync, once=True) == (errors.DONE, [])


def test_a_run_that_fails_is_reported_and_the_next_one_served(sync: KamSync, addon: Queue) -> None:
    def fail(args: dict[str, Any]) -> Any:
        if args["run"] == 21:
            refuse("totals_mismatch")
        return Queue.publish(addon, args)

    addon.waiting = [request(21), request(22)]
    addon.instead["publish"] = fail
    code, reports = serve(sync, once=True)
    assert code == errors.BAD_DATA
    assert [report.companies[0].error is None for report in reports] == [False, True]
    assert ("abandon", 21) in [(method, args.get("run")) for method, args in addon.calls]


def test_a_request_that_cannot_be_begun_is_told_and_the_next_one_served(sync: KamSync, addon: Queue) -> None:
    def begin(args: dict[str, Any]) -> Any:
        return refuse("missing_rights") if args["request"]["queued"] == 21 else Queue.begin(addon, args)

    def next_request(args: dict[str, Any]) -> Any:
        addon.waiting = [one for one in addon.waiting if one["run"] != args.get("refused", {}).get("run")]
        return Queue.next(addon, args)

    addon.waiting = [request(21), request(22)]
    addon.instead.update(begin=begin, next=next_request)
    code, reports = serve(sync, once=True)
    assert (code, addon.served, len(reports)) == (errors.NOT_ALLOWED, [22], 2)
    told = [args.get("refused") for method, args in addon.calls if method == "next"]
    assert [one and one["run"] for one in told] == [None, 21, None]
    assert told[1]["reason"]


def test_a_lease_held_by_another_is_no_attempt(sync: KamSync, addon: Queue) -> None:
    left = [2]

    def held(args: dict[str, Any]) -> Any:
        left[0] -= 1
        return refuse("lease_held") if left[0] >= 0 else Queue.begin(addon, args)

    addon.waiting = [request(21)]
    addon.instead["begin"] = held
    serve(sync, once=True)
    assert addon.served == [21]
    assert not any("refused" in args for method, args in addon.calls if method == "next")


# ------------------------------------------------------------------ stopping
def test_stopped_while_it_waits_is_0(sync: KamSync, addon: Queue, interrupted: None) -> None:
    stop_when(lambda: addon.methods.count("next") > 3)
    assert serve(sync) == (errors.DONE, [])


def test_stopped_in_a_run_gives_it_back_and_is_130(sync: KamSync, addon: Queue, interrupted: None) -> None:
    addon.waiting = [request(21)]
    addon.instead["prepare"] = lambda args: time.sleep(5)
    stop_when(lambda: "prepare" in addon.methods)
    assert serve(sync) == (errors.INTERRUPTED, [])
    method, args = addon.calls[-1]
    assert (method, args["run"], args["reason"]) == ("abandon", 21, "Stopped by SIGTERM.")


# ------------------------------------------------------------------ trouble
def test_a_server_that_is_away_is_waited_for_and_told_once(
        sync: KamSync, addon: Queue, interrupted: None) -> None:
    left = [6]

    def away(args: dict[str, Any]) -> Any:
        left[0] -= 1
        if left[0] > 0:
            raise Drop
        return Queue.next(addon, args)

    addon.waiting = [request(21)]
    addon.instead["next"] = away
    stop_when(lambda: addon.served == [21] and addon.methods[-1] == "next")
    with capture_logs() as told:
        code, reports = serve(sync)
    assert (code, len(reports)) == (errors.DONE, 1)
    assert left[0] <= 0
    assert [line["event"] for line in told] == [
        "watching", "waiting: asking again until it is over", "run begun", "run published", "at work again", "stopped"]


def test_pauses_grow_up_to_a_minute() -> None:
    trouble = _Trouble(5.0)
    assert [trouble.met(errors.Dropped("gone")) for _ in range(6)] == [5, 10, 20, 40, 60, 60]
    trouble.over()
    assert trouble.met(errors.Dropped("gone")) == 5
    assert LONGEST_PAUSE == 60


def test_wrong_credentials_end_it_at_the_start(sync: KamSync, peer: Peer) -> None:
    peer.login = False
    with pytest.raises(errors.WrongCredentials):
        serve(sync)


def test_what_a_person_must_mend_ends_it_later_once_it_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("sync_worker.jobs.watch.time.monotonic", lambda: now[0])
    trouble = _Trouble(5.0)
    trouble.over()
    assert trouble.met(errors.WrongCredentials("expired")) == 5
    now[0] += 119
    trouble.met(errors.WrongCredentials("expired"))
    now[0] += 2
    with pytest.raises(errors.WrongCredentials):
        trouble.met(errors.WrongCredentials("expired"))


@pytest.mark.parametrize("text", [
    "Traceback …\npsycopg2.OperationalError: connection to server on socket failed: No such file or directory",
    "Traceback …\npsycopg2.InterfaceError: connection already closed",
    "Traceback …\npsycopg2.errors.AdminShutdown: terminating connection due to administrator command",
])
def test_a_database_that_is_being_restarted_is_waited_for(sync: KamSync, addon: Queue, text: str) -> None:
    import xmlrpc.client

    left = [2]

    def next_request(args: dict[str, Any]) -> Any:
        left[0] -= 1
        if left[0] >= 0:
            raise xmlrpc.client.Fault(1, text)
        return {}

    addon.instead["next"] = next_request
    assert serve(sync, once=True) == (errors.DONE, [])


# ------------------------------------------------------------------ the schedule
def test_a_time_of_the_schedule_refreshes_every_company(
        sync: KamSync, addon: Queue, interrupted: None, monkeypatch: pytest.MonkeyPatch) -> None:
    addon.companies = [COMPANY, {**COMPANY, "id": 2, "name": "Beta"}]
    monkeypatch.setattr(Schedule, "_triggers", lambda self: iter([_in_a_moment()]))
    stop_when(lambda: addon.methods.count("publish") == 2 and addon.methods[-1] == "next")
    _code, reports = serve(sync)
    assert [report.companies[0].company.id for report in reports][:2] == [1, 2]
    begun = [args for method, args in addon.calls if method == "begin"]
    assert [(args["company"], args["as_of"], "queued" in args["request"]) for args in begun[:2]] == [
        (1, "2026-11-21", False), (2, "2026-11-21", False)]  # half past midnight in Madrid


def test_what_is_due_stays_due_while_somebody_holds_the_lease(
        sync: KamSync, addon: Queue, interrupted: None, monkeypatch: pytest.MonkeyPatch) -> None:
    left = [3]

    def held(args: dict[str, Any]) -> Any:
        left[0] -= 1
        return Queue.begin(addon, args) if left[0] <= 0 else refuse("lease_held")

    addon.instead["begin"] = held
    monkeypatch.setattr(Schedule, "_triggers", lambda self: iter([_in_a_moment()]))
    stop_when(lambda: "publish" in addon.methods and addon.methods[-1] == "next")
    _code, reports = serve(sync)
    assert addon.methods.count("publish") == 1
    assert reports[0].companies[0].error is not None


def _in_a_moment() -> Any:
    from apscheduler.triggers.date import DateTrigger

    return DateTrigger(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=0.05))


def test_times_of_a_cron_expression() -> None:
    trigger = cron("30 4 * * mon-fri", "Europe/Madrid")
    friday = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
    # the clock of Madrid is one hour ahead in November
    assert trigger.get_next_fire_time(None, friday) == dt.datetime(2026, 11, 23, 3, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(("expression", "words"), [
    ("0 4 * *", "five fields"), ("0 25 * * *", "no cron expression"), ("0 4 * * 1-5", "weekdays as names"),
    ("every night", "five fields")])
def test_a_wrong_expression_says_what_is_wrong(expression: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        cron(expression, None)


def test_settings_of_a_schedule(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"KAM_URL": "http://localhost:8069", "KAM_DATABASE": "db", "KAM_LOGIN": "x", "KAM_PASSWORD": "y",
                        "KAM_SCHEDULE": "0 4 * * *", "KAM_EVERY": "30", "KAM_POLL": "2"}.items():
        monkeypatch.setenv(name, value)
    settings = config.load(timezone="Europe/Madrid")
    assert (settings.schedule, settings.every, settings.poll) == ("0 4 * * *", 30, 2)
    assert settings.timezone == "Europe/Madrid"
    for wrong, words in (({"schedule": "now"}, "schedule .*five fields"), ({"every": 0.1}, "every"),
                         ({"poll": 61}, "poll"), ({"timezone": "Mars"}, "timezone .*no such time zone")):
        with pytest.raises(errors.ConfigError, match=words):
            config.load(**wrong)


# ------------------------------------------------------------------ metrics
def test_a_run_of_one_account_is_no_success_of_all(sync: KamSync, addon: Queue, tmp_path: Path) -> None:
    path = tmp_path / "kam.prom"
    kept = metrics.WatchMetrics(path)
    met = sync.handshake()
    full = results(met, kind="full", accounts=12, run=1)
    kept.add(RunReport(met, False, 1.0, (full,)))
    before = figures(path)
    kept.add(RunReport(met, False, 0.5, (results(met, kind="account", accounts=1, run=2),)))
    after = figures(path)
    assert after["kam_sync_accounts"] == before["kam_sync_accounts"] == 12
    assert after["kam_sync_last_success_timestamp_seconds"] == before["kam_sync_last_success_timestamp_seconds"]
    assert after["kam_sync_runs_total"] == 2


def results(met: Handshake, kind: str, accounts: int, run: int) -> CompanyRun:
    from sync_worker.jobs.answers import Results

    return CompanyRun(met.companies[0], 1.0, {}, Results(run=run, state="published", accounts=accounts), None, kind)


def figures(path: Path) -> dict[str, float]:
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(path.read_text()):
        for sample in family.samples:
            found[sample.name] = found.get(sample.name, 0.0) + sample.value
    return found


def test_http_errors_of_a_proxy_are_waited_for(sync: KamSync, addon: Queue) -> None:
    left = [2]

    def next_request(args: dict[str, Any]) -> Any:
        left[0] -= 1
        return Http(status=502) if left[0] >= 0 else {}

    addon.instead["next"] = next_request
    assert serve(sync, once=True) == (errors.DONE, [])
