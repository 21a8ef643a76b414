"""The seven traps of XML-RPC with odoorpc, each against a real server on loopback."""

from __future__ import annotations

import datetime as dt
import logging
import time
import traceback
import xmlrpc.client

import numpy as np
import odoorpc
import odoorpc.error
import odoorpc.rpc
import pandas as pd
import pytest
from peer import PASSWORD, Drop, Http, Peer, hang

from sync_worker import errors
from sync_worker.rpc.channel import Origin
from sync_worker.rpc.xmlrpc import Odoo, XmlRpcConnector, XmlRpcTransport


def transport(peer: Peer, password: str = PASSWORD, timeout: float = 5.0, limit: int = 1 << 20) -> XmlRpcTransport:
    return XmlRpcTransport(peer.origin, "db", "worker", password, timeout, limit)


def call(peer: Peer, **args: object) -> dict[str, object]:
    return transport(peer).call("kam.sync", "stage", args)


def arguments(peer: Peer) -> dict[str, object]:
    """What the server got in the last call."""
    return peer.received[-1].call[1][6]


# ------------------------------------------------------------------ 1: a POST is sent once
def test_a_call_whose_connection_is_dropped_after_it_was_read_is_sent_once(peer: Peer) -> None:
    def drop(method: str, args: dict[str, object]) -> object:
        raise Drop

    peer.behaviour = drop
    with pytest.raises(errors.Dropped):
        call(peer)
    assert peer.calls == ["stage"]


def test_the_standard_library_would_have_sent_it_twice(peer: Peer) -> None:
    """The trap is real: this is what the connector must not do."""
    proxy = xmlrpc.client.ServerProxy(f"{peer.origin}/xmlrpc/2/object")
    proxy.execute_kw("db", 7, PASSWORD, "kam.sync", "first", [], {})  # opens the connection

    def drop(method: str, args: dict[str, object]) -> object:
        raise Drop

    peer.behaviour = drop
    with pytest.raises(Exception, match="closed connection|reset"):
        proxy.execute_kw("db", 7, PASSWORD, "kam.sync", "stage", [], {})
    assert peer.calls == ["first", "stage", "stage"]


def test_a_call_on_a_connection_kept_alive_and_dropped_is_sent_once(peer: Peer) -> None:
    kept = transport(peer)
    kept.call("kam.sync", "handshake", {})

    def drop(method: str, args: dict[str, object]) -> object:
        raise Drop

    peer.behaviour = drop
    with pytest.raises(errors.Dropped):
        kept.call("kam.sync", "stage", {})
    assert peer.calls == ["handshake", "stage"]


def test_the_connection_is_kept_alive_between_calls(peer: Peer) -> None:
    kept = transport(peer)
    for _ in range(3):
        kept.call("kam.sync", "handshake", {})
    assert len({request.peer for request in peer.received}) == 1


def test_a_connection_that_the_server_closed_while_idle_is_opened_again_without_a_second_sending(peer: Peer) -> None:
    kept = transport(peer)
    peer.behaviour = lambda method, args: Http(
        body=xmlrpc.client.dumps(({},), methodresponse=True).encode(), headers={"Connection": "close"})
    kept.call("kam.sync", "handshake", {})
    kept.call("kam.sync", "stage", {})
    assert peer.calls == ["handshake", "stage"]


# ------------------------------------------------------------------ 2: None in an answer
def test_an_answer_that_could_not_be_sent_says_that_the_write_may_have_been_kept(peer: Peer) -> None:
    def none(method: str, args: dict[str, object]) -> object:
        raise xmlrpc.client.Fault(1, "Traceback (most recent call last):\n  File …\n"
                                     "TypeError: cannot marshal None unless allow_none is enabled\n")

    peer.behaviour = none
    with pytest.raises(errors.BadAnswer, match="may have been kept"):
        call(peer)


