"""What crosses the contract: tables as gzip CSV in base64, and answers without ``None``.

A method that answers ``None``, or holds one anywhere, faults over XML-RPC *after* its write has been committed, so
every answer of ``kam.sync`` goes through :func:`plain`.
"""
import base64
import binascii
import gzip
import hashlib
import zlib
from datetime import date, datetime

from odoo import fields

# A stage batch of 50,000 scores is about 8 MB; a page of 200,000 facts about 12 MB.
MAX_TABLE_BYTES = 256 * 1024 * 1024
GZIP_LEVEL = 1  # level 6 costs five times the time for a tenth less of bytes


class WireError(ValueError):
    """A table that can't be read as what it claims to be; the text says why."""


def plain(value):
    """Return ``value`` with dates as text and every ``None`` left out.

    >>> plain({'a': None, 'b': [1, None, {'c': None}], 'd': 2.5})
    {'b': [1, {}], 'd': 2.5}
    """
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value if item is not None]
    if isinstance(value, datetime):
        return fields.Datetime.to_string(value)
    if isinstance(value, date):
        return fields.Date.to_string(value)
    return value


def pack(csv_bytes):
    """Return ``{'sha256', 'data'}`` of a CSV given as bytes."""
    return {
        'sha256': hashlib.sha256(csv_bytes).hexdigest(),
        'data': base64.b64encode(gzip.compress(csv_bytes, GZIP_LEVEL, mtime=0)).decode('ascii'),
    }


def unpack(data, sha256):
    """Return the CSV bytes of a packed table.

    :raises WireError: when it is no base64, no gzip, larger than the cap, or not what ``sha256`` says
    """
    try:
        inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        csv_bytes = inflater.decompress(base64.b64decode(data, validate=True), MAX_TABLE_BYTES)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise WireError("it is no gzip in base64") from error
    if inflater.unconsumed_tail:
        raise WireError(f"it is larger than {MAX_TABLE_BYTES} bytes")
    if not inflater.eof:
        raise WireError("it is cut short")
    if hashlib.sha256(csv_bytes).hexdigest() != sha256:
        raise WireError("its checksum differs from the one sent with it")
    return csv_bytes
