"""What may travel: plain values on the way out, whole answers on the way in, tables packed and unpacked.

XML-RPC sends `pandas.NA` as a dictionary, raises on numpy types and on integers of 2^31, fails on control characters
and drops the zone of a time. So every argument passes through `plain` first, for both transports, and what arrives is
the same whichever is used:

>>> plain({"batch": 3, "when": dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.timezone(dt.timedelta(hours=1))), "gone": None})
{'batch': 3, 'when': '2026-01-02 02:04:00'}
"""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import hashlib
import io
import math
import re
import sys
import zlib
from collections.abc import Mapping
from typing import Any

from sync_worker.errors import BadAnswer, Unsendable

INT_LIMIT = 2**31
# What XML 1.0 cannot hold: control characters other than tab and line ends, surrogates, two non-characters.
UNSENDABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# A table of this size is no honest page of a million accounts.
TABLE_LIMIT = 1 << 30
_UNKNOWN = object()


def plain(value: Any) -> Any:
    """A copy of `value` made of str, int, float, bool, list and dict only.

    Unknown values (None, NaN, NaT, pandas.NA) are left out of a dictionary, as the contract wants. Times become
    UTC, `YYYY-MM-DD HH:MM:SS` (one without a zone is taken for UTC); dates `YYYY-MM-DD`. Control characters go.
    :raises Unsendable: naming the place, for an unknown inside a list, an integer of 2^31 or more, another type.
    """
    result = _plain(value, "the argument")
    if result is _UNKNOWN:
        raise Unsendable("An unknown value cannot be sent alone.")
    return result


def _plain(value: Any, place: str) -> Any:
    if _is_unknown(value):
        return _UNKNOWN
    if isinstance(value, str):
        return _plain_text(value)
    if isinstance(value, Mapping):
        return _plain_mapping(value, place)
    if isinstance(value, list | tuple):
        return _plain_list(value, place)
    if isinstance(value, dt.datetime):
        return _plain_time(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if type(value).__module__ == "numpy" and getattr(value, "ndim", None) == 0:
        return _plain(value.item(), place)
    return _plain_number(value, place)


def _is_unknown(value: Any) -> bool:
    if value is None:
        return True
    # pandas is only looked at when it is loaded, maybe half by another thread: without it there is no NA to meet
    pandas = sys.modules.get("pandas")
    if pandas and any(value is getattr(pandas, name, _UNKNOWN) for name in ("NA", "NaT")):
        return True
    return isinstance(value, float) and math.isnan(value)


def _plain_text(value: str) -> str:
    # a packed table of many megabytes is plain at first sight; the pattern takes ten times as long
    return str(value) if value.isascii() and value.isprintable() else UNSENDABLE.sub("", value)


def _plain_mapping(value: Mapping[Any, Any], place: str) -> dict[str, Any]:
    result = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise Unsendable(f"A key of {place} is {type(key).__name__}, not text: {key!r}.")
        sent = _plain(item, f"{place}.{key}")
        if sent is not _UNKNOWN:
            result[UNSENDABLE.sub("", key)] = sent
    return result


def _plain_list(value: list[Any] | tuple[Any, ...], place: str) -> list[Any]:
    result = [_plain(item, f"{place}[{index}]") for index, item in enumerate(value)]
    if any(item is _UNKNOWN for item in result):
        raise Unsendable(f"{place} holds an unknown value; a list cannot.")
    return result


def _plain_time(value: dt.datetime) -> str:
    if value.tzinfo is not None:
        value = value.astimezone(dt.UTC)
    return value.strftime("%Y-%m-%d %H:%M:%S")


def _plain_number(value: Any, place: str) -> Any:
    if isinstance(value, bool):
        return bool(value)
    if isinstance(value, int):
        if not -INT_LIMIT <= value < INT_LIMIT:
            raise Unsendable(f"{place} is {value}: integers of 2^31 and more cannot be sent.")
        return int(value)
    if isinstance(value, float):
        if math.isinf(value):
            raise Unsendable(f"{place} is infinite.")
        return float(value)
    raise Unsendable(f"{place} is of type {type(value).__module__}.{type(value).__name__}, which cannot be sent.")


def whole(answer: Any, method: str) -> dict[str, Any]:
    """The answer, if it is a dictionary without `None` anywhere.

    XML-RPC cannot send `None` at all, and fails after the write was committed: an answer that holds one over
    JSON-2 is the same defect, caught here.
    :raises BadAnswer: naming the place.
    """
    if not isinstance(answer, dict):
        raise BadAnswer(f"{method} answered {type(answer).__name__} instead of a dictionary.")
    place = _none_in(answer, method)
    if place:
        raise BadAnswer(f"The answer holds no value at {place}. Install addon and worker of the same release.")
    return answer


def _none_in(value: Any, place: str) -> str | None:
    if value is None:
        return place
    if isinstance(value, dict):
        pairs = ((f"{place}.{key}", item) for key, item in value.items())
    elif isinstance(value, list):
        pairs = ((f"{place}[{index}]", item) for index, item in enumerate(value))
    else:
        return None
    return next((found for where, item in pairs if (found := _none_in(item, where))), None)


def pack(csv: bytes, rows: int) -> dict[str, Any]:
    """A table for `stage`: gzip in base64, with its row count and the SHA-256 of the CSV itself.

    Level 1: on the product's tables it is five times as quick as the default for a tenth more bytes.
    """
    data = base64.b64encode(gzip.compress(csv, compresslevel=1, mtime=0)).decode("ascii")
    return {"data": data, "rows": rows, "sha256": hashlib.sha256(csv).hexdigest()}


def unpack(data: str, sha256: str, limit: int = TABLE_LIMIT) -> bytes:
    """The CSV of a page of `pull`.

    :param limit: the most bytes that it may unpack to.
    :raises BadAnswer: when it cannot be read, is larger than that, or its checksum differs.
    """
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(base64.b64decode(data, validate=True))) as stream:
            csv = stream.read(limit + 1)
    except (ValueError, EOFError, OSError, zlib.error) as error:
        raise BadAnswer(f"A page that was pulled cannot be unpacked: {error}.") from None
    if len(csv) > limit:
        raise BadAnswer(f"A page that was pulled unpacks to more than {limit} bytes. Set KAM_PAGE_ROWS to less.")
    if hashlib.sha256(csv).hexdigest() != sha256:
        raise BadAnswer("A page that was pulled does not have the checksum announced: it was damaged on the way.")
    return csv
