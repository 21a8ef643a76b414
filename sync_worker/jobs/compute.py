"""The middle of a run: pull, score, stage. The only job that loads pandas, which takes a second."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError

from sync_worker.errors import Contract
from sync_worker.frames import FrameError, RunConfig
from sync_worker.jobs.answers import Prepare
from sync_worker.jobs.lease import Held
from sync_worker.jobs.progress import Phases
from sync_worker.jobs.pull import pull_all
from sync_worker.jobs.stage import stage_table
from sync_worker.scoring import score

TABLES_OF = {"wallet": ("wallet",), "answer": ("satisfaction",), "person": ("person", "relationship"),
             "cell": ("kpi_value",), "alert": ("alert",)}
"""The tables that an addon has a place for when it gives a section: an older one does not know them all."""


def compute(lease: Held, manifest: Prepare, page_rows: int, batch_rows: int,
            phases: Phases) -> dict[str, dict[str, int]]:
    """Pull what was prepared, score it, stage the results; return the totals that `publish` checks.

    :param page_rows: the largest page to pull.
    :param batch_rows: the largest batch to stage.
    :raises Contract: when data or configuration do not keep what the contract says.
    """
    with _against_contract():
        config = RunConfig.model_validate(lease.begun.config)
        # that nothing was read of them must not be taken for a 0
        config = config.without(kpi["id"] for kpi in manifest.unavailable if "id" in kpi)
        with phases.phase("pull", manifest.rows) as shown:
            pulled = pull_all(lease, manifest, page_rows, shown)
        with phases.phase("score"), lease.kept():
            scored = score(pulled, config, lease.begun.as_of, lease.begun.config_hash)
        given = {section.name for section in manifest.sections}
        known = [name for section, names in TABLES_OF.items() if section in given for name in names]
        tables = {name: getattr(scored, name) for name in ("score", "portfolio", *known)}
        with phases.phase("stage", sum(map(len, tables.values()))) as shown:
            return {name: stage_table(lease, name, frame, batch_rows, shown) for name, frame in tables.items()}


@contextmanager
def _against_contract() -> Iterator[None]:
    try:
        yield
    except FrameError as problem:
        raise Contract(f"The data are against the contract. {problem}") from None
    except ValidationError as problem:
        wrong = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in problem.errors())
        raise Contract(f"The configuration of the run is against the contract. {wrong}") from None
