"""What screens say of how scores come about. The worker computes with the same figures (sync_worker.scoring.constants);
tests/unit/test_shared_rules.py compares both."""

KNOWN_SHARE = 0.5
"""A score of which less than this share of the weight is known is unknown."""
