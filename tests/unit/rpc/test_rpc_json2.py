"""JSON-2 against a real server on loopback."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from peer import PASSWORD, Drop, Http, Peer, hang

from sync_worker import errors
from sync_worker.rpc.json2 import Json2Transport

KEY = "0123456789abcdef"


def transport(peer: Peer, timeout: float = 5.0) -> Json2Transport:
    return Json2Transport(peer.origin, "db", KEY, timeout, 1 << 20)


def refusing(status: int, name: str = "", message: str = "", debug: str = "") -> Callable[..., Http]:
    body = json.dumps({"name": name, "message": message, "debug": debug}).encode()
    return lambda method, args: Http(status, body, {"Content-Type": "application/json"})


def test_a_call_is_a_post_with_key_database_and_named_arguments(peer: Peer) -> None:
    answer = transport(peer).call("kam.sync", "stage", {"run": np.int64(3), "gone": pd.NA}, {"lang": "es_ES"})
    request = peer.received[-1]
    assert answer == {"method": "stage"}
    assert request.path == "/json/2/kam.sync/stage"
    assert (request.headers["Authorization"], request.headers["X-Odoo-Database"]) == (f"bearer {KEY}", "db")
    assert json.loads(request.body) == {"run": 3, "context": {"lang": "es_ES"}}


def test_a_call_whose_connection_is_dropped_is_sent_once(peer: Peer) -> None:
    kept = transport(peer)
    kept.call("kam.sync", "handshake", {})

    def drop(method: str, args: dict[str, object]) -> object:
        raise Drop

    peer.behaviour = drop
    with pytest.raises(errors.Dropped):
        kept.call("kam.sync", "stage", {})
    assert [request.path.rsplit("/", 1)[1] for request in peer.received] == ["handshake", "stage"]


def test_null_in_an_answer_is_refused_by_name(peer: Peer) -> None:
    peer.behaviour = lambda method, args: {"sections": [{"rows": 1}, {"rows": None}]}
    with pytest.raises(errors.BadAnswer, match=r"kam\.sync\.prepare\.sections\[1\]\.rows"):
        transport(peer).call("kam.sync", "prepare", {})


def test_an_answer_that_is_no_dictionary_is_refused(peer: Peer) -> None:
    peer.behaviour = lambda method, args: [1, 2]
    with pytest.raises(errors.BadAnswer, match="list"):
        transport(peer).call("kam.sync", "prepare", {})


@pytest.mark.parametrize(("behaviour", "kind", "exit_code"), [
    (refusing(401, "werkzeug.exceptions.Unauthorized", "Invalid apikey"), errors.WrongCredentials, 4),
    (refusing(403, "odoo.exceptions.AccessError", "Only the service group."), errors.NotAllowed, 4),
    (refusing(403, "odoo.exceptions.AccessDenied", "Access Denied"), errors.WrongCredentials, 4),
    (refusing(404, "werkzeug.exceptions.NotFound", "the model 'kam.sync' does not exist"), errors.AddonMissing, 7),
    (refusing(404, "werkzeug.exceptions.NotFound", "The method 'kam.sync.x' does not exist"),
     errors.OtherProtocol, 7),
    (lambda method, args: Http(404, b"<html>no database", {"Content-Type": "text/html"}),
     errors.DatabaseMissing, 5),
    (refusing(422, "odoo.exceptions.UserError", "[lease_held] Wait."), errors.Lease, 6),
    (refusing(422, "odoo.exceptions.UserError", "[stale_token] Gone."), errors.LeaseLost, 6),
    (refusing(422, "odoo.exceptions.UserError", "[checksum] Broken."), errors.Refused, 7),
    (refusing(422, "odoo.exceptions.ValidationError", "Something."), errors.Refused, 7),
    (refusing(422, "werkzeug.exceptions.UnprocessableEntity", "missing a required argument: 'kind'"),
     errors.OtherProtocol, 7),
    (refusing(409, "odoo.exceptions.LockError", "locked"), errors.Busy, 5),
    (refusing(500, "psycopg2.errors.SerializationFailure", "no",
              "Traceback:\npsycopg2.errors.SerializationFailure: could not serialize"), errors.Busy, 5),
    (refusing(500, "builtins.ZeroDivisionError", "division by zero"), errors.ServerFailed, 7),
    (lambda method, args: Http(502, b"<html>", {"Content-Type": "text/html"}), errors.Busy, 5),
    (lambda method, args: Http(200, b"<html>", {"Content-Type": "text/html"}), errors.BadAnswer, 7),
    (lambda method, args: Http(307, b"", {"Location": "https://localhost/"}), errors.NotReachable, 5),
])
def test_a_status_is_an_error_named_by_what_to_do(
        peer: Peer, behaviour: Callable[..., Http], kind: type[errors.KamError], exit_code: int) -> None:
    peer.behaviour = behaviour
    with pytest.raises(errors.KamError) as caught:
        transport(peer).call("kam.sync", "begin", {})
    assert (type(caught.value), caught.value.exit_code) == (kind, exit_code)


def test_an_answer_that_does_not_come_ends_in_a_timeout(peer: Peer) -> None:
    peer.behaviour = hang(2)
    with pytest.raises(errors.TimedOut):
        transport(peer, timeout=0.2).call("kam.sync", "stage", {})


def test_an_answer_over_the_cap_is_not_read(peer: Peer) -> None:
    peer.behaviour = lambda method, args: {"data": "x" * 3_000_000}
    with pytest.raises(errors.BadAnswer, match="more than 1 MiB"):
        transport(peer).call("kam.sync", "pull", {})


def test_the_version_is_asked_without_the_key(peer: Peer) -> None:
    assert transport(peer).server().version == "19.0"
    assert "Authorization" not in peer.received[-1].headers


def test_the_key_reaches_no_log_and_no_traceback(peer: Peer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    peer.behaviour = refusing(500, "builtins.ValueError", "no")
    ready = transport(peer)
    with pytest.raises(errors.ServerFailed) as caught:
        ready.call("kam.sync", "stage", {"note": PASSWORD})
    written = caplog.text + "".join(traceback.format_exception(caught.value)) + repr(ready)
    assert KEY not in written
    assert PASSWORD not in written
