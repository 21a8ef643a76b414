"""Secrets are hidden, and nothing else is."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from sync_worker.redaction import Redaction


@pytest.mark.parametrize(("secret", "text", "shown"), [
    ("secret", "xsecretx and secret", "x***x and ***"),
    ("a", "a warning: a", "*** warning: ***"),
    ("a", "password=a, url=http://me:a@host/a", "password=***, url=http://me:***@host/***"),
    ("error", "an error of errors", "an *** of errors"),
    ("$a", "cost$a or $a", "cost$a or ***"),
    ("a.b", "a.b, axb", "***, axb"),
    ("", "nothing", "nothing"),
])
def test_a_long_secret_is_hidden_anywhere_and_a_short_one_as_a_word(secret: str, text: str, shown: str) -> None:
    assert Redaction([secret]).clean(text) == shown


def test_a_secret_is_hidden_in_the_forms_that_it_travels_in() -> None:
    secret = "wr0ng é/\\t"
    assert Redaction([secret]).clean(f"{quote(secret, safe='')} {secret!r} {secret}") == "*** '***' ***"


def test_a_secret_within_another_leaves_nothing_of_it() -> None:
    assert Redaction(["secret", "secret-of-two"]).clean("secret-of-two, secret") == "***, ***"


def test_what_was_hidden_is_not_hidden_again() -> None:
    assert Redaction(["secret", "*"]).clean("secret") == "***"


def test_keys_stay() -> None:
    values = {"state": "state", "state2": ["x state"], "inner": {"password": "password"}}
    assert Redaction(["state", "password"]).clean(values) == {
        "state": "***", "state2": ["x ***"], "inner": {"password": "***"}}
