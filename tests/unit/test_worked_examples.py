"""The examples in the worker's docstrings give what they say."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import sync_worker

MODULES = [found.name for found in pkgutil.walk_packages(sync_worker.__path__, "sync_worker.")]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_they_are_found() -> None:
    assert doctest.testmod(importlib.import_module("sync_worker.scoring.opinions")).attempted
