"""Secrets that must not be seen: every log line and every error passes through here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

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


redaction = Redaction()
"""The secrets of this process."""
