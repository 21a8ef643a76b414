"""Databases of tests go away whatever is at work in them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator

import pytest
from cluster import Cluster
from kamdev import postgres
from target import until

DATABASE = "kam_dropped"
# A vacuum that goes on for minutes, as on a table of millions of rows.
BUSY = """
CREATE TABLE busy AS SELECT generate_series(1, 100000) AS number;
ALTER TABLE busy SET (autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0,
                      autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1)
"""


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """A server whose autovacuum looks every second, and which everything here means by “PostgreSQL”."""
    here = Cluster(f"pg-drop-{os.getpid()}", "autovacuum_naptime = 1\n")
    with monkeypatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("PG")]:
            patch.delenv(name)
        for name, value in here.environment.items():
            patch.setenv(name, value)
        postgres.create(DATABASE)
        postgres.psql(BUSY, DATABASE)
        postgres.psql("DELETE FROM busy WHERE number % 2 = 0", DATABASE)
        yield here
    here.remove()


def test_a_database_is_dropped_under_an_autovacuum_and_an_open_session(cluster: Cluster) -> None:
    session = subprocess.Popen([postgres.tools() / "psql", "-qX", "-d", DATABASE, "-c", "SELECT pg_sleep(120)"],
                               env=cluster.environment, stderr=subprocess.DEVNULL)
    # A role like ours sees of an autovacuum worker only that it is there. Others come and find the table taken.
    at_work = ("SELECT count(usename) = 1 AND count(*) > count(usename) FROM pg_stat_activity "
               f"WHERE datname = '{DATABASE}'")
    until(lambda: postgres.psql(at_work, rows=True) == [["t"]])
    postgres.drop(DATABASE)
    assert DATABASE not in postgres.databases()
    assert session.wait(30) != 0
