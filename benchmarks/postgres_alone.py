"""PostgreSQL alone: the statements that `prepare` runs, their rows thrown away.

The statements are taken from the log of an Odoo server during a real (dry) run, so they are the product's own, access
rules and all. `EXPLAIN (ANALYZE, TIMING OFF)` runs each to its end and sends its rows nowhere.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import product
from kamdev import postgres
from lab import Lab, LabError

# A record of the log: from its time to the next one's.
RECORD = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ ", re.MULTILINE)
CREATED = re.compile(r"\[[\d.]+ ms\] query: CREATE UNLOGGED TABLE (\"?kam_pull_\w+\"?) AS (.*)", re.DOTALL)
DURATION = re.compile(r"^(?:Planning|Execution) Time: ([\d.]+) ms$", re.MULTILINE)
# As prepare sets them for its statements.
SETTINGS = "work_mem = '128MB'", "jit = off"
# How the wallet's table ends, of those that prepare makes, and those of answers, people and what hangs on them.
WALLET = "_1004"
RELATIONS = tuple(f"_{number}" for number in range(1005, 1012))
DEBUG_SQL = "--log-handler=odoo.sql_db:DEBUG"


@dataclass(frozen=True)
class Statement:
    """One table of the run's own: its name, and the query that fills it."""

    table: str
    query: str


def captured(lab: Lab, database: str, login: str, key: str, as_of: dt.date) -> list[Statement]:
    """The statements of one dry run, in their order."""
    server = lab.server(database, arguments=[DEBUG_SQL])
    try:
        product.run(lab.environment(server, login, key), as_of, "--dry-run")
    finally:
        server.stop()
    found = read_log(server.log)
    if not found:
        raise LabError(f"No statement of prepare was found in {server.log}")
    return found


def read_log(log: Path) -> list[Statement]:
    """The statements that fill the run's tables, from a log of all SQL."""
    records = RECORD.split(log.read_text(errors="replace"))
    matches = (CREATED.search(record) for record in records)
    return [Statement(match[1].strip('"'), match[2].strip()) for match in matches if match]


def seconds(database: str, statements: list[Statement]) -> dict[str, float]:
    """Seconds of each statement, by its table."""
    found = {}
    settings = " ".join(f"SET {setting};" for setting in SETTINGS)
    # Later ones may read the tables of earlier ones; making those is not counted twice.
    read = [statement for statement in statements if _is_read(statement.table, statements)]
    try:
        for statement in read:
            _psql(database, f"CREATE UNLOGGED TABLE {statement.table} AS {statement.query}")
        for statement in statements:
            plan = _psql(database, f"{settings} EXPLAIN (ANALYZE, TIMING OFF) {statement.query}")
            found[statement.table] = sum(map(float, DURATION.findall(plan))) / 1000
    finally:
        for statement in read:
            _psql(database, f"DROP TABLE IF EXISTS {statement.table}")
    return found


def _is_read(table: str, statements: list[Statement]) -> bool:
    return any(re.search(rf"\b{table}\b", other.query) for other in statements if other.table != table)


def _psql(database: str, sql: str) -> str:
    # Through standard input: a list of partners can be longer than an argument may be.
    done = subprocess.run(
        [postgres.tools() / "psql", "-qXAt", "-v", "ON_ERROR_STOP=1", "-d", database, "-f", "-"], input=sql, text=True,
        capture_output=True, env={**os.environ, **postgres.environment()})
    if done.returncode:
        raise LabError(f"PostgreSQL refused: {done.stderr.strip()}")
    return done.stdout
