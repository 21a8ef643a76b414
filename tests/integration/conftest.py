"""What the live tests of this folder share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lab import Lab


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    """Scratch databases and servers, gone after the module's tests."""
    with Lab() as laboratory:
        yield laboratory
