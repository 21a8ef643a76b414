"""The command as a person or a cron job meets it: sentences, exit codes, JSON, no secrets."""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from addon import COMPANY, Addon, refuse
from peer import PASSWORD, Peer

from sync_worker import cli, errors

Command = Callable[..., "Done"]


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def addon(peer: Peer) -> Addon:
    peer.behaviour = Addon()
    return peer.behaviour


@pytest.fixture
def kam_sync(peer: Peer, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Command]:
    """The command, in this process: starting one takes seconds. `alone` runs it in its own."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def command(*args: str, alone: bool = False, **settings: str) -> Done:
        for name, value in (settings_for(peer) | settings).items():
            monkeypatch.setenv(name, value)
        if alone:
            ended = subprocess.run([sys.executable, "-m", "sync_worker.cli", *args], capture_output=True, text=True)
            done = Done(ended.returncode, ended.stdout, ended.stderr)
        else:
            with pytest.raises(SystemExit) as ended:
                cli.app(list(args))
            done = Done(ended.value.code, *capfd.readouterr())
        assert "Traceback" not in done.stdout + done.stderr
        for secret in (PASSWORD, settings.get("KAM_PASSWORD", PASSWORD)):
            assert secret not in done.stdout + done.stderr
        return done

    yield command
    for number, handler in handlers.items():
        signal.signal(number, handler)


def settings_for(peer: Peer) -> dict[str, str]:
    return {"KAM_URL": str(peer.origin), "KAM_DATABASE": "db", "KAM_LOGIN": "worker", "KAM_PASSWORD": PASSWORD}


def test_check_says_what_it_found(kam_sync: Command, addon: Addon) -> None:
    done = kam_sync("check")
    assert done.returncode == 0
    assert "19.0.1.0.0, contract 1" in done.stdout
    assert "Ready to run." in done.stdout


def test_check_fails_when_a_right_is_missing(kam_sync: Command, addon: Addon) -> None:
    addon.instead["handshake"] = lambda args: {**addon.handshake(args), "missing_rights": ["may not read orders"],
                                               "key_days": 3}
    done = kam_sync("check")
    assert done.returncode == 4
    assert "missing: may not read orders" in done.stdout
    assert "expires in 3 days" in done.stdout
    assert json.loads(kam_sync("check", "--json").stdout)["ready"] is False


def test_run_prints_phases_and_a_table(kam_sync: Command, addon: Addon) -> None:
    done = kam_sync("run", "--as-of", "2026-11-01")
    assert done.returncode == 0
    for word in ("prepare: ", "pull: ", "publish: ", "accounts", "changed rows", "refused rows", "alerts", "seconds"):
        assert word in done.stdout
    assert [json.loads(line)["event"] for line in done.stderr.splitlines()] == ["run begun"]


def test_run_prints_the_movers_and_the_largest(kam_sync: Command, addon: Addon) -> None:
    addon.instead["publish"] = lambda args: {
        **addon.publish(args), "updated": 1,
        "movers": [{"name": "Zoë [red]", "rank": 1, "rank_before": 2, "health": 40.0}],
        "top": [{"name": "Zoë [red]", "rank": 1, "revenue": 1234.5, "share": 0.5, "pareto_class": "A"}]}
    done = kam_sync("run")
    assert "Zoë [red]" in done.stdout
    assert "2 → 1" in done.stdout
    assert "– → 40" in done.stdout
    assert "1,234" in done.stdout


def test_run_speaks_json_with_the_promised_keys(kam_sync: Command, addon: Addon) -> None:
    done = kam_sync("run", "--json")
    answer = json.loads(done.stdout)
    assert {"run": 11, "state": "published", "accounts": 2, "changed": 2, "unchanged": 0, "refused": 0,
            "alerts_opened": 0, "alerts_closed": 0}.items() <= answer.items()
    assert answer["seconds"] > 0


def test_several_companies_are_summed_and_listed(kam_sync: Command, addon: Addon) -> None:
    addon.companies = [COMPANY, {**COMPANY, "id": 2, "name": "Béta"}]
    answer = json.loads(kam_sync("run", "--json").stdout)
    assert (answer["accounts"], answer["changed"], answer["run"]) == (4, 4, [11, 12])
    assert [one["name"] for one in answer["companies"]] == ["Acme", "Béta"]
    assert "companies" not in json.loads(kam_sync("run", "--json", "--company", "2").stdout)


def test_a_dry_run_says_so(kam_sync: Command, addon: Addon) -> None:
    done = kam_sync("run", "--dry-run")
    assert done.returncode == 0
    assert "dry run: nothing was written" in done.stdout
    assert "11, dry run, as of 2026-11-21" in done.stdout
    assert "abandoned" not in done.stdout
    assert addon.calls[1][1]["request"]["dry_run"] is True


@pytest.mark.parametrize("companies", [1, 2])
def test_a_dry_run_speaks_json_and_is_told_from_a_failure(kam_sync: Command, addon: Addon, companies: int) -> None:
    addon.companies = [{**COMPANY, "id": number} for number in range(1, companies + 1)]
    answer = json.loads(kam_sync("run", "--dry-run", "--json").stdout)
    assert (answer["state"], answer["dry_run"], answer["changed"]) == ("abandoned", True, 2 * companies)
    answer = json.loads(kam_sync("run", "--json").stdout)
    assert (answer["state"], answer["dry_run"]) == ("published", False)


def test_a_dry_run_whose_rows_would_be_refused_is_partial(kam_sync: Command, addon: Addon) -> None:
    addon.instead["publish"] = lambda args: {**addon.publish(args), "refused": 1}
    assert kam_sync("run", "--dry-run").returncode == 3


def test_status_calls_a_dry_run_by_its_name(kam_sync: Command, addon: Addon) -> None:
    addon.instead["status"] = lambda args: {
        **addon.status(args), "last": {"run": 11, "state": "abandoned", "dry_run": True}}
    assert "11, dry run" in kam_sync("status").stdout


def test_status_tells_never_and_stale(kam_sync: Command, addon: Addon) -> None:
    done = kam_sync("status")
    assert done.returncode == 0
    assert "never" in done.stdout
    assert "stale" in done.stdout
    assert "free" in done.stdout


def test_explain_prints_names_as_text_and_unknown_as_unknown(kam_sync: Command, addon: Addon) -> None:
    done = kam_sync("explain", "7", "--lang", "es_ES")
    assert done.returncode == 0
    assert "Société “É” [bold]x[/bold]" in done.stdout
    assert "\x1b" not in done.stdout
    assert "Health: unknown" in done.stdout
    assert "there is no target yet" in done.stdout
    assert addon.calls[-1][1] == {"account": 7, "context": {"lang": "es_ES"}}


@pytest.mark.parametrize(("compared", "word"), [(True, "quadrant unknown"), (False, "quadrant not assessed")])
def test_a_quadrant_is_unknown_or_not_assessed(kam_sync: Command, addon: Addon, compared: bool, word: str) -> None:
    addon.instead["explain"] = lambda args: {**addon.explain(args), "is_compared": compared, "dimensions": []}
    out = " ".join(kam_sync("explain", "7").stdout.split())
    assert word in out
    assert ("outside the comparison set" in out) is not compared


@pytest.mark.parametrize(("given", "sent"), [("7", 7), ("Acme", "Acme"), ("2147483648", "2147483648"), ("٣", "٣")])
def test_explain_takes_a_number_or_a_name(kam_sync: Command, addon: Addon, given: str, sent: object) -> None:
    kam_sync("explain", given)
    assert addon.calls[-1][1]["account"] == sent


@pytest.mark.parametrize(("code", "exit_code"), [
    ("lease_held", 6), ("stale_token", 6), ("missing_rights", 4), ("bad_argument", 2), ("batch_conflict", 7)])
def test_a_refusal_has_its_exit_code(kam_sync: Command, addon: Addon, code: str, exit_code: int) -> None:
    addon.instead["begin"] = lambda args: refuse(code, "The addon says why.")
    done = kam_sync("run")
    assert done.returncode == exit_code
    assert "The addon says why." in done.stdout
    answer = json.loads(kam_sync("run", "--json").stdout)
    assert (answer["state"], answer["error"], answer["message"]) == ("failed", code, "The addon says why.")


def test_an_account_that_is_not_there_is_a_matter_of_usage(kam_sync: Command, addon: Addon) -> None:
    addon.instead["explain"] = lambda args: refuse("unknown_account", "Nobody.")
    done = kam_sync("explain", "Nobody")
    assert (done.returncode, done.stderr) == (2, "kam-sync: Nobody.\n")


@pytest.mark.parametrize("args", [
    ("run", "--as-of", "yesterday"), ("run", "--transport", "soap"), ("run", "--page-rows", "0"), ("nonsense",),
    ("run", "--password", "x"), ("check", "--config", "nowhere.toml"), ("explain",)])
def test_wrong_usage_is_exit_2(kam_sync: Command, addon: Addon, args: tuple[str, ...]) -> None:
    assert kam_sync(*args).returncode == 2
    assert addon.calls == []


@pytest.mark.parametrize("command", [("check",), ("run",), ("status",), ("explain", "7")])
def test_no_server_is_exit_5(kam_sync: Command, command: tuple[str, ...]) -> None:
    done = kam_sync(*command, KAM_URL="http://127.0.0.1:9")
    assert done.returncode == 5
    assert "No connection to http://127.0.0.1:9" in done.stderr


def test_a_wrong_password_is_exit_4_and_stays_secret_with_all_logs_on(kam_sync: Command) -> None:
    done = kam_sync("run", "--log-level", "debug", alone=True, KAM_PASSWORD="wr0ng-é-secret")
    assert done.returncode == 4
    assert "KAM_PASSWORD" in done.stderr


def test_the_password_stays_secret_in_a_whole_run_with_all_logs_on(kam_sync: Command, addon: Addon) -> None:
    addon.instead["publish"] = lambda args: refuse("checksum", f"The addon repeats {PASSWORD}.")
    done = kam_sync("run", "--log-level", "debug", alone=True)
    assert done.returncode == 7
    assert "The addon repeats ***." in done.stdout


def test_metrics_are_written_whole_and_keep_the_last_success(kam_sync: Command, addon: Addon, bare: Path) -> None:
    file = bare / "kam.prom"
    assert kam_sync("run", "--metrics-file", str(file)).returncode == 0
    first = file.read_text()
    assert first.endswith("# EOF\n")
    assert 'kam_sync_accounts{company="1"} 2.0' in first
    success = next(line for line in first.splitlines() if line.startswith("kam_sync_last_success_timestamp_seconds{"))
    addon.instead["begin"] = lambda args: refuse("lease_held")
    assert kam_sync("run", KAM_METRICS_FILE=str(file)).returncode == 6
    second = file.read_text()
    assert "kam_sync_exit_code 6.0" in second
    assert success in second
    assert os.listdir(bare) == ["kam.prom"]


def test_metrics_that_cannot_be_written_do_not_fail_the_run(kam_sync: Command, addon: Addon, bare: Path) -> None:
    done = kam_sync("run", "--metrics-file", str(bare / "nowhere" / "kam.prom"))
    assert done.returncode == 0
    assert "metrics could not be written" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_gives_its_lease_back(peer: Peer, addon: Addon, bare: Path, number: int) -> None:
    addon.instead["prepare"] = lambda args: time.sleep(3) or addon.prepare(args)
    worker = subprocess.Popen(
        [sys.executable, "-m", "sync_worker.cli", "run"], env=os.environ | settings_for(peer), cwd=bare,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    _wait_for(lambda: "prepare" in addon.methods)
    worker.send_signal(number)
    _out, err = worker.communicate(timeout=20)
    assert worker.returncode == 130
    assert "Stopped by" in err
    assert addon.methods[-1] == "abandon"


def test_a_signal_lets_an_import_come_to_its_end(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is cut short keeps its locks: whatever another thread loads beside it would wait for ever."""
    (bare / "interrupted.py").write_text(
        "import os, signal\nos.kill(os.getpid(), signal.SIGTERM)\nIS_LOADED = any(range(10))\n")
    monkeypatch.syspath_prepend(bare)
    before = signal.signal(signal.SIGTERM, cli._interrupt)
    try:
        with pytest.raises(errors.Interrupted, match="SIGTERM"):
            importlib.import_module("interrupted")
            time.sleep(10)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert sys.modules.pop("interrupted").IS_LOADED


def _wait_for(condition: Callable[[], Any], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    assert condition()
