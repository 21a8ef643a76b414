"""What is repeated, how often, and what never."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from sync_worker import errors
from sync_worker.rpc.retry import HARMLESS, Patience, PatientTransport
from sync_worker.rpc.transport import ServerInfo

QUICK = Patience(attempts=4, first=0.001, longest=0.002)


class Flaky:
    """Fails a number of times, then answers."""

    timeout = 5.0

    def __init__(self, failures: int, error: Exception | None = None) -> None:
        self.failures, self.error, self.calls = failures, error or errors.Dropped("gone"), 0

    def call(self, model: str, method: str, args: Mapping[str, Any],
             context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        self.calls += 1
        if self.calls <= self.failures:
            raise self.error
        return {"method": method}

    def authenticate(self) -> None: ...

    def version(self) -> str:
        return "19.0"

    def server(self) -> ServerInfo:
        return ServerInfo("http://localhost", "db", "test", "19.0")

    def close(self) -> None: ...


def patient(inner: Flaky) -> PatientTransport:
    return PatientTransport(inner, QUICK, QUICK)


@pytest.mark.parametrize("method", sorted(HARMLESS))
def test_a_harmless_call_is_made_again_until_it_is_answered(method: str) -> None:
    inner = Flaky(failures=2)
    assert patient(inner).call("kam.sync", method, {}) == {"method": method}
    assert inner.calls == 3


@pytest.mark.parametrize("method", ["create", "write", "anything"])
def test_any_other_call_is_made_once(method: str) -> None:
    inner = Flaky(failures=1)
    with pytest.raises(errors.Dropped):
        patient(inner).call("kam.sync", method, {})
    assert inner.calls == 1


@pytest.mark.parametrize("error", [
    errors.WrongCredentials("no"), errors.Lease("held"), errors.Refused("no"), errors.DatabaseMissing("no"),
    errors.BadAnswer("no"), ValueError("no")])
def test_what_repeating_cannot_help_is_not_repeated(error: Exception) -> None:
    inner = Flaky(failures=1, error=error)
    with pytest.raises(type(error)):
        patient(inner).call("kam.sync", "handshake", {})
    assert inner.calls == 1


@pytest.mark.parametrize("error", [
    errors.ConnectFailed("no"), errors.Dropped("no"), errors.TimedOut("no"), errors.Busy("no")])
def test_patience_ends_with_the_last_error(error: errors.Retriable) -> None:
    inner = Flaky(failures=99, error=error)
    with pytest.raises(type(error)):
        patient(inner).call("kam.sync", "publish", {})
    assert inner.calls == QUICK.attempts


def test_a_first_contact_is_given_up_sooner() -> None:
    inner = Flaky(failures=99)
    soon = Patience(attempts=2, first=0.001, longest=0.002)
    with pytest.raises(errors.Dropped):
        PatientTransport(inner, QUICK, soon).call("kam.sync", "handshake", {})
    assert inner.calls == 2


def test_calls_that_eat_up_their_timeout_are_not_repeated_for_ever() -> None:
    inner = Flaky(failures=99, error=errors.TimedOut("no"))
    inner.timeout = 0.0005  # two of them are over with the first wait
    with pytest.raises(errors.TimedOut):
        patient(inner).call("kam.sync", "prepare", {})
    assert inner.calls < QUICK.attempts


def test_on_the_way_out_nothing_is_repeated() -> None:
    inner = Flaky(failures=99)
    leaving = patient(inner)
    leaving.hurry(1.0)
    with pytest.raises(errors.Dropped):
        leaving.call("kam.sync", "abandon", {})
    assert (inner.calls, inner.timeout) == (1, 1.0)
