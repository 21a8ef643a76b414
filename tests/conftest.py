"""What several kinds of tests share. `tests/support` holds their helpers.

The live ones (`contract`, `faults`, `integration`) run against real Odoo servers that the laboratory in `dev/lab.py`
starts; they need `dev/setup` to have run.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "support"))

from lab import Lab
from peer import Peer


@pytest.fixture
def peer() -> Iterator[Peer]:
    """A server on loopback that behaves as Odoo does, or misbehaves as a test asks."""
    server = Peer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """Real Odoo servers and scratch databases; all of them are gone afterwards."""
    with Lab() as laboratory:
        yield laboratory


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """The command line sets up logging for the whole process; a test should not."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    root.handlers[:], root.level = before, level
