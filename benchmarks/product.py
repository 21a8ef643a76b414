"""The product: `kam-sync run` as a person would start it, timed from outside."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lab import KAM_SYNC, LabError

PHASES = ("prepare", "pull", "score", "stage", "publish")


@dataclass(frozen=True)
class Run:
    """One run. `seconds` is from the start of the process to its end, `cpu` what the worker computed of that; `memory`
    is the most it held, in MB."""

    seconds: float
    cpu: float
    memory: float
    phases: dict[str, float]
    answer: dict[str, Any]

    @property
    def reading(self) -> float:
        """Seconds of preparing and pulling together."""
        return self.phases["prepare"] + self.phases["pull"]


def run(environment: Mapping[str, str], as_of: dt.date, *options: str) -> Run:
    """Run the worker once.

    :raises LabError: when it does not end with 0.
    """
    command = [str(KAM_SYNC), "run", "--json", "--as-of", str(as_of), *options]
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=errors, env=dict(environment))
        # Not process.wait(): only wait4 tells the memory of this very process.
        _pid, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode:
            raise LabError(f"kam-sync ended with {process.returncode}:\n{output.read()}\n{errors.read()}")
        answer = json.load(output)
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, answer["phases"], answer)
