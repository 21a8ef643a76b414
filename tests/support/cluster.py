"""A PostgreSQL of a test's own, which it may stop and crash: the laboratory's serves others at the same time."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from kamdev import postgres
from kamdev.settings import DEV, PG_VENV
from kamdev.steps import alive

# A commit that was answered is there after a crash, as in production; the disk itself never fails in a test.
SETTINGS = """
synchronous_commit = on
fsync = off
jit = off
shared_buffers = 64MB
max_connections = 60
"""


class Cluster:
    """A server with its data in a folder of its own. `host` is the folder of its socket; `settings` are lines of its
    configuration beside those above."""

    def __init__(self, name: str, settings: str = "") -> None:
        self.data = DEV / name
        self.settings = SETTINGS + settings
        self.data.mkdir(parents=True)
        self.host = ""
        self.start()

    def start(self) -> None:
        """Start it, with the data that it has."""
        subprocess.run([PG_VENV / "bin" / "python", postgres.STARTER, self.data], input=self.settings, text=True,
                       check=True, env=postgres.clean_environment(), capture_output=True, timeout=120)
        self.host = self._pid_file()[4]
        postgres.ensure_role(self.host)

    def stop(self) -> None:
        """In order: what is open is rolled back, all else is kept."""
        self._end(signal.SIGINT)

    def crash(self) -> None:
        """At once, as if it had been killed: it recovers from its log when it starts again."""
        self._end(signal.SIGQUIT)

    def remove(self) -> None:
        """Stop it and delete its data."""
        if self.runs:
            self.stop()
        shutil.rmtree(self.data)

    @property
    def runs(self) -> bool:
        """Whether it is up."""
        return bool(self._pid_file())

    @property
    def environment(self) -> dict[str, str]:
        """What libpq needs to reach it."""
        return {**postgres.clean_environment(), "PGHOST": self.host, "PGPORT": "5432", "PGUSER": postgres.ROLE}

    def take_over(self, database: str) -> None:
        """A copy of a database of the laboratory, under its name."""
        self.sql(f"CREATE DATABASE {postgres.quoted(database)} ENCODING 'unicode' LC_COLLATE 'C' TEMPLATE template0",
                 "postgres")
        dump = subprocess.Popen([postgres.tools() / "pg_dump", "--no-owner", database], stdout=subprocess.PIPE,
                                env={**os.environ, **postgres.environment()})
        subprocess.run([postgres.tools() / "psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", database], stdin=dump.stdout,
                       env=self.environment, check=True, capture_output=True)
        assert dump.wait() == 0

    def sql(self, statement: str, database: str) -> list[list[str]]:
        """The rows of a statement, as text."""
        done = subprocess.run([postgres.tools() / "psql", "-qXAt", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", database,
                               "-c", statement], capture_output=True, text=True, env=self.environment)
        assert done.returncode == 0, done.stderr
        return [line.split("\t") for line in done.stdout.splitlines()]

    def _pid_file(self) -> list[str]:
        path = Path(self.data, "postmaster.pid")
        lines = [line.strip() for line in path.read_text().splitlines()] if path.exists() else []
        return lines if lines and alive(int(lines[0])) else []

    def _end(self, number: signal.Signals) -> None:
        pid = int(self._pid_file()[0])
        os.kill(pid, number)
        deadline = time.monotonic() + 60
        while alive(pid):
            assert time.monotonic() < deadline, f"PostgreSQL (process {pid}) does not stop"
            time.sleep(0.05)
