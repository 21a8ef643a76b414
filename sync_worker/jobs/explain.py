"""Why an account's scores are what they are."""

from __future__ import annotations

from sync_worker.jobs.answers import Explain
from sync_worker.jobs.client import KamSync
from sync_worker.jobs.companies import chosen
from sync_worker.rpc.wire import INT_LIMIT


def explain(sync: KamSync, account: str, company: str | None = None) -> Explain:
    """The explanation of an account, by its id or its name.

    Digits are an id, if they are few enough to be one.
    :raises sync_worker.errors.Usage: when there is no such account.
    """
    met = sync.handshake()
    wanted = account.strip()
    key: int | str = int(wanted) if wanted.isascii() and wanted.isdigit() and int(wanted) < INT_LIMIT else wanted
    return sync.explain(key, chosen(met, company)[0].id if company else None)
