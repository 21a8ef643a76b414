"""Progress of a run on standard error: a bar per phase on a terminal, a line per phase otherwise."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

# what a phase counts; the others have nothing to count
COUNTED = "rows"


class BarProgress:
    """A bar per phase. Use it as a context, so that the terminal is whole again afterwards."""

    def __init__(self, console: Console) -> None:
        self._bars = Bars(SpinnerColumn(), TextColumn("{task.description:<8}"), BarColumn(), MofNCompleteColumn(),
                          TimeElapsedColumn(), console=console)
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._bars.stop()

    def start(self, phase: str, total: int | None) -> None:
        """A bar appears; one without a known total moves to and fro."""
        self._task = self._bars.add_task(phase, total=total)

    def advance(self, rows: int) -> None:
        """The bar grows."""
        if self._task is not None:
            self._bars.advance(self._task, rows)

    def stop(self, phase: str, seconds: float) -> None:
        """The bar is full, unless something broke off."""
        if self._task is None:
            return
        task = next(task for task in self._bars.tasks if task.id == self._task)
        if task.total is None:
            self._bars.update(self._task, total=1, completed=1)
        self._bars.stop_task(self._task)
        self._task = None


class LineProgress:
    """A line when a phase is over: for logs, pipes and cron."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        """Nothing to put back."""

    def start(self, phase: str, total: int | None) -> None:
        """Nothing to show yet."""
        self._rows = 0

    def advance(self, rows: int) -> None:
        """Count."""
        self._rows += rows

    def stop(self, phase: str, seconds: float) -> None:
        """Say how long it took."""
        counted = f", {self._rows:,} {COUNTED}" if self._rows else ""
        self._console.print(f"{phase}: {seconds:.2f} s{counted}", markup=False, highlight=False)
