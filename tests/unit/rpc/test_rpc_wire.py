"""Tables packed and unpacked, and what may travel at all."""

from __future__ import annotations

import base64
import gzip
import hashlib
import sys
import types
import xmlrpc.client

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_worker.errors import BadAnswer
from sync_worker.rpc.wire import pack, plain, unpack

CSV = "account_id,name\n1,café 🚀\n".encode()

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**31), 2**31 - 1) | st.floats(allow_infinity=False) | st.text()
    | st.datetimes() | st.dates(),
    lambda inner: st.dictionaries(st.text(max_size=8), inner, max_size=4), max_leaves=8)


def test_a_table_comes_back_as_it_went() -> None:
    packed = pack(CSV, 1)
    assert packed["rows"] == 1
    assert packed["sha256"] == hashlib.sha256(CSV).hexdigest()
    assert unpack(packed["data"], packed["sha256"]) == CSV


def test_the_same_table_is_the_same_bytes() -> None:
    assert pack(CSV, 1) == pack(CSV, 1)


def test_another_checksum_is_refused() -> None:
    with pytest.raises(BadAnswer, match="checksum"):
        unpack(pack(CSV, 1)["data"], "0" * 64)


@pytest.mark.parametrize("data", [
    "not base64!", base64.b64encode(b"not gzip").decode(), base64.b64encode(gzip.compress(CSV)[:-9]).decode(), ""])
def test_a_damaged_page_is_refused(data: str) -> None:
    with pytest.raises(BadAnswer):
        unpack(data, hashlib.sha256(CSV).hexdigest())


def test_a_bomb_is_not_unpacked() -> None:
    bomb = bytes(5_000_000)
    with pytest.raises(BadAnswer, match="more than 1000 bytes"):
        unpack(pack(bomb, 1)["data"], hashlib.sha256(bomb).hexdigest(), limit=1000)


@given(st.dictionaries(st.text(max_size=8), VALUES, max_size=5))
def test_whatever_is_plain_survives_xmlrpc_unchanged(value: dict[str, object]) -> None:
    """Line ends aside, which XML makes one of."""
    sent = plain(value)
    body = xmlrpc.client.dumps((sent,), "x").encode("utf-8")
    arrived = xmlrpc.client.loads(body, use_builtin_types=True)[0][0]
    assert _one_kind_of_line_end(arrived) == _one_kind_of_line_end(sent)


@given(st.dictionaries(st.text(max_size=8), VALUES, max_size=5))
def test_plain_twice_is_plain_once(value: dict[str, object]) -> None:
    assert plain(plain(value)) == plain(value)


def _one_kind_of_line_end(value: object) -> object:
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, dict):
        return {_one_kind_of_line_end(key): _one_kind_of_line_end(item) for key, item in value.items()}
    return value


def test_values_are_sent_while_another_thread_is_still_loading_pandas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", types.ModuleType("pandas"))
    assert plain({"a": 1, "b": None}) == {"a": 1}
