"""The door: what comes in from Odoo and goes out to it, as checked frames.

Everything that crosses the contract (docs/developers/contract.md) is converted and checked here, so that the
scoring needs neither. An unknown number is a float NaN and an unknown date a NaT, because those are fast; in
CSV both are an empty field.
"""

from sync_worker.frames.config import AlertRule, Clock, Factor, Kpi, RunConfig, Settings
from sync_worker.frames.errors import FrameError
from sync_worker.frames.pull import Pull
from sync_worker.frames.reader import read_section
from sync_worker.frames.results import Results
from sync_worker.frames.writer import write_table

__all__ = [
    "AlertRule",
    "Clock",
    "Factor",
    "FrameError",
    "Kpi",
    "Pull",
    "Results",
    "RunConfig",
    "Settings",
    "read_section",
    "write_table",
]
