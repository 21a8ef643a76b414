"""Logs on standard error: readable on a terminal, one JSON object a line otherwise, and never a secret.

Every line, of this program and of the libraries below it, passes through the same last steps, of which one replaces
each known secret by `***`, wherever it stands.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

HIDDEN = "***"


class Redaction:
    """Replaces secrets in text and in nested values.

    >>> Redaction(["s3cret"]).clean({"line": "password=s3cret", "rest": ["s3cret", 4]})
    {'line': 'password=***', 'rest': ['***', 4]}
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets: tuple[str, ...] = ()
        self.add(*secrets)

    def add(self, *secrets: str) -> None:
        """Hide these too, also where they stand percent-encoded or escaped."""
        forms = {form for secret in secrets if secret
                 for form in (secret, quote(secret, safe=""), repr(secret)[1:-1])}
        # the longest first: one may hold another
        self._secrets = tuple(sorted(forms | set(self._secrets), key=len, reverse=True))

    def clean(self, value: Any) -> Any:
        """A copy without secrets."""
        if isinstance(value, str):
            for secret in self._secrets:
                value = value.replace(secret, HIDDEN)
            return value
        if isinstance(value, dict):
            return {self.clean(key): self.clean(item) for key, item in value.items()}
        if isinstance(value, list | tuple | set):
            return [self.clean(item) for item in value]
        if isinstance(value, int | float | None):
            return value
        return self.clean(str(value))

    def __call__(self, logger: WrappedLogger, name: str, event: EventDict) -> EventDict:
        """As a step of structlog. Fields that begin with `_` belong to structlog and are removed later."""
        return {key: item if key.startswith("_") else self.clean(item) for key, item in event.items()}


redaction = Redaction()


class StandardError(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to what `sys.stderr` is at that moment: a progress bar puts itself in its place to keep below the logs."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        self.stream = sys.stderr
        super().emit(record)


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
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, redaction, last]))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared,
                    structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(), wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False)
