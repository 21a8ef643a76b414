"""A live company whose workers may be struck, and how to tell whether its scores are whole."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab import KAM_SYNC, Lab, Server
from story import REVENUE, TOTAL

DRIVER = Path(__file__).with_name("driver.py")
LEASE_SECONDS = 5
# A server that runs is told of the new value: the shell itself does not do that.
LEASE = """
env['ir.config_parameter'].set_param('kam_management.lease_seconds', str(params['seconds']))
env.cr.commit()
env.registry.signal_changes()
"""


@dataclass(frozen=True)
class Done:
    """How a worker ended. `answer` is what it said in JSON."""

    code: int
    answer: dict[str, Any]
    errors: str


@dataclass
class Site:
    """A company with scores, told by one number: customer n has sold n times `factor` thousand."""

    lab: Lab
    server: Server
    environment: dict[str, str]
    accounts: tuple[int, ...]
    company: int
    factor: int = 1
    _signs: dict[int, Path] = field(default_factory=dict)

    def sell(self) -> None:
        """New figures: from here on a right run gives other scores than the one before."""
        self.factor += 1
        self.sql(f"UPDATE crm_lead SET expected_revenue = expected_revenue / {self.factor - 1} * {self.factor}")

    def start(self, plan: dict[str, Any] | None = None, **settings: str) -> subprocess.Popen[str]:
        """A worker of its own process, that misbehaves by plan or not."""
        program = [sys.executable, str(DRIVER), json.dumps(plan)] if plan else [str(KAM_SYNC)]
        return subprocess.Popen([*program, "run", "--json", "--company", str(self.company)], text=True,
                                env=self.environment | settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    @contextmanager
    def paused(self, method: str) -> Iterator[subprocess.Popen[str]]:
        """A worker that waits before its first call of `method`; `go_on` lets it go on. It is gone afterwards."""
        sign = Path(tempfile.mkdtemp()) / "go"
        worker = self.start({"method": method, "act": "pause", "until": str(sign)})
        self._signs[worker.pid] = sign
        try:
            assert worker.stderr
            while "paused" not in (line := worker.stderr.readline()):
                assert line, "the worker ended before its pause"
            yield worker
        finally:
            worker.kill()
            worker.wait()
            shutil.rmtree(sign.parent)

    def go_on(self, worker: subprocess.Popen[str]) -> None:
        """End the pause of a worker."""
        self._signs[worker.pid].touch()

    @contextmanager
    def table_locked(self, table: str = "kam_score", mode: str = "EXCLUSIVE") -> Iterator[None]:
        """The table cannot be written meanwhile (nor read, in mode `ACCESS EXCLUSIVE`): a server that would, waits."""
        statement = f"BEGIN; LOCK TABLE {table} IN {mode} MODE; SELECT pg_sleep(120)"
        holder = threading.Thread(target=self._hold, args=(statement,))
        holder.start()
        of_holder = f"FROM pg_stat_activity WHERE query = '{statement}' AND wait_event = 'PgSleep'"
        until(lambda: self.sql(f"SELECT count(*) {of_holder}") == [["1"]])
        try:
            yield
        finally:
            self.sql(f"SELECT pg_terminate_backend(pid) {of_holder}")
            holder.join()

    def _hold(self, statement: str) -> None:
        with suppress(Exception):  # it ends by being terminated
            self.sql(statement)

    def is_waiting(self) -> bool:
        """Whether the server is in a call, and waits for the locked table."""
        return self.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                        "AND datname = current_database()") == [["1"]]

    def is_idle(self) -> bool:
        """Whether the server is in no transaction."""
        return self.sql("SELECT count(*) FROM pg_stat_activity WHERE xact_start IS NOT NULL "
                        "AND datname = current_database() AND pid != pg_backend_pid()") == [["0"]]

    def lease_lasts(self, seconds: int) -> None:
        """How long a lease lasts from now on."""
        self.lab.shell(self.server.database, LEASE, seconds=seconds)

    def run(self, plan: dict[str, Any] | None = None, **settings: str) -> Done:
        """The same, to its end."""
        return finished(self.start(plan, **settings))

    def sql(self, statement: str) -> list[list[str]]:
        return self.lab.sql(self.server.database, statement)

    def runs(self) -> int:
        """How many runs Odoo remembers."""
        return int(self.sql("SELECT count(*) FROM kam_sync_run")[0][0])

    def shown(self) -> int:
        """The factor that the scores in Odoo show, all of them: a mixture of two runs fails here."""
        # one statement: the next run may come into place between two
        rows = self.sql("SELECT score.partner_id, score.revenue, score.rank, portfolio.revenue FROM kam_score score "
                        f"JOIN kam_portfolio portfolio USING (company_id) WHERE company_id = {self.company}")
        found = {int(partner): (float(revenue), int(rank)) for partner, revenue, rank, _total in rows}
        assert sorted(found) == sorted(self.accounts)
        factors = {found[partner][0] / (REVENUE * number) for number, partner in enumerate(self.accounts, start=1)}
        assert len(factors) == 1
        assert [found[partner][1] for partner in self.accounts] == list(range(len(self.accounts), 0, -1))
        factor = factors.pop()
        assert {float(total) for *_score, total in rows} == {TOTAL * factor}
        return int(factor)

    def wait_for_lease(self) -> None:
        """Until the lease of a worker that is gone has expired."""
        self.sql("SELECT pg_sleep(greatest(0, extract(epoch FROM max(expires) - "
                 "timezone('UTC', clock_timestamp())) + 0.1)) FROM kam_sync_lease WHERE run_id IS NOT NULL")

    def repaired(self) -> None:
        """The next run is right, and nothing of the broken one is left."""
        self.wait_for_lease()
        done = self.run()
        assert (done.code, done.answer["state"], done.answer["accounts"]) == (0, "published", 12), done
        assert self.shown() == self.factor
        self.is_tidy()

    def is_tidy(self) -> None:
        """No run is open, no lease held, no table of a run left."""
        assert self.sql("SELECT count(*) FROM kam_sync_run WHERE state IN ('running', 'queued')") == [["0"]]
        assert self.sql("SELECT count(*) FROM kam_sync_lease WHERE run_id IS NOT NULL") == [["0"]]
        assert self.sql("SELECT count(*) FROM pg_class WHERE relname ~ '^kam_(pull|stage)_[0-9]'") == [["0"]]


def finished(worker: subprocess.Popen[str]) -> Done:
    """Wait for a worker; what it prints is JSON, and never a traceback."""
    out, err = worker.communicate(timeout=120)
    assert "Traceback" not in out + err, err
    return Done(worker.returncode, json.loads(out) if out else {}, err)


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not so within {seconds} s"
        time.sleep(0.05)
