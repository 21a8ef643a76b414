"""Fixtures of the transport tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from peer import Peer


@pytest.fixture
def peer() -> Iterator[Peer]:
    """A server on loopback, closed afterwards."""
    server = Peer()
    yield server
    server.close()
