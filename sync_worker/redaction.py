"""Secrets that must not be seen: every log line and every error passes through here.

A secret of six characters or more is hidden wherever it stands. A shorter one is hidden as a word of its own only:
hidden inside words too, it would make nonsense of every text, and be easily guessed from it. Keys are never touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

HIDDEN = "***"
LONG = 6  # characters from which on a secret is no part of a word by chance


class Redaction:
    """Replaces secrets in text and in nested values.

    >>> Redaction(["s3cret"]).clean({"line": "password=s3cret", "rest": ["s3cret", 4]})
    {'line': 'password=***', 'rest': ['***', 4]}
    >>> Redaction(["a"]).clean({"a": "warning: a was refused, password=a"})
    {'a': 'warning: *** was refused, password=***'}
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets: set[str] = set()
        self._pattern = re.compile(r"(?!)")  # matches nothing
        self.add(*secrets)

    def add(self, *secrets: str) -> None:
        """Hide these too, also where they stand percent-encoded or escaped."""
        self._secrets |= {form for secret in secrets if secret
                          for form in (secret, quote(secret, safe=""), repr(secret)[1:-1])}
        if self._secrets:
            # the longest first: one may hold another
            longest_first = sorted(self._secrets, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(_pattern, longest_first)))

    def clean(self, value: Any) -> Any:
        """A copy without secrets."""
        if isinstance(value, str):
            return self._pattern.sub(HIDDEN, value)
        if isinstance(value, dict):
            return {key: self.clean(item) for key, item in value.items()}
        if isinstance(value, list | tuple | set):
            return [self.clean(item) for item in value]
        if isinstance(value, int | float | None):
            return value
        return self.clean(str(value))


def _pattern(secret: str) -> str:
    return re.escape(secret) if len(secret) >= LONG else rf"(?<!\w){re.escape(secret)}(?!\w)"


redaction = Redaction()
"""The secrets of this process."""
