"""What a job tells while it works, and how long each phase took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Progress(Protocol):
    """Someone who shows the phases of a run."""

    def start(self, phase: str, total: int | None) -> None:
        """A phase begins; `total` rows are to be done, if that is known."""
        ...

    def advance(self, rows: int) -> None:
        """So many rows more are done."""
        ...

    def stop(self, phase: str, seconds: float) -> None:
        """The phase is over."""
        ...


class Silent:
    """Shows nothing."""

    def start(self, phase: str, total: int | None) -> None:
        """Nothing."""

    def advance(self, rows: int) -> None:
        """Nothing."""

    def stop(self, phase: str, seconds: float) -> None:
        """Nothing."""


class Phases:
    """Measures phases and tells `progress` of them. `seconds` has the seconds of each that is over."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.seconds: dict[str, float] = {}

    @contextmanager
    def phase(self, name: str, total: int | None = None) -> Iterator[Progress]:
        """Measure what happens inside."""
        self._progress.start(name, total)
        begun = time.perf_counter()
        try:
            yield self._progress
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - begun
            self._progress.stop(name, self.seconds[name])
