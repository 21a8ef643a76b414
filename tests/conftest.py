"""What several kinds of tests share. `tests/support` holds their helpers.

The live ones (`contract`, `faults`, `integration`) run against real Odoo servers that the laboratory in `dev/lab.py`
starts; they need `dev/setup` to have run.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent / "support"))

from lab import Lab
from peer import Peer

# How long an example takes says nothing on a busy machine. Where `CI` is set the examples are the same every time: a
# new one that fails is found at somebody's desk, not in the check of something else.
settings.register_profile("kam", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True,
                          derandomize=bool(os.environ.get("CI")))
settings.load_profile("kam")


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
