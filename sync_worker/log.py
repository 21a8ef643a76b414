"""Logs on standard error: readable on a terminal, one JSON object a line otherwise, and never a secret.

Every line, of this program and of the libraries below it, passes through the same last steps, of which one replaces
each known secret by `***`, wherever it stands.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from sync_worker.redaction import redaction


class StandardError(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to what `sys.stderr` is at that moment: a progress bar puts itself in its place to keep below the logs."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        self.stream = sys.stderr
        super().emit(record)


def without_secrets(logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
    """A step of structlog. Fields that begin with `_` are its own and are removed later."""
    return {key: item if key.startswith("_") else redaction.clean(item) for key, item in event.items()}


def configure(level: str = "info", secrets: Iterable[str] = (), terminal: bool | None = None) -> None:
    """Set up logging for the whole process. May be called again.

    :param terminal: readable lines or JSON; by default as standard error is one.
    """
    redaction.add(*secrets)
    readable = sys.stderr.isatty() if terminal is None else terminal
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if readable else "iso", utc=not readable),
        structlog.processors.format_exc_info,
    ]
    last: Processor = (structlog.dev.ConsoleRenderer(colors=readable) if readable
                       else structlog.processors.JSONRenderer(ensure_ascii=False))
    handler = StandardError()
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, without_secrets, last]))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared,
                    structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(), wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False)