# ------------------------------------------------------------------ 3, 4, 5: values on the way out
@pytest.mark.parametrize(("sent", "arrives"), [
    (np.int64(5), 5), (np.float32(0.5), 0.5), (np.bool_(True), True), (2**31 - 1, 2**31 - 1), (-(2**31), -(2**31)),
    (pd.Timestamp("2026-03-01 10:00", tz="Europe/Madrid"), "2026-03-01 09:00:00"),
    (pd.Timestamp("2026-03-01 10:00"), "2026-03-01 10:00:00"),
    (dt.datetime(2026, 3, 1, 10, tzinfo=dt.timezone(dt.timedelta(hours=-5))), "2026-03-01 15:00:00"),
    (dt.date(2026, 3, 1), "2026-03-01"),
    ("a\x00b\x0bc\ud800d\ufffee\tf", "abcde\tf"), ("café “ñ” 中文 שלום 🚀 <&>", "café “ñ” 中文 שלום 🚀 <&>"),
    ([np.int64(1), (2.5, "x")], [1, [2.5, "x"]]), ({"a": {"b": np.float64(1.5)}}, {"a": {"b": 1.5}}),
])
def test_a_value_arrives_plain(peer: Peer, sent: object, arrives: object) -> None:
    call(peer, value=sent)
    assert arguments(peer) == {"value": arrives}


@pytest.mark.parametrize("unknown", [None, pd.NA, pd.NaT, np.nan, float("nan"), np.float64("nan")])
def test_an_unknown_value_is_an_absent_key(peer: Peer, unknown: object) -> None:
    call(peer, known=1, value=unknown, rows={"inner": unknown})
    assert arguments(peer) == {"known": 1, "rows": {}}


@pytest.mark.parametrize(("value", "message"), [
    (2**31, "2147483648"), (np.int64(2**31), "2147483648"), (-(2**31) - 1, "2147483649"), ([1, pd.NA], "unknown"),
    ([None], "unknown"), (float("inf"), "infinite"), (object(), "builtins.object"), (b"bytes", "bytes"),
    ({1: "x"}, "key"), (pd.DataFrame(), "DataFrame"), (np.array([1]), "ndarray"),
])
def test_what_cannot_travel_is_refused_before_anything_is_sent(peer: Peer, value: object, message: str) -> None:
    ready = transport(peer)
    ready.authenticate()
    with pytest.raises(errors.Unsendable, match=message):
        ready.call("kam.sync", "stage", {"value": value})
    assert peer.calls == []


def test_context_travels_beside_the_arguments(peer: Peer) -> None:
    transport(peer).call("kam.sync", "explain", {"account": 3}, {"lang": "es_ES"})
    assert arguments(peer) == {"account": 3, "context": {"lang": "es_ES"}}


# ------------------------------------------------------------------ 6: faults and time
@pytest.mark.parametrize(("code", "text", "kind", "exit_code"), [
    (1, "Traceback:\n  File\nZeroDivisionError: division by zero\n", errors.ServerFailed, 7),
    (1, "Traceback:\n  File\npsycopg2.errors.SerializationFailure: could not serialize\n", errors.Busy, 5),
    (1, 'Traceback:\n  File\npsycopg2.OperationalError: FATAL:  database "x" does not exist\n\n',
     errors.DatabaseMissing, 5),
    (1, "Traceback:\n  File\nAttributeError: The method 'kam.sync.stage' does not exist\n", errors.OtherProtocol, 7),
    (1, "Traceback:\n  File\nTypeError: KamSync.stage() got an unexpected keyword argument 'x'\n",
     errors.OtherProtocol, 7),
    (1, "Traceback:\n  File\nOverflowError: int exceeds XML-RPC limits\n", errors.BadAnswer, 7),
    (2, "[lease_held] Run 3 by other:1 is at work.", errors.Lease, 6),
    (2, "[stale_token] Start a new run.", errors.LeaseLost, 6),
    (2, "[missing_rights] Grant them.", errors.NotAllowed, 4),
    (2, "[unknown_account] Nobody.", errors.Usage, 2), (2, "[bad_argument] No.", errors.Usage, 2),
    (2, "[batch_conflict] Other content.", errors.Refused, 7), (2, "Whatever.", errors.Refused, 7),
    (2, "Object kam.sync doesn't exist", errors.AddonMissing, 7),
    (3, "Access Denied", errors.WrongCredentials, 4), (4, "Only the service group.", errors.NotAllowed, 4),
])
def test_a_fault_is_an_error_named_by_what_to_do(
        peer: Peer, code: int, text: str, kind: type[errors.KamError], exit_code: int) -> None:
    def refuse(method: str, args: dict[str, object]) -> object:
        raise xmlrpc.client.Fault(code, text)

    peer.behaviour = refuse
    with pytest.raises(errors.KamError) as caught:
        call(peer)
    assert type(caught.value) is kind
    assert caught.value.exit_code == exit_code
    assert "Traceback" not in str(caught.value)
    assert "[" not in str(caught.value)


