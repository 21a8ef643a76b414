"""Scoring as pure functions: `score(pull, config, as_of, config_hash)` and what it is made of.

One module per concept of the methodology. No function here reads a clock, a network or the environment; each
takes frames and parameters and gives a new frame. Figures in the examples were worked out by hand.
"""

from sync_worker.scoring.engine import score, score_account

__all__ = ["score", "score_account"]
