"""A live company whose workers may be struck, and how to tell whether its scores are whole."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab import KAM_SYNC, Lab, Server
from story import REVENUE

DRIVER = Path(__file__).with_name("driver.py")
LEASE_SECONDS = 3
LEASE = f"env['ir.config_parameter'].set_param('kam_management.lease_seconds', '{LEASE_SECONDS}')\n"


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

    def sell(self) -> None:
        """New figures: from here on a right run gives other scores than the one before."""
        self.factor += 1
        self.sql(f"UPDATE crm_lead SET expected_revenue = expected_revenue / {self.factor - 1} * {self.factor}")

    def start(self, plan: dict[str, Any] | None = None, **settings: str) -> subprocess.Popen[str]:
        """A worker of its own process, that misbehaves by plan or not."""
        program = [sys.executable, str(DRIVER), json.dumps(plan)] if plan else [str(KAM_SYNC)]
        return subprocess.Popen([*program, "run", "--json", "--company", str(self.company)], text=True,
                                env=self.environment | settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, plan: dict[str, Any] | None = None, **settings: str) -> Done:
        """The same, to its end."""
        return finished(self.start(plan, **settings))

    def sql(self, statement: str) -> list[list[str]]:
        return self.lab.sql(self.server.database, statement)

    def shown(self) -> int:
        """The factor that the scores in Odoo show, all of them: a mixture of two runs fails here."""
        rows = self.sql(f"SELECT partner_id, revenue, rank FROM kam_score WHERE company_id = {self.company}")
        found = {int(partner): (float(revenue), int(rank)) for partner, revenue, rank in rows}
        assert sorted(found) == sorted(self.accounts)
        factors = {found[partner][0] / (REVENUE * number) for number, partner in enumerate(self.accounts, start=1)}
        assert len(factors) == 1
        assert [found[partner][1] for partner in self.accounts] == list(range(len(self.accounts), 0, -1))
        factor = factors.pop()
        portfolio = self.sql(f"SELECT revenue FROM kam_portfolio WHERE company_id = {self.company}")
        assert [[float(row[0]) for row in rows] for rows in [portfolio]] == [[78_000.0 * factor]]
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