def test_a_refusal_keeps_its_code_and_its_sentence(peer: Peer) -> None:
    def refuse(method: str, args: dict[str, object]) -> object:
        raise xmlrpc.client.Fault(2, "[totals_mismatch] 4 here, 5 there.\nStart again.")

    peer.behaviour = refuse
    with pytest.raises(errors.Refused) as caught:
        call(peer)
    assert (caught.value.code, str(caught.value)) == ("totals_mismatch", "4 here, 5 there.\nStart again.")


def test_an_answer_that_does_not_come_ends_in_a_timeout(peer: Peer) -> None:
    peer.behaviour = hang(2)
    slow = transport(peer)
    slow.authenticate()
    slow.timeout = 0.2
    with pytest.raises(errors.TimedOut, match=r"0\.2 s"):
        slow.call("kam.sync", "stage", {})


def test_there_is_a_timeout_without_asking_for_one() -> None:
    assert XmlRpcConnector("127.0.0.1", 1, version="19.0").timeout == 300.0
    assert XmlRpcConnector("127.0.0.1", 1, timeout=None, version="19.0").timeout == 300.0


def test_after_a_timeout_the_late_answer_is_not_taken_for_the_next_one(peer: Peer) -> None:
    def slow_once(method: str, args: dict[str, object]) -> object:
        if method == "slow":
            time.sleep(2)
        return {"method": method}

    peer.behaviour = slow_once
    kept = transport(peer)
    kept.authenticate()
    kept.timeout = 0.2
    with pytest.raises(errors.TimedOut):
        kept.call("kam.sync", "slow", {})
    kept.timeout = 5
    assert kept.call("kam.sync", "quick", {}) == {"method": "quick"}


# ------------------------------------------------------------------ 7: no secret anywhere
def test_the_password_reaches_no_log_and_no_traceback(peer: Peer, caplog: pytest.LogCaptureFixture) -> None:
    def refuse(method: str, args: dict[str, object]) -> object:
        raise xmlrpc.client.Fault(1, "Traceback:\nValueError: no\n")

    caplog.set_level(logging.DEBUG)
    ready = transport(peer)
    ready.call("kam.sync", "handshake", {})
    peer.behaviour = refuse
    with pytest.raises(errors.ServerFailed) as caught:
        ready.call("kam.sync", "stage", {})
    written = caplog.text + "".join(traceback.format_exception(caught.value)) + repr(ready) + repr(vars(caught.value))
    assert PASSWORD not in written


def test_a_wrong_password_is_a_sentence_without_it(peer: Peer) -> None:
    wrong = f"wrong-{PASSWORD}"
    with pytest.raises(errors.WrongCredentials, match="KAM_PASSWORD") as caught:
        transport(peer, wrong).call("kam.sync", "handshake", {})
    assert wrong not in "".join(traceback.format_exception(caught.value))


# ------------------------------------------------------------------ size, safety of the parser
def test_an_answer_over_the_cap_is_not_read(peer: Peer) -> None:
    peer.behaviour = lambda method, args: {"data": "x" * 3_000_000}
    with pytest.raises(errors.BadAnswer, match="more than 1 MiB"):
        call(peer)


def test_an_answer_that_grows_over_the_cap_without_announcing_it_is_cut_off(peer: Peer) -> None:
    peer.behaviour = lambda method, args: Http(
        body=b"%x\r\n" % 3_000_000 + b"x" * 3_000_000 + b"\r\n0\r\n\r\n", headers={"Transfer-Encoding": "chunked"})
    with pytest.raises((errors.BadAnswer, errors.Dropped)):
        call(peer)


def test_an_answer_that_ends_early_counts_as_dropped(peer: Peer) -> None:
    whole = xmlrpc.client.dumps(({"a": 1},), methodresponse=True).encode()
    peer.behaviour = lambda method, args: Http(body=whole[:-20], announced=len(whole))
    with pytest.raises(errors.Dropped):
        call(peer)


