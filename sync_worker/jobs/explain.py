"""Why an account's scores are what they are."""

from __future__ import annotations

from sync_worker.jobs.answers import Explain
from sync_worker.jobs.client import KamSync
from sync_worker.jobs.companies import account_key, chosen


def explain(sync: KamSync, account: str, company: str | None = None) -> Explain:
    """The explanation of an account, by its id or its name.

    Digits are an id, if they are few enough to be one.
    :raises sync_worker.errors.Usage: when there is no such account.
    """
    met = sync.handshake()
    return sync.explain(account_key(account), chosen(met, company)[0].id if company else None)