def test_entities_are_not_expanded(peer: Peer) -> None:
    bomb = (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
            b"<methodResponse><params><param><value><string>&b;</string></value></param></params></methodResponse>")
    peer.behaviour = lambda method, args: Http(body=bomb)
    with pytest.raises(errors.BadAnswer, match="EntitiesForbidden"):
        call(peer)


@pytest.mark.parametrize("body", [b"", b"<html>hello</html>", b"<methodResponse/>", b"\x00\xff", b"not xml at all"])
def test_an_answer_that_is_no_xmlrpc_is_said_to_be_none(peer: Peer, body: bytes) -> None:
    peer.behaviour = lambda method, args: Http(body=body)
    with pytest.raises(errors.BadAnswer, match="no XML-RPC"):
        call(peer)


@pytest.mark.parametrize(("status", "kind", "exit_code"), [
    (301, errors.NotReachable, 5), (403, errors.NotAllowed, 4), (404, errors.NotReachable, 5),
    (413, errors.Contract, 7), (502, errors.Busy, 5), (503, errors.Busy, 5), (500, errors.ServerFailed, 7)])
def test_an_http_error_has_its_meaning(peer: Peer, status: int, kind: type[errors.KamError], exit_code: int) -> None:
    peer.behaviour = lambda method, args: Http(status=status, headers={"Location": "https://localhost/elsewhere"})
    with pytest.raises(kind) as caught:
        call(peer)
    assert caught.value.exit_code == exit_code


def test_a_redirect_is_told_and_not_followed(peer: Peer) -> None:
    peer.behaviour = lambda method, args: Http(status=301, headers={"Location": f"{peer.origin}/trap"})
    with pytest.raises(errors.NotReachable, match="/trap"):
        call(peer)
    assert [request.path for request in peer.received][-1] == "/xmlrpc/2/object"


def test_no_server_at_all_is_a_clear_sentence() -> None:
    with pytest.raises(errors.ConnectFailed, match="KAM_URL"):
        XmlRpcTransport(Origin("127.0.0.1", 9, False), "db", "worker", PASSWORD).version()


# ------------------------------------------------------------------ odoorpc's own interface
def test_the_connector_is_registered_with_odoorpc() -> None:
    assert odoorpc.rpc.PROTOCOLS["xmlrpc"] is XmlRpcConnector
    assert odoorpc.rpc.PROTOCOLS["xmlrpc+ssl"]("127.0.0.1", 1, version="19.0").ssl is True


def test_odoorpc_itself_works_through_it(peer: Peer) -> None:
    odoo = Odoo(peer.origin)
    assert (odoo.version, odoo.protocol) == ("19.0", "xmlrpc")
    odoo.login("db", "worker", PASSWORD)
    assert odoo.execute_kw("res.partner", "search_count", [[]], {}) == {"method": "search_count"}
    odoo.config["timeout"] = 9
    assert odoo._connector.timeout == 9


def test_a_method_error_has_the_shape_that_odoorpc_expects(peer: Peer) -> None:
    def refuse(method: str, args: dict[str, object]) -> object:
        raise xmlrpc.client.Fault(1, "Traceback:\n  File\nbuiltins.ValueError: no\n")

    peer.behaviour = refuse
    odoo = Odoo(peer.origin)
    odoo.login("db", "worker", PASSWORD)
    with pytest.raises(odoorpc.error.RPCError) as caught:
        odoo.execute_kw("res.partner", "nonsense", [], {})
    assert caught.value.info["code"] == 1
    assert caught.value.info["data"]["name"] == "builtins.ValueError"


@pytest.mark.parametrize(("url", "params"), [
    ("/jsonrpc", {"service": "db", "method": "drop", "args": ["master", "db"]}), ("/web/session/destroy", {}),
    ("/jsonrpc", {"service": "object", "method": "other", "args": []})])
def test_what_could_do_harm_is_not_offered(peer: Peer, url: str, params: dict[str, object]) -> None:
    connector = XmlRpcConnector(peer.origin.host, peer.origin.port)
    with pytest.raises(odoorpc.error.InternalError, match="Not offered"):
        connector.proxy_json(url, params)
    with pytest.raises(odoorpc.error.InternalError):
        connector.proxy_http("/web/content/1")
    assert [request.call[0] for request in peer.received] == ["version"]
